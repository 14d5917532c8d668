//! Checklists from any set of files, and which files they came from.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Loaded, load, load_from};
use crate::checklist::{Choice, FileSet, LoadError, LoadedFrom};
use crate::model::RepoPath;
use crate::repo::support::Sandbox;
use crate::repo::{Entry, EntryKind, RepoError};

const ITEM: &str = "{ id: a, title: A, severity: low, why: W., sign_off: { valid: 9d } }";

/// Files that are nowhere on disk.
struct Memory(BTreeMap<RepoPath, String>);

impl FileSet for Memory {
    fn read(&self, path: &RepoPath, most: u64) -> Result<Option<Vec<u8>>, RepoError> {
        let most = usize::try_from(most).expect("a size");
        Ok(self.0.get(path).map(|text| text.bytes().take(most).collect()))
    }

    fn list(&self, folder: Option<&RepoPath>) -> Result<Vec<Entry>, RepoError> {
        let top = folder.map_or(Path::new(""), RepoPath::as_path);
        let below = self.0.keys().filter_map(|path| path.as_path().strip_prefix(top).ok());
        let mut entries: Vec<Entry> = below
            .filter_map(|rest| {
                let mut parts = rest.components();
                let path = RepoPath::new(top.join(parts.next()?)).ok()?;
                let is_folder = parts.next().is_some();
                let kind = if is_folder { EntryKind::Folder } else { EntryKind::File };
                Some(Entry { path, kind })
            })
            .collect();
        entries.dedup();
        Ok(entries)
    }
}

fn path(text: &str) -> RepoPath {
    RepoPath::new(text).expect("a path")
}

fn memory(files: &[(&str, &str)]) -> Memory {
    Memory(files.iter().map(|(name, text)| (path(name), (*text).to_owned())).collect())
}

fn from_memory(files: &[(&str, &str)], choice: &Choice) -> Result<Loaded, LoadError> {
    load_from(&memory(files), Path::new("/nowhere"), choice, Path::new("/nowhere/in"))
}

fn came_from(loaded: &Loaded) -> Vec<LoadedFrom> {
    loaded.files.iter().map(|file| file.from.clone()).collect()
}

#[test]
fn from_files_that_are_not_on_disk() {
    let list = format!("include: [parts/b.yaml]\nsections: [{{ title: T, items: [{ITEM}] }}]\n");
    let files = [
        (".gonogo/checklist.yaml", list.as_str()),
        (".gonogo/parts/b.yaml", "checklist: B\ninclude: [builtin:general]\n"),
        ("in/own.yaml", "checklist: Own\ninclude: [../.gonogo/parts/b.yaml]\n"),
    ];
    let loaded = from_memory(&files, &Choice::Find).expect("loads");
    assert_eq!(loaded.checklist.name.as_str(), "B");
    assert_eq!(
        came_from(&loaded),
        [
            LoadedFrom::Inside(path(".gonogo/checklist.yaml")),
            LoadedFrom::Inside(path(".gonogo/parts/b.yaml")),
            LoadedFrom::Builtin("general"),
        ]
    );
    let own = from_memory(&files, &Choice::Path("own.yaml".into())).expect("loads");
    assert_eq!(own.checklist.name.as_str(), "Own");
    assert_eq!(own.files[1], loaded.files[1], "the same file has the same digest");
    let missing = from_memory(&files, &Choice::Path("../onw.yaml".into())).expect_err("none");
    assert!(missing.render(false).contains("there is no checklist `../onw.yaml`"), "{missing}");
}

#[test]
fn the_digest_is_of_the_text_and_not_of_its_line_ends() {
    let text = format!("checklist: A\nsections: [{{ title: T, items: [{ITEM}] }}]\n");
    let digest = |text: &str| {
        let loaded = from_memory(&[(".gonogo.yaml", text)], &Choice::Find).expect("loads");
        loaded.files[0].digest.clone()
    };
    assert_eq!(digest(&text.replace('\n', "\r\n")), digest(&text));
    assert_ne!(digest(&text.replace("W.", "V.")), digest(&text));
    assert_ne!(digest(&format!("{text}# more\n")), digest(&text));
}

#[test]
fn what_decides_which_built_in_list_fits_is_named() {
    let files = [("README.md", "flask"), ("shop/app.py", "from flask import Flask\n")];
    let loaded = from_memory(&files, &Choice::Find).expect("loads");
    assert_eq!(came_from(&loaded), [LoadedFrom::Builtin("flask-production")]);
    assert_eq!(loaded.decided_by, Some(path("shop/app.py")));
    let loaded = from_memory(&files[..1], &Choice::Find).expect("loads");
    assert_eq!(came_from(&loaded), [LoadedFrom::Builtin("general")]);
    assert_eq!(loaded.decided_by, None);
}

