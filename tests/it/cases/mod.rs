//! Runs the cases under `tests/cases`: small repositories as data, each with
//! what a check must see in it. Those that need files alone run in memory, and
//! the first of each kind in the real program as well; those that need git, modes
//! or links run in the real program on a real repository.

mod memory;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use serde::Deserialize;

use crate::support::Scene;

/// One case.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Case {
    about: String,
    /// The `check:` of an item.
    check: Option<serde_yaml::Value>,
    /// The `environment:` of the checklist.
    environment: Option<serde_yaml::Value>,
    /// Variables that gonogo is started with.
    #[serde(default)]
    variables: BTreeMap<String, String>,
    /// Instead of a check: `LIST/ID`, an item of a built-in checklist.
    item: Option<String>,
    /// Instead of a check: a checklist in the repository, of which item `a` is asked.
    list: Option<String>,
    #[serde(default)]
    setup: Vec<BTreeMap<String, serde_yaml::Value>>,
    outcome: String,
    findings: Option<Vec<String>>,
    #[serde(default)]
    says: Vec<String>,
    #[serde(default)]
    never: Vec<String>,
    /// On which files the result rests, `only here: ` before those that no clone
    /// has; not asked when it is left out. Such a case runs in the real program.
    rests_on: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum File {
    Many(Vec<Case>),
    One(Box<Case>),
}

#[test]
fn every_case_comes_out_as_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files = Vec::new();
    collect(&folder, &mut files);
    let wrong = Mutex::new(Vec::new());
    let ran = AtomicUsize::new(0);
    let in_memory = AtomicUsize::new(0);
    // while writing: `CASES=git_ignored/ cargo test --test it cases::every_case`
    let asked = std::env::var("CASES").unwrap_or_default();
    files.retain(|path| path.to_string_lossy().contains(&asked));
    files.sort();
    files.par_iter().for_each(|path| {
        let name = path.strip_prefix(&folder).expect("below").display().to_string();
        let text = fs::read_to_string(path).expect("text");
        let cases = match serde_yaml::from_str(&text) {
            Ok(File::Many(cases)) => cases,
            Ok(File::One(case)) => vec![*case],
            Err(error) => {
                let error =
                    format!("{name}: {error} {:?}", serde_yaml::from_str::<Case>(&text).err());
                wrong.lock().expect("no panic").push(error);
                return;
            }
        };
        let first = is_first(path);
        for case in cases {
            ran.fetch_add(1, Ordering::Relaxed);
            if memory::suits(&case) {
                in_memory.fetch_add(1, Ordering::Relaxed);
                let judged =
                    memory::run(&case).and_then(|item| judge(&case, &item, &item.to_string()));
                if let Err(problem) = judged {
                    let told = format!("{name} in memory ({}): {problem}", case.about);
                    wrong.lock().expect("no panic").push(told);
                }
                if !first {
                    continue;
                }
            }
            if let Err(problem) = run(&case) {
                let told = format!("{name} ({}): {problem}", case.about);
                wrong.lock().expect("no panic").push(told);
            }
        }
    });
    let mut wrong = wrong.into_inner().expect("no panic");
    wrong.sort();
    let ran = ran.into_inner();
    let in_memory = in_memory.into_inner();
    assert!(ran > 100 || !asked.is_empty(), "only {ran} cases were found");
    assert!(
        in_memory * 2 > ran || !asked.is_empty(),
        "only {in_memory} of {ran} cases ran in memory"
    );
    assert!(wrong.is_empty(), "{} of {ran} cases:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_shipped_item_with_a_check_has_a_good_and_a_bad_example() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/items");
    let mut missing = Vec::new();
    let mut seen = 0;
    for list in ["flask-production", "general"] {
        let scene = Scene::new();
        let name = format!("builtin:{list}");
        let report = scene.gonogo(&["check", "--format", "json", "--checklist", &name]).json();
        for item in report["items"].as_array().expect("items") {
            if item["mode"] == "manual" {
                continue;
            }
            seen += 1;
            let id = item["id"].as_str().expect("an id");
            let text = fs::read_to_string(folder.join(list).join(format!("{id}.yaml")));
            let text = text.unwrap_or_default();
            let reference = format!("item: {list}/{id}");
            for outcome in ["outcome: holds", "outcome: fails"] {
                if !text.contains(outcome) || !text.contains(&reference) {
                    missing.push(format!("{list}/{id}: {outcome}"));
                }
            }
        }
    }
    assert!(seen > 15, "only {seen} items have checks");
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

