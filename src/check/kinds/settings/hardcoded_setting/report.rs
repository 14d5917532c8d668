//! A finding's words, and its line without the secret.

use std::ops::Range;

use tree_sitter::Node;

use super::place;
use super::sites::{How, Site};
use super::values::{Alternative, Form};
use crate::lang::SourceFile;
use crate::lang::python::{Module, content_range, walk};
use crate::lang::tokens;
use crate::model::{Finding, Need, Place, RuleId, Subject};
use crate::secret::known_keys::known_key;

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

const LITERAL: RuleId = RuleId::new("hardcoded_setting.literal");
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
            let kind = step.node.kind();
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
        Finding::new(LITERAL, self.subject(site, alternative), message(site, alternative))
            .at(place(self.file, start))
            .showing(self.file.excerpt(start, &self.secrets(site, alternative, start)))
            .help(help(site, alternative))
    }

    /// The path, the setting, and the tokens of the statement, or of the part of
    /// it that sets this one thing; every string but the setting's names is masked.
    fn subject(&self, site: &Site<'_, 't>, alternative: &Alternative<'t>) -> Subject {
        let subject = Subject::of(self.file.path()).and(&site.setting.name);
        let Some(first) = alternative.literal.parts.first() else { return subject };
        let at = first.start_byte();
        let before = self.wholes.partition_point(|whole| whole.start_byte() <= at);
        let around = self.wholes.iter().take(before).rev().take(MOST_WHOLES);
        let Some(around) = around.clone().find(|whole| whole.end_byte() > at) else {
            return subject;
        };
        let named = |text: &str| {
            site.setting.is_named(text)
                || site.setting.has_alias(text)
                || variable(alternative) == Some(text)
        };
        subject.and(tokens::node(self.module.text, *around, &named))
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

/// The variable that is asked first, if its name looks like one: people have
/// written the secret itself where its name belongs.
fn variable<'v>(alternative: &'v Alternative<'_>) -> Option<&'v str> {
    let name = alternative.variable.as_deref()?;
    let plain = name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    let worded = name.contains('_') || !name.contains(|c: char| c.is_ascii_digit());
    (plain && worded && name.len() <= 48).then_some(name)
}

fn message(site: &Site<'_, '_>, alternative: &Alternative<'_>) -> String {
    let shown = &site.shown;
    let said = match (&alternative.form, &site.how) {
        (Form::Default(reader), _) => {
            let what = match variable(alternative) {
                Some(variable) => format!("{reader} finds no {variable}"),
                None => format!("{reader} finds nothing"),
            };
            format!("{shown} falls back to a literal when {what}")
        }
        (Form::Or, _) | (_, How::Or) => format!("{shown} falls back to a literal after `or`"),
        (Form::Branch, _) | (_, How::Else) => {
            format!("{shown} is a literal in one branch of a conditional expression")
        }
        (Form::Field, _) => format!("{shown} has a literal as the field's default"),
        (_, How::Fallback(reader)) => {
            format!("{shown} falls back to a literal when {reader} does not find it")
        }
        (Form::Parameter, _) | (_, How::Parameter) => match site.how {
            How::Parameter => format!("the parameter {shown} has a literal as its default"),
            _ => format!("{shown} comes from a parameter that has a literal as its default"),
        },
        (Form::Returned(function), _) => format!("{shown} is a literal that {function}() returns"),
        (Form::Plain, How::Assigned) if site.handler => {
            format!("{shown} falls back to a literal when an exception is caught")
        }
        (Form::Plain, How::Assigned) => format!("a literal is assigned to {shown}"),
        (Form::Plain, How::Appended) => format!("a literal is appended to {shown}"),
        (Form::Plain, How::Keyword(function)) => {
            format!("a literal is passed to {function} as {shown}")
        }
        (Form::Plain, How::Entry) => format!("a dictionary holds a literal as {shown}"),
        (Form::Plain, How::Returned) => format!("{shown} returns a literal"),
        (Form::Plain, How::Setter(function)) => {
            format!("a literal is given to {function} for {shown}")
        }
    };
    let through = match alternative.names.first() {
        Some((name, _)) => format!(", through the name {name}"),
        None => String::new(),
    };
    let known = match known_key(&alternative.literal.value.text) {
        Some(source) => format!("; it is a publicly known key (from {source})"),
        None => String::new(),
    };
    format!("{said}{through}{known}")
}

fn help(site: &Site<'_, '_>, alternative: &Alternative<'_>) -> String {
    let name = &site.setting.name;
    let variable = variable(alternative).unwrap_or(name);
    let falls_back = matches!(alternative.form, Form::Default(_) | Form::Or)
        || matches!(site.how, How::Fallback(_) | How::Or | How::Else)
        || site.handler;
    let fix = if falls_back {
        format!(
            "Remove the fallback and read os.environ[\"{variable}\"], so that the app refuses to start without it"
        )
    } else {
        format!("Read it from the environment instead: os.environ[\"{variable}\"]")
    };
    let why = if name.contains("SECRET") {
        "whoever reads the code can sign what the app trusts"
    } else {
        "whoever reads the code has it"
    };
    format!("{fix}; then make a new value, since this one stays in the history and {why}.")
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
