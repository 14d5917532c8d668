//! A remote whose name stands for another place than before.

use super::*;

#[test]
fn another_place_of_the_same_name_is_not_shared_yet() {
    let world = world();
    let bare = world.bare();
    let other = world.folder.path().join("other.git");
    git(world.folder.path(), &["init", "-q", "--bare", "other.git"]);
    let (here, there) = (bare.to_string_lossy(), other.to_string_lossy());
    let ann = world.clone("ann");
    ann.append("one");
    ann.synced();
    let instead = format!("url.{there}.insteadOf");
    let push = format!("url.{there}.pushInsteadOf");
    for (away, back) in [
        (vec!["remote", "set-url", "origin", &there], vec!["remote", "set-url", "origin", &here]),
        (vec!["config", &instead, &here], vec!["config", "--unset", &instead]),
        (vec!["config", &push, &here], vec!["config", "--unset", &push]),
        (
            vec!["remote", "set-url", "--push", "origin", &there],
            vec!["config", "--unset", "remote.origin.pushurl"],
        ),
    ] {
        git(ann.path(), &away);
        assert_eq!(ann.sharing(), Sharing::NotShared { remote: "origin".into() }, "{away:?}");
        git(ann.path(), &back);
        assert_eq!(ann.ahead_and_behind(), (0, 0), "{back:?}");
    }
    // the new place has none of it, which is no loss
    git(ann.path(), &["remote", "set-url", "origin", &there]);
    assert_eq!(ann.synced(), (0, 1));
    assert_eq!(ann.ahead_and_behind(), (0, 0));
    // two names, then one of them for the other's place
    git(ann.path(), &["remote", "rename", "origin", "new"]);
    assert_eq!(ann.sharing(), Sharing::NotShared { remote: "new".into() });
    git(ann.path(), &["remote", "add", "origin", &here]);
    assert_eq!(ann.sharing(), Sharing::NotShared { remote: "new".into() }, "of the branch");
    git(ann.path(), &["config", "branch.main.remote", "origin"]);
    assert_eq!(ann.sharing(), Sharing::NotShared { remote: "origin".into() });
    assert_eq!(ann.synced(), (0, 0));
    assert_eq!(ann.ahead_and_behind(), (0, 0));
}
