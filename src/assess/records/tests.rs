//! Tables of records, each with whether it counts.

use crate::assess::Standing;
use crate::assess::support::{
    World, assisted, automatic, by_release, commit, covering, fails, finding, for_days, holds,
    manual, not_applicable, policy, result, undecided,
};
use crate::ledger::{Act, Statement};
use crate::model::{Digest, Observation};

const NO_REASON: &str = "not counted: a waiver needs a reason of at least 10 characters, in words that a reviewer understands later";

#[test]
fn the_chain_settles_which_records_stand() {
    let world = || World::of(vec![manual("a")]);
    let cases: Vec<(&str, World, Vec<&str>)> = vec![
        ("one", world().sign("ann", "a"), vec!["counts"]),
        (
            "the last of a person",
            world().sign("ann", "a").sign("ANN", "a").sign("bob", "a"),
            vec!["superseded", "counts", "counts"],
        ),
        (
            "kinds apart",
            world().sign("ann", "a").object("ann", "a").waive("ann", "a", "2026-12-31"),
            vec!["counts", "counts", "counts"],
        ),
        (
            "an objection outlives a later sign-off",
            world().object("ann", "a").sign("ann", "a"),
            vec!["counts", "counts"],
        ),
        (
            "taken back",
            world().sign("ann", "a").withdraw("Ann", "a", 0),
            vec!["withdrawn", "withdrawal"],
        ),
        (
            "not revived",
            world().sign("ann", "a").sign("ann", "a").withdraw("ann", "a", 1),
            vec!["superseded", "withdrawn", "withdrawal"],
        ),
        (
            "signed again",
            world().sign("ann", "a").withdraw("ann", "a", 0).sign("ann", "a"),
            vec!["withdrawn", "withdrawal", "counts"],
        ),
        (
            "the older one of two taken back",
            world().object("ann", "a").object("ann", "a").withdraw("ann", "a", 0),
            vec!["withdrawn", "counts", "withdrawal"],
        ),
        (
            "twice",
            world().sign("ann", "a").withdraw("ann", "a", 0).withdraw("ann", "a", 0),
            vec!["withdrawn", "withdrawal", "not counted: the sign-off was taken back before"],
        ),
        (
            "by another person",
            world().object("ann", "a").withdraw("eve", "a", 0),
            vec![
                "counts",
                "not counted: only ann@example.com, who made the objection, can take it back",
            ],
        ),
        (
            "a withdrawal",
            world().sign("ann", "a").withdraw("ann", "a", 0).withdraw("ann", "a", 1),
            vec![
                "withdrawn",
                "withdrawal",
                "not counted: a withdrawal cannot be taken back; make a new record",
            ],
        ),
        (
            "nothing",
            world().say("ann", Act::Withdrawal, "a", |_| {}),
            vec!["not counted: it names no earlier record about this item"],
        ),
        (
            "a later record",
            world().withdraw("ann", "a", 1).sign("ann", "a"),
            vec!["not counted: it names no earlier record about this item", "counts"],
        ),
        (
            "itself",
            world().withdraw("ann", "a", 0),
            vec!["not counted: it names no earlier record about this item"],
        ),
        (
            "a record about another item",
            World::of(vec![manual("a"), manual("b")]).sign("ann", "b").withdraw("ann", "a", 0),
            vec!["not counted: it names no earlier record about this item"],
        ),
    ];
    for (name, world, expected) in cases {
        assert_eq!(world.states(), expected, "{name}");
    }
}

