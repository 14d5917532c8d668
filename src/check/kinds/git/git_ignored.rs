//! `git_ignored`: git leaves certain paths out, whether or not they exist.

mod named;

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use self::named::Named;
use crate::check::fixes::{Ignore, Untrack};
use crate::check::{Check, Fix, rests};
use crate::facts::{EnvLoading, EnvState, Facts, How, Loader};
use crate::lang::{gitignore, shell};
use crate::model::{
    Cancel, CheckError, Environment, Finding, Need, Note, Observation, Place, RepoPath, RuleId,
    Subject,
};
use crate::repo::{Ignored, Rule, RuleFile, Wanted};

/// Git ignores each of these paths.
///
/// Asked as `git check-ignore --no-index` asks: whether a rule names the path;
/// one that does not exist counts as if it did. A rule has no effect on a file
/// that git tracks: that the file is tracked is a finding of its own, and with
/// `only_if_used` a note, since such a list asks with `git_untracked` whether
/// the file may be tracked. Only `.gitignore` files count: `.git/info/exclude` and the person's own
/// `core.excludesFile` stay on this machine, so that every other clone would
/// commit the file. Each path that no rule ignores is a finding, with the line
/// to add.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GitIgnored {
    /// The paths, from the repository's root. One that ends in `/` is a folder,
    /// which is ignored, too, when whatever could be put into it is, apart from
    /// files that keep it in git (`.gitkeep`, `.keep`, `.gitignore`, `.gitattributes`).
    #[serde(deserialize_with = "named::at_least_one")]
    paths: Vec<Named>,
    /// Ask only about env files that are used: the path itself when it is on
    /// disk or named by the team's checklist; a file of its name in each folder
    /// whose code, compose file or scripts load one. A file that the history has
    /// and nothing loads, or a call that does not say which file it loads, leave
    /// the check undecided; without any of these it is not applicable. A tracked
    /// file that a rule names is noted and passes: ask `git_untracked` beside it.
    #[serde(default)]
    only_if_used: bool,
}

const NOT_IGNORED: RuleId = RuleId::new("git_ignored.not_ignored");
const TRACKED: RuleId = RuleId::new("git_ignored.tracked");
const USE_UNKNOWN: RuleId = RuleId::new("git_ignored.use_unknown");
const WAS_TRACKED: RuleId = RuleId::new("git_ignored.was_tracked");
const NAME_UNKNOWN: RuleId = RuleId::new("git_ignored.name_unknown");

impl Check for GitIgnored {
    fn judge(&self, cx: &Facts<'_>) -> Result<Observation, CheckError> {
        let (mut findings, mut needs, mut asked) = (Vec::new(), Vec::new(), Vec::new());
        let (mut rests_on, mut notes) = (Vec::new(), Vec::new());
        for named in &self.paths {
            cx.cancel.check()?;
            let ignored = cx.tree.ignored(&named.path, named.folder)?;
            let shared = ignored.shared.is_some();
            let tracked =
                if shared { tracked_though_ignored(cx, &named.path)? } else { Vec::new() };
            match self.only_if_used {
                true => notes.extend(tracked.iter().map(noted)),
                false => findings.extend(tracked.iter().map(without_effect)),
            }
            if shared || !self.only_if_used {
                rests_on.extend(not_committed(&ignored));
                asked.push(named.path.clone());
                findings.extend(against(cx, named, &ignored, None)?);
            }
            if !self.only_if_used {
                continue;
            }
            match used(cx, &named.path, shared)? {
                Used::As(paths) => {
                    for (path, loader) in paths {
                        let named = Named { path, folder: named.folder };
                        let ignored = cx.tree.ignored(&named.path, named.folder)?;
                        rests_on.extend(not_committed(&ignored));
                        findings.extend(against(cx, &named, &ignored, loader.as_ref())?);
                        asked.push(named.path);
                    }
                }
                Used::Unknown(need) => needs.push(need),
                Used::Not => {}
            }
        }
        let all = |paths: &mut dyn Iterator<Item = &RepoPath>| {
            paths.map(|path| format!("`{path}`")).collect::<Vec<_>>().join(", ")
        };
        if asked.is_empty() && needs.is_empty() {
            let paths = all(&mut self.paths.iter().map(|named| &named.path));
            let why =
                format!("nothing loads {paths}, and neither disk nor history has such a file");
            return Ok(Observation::not_applicable(why));
        }
        let looked_at = format!("git's ignore rules for {}", all(&mut asked.iter()));
        // one that is ignored itself is no change that git tells of
        let here = rests::not_tracked(cx, &rests_on.iter().collect())?;
        let seen = Observation::judge(findings, looked_at).needing(needs).noting(notes);
        Ok(seen.resting_on(rests_on).resting_on_here(here))
    }

