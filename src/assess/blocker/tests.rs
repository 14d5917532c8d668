//! Each rule that no item carries, on both sides.

use crate::assess::assessment::Verdict::{Go, NoGo};
use crate::assess::basis::{Anchored, Sharing};
use crate::assess::rule::Rule;
use crate::assess::support::{
    World, assisted, automatic, commit, disabled, fails, finding, holds, less_severe, manual,
    not_applicable, result, undecided,
};
use crate::checklist::{Item, LedgerRule, Uncommitted};
use crate::model::{ItemResult, Observation, RepoPath, Severity};

fn go() -> World {
    World::of(vec![automatic("a")]).result("a", holds())
}

fn path(name: &str) -> RepoPath {
    RepoPath::new(name).expect("a path")
}

/// One world for each name, and the words of the blocker; none for a GO.
fn all(rule: Rule, cases: Vec<(&str, World, Option<&str>)>) {
    for (name, world, expected) in cases {
        let assessment = world.assess();
        let said: Vec<(Rule, &str)> =
            assessment.blockers.iter().map(|one| (one.rule, one.message.as_str())).collect();
        let expected: Vec<(Rule, &str)> = expected.into_iter().map(|why| (rule, why)).collect();
        assert_eq!(said, expected, "{name}");
        assert_eq!(assessment.verdict, if said.is_empty() { Go } else { NoGo }, "{name}");
        assert_eq!(assessment.is_clear(), said.is_empty(), "{name}");
    }
}

#[test]
fn there_is_a_commit() {
    let why = "there is no commit yet, and a verdict is about one; commit, then check again";
    all(
        Rule::Commit,
        vec![("one", go(), None), ("none", go().around(|basis| basis.commit = None), Some(why))],
    );
}

#[test]
fn the_checklist_is_what_the_commit_has() {
    let of = |files: &[Anchored]| {
        go().around(|basis| {
            basis.checklist = files.iter().map(|one| ("c.yaml".into(), one.clone())).collect();
        })
    };
    let not = || Anchored::Not("differs from 1a2b3c4".into());
    let why = "the checklist file `c.yaml` differs from 1a2b3c4; commit it, so that the verdict is about what the team agreed on";
    all(
        Rule::Checklist,
        vec![
            ("built in", of(&[Anchored::BuiltIn]), None),
            ("committed", of(&[Anchored::Committed]), None),
            ("outside", of(&[Anchored::Outside]), None),
            ("other than the commit's", of(&[not()]), Some(why)),
            ("an include of it", of(&[Anchored::Committed, not()]), Some(why)),
            ("nobody knows", of(&[]), Some("it is not known from which files the checklist came")),
        ],
    );
}

#[test]
fn no_tracked_file_differs() {
    let changed = |world: World, names: &[&str]| {
        world.around(|basis| {
            let files = names.iter().map(|name| (path(name), "modified".into()));
            basis.uncommitted.tracked = files.collect();
        })
    };
    let unknown = |world: World| {
        world.around(|basis| basis.uncommitted.unknown = Some("the index is locked".into()))
    };
    let allowed = |world: World| world.with(|list| list.gate.uncommitted = Uncommitted::Warn);
    let lost = "the work tree could not be compared with the commit: the index is locked";
    all(
        Rule::Uncommitted,
        vec![
            (
                "one",
                changed(go(), &["a.py"]),
                Some(
                    "1 uncommitted change: a.py (modified); commit or undo them, since the verdict is about the commit",
                ),
            ),
            (
                "six",
                changed(go(), &["a", "b", "c", "d", "e", "f"]),
                Some(
                    "6 uncommitted changes: a (modified), b (modified), c (modified), d (modified), e (modified) and 1 more; commit or undo them, since the verdict is about the commit",
                ),
            ),
            ("allowed", allowed(changed(go(), &["a.py"])), None),
            ("unknown", unknown(go()), Some(lost)),
            ("unknown, though changes are allowed", allowed(unknown(go())), Some(lost)),
            (
                "new files alone",
                go().around(|basis| basis.uncommitted.untracked = vec![path("new.txt")]),
                None,
            ),
        ],
    );
    assert!(allowed(changed(go(), &["a.py"])).assess().of_work_tree);
    assert!(!changed(go(), &["a.py"]).assess().of_work_tree);
    assert!(!allowed(go()).assess().of_work_tree);
}

