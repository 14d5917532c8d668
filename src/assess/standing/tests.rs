//! Tables of items with their results and records, each with where it stands
//! and why.

use super::super::Standing::{
    Errored, Failed, NotApplicable, Objected, Passed, Pending, SignedOff, Stale, Unsigned, Waived,
};
use crate::assess::Standing;
use crate::assess::support::{
    World, assisted, automatic, by_release, by_two, disabled, errors, fails, finding, for_days,
    holds, manual, not_applicable,
};
use crate::check::CheckError;
use crate::checklist::Item;
use crate::ledger::Act;
use crate::model::{Digest, Observation, Outcome};

/// A name, a world of one item `a`, where it stands, and why.
type Case = (&'static str, World, Standing, &'static str);

fn all(cases: Vec<Case>) {
    for (name, world, standing, why) in cases {
        assert_eq!(world.stands(), (standing, why.to_owned()), "{name}");
    }
}

fn of(item: Item) -> World {
    World::of(vec![item])
}

fn stale_sign_off(world: World, who: &str) -> World {
    world.say(who, Act::SignOff, "a", |entry| {
        entry.record.item_digest = Digest::of(["older"]);
    })
}

#[test]
fn automatic_items() {
    let silent = Ok(Observation::judge(Vec::new(), ""));
    let wordless =
        Ok(Observation { outcome: Outcome::Fails, findings: Vec::new(), looked_at: "".into() });
    let informed = Ok(Observation {
        outcome: Outcome::Holds,
        findings: vec![finding(1, "by the way")],
        looked_at: "3 files".into(),
    });
    all(vec![
        ("no result", of(automatic("a")), Pending, "its checks have not ended yet"),
        ("holds", of(automatic("a")).result("a", holds()), Passed, "3 files"),
        ("holds, silently", of(automatic("a")).result("a", silent), Passed, "its checks hold"),
        ("holds, with a remark", of(automatic("a")).result("a", informed), Passed, "3 files"),
        (
            "fails",
            of(automatic("a")).result("a", fails(&["x"])),
            Failed,
            "1 finding: app.py:1:1: x",
        ),
        (
            "fails twice",
            of(automatic("a")).result("a", fails(&["x", "y"])),
            Failed,
            "2 findings, the first: app.py:1:1: x",
        ),
        (
            "fails without a word",
            of(automatic("a")).result("a", wordless),
            Failed,
            "its checks do not hold",
        ),
        (
            "nothing to look at",
            of(automatic("a")).result("a", not_applicable()),
            NotApplicable,
            "no Dockerfile",
        ),
        (
            "could not look",
            of(automatic("a")).result("a", errors()),
            Errored,
            "app.py is not readable; give yourself the right to read it",
        ),
        (
            "given up",
            of(automatic("a")).result("a", Err(CheckError::Cancelled)),
            Errored,
            "the run was cancelled",
        ),
        (
            "a sign-off does not help",
            of(automatic("a")).result("a", fails(&["x"])).sign("ann", "a"),
            Failed,
            "1 finding: app.py:1:1: x",
        ),
    ]);
}