    fn asks_history(&self, name: &[u8]) -> bool {
        let mut names = self.paths.iter().map(|named| named.path.name().as_encoded_bytes());
        self.only_if_used && names.any(|asked| asked == name)
    }

    fn fixes(&self, seen: &Observation) -> Vec<Arc<dyn Fix>> {
        let found = seen.findings.iter().filter(|finding| finding.rule == NOT_IGNORED);
        let paths: Vec<_> = found
            .filter_map(|finding| {
                let path = finding.place()?.path.clone();
                let folder = self.paths.iter().any(|named| named.folder && named.path == path);
                Some((path, folder))
            })
            .collect();
        let tracked = seen.findings.iter().filter(|finding| finding.rule == TRACKED);
        let tracked: Vec<_> =
            tracked.filter_map(|finding| Some(finding.place()?.path.clone())).collect();
        let mut fixes: Vec<Arc<dyn Fix>> = Vec::new();
        if !paths.is_empty() {
            fixes.push(Arc::new(Ignore { paths, untrack: !self.only_if_used }));
        }
        if !tracked.is_empty() {
            fixes.push(Arc::new(Untrack::files(tracked)));
        }
        fixes
    }
}

/// The files at or below a path that git tracks although a rule names them. A
/// file that only keeps its folder in git is meant to be there.
fn tracked_though_ignored(cx: &Facts<'_>, path: &RepoPath) -> Result<Vec<RepoPath>, CheckError> {
    let below = |tracked: &RepoPath| {
        tracked.as_path().starts_with(path.as_path())
            && !(tracked != path && gitignore::KEEPERS.iter().any(|name| tracked.name() == *name))
    };
    let mut tracked = Vec::new();
    for (file, _) in cx.tree.blobs(&below)? {
        cx.cancel.check()?;
        if cx.tree.ignored(&file, false)?.shared.is_some() {
            tracked.push(file);
        }
    }
    Ok(tracked)
}

fn without_effect(path: &RepoPath) -> Finding {
    let message = format!("git tracks `{path}`, so the ignore rule that names it has no effect");
    Finding::new(TRACKED, Subject::of(path), message).at(Place::file(path.clone())).help(format!(
        "run `git rm --cached {}` and commit; it stays on your disk. Replace every secret that it held: they stay in the history",
        shell::word(path)
    ))
}

fn noted(path: &RepoPath) -> Note {
    let message = format!("git tracks `{path}`, so the ignore rule that names it has no effect");
    Note::new(message).at(Place::file(path.clone()))
}

/// What speaks against a path, if anything does.
fn against(
    cx: &Facts<'_>,
    named: &Named,
    ignored: &Ignored,
    loader: Option<&Loader>,
) -> Result<Option<Finding>, CheckError> {
    Ok(match (&ignored.shared, &ignored.here) {
        (Some(_), _) => None,
        (None, Some(rule)) => Some(only_here(named, rule)),
        (None, None) => Some(finding(cx, named, loader)?),
    })
}

/// The file whose rule ignores a path, while the commit's rules do not.
fn not_committed(ignored: &Ignored) -> Option<RepoPath> {
    match ignored.shared.as_ref().map(|rule| &rule.file) {
        Some(RuleFile::Gitignore(path)) if ignored.committed.is_none() => Some(path.clone()),
        _ => None,
    }
}

