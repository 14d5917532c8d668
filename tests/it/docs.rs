//! The pages that name kinds, formats and standings name all of them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use gonogo::assess::{Rule, Standing};
use gonogo::check::table::KINDS;
use gonogo::report::FORMATS;

fn page(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect("a page")
}

/// The first column of the table below a heading row, code marks taken off.
fn column(page: &str, heading: &str) -> BTreeSet<String> {
    let table = page.split_once(heading).unwrap_or_else(|| panic!("no table {heading}")).1;
    table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .filter_map(|line| Some(line.split('|').nth(1)?.trim().trim_matches('`').to_owned()))
        .collect()
}

#[test]
fn readme_has_a_row_for_each_kind() {
    let kinds: BTreeSet<String> = KINDS.iter().map(|kind| kind.name.to_owned()).collect();
    assert_eq!(column(&page("README.md"), "| kind | what must hold |"), kinds);
}

#[test]
fn every_kind_has_cases() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let without: Vec<&str> = KINDS
        .iter()
        .map(|kind| kind.name)
        .filter(|name| fs::read_dir(cases.join(name)).map_or(0, Iterator::count) < 2)
        .collect();
    assert!(without.is_empty(), "kinds with fewer than two cases: {without:?}");
}

#[test]
fn readme_has_a_row_for_each_standing() {
    let standings: BTreeSet<String> =
        Standing::ALL.iter().map(|standing| standing.word().to_owned()).collect();
    assert_eq!(column(&page("README.md"), "| standing | means |"), standings);
}

#[test]
fn readme_names_every_rule_and_format() {
    let readme = page("README.md");
    for rule in Rule::ALL {
        let name = serde_json::to_value(rule).expect("JSON");
        let name = format!("`{}`", name.as_str().expect("a word"));
        assert!(readme.contains(&name), "README does not name the rule {name}");
    }
    for format in FORMATS.iter().skip(1) {
        let option = format!("--format {}", format.name);
        assert!(readme.contains(&option), "README does not name `{option}`");
    }
}

#[test]
fn architecture_says_of_each_crate_why_it_is_here() {
    let manifest = page("Cargo.toml");
    let page = page("ARCHITECTURE.md");
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
    let mut section = "";
    let mut crates = 0;
    for line in manifest.lines() {
        if let Some(heading) = line.strip_prefix('[') {
            section = heading.trim_end_matches(']');
        } else if let Some((name, _)) =
            line.split_once(" = ").filter(|_| section.ends_with("dependencies"))
        {
            let quoted = format!("`{name}`");
            let told =
                |row: &&str| row.split('|').nth(1).is_some_and(|crates| crates.contains(&quoted));
            assert!(rows.iter().any(told), "{name} has no row");
            crates += 1;
        }
    }
    assert!(crates > 40, "{crates}");
}
