use std::collections::BTreeSet;
use std::process::{Command, Stdio};

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, TestRunner};

use super::{Rule, RuleFile};
use crate::repo::support::{Sandbox, path};

/// Which of the paths `git check-ignore --no-index` names.
fn as_git_has_it(sandbox: &Sandbox, paths: &[String]) -> BTreeSet<String> {
    use std::io::Write as _;
    let mut child = Command::new("git")
        .current_dir(sandbox.path())
        .args(["check-ignore", "--no-index", "--stdin", "-z"])
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("git runs");
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(paths.join("\0").as_bytes()).expect("written");
    drop(input);
    let out = child.wait_with_output().expect("git ends").stdout;
    let out = String::from_utf8(out).expect("plain names");
    out.split_terminator('\0').map(str::to_owned).collect()
}

#[test]
fn rules_mean_what_git_takes_them_for() {
    const PATTERNS: &[&str] = &[
        ".env",
        "!.env",
        "/.env",
        "*.db",
        "!keep.db",
        "a/",
        "a",
        "!a/",
        "/a/b",
        "a/b/",
        "**/b",
        "a/**",
        "!a/**/.env",
        "b/*",
        "!b/x.db",
        "*",
        "!*/",
        "x?db",
        "[ab]/.env",
        "a/*/.env",
        "#x",
        "\\#x",
        "**/a/.env",
        "keep.db ",
        "keep.db\\ ",
        "/*",
        "!/b",
        "b/**/c",
        ".*",
        "!.gitignore",
        "[!a].db",
        "a/b",
        "**",
        "*/.env",
        "x.[dt]b",
        "\\!x",
        "{a,b}",
        "a//b",
        "/",
        "b/",
        "[",
        "a**/b",
        "ab**/c",
        "[[:alpha:]]",
        "[[:digit:]]/b",
        "x.[!d]b",
        "[^a].db",
        "a/b/**",
        "\\a",
        "keep*",
        "*b",
        "*.env",
        "b\\",
        "a[",
        "**b",
        "**/",
        "a/***/b",
        "?env",
        "/**/b",
        "a/?/c",
        "**/b/*.db",
        "a/*b/c",
        "*/**/c",
        "[a-",
        "!*.db",
        "!**/keep.db",
    ];
    let name = || proptest::sample::select(vec!["a", "b", "c", ".env", "x.db", "keep.db", "#x"]);
    let rules = || {
        let lines = proptest::collection::vec(proptest::sample::select(PATTERNS), 0..7);
        lines.prop_map(|lines| lines.join("\n"))
    };
    let paths = proptest::collection::vec(proptest::collection::vec(name(), 1..5), 60)
        .prop_map(|paths| paths.into_iter().map(|parts| parts.join("/")).collect::<Vec<_>>());
    let all = (rules(), rules(), rules(), rules(), paths);
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    for _ in 0..60 {
        let (top, a, b, exclude, paths) = all.new_tree(&mut runner).expect("made").current();
        let sandbox = Sandbox::new();
        sandbox.write(".gitignore", &top).write("a/.gitignore", &a).write("a/b/.gitignore", &b);
        sandbox.write(".git/info/exclude", &exclude);
        let repo = sandbox.repo();
        let ours: BTreeSet<String> = paths
            .iter()
            .filter(|text| repo.is_ignored(&path(text), false).expect("readable"))
            .cloned()
            .collect();
        assert_eq!(
            ours,
            as_git_has_it(&sandbox, &paths),
            "top {top:?}, a {a:?}, a/b {b:?}, exclude {exclude:?}"
        );
    }
}

#[test]
fn a_deeper_file_takes_back() {
    let sandbox = Sandbox::new();
    sandbox.write(".gitignore", ".env\n").write("a/.gitignore", "\u{feff}!.env\r\n");
    let repo = sandbox.repo();
    assert!(repo.is_ignored(&path(".env"), false).expect("readable"));
    assert!(!repo.is_ignored(&path("a/.env"), false).expect("readable"));
}

#[test]
fn the_persons_own_rules_count() {
    let sandbox = Sandbox::new();
    sandbox.write("own", "*.db\n").write(".gitignore", "!keep.db\n");
    let own = sandbox.path().join("own");
    sandbox.git(&["config", "core.excludesFile", &own.to_string_lossy()]);
    let repo = sandbox.repo();
    assert!(repo.is_ignored(&path("x.db"), false).expect("readable"));
    assert!(!repo.is_ignored(&path("keep.db"), false).expect("readable"));
}

#[test]
fn a_link_is_no_file_of_rules() {
    let sandbox = Sandbox::new();
    sandbox.write("rules", ".env\n").link(".gitignore", "rules");
    assert!(!sandbox.repo().is_ignored(&path(".env"), false).expect("readable"));
}

#[test]
fn each_answer_stands_for_itself() {
    let sandbox = Sandbox::new();
    sandbox.write(".gitignore", "\n# secrets\n.env\nb/\n").commit("first");
    sandbox.write(".gitignore", "# secrets\n.env\n*.db\n").write("own", "a\n*.pem\n");
    sandbox.write(".git/info/exclude", "*.key\n!.env\n");
    let own = sandbox.path().join("own");
    sandbox.git(&["config", "core.excludesFile", &own.to_string_lossy()]);
    let repo = sandbox.repo();
    let told = |name: &str| {
        let ignored = repo.ignored(&path(name), false).expect("readable");
        [ignored.here, ignored.shared, ignored.committed].map(|rule| match rule {
            None => String::new(),
            Some(Rule { file, line, pattern }) => {
                let file = match file {
                    RuleFile::Gitignore(path) => path.to_string(),
                    RuleFile::Exclude => "exclude".to_owned(),
                    RuleFile::Personal(path) => {
                        path.as_str().rsplit('/').next().unwrap_or_default().to_owned()
                    }
                };
                format!("{file}:{line} {pattern}")
            }
        })
    };
    assert_eq!(told(".env"), [".gitignore:2 .env", ".gitignore:2 .env", ".gitignore:3 .env"]);
    assert_eq!(told("x.db"), [".gitignore:3 *.db", ".gitignore:3 *.db", ""]);
    assert_eq!(told("b/x"), ["", "", ".gitignore:4 b/"]);
    assert_eq!(told("x.key"), ["exclude:1 *.key", "", ""]);
    assert_eq!(told("x.pem"), ["own:2 *.pem", "", ""]);
    // a folder that a personal rule leaves out hides no shared rule below it
    assert_eq!(told("a/.env"), ["own:1 a", ".gitignore:2 .env", ".gitignore:3 .env"]);
    assert_eq!(told("none"), ["", "", ""]);
    let unborn = Sandbox::new();
    unborn.write(".gitignore", "x\n");
    let ignored = unborn.repo().ignored(&path("x"), false).expect("readable");
    assert!(ignored.shared.is_some() && ignored.committed.is_none());
}

#[test]
fn a_long_file_of_rules_is_read_and_one_beyond_measure_refused() {
    let sandbox = Sandbox::new();
    let many: String = (0..200_000).map(|n| format!("folder{n}/name.txt\n")).collect();
    sandbox.write(".gitignore", &many);
    let repo = sandbox.repo();
    assert!(repo.is_ignored(&path("folder77/name.txt"), false).expect("readable"));
    sandbox.write(".gitignore", &"# comment\n".repeat(1_700_000));
    let error = repo.is_ignored(&path("x"), false).expect_err("too long").to_string();
    assert!(error.contains("`.gitignore` is larger than 16 MiB"), "{error}");
}
