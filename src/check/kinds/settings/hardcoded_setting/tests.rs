//! Mistaken parameters, skipped files, hostile files.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::HardcodedSetting;
use super::project::{Config, Kept, Project};
use crate::check::decode::decode;
use crate::check::{Hits, Scan};
use crate::facts::{Mentions, runs_or_starts};
use crate::lang::SourceFile;
use crate::model::{CheckError, CleanText, Outcome, RepoPath};
use crate::repo::Unread;

/// A project in memory.
struct InMemory(BTreeMap<String, String>);

impl Project for InMemory {
    fn mentioning(&self, words: Vec<String>) -> Result<Arc<Mentions>, CheckError> {
        let mut all = Mentions { files: Vec::new(), paths: Vec::new(), unread: Vec::new() };
        for (path, text) in &self.0 {
            let path = RepoPath::new(path).expect("a path");
            if runs_or_starts(&path) {
                if words.iter().any(|word| text.contains(word)) {
                    all.files.push(Arc::new(SourceFile::new(path.clone(), text.clone())));
                }
                all.paths.push(path);
            }
        }
        Ok(Arc::new(all))
    }

    fn loaders(&self) -> Result<Vec<SourceFile>, CheckError> {
        let loads = |text: &String| {
            crate::facts::LOADS_FILE.iter().any(|word| text.contains(word))
                || text.contains(crate::facts::LOADS_BY_VARIABLE)
        };
        let files = self.0.iter().filter(|(path, text)| path.ends_with(".py") && loads(text));
        let file = |(path, text): (&String, &String)| {
            SourceFile::new(RepoPath::new(path).expect("a path"), text.clone())
        };
        Ok(files.map(file).collect())
    }

    fn configs(&self, names: &[&str]) -> Result<Vec<Config>, CheckError> {
        let files = self.0.iter().filter(|(_, text)| names.iter().any(|name| text.contains(name)));
        let files = files.map(|(path, text)| (RepoPath::new(path).expect("a path"), text));
        let configs = files.filter(|(path, _)| super::project::is_config(path));
        let config = |(path, text): (RepoPath, &String)| match text.len() <= super::project::LARGEST
        {
            true => Config::Read(SourceFile::new(path, text.clone())),
            false => Config::Unread(path),
        };
        Ok(configs.map(config).collect())
    }

    fn tracked(&self, keep: &dyn Fn(&RepoPath) -> bool) -> Result<Vec<Kept>, CheckError> {
        let files = self.0.iter().map(|(path, text)| (RepoPath::new(path).expect("a path"), text));
        let files = files.filter(|(path, _)| keep(path));
        let kept = |(path, text): (RepoPath, &String)| Kept {
            path,
            is_link: false,
            text: Some(text.clone()),
        };
        Ok(files.map(kept).collect())
    }

    fn links_outside(&self) -> Result<Vec<RepoPath>, CheckError> {
        Ok(Vec::new())
    }

    fn read(&self, path: &RepoPath) -> Option<SourceFile> {
        let text = self.0.get(&path.to_string())?;
        Some(SourceFile::new(path.clone(), text.clone()))
    }
}

fn nothing() -> InMemory {
    InMemory(BTreeMap::new())
}

fn check(parameters: &str) -> HardcodedSetting {
    decode(&serde_yaml::from_str(parameters).expect("YAML")).expect("valid parameters")
}

#[test]
fn mistaken_parameters_are_told() {
    let cases = [
        ("{}", "needs `name`"),
        ("{name: A, names: [B]}", "not both"),
        ("{names: []}", "`names` is empty"),
        ("{names: [A, B], aliases: [a]}", "`aliases` belongs to one"),
        ("{name: 'A-B'}", "not a valid name of a setting"),
        ("{name: A, globs: []}", "names no file"),
        ("{name: A, exclude: ['/x']}", "leaves the repository"),
        ("{name: A, allow_in: ['(']}", "not a valid regular expression"),
        ("{name: A, nmae: B}", "unknown field"),
    ];
    for (parameters, expected) in cases {
        let value: serde_yaml::Value = serde_yaml::from_str(parameters).expect("YAML");
        let told = decode::<HardcodedSetting>(&value).expect_err(parameters);
        assert!(told.iter().any(|m| m.message.contains(expected)), "{parameters}: {told:?}");
    }
}

#[test]
fn a_large_file_is_looked_into_when_code_names_it() {
    let check = check("{name: SECRET_KEY}");
    let app = |named: &str| {
        let text = format!(
            "import os\nSECRET_KEY = os.environ['SECRET_KEY']\nx = open('{named}').read()\n"
        );
        SourceFile::new(RepoPath::new("app.py").expect("a path"), text)
    };
    let filler = "\"a\": 1,\n".repeat(40_000);
    for (named, content, expected) in [
        ("words.json", "\"SECRET_KEY\": \"hunter2\"", Outcome::Undecided),
        ("words.json", "\"SECRET_KEY\": null", Outcome::Holds),
        ("other.json", "\"SECRET_KEY\": \"hunter2\"", Outcome::Holds),
    ] {
        let app = app(named);
        let mut all = Vec::new();
        check.look(&app, &mut all);
        let files = [
            ("app.py".to_owned(), app.text().to_owned()),
            ("words.json".to_owned(), format!("{{{filler}{content}\n}}")),
        ];
        let hits = Hits { all, files: 1, unread: Vec::new() };
        let seen = check.conclude(hits, &InMemory(BTreeMap::from(files))).expect("a judgement");
        assert_eq!(seen.outcome(), expected, "{named}: {content}");
    }
}

