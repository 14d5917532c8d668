use super::*;
use crate::repo::Repo;
use crate::repo::support::Sandbox;

type Look = fn(&Path) -> Result<(), Wrong>;

/// A repository with a pack of each kind of index.
fn packed() -> (Sandbox, PathBuf) {
    let sandbox = Sandbox::new();
    for name in ["a", "b", "c"] {
        sandbox.write(name, name).commit(name);
    }
    sandbox.git(&["repack", "-adfq"]);
    sandbox.git(&["commit-graph", "write", "--reachable"]);
    sandbox.write("d", "d").commit("d");
    sandbox.git(&["repack", "-dq"]);
    sandbox.git(&["multi-pack-index", "write"]);
    let objects = sandbox.path().join(".git/objects");
    (sandbox, objects)
}

fn file(objects: &Path, ending: &str) -> PathBuf {
    let mut files = listed(&objects.join("pack")).expect("listed");
    files.sort_by_key(|path| std::cmp::Reverse(path.metadata().expect("a file").len()));
    files.first().expect("an index").with_extension(ending)
}

/// What is said of a file with another content.
fn with(looked: impl Fn() -> Result<(), Wrong>, path: &Path, content: &[u8]) -> String {
    let before = fs::read(path).expect("read");
    let rights = |mode| {
        let rights = std::os::unix::fs::PermissionsExt::from_mode(mode);
        fs::set_permissions(path, rights).expect("permitted");
    };
    rights(0o644);
    fs::write(path, content).expect("written");
    let told = match tell(looked(), path, "next") {
        Ok(()) => "whole".to_owned(),
        Err(error) => error.to_string(),
    };
    fs::write(path, before).expect("written");
    told
}

#[test]
fn every_flipped_bit_shows() {
    let (_sandbox, objects) = packed();
    let index = file(&objects, "idx");
    let looks: [(PathBuf, Look); 3] = [
        (index, pack),
        (objects.join("pack/multi-pack-index"), |path| summed(path, b"MIDX")),
        (objects.join("info/commit-graph"), |path| summed(path, b"CGPH")),
    ];
    for (path, look) in looks {
        let whole = fs::read(&path).expect("read");
        assert_eq!(with(|| look(&path), &path, &whole), "whole");
        for at in (0..whole.len()).step_by(3) {
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << (at % 8);
            let told = with(|| look(&path), &path, &flipped);
            assert!(told.contains("is damaged"), "{}, {at}: {told}", path.display());
        }
        for length in (0..whole.len()).step_by(50) {
            let told = with(|| look(&path), &path, &whole[..length]);
            assert!(told.contains("is damaged"), "{}, {length}: {told}", path.display());
        }
        let longer = [whole.as_slice(), b"more"].concat();
        assert!(with(|| look(&path), &path, &longer).contains("is damaged"));
    }
}

#[test]
fn a_pack_that_was_cut_short_shows() {
    let (_sandbox, objects) = packed();
    let (index, pack_file) = (file(&objects, "idx"), file(&objects, "pack"));
    let whole = fs::read(&pack_file).expect("read");
    for length in (0..whole.len()).step_by(9) {
        let told = with(|| pack(&index), &pack_file, &whole[..length]);
        assert!(told.contains("is damaged"), "{length}: {told}");
    }
}

/// With the right checksum an index can still lead out of its pack.
#[test]
fn places_outside_of_the_pack_show_whatever_the_checksum_says() {
    let (_sandbox, objects) = packed();
    let index = file(&objects, "idx");
    let whole = fs::read(&index).expect("read");
    let count = number_at(&whole, 8 + 255 * 4);
    let offsets = 8 + 1024 + count * 24;
    for (at, with_bits) in [(0, 0x80), (0, 0x40), (count - 1, 0xff), (count / 2, 0x80)] {
        let mut changed = whole.clone();
        changed[offsets + at * 4] |= with_bits;
        let sum = Sha1::digest(&changed[..changed.len() - 20]);
        let from = changed.len() - 20;
        changed[from..].copy_from_slice(&sum);
        let told = with(|| pack(&index), &index, &changed);
        assert!(told.contains("an object lies outside of its pack"), "{told}");
    }
}

fn number_at(bytes: &[u8], at: usize) -> usize {
    u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes")) as usize
}

#[test]
fn a_repository_with_a_damaged_index_is_refused_and_is_taken_again_once_repaired() {
    let (sandbox, objects) = packed();
    let other = Sandbox::new();
    other.write(".git/objects/info/alternates", &objects.to_string_lossy());
    for one in [&sandbox, &other] {
        assert!(Repo::discover(&one.path()).is_ok());
    }
    let index = file(&objects, "idx");
    let whole = fs::read(&index).expect("read");
    let mut flipped = whole.clone();
    flipped[1100] ^= 1;
    // as a new file of git's: the folder changes
    let replace = |content: &[u8]| {
        fs::remove_file(&index).expect("removed");
        fs::write(&index, content).expect("written");
    };
    replace(&flipped);
    for one in [&sandbox, &other] {
        let error = Repo::discover(&one.path()).expect_err("damaged");
        assert!(matches!(error, RepoError::Damaged { .. }), "{error}");
    }
    replace(&whole);
    for one in [&sandbox, &other] {
        assert!(Repo::discover(&one.path()).is_ok());
    }
}

#[test]
fn an_index_of_version_1_is_read() {
    let sandbox = Sandbox::new();
    sandbox.write("a", "a").commit("a");
    sandbox.git(&["-c", "pack.indexVersion=1", "repack", "-adfq"]);
    let index = file(&sandbox.path().join(".git/objects"), "idx");
    let whole = fs::read(&index).expect("read");
    assert_eq!(with(|| pack(&index), &index, &whole), "whole");
    for at in (0..whole.len()).step_by(3) {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x80;
        assert!(with(|| pack(&index), &index, &flipped).contains("is damaged"), "{at}");
    }
}
