//! What cannot be read is named, and never taken for clean.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use tempfile::TempDir;

use super::*;
use crate::repo::support::{git, git_with};

fn unread(sandbox: &Sandbox) -> Vec<String> {
    let searched = all(&sandbox.repo(), &Ending::new(".env", Some("secret")));
    searched.unread.iter().map(ToString::to_string).collect()
}

/// A history whose first commit has a secret that the second removed.
fn origin() -> Sandbox {
    let origin = Sandbox::new();
    origin.git(&["config", "uploadpack.allowFilter", "true"]);
    origin.write(".env", "A=secret").write("a", "1").commit("with");
    origin.git(&["rm", "-q", ".env"]);
    origin.write("a", "2").commit("without");
    origin
}

fn clone(origin: &Sandbox, option: &str) -> (TempDir, Repo) {
    let url = format!("file://{}", origin.path().display());
    let folder = tempfile::tempdir().expect("a folder");
    git(folder.path(), &["clone", "-q", option, &url, "clone"]);
    let repo = Repo::discover(&folder.path().join("clone")).expect("a repository");
    (folder, repo)
}

#[test]
fn a_shallow_clone_is_a_gap_and_its_rest_is_searched() {
    let origin = origin();
    let wanted = Ending::new(".env", Some("secret"));
    let (_folder, shallow) = clone(&origin, "--depth=1");
    let searched = all(&shallow, &wanted);
    assert_eq!(searched.unread, [Gap::Shallow { commits: 1 }]);
    assert!(searched.unread[0].next().contains("git fetch --unshallow"));
    assert_eq!((searched.commits, searched.held.len()), (1, 0));
    // its worktrees are as shallow
    git(shallow.root(), &["worktree", "add", "-q", "tree"]);
    let tree = Repo::discover(&shallow.root().join("tree")).expect("a worktree");
    assert_eq!(all(&tree, &wanted).unread, [Gap::Shallow { commits: 1 }]);
    // what is here is told
    assert_eq!(all(&shallow, &Ending::new("a", None)).held.len(), 1);
    git(shallow.root(), &["fetch", "-q", "--unshallow"]);
    let searched = all(&shallow, &wanted);
    assert_eq!((searched.unread.len(), searched.held.len()), (0, 1));
}

#[test]
fn a_shallow_clone_that_ends_at_the_root_lacks_nothing() {
    let origin = origin();
    let (_folder, whole) = clone(&origin, "--depth=5");
    let head = git(whole.root(), &["rev-parse", "HEAD"]);
    fs::write(whole.git_dir().join("shallow"), format!("{head}\n")).expect("written");
    // git believes the file, but the parents are here
    assert_eq!(git(whole.root(), &["rev-list", "--count", "HEAD"]), "1");
    let searched = all(&whole, &Ending::new(".env", Some("secret")));
    assert_eq!((searched.unread.len(), searched.held.len()), (0, 1));
}

#[test]
fn a_partial_clone_is_a_gap_where_something_is_needed() {
    let origin = origin();
    for filter in ["--filter=blob:none", "--filter=tree:0"] {
        let (_folder, partial) = clone(&origin, filter);
        let searched = all(&partial, &Ending::new(".env", Some("secret")));
        assert_eq!(searched.unread, [Gap::Partial { objects: 1 }], "{filter}");
        assert!(searched.unread[0].next().contains("--refetch"));
    }
    let (_folder, partial) = clone(&origin, "--filter=blob:none");
    let searched = all(&partial, &Ending::new(".env", None));
    assert_eq!((searched.unread.len(), searched.held.len()), (0, 1), "the name is enough");
}

#[test]
fn refs_that_are_broken_are_named() {
    let sandbox = Sandbox::new();
    sandbox.write("a", "1").commit("first");
    let id = sandbox.git(&["rev-parse", "HEAD"]);
    let nothing = "0123456789012345678901234567890123456789";
    for (file, content) in [
        ("refs/heads/empty", ""),
        ("refs/heads/x/junk", "this is not a ref\n"),
        ("refs/heads/zero", "0000000000000000000000000000000000000000\n"),
        ("refs/heads/long", &format!("{id}{id}\n")),
        ("refs/tags/gone", &format!("{nothing}\n")),
        ("refs/heads/loop", "ref: refs/heads/loop\n"),
        ("refs/heads/none", "ref: \n"),
        ("refs/heads/out", "ref: ../../etc/passwd\n"),
        ("worktrees/x/HEAD", "junk\n"),
        ("worktrees/y/HEAD", &format!("{nothing}\n")),
        ("logs/refs/stash", &format!("{nothing} {id} A <a> 1 +0000\tx\n{nothing} junk\n")),
        ("packed-refs", "# pack-refs with: peeled\njunk\n"),
        // these are none
        ("refs/heads/.hidden", "x"),
        ("refs/heads/main.lock", ""),
        ("refs/heads/unborn", "ref: refs/heads/nobody\n"),
        ("refs/heads/spaced", &format!("{id} \n")),
    ] {
        sandbox.write(&format!(".git/{file}"), content);
    }
    std::os::unix::fs::symlink("nowhere", sandbox.path().join(".git/refs/heads/link"))
        .expect("linked");
    let pipe = sandbox.path().join(".git/refs/heads/pipe");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, 0o600.into()).expect("a pipe");
    let junk = "does not hold an object's name";
    let lost = "names an object that is missing or damaged";
    let mut expected = [
        ("refs/heads/empty", junk),
        ("refs/heads/x/junk", junk),
        ("refs/heads/zero", junk),
        ("refs/heads/long", junk),
        ("refs/tags/gone", lost),
        ("refs/heads/loop", junk),
        ("refs/heads/none", junk),
        ("../../etc/passwd", junk),
        ("refs/heads/link", junk),
        ("refs/heads/pipe", junk),
        ("worktrees/x/HEAD", junk),
        ("worktrees/y/HEAD", lost),
        ("stash@{0}", junk),
        ("packed-refs", junk),
    ]
    .map(|(name, why)| format!("`{name}` {why}"));
    expected.sort();
    assert_eq!(unread(&sandbox), expected);
}

