mod gaps;
mod kept;
mod packed;
mod reach;

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::*;
use crate::repo::support::Sandbox;

/// Looks for names that end so, by what they hold.
struct Ending {
    ending: &'static str,
    holding: Option<&'static str>,
    most: usize,
    steps: AtomicUsize,
    /// How many contents were looked at.
    judged: AtomicUsize,
}

impl Ending {
    fn new(ending: &'static str, holding: Option<&'static str>) -> Self {
        let (steps, judged) = (AtomicUsize::new(usize::MAX), AtomicUsize::new(0));
        Self { ending, holding, most: 1000, steps, judged }
    }
}

impl Wanted for Ending {
    fn question(&self) -> Vec<String> {
        vec![format!("{} {:?} {}", self.ending, self.holding, self.most)]
    }

    fn wants_name(&self, name: &[u8]) -> bool {
        name.ends_with(self.ending.rsplit('/').next().unwrap_or_default().as_bytes())
    }

    fn wants(&self, path: &RepoPath) -> bool {
        path.to_string().ends_with(self.ending)
    }

    fn needs(&self, path: Option<&RepoPath>) -> Option<usize> {
        (path.is_none() || self.holding.is_some()).then_some(self.most)
    }

    fn counts(&self, _: Option<&RepoPath>, content: &[u8]) -> bool {
        self.judged.fetch_add(1, Relaxed);
        let content = String::from_utf8_lossy(content);
        content.contains(self.holding.unwrap_or("secret"))
    }

    fn go_on(&self) -> bool {
        self.steps.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)).is_ok()
    }
}

/// Without answers kept from other runs.
fn all(repo: &Repo, wanted: &Ending) -> Searched {
    repo.search_history_with(wanted, &History::default(), None)
        .expect("readable")
        .expect("to the end")
}

/// What is held, where nothing is in the way of reading everything.
fn search(sandbox: &Sandbox, wanted: &Ending) -> Vec<(String, String, usize, bool)> {
    let searched = all(&sandbox.repo(), wanted);
    assert_eq!(searched.unread, []);
    searched
        .held
        .iter()
        .map(|held| {
            let origin = match held.origin().expect("an origin") {
                Holder::Commit { id, .. } => {
                    sandbox.git(&["--no-replace-objects", "log", "-1", "--format=%s", id.as_str()])
                }
                Holder::Ref { name, .. } => name.to_string(),
            };
            (held.path.to_string(), origin, held.commits, held.in_head)
        })
        .collect()
}

/// The paths of the `.env` files, where nothing is in the way.
fn paths(sandbox: &Sandbox) -> Vec<String> {
    let found = search(sandbox, &Ending::new(".env", None));
    found.into_iter().map(|found| found.0).collect()
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
    let sandbox = Sandbox::new();
    assert_eq!(all(&sandbox.repo(), &Ending::new("", None)), Searched::default());
}

#[test]
fn it_can_be_given_up() {
    let sandbox = Sandbox::new();
    sandbox.write("a", "1").write("b", "2").commit("first");
    for steps in 0..4 {
        let wanted = Ending::new("", Some("1"));
        wanted.steps.store(steps, Relaxed);
        let searched = sandbox
            .repo()
            .search_history_with(&wanted, &History::default(), None)
            .expect("readable");
        assert!(searched.is_none(), "{steps}");
    }
    let wanted = Ending::new("", Some("1"));
    wanted.steps.store(4, Relaxed);
    let searched =
        sandbox.repo().search_history_with(&wanted, &History::default(), None).expect("readable");
    assert_eq!(searched.map(|searched| searched.held.len()), Some(1));
}

#[test]
fn each_version_is_judged_once_and_told() {
    let sandbox = Sandbox::new();
    for (number, value) in ["secret", "no", "another secret", "secret"].iter().enumerate() {
        sandbox.write(".env", value).write("deep/x/.env", value);
        sandbox.commit(&format!("{number}"));
    }
    let wanted = Ending::new(".env", Some("secret"));
    let searched = all(&sandbox.repo(), &wanted);
    // three contents at two paths
    assert_eq!(wanted.judged.load(Relaxed), 6);
    let ids = ["HEAD~3", "HEAD~"].map(|commit| {
        let blob = sandbox.git(&["rev-parse", &format!("{commit}:.env")]);
        (blob, sandbox.git(&["rev-parse", commit]))
    });
    for held in &searched.held {
        let versions = held.versions.iter().map(|version| match &version.origin {
            Holder::Commit { id, .. } => (version.blob.clone(), id.to_string()),
            Holder::Ref { .. } => panic!("no ref"),
        });
        assert_eq!((versions.collect::<Vec<_>>().as_slice(), held.commits), (&ids[..], 3));
    }
    assert_eq!((searched.held.len(), searched.commits), (2, 4));
}

#[test]
fn what_is_too_large_is_told() {
    let sandbox = Sandbox::new();
    sandbox.write(".env", &"x".repeat(2000)).commit("large");
    sandbox.write(".env", "secret").commit("small");
    let searched = all(&sandbox.repo(), &Ending::new(".env", Some("secret")));
    assert_eq!(searched.held.len(), 1);
    let blob = sandbox.git(&["rev-parse", "HEAD~:.env"]);
    let path = crate::repo::support::path(".env");
    assert_eq!(searched.too_large, [TooLarge { path, blob }]);
}

#[test]
fn the_oldest_commit_comes_first_whatever_its_clock_says() {
    let sandbox = Sandbox::new();
    let at = |message: &str, time: &str| {
        sandbox.git(&["add", "-A"]);
        let tree = sandbox.git(&["write-tree"]);
        let parent = sandbox.git(&["for-each-ref", "--format=%(objectname)", "refs/heads/main"]);
        let mut arguments = vec!["commit-tree", "-m", message, &tree];
        if !parent.is_empty() {
            arguments.extend(["-p", &parent]);
        }
        let commit = crate::repo::support::git_at(&sandbox.path(), &arguments, time);
        sandbox.git(&["update-ref", "refs/heads/main", &commit]);
    };
    sandbox.write(".env", "1");
    at("older", "2030-01-01T00:00:00Z");
    sandbox.write("a", "1");
    at("newer", "2001-02-03T00:00:00Z");
    let searched = all(&sandbox.repo(), &Ending::new(".env", None));
    let Some(Holder::Commit { date, .. }) = searched.held[0].origin() else { panic!("none") };
    assert_eq!((date.to_string().as_str(), searched.held[0].commits), ("2030-01-01", 2));
}

#[test]
fn a_history_without_end_is_refused() {
    let sandbox = Sandbox::new();
    let mut tree = sandbox.git(&["hash-object", "-w", "--stdin"]);
    let mut kind = "100644 blob";
    let mut name = ".env";
    for _ in 0..8 {
        let lines: Vec<String> = (0..12).map(|n| format!("{kind} {tree}\t{n}{name}")).collect();
        tree = crate::repo::support::git_with(&sandbox.path(), &["mktree"], &lines.join("\n"));
        (kind, name) = ("040000 tree", "");
    }
    let commit = sandbox.git(&["commit-tree", "-m", "bomb", &tree]);
    sandbox.git(&["update-ref", "refs/heads/main", &commit]);
    let wanted = Ending::new(".env", None);
    let error = sandbox
        .repo()
        .search_history_with(&wanted, &History::default(), None)
        .expect_err("endless");
    assert!(error.to_string().contains("1,000,000"), "{error}");
    // who asks for none of its files is not held up
    assert_eq!(all(&sandbox.repo(), &Ending::new(".pem", None)).commits, 1);
}
