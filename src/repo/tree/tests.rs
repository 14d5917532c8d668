use std::sync::Mutex;

use super::*;
use crate::repo::support::{Sandbox, git, path};
use crate::repo::{Content, Reader, Repo};

/// Writes down what a walk shows.
struct Notes<'a> {
    reader: Reader,
    all: &'a Mutex<Vec<String>>,
}

impl Visitor for Notes<'_> {
    fn see(&mut self, seen: Seen<'_>) -> ControlFlow<()> {
        let note = match seen {
            Seen::File { path, source } => match self.reader.read(&source) {
                Ok(Content::Text(text)) => format!("{path}={}", String::from_utf8_lossy(text)),
                other => format!("{path}: {other:?}"),
            },
            Seen::Link(path) => format!("link {path}"),
            Seen::Unread(unread) => format!("unread {}", unread.path),
            Seen::UnreadableFolder { path, .. } => format!("folder {path:?}"),
        };
        self.all.lock().expect("whole").push(note);
        ControlFlow::Continue(())
    }
}

fn walked(tree: &dyn Tree) -> Vec<String> {
    let all = Mutex::default();
    tree.walk(3, &|| Box::new(Notes { reader: Reader::new(), all: &all })).expect("walked");
    let mut all = all.into_inner().expect("whole");
    all.sort();
    all
}

fn found(tree: &dyn Tree, starts: &[Option<RepoPath>]) -> Vec<String> {
    let query = Query { starts, keep: &|_| true, go_on: &|| true };
    let found = tree.find(&query).expect("listed").expect("to the end");
    let mut told: Vec<String> = found
        .files
        .iter()
        .map(|file| match &file.meta {
            Ok(meta) => format!("{} {:?} {}", file.path, meta.kind, meta.len),
            Err(error) => format!("{} {error}", file.path),
        })
        .collect();
    told.extend(found.unread.iter().map(|unread| format!("unread {}", unread.path)));
    told
}

fn read(tree: &dyn Tree, name: &str) -> Result<Option<String>, String> {
    let bytes = tree.read(&path(name)).map_err(|error| error.to_string())?;
    Ok(bytes.map(|bytes| String::from_utf8(bytes).expect("text")))
}

fn tracked(tree: &dyn Tree) -> Vec<String> {
    let mut all = Vec::new();
    let counted = tree.each_tracked(&|_| true, |file| {
        let content = file.content(1000)?.unwrap_or_default();
        all.push(format!("{}={}", file.path, String::from_utf8_lossy(&content)));
        Ok::<(), RepoError>(())
    });
    assert_eq!(counted.expect("listed").files, all.len());
    all.sort();
    all
}

fn head(repo: &Repo) -> Commit {
    repo.commit(&repo.commit_named("HEAD").expect("a commit")).expect("readable")
}

/// A repository and the same files in memory.
fn alike() -> (Sandbox, Memory) {
    let sandbox = Sandbox::new();
    let files = [
        (".gitignore", "*.log\n"),
        ("a/.gitignore", "!keep.log\n"),
        ("a/keep.log", "k"),
        ("a/b/deep.py", "d"),
        ("ab", "x"),
        ("tracked.log", "t"),
    ];
    for (name, content) in files {
        sandbox.write(name, content);
    }
    sandbox.link("link", "a/b").link("a/up", "../ab").link("out", "/etc").link("gone", "none");
    sandbox.git(&["add", "-f", "tracked.log"]);
    sandbox.commit("first");
    let memory = Memory::new(files).expect("paths");
    let links = [("link", "a/b"), ("a/up", "../ab"), ("out", "/etc"), ("gone", "none")];
    let memory = links
        .into_iter()
        .try_fold(memory, |memory, (name, target)| memory.with(name, target, 0o120_777));
    (sandbox, memory.expect("paths"))
}

