//! Tables of records, each with whether it counts.

use crate::assess::support::{
    World, assisted, automatic, commit, covering, errors, fails, finding, for_days, holds, made_at,
    manual, not_applicable, policy, result, undecided,
};
use crate::checklist::Item;
use crate::ledger::{Act, Legacy, Statement};
use crate::model::{Digest, Observation};

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
            "withdrawn",
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
            "the older one of two withdrawn",
            world().object("ann", "a").object("ann", "a").withdraw("ann", "a", 0),
            vec!["withdrawn", "counts", "withdrawal"],
        ),
        (
            "twice",
            world().sign("ann", "a").withdraw("ann", "a", 0).withdraw("ann", "a", 0),
            vec!["withdrawn", "withdrawal", "not counted: the sign-off was withdrawn before"],
        ),
        (
            "by another person",
            world().object("ann", "a").withdraw("eve", "a", 0),
            vec![
                "counts",
                "not counted: only ann@example.com, who made the objection, can withdraw it",
            ],
        ),
        (
            "a withdrawal",
            world().sign("ann", "a").withdraw("ann", "a", 0).withdraw("ann", "a", 1),
            vec![
                "withdrawn",
                "withdrawal",
                "not counted: a withdrawal cannot be withdrawn; make a new record",
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
    let unsure = || Item { when_undecided: manual("a").sign_off, ..automatic("a") };
    let by_release = |mut item: Item| {
        let policy = item.sign_off.as_mut().or(item.when_undecided.as_mut()).expect("a policy");
        policy.by = "release".parse().ok();
        item
    };
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
        (World::of(vec![unsure()]).result("a", undecided("no `.env`")).sign("ann", "a"), "counts"),
        (
            World::of(vec![by_release(unsure())])
                .result("a", undecided("no `.env`"))
                .sign("eve", "a"),
            outsider,
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
    let cases: [(&[&str], &[&str], &str); 13] = [
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
        // by blob and mode, of which records of old hold the blob alone
        (&["a=1 100644"], &["a=1 100644"], "counts"),
        (&["a=1 100644"], &["a=1 100755"], "stale: a covered file changed since: a (changed)"),
        (&["a=1 100644"], &["a=2 100644"], "stale: a covered file changed since: a (changed)"),
        (&["a=1"], &["a=1 100755"], "counts"),
        (&["a=1"], &["a=2 100755"], "stale: a covered file changed since: a (changed)"),
        (&["a=1 100644"], &["a=1"], "stale: a covered file changed since: a (changed)"),
    ];
    for (then, now, expected) in cases {
        let world = World::of(vec![covering(manual("a"))]).files("a", then).sign("ann", "a");
        assert_eq!(world.files("a", now).states(), [expected]);
    }
    // Nobody looked: what was covered is not known to be unchanged.
    for files in [&["x=1"][..], &[]] {
        let world = World::of(vec![covering(manual("a"))]).files("a", files);
        let mut world = world.sign("ann", "a");
        world.covered.clear();
        assert_eq!(world.states(), ["stale: the files that it covers could not be compared"]);
    }
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
    let world = World::of(vec![covering(manual("a"))]).files("a", &[]).sign("ann", "a");
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
    assert_eq!(stale(errors()), [error]);
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
fn a_record_of_the_first_schema_is_shown_and_counts_nowhere() {
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

#[test]
fn what_neither_files_nor_time_bind_is_bound_to_its_commit() {
    let elsewhere = "stale: it was made on 0000000, which this commit does not descend from";
    let made_on = |item, number| {
        World::of(vec![item]).files("a", &["f=1"]).say("ann", Act::SignOff, "a", |entry| {
            entry.record.commit = commit(number);
        })
    };
    let files = |files: &[&str], number| {
        World::of(vec![covering(manual("a"))]).files("a", files).say(
            "ann",
            Act::SignOff,
            "a",
            |entry| entry.record.commit = commit(number),
        )
    };
    let unsure = || Item { when_undecided: manual("a").sign_off, ..automatic("a") };
    let cases = [
        ("an ancestor", made_on(manual("a"), 0), "counts"),
        ("no ancestor", made_on(manual("a"), 9), elsewhere),
        ("time decides", made_on(for_days(30, manual("a")), 9), "counts"),
        ("files decide", made_on(covering(manual("a")), 9), "counts"),
        ("both decide", made_on(for_days(30, covering(manual("a"))), 9), "counts"),
        ("it covered no file", files(&[], 9), elsewhere),
        ("it covered no file, on an ancestor", files(&[], 0), "counts"),
        (
            "in place of a check",
            World::of(vec![unsure()]).result("a", undecided("no `.env`")).say(
                "ann",
                Act::SignOff,
                "a",
                |entry| entry.record.commit = commit(9),
            ),
            elsewhere,
        ),
    ];
    for (name, world, expected) in cases {
        assert_eq!(world.states(), [expected], "{name}");
    }
}

#[test]
fn a_sign_off_of_the_future_does_not_count() {
    let signed =
        |item, at| World::of(vec![item]).say("ann", Act::SignOff, "a", made_at(at)).states();
    let why =
        "not counted: it is dated 2026-03-16, which is in the future; somebody's clock is wrong";
    for item in [|| for_days(90, manual("a")), || manual("a")] {
        assert_eq!(signed(item(), "2026-03-16T12:00:00Z"), ["counts"]);
        assert_eq!(signed(item(), "2026-03-16T12:00:01Z"), [why]);
    }
    let objected = World::of(vec![manual("a")]);
    let objected = objected.say("ann", Act::Objection, "a", made_at("2099-01-01T00:00:00Z"));
    assert_eq!(objected.states(), ["counts"]);
}
