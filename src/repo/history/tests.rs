use std::cell::Cell;

use super::*;
use crate::repo::support::{Sandbox, git};

/// Looks for names that end so, by what they hold.
struct Ending {
    ending: &'static str,
    holding: Option<&'static str>,
    steps: Cell<usize>,
}

impl Ending {
    fn new(ending: &'static str, holding: Option<&'static str>) -> Self {
        Self { ending, holding, steps: Cell::new(usize::MAX) }
    }
}

impl Wanted for Ending {
    fn wants(&self, path: &RepoPath) -> bool {
        path.to_string().ends_with(self.ending)
    }

    fn needs(&self, _: &RepoPath) -> Option<usize> {
        self.holding.map(|_| 1000)
    }

    fn counts(&self, _: &RepoPath, content: Option<&[u8]>) -> bool {
        let content = String::from_utf8_lossy(content.unwrap_or_default()).into_owned();
        self.holding.is_some_and(|part| content.contains(part))
    }

    fn go_on(&self) -> bool {
        let left = self.steps.get();
        self.steps.set(left.saturating_sub(1));
        left > 0
    }
}

fn search(sandbox: &Sandbox, wanted: &Ending) -> Vec<(String, String, usize, bool)> {
    let searched = sandbox.repo().search_history(wanted).expect("readable").expect("to the end");
    assert_eq!(searched.more, 0);
    searched
        .held
        .iter()
        .map(|held| {
            let subject = sandbox.git(&["log", "-1", "--format=%s", held.first.as_str()]);
            (held.path.to_string(), subject, held.commits, held.in_head)
        })
        .collect()
}

fn held(path: &str, first: &str, commits: usize, in_head: bool) -> (String, String, usize, bool) {
    (path.to_owned(), first.to_owned(), commits, in_head)
}

#[test]
fn what_is_gone_is_found() {
    let sandbox = Sandbox::new();
    sandbox.write("app.py", "1").commit("one");
    sandbox.write(".env", "A=1").write("deep/er/prod.env", "A=1").commit("two");
    sandbox.write("app.py", "2").commit("three");
    sandbox.git(&["rm", "-q", ".env"]);
    sandbox.commit("four");
    let found = search(&sandbox, &Ending::new(".env", None));
    assert_eq!(found, [held(".env", "two", 2, false), held("deep/er/prod.env", "two", 3, true)]);
}

#[test]
fn content_decides_when_it_is_asked_for() {
    let sandbox = Sandbox::new();
    sandbox.write(".env", "A=").commit("empty");
    sandbox.write(".env", "A=secret").commit("with a value");
    sandbox.write("copy.env", "A=").commit("beside it");
    sandbox.write(".env", "A=").commit("empty again");
    let found = search(&sandbox, &Ending::new(".env", Some("secret")));
    assert_eq!(found, [held(".env", "with a value", 2, false)]);
    // the same blob elsewhere, in a folder that is the same tree elsewhere
    sandbox.write("a/x/.env", "A=secret").write("b/x/.env", "A=secret").commit("twice");
    let found = search(&sandbox, &Ending::new(".env", Some("secret")));
    let twice = [held("a/x/.env", "twice", 1, true), held("b/x/.env", "twice", 1, true)];
    assert_eq!(found[1..], twice);
}

#[test]
fn every_ref_counts_but_gonogos_own() {
    let sandbox = Sandbox::new();
    sandbox.write("a", "1").commit("first");
    for (name, add) in [("branch", "branch"), ("gone", "tag"), ("stashed", "stash"), ("own", "own")]
    {
        sandbox.git(&["checkout", "-q", "-b", name]);
        sandbox.write(&format!("{add}.env"), "A=1");
        if add == "stash" {
            sandbox.git(&["stash", "-q", "-u"]);
        } else {
            sandbox.commit(add);
        }
        match add {
            "tag" => sandbox.git(&["tag", "-a", "-m", "t", "v1"]),
            "own" => sandbox.git(&["update-ref", "refs/gonogo/ledger", "HEAD"]),
            _ => String::new(),
        };
        sandbox.git(&["checkout", "-q", "main"]);
        if add != "branch" {
            sandbox.git(&["branch", "-q", "-D", name]);
        }
    }
    sandbox.git(&["tag", "a-tree", "HEAD^{tree}"]);
    sandbox.git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/none"]);
    sandbox.git(&["checkout", "-q", "--detach"]);
    sandbox.write("detached.env", "A=1").commit("detached");
    let found = search(&sandbox, &Ending::new(".env", None));
    let paths: Vec<&str> = found.iter().map(|found| found.0.as_str()).collect();
    assert_eq!(paths, ["branch.env", "detached.env", "stash.env", "tag.env"]);
}