#[test]
fn manual_items() {
    let nobody = of(by_release(manual("a")));
    let mut without_team = of(by_release(manual("a")));
    without_team.checklist.team.clear();
    all(vec![
        ("anybody", of(manual("a")), Unsigned, "needs a sign-off"),
        (
            "without a policy",
            of(Item { sign_off: None, ..manual("a") }),
            Unsigned,
            "needs a sign-off",
        ),
        (
            "signed without a policy",
            of(Item { sign_off: None, ..manual("a") }).sign("ann", "a"),
            SignedOff,
            "signed off by ann@example.com on 2026-03-14",
        ),
        (
            "a role",
            nobody,
            Unsigned,
            "needs a sign-off by `release` (Ann@Example.com, bob@example.com)",
        ),
        (
            "a role that nobody has",
            without_team,
            Unsigned,
            "needs a sign-off by `release`, a role that nobody has",
        ),
        (
            "signed with a note",
            of(by_release(manual("a"))).say("ann", Act::SignOff, "a", |entry| {
                entry.record.note = crate::model::CleanText::block("restored\nin 4 minutes");
            }),
            SignedOff,
            "signed off by ann@example.com on 2026-03-14: restored…",
        ),
        (
            "an outsider",
            of(by_release(manual("a"))).sign("eve", "a"),
            Unsigned,
            "needs a sign-off by `release` (Ann@Example.com, bob@example.com); the sign-off of eve@example.com on 2026-03-14 does not count: eve@example.com is not in the role `release`",
        ),
        (
            "one of two",
            of(by_two(manual("a"))).sign("ann", "a"),
            Unsigned,
            "1 of 2: ann@example.com on 2026-03-14; needs sign-offs of 2 different people",
        ),
        (
            "one twice",
            of(by_two(manual("a"))).sign("ann", "a").sign("ANN", "a"),
            Unsigned,
            "1 of 2: ANN@example.com on 2026-03-14; needs sign-offs of 2 different people",
        ),
        (
            "two of two",
            of(by_two(manual("a"))).sign("ann", "a").sign("bob", "a"),
            SignedOff,
            "signed off by ann@example.com on 2026-03-14, bob@example.com on 2026-03-14",
        ),
        (
            "two of two, one outside",
            of(by_release(by_two(manual("a")))).sign("ann", "a").sign("eve", "a"),
            Unsigned,
            "1 of 2: ann@example.com on 2026-03-14; needs sign-offs of 2 different people by `release` (Ann@Example.com, bob@example.com); the sign-off of eve@example.com on 2026-03-14 does not count: eve@example.com is not in the role `release`",
        ),
        (
            "taken back",
            of(manual("a")).sign("ann", "a").withdraw("ann", "a", 0),
            Unsigned,
            "needs a sign-off",
        ),
        (
            "stale",
            stale_sign_off(of(manual("a")), "ann"),
            Stale,
            "the sign-off of ann@example.com on 2026-03-14 no longer holds: the item was changed since; needs a sign-off",
        ),
        (
            "one stale, one not, one asked for",
            stale_sign_off(of(manual("a")), "ann").sign("bob", "a"),
            SignedOff,
            "signed off by bob@example.com on 2026-03-14",
        ),
        (
            "one stale, one not, two asked for",
            stale_sign_off(of(by_two(manual("a"))), "ann").sign("bob", "a"),
            Stale,
            "1 of 2: bob@example.com on 2026-03-14; the sign-off of ann@example.com on 2026-03-14 no longer holds: the item was changed since; needs sign-offs of 2 different people",
        ),
        (
            "renewed",
            stale_sign_off(of(manual("a")), "ann").sign("ann", "a"),
            SignedOff,
            "signed off by ann@example.com on 2026-03-14",
        ),
        (
            "a policy of nobody asks for one",
            of(crate::assess::support::policy(manual("a"), |policy| policy.count = 0)),
            Unsigned,
            "needs a sign-off",
        ),
        (
            "leftover results of a manual item",
            of(manual("a")).result("a", fails(&["x"])),
            Unsigned,
            "needs a sign-off",
        ),
    ]);
}

