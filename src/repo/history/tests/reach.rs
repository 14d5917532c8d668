//! From where the history is reached.

use std::fs;

use super::*;
use crate::repo::support::git;

#[test]
fn every_ref_counts_but_gonogos_ledger() {
    let sandbox = Sandbox::new();
    sandbox.write("a", "1").commit("first");
    for name in ["branch", "tag", "stash", "ledger", "other"] {
        sandbox.git(&["checkout", "-q", "-b", name]);
        sandbox.write(&format!("{name}.env"), "A=1");
        if name == "stash" {
            sandbox.git(&["stash", "-q", "-u"]);
        } else {
            sandbox.commit(name);
        }
        match name {
            "tag" => sandbox.git(&["tag", "-a", "-m", "t", "v1"]),
            "ledger" => sandbox.git(&["update-ref", "refs/gonogo/ledger", "HEAD"]),
            "other" => sandbox.git(&["update-ref", "refs/gonogo/ledger2", "HEAD"]),
            _ => String::new(),
        };
        sandbox.git(&["checkout", "-q", "main"]);
        if name != "branch" {
            sandbox.git(&["branch", "-q", "-D", name]);
        }
    }
    sandbox.git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/none"]);
    sandbox.git(&["checkout", "-q", "--detach"]);
    sandbox.write("detached.env", "A=1").commit("detached");
    let expected = ["branch.env", "detached.env", "other.env", "stash.env", "tag.env"];
    assert_eq!(paths(&sandbox), expected);
    sandbox.git(&["pack-refs", "--all"]);
    sandbox.git(&["gc", "-q"]);
    assert_eq!(paths(&sandbox), expected);
    // a loose ref takes the place of the packed one
    sandbox.git(&["update-ref", "refs/heads/branch", "main"]);
    assert_eq!(paths(&sandbox), expected[1..]);
    // by another name the ledger is what others see of it
    sandbox.git(&["symbolic-ref", "refs/heads/link", "refs/gonogo/ledger"]);
    assert!(paths(&sandbox).contains(&"ledger.env".to_owned()));
}

#[test]
fn every_entry_of_the_stash_counts() {
    let sandbox = Sandbox::new();
    sandbox.write("a", "1").commit("first");
    for name in ["one", "two", "three"] {
        sandbox.write(&format!("{name}.env"), "A=1");
        sandbox.git(&["stash", "-q", "-u"]);
    }
    assert_eq!(paths(&sandbox), ["one.env", "three.env", "two.env"]);
    sandbox.git(&["stash", "drop", "-q", "stash@{1}"]);
    assert_eq!(paths(&sandbox), ["one.env", "three.env"]);
}

#[test]
fn what_an_interrupted_rebase_stashed_counts() {
    let sandbox = Sandbox::new();
    sandbox.write("a", "1").commit("first").write("s.env", "A=1");
    sandbox.git(&["add", "-A"]);
    let stash = sandbox.git(&["stash", "create"]);
    sandbox.git(&["rm", "-q", "-f", "s.env"]);
    assert_eq!(paths(&sandbox), [""; 0]);
    sandbox.write(".git/rebase-merge/autostash", &format!("{stash}\n"));
    assert_eq!(paths(&sandbox), ["s.env"]);
}

#[test]
fn tags_of_folders_and_files_count() {
    let sandbox = Sandbox::new();
    sandbox.write("a", "1").commit("first").write("sub/x.env", "A=1").write("key", "secret");
    sandbox.git(&["add", "-A"]);
    let tree = sandbox.git(&["write-tree"]);
    let blob = sandbox.git(&["rev-parse", ":key"]);
    sandbox.git(&["rm", "-r", "-q", "--cached", "sub", "key"]);
    sandbox.git(&["tag", "a-tree", &tree]);
    let tagged = |path: &str, tag: &str| held(path, &format!("refs/tags/{tag}"), 0, false);
    let wanted = Ending::new(".env", None);
    assert_eq!(search(&sandbox, &wanted), [tagged("sub/x.env", "a-tree")]);
    sandbox.git(&["tag", "-d", "a-tree"]);
    assert_eq!(search(&sandbox, &wanted), []);
    // through two annotated tags
    sandbox.git(&["tag", "-a", "-m", "t", "one", &tree]);
    sandbox.git(&["tag", "-a", "-m", "t", "two", "one"]);
    sandbox.git(&["tag", "-d", "one"]);
    assert_eq!(search(&sandbox, &wanted), [tagged("sub/x.env", "two")]);
    sandbox.git(&["tag", "-a", "-m", "t", "file", &blob]);
    let harmless = sandbox.git(&["rev-parse", "HEAD:a"]);
    sandbox.git(&["tag", "harmless", &harmless]);
    let searched = all(&sandbox.repo(), &wanted);
    assert_eq!(searched.unread, []);
    assert_eq!(searched.nameless, [Nameless { reference: "refs/tags/file".into(), blob }]);
}

