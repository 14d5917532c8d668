//! What must hold in every world, tried on random ones.

use jiff::SignedDuration;
use proptest::prelude::*;

use super::records::is_from_the_future;
use super::support::{
    World, assisted, automatic, by_release, by_two, commit, covering, disabled, errors, fails,
    for_days, holds, id, manual, not_applicable,
};
use super::{Assessment, RecordState, Standing, Verdict};
use crate::checklist::{Item, Mode};
use crate::ledger::{Act, Statement};
use crate::model::{Digest, ItemOutcome, ItemResult, Severity};

const NAMES: [&str; 4] = ["a", "b", "c", "gone"];
const PEOPLE: [&str; 4] = ["ann", "ANN", "bob", "eve"];

/// What one record is made of; numbers pick from lists.
#[derive(Debug, Clone)]
struct Words {
    act: Act,
    who: usize,
    item: usize,
    names: usize,
    days_ago: i64,
    days_left: i64,
    matches: bool,
    accepts: usize,
    has_note: bool,
}

fn words() -> impl Strategy<Value = Words> {
    let act = prop::sample::select(vec![
        Act::SignOff,
        Act::SignOff,
        Act::Objection,
        Act::Waiver,
        Act::Withdrawal,
        Act::Withdrawal,
    ]);
    let what = (act, 0..PEOPLE.len(), 0..NAMES.len(), 0..8_usize);
    let when = (-5..60_i64, -5..20_i64);
    let how = (prop::bool::weighted(0.8), 0..3_usize, prop::bool::weighted(0.9));
    (what, when, how).prop_map(|((act, who, item, names), (days_ago, days_left), how)| {
        let (matches, accepts, has_note) = how;
        Words { act, who, item, names, days_ago, days_left, matches, accepts, has_note }
    })
}

fn item(name: &'static str) -> impl Strategy<Value = Item> {
    let shape = prop::sample::select(vec![
        automatic as fn(&str) -> Item,
        manual,
        assisted,
        |name| by_release(manual(name)),
        |name| by_two(manual(name)),
        |name| for_days(30, assisted(name)),
        |name| covering(by_release(manual(name))),
        |name| disabled(automatic(name)),
    ]);
    (shape, prop::sample::select(Severity::ALL.to_vec()))
        .prop_map(move |(shape, severity)| Item { severity, ..shape(name) })
}

fn result() -> impl Strategy<Value = Option<ItemResult>> {
    prop::sample::select(vec![0, 1, 2, 3, 4, 5]).prop_map(|which| match which {
        0 => None,
        1 => Some(errors()),
        2 => Some(not_applicable()),
        3 => Some(fails(&["x"])),
        4 => Some(fails(&["x", "y"])),
        _ => Some(holds()),
    })
}

fn say(world: World, words: &Words) -> World {
    let now = world.now;
    world.say(PEOPLE[words.who], words.act, NAMES[words.item], |entry| {
        entry.at = now - SignedDuration::from_hours(24 * words.days_ago);
        let last = now + SignedDuration::from_hours(24 * words.days_left);
        let statement = &mut entry.record.statement;
        statement.set_until(crate::model::Date::of(last));
        if words.has_note {
            statement.set_words("why it may be so".into());
        }
        match statement {
            Statement::Withdrawal { of, .. } => *of = commit(words.names),
            Statement::SignOff { accepted, .. } | Statement::Waiver { accepted, .. } => {
                accepted.truncate(words.accepts);
            }
            _ => {}
        }
        if !words.matches {
            entry.record.item_digest = Digest::of(["older"]);
        }
    })
}

fn world() -> impl Strategy<Value = World> {
    let items = (item("a"), item("b"), item("c"));
    let results = (result(), result(), result());
    let gate = prop::sample::select(Severity::ALL.to_vec());
    (items, results, prop::collection::vec(words(), 0..12), gate).prop_map(
        |((a, b, c), (ra, rb, rc), records, gate)| {
            let mut world = World::of(vec![a, b, c]);
            world.checklist.gate.blocks_from = gate;
            for (name, result) in [("a", ra), ("b", rb), ("c", rc)] {
                if let Some(result) = result {
                    world = world.result(name, result);
                }
            }
            records.iter().fold(world, say)
        },
    )
}

