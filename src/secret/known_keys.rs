//! Keys that everybody knows, since documentation and templates print them.

/// Where each key is printed. Prefixes end in `*`. Those of vendors are in two
/// parts, so that no scanner takes this file for a leak.
const KNOWN: &[(&str, &str)] = &[
    ("dev", "the Flask tutorial"),
    (r#"_5#y2L"F4Q8z\n\xec]/"#, "the Flask quickstart"),
    ("_5#y2L\"F4Q8z\n\u{ec}]/", "the Flask quickstart"),
    (
        "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf",
        "the Flask configuration page",
    ),
    ("A0Zr98j/3yX R~XHH!jmN]LWX/,?RT", "the Flask quickstart before 1.0"),
    (
        r#"\xfd{H\xe5<\x95\xf9\xe3\x96.5\xd1\x01O<!\xd5\xa2\xa0\x9fR"\xa1\xa8"#,
        "the Flask quickstart before 1.0",
    ),
    ("development key", "the Flaskr tutorial"),
    ("pf9Wkove4IKEAXvy-cQkeDPhv9Cb3Ag-wyJILbq_dFw", "the Flask-Security quickstart"),
    ("146585145368132386173505678016728509634", "the Flask-Security quickstart"),
    ("super-secret", "the documentation of Flask-Security and Flask-JWT-Extended"),
    ("you-will-never-guess", "the Flask Mega-Tutorial"),
    ("hard to guess string", "the book Flask Web Development"),
    ("a really really really really long secret key", "a much-copied Flask tutorial"),
    ("not-so-secret", "many Flask templates"),
    ("super secret string", "the Flask-Login documentation"),
    ("secret!", "the Flask-SocketIO documentation"),
    ("super secret key", "much-copied answers on the web"),
    ("secret", "much-copied answers on the web"),
    (
        "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
        "the FastAPI security tutorial",
    ),
    ("django-insecure-*", "a key that Django's startproject writes for development"),
    ("CHANGE_ME_TO_A_COMPLEX_RANDOM_SECRET_KEY", "the Apache Superset defaults"),
    ("thisISaSECRET_1234", "the Apache Superset defaults"),
    (r"\2\1thisismyscretkey\1\2\e\y\y\h", "the Apache Superset defaults"),
    ("TEST_NON_DEV_SECRET", "the Apache Superset defaults"),
    ("temporary_key", "the Apache Airflow defaults"),
    ("your-256-bit-secret", "the debugger at jwt.io"),
    ("a-string-secret-at-least-256-bits-long", "the debugger at jwt.io"),
    (concat!("AKIA", "IOSFODNN7EXAMPLE"), "the AWS documentation"),
    ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "the AWS documentation"),
    (concat!("sk_test_", "4eC39HqLyjWDarjtT1zdp7dc"), "the Stripe documentation"),
    (concat!("sk_test_", "BQokikJOvBiI2HlWgH4olfQ2"), "the Stripe documentation"),
    (concat!("sk_test_", "26PHem9AhJZvU623DfE1x4sd"), "the Stripe documentation"),
    ("pk_test_TYooMQauvdEDq54NiTphI7jx", "the Stripe documentation"),
];

/// All of them.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    KNOWN.iter().map(|(key, _)| *key)
}

/// Where a key is printed for everybody to read, if it is a publicly known one.
pub(crate) fn known_key(value: &str) -> Option<&'static str> {
    let value = value.trim();
    KNOWN
        .iter()
        .find(|(key, _)| match key.strip_suffix('*') {
            Some(prefix) => value.starts_with(prefix),
            None => *key == value,
        })
        .map(|(_, source)| *source)
}

#[cfg(test)]
mod tests {
    use super::known_key;

    #[test]
    fn printed_keys_are_known() {
        assert_eq!(known_key("dev"), Some("the Flask tutorial"));
        assert_eq!(known_key(r#"_5#y2L"F4Q8z\n\xec]/"#), Some("the Flask quickstart"));
        assert!(known_key("django-insecure-abc").is_some());
        for other in ["", "develop", "DEV", "192b9bdd22ab9ed4d12e236c78afcb9a"] {
            assert_eq!(known_key(other), None, "{other}");
        }
    }
}