/// Whether and where a file of that name is used.
enum Used {
    /// At these paths, each with what loads it.
    As(Vec<(RepoPath, Option<Loader>)>),
    Not,
    /// It cannot be told.
    Unknown(Need),
}

/// `settled` says that the path itself needs no question.
fn used(cx: &Facts<'_>, path: &RepoPath, settled: bool) -> Result<Used, CheckError> {
    let mut paths: Vec<(RepoPath, Option<Loader>)> = Vec::new();
    let here = match cx.get::<EnvState>(&Environment::File(path.clone())) {
        Ok(state) => state.env().is_some(),
        Err(CheckError::Cancelled) => return Err(CheckError::Cancelled),
        // a folder, or not readable: it is there
        Err(_) => true,
    };
    let loading = cx.get::<EnvLoading>(&())?;
    let loads = |env: &RepoPath| loading.by.iter().find(|loader| loader.env == *env).cloned();
    if !settled && (here || cx.env_file_named && cx.environment.file() == Some(path)) {
        paths.push((path.clone(), loads(path)));
    }
    let asks =
        |loader: &&Loader| loader.env.name() == path.name() && !(settled && loader.env == *path);
    for loader in loading.by.iter().filter(asks) {
        if paths.iter().all(|(known, _)| *known != loader.env) {
            paths.push((loader.env.clone(), Some(loader.clone())));
        }
    }
    if settled || !paths.is_empty() {
        return Ok(Used::As(paths));
    }
    if let Some(place) = loading.unclear.first() {
        return Ok(Used::Unknown(name_unknown(path, place)));
    }
    if loading.cut {
        return Ok(Used::Unknown(use_unknown(path)));
    }
    let was = Was { path, cancel: cx.cancel };
    let Some(searched) = cx.search_history(&was)? else { return Err(CheckError::Cancelled) };
    Ok(match (searched.held.is_empty(), searched.unread.is_empty()) {
        (false, _) => Used::Unknown(was_tracked(path)),
        (true, true) => Used::Not,
        // a part of the history only
        (true, false) => Used::Unknown(use_unknown(path)),
    })
}

/// Asks the history whether it ever had a path.
struct Was<'a> {
    path: &'a RepoPath,
    cancel: &'a Cancel,
}

impl Wanted for Was<'_> {
    fn question(&self) -> Vec<String> {
        vec![format!("git_ignored {}", self.path)]
    }

    fn wants_name(&self, name: &[u8]) -> bool {
        self.path.name().as_encoded_bytes() == name
    }

    fn wants(&self, path: &RepoPath) -> bool {
        path == self.path
    }

    fn needs(&self, _: Option<&RepoPath>) -> Option<usize> {
        None
    }

    fn counts(&self, _: Option<&RepoPath>, _: &[u8]) -> bool {
        true
    }

    fn go_on(&self) -> bool {
        !self.cancel.is_cancelled()
    }
}

fn use_unknown(path: &RepoPath) -> Need {
    let message = format!(
        "git does not ignore `{path}`, and not all code and history could be read that would tell whether it is used"
    );
    Need::new(USE_UNKNOWN, Subject::of(path), message)
        .at(Place::file(path.clone()))
        .help(format!("add `{path}` to `.gitignore`: it costs one line"))
}

fn was_tracked(path: &RepoPath) -> Need {
    let message = format!(
        "git does not ignore `{path}`; the history has one, and nothing was seen that loads it today"
    );
    Need::new(WAS_TRACKED, Subject::of(path), message)
        .at(Place::file(path.clone()))
        .help(format!("add `{path}` to `.gitignore`: it costs one line"))
}

fn name_unknown(path: &RepoPath, loads: &Place) -> Need {
    let message = format!(
        "git does not ignore `{path}`, and `{loads}` loads an env file without saying which"
    );
    Need::new(NAME_UNKNOWN, Subject::of(path).and(&loads.path), message)
        .at(loads.clone())
        .help(format!("add `{path}` to `.gitignore`: it costs one line"))
}