#[test]
fn assisted_items() {
    let wordless =
        Ok(Observation { outcome: Outcome::Fails, findings: Vec::new(), looked_at: "".into() });
    let accepted = |found: &[&str]| of(assisted("a")).result("a", fails(found)).sign("ann", "a");
    all(vec![
        ("no result", of(assisted("a")), Pending, "its checks have not ended yet"),
        (
            "no result, signed",
            of(assisted("a")).sign("ann", "a"),
            Pending,
            "its checks have not ended yet",
        ),
        ("no findings ask nobody", of(assisted("a")).result("a", holds()), Passed, "3 files"),
        (
            "nothing to look at",
            of(assisted("a")).result("a", not_applicable()),
            NotApplicable,
            "no Dockerfile",
        ),
        (
            "could not look, though signed",
            of(assisted("a")).result("a", errors()).sign("ann", "a"),
            Errored,
            "app.py is not readable; give yourself the right to read it",
        ),
        (
            "findings to judge",
            of(by_release(assisted("a"))).result("a", fails(&["x", "y"])),
            Unsigned,
            "2 findings, the first: app.py:1:1: x; needs a sign-off by `release` (Ann@Example.com, bob@example.com)",
        ),
        (
            "fails without a word is no pass",
            of(assisted("a")).result("a", wordless),
            Unsigned,
            "its checks do not hold; needs a sign-off",
        ),
        (
            "findings accepted",
            accepted(&["x", "y"]),
            SignedOff,
            "2 findings accepted, signed off by ann@example.com on 2026-03-14",
        ),
        (
            "a finding is gone",
            accepted(&["x", "y"]).result("a", fails(&["x"])),
            SignedOff,
            "1 finding accepted, signed off by ann@example.com on 2026-03-14",
        ),
        ("all are gone", accepted(&["x"]).result("a", holds()), Passed, "3 files"),
        (
            "a new finding",
            accepted(&["x"]).result("a", fails(&["x", "y"])),
            Stale,
            "2 findings, the first: app.py:1:1: x; the sign-off of ann@example.com on 2026-03-14 no longer holds: 1 new finding since: app.py:2:1: y; needs a sign-off",
        ),
    ]);
}

#[test]
fn objections_stand_over_everything_but_a_disabled_item() {
    let why = "objection of bob@example.com on 2026-03-14: it leaks; it stands until its author withdraws it";
    let waived = of(automatic("a")).result("a", fails(&["x"])).waive("ann", "a", "2026-12-31");
    all(vec![
        ("over a pass", of(automatic("a")).result("a", holds()).object("bob", "a"), Objected, why),
        ("over nothing yet", of(automatic("a")).object("bob", "a"), Objected, why),
        (
            "over an error",
            of(automatic("a")).result("a", errors()).object("bob", "a"),
            Objected,
            why,
        ),
        (
            "over what does not apply",
            of(automatic("a")).result("a", not_applicable()).object("bob", "a"),
            Objected,
            why,
        ),
        ("over a waiver", waived.object("bob", "a"), Objected, why),
        ("over a sign-off", of(manual("a")).sign("ann", "a").object("bob", "a"), Objected, why),
        (
            "over a later sign-off of the same person",
            of(manual("a")).object("bob", "a").sign("bob", "a"),
            Objected,
            why,
        ),
        (
            "over accepted findings",
            of(assisted("a")).result("a", fails(&["x"])).sign("ann", "a").object("bob", "a"),
            Objected,
            why,
        ),
        (
            "of somebody outside the role",
            of(by_release(manual("a"))).sign("ann", "a").say("eve", Act::Objection, "a", |_| {}),
            Objected,
            "objection of eve@example.com on 2026-03-14; it stands until its author withdraws it",
        ),
        (
            "of four",
            of(manual("a")).object("u", "a").object("v", "a").object("w", "a").object("x", "a"),
            Objected,
            "objections of u@example.com on 2026-03-14: it leaks, v@example.com on 2026-03-14: it leaks, w@example.com on 2026-03-14: it leaks and 1 more; each stands until its author withdraws it",
        ),
        (
            "taken back",
            of(manual("a")).object("bob", "a").sign("ann", "a").withdraw("bob", "a", 0),
            SignedOff,
            "signed off by ann@example.com on 2026-03-14",
        ),
        (
            "taken back by another",
            of(manual("a")).object("bob", "a").sign("ann", "a").withdraw("ann", "a", 0),
            Objected,
            why,
        ),
        (
            "a disabled item",
            of(disabled(manual("a"))).object("bob", "a"),
            NotApplicable,
            "switched off: no Redis here",
        ),
    ]);
}

#[test]
fn disabled_items() {
    let why = "switched off: no Redis here";
    all(vec![
        ("without a result", of(disabled(automatic("a"))), NotApplicable, why),
        ("failing", of(disabled(automatic("a"))).result("a", fails(&["x"])), NotApplicable, why),
        ("unsigned", of(disabled(manual("a"))), NotApplicable, why),
        ("assisted", of(disabled(assisted("a"))), NotApplicable, why),
    ]);
}