#[test]
fn all_trees_answer_alike() {
    let (sandbox, memory) = alike();
    let repo = sandbox.repo();
    let (work, commit) = (repo.worktree(), head(&repo));
    let trees: [&dyn Tree; 3] = [&work, &commit, &memory];
    let files = [
        ".gitignore=*.log\n",
        "a/.gitignore=!keep.log\n",
        "a/b/deep.py=d",
        "a/keep.log=k",
        "ab=x",
        "link a/up",
        "link gone",
        "link link",
        "link out",
        "tracked.log=t",
    ];
    for tree in trees {
        let which = tree.origin();
        assert_eq!(walked(tree), files, "{which:?}");
        let told = found(tree, &[Some(path("a")), Some(path("a/b")), Some(path("link"))]);
        let expected = [
            "a/.gitignore File 10",
            "a/b/deep.py File 1",
            "a/keep.log File 1",
            "a/up File 1",
            "link/deep.py File 1",
        ];
        assert_eq!(told, expected, "{which:?}");
        assert_eq!(found(tree, &[Some(path("ab")), Some(path("none"))]), ["ab File 1"]);
        let all = found(tree, &[None]);
        assert_eq!(all.len(), 8, "{which:?} {all:?}");
        assert!(all.last().is_some_and(|last| last.starts_with("tracked.log")), "{all:?}");
        assert!(all.iter().any(|one| one.starts_with("out `out` leads outside")), "{all:?}");

        for (name, expected) in [
            ("ab", Ok(Some("x"))),
            ("a/up", Ok(Some("x"))),
            ("link/deep.py", Ok(Some("d"))),
            ("link/../ab", Ok(Some("x"))),
            ("gone", Ok(None)),
            ("ab/none", Ok(None)),
            ("out/passwd", Err("leads outside")),
            ("a", Err("it is a folder")),
            ("link", Err("it is a folder")),
        ] {
            match (read(tree, name), expected) {
                (Ok(given), Ok(expected)) => assert_eq!(given.as_deref(), expected, "{name}"),
                (Err(given), Err(expected)) => assert!(given.contains(expected), "{given}"),
                (given, _) => panic!("{which:?} {name}: {given:?}"),
            }
        }
        let names = |folder: Option<&str>| -> Vec<String> {
            let folder = folder.map(path);
            let mut names: Vec<String> = tree
                .names_in(folder.as_ref())
                .expect("listed")
                .iter()
                .map(ToString::to_string)
                .collect();
            names.retain(|name| name != ".git");
            names
        };
        assert_eq!(names(Some("a")), ["a/.gitignore", "a/b", "a/keep.log", "a/up"], "{which:?}");
        assert_eq!(names(Some("link")), ["link/deep.py"], "{which:?}");
        assert_eq!(
            names(None),
            [".gitignore", "a", "ab", "gone", "link", "out", "tracked.log"],
            "{which:?}"
        );
        assert_eq!(names(Some("none")), [""; 0]);
        let kind = |name: &str| tree.look(Some(&path(name))).expect("known").map(|meta| meta.kind);
        assert_eq!(kind("a"), Some(Kind::Folder));
        assert_eq!(kind("link"), Some(Kind::Folder));
        assert_eq!(kind("a/up"), Some(Kind::File));
        assert_eq!((kind("gone"), kind("x/y")), (None, None));
        let real = |name: &str| tree.real(&path(name)).map(|real| real.to_string());
        assert_eq!(real("link/deep.py").expect("inside"), "a/b/deep.py", "{which:?}");
        assert_eq!(real("x/y").expect("inside"), "x/y", "{which:?}");
        assert!(real("out").is_err(), "{which:?}");
        assert_eq!(tree.look(None).expect("known").map(|meta| meta.kind), Some(Kind::Folder));

        assert_eq!(tracked(tree).len(), 10, "{which:?}");
        assert!(tracked(tree).contains(&"link=a/b".to_owned()), "{which:?}");
        let ignored = |name: &str| tree.ignored(&path(name), false).expect("rules").committed;
        assert_eq!(ignored("a/keep.log"), None);
        let rule = ignored("a/b/x.log").expect("ignored");
        assert_eq!((rule.line, rule.pattern.as_str()), (1, "*.log"));
        assert_eq!(rule.file, crate::repo::RuleFile::Gitignore(path(".gitignore")));
    }
    let blobs = trees.map(|tree| tree.blobs(&|path| path != &self::path("ab")).expect("listed"));
    assert_eq!(blobs[0].len(), 9);
    assert_eq!(blobs[0], blobs[1]);
    assert_eq!(blobs[0], blobs[2]);
}

