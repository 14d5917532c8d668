//! The words of a value, and whether they are those of a placeholder.

use super::made_up::has_made_up;

/// What a value's words come to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Said {
    /// That a value should go here.
    Placeholder,
    /// Nothing of the kind.
    Other,
}

/// Each alone, or in company of filler, makes a placeholder.
const TELLING: &[&str] = &[
    "changeme",
    "change",
    "changethis",
    "changeit",
    "replaceme",
    "replace",
    "fixme",
    "tbd",
    "tba",
    "placeholder",
    "example",
    "sample",
    "dummy",
    "fake",
    "insert",
    "secret",
    "secrets",
    "password",
    "passwd",
    "passwort",
    "none",
    "null",
    "nil",
    "undefined",
    "unset",
    "missing",
    "fill",
    "foobar",
    "foo",
    "bar",
    "baz",
    "secretkey",
    "username",
    "yourself",
    "xxx",
    "asdf",
    "asdfasdf",
    "qwerty",
    "lorem",
    "ipsum",
    "na",
    "redacted",
    "hidden",
    "masked",
    "removed",
    "mysecret",
    "your",
    "goes",
    "apikey",
];

/// Said beside a telling word, but tells nothing alone.
const FILLER: &[&str] = &[
    "a",
    "an",
    "the",
    "this",
    "that",
    "it",
    "is",
    "to",
    "me",
    "my",
    "our",
    "some",
    "here",
    "in",
    "on",
    "at",
    "of",
    "or",
    "and",
    "be",
    "so",
    "not",
    "very",
    "super",
    "duper",
    "top",
    "ultra",
    "really",
    "long",
    "strong",
    "random",
    "secure",
    "safe",
    "good",
    "real",
    "actual",
    "new",
    "default",
    "key",
    "keys",
    "token",
    "pass",
    "string",
    "value",
    "text",
    "word",
    "phrase",
    "something",
    "anything",
    "please",
    "must",
    "should",
    "with",
    "for",
    "now",
    "before",
    "after",
    "using",
    "use",
    "from",
    "by",
    "production",
    "prod",
    "development",
    "dev",
    "test",
    "testing",
    "local",
    "demo",
    "staging",
    "live",
    "deploy",
    "deployment",
    "app",
    "application",
    "flask",
    "django",
    "jwt",
    "session",
    "csrf",
    "wtf",
    "db",
    "database",
    "user",
    "admin",
    "mail",
    "email",
    "smtp",
    "stripe",
    "google",
    "groq",
    "openai",
    "github",
    "aws",
    "api",
    "client",
    "id",
    "public",
    "private",
    "publishable",
    "access",
    "webhook",
    "signing",
    "encryption",
    "auth",
    "oauth",
    "account",
    "number",
    "code",
    "hash",
    "salt",
    "name",
    "host",
    "domain",
    "url",
    "server",
    "sentry",
    "dsn",
    "redis",
    "mysql",
    "postgres",
    "postgresql",
    "enter",
    "put",
    "set",
    "add",
    "paste",
    "generate",
    "generated",
    "hex",
    "bytes",
    "bits",
    "chars",
    "characters",
    "own",
    "site",
    "service",
    "project",
    "company",
    "org",
    "com",
    "one",
    "two",
    "abc",
    "def",
    "x",
    "xx",
    "guess",
    "guessable",
    "unguessable",
    "unique",
    "only",
    "everyone",
    "knows",
    "least",
    "minimum",
    "min",
    "know",
    "will",
    "never",
    "hard",
    "ai",
    "web",
    "python",
    "pip",
    "main",
    "data",
    "info",
    "if",
    "you",
    "can",
    "see",
    "do",
    "use",
    "no",
    "yes",
    "its",
    "them",
    "these",
    "keep",
];

/// A first word that asks for a value when one of the second words follows.
const ASKS: &[(&str, &[&str])] = &[
    (
        "change",
        &[
            "me", "this", "that", "it", "the", "your", "to", "in", "before", "please", "now",
            "for", "at", "on", "with",
        ],
    ),
    ("replace", &["me", "this", "that", "it", "the", "your", "with", "by", "in", "before"]),
    ("insert", &["your", "the", "a", "here", "key", "secret", "token", "value", "password"]),
    ("enter", &["your", "the", "a", "here", "key", "secret", "token", "value", "password"]),
    ("paste", &["your", "the", "a", "here", "key", "it"]),
    ("put", &["your", "the", "a", "here", "it", "key", "secret", "token"]),
    ("add", &["your", "the", "a", "here", "key"]),
    ("set", &["me", "your", "this", "here", "a", "in"]),
    ("fill", &["me", "in", "this", "here", "your"]),
    ("use", &["a", "your", "the", "secrets", "openssl"]),
    (
        "generate",
        &[
            "with", "me", "a", "an", "using", "one", "by", "your", "via", "this", "it", "the",
            "new", "random",
        ],
    ),
    ("generated", &["with", "by", "in", "at"]),
    ("run", &["openssl", "python"]),
    ("todo", &["set", "change", "add", "fill", "replace", "generate"]),
    ("goes", &["here"]),
    ("needs", &["to"]),
];

