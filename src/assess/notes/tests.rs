//! What is said beside the verdict.

use crate::assess::basis::Sharing;
use crate::assess::support::{
    World, automatic, by_release, covering, disabled, holds, id, made_at, manual, of,
};
use crate::checklist::{Item, LedgerRule, Uncommitted};
use crate::ledger::{Act, Entry};
use crate::model::{Person, RepoPath};

fn two(first: Item) -> World {
    World::of(vec![first, automatic("other")]).result("other", holds())
}

fn all(cases: Vec<(&str, World, &[&str])>) {
    for (name, world, expected) in cases {
        let notes = world.assess().notes;
        let notes: Vec<_> = notes.iter().map(|note| note.as_str()).collect();
        assert_eq!(notes, expected, "{name}");
    }
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
            two(manual("a")).sign("ann", "y").sign("ann", "x").sign("bob", "x"),
            &[
                "2 records are about `x`, which is not in the checklist",
                "1 record is about `y`, which is not in the checklist",
            ],
        ),
        ("an objection to one that is gone", two(manual("a")).object("bob", "x"), &[]),
        (
            "an objection to one that is gone, withdrawn",
            two(manual("a")).object("bob", "x").withdraw("bob", "x", 0),
            &["2 records are about `x`, which is not in the checklist"],
        ),
        ("an objection to a disabled item", two(disabled(manual("a"))).object("bob", "a"), &[]),
    ];
    all(cases);
}

const FUTURE: &str = "2026-03-16T12:00:01Z";

#[test]
fn clocks_that_are_ahead_are_flagged() {
    let dated = |act, at| two(manual("a")).say("bob", act, "a", made_at(at));
    let ignored = |act: &str| {
        format!(
            "the {act} about `a` by bob@example.com is dated 2026-03-16, which is in the future; it does not count"
        )
    };
    let waiver = |entry: &mut Entry| {
        made_at(FUTURE)(entry);
        entry.record.statement.set_words("after the move".into());
    };
    let withdrawal = |entry: &mut Entry| {
        made_at(FUTURE)(entry);
        of(0)(entry);
    };
    all(vec![
        ("a sign-off", dated(Act::SignOff, FUTURE), &[&ignored("sign-off")]),
        ("within a day", dated(Act::SignOff, "2026-03-16T12:00:00Z"), &[]),
        ("a waiver", two(manual("a")).say("bob", Act::Waiver, "a", waiver), &[&ignored("waiver")]),
        (
            "an objection",
            dated(Act::Objection, FUTURE),
            &[
                "the objection about `a` by bob@example.com is dated 2026-03-16, which is in the future; it counts, but a clock is wrong",
            ],
        ),
        (
            "a withdrawal",
            two(manual("a")).object("bob", "a").say("bob", Act::Withdrawal, "a", withdrawal),
            &[
                "the withdrawal about `a` by bob@example.com is dated 2026-03-16, which is in the future; it counts, but a clock is wrong",
            ],
        ),
        (
            "an objection that was withdrawn",
            dated(Act::Objection, FUTURE).withdraw("bob", "a", 0),
            &[],
        ),
    ]);
}

#[test]
fn an_author_whom_the_committer_does_not_share_is_told() {
    let by_eve = |entry: &mut Entry| {
        of(0)(entry);
        entry.committer = Person::new("eve", "eve@example.com");
    };
    let told = |act: &str, item: &str| {
        format!(
            "the {act} about `{item}` names bob@example.com as its author, and eve@example.com wrote it"
        )
    };
    let of_gone = "2 records are about `x`, which is not in the checklist";
    let never = by_release(manual("a"));
    all(vec![
        (
            "a sign-off",
            two(manual("a")).say("bob", Act::SignOff, "a", by_eve),
            &[&told("sign-off", "a")],
        ),
        (
            "an objection",
            two(manual("a")).say("bob", Act::Objection, "a", by_eve),
            &[&told("objection", "a")],
        ),
        (
            "a withdrawal",
            two(manual("a")).object("bob", "a").say("bob", Act::Withdrawal, "a", by_eve),
            &[&told("withdrawal", "a")],
        ),
        (
            "a withdrawal about an item that is gone",
            two(manual("a")).object("bob", "x").say("bob", Act::Withdrawal, "x", by_eve),
            &[&told("withdrawal", "x"), of_gone],
        ),
        (
            "one that does not count",
            two(never).say("eve", Act::SignOff, "a", |entry| {
                entry.committer = Person::new("bob", "bob@example.com");
            }),
            &[],
        ),
        (
            "the same person in other letters",
            two(manual("a")).say("bob", Act::SignOff, "a", |entry| {
                entry.committer = Person::new("bob", "BOB@example.com");
            }),
            &[],
        ),
    ]);
}

