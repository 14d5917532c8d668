//! How many bits of surprise a secret carries.
//!
//! A value from a random generator carries its length times the bits of its
//! alphabet. Three models look for a shorter description of what people write:
//! one of words, dates and keyboard walks (zxcvbn), one of repetitions, one of
//! uneven use of letters. A model counts only when it saves so much that chance
//! cannot explain it: by Kraft's inequality at most one random value in 2^n is
//! described n bits shorter than its alphabet allows, so with `CHANCE` bits a
//! random value is wronged about as seldom as once in 250,000.

use std::collections::HashMap;

use zxcvbn::matching::patterns::MatchPattern;

use super::guessable;
use super::spellings::rot13;

/// What a model must save before it is believed, in bits.
const CHANCE: f64 = 18.0;

/// So many characters are looked at; no secret needs more.
const LONGEST: usize = 1_000;

/// So many characters zxcvbn looks at in one go, and so far apart.
const WINDOW: usize = 16;
const STEP: usize = 4;

/// About how many bits it takes to guess a value. `hints` are words that an
/// attacker would try first: the variable's name, the application's.
pub(crate) fn estimate(value: &str, hints: &[&str]) -> f64 {
    let written = estimate_written(value, hints, NESTED);
    let letters = value.chars().filter(char::is_ascii_alphabetic).count();
    if letters * 10 < value.len() * 7 || value.len() > LONGEST {
        return written;
    }
    written.min(estimate_plain(&rot13(value), hints) + 3.0)
}

/// So many times a value may be text in another way of writing.
const NESTED: u8 = 3;

fn estimate_written(value: &str, hints: &[&str], nested: u8) -> f64 {
    let plain = estimate_plain(value, hints);
    match guessable::decoded_text(value).filter(|_| nested > 0) {
        // which way it was written in takes a few bits
        Some(text) => plain.min(estimate_written(&text, hints, nested - 1) + 3.0),
        None => plain,
    }
}

fn estimate_plain(value: &str, hints: &[&str]) -> f64 {
    let Text { chars, alphabet, fixed } = Text::of(value);
    let count = chars.len();
    if count == 0 {
        return 0.0;
    }
    let each = alphabet.log2();
    let uniform = each * (count.saturating_sub(fixed)) as f64;
    let mut best = uniform;
    let period = period(&chars);
    if period < count {
        let once: String = chars.iter().take(period).collect();
        best = best.min(estimate_plain(&once, hints) + bits(count / period));
    }
    for model in [repetitions(&chars, each), letters(&chars, alphabet), words(&chars, each, hints)]
    {
        if uniform - model.believed >= CHANCE {
            best = best.min(model.bits);
        }
    }
    best.max(0.0)
}

/// A description of a value by a model.
struct Model {
    /// Its length in bits.
    bits: f64,
    /// Its length as a code that any value could be written in, which is what
    /// chance is judged by.
    believed: f64,
}

impl Model {
    fn code(bits: f64) -> Self {
        Self { bits, believed: bits }
    }
}

struct Text {
    chars: Vec<char>,
    /// From how many characters each was drawn.
    alphabet: f64,
    /// How many of the characters are the same in every such value.
    fixed: usize,
}

impl Text {
    fn of(value: &str) -> Self {
        let value: String = value.chars().take(LONGEST).collect();
        if let Some(chars) = unescape(&value) {
            return Self { chars, alphabet: 256.0, fixed: 0 };
        }
        let trimmed = value.trim_end_matches('=');
        let padded = trimmed.len() < value.len() && (value.len() - trimmed.len()) <= 2;
        let chars: Vec<char> = if padded { trimmed } else { &value }.chars().collect();
        if is_uuid(&chars) {
            let chars: Vec<char> = chars.into_iter().filter(|&c| c != '-').collect();
            // version and variant take six bits: one digit and a half
            return Self { chars, alphabet: 16.0_f64.powf(122.0 / 128.0), fixed: 0 };
        }
        if is_shaped_as_uuid(&chars) {
            let chars: Vec<char> = chars.into_iter().filter(|&c| c != '-').collect();
            // made from a time, a machine's address or a name
            return Self { chars, alphabet: 16.0_f64.powf(60.0 / 128.0), fixed: 0 };
        }
        let alphabet = alphabet(&chars);
        Self { chars, alphabet, fixed: 0 }
    }
}

