//! A screen built by hand, for tests: a small shop's checklist in the middle of
//! a release, the same at every run.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::Timestamp;

use super::glyphs::{ASCII, UNICODE};
use super::message::{Effect, Loaded, Message};
use super::state::State;
use super::theme::Theme;
use super::update::update;
use crate::assess::{AssessedRecord, Assessment, ItemAssessment, RecordState, Standing, Verdict};
use crate::check::params::Globs;
use crate::check::{Check, CheckError, Context, Found, Remedy};
use crate::checklist::{Checklist, Fix, Gate, Item, ItemCheck, Policy, Section};
use crate::engine::Event;
use crate::ledger::{Act, Entry, Record};
use crate::model::{
    CleanText, CommitId, Digest, Finding, ItemId, Observation, Person, Place, Redacted, RepoPath,
    Severity,
};
use crate::repo::Head;
use crate::session::Draft;

/// The moment of all tests.
pub fn now() -> Timestamp {
    "2026-03-31T12:00:00Z".parse().expect("a moment")
}

/// A check that nobody runs.
#[derive(Debug)]
struct Unrun(Option<Remedy>);

impl Check for Unrun {
    fn conclude(&self, _: &Context<'_>, _: Found) -> Result<Observation, CheckError> {
        Err(CheckError::Cancelled)
    }

    fn remedy(&self) -> Option<Remedy> {
        self.0.clone()
    }
}

pub fn id(text: &str) -> ItemId {
    text.parse().expect("an id")
}

pub fn commit(digit: char) -> CommitId {
    CommitId::try_from(digit.to_string().repeat(40)).expect("a commit")
}

