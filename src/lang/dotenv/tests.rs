use std::collections::BTreeMap;

use secrecy::ExposeSecret;
use serde::Deserialize;

use super::EnvFile;

/// A case of `tests/data/env_readers.yaml`. The other readers' columns are for
/// people who wonder.
#[derive(Deserialize)]
struct Case {
    about: String,
    text: String,
    dotenv: BTreeMap<String, String>,
    #[serde(default)]
    differs: Vec<String>,
    #[serde(default)]
    problems: Vec<String>,
}

#[test]
fn values_are_read_as_python_dotenv_reads_them() {
    let table = include_str!("../../../tests/data/env_readers.yaml");
    let cases: Vec<Case> = serde_yaml::from_str(table).expect("a table");
    assert!(cases.len() >= 60);
    for Case { about, text, dotenv, differs, problems } in cases {
        let file = EnvFile::parse(&text);
        let read: BTreeMap<String, String> = file
            .entries
            .iter()
            .map(|entry| (entry.key.clone(), entry.value.expose_secret().to_owned()))
            .collect();
        assert_eq!(read, dotenv, "{about}");
        let told: Vec<&str> = file.entries.iter().flat_map(|e| e.differs.clone()).collect();
        assert_eq!(told.len(), differs.len(), "{about}: {told:?}");
        for (told, expected) in told.iter().zip(&differs) {
            assert!(told.contains(expected.as_str()), "{about}: {told}");
        }
        let told: Vec<String> = file
            .problems
            .iter()
            .map(|problem| format!("{}:{} {}", problem.line, problem.column, problem.message))
            .collect();
        assert_eq!(told.len(), problems.len(), "{about}: {told:?}");
        for (told, expected) in told.iter().zip(&problems) {
            let (place, words) = expected.split_once(' ').expect("a place and words");
            assert!(
                told.starts_with(&format!("{place} ")) && told.contains(words),
                "{about}: {told}"
            );
        }
    }
}

#[test]
fn places_and_spans() {
    let text = "\u{feff}A=1\nexport É = 'x' # c\r\n\tC=\"a\nb\"\nD=  \n";
    let file = EnvFile::parse(text);
    let seen: Vec<_> = file
        .entries
        .iter()
        .map(|e| (e.key.as_str(), e.line, e.column, &text[e.value_span.clone()]))
        .collect();
    assert_eq!(
        seen,
        [("A", 1, 1, "1"), ("É", 2, 8, "'x'"), ("C", 3, 2, "\"a\nb\""), ("D", 5, 1, "")]
    );
}

#[test]
fn no_value_is_printed() {
    let text = "A=hunter2 # old: hunter3\nB=\"hunter2\nhunter2\"\nC=\nD: hunter2\nE='hunter2' x\n";
    let file = EnvFile::parse(text);
    let excerpts: Vec<String> =
        file.entries.iter().map(|entry| entry.excerpt(text).to_string()).collect();
    assert_eq!(excerpts, ["A=•••", "B=•••", "C="]);
    assert!(!format!("{file:?} {excerpts:?}").contains("hunter"));
    assert_eq!(file.problems.len(), 2);
}

#[test]
fn a_hostile_file_is_read_in_one_go() {
    let start = std::time::Instant::now();
    for part in ["A=\n", "A=\"\\\"\n", "'", "\0", "=", "A='\n", "$`", "\r"] {
        let text = part.repeat((1 << 20) / part.len());
        let file = EnvFile::parse(&text);
        assert_eq!(file.by_key().values().map(Vec::len).sum::<usize>(), file.entries.len());
    }
    // quadratic work would take minutes, even where a machine is this much slower
    assert!(start.elapsed().as_secs() < 60);
}
