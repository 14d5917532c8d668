//! What the kinds that look for committed files share: which files count, by
//! their names and by what they hold.

use std::collections::HashSet;

use schemars::JsonSchema;
use secrecy::ExposeSecret as _;
use serde::Deserialize;

use crate::check::params::Globs;
use crate::lang::dotenv::EnvFile;
use crate::model::RepoPath;
use crate::repo::decoded;
use crate::secret::placeholder::{holds_secret, is_placeholder};
use crate::secret::vendor_secret;

/// Larger files are not looked into, in bytes.
pub(super) const LARGEST: usize = 8 * 1024 * 1024;

/// What a file must hold to count.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Holding {
    /// Whatever it holds: that it is there is enough.
    #[default]
    Anything,
    /// At least one secret value: a variable whose name says that it is secret
    /// with a value that is no placeholder, a vendor's token, a private key.
    Secrets,
}

/// Which files count.
#[derive(Clone, Copy)]
pub(super) struct Rule<'a> {
    pub(super) globs: &'a Globs,
    pub(super) templates: Option<&'a Globs>,
    pub(super) holding: Holding,
}

impl Rule<'_> {
    /// Whether a file of this name may count.
    pub(super) fn wants(&self, path: &RepoPath) -> bool {
        self.globs.matches(path)
    }

    /// Whether it is meant to be shared, as long as it holds placeholders.
    pub(super) fn is_template(&self, path: &RepoPath) -> bool {
        self.templates.is_some_and(|templates| templates.matches(path))
    }

    /// Whether only its content tells if it counts: then it counts when it
    /// holds a secret.
    pub(super) fn is_judged_by_content(&self, path: &RepoPath) -> bool {
        self.holding == Holding::Secrets || self.is_template(path)
    }
}

/// Where the first secret of a file stands: line and column, from 1.
pub(super) fn first_secret(content: &[u8]) -> Option<(u32, u32)> {
    let text = decoded(content);
    let file = EnvFile::parse(&text);
    let entry = file
        .entries
        .iter()
        .find(|entry| holds_secret(&entry.key, entry.value.expose_secret()))
        .map(|entry| (entry.line, entry.column));
    let mut assigned = HashSet::new();
    for entry in &file.entries {
        let value = text.get(entry.value_span.clone()).unwrap_or_default();
        let lines = u32::try_from(value.matches('\n').count()).unwrap_or(u32::MAX);
        assigned.extend(entry.line..=entry.line.saturating_add(lines));
    }
    // comments, and lines that assign nothing
    let other = (1..)
        .zip(text.split('\n'))
        .find(|(number, line)| !assigned.contains(number) && holds_known_secret(line))
        .map(|(number, line)| {
            let indent = line.chars().take_while(|c| c.is_whitespace()).count();
            (number, u32::try_from(indent + 1).unwrap_or(u32::MAX))
        });
    entry.into_iter().chain(other).min()
}

/// Whether a line holds what can be nothing but a secret.
fn holds_known_secret(line: &str) -> bool {
    match vendor_secret(line) {
        None => false,
        Some("private key") => true,
        Some(_) => line
            .split(|c: char| c.is_whitespace() || "\"'`=,;()<>".contains(c))
            .any(|word| vendor_secret(word).is_some() && !is_placeholder(word)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_found_where_they_stand() {
        type Case<'a> = (&'a [u8], Option<(u32, u32)>);
        let cases: [Case<'_>; 12] = [
            (b"", None),
            (b"FLASK_ENV=production\nMAIL_PORT=587\n", None),
            (b"A=1\n  export DB_PASSWORD='tulip-harbour-93'\n", Some((2, 10))),
            (b"SECRET_KEY=<your-key>\nAPI_KEY=changeme\n", None),
            (b"# SECRET_KEY=tulip-harbour-93\n", None),
            (b"\xef\xbb\xbfTOKEN=q8Zk3vT1xW\n", Some((1, 1))),
            (b"\xff\xfeT\0O\0K\0E\0N\0=\0q\08\0Z\0k\x003\0v\0T\0\n\0", Some((1, 1))),
            (b"A=1\r\nTOKEN=q8Zk3vT1xW\r\n", Some((2, 1))),
            (b"\x00\x01\x02 TOKEN", None),
            (b"TOKEN=q8Zk3vT1xW", Some((1, 1))),
            (b"caf\xe9=1\nTOKEN=q8Zk3vT1xW", Some((2, 1))),
            (b"A='one\ntwo'\nTOKEN=q8Zk3vT1xW", Some((3, 1))),
        ];
        for (content, expected) in cases {
            assert_eq!(first_secret(content), expected, "{}", String::from_utf8_lossy(content));
        }
    }

    #[test]
    fn known_formats_count_in_comments_too() {
        // put together here, so that no scanner takes this file for a leak
        let token = ["sk_", "live_", "51Hq2kLmN8pQrStUvWx"].concat();
        let key = ["-----BEGIN RSA ", "PRIVATE KEY-----\nMIIEow\n"].concat();
        assert_eq!(first_secret(format!("A=1\n# was {token}\n").as_bytes()), Some((2, 1)));
        assert_eq!(first_secret(format!("\n{key}").as_bytes()), Some((2, 1)));
        let gap = ["# e.g. sk_", "test_your_key_here\n"].concat();
        assert_eq!(first_secret(gap.as_bytes()), None);
    }
}
