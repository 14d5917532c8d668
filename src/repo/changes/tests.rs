use super::*;
use crate::model::{CleanText, CommitId};
use crate::repo::support::{Sandbox, path};

fn said(sandbox: &Sandbox, untracked: Untracked) -> Vec<String> {
    let changes = sandbox.repo().uncommitted(untracked).expect("compared");
    let said = changes.iter().map(|change| {
        let folder = if change.folder { "/" } else { "" };
        format!("{}{folder} {:?} {:?}", change.path, change.staged, change.unstaged)
    });
    said.collect()
}

#[test]
fn as_git_status_has_it() {
    let sandbox = Sandbox::new();
    sandbox.write(".gitignore", "*.log\nout/\n.env\n").write("sub/a", "1").write("kept", "1");
    sandbox.commit("first");
    sandbox.write("new", "1").write("sub/b", "1").write("a.log", "1").write("out/x", "1");
    sandbox.write("fresh/deep/c", "1").write("fresh/d.log", "1").write("only/e.log", "1");
    sandbox.write("sub/.gitignore", "!.env\n").write("sub/.env", "1").write(".env", "1");
    sandbox.git(&["rm", "-q", "--cached", "kept"]);
    sandbox.git(&["init", "-q", "nested"]);
    std::fs::create_dir(sandbox.path().join("empty")).expect("a folder");
    let files = [
        "fresh/deep/c None Some(New)",
        "kept Some(Deleted) Some(New)",
        "nested/ None Some(New)",
        "new None Some(New)",
        "sub/.env None Some(New)",
        "sub/.gitignore None Some(New)",
        "sub/b None Some(New)",
    ];
    assert_eq!(said(&sandbox, Untracked::Files), files);
    let mut folders = files.map(str::to_owned);
    folders[0] = "fresh/ None Some(New)".to_owned();
    assert_eq!(said(&sandbox, Untracked::Folders), folders);
    assert_eq!(said(&sandbox, Untracked::None), ["kept Some(Deleted) None"]);
    let git = sandbox.git(&["status", "--porcelain", "--no-renames"]);
    let mut git: Vec<&str> = git.lines().filter_map(|line| line.split(' ').next_back()).collect();
    git.sort_unstable();
    git.dedup();
    let ours = folders.iter().filter_map(|line| line.split(' ').next());
    assert_eq!(ours.collect::<Vec<_>>(), git);
}

#[test]
fn a_submodule_is_no_new_folder() {
    let inner = Sandbox::new();
    inner.write("inner.txt", "1").commit("inner");
    let outer = Sandbox::new();
    outer.git(&["submodule", "--quiet", "add", &inner.path().to_string_lossy(), "sub"]);
    outer.commit("with a submodule");
    assert_eq!(said(&outer, Untracked::Files), [""; 0]);
    outer.write("sub/inner.txt", "2");
    assert_eq!(said(&outer, Untracked::Files), ["sub None Some(Modified)"]);
}

#[test]
fn lfs_pointers_are_compared_and_other_filters_named() {
    let sandbox = Sandbox::new();
    // sha256 of "content", as `git lfs` writes it
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:\
                   ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73\nsize 7\n";
    sandbox.write("big.bin", pointer).write("other.dat", "1").write("plain.txt", "1");
    sandbox.commit("first");
    sandbox.write(".gitattributes", "*.bin filter=lfs\n*.dat filter=crypt\n*.txt filter=none\n");
    sandbox.git(&["add", ".gitattributes"]);
    sandbox.git(&["commit", "-q", "-m", "attributes"]);
    sandbox.git(&["config", "filter.crypt.clean", "touch ran; cat"]);
    sandbox.write("big.bin", "content").write("other.dat", "22").write("plain.txt", "22");
    let changes = sandbox.repo().uncommitted(Untracked::Files).expect("compared");
    assert_eq!(changes.len(), 2, "{changes:?}");
    assert_eq!(changes[0].path, path("other.dat"));
    assert_eq!(changes[0].filter.as_ref().map(CleanText::as_str), Some("crypt"));
    // no program is configured for this one, so that it does nothing
    assert_eq!((&changes[1].path, &changes[1].filter), (&path("plain.txt"), &None));
    sandbox.write("big.bin", "CONTENT");
    assert_eq!(sandbox.repo().uncommitted(Untracked::Files).expect("compared").len(), 3);
    assert!(!sandbox.path().join("ran").exists());
}