/// The bytes of a value written as Python shows them: `\xfd{H\xe5`.
fn unescape(value: &str) -> Option<Vec<char>> {
    let mut parts = value.split("\\x");
    let mut chars: Vec<char> = parts.next()?.chars().collect();
    let before = chars.len();
    for part in parts {
        let byte = part.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok())?;
        chars.push(char::from(byte));
        chars.extend(part.chars().skip(2));
    }
    (chars.len() > before).then_some(chars)
}

/// Whether it is written as any UUID is.
fn is_shaped_as_uuid(chars: &[char]) -> bool {
    chars.len() == 36
        && chars.iter().enumerate().all(|(at, c)| match at {
            8 | 13 | 18 | 23 => *c == '-',
            _ => c.is_ascii_hexdigit(),
        })
}

fn is_uuid(chars: &[char]) -> bool {
    chars.len() == 36
        && chars.iter().enumerate().all(|(at, c)| match at {
            8 | 13 | 18 | 23 => *c == '-',
            14 => *c == '4',
            _ => c.is_ascii_hexdigit(),
        })
}

/// The size of the smallest customary alphabet that holds all the characters.
fn alphabet(chars: &[char]) -> f64 {
    let any = |test: fn(&char) -> bool| chars.iter().any(test);
    let all = |test: fn(&char) -> bool| chars.iter().all(test);
    let lower = any(char::is_ascii_lowercase);
    let upper = any(char::is_ascii_uppercase);
    let digits = any(char::is_ascii_digit);
    let symbols = any(|c| !c.is_ascii_alphanumeric() && c.is_ascii());
    if any(|c| !c.is_ascii()) {
        // that many letters a Western keyboard adds, more or less
        return 95.0 + 100.0;
    }
    if all(char::is_ascii_digit) {
        return 10.0;
    }
    if all(char::is_ascii_hexdigit) && !(lower && upper) {
        return 16.0;
    }
    // Base32 (RFC 4648), which may go without a digit for long
    if all(|c| matches!(c, 'A'..='Z' | '2'..='7')) {
        return 32.0;
    }
    let base64 = all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_'));
    match (lower, upper, base64) {
        (true, true, true) => 64.0,
        (true, true, false) => 95.0,
        (_, _, base64) => {
            let case = if lower || upper { 26.0 } else { 0.0 };
            let digits = if digits { 10.0 } else { 0.0 };
            let symbols = match (symbols, base64) {
                (false, _) => 0.0,
                (true, true) => 2.0,
                (true, false) => 33.0,
            };
            case + digits + symbols
        }
    }
}

/// The length of the shortest start that the value repeats.
fn period(chars: &[char]) -> usize {
    // the prefix function of Knuth, Morris and Pratt
    let mut border = vec![0usize; chars.len()];
    for at in 1..chars.len() {
        let mut length = border.get(at - 1).copied().unwrap_or(0);
        while length > 0 && chars.get(length) != chars.get(at) {
            length = border.get(length - 1).copied().unwrap_or(0);
        }
        if chars.get(length) == chars.get(at) {
            length += 1;
        }
        if let Some(slot) = border.get_mut(at) {
            *slot = length;
        }
    }
    let period = chars.len() - border.last().copied().unwrap_or(0);
    // half of the value at least must be a repetition
    if period * 2 <= chars.len() { period } else { chars.len() }
}

/// A code of letters and references back to what stood before.
fn repetitions(chars: &[char], each: f64) -> Model {
    /// 2^-0.2 for a letter and 2^-3 for a reference come to less than 1.
    const LETTER: f64 = 0.2;
    const REFERENCE: f64 = 3.0;
    let mut total = 0.0;
    let mut at = 0;
    while at < chars.len() {
        let rest = chars.get(at..).unwrap_or_default();
        let longest = (0..at)
            .map(|from| {
                let earlier = chars.get(from..).unwrap_or_default();
                rest.iter().zip(earlier).take_while(|(a, b)| a == b).count()
            })
            .max()
            .unwrap_or(0);
        let reference = REFERENCE + bits(at) + 2.0 * bits(longest) + 1.0;
        if longest > 0 && reference < longest as f64 * (each + LETTER) {
            total += reference;
            at += longest;
        } else {
            total += each + LETTER;
            at += 1;
        }
    }
    Model::code(total)
}

/// An adaptive code that learns how often each letter occurs.
fn letters(chars: &[char], alphabet: f64) -> Model {
    let mut seen: HashMap<char, f64> = HashMap::new();
    let mut total = 0.0;
    for (before, &c) in chars.iter().enumerate() {
        let times = seen.entry(c).or_insert(0.0);
        total += ((before as f64 + alphabet / 2.0) / (*times + 0.5)).log2();
        *times += 1.0;
    }
    Model::code(total)
}

