//! Tables of items whose checks did not all look, end or decide.

use super::tests::{all, of};
use crate::assess::assessment::Standing::{
    Errored, Failed, NotApplicable, Passed, Pending, SignedOff, Stale, Undecided, Unsigned,
};
use crate::assess::support::{
    assisted, automatic, both, by_two, errors, fails, given_up, holds, manual, not_applicable,
    undecided,
};
use crate::checklist::Item;
use crate::model::ItemResult;

#[test]
fn assisted_items_that_are_not_all_known() {
    let of_all = |found: ItemResult| of(assisted("a")).result("a", found);
    let error = "app.py is not readable; give yourself the right to read it";
    let signed = "signed off by ann@example.com on 2026-03-14";
    let accepted = "signed off with 1 finding accepted by ann@example.com on 2026-03-14";
    all(vec![
        ("undecided", of_all(undecided("no `.env`")), Undecided, "no `.env`; needs a sign-off"),
        ("undecided, signed", of_all(undecided("no `.env`")).sign("ann", "a"), SignedOff, signed),
        (
            "undecided, signed for something else",
            of_all(undecided("no `.env`")).sign("ann", "a").result("a", undecided("no key")),
            Stale,
            "no key; the sign-off of ann@example.com on 2026-03-14 no longer holds: not known since: no key; needs a sign-off",
        ),
        (
            "a finding and undecided",
            of_all(both(fails(&["x"]), undecided("no `.env`"))),
            Unsigned,
            "1 finding: app.py:1:1: x; also, it is not known: no `.env`; needs a sign-off",
        ),
        (
            "a finding and undecided, signed",
            of_all(both(fails(&["x"]), undecided("no `.env`"))).sign("ann", "a"),
            SignedOff,
            accepted,
        ),
        (
            "a finding and an error",
            of_all(both(fails(&["x"]), errors())),
            Unsigned,
            "1 finding: app.py:1:1: x; also, a check could not look: app.py is not readable; give yourself the right to read it; needs a sign-off",
        ),
        (
            "a finding and an error, signed",
            of_all(both(fails(&["x"]), errors())).sign("ann", "a"),
            Errored,
            "app.py is not readable; give yourself the right to read it; signed off with 1 finding accepted by ann@example.com on 2026-03-14",
        ),
        (
            "undecided and an error, signed",
            of_all(both(undecided("no `.env`"), errors())).sign("ann", "a"),
            Errored,
            error,
        ),
        ("given up, signed", of_all(given_up()).sign("ann", "a"), Pending, "the run was cancelled"),
    ]);
}

#[test]
fn people_sign_in_place_of_a_check_only_while_it_cannot_decide() {
    let item = || Item { when_undecided: manual("a").sign_off, ..automatic("a") };
    let by = |found: ItemResult| of(item()).result("a", found).sign("ann", "a");
    let need = || undecided("no `.env`");
    let signed = "signed off by ann@example.com on 2026-03-14";
    let two = Item { when_undecided: by_two(manual("a")).sign_off, ..item() };
    all(vec![
        (
            "unsigned",
            of(item()).result("a", need()),
            Undecided,
            "no `.env`; a sign-off is possible while this is not known",
        ),
        ("signed", by(need()), SignedOff, signed),
        (
            "one of two",
            of(two).result("a", need()).sign("ann", "a"),
            Undecided,
            "no `.env`; 1 of 2: ann@example.com on 2026-03-14; sign-offs of 2 different people are possible while this is not known",
        ),
        (
            "without a policy",
            of(automatic("a")).result("a", need()).sign("ann", "a"),
            Undecided,
            "no `.env`",
        ),
        (
            "signed for another need",
            by(need()).result("a", undecided("it does not parse")),
            Undecided,
            "it does not parse; the sign-off of ann@example.com on 2026-03-14 no longer holds: not known since: it does not parse; a sign-off is possible while this is not known",
        ),
        ("it holds", by(holds()), Passed, "3 files"),
        ("it fails", by(fails(&["x"])), Failed, "1 finding: app.py:1:1: x"),
        (
            "it fails and is undecided",
            by(both(fails(&["x"]), need())),
            Failed,
            "1 finding: app.py:1:1: x; also, it is not known: no `.env`",
        ),
        (
            "it could not look",
            by(errors()),
            Errored,
            "app.py is not readable; give yourself the right to read it",
        ),
        (
            "it could not look and is undecided",
            by(both(need(), errors())),
            Errored,
            "app.py is not readable; give yourself the right to read it",
        ),
        ("not applicable", by(not_applicable()), NotApplicable, "no Dockerfile"),
    ]);
}

#[test]
fn an_item_is_pending_until_all_of_its_checks_have_ended() {
    let twice = || {
        let mut item = automatic("a");
        item.checks.push(item.checks[0].clone());
        of(item)
    };
    all(vec![
        ("one", twice().result("a", holds()), Pending, "1 of its 2 checks have ended"),
        (
            "none",
            twice().result("a", ItemResult::default()),
            Pending,
            "0 of its 2 checks have ended",
        ),
        ("both", twice().result("a", both(holds(), holds())), Passed, "3 files; 3 files"),
    ]);
}
