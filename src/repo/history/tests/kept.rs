//! An answer is used again while nothing has moved, and never else.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::*;
use crate::repo::support::git;

/// A repository with a folder for answers.
struct Remembering {
    sandbox: Sandbox,
    answers: TempDir,
}

impl Remembering {
    fn new() -> Self {
        let sandbox = Sandbox::new();
        sandbox.write("a", "1").write(".env", "A=secret").commit("first");
        Self { sandbox, answers: tempfile::tempdir().expect("a folder") }
    }

    fn folder(&self) -> PathBuf {
        self.answers.path().join("deep/er")
    }

    /// What was found, and whether the history was read for it.
    fn ask(&self, repo: &Repo, wanted: &Ending) -> (Searched, bool) {
        // each question judges a content, unless its answer was kept
        wanted.judged.store(0, Relaxed);
        let searched = repo.search_history_with(wanted, &History::default(), Some(&self.folder()));
        (searched.expect("readable").expect("to the end"), wanted.judged.load(Relaxed) > 0)
    }

    fn reads(&self) -> bool {
        let (searched, read) = self.ask(&self.sandbox.repo(), &secrets());
        assert_eq!(searched, all(&self.sandbox.repo(), &secrets()), "the same as without");
        read
    }

    fn files(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.folder()).expect("a folder");
        entries.map(|entry| entry.expect("an entry").path()).collect()
    }
}

fn secrets() -> Ending {
    Ending::new(".env", Some("secret"))
}

#[test]
fn the_same_is_not_asked_twice() {
    let it = Remembering::new();
    it.sandbox.write("b\u{1b}/.env", "A=secret").commit("an odd path");
    let tree = it.sandbox.git(&["rev-parse", "HEAD^{tree}"]);
    it.sandbox.git(&["tag", "a-tree", &tree]);
    let blob = it.sandbox.git(&["rev-parse", "HEAD:.env"]);
    it.sandbox.git(&["tag", "a-file", &blob]);
    assert!(it.reads());
    assert!(!it.reads());
    // another process's answer is as good
    let (searched, read) = it.ask(&it.sandbox.repo(), &secrets());
    assert!(!read);
    assert_eq!((searched.held.len(), searched.nameless.len(), searched.commits), (2, 1, 2));
    let files = it.files();
    assert_eq!(files.len(), 1);
    let mode = files[0].metadata().expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = fs::read_to_string(&files[0]).expect("text");
    assert!(!text.contains("secret"), "{text}");
}

#[test]
fn another_question_has_another_answer() {
    let it = Remembering::new();
    assert!(it.reads());
    let mut wanted = Ending::new(".env", Some("A="));
    assert!(it.ask(&it.sandbox.repo(), &wanted).1);
    wanted.most = 3;
    let (searched, _) = it.ask(&it.sandbox.repo(), &wanted);
    assert_eq!(searched.too_large.len(), 1);
    // and what it said of the size is kept
    assert_eq!(it.ask(&it.sandbox.repo(), &wanted).0, searched);
    assert!(!it.reads());
}

