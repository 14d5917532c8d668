use proptest::prelude::*;

use super::MASK;
use crate::secret::redact;

fn shown(line: &str) -> String {
    redact::line(line, &[]).as_str().to_owned()
}

#[test]
fn known_ranges_are_masked() {
    let line = r#"KEY = "hunter2"; b = "x""#;
    let masked = redact::line(line, std::slice::from_ref(&(7..14)));
    assert_eq!(masked.as_str(), r#"KEY = "•••"; b = "x""#);
    assert_eq!(redact::line("aébc", std::slice::from_ref(&(2..3))).as_str(), "a•••bc");
    assert_eq!(redact::line("abcdef", &[1..3, 2..5]).as_str(), "a•••f");
    assert_eq!(redact::line("ab", std::slice::from_ref(&(1..99))).as_str(), "a•••");
    let again = redact::line("x = hunter2 # not hunter2", std::slice::from_ref(&(4..11)));
    assert_eq!(again.as_str(), "x = ••• # not •••");
}

#[test]
fn neighbours_that_look_like_secrets_are_masked() {
    let table = include_str!("../../../tests/data/redacted.txt").replace('¦', "");
    let mut lines = table.lines().skip(1);
    let mut count = 0;
    while let (Some(given), Some(expected)) = (lines.next(), lines.next()) {
        assert_eq!(shown(given), expected, "{given}");
        assert!(lines.next().is_none_or(str::is_empty), "{given}");
        count += 1;
    }
    assert!(count >= 60, "{count}");
}

#[test]
fn prose_and_code_stay_readable() {
    let table = include_str!("../../../tests/data/readable.txt");
    for line in table.lines().skip(1) {
        assert_eq!(shown(line), line);
    }
    assert!(table.lines().count() > 40);
}

#[test]
fn long_lines_are_cut() {
    assert_eq!(shown(&"ab ".repeat(500)).chars().count(), 201);
    // a secret at the edge of what is looked at is not shown in part
    for before in 2_000..2_060 {
        let line = format!("{} {}", "•".repeat(before / 3), "hunter2".repeat(50));
        let secret = line.find("hunter2").expect("it is there")..line.len();
        assert!(!redact::line(&line, &[secret]).as_str().contains("hunter"), "{before}");
    }
    let minified = "x".repeat(1 << 20);
    assert!(shown(&minified).chars().count() <= 201);
}

#[test]
fn hostile_lines_are_masked_in_little_time() {
    let start = std::time::Instant::now();
    for part in ["key=", "key=\"", "key=(", "key:'\\", "a@", "://a:", "eyJa.", "password, ", "A1b"]
    {
        shown(&part.repeat(1 << 18));
    }
    assert!(start.elapsed().as_secs() < 10);
}

/// Random bytes, or what a vendor makes of them.
fn token() -> impl Strategy<Value = String> {
    use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
    let word =
        |n: usize| proptest::string::string_regex(&format!("[A-Za-z0-9]{{{n}}}")).expect("a regex");
    prop_oneof![
        any::<[u8; 16]>().prop_map(|b| HEXLOWER.encode(&b)),
        any::<[u8; 32]>().prop_map(|b| HEXLOWER.encode(&b)),
        any::<[u8; 32]>().prop_map(|b| BASE64.encode(&b)),
        any::<[u8; 32]>().prop_map(|b| BASE64URL_NOPAD.encode(&b)),
        word(36).prop_map(|w| format!("ghp_{w}")),
        word(24).prop_map(|w| format!("sk_live_{w}")),
        word(24).prop_map(|w| format!("xoxb-123456789012-{w}")),
        word(35).prop_map(|w| format!("AIza{w}")),
        word(40).prop_map(|w| format!("sk-ant-api03-{w}")),
        word(52).prop_map(|w| format!("gsk_{w}")),
        word(36).prop_map(|w| format!("npm_{w}")),
        word(20).prop_map(|w| format!("glpat-{w}")),
        (word(22), word(43)).prop_map(|(a, b)| format!("SG.{a}.{b}")),
        (word(20), word(40), word(43)).prop_map(|(a, b, c)| format!("eyJ{a}.eyJ{b}.{c}")),
        "[A-Z0-9]{16}".prop_map(|w| format!("AKIA{w}")),
        "[0-9a-f]{32}".prop_map(|w| format!("SK{w}")),
        word(60).prop_map(|w| format!("gAAAAA{w}==")),
    ]
}

/// What a person chose, without what ends a word or a string.
fn password() -> impl Strategy<Value = String> {
    "[A-Za-z0-9!$%&*+.:^~_-]{6,20}"
        .prop_filter("names and references stand for other values", |p| {
            p.contains(|c: char| c.is_ascii_digit()) && !p.starts_with('$')
        })
}

/// Lines in which a value is secret by the name before it.
const ASSIGNED: &[&str] = &[
    "SECRET_KEY=@",
    "export MAIL_PASSWORD=@ # old",
    "API_TOKEN='@'",
    "DB_PASSWORD=\"@\"",
    "  password: @",
    "- api_key: \"@\"",
    "{\"client_secret\": \"@\", \"x\": 1}",
    "app.config[\"SECRET_KEY\"] = \"@\"",
    "app.config['SECRET_KEY'] = os.environ.get(\"SECRET_KEY\", \"@\")",
    "SECRET_KEY: str = b'@'",
    "secret_key = os.getenv('X') or \"@\"",
    "connect(user=\"x\", password=\"@\", host=\"y\")",
    "dict(SECRET_KEY='@')",
    "os.environ.setdefault(\"AUTH_TOKEN\", \"@\")",
    "<password>@</password>",
    "tool --password @ --verbose",
    "ENV DB_PASSWORD=@",
    "if password == '@':",
    "\"Authorization\": \"Bearer @\"",
    "curl -H 'Authorization: token @' x",
    "postgres://shop:@@db.local/shop",
    "# SECRET_KEY=@",
    "password = @",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_token_is_shown(token in token(), before in "[ -~]{0,30}", after in "[ -~]{0,30}") {
        let line = format!("{before} {token} {after}");
        prop_assert!(!shown(&line).contains(&token), "{line} -> {}", shown(&line));
    }

    #[test]
    fn nothing_assigned_is_shown(secret in password(), at in 0..ASSIGNED.len()) {
        let line = ASSIGNED[at].replacen('@', &secret, 1);
        prop_assert!(!shown(&line).contains(&secret), "{line} -> {}", shown(&line));
    }

    #[test]
    fn no_known_secret_is_shown(
        before in "\\PC{0,40}",
        secret in "[a-z]{5}[0-9]{5}",
        after in "\\PC{0,40}",
    ) {
        let line = format!("{before}{secret}{after}");
        let range = before.len()..before.len() + secret.len();
        let masked = redact::line(&line, &[range]);
        prop_assert!(!masked.as_str().contains(&secret));
        prop_assert!(masked.as_str().contains(MASK));
    }
}