#[test]
fn a_commit_is_not_what_is_on_disk() {
    let sandbox = Sandbox::new();
    sandbox.write("a", "1").write("run.sh", "x");
    sandbox.git(&["add", "-A"]);
    sandbox.git(&["update-index", "--chmod=+x", "run.sh"]);
    sandbox.git(&["commit", "-q", "-m", "first"]);
    sandbox.git(&["tag", "v1"]);
    sandbox.write("a", "2").write("b", "new").write(".gitignore", "c\n").write("c", "ignored");
    let repo = sandbox.repo();
    let commit = repo.commit(&repo.commit_named("v1").expect("a tag")).expect("readable");
    assert_eq!(walked(&commit), ["a=1", "run.sh=x"]);
    assert_eq!(read(&commit, "b"), Ok(None));
    assert_eq!(commit.ignored(&path("c"), false).expect("rules").here, None);
    let meta = commit.look(Some(&path("run.sh"))).expect("known").expect("there");
    assert_eq!((meta.mode, meta.stored), (0o755, Stored::Git));
    assert_eq!(walked(&repo.worktree()), [".gitignore=c\n", "a=2", "b=new", "run.sh=x"]);
    let error = repo.commit_named("v2").expect_err("no such tag").to_string();
    assert!(error.contains("`v2` names no commit here"), "{error}");
}

#[test]
fn what_a_sparse_checkout_left_out_is_read_from_the_index() {
    let sandbox = Sandbox::new();
    sandbox.write("in/a", "1").write("out/.env", "SECRET=1").write("out/deep/b", "2");
    sandbox.write("out/.gitignore", "*.db\n").write("out/deleted", "3").commit("first");
    sandbox.git(&["sparse-checkout", "set", "--cone", "in"]);
    assert!(!sandbox.path().join("out").exists());
    let repo = sandbox.repo();
    let work: &dyn Tree = &repo.worktree();
    let all =
        ["in/a=1", "out/.env=SECRET=1", "out/.gitignore=*.db\n", "out/deep/b=2", "out/deleted=3"];
    assert_eq!(walked(work), all);
    assert_eq!(read(work, "out/.env"), Ok(Some("SECRET=1".to_owned())));
    assert_eq!(found(work, &[Some(path("out/deep"))]), ["out/deep/b File 1"]);
    assert_eq!(found(work, &[None]).len(), 5);
    let meta = work.look(Some(&path("out/.env"))).expect("known").expect("there");
    assert_eq!((meta.len, meta.stored), (8, Stored::Git));
    let folder = work.look(Some(&path("out/deep"))).expect("known");
    assert_eq!(folder.map(|meta| meta.kind), Some(Kind::Folder));
    let names = work.names_in(Some(&path("out"))).expect("listed");
    assert_eq!(names.len(), 4, "{names:?}");
    assert!(work.ignored(&path("out/x.db"), false).expect("rules").here.is_some());
    // what is on disk all the same is read there; one that was deleted is gone
    sandbox.write("out/.env", "SECRET=2");
    sandbox.git(&["update-index", "--no-skip-worktree", "out/deleted"]);
    let now = walked(work);
    assert!(now.contains(&"out/.env=SECRET=2".to_owned()), "{now:?}");
    assert!(!now.iter().any(|file| file.starts_with("out/deleted")), "{now:?}");
    assert_eq!(read(work, "out/.env"), Ok(Some("SECRET=2".to_owned())));
    assert_eq!(read(work, "out/deleted"), Ok(None));
}

