//! What patterns match, and which are refused.

use super::*;

#[test]
fn patterns_match_as_people_expect() {
    let cases = [
        (".env", ".env", true),
        (".env", "sub/.env", true),
        ("/.env", "", false),
        ("a/*.py", "a/b.py", true),
        ("a/*.py", "a/b/c.py", false),
        ("a/**", "a/b/c.py", true),
        ("**/*.py", "c.py", true),
        ("scripts/backup*", "scripts/backup.sh", true),
        ("*.py", "a/b/c.py", true),
        ("*.py", "a/C.PY", false),
        ("(?i)*.py", "a/C.PY", true),
        ("(?i){a,{b,c}}/x[._-]{y,}", "B/X_Y", true),
        ("(?i){a,b}/x", "c/B/x", false),
        ("./.env", ".env", true),
        ("./.env", "sub/.env", false),
        ("././a/./b", "a/b", true),
        ("(?i)./.ENV", ".env", true),
        ("(?i)*.schl\u{fc}ssel", "a.SCHL\u{dc}SSEL", true),
        ("*.schl\u{fc}ssel", "a.SCHL\u{dc}SSEL", false),
        ("(?i)a/\u{e4}/*", "A/\u{c4}/b", true),
        ("\\!x", "!x", true),
        ("a{,.bak}", "b/a", true),
        ("a{,.bak}", "b/a.bak", true),
    ];
    for (pattern, path, expected) in cases {
        match (Globs::new(&[pattern]), RepoPath::new(path)) {
            (Ok(globs), Ok(path)) => {
                assert_eq!(globs.matches(&path), expected, "{pattern} {path}")
            }
            (globs, _) => assert!(globs.is_err() && !expected, "{pattern}"),
        }
    }
    let refused = [
        "../x",
        "a[b",
        "",
        " .env",
        ".env/",
        "src/",
        "a\\.env",
        "~/.env",
        "C:/x",
        "a//b",
        "(?I)x",
        "(?i)",
        "a/(?i)b",
        "!x",
        ".",
        "./",
        "./.",
        "(?i)[\u{e4}]",
    ];
    for pattern in refused {
        assert!(Globs::new(&[pattern]).is_err(), "{pattern}");
    }
}

#[test]
fn a_name_alone_decides_as_the_whole_path_would() {
    let patterns = [
        "**",
        "*",
        "**b",
        "a**b",
        "a?b",
        "a[!x]b",
        "[!a]b",
        "{a,b}*",
        "{,x}.env",
        "(?i)K",
        "{**,z}",
        "*.py",
        "a",
        "a\\*",
        "{a,b/c}",
        "?",
        "***",
        "{a,{b,**}}",
    ];
    let paths = [
        "a",
        "b",
        "a/b",
        "b/a",
        "a/b/c",
        "ab",
        "x/ab",
        "a.py",
        "x/a.py",
        ".env",
        "x/.env",
        "k",
        "x/K",
        "x/\u{212a}",
        "a*",
        "x/a*",
        "z/z",
        "b/c",
        "x/b/c",
        "axb",
        "a/xb",
    ];
    for pattern in patterns {
        let globs = Globs::new(&[pattern]).expect(pattern);
        let whole = glob(pattern).expect(pattern).compile_matcher();
        for path in paths {
            let expected = whole.is_match(path);
            let path = RepoPath::new(path).expect(path);
            assert_eq!(globs.matches(&path), expected, "{pattern} {path}");
        }
    }
    let (one, other) = (Globs::new(&["a", "b"]), Globs::new(&["b", "a"]));
    let (one, other) = (one.expect("patterns"), other.expect("patterns"));
    assert!(one.is_same_as(&Globs::new(&["a", "b"]).expect("patterns")));
    assert!(!one.is_same_as(&other));
}

#[test]
fn looking_starts_at_the_plain_part() {
    let cases = [
        (".env", None),
        ("*.db", None),
        ("**/x", None),
        ("docs/a.md", Some("docs/a.md")),
        ("docs/*.md", Some("docs")),
        ("./docs/*.md", Some("docs")),
        ("./.env", Some(".env")),
        ("a/b/**", Some("a/b")),
        ("a/{b,c}/d", Some("a")),
        ("a\\*/b", None),
        ("(?i)docs/a.md", None),
    ];
    for (pattern, expected) in cases {
        let starts = Globs::new(&[pattern]).expect(pattern).starts();
        let expected = expected.map(|path| RepoPath::new(path).expect(path));
        assert_eq!(starts, [expected], "{pattern}");
    }
}