#[test]
fn a_filtered_file_is_believed_when_its_note_stands() {
    let sandbox = Sandbox::new();
    sandbox.git(&["config", "filter.up.clean", "tr a-z A-Z"]);
    sandbox.write(".gitattributes", "*.dat filter=up\n").write("x.dat", "words");
    set_times(&sandbox.path().join("x.dat"), 1_000_000_000);
    sandbox.commit("first");
    assert_eq!(sandbox.git(&["show", "HEAD:x.dat"]), "WORDS");
    assert_eq!(said(&sandbox, Untracked::Files), [""; 0]);
    let commit = head(&sandbox);
    let same = || sandbox.repo().same_as_commit(&path("x.dat"), &commit).expect("compared");
    assert_eq!(same(), Sameness::Filtered("up".into()), "a checklist is not");
    sandbox.write("x.dat", "wordy");
    assert_eq!(said(&sandbox, Untracked::Files), ["x.dat None Some(Modified)"]);
    assert_eq!(same(), Sameness::Filtered("up".into()));
}

/// Sets when a file was written, in seconds since 1970.
fn set_times(file: &std::path::Path, seconds: u64) {
    let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
    let file = std::fs::File::options().append(true).open(file).expect("a file");
    file.set_modified(time).expect("a time");
}

fn head(sandbox: &Sandbox) -> CommitId {
    sandbox.repo().commit_named("HEAD").expect("a commit")
}

fn hidden(sandbox: &Sandbox) -> Vec<String> {
    let changes = sandbox.repo().uncommitted(Untracked::Files).expect("compared");
    let told = changes
        .iter()
        .map(|change| format!("{} {:?} {:?}", change.path, change.unstaged, change.hidden));
    told.collect()
}

#[test]
fn no_flag_of_the_index_is_believed() {
    let sandbox = Sandbox::new();
    for name in ["skip", "skip-same", "skip-gone", "assume", "assume-same", "assume-gone"] {
        sandbox.write(name, "1");
    }
    sandbox.commit("first");
    let flag = |flag: &str, names: [&str; 3]| {
        for name in names {
            sandbox.git(&["update-index", flag, name]);
        }
    };
    flag("--skip-worktree", ["skip", "skip-same", "skip-gone"]);
    flag("--assume-unchanged", ["assume", "assume-same", "assume-gone"]);
    sandbox.write("skip", "2").write("assume", "2").write("skip-same", "1");
    for gone in ["skip-gone", "assume-gone"] {
        std::fs::remove_file(sandbox.path().join(gone)).expect("removed");
    }
    assert_eq!(sandbox.git(&["status", "--porcelain"]), "");
    let told = [
        "assume Some(Modified) Some(AssumeUnchanged)",
        "assume-gone Some(Deleted) Some(AssumeUnchanged)",
        "skip Some(Modified) Some(SkipWorktree)",
    ];
    assert_eq!(hidden(&sandbox), told);
}

#[test]
fn a_sparse_checkout_hides_no_change() {
    let sandbox = Sandbox::new();
    sandbox.write("in/a", "1").write("out/b", "1").write("out/c", "1").commit("first");
    sandbox.git(&["sparse-checkout", "set", "--cone", "in"]);
    assert_eq!(hidden(&sandbox), [""; 0]);
    sandbox.write("out/b", "1");
    assert_eq!(hidden(&sandbox), [""; 0]);
    sandbox.write("out/b", "2");
    assert_eq!(hidden(&sandbox), ["out/b Some(Modified) Some(SkipWorktree)"]);
}