#[test]
fn some_records_never_count() {
    let outsider = "not counted: eve@example.com is not in the role `release`";
    let no_role = policy(manual("a"), |p| p.by = Some("nobody".parse().expect("a role")));
    let cases = [
        (World::of(vec![by_release(manual("a"))]).sign("ann", "a"), "counts"),
        (World::of(vec![by_release(manual("a"))]).sign("eve", "a"), outsider),
        (
            World::of(vec![by_release(manual("a"))]).say("eve", Act::SignOff, "a", |entry| {
                if let Statement::SignOff { role, .. } = &mut entry.record.statement {
                    *role = Some("release".parse().expect("a role"));
                }
            }),
            outsider,
        ),
        (
            World::of(vec![no_role]).sign("ann", "a"),
            "not counted: ann@example.com is not in the role `nobody`",
        ),
        (
            World::of(vec![automatic("a")]).result("a", fails(&["x"])).sign("ann", "a"),
            "not counted: its checks alone settle the item; it takes no sign-off",
        ),
        (
            World::of(vec![manual("a")]).say("ann", Act::Waiver, "a", |entry| {
                entry.record.statement.set_words("later".into());
            }),
            NO_REASON,
        ),
        // Whose objection it is does not matter, nor what has changed since.
        (
            World::of(vec![by_release(manual("a"))]).say("eve", Act::Objection, "a", |entry| {
                entry.record.item_digest = Digest::of(["older"]);
            }),
            "counts",
        ),
    ];
    for (world, expected) in cases {
        assert_eq!(world.states(), [expected]);
    }
}

#[test]
fn a_waiver_that_never_counted_replaces_none() {
    let world = World::of(vec![manual("a")]).waive("ann", "a", "2026-12-31").say(
        "ann",
        Act::Waiver,
        "a",
        |_| {},
    );
    assert_eq!(world.states(), ["counts", NO_REASON]);
    // One that has run out does: who shortens a waiver means it.
    let world = World::of(vec![manual("a")]).waive("ann", "a", "2026-12-31").waive(
        "ann",
        "a",
        "2026-03-01",
    );
    assert_eq!(world.states(), ["superseded", "stale: its last day was 2026-03-01"]);
}

#[test]
fn a_changed_item_is_signed_again() {
    for act in [Act::SignOff, Act::Waiver] {
        let world = World::of(vec![manual("a")]).waive("ann", "a", "2026-12-31").say(
            "ann",
            act,
            "a",
            |entry| {
                entry.record.item_digest = Digest::of(["older"]);
                entry.record.statement.set_words("after the move".into());
            },
        );
        assert_eq!(world.states()[1], "stale: the item was changed since");
    }
}

#[test]
fn covered_files_are_compared_and_named() {
    let cases: [(&[&str], &[&str], &str); 7] = [
        (&["s/a=1"], &["s/a=1"], "counts"),
        (&[], &[], "counts"),
        (&["s/a=1"], &["s/a=2"], "stale: a covered file changed since: s/a (changed)"),
        (&["s/a=1"], &[], "stale: a covered file changed since: s/a (removed)"),
        (&[], &["s/a=1"], "stale: a covered file changed since: s/a (added)"),
        (
            &["s/a=1", "s/b=1"],
            &["s/b=2", "s/c=1"],
            "stale: covered files changed since: s/a (removed), s/b (changed), s/c (added)",
        ),
        (
            &[],
            &["a=1", "b=1", "c=1", "d=1", "e=1", "f=1", "g=1"],
            "stale: covered files changed since: a (added), b (added), c (added), d (added), e (added) and 2 more",
        ),
    ];
    for (then, now, expected) in cases {
        let world = World::of(vec![covering(manual("a"))]).files("a", then).sign("ann", "a");
        assert_eq!(world.files("a", now).states(), [expected]);
    }
    // Nobody looked: what was covered is not known to be unchanged.
    let mut world = World::of(vec![covering(manual("a"))]).files("a", &["x=1"]).sign("ann", "a");
    world.covered.clear();
    assert_eq!(world.states(), ["stale: a covered file changed since: x (removed)"]);
}

#[test]
fn an_item_that_covers_other_files_now_blames_no_file_for_it() {
    let world = World::of(vec![covering(manual("a"))]).files("a", &["old=1", "both=1"]).say(
        "ann",
        Act::SignOff,
        "a",
        |entry| entry.record.item_digest = Digest::of(["older"]),
    );
    let both = "stale: the item was changed since; a covered file changed since: both (changed)";
    assert_eq!(world.files("a", &["new=1", "both=2"]).states(), [both]);
}

#[test]
fn a_hostile_file_name_is_made_safe() {
    let world = World::of(vec![covering(manual("a"))]).sign("ann", "a");
    let states = world.files("a", &["s/\u{1b}[2J=1"]).states();
    assert_eq!(states, ["stale: a covered file changed since: s/␛[2J (added)"]);
}

