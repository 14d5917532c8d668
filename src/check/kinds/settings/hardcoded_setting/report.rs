//! Findings and needs: what each is about, and its line without the secret.

use std::ops::Range;

use tree_sitter::Node;

use super::found::{Alternative, Imported, Opaque, Why};
use super::place::place;
use super::site::Site;
use super::told::{help, literal_rule, message, variable};
use crate::lang::SourceFile;
use crate::lang::python::{Module, content_range, dotted, walk};
use crate::lang::tokens;
use crate::model::{Finding, Need, Place, RuleId, Subject};

/// A file that is too large, or nests its code beyond understanding. To say
/// nothing would pass it.
pub(super) fn not_understood(file: &SourceFile) -> Need {
    let path = file.path();
    let message = format!(
        "`{path}` names the setting and cannot be looked through: it is larger than 2 MiB or nests its code too deeply"
    );
    Need::new(NOT_UNDERSTOOD, Subject::of(path), message)
        .at(Place::file(path.clone()))
        .help("read it yourself, then make it simpler or leave it out with `exclude`")
}

/// A notebook, whose code stands in JSON and runs in any order.
pub(super) fn notebook(file: &SourceFile) -> Need {
    let path = file.path();
    let message = format!("the notebook `{path}` names the setting, and notebooks are not read");
    Need::new(NOTEBOOK, Subject::of(path), message)
        .at(Place::file(path.clone()))
        .help("read it yourself, or leave it out with `exclude` if nothing is served from it")
}

/// A file that Python itself would refuse, or that is written for another Python.
pub(super) fn broken(file: &SourceFile) -> Need {
    let path = file.path();
    let message = format!(
        "`{path}` names the setting and has a syntax error, so that not all of it was understood"
    );
    Need::new(BROKEN, Subject::of(path), message)
        .at(Place::file(path.clone()))
        .help("fix the syntax, or read the file yourself and leave it out with `exclude`")
}

const NOTEBOOK: RuleId = RuleId::new("hardcoded_setting.notebook");
const BROKEN: RuleId = RuleId::new("hardcoded_setting.syntax_error");
const NOT_FOLLOWED: RuleId = RuleId::new("hardcoded_setting.not_followed");
const GUESSABLE: RuleId = RuleId::new("hardcoded_setting.guessable");
const FALLBACK: RuleId = RuleId::new("hardcoded_setting.fallback_not_followed");
const ELSEWHERE: RuleId = RuleId::new("hardcoded_setting.elsewhere");
const PERHAPS_USED: RuleId = RuleId::new("hardcoded_setting.perhaps_used");
const NOT_UNDERSTOOD: RuleId = RuleId::new("hardcoded_setting.not_understood");

/// Of longer lines only so many bytes are looked at: the excerpt shows fewer.
const LONGEST_LINE: usize = 8192;

/// When a value is made of more literals than this, its whole line is masked.
const MOST_PARTS: usize = 64;

/// Nodes of the grammar that set one thing.
const WHOLES: [&str; 10] = [
    "assignment",
    "augmented_assignment",
    "call",
    "default_parameter",
    "expression_statement",
    "keyword_argument",
    "named_expression",
    "pair",
    "return_statement",
    "typed_default_parameter",
];

/// So many statements before a literal are asked whether they hold it.
const MOST_WHOLES: usize = 1_000;

/// A file from which findings are made.
pub(super) struct Page<'a, 't> {
    file: &'a SourceFile,
    module: &'a Module<'t>,
    /// What stands between quotes, in order.
    strings: Vec<Range<usize>>,
    /// Statements, and the parts of one that set one thing, in order of their
    /// beginning; what is inside another comes after it.
    wholes: Vec<Node<'t>>,
}

impl<'a, 't> Page<'a, 't> {
    /// Reads where the file's strings are.
    pub(super) fn new(file: &'a SourceFile, module: &'a Module<'t>) -> Self {
        let mut strings = Vec::new();
        let mut wholes = Vec::new();
        walk(module.root, (), |step| {
            let kind = step.kind;
            if WHOLES.contains(&kind) {
                wholes.push(step.node);
            }
            let is_string = kind == "string";
            if is_string {
                strings.push(content_range(step.node));
            }
            (!is_string).then_some(())
        });
        Self { file, module, strings, wholes }
    }

