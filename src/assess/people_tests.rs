//! Two addresses of one person.

use crate::assess::support::{World, by_two, manual};
use crate::assess::{People, Standing};
use crate::lang::mailmap::Mailmap;
use crate::model::{CleanText, Person};

const JOINED: &str = "Ann <ann@example.com> <bob@example.com>";

fn world() -> World {
    World::of(vec![by_two(manual("a"))]).sign("ann", "a").sign("bob", "a")
}

fn map(text: &str) -> Mailmap {
    Mailmap::read(text.as_bytes())
}

#[test]
fn two_addresses_of_a_mailmap_sign_once() {
    let commit = world().ledger.entries[0].record.commit.clone();
    let now = |text: &str| People { now: vec![map(text)], ..People::default() };
    let then = People { then: [(commit, map(JOINED))].into(), ..People::default() };
    let cases = [
        (People::default(), Standing::SignedOff),
        (now("Ann <ann@example.com> <eve@example.com>"), Standing::SignedOff),
        (now("Ann <ann@example.com>"), Standing::SignedOff),
        (now(JOINED), Standing::Unsigned),
        (now("<c@d> <ann@example.com>\n<C@d> <bob@example.com>"), Standing::Unsigned),
        (then, Standing::Unsigned),
    ];
    for (people, standing) in cases {
        let (stands, why) = world().around(|basis| basis.people = people.clone()).stands();
        assert_eq!(stands, standing, "{people:?} {why}");
        if standing == Standing::Unsigned {
            let said = "`.mailmap` says that ann@example.com, bob@example.com are one person";
            assert!(why.starts_with("1 of 2: ann@example.com") && why.contains(said), "{why}");
        }
    }
    // a third one makes two
    let three = world().sign("eve", "a").around(|basis| basis.people = now(JOINED));
    assert_eq!(three.stands().0, Standing::SignedOff);
    // and so do two that a third address joins
    let chained = now("<x@y> <ann@example.com>\n<x@y> <eve@example.com>");
    let other = map("<x@y> <bob@example.com>\n<x@y> <eve@example.com>");
    let chained = People { now: chained.now.into_iter().chain([other]).collect(), ..chained };
    let three = world().sign("eve", "a").around(|basis| basis.people = chained);
    assert_eq!(three.stands().0, Standing::Unsigned);
}

#[test]
fn who_may_be_one_person_is_told() {
    let named = |name: &str, email: &str| {
        let other = Person::new(name, email);
        World::of(vec![by_two(manual("a"))]).sign("ann", "a").say(
            "bob",
            crate::ledger::Act::SignOff,
            "a",
            |entry| {
                entry.committer = other.clone();
                entry.author = other;
            },
        )
    };
    let earlier = People {
        then: [("f".repeat(40).try_into().expect("a commit"), map(JOINED))].into(),
        ..People::default()
    };
    let unread = People { unread: Some(CleanText::line("damaged")), ..People::default() };
    let cases = [
        (world(), None),
        (named("ANN ", "ann@home.example"), Some("both are called")),
        (named("A. Doe", "ann+x@example.com"), Some("one mailbox")),
        (world().around(|basis| basis.people = earlier), Some("an earlier commit")),
        (world().around(|basis| basis.people = unread), Some("damaged")),
    ];
    for (world, says) in cases {
        assert_eq!(world.stands().0, Standing::SignedOff);
        let notes: Vec<String> = world.assess().notes.iter().map(ToString::to_string).collect();
        let about: Vec<&String> = notes.iter().filter(|note| note.contains("one person")).collect();
        match says {
            None => assert!(about.is_empty(), "{notes:?}"),
            Some(says) => assert!(about.iter().any(|note| note.contains(says)), "{notes:?}"),
        }
    }
}

#[test]
fn an_own_objection_is_not_overruled_from_another_address() {
    let joined = People { now: vec![map(JOINED)], ..People::default() };
    for (people, standing) in
        [(People::default(), Standing::SignedOff), (joined, Standing::Objected)]
    {
        let world = World::of(vec![manual("a")])
            .object("ann", "a")
            .overrule("bob", "a", 0)
            .sign("bob", "a")
            .around(|basis| basis.people = people);
        assert_eq!(world.stands().0, standing, "{:?}", world.states());
    }
}
