//! Which of the shapes of secrets a line may hold, told without a regex: compiling
//! all of them costs more than the lines of most runs.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::literal::Extractor;

use crate::secret::token;

/// What the vendors' formats begin with.
struct Beginnings {
    search: AhoCorasick,
    /// By beginning, the number of the format.
    of: Vec<usize>,
    /// The formats that begin with anything.
    any: Vec<usize>,
}

static BEGINNINGS: LazyLock<Option<Beginnings>> = LazyLock::new(|| {
    let (mut texts, mut of, mut any) = (Vec::new(), Vec::new(), Vec::new());
    for (number, (_, shape)) in token::FORMATS.iter().enumerate() {
        let mut parser = ParserBuilder::new().unicode(false).utf8(false).build();
        let begins = Extractor::new().extract(&parser.parse(shape).ok()?);
        match begins.literals() {
            Some(literals) if literals.iter().all(|literal| literal.len() >= SHORTEST) => {
                for literal in literals {
                    texts.push(literal.as_bytes().to_vec());
                    of.push(number);
                }
            }
            _ => any.push(number),
        }
    }
    // most lines end the search after a few states, so that the smallest will do
    let kind = Some(AhoCorasickKind::NoncontiguousNFA);
    let search = AhoCorasick::builder().kind(kind).build(texts).ok()?;
    Some(Beginnings { search, of, any })
});

/// Shorter beginnings tell little.
const SHORTEST: usize = 3;

/// A format that begins with anything has a run of at least so many letters, digits,
/// and what stands between them.
const LONG: usize = 30;

/// The numbers of the shapes that a line may hold, in order: the vendors' formats,
/// then those of `shapes::OTHERS`.
pub(super) fn may_hold(line: &str) -> Vec<usize> {
    let vendors = token::FORMATS.len();
    let run = longest_run(line.as_bytes());
    let mut numbers = Vec::new();
    match &*BEGINNINGS {
        Some(known) => {
            let found = known.search.find_overlapping_iter(line);
            numbers.extend(found.filter_map(|found| known.of.get(found.pattern().as_usize())));
            if run >= LONG {
                numbers.extend(&known.any);
            }
            numbers.sort_unstable();
            numbers.dedup();
        }
        None => numbers.extend(0..vendors),
    }
    let others = [
        holds(line, "authorization"),
        holds(line, "-u"),
        holds(line, "bearer"),
        line.contains("://"),
        run >= 20,
        true,
    ];
    numbers.extend((vendors..).zip(others).filter(|(_, may)| *may).map(|(number, _)| number));
    numbers
}

/// Whether a line holds a word in whatever case.
fn holds(line: &str, word: &str) -> bool {
    line.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

fn longest_run(line: &[u8]) -> usize {
    let parts = line.split(|byte| !byte.is_ascii_alphanumeric() && !b"_-+/:".contains(byte));
    parts.map(<[u8]>::len).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_formats_begin_with_anything() {
        let known = BEGINNINGS.as_ref().expect("beginnings");
        let names: Vec<&str> = known.any.iter().map(|&at| token::FORMATS[at].0).collect();
        assert_eq!(names, ["Twilio", "Mailchimp", "Telegram"]);
    }
}
