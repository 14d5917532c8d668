//! The case files of this kind, without a repository around them, and hostile files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_yaml::Value;

use super::project::Project;
use super::{HardcodedSetting, Hit};
use crate::check::decode::decode;
use crate::check::{Hits, Scan};
use crate::facts::{Mentions, runs_or_starts};
use crate::lang::SourceFile;
use crate::model::{CheckError, CleanText, Outcome, RepoPath};
use crate::repo::Unread;

#[derive(Deserialize)]
struct Case {
    check: BTreeMap<String, Value>,
    #[serde(default)]
    setup: Vec<BTreeMap<String, Value>>,
    outcome: String,
    #[serde(default)]
    findings: Vec<String>,
    #[serde(default)]
    says: Vec<String>,
    #[serde(default)]
    never: Vec<String>,
}

impl Case {
    /// The files as the last act leaves them.
    fn files(&self) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        for (act, value) in self.setup.iter().flatten() {
            match (act.as_str(), value) {
                ("write", Value::Mapping(written)) => {
                    files.extend(written.iter().map(|(path, text)| {
                        let text = text.as_str().expect("text");
                        (path.as_str().expect("a path").to_owned(), text.to_owned())
                    }));
                }
                ("write_hex", Value::Mapping(written)) => {
                    files.extend(written.iter().map(|(path, hex)| {
                        let hex = hex.as_str().expect("hexadecimal");
                        let bytes = data_encoding::HEXLOWER.decode(hex.as_bytes()).expect("hex");
                        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
                        let text = String::from_utf8_lossy(bytes).into_owned();
                        (path.as_str().expect("a path").to_owned(), text)
                    }));
                }
                ("commit", _) => {}
                _ => unimplemented!("the act `{act}`"),
            }
        }
        files
    }
}

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

    fn read(&self, path: &RepoPath) -> Option<SourceFile> {
        let text = self.0.get(&path.to_string())?;
        Some(SourceFile::new(path.clone(), text.clone()))
    }
}

fn nothing() -> InMemory {
    InMemory(BTreeMap::new())
}

fn hits(check: &HardcodedSetting, files: BTreeMap<String, String>) -> Hits<Hit> {
    let mut hits = Hits { all: Vec::new(), files: 0, unread: Vec::new() };
    for (path, text) in files {
        let path = RepoPath::new(path).expect("a path");
        if !check.wants(&path) {
            continue;
        }
        hits.files += 1;
        if check.literals().iter().any(|literal| text.contains(literal)) {
            check.look(&SourceFile::new(path, text), &mut hits.all);
        }
    }
    hits
}

fn run(case: &Case) -> Vec<String> {
    let parameters = case.check.get("hardcoded_setting").expect("this kind");
    let check: HardcodedSetting = decode(parameters).expect("valid parameters");
    let seen =
        check.conclude(hits(&check, case.files()), &InMemory(case.files())).expect("a judgement");
    let outcome = match seen.outcome() {
        Outcome::Holds => "holds",
        Outcome::Fails => "fails",
        Outcome::Undecided => "undecided",
        Outcome::NotApplicable => "not_applicable",
    };
    let mut wrong = Vec::new();
    if outcome != case.outcome {
        wrong.push(format!("outcome {outcome}"));
    }
    let places: Vec<String> =
        seen.findings.iter().map(|f| f.place().map_or("-".into(), |p| p.to_string())).collect();
    if places != case.findings {
        wrong.push(format!("findings at {places:?}"));
    }
    let findings = seen.findings.iter().map(|finding| finding.message.as_str());
    let messages: Vec<&str> =
        findings.chain(seen.needs.iter().map(|need| need.message.as_str())).collect();
    let shown = format!("{seen:?}");
    for said in &case.says {
        if !messages.iter().any(|m| m.contains(said)) && !seen.looked_at.as_str().contains(said) {
            wrong.push(format!("does not say {said:?}, but {messages:?}"));
        }
    }
    for never in case.never.iter().filter(|never| shown.contains(never.as_str())) {
        wrong.push(format!("says {never:?}: {shown}"));
    }
    wrong
}

#[test]
fn every_case_is_judged_as_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/hardcoded_setting");
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(folder).expect("the cases") {
        let path = entry.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("readable");
        let case: Case = serde_yaml::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        wrong.extend(run(&case).into_iter().map(|what| format!("{name}: {what}")));
        count += 1;
    }
    wrong.sort();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 40, "only {count} cases");
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
        ("{name: 'A-B'}", "no name of a setting"),
        ("{name: A, globs: []}", "names no file"),
        ("{name: A, exclude: ['/x']}", "leaves the repository"),
        ("{name: A, allow_in: ['(']}", "not a valid regular expression"),
        ("{name: A, nmae: B}", "unknown field"),
    ];
    for (parameters, expected) in cases {
        let value: Value = serde_yaml::from_str(parameters).expect("YAML");
        let told = decode::<HardcodedSetting>(&value).expect_err(parameters);
        assert!(told.iter().any(|m| m.message.contains(expected)), "{parameters}: {told:?}");
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
