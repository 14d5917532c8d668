//! What several items add up to, and what is said beside it.

use crate::assess::assessment::Verdict::{Go, NoGo, Partial};
use crate::assess::assessment::{Standing, Verdict};
use crate::assess::rule::Rule;
use crate::assess::support::{
    NOW, World, assisted, automatic, disabled, errors, fails, holds, id, less_severe, manual,
    not_applicable, undecided,
};
use crate::model::Severity;

fn two(first: crate::checklist::Item) -> World {
    World::of(vec![first, automatic("other")]).result("other", holds())
}

#[test]
fn go_needs_every_item_that_blocks_to_be_settled() {
    let low = || less_severe(automatic("a"));
    let waived = |until| two(manual("a")).waive("ann", "a", until);
    let cases: Vec<(&str, World, Verdict)> = vec![
        ("a pass", two(automatic("a")).result("a", holds()), Go),
        ("a sign-off", two(manual("a")).sign("ann", "a"), Go),
        ("a waiver beside a pass", waived("2026-12-31"), Go),
        ("a waiver that has run out", waived("2026-03-01"), NoGo),
        ("a failure", two(automatic("a")).result("a", fails(&["x"])), NoGo),
        ("an error", two(automatic("a")).result("a", errors()), NoGo),
        ("an undecided one", two(automatic("a")).result("a", undecided("no `.env`")), NoGo),
        ("an unsigned one", two(manual("a")), NoGo),
        ("an assisted one", two(assisted("a")).result("a", fails(&["x"])), NoGo),
        ("a pending one", two(automatic("a")), NoGo),
        ("what does not apply", two(automatic("a")).result("a", not_applicable()), Go),
        ("a disabled one", two(disabled(manual("a"))), Go),
        ("a slight failure", two(low()).result("a", fails(&["x"])), Go),
        ("a slight error", two(low()).result("a", errors()), Go),
        ("a slight undecided one", two(low()).result("a", undecided("no `.env`")), Go),
        ("a slight unsigned one", two(less_severe(manual("a"))), Go),
        ("a slight pending one", two(low()), NoGo),
        ("a slight objection", two(low()).result("a", holds()).object("bob", "a"), NoGo),
    ];
    for (name, world, verdict) in cases {
        let assessment = world.assess();
        assert_eq!(assessment.verdict, verdict, "{name}");
        assert_eq!(assessment.blockers, [], "{name}");
        assert_eq!(assessment.items.iter().any(|item| item.blocks), verdict == NoGo, "{name}");
    }
}