#[test]
fn the_heads_of_all_worktrees_count() {
    let sandbox = Sandbox::new();
    sandbox.write("a", "1").commit("first");
    let elsewhere = tempfile::tempdir().expect("a folder");
    let tree = elsewhere.path().canonicalize().expect("a folder").join("tree");
    sandbox.git(&["worktree", "add", "-q", "--detach", &tree.to_string_lossy()]);
    fs::write(tree.join("theirs.env"), "A=1").expect("written");
    git(&tree, &["add", "-A"]);
    git(&tree, &["commit", "-q", "-m", "theirs"]);
    git(&tree, &["update-ref", "refs/worktree/own", "HEAD"]);
    let theirs = held("theirs.env", "theirs", 1, false);
    let wanted = Ending::new(".env", None);
    assert_eq!(search(&sandbox, &wanted), [theirs]);
    // seen from there it is in HEAD, and the main worktree's HEAD counts too
    sandbox.git(&["checkout", "-q", "--detach"]);
    sandbox.write("ours.env", "A=1").commit("ours");
    let repo = Repo::discover(&tree).expect("a worktree");
    let seen = all(&repo, &wanted);
    let seen = seen.held.iter().map(|held| (held.path.to_string(), held.in_head));
    let expected = [("ours.env".to_owned(), false), ("theirs.env".to_owned(), true)];
    assert_eq!(seen.collect::<Vec<_>>(), expected);
    // a ref of that worktree alone
    git(&tree, &["checkout", "-q", "main"]);
    assert_eq!(paths(&sandbox), ["ours.env", "theirs.env"]);
    git(&tree, &["update-ref", "-d", "refs/worktree/own"]);
    assert_eq!(paths(&sandbox), ["ours.env"]);
}

#[test]
fn grafts_hide_nothing_and_may_add() {
    let sandbox = Sandbox::new();
    sandbox.write(".env", "A=1").commit("with");
    sandbox.git(&["rm", "-q", ".env"]);
    sandbox.commit("without");
    let head = sandbox.git(&["rev-parse", "HEAD"]);
    sandbox.write(".git/info/grafts", &format!("{head}\n"));
    // both git and libgit2 believe it
    assert_eq!(sandbox.git(&["log", "--all", "--format=%s"]), "without");
    let git2 = sandbox.repo().git().expect("git");
    let commit = git2.head().and_then(|head| head.peel_to_commit()).expect("a commit");
    assert_eq!(commit.parent_count(), 0);
    assert_eq!(paths(&sandbox), [".env"]);
    // another history, joined by a graft alone
    sandbox.git(&["checkout", "-q", "--orphan", "other"]);
    sandbox.write("other.env", "A=1").commit("other");
    let other = sandbox.git(&["rev-parse", "HEAD"]);
    sandbox.git(&["checkout", "-q", "main"]);
    sandbox.git(&["branch", "-D", "other"]);
    assert_eq!(paths(&sandbox), [".env"]);
    sandbox.write(".git/info/grafts", &format!("{head} {other}\n"));
    assert_eq!(paths(&sandbox), [".env", "other.env"]);
}

#[test]
fn replacements_hide_nothing_and_count_themselves() {
    let sandbox = Sandbox::new();
    sandbox.write(".env", "secret").commit("with");
    sandbox.git(&["rm", "-q", ".env"]);
    sandbox.write("sub/x.env", "A=1").commit("without");
    let (old, new) = (sandbox.git(&["rev-parse", "HEAD~"]), sandbox.git(&["rev-parse", "HEAD"]));
    let secret = sandbox.git(&["rev-parse", "HEAD~:.env"]);
    let harmless = sandbox.git(&["rev-parse", "HEAD:sub/x.env"]);
    let wanted = Ending::new(".env", Some("secret"));
    let found = [held(".env", "with", 1, false)];
    assert_eq!(search(&sandbox, &wanted), found);
    sandbox.git(&["replace", &secret, &harmless]);
    assert_eq!(search(&sandbox, &wanted), found);
    sandbox.git(&["replace", "-d", &secret]);
    sandbox.git(&["replace", "-f", &old, &new]);
    assert_eq!(search(&sandbox, &wanted), found);
    sandbox.git(&["replace", "-d", &old]);
    // what others see at that path
    sandbox.git(&["replace", &harmless, &secret]);
    assert_eq!(
        search(&sandbox, &wanted),
        [held(".env", "with", 1, false), held("sub/x.env", "without", 1, true),]
    );
}

#[test]
fn what_no_ref_holds_any_more_does_not_count() {
    let sandbox = Sandbox::new();
    sandbox.write("a", "1").commit("first").write(".env", "A=1").commit("amended");
    sandbox.git(&["rm", "-q", ".env"]);
    sandbox.git(&["commit", "-q", "--amend", "--allow-empty", "-m", "second"]);
    sandbox.git(&["update-ref", "ORIG_HEAD", "HEAD@{1}"]);
    sandbox.write(".git/FETCH_HEAD", &sandbox.git(&["rev-parse", "HEAD@{1}"]));
    assert_eq!(paths(&sandbox), [""; 0]);
}
