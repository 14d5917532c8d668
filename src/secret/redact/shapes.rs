//! What looks like a secret wherever it stands.

use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

use super::assignment;
use crate::secret::token;

/// The authority of a URL, where a password or a token may stand.
const URL: &str = r#"[A-Za-z][A-Za-z0-9+.-]*://((?u:[^\s"'<>`])+)"#;

/// What an HTTP client sends to say who it is.
const HEADER: &str =
    r#"authorization\\?["']?\s*\]?\s*[:=,]\s*\\?[bf]?["']?(?:[A-Za-z]+ +)?((?u:[^\s"',;]){3,})"#;

/// `Bearer …` without the header's name.
const BEARER: &str = r"\bbearer +([A-Za-z0-9+/=._~-]{8,})";

/// `curl -u user:password`.
const USER_OPTION: &str = r#"(?:-u|--user)[ =]["']?(?u:[^\s:"'])+:((?u:[^\s"'])+)"#;

/// Long runs of letters that only a machine writes.
const RUN: &str = r"[A-Za-z0-9+/_-]{20,}={0,2}";

/// A quick look: which of the vendors' formats, in their order, and which of
/// these behind them a line may hold.
static ANY: LazyLock<Option<RegexSet>> = LazyLock::new(|| {
    let vendors = token::FORMATS.iter().map(|(_, shape)| format!("(?-i:{shape})"));
    let shapes = vendors.chain(OTHERS.map(str::to_owned));
    RegexSetBuilder::new(shapes).unicode(false).case_insensitive(true).build().ok()
});

const OTHERS: [&str; 6] = [HEADER, USER_OPTION, BEARER, URL, RUN, assignment::SIGN];

/// The same, each alone, compiled when it is needed; the last is looked for
/// otherwise.
static EACH: [OnceLock<Option<Regex>>; token::FORMATS.len() + OTHERS.len()] =
    [const { OnceLock::new() }; token::FORMATS.len() + OTHERS.len()];

fn alone(index: usize) -> Option<&'static Regex> {
    let other = |index: usize| {
        let shape = OTHERS.get(index.checked_sub(token::FORMATS.len())?)?;
        RegexBuilder::new(shape).unicode(false).case_insensitive(true).build().ok()
    };
    let compiled = || token::compiled(index).or_else(|| other(index));
    EACH.get(index)?.get_or_init(compiled).as_ref()
}

/// The ranges of all that looks like a secret, in no order.
pub(super) fn find(line: &str) -> Vec<Range<usize>> {
    let Some(any) = ANY.as_ref() else {
        // cannot be, and then nothing is shown
        return std::iter::once(0..line.len()).collect();
    };
    let mut found = Vec::new();
    for index in any.matches(line) {
        let others = index.checked_sub(token::FORMATS.len()).and_then(|at| OTHERS.get(at));
        let Some(shape) = alone(index) else { continue };
        let groups = shape.captures_iter(line).filter_map(|caught| caught.get(1));
        match others.copied() {
            None | Some(HEADER | USER_OPTION) => found.extend(groups.map(|secret| secret.range())),
            // "bearer authentication" is prose
            Some(BEARER) => found.extend(
                groups
                    .filter(|t| t.len() >= 20 || t.as_str().contains(|c: char| c.is_ascii_digit()))
                    .map(|token| token.range()),
            ),
            Some(URL) => found.extend(groups.filter_map(|rest| {
                let scheme = line.get(..rest.start()).unwrap_or_default();
                let range = user_info(scheme, rest.as_str())?;
                Some(rest.start() + range.start..rest.start() + range.end)
            })),
            Some(RUN) => found.extend(shape.find_iter(line).filter_map(|run| {
                // the slashes of a URL or a path are not the secret's
                let random = run.as_str().trim_start_matches('/');
                is_random(random).then(|| run.end() - random.len()..run.end())
            })),
            Some(_) => found.extend(assignment::find(line)),
        }
    }
    found
}

/// The secret part of what stands before the `@` of a URL.
/// `before` ends in the URL's scheme and `://`.
fn user_info(before: &str, rest: &str) -> Option<Range<usize>> {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let end = match authority.rfind('@') {
        Some(end) => end,
        // a password may hold a `/` that nobody escaped; a port does not
        None => {
            let (_, port) = authority.split_once(':')?;
            let is_port = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
            rest.rfind('@').filter(|_| !is_port)?
        }
    };
    let info = rest.get(..end)?;
    if let Some((user, password)) = info.split_once(':') {
        return (!password.is_empty()).then(|| user.len() + 1..end);
    }
    // a token alone; a name of a user is none
    let scheme = before.trim_end_matches("://").to_ascii_lowercase();
    let web = scheme.ends_with("http") || scheme.ends_with("https");
    let token = info.len() >= 16 || (web && info != "git" && !info.is_empty());
    token.then_some(0..end)
}

/// Whether a run is random: hexadecimal digits, or letters of both cases and
/// digits without the look of words or of a path.
fn is_random(run: &str) -> bool {
    let padded = run.ends_with('=');
    let run = run.trim_end_matches('=');
    let has = |test: fn(&u8) -> bool| run.bytes().any(|b| test(&b));
    let digits = has(u8::is_ascii_digit);
    let lower = has(u8::is_ascii_lowercase);
    let upper = has(u8::is_ascii_uppercase);
    let hexadecimal = |part: &str| part.bytes().all(|b| b.is_ascii_hexdigit());
    if run.len() >= 32 && digits && (hexadecimal(run) || run.split('-').all(hexadecimal)) {
        return true;
    }
    if run.len() >= 32
        && run.split(['-', '_', '/']).any(|part| part.len() >= 32 && hexadecimal(part))
    {
        return true;
    }
    // words keep to one case, or begin with a capital
    let turns = run
        .as_bytes()
        .windows(2)
        .filter(|pair| matches!(pair, [a, b] if kind(*a) != kind(*b)))
        .count();
    let mixed = digits && lower && upper;
    // 32 bytes in Base64 may hold no digit
    let of_32_bytes = run.len() == 43
        && ((lower && upper && turns * 4 >= run.len())
            || (padded && ((lower && upper) || run.contains(['+', '/']))));
    of_32_bytes
        || (padded && mixed)
        || (run.len() >= 32 && mixed && turns * 4 >= run.len())
        || (run.len() >= 40 && (lower && upper) && turns * 20 >= run.len() * 9)
        || (run.len() >= 26 && digits && (lower || upper) && turns * 3 >= run.len())
}

fn kind(byte: u8) -> u8 {
    match byte {
        b'a'..=b'z' => 0,
        b'A'..=b'Z' => 1,
        b'0'..=b'9' => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_compiles() {
        assert!(ANY.as_ref().is_some_and(|any| any.len() == EACH.len()));
        assert!((0..EACH.len()).all(|index| alone(index).is_some()));
    }
}