fn with_submodule() -> (Sandbox, Sandbox) {
    let inner = Sandbox::new();
    inner.write("inner.py", "i").write(".gitignore", "*.log\n").commit("inner");
    let outer = Sandbox::new();
    outer.write("a", "1");
    outer.git(&["submodule", "--quiet", "add", &inner.path().to_string_lossy(), "lib/sub"]);
    outer.commit("with a submodule");
    (outer, inner)
}

#[test]
fn a_submodules_files_are_files_of_the_tree() {
    let (outer, _inner) = with_submodule();
    outer.write("lib/sub/x.log", "ignored").write("lib/sub/new", "n");
    outer.git(&["init", "-q", "nested"]);
    outer.write("nested/x", "not ours");
    let repo = outer.repo();
    let work: &dyn Tree = &repo.worktree();
    let below = |all: Vec<String>| -> Vec<String> {
        all.into_iter().filter(|one| one.starts_with("lib/sub/")).collect()
    };
    let files = ["lib/sub/.gitignore=*.log\n", "lib/sub/inner.py=i", "lib/sub/new=n"];
    assert_eq!(below(walked(work)), files);
    assert!(!walked(work).iter().any(|one| one.starts_with("nested")));
    assert_eq!(below(found(work, &[None])).len(), 4);
    assert_eq!(below(tracked(work)), files[..2]);
    let commit: &dyn Tree = &head(&repo);
    assert_eq!(below(walked(commit)), files[..2]);
    assert_eq!(read(commit, "lib/sub/inner.py"), Ok(Some("i".to_owned())));
    assert_eq!(below(found(commit, &[Some(path("lib/sub"))])).len(), 2);
    for tree in [work, commit] {
        let blobs = tree.blobs(&|path| path.as_path().starts_with("lib")).expect("listed");
        let inner = git(&outer.path().join("lib/sub"), &["rev-parse", "HEAD"]);
        assert_eq!(blobs, [(path("lib/sub"), inner)]);
    }
    // the objects stay when the checkout goes
    outer.git(&["submodule", "--quiet", "deinit", "-f", "lib/sub"]);
    assert_eq!(below(walked(&head(&repo))), files[..2]);
}

#[test]
fn a_submodule_that_is_not_here_is_told() {
    let (outer, _inner) = with_submodule();
    let folder = tempfile::tempdir().expect("a folder");
    let clone = folder.path().join("clone");
    git(folder.path(), &["clone", "-q", &outer.path().to_string_lossy(), "clone"]);
    let repo = Repo::discover(&clone).expect("a repository");
    let commit = head(&repo);
    let memory = Memory::new([("a", "1"), (".gitmodules", "")]).expect("paths");
    let memory = memory.with("lib/sub", "", 0o160_000).expect("a path");
    let trees: [&dyn Tree; 3] = [&repo.worktree(), &commit, &memory];
    for tree in trees {
        let which = tree.origin();
        assert_eq!(walked(tree).last().map(String::as_str), Some("unread lib/sub"), "{which:?}");
        assert_eq!(found(tree, &[None]).last().map(String::as_str), Some("unread lib/sub"));
        assert_eq!(found(tree, &[Some(path("lib/sub/x"))]), ["unread lib/sub"], "{which:?}");
        assert_eq!(found(tree, &[Some(path("a"))]), ["a File 1"]);
        let counted = tree.each_tracked(&|_| true, |_| Ok::<(), RepoError>(())).expect("listed");
        assert_eq!(counted.unread.len(), 1);
        for inside in ["lib/sub/.env", "lib/sub/deep/x"] {
            let error = read(tree, inside).expect_err("not known");
            assert!(error.contains("the submodule `lib/sub`"), "{which:?} {error}");
            assert!(error.contains("git submodule update --init"), "{error}");
            assert!(tree.look(Some(&path(inside))).is_err(), "{which:?}");
        }
        assert!(tree.names_in(Some(&path("lib/sub"))).is_err(), "{which:?}");
    }
}