#[test]
fn no_work_tree_is_deployed_in_the_middle_of_something() {
    let world = |conflicted: &[&str], operation, changed: &[&str]| {
        let world = go().with(|list| list.gate.uncommitted = Uncommitted::Warn);
        world.around(|basis| {
            let around = &mut basis.uncommitted;
            around.conflicted = conflicted.iter().map(|name| path(name)).collect();
            around.tracked = changed.iter().map(|name| (path(name), "modified".into())).collect();
            around.operation = operation;
        })
    };
    let one = "1 file is in conflict: a; resolve it, `git add` the result and commit";
    let two = "2 files are in conflict: a, b; resolve it, `git add` the result and commit";
    let middle = "a merge is not finished, so that the work tree is neither what was committed nor what will be; finish it or give it up";
    all(
        Rule::Uncommitted,
        vec![
            ("a conflict", world(&["a"], Some("a merge"), &["a"]), Some(one)),
            ("two conflicts", world(&["a", "b"], None, &["a", "b"]), Some(two)),
            ("a merge with changes", world(&[], Some("a merge"), &["a"]), Some(middle)),
            ("a merge without changes", world(&[], Some("a bisection"), &[]), None),
            ("changes alone", world(&[], None, &["a"]), None),
        ],
    );
}

/// A result of two checks: one as given, one that holds by an untracked file.
fn beside_a_new_file(mut one: ItemResult) -> ItemResult {
    let rests = Observation::judge(Vec::new(), "1 file").resting_on([path("new.txt")]);
    one.0.extend(result(Ok(rests)).0);
    one
}

fn resting(item: Item, one: ItemResult) -> World {
    World::of(vec![item, automatic("other")])
        .result("a", beside_a_new_file(one))
        .result("other", holds())
        .around(|basis| basis.uncommitted.untracked = vec![path("new.txt")])
}

#[test]
fn nothing_rests_on_what_is_not_committed() {
    let fixed = "`a` is fixed and not committed: it rests on `new.txt`; commit that file";
    let signed = "`a` is signed off, and rests on an uncommitted file: `new.txt`; commit that file";
    let waived = "`a` is waived, and rests on an uncommitted file: `new.txt`; commit that file";
    let allowed = |world: World| world.with(|list| list.gate.uncommitted = Uncommitted::Warn);
    let unsure = || Item { when_undecided: manual("a").sign_off, ..automatic("a") };
    let no_part = result(Ok(Observation::not_applicable("no").resting_on([path("new.txt")])));
    let found = Observation::judge(vec![finding(1, "x")], "1 file").resting_on([path("new.txt")]);
    let here = Observation::judge(Vec::new(), "1 file").resting_on_here([path("own.txt")]);
    let own = "`a` is fixed and not committed: it rests on `own.txt`; commit that file";
    all(
        Rule::RestsOnUncommitted,
        vec![
            ("a pass", resting(automatic("a"), holds()), Some(fixed)),
            ("allowed", allowed(resting(automatic("a"), holds())), None),
            (
                "a file that personal rules ignore",
                resting(automatic("a"), holds()).result("a", result(Ok(here))),
                Some(own),
            ),
            ("it only warns", resting(less_severe(automatic("a")), holds()), None),
            ("switched off", resting(disabled(automatic("a")), holds()), None),
            (
                "a file that is tracked",
                resting(automatic("a"), holds()).around(|basis| {
                    basis.uncommitted.untracked = vec![path("other.txt")];
                }),
                None,
            ),
            (
                "findings accepted beside it",
                resting(assisted("a"), fails(&["x"])).sign("ann", "a"),
                Some(signed),
            ),
            (
                "undecided and signed beside it",
                resting(unsure(), undecided("no `.env`")).sign("ann", "a"),
                Some(signed),
            ),
            (
                "waived beside it",
                resting(automatic("a"), fails(&["x"])).waive("ann", "a", "2026-12-31"),
                Some(waived),
            ),
            (
                "what it hides in the same check",
                resting(assisted("a"), holds()).result("a", result(Ok(found))).sign("ann", "a"),
                Some(signed),
            ),
            (
                "not applicable by it",
                resting(automatic("a"), holds()).result("a", no_part),
                Some(
                    "`a` is not applicable, and rests on an uncommitted file: `new.txt`; commit that file",
                ),
            ),
        ],
    );
    let world = allowed(resting(automatic("a"), holds()));
    assert!(world.assess().of_work_tree, "the commit does not have what it rests on");
    assert_eq!(world.assess().notes[0].as_str(), "`a` rests on `new.txt`, which is not committed");
    // while it fails, the item blocks by itself
    let failing = resting(automatic("a"), fails(&["x"])).assess();
    assert_eq!(failing.against().map(|one| one.rule).collect::<Vec<_>>(), [Rule::Item]);
    assert!(!allowed(resting(automatic("a"), fails(&["x"]))).assess().of_work_tree);
}

