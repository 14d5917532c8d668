use git2::{Odb, Oid};

use super::*;
use crate::repo::support::Sandbox;

/// A history whose trees change a little from commit to commit.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    for n in 0..60 {
        for file in 0..4 {
            sandbox.write(&format!("d{}/file{}-{file}", n % 3, n * 7 % 13), &n.to_string());
        }
        sandbox.commit(&format!("commit {n}\n\n{}", "words and words ".repeat(40)));
    }
    sandbox
}

fn folders(sandbox: &Sandbox) -> Vec<PathBuf> {
    vec![sandbox.path().join(".git/objects")]
}

/// Reads all objects in both ways; gives how many commits and trees were read.
fn compare(sandbox: &Sandbox) -> usize {
    let git = sandbox.repo().git().expect("a repository");
    let odb: Odb<'_> = git.odb().expect("objects");
    let mut packs = Packs::list(&folders(sandbox));
    let mut ids: Vec<Oid> = Vec::new();
    odb.foreach(|oid| {
        ids.push(*oid);
        true
    })
    .expect("listed");
    let mut read = 0;
    for oid in ids {
        let id = Id::raw(oid.as_bytes()).expect("20 bytes");
        let theirs = odb.read(oid).expect("whole");
        match packs.read(id) {
            Some((kind, content)) => {
                assert_eq!((kind, &*content), (theirs.kind(), theirs.data()), "{oid}");
                read += 1;
            }
            None => assert_eq!(theirs.kind(), ObjectType::Blob, "{oid}"),
        }
    }
    read
}

#[test]
fn commits_and_trees_are_read_as_libgit2_reads_them() {
    let sandbox = sandbox();
    assert!(Packs::list(&folders(&sandbox)).all.is_empty());
    sandbox.git(&["gc", "-q", "--aggressive"]);
    let read = compare(&sandbox);
    assert!(read > 150, "{read}");
    // bases by name in place of by offset
    sandbox.git(&["-c", "repack.useDeltaBaseOffset=false", "repack", "-q", "-a", "-d", "-f"]);
    assert_eq!(compare(&sandbox), read);
}

#[test]
fn a_damaged_pack_is_left_to_libgit2() {
    let sandbox = sandbox();
    sandbox.git(&["gc", "-q", "--aggressive"]);
    let head = sandbox.git(&["rev-parse", "HEAD"]);
    let id = Id::hex(head.trim().as_bytes()).expect("a name");
    assert!(Packs::list(&folders(&sandbox)).read(id).is_some());
    let folder = sandbox.path().join(".git/objects/pack");
    let files = || fs::read_dir(&folder).expect("listed").flatten().map(|entry| entry.path());
    let pack = files().find(|path| path.extension().is_some_and(|e| e == "pack")).expect("one");
    let whole = fs::read(&pack).expect("read");
    let replace = |bytes: &[u8]| {
        fs::remove_file(&pack).expect("removed");
        fs::write(&pack, bytes).expect("written");
        Packs::list(&folders(&sandbox)).read(id)
    };
    let at = Packs::list(&folders(&sandbox)).all.iter().find_map(|pack| pack.offset(id));
    let at = usize::try_from(at.expect("packed")).expect("small");
    // each byte of it changed, and the file cut within it
    for nth in 0..24 {
        let mut bytes = whole.clone();
        bytes[at + nth] ^= 0x55;
        if let Some((kind, content)) = replace(&bytes) {
            let (_, good) = replace(&whole).expect("whole");
            assert!(kind == ObjectType::Commit && content == good, "byte {nth}");
        }
        assert!(replace(&whole[..at + nth]).is_none(), "cut at {nth}");
    }
    assert!(replace(b"").is_none());
    let index = pack.with_extension("idx");
    fs::remove_file(&index).expect("removed");
    fs::write(&index, b"\xfftOc\0\0\0\x02").expect("written");
    assert!(replace(&whole).is_none());
}

#[test]
fn a_delta_that_leads_outside_makes_nothing() {
    let base = b"0123456789";
    let good = [10, 5, 0x91, 2, 3, 2, b'a', b'b'];
    assert_eq!(applied(base, &good).as_deref(), Some(&b"234ab"[..]));
    for cut in 0..good.len() {
        assert_eq!(applied(base, &good[..cut]), None, "{cut}");
    }
    for (nth, value) in [(0, 11), (1, 6), (1, 4), (3, 9), (4, 9), (5, 0)] {
        let mut bad = good;
        bad[nth] = value;
        assert_eq!(applied(base, &bad), None, "{nth}");
    }
    assert_eq!(applied(base, &[10, 0]).as_deref(), Some(&b""[..]));
    assert_eq!(applied(base, &[0xff; 20]), None);
}
