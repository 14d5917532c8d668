//! Regular expressions that can match nothing, or match whatever there is.

use regex::Regex;
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind, Look};

/// Builds an expression, `lines` when `^` and `$` match at line ends.
///
/// # Errors
/// A sentence, when it is not valid or decides nothing.
pub(super) fn build(text: &str, lines: bool) -> Result<Regex, String> {
    let built = regex::RegexBuilder::new(text)
        .multi_line(lines)
        .crlf(lines)
        .size_limit(1 << 20)
        .build()
        .map_err(|error| {
            let reason = error.to_string();
            let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ");
            format!("`{text}` is not a valid regular expression: {reason}")
        })?;
    let hir = ParserBuilder::new().multi_line(lines).crlf(lines).build().parse(text);
    if hir.is_ok_and(|hir| is_dead(&hir)) {
        return Err(format!(
            "`{text}` can never match; `^` and `$` stand where a {} begins and ends, and are written `\\^` and `\\$` as characters",
            if lines { "line" } else { "value" }
        ));
    }
    if ["", "a", "0 -\n\u{e9}"].into_iter().all(|any| built.is_match(any)) {
        return Err(format!(
            "`{text}` matches the empty text, which everything holds; make it match at least one character, or put it between `^` and `$`"
        ));
    }
    Ok(built)
}

/// Whether no text can match. Says no when it cannot tell.
fn is_dead(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) | HirKind::Literal(_) => false,
        HirKind::Class(Class::Unicode(class)) => class.ranges().is_empty(),
        HirKind::Class(Class::Bytes(class)) => class.ranges().is_empty(),
        HirKind::Repetition(repetition) => repetition.min > 0 && is_dead(&repetition.sub),
        HirKind::Capture(capture) => is_dead(&capture.sub),
        HirKind::Alternation(branches) => branches.iter().all(is_dead),
        HirKind::Concat(_) => {
            let mut parts = Vec::new();
            flatten(hir, &mut parts);
            parts.iter().any(|part| is_dead(part))
                || (0..parts.len()).any(|at| is_walled(&parts, at))
        }
    }
}

fn flatten<'a>(hir: &'a Hir, parts: &mut Vec<&'a Hir>) {
    match hir.kind() {
        HirKind::Concat(all) => all.iter().for_each(|part| flatten(part, parts)),
        HirKind::Capture(capture) => flatten(&capture.sub, parts),
        _ => parts.push(hir),
    }
}

/// Whether an anchor has text beside it that leaves it no place: `a^b`.
fn is_walled(parts: &[&Hir], at: usize) -> bool {
    let HirKind::Look(look) = parts[at].kind() else { return false };
    let (last, breaks): (bool, &[char]) = match look {
        Look::Start => (true, &[]),
        Look::StartLF => (true, &['\n']),
        Look::StartCRLF => (true, &['\n', '\r']),
        Look::End => (false, &[]),
        Look::EndLF => (false, &['\n']),
        Look::EndCRLF => (false, &['\n', '\r']),
        _ => return false,
    };
    let is_text = |part: &&&Hir| !matches!(part.kind(), HirKind::Look(_) | HirKind::Empty);
    let beside = match last {
        true => parts[..at].iter().rev().find(is_text),
        false => parts[at + 1..].iter().find(is_text),
    };
    beside.is_some_and(|beside| !may_touch(beside, last, breaks))
}

/// Whether the last (or first) character of what an expression matches may be
/// one of these, or may be missing.
fn may_touch(hir: &Hir, last: bool, breaks: &[char]) -> bool {
    if hir.properties().minimum_len().is_none_or(|least| least == 0) {
        return true;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => true,
        HirKind::Literal(literal) => {
            let byte = if last { literal.0.last() } else { literal.0.first() };
            byte.is_none_or(|&byte| breaks.contains(&char::from(byte)))
        }
        HirKind::Class(Class::Unicode(class)) => class
            .ranges()
            .iter()
            .any(|range| breaks.iter().any(|&c| range.start() <= c && c <= range.end())),
        HirKind::Class(Class::Bytes(class)) => class.ranges().iter().any(|range| {
            breaks.iter().any(|&c| char::from(range.start()) <= c && c <= char::from(range.end()))
        }),
        HirKind::Repetition(repetition) => may_touch(&repetition.sub, last, breaks),
        HirKind::Capture(capture) => may_touch(&capture.sub, last, breaks),
        HirKind::Alternation(branches) => {
            branches.iter().any(|branch| may_touch(branch, last, breaks))
        }
        HirKind::Concat(parts) => {
            // on from the edge until something must be there
            let is_firm =
                |part: &&Hir| part.properties().minimum_len().is_some_and(|least| least > 0);
            let firm = match last {
                true => parts.last().filter(is_firm),
                false => parts.first().filter(is_firm),
            };
            firm.is_none_or(|part| may_touch(part, last, breaks))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_decides_nothing_is_refused() {
        for (text, said) in [
            ("a^b", "never match"),
            ("a$b", "never match"),
            ("(a)^(b)", "never match"),
            ("[^\\s\\S]", "never match"),
            ("x[^\\s\\S]y", "never match"),
            ("(a^b|c$d)", "never match"),
            ("[a-z]+^x", "never match"),
            ("$x", "never match"),
            ("a\\Ab", "never match"),
            ("(?:ab|cd)^", "never match"),
            ("x*", "empty text"),
            ("", "empty text"),
            (".*", "empty text"),
            ("[0-9]*", "empty text"),
            ("^", "empty text"),
            ("$", "empty text"),
            ("a|", "empty text"),
            ("^.*$", "empty text"),
            ("[", "not a valid"),
        ] {
            let reason = build(text, true).err().unwrap_or_default();
            assert!(reason.contains(said), "{text}: {reason}");
        }
        assert!(build("a\n^b", false).is_err(), "no line begins within a value");
    }

    #[test]
    fn what_can_match_is_taken() {
        for text in [
            "a",
            "^a",
            "a$",
            "^a$",
            "a\n^b",
            "a\\s^b",
            "a\r\n^b",
            "a?^b",
            "(a|\n)^b",
            "^$",
            "^\\s*$",
            "a|b^c",
            "^^a",
            "a$$",
            "a$\\s+b",
            "[^x]^b",
            "(?s)a.^b",
            "\\bfoo\\b",
            "x\\n?^y",
            "$\\n",
            "^(a|b)$",
            "\\$x",
            "a\\^b",
            "[0-9]+",
            "^[0-9]*$",
        ] {
            assert!(build(text, true).is_ok(), "{text}");
        }
    }
}
