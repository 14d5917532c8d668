//! Comments of markup, and of the other languages that stand inside it.

use std::ops::Range;

use super::lexer::{Lexer, lex};
use super::rules::{CSS, JAVA, JAVASCRIPT, MARKUP, PHP, PUG, RUBY, Rules, SCSS};
use crate::model::RepoPath;

/// What stands inside markup but is written in another language: how it begins,
/// how it ends, whatever the capitals.
const WITHIN: [(&str, &str, &Rules); 7] = [
    ("<script", "</script", &JAVASCRIPT),
    ("<style", "</style", &CSS),
    ("<?php", "?>", &PHP),
    ("<?=", "?>", &PHP),
    ("<? ", "?>", &PHP),
    ("<%", "%>", &JAVASCRIPT),
    ("@{", "\n}", &JAVA),
];

/// The comments of a file, in order of their beginning.
pub(super) fn comments(text: &str, rules: &Rules, path: &RepoPath) -> Vec<Range<usize>> {
    let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
    let mut found = Vec::new();
    let mut lexer = Lexer::new(text, rules);
    if let ("astro", Some(rest)) = (ending.as_str(), text.strip_prefix("---\n")) {
        let end = rest.find("\n---").unwrap_or(rest.len());
        let inner = rest.get(..end).unwrap_or_default();
        found.extend(lex(inner, &JAVASCRIPT).into_iter().map(|at| at.start + 4..at.end + 4));
        lexer.at = 4 + end;
    }
    while lexer.at < text.len() {
        if let Some(comment) = lexer.comment() {
            found.push(comment);
        } else if let Some((start, end, inner)) = within(&lexer, &ending) {
            let inside = text.get(start..end).unwrap_or_default();
            // templates are still templates inside a script
            let template = lex(inside, &MARKUP);
            let mut all = lex(inside, inner);
            all.extend(template);
            all.sort_by_key(|range| (range.start, range.end));
            found.extend(all.into_iter().map(|range| range.start + start..range.end + start));
            lexer.at = end;
        } else {
            lexer.at += 1;
        }
    }
    found
}

/// What of another language begins here, and where it ends.
fn within(lexer: &Lexer<'_>, ending: &str) -> Option<(usize, usize, &'static Rules)> {
    let rest = lexer.rest();
    let begins = |open: &str| {
        rest.get(..open.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(open.as_bytes()))
    };
    if ending == "vue" && begins("<template") {
        let tag = rest.get(..memchr::memchr(b'>', rest)?)?;
        let is_pug = memchr::memmem::find(tag, b"pug").is_some();
        let start = lexer.at + tag.len();
        return is_pug.then(|| (start, closed(lexer, start, "</template"), &PUG));
    }
    let (open, close, rules) = WITHIN.iter().find(|(open, ..)| begins(open))?;
    if *open == "@{" && !matches!(ending, "cshtml" | "razor") {
        return None;
    }
    let start = lexer.at + open.len();
    let rules = match *open {
        "<style" => {
            let tag = memchr::memchr(b'>', rest).and_then(|end| rest.get(..end));
            let says = |word: &str| {
                tag.is_some_and(|tag| memchr::memmem::find(tag, word.as_bytes()).is_some())
            };
            if ["scss", "sass", "less", "stylus"].into_iter().any(says) { &SCSS } else { *rules }
        }
        "<%" if ending.ends_with("erb") || ending.ends_with("eex") => &RUBY,
        _ => *rules,
    };
    Some((start, closed(lexer, start, close), rules))
}

/// Where a closing mark stands, whatever the capitals; the end without one.
fn closed(lexer: &Lexer<'_>, from: usize, close: &str) -> usize {
    let first = close.get(..2).unwrap_or(close);
    let mut at = from;
    while let Some(found) = lexer.find(at, first) {
        let end = lexer.bytes.get(found..found + close.len());
        if end.is_some_and(|end| end.eq_ignore_ascii_case(close.as_bytes())) {
            return found;
        }
        at = found + first.len();
    }
    lexer.bytes.len()
}
