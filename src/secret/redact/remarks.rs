//! Secrets in prose: "the old password was hunter2".

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// Words that tell that a secret may stand nearby, in the languages that
/// comments were seen in.
static TOPIC: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)pass(?:word|wd|phrase|code)|\bpw\b|pwd|secret|token|key|credential|auth|cookie|login|user|kennwort|passwort|contrase|mot.de.passe|identified by",
    )
    .ok()
});

/// What stands in quotes, and words that mix letters with digits.
static CANDIDATE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#""[^"]+"|'[^']+'|`[^`]+`|[^\s"'`,;:=()\[\]{}<>/@|]{5,}"#).ok());

/// The byte ranges to mask.
pub(super) fn find(text: &str, beside: &str) -> Vec<Range<usize>> {
    let (Some(topic), Some(candidate)) = (&*TOPIC, &*CANDIDATE) else {
        return Vec::new();
    };
    if !topic.is_match(text) && !topic.is_match(beside) {
        return Vec::new();
    }
    candidate
        .find_iter(text)
        .filter_map(|found| {
            let word = found.as_str();
            let quoted = word.starts_with(['"', '\'', '`']);
            if quoted {
                let inside = found.start() + 1..found.end() - 1;
                return (!is_name(&word[1..word.len() - 1])).then_some(inside);
            }
            let has = |kind: fn(&char) -> bool| word.chars().any(|c| kind(&c));
            let mixed = has(char::is_ascii_digit) && has(char::is_ascii_alphabetic);
            mixed.then(|| found.range())
        })
        .collect()
}

/// The name of a variable is not a value.
fn is_name(text: &str) -> bool {
    let upper = |c: char| c.is_ascii_uppercase() || c == '_';
    text.contains('_') && text.chars().all(upper)
}

#[cfg(test)]
mod tests {
    use crate::secret::redact::remark;

    #[test]
    fn prose_on_secrets_keeps_its_words_only() {
        let cases = [
            ("the old SECRET_KEY was Zanzibar01quail", "the old SECRET_KEY was •••"),
            ("rotate password abc12", "rotate password •••"),
            ("use \"hunter\" as password", "use \"•••\" as password"),
            ("passphrase `correct horse`", "passphrase `•••`"),
            ("read `SECRET_KEY` from the env", "read `SECRET_KEY` from the env"),
            ("rename the 3rd column of table2", "rename the 3rd column of table2"),
            ("hash the password with bcrypt", "hash the password with bcrypt"),
        ];
        for (given, expected) in cases {
            assert_eq!(remark(given, "").as_str(), expected);
        }
        let beside = remark("was \"hunter\"", "SECRET_KEY = x  # was \"hunter\"");
        assert_eq!(beside.as_str(), "was \"•••\"");
    }
}
