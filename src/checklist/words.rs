//! serde's sentences as words for people, with the nearest word that was meant.

use super::diagnostic::first;

/// A mistake in words.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub message: String,
    /// Under the caret.
    pub label: String,
    pub help: Option<String>,
    /// Whether the key is meant, not its value.
    pub key: bool,
}

/// Puts a message of serde's into words. `place` names what holds the mistaken
/// value, such as `an item`; `known` are the fields it may have.
pub(super) fn explain(message: &str, field: Option<&str>) -> Said {
    if let Some((word, expected)) = unknown(message, "unknown field `") {
        return Said {
            message: format!("there is no `{}` here", shorten(word)),
            label: "unknown".to_owned(),
            help: Some(meant(word, &expected)),
            key: true,
        };
    }
    if let Some((word, expected)) = unknown(message, "unknown variant `") {
        let what = field.map_or_else(String::new, |field| format!(" for `{}`", shorten(field)));
        return Said {
            message: format!("`{}` is not a valid value{what}", shorten(word)),
            label: "not a valid value".to_owned(),
            help: Some(meant(word, &expected)),
            key: false,
        };
    }
    if let Some(name) = quoted(message, "missing field `") {
        return Said {
            message: format!("`{name}` is missing"),
            label: format!("needs `{name}`"),
            help: None,
            key: true,
        };
    }
    if let Some((found, expected)) =
        message.strip_prefix("invalid type: ").and_then(|rest| rest.split_once(", expected "))
    {
        let (found, expected) = (found_words(found), expected_words(expected));
        let help = (expected == "text" && found.starts_with("the "))
            .then(|| "put it in quotes to make it text".to_owned());
        return Said {
            message: format!("expected {expected}, found {found}"),
            label: String::new(),
            help,
            key: found == "nothing",
        };
    }
    if let Some((found, expected)) =
        message.strip_prefix("invalid value: ").and_then(|rest| rest.split_once(", expected "))
    {
        let (found, expected) = (found_words(found), expected_words(expected));
        return Said {
            message: format!("expected {expected}, found {found}"),
            label: String::new(),
            help: None,
            key: false,
        };
    }
    Said { message: first(message, 400), label: String::new(), help: None, key: false }
}

/// The known word nearest to what was written, if any is near.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > 80 {
        return None;
    }
    let plain = |word: &str| word.to_lowercase().replace(['-', ' ', '.'], "_");
    let written = plain(word);
    let mut near: Vec<(usize, &str)> = known
        .into_iter()
        .take(1000)
        .filter_map(|known| {
            let spelled = plain(known);
            let distance = strsim::damerau_levenshtein(&written, &spelled);
            let begun = written.len() > 1 && spelled.starts_with(&written);
            let longer = written.chars().count().max(spelled.chars().count());
            (begun || distance <= longer / 3).then_some((distance, known))
        })
        .collect();
    near.sort_by_key(|(distance, _)| *distance);
    near.first().map(|(_, known)| *known)
}

/// `did you mean …?`, else what is known.
pub(super) fn meant(word: &str, known: &[&str]) -> String {
    match (nearest(word, known.iter().copied()), known) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, []) => "nothing is allowed here".to_owned(),
        (None, known) => format!("expected {}", list(known)),
    }
}

/// `` `a`, `b` or `c` ``
pub(super) fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// A word as it may be quoted in a sentence.
pub(super) fn shorten(word: &str) -> String {
    first(word, 40)
}

fn unknown<'a>(message: &'a str, start: &str) -> Option<(&'a str, Vec<&'a str>)> {
    let rest = message.strip_prefix(start)?;
    // the word may itself hold a backquote: serde's own text comes last
    let at = rest.rfind("`, expected ").or_else(|| rest.rfind("`, there are no "))?;
    let (word, expected) = rest.split_at(at);
    let expected = expected.trim_start_matches('`');
    Some((word, expected.split('`').skip(1).step_by(2).collect()))
}

fn quoted<'a>(message: &'a str, start: &str) -> Option<&'a str> {
    message.strip_prefix(start)?.strip_suffix('`')
}

/// serde quotes what it found; a text may be long or secret, so it is only named.
fn found_words(found: &str) -> String {
    let (kind, value) = found.split_once(' ').unwrap_or((found, ""));
    match kind {
        "string" | "character" => "text".to_owned(),
        "integer" => format!("the number {value}"),
        "floating" => format!("the number {}", value.trim_start_matches("point ")),
        "boolean" => format!("the word {value}"),
        "unit" | "Option" => "nothing".to_owned(),
        "sequence" => "a list".to_owned(),
        "map" => "a mapping".to_owned(),
        "enum" | "unit-variant" => "a word".to_owned(),
        _ => "something else".to_owned(),
    }
}

fn expected_words(expected: &str) -> String {
    let plain = match expected {
        "a string" | "a str" | "string" => "text",
        "a boolean" => "`true` or `false`",
        "a sequence" => "a list",
        "a map" => "a mapping",
        "variant identifier" | "string or singleton map" | "a YAML tag starting with '!'" => {
            "a word, or a mapping of one key"
        }
        other if other.starts_with("struct ") => "a mapping",
        other if other.starts_with("enum ") => "a word, or a mapping of one key",
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        other if other.starts_with("a nonzero") => "a whole number from 1",
        other => other,
    };
    plain.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words() {
        let known = ["severity", "title", "sign_off", "why", "id"];
        let cases = [
            ("severty", Some("severity")),
            ("Severity", Some("severity")),
            ("sign-off", Some("sign_off")),
            ("signoff", Some("sign_off")),
            ("titel", Some("title")),
            ("whhy", Some("why")),
            ("wyh", Some("why")),
            ("sign", Some("sign_off")),
            ("x", None),
            ("ie", None),
            ("colour", None),
            ("", None),
        ];
        for (word, expected) in cases {
            assert_eq!(nearest(word, known), expected, "{word}");
        }
    }

    #[test]
    fn sentences() {
        let said = explain("unknown field `q`x`, expected one of `aa`, `bb`", None);
        assert_eq!(said.message, "there is no `q`x` here");
        assert_eq!(said.help.as_deref(), Some("expected `aa` or `bb`"));
        let said = explain("unknown variant `hihg`, expected `high` or `low`", Some("severity"));
        assert_eq!(said.help.as_deref(), Some("did you mean `high`?"));
        let said = explain("invalid type: string \"hunter2\", expected u32", None);
        assert_eq!(said.message, "expected a whole number, found text");
        let said = explain("invalid type: integer `9`, expected a string", None);
        assert_eq!(said.message, "expected text, found the number `9`");
        let said = explain("invalid type: unit value, expected struct RawItem", None);
        assert_eq!(said.message, "expected a mapping, found nothing");
        assert_eq!(explain("own words", None).message, "own words");
    }
}