#[test]
fn new_findings_ask_again_and_vanished_ones_do_not() {
    let cases: [(&[&str], &[&str], &str); 6] = [
        (&["x", "y"], &["x", "y"], "counts"),
        (&["x", "y"], &["y"], "counts"),
        (&["x"], &["x", "y"], "stale: 1 new finding since: app.py:2:1: y"),
        (&["x", "x"], &["x", "x"], "counts"),
        (&["x"], &["x", "x"], "stale: 1 new finding since: app.py:2:1: x"),
        (&[], &["x", "y"], "stale: 2 new findings since, the first: app.py:1:1: x"),
    ];
    for (accepted, found, expected) in cases {
        for item in [assisted("a"), automatic("a")] {
            let signed = item.sign_off.is_some();
            let world = World::of(vec![item]).result("a", fails(accepted));
            let world =
                if signed { world.sign("ann", "a") } else { world.waive("ann", "a", "2026-12-31") };
            assert_eq!(world.result("a", fails(found)).states(), [expected]);
        }
    }
}

#[test]
fn code_may_move_under_an_accepted_finding() {
    let at = |line| result(Ok(Observation::judge(vec![finding(line, "x")], "1 file")));
    let world = World::of(vec![assisted("a")]).result("a", at(3)).sign("ann", "a");
    assert_eq!(world.result("a", at(300)).states(), ["counts"]);
}

#[test]
fn findings_that_nobody_knows_make_nothing_stale() {
    for result in [holds(), not_applicable()] {
        let world = World::of(vec![assisted("a")]).result("a", fails(&["x"])).sign("ann", "a");
        assert_eq!(world.result("a", result).states(), ["counts"]);
    }
}

#[test]
fn what_was_accepted_does_not_cover_another_need_or_error() {
    let signed = || World::of(vec![assisted("a")]).result("a", fails(&["x"])).sign("ann", "a");
    let stale = |result| signed().result("a", result).states();
    assert_eq!(stale(undecided("no `.env`")), ["stale: not known since: no `.env`"]);
    let error = "stale: an error since: app.py is not readable; give yourself the right to read it";
    assert_eq!(stale(crate::assess::support::errors()), [error]);
    let world = World::of(vec![assisted("a")]).result("a", undecided("no `.env`")).sign("ann", "a");
    assert_eq!(world.states(), ["counts"]);
    let other = undecided("`.env` does not parse");
    assert_eq!(
        world.result("a", other).states(),
        ["stale: not known since: `.env` does not parse"]
    );
}

#[test]
fn time_runs_out_to_the_second() {
    let signed = |now| {
        World::of(vec![for_days(90, manual("a"))])
            .say("ann", Act::SignOff, "a", |entry| {
                entry.at = "2026-01-02T08:30:00Z".parse().expect("a moment");
            })
            .at(now)
    };
    assert_eq!(signed("2026-04-02T08:29:59Z").states(), ["counts"]);
    let over = "stale: signed 2026-01-02, held for 90d, until 2026-04-02 08:30 UTC";
    assert_eq!(signed("2026-04-02T08:30:00Z").states(), [over]);
}

#[test]
fn a_waiver_holds_to_the_end_of_its_last_day() {
    let waived = |now| World::of(vec![manual("a")]).waive("ann", "a", "2026-03-31").at(now);
    assert_eq!(waived("2026-03-31T23:59:59Z").states(), ["counts"]);
    assert_eq!(waived("2026-04-01T00:00:00Z").states(), ["stale: its last day was 2026-03-31"]);
}

#[test]
fn a_waiver_covers_no_files_and_has_its_own_end() {
    let world = World::of(vec![for_days(1, covering(manual("a")))]).files("a", &["f=1"]).waive(
        "ann",
        "a",
        "2026-12-31",
    );
    let later = world.files("a", &["f=2"]).at("2026-12-01T00:00:00Z");
    assert_eq!(later.states(), ["counts"]);
}

