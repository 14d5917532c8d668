//! What the YAML parser stumbled over, in words that help.

use std::ops::Range;

use saphyr_parser::ScanError;

use super::diagnostic::Diagnostic;
use super::source::Source;

/// An anchor or an alias, whether it was meant as one or not.
pub(super) fn no_aliases(source: &Source, at: &Range<usize>) -> Diagnostic {
    Diagnostic::error("a checklist has no YAML anchors or aliases")
        .at(source.spot(at, "read as one"))
        .help("put text that begins with `*` or `&` in quotes, such as \"*.py\"")
}

/// The parser's error as a mistake in the file.
pub(super) fn explain(source: &Source, error: &ScanError) -> Diagnostic {
    let marker = error.marker();
    let at = source.byte(marker.line(), marker.col());
    let info = error.info();
    let number = source.line_number(at.min(source.text.len().saturating_sub(1)));
    let scene = Scene { source, at, number, info };
    scene
        .unknown_alias()
        .or_else(|| scene.tab())
        .or_else(|| scene.reserved_start())
        .or_else(|| scene.comparison())
        .or_else(|| scene.open_quote())
        .or_else(|| scene.colon_without_space())
        .or_else(|| scene.colon_in_text())
        .or_else(|| scene.open_bracket())
        .or_else(|| scene.other())
        .unwrap_or_else(|| scene.plainly(info))
}

/// Where the parser stopped, and what it said.
struct Scene<'a> {
    source: &'a Source,
    at: usize,
    number: u32,
    info: &'a str,
}

