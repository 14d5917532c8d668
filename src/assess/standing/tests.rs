//! Tables of items with their results and records, each with where it stands
//! and why.

use crate::assess::assessment::Standing;
use crate::assess::assessment::Standing::{
    Errored, Failed, NotApplicable, Passed, Pending, SignedOff, Stale, Undecided, Unsigned,
};
use crate::assess::support::{
    World, assisted, automatic, by_release, by_two, errors, fails, for_days, given_up, holds,
    manual, not_applicable, result, undecided,
};
use crate::checklist::Item;
use crate::ledger::Act;
use crate::model::{Digest, Note, Observation};

/// A name, a world of one item `a`, where it stands, and why.
pub(super) type Case = (&'static str, World, Standing, &'static str);

pub(super) fn all(cases: Vec<Case>) {
    for (name, world, standing, why) in cases {
        assert_eq!(world.stands(), (standing, why.to_owned()), "{name}");
    }
}

pub(super) fn of(item: Item) -> World {
    World::of(vec![item])
}

pub(super) fn stale_sign_off(world: World, who: &str) -> World {
    world.say(who, Act::SignOff, "a", |entry| {
        entry.record.item_digest = Digest::of(["older"]);
    })
}

#[test]
fn automatic_items() {
    let silent = result(Ok(Observation::judge(Vec::new(), "")));
    let informed =
        result(Ok(Observation::judge(Vec::new(), "3 files").noting([Note::new("by the way")])));
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
            "nothing to look at",
            of(automatic("a")).result("a", not_applicable()),
            NotApplicable,
            "no Dockerfile",
        ),
        (
            "cannot say",
            of(automatic("a")).result("a", undecided("no `.env` here")),
            Undecided,
            "no `.env` here",
        ),
        (
            "could not look",
            of(automatic("a")).result("a", errors()),
            Errored,
            "app.py is not readable; give yourself the right to read it",
        ),
        ("given up", of(automatic("a")).result("a", given_up()), Pending, "the run was cancelled"),
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
                entry
                    .record
                    .statement
                    .set_words(crate::model::CleanText::block("restored\nin 4 minutes"));
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
            "an outsider's waiver, which is not a sign-off",
            of(by_release(manual("a"))).waive("eve", "a", "2026-04-01"),
            Unsigned,
            "needs a sign-off by `release` (Ann@Example.com, bob@example.com)",
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
            "one twice, at the same time",
            of(by_two(manual("a"))).sign("ann", "a").say_after(
                &[],
                "ANN",
                Act::SignOff,
                "a",
                |_| {},
            ),
            Unsigned,
            "1 of 2: ann@example.com on 2026-03-14; needs sign-offs of 2 different people",
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
            "withdrawn",
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
            "findings accepted",
            accepted(&["x", "y"]),
            SignedOff,
            "signed off with 2 findings accepted by ann@example.com on 2026-03-14",
        ),
        (
            "a finding is gone",
            accepted(&["x", "y"]).result("a", fails(&["x"])),
            SignedOff,
            "signed off with 1 finding accepted by ann@example.com on 2026-03-14",
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
        entry.record.statement.set_words(crate::model::CleanText::block(hostile));
    });
    assert!(world.stands().1.contains(": ␛[2J<U+202E>; it stands"), "{}", world.stands().1);
}
