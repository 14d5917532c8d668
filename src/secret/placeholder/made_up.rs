//! Words that are none, but what somebody or a machine made up.

/// Whether one of the words between its signs is none, but what somebody made up:
/// letters with digits among them, capital and small letters without order.
pub(super) fn has_made_up(value: &str) -> bool {
    value.split(|c: char| !c.is_alphanumeric()).any(is_made_up)
}

fn is_made_up(word: &str) -> bool {
    if word.len() < 6 {
        return false;
    }
    let inner = word.trim_end_matches(|c: char| c.is_ascii_digit());
    let core = inner.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits_within = core.contains(|c: char| c.is_ascii_digit());
    let many_digits = word.len() - core.len() > 4 && !core.is_empty();
    // `kXqZpQ`: capitals within a word, and not at the beginnings of words
    let turns = core
        .as_bytes()
        .windows(2)
        .filter(|two| matches!(two, [a, b] if a.is_ascii_lowercase() && b.is_ascii_uppercase()));
    let random_case = core.len() >= 8 && turns.count() * 3 > core.len();
    (digits_within && !is_technical(core)) || many_digits || random_case
}

/// Words with a digit in them that are no values: `sha256sum`, `oauth2token`.
fn is_technical(word: &str) -> bool {
    const NAMES: &[&str] = &[
        "sha1", "sha256", "sha384", "sha512", "md5", "base64", "base32", "oauth2", "auth0", "x509",
        "pkcs", "utf8", "ipv4", "ipv6", "s3", "k8s", "ec2", "ed25519", "rs256", "hs256", "hs512",
        "aes128", "aes192", "aes256", "web3", "i18n", "l10n", "neo4j", "log4j", "route53",
        "mysql8", "python3", "p12", "h264", "mp3", "mp4", "d3", "v1", "v2", "v3", "v4",
    ];
    let lower = word.to_lowercase();
    let rest = NAMES.iter().fold(lower, |rest, name| rest.replace(name, ""));
    !rest.contains(|c: char| c.is_ascii_digit())
}