impl Scene<'_> {
    fn plainly(&self, message: &str) -> Diagnostic {
        self.at_byte(self.at, message, "here")
    }

    /// A mistake at one character.
    fn at_byte(&self, at: usize, message: &str, label: &str) -> Diagnostic {
        let text = &self.source.text;
        // past the end, or on a line break: the last character before it
        let end = text.trim_end().len();
        let at = text.floor_char_boundary(at.min(end.saturating_sub(1)));
        let width = text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        Diagnostic::error(message).at(self.source.spot(&(at..at + width), label))
    }

    /// The lines to look at for the cause: where it stopped, and before that.
    fn lines(&self) -> impl Iterator<Item = (u32, &str)> {
        let last = self.number;
        (last.saturating_sub(1).max(1)..=last).rev().map(|n| (n, self.source.line(n)))
    }

    fn start_of(&self, number: u32) -> usize {
        self.source.byte(number as usize, 0)
    }

    fn unknown_alias(&self) -> Option<Diagnostic> {
        let alias = self.info.contains("unknown anchor") || self.info.contains("anchor or alias");
        let sign = || {
            let before = self.source.text.get(..=self.at).unwrap_or(&self.source.text);
            before.rfind(['*', '&']).unwrap_or(self.at)
        };
        alias.then(|| {
            let at = sign();
            no_aliases(self.source, &(at..at + 1))
        })
    }

    fn tab(&self) -> Option<Diagnostic> {
        let (number, column) = self.lines().find_map(|(number, line)| {
            let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
            line[..indent].find('\t').map(|column| (number, column))
        })?;
        let at = self.start_of(number) + column;
        Some(
            Diagnostic::error("a tab is used for indentation")
                .at(self.source.spot(&(at..at + 1), "a tab"))
                .help("YAML is indented with spaces"),
        )
    }

    fn reserved_start(&self) -> Option<Diagnostic> {
        let sign = self.info.strip_prefix("unexpected character: `")?.chars().next()?;
        let message = format!("no value begins with `{sign}` outside quotes");
        Some(self.at_byte(self.at, &message, "here").help("put the whole value in quotes"))
    }

    /// `requires: >= 0.2`
    fn comparison(&self) -> Option<Diagnostic> {
        let line = self.source.line(self.number);
        let column = line.find(": >")? + 2;
        let text = line[column + 1..].trim_start_matches('=').trim();
        let compared = self.info.contains("block scalar")
            && text.starts_with(|c: char| c.is_ascii_digit())
            && text.contains('.');
        let at = self.start_of(self.number) + column;
        compared.then(|| {
            Diagnostic::error("a value that begins with `>` needs quotes")
                .at(self.source.spot(&(at..at + 1), "starts a text of several lines"))
                .help("write it as in `requires: \">= 0.2\"`")
        })
    }

    fn open_quote(&self) -> Option<Diagnostic> {
        if self.info.contains("trailing content") {
            return Some(
                self.at_byte(self.at, "there is text after the closing quote", "here").help(
                    "write a quote inside \"…\" as \\\", inside '…' as '', or put all in the other kind of quotes",
                ),
            );
        }
        if self.info.contains("unknown escape") {
            return Some(
                self.at_byte(self.at, "this backslash escape is unknown to YAML", "here").help(
                    "inside \"…\" a backslash is written `\\\\`; inside '…' it stands for itself",
                ),
            );
        }
        let unclosed = self.info.contains("quoted scalar, found unexpected")
            || self.info.contains("indentation in quoted scalar");
        unclosed.then(|| {
            self.at_byte(self.at, "a quote is opened and never closed", "")
                .help("look for the quote that has no partner, at or above this line")
        })
    }

    /// `key:value`
    fn colon_without_space(&self) -> Option<Diagnostic> {
        if !(self.info.contains("simple key") || self.info.contains("mapping values")) {
            return None;
        }
        let (number, column) = self.lines().find_map(|(number, line)| {
            let lead = line.len() - line.trim_start_matches([' ', '-']).len();
            let colon = lead + line[lead..].find(':')?;
            let word = line[lead..colon].bytes();
            let key = colon > lead
                && word.clone().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
            let joined = line[colon + 1..].starts_with(|c: char| !c.is_whitespace() && c != '/');
            (key && joined).then_some((number, colon))
        })?;
        let at = self.start_of(number) + column;
        Some(
            Diagnostic::error("a space is missing after the colon")
                .at(self.source.spot(&(at..at + 1), "here"))
                .help("a key is written `key: value`"),
        )
    }

    /// `title: one: two`
    fn colon_in_text(&self) -> Option<Diagnostic> {
        if !self.info.contains("mapping values are not allowed") {
            return None;
        }
        let line = self.source.line(self.number);
        if line.matches(": ").count() + usize::from(line.ends_with(':')) > 1 {
            let message = "text with a colon and a space in it needs quotes";
            return Some(
                self.at_byte(self.at, message, "this colon")
                    .help("put the whole value in quotes, or begin it with `|` on the line before"),
            );
        }
        Some(
            self.at_byte(self.at, "a key is not allowed here", "this colon")
                .help("give it the indentation of the keys that it belongs to"),
        )
    }

    fn open_bracket(&self) -> Option<Diagnostic> {
        let kind = if self.info.contains("flow mapping") {
            Some("`{` is not closed by `}` here, or a comma is missing")
        } else if self.info.contains("flow sequence") {
            Some("`[` is not closed by `]` here, or a comma is missing")
        } else if self.info.contains("illegal placement of ':'") {
            Some("`[` or `{` is not closed before this colon, or a comma is missing")
        } else if self.info.contains("in flow construct") {
            Some("the text between brackets is indented less than their line")
        } else {
            None
        }?;
        Some(
            self.at_byte(self.at, kind, "here")
                .help("close the bracket; text that begins with `{` or `[` needs quotes"),
        )
    }

    fn other(&self) -> Option<Diagnostic> {
        let said = |part: &str| self.info.contains(part);
        let (message, help) = if said("recursion limit") {
            ("nested more than 64 levels deep", "a checklist needs fewer than ten")
        } else if said("simple key") {
            (
                "this line has no colon, and its neighbours are keys",
                "write `key: value`; text of several lines begins with `|` after its key",
            )
        } else if said("expected key") || said("'-' indicator") || said("invalid indentation") {
            (
                "this line does not fit the indentation of those above it",
                "keys of one mapping, and the `-` of one list, begin in the same column",
            )
        } else if said("block sequence entries") || said("only valid inside a block") {
            ("a list entry is not allowed here", "begin it on a line of its own, below its key")
        } else if said("node content") {
            ("a value is expected here", "put text with brackets, commas or dashes in quotes")
        } else if said("unprintable") {
            ("there is a control character here", "remove it")
        } else if said("block scalar") {
            (
                "the text below `|` or `>` is indented wrongly",
                "indent all of its lines by the same number of spaces",
            )
        } else if said("comment intercepting") {
            ("there is a comment in the middle of a text", "put the text in quotes, or below `|`")
        } else if said("misplaced bracket") {
            ("a closing bracket without an opening one", "put text with brackets in quotes")
        } else if said("tag") {
            ("a checklist has no YAML tags", "put text that begins with `!` in quotes")
        } else {
            return None;
        };
        Some(self.plainly(message).help(help))
    }
}