#[test]
fn an_overruling_without_a_role_is_told() {
    let told = |item: &str| {
        format!(
            "an objection to `{item}` was overruled by eve@example.com on 2026-03-14; the checklist names no role that may (`gate: {{ overrule: … }}`)"
        )
    };
    let world = |who, item| two(manual("a")).object("bob", item).overrule(who, item, 0);
    all(vec![
        ("without a role", world("eve", "a"), &[&told("a")]),
        (
            "of an item that is gone",
            world("eve", "x"),
            &[&told("x"), "2 records are about `x`, which is not in the checklist"],
        ),
        ("that does not count", world("bob", "a"), &[]),
        (
            "by a role",
            world("ann", "a").with(|list| list.gate.overrule = "release".parse().ok()),
            &[],
        ),
    ]);
}

#[test]
fn allowed_changes_are_named() {
    let changed = |names: &[&str]| {
        two(manual("a")).with(|list| list.gate.uncommitted = Uncommitted::Warn).around(|basis| {
            let files = names.iter().map(|name| RepoPath::new(name).expect("a path"));
            basis.uncommitted.tracked = files.map(|path| (path, "modified".into())).collect();
        })
    };
    all(vec![
        ("none", changed(&[]), &[]),
        (
            "one",
            changed(&["a.py"]),
            &["1 changed file is not committed, which this checklist allows: a.py"],
        ),
        (
            "six",
            changed(&["a", "b", "c", "d", "e", "f"]),
            &[
                "6 changed files are not committed, which this checklist allows: a, b, c, d, e and 1 more",
            ],
        ),
        (
            "not allowed",
            changed(&["a.py"]).with(|list| list.gate.uncommitted = Uncommitted::Block),
            &[],
        ),
    ]);
}

#[test]
fn what_is_known_of_the_ledger_is_told() {
    let of = |sharing| two(manual("a")).around(|basis| basis.ledger.sharing = sharing);
    let alone = |sharing| of(sharing).with(|list| list.team.clear());
    let never = || Sharing::Never("origin".into());
    let lost = || Sharing::Unknown("no such remote".into());
    let synced = |ahead, at: Option<&str>| Sharing::Synced {
        remote: "origin".into(),
        ahead,
        behind: 0,
        at: at.map(|at| at.parse().expect("a moment")),
    };
    all(vec![
        ("no remote", of(Sharing::NoRemote), &[]),
        ("it blocks", of(never()), &[]),
        (
            "never, alone",
            alone(never()),
            &["the ledger was never synced with `origin`; `gonogo sync` fetches what others said"],
        ),
        ("it is not known and blocks", of(lost()), &[]),
        (
            "not known, alone",
            alone(lost()),
            &["it is not known whether the ledger was synced: no such remote"],
        ),
        (
            "synced",
            of(synced(0, Some("2026-03-14T08:00:00Z"))),
            &["the ledger was last synced with `origin` on 2026-03-14 08:00 UTC"],
        ),
        (
            "some are not there",
            alone(synced(2, None)),
            &[
                "the ledger was last synced with `origin` at a time that was not remembered; 2 records not there yet",
            ],
        ),
        ("gone, and it blocks", of(Sharing::Gone("origin".into())), &[]),
        (
            "gone, alone",
            alone(Sharing::Gone("origin".into())),
            &[
                "the ledger was synced with `origin`, which is not a remote any more; what others say there is not known",
            ],
        ),
        (
            "refused, local",
            of(never())
                .around(|basis| basis.ledger.refused = Some("it was refused".into()))
                .with(|list| list.gate.ledger = LedgerRule::Local),
            &["it was refused"],
        ),
        (
            "permissions",
            two(manual("a")).around(|basis| basis.uncommitted.without_modes = true),
            &[
                "git compares no permissions here (`core.fileMode` is false), so a file that was made executable, or is no more, does not show as changed",
            ],
        ),
        (
            "filters",
            two(manual("a")).around(|basis| {
                let path = RepoPath::new("a.key").expect("a path");
                basis.uncommitted.behind_filters.push((path, "crypt".into()));
            }),
            &[
                "1 file is taken for unchanged on git's word, since the filter `crypt` stands before it and is not run: a.key",
            ],
        ),
        (
            "local",
            of(never()).with(|list| list.gate.ledger = LedgerRule::Local),
            &["the ledger stays on this machine, as the checklist says"],
        ),
        (
            "what was seen",
            two(manual("a")).around(|basis| {
                basis.checklist_notes = vec!["`b` was disabled".into()];
                basis.ledger.notes = vec!["a loss was accepted".into()];
            }),
            &["`b` was disabled", "a loss was accepted"],
        ),
    ]);
}

const FOUR: [&str; 4] = ["a", "b", "c", "d"];

