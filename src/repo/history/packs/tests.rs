use git2::{ObjectType, Odb, Oid};

use super::*;
use crate::repo::history::ahead::Ahead;
use crate::repo::history::object::Commit;
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

fn packs(sandbox: &Sandbox) -> Packs {
    Packs::list(&[sandbox.path().join(".git/objects")])
}

fn id(oid: Oid) -> Id {
    Id::raw(oid.as_bytes()).expect("20 bytes")
}

/// Reads all objects in both ways; gives how many were read.
fn compare(sandbox: &Sandbox) -> usize {
    let git = sandbox.repo().git().expect("a repository");
    let odb: Odb<'_> = git.odb().expect("objects");
    let packs = packs(sandbox);
    let mut unpacker = Unpacker::new();
    let (mut readers, mut ahead) = (Readers::new(), Ahead::default());
    let (mut read, mut shared, mut places) = (0, 0, Vec::new());
    let mut one = |oid: Oid| {
        let theirs = odb.read(oid).expect("whole");
        let spot = packs.find(id(oid)).expect("packed");
        assert_eq!(packs.id(spot), Some(id(oid)));
        let place = packs.place(spot).expect("packed");
        places.push((theirs.kind(), place, theirs.data().to_vec()));
        let other = match theirs.kind() {
            ObjectType::Tree => ObjectType::Blob,
            _ => ObjectType::Tree,
        };
        assert!(unpacker.read(&packs, place, other).is_none(), "{oid}");
        let ours = unpacker.read(&packs, place, theirs.kind()).expect("read");
        assert_eq!(ours.content, theirs.data(), "{oid}");
        if let Some((base, common)) = ours.like {
            let like = unpacker.read(&packs, base, theirs.kind());
            let like = like.expect("read").content.to_vec();
            let (ours, Common { front, back }) = (theirs.data(), common);
            assert_eq!(ours[..front], like[..front], "{oid}");
            assert_eq!(ours[ours.len() - back..], like[like.len() - back..], "{oid}");
            shared += usize::from(front > 0 && back > 0);
        }
        if theirs.kind() == ObjectType::Commit {
            let commit = ahead.commit(&packs, &mut readers, spot);
            assert_eq!(commit, Commit::read(theirs.data()), "{oid}");
        }
        read += 1;
    };
    odb.foreach(|oid| {
        one(*oid);
        true
    })
    .expect("listed");
    assert!(shared > 0, "{shared}");
    // all at once, in the order in which they lie there and in another one
    places.sort_by_key(|(_, place, _)| *place);
    for kind in [ObjectType::Commit, ObjectType::Tree, ObjectType::Blob] {
        for readers in [&mut readers, &mut Readers::new()] {
            let numbered: Vec<(Place, usize)> =
                places.iter().map(|(_, place, _)| *place).zip(0..).collect();
            let asked = Asked { packs: &packs, which: Which::At(&numbered), kind };
            let mut seen = 0;
            let mut see = |number: usize, place, object: Option<Object<'_>>| {
                let (its, its_place, content) = &places[number];
                assert_eq!((number, place), (seen, *its_place));
                let expected = (*its == kind).then_some(content.as_slice());
                assert_eq!(object.map(|object| object.content), expected, "{number}");
                seen += 1;
                true
            };
            assert!(readers.read(&asked, &mut see, &|| true));
            assert_eq!(seen, places.len());
        }
        places.reverse();
    }
    assert!(packs.find(Id::raw(&[7; 20]).expect("20 bytes")).is_none());
    read
}