fn collect(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, out);
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            out.push(path);
        }
    }
}

/// Whether a file is the first of its folder.
fn is_first(path: &Path) -> bool {
    let folder = path.parent().expect("a folder");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("a folder")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "yaml"))
        .collect();
    files.sort();
    files.first().is_some_and(|first| first == path)
}

fn run(case: &Case) -> Result<(), String> {
    let scene = Scene::new();
    for act in &case.setup {
        for (verb, what) in act {
            perform(&scene, verb, what)?;
        }
    }
    let (checklist, id) = match (&case.check, &case.item) {
        (Some(check), None) => {
            (write_checklist(&scene, check, case.environment.as_ref()), "the-case".to_owned())
        }
        (None, Some(item)) => {
            let (list, id) = item.split_once('/').ok_or("item: is LIST/ID")?;
            (format!("builtin:{list}"), id.to_owned())
        }
        (None, None) => match &case.list {
            Some(list) => (list.clone(), "a".to_owned()),
            None => return Err("a case has check:, item: or list:".to_owned()),
        },
        _ => return Err("a case has either check: or item:".to_owned()),
    };
    let args = ["check", "--format", "json", "--offline", "--checklist", &checklist, "--only", &id];
    let output = scene.run(scene.gonogo_command().args(args).envs(&case.variables));
    if output.code > 1 {
        return Err(format!("exit code {}: {}", output.code, output.err));
    }
    judge(case, &output.json()["items"][0], &output.out)
}

fn judge(case: &Case, item: &serde_json::Value, all: &str) -> Result<(), String> {
    let standing = item["standing"].as_str().unwrap_or_default();
    let outcome = match standing {
        "passed" => "holds",
        "failed" | "unsigned" => "fails",
        "errored" => "error",
        "undecided" => "undecided",
        other => other,
    };
    if outcome != case.outcome {
        return Err(format!("came out as {outcome}, not {}: {item:#}", case.outcome));
    }
    let findings = item["findings"].as_array().cloned().unwrap_or_default();
    let places: Vec<String> = findings.iter().map(place).collect();
    match &case.findings {
        Some(expected) if *expected != places => {
            return Err(format!("places {places:?}, not {expected:?}: {item:#}"));
        }
        None if outcome == "fails" => return Err("a failing case names its findings".to_owned()),
        _ => {}
    }
    let said = format!("{item:#}");
    if let Some(words) = case.says.iter().find(|words| !said.contains(json_text(words).as_str())) {
        return Err(format!("does not say {words:?}: {said}"));
    }
    if let Some(expected) = &case.rests_on {
        let paths = |field: &str, before: &str| -> Vec<String> {
            let paths = item[field].as_array().cloned().unwrap_or_default();
            let paths = paths.iter().filter_map(serde_json::Value::as_str);
            paths.map(|path| format!("{before}{path}")).collect()
        };
        let rests = [paths("rests_on", ""), paths("only_here", "only here: ")].concat();
        if rests != *expected {
            return Err(format!("rests on {rests:?}, not {expected:?}: {said}"));
        }
    }
    if let Some(secret) = case.never.iter().find(|secret| all.contains(secret.as_str())) {
        return Err(format!("leaks {secret:?}: {said}"));
    }
    Ok(())
}

/// A text as it stands within a JSON document.
fn json_text(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted.trim_matches('"').to_owned()
}

