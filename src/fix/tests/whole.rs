//! Fixes and undos are made whole or not at all, on the file that was shown.

use std::fs;
use std::sync::Arc;

use jiff::Timestamp;

use super::{World, chmod, said};
use crate::check::Fix;
use crate::check::fixes::{Ignore, Untrack};
use crate::fix::undo::{Step, take_back};
use crate::fix::{apply, foreseen, kept, narrowed, plan, steps};
use crate::model::CleanText;
use crate::repo::support::path;

#[test]
fn an_undo_is_made_whole_or_not_at_all() {
    // never committed, and cleaned up since: git has no longer what its index held
    let world = World::new();
    world.sandbox.write("kept", "").commit("one").write(".env", "A=1\n").git(&["add", ".env"]);
    world.apply(&Untrack::files(vec![path(".env")])).expect("applied");
    world.sandbox.git(&["gc", "-q", "--prune=now"]);
    let before = world.all();
    let refusal = world.undo_later().expect_err("refused").to_string();
    assert!(refusal.contains("nothing was undone: ") && refusal.contains("git add -f .env"));
    assert_eq!(world.all(), before, "still ignored");

    // something else took its place
    let world = World::new();
    world.sandbox.write("notes", "n").commit("one");
    world.apply(&Untrack::files(vec![path("notes")])).expect("applied");
    world.sandbox.remove("notes").write("notes/a", "").git(&["add", "-f", "notes/a"]);
    let before = world.sandbox.git(&["ls-files", "--stage"]);
    let refusal = world.undo_later().expect_err("refused").to_string();
    assert!(refusal.contains("git tracks `notes/a` by now"), "{refusal}");
    assert_eq!(world.sandbox.git(&["ls-files", "--stage"]), before);

    // git is busy
    let world = World::new();
    world.sandbox.write("notes", "n").commit("one");
    world.apply(&Untrack::files(vec![path("notes")])).expect("applied");
    world.sandbox.write(".git/index.lock", "");
    let before = world.all();
    assert!(world.undo_later().expect_err("locked").to_string().contains("lock"));
    assert_eq!(world.all(), before, "the ignore line stays");
    fs::remove_file(world.sandbox.path().join(".git/index.lock")).expect("removed");
    world.undo_later().expect("undone");
}

#[test]
fn what_was_taken_back_is_done_again_when_the_rest_cannot_be() {
    let world = World::new();
    world.sandbox.write("notes", "n").write("kept", "").commit("one");
    world.set_mode("kept", 0o664);
    world.apply(&chmod("kept", 0o600)).expect("applied");
    world.apply(&Untrack::files(vec![path("notes")])).expect("applied");
    let mut steps = Vec::new();
    for mut undo in kept(&world.repo, &world.state()).expect("read") {
        steps.append(&mut undo.steps);
    }
    // the last of them fails: there is no such folder
    let missing = Step::File {
        path: path("none/file"),
        before: Some((b"x".to_vec().into(), 0o600)),
        after: (crate::check::fixes::digest(b""), 0o600),
    };
    steps.insert(0, missing);
    let before = world.all();
    take_back(&world.repo, &steps).expect_err("no such folder");
    assert_eq!(world.all(), before);
    steps.remove(0);
    take_back(&world.repo, &steps).expect("taken back");
    assert_ne!(world.all(), before);
}

#[test]
fn a_mode_is_changed_of_the_file_that_was_shown() {
    let swap = |world: &World, to: &str| {
        fs::rename(world.sandbox.path().join("notes"), world.sandbox.path().join("old"))
            .expect("moved");
        world.sandbox.link("notes", to);
    };
    let world = World::new();
    world.sandbox.write("notes", "n").write("other", "o").commit("one");
    for name in ["notes", "other"] {
        world.set_mode(name, 0o664);
    }
    let planned = plan(&world.repo, &chmod("notes", 0o600)).expect("a plan");
    swap(&world, "other");
    let title = CleanText::line("a test");
    let refused = apply(&world.repo, Some(&world.state()), &title, &planned, Timestamp::now());
    assert!(refused.expect_err("another").to_string().contains("changed since this was planned"));
    assert_eq!(world.mode("other"), 0o664);
    // through a link from the start, it is said whose mode changes
    let planned = plan(&world.repo, &chmod("notes", 0o600)).expect("a plan");
    assert!(said(&planned.changes).contains("`notes`, which leads to `other`,"));
    world.apply(&chmod("notes", 0o600)).expect("applied");
    assert_eq!(world.mode("other"), 0o600);
    // an undo widens no other file
    world.set_mode("old", 0o600);
    world.sandbox.remove("notes").link("notes", "old");
    let refusal = world.undo_later().expect_err("another").to_string();
    assert!(refusal.contains("where it leads"), "{refusal}");
    assert_eq!(world.mode("old"), 0o600);
    world.sandbox.remove("notes").link("notes", "other");
    world.undo_later().expect("undone");
    assert_eq!(world.mode("other"), 0o664);
}

#[test]
fn the_only_copy_that_git_has_stays() {
    let world = World::new();
    world.sandbox.write("notes", "n").commit("one");
    let planned = plan(&world.repo, &Untrack::files(vec![path("notes")])).expect("a plan");
    world.sandbox.remove("notes");
    let title = CleanText::line("a test");
    let refused = apply(&world.repo, None, &title, &planned, Timestamp::now());
    assert!(refused.expect_err("gone").to_string().contains("`notes` changed since"));
    assert_eq!(world.sandbox.git(&["ls-files"]), "notes");
}

#[test]
fn a_title_names_what_is_left() {
    let world = World::new();
    world.sandbox.write(".gitignore", ".env\n").write("notes", "").git(&["add", "notes"]);
    let paths = [(".env", false), ("instance", true)];
    let paths = paths.map(|(name, folder)| (path(name), folder)).to_vec();
    let title = |fix: Ignore, planned: &mut Vec<_>| {
        let fix: Arc<dyn Fix> = Arc::new(fix);
        narrowed(&world.repo, &fix, planned).expect("narrowed").title().to_string()
    };
    let fix = Ignore { paths: paths.clone(), untrack: true };
    let whole = fix.title();
    assert_eq!(whole.as_str(), "add `.env` and `instance` to `.gitignore`");
    assert_eq!(title(fix.clone(), &mut Vec::new()), "add `instance` to `.gitignore`");
    // what another fix was shown to do already is not named again
    let tracked = Ignore { paths: [paths, vec![(path("notes"), false)]].concat(), untrack: true };
    let mut planned = vec![path("instance")];
    assert_eq!(title(tracked, &mut planned), "stop tracking `notes` in git");
}

#[test]
fn what_refuses_a_later_step_is_told_before_the_first() {
    let world = World::new();
    let foreseen_of = |fix: crate::check::fixes::GenerateSecret| {
        let chosen: Arc<dyn Fix> = Arc::new(fix);
        foreseen(&world.repo, &steps(&world.repo, &chosen).expect("steps"))
    };
    world.sandbox.write(".env", "SECRET_KEY=tulip-harbour-93\n").commit("a mistake");
    let losses = foreseen_of(super::secret()).expect("foreseen");
    let [loss] = &losses[..] else { panic!("{losses:?}") };
    assert!(loss.what.as_str().contains("holds a real value"), "{loss:?}");
    world.sandbox.write(".env", "SECRET_KEY=changeme\n");
    assert!(foreseen_of(super::secret()).expect("foreseen").is_empty());
    world.sandbox.remove(".env");
    let refusal = foreseen_of(super::secret()).expect_err("the only copy").to_string();
    assert!(refusal.contains("is not on your disk"), "{refusal}");
}
