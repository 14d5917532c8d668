//! Which paths a pattern matches, and what is refused.

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
        // bytes and characters differ for one path
        for path in paths.into_iter().filter(|path| path.is_ascii() || pattern == "(?i)K") {
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
        ("a\\*/b", Some("a*/b")),
        ("(?i)docs/a.md", None),
    ];
    for (pattern, expected) in cases {
        let starts = Globs::new(&[pattern]).expect(pattern).starts();
        let expected = expected.map(|path| RepoPath::new(path).expect(path));
        assert_eq!(starts, [expected], "{pattern}");
    }
}

#[test]
fn characters_decide_and_not_bytes() {
    let cases: &[(&str, &str, bool)] = &[
        ("a?.py", "aé.py", true),
        ("a??.py", "aé.py", false),
        ("a?.py", "x/a日.py", true),
        ("a[é-í].py", "aê.py", true),
        ("a[!x].py", "aé.py", true),
        ("a[!é].py", "aé.py", false),
        ("(?i)CAFÉ.py", "café.py", true),
        ("(?i)café.py", "x/CAFÉ.PY", true),
        ("CAFÉ.py", "café.py", false),
        ("é/**/?.py", "é/a/b/ü.py", true),
        ("é/**/?.py", "é/ü.py", true),
        ("é/**", "é/ü.py", true),
        ("é/**", "é", false),
        ("{a?,b}/*.py", "aé/x.py", true),
        ("{a?,b}/*.py", "b/é.py", true),
        ("{a?,b}/*.py", "c/é.py", false),
        ("**/?", "x/y/é", true),
        ("?", "é/xy", false),
        ("{,x}?", "é", true),
    ];
    for &(pattern, path, expected) in cases {
        let globs = Globs::new(&[pattern]).expect(pattern);
        assert_eq!(globs.matches(&RepoPath::new(path).expect(path)), expected, "{pattern} {path}");
        let name = path.rsplit('/').next().unwrap_or_default();
        assert!(!expected || globs.may_match_name(name.as_bytes()), "{pattern} {path}");
    }
    #[cfg(unix)]
    {
        let name: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(b"a\xff.py");
        let path = RepoPath::new(name).expect("a path");
        for (pattern, expected) in
            [("a?.py", true), ("*.py", true), ("a[!b].py", true), ("a??.py", false)]
        {
            let globs = Globs::new(&[pattern]).expect(pattern);
            assert_eq!(globs.matches(&path), expected, "{pattern}");
        }
    }
}

#[test]
fn both_ways_to_match_agree_in_ascii() {
    let patterns = [
        "a?b",
        "**/a?",
        "a/**",
        "a/**/b",
        "**",
        "**/x/**",
        "{a,b/**}/c?",
        "{**/,}x?",
        "[!a]*",
        "[]a-c-]x",
        "*",
        "a\\*",
        "{a,{b,c}}/x[._-]{y,}",
        "a/**/**/b",
        "?*.py",
        "x/{**,y}/z",
        "(?i)A?/[b-d]*",
    ];
    let paths = [
        "a", "axb", "a/x", "a/b", "a/x/y/b", "x/y", "q/x/y", "a/c1", "b/q/r/c1", "x1", "p/x1",
        "]x", "-x", "bx", "a*", "b/x_y", "c/x.", "a/x_", "foo.py", "d/f.py", "x/y/z", "x/q/r/z",
        "ab/Cx", "A1/dd",
    ];
    for pattern in patterns {
        let any_case = pattern.starts_with(ANY_CASE);
        let glob = glob(pattern).expect(pattern);
        let wide = Wide::new(&tokens::read(glob.glob()), any_case);
        let bytes = glob.compile_matcher();
        for path in paths {
            assert_eq!(wide.matches(path.as_bytes()), bytes.is_match(path), "{pattern} {path}");
        }
    }
}

