//! Checklists with mistakes, as data: `tests/checklists/NAME.yaml` and what is
//! said about it in `NAME.txt`. With `GONOGO_BLESS=1` the expected texts are
//! written again; read the difference before you commit it.

use std::fs;
use std::path::{Path, PathBuf};

use super::load::{lint_as, lint_builtin};
use super::{LoadError, Loaded, Mode, builtins, render_all};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checklists")
}

fn said(outcome: Result<Loaded, LoadError>) -> String {
    let mut said = match outcome {
        Ok(loaded) => {
            let items = loaded.checklist.items().count();
            format!("{}\n\nloads with {items} items", render_all(&loaded.warnings, false))
        }
        Err(error) => error.render(false),
    };
    said = said.trim_start().to_owned();
    said.push('\n');
    said
}

#[test]
fn every_mistake_is_told_as_expected() {
    let bless = std::env::var_os("GONOGO_BLESS").is_some();
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(folder()).expect("the cases") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        count += 1;
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let said = said(lint_as(&path, &name));
        let expected = path.with_extension("txt");
        if bless {
            fs::write(&expected, &said).expect("written");
        } else if fs::read_to_string(&expected).unwrap_or_default() != said {
            wrong.push(format!("{name} says:\n{said}"));
        }
        assert!(!said.contains('\u{1b}') && !said.contains("hunter2"), "{name}");
    }
    assert!(count >= 30, "{count} cases");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_built_in_ones_have_no_mistake() {
    for builtin in builtins() {
        let loaded =
            lint_builtin(builtin.name).unwrap_or_else(|error| panic!("{}", error.render(false)));
        assert_eq!(render_all(&loaded.warnings, false), "", "{}", builtin.name);
        assert!(loaded.checklist.items().count() > 5);
    }
}

#[test]
fn shipped_items_say_what_a_reader_needs() {
    for builtin in builtins() {
        let list = lint_builtin(builtin.name).expect("loads").checklist;
        for (_, item) in list.items() {
            let id = format!("{}/{}", builtin.name, item.id);
            assert_eq!(item.failing.is_some(), !item.checks.is_empty(), "{id}: failing");
            let undecided = item.when_undecided.as_ref();
            assert_eq!(undecided.is_some(), item.mode() == Mode::Automatic, "{id}: when_undecided");
            for policy in undecided.iter().copied().chain(&item.sign_off) {
                assert!(policy.valid.is_some(), "{id}: a sign-off ends");
            }
        }
    }
}