#[test]
fn what_is_changed_in_place_is_named_by_both_rules() {
    let world = resting(automatic("a"), holds()).around(|basis| {
        basis.uncommitted.untracked.clear();
        basis.uncommitted.tracked = vec![(path("new.txt"), "modified".into())];
    });
    let rules: Vec<Rule> = world.assess().blockers.iter().map(|one| one.rule).collect();
    assert_eq!(rules, [Rule::Uncommitted, Rule::RestsOnUncommitted]);
}

#[test]
fn something_was_verified() {
    let low = || less_severe(automatic("a"));
    let of = |item| World::of(vec![item]);
    let nothing = "nothing was verified: no item was settled by a check or a sign-off";
    let none_applies = "nothing was verified: no item of the checklist applies here";
    let only_new = |uncommitted| {
        resting(low(), holds()).with(|list| {
            list.gate.uncommitted = uncommitted;
            list.sections[0].items.truncate(1);
        })
    };
    all(
        Rule::Verified,
        vec![
            ("a pass", go(), None),
            ("a sign-off", of(manual("a")).sign("ann", "a"), None),
            ("a slight pass", of(low()).result("a", holds()), None),
            (
                "no item",
                World::of(Vec::new()),
                Some("the checklist has no item; add one, or include a built-in list"),
            ),
            ("a waiver", of(manual("a")).waive("ann", "a", "2026-12-31"), Some(nothing)),
            ("a slight failure", of(low()).result("a", fails(&["x"])), Some(nothing)),
            (
                "a waiver beside what does not apply",
                World::of(vec![manual("a"), automatic("b")])
                    .waive("ann", "a", "2026-12-31")
                    .result("b", not_applicable()),
                Some(nothing),
            ),
            (
                "nothing that applies",
                World::of(vec![automatic("a"), disabled(manual("b"))])
                    .result("a", not_applicable()),
                Some(none_applies),
            ),
            (
                "a slight pass that is not committed",
                only_new(Uncommitted::Block),
                Some(
                    "nothing was verified for the commit: what holds rests on files that are not committed",
                ),
            ),
            ("the same, allowed", only_new(Uncommitted::Warn), None),
        ],
    );
    let pending = of(automatic("a")).assess();
    assert_eq!(pending.blockers, [], "it blocks as an item");
    assert_eq!(pending.verdict, NoGo);
}