#[test]
fn objects_are_read_as_libgit2_reads_them() {
    let sandbox = sandbox();
    assert!(packs(&sandbox).all.is_empty());
    sandbox.git(&["gc", "-q", "--aggressive"]);
    let read = compare(&sandbox);
    assert!(read > 200, "{read}");
    // bases by name in place of by offset
    sandbox.git(&["-c", "repack.useDeltaBaseOffset=false", "repack", "-q", "-a", "-d", "-f"]);
    assert_eq!(compare(&sandbox), read);
    // offsets of eight bytes, and a second pack
    sandbox.write("later", "later").commit("later");
    sandbox.git(&["repack", "-q", "-d"]);
    assert_eq!(compare(&sandbox), read + 3);
    assert_eq!(packs(&sandbox).all.len(), 2);
    let pack = sandbox.path().join(".git/objects/pack");
    for entry in fs::read_dir(pack).expect("listed").flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|ending| ending == "pack") {
            fs::remove_file(path.with_extension("idx")).expect("removed");
            sandbox.git(&["index-pack", "--index-version=2,16", &path.to_string_lossy()]);
        }
    }
    assert_eq!(compare(&sandbox), read + 3);
}

#[test]
fn a_damaged_pack_is_left_to_libgit2() {
    let sandbox = sandbox();
    sandbox.git(&["gc", "-q", "--aggressive"]);
    let head = Id::hex(sandbox.git(&["rev-parse", "HEAD"]).as_bytes()).expect("a name");
    let folder = sandbox.path().join(".git/objects/pack");
    let files = || fs::read_dir(&folder).expect("listed").flatten().map(|entry| entry.path());
    let pack = files().find(|path| path.extension().is_some_and(|e| e == "pack")).expect("one");
    let whole = fs::read(&pack).expect("read");
    let replaced = |bytes: &[u8]| {
        fs::remove_file(&pack).expect("removed");
        fs::write(&pack, bytes).expect("written");
        let packs = packs(&sandbox);
        let mut unpacker = Unpacker::new();
        let place = packs.place(packs.find(head)?)?;
        Some(unpacker.read(&packs, place, ObjectType::Commit)?.content.to_vec())
    };
    let good = replaced(&whole).expect("whole");
    let found = packs(&sandbox);
    let at = found.find(head).and_then(|spot| found.place(spot)).expect("packed").offset;
    let at = usize::try_from(at).expect("small");
    // each byte of it changed, and the file cut within it
    let mut noticed = 0;
    for nth in 0..24 {
        let mut bytes = whole.clone();
        bytes[at + nth] ^= 0x55;
        match replaced(&bytes) {
            // zlib's header has bits that change nothing
            Some(content) => assert_eq!(content, good, "{nth}"),
            None => noticed += 1,
        }
        assert!(replaced(&whole[..at + nth]).is_none(), "cut at {nth}");
    }
    assert!(noticed > 18, "{noticed}");
    assert!(replaced(b"").is_none());
    let index = pack.with_extension("idx");
    fs::remove_file(&index).expect("removed");
    fs::write(&index, b"\xfftOc\0\0\0\x02").expect("written");
    assert!(replaced(&whole).is_none());
}

#[test]
fn the_order_of_objects_is_the_same_whatever_the_file_beside_the_index_says() {
    let sandbox = sandbox();
    sandbox.git(&["-c", "pack.writeReverseIndex=true", "repack", "-q", "-a", "-d", "-f"]);
    let packs = packs(&sandbox);
    let [pack] = packs.all.as_slice() else { panic!("one pack") };
    let told = pack.reverse();
    let sorted = pack.index.order(b"");
    let offset = |nth: &u32| pack.index.nth(*nth as usize).expect("an object");
    assert!(sorted.is_sorted_by_key(offset) && sorted.len() == pack.index.objects());
    assert_eq!(told.len(), 12 + 4 * sorted.len() + 40);
    for nth in 0..told.len() {
        assert_eq!(pack.index.order(&told[..nth]), sorted, "cut at {nth}");
    }
    assert_eq!(pack.index.order(&told), sorted);
    // one that lies is not believed
    let mut bad = told.clone();
    bad[12..20].fill(0xff);
    assert_eq!(pack.index.order(&bad), sorted);
    bad[12..].fill(0);
    assert_eq!(pack.index.order(&bad), sorted);
    fs::remove_file(&pack.reverse).expect("removed");
    assert_eq!(pack.reverse(), b"");
    for (rank, &nth) in packs.order(0).iter().enumerate() {
        assert_eq!(packs.rank(packs.place(Spot { pack: 0, nth }).expect("an object")), rank);
    }
}
