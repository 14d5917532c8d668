//! Packs are read by several threads, once for all questions, and say the same
//! as loose objects.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::repo::support::git_with;

const COMMITS: usize = 700;

/// A history of so many commits on two branches, as `git fast-import` reads it.
fn stream() -> String {
    let mut out = String::new();
    for n in 0..COMMITS {
        let branch = if n % 3 == 1 { "side" } else { "main" };
        let message = format!("commit {n}\n\n{}", "words ".repeat(n % 40));
        let _ = writeln!(out, "commit refs/heads/{branch}\nmark :{}", n + 1);
        let _ = writeln!(out, "committer Ann <ann@example.com> {} +0000", 1_700_000_000 + n);
        let _ = writeln!(out, "data {}\n{message}", message.len());
        let mut file = |path: &str, text: &str| {
            let _ = writeln!(out, "M 100644 inline {path}\ndata {}\n{text}", text.len());
        };
        file(&format!("d{}/deep/file{}", n % 5, n * 7 % 60), &n.to_string());
        if n % 50 == 7 {
            file(&format!("d{}/.env", n / 50 % 4), &format!("A=secret{}", n / 100));
        }
        if n % 50 == 9 {
            let _ = writeln!(out, "D d{}/.env", n / 50 % 4);
        }
    }
    out
}

#[test]
fn packed_and_loose_objects_say_the_same() {
    let sandbox = Sandbox::new();
    git_with(&sandbox.path(), &["fast-import", "--quiet"], &stream());
    sandbox.git(&["repack", "-q", "-a", "-d", "-f"]);
    let wanted = Ending::new(".env", Some("secret"));
    let packed = all(&sandbox.repo(), &wanted);
    assert_eq!((packed.commits, packed.held.len()), (COMMITS, 4));
    assert!(packed.unread.is_empty());
    let versions: usize = packed.held.iter().map(|held| held.versions.len()).sum();
    assert!(versions > 10, "{versions}");
    // half of it in a second pack, and a third of that also loose
    let folder = sandbox.path().join(".git/objects/pack");
    let pack = fs::read_dir(&folder).expect("listed").flatten().map(|entry| entry.path());
    let pack = pack.filter(|path| path.extension().is_some_and(|e| e == "pack"));
    let pack = pack.collect::<Vec<_>>().pop().expect("a pack");
    let moved = sandbox.path().join("pack");
    fs::rename(&pack, &moved).expect("moved");
    fs::remove_file(pack.with_extension("idx")).expect("removed");
    let sh = |command: &str| {
        let status = std::process::Command::new("sh")
            .current_dir(sandbox.path())
            .args(["-c", command])
            .status();
        assert!(status.expect("it runs").success(), "{command}");
    };
    sh("git unpack-objects -q < pack");
    assert_eq!(all(&sandbox.repo(), &wanted), packed);
    sh("git rev-parse side | git pack-objects -q --revs .git/objects/pack/pack > /dev/null");
    assert_eq!(all(&sandbox.repo(), &wanted), packed);
    sandbox.git(&["prune-packed", "-q"]);
    assert_eq!(all(&sandbox.repo(), &wanted), packed);
}