#[test]
fn whatever_moves_is_noticed() {
    type Move = (&'static str, fn(&Sandbox));
    fn elsewhere(sandbox: &Sandbox, name: &str) -> PathBuf {
        sandbox.path().join(".git").join(name)
    }
    fn head(sandbox: &Sandbox) -> String {
        sandbox.git(&["rev-parse", "HEAD"])
    }
    let moves: [Move; 21] = [
        ("a commit", |it| {
            it.write("a", "2").commit("second");
        }),
        ("an amended commit", |it| {
            it.git(&["commit", "-q", "--amend", "-m", "other words"]);
        }),
        ("a branch", |it| {
            it.git(&["branch", "other", "HEAD~"]);
        }),
        ("a branch set back", |it| {
            it.git(&["reset", "-q", "--hard", "HEAD~"]);
        }),
        ("packed refs", |it| {
            // moves nothing, and may or may not be noticed; what counts is the answer
            it.git(&["pack-refs", "--all"]);
            it.git(&["tag", "packed"]);
        }),
        ("a packed branch that moves", |it| {
            it.write("a", "3").commit("third");
        }),
        ("a packed branch that goes", |it| {
            it.git(&["branch", "-D", "other"]);
        }),
        ("a tag", |it| {
            it.git(&["tag", "light"]);
        }),
        ("an annotated tag", |it| {
            it.git(&["tag", "-a", "-m", "t", "heavy"]);
        }),
        ("a tag of a tree", |it| {
            it.git(&["tag", "tree", "HEAD^{tree}"]);
        }),
        ("a stash", |it| {
            it.write("a", "4");
            it.git(&["stash", "-q"]);
        }),
        ("a second stash", |it| {
            it.write("a", "5");
            it.git(&["stash", "-q"]);
        }),
        ("an older stash that goes", |it| {
            it.git(&["stash", "drop", "-q", "stash@{1}"]);
        }),
        ("a worktree", |it| {
            let tree = elsewhere(it, "tree");
            it.git(&["worktree", "add", "-q", "--detach", &tree.to_string_lossy()]);
        }),
        ("a worktree's HEAD", |it| {
            git(&elsewhere(it, "tree"), &["commit", "-q", "--allow-empty", "-m", "x"]);
        }),
        ("a detached HEAD", |it| {
            it.git(&["checkout", "-q", "--detach", "HEAD~"]);
        }),
        ("a remote's branch", |it| {
            it.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
        }),
        ("another ref of gonogo's", |it| {
            it.git(&["update-ref", "refs/gonogo/other", "HEAD"]);
        }),
        ("a replacement", |it| {
            let id = it.git(&["rev-parse", "HEAD:a"]);
            let other = it.git(&["rev-parse", "HEAD:.env"]);
            it.git(&["replace", &id, &other]);
        }),
        ("a graft", |it| {
            it.write(".git/info/grafts", &format!("{}\n", head(it)));
        }),
        ("a shallow end", |it| {
            it.write(".git/shallow", &format!("{}\n", head(it)));
        }),
    ];
    let it = Remembering::new();
    it.sandbox.write("a", "0").commit("zeroth");
    assert!(it.reads());
    for (name, make) in moves {
        make(&it.sandbox);
        assert!(it.reads(), "{name}");
        assert!(!it.reads(), "{name}, again");
    }
    // a record of gonogo's own is not code
    it.sandbox.git(&["update-ref", "refs/gonogo/ledger", "HEAD"]);
    assert!(!it.reads());
}

#[test]
fn a_gap_is_never_remembered() {
    let it = Remembering::new();
    it.sandbox.write(".git/refs/heads/broken", "junk");
    assert!(it.reads());
    assert!(it.reads());
    fs::remove_file(it.sandbox.path().join(".git/refs/heads/broken")).expect("gone");
    assert!(it.reads());
    assert!(!it.reads());
    // nor is an answer from before believed beside a gap
    it.sandbox.write(".git/refs/heads/broken", "junk");
    assert!(it.reads());
}

#[test]
fn a_clone_that_is_deepened_is_read_again() {
    let it = Remembering::new();
    it.sandbox.git(&["rm", "-q", ".env"]);
    it.sandbox.commit("second").write("x.env", "A=secret").commit("third");
    let url = format!("file://{}", it.sandbox.path().display());
    let folder = tempfile::tempdir().expect("a folder");
    git(folder.path(), &["clone", "-q", "--depth=1", &url, "clone"]);
    let repo = Repo::discover(&folder.path().join("clone")).expect("a repository");
    let ask = || it.ask(&repo, &secrets());
    let (searched, read) = ask();
    assert_eq!((searched.held.len(), searched.unread.len(), read), (1, 1, true));
    assert!(ask().1, "a gap");
    git(repo.root(), &["fetch", "-q", "--deepen=1"]);
    assert_eq!(ask().0.commits, 2);
    git(repo.root(), &["fetch", "-q", "--unshallow"]);
    let (searched, read) = ask();
    assert_eq!((searched.held.len(), searched.unread.len(), read), (2, 0, true));
    assert!(!ask().1);
}

#[test]
fn two_repositories_and_two_worktrees_do_not_share() {
    let it = Remembering::new();
    assert!(it.reads());
    let copy = tempfile::tempdir().expect("a folder");
    let url = it.sandbox.path();
    git(copy.path(), &["clone", "-q", &url.to_string_lossy(), "copy"]);
    let copy = Repo::discover(&copy.path().join("copy")).expect("a repository");
    assert!(it.ask(&copy, &secrets()).1);
    it.sandbox.git(&["branch", "other"]);
    it.sandbox.git(&["worktree", "add", "-q", ".git/tree", "other"]);
    assert!(it.reads());
    let tree = Repo::discover(&it.sandbox.path().join(".git/tree")).expect("a worktree");
    assert!(it.ask(&tree, &secrets()).1);
    assert!(!it.reads());
}

#[test]
fn a_damaged_answer_is_none() {
    let it = Remembering::new();
    assert!(it.reads());
    let file = it.files().remove(0);
    let good = fs::read(&file).expect("read");
    let flipped = |at: usize| {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        bytes
    };
    let damaged = [
        Vec::new(),
        b"{}".to_vec(),
        good[..good.len() - 1].to_vec(),
        [&good[..], b" "].concat(),
        vec![0xff; 100],
    ];
    for bytes in damaged.into_iter().chain((0..good.len()).step_by(7).map(flipped)) {
        fs::write(&file, &bytes).expect("written");
        assert!(it.reads(), "{}", String::from_utf8_lossy(&bytes));
        assert!(!it.reads());
    }
}

#[test]
fn what_others_could_have_written_is_none() {
    let it = Remembering::new();
    assert!(it.reads());
    let file = it.files().remove(0);
    let mode = |path: &Path, mode: u32| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
    };
    mode(&file, 0o622);
    assert!(it.reads());
    assert!(!it.reads(), "written anew");
    mode(&it.folder(), 0o777);
    assert!(it.reads());
    assert!(it.reads(), "not kept there");
    mode(&it.folder(), 0o700);
    let elsewhere = it.answers.path().join("elsewhere");
    fs::rename(&file, &elsewhere).expect("moved");
    std::os::unix::fs::symlink(&elsewhere, &file).expect("linked");
    assert!(it.reads());
}

#[test]
fn without_a_folder_it_works_and_the_folder_stays_small() {
    let it = Remembering::new();
    fs::write(it.answers.path().join("deep"), "a file in the way").expect("written");
    assert!(it.reads());
    assert!(it.reads());
    fs::remove_file(it.answers.path().join("deep")).expect("gone");
    assert!(it.reads());
    for number in 0..400 {
        fs::write(it.folder().join(format!("{number}.json")), "").expect("written");
    }
    it.sandbox.write("a", "2").commit("second");
    assert!(it.reads());
    assert!(it.files().len() <= 257, "{}", it.files().len());
    assert!(!it.reads());
}