/// What zxcvbn makes of it: words of several languages, names, dates, sequences,
/// keyboard walks, their usual misspellings, and what stands between.
fn words(chars: &[char], each: f64, hints: &[&str]) -> Model {
    let finds = finds(chars, hints);
    // To be believed, each find must also pay for saying where it is, in which
    // list, and how it is misspelt, none of which zxcvbn's guesses count. A
    // plain word that stands alone, or follows on another, says where it is.
    let toll = |find: &Find, follows: bool| {
        let where_it_is = match (find.stands_alone(chars), follows) {
            (true, _) => 6.0,
            (false, true) => 10.0,
            (false, false) => 12.0 + bits(chars.len()),
        };
        find.bits + where_it_is
    };
    let believed = cheapest(chars, &finds, |_| each, toll);
    // a space or a dash among words is not a surprise
    let gap = |c: char| if c.is_alphanumeric() { each } else { each.min(2.0) };
    Model { believed, bits: cheapest(chars, &finds, gap, |find, _| find.bits) }
}

/// Something that people write, from a character up to another, in bits.
struct Find {
    from: usize,
    to: usize,
    bits: f64,
}

impl Find {
    /// A run of one case, or with one capital in front, between anything that is
    /// no letter. What random Base64 has between its `+` and `/` is rarely that.
    fn stands_alone(&self, chars: &[char]) -> bool {
        let gap = |at: Option<usize>| {
            at.and_then(|at| chars.get(at)).is_none_or(|c| !c.is_alphanumeric())
        };
        let word = chars.get(self.from..self.to).unwrap_or_default();
        let lower = word.iter().skip(1).all(char::is_ascii_lowercase);
        let upper = word.iter().all(char::is_ascii_uppercase);
        let digits = word.iter().all(char::is_ascii_digit);
        (lower || upper || digits) && gap(self.from.checked_sub(1)) && gap(Some(self.to))
    }
}

/// zxcvbn's finds in overlapping windows: its counts of guesses overflow in a
/// longer text, and then it finds nothing.
fn finds(chars: &[char], hints: &[&str]) -> Vec<Find> {
    let mut finds = Vec::new();
    let mut look = |start: usize, window: &[char]| {
        let text: String = window.iter().collect();
        for part in zxcvbn::zxcvbn(&text, hints).sequence() {
            if !matches!(part.pattern, MatchPattern::BruteForce) {
                let bits = (part.guesses.unwrap_or(1).max(2) as f64).log2();
                finds.push(Find { from: start + part.i, to: start + part.j + 1, bits });
            }
        }
    };
    let starts = (0..chars.len()).step_by(STEP);
    for (start, window) in starts.filter_map(|start| Some((start, chars.get(start..)?))) {
        look(start, window.get(..WINDOW).unwrap_or(window));
        if window.len() <= WINDOW {
            break;
        }
    }
    let mut start = 0;
    for word in chars.split(|c| !c.is_alphanumeric()) {
        if (2..=WINDOW).contains(&word.len()) {
            look(start, word);
        }
        start += word.len() + 1;
    }
    finds
}

/// The least bits by which the characters can be told, each alone or in finds.
/// `found` is told whether the find follows on another or begins the value.
fn cheapest(
    chars: &[char],
    finds: &[Find],
    alone: impl Fn(char) -> f64,
    found: impl Fn(&Find, bool) -> f64,
) -> f64 {
    // the least up to each place, when a find ends there and when none does
    let mut best = vec![(0.0f64, f64::INFINITY)];
    let at_place = |best: &[(f64, f64)], at: usize| {
        best.get(at).copied().unwrap_or((f64::INFINITY, f64::INFINITY))
    };
    for (at, &c) in chars.iter().enumerate() {
        let (found_before, alone_before) = at_place(&best, at);
        let single = found_before.min(alone_before) + alone(c);
        let least = finds
            .iter()
            .filter(|find| find.to == at + 1)
            .map(|find| {
                let (follows, apart) = at_place(&best, find.from);
                (follows + found(find, true)).min(apart + found(find, false))
            })
            .fold(f64::INFINITY, f64::min);
        best.push((least, single));
    }
    best.last().map_or(0.0, |(find, single)| find.min(*single))
}

/// How many bits it takes to tell a number up to `n`.
fn bits(n: usize) -> f64 {
    (n.max(1) as f64 + 1.0).log2()
}

#[cfg(test)]
mod tests;
