//! Proves what ARCHITECTURE.md says of the structure: no arrow between the layers
//! points back, no two files use each other, the world has its doors, and rooms
//! stay small.

mod graph;

use std::fs;
use std::path::{Path, PathBuf};

use graph::Graph;

/// From the top to the ground. A layer may use those below it, and no other of
/// its own row.
const ROWS: &[&[&str]] = &[
    &["main"],
    &["cli"],
    &["tui"],
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

/// More lines than this in one file need a second file.
const LONGEST: usize = 420;

/// The doors to the world: what only these folders or files may name.
const DOORS: &[(&str, &[&str])] = &[
    // the ledger is git objects; the demo makes a repository
    ("git2::", &["repo/", "ledger/", "cli/demo"]),
    ("std::fs", &["repo/", "cli/demo", "tui/run/"]),
    ("std::process::Command", &["repo/", "tui/"]),
    ("std::net::Tcp", &["repo/"]),
    ("std::net::Udp", &["repo/"]),
    ("ratatui::", &["tui/"]),
    ("crossterm::", &["tui/"]),
    // a line becomes safe to show in one place
    ("Redacted::from_masked", &["secret/redact", "model/redacted"]),
];

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

/// Every source with its name from `src/` and its text.
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

/// Files that only tests use.
fn is_test(name: &str) -> bool {
    ["tests", "support", "fixture", "invariants", "servers", "journey", "cases"]
        .iter()
        .any(|word| name.split(['/', '.', '_']).any(|part| part == *word))
}

fn row(file: &str) -> Option<usize> {
    let layer = file.split(['/', '.']).next().unwrap_or_default();
    ROWS.iter().position(|row| row.contains(&layer))
}

#[test]
fn no_arrow_points_back() {
    let graph = Graph::of_program();
    let mut wrong = Vec::new();
    let mut arrows = 0;
    for (from, targets) in &graph.arrows {
        let from = &graph.files[*from];
        let Some(high) = row(from) else { continue };
        for to in targets.iter().map(|to| &graph.files[*to]) {
            let Some(low) = row(to) else { continue };
            arrows += 1;
            let same_layer = from.split('/').next() == to.split('/').next();
            if !same_layer && low <= high {
                wrong.push(format!("{from} may not use {to}"));
            }
        }
    }
    assert!(arrows > 500, "the reader of paths finds next to nothing: {arrows}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_folder_is_a_layer() {
    let unknown: Vec<String> = all_sources()
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| name.contains('/') && row(name).is_none())
        .collect();
    assert!(unknown.is_empty(), "in no row of layers: {unknown:?}");
}

#[test]
fn no_files_use_each_other() {
    let circles = Graph::of_program().circles();
    let told: Vec<String> = circles.iter().map(|circle| circle.join(" <-> ")).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
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
fn the_world_has_its_doors() {
    let mut wrong = Vec::new();
    for (name, text) in all_sources() {
        if is_test(&name) {
            continue;
        }
        let code: String = text
            .lines()
            .take_while(|line| !line.starts_with("#[cfg(test)]"))
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect::<Vec<_>>()
            .join("\n");
        for (needle, allowed) in DOORS {
            let (module, item) = needle.rsplit_once("::").unwrap_or((needle, ""));
            let imported = !item.is_empty() && code.contains(&format!("use {module}::{{{item}"));
            let named = code.contains(needle) || imported;
            if named && !allowed.iter().any(|folder| name.starts_with(folder)) {
                wrong.push(format!("{name} uses {needle}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
