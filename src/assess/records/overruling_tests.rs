//! Objections and who lets them rest.

use crate::assess::support::{
    World, automatic, disabled, errors, fails, holds, made_at, manual, of, undecided,
};
use crate::checklist::Item;
use crate::ledger::{Act, Entry, Statement};
use crate::model::{Digest, Person};

const OVERRULED: &str = "overruled by bob@example.com on 2026-03-14: the key was rotated";
const OWN: &str =
    "not counted: nobody overrules their own objection; withdraw it with `gonogo withdraw`";

fn world() -> World {
    World::of(vec![manual("a")]).object("ann", "a")
}

fn role(world: World, name: &str) -> World {
    world.with(|list| list.gate.overrule = Some(name.parse().expect("a role")))
}

#[test]
fn an_objection_is_overruled_by_another_with_a_reason() {
    let by = |change: fn(&mut Entry)| world().say("bob", Act::Overruling, "a", change);
    let outside = "not counted: eve@example.com is not in the role `release`";
    let cases: Vec<(&str, World, Vec<&str>)> = vec![
        ("by another", world().overrule("bob", "a", 0), vec![OVERRULED, "counts"]),
        ("by its author", world().overrule("Ann", "a", 0), vec!["counts", OWN]),
        (
            "by its author in another's name",
            by(|entry| {
                of(0)(entry);
                entry.committer = Person::new("ann", "ann@example.com");
            }),
            vec!["counts", OWN],
        ),
        (
            "by the role",
            role(world().overrule("bob", "a", 0), "release"),
            vec![OVERRULED, "counts"],
        ),
        (
            "from outside the role",
            role(world().overrule("eve", "a", 0), "release"),
            vec!["counts", outside],
        ),
        (
            "by a role that nobody has",
            role(world().overrule("bob", "a", 0), "lead"),
            vec!["counts", "not counted: bob@example.com is not in the role `lead`"],
        ),
        (
            "a sign-off",
            World::of(vec![manual("a")]).sign("ann", "a").overrule("bob", "a", 0),
            vec![
                "counts",
                "not counted: only an objection can be overruled, and this is a sign-off",
            ],
        ),
        (
            "without a reason",
            by(|entry| {
                of(0)(entry);
                entry.record.statement.set_words("no".into());
            }),
            vec![
                "counts",
                "not counted: an overruling needs a reason of at least 10 characters, 4 different letters or digits among them, in words that a reviewer understands later",
            ],
        ),
        (
            "one of two",
            world().object("eve", "a").overrule("bob", "a", 0),
            vec![OVERRULED, "counts", "counts"],
        ),
        (
            "and made again",
            world().overrule("bob", "a", 0).object("ann", "a"),
            vec![OVERRULED, "counts", "counts"],
        ),
        (
            "by one who did not know of it",
            world().say_after(&[], "bob", Act::Overruling, "a", of(0)),
            vec!["counts", "not counted: it names no earlier record about this item"],
        ),
        (
            "withdrawn",
            world().overrule("bob", "a", 0).withdraw("bob", "a", 1),
            vec!["counts", "withdrawn", "withdrawal"],
        ),
        (
            "withdrawn by another",
            world().overrule("bob", "a", 0).withdraw("ann", "a", 1),
            vec![
                OVERRULED,
                "counts",
                "not counted: only bob@example.com, who made the overruling, can withdraw it",
            ],
        ),
        (
            "withdrawn already",
            world().withdraw("ann", "a", 0).overrule("bob", "a", 0),
            vec!["withdrawn", "withdrawal", "counts"],
        ),
        (
            "a day ahead",
            by(|entry| {
                of(0)(entry);
                made_at("2026-03-16T12:00:00Z")(entry);
            }),
            vec!["overruled by bob@example.com on 2026-03-16: the key was rotated", "counts"],
        ),
        (
            "further ahead",
            by(|entry| {
                of(0)(entry);
                made_at("2026-03-16T12:00:01Z")(entry);
            }),
            vec![
                "counts",
                "not counted: it is dated 2026-03-16, which is in the future; somebody's clock is wrong",
            ],
        ),
    ];
    for (name, world, expected) in cases {
        assert_eq!(world.states(), expected, "{name}");
    }
}

#[test]
fn an_overruling_is_bound_to_what_was_there() {
    let stale = |world: World, why: &str| {
        assert_eq!(world.states(), ["counts".to_owned(), format!("stale: {why}")]);
    };
    let changed = |item: &mut Item| item.digest = Digest::of(["newer"]);
    let world_of = |item| World::of(vec![item]).object("ann", "a").overrule("bob", "a", 0);
    let changed_item = world_of(manual("a")).with(|list| changed(&mut list.sections[0].items[0]));
    stale(changed_item, "the item was changed since");
    let now_off = world_of(manual("a")).with(|list| {
        list.sections[0].items[0].disabled = Some("not here".into());
    });
    stale(now_off, "the item was changed since");
    let now_on = world_of(disabled(manual("a"))).with(|list| {
        list.sections[0].items[0].disabled = None;
    });
    stale(now_on, "the item was changed since");
    assert_eq!(world_of(disabled(manual("a"))).states(), [OVERRULED, "counts"]);

    let found = |then, now| {
        let world = World::of(vec![automatic("a")]).result("a", then).object("ann", "a");
        world.overrule("bob", "a", 0).result("a", now)
    };
    let x = || fails(&["x"]);
    stale(found(x(), fails(&["x", "y"])), "1 new finding since: app.py:2:1: y");
    stale(found(x(), fails(&["x", "x"])), "1 new finding since: app.py:2:1: x");
    stale(found(x(), undecided("no file")), "not known since: no file");
    stale(
        found(holds(), errors()),
        "an error since: app.py is not readable; give yourself the right to read it",
    );
    for (then, now) in [(x(), x()), (x(), holds()), (fails(&["x", "y"]), x())] {
        assert_eq!(found(then, now).states(), [OVERRULED, "counts"]);
    }
    // what the checks of a disabled item once found binds nothing
    let off = World::of(vec![disabled(automatic("a"))]).object("ann", "a").overrule("bob", "a", 0);
    assert_eq!(off.result("a", x()).states(), [OVERRULED, "counts"]);
}

#[test]
fn the_role_in_the_record_is_a_claim() {
    let world = role(world(), "release").say("eve", Act::Overruling, "a", |entry| {
        of(0)(entry);
        if let Statement::Overruling { role, .. } = &mut entry.record.statement {
            *role = Some("release".parse().expect("a role"));
        }
    });
    let outside = "not counted: eve@example.com is not in the role `release`";
    assert_eq!(world.states(), ["counts", outside]);
}