    /// One literal that the setting can become.
    pub(super) fn finding(&self, site: &Site<'_, 't>, alternative: &Alternative<'t>) -> Finding {
        let start = alternative.literal.parts.first().map_or(site.at.at, Node::start_byte);
        Finding::new(literal_rule(), self.subject(site, alternative), message(site, alternative))
            .at(place(self.file, start))
            .showing(self.file.excerpt(start, &self.secrets(site, alternative, start)))
            .help(help(site, alternative))
    }

    /// An expression of which it is not known whether a secret comes out of it.
    pub(super) fn not_followed(&self, site: &Site<'_, 't>, found: Opaque<'t>) -> Need {
        let Opaque { at: literal, around, why } = found;
        let called = (around.kind() == "call")
            .then(|| dotted(self.module.text, around.child_by_field_name("function")?))
            .flatten();
        let called_name = called.as_ref().map(|function| format!("{function}()"));
        let through = match called {
            Some(function) => format!("a literal is given to {function}(), which is not followed"),
            None => "an expression that is not followed holds a literal".to_owned(),
        };
        let shown = &site.shown;
        let code = dotted(self.module.text, around)
            .or(called_name)
            .map_or_else(|| "an expression".to_owned(), |code| format!("`{code}`"));
        let (rule, message) = match why {
            Why::Literal => (NOT_FOLLOWED, format!("{shown} may be a literal: {through}")),
            Why::Guessable => {
                (GUESSABLE, format!("{shown} may be what others can guess: it comes from {code}"))
            }
            Why::Fallback => {
                (FALLBACK, format!("{shown} falls back to {code}, which is not followed"))
            }
        };
        let subject = Subject::of(self.file.path()).and(&site.setting.name);
        let subject = self.tokens(subject, literal.start_byte(), &|text| {
            site.setting.is_named(text) || site.setting.has_alias(text)
        });
        Need::new(rule, subject, message).at(place(self.file, literal.start_byte())).help(
            "read the setting from the environment in a plain way, or read the code and say so",
        )
    }

    /// Something of another module.
    pub(super) fn imported(&self, site: &Site<'_, 't>, imported: &Imported<'t>) -> Need {
        let Imported { import, shown, node, .. } = imported;
        let message = format!(
            "{} comes from `{shown}`, imported from `{}`, which is not followed",
            site.shown, import.module
        );
        let subject = Subject::of(self.file.path()).and(&site.setting.name).and(shown);
        Need::new(ELSEWHERE, subject, message)
            .at(place(self.file, node.start_byte()))
            .help("read the module that it comes from: no literal may become the setting there")
    }

    /// A literal in code of which nobody can tell whether production uses it.
    pub(super) fn perhaps(&self, finding: &Finding, name: &str) -> Need {
        perhaps(finding, name, "it cannot be told whether production runs that")
    }

    /// The path, the setting, and the tokens of the statement, or of the part of
    /// it that sets this one thing; every string but the setting's names is masked.
    fn subject(&self, site: &Site<'_, 't>, alternative: &Alternative<'t>) -> Subject {
        let subject = Subject::of(self.file.path()).and(&site.setting.name);
        let Some(first) = alternative.literal.parts.first() else { return subject };
        let at = first.start_byte();
        self.tokens(subject, at, &|text| {
            site.setting.is_named(text)
                || site.setting.has_alias(text)
                || variable(alternative) == Some(text)
        })
    }

    /// With the tokens of what sets one thing around a byte.
    fn tokens(&self, subject: Subject, at: usize, named: &dyn Fn(&str) -> bool) -> Subject {
        let before = self.wholes.partition_point(|whole| whole.start_byte() <= at);
        let around = self.wholes.iter().take(before).rev().take(MOST_WHOLES);
        match around.clone().find(|whole| whole.end_byte() > at) {
            Some(around) => subject.and(tokens::node(self.module.text, *around, named)),
            None => subject,
        }
    }

