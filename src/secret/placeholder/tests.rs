use super::{is_placeholder, is_reserved_mailbox};
use crate::secret::value::holds_secret;

const PLACEHOLDERS: &str = include_str!("../../../tests/data/placeholders.txt");

/// The lines below a heading of the table, up to the next heading.
fn table(heading: &str) -> Vec<String> {
    PLACEHOLDERS
        .lines()
        .skip_while(|line| *line != heading)
        .skip(1)
        .take_while(|line| !line.starts_with("== "))
        .filter(|line| !line.is_empty())
        .map(|line| line.replace('¦', ""))
        .collect()
}

#[test]
fn placeholders_are_told_from_values() {
    let placeholders = table("== placeholders");
    let values = table("== values");
    assert!(placeholders.len() >= 60 && values.len() >= 60);
    let wrong: Vec<_> = placeholders.iter().filter(|value| !is_placeholder(value)).collect();
    assert!(wrong.is_empty(), "taken for values: {wrong:#?}");
    let wrong: Vec<_> = values.iter().filter(|value| is_placeholder(value)).collect();
    assert!(wrong.is_empty(), "taken for placeholders: {wrong:#?}");
    assert!(is_placeholder("") && is_placeholder("  "));
}

#[test]
fn secrets_are_told_by_name_or_value() {
    let secret = table("== secrets");
    let plain = table("== not secrets");
    assert!(secret.len() >= 25 && plain.len() >= 25);
    let holds = |line: &&String| {
        line.split_once('=').is_some_and(|(name, value)| holds_secret(name, value))
    };
    let wrong: Vec<_> = secret.iter().filter(|line| !holds(line)).collect();
    assert!(wrong.is_empty(), "taken for plain: {wrong:#?}");
    let wrong: Vec<_> = plain.iter().filter(|line| holds(line)).collect();
    assert!(wrong.is_empty(), "taken for secrets: {wrong:#?}");
}

proptest::proptest! {
    #[test]
    fn random_values_are_no_placeholders(bytes: [u8; 24]) {
        use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
        for value in [HEXLOWER.encode(&bytes), BASE64.encode(&bytes), BASE64URL_NOPAD.encode(&bytes)] {
            proptest::prop_assert!(!is_placeholder(&value));
            proptest::prop_assert!(holds_secret("SECRET_KEY", &value));
        }
    }
}

#[test]
fn mailboxes_of_nobody_are_told() {
    for value in ["noreply@example.org", "a.b@mail.example.com", "root@localhost", "x@shop.test"] {
        assert!(is_reserved_mailbox(value), "{value}");
    }
    for value in ["shop@gmail.com", "example.org", "u:p@example.org", "@example.org", "a@b.contest"]
    {
        assert!(!is_reserved_mailbox(value), "{value}");
    }
}