/// Each file that a commit adds or changes beside each of its parents: all that
/// any commit holds.
fn as_git_tells(sandbox: &Sandbox) -> BTreeSet<(String, String)> {
    let options = ["--all", "-m", "--root", "--raw", "--no-abbrev", "--no-renames", "--format="];
    let text = sandbox.git(&[&["log"], &options[..]].concat());
    let lines = text.lines().filter_map(|line| line.split_once('\t'));
    lines
        .filter_map(|(what, path)| {
            let blob = what.split(' ').nth(3)?;
            blob.contains(|digit| digit != '0').then(|| (path.to_owned(), blob.to_owned()))
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn all_files_of_any_history_are_found(
        commits in vec((0..3_u8, 0..4_u8, vec((0..40_u8, 0..4_u8), 1..6)), 1..60),
        packs in 1..4_usize,
    ) {
        let sandbox = Sandbox::new();
        let mut out = String::new();
        for (nth, (branch, other, files)) in commits.iter().enumerate() {
            let _ = writeln!(out, "commit refs/heads/b{branch}");
            let _ = writeln!(out, "committer Ann <ann@example.com> {nth} +0000\ndata 0\n");
            let known = |branch: &u8| commits[..nth].iter().any(|commit| commit.0 == *branch);
            // one branch begins at another's tip, or is merged with it
            if other != branch && known(other) {
                let word = if known(branch) { "merge" } else { "from" };
                let _ = writeln!(out, "{word} refs/heads/b{other}");
            }
            for (file, content) in files {
                let path = format!("d{}/e{}/f{}", file % 2, file % 5, file % 7);
                match content {
                    0 => { let _ = writeln!(out, "D {path}"); }
                    _ => { let _ = writeln!(out, "M 100644 inline {path}\ndata 1\n{content}"); }
                }
            }
            if (nth + 1) % commits.len().div_ceil(packs) == 0 {
                git_with(&sandbox.path(), &["fast-import", "--quiet", "--force"], &out);
                sandbox.git(&["repack", "-q", "-d", "-f"]);
                out.clear();
                // later parts go on from there
                for known in (0..3).filter(|branch| commits[..=nth].iter().any(|c| c.0 == *branch)) {
                    let _ = writeln!(out, "reset refs/heads/b{known}\nfrom refs/heads/b{known}^0");
                }
            }
        }
        git_with(&sandbox.path(), &["fast-import", "--quiet", "--force"], &out);
        let theirs = as_git_tells(&sandbox);
        let searched = all(&sandbox.repo(), &Ending::new("", None));
        prop_assert_eq!(&searched.unread, &[]);
        let ours: BTreeSet<(String, String)> = searched.held.iter().flat_map(|held| {
            held.versions.iter().map(|version| (held.path.to_string(), version.blob.clone()))
        }).collect();
        prop_assert_eq!(ours, theirs);
        let count = sandbox.git(&["rev-list", "--all", "--count"]);
        prop_assert_eq!(searched.commits.to_string(), count);
    }
}

#[test]
fn a_pack_that_is_damaged_is_a_gap_and_its_rest_is_searched() {
    let sandbox = Sandbox::new();
    git_with(&sandbox.path(), &["fast-import", "--quiet"], &stream());
    sandbox.git(&["repack", "-q", "-a", "-d", "-f"]);
    let wanted = Ending::new(".env", None);
    let whole = all(&sandbox.repo(), &wanted);
    let folder = sandbox.path().join(".git/objects/pack");
    let files = fs::read_dir(&folder).expect("listed").flatten().map(|entry| entry.path());
    let pack = files.filter(|path| path.extension().is_some_and(|e| e == "pack"));
    let pack = pack.collect::<Vec<_>>().pop().expect("a pack");
    let bytes = fs::read(&pack).expect("read");
    fs::remove_file(&pack).expect("removed");
    for part in 1..16 {
        let mut bytes = bytes.clone();
        let at = bytes.len() * part / 16;
        bytes[at..at + 4].copy_from_slice(&[0x99; 4]);
        fs::write(&pack, &bytes).expect("written");
        let searched = all(&sandbox.repo(), &wanted);
        // what was changed may be a blob that nobody asks for
        assert!(!searched.unread.is_empty() || searched == whole, "{part}");
        fs::remove_file(&pack).expect("removed");
    }
}

#[test]
fn one_history_answers_several_questions() {
    let sandbox = Sandbox::new();
    sandbox.write(".env", "A=1").write("key.pem", "x").write("a.txt", "y").commit("first");
    let repo = sandbox.repo();
    let history = History::new(|name| name.ends_with(b".pem"));
    let ask = |ending| {
        let wanted = Ending::new(ending, None);
        let searched = repo.search_history_with(&wanted, &history, None);
        let searched = searched.expect("readable").expect("to the end");
        let versions: usize = searched.held.iter().map(|held| held.versions.len()).sum();
        (versions, searched.unread.is_empty())
    };
    assert_eq!(ask(".env"), (1, true));
    // what moves is noticed
    sandbox.write(".env", "A=2").commit("second");
    assert_eq!(ask(".env"), (2, true));
    // without its objects it could not be read again
    for entry in fs::read_dir(sandbox.path().join(".git/objects")).expect("listed").flatten() {
        if entry.file_name().len() == 2 {
            fs::remove_dir_all(entry.path()).expect("removed");
        }
    }
    assert_eq!((ask(".pem"), ask(".env")), ((1, true), (2, true)));
    // nobody said that this one would be asked for
    assert_eq!(ask(".txt"), (0, false));
}
