//! Whether a file holds a secret value, and where.

use std::collections::BTreeSet;
use std::ops::Range;

use secrecy::ExposeSecret as _;

use crate::lang::assigned::{Assigned, Stands, assigned};
use crate::secret::known_keys::known_key;
use crate::secret::placeholder::{is_development_default, is_example_host, is_placeholder};
use crate::secret::private_key::{self, Least};
use crate::secret::strength::estimate;
use crate::secret::url;
use crate::secret::value::{basic_password, effective, holds_secret, is_pin, is_weak_password};
use crate::secret::{names_secret, vendor_secret};

/// What a file holds; the place is the first one, line and column from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::check::kinds) enum Found {
    /// No secret value.
    Nothing,
    /// A secret value.
    Secret(u32, u32),
    /// A line that names a secret and could not be understood.
    Unclear(u32, u32),
    /// A program packed it, and it was not looked into.
    Packed,
}

/// How the values of a file are to be taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::check::kinds) enum Ground {
    /// The file is named for production: what opens a door counts, however weak.
    Production,
    /// As they are.
    Real,
    /// The file is a template or for development: what everybody starts with is
    /// no secret there.
    Template,
    /// The file is made for tests: only what a vendor handed out counts.
    Fixture,
}

impl Ground {
    /// The same for a file that says it is for development.
    fn of_development(self) -> Self {
        if self == Self::Real { Self::Template } else { self }
    }

    fn is_real(self) -> bool {
        matches!(self, Self::Production | Self::Real)
    }
}

/// Below so many bits a template's value that its comment calls a default is one.
const DEFAULT_BITS: f64 = 64.0;

/// A password below so many bits is no more than a name.
const WEAK_BITS: f64 = 36.0;

/// What these words stand for is not a value: something else holds it, or it is
/// encrypted.
const REFERENCES: &[&str] = &[
    "os.environ",
    "os.getenv",
    "getenv(",
    "environ[",
    "environ.get",
    "process.env",
    "env(",
    "env.",
    "config(",
    "config.get",
    "settings.",
    "op://",
    "vault:",
    "!vault",
    "ENC[",
    "encrypted:",
    "arn:aws:",
    "alias/",
    "ref+",
    "secretref:",
    "projects/",
    "@Microsoft.KeyVault",
    "$(",
    "${{",
    "file:/",
];

/// Comments with one of these speak of values that are not meant to stay.
const DEFAULTS: &[&str] = &[
    "default",
    "develop",
    "example",
    "e.g.",
    "change",
    "replace",
    "local",
    "sample",
    "for testing",
    "only for test",
    "generate",
    "not for production",
    "dummy",
    "your own",
    "demo",
    "insecure",
    "override",
];

/// Comments with one of these say that a value is for developers, however strong
/// it is.
const DEVELOPERS: &[&str] = &[
    "dev only",
    "development only",
    "only in dev",
    "only for dev",
    "only used in dev",
    "used in dev only",
    "only for local",
    "local development only",
    "not for production",
    "never use in production",
    "do not use in production",
    "don't use in production",
];

/// Names that end in one of these say what a password belongs to.
const OWNERS: &[&str] = &["user", "username", "name", "db", "database", "dbname", "dbuser"];

/// The first secret of a text.
pub(super) fn in_text(text: &str, ground: Ground) -> Found {
    let lines: Vec<&str> = text.split('\n').map(|line| line.trim_end_matches('\r')).collect();
    let sealed = sealed(&lines);
    let open = |line: u32| {
        let at = usize::try_from(line).unwrap_or(1).saturating_sub(1);
        !sealed.iter().any(|lines| lines.contains(&at))
    };
    let mut pairs = assigned(text);
    pairs.retain(|pair| open(pair.line));
    let ground = if says_development(&pairs) { ground.of_development() } else { ground };
    let paired = pairs
        .iter()
        .filter(|pair| counts(pair, ground, &lines) && !is_named_alike(pair, ground, &pairs))
        .map(|pair| (pair.line, pair.column));
    let numbered = (1..).zip(&lines);
    let token =
        numbered.clone().filter(|(_, line)| holds_token(line)).map(|(at, line)| (at, indent(line)));
    let key = (ground != Ground::Fixture).then(|| private_key(text)).flatten();
    if let Some((line, column)) = paired.chain(token).chain(key).min() {
        return Found::Secret(line, column);
    }
    if ground == Ground::Fixture {
        return Found::Nothing;
    }
    let read: BTreeSet<u32> =
        pairs.iter().filter(|pair| !pair.name.is_empty()).map(|pair| pair.line).collect();
    let unclear = numbered.filter(|(at, line)| !read.contains(at) && open(*at) && is_unclear(line));
    unclear.map(|(at, line)| Found::Unclear(at, indent(line))).next().unwrap_or(Found::Nothing)
}

