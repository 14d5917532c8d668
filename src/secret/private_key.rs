//! Private keys in a text of any kind: as they lie in their own files, and as
//! people put them into code, YAML, JSON, shells and documents.

mod body;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::LazyLock;

use data_encoding::BASE64;
use regex::Regex;

use body::Body;

/// A private key of which enough stands here to be one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct PrivateKey {
    /// From where it begins to where it ends at the latest.
    pub range: Range<usize>,
    /// Whether a passphrase protects it.
    pub encrypted: bool,
}

/// How much of a key's body must stand below its first line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Least {
    /// Anything that is no placeholder: the file is one for keys.
    Something,
    /// So much that it is no page about keys.
    Much,
}

/// Each text that holds a private key holds one of these.
pub(crate) const LITERALS: &[&str] = &[
    "-----BEGIN",
    "---- BEGIN SSH2",
    "PuTTY-User-Key-File-",
    "AGE-SECRET-KEY-",
    "LS0tLS1CRUdJTi",
    "IBAAK",
    "IBAAJBA",
    "IBADANBgkqhkiG9w0BAQEFAASC",
    "oAoGCCqGSM49",
    "oAcGBSuBBAAi",
    "AgEAMBMGByqGSM49AgEG",
    "AgEAMBAGByqGSM49AgEG",
    "CAQAwBQYDK2V",
    "b3BlbnNzaC1rZXktdjEA",
];

/// The first line of a key; its words may be put together from several strings.
static HEADER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let gap = r#"[ "'+.&\\]+"#;
    Regex::new(&format!(
        r"-----BEGIN{gap}(?P<label>(?:[A-Z0-9]+{gap})*)PRIVATE{gap}KEY(?:{gap}BLOCK)?-----"
    ))
    .ok()
});

/// How the Base64 of a key's bytes begins: RSA as PKCS #1 and #8, OpenSSH's.
/// These take a body of some length.
static LONG_START: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x) \b (?: MI[IGH][A-Za-z0-9+/]{2}[AQgw]IBAA(?:K[BC]|JBA)
        | MII[A-Za-z0-9+/]{2}[AQgw]IBADANBgkqhkiG9w0BAQEFAASC
        | b3BlbnNzaC1rZXktdjEAAAAA )",
    )
    .ok()
});

/// The whole of such a key of an elliptic curve, SEC 1 and PKCS #8, as Base64.
static SHORT_KEY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x) \b (?: MHcCAQEEI[A-Za-z0-9+/]{40,48}oAoGCCqGSM49
        | MIGkAgEBBD[A-Za-z0-9+/]{60,72}oAcGBSuBBAAi
        | MI[GH][A-Za-z0-9+/]AgEAMB(?:MG|AG)ByqGSM49AgEG[A-Za-z0-9+/]{60,}
        | MC4CAQAwBQYDK2V[wu]BCIEI[A-Za-z0-9+/]{40,} )",
    )
    .ok()
});

/// How the Base64 of a whole PEM file begins.
const PEM_START: &str = "LS0tLS1CRUdJTi";

/// Forms of their own: PuTTY's, SSH2's, age's.
static OTHERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x) PuTTY-User-Key-File-[0-9]+:\ [^\r\n]+\r?\n[\ \t>\#*]*(?:Encryption:\ (?P<with>[^\r\n]+)|Comment:\ )
        | \bAGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]{50,}
        | ----\ BEGIN\ SSH2\ (?:ENCRYPTED\ )?PRIVATE\ KEY\ ----\r?\n",
    )
    .ok()
});

/// Below so many characters such a body is one that was cut off.
const LONG: usize = 200;

/// The private keys of a text, in their order.
pub(crate) fn find(text: &str, least: Least) -> Vec<PrivateKey> {
    let mut found = Vec::new();
    find_into(text, least, true, &mut found);
    found
}

fn find_into(text: &str, least: Least, encoded: bool, found: &mut Vec<PrivateKey>) {
    for (header, label) in headers(text) {
        let body = Body::behind(text, header.end);
        let enough = match least {
            Least::Much => body.is_key(),
            Least::Something => body.is_key() || body.is_something(),
        };
        if enough {
            let encrypted = label.contains("ENCRYPTED") || body.is_encrypted();
            found.push(PrivateKey { range: header.start..body.end, encrypted });
        }
    }
    let shapes = [&*LONG_START, &*SHORT_KEY, &*OTHERS];
    for (number, shape) in shapes.into_iter().enumerate() {
        for caught in shape.iter().flat_map(|shape| shape.captures_iter(text)) {
            let Some(whole) = caught.get(0) else { continue };
            if found.iter().any(|key| key.range.contains(&whole.start())) {
                continue;
            }
            let body = Body::behind(text, whole.start());
            if number == 0 && (body.length() < LONG || !body.is_key()) {
                continue;
            }
            let protected = caught.name("with").is_some_and(|with| with.as_str().trim() != "none");
            let encrypted = protected || number == 0 && body.is_encrypted();
            found.push(PrivateKey { range: whole.range(), encrypted });
        }
    }
    for (at, _) in text.match_indices(PEM_START).filter(|_| encoded) {
        let body = Body::behind(text, at);
        let mut inner = Vec::new();
        find_into(&decoded(&body.joined), least, false, &mut inner);
        if let Some(key) = inner.first() {
            found.push(PrivateKey { range: at..body.end, encrypted: key.encrypted });
        }
    }
    found.sort_by_key(|key| key.range.start);
}

/// Where first lines of keys stand, and what kind they say they are.
fn headers(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let all = HEADER.iter().flat_map(move |header| header.captures_iter(text));
    all.filter_map(|caught| Some((caught.get(0)?.range(), caught.name("label")?.as_str())))
}

/// What Base64 stands for, as far as it is whole.
fn decoded(joined: &str) -> String {
    let whole = joined.trim_end_matches('=');
    let whole = whole.get(..whole.len() / 4 * 4).unwrap_or_default();
    let bytes = BASE64.decode(whole.as_bytes()).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}
