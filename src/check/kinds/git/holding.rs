//! What the kinds that look for committed files share: which files count, by
//! their names and by what they hold.

mod found;

use std::io::Read as _;

use flate2::read::GzDecoder;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::check::params::{Globs, Selection};
use crate::lang::own::{self, Whose};
use crate::model::RepoPath;
use crate::repo::decoded;

pub(in crate::check::kinds) use found::{Found, Ground};

/// Larger files are not looked into, in bytes.
pub(super) const LARGEST: usize = 8 * 1024 * 1024;

/// What a file must hold to count.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::check::kinds) enum Holding {
    /// Whatever it holds: that it is there is enough.
    #[default]
    Anything,
    /// At least one secret value: a variable whose name says that it is secret
    /// with a value that is not a placeholder, a vendor's token, a private key.
    Secrets,
}

/// Which files count.
#[derive(Clone, Copy)]
pub(in crate::check::kinds) struct Rule<'a> {
    pub(in crate::check::kinds) files: &'a Selection,
    pub(in crate::check::kinds) templates: Option<&'a Globs>,
    pub(in crate::check::kinds) holding: Holding,
}

impl Rule<'_> {
    /// Whether a file of this name may count.
    pub(super) fn wants(&self, path: &RepoPath) -> bool {
        self.files.matches(path)
    }

    /// What a file of this name holds.
    pub(in crate::check::kinds) fn found(&self, path: &RepoPath, content: &[u8]) -> Found {
        first_secret(content, self.ground(path))
    }

    /// The same, also of a file whose name is not known.
    pub(super) fn found_at(&self, path: Option<&RepoPath>, content: &[u8]) -> Found {
        match path {
            Some(path) => self.found(path, content),
            None => first_secret(content, Ground::Real),
        }
    }

    /// How its values are to be taken.
    fn ground(&self, path: &RepoPath) -> Ground {
        if is_fixture(path) {
            Ground::Fixture
        } else if self.is_template(path)
            || is_named(path, DEVELOPMENT)
            || own::lies_in(path, &[Whose::Docs, Whose::Example, Whose::Pipeline])
        {
            Ground::Template
        } else if is_named(path, PRODUCTION) {
            Ground::Production
        } else {
            Ground::Real
        }
    }

    /// Whether it is meant to be shared, as long as it holds placeholders.
    pub(super) fn is_template(&self, path: &RepoPath) -> bool {
        self.templates.is_some_and(|templates| templates.matches(path))
    }

    /// Whether only its content tells if it counts: then it counts when it
    /// holds a secret.
    pub(super) fn is_judged_by_content(&self, path: &RepoPath) -> bool {
        self.holding == Holding::Secrets || self.is_template(path)
    }
}

/// Words of a file's name, and names of folders, that say that it is not
/// production's.
const DEVELOPMENT: &[&str] = &["dev", "develop", "development", "test", "testing", "ci", "example"];

fn is_fixture(path: &RepoPath) -> bool {
    own::lies_in(path, &[Whose::Test])
}

/// The same for production's own.
const PRODUCTION: &[&str] = &["prod", "production", "prd", "live", "stage", "staging"];

/// Whether one of these is a word of the file's name or the name of a folder.
fn is_named(path: &RepoPath, words: &[&str]) -> bool {
    let name = path.name().to_string_lossy().to_lowercase();
    let folders = path.as_path().parent().into_iter().flat_map(|folder| folder.iter());
    let mut folders = folders.filter_map(|folder| folder.to_str()).map(str::to_lowercase);
    name.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word))
        || folders.any(|folder| words.contains(&folder.trim_start_matches('.')))
}

/// What a file holds.
fn first_secret(content: &[u8], ground: Ground) -> Found {
    match unpacked(content) {
        Some(content) => found::in_text(&text(&content), ground),
        None if is_packed(content) => Found::Packed,
        None => found::in_text(&text(content), ground),
    }
}

/// The text of a file. UTF-16 may come without a mark; editors' swap files have
/// NULs between lines.
fn text(content: &[u8]) -> String {
    let text = decoded(content);
    let nuls = memchr::memchr_iter(0, text.as_bytes()).count();
    match nuls {
        0 => text,
        nuls if nuls * 3 >= text.len() => text.replace('\0', ""),
        _ => text.replace('\0', "\n"),
    }
}

const GZIP: &[u8] = &[0x1f, 0x8b];

/// What gzip packed, as far as it is looked into.
fn unpacked(content: &[u8]) -> Option<Vec<u8>> {
    let most = u64::try_from(LARGEST).unwrap_or(u64::MAX);
    let mut unpacked = Vec::new();
    let packed = content.starts_with(GZIP).then(|| GzDecoder::new(content))?;
    packed.take(most + 1).read_to_end(&mut unpacked).ok()?;
    (unpacked.len() <= LARGEST && !is_packed(&unpacked)).then_some(unpacked)
}