#[test]
fn a_link_in_place_of_a_folder_hides_no_change() {
    let sandbox = Sandbox::new();
    sandbox.write("in/a", "1").write("other/a", "2").write("empty/b", "").commit("first");
    sandbox.git(&["update-index", "--skip-worktree", "in/a"]);
    std::fs::remove_dir_all(sandbox.path().join("in")).expect("removed");
    assert_eq!(hidden(&sandbox), [""; 0]);
    sandbox.link("in", "empty");
    assert_eq!(hidden(&sandbox), ["in Some(New) None"]);
    std::fs::remove_file(sandbox.path().join("in")).expect("removed");
    sandbox.link("in", "other");
    let told = ["in Some(New) None", "in/a Some(Deleted) Some(SkipWorktree)"];
    assert_eq!(hidden(&sandbox), told);
}

#[test]
fn times_that_were_set_back_are_no_proof() {
    let sandbox = Sandbox::new();
    sandbox.write("a", "old").write("b", "old");
    for name in ["a", "b"] {
        set_times(&sandbox.path().join(name), 1_000_000_000);
    }
    sandbox.commit("first");
    sandbox.git(&["config", "core.trustctime", "false"]);
    sandbox.git(&["config", "core.checkStat", "minimal"]);
    assert_eq!(hidden(&sandbox), [""; 0]);
    sandbox.write("a", "new");
    set_times(&sandbox.path().join("a"), 1_000_000_000);
    assert_eq!(sandbox.git(&["status", "--porcelain"]), "", "git itself is misled");
    assert_eq!(hidden(&sandbox), ["a Some(Modified) None"]);
}

#[test]
fn modes_count_where_the_disk_has_them() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = Sandbox::new();
    sandbox.write("run", "1").commit("first");
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(sandbox.path().join("run"), mode).expect("a mode");
    assert_eq!(hidden(&sandbox), ["run Some(Modified) None"]);
    sandbox.git(&["config", "core.fileMode", "false"]);
    assert_eq!(hidden(&sandbox), [""; 0]);
    sandbox.write("run", "2");
    assert_eq!(hidden(&sandbox), ["run Some(Modified) None"]);
}

#[test]
fn what_git_converts_is_no_difference() {
    let sandbox = Sandbox::new();
    let attributes = "*.txt text\n*.auto text=auto\n*.raw -text\n*.id ident\n*.eol eol=crlf\n";
    sandbox.write(".gitattributes", attributes);
    for ending in ["txt", "auto", "raw", "eol", "none"] {
        sandbox.write(&format!("a.{ending}"), "one\ntwo\n");
    }
    sandbox.write("a.id", "$Id$\nx\n").write("bin.auto", "one\n\rtwo\n").commit("first");
    for ending in ["txt", "auto", "raw", "eol", "none"] {
        sandbox.write(&format!("a.{ending}"), "one\r\ntwo\r\n");
    }
    sandbox.write("a.id", "$Id: 0123 $\nx\n").write("bin.auto", "one\r\n\rtwo\r\n");
    let differ = |expected: &[&str]| {
        let told = hidden(&sandbox);
        let told: Vec<&str> = told.iter().filter_map(|line| line.split(' ').next()).collect();
        assert_eq!(told, expected);
        // `git status` names every file whose size differs until it is added again
        let git = sandbox.git(&["diff", "--name-only"]);
        assert_eq!(git.lines().collect::<Vec<_>>(), told);
    };
    differ(&["a.none", "a.raw", "bin.auto"]);
    sandbox.git(&["config", "core.autocrlf", "true"]);
    differ(&["a.raw", "bin.auto"]);
    sandbox.write("a.txt", "one\r\nTWO\r\n").write("a.id", "$Id: 0123 $\ny\n");
    differ(&["a.id", "a.raw", "a.txt", "bin.auto"]);
}