/// Kinds of Kubernetes whose values are encrypted, or name where a secret is kept.
const SEALED: &[&str] =
    &["SealedSecret", "ExternalSecret", "ClusterExternalSecret", "SecretProviderClass"];

/// The lines of the YAML documents of such a kind.
fn sealed(lines: &[&str]) -> Vec<Range<usize>> {
    let kind = |line: &&str| {
        line.strip_prefix("kind:").is_some_and(|kind| {
            let kind = kind.split('#').next().unwrap_or_default();
            SEALED.contains(&kind.trim().trim_matches(['"', '\'']))
        })
    };
    let mut found = Vec::new();
    let mut start = 0;
    for document in lines.split(|line| line.trim_end() == "---") {
        let end = start + document.len();
        if document.iter().any(kind) {
            found.push(start..end);
        }
        start = end + 1;
    }
    found
}

fn indent(line: &str) -> u32 {
    let blanks = line.chars().take_while(|c| c.is_whitespace()).count();
    u32::try_from(blanks + 1).unwrap_or(u32::MAX)
}

/// Whether a pair holds a secret.
fn counts(pair: &Assigned, ground: Ground, lines: &[&str]) -> bool {
    let whole = pair.value.expose_secret();
    let value = effective(whole);
    let name = match (pair.name.as_str(), pair.stands) {
        // of a connection string, not the shell's working directory
        ("PWD", Stands::Within) => "Pwd",
        (name, _) => name,
    };
    if REFERENCES.iter().any(|start| value.starts_with(start)) {
        return false;
    }
    if !holds_secret(name, whole) {
        return ground.is_real()
            && pair.stands == Stands::Plain
            && is_weak_password(name, whole, ground == Ground::Production);
    }
    let remark = matches!(pair.stands, Stands::Remark | Stands::Prose);
    if (remark || !ground.is_real()) && known_key(value).is_some() {
        return false;
    }
    if vendor_secret(value).is_some() {
        return true;
    }
    if ground == Ground::Fixture {
        return false;
    }
    if is_pin(name, value) && (ground == Ground::Template || remark) {
        return false;
    }
    if ground == Ground::Template
        && (is_development_default(name, value)
            || basic_password(value).is_some_and(|sent| is_development_default(name, &sent))
            || is_placeholder(&in_letters(value))
            || says_what_it_is(value)
            || is_said_default(pair, value, lines)
            || is_at_home(value, is_comment(pair, lines))
            || remarks(pair, lines, DEVELOPERS))
    {
        return false;
    }
    if (remark || ground == Ground::Template) && is_shown(value) {
        return false;
    }
    match pair.stands {
        // `?key=name` of an address
        Stands::Within if name.eq_ignore_ascii_case("key") => {
            value.contains(|c: char| c.is_ascii_digit())
        }
        Stands::Plain | Stands::Within => true,
        Stands::Remark => is_one_word(value) && !is_example(pair, value, lines),
        Stands::Prose => {
            is_one_word(value)
                && value.len() >= 6
                && value.contains(|c: char| c.is_ascii_digit())
                && value.contains(|c: char| c.is_alphabetic())
                && !is_example(pair, value, lines)
        }
    }
}

fn is_one_word(value: &str) -> bool {
    !value.contains(char::is_whitespace)
}

/// Whether a comment's pair shows how to write one.
fn is_example(pair: &Assigned, value: &str, lines: &[&str]) -> bool {
    is_development_default(&pair.name, value) || is_said_default(pair, value, lines)
}

/// `shop_pass`: a name and the word for what it is, which a template starts with.
fn says_what_it_is(value: &str) -> bool {
    const WORDS: &[&str] = &["pass", "password", "passwd", "pwd", "pw", "secret"];
    value.len() <= 24
        && value.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b == b'-')
        && value.split(['_', '-']).any(|word| WORDS.contains(&word))
}

/// `POSTGRES_USER=shop` and `POSTGRES_PASSWORD=shop`: what a template starts with,
/// or a comment shows.
fn is_named_alike(pair: &Assigned, ground: Ground, pairs: &[Assigned]) -> bool {
    let value = pair.value.expose_secret().trim();
    let remark = matches!(pair.stands, Stands::Remark | Stands::Prose);
    let owns = |other: &&Assigned| {
        let name = other.name.to_lowercase();
        other.value.expose_secret().trim() == value
            && name.rsplit(['_', '-', '.']).next().is_some_and(|last| OWNERS.contains(&last))
    };
    (ground == Ground::Template || remark) && value.len() <= 20 && pairs.iter().any(|p| owns(&p))
}