fn standings(assessment: &Assessment) -> Vec<Standing> {
    assessment.items.iter().map(|item| item.standing).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_go_has_nothing_against_it(world in world()) {
        let assessment = world.assess();
        let gate = world.checklist.gate.blocks_from;
        let unsettled =
            |standing: Standing, severity| !standing.is_settled() && severity >= gate;
        let against = assessment.items.iter().any(|item| {
            unsettled(item.standing, item.severity)
                || matches!(item.standing, Standing::Objected | Standing::Pending)
        });
        let for_it = assessment.items.iter().any(|item| {
            matches!(item.standing, Standing::Passed | Standing::SignedOff | Standing::Waived)
        });
        let go = assessment.verdict == Verdict::Go;
        prop_assert_eq!(go, for_it && !against);
        prop_assert_eq!(assessment.counts.values().sum::<usize>(), assessment.items.len());
    }

    #[test]
    fn an_objection_never_helps(world in world(), who in 0..PEOPLE.len(), item in 0..3_usize) {
        let before = world.assess();
        let after = world.object(PEOPLE[who], NAMES[item]).assess();
        let off = before.items[item].why.as_str().starts_with("switched off");
        prop_assert_eq!(after.items[item].standing == Standing::Objected, !off);
        if before.verdict == Verdict::NoGo || !off {
            prop_assert_eq!(after.verdict, Verdict::NoGo);
        }
    }

    #[test]
    fn what_has_run_out_never_counts(world in world()) {
        let assessment = world.assess();
        for (item, (_, wanted)) in assessment.items.iter().zip(world.checklist.items()) {
            let counts = item.records.iter().filter(|record| record.state == RecordState::Counts);
            for entry in counts.map(|record| &record.entry) {
                let record = &entry.record;
                let act = record.statement.act();
                if act != Act::Objection {
                    prop_assert!(record.statement.until().is_none_or(|until| world.now < until.end()));
                    prop_assert_eq!(&record.item_digest, &wanted.digest);
                }
                let valid = wanted.sign_off.as_ref().and_then(|policy| policy.valid);
                if let (Act::SignOff, Some(valid)) = (act, valid) {
                    prop_assert!(world.now < valid.after(entry.at));
                    prop_assert!(!is_from_the_future(entry, world.now));
                }
            }
        }
    }

    #[test]
    fn strangers_cannot_take_back(world in world(), item in 0..3_usize, names in 0..12_usize) {
        let before = standings(&world.assess());
        let after = world.withdraw("stranger", NAMES[item], names).assess();
        prop_assert_eq!(before, standings(&after));
    }

    #[test]
    fn a_sign_off_from_outside_the_role_changes_nothing(mut world in world(), which in 0..3_usize) {
        world.checklist.sections[0].items[which] = by_release(manual(NAMES[which]));
        let before = standings(&world.assess());
        let after = world.sign("stranger", NAMES[which]).assess();
        prop_assert_eq!(before, standings(&after));
    }

    #[test]
    fn nobody_settles_an_error_or_a_failure_of_checks_alone(world in world()) {
        for item in world.assess().items {
            let result = world.results.get(&item.id);
            if item.mode == Mode::Automatic {
                prop_assert_ne!(item.standing, Standing::SignedOff);
            }
            if item.standing == Standing::Passed {
                prop_assert!(result.is_some_and(|result| result.outcome() == ItemOutcome::Holds));
            }
            if item.standing == Standing::SignedOff {
                prop_assert!(item.mode == Mode::Manual
                        || result.is_some_and(|result| result.errors().next().is_none()));
            }
        }
    }

    #[test]
    fn every_record_is_shown_once(world in world()) {
        let assessment = world.assess();
        let shown: usize = assessment.items.iter().map(|item| item.records.len()).sum();
        let about_gone =
            world.ledger.entries.iter().filter(|entry| entry.record.item == id("gone")).count();
        prop_assert_eq!(shown + about_gone, world.ledger.entries.len());
        let noted = assessment.notes.iter().any(|note| note.as_str().contains("`gone`"));
        prop_assert_eq!(noted, about_gone > 0);
    }

    #[test]
    fn time_alone_never_turns_no_go_into_go(mut world in world(), days in 0..100_i64) {
        // Clocks that are ahead aside: their records come to count again.
        let now = world.now;
        world.ledger.entries.retain(|entry| entry.at <= now);
        let before = world.assess().verdict;
        world.now = now + SignedDuration::from_hours(24 * days);
        let after = world.assess().verdict;
        prop_assert!(before == Verdict::Go || after == Verdict::NoGo);
    }
}
