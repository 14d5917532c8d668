//! Who may waive what, and for how long.

use crate::assess::support::{
    World, assisted, automatic, both, by_release, covering, errors, fails, for_days, made_at,
    manual, undecided, until_day,
};
use crate::checklist::{Item, Waive, WaiverRule};
use crate::ledger::{Act, Entry};
use crate::model::{Date, Severity};

const NO_REASON: &str = "not counted: a waiver needs a reason of at least 10 characters, 4 different letters or digits among them, in words that a reviewer understands later";

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

fn rule(by: &str, longest: &str) -> WaiverRule {
    WaiverRule { by: by.parse().ok(), longest: longest.parse().ok() }
}

#[test]
fn who_may_waive() {
    let manual = || manual("a");
    let of = |item, who: &str| World::of(vec![item]).waive(who, "a", "2026-04-01");
    let team = "not counted: eve@example.com is not in the team";
    let release = "not counted: eve@example.com is not in the role `release`";
    let lead = "not counted: ann@example.com is not in the role `lead`";
    let leads = |world: World| {
        world.with(|list| {
            list.team.insert("lead".parse().expect("a role"), vec!["eve@example.com".into()]);
        })
    };
    let gate = |world: World| leads(world.with(|list| list.gate.waivers = rule("lead", "365d")));
    let own = |by| Item { waive: Waive::Rule(rule(by, "")), ..manual() };
    let never = Item { waive: Waive::Never, ..manual() };
    let cases = [
        ("the team", of(manual(), "ann"), "counts"),
        ("nobody of the team", of(manual(), "eve"), team),
        ("without a team", of(manual(), "eve").with(|list| list.team.clear()), "counts"),
        ("the signers", of(by_release(manual()), "ann"), "counts"),
        ("no signer", of(by_release(manual()), "eve"), release),
        ("no signer, though of the team", leads(of(by_release(manual()), "eve")), release),
        ("the gate's", gate(of(by_release(manual()), "eve")), "counts"),
        ("not the gate's, though a signer", gate(of(by_release(manual()), "ann")), lead),
        ("the item's", gate(of(own("release"), "ann")), "counts"),
        ("not the item's, though the gate's", gate(of(own("release"), "eve")), release),
        (
            "nobody",
            of(never, "ann"),
            "not counted: the checklist says that nobody may waive this item",
        ),
    ];
    for (name, world, expected) in cases {
        assert_eq!(world.states(), [expected], "{name}");
    }
}

#[test]
fn a_longer_waiver_counts_up_to_the_limit_from_its_records_time() {
    let waived = |item: Item, gate: WaiverRule, now: &str| {
        World::of(vec![item])
            .with(|list| list.gate.waivers = gate)
            .say("ann", Act::Waiver, "a", |entry| {
                until_day("2026-12-31")(entry);
                made_at("2026-03-01T08:00:00Z")(entry);
            })
            .at(now)
            .states()
    };
    let usual = || rule("", "");
    let critical = || Item { severity: Severity::Critical, ..manual("a") };
    let own = |item| Item { waive: Waive::Rule(rule("", "10d")), ..item };
    let cases = [
        ("usually 90 days", manual("a"), usual(), "2026-05-30"),
        ("of a critical one 30", critical(), usual(), "2026-03-31"),
        ("the gate's", manual("a"), rule("", "20d"), "2026-03-21"),
        ("the gate's, of a critical one", critical(), rule("", "60d"), "2026-03-31"),
        ("the item's", own(manual("a")), rule("", "60d"), "2026-03-11"),
        ("the item's, of a critical one", own(critical()), usual(), "2026-03-11"),
    ];
    for (name, item, gate, day) in cases {
        let last: Date = day.parse().expect("a day");
        let before = format!("{day}T23:59:59Z");
        let again = Item { waive: item.waive.clone(), ..manual("a") };
        let again = Item { severity: item.severity, ..again };
        assert_eq!(waived(item, gate.clone(), &before), ["counts"], "{name}");
        let over = format!(
            "stale: it was to last until 2026-12-31, and the checklist lets it count until {day}"
        );
        assert_eq!(waived(again, gate, &last.end().to_string()), [over], "{name}");
    }
}

#[test]
fn a_waiver_that_ends_with_its_limit_is_not_cut() {
    let made = |at| {
        World::of(vec![manual("a")])
            .with(|list| list.gate.waivers = rule("", "10d"))
            .say("ann", Act::Waiver, "a", |entry: &mut Entry| {
                until_day("2026-03-10")(entry);
                made_at(at)(entry);
            })
            .states()
    };
    assert_eq!(made("2026-03-01T00:00:00Z"), ["stale: its last day was 2026-03-10"]);
    assert_eq!(
        made("2026-02-28T23:59:59Z"),
        ["stale: its last day was 2026-03-10"],
        "the limit falls on its last day, which counts as a whole"
    );
    assert_eq!(
        made("2026-02-27T23:59:59Z"),
        [
            "stale: it was to last until 2026-03-10, and the checklist lets it count until 2026-03-09"
        ]
    );
}

#[test]
fn a_waiver_of_the_future_does_not_count() {
    let dated = |at| {
        let world = World::of(vec![manual("a")]);
        let waiver = |entry: &mut Entry| {
            until_day("2026-12-31")(entry);
            made_at(at)(entry);
        };
        world.say("ann", Act::Waiver, "a", waiver).states()
    };
    assert_eq!(dated("2026-03-16T12:00:00Z"), ["counts"]);
    assert_eq!(
        dated("2026-03-16T12:00:01Z"),
        ["not counted: it is dated 2026-03-16, which is in the future; somebody's clock is wrong"]
    );
}

#[test]
fn a_waiver_binds_to_all_that_was_there() {
    let need = || undecided("no `.env`");
    let x = || fails(&["x"]);
    let cases = [
        ("the same", both(x(), need()), both(x(), need()), "counts"),
        ("less", both(x(), need()), x(), "counts"),
        (
            "a finding that an error hid",
            errors(),
            both(errors(), x()),
            "stale: 1 new finding since: app.py:1:1: x",
        ),
        ("a need", x(), both(x(), need()), "stale: not known since: no `.env`"),
        (
            "another need",
            need(),
            undecided("`.env` does not parse"),
            "stale: not known since: `.env` does not parse",
        ),
        (
            "an error",
            x(),
            both(x(), errors()),
            "stale: an error since: app.py is not readable; give yourself the right to read it",
        ),
        ("a second equal need", need(), both(need(), need()), "stale: not known since: no `.env`"),
        (
            "a second equal error",
            errors(),
            both(errors(), errors()),
            "stale: an error since: app.py is not readable; give yourself the right to read it",
        ),
    ];
    for (name, then, now, expected) in cases {
        for item in [automatic("a"), assisted("a")] {
            let world = World::of(vec![item]).result("a", then.clone());
            let world = world.waive("ann", "a", "2026-04-01").result("a", now.clone());
            assert_eq!(world.states(), [expected], "{name}");
        }
    }
}
