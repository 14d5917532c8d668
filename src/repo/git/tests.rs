use std::fs;
use std::path::Path;

use super::*;
use crate::repo::support::{Sandbox, git, path};

fn everything(_: &RepoPath) -> bool {
    true
}

#[test]
fn a_folder_below_belongs_to_it() {
    let sandbox = Sandbox::new();
    sandbox.write("a/b/c.txt", "c");
    let repo = Repo::discover(&sandbox.path().join("a/b")).expect("found");
    assert_eq!(repo.root(), sandbox.path());
    assert_eq!(repo.git_dir(), sandbox.path().join(".git"));
}

#[test]
fn no_repository_and_a_bare_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let error = Repo::discover(folder.path()).expect_err("none");
    assert!(matches!(error, RepoError::NotFound(_)), "{error}");
    git(folder.path(), &["init", "-q", "--bare", "bare.git"]);
    let error = Repo::discover(&folder.path().join("bare.git")).expect_err("bare");
    assert!(matches!(error, RepoError::Bare(_)), "{error}");
    assert!(error.to_string().contains("bare.git"), "{error}");
}

#[test]
fn without_a_commit() {
    let repo = Sandbox::new();
    let head = repo.repo().head().expect("readable");
    assert_eq!(head, Head { branch: Some("main".into()), commit: None });
}

#[test]
fn on_a_branch_and_detached() {
    let sandbox = Sandbox::new();
    sandbox.write("a", "1").commit("first");
    sandbox.git(&["checkout", "-q", "-b", "feature/x"]);
    let commit = sandbox.git(&["rev-parse", "HEAD"]);
    let head = sandbox.repo().head().expect("readable");
    assert_eq!(head.branch, Some("feature/x".into()));
    assert_eq!(head.commit.as_ref().map(CommitId::as_str), Some(commit.as_str()));
    sandbox.git(&["checkout", "-q", "--detach"]);
    let head = sandbox.repo().head().expect("readable");
    assert_eq!(head.branch, None);
    assert_eq!(head.commit.as_ref().map(CommitId::as_str), Some(commit.as_str()));
}

#[test]
fn a_worktree_is_one_of_its_own() {
    let sandbox = Sandbox::new();
    sandbox.write("a", "1").commit("first");
    let elsewhere = tempfile::tempdir().expect("a folder");
    let tree = elsewhere.path().canonicalize().expect("a folder").join("tree");
    sandbox.git(&["worktree", "add", "-q", "-b", "other", &tree.to_string_lossy()]);
    fs::write(tree.join("b"), "2").expect("written");
    let repo = Repo::discover(&tree).expect("found");
    assert_eq!(repo.root(), tree);
    assert!(repo.git_dir().ends_with(".git/worktrees/tree"), "{repo:?}");
    assert_eq!(repo.head().expect("readable").branch, Some("other".into()));
    assert_eq!(repo.changed(&everything).expect("compared"), [path("b")]);
    assert_eq!(repo.read(&path("a")).expect("read"), Some(b"1".to_vec()));
}

#[test]
fn a_submodule_is_one_of_its_own() {
    let inner = Sandbox::new();
    inner.write("inner.txt", "1").commit("inner");
    let outer = Sandbox::new();
    outer.write("outer.txt", "1").commit("outer");
    outer.git(&["submodule", "--quiet", "add", &inner.path().to_string_lossy(), "sub"]);
    outer.commit("with a submodule");
    let repo = Repo::discover(&outer.path().join("sub")).expect("found");
    assert_eq!(repo.root(), outer.path().join("sub"));
    assert!(repo.git_dir().ends_with(".git/modules/sub"), "{repo:?}");
    let inner_commit = inner.git(&["rev-parse", "HEAD"]);
    let head = repo.head().expect("readable").commit.expect("a commit");
    assert_eq!(head.as_str(), inner_commit);
    let outer = outer.repo();
    let commit = outer.head().expect("readable").commit.expect("a commit");
    let blobs = outer.blobs(&commit, &|path| path.as_path() == Path::new("sub")).expect("a tree");
    assert_eq!(blobs, [(path("sub"), format!("{inner_commit} 160000"))]);
}

