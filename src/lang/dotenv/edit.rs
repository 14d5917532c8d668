//! Changes one variable of an env file and leaves every other byte alone.

use secrecy::{ExposeSecret, SecretString};

use super::{EnvEntry, EnvFile};

/// An env file's text with one variable changed.
pub struct EnvEdit {
    /// The whole text.
    pub text: SecretString,
    /// What was done.
    pub change: EnvChange,
}

/// What was done to the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EnvChange {
    /// The value in this line (from 1) was replaced.
    Replaced(u32),
    /// A line was added; it is this one.
    Appended(u32),
}

impl EnvFile {
    /// Gives a variable a value: in the entry that counts, the last one, or in
    /// a new line at the end. None when the text would then not read as before
    /// but for this variable, or when the value is not made of letters, digits
    /// and `+/=_-` alone.
    pub fn set(text: &str, key: &str, value: &SecretString) -> Option<EnvEdit> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "+/=_-".contains(c);
        if value.expose_secret().is_empty() || !value.expose_secret().chars().all(plain) {
            return None;
        }
        let file = Self::parse(text);
        let (edited, change) = match file.get(key) {
            Some(entry) => {
                let edited = replace(text, entry, value.expose_secret())?;
                (edited, EnvChange::Replaced(entry.line))
            }
            None => append(text, key, value.expose_secret()),
        };
        let now = Self::parse(&edited);
        let set = now.get(key)?.value.expose_secret() == value.expose_secret();
        let edit = EnvEdit { text: SecretString::from(edited), change };
        (set && same_but_for(key, &file, &now)).then_some(edit)
    }
}

fn replace(text: &str, entry: &EnvEntry, value: &str) -> Option<String> {
    let before = text.get(..entry.value_span.start)?;
    let old = text.get(entry.value_span.clone())?;
    let after = text.get(entry.value_span.end..)?;
    let quote = old.chars().next().filter(|c| matches!(c, '"' | '\'')).map(String::from);
    let quote = quote.unwrap_or_default();
    // a comment that stood behind no value would join the new one
    let gap = if after.starts_with('#') && quote.is_empty() { " " } else { "" };
    Some(format!("{before}{quote}{value}{quote}{gap}{after}"))
}

/// Adds a line with the line break that the file's last line has.
fn append(text: &str, key: &str, value: &str) -> (String, EnvChange) {
    let line_break = match text.rfind('\n') {
        Some(at) if text.get(..at).is_some_and(|before| before.ends_with('\r')) => "\r\n",
        Some(_) => "\n",
        None if text.ends_with('\r') => "\r",
        None => "\n",
    };
    let ended = text.is_empty() || text.ends_with(['\n', '\r']);
    let gap = if ended { "" } else { line_break };
    let edited = format!("{text}{gap}{key}={value}{line_break}");
    let line = EnvFile::parse(&edited).get(key).map_or(0, |entry| entry.line);
    (edited, EnvChange::Appended(line))
}

/// Whether two files agree on every other variable and on what is wrong.
fn same_but_for(key: &str, old: &EnvFile, new: &EnvFile) -> bool {
    let others = |file: &EnvFile| -> Vec<(String, String)> {
        let others = file.entries.iter().filter(|entry| entry.key != key);
        others.map(|entry| (entry.key.clone(), entry.value.expose_secret().to_owned())).collect()
    };
    others(old) == others(new) && old.problems.len() == new.problems.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn set(text: &str) -> Option<(String, EnvChange)> {
        let edit = EnvFile::set(text, "K", &SecretString::from("v-1_+/="))?;
        Some((edit.text.expose_secret().to_owned(), edit.change))
    }

    #[test]
    fn the_last_entry_is_replaced() {
        use EnvChange::{Appended, Replaced};
        for (given, expected, change) in [
            ("K=a\n", "K=v\n", Replaced(1)),
            ("K=", "K=v", Replaced(1)),
            ("K = a # c\nB=1", "K = v # c\nB=1", Replaced(1)),
            ("K= # c\n", "K= v # c\n", Replaced(1)),
            ("K=\"a\"# c\n", "K=\"v\"# c\n", Replaced(1)),
            ("K='a\nb'\r\nB=1", "K='v'\r\nB=1", Replaced(1)),
            ("K=a\nexport K=b\nB=2\n", "K=a\nexport K=v\nB=2\n", Replaced(2)),
            ("", "K=v\n", Appended(1)),
            ("B=1\n", "B=1\nK=v\n", Appended(2)),
            ("B=1", "B=1\nK=v\n", Appended(2)),
            ("B=1\r\nC=2", "B=1\r\nC=2\r\nK=v\r\n", Appended(3)),
            ("# K=a\n", "# K=a\nK=v\n", Appended(2)),
            ("KK=a\n", "KK=a\nK=v\n", Appended(2)),
            ("K\n", "K\nK=v\n", Appended(2)),
            ("A=\"open\n", "A=\"open\nK=v\n", Appended(2)),
            ("\u{feff}K=a", "\u{feff}K=v", Replaced(1)),
        ] {
            let expected = expected.replace('v', "v-1_+/=");
            assert_eq!(set(given), Some((expected, change)), "{given:?}");
        }
    }

    #[test]
    fn values_that_need_quotes_are_refused() {
        for value in ["", "a b", "a#", "a\n", "$a", "'", "é"] {
            assert!(EnvFile::set("", "K", &SecretString::from(value)).is_none(), "{value:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn every_other_byte_stays(parts in proptest::collection::vec(prop_oneof![
            Just("K"), Just("A"), Just("="), Just(" = "), Just("\n"), Just("\r\n"), Just("\""),
            Just("'"), Just("#"), Just(" # "), Just("\\"), Just("export "), Just("é"), Just("$"),
            Just("K=x\n"), Just("A=\"b\n"), Just("\u{feff}"), Just("\t"),
        ], 0..14)) {
            let text = parts.concat();
            let Some((edited, change)) = set(&text) else { return Ok(()) };
            let file = EnvFile::parse(&text);
            match (file.get("K"), change) {
                (Some(entry), EnvChange::Replaced(line)) => {
                    prop_assert_eq!(entry.line, line);
                    let span = entry.value_span.clone();
                    prop_assert!(edited.starts_with(&text[..span.start]));
                    prop_assert!(edited.ends_with(&text[span.end..]));
                }
                (None, EnvChange::Appended(_)) => prop_assert!(edited.starts_with(&text)),
                (entry, change) => prop_assert!(false, "{} {change:?}", entry.is_some()),
            }
        }
    }
}