#[test]
fn what_a_submodule_hides_is_told() {
    let inner = Sandbox::new();
    inner.write("inner.txt", "1").commit("inner");
    let outer = Sandbox::new();
    outer.git(&["submodule", "--quiet", "add", &inner.path().to_string_lossy(), "sub"]);
    outer.git(&["config", "-f", ".gitmodules", "submodule.sub.ignore", "all"]);
    outer.commit("with a submodule");
    let told = |untracked| {
        let changes = outer.repo().uncommitted(untracked).expect("compared");
        changes.iter().map(|change| (change.submodule, change.hidden)).collect::<Vec<_>>()
    };
    let none = SubmoduleChange::default();
    assert_eq!(told(Untracked::Files), []);
    outer.write("sub/new", "1");
    assert_eq!(told(Untracked::None), []);
    let ignored = Some(Hidden::IgnoredSubmodule);
    let untracked = SubmoduleChange { untracked: true, ..none };
    assert_eq!(told(Untracked::Files), [(Some(untracked), ignored)]);
    outer.write("sub/inner.txt", "2");
    assert_eq!(outer.git(&["status", "--porcelain"]), "");
    let modified = SubmoduleChange { modified: true, ..none };
    assert_eq!(told(Untracked::None), [(Some(modified), ignored)]);
    crate::repo::support::git(&outer.path().join("sub"), &["commit", "-qam", "second"]);
    let other = SubmoduleChange { other_commit: true, ..none };
    assert_eq!(told(Untracked::None), [(Some(other), ignored)]);
    outer.git(&["config", "-f", ".gitmodules", "submodule.sub.ignore", "none"]);
    outer.git(&["add", ".gitmodules"]);
    outer.git(&["commit", "-qm", "none"]);
    assert_eq!(told(Untracked::None), [(Some(other), None)]);
    outer.git(&["config", "diff.ignoreSubmodules", "all"]);
    assert_eq!(told(Untracked::None), [(Some(other), ignored)]);
    // not checked out: nothing to compare, unless files lie there all the same
    outer.git(&["submodule", "--quiet", "deinit", "-f", "sub"]);
    assert_eq!(told(Untracked::Files), []);
    outer.write("sub/stray", "1");
    assert_eq!(hidden(&outer), ["sub Some(Modified) None"]);
}

#[test]
fn a_folder_behind_a_link_is_not_the_folder() {
    let sandbox = Sandbox::new();
    sandbox.write("d/a", "1").write("core/x", "1").commit("first");
    std::fs::rename(sandbox.path().join("d"), sandbox.path().join("e")).expect("moved");
    sandbox.link("d", "e");
    let told = ["d None Some(New)", "d/a None Some(Deleted)", "e/a None Some(New)"];
    assert_eq!(said(&sandbox, Untracked::Files), told);
}

#[test]
fn a_work_tree_elsewhere() {
    let sandbox = Sandbox::new();
    sandbox.write("tree/a", "1").write("tree/b", "1");
    sandbox.git(&["config", "core.worktree", "../tree"]);
    sandbox.git(&["add", "-A"]);
    sandbox.git(&["commit", "-q", "-m", "first"]);
    sandbox.write("tree/a", "2");
    let repo = crate::repo::Repo::discover(&sandbox.path()).expect("a repository");
    assert!(repo.root().ends_with("tree"));
    let changes = repo.uncommitted(Untracked::Files).expect("compared");
    assert_eq!(changes.iter().map(|c| c.path.to_string()).collect::<Vec<_>>(), ["a"]);
}