#[test]
fn waivers_help_what_is_not_settled() {
    let why = "until 2026-12-31 by ann@example.com: after the move";
    let waive = |world: World| world.waive("ann", "a", "2026-12-31");
    all(vec![
        ("failed", waive(of(automatic("a")).result("a", fails(&["x"]))), Waived, why),
        ("errored", waive(of(automatic("a")).result("a", errors())), Waived, why),
        ("unsigned", waive(of(manual("a"))), Waived, why),
        ("stale", waive(stale_sign_off(of(manual("a")), "bob")), Waived, why),
        ("findings", waive(of(assisted("a")).result("a", fails(&["x"]))), Waived, why),
        ("by anybody", waive(of(by_release(manual("a")))), Waived, why),
        ("pending stays", waive(of(automatic("a"))), Pending, "its checks have not ended yet"),
        ("passed stays", waive(of(automatic("a")).result("a", holds())), Passed, "3 files"),
        (
            "not applicable stays",
            waive(of(automatic("a")).result("a", not_applicable())),
            NotApplicable,
            "no Dockerfile",
        ),
        (
            "signed off stays",
            waive(of(manual("a")).sign("bob", "a")),
            SignedOff,
            "signed off by bob@example.com on 2026-03-14",
        ),
        (
            "the longest of several",
            waive(of(manual("a")).waive("bob", "a", "2026-04-01")).waive("eve", "a", "2026-05-01"),
            Waived,
            why,
        ),
    ]);
}

#[test]
fn waivers_that_no_longer_hold_are_named() {
    all(vec![
        (
            "over",
            of(automatic("a")).result("a", fails(&["x"])).waive("ann", "a", "2026-03-14"),
            Failed,
            "1 finding: app.py:1:1: x; the waiver of ann@example.com on 2026-03-14 no longer holds: its last day was 2026-03-14",
        ),
        (
            "on its last day",
            of(automatic("a")).result("a", fails(&["x"])).waive("ann", "a", "2026-03-15"),
            Waived,
            "until 2026-03-15 by ann@example.com: after the move",
        ),
        (
            "a new finding",
            of(automatic("a"))
                .result("a", fails(&["x"]))
                .waive("ann", "a", "2026-12-31")
                .result("a", fails(&["x", "y"])),
            Failed,
            "2 findings, the first: app.py:1:1: x; the waiver of ann@example.com on 2026-03-14 no longer holds: 1 new finding since: app.py:2:1: y",
        ),
        (
            "waived while it could not look",
            of(automatic("a"))
                .result("a", errors())
                .waive("ann", "a", "2026-12-31")
                .result("a", fails(&["x"])),
            Failed,
            "1 finding: app.py:1:1: x; the waiver of ann@example.com on 2026-03-14 no longer holds: 1 new finding since: app.py:1:1: x",
        ),
        (
            "an expired waiver is not a stale sign-off",
            of(manual("a")).waive("ann", "a", "2026-03-01"),
            Unsigned,
            "needs a sign-off; the waiver of ann@example.com on 2026-03-14 no longer holds: its last day was 2026-03-01",
        ),
        (
            "taken back",
            of(manual("a")).waive("ann", "a", "2026-12-31").withdraw("ann", "a", 0),
            Unsigned,
            "needs a sign-off",
        ),
    ]);
}

#[test]
fn time_that_is_over_asks_again() {
    let world = of(for_days(30, manual("a"))).say("ann", Act::SignOff, "a", |entry| {
        entry.at = "2026-01-02T08:30:00Z".parse().expect("a moment");
    });
    let why = "the sign-off of ann@example.com on 2026-01-02 no longer holds: signed 2026-01-02, held for 30d, until 2026-02-01 08:30 UTC; needs a sign-off";
    assert_eq!(world.stands(), (Stale, why.to_owned()));
}

#[test]
fn nothing_hostile_reaches_the_reasons() {
    let hostile = "\u{1b}[2J\u{202e}";
    let world = of(manual("a")).say("ann", Act::Objection, "a", |entry| {
        entry.record.note = crate::model::CleanText::block(hostile);
    });
    assert!(world.stands().1.contains(": ␛[2J<U+202E>; it stands"), "{}", world.stands().1);
}