#[test]
fn a_commits_files_are_listed() {
    let sandbox = Sandbox::new();
    sandbox.write("b/c.py", "1").write("b.py", "2").write("a.txt", "3").commit("first");
    let repo = sandbox.repo();
    let commit = repo.head().expect("readable").commit.expect("a commit");
    let python = |path: &RepoPath| path.extension() == Some("py");
    let blobs = repo.blobs(&commit, &python).expect("a tree");
    let paths: Vec<String> = blobs.iter().map(|(path, _)| path.to_string()).collect();
    assert_eq!(paths, ["b/c.py", "b.py"]);
    let blob = sandbox.git(&["rev-parse", "HEAD:b.py"]);
    assert_eq!(blobs[1].1, format!("{blob} 100644"));
    let nowhere = CommitId::try_from("0".repeat(39) + "1").expect("a name");
    assert!(repo.blobs(&nowhere, &python).is_err());
}

#[test]
fn formats_that_cannot_be_read_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    for (option, word) in
        [("--ref-format=reftable", "reftable"), ("--object-format=sha256", "SHA-256")]
    {
        git(folder.path(), &["init", "-q", option, word]);
        let error = Repo::discover(&folder.path().join(word)).expect_err("unsupported");
        assert!(matches!(error, RepoError::Unsupported { .. }), "{error}");
        assert!(error.to_string().contains(word), "{error}");
    }
    let sandbox = Sandbox::new();
    sandbox.write("a", "1").commit("first");
    sandbox.git(&["update-index", "--split-index"]);
    let error = sandbox.repo().changed(&everything).expect_err("unsupported");
    assert!(error.to_string().contains("--no-split-index"), "{error}");
}

#[test]
fn the_repository_of_another_user_is_not_trusted() {
    let sandbox = Sandbox::new();
    // only root can give a folder away
    if std::os::unix::fs::chown(sandbox.path(), Some(12_345), None).is_err() {
        return;
    }
    let error = Repo::discover(&sandbox.path()).expect_err("not trusted");
    assert!(error.to_string().contains("safe.directory"), "{error}");
}

#[test]
fn nothing_of_the_repository_runs() {
    let sandbox = Sandbox::new();
    sandbox
        .write("a.txt", "1")
        .write(".gitattributes", "*.txt filter=evil diff=evil\n")
        .commit("x");
    let proof = sandbox.path().join("ran");
    let program = sandbox.path().join(".git/evil.sh");
    fs::write(&program, format!("#!/bin/sh\ntouch '{}'\ncat\n", proof.display())).expect("written");
    fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .expect("executable");
    let evil = program.to_string_lossy().into_owned();
    let keys = ["core.fsmonitor", "filter.evil.clean", "filter.evil.smudge", "filter.evil.process"];
    for key in keys.iter().chain(&["diff.evil.command", "diff.evil.textconv", "core.sshCommand"]) {
        sandbox.git(&["config", key, &evil]);
    }
    sandbox.git(&["config", "core.hooksPath", &sandbox.path().join(".git").to_string_lossy()]);
    for hook in ["post-index-change", "reference-transaction", "post-checkout"] {
        fs::copy(&program, sandbox.path().join(".git").join(hook)).expect("a hook");
    }
    // the size differs, so that the content must be compared
    sandbox.write("a.txt", "other").write("b.txt", "2");
    let repo = sandbox.repo();
    let head = repo.head().expect("readable").commit.expect("a commit");
    repo.blobs(&head, &everything).expect("a tree");
    assert_eq!(repo.changed(&everything).expect("compared"), [path("a.txt"), path("b.txt")]);
    repo.read(&path("a.txt")).expect("read");
    assert!(!proof.exists());
    // and the trap would have sprung
    sandbox.git(&["status"]);
    assert!(proof.exists());
}