#[test]
fn the_ledger_is_whole_and_shared() {
    let old = Some("7d".parse().expect("a period"));
    let of = |sharing: Sharing, rule: LedgerRule| {
        go().around(|basis| basis.ledger.sharing = sharing).with(|list| list.gate.ledger = rule)
    };
    let shared = |sharing| of(sharing, LedgerRule::Shared { max_age: None });
    let within = |sharing| of(sharing, LedgerRule::Shared { max_age: old });
    let local = |sharing| of(sharing, LedgerRule::Local);
    let alone = |world: World| world.with(|list| list.team.clear());
    let never = || Sharing::Never("origin".into());
    let lost = || Sharing::Unknown("no such remote".into());
    let synced = |behind, at: Option<&str>| Sharing::Synced {
        remote: "origin".into(),
        ahead: 1,
        behind,
        at: at.map(|at| at.parse().expect("a moment")),
    };
    let rewound = |world: World| {
        world.around(|basis| basis.ledger.rewound = Some("it lost 2 records".into()))
    };
    let refused =
        |world: World| world.around(|basis| basis.ledger.refused = Some("it was refused".into()));
    let gone = || Sharing::Gone("origin".into());
    let gone_told = "the ledger was synced with `origin`, which is not a remote any more, and somebody's objection may be there; add the remote again and run `gonogo sync`, or say `gate: { ledger: local }`";
    let never_told = "the ledger was never synced with `origin`, where somebody's objection may be; run `gonogo sync`";
    let lost_told = "it is not known whether the ledger was synced: no such remote";
    let behind = "1 record of `origin` was not looked at yet; run `gonogo sync`";
    let since = |when| {
        format!(
            "the ledger was last synced with `origin` on {when}, and the team allows 7d; run `gonogo sync`"
        )
    };
    let since = since("2026-03-08 12:00 UTC");
    all(
        Rule::Ledger,
        vec![
            ("no remote", shared(Sharing::NoRemote), None),
            ("gone", shared(gone()), Some(gone_told)),
            ("gone, alone", alone(shared(gone())), None),
            ("gone, local", local(gone()), None),
            ("refused", refused(shared(synced(0, None))), Some("it was refused")),
            ("refused, alone", alone(refused(shared(never()))), Some("it was refused")),
            ("refused, local", refused(local(never())), None),
            ("no remote, with a limit", within(Sharing::NoRemote), None),
            ("never", shared(never()), Some(never_told)),
            ("never, alone", alone(shared(never())), None),
            ("never, local", local(never()), None),
            ("not known", shared(lost()), Some(lost_told)),
            ("not known, alone", alone(shared(lost())), None),
            ("not known, local", local(lost()), None),
            ("synced", shared(synced(0, None)), None),
            ("behind", shared(synced(1, None)), Some(behind)),
            ("behind, alone", alone(shared(synced(1, None))), Some(behind)),
            (
                "far behind",
                shared(synced(2, None)),
                Some("2 records of `origin` were not looked at yet; run `gonogo sync`"),
            ),
            ("behind, local", local(synced(1, None)), None),
            ("in time", within(synced(0, Some("2026-03-08T12:00:01Z"))), None),
            ("just over", within(synced(0, Some("2026-03-08T12:00:00Z"))), Some(&since)),
            ("over, alone", alone(within(synced(0, Some("2026-01-01T00:00:00Z")))), None),
            ("without a limit", shared(synced(0, Some("2020-01-01T00:00:00Z"))), None),
            (
                "nobody knows when",
                within(synced(0, None)),
                Some(
                    "it is not known when the ledger was last synced with `origin`, and the team allows 7d; run `gonogo sync`",
                ),
            ),
            ("a day ahead", within(synced(0, Some("2026-03-16T12:00:00Z"))), None),
            (
                "further ahead",
                within(synced(0, Some("2026-03-16T12:00:01Z"))),
                Some(
                    "the last sync with `origin` is dated 2026-03-16 12:00 UTC, which is in the future, and the team allows 7d; run `gonogo sync`",
                ),
            ),
            ("rewound", rewound(go()), Some("it lost 2 records")),
            ("rewound, local", rewound(local(Sharing::NoRemote)), Some("it lost 2 records")),
            ("rewound, alone", alone(rewound(go())), Some("it lost 2 records")),
        ],
    );
}

#[test]
fn the_clock_is_not_behind_the_commit() {
    let committed = |at: &str| {
        let at = at.parse().expect("a moment");
        go().around(|basis| basis.commit = Some((commit(0), at)))
    };
    let late = "the clock of this machine (2026-03-15 12:00 UTC) is more than a day behind the commit 0000000 (2026-03-16 12:00 UTC); set it right, since sign-offs and waivers run out by it";
    all(
        Rule::Clock,
        vec![
            ("long ago", committed("2001-01-01T00:00:00Z"), None),
            ("a day ahead", committed("2026-03-16T12:00:00Z"), None),
            ("a second more", committed("2026-03-16T12:00:01Z"), Some(late)),
        ],
    );
}

#[test]
fn the_rules_come_before_the_items() {
    let world = World::of(vec![Item { severity: Severity::Critical, ..automatic("a") }])
        .result("a", fails(&["x"]))
        .around(|basis| basis.commit = None);
    let rules: Vec<Rule> = world.assess().against().map(|one| one.rule).collect();
    assert_eq!(rules, [Rule::Commit, Rule::Verified, Rule::Item]);
}