/// What the words of a value come to.
pub(super) fn say(value: &str) -> Said {
    if value.len() > 200 {
        return Said::Other;
    }
    // a note when alone, but the name of many an app too: `todo.db`
    if value.eq_ignore_ascii_case("todo") {
        return Said::Placeholder;
    }
    let split = split(value);
    let asks = |pair: &[String]| match pair {
        [first, second] => {
            ASKS.iter().any(|(verb, next)| verb == first && next.contains(&second.as_str()))
        }
        _ => false,
    };
    let separate = split.len() > 1;
    let starts =
        split.first().is_some_and(|first| matches!(first.as_str(), "your" | "todo" | "fixme"));
    let ends = split.last().is_some_and(|last| last == "here");
    let prose = split.iter().all(|word| word.len() <= 16) && !has_made_up(value);
    if separate
        && prose
        && (split.windows(2).next().is_some_and(asks) || ends || (starts && says_todo(value)))
    {
        return Said::Placeholder;
    }
    let mut telling = false;
    let mut all = !split.is_empty();
    for word in &split {
        match segment(word) {
            Some(tells) => telling |= tells,
            None => all = false,
        }
    }
    if all && telling { Said::Placeholder } else { Said::Other }
}

/// All words that people write in placeholders.
pub(crate) fn all() -> impl Iterator<Item = &'static str> {
    TELLING.iter().chain(FILLER).copied()
}

/// Whether a word is made of those that people write in placeholders.
pub(super) fn is_known(word: &str) -> bool {
    segment(word).is_some()
}

/// `your-…` asks for a value; `todo_app` is a name, `TODO: …` a note.
fn says_todo(value: &str) -> bool {
    let lower = value.to_lowercase();
    lower.starts_with("your")
        || ["todo", "fixme"].iter().any(|note| {
            lower.strip_prefix(note).is_some_and(|rest| rest.starts_with([':', ' ', '(', '!', '-']))
        })
}

/// The words of a text in lower case: between anything but letters and digits,
/// where a capital follows a small letter, and between letters and digits.
pub(super) fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    for c in text.chars() {
        let turns = (before.is_lowercase() && c.is_uppercase())
            || (before.is_numeric() && c.is_alphabetic());
        if (turns || !c.is_alphanumeric()) && !word.is_empty() {
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

/// Whether a word is made of known ones, set close together or not, and then
/// whether any of them tells. Up to four digits may follow: `password123`.
fn segment(word: &str) -> Option<bool> {
    let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
    if word.len() - letters.len() > 4 {
        return None;
    }
    if letters.is_empty() {
        return Some(false);
    }
    if letters.len() > 64 || !letters.is_ascii() {
        return None;
    }
    if letters.len() >= 3 && letters.bytes().all(|b| b == b'x') {
        return Some(true);
    }
    // best[i]: what the first i letters come to, if they can be taken apart
    let mut best: Vec<Option<bool>> = vec![None; letters.len() + 1];
    if let Some(start) = best.first_mut() {
        *start = Some(false);
    }
    for end in 1..=letters.len() {
        let mut found = None;
        for start in end.saturating_sub(14)..end {
            let Some(Some(tells)) = best.get(start).copied() else { continue };
            let Some(part) = letters.get(start..end) else { continue };
            // words of one or two letters only stand alone
            if part.len() < 3
                && part.len() < letters.len()
                && !matches!(part, "my" | "me" | "is" | "to" | "in" | "a")
            {
                continue;
            }
            let here = if TELLING.contains(&part) {
                Some(true)
            } else {
                FILLER.contains(&part).then_some(false)
            };
            if let Some(here) = here {
                found = Some(found.unwrap_or(false) | tells | here);
            }
        }
        if let Some(slot) = best.get_mut(end) {
            *slot = found;
        }
    }
    best.last().copied().flatten()
}
