//! Which statements may be written, and which count.

use super::*;
use crate::ledger::Record;
use crate::ledger::statement::Legacy;
use crate::model::CommitId;

const TODAY: &str = "2026-03-15";

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

fn name(digit: char) -> CommitId {
    CommitId::try_from(digit.to_string().repeat(40)).expect("a name")
}

fn waiver(why: &str, until: &str) -> Statement {
    Statement::Waiver { why: why.into(), until: day(until), accepted: Vec::new(), role: None }
}

fn sign_off() -> Statement {
    Statement::SignOff {
        covered: Default::default(),
        accepted: Vec::new(),
        role: None,
        note: CleanText::default(),
    }
}

fn objection(why: &str) -> Statement {
    Statement::Objection { why: why.into() }
}

fn withdrawal(of: char) -> Statement {
    Statement::Withdrawal { of: name(of), note: CleanText::default() }
}

fn overruling(of: char, why: &str) -> Statement {
    Statement::Overruling { of: name(of), why: why.into(), accepted: Vec::new(), role: None }
}

fn legacy(act: Act) -> Statement {
    let note = CleanText::line("it is all fine");
    Statement::Legacy(Legacy { act, role: None, note, until: None, of: None })
}

#[test]
fn a_reason_says_something() {
    let cases = [
        ("", false),
        ("too short", false),
        ("ten chars!", true),
        ("  a b c   ", false),
        ("x         y", false),
        ("xxxxxxxxxxxxxxx", false),
        ("-------------------", false),
        ("...n/a n/a n/a...", false),
        ("warte bis Mai", true),
        ("abc abc abc abc", false),
        ("<U+200B><U+200B><U+200B><U+200B>", false),
        ("not yet<U+200B><U+200B>", false),
        ("not yet<U+200B> tested", true),
        ("abcd abcd abcd", true),
        ("主机下周更换后再处理", true),
    ];
    for (reason, expected) in cases {
        assert_eq!(says_something(reason), expected, "{reason:?}");
    }
}

#[test]
fn an_items_state_is_told_apart() {
    let text = |rest: &str| {
        format!(
            "checklist: a\nsections: [{{ title: A, items: [{{ id: a, title: T, severity: low, why: W., sign_off: {{ valid: 1d }}{rest} }}] }}]\n"
        )
    };
    let digest = |rest: &str| {
        let sandbox = crate::repo::support::Sandbox::new();
        sandbox.write(".gonogo.yaml", &text(rest));
        let choice = crate::checklist::Choice::Find;
        let loaded = crate::checklist::load(&sandbox.repo(), &choice, &sandbox.path());
        let checklist = loaded.expect("a checklist").checklist;
        state_digest(checklist.item(&"a".parse().expect("an id")))
    };
    let states =
        [state_digest(None), digest(""), digest(", disabled: none here"), digest(", fix: Do it.")];
    assert_eq!(states[1], states[3], "prose is not a state");
    let distinct: BTreeSet<&Digest> = states.iter().collect();
    assert_eq!(distinct.len(), 3);
}

#[test]
fn what_may_be_written() {
    let good = "the vendor answers in May";
    let cases = [
        (sign_off(), None),
        (objection("it leaks the key"), None),
        (objection("no"), Some(Flaw::NoReason { act: Act::Objection })),
        (waiver(good, TODAY), None),
        (waiver("later", TODAY), Some(Flaw::NoReason { act: Act::Waiver })),
        (
            waiver(good, "2026-03-14"),
            Some(Flaw::Over { until: day("2026-03-14"), today: day(TODAY) }),
        ),
        (withdrawal('a'), None),
        (overruling('a', good), None),
        (overruling('a', ""), Some(Flaw::NoReason { act: Act::Overruling })),
        (legacy(Act::SignOff), Some(Flaw::Legacy)),
    ];
    for (statement, expected) in cases {
        assert_eq!(statement.flaw(day(TODAY)), expected, "{statement:?}");
    }
}

/// A ledger of statements, each by somebody, each after the one before.
struct Told(Ledger);

impl Told {
    fn new() -> Self {
        Self(Ledger::default())
    }

    fn entry(digit: char, who: &str, item: &str, statement: Statement) -> Entry {
        let author = Person::new(who, format!("{who}@example.com"));
        Entry {
            id: name(digit),
            committer: author.clone(),
            author,
            at: "2026-03-01T00:00:00Z".parse().expect("a moment"),
            record: Record::new(
                item.parse().expect("an id"),
                Digest::of([item]),
                name('0'),
                statement,
            ),
        }
    }