/// Id, title, severity, kind of check or `-`, whether people sign.
type ItemRow = (&'static str, &'static str, Severity, &'static str, bool);

const ITEMS: &[(&str, &[ItemRow])] = &[
    (
        "Critical issues",
        &[
            (
                "secret-key-not-hardcoded",
                "SECRET_KEY is read from the environment",
                Severity::Critical,
                "hardcoded_setting",
                false,
            ),
            (
                "secret-key-strong",
                "SECRET_KEY is a strong random value",
                Severity::Critical,
                "secret_strength",
                false,
            ),
            ("env-ignored", "git ignores the env file", Severity::Critical, "git_ignored", false),
            (
                "env-never-committed",
                "No commit ever held the env file",
                Severity::High,
                "git_history_without",
                false,
            ),
        ],
    ),
    (
        "Practices in place",
        &[
            ("sql-parameterised", "No SQL text is built from data", Severity::High, "text", true),
            (
                "mail-password-encrypted",
                "Mail passwords in the database are encrypted",
                Severity::Medium,
                "-",
                true,
            ),
            (
                "uploads-safe",
                "Names of uploaded files pass secure_filename",
                Severity::High,
                "text",
                false,
            ),
        ],
    ),
    (
        "Before deploying",
        &[
            (
                "restore-rehearsed",
                "A backup was restored on a spare machine",
                Severity::High,
                "-",
                true,
            ),
            (
                "payments-tested",
                "Payments were tested with the provider's test mode 決済テスト",
                Severity::High,
                "-",
                true,
            ),
            ("todos-reviewed", "TODO and FIXME comments are reviewed", Severity::Low, "todo", true),
            (
                "gitignore-reviewed",
                "The ignore file covers env files, databases, keys and caches",
                Severity::Medium,
                "-",
                true,
            ),
            (
                "stripe-live",
                "Production's Stripe keys are live-mode ones",
                Severity::High,
                "env_keys",
                false,
            ),
        ],
    ),
];

fn standing_of(id: &str) -> (Standing, &'static str) {
    match id {
        "secret-key-not-hardcoded" => {
            (Standing::Failed, "2 findings: the check `hardcoded_setting` does not hold")
        }
        "secret-key-strong" => {
            (Standing::Failed, "1 finding: the check `secret_strength` does not hold")
        }
        "env-ignored" => (Standing::Passed, "the check `git_ignored` holds"),
        "env-never-committed" => (
            Standing::Errored,
            "the history is shallow, so old commits could not be looked at; run `git fetch --unshallow`",
        ),
        "sql-parameterised" => {
            (Standing::SignedOff, "Lea Lead vouches for it since 2026-03-28, until 2026-06-26")
        }
        "mail-password-encrypted" => (Standing::Waived, "waived by Ron Release until 2026-04-15"),
        "uploads-safe" => (Standing::NotApplicable, "no file of this repository takes uploads"),
        "restore-rehearsed" => (Standing::Unsigned, "it waits for 1 sign-off of the role release"),
        "payments-tested" => {
            (Standing::Stale, "`shop/payments.py` changed since Ron Release signed on 1111111")
        }
        "todos-reviewed" => (Standing::Unsigned, "2 findings wait for a person's judgement"),
        "gitignore-reviewed" => {
            (Standing::Objected, "Lea Lead objects: the cache folder is tracked")
        }
        _ => (Standing::Passed, "the check `env_keys` holds"),
    }
}

fn item(row: &ItemRow) -> Item {
    let (name, title, severity, kind, signed) = *row;
    let remedy = (name == "secret-key-strong").then(|| Remedy::GenerateSecret {
        file: RepoPath::new(".env").expect("a path"),
        key: "SECRET_KEY".into(),
    });
    let checks = match kind {
        "-" => Vec::new(),
        kind => vec![ItemCheck {
            kind,
            check: Arc::new(Unrun(remedy)),
            parameters: serde_json::json!({ "name": "SECRET_KEY", "files": [".env"] }),
        }],
    };
    Item {
        id: id(name),
        title: title.into(),
        severity,
        why: CleanText::block(
            "Flask signs sessions and CSRF tokens with it; whoever reads the code can forge a session.",
        ),
        fix: Some(Fix {
            text: Some(CleanText::block("Read it from the environment:")),
            steps: vec!["Put the value into the env file".into(), "Take it out of the code".into()],
            code: Some(CleanText::block(
                "app.config[\"SECRET_KEY\"] = os.environ[\"SECRET_KEY\"]\n",
            )),
        }),
        refs: vec!["https://flask.palletsprojects.com/en/stable/config/#SECRET_KEY".into()],
        checks,
        sign_off: signed.then(|| Policy {
            by: Some("release".parse().expect("a role")),
            count: 1,
            valid: Some("90d".parse().expect("a period")),
            covers: Some(Globs::new(&["shop/payments*"]).expect("patterns")),
        }),
        disabled: None,
        defined_at: ("builtin:flask-production".into(), 12),
        digest: Digest::of([name]),
    }
}

pub fn checklist() -> Checklist {
    Checklist {
        name: "minipass production".into(),
        about: "What must be true before minipass goes live.".into(),
        origin: ".gonogo/checklist.yaml".into(),
        reviewed: Some("2025-11-02".parse().expect("a day")),
        review_every: Some("180d".parse().expect("a period")),
        team: BTreeMap::new(),
        gate: Gate { blocks_from: Severity::Medium },
        sections: ITEMS
            .iter()
            .map(|(title, items)| Section {
                title: (*title).into(),
                items: items.iter().map(item).collect(),
            })
            .collect(),
    }
}

pub fn findings(name: &str) -> Vec<Finding> {
    let at =
        |path: &str, line, column| Place::at(RepoPath::new(path).expect("a path"), line, column);
    match name {
        "secret-key-not-hardcoded" => vec![
            Finding::new("SECRET_KEY is a literal in the code")
                .at(at("shop/app.py", 189, 1))
                .showing(Redacted::line(
                    "app.config[\"SECRET_KEY\"] = \"hunter2\"",
                    std::slice::from_ref(&(28..35)),
                ))
                .help("read it with os.environ[\"SECRET_KEY\"], without a fallback"),
            Finding::new("SECRET_KEY falls back to a literal when the variable is not set")
                .at(at("shop/config.py", 9, 14))
                .showing(Redacted::line(
                    "    key = os.getenv(\"SECRET_KEY\", \"dev\")",
                    std::slice::from_ref(&(35..38)),
                )),
        ],
        "secret-key-strong" => {
            vec![Finding::new("SECRET_KEY in the env file is a placeholder").at(at(".env", 3, 1))]
        }
        "todos-reviewed" => vec![
            Finding::new("TODO: retry when the provider is down").at(at("shop/payments.py", 41, 5)),
            Finding::new("FIXME without an author"),
        ],
        _ => Vec::new(),
    }
}

fn entry(act: Act, item: &str, author: (&str, &str), at: &str, digit: char) -> Entry {
    Entry {
        id: commit(digit),
        author: Person::new(author.0, author.1),
        at: at.parse().expect("a moment"),
        record: Record {
            schema: 1,
            act,
            item: id(item),
            item_digest: Digest::of([item]),
            commit: commit('1'),
            covered: BTreeMap::from([("shop/payments.py".into(), "00".into())]),
            findings: Vec::new(),
            role: Some("release".parse().expect("a role")),
            note: CleanText::block("Tested a charge and a refund on staging."),
            until: None,
            withdraws: None,
        },
    }
}

pub const RON: (&str, &str) = ("Ron Release", "release@example.com");
pub const LEA: (&str, &str) = ("Lea Lead", "lead@example.com");

fn records(name: &str) -> Vec<AssessedRecord> {
    match name {
        "payments-tested" => vec![
            AssessedRecord {
                entry: entry(Act::Objection, name, LEA, "2026-01-15T09:00:00Z", 'b'),
                state: RecordState::Withdrawn,
            },
            AssessedRecord {
                entry: entry(Act::SignOff, name, RON, "2026-03-28T09:00:00Z", 'a'),
                state: RecordState::Stale(vec!["`shop/payments.py` changed".into()]),
            },
        ],
        _ => Vec::new(),
    }
}

pub fn assessment(checklist: &Checklist) -> Assessment {
    let mut counts = BTreeMap::new();
    let items: Vec<ItemAssessment> = checklist
        .items()
        .map(|(_, item)| {
            let (standing, why) = standing_of(item.id.as_str());
            *counts.entry(standing).or_insert(0) += 1;
            ItemAssessment {
                id: item.id.clone(),
                mode: item.mode(),
                severity: item.severity,
                standing,
                why: why.into(),
                blocks: !standing.is_settled() && item.severity >= Severity::Medium,
                records: records(item.id.as_str()),
            }
        })
        .collect();
    Assessment {
        verdict: Verdict::NoGo,
        items,
        counts,
        blockers: Vec::new(),
        notes: vec!["the record on `old-item` belongs to no item any more".into()],
    }
}

pub fn loaded() -> Loaded {
    let checklist = Arc::new(checklist());
    let checked = checklist
        .items()
        .filter(|(_, i)| !i.checks.is_empty())
        .map(|(_, i)| i.id.clone())
        .collect();
    Loaded {
        name: "minipass".into(),
        head: Head { branch: Some("main".into()), commit: Some(commit('1')) },
        checklist,
        checked,
    }
}

/// An empty screen.
pub fn empty(size: (u16, u16)) -> State {
    let mut state = State::new(size, now(), Theme::Dark, &UNICODE);
    state.folder = "minipass".into();
    state
}

/// The same with the session open and all checks running.
pub fn running(size: (u16, u16)) -> State {
    let mut state = empty(size);
    update(&mut state, Message::Opened(loaded(), None));
    state
}

/// The same with all checks done.
pub fn done(size: (u16, u16)) -> State {
    let mut state = running(size);
    let loaded = loaded();
    for item in &loaded.checked {
        let result = match item.as_str() {
            "env-never-committed" => {
                Err(CheckError::could_not_look("the history is shallow", "fetch it"))
            }
            name => Ok(Observation::judge(findings(name), "412 files")),
        };
        let event = Event::Finished { item: item.clone(), result };
        update(&mut state, Message::Run(1, event));
    }
    let took = std::time::Duration::from_millis(184);
    update(&mut state, Message::Run(1, Event::Done { cancelled: false, took }));
    let checklist = loaded.checklist;
    update(&mut state, Message::Assessed(assessment(&checklist)));
    state
}

/// The same with ASCII signs and no colour.
pub fn plain(mut state: State) -> State {
    state.glyphs = &ASCII;
    state.theme = Theme::Plain;
    state
}

/// A draft as the session would make it.
pub fn draft(act: Act, item: &str) -> Draft {
    let mut entry = entry(act, item, RON, "2026-03-31T12:00:00Z", 'c');
    entry.record.note = CleanText::default();
    entry.record.findings = findings(item).iter().map(Finding::fingerprint).collect();
    Draft {
        record: entry.record,
        author: entry.author,
        warnings: vec!["`shop/payments.py` has changes that are not committed".into()],
    }
}

/// An own record and the draft that withdraws it.
pub fn withdrawal(item: &str) -> (Draft, Entry) {
    (draft(Act::Withdrawal, item), entry(Act::SignOff, item, RON, "2026-03-28T09:00:00Z", 'a'))
}

/// Types: `down`, `ctrl-d`, `enter`, … by name, everything else letter by letter.
pub fn press(state: &mut State, keys: &str) -> Vec<Effect> {
    let mut effects = Vec::new();
    for word in keys.split_whitespace() {
        for key in key(word) {
            effects.extend(update(state, Message::Key(key)));
        }
    }
    effects
}

fn key(word: &str) -> Vec<KeyEvent> {
    let plain = |code| vec![KeyEvent::new(code, KeyModifiers::NONE)];
    let names: HashMap<&str, KeyCode> = HashMap::from([
        ("up", KeyCode::Up),
        ("down", KeyCode::Down),
        ("left", KeyCode::Left),
        ("right", KeyCode::Right),
        ("home", KeyCode::Home),
        ("end", KeyCode::End),
        ("pgup", KeyCode::PageUp),
        ("pgdn", KeyCode::PageDown),
        ("tab", KeyCode::Tab),
        ("enter", KeyCode::Enter),
        ("esc", KeyCode::Esc),
        ("f1", KeyCode::F(1)),
        ("bs", KeyCode::Backspace),
        ("space", KeyCode::Char(' ')),
    ]);
    if let Some(&code) = names.get(word) {
        return plain(code);
    }
    if let Some(letter) = word.strip_prefix("ctrl-").and_then(|rest| rest.chars().next()) {
        return vec![KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL)];
    }
    word.chars().flat_map(|letter| plain(KeyCode::Char(letter))).collect()
}