#[test]
fn objections_outlive_their_item() {
    let off = "`a` is switched off (no Redis here), and yet the objection of bob@example.com on 2026-03-14: it leaks stands until its author withdraws it or somebody overrules it";
    let gone = "`x` is not in the checklist any more, and yet the objection of bob@example.com on 2026-03-14: it leaks stands until its author withdraws it or somebody overrules it";
    let a_gone = &gone.replace("`x`", "`a`");
    let two_gone = "`x` is not in the checklist any more, and yet the objections of bob@example.com on 2026-03-14: it leaks, eve@example.com on 2026-03-14: it leaks stand, each until its author withdraws it or somebody overrules it";
    let switched_off = || two(disabled(manual("a"))).object("bob", "a");
    let removed = || two(disabled(manual("a"))).object("bob", "x");
    let future = |entry: &mut crate::ledger::Entry| {
        crate::assess::support::of(0)(entry);
        entry.at = "2026-03-17T00:00:00Z".parse().expect("a moment");
    };
    let overruled_before = || {
        let enabled = World::of(vec![manual("a"), automatic("other")]).result("other", holds());
        enabled.object("bob", "a").overrule("eve", "a", 0)
    };
    let cases: Vec<(&str, World, Option<&str>)> = vec![
        ("disabled", switched_off(), Some(off)),
        ("disabled, withdrawn", switched_off().withdraw("bob", "a", 0), None),
        ("disabled, overruled", switched_off().overrule("eve", "a", 0), None),
        (
            "overruled before it was disabled",
            overruled_before().with(|list| {
                list.sections[0].items[0].disabled = Some("no Redis here".into());
            }),
            Some(off),
        ),
        (
            "overruled before it was removed",
            overruled_before().with(|list| drop(list.sections[0].items.remove(0))),
            Some(a_gone),
        ),
        ("removed", removed(), Some(gone)),
        ("removed, two", removed().object("eve", "x"), Some(two_gone)),
        ("removed, withdrawn", removed().withdraw("bob", "x", 0), None),
        ("removed, withdrawn by another", removed().withdraw("eve", "x", 0), Some(gone)),
        ("removed, overruled", removed().overrule("eve", "x", 0), None),
        ("removed, overruled by its author", removed().overrule("bob", "x", 0), Some(gone)),
        (
            "removed, overruled, which was withdrawn",
            removed().overrule("eve", "x", 0).withdraw("eve", "x", 1),
            Some(gone),
        ),
        (
            "removed, overruled from outside the role",
            removed().overrule("eve", "x", 0).with(|list| {
                list.gate.overrule = "release".parse().ok();
            }),
            Some(gone),
        ),
        (
            "removed, overruled by the role",
            removed().overrule("ann", "x", 0).with(|list| {
                list.gate.overrule = "release".parse().ok();
            }),
            None,
        ),
        (
            "removed, overruled in the future",
            removed().say("eve", crate::ledger::Act::Overruling, "x", future),
            Some(gone),
        ),
        ("removed, signed and waived", two(disabled(manual("a"))).sign("ann", "x"), None),
    ];
    for (name, world, expected) in cases {
        let assessment = world.assess();
        let told = world.blockers();
        // how it is withdrawn or overruled follows
        let without: Vec<&str> = told
            .iter()
            .map(|told| {
                told.split_once(": `gonogo withdraw ").map_or("no command", |(told, _)| told)
            })
            .collect();
        assert_eq!(without, Vec::from_iter(expected), "{name}");
        assert!(assessment.blockers.iter().all(|one| one.rule == Rule::Objection), "{name}");
        assert!(assessment.blockers.iter().all(|one| one.item.is_some()), "{name}");
        assert_eq!(assessment.verdict, if expected.is_none() { Go } else { NoGo }, "{name}");
    }
}

#[test]
fn a_part_is_never_a_go() {
    let world = two(automatic("a")).result("a", holds()).object("bob", "x").object("bob", "a");
    let only = |ids: &[&str]| {
        let ids: Vec<_> = ids.iter().map(|name| id(name)).collect();
        world.assess().only(&ids)
    };
    let one = only(&["other"]);
    assert_eq!((one.verdict, one.is_clear(), one.items.len()), (Partial, true, 1));
    assert_eq!(one.counts.into_iter().collect::<Vec<_>>(), [(Standing::Passed, 1)]);
    let one = only(&["a"]);
    assert_eq!((one.verdict, one.is_clear(), one.blockers.len()), (Partial, false, 0));
    let rules: Vec<Rule> = one.against().map(|blocker| blocker.rule).collect();
    assert_eq!(rules, [Rule::Objection]);
    let gone = only(&["x"]);
    assert_eq!((gone.verdict, gone.is_clear(), gone.blockers.len()), (Partial, false, 1));
    let all = two(automatic("a")).result("a", holds()).assess().only(&[id("a"), id("other")]);
    assert_eq!(all.verdict, Partial, "all items were looked at, and other rules were not");
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
fn the_end_of_the_last_day_is_the_end() {
    let world = |now| {
        two(automatic("a")).result("a", fails(&["x"])).waive("ann", "a", "2026-03-15").at(now)
    };
    assert_eq!(world(NOW).assess().verdict, Go);
    assert_eq!(world("2026-03-15T23:59:59.999Z").assess().verdict, Go);
    assert_eq!(world("2026-03-16T00:00:00Z").assess().verdict, NoGo);
}
