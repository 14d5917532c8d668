//! What names say: development, production or neither.

/// What a name or value says about where code runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Meaning {
    /// Only where people develop or test.
    Development,
    /// Only in production.
    Production,
}

/// The words of a name in lower case: `isDevMode`, `IS_DEV_MODE` and
/// `is-dev-mode` have the same three.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut before = '_';
    let mut letters = name.chars().peekable();
    while let Some(c) = letters.next() {
        let next_is_lower = letters.peek().is_some_and(|next| next.is_lowercase());
        let begins =
            c.is_uppercase() && (before.is_lowercase() || (before.is_uppercase() && next_is_lower));
        if (begins || !c.is_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// What the name says; nothing when it says neither, both, or denies it.
pub(crate) fn meaning(name: &str) -> Option<Meaning> {
    const DEVELOPMENT: &[&str] = &[
        "debug",
        "debugging",
        "dev",
        "devel",
        "develop",
        "development",
        "test",
        "tests",
        "testing",
        "unittest",
        "pytest",
        "local",
        "localhost",
        "ci",
    ];
    const PRODUCTION: &[&str] = &["prod", "production", "live"];
    const DENIES: &[&str] = &["not", "no", "non", "disable", "disabled", "without", "skip"];
    let words = words(name);
    let says = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    match (says(DEVELOPMENT), says(PRODUCTION), says(DENIES)) {
        (true, false, false) => Some(Meaning::Development),
        (false, true, false) => Some(Meaning::Production),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fall_into_words() {
        for name in ["isDevMode", "IS_DEV_MODE", "is-dev-mode", "IsDevMode"] {
            assert_eq!(words(name), ["is", "dev", "mode"], "{name}");
        }
        assert_eq!(words("HTTPServer"), ["http", "server"]);
        assert_eq!(words("__init__"), ["init"]);
    }

    #[test]
    fn names_say_where_code_runs() {
        let cases = [
            ("DevelopmentConfig", Some(Meaning::Development)),
            ("FLASK_DEBUG", Some(Meaning::Development)),
            ("is_production", Some(Meaning::Production)),
            ("LatestDevice", None),
            ("not_debug", None),
            ("ProdLikeTest", None),
        ];
        for (name, expected) in cases {
            assert_eq!(meaning(name), expected, "{name}");
        }
    }
}