/// Whether a pair's line is a comment, wherever in it the pair stands.
fn is_comment(pair: &Assigned, lines: &[&str]) -> bool {
    let at = usize::try_from(pair.line).unwrap_or(1).saturating_sub(1);
    lines.get(at).is_some_and(|line| line.trim_start().starts_with(['#', ';']))
}

/// `postgres://john:start@127.0.0.1/shop`: a service on the developer's own machine,
/// in a comment or with a password that nobody made up to be one.
fn is_at_home(value: &str, remark: bool) -> bool {
    let Some((_, rest)) = value.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let Some((info, host)) = authority.rsplit_once('@') else { return false };
    let host = host.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches(':');
    let home = matches!(host, "localhost" | "[::1]") || authority.contains("@127.0.0.1");
    let password = info.split_once(':').map_or(info, |(_, password)| password);
    home && (remark || estimate(password, &[]) < WEAK_BITS)
}

/// `postgres://john:start7@db.example.com/shop`: how to write an address, with a
/// password that no machine made.
fn is_shown(value: &str) -> bool {
    let password = url::password(value);
    is_example_host(value) && password.is_some_and(|p| estimate(p, &[]) < DEFAULT_BITS)
}

/// Whether a file says that it is for development: `FLASK_ENV=development`.
fn says_development(pairs: &[Assigned]) -> bool {
    const NAMES: &[&str] = &["ENV", "ENVIRONMENT"];
    const VALUES: &[&str] = &["dev", "develop", "development", "local", "test", "testing"];
    pairs.iter().any(|pair| {
        let last = pair.name.rsplit(['_', '-', '.']).next().unwrap_or_default();
        let value = pair.value.expose_secret().trim().to_ascii_lowercase();
        pair.stands == Stands::Plain
            && NAMES.iter().any(|name| last.eq_ignore_ascii_case(name))
            && VALUES.contains(&value.as_str())
    })
}

/// A value with the digits that stand for letters written as letters: `s3cr3t`.
fn in_letters(value: &str) -> String {
    let letter = |c| match c {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        c => c,
    };
    value.chars().map(letter).collect::<String>().to_lowercase()
}

/// Whether the comment on the pair's line, or those right above it, say that the
/// value is a default, and it is none that a machine made.
fn is_said_default(pair: &Assigned, value: &str, lines: &[&str]) -> bool {
    remarks(pair, lines, DEFAULTS) && estimate(value, &[&pair.name]) < DEFAULT_BITS
}

/// Whether the comment on the pair's line, or those right above it, have one of
/// these words.
fn remarks(pair: &Assigned, lines: &[&str], words: &[&str]) -> bool {
    let at = usize::try_from(pair.line).unwrap_or(1).saturating_sub(1);
    let line = lines.get(at).copied().unwrap_or_default();
    let own = line.find('#').and_then(|from| line.get(from..)).unwrap_or_default();
    let above = lines.get(..at).unwrap_or_default().iter().rev();
    let above = above.take_while(|line| line.trim_start().starts_with(['#', ';', '/'])).take(5);
    let says = |text: &str| {
        let text = text.to_lowercase();
        words.iter().any(|word| text.contains(word))
    };
    says(own) || above.into_iter().any(|line| says(line))
}

/// Whether a line holds what can be nothing but a vendor's secret.
fn holds_token(line: &str) -> bool {
    vendor_secret(line).is_some_and(|vendor| vendor != "private key")
        && line.split(|c: char| c.is_whitespace() || "\"'`=,;()<>".contains(c)).any(|word| {
            vendor_secret(word).is_some() && !is_placeholder(word) && known_key(word).is_none()
        })
}

/// Where a private key begins.
fn private_key(text: &str) -> Option<(u32, u32)> {
    let key = private_key::find(text, Least::Something).into_iter().next()?;
    let before = text.get(..key.range.start)?;
    let line = before.rsplit('\n').next().unwrap_or_default();
    let number = before.matches('\n').count() + 1;
    Some((u32::try_from(number).ok()?, indent(line)))
}

/// Whether a line that assigns nothing names a secret, with something behind
/// that could be its value.
fn is_unclear(line: &str) -> bool {
    let line = line.trim();
    if line.starts_with(['#', ';', '/', '<', '*', '[']) || line.len() > 1000 {
        return false;
    }
    let mut words = line.split_whitespace();
    let Some(name) = words.next().filter(|name| names_secret(name)) else { return false };
    let plain = name.chars().all(|c| c.is_alphanumeric() || "_.-:$".contains(c));
    plain
        && words.clone().count() == 1
        && words.all(|word| {
            word.len() >= 4
                && holds_secret(name, word)
                && word.contains(|c: char| c.is_ascii_digit())
        })
}