#[test]
fn what_can_never_match_is_refused() {
    let refused = [
        ("", "empty"),
        (" ", "empty"),
        ("(?i)", "empty"),
        (".", "write `**`"),
        ("./", "write `**`"),
        ("src/", "write `src/**`"),
        ("src//", "empty part"),
        ("src/**/", "write `src/**`"),
        ("src/.", "write `src/**`"),
        ("{src,lib}/", "write `{src,lib}/**`"),
        ("{a/,b}", "names a folder"),
        (" a.py", "write `a.py`"),
        ("a.py ", "write `a.py`"),
        ("a.py\n", "line break"),
        ("!x", "`\\!x`"),
        ("(?I).env", "flag"),
        ("a(?i)b", "flag"),
        ("(?s).env", "flag"),
        ("(?:a)b", "flag"),
        ("[[:alpha:]].py", "`[A-Za-z]`"),
        ("@(a|b).py", "`{a,b}`"),
        ("!(a).py", "turns nothing"),
        ("(a|b).py", "`{a,b}`"),
        ("a.py,b.py", "[\"a.py\", \"b.py\"]"),
        ("*.py, *.js", "[\"*.py\", \"*.js\"]"),
        (".*\\.py$", "regular expression"),
        (".*\\.py", "no regular expression"),
        ("^src/", "regular expression"),
        ("*.py$", "regular expression"),
        ("src\\a.py", "write `src/a.py`"),
        ("src\\\\..\\b", "backslash"),
        ("*.{py, js}", "space"),
        ("{src, lib}/**", "space"),
        ("~/.env", "leaves the repository"),
        ("$HOME/.env", "leaves the repository"),
        ("C:/x", "leaves the repository"),
        ("C:\\x", "leaves the repository"),
        ("/etc/x", "leaves the repository"),
        ("../x", "leaves the repository"),
        ("a/../b", "leaves the repository"),
        ("{..,a}/b", "`..`"),
        ("{.,a}/b", "`.`"),
        ("{a,}/b", "can begin with `/`"),
        ("a/{,b}/c", "nothing between"),
        ("'a.py'", "write `a.py`"),
        ("\"*.py\"", "write `*.py`"),
        ("https://x/y", "address"),
        ("file{1..3}.py", "{1,2,3}"),
        ("src/**.py", "write `src/**/*.py`"),
        ("src**/a", "write `src*/**/a`"),
        ("src/***", "**"),
        ("a[/]b", "between `[` and `]`"),
        ("a[b", "not a valid pattern"),
        ("{a", "not a valid pattern"),
        ("a}", "not a valid pattern"),
    ];
    for (pattern, said) in refused {
        let reason = Globs::new(&[pattern]).err().unwrap_or_default();
        assert!(reason.contains(said), "{pattern:?}: {reason}");
    }
}

#[test]
fn usual_patterns_stay_valid() {
    let cases = [
        ("a,b.txt", "a,b.txt"),
        ("*.py,v", "x.py,v"),
        ("v1.0\\,v2.0", "v1.0,v2.0"),
        ("my file.py", "my file.py"),
        ("My Documents/*.doc", "My Documents/a.doc"),
        ("env copy*", "env copy 2"),
        ("\\ a", " a"),
        ("file (?).txt", "file (1).txt"),
        ("*(1).txt", "x(1).txt"),
        ("app/(group)/page.tsx", "app/(group)/page.tsx"),
        ("app/\\[slug\\]/page.tsx", "app/[slug]/page.tsx"),
        ("#*#", "#a#"),
        ("*~", "a~"),
        (".#*", ".#a"),
        ("*$py.class", "a$py.class"),
        ("Foo$*.class", "Foo$Bar.class"),
        ("\\!x", "!x"),
        ("x!", "x!"),
        ("c++/*.h", "c++/a.h"),
        ("@types/**", "@types/a"),
        (".*", ".env"),
        (".", ""),
        ("...", "..."),
        ("..a", "..a"),
        ("a..b", "a..b"),
        ("{a/,}b", "b"),
        ("{,x/}a", "x/a"),
        ("{**/,}a", "x/y/a"),
        ("a{,/**}", "a/b"),
        ("**/{a,b}/**", "x/a/y"),
        ("**b", "ab"),
        ("[!/]x", "ax"),
        ("[]]", "]"),
        ("*.{py}", "a.py"),
        ("a:b", "a:b"),
        ("ä ö/ü", "ä ö/ü"),
    ];
    for (pattern, path) in cases {
        match (Globs::new(&[pattern]), RepoPath::new(path)) {
            (Ok(globs), Ok(path)) => assert!(globs.matches(&path), "{pattern} {path}"),
            (Ok(_), Err(_)) => panic!("{pattern} is taken"),
            (Err(reason), path) => assert!(path.is_err(), "{pattern}: {reason}"),
        }
    }
}

#[test]
fn an_escaped_path_matches_itself_alone() {
    for path in [
        ".env",
        "conf/[p].vars",
        "{a}.env",
        "a[1].env",
        "a*b",
        "!x",
        "~/x",
        "a,b.c",
        "x.y,z.w",
        "a b",
        " a",
        "^a$",
        "a|b",
        "@(a)",
        "(?i)a",
        "C:/x",
        "a\\b",
        "a!b?",
        "é[é].env",
        ".env@prod",
        "a**/b",
        "{1..3}",
        "$HOME/x",
        "'a'",
        "a. b",
    ] {
        let globs = Globs::new(&[Globs::escape(path)]).expect(path);
        let same = RepoPath::new(path).expect(path);
        assert!(globs.matches(&same), "{path}");
        assert!(!globs.matches(&RepoPath::new(format!("{path}x")).expect(path)), "{path}");
        assert!(globs.starts() == [Some(same)] || !path.contains('/'), "{path}");
    }
    let globs = Globs::new(&[Globs::escape("a[1].env")]).expect("a pattern");
    assert!(!globs.matches(&RepoPath::new("a1.env").expect("a path")));
}