#[test]
fn a_file_from_outside_is_named_with_its_place() {
    let sandbox = Sandbox::new();
    let other = tempfile::tempdir().expect("a folder");
    let folder = other.path().canonicalize().expect("there");
    std::fs::write(folder.join("list.yaml"), "checklist: x\ninclude: [b.yaml]\n").expect("written");
    std::fs::write(folder.join("b.yaml"), "checklist: b\n").expect("written");
    let choice = Choice::Path(folder.join("list.yaml"));
    let loaded = load(&sandbox.repo(), &choice, &sandbox.path()).expect("loads");
    let expected = ["list.yaml", "b.yaml"].map(|name| LoadedFrom::Outside(folder.join(name)));
    assert_eq!(came_from(&loaded), expected);
    // a link in the repository that leads there is no file of the repository
    sandbox.link("link.yaml", &folder.join("list.yaml").to_string_lossy());
    let choice = Choice::Path("link.yaml".into());
    let loaded = load(&sandbox.repo(), &choice, &sandbox.path()).expect("loads");
    assert_eq!(came_from(&loaded), expected);
}

#[test]
fn a_link_that_leads_nowhere_is_no_absence() {
    let sandbox = Sandbox::new();
    sandbox.link(".gonogo.yaml", "gone.yaml");
    let error = load(&sandbox.repo(), &Choice::Find, &sandbox.path()).expect_err("a dead link");
    assert!(error.render(false).contains("`.gonogo.yaml` is a link"), "{error}");
}

/// What is said of a checklist that is too much.
fn refused(files: &[(&str, &str)]) -> String {
    let error = from_memory(files, &Choice::Find).expect_err("too much");
    let errors = error.diagnostics.iter().filter(|told| told.error).count();
    assert_eq!(errors, 1, "it is said once");
    error.render(false)
}

#[test]
fn variables_do_not_make_a_short_file_long() {
    let value = "x".repeat(100_000);
    let uses = "${a}".repeat(9_000);
    let list = |fields: &str| {
        format!(
            "checklist: x\nvars: {{ a: {value} }}\nsections:\n  - title: T\n    items:\n      - {{ id: a, title: A, severity: low, {fields} }}\n"
        )
    };
    for fields in [
        format!("sign_off: {{ valid: 9d }}, why: '{uses}'"),
        format!("sign_off: {{ valid: 9d }}, why: W., failing: '{uses}'"),
        format!("sign_off: {{ valid: 9d }}, why: W., fix: {{ code: '{uses}' }}"),
        format!("sign_off: {{ valid: 9d, covers: ['{uses}'] }}, why: W."),
        format!("check: {{ text: {{ forbid: '{uses}', globs: ['*'] }} }}, why: W."),
    ] {
        let said = refused(&[(".gonogo.yaml", &list(&fields))]);
        assert!(said.contains("larger than 8 MiB") && said.contains(".gonogo.yaml:6"), "{said}");
    }
    let titles = format!(
        "checklist: x\nvars: {{ a: {value} }}\nsections: [{{ title: '{uses}', items: [{ITEM}] }}]\n"
    );
    assert!(refused(&[(".gonogo.yaml", &titles)]).contains("larger than 8 MiB"));
    let path =
        list("sign_off: { valid: 9d }, why: W.") + &format!("environment: {{ file: '{uses}' }}\n");
    assert!(refused(&[(".gonogo.yaml", &path)]).contains("env file is too long"));
    let some = list("sign_off: { valid: 9d }, why: '${a} ${a} ${a}'");
    assert!(from_memory(&[(".gonogo.yaml", &some)], &Choice::Find).is_ok());
}

#[test]
fn all_files_together_have_at_most_so_many_items() {
    let many = |from: usize| -> String {
        let items: String = (from..from + 500)
            .map(|n| format!("      - {{ id: i-{n}, title: A, severity: low, why: W., sign_off: {{ valid: 9d }} }}\n"))
            .collect();
        format!("sections:\n  - title: T\n    items:\n{items}")
    };
    let parts = ["a.yaml", "b.yaml", "c.yaml", "d.yaml"];
    let texts: Vec<String> = (0..4).map(|n| many(n * 500)).collect();
    let top =
        |rest: &str| format!("checklist: x\ninclude: [a.yaml, b.yaml, c.yaml, d.yaml]\n{rest}");
    let mut files: Vec<(&str, &str)> =
        parts.into_iter().zip(&texts).map(|(name, text)| (name, text.as_str())).collect();
    let fits = top("");
    files.push((".gonogo.yaml", &fits));
    assert_eq!(from_memory(&files, &Choice::Find).expect("fits").checklist.items().count(), 2000);
    let more = top(&format!("sections: [{{ title: T, items: [{ITEM}] }}]\n"));
    files.pop();
    files.push((".gonogo.yaml", &more));
    assert!(refused(&files).contains("more than 2000 items"));
}
