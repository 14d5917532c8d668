//! What several items add up to, and what is said beside it.

use crate::assess::Verdict::{Go, NoGo};
use crate::assess::support::{
    NOW, World, assisted, automatic, disabled, errors, fails, holds, id, less_severe, manual,
    not_applicable,
};
use crate::assess::{Standing, Verdict};
use crate::ledger::Act;
use crate::model::Severity;

fn two(first: crate::checklist::Item) -> World {
    World::of(vec![first, automatic("other")]).result("other", holds())
}

#[test]
fn go_needs_something_verified_and_nothing_against_it() {
    let low = || less_severe(automatic("a"));
    let cases: Vec<(&str, World, Verdict, &[&str])> = vec![
        ("a pass", World::of(vec![automatic("a")]).result("a", holds()), Go, &[]),
        ("a sign-off", World::of(vec![manual("a")]).sign("ann", "a"), Go, &[]),
        ("a waiver", World::of(vec![manual("a")]).waive("ann", "a", "2026-12-31"), Go, &[]),
        ("a failure beside", two(automatic("a")).result("a", fails(&["x"])), NoGo, &[]),
        ("an error beside", two(automatic("a")).result("a", errors()), NoGo, &[]),
        ("an unsigned one beside", two(manual("a")), NoGo, &[]),
        ("an assisted one beside", two(assisted("a")).result("a", fails(&["x"])), NoGo, &[]),
        ("a pending one beside", two(automatic("a")), NoGo, &[]),
        ("what does not apply beside", two(automatic("a")).result("a", not_applicable()), Go, &[]),
        ("a disabled one beside", two(disabled(manual("a"))), Go, &[]),
        ("a slight failure beside", two(low()).result("a", fails(&["x"])), Go, &[]),
        ("a slight error beside", two(low()).result("a", errors()), Go, &[]),
        ("a slight unsigned one beside", two(less_severe(manual("a"))), Go, &[]),
        ("a slight pending one beside", two(low()), NoGo, &[]),
        (
            "a slight objection beside",
            two(low()).result("a", holds()).object("bob", "a"),
            NoGo,
            &[],
        ),
        (
            "an expired waiver",
            two(automatic("a")).result("a", fails(&["x"])).waive("ann", "a", "2026-03-01"),
            NoGo,
            &[],
        ),
        ("nothing at all", World::of(Vec::new()), NoGo, &["the checklist has no item"]),
        (
            "nothing that applies",
            World::of(vec![automatic("a"), disabled(manual("b"))]).result("a", not_applicable()),
            NoGo,
            &["nothing was verified: no item of the checklist applies here"],
        ),
        (
            "nothing but slight failures",
            World::of(vec![low()]).result("a", fails(&["x"])),
            NoGo,
            &["nothing was verified: no item is settled, though none is severe enough to block"],
        ),
        (
            "a disabled item that is objected to",
            World::of(vec![disabled(manual("a"))]).object("bob", "a"),
            NoGo,
            &["nothing was verified: no item of the checklist applies here"],
        ),
    ];
    for (name, world, verdict, blockers) in cases {
        let assessment = world.assess();
        assert_eq!(assessment.verdict, verdict, "{name}");
        let said: Vec<_> = assessment.blockers.iter().map(|one| one.message.as_str()).collect();
        assert_eq!(said, blockers, "{name}");
        let blocked = assessment.items.iter().any(|item| item.blocks);
        assert_eq!(verdict == NoGo, blocked || !blockers.is_empty(), "{name}");
    }
}

#[test]
fn the_gate_decides_what_only_warns() {
    for gate in Severity::ALL {
        for severity in Severity::ALL {
            let mut world = two(crate::checklist::Item { severity, ..automatic("a") });
            world.checklist.gate.blocks_from = gate;
            let first = world.result("a", fails(&["x"])).first();
            assert_eq!(first.blocks, severity >= gate, "{severity} at {gate}");
            assert_eq!(first.standing, Standing::Failed);
        }
    }
}