    /// What must not be seen on the line around a byte: every string but the
    /// setting's names, since a neighbour may be a secret too, and wherever else
    /// the literal's text stands.
    fn secrets(
        &self,
        site: &Site<'_, 't>,
        alternative: &Alternative<'t>,
        offset: usize,
    ) -> Vec<Range<usize>> {
        let (line_start, line) = self.file.line_around(offset);
        let line = line.get(..line.floor_char_boundary(LONGEST_LINE)).unwrap_or(line);
        let line_end = line_start + line.len();
        let parts = &alternative.literal.parts;
        if parts.len() > MOST_PARTS {
            return std::iter::once(line_start..line_end).collect();
        }
        let own: Vec<Range<usize>> = parts.iter().map(|part| content_range(*part)).collect();
        let text = |range: &Range<usize>| self.module.text.get(range.clone()).unwrap_or_default();
        let first = self.strings.partition_point(|range| range.end <= line_start);
        let on_line = self.strings.iter().skip(first).take_while(|range| range.start < line_end);
        let named = |text: &str| {
            site.setting.is_named(text)
                || site.setting.has_alias(text)
                || variable(alternative) == Some(text)
        };
        let mut secrets: Vec<Range<usize>> =
            on_line.filter(|range| own.contains(range) || !named(text(range))).cloned().collect();
        let mut texts: Vec<&str> = own.iter().flat_map(|range| text(range).lines()).collect();
        texts.extend(own.iter().map(text));
        texts.push(&alternative.literal.value.text);
        texts.sort_unstable();
        texts.dedup();
        for text in texts.into_iter().map(str::trim).filter(|text| !text.is_empty()) {
            let found = occurrences(line, text);
            secrets.extend(found.map(|range| line_start + range.start..line_start + range.end));
        }
        // a comment beside the literal likes to tell what it was before
        let code_end = self.strings.iter().skip(first).take_while(|range| range.start < line_end);
        let code_end = code_end.map(|range| range.end.min(line_end)).max().unwrap_or(line_start);
        let behind = self.module.text.get(code_end..line_end).unwrap_or_default();
        secrets.extend(behind.find('#').map(|at| code_end + at + 1..line_end));
        secrets
    }
}

/// A literal in code of which it is not known whether production uses it, and why.
pub(super) fn perhaps(finding: &Finding, name: &str, why: &str) -> Need {
    let mut subject = Subject::default();
    for part in finding.subject.parts() {
        subject = subject.and(part);
    }
    let message = format!("{}, in `{name}`; {why}", finding.message);
    let need = Need::new(PERHAPS_USED, subject.and(name), message)
        .help("take the literal out, or see to it that production never uses this code");
    finding.places.iter().cloned().fold(need, Need::at)
}

/// Where a text stands by itself, and not as part of a longer word.
fn occurrences<'l>(line: &'l str, text: &'l str) -> impl Iterator<Item = Range<usize>> + 'l {
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    line.match_indices(text).filter_map(move |(start, text)| {
        let end = start + text.len();
        let joined =
            |inside: Option<char>, outside: Option<char>| is_word(inside) && is_word(outside);
        let before = line.get(..start).and_then(|before| before.chars().next_back());
        let after = line.get(end..).and_then(|after| after.chars().next());
        let apart =
            !joined(text.chars().next(), before) && !joined(text.chars().next_back(), after);
        apart.then_some(start..end)
    })
}

#[cfg(test)]
mod tests {
    use super::occurrences;

    #[test]
    fn a_text_is_found_where_it_stands_alone() {
        let found =
            |line, text| occurrences(line, text).map(|range| range.start).collect::<Vec<_>>();
        assert_eq!(found("dev = 'dev' # develop", "dev"), [0, 7]);
        assert_eq!(found("a!b a!b", "!"), [1, 5]);
        assert!(found("x", "dev").is_empty());
    }
}
