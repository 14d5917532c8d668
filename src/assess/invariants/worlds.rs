//! Random worlds, built from bytes: a zero, or no byte at all, is the choice with
//! which nothing is wrong, so that what fails shrinks towards a plain GO.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use crate::assess::basis::{Anchored, Sharing};
use crate::assess::support::{
    World, assisted, automatic, both, commit, covering, errors, fails, finding, given_up, holds,
    manual, not_applicable, result, undecided,
};
use crate::checklist::{Gate, Item, LedgerRule, Policy, Uncommitted, Waive, WaiverRule};
use crate::ledger::{Act, Entry, Legacy, Statement};
use crate::model::{
    Date, Digest, ItemResult, Need, Observation, Person, RepoPath, RuleId, Severity, Subject,
};

pub(super) const NAMES: [&str; 4] = ["a", "b", "c", "gone"];
pub(super) const PEOPLE: [&str; 5] = ["ann", "bob", "carl", "ANN", "eve"];

const ACTS: [Act; 9] = [
    Act::SignOff,
    Act::Waiver,
    Act::Waiver,
    Act::SignOff,
    Act::Objection,
    Act::Withdrawal,
    Act::Withdrawal,
    Act::Overruling,
    Act::Overruling,
];

/// A file that is new in some worlds, and one that is changed in some.
const NEW: &str = "new.txt";
const CHANGED: &str = "app.py";

struct Dice {
    bytes: std::vec::IntoIter<u8>,
}

impl Dice {
    fn roll(&mut self) -> usize {
        usize::from(self.bytes.next().unwrap_or_default())
    }

    fn one_of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.roll() % choices.len()].clone()
    }

    /// True about once in so many times.
    fn once_in(&mut self, times: usize) -> bool {
        self.roll() % times == times - 1
    }
}

pub(super) fn world() -> impl Strategy<Value = World> {
    prop::collection::vec(any::<u8>(), 0..600).prop_map(|bytes| {
        let mut dice = Dice { bytes: bytes.into_iter() };
        let items = 1 + dice.roll() % 3;
        let items: Vec<Item> = NAMES[..items].iter().map(|name| item(name, &mut dice)).collect();
        let mut world = World::of(items);
        checklist(&mut world, &mut dice);
        let names = NAMES[..world.checklist.sections[0].items.len()].to_vec();
        for name in &names {
            if !dice.once_in(24) {
                world = world.result(name, item_result(&mut dice));
            }
            if !dice.once_in(24) {
                world = world.files(name, dice.one_of(&[&["s=1"][..], &["s=1", "t=1"], &[]]));
            }
        }
        basis(&mut world, &mut dice);
        for _ in 0..dice.roll() % 10 {
            world = say(world, &mut dice);
        }
        // people who mean well and come last
        for name in &names {
            for who in ["ann", "bob"] {
                if dice.once_in(2) {
                    continue;
                }
                let last: Vec<usize> = (0..world.known.len()).last().into_iter().collect();
                let elsewhere = dice.once_in(8);
                world = world.say_after(&last, who, Act::SignOff, name, |entry| {
                    if elsewhere {
                        entry.record.commit = commit(99);
                    }
                });
            }
        }
        world
    })
}

fn item(name: &str, dice: &mut Dice) -> Item {
    let shape = dice
        .one_of(&[manual as fn(&str) -> Item, automatic, assisted, |name| covering(manual(name))]);
    let mut item = shape(name);
    if let Some(own) = &mut item.sign_off {
        policy(own, dice);
    }
    if item.sign_off.is_none() && dice.once_in(2) {
        let mut own = manual(name).sign_off.expect("a policy");
        policy(&mut own, dice);
        item.when_undecided = Some(own);
    }
    if !item.checks.is_empty() && dice.once_in(6) {
        item.checks.push(item.checks[0].clone());
    }
    let high = Severity::High;
    item.severity = dice.one_of(&[high, high, Severity::Critical, Severity::Medium, Severity::Low]);
    item.waive = match dice.roll() % 8 {
        6 => Waive::Never,
        7 => Waive::Rule(WaiverRule {
            by: "lead".parse().ok(),
            longest: dice.one_of(&["", "20d"]).parse().ok(),
        }),
        _ => Waive::Default,
    };
    item.disabled = dice.once_in(10).then(|| "not here".into());
    item
}