#[test]
fn an_objection_is_overruled_by_another_with_a_reason() {
    let own =
        "not counted: nobody overrules their own objection; withdraw it with `gonogo withdraw`";
    let world = || World::of(vec![manual("a")]).object("ann", "a");
    let overruled = "not counted: overruled by bob@example.com on 2026-03-14: the key was rotated";
    let cases = [
        (world().overrule("bob", "a", 0), [overruled, "counts"]),
        (world().overrule("Ann", "a", 0), ["counts", own]),
        (
            World::of(vec![manual("a")]).sign("ann", "a").overrule("bob", "a", 0),
            ["counts", "not counted: only an objection can be overruled, and this is a sign-off"],
        ),
        (
            world().say("bob", Act::Overruling, "a", |_| {}),
            [
                "counts",
                "not counted: an overruling needs a reason of at least 10 characters, in words that a reviewer understands later",
            ],
        ),
    ];
    for (world, expected) in cases {
        assert_eq!(world.states(), expected);
    }
    let mut changed = world().overrule("bob", "a", 0);
    changed.checklist.sections[0].items[0].digest = Digest::of(["newer"]);
    assert_eq!(changed.states(), ["counts", "stale: the item was changed since"]);
    let item = || automatic("a");
    let found = World::of(vec![item()]).result("a", fails(&["x"])).object("ann", "a");
    let found = found.overrule("bob", "a", 0).result("a", fails(&["x", "y"]));
    assert_eq!(found.states(), ["counts", "stale: 1 new finding since: app.py:2:1: y"]);
    let taken_back = world().overrule("bob", "a", 0).withdraw("bob", "a", 1);
    assert_eq!(taken_back.states(), ["counts", "withdrawn", "withdrawal"]);
}

#[test]
fn a_record_of_the_first_schema_is_shown_and_counts_nowhere() {
    use crate::ledger::Legacy;
    let old = "not counted: an early version of gonogo wrote it (schema 1); make a new record";
    for act in [Act::SignOff, Act::Objection, Act::Waiver, Act::Withdrawal] {
        let world = World::of(vec![manual("a")]).say("ann", act, "a", |entry| {
            entry.record.statement = Statement::Legacy(Legacy {
                act,
                role: None,
                note: "it is all fine".into(),
                until: None,
                of: None,
            });
        });
        assert_eq!(world.states(), [old]);
    }
}

#[test]
fn a_clock_that_is_ahead_buys_no_time() {
    let signed = |item, at: &str| {
        let at = at.parse().expect("a moment");
        World::of(vec![item]).say("ann", Act::SignOff, "a", |entry| entry.at = at)
    };
    let within_a_day = signed(for_days(90, manual("a")), "2026-03-16T11:00:00Z");
    assert_eq!(within_a_day.states(), ["counts"]);
    let ahead = signed(for_days(90, manual("a")), "2099-01-01T00:00:00Z");
    let why =
        "stale: it is dated 2099-01-01, which is in the future, so that its 90d cannot be counted";
    assert_eq!(ahead.states(), [why]);
    assert_eq!(ahead.stands().0, Standing::Stale);
    // Where no time is counted the record counts, and a note says what is odd.
    let ahead = signed(manual("a"), "2099-01-01T00:00:00Z");
    assert_eq!(ahead.states(), ["counts"]);
    assert!(ahead.assess().notes[0].as_str().contains("in the future"));
}

#[test]
fn reasons_add_up() {
    let world = World::of(vec![for_days(1, covering(assisted("a")))])
        .result("a", fails(&["x"]))
        .files("a", &["f=1"])
        .say("ann", Act::SignOff, "a", |entry| {
            entry.record.item_digest = Digest::of(["older"]);
            entry.at = "2026-01-02T00:00:00Z".parse().expect("a moment");
        })
        .result("a", fails(&["x", "y"]))
        .files("a", &["f=2"]);
    let states = world.states();
    assert_eq!(states[0].matches("; ").count(), 3, "{states:?}");
}

#[test]
fn records_keep_their_order_and_names() {
    let world = World::of(vec![manual("a"), manual("b")])
        .sign("ann", "a")
        .sign("ann", "b")
        .sign("bob", "a");
    let names: Vec<_> =
        world.first().records.iter().map(|record| record.entry.id.clone()).collect();
    assert_eq!(names, [commit(0), commit(2)]);
}
