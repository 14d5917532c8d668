//! What must hold in every world, tried on random ones.

mod oracle;
mod worlds;

use std::cell::Cell;
use std::collections::BTreeSet;

use jiff::SignedDuration;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::assess::assessment::{Assessment, RecordState, Standing, Verdict};
use crate::assess::basis::Sharing;
use crate::assess::rule::Rule;
use crate::assess::support::{by_release, commit, id, manual};
use oracle::State;
use worlds::{NAMES, PEOPLE, world};

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..Default::default() }
}

fn standings(assessment: &Assessment) -> Vec<Standing> {
    assessment.items.iter().map(|item| item.standing).collect()
}

fn agrees(state: State, standing: Standing) -> bool {
    match state {
        State::Passed => standing == Standing::Passed,
        State::Signed => standing == Standing::SignedOff,
        State::Waived => standing == Standing::Waived,
        State::NotApplicable => standing == Standing::NotApplicable,
        State::Pending => standing == Standing::Pending,
        State::Objected => standing == Standing::Objected,
        State::Open => matches!(
            standing,
            Standing::Failed
                | Standing::Unsigned
                | Standing::Stale
                | Standing::Errored
                | Standing::Undecided
        ),
    }
}

/// A GO is said just when no rule is broken, and each broken rule is a blocker.
/// The worlds must show it: some are a GO, and each rule is broken in some.
#[test]
fn a_go_breaks_no_rule() {
    let (gos, all) = (Cell::new(0), Cell::new(0));
    let mut broken_once = BTreeSet::new();
    let seen = std::cell::RefCell::new(&mut broken_once);
    TestRunner::new(config(2_000))
        .run(&world(), |world| {
            let assessment = world.assess();
            let mut broken = oracle::broken(&world);
            let items = &world.checklist.sections[0].items;
            for (item, assessed) in items.iter().zip(&assessment.items) {
                let state = oracle::state(&world, item);
                prop_assert!(agrees(state, assessed.standing), "{state:?}: {assessed:?}");
            }
            let go = assessment.verdict == Verdict::Go;
            prop_assert_eq!(go, broken.is_empty(), "{:?}", broken);
            prop_assert_eq!(assessment.is_clear(), go);
            prop_assert_eq!(assessment.of_work_tree, oracle::is_of_work_tree(&world));
            all.set(all.get() + 1);
            gos.set(gos.get() + u32::from(go));
            seen.borrow_mut().extend(broken.iter().copied());
            // items whose checks go on say so themselves
            if assessment.items.iter().any(|item| item.standing == Standing::Pending) {
                broken.remove(&Rule::Verified);
            }
            let said: BTreeSet<Rule> = assessment.against().map(|blocker| blocker.rule).collect();
            prop_assert_eq!(said, broken);
            let ids: Vec<_> = assessment.items.iter().map(|item| item.id.clone()).collect();
            prop_assert_eq!(assessment.only(&ids).verdict, Verdict::Partial);
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
    assert!(gos.get() * 50 > all.get(), "{} of {} are a GO", gos.get(), all.get());
    assert_eq!(broken_once, Rule::ALL.into(), "each rule is broken somewhere");
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn an_objection_never_helps(world in world(), who in 0..PEOPLE.len(), item in 0..NAMES.len()) {
        let after = world.object(PEOPLE[who], NAMES[item]).assess();
        prop_assert_eq!(after.verdict, Verdict::NoGo);
    }

    #[test]
    fn strangers_cannot_withdraw(world in world(), item in 0..NAMES.len(), names in 0..12_usize) {
        let before = world.assess();
        let after = world.withdraw("stranger", NAMES[item], names).assess();
        prop_assert_eq!(standings(&before), standings(&after));
        prop_assert_eq!(before.verdict, after.verdict);
    }

    #[test]
    fn a_sign_off_from_outside_the_role_changes_nothing(mut world in world()) {
        world.checklist.sections[0].items[0] = by_release(manual("a"));
        let before = standings(&world.assess());
        let after = world.sign("stranger", "a").assess();
        prop_assert_eq!(before, standings(&after));
    }

    #[test]
    fn every_record_is_shown_once(world in world()) {
        let assessment = world.assess();
        let shown: usize = assessment.items.iter().map(|item| item.records.len()).sum();
        let about = |name: &str| world.checklist.item(&id(name)).is_some();
        let entries = &world.ledger.entries;
        let gone = entries.iter().filter(|entry| !about(entry.record.item.as_str())).count();
        prop_assert_eq!(shown + gone, entries.len());
        let counted = assessment.counts.values().sum::<usize>();
        prop_assert_eq!(counted, assessment.items.len());
    }

    #[test]
    fn a_record_of_the_first_schema_counts_nowhere(world in world()) {
        for item in world.assess().items {
            for record in item.records.iter().filter(|record| record.entry.is_legacy()) {
                prop_assert!(matches!(record.state, RecordState::NotCounted(_)));
            }
        }
    }

    #[test]
    fn time_alone_never_turns_no_go_into_go(mut world in world(), days in 0..100_i64) {
        // Clocks that are ahead aside: their records come to count.
        let now = world.now;
        for entry in &mut world.ledger.entries {
            entry.at = entry.at.min(now);
        }
        world.basis.commit = Some((commit(0), now));
        if let Sharing::Synced { at: Some(at), .. } = &mut world.basis.ledger.sharing {
            *at = now.min(*at);
        }
        let before = world.assess().verdict;
        world.now = now + SignedDuration::from_hours(24 * days);
        let after = world.assess().verdict;
        prop_assert!(before == Verdict::Go || after == Verdict::NoGo);
    }
}