fn place(finding: &serde_json::Value) -> String {
    let Some(path) = finding["path"].as_str() else {
        return "-".to_owned();
    };
    let mut place = path.to_owned();
    for part in ["line", "column"] {
        if let Some(n) = finding[part].as_u64() {
            place.push_str(&format!(":{n}"));
        }
    }
    place
}

fn write_checklist(
    scene: &Scene,
    check: &serde_yaml::Value,
    environment: Option<&serde_yaml::Value>,
) -> String {
    let mut document = serde_json::json!({
        "checklist": "the case",
        "sections": [{"title": "The case", "items": [{
            "id": "the-case", "title": "It holds", "severity": "high", "why": "A test.",
            "check": check,
        }]}],
    });
    if let Some(environment) = environment {
        document["environment"] = serde_json::to_value(environment).expect("plain values");
    }
    let path = scene.beside("checklist.yaml");
    // JSON is YAML
    fs::write(&path, document.to_string()).expect("a checklist");
    path.to_string_lossy().into_owned()
}

fn perform(scene: &Scene, verb: &str, what: &serde_yaml::Value) -> Result<(), String> {
    let pairs = || -> Vec<(String, String)> {
        let map = what.as_mapping().into_iter().flatten();
        map.map(|(key, value)| (text(key), text(value))).collect()
    };
    let list = || -> Vec<String> { what.as_sequence().into_iter().flatten().map(text).collect() };
    match verb {
        "write" => {
            for (path, content) in pairs() {
                scene.write(&path, content);
            }
        }
        "write_hex" => {
            for (path, digits) in pairs() {
                let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(digits.as_bytes());
                scene.write(&path, bytes.map_err(|error| error.to_string())?);
            }
        }
        "mode" => {
            for (path, mode) in pairs() {
                let mode = u32::from_str_radix(&mode, 8).map_err(|error| error.to_string())?;
                scene.mode(&path, mode);
            }
        }
        "pipe" => {
            for (path, mode) in pairs() {
                let mut made = std::process::Command::new("mkfifo");
                let made = made
                    .arg(scene.root().join(&path))
                    .status()
                    .map_err(|error| error.to_string())?;
                assert!(made.success(), "mkfifo {path}");
                scene.mode(&path, u32::from_str_radix(&mode, 8).expect("octal"));
            }
        }
        "socket" => {
            for (path, mode) in pairs() {
                let bound = std::os::unix::net::UnixListener::bind(scene.root().join(&path));
                drop(bound.map_err(|error| error.to_string())?);
                scene.mode(&path, u32::from_str_radix(&mode, 8).expect("octal"));
            }
        }
        "link" => {
            for (path, target) in pairs() {
                let path = scene.root().join(path);
                fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
                symlink(target, path).map_err(|error| error.to_string())?;
            }
        }
        "delete" => {
            for path in list() {
                fs::remove_file(scene.root().join(&path))
                    .map_err(|error| format!("{path}: {error}"))?;
            }
        }
        "commit" => {
            scene.commit(&text(what));
        }
        "force_add" => {
            for path in list() {
                scene.git(&["add", "--force", &path]);
            }
        }
        // git's copy of a file, which stays on disk
        "lose" => {
            for path in list() {
                let name = scene.git(&["rev-parse", &format!(":{path}")]);
                let (folder, file) = name.trim().split_at(2);
                let object = scene.root().join(".git/objects").join(folder).join(file);
                fs::remove_file(object).map_err(|error| format!("{path}: {error}"))?;
            }
        }
        "git" => {
            let args = list();
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            let output = scene.try_git(&args);
            if output.code != 0 {
                return Err(format!("git {args:?}: {output:?}"));
            }
        }
        other => return Err(format!("there is no act `{other}`")),
    }
    Ok(())
}

fn text(value: &serde_yaml::Value) -> String {
    match value {
        serde_yaml::Value::String(text) => text.clone(),
        other => serde_yaml::to_string(other).unwrap_or_default().trim_end().to_owned(),
    }
}