#[test]
fn a_merge_has_two_pasts() {
    let sandbox = Sandbox::new();
    sandbox.write("a", "1").commit("first");
    sandbox.git(&["checkout", "-q", "-b", "side"]);
    sandbox.write("s.env", "A=1").commit("side");
    sandbox.git(&["rm", "-q", "s.env"]);
    sandbox.commit("removed");
    sandbox.git(&["checkout", "-q", "main"]);
    sandbox.write("a", "2").commit("main");
    sandbox.git(&["merge", "-q", "--no-edit", "side"]);
    sandbox.git(&["branch", "-D", "side"]);
    assert_eq!(search(&sandbox, &Ending::new(".env", None)), [held("s.env", "side", 1, false)]);
}

#[test]
fn no_commit_is_no_error() {
    let searched = Sandbox::new().repo().search_history(&Ending::new("", None));
    assert_eq!(searched.expect("readable").expect("to the end").commits, 0);
}

#[test]
fn it_can_be_given_up() {
    let sandbox = Sandbox::new();
    sandbox.write("a", "1").commit("first");
    let wanted = Ending::new("", None);
    wanted.steps.set(0);
    assert!(sandbox.repo().search_history(&wanted).expect("readable").is_none());
}

#[test]
fn a_part_of_the_history_is_not_taken_for_the_whole() {
    let origin = Sandbox::new();
    origin.git(&["config", "uploadpack.allowFilter", "true"]);
    origin.write(".env", "A=secret").commit("with");
    origin.git(&["rm", "-q", ".env"]);
    origin.write("a", "1").commit("without");
    let url = format!("file://{}", origin.path().display());
    let clone = |name: &str, option: &str| {
        let folder = tempfile::tempdir().expect("a folder");
        git(folder.path(), &["clone", "-q", option, &url, name]);
        let repo = Repo::discover(&folder.path().join(name)).expect("a repository");
        (folder, repo)
    };
    let wanted = Ending::new(".env", Some("secret"));
    let (_folder, shallow) = clone("shallow", "--depth=1");
    let error = shallow.search_history(&wanted).expect_err("shallow");
    assert!(error.to_string().contains("git fetch --unshallow"), "{error}");
    // its worktrees are as shallow
    git(shallow.root(), &["worktree", "add", "-q", "tree"]);
    let tree = Repo::discover(&shallow.root().join("tree")).expect("a worktree");
    assert!(tree.search_history(&wanted).is_err());
    for filter in ["--filter=blob:none", "--filter=tree:0"] {
        let (_folder, partial) = clone("partial", filter);
        let error = partial.search_history(&wanted).expect_err("partial");
        assert!(error.to_string().contains("partial clone"), "{error}");
    }
}

#[test]
fn a_broken_repository_is_not_clean() {
    let sandbox = Sandbox::new();
    sandbox.write("sub/.env", "A=1").commit("first");
    sandbox.git(&["rm", "-rq", "sub"]);
    let tree = sandbox.git(&["rev-parse", "HEAD:sub"]);
    sandbox.write("a", "1").commit("second");
    let (folder, file) = tree.split_at(2);
    std::fs::remove_file(sandbox.path().join(".git/objects").join(folder).join(file))
        .expect("gone");
    let error = sandbox.repo().search_history(&Ending::new(".env", None)).expect_err("broken");
    assert!(error.to_string().contains("could not read a folder"), "{error}");
}
