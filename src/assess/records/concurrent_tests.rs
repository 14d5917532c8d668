//! Records whose authors could not know of each other: the stricter counts.

use crate::assess::support::{World, manual, of, until_day};
use crate::checklist::{Waive, WaiverRule};
use crate::ledger::{Act, Entry};

/// What one record does.
#[derive(Clone, Copy)]
enum Does {
    Signs,
    Objects,
    /// Until that day.
    Waives(&'static str),
    /// The record of that number.
    Withdraws(usize),
}
use Does::{Objects, Signs, Waives, Withdraws};

/// Who does what, after which records.
type Step = (&'static str, Does, &'static [usize]);

fn told(steps: &[Step]) -> World {
    steps.iter().fold(World::of(vec![manual("a")]), |world, &(who, does, after)| match does {
        Signs => world.say_after(after, who, Act::SignOff, "a", |_| {}),
        Objects => world.say_after(after, who, Act::Objection, "a", |_| {}),
        Waives(until) => world.say_after(after, who, Act::Waiver, "a", until_day(until)),
        Withdraws(number) => world.say_after(after, who, Act::Withdrawal, "a", of(number)),
    })
}

const WITHDREW: &str = "not counted: its author withdrew an earlier one at the same time elsewhere";
const SHORTER: &str = "not counted: its author made a shorter one at the same time elsewhere";
const BEFORE: &str = "not counted: the sign-off was withdrawn before";

#[test]
fn only_ancestry_replaces() {
    let cases: Vec<(&str, Vec<Step>, Vec<&str>)> = vec![
        (
            "two at the same time",
            vec![("ann", Signs, &[]), ("ann", Signs, &[])],
            vec!["counts", "counts"],
        ),
        (
            "one after one of two",
            vec![("ann", Signs, &[]), ("ann", Signs, &[]), ("ann", Signs, &[0])],
            vec!["superseded", "counts", "counts"],
        ),
        (
            "one after both",
            vec![("ann", Signs, &[]), ("ann", Signs, &[]), ("ann", Signs, &[0, 1])],
            vec!["superseded", "superseded", "counts"],
        ),
        (
            "withdrawn at the same time as signed again",
            vec![("ann", Signs, &[]), ("ann", Withdraws(0), &[0]), ("ann", Signs, &[0])],
            vec!["withdrawn", "withdrawal", WITHDREW],
        ),
        (
            "the same, merged in the other order",
            vec![("ann", Signs, &[]), ("ann", Signs, &[0]), ("ann", Withdraws(0), &[0])],
            vec!["withdrawn", WITHDREW, "withdrawal"],
        ),
        (
            "signed at the same time elsewhere, without having known of either",
            vec![("ann", Signs, &[]), ("ann", Withdraws(0), &[0]), ("ANN", Signs, &[])],
            vec!["withdrawn", "withdrawal", WITHDREW],
        ),
        (
            "signed again after the withdrawal",
            vec![("ann", Signs, &[]), ("ann", Withdraws(0), &[0]), ("ann", Signs, &[1])],
            vec!["withdrawn", "withdrawal", "counts"],
        ),
        (
            "one of two that the withdrawal knew of",
            vec![("ann", Signs, &[]), ("ann", Signs, &[]), ("ann", Withdraws(0), &[0, 1])],
            vec!["withdrawn", "counts", "withdrawal"],
        ),
        (
            "another person's",
            vec![("ann", Signs, &[]), ("ann", Withdraws(0), &[0]), ("bob", Signs, &[0])],
            vec!["withdrawn", "withdrawal", "counts"],
        ),
        (
            "a waiver beside a withdrawn sign-off",
            vec![
                ("ann", Signs, &[]),
                ("ann", Withdraws(0), &[0]),
                ("ann", Waives("2026-04-01"), &[0]),
            ],
            vec!["withdrawn", "withdrawal", "counts"],
        ),
        (
            "a waiver beside a withdrawn waiver",
            vec![
                ("ann", Waives("2026-04-01"), &[]),
                ("ann", Withdraws(0), &[0]),
                ("ann", Waives("2026-04-01"), &[0]),
            ],
            vec!["withdrawn", "withdrawal", WITHDREW],
        ),
        (
            "an objection beside a withdrawn objection",
            vec![("ann", Objects, &[]), ("ann", Withdraws(0), &[0]), ("ann", Objects, &[0])],
            vec!["withdrawn", "withdrawal", "counts"],
        ),
        (
            "a later one that does not count replaces the earlier one all the same",
            vec![
                ("ann", Signs, &[]),
                ("ann", Signs, &[0]),
                ("ann", Withdraws(0), &[0]),
                ("ann", Signs, &[0]),
            ],
            vec!["withdrawn", WITHDREW, "withdrawal", WITHDREW],
        ),
    ];
    for (name, steps, expected) in cases {
        assert_eq!(told(&steps).states(), expected, "{name}");
    }
}

#[test]
fn a_withdrawal_may_be_repeated() {
    let cases: Vec<(&str, Vec<Step>, Vec<&str>)> = vec![
        (
            "at the same time",
            vec![("ann", Signs, &[]), ("ann", Withdraws(0), &[0]), ("ann", Withdraws(0), &[0])],
            vec!["withdrawn", "withdrawal", "withdrawal"],
        ),
        (
            "at the same time as signed again after the other",
            vec![
                ("ann", Signs, &[]),
                ("ann", Withdraws(0), &[0]),
                ("ann", Signs, &[1]),
                ("ann", Withdraws(0), &[0]),
            ],
            vec!["withdrawn", "withdrawal", WITHDREW, "withdrawal"],
        ),
        (
            "after the other, at the same time as signed again",
            vec![
                ("ann", Signs, &[]),
                ("ann", Withdraws(0), &[0]),
                ("ann", Signs, &[1]),
                ("ann", Withdraws(0), &[1]),
            ],
            vec!["withdrawn", "withdrawal", WITHDREW, BEFORE],
        ),
        (
            "before it is signed again",
            vec![
                ("ann", Signs, &[]),
                ("ann", Withdraws(0), &[0]),
                ("ann", Withdraws(0), &[1]),
                ("ann", Signs, &[2]),
            ],
            vec!["withdrawn", "withdrawal", BEFORE, "counts"],
        ),
    ];
    for (name, steps, expected) in cases {
        assert_eq!(told(&steps).states(), expected, "{name}");
    }
}

#[test]
fn of_waivers_at_the_same_time_the_shorter_counts() {
    let (short, long) = (Waives("2026-04-01"), Waives("2026-05-01"));
    let cases: Vec<(&str, Vec<Step>, Vec<&str>)> = vec![
        ("short first", vec![("ann", short, &[]), ("ann", long, &[])], vec!["counts", SHORTER]),
        ("long first", vec![("ann", long, &[]), ("ANN", short, &[])], vec![SHORTER, "counts"]),
        ("equal", vec![("ann", long, &[]), ("ann", long, &[])], vec!["counts", "counts"]),
        ("of two people", vec![("ann", short, &[]), ("bob", long, &[])], vec!["counts", "counts"]),
        (
            "made later",
            vec![("ann", short, &[]), ("ann", long, &[0])],
            vec!["superseded", "counts"],
        ),
        (
            "the shorter one is replaced",
            vec![("ann", short, &[]), ("ann", long, &[]), ("ann", long, &[0])],
            vec!["superseded", "counts", "counts"],
        ),
        (
            "the shorter one is over",
            vec![("ann", Waives("2026-03-14"), &[]), ("ann", long, &[])],
            vec!["stale: its last day was 2026-03-14", SHORTER],
        ),
        (
            "the shorter one is withdrawn, the other known",
            vec![("ann", short, &[]), ("ann", long, &[]), ("ann", Withdraws(0), &[0, 1])],
            vec!["withdrawn", "counts", "withdrawal"],
        ),
    ];
    for (name, steps, expected) in cases {
        assert_eq!(told(&steps).states(), expected, "{name}");
    }
}

#[test]
fn the_shorter_waiver_is_the_one_that_ends_first() {
    let days = |before: &'static str, until: &'static str| {
        move |entry: &mut Entry| {
            until_day(until)(entry);
            crate::assess::support::made_at(before)(entry);
        }
    };
    // the first says a later day and is cut to an earlier one
    let mut world = World::of(vec![manual("a")])
        .say_after(&[], "ann", Act::Waiver, "a", days("2026-03-10T00:00:00Z", "2026-12-31"))
        .say_after(&[], "ann", Act::Waiver, "a", days("2026-03-14T00:00:00Z", "2026-06-01"));
    world.checklist.sections[0].items[0].waive =
        Waive::Rule(WaiverRule { by: None, longest: "20d".parse().ok() });
    assert_eq!(world.states(), ["counts", SHORTER]);
}

#[test]
fn any_order_that_ancestry_allows_gives_the_same() {
    // two branches after a common sign-off, laid out in two orders
    let one: Vec<Step> = vec![
        ("ann", Signs, &[]),
        ("ann", Withdraws(0), &[0]),
        ("ann", Signs, &[1]),
        ("ann", Withdraws(0), &[0]),
        ("bob", Signs, &[3]),
    ];
    let other: Vec<Step> = vec![
        ("ann", Signs, &[]),
        ("ann", Withdraws(0), &[0]),
        ("bob", Signs, &[1]),
        ("ann", Withdraws(0), &[0]),
        ("ann", Signs, &[3]),
    ];
    let sorted = |steps: &[Step]| {
        let mut states = told(steps).states();
        states.sort();
        states
    };
    assert_eq!(sorted(&one), sorted(&other));
    assert_eq!(told(&one).stands(), told(&other).stands());
}
