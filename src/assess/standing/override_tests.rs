//! Tables of what stands over an item's checks and sign-offs: objections, the
//! switch, waivers.

use super::tests::{all, of, stale_sign_off};
use crate::assess::assessment::Standing::{
    Failed, NotApplicable, Objected, Passed, Pending, SignedOff, Unsigned, Waived,
};
use crate::assess::support::{
    World, assisted, automatic, both, by_release, disabled, errors, fails, given_up, holds,
    less_severe, manual, not_applicable, undecided,
};
use crate::ledger::Act;

#[test]
fn objections_stand_over_everything_but_a_disabled_item() {
    let why = "objection of bob@example.com on 2026-03-14: it leaks; it stands until its author withdraws it or somebody overrules it";
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
            "objection of eve@example.com on 2026-03-14; it stands until its author withdraws it or somebody overrules it",
        ),
        (
            "of four",
            of(manual("a")).object("u", "a").object("v", "a").object("w", "a").object("x", "a"),
            Objected,
            "objections of u@example.com on 2026-03-14: it leaks, v@example.com on 2026-03-14: it leaks, w@example.com on 2026-03-14: it leaks and 1 more; each stands until its author withdraws it or somebody overrules it",
        ),
        (
            "withdrawn",
            of(manual("a")).object("bob", "a").sign("ann", "a").withdraw("bob", "a", 0),
            SignedOff,
            "signed off by ann@example.com on 2026-03-14",
        ),
        (
            "withdrawn by another",
            of(manual("a")).object("bob", "a").sign("ann", "a").withdraw("ann", "a", 0),
            Objected,
            why,
        ),
        (
            "overruled",
            of(manual("a")).object("bob", "a").sign("ann", "a").overrule("ann", "a", 0),
            SignedOff,
            "signed off by ann@example.com on 2026-03-14",
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
        ("by a signer", waive(of(by_release(manual("a")))), Waived, why),
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
            waive(of(manual("a")).waive("bob", "a", "2026-04-01")),
            Waived,
            why,
        ),
        (
            "the longest of several, in the other order",
            waive(of(manual("a"))).waive("bob", "a", "2026-04-01"),
            Waived,
            why,
        ),
        ("undecided", waive(of(automatic("a")).result("a", undecided("no `.env`"))), Waived, why),
        (
            "a failure and an error",
            waive(of(automatic("a")).result("a", both(fails(&["x"]), errors()))),
            Waived,
            why,
        ),
        (
            "given up stays",
            waive(of(automatic("a")).result("a", given_up())),
            Pending,
            "the run was cancelled",
        ),
        (
            "given up with a finding stays",
            waive(of(less_severe(automatic("a"))).result("a", both(fails(&["x"]), given_up()))),
            Pending,
            "the run was cancelled; 1 finding: app.py:1:1: x; also, a check could not look: the run was cancelled",
        ),
        (
            "as long as the checklist allows",
            waive(of(manual("a"))).with(|list| list.gate.waivers.longest = "30d".parse().ok()),
            Waived,
            "until 2026-04-13, as long as the checklist allows, by ann@example.com: after the move",
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
            "withdrawn",
            of(manual("a")).waive("ann", "a", "2026-12-31").withdraw("ann", "a", 0),
            Unsigned,
            "needs a sign-off",
        ),
    ]);
}