#[test]
fn one_file_against_a_commit() {
    let sandbox = Sandbox::new();
    sandbox.write("list.yaml", "1").write("in/real.yaml", "1").write(".gitignore", "own.yaml\n");
    sandbox.link("good.yaml", "in/real.yaml").link("abs.yaml", "/etc/hostname");
    sandbox.link("folder", "in").commit("first");
    let first = head(&sandbox);
    sandbox.write("later.yaml", "1").commit("second");
    sandbox.write("own.yaml", "1").write("new.yaml", "1").link("new-link.yaml", "list.yaml");
    let same = |name: &str, commit: &CommitId| {
        sandbox.repo().same_as_commit(&path(name), commit).expect("compared")
    };
    let second = head(&sandbox);
    for (name, expected) in [
        ("list.yaml", Sameness::Same),
        ("good.yaml", Sameness::Same),
        ("folder/real.yaml", Sameness::Same),
        ("own.yaml", Sameness::NotInCommit),
        ("new.yaml", Sameness::NotInCommit),
        ("new-link.yaml", Sameness::Differs),
        ("abs.yaml", Sameness::Outside),
        ("none.yaml", Sameness::NotHere),
        ("later.yaml", Sameness::Same),
        ("in", Sameness::NotInCommit),
    ] {
        assert_eq!(same(name, &second), expected, "{name}");
    }
    assert_eq!(same("later.yaml", &first), Sameness::NotInCommit);
    sandbox.write("list.yaml", "2");
    sandbox.git(&["update-index", "--assume-unchanged", "list.yaml"]);
    assert_eq!(same("list.yaml", &second), Sameness::Differs);
    std::fs::remove_file(sandbox.path().join("good.yaml")).expect("removed");
    sandbox.link("good.yaml", "later.yaml");
    assert_eq!(same("good.yaml", &second), Sameness::Differs);
    sandbox.write("in/real.yaml", "2");
    assert_eq!(same("folder/real.yaml", &second), Sameness::Differs);
}

#[test]
fn as_git_has_it_after_anything() {
    use proptest::strategy::{Strategy as _, ValueTree as _};
    use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
    let name = || proptest::sample::select(vec!["a", "b", "d/c", "d/e"]);
    let steps = proptest::collection::vec((0..8_u8, name()), 1..7);
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    for _ in 0..40 {
        let steps = steps.new_tree(&mut runner).expect("made").current();
        let sandbox = Sandbox::new();
        sandbox.write("a", "1").write("b", "1").write("d/c", "1").commit("first");
        for (step, name) in &steps {
            let file = sandbox.path().join(name);
            let clear = || {
                let _ = std::fs::remove_file(&file);
                let _ = std::fs::remove_dir_all(&file);
            };
            match step {
                0 | 1 => {
                    clear();
                    sandbox.write(name, if *step == 0 { "1" } else { "2" });
                }
                2 => clear(),
                3 => {
                    clear();
                    std::fs::create_dir_all(file.parent().expect("a parent")).expect("folders");
                    sandbox.link(name, "target");
                }
                4 => {
                    clear();
                    sandbox.write(&format!("{name}/inside"), "1");
                }
                5 => drop(sandbox.git(&["rm", "-q", "-r", "--cached", "--ignore-unmatch", name])),
                6 if file.symlink_metadata().is_ok() => drop(sandbox.git(&["add", name])),
                _ => drop(sandbox.git(&["add", "-A"])),
            }
        }
        let status = ["status", "--porcelain", "-z", "--no-renames", "-uall"];
        let mut git: Vec<String> = Vec::new();
        for line in sandbox.git_raw(&status).split_terminator('\0') {
            let (codes, path) = line.split_at(3);
            let kind = |code: &str| match code {
                " " => "None",
                "A" | "?" => "Some(New)",
                "M" => "Some(Modified)",
                "D" => "Some(Deleted)",
                "T" => "Some(Retyped)",
                other => panic!("{other}"),
            };
            let (staged, unstaged) = match codes {
                "?? " => ("None", "Some(New)"),
                codes => (kind(&codes[..1]), kind(&codes[1..2])),
            };
            match git.iter_mut().find(|known| known.starts_with(&format!("{path} "))) {
                // taken out of the index, and on disk
                Some(known) => *known = known.replace(" None", " Some(New)"),
                None => git.push(format!("{path} {staged} {unstaged}")),
            }
        }
        git.sort();
        let mut ours = said(&sandbox, Untracked::Files);
        ours.sort();
        assert_eq!(ours, git, "{steps:?}");
    }
}