fn policy(policy: &mut Policy, dice: &mut Dice) {
    policy.by = dice.one_of(&["", "", "release", "lead"]).parse().ok();
    policy.count = dice.one_of(&[1, 1, 1, 0, 2]);
    policy.valid = dice.one_of(&["", "30d", "365d"]).parse().ok();
}

fn checklist(world: &mut World, dice: &mut Dice) {
    let list = &mut world.checklist;
    let lead = ["carl@example.com".to_owned()];
    list.team.insert("lead".parse().expect("a role"), lead.to_vec());
    if dice.once_in(6) {
        list.team.clear();
    }
    list.gate = Gate {
        blocks_from: dice.one_of(&[Severity::Medium, Severity::Low, Severity::Critical]),
        waivers: WaiverRule {
            by: dice.one_of(&["", "", "", "lead"]).parse().ok(),
            longest: dice.one_of(&["", "20d", "365d"]).parse().ok(),
        },
        overrule: dice.one_of(&["", "", "lead"]).parse().ok(),
        uncommitted: dice.one_of(&[Uncommitted::Block, Uncommitted::Block, Uncommitted::Warn]),
        ledger: dice.one_of(&[
            LedgerRule::Shared { max_age: None },
            LedgerRule::Shared { max_age: "7d".parse().ok() },
            LedgerRule::Local,
        ]),
    };
}

fn one_check(dice: &mut Dice) -> ItemResult {
    let path = || RepoPath::new(NEW).expect("a path");
    let need = Need::new(RuleId::new("stub.need"), Subject::of("n"), "n");
    let here = |seen: Observation| result(Ok(seen.resting_on_here([path()])));
    match dice.roll() % 20 {
        0..=4 | 19 => holds(),
        15 => here(Observation::judge(Vec::new(), "1 file")),
        16 => here(Observation::judge(vec![finding(1, "x")], "")),
        17 => here(Observation::not_applicable("none")),
        18 => here(Observation::undecided(need, "n")),
        5 => result(Ok(Observation::judge(Vec::new(), "1 file").resting_on([path()]))),
        6 => fails(&["x"]),
        7 => fails(&["x", "y"]),
        8 => fails(&["x", "x"]),
        9 => result(Ok(Observation::judge(vec![finding(1, "x")], "").resting_on([path()]))),
        10 => result(Ok(Observation::judge(vec![finding(1, "x")], "").needing([need]))),
        11 => undecided("n"),
        12 => undecided("m"),
        13 => errors(),
        14 => not_applicable(),
        _ if dice.once_in(4) => given_up(),
        _ => result(Ok(Observation::not_applicable("none").resting_on([path()]))),
    }
}

fn item_result(dice: &mut Dice) -> ItemResult {
    let one = one_check(dice);
    match dice.roll() % 4 {
        0 | 1 => one,
        2 => both(one, holds()),
        _ => both(one, one_check(dice)),
    }
}

fn basis(world: &mut World, dice: &mut Dice) {
    let now = world.now;
    let path = |name| RepoPath::new(name).expect("a path");
    let basis = &mut world.basis;
    let hours = dice.one_of(&[0, -48, 24, 0, 0, 0, 0, 25]);
    basis.commit = Some((commit(0), moved(now, hours)));
    if dice.once_in(20) {
        basis.commit = None;
    }
    basis.checklist = match dice.roll() % 12 {
        8 => vec![("c".into(), Anchored::Committed), ("d".into(), Anchored::Outside)],
        9 => vec![("c".into(), Anchored::Committed), ("d".into(), Anchored::Not("no".into()))],
        10 if dice.once_in(3) => Vec::new(),
        _ => vec![("c".into(), Anchored::BuiltIn)],
    };
    if dice.once_in(5) {
        // a revision has nothing that is not committed
        basis.revision = Some("v1".into());
    } else {
        if dice.once_in(8) {
            basis.uncommitted.tracked.push((path(CHANGED), "modified".into()));
        }
        if dice.once_in(3) {
            basis.uncommitted.untracked.push(path(NEW));
        }
        if dice.once_in(24) {
            basis.uncommitted.unknown = Some("locked".into());
        }
    }
    basis.ledger.rewound = dice.once_in(20).then(|| "lost".into());
    basis.ledger.refused = dice.once_in(20).then(|| "refused".into());
    let synced = |behind, hours: Option<i64>| Sharing::Synced {
        remote: "origin".into(),
        ahead: 0,
        behind,
        at: hours.map(|hours| moved(now, hours)),
    };
    let week = 7 * 24;
    basis.ledger.sharing = dice.one_of(&[
        Sharing::NoRemote,
        synced(0, Some(-1)),
        synced(0, Some(1 - week)),
        synced(0, Some(24)),
        synced(0, Some(-week)),
        synced(0, Some(25)),
        synced(0, None),
        synced(1, Some(-1)),
        Sharing::Never("origin".into()),
        Sharing::Gone("origin".into()),
        Sharing::Unknown("no".into()),
        Sharing::NoRemote,
        Sharing::NoRemote,
    ]);
}