/// Whether a program packed it: gzip, zip, bzip2, xz, Zstandard, 7-Zip, RAR.
fn is_packed(content: &[u8]) -> bool {
    const STARTS: &[&[u8]] = &[
        GZIP,
        b"PK\x03\x04",
        b"BZh",
        b"\xfd7zXZ\x00",
        &[0x28, 0xb5, 0x2f, 0xfd],
        &[b'7', b'z', 0xbc, 0xaf],
        b"Rar!\x1a",
    ];
    STARTS.iter().any(|start| content.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITUATIONS: &str = include_str!("../../../../tests/data/committed_env_files.txt");

    fn path(name: &str) -> RepoPath {
        RepoPath::new(name).expect("a path")
    }

    /// Each situation: `== NAME | WHAT IS EXPECTED`, then the file. A `¦` is
    /// taken out: it keeps scanners from taking the table for a leak.
    #[test]
    fn situations_are_told_apart() {
        let files = Selection::new(None, None);
        let templates = Globs::new(&["*.example", "*.sample", "*template*"]).expect("patterns");
        let rule = Rule { files: &files, templates: Some(&templates), holding: Holding::Secrets };
        let (mut wrong, mut secrets, mut harmless) = (Vec::new(), 0, 0);
        for situation in SITUATIONS.split("\n== ").skip(1) {
            let (head, body) = situation.split_once('\n').expect("a file");
            let (name, expected) = head.split_once(" | ").expect("name and expectation");
            let content = body.replace('¦', "");
            let found = rule.found(&path(name.trim()), content.as_bytes());
            let said = match found {
                Found::Nothing => "nothing".to_owned(),
                Found::Secret(line, _) => format!("secret in line {line}"),
                Found::Packed => "packed".to_owned(),
                Found::Unclear(line, _) => format!("unclear in line {line}"),
            };
            match found {
                Found::Nothing => harmless += 1,
                _ => secrets += 1,
            }
            if said != expected.trim() {
                wrong.push(format!("{head}: {said}\n{body}"));
            }
        }
        assert!(secrets >= 20 && harmless >= 20, "{secrets} {harmless}");
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn what_gzip_packed_is_looked_into() {
        use std::io::Write as _;
        let packed = |text: &[u8]| {
            let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            packer.write_all(text).expect("packed");
            packer.finish().expect("packed")
        };
        let secret = packed(b"A=1\nTOKEN=q8Zk3vT1xW\n");
        assert_eq!(first_secret(&secret, Ground::Real), Found::Secret(2, 1));
        assert_eq!(first_secret(&packed(b"PORT=1\n"), Ground::Real), Found::Nothing);
        assert_eq!(first_secret(&packed(&secret), Ground::Real), Found::Packed);
    }

    #[test]
    fn secrets_are_found_where_they_stand() {
        type Case<'a> = (&'a [u8], Found);
        let cases: [Case<'_>; 16] = [
            (b"b0VIM\0\0PORT=1\0TOKEN=q8Zk3vT1xW\0A=1\0", Found::Secret(4, 1)),
            (b"PK\x03\x04rest", Found::Packed),
            (b"\x1f\x8bbroken", Found::Packed),
            (b"", Found::Nothing),
            (b"FLASK_ENV=production\nMAIL_PORT=587\n", Found::Nothing),
            (b"A=1\n  export DB_PASSWORD='tulip-harbour-93'\n", Found::Secret(2, 10)),
            (b"SECRET_KEY=<your-key>\nAPI_KEY=changeme\n", Found::Nothing),
            (b"# SECRET_KEY=tulip-harbour-93\n", Found::Secret(1, 3)),
            (b"\xef\xbb\xbfTOKEN=q8Zk3vT1xW\n", Found::Secret(1, 1)),
            (b"\xff\xfeT\0O\0K\0E\0N\0=\0q\08\0Z\0k\x003\0v\0T\0\n\0", Found::Secret(1, 1)),
            (b"T\0O\0K\0E\0N\0=\0q\08\0Z\0k\x003\0v\0T\0\n\0", Found::Secret(1, 1)),
            (b"A=1\r\nTOKEN=q8Zk3vT1xW\r\n", Found::Secret(2, 1)),
            (b"\x00\x01\x02 TOKEN", Found::Nothing),
            (b"TOKEN=q8Zk3vT1xW", Found::Secret(1, 1)),
            (b"caf\xe9=1\nTOKEN=q8Zk3vT1xW", Found::Secret(2, 1)),
            (b"A='one\ntwo'\nTOKEN=q8Zk3vT1xW", Found::Secret(3, 1)),
        ];
        for (content, expected) in cases {
            let found = first_secret(content, Ground::Real);
            assert_eq!(found, expected, "{}", String::from_utf8_lossy(content));
        }
    }
}
