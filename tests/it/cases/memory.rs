//! Cases on files in memory: no process, no disk, milliseconds.

use std::sync::mpsc;

use gonogo::check::table;
use gonogo::engine::{self, Event, Job, Settings};
use gonogo::facts::Doors;
use gonogo::model::{Environment, ItemOutcome, ItemResult, RepoPath};
use gonogo::repo::{Memory, Tree as _};
use serde_json::json;

use super::{Case, text};

/// Kinds that ask no git and no mode of a file.
const KINDS: [&str; 8] = [
    "env_distinct",
    "env_keys",
    "file_present",
    "hardcoded_setting",
    "private_keys",
    "secret_strength",
    "text",
    "todo",
];

/// Whether a case needs no more than files.
pub(super) fn suits(case: &Case) -> bool {
    if case.rests_on.is_some() {
        return false;
    }
    let kind =
        case.check.as_ref().and_then(serde_yaml::Value::as_mapping).filter(|map| map.len() == 1);
    let known = kind.is_some_and(|map| {
        map.keys().all(|key| key.as_str().is_some_and(|key| KINDS.contains(&key)))
            && !map.values().any(|parameters| parameters.get("blame").is_some())
    });
    // what is committed and then deleted or changed is a matter for git
    let mut committed = false;
    let plain = case.setup.iter().flatten().all(|(verb, _)| match verb.as_str() {
        "write" | "write_hex" => !committed,
        "commit" => {
            committed = true;
            true
        }
        _ => false,
    });
    // what a work tree leaves out of a search, files in memory do not
    let own = case.setup.iter().flatten().all(|(_, what)| {
        let mut paths = what.as_mapping().into_iter().flatten().map(|(path, _)| text(path));
        !paths.any(|path| path.contains("node_modules"))
    });
    known && plain && own && case.environment.is_none() && case.variables.is_empty()
}

/// Runs the check through the engine and gives the item as a report has it.
pub(super) fn run(case: &Case) -> Result<serde_json::Value, String> {
    let check = case.check.as_ref().and_then(serde_yaml::Value::as_mapping);
    let (kind, parameters) = check.and_then(|map| map.iter().next()).ok_or("no check")?;
    let kind = kind.as_str().and_then(table::find).ok_or("no such kind")?;
    let parameters = match parameters {
        serde_yaml::Value::Null => serde_yaml::Value::Mapping(serde_yaml::Mapping::new()),
        given => given.clone(),
    };
    let check = (kind.parse)(&parameters).map_err(|mistakes| format!("{mistakes:?}"))?;
    let job = Job { item: "the-case".parse().expect("an id"), checks: vec![(kind.name, check)] };
    let settings = Settings {
        now: jiff::Timestamp::now(),
        environment: Environment::default(),
        env_file_named: false,
        list: Vec::new(),
        offline: true,
        background: false,
    };
    let (sender, events) = mpsc::channel();
    let sink = move |event| {
        let _ = sender.send(event);
    };
    engine::start(Doors::of_memory(files(case)?), vec![job], settings, sink).wait();
    let ended = events.into_iter().find_map(|event| match event {
        Event::Finished { result, .. } => Some(result),
        _ => None,
    });
    Ok(item(&ended.ok_or("the check did not end")?))
}

/// The files of a case: tracked when a commit follows and no rule ignores them.
fn files(case: &Case) -> Result<Memory, String> {
    let commits = case.setup.iter().flatten().any(|(verb, _)| verb == "commit");
    let mut written = Vec::new();
    for (verb, what) in case.setup.iter().flatten() {
        for (path, content) in what.as_mapping().into_iter().flatten() {
            let (path, content) = (text(path), text(content));
            let bytes = match verb.as_str() {
                "write_hex" => data_encoding::HEXLOWER_PERMISSIVE
                    .decode(content.as_bytes())
                    .map_err(|error| error.to_string())?,
                _ => content.into_bytes(),
            };
            written.push((path, bytes));
        }
    }
    let add = |files: Memory, path: &str, bytes: &[u8], tracked: bool| {
        let with = if tracked { Memory::with } else { Memory::with_untracked };
        with(files, path, bytes, 0o644).map_err(|error| error.to_string())
    };
    let mut loose = Memory::default();
    for (path, bytes) in &written {
        loose = add(loose, path, bytes, false)?;
    }
    let mut files = Memory::default();
    for (path, bytes) in &written {
        let known = RepoPath::new(path).map_err(|error| error.to_string())?;
        let ignored = loose.ignored(&known, false).map_err(|error| error.to_string())?;
        files = add(files, path, bytes, commits && ignored.here.is_none())?;
    }
    Ok(files)
}

fn item(result: &ItemResult) -> serde_json::Value {
    let standing = match result.outcome() {
        ItemOutcome::Fails => "failed",
        ItemOutcome::Errored => "errored",
        ItemOutcome::Undecided => "undecided",
        ItemOutcome::Holds => "passed",
        ItemOutcome::NotApplicable => "not_applicable",
    };
    json!({
        "standing": standing,
        "looked_at": result.looked_at(),
        "findings": result.findings().collect::<Vec<_>>(),
        "undecided": result.needs().collect::<Vec<_>>(),
        "errors": result.errors().map(ToString::to_string).collect::<Vec<_>>(),
        "notes": result.notes().collect::<Vec<_>>(),
    })
}
