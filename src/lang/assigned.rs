//! What a text assigns, whatever its form: env files, YAML, JSON, TOML and INI,
//! shells of all kinds, PHP, XML; also in comments. Better a pair too many than
//! one that is missed: who asks judges name and value.

mod pairs;

use std::collections::BTreeSet;

use secrecy::{ExposeSecret as _, SecretString};

use super::dotenv::{EnvEntry, EnvFile};

/// A pair of a name and a value. Its `Debug` output shows no value.
#[derive(Debug)]
pub(crate) struct Assigned {
    /// The name. Empty for a value that no name stands before.
    pub name: String,
    /// The value, without the quotes around it.
    pub value: SecretString,
    /// The line of the name, from 1.
    pub line: u32,
    /// The column of the name in characters, from 1.
    pub column: u32,
    /// Where it stands.
    pub stands: Stands,
}

/// Where a pair stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stands {
    /// On a line of its own or in a structure: it is meant as an assignment.
    Plain,
    /// Inside of another value: `--password=…` in a command.
    Within,
    /// In a comment, close to the sign as one writes an assignment.
    Remark,
    /// In a comment, as prose has it: `password: see the wiki`.
    Prose,
}

/// Everything that a text assigns, in the order of lines.
pub(crate) fn assigned(text: &str) -> Vec<Assigned> {
    let lines: Vec<&str> = text.split('\n').map(|line| line.trim_end_matches('\r')).collect();
    let file = EnvFile::parse(text);
    let mut found = Vec::new();
    let mut taken = BTreeSet::new();
    for entry in &file.entries {
        if !is_odd(entry) {
            taken.insert(entry.line);
        }
        found.extend(of_entry(text, entry));
    }
    let netrc = lines.iter().any(|line| line.starts_with("machine "));
    for (at, line) in lines.iter().enumerate() {
        let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
        if taken.contains(&number) {
            continue;
        }
        let rest = lines.get(at..).unwrap_or_default();
        let mut words = line.split_whitespace();
        if let (true, Some("password"), Some(value), None) =
            (netrc, words.next(), words.next(), words.next())
        {
            found.push(Assigned {
                name: "password".to_owned(),
                value: SecretString::from(value),
                line: number,
                column: column(line, line.len() - line.trim_start().len()),
                stands: Stands::Plain,
            });
        }
        for pair in pairs::of_line(line, rest) {
            found.push(Assigned {
                name: pair.name,
                value: SecretString::from(pair.value),
                line: number,
                column: column(line, pair.at),
                stands: pair.stands,
            });
        }
    }
    found.sort_by_key(|pair| (pair.line, pair.column));
    found
}

/// Whether another language may have written this: `$config['password'] = …`.
fn is_odd(entry: &EnvEntry) -> bool {
    !entry.key.chars().all(|c| c.is_alphanumeric() || "_.-".contains(c))
        || entry.value.expose_secret().starts_with(['>', '='])
}

/// An entry of an env file, what is assigned within its value, and in the
/// comment behind it.
fn of_entry(text: &str, entry: &EnvEntry) -> Vec<Assigned> {
    let value = entry.value.expose_secret();
    let here = |name: String, value: String, stands| Assigned {
        name,
        value: SecretString::from(value),
        line: entry.line,
        column: entry.column,
        stands,
    };
    // lines further down are read as lines
    let within = pairs::within(value.lines().next().unwrap_or_default());
    let behind = text.get(entry.value_span.end..).unwrap_or_default();
    let behind = behind.split('\n').next().unwrap_or_default();
    let remark = behind.find('#').and_then(|at| behind.get(at..)).unwrap_or_default();
    let mut found = vec![here(entry.key.clone(), value.to_owned(), Stands::Plain)];
    for pair in within.into_iter().chain(pairs::of_line(remark, &[])) {
        found.push(here(pair.name, pair.value, pair.stands));
    }
    found
}

fn column(line: &str, at: usize) -> u32 {
    let before = line.get(..at).unwrap_or_default();
    let count = before.chars().filter(|c| *c != '\u{feff}').count() + 1;
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORMS: &str = include_str!("../../tests/data/assignment_forms.txt");

    /// `TEXT ⇒ NAME=VALUE | NAME=VALUE`; `⏎` is a line's end.
    #[test]
    fn every_form_is_read() {
        let mut count = 0;
        let mut wrong = Vec::new();
        for line in FORMS.lines().skip(1).filter(|line| line.contains('⇒')) {
            count += 1;
            let (text, expected) = line.split_once('⇒').expect("two parts");
            let text = text.trim_end().replace('⏎', "\n");
            let found = assigned(&text);
            let names: Vec<String> = found
                .iter()
                .filter(|pair| !pair.name.is_empty())
                .map(|pair| format!("{}={}", pair.name, pair.value.expose_secret()))
                .collect();
            for expected in expected.split('|').map(str::trim).filter(|part| !part.is_empty()) {
                if !names.iter().any(|name| name.replace('\n', "⏎") == expected) {
                    wrong.push(format!("{text:?} lacks {expected}, has {names:?}"));
                }
            }
        }
        assert!(count >= 40, "{count}");
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn places_are_those_of_the_names() {
        let found = assigned("A=1\n  \"password\": \"x\",\n# TOKEN=y\nB=\"one\nSECRET=two\"\n");
        let places: Vec<_> =
            found.iter().map(|pair| (pair.name.as_str(), pair.line, pair.column)).collect();
        assert!(places.contains(&("password", 2, 4)), "{places:?}");
        assert!(places.contains(&("TOKEN", 3, 3)), "{places:?}");
        assert!(places.contains(&("SECRET", 5, 1)), "{places:?}");
        let remark = found.iter().find(|pair| pair.name == "TOKEN").expect("found");
        assert_eq!(remark.stands, Stands::Remark);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "(\\PC|\n|\"|'|=|:|<|\\||#){0,200}") {
            let _ = assigned(&text);
        }
    }
}