#[test]
fn a_skipped_file_is_no_pass() {
    let check = check("{name: SECRET_KEY}");
    let skipped = |path: &str| Hits {
        all: Vec::new(),
        files: 3,
        unread: vec![Unread {
            path: RepoPath::new(path).expect("a path"),
            what: CleanText::line(format!("`{path}` was not looked at (no permission)")),
            next: CleanText::line("look"),
            id: None,
        }],
    };
    for path in ["app.py", "src"] {
        let seen = check.conclude(skipped(path), &nothing()).expect("a judgement");
        assert_eq!(seen.outcome(), Outcome::Undecided);
        let said = seen.needs[0].message.as_str();
        assert!(said.contains(path) && said.contains("no permission"), "{said}");
    }
    // nothing in there counts
    for path in ["tests", "docs"] {
        assert_eq!(
            check.conclude(skipped(path), &nothing()).expect("a judgement").outcome(),
            Outcome::NotApplicable,
            "{path}"
        );
    }
    let none = check
        .conclude(Hits { all: Vec::new(), files: 0, unread: Vec::new() }, &nothing())
        .expect("a judgement");
    assert_eq!(none.outcome(), Outcome::NotApplicable);
}

/// Files made to exhaust the stack or the clock. Each holds one literal that
/// must be found, or the file must be named as not understood.
#[test]
fn hostile_files_neither_crash_nor_hang_nor_pass() {
    /// Deep enough to overflow any stack that recursion would use.
    const DEEPEST: usize = 20_000;
    /// Deep enough for what costs the parser more.
    const DEEP: usize = 4_000;
    let nested = |times: usize, open: &str, inside: &str, close: &str| {
        format!("SECRET_KEY = {}{inside}{}\n", open.repeat(times), close.repeat(times))
    };
    let nest = |open: &str, inside: &str, close: &str| nested(DEEP, open, inside, close);
    let cases = [
        ("parentheses", nested(DEEPEST, "(", "'hunter2'", ")")),
        ("or", nested(DEEPEST, "x or ", "'hunter2'", "")),
        ("right or", nest("(x or ", "'hunter2'", ")")),
        ("plus", nest("'a' + ", "'hunter2'", "")),
        ("right plus", nest("('a' + ", "'hunter2'", ")")),
        ("calls", nest("str(", "'hunter2'", ")")),
        ("conditional", nest("x if y else ", "'hunter2'", "")),
        ("nested condition", nest("1 if (", "y", ") else 'hunter2'")),
        ("not", format!("if {} x:\n    SECRET_KEY = 'hunter2'\n", "not ".repeat(DEEP))),
        ("targets", format!("{}'hunter2'\n", "SECRET_KEY = ".repeat(DEEP))),
        ("dictionaries", nest("{'SECRET_KEY': ", "'hunter2'", "}")),
        ("keywords", nest("dict(SECRET_KEY=", "'hunter2'", ")")),
        ("attributes", format!("a{}.SECRET_KEY = 'hunter2'\n", ".b".repeat(DEEP))),
        ("unclosed", format!("SECRET_KEY = 'hunter2'\nx = {}", "(".repeat(DEEP))),
        ("names", {
            let chain: String = (1..20_000).map(|n| format!("k{n} = k{}\n", n - 1)).collect();
            format!("k0 = 'hunter2'\n{chain}SECRET_KEY = k19999\n")
        }),
        ("doubling", {
            let chain: String =
                (1..60).map(|n| format!("k{n} = k{} + k{}\n", n - 1, n - 1)).collect();
            format!("k0 = 'hunter2'\n{chain}SECRET_KEY = k59\n")
        }),
        ("guards", {
            let guards = "if SECRET_KEY == 'other': raise ValueError\n".repeat(2_000);
            let sites: String =
                (0..200).map(|n| format!("a{n}.SECRET_KEY = 'hunter2'\n")).collect();
            sites + &guards
        }),
        ("the same again", "SECRET_KEY = 'hunter2'\n".repeat(20_000)),
        ("run again", {
            let code = format!("code = {:?}\n", "SECRET_KEY = 'hunter2'\n".repeat(20_000));
            code + &"exec(code)\n".repeat(200)
        }),
        ("run in many forms", {
            (0..2_000).map(|n| format!("exec(\"SECRET_KEY = 'hunter2{n}'\")\n")).collect()
        }),
        ("large", "SECRET_KEY = 'hunter2'\n".repeat(100_000)),
        ("classes", {
            let classes: String = (0..2_000)
                .map(|n| format!("class A{n}(A{}):\n    SECRET_KEY = 'hunter2'\n", n + 1))
                .collect();
            classes
        }),
    ];
    let check = check("{name: SECRET_KEY}");
    for (name, text) in cases {
        let began = Instant::now();
        let file = SourceFile::new(RepoPath::new("app.py").expect("a path"), text);
        let mut findings = Vec::new();
        check.look(&file, &mut findings);
        let took = began.elapsed();
        assert!(!findings.is_empty(), "{name}: nothing found");
        assert!(!format!("{findings:?}").contains("hunter2"), "{name}: shows the value");
        // a debug build on a busy machine: minutes would mean a square
        assert!(took < Duration::from_secs(60), "{name}: took {took:?}");
        println!("{name}: {} findings, {took:?}", findings.len());
    }
}