#[test]
fn what_may_not_be_read_is_named() {
    if rustix::process::geteuid().is_root() {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.write("a", "1").commit("first");
    sandbox.git(&["update-ref", "refs/heads/deep/one", "HEAD"]);
    let folder = sandbox.path().join(".git/refs/heads/deep");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o000)).expect("a mode");
    let told = unread(&sandbox);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).expect("a mode");
    assert_eq!(told, ["`refs/heads/deep` cannot be read"]);
}

#[test]
fn objects_that_are_lost_or_damaged_are_named() {
    let made = |which: &str, damage: &dyn Fn(&std::path::Path)| {
        let sandbox = Sandbox::new();
        sandbox.write("sub/.env", "secret").commit("first");
        sandbox.git(&["rm", "-rq", "sub"]);
        sandbox.write("a", "1").commit("second");
        let id = sandbox.git(&["rev-parse", which]);
        let (folder, file) = id.split_at(2);
        let file = sandbox.path().join(".git/objects").join(folder).join(file);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("a mode");
        damage(&file);
        let short = id[..7].to_owned();
        (unread(&sandbox), short)
    };
    for (which, what) in
        [("HEAD~:sub/.env", "file content"), ("HEAD~:sub", "folder"), ("HEAD~", "commit")]
    {
        let damages: [&dyn Fn(&std::path::Path); 4] = [
            &|file| fs::remove_file(file).expect("gone"),
            &|file| fs::write(file, "").expect("written"),
            &|file| fs::write(file, "garbage").expect("written"),
            &|file| {
                let bytes = fs::read(file).expect("read");
                fs::write(file, &bytes[..bytes.len() / 2]).expect("written");
            },
        ];
        for damage in damages {
            let (told, short) = made(which, damage);
            assert_eq!(told, [format!("the {what} {short} is missing or damaged")]);
        }
    }
}

#[test]
fn malformed_objects_are_named_and_paths_that_no_checkout_makes() {
    let sandbox = Sandbox::new();
    sandbox.write("a", "1").commit("first");
    let write = |kind: &str, text: &str| {
        git_with(
            &sandbox.path(),
            &["hash-object", "--literally", "-w", "-t", kind, "--stdin"],
            text,
        )
    };
    let commit = write("commit", "tree nothing\n\nmessage\n");
    sandbox.write(".git/refs/heads/bad", &format!("{commit}\n"));
    assert_eq!(unread(&sandbox), [format!("the commit {} is missing or damaged", &commit[..7])]);
    let tree = write("tree", "100644 cut");
    let commit = write("commit", &format!("tree {tree}\n\nmessage\n"));
    sandbox.write(".git/refs/heads/bad", &format!("{commit}\n"));
    assert_eq!(unread(&sandbox), [format!("the folder {} is missing or damaged", &tree[..7])]);
    // a commit whose tree is a file
    let blob = sandbox.git(&["rev-parse", "HEAD:a"]);
    let commit = write("commit", &format!("tree {blob}\n\nmessage\n"));
    sandbox.write(".git/refs/heads/bad", &format!("{commit}\n"));
    assert_eq!(unread(&sandbox), [format!("the folder {} is missing or damaged", &blob[..7])]);
    // a folder `..`
    let tree = git_with(&sandbox.path(), &["mktree"], &format!("100644 blob {blob}\tx.env\n"));
    let id = data_encoding::HEXLOWER.decode(tree.as_bytes()).expect("a name");
    let raw = [b"40000 ..\0", id.as_slice()].concat();
    let file = sandbox.path().join("raw");
    fs::write(&file, raw).expect("written");
    let tree = sandbox.git(&["hash-object", "--literally", "-w", "-t", "tree", "raw"]);
    let commit = write("commit", &format!("tree {tree}\n\nmessage\n"));
    sandbox.write(".git/refs/heads/bad", &format!("{commit}\n"));
    let told = unread(&sandbox);
    assert_eq!(told, ["a tree names a file `../x.env`, which no checkout would make"]);
}
