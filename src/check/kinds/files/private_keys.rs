//! `private_keys`: no text of the project holds a private key.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::check::params::{self, Globs, Selection};
use crate::check::{Hits, Scan, bounds};
use crate::facts::{Deployed, Facts};
use crate::lang::own::{self, Whose};
use crate::lang::{SourceFile, deploys, tokens};
use crate::model::{
    CheckError, Finding, Need, Note, Observation, Place, RepoPath, RuleId, Subject,
};
use crate::secret::private_key::{self, Least, PrivateKey};

/// No text holds a private key: PEM (RSA, EC, OpenSSH, PGP, …), PuTTY's, SSH2's
/// and age's, also in code, JSON and YAML, with its line ends written out, over
/// several strings, or as Base64.
///
/// In a file that is named as a key (`*.pem`, `*.key`, `id_*`) anything below the
/// first line counts; elsewhere enough of a key must follow, so that a page or a
/// parser that knows the first line alone does not. A key in a folder or a file
/// that is named for tests counts when something of production names it: a
/// Dockerfile, a compose file, a server's configuration, a start script, code.
/// Binary files are not looked at; a file that cannot be read, or that is larger
/// than 8 MiB, leaves the check undecided.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PrivateKeys {
    /// Files to leave out.
    #[serde(default, deserialize_with = "params::left_out")]
    exclude: Option<Globs>,
    /// Look for keys that a passphrase protects, instead of those that none does.
    #[serde(default)]
    encrypted: bool,
}

const FOUND: RuleId = RuleId::new("private_keys.found");
const UNREAD: RuleId = RuleId::new("private_keys.unread");

/// A key that was found, and whether it stands where tests have theirs.
pub(crate) struct Hit {
    path: RepoPath,
    finding: Finding,
    for_tests: bool,
}

impl Scan for PrivateKeys {
    type Hit = Hit;

    fn wants(&self, path: &RepoPath) -> bool {
        Selection::new(None, self.exclude.clone()).matches(path)
    }

    fn literals(&self) -> Vec<String> {
        private_key::LITERALS.iter().map(|&literal| literal.to_owned()).collect()
    }

    fn look(&self, file: &SourceFile, hits: &mut Vec<Hit>) {
        let path = file.path();
        let least = if is_for_keys(path) { Least::Something } else { Least::Much };
        let for_tests = own::lies_in(path, &[Whose::Test]) || own::is_test_code(path);
        let found = private_key::find(file.text(), least);
        hits.extend(found.iter().filter(|key| key.encrypted == self.encrypted).map(|key| Hit {
            path: path.clone(),
            finding: self.finding(file, key),
            for_tests,
        }));
    }

    fn judge(&self, cx: &Facts<'_>, hits: Hits<Hit>) -> Result<Observation, CheckError> {
        let looked_at = bounds::files(&hits);
        let unread: Vec<_> =
            hits.unread.iter().filter(|unread| self.wants(&unread.path)).cloned().collect();
        let mut needs = bounds::unread(UNREAD, &unread);
        let (aside, own): (Vec<Hit>, Vec<Hit>) =
            hits.all.into_iter().partition(|hit| hit.for_tests);
        let mut findings: Vec<Finding> = own.into_iter().map(|hit| hit.finding).collect();
        let mut left = 0;
        if !aside.is_empty() {
            let (used, more) = used(cx, aside, &mut left)?;
            findings.extend(used);
            needs.extend(more);
        }
        let note = left_out(left);
        Ok(Observation::judge(findings, looked_at).needing(needs).noting(note))
    }
}

impl PrivateKeys {
    fn finding(&self, file: &SourceFile, key: &PrivateKey) -> Finding {
        let at = key.range.start;
        let (start, line) = file.line_around(at);
        let before = line.get(..at.saturating_sub(start)).unwrap_or_default();
        let after = line.get(key.range.end.saturating_sub(start)..).unwrap_or_default();
        let subject = Subject::of(file.path()).and(tokens::line(before)).and(tokens::line(after));
        let message = match self.encrypted {
            true => "a private key, encrypted with a passphrase",
            false => "a private key",
        };
        Finding::new(FOUND, subject, message)
            .at(file.place(at))
            .showing(file.excerpt(at, std::slice::from_ref(&key.range)))
    }
}

/// Whether a file's name, or that of a copy of it, says that it is a key.
fn is_for_keys(path: &RepoPath) -> bool {
    const ENDINGS: &[&str] = &["pem", "key", "asc", "gpg", "crt", "cer", "priv"];
    const COPIES: &[&str] = &["bak", "backup", "old", "orig", "save", "copy"];
    let name = path.name().to_string_lossy().to_lowercase();
    let name = name.trim_end_matches('~');
    let copy = COPIES.iter().filter_map(|word| {
        let at = name.rfind(word)?;
        name.get(..at)?.strip_suffix(['.', '_', '~', '-'])
    });
    copy.chain([name]).any(|name| match name.rsplit_once('.') {
        Some((_, ending)) => ENDINGS.contains(&ending),
        None => name.starts_with("id_"),
    })
}

/// Of keys for tests those that production is given, and what would have to be
/// read to know of the others.
fn used(
    cx: &Facts<'_>,
    aside: Vec<Hit>,
    left: &mut usize,
) -> Result<(Vec<Finding>, Vec<Need>), CheckError> {
    let words = aside.iter().flat_map(|hit| {
        let folders = hit.path.as_path().iter().find_map(|part| {
            let part = part.to_str()?;
            own::is_test_folder(part).then(|| part.to_owned())
        });
        [folders, Some(hit.path.name().to_string_lossy().into_owned())]
    });
    let mut words: Vec<String> = words.flatten().collect();
    words.sort();
    words.dedup();
    let deployed = cx.get::<Deployed>(&words)?;
    let mut findings = Vec::new();
    for hit in aside {
        let user = deployed.files.iter().find_map(|file| {
            let line = deploys::line_that_uses(file.path(), file.text(), &hit.path)?;
            Some(file.place(line.start))
        });
        match user {
            Some(place) => findings.push(given(hit.finding, place)),
            None => *left += 1,
        }
    }
    let needs =
        if findings.is_empty() { bounds::unread(UNREAD, &deployed.unread) } else { Vec::new() };
    Ok((findings, needs))
}

/// A key for tests that production is given at that place.
fn given(finding: Finding, place: Place) -> Finding {
    let Finding { rule, subject, message, places, excerpt, help: _ } = finding;
    let message = format!("{message} in a folder for tests, which `{}` uses", place.path);
    let mut given = Finding::new(rule, subject, message).at_all(places).at(place);
    given.excerpt = excerpt;
    given
}

fn left_out(keys: usize) -> Option<Note> {
    let what = match keys {
        0 => return None,
        1 => "1 private key is".to_owned(),
        keys => format!("{keys} private keys are"),
    };
    Some(Note::new(format!("{what} made for tests, and nothing of production names them")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_for_keys_are_told_by_their_names() {
        let is = |name: &str| is_for_keys(&RepoPath::new(name).expect(name));
        for name in
            ["a.pem", "A.KEY", "server.pem.bak", "tls.key~", "id_work", "x.key_old", "id_rsa.old"]
        {
            assert!(is(name), "{name}");
        }
        for name in ["id_provider.py", "key.py", "pem.txt", "copy.txt", "keys"] {
            assert!(!is(name), "{name}");
        }
    }
}