#[test]
fn what_is_alike_is_told_once() {
    let items = || World::of(Vec::from(FOUR.map(manual)));
    let by = |who: &'static str| {
        move |entry: &mut Entry| entry.committer = Person::new(who, format!("{who}@example.com"))
    };
    let signed = |names: &[&str]| {
        names.iter().fold(items(), |world, item| world.say("bob", Act::SignOff, item, by("eve")))
    };
    let of_bob = "records name bob@example.com as their author, and eve@example.com wrote them:";
    let waived = |names: &[&str]| {
        names
            .iter()
            .fold(items(), |world, item| world.waive("ann", item, "2026-12-31").sign("bob", item))
    };
    all(vec![
        (
            "four records of one pair, one of another",
            signed(&["a", "b", "c"]).say("bob", Act::SignOff, "d", by("ann")).say(
                "bob",
                Act::Objection,
                "d",
                by("eve"),
            ),
            &[
                &format!(
                    "4 {of_bob} the sign-off about `a`, the sign-off about `b`, the sign-off about `c` and 1 more"
                ),
                "the sign-off about `d` names bob@example.com as its author, and ann@example.com wrote it",
            ],
        ),
        (
            "two waivers that are not needed",
            waived(&["a", "c"]),
            &["2 waivers are not needed any more, their items are settled: `a`, `c`"],
        ),
        (
            "four",
            waived(&FOUR),
            &[
                "4 waivers are not needed any more, their items are settled: `a`, `b`, `c` and 1 more",
            ],
        ),
    ]);
    let noted = |ids: &[&str]| {
        let assessment = signed(&["a", "b", "c", "gone"]).assess();
        let ids: Vec<_> = ids.iter().map(|one| id(one)).collect();
        assessment.only(&ids).notes.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let alone =
        "the sign-off about `b` names bob@example.com as its author, and eve@example.com wrote it";
    assert_eq!(noted(&["b"]), [alone]);
    assert_eq!(
        noted(&["b", "c", "d"]),
        [format!("2 {of_bob} the sign-off about `b`, the sign-off about `c`")]
    );
    assert!(noted(&["d"]).is_empty());
}

#[test]
fn records_that_are_gone_are_a_note_where_they_do_not_block() {
    let gone = "2 records of `origin` are gone";
    let world = |team: bool, local: bool| {
        let world = World::of(vec![automatic("a")]).result("a", holds());
        let world = world.around(|basis| basis.ledger.vanished = Some(gone.into()));
        world.with(|list| {
            if !team {
                list.team.clear();
            }
            if local {
                list.gate.ledger = LedgerRule::Local;
            }
        })
    };
    for (team, local, noted) in
        [(true, false, false), (true, true, true), (false, false, true), (false, true, true)]
    {
        let assessed = world(team, local).assess();
        let said = assessed.notes.iter().filter(|note| note.as_str() == gone).count();
        assert_eq!(said, usize::from(noted), "team {team}, local {local}");
        let blocks = assessed.blockers.iter().any(|blocker| blocker.message.as_str() == gone);
        assert_eq!(blocks, !noted, "team {team}, local {local}");
    }
}

#[test]
fn a_commit_that_will_end_a_sign_off_is_told_before() {
    let path = |name: &&str| RepoPath::new(*name).expect("a path");
    let world = |items: Vec<Item>, tracked: &[&str], untracked: &[&str]| {
        let world = World::of(items).files("a", &["scripts/f=1"]).files("b", &["scripts/f=1"]);
        let world = world.with(|list| list.gate.uncommitted = Uncommitted::Block);
        world.sign("bob", "a").sign("bob", "b").around(|basis| {
            let around = &mut basis.uncommitted;
            around.tracked = tracked.iter().map(|name| (path(name), "modified".into())).collect();
            around.untracked = untracked.iter().map(path).collect();
        })
    };
    let one = || vec![covering(manual("a")), manual("b")];
    all(vec![
        ("nothing is changed", world(one(), &[], &[]), &[]),
        ("another file", world(one(), &["app.py"], &["new.py"]), &[]),
        (
            "a covered file",
            world(one(), &["app.py", "scripts/f"], &[]),
            &["committing `scripts/f` makes the sign-off of `a` stale"],
        ),
        (
            "a new one too",
            world(one(), &["scripts/f"], &["scripts/g"]),
            &["committing `scripts/f`, `scripts/g` makes the sign-off of `a` stale"],
        ),
        (
            "two items",
            world(vec![covering(manual("a")), covering(manual("b"))], &["scripts/f"], &[]),
            &["committing what is changed here makes 2 sign-offs stale: `a`, `b`"],
        ),
        ("it is not signed", world(one(), &["scripts/f"], &[]).withdraw("bob", "a", 0), &[]),
    ]);
}