    fn say(mut self, digit: char, who: &str, statement: Statement) -> Self {
        self.0.push(Self::entry(digit, who, "a", statement));
        self
    }

    fn flaw(&self, digit: char) -> Option<Flaw> {
        self.0.flaw(self.0.entry(&name(digit)).expect("an entry"))
    }
}

#[test]
fn who_may_take_back_and_overrule_what() {
    let why = "the key was rotated";
    let not_own = |act| Some(Flaw::NotOwn { author: CleanText::line("ann@example.com"), act });
    let cases = [
        ("own sign-off", sign_off(), "ANN", withdrawal('a'), None),
        ("another's", sign_off(), "bob", withdrawal('a'), not_own(Act::SignOff)),
        ("another's objection", objection(why), "bob", withdrawal('a'), not_own(Act::Objection)),
        ("own withdrawal", withdrawal('f'), "ann", withdrawal('a'), Some(Flaw::Final)),
        ("nothing", sign_off(), "ann", withdrawal('9'), Some(Flaw::NamesNothing)),
        ("itself", sign_off(), "ann", withdrawal('b'), Some(Flaw::NamesNothing)),
        ("own overruling", overruling('f', why), "ann", withdrawal('a'), None),
        ("legacy", legacy(Act::SignOff), "ann", withdrawal('a'), Some(Flaw::Legacy)),
        ("overruled", objection(why), "bob", overruling('a', why), None),
        ("own objection", objection(why), "Ann", overruling('a', why), Some(Flaw::OwnObjection)),
        (
            "overruled sign-off",
            sign_off(),
            "bob",
            overruling('a', why),
            Some(Flaw::NotAnObjection { act: Act::SignOff }),
        ),
        ("no objection", sign_off(), "bob", overruling('9', why), Some(Flaw::NamesNothing)),
        (
            "no reason",
            objection(why),
            "bob",
            overruling('a', "because"),
            Some(Flaw::NoReason { act: Act::Overruling }),
        ),
    ];
    for (case, first, who, second, expected) in cases {
        let told = Told::new().say('a', "ann", first).say('b', who, second);
        assert_eq!(told.flaw('b'), expected, "{case}");
    }
}

#[test]
fn a_record_of_another_item_or_of_another_branch_is_none() {
    let mut told = Told::new();
    told.0.push(Told::entry('a', "ann", "other", objection("it leaks the key")));
    let told = told.say('b', "ann", withdrawal('a'));
    assert_eq!(told.flaw('b'), Some(Flaw::NamesNothing));

    let mut told = Told::new().say('a', "ann", objection("it leaks the key"));
    told.0.push_after(Told::entry('b', "ann", "a", withdrawal('a')), &[]);
    assert_eq!(told.flaw('b'), Some(Flaw::NamesNothing), "it could not know of it");
}

#[test]
fn an_objection_of_the_committer_is_an_own_one() {
    let mut told = Told::new().say('a', "ann", objection("it leaks the key"));
    let mut entry = Told::entry('b', "bob", "a", overruling('a', "the key was rotated"));
    entry.committer = Person::new("ann", "ann@example.com");
    assert!(entry.is_by_another());
    told.0.push(entry);
    assert_eq!(told.flaw('b'), Some(Flaw::OwnObjection));
    // and a withdrawal is the author's alone
    let mut told = Told::new().say('a', "ann", objection("it leaks the key"));
    let mut entry = Told::entry('b', "bob", "a", withdrawal('a'));
    entry.committer = Person::new("ann", "ann@example.com");
    told.0.push(entry);
    assert!(matches!(told.flaw('b'), Some(Flaw::NotOwn { .. })));
}

#[test]
fn an_objection_counts_whatever_it_says() {
    let told = Told::new().say('a', "ann", objection("no")).say('b', "ann", waiver("no", TODAY));
    assert_eq!(told.flaw('a'), None);
    assert_eq!(told.flaw('b'), Some(Flaw::NoReason { act: Act::Waiver }));
    let told = Told::new().say('a', "ann", legacy(Act::Objection));
    assert_eq!(told.flaw('a'), Some(Flaw::Legacy));
}
