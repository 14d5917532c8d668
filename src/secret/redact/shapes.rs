//! What looks like a secret wherever it stands.

use std::ops::Range;
use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};

use super::{assignment, first_look};
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

const OTHERS: [&str; 6] = [HEADER, USER_OPTION, BEARER, URL, RUN, assignment::SIGN];

/// The vendors' formats, in their order, and these behind them, each compiled when
/// it is needed; the last is looked for otherwise.
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
    let mut found = Vec::new();
    for index in first_look::may_hold(line) {
        let others = index.checked_sub(token::FORMATS.len()).and_then(|at| OTHERS.get(at));
        let Some(shape) = alone(index) else {
            // cannot be, and then nothing is shown
            return std::iter::once(0..line.len()).collect();
        };
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
            Some(_) if shape.is_match(line) => found.extend(assignment::find(line)),
            Some(_) => {}
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
        assert!((0..EACH.len()).all(|number| alone(number).is_some()));
    }

    #[test]
    fn no_shape_is_missed() {
        // put together here, so that no scanner takes this file for a leak
        let long = "0123456789abcdef".repeat(4);
        let mut lines = Vec::new();
        for begin in [
            "AKIA",
            "ghp_",
            "github_pat_",
            "glpat-",
            "xoxb-",
            "xapp-1-",
            "sk_live_",
            "whsec_",
            "AIza",
            "GOCSPX-",
            "ya29.",
            "sk-ant-",
            "sk-proj-",
            "sk-",
            "gsk_",
            "xai-",
            "pplx-",
            "hf_",
            "r8_",
            "npm_",
            "pypi-",
            "key-",
            "xkeysib-",
            "dop_v1_",
            "sq0atp-",
            "shpat_",
            "12345678:AA",
            "dapi",
            "ATATT3",
            "lin_api_",
            "ntn_",
            "secret_",
            "sntrys_",
            "hvs.",
            "glsa_",
            "sbp_",
            "AccountKey=",
            "eyJ",
            "gAAAAA",
            "hooks.slack.com/services/",
            "SK",
            "AC",
            "discord.com/api/webhooks/1/",
            "Authorization: Basic ",
            "authorization=",
            "BEARER ",
            "curl --USER a:",
            "curl -u a:",
            "https://a:",
            "password = ",
            "API_KEY: ",
            "",
        ] {
            for cut in [8, 16, 32, 33, 43, 60] {
                lines.push(format!("{begin}{}", &long[..cut]));
                lines.push(format!("x = '{begin}{}@b' # c", &long[..cut].to_uppercase()));
            }
        }
        lines.push(format!("{}-us12", &long[..32]));
        lines.push(format!("SG.{}.{}", &long[..16], &long[..16]));
        lines.push(format!("eyJ{}.{}", &long[..16], &long[..16]));
        lines.push(format!("-----BEGIN RSA PRIVATE{}----- {long}", " KEY"));
        lines.push(format!("AGE-SECRET{}-1{}", "-KEY", long.to_uppercase()));
        let mut hit = vec![false; EACH.len()];
        for line in &lines {
            let may = first_look::may_hold(line);
            for (number, hit) in hit.iter_mut().enumerate() {
                let shape = alone(number).expect("a shape");
                if shape.is_match(line) {
                    assert!(may.contains(&number), "{shape}: {line}");
                    *hit = true;
                }
            }
        }
        let missed = hit.iter().filter(|hit| !**hit).count();
        assert!(missed <= 2, "{hit:?}");
    }
}