fn moved(moment: Timestamp, hours: i64) -> Timestamp {
    moment + SignedDuration::from_hours(hours)
}

/// One record: about anything, by anybody, after anything.
fn say(world: World, dice: &mut Dice) -> World {
    let number = world.known.len();
    let after: Vec<usize> = match (number, dice.roll() % 4) {
        (0, _) => Vec::new(),
        (_, 0 | 1) => vec![number - 1],
        (_, 2) => vec![dice.roll() % number],
        _ => (0..dice.roll() % 3).map(|_| dice.roll() % number).collect(),
    };
    // mostly about something that was said, and often the same once more
    let about = if number == 0 { 0 } else { dice.roll() % number };
    let target = world.ledger.entries.get(about).cloned();
    let again = target.clone().filter(|_| dice.once_in(3));
    let act = match &again {
        Some(target) => target.record.statement.act(),
        None => dice.one_of(&ACTS),
    };
    let about = match again.as_ref().and_then(|target| target.record.statement.of()) {
        Some(of) => world.ledger.entries.iter().position(|one| &one.id == of).unwrap_or(about),
        None => about,
    };
    let of_target = matches!(act, Act::Withdrawal | Act::Overruling) && !dice.once_in(6);
    let item = match target.as_ref().filter(|_| of_target || again.is_some()) {
        Some(target) => target.record.item.to_string(),
        None => dice.one_of(&["a", "b", "a", "gone"]).to_owned(),
    };
    let own = act == Act::Withdrawal && !dice.once_in(5);
    let who = match target.filter(|_| own || again.is_some()) {
        Some(target) => target.author.name.to_string(),
        None => dice.one_of(&PEOPLE).to_owned(),
    };
    let now = world.now;
    world.say_after(&after, &who, act, &item, |entry| change(entry, act, about, now, dice))
}

fn change(entry: &mut Entry, act: Act, about: usize, now: Timestamp, dice: &mut Dice) {
    entry.at = moved(now, dice.one_of(&[-24, -24, -24 * 19, -24 * 30, -24 * 89, 24, 25, -1]));
    let last = moved(now, 24 * dice.one_of(&[20, 5, 0, -1, 300]));
    let statement = &mut entry.record.statement;
    statement.set_until(Date::of(last));
    let reason = if dice.once_in(8) { "no" } else { "it may be so for now" };
    statement.set_words(reason.into());
    let kept = dice.one_of(&[9, 9, 9, 1, 0]);
    match statement {
        Statement::Withdrawal { of, .. } => *of = commit(about),
        Statement::SignOff { accepted, covered, .. } => {
            accepted.truncate(kept);
            match dice.roll() % 8 {
                6 => covered.clear(),
                7 => drop(covered.insert("s".to_owned(), "2".to_owned())),
                _ => {}
            }
        }
        Statement::Waiver { accepted, .. } => accepted.truncate(kept),
        Statement::Overruling { of, accepted, .. } => {
            *of = commit(about);
            accepted.truncate(kept);
        }
        _ => {}
    }
    if dice.once_in(8) {
        entry.record.item_digest = Digest::of(["older"]);
    }
    if dice.once_in(6) {
        entry.record.commit = commit(99);
    }
    if dice.once_in(8) {
        let other = dice.one_of(&PEOPLE);
        entry.committer = Person::new(other, format!("{other}@example.com"));
    }
    if dice.once_in(16) {
        let legacy =
            Legacy { act, role: None, note: reason.into(), until: None, of: Some(commit(about)) };
        entry.record.statement = Statement::Legacy(legacy);
    }
}