#[test]
fn items_are_counted_by_standing() {
    let items = vec![automatic("a"), automatic("b"), manual("c"), disabled(manual("d"))];
    let assessment = World::of(items).result("a", holds()).result("b", holds()).assess();
    let counts: Vec<_> = assessment.counts.into_iter().collect();
    let expected = [(Standing::Passed, 2), (Standing::NotApplicable, 1), (Standing::Unsigned, 1)];
    assert_eq!(counts, expected);
    let order: Vec<_> = assessment.items.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(order, ["a", "b", "c", "d"]);
}

#[test]
fn what_should_be_known_is_noted() {
    let review = |every: &str| {
        let mut world = two(manual("a"));
        world.checklist.reviewed = "2026-01-01".parse().ok();
        world.checklist.review_every = every.parse().ok();
        world
    };
    let waived = |until| two(manual("a")).waive("ann", "a", until);
    let cases: Vec<(&str, World, &[&str])> = vec![
        ("nothing", two(manual("a")), &[]),
        ("a fresh review", review("90d"), &[]),
        (
            "an overdue review",
            review("30d"),
            &[
                "the checklist's own review is overdue since 2026-02-01, the last was on 2026-01-01; read it again and set `reviewed`",
            ],
        ),
        (
            "a waiver that ends soon",
            waived("2026-03-21"),
            &["the waiver of `a` by ann@example.com on 2026-03-14 ends on 2026-03-21"],
        ),
        ("a waiver that ends later", waived("2026-03-22"), &[]),
        (
            "a waiver that ends in a week to the second",
            waived("2026-03-21").at("2026-03-15T00:00:00Z"),
            &["the waiver of `a` by ann@example.com on 2026-03-14 ends on 2026-03-21"],
        ),
        (
            "a waiver that is not needed",
            waived("2026-12-31").sign("bob", "a"),
            &[
                "the waiver of `a` by ann@example.com on 2026-03-14 is not needed any more: the item is signed off",
            ],
        ),
        ("a waiver under an objection", waived("2026-12-31").object("bob", "a"), &[]),
        (
            "records on items that are gone",
            two(manual("a")).sign("ann", "y").object("bob", "x").sign("ann", "x").sign("bob", "x"),
            &[
                "3 records are about `x`, which is not in the checklist; an objection among them stands",
                "1 record is about `y`, which is not in the checklist",
            ],
        ),
        (
            "an objection to an item that is gone, taken back",
            two(manual("a")).object("bob", "x").withdraw("bob", "x", 0),
            &["2 records are about `x`, which is not in the checklist"],
        ),
        (
            "an objection to an item that is gone, taken back by another",
            two(manual("a")).object("bob", "x").withdraw("eve", "x", 0),
            &[
                "2 records are about `x`, which is not in the checklist; an objection among them stands",
            ],
        ),
        (
            "an objection to a disabled item",
            two(disabled(manual("a"))).object("bob", "a"),
            &[
                "`a` is switched off, and yet stands under the objection of bob@example.com on 2026-03-14",
            ],
        ),
        (
            "an objection of tomorrow",
            two(manual("a")).say("bob", Act::Objection, "a", |entry| {
                entry.at = "2026-03-17T00:00:00Z".parse().expect("a moment");
            }),
            &[
                "the objection about `a` by bob@example.com is dated 2026-03-17, which is in the future; it counts, but a clock is wrong",
            ],
        ),
    ];
    for (name, world, expected) in cases {
        let notes = world.assess().notes;
        let notes: Vec<_> = notes.iter().map(|note| note.as_str()).collect();
        assert_eq!(notes, expected, "{name}");
    }
}

#[test]
fn the_end_of_the_last_day_is_the_end() {
    let world = |now| {
        World::of(vec![automatic("a")])
            .result("a", fails(&["x"]))
            .waive("ann", "a", "2026-03-15")
            .at(now)
    };
    assert_eq!(world(NOW).assess().verdict, Go);
    assert_eq!(world("2026-03-15T23:59:59.999Z").assess().verdict, Go);
    assert_eq!(world("2026-03-16T00:00:00Z").assess().verdict, NoGo);
    assert_eq!(world("2026-03-16T00:00:00Z").first().id, id("a"));
}