#[test]
fn a_submodule_keeps_to_its_repository() {
    let (outer, _inner) = with_submodule();
    let elsewhere = Sandbox::new();
    elsewhere.write("private", "p").commit("private");
    let pointer = format!("gitdir: {}\n", elsewhere.path().join(".git").display());
    outer.write("lib/sub/.git", &pointer);
    let repo = outer.repo();
    let modules = repo.modules().expect("listed");
    assert_eq!((modules.open.len(), modules.unread.len()), (0, 1));
    assert!(modules.unread[0].what.as_str().contains("outside of this repository"));
}

#[test]
fn files_in_memory_may_be_untracked() {
    let memory = Memory::new([(".gitignore", ".env\n"), ("a", "1")]).expect("paths");
    let memory = memory.with_untracked(".env", "S=1", 0o600).expect("a path");
    let memory = memory.with_untracked("new", "n", 0o644).expect("a path");
    assert_eq!(walked(&memory), [".gitignore=.env\n", "a=1", "new=n"]);
    assert_eq!(tracked(&memory), [".gitignore=.env\n", "a=1"]);
    assert_eq!(read(&memory, ".env"), Ok(Some("S=1".to_owned())));
    let meta = memory.look(Some(&path(".env"))).expect("known").expect("there");
    assert_eq!((meta.mode, meta.len), (0o600, 3));
    let memory = memory.with_untracked("sub/.gitignore", "x\n", 0o644).expect("a path");
    let ignored = memory.ignored(&path("sub/x"), false).expect("rules");
    assert!(ignored.shared.is_some() && ignored.committed.is_none());
}

#[test]
fn a_missing_object_is_an_error_and_no_empty_file() {
    let sandbox = Sandbox::new();
    sandbox.write("a", "some content").write("b", "other").commit("first");
    let oid = sandbox.git(&["rev-parse", "HEAD:a"]);
    let object = sandbox.path().join(".git/objects").join(&oid[..2]).join(&oid[2..]);
    std::fs::remove_file(object).expect("removed");
    let commit = head(&sandbox.repo());
    assert!(read(&commit, "a").is_err());
    assert!(commit.look(Some(&path("a"))).is_err());
    let told = walked(&commit);
    assert!(told[0].starts_with("a: Err("), "{told:?}");
    assert!(!told[0].contains("NotFound"), "{told:?}");
    assert_eq!(told[1], "b=other");
}

#[test]
fn a_walk_ends_when_a_visitor_breaks_and_with_unreadable_rules() {
    struct Stops;
    impl Visitor for Stops {
        fn see(&mut self, _: Seen<'_>) -> ControlFlow<()> {
            ControlFlow::Break(())
        }
    }
    let (sandbox, memory) = alike();
    let repo = sandbox.repo();
    let commit = head(&repo);
    let trees: [&dyn Tree; 3] = [&repo.worktree(), &commit, &memory];
    for tree in trees {
        assert!(tree.walk(2, &|| Box::new(Stops)).is_ok());
        let query = Query { starts: &[None], keep: &|_| true, go_on: &|| false };
        assert!(tree.find(&query).expect("no error").is_none());
    }
    let wild: String = (0..10_001).map(|n| format!("a?{n}*b\n")).collect();
    sandbox.write("a/.gitignore", &wild);
    let error = repo.worktree().walk(2, &|| Box::new(Stops));
    // it may have been given up before that file was met
    let told = error.err().map(|error| error.to_string()).unwrap_or_default();
    assert!(told.is_empty() || told.contains("`a/.gitignore` has more than 10000"), "{told}");
    let error = repo.ignored(&path("a/x"), false).expect_err("too many").to_string();
    assert!(error.contains("`a/.gitignore` has more than 10000 patterns"), "{error}");
}
