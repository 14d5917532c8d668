//! Proves that no arrow between the layers points back, and that rooms stay small.

use std::fs;
use std::path::{Path, PathBuf};

/// From the top to the ground; layers of one row do not use each other, except
/// where a row says so below.
const ROWS: [&[&str]; 12] = [
    &["cli", "tui"],
    &["report"],
    &["session"],
    &["assess"],
    &["engine", "ledger", "fix", "trust"],
    &["checklist"],
    &["check"],
    &["facts"],
    &["repo"],
    &["lang"],
    &["secret"],
    &["model"],
];

/// Arrows within a row: the command line opens the screen.
const WITHIN: [(&str, &str); 1] = [("cli", "tui")];

/// More lines than this in one file need a second file.
const LONGEST: usize = 420;

fn sources(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            out.push(path);
        }
    }
}

fn all_sources() -> Vec<(String, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    files
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&src).expect("below src").to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).expect("text"))
        })
        .collect()
}

/// Tests that were moved out of the file that they test.
fn is_test(name: &str) -> bool {
    name.ends_with("/tests.rs")
}

fn row(layer: &str) -> Option<usize> {
    ROWS.iter().position(|row| row.contains(&layer))
}

/// The layers that a source names after `crate::`, nested lists included.
fn used(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for piece in text.split("crate::").skip(1) {
        if let Some(list) = piece.strip_prefix('{') {
            let mut depth = 0;
            let mut word = String::new();
            for c in list.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => word.clear(),
                    c if depth == 0 && (c.is_alphanumeric() || c == '_') => word.push(c),
                    ':' if depth == 0 && !word.is_empty() => {
                        found.push(std::mem::take(&mut word));
                        depth = depth.max(0);
                    }
                    _ => {}
                }
            }
        } else {
            found.push(piece.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    found
}

#[test]
fn no_arrow_points_back() {
    let mut wrong = Vec::new();
    let mut arrows = 0;
    for (name, text) in all_sources() {
        let Some((layer, _)) = name.split_once('/') else {
            continue;
        };
        let from = row(layer).unwrap_or_else(|| panic!("`{layer}` is in no row of layers"));
        for to in used(&text) {
            let Some(target) = row(&to) else {
                continue;
            };
            arrows += 1;
            let fine = to == layer || target > from || WITHIN.contains(&(layer, to.as_str()));
            if !fine {
                wrong.push(format!("{name}: {layer} may not use {to}"));
            }
        }
    }
    assert!(arrows > 50, "the reader of `use` lines finds next to nothing: {arrows}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rooms_stay_small() {
    let long: Vec<String> = all_sources()
        .into_iter()
        .map(|(name, text)| (name, text.lines().count()))
        .filter(|(name, lines)| *lines > LONGEST + if is_test(name) { 100 } else { 0 })
        .map(|(name, lines)| format!("{name}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn every_file_says_its_job() {
    let silent: Vec<String> = all_sources()
        .into_iter()
        .filter(|(name, text)| !is_test(name) && !text.starts_with("//!"))
        .map(|(name, _)| name)
        .collect();
    assert!(silent.is_empty(), "without a module doc: {silent:?}");
}

#[test]
fn git_and_the_screen_have_their_doors() {
    // git2 belongs to repo and to the ledger's store, ratatui to the screen
    let doors: [(&str, &[&str]); 3] = [
        ("git2::", &["repo", "ledger", "cli/demo"]),
        ("ratatui::", &["tui"]),
        ("crossterm::", &["tui"]),
    ];
    let mut wrong = Vec::new();
    for (name, text) in all_sources() {
        let code: String = text
            .lines()
            .take_while(|line| !line.starts_with("#[cfg(test)]"))
            .collect::<Vec<_>>()
            .join("\n");
        for (needle, allowed) in doors {
            if code.contains(needle) && !allowed.iter().any(|folder| name.starts_with(folder)) {
                wrong.push(format!("{name} uses {needle}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