/// A rule names it in another case, which counts where git is told so.
fn in_another_case(named: &Named, rule: &Rule, file: &RepoPath) -> Finding {
    let message = format!(
        "line {} of `{file}` ignores `{}` only where capital letters are as small ones, as here (`core.ignoreCase`)",
        rule.line, named.path
    );
    Finding::new(NOT_IGNORED, Subject::of(&named.path), message)
        .at(Place::file(named.path.clone()))
        .help("write the rule as the file is named")
}

/// A rule ignores it, and no other clone has that rule.
fn only_here(named: &Named, rule: &Rule) -> Finding {
    let file = match &rule.file {
        RuleFile::Gitignore(path) => return in_another_case(named, rule, path),
        RuleFile::Exclude => ".git/info/exclude".to_owned(),
        RuleFile::Personal(path) => path.to_string(),
    };
    let message = format!(
        "git ignores `{}` on this machine alone, by line {} of `{file}`",
        named.path, rule.line
    );
    Finding::new(NOT_IGNORED, Subject::of(&named.path), message)
        .at(Place::file(named.path.clone()))
        .help("add the rule to the `.gitignore` in the repository's top folder, which every clone has")
}

fn finding(cx: &Facts<'_>, named: &Named, loader: Option<&Loader>) -> Result<Finding, CheckError> {
    let path = &named.path;
    let loaded = loader.map(|Loader { place, how, .. }| match how {
        How::Loads => format!(", and `{place}` loads it"),
        How::Takes => format!(", and `{place}` takes a variable from it"),
        How::Depends => {
            format!(
                ", and the project depends on python-dotenv (`{place}`), so `flask run` loads it"
            )
        }
    });
    let line = gitignore::line(&path.to_string(), named.folder);
    let mut help = format!(
        "add the line `{line}` at the end of the `.gitignore` in the repository's top folder"
    );
    let tracked = is_tracked(cx, path)?;
    if tracked {
        help.push_str(
            "; git tracks the file, so keep secrets out of it, or stop tracking it: a rule alone changes nothing for a tracked file",
        );
    }
    let here = loader.is_some() || tracked || !matches!(cx.disk.look(Some(path)), Ok(None));
    let message = match here {
        true => format!("git does not ignore `{path}`{}", loaded.unwrap_or_default()),
        false => format!("git would not ignore `{path}`; there is none here"),
    };
    Ok(Finding::new(NOT_IGNORED, Subject::of(path), message)
        .at(Place::file(path.clone()))
        .at_all(loader.map(|loader| loader.place.clone()))
        .help(help))
}

fn is_tracked(cx: &Facts<'_>, path: &RepoPath) -> Result<bool, CheckError> {
    let mut found = false;
    cx.tree.each_tracked(&|tracked| tracked == path, |_| {
        found = true;
        Ok::<(), CheckError>(())
    })?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Order;
    use crate::model::Cancel;
    use crate::repo::support::Sandbox;

    #[test]
    fn the_fix_is_for_what_was_found() {
        let sandbox = Sandbox::new();
        sandbox.write(".gitignore", "*.key\n");
        let yaml = serde_yaml::from_str("paths: [.env, a.key, instance/]").expect("YAML");
        let check: GitIgnored = serde_yaml::from_value(yaml).expect("a check");
        let cancel = Cancel::default();
        let doors = crate::facts::Doors::of_worktree(Arc::new(sandbox.repo()));
        let see = || {
            let cx = Facts::new(&doors, jiff::Timestamp::UNIX_EPOCH, true, &cancel);
            check.judge(&cx).expect("seen")
        };
        let fixes = check.fixes(&see());
        let [fix] = &fixes[..] else { panic!("{fixes:?}") };
        assert_eq!(fix.title().as_str(), "add `.env` and `instance` to `.gitignore`");
        assert_eq!(fix.order(), Order::OutOfGit);
        let cx = Facts::new(&doors, jiff::Timestamp::UNIX_EPOCH, true, &cancel);
        let diff = fix.plan(&cx).expect("a plan").diff;
        assert_eq!(diff.last().expect("a line").as_str(), "+ instance/");
        sandbox.write(".gitignore", "*.key\n.env\ninstance/\n");
        assert!(check.fixes(&see()).is_empty());
    }
}
