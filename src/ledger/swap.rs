//! Moves the ledger's ref by compare-and-swap, and waits while others hold it.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use git2::{Error, ErrorClass, ErrorCode, Oid, Repository};

use super::error::LedgerError;
use super::store::{self, REF};
use crate::model::CleanText;
use crate::repo::{age, keep};

/// How long others may keep the ref before it counts as locked for good.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// After so long the lock's own age counts: one that was left behind an hour ago
/// is not waited for. Not at once, since a file server's clock may differ.
const GLANCE: Duration = Duration::from_secs(1);

/// So often people are told that it waits.
const TOLD_EVERY: Duration = Duration::from_secs(1);

/// The longest pause between two tries, in milliseconds.
const LONGEST_PAUSE: u64 = 50;

/// How often a failing file system is asked again: `git pack-refs` removes the
/// ref's folder at times, and another process may create it at the same moment.
const STUMBLES: u32 = 10;

/// How often a ref that only tells where a remote stood is tried.
const TRACKING_TRIES: u32 = 40;

/// For what an append waits, for people.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error(
    "waiting for `{lock}`, {seconds} s; if no other git or gonogo process runs, delete that file"
)]
pub(crate) struct Wait {
    /// The lock file.
    pub lock: CleanText,
    /// For how long by now.
    pub seconds: u64,
}

/// Hears each second for what an append waits, and says whether to go on.
pub(crate) type Tell<'a> = &'a dyn Fn(&Wait) -> ControlFlow<()>;

/// Waits as long as it takes, and tells nobody.
pub(crate) fn patiently(_: &Wait) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Points the ref at what `make` makes of the commit that it points at now, and
/// tries again when somebody else was faster. Tells each second that it waits.
pub(super) fn advance(
    git: &Repository,
    reflog: &str,
    patience: Duration,
    tell: Tell<'_>,
    mut make: impl FnMut(Option<Oid>) -> Result<Oid, LedgerError>,
) -> Result<Oid, LedgerError> {
    let began = Instant::now();
    let mut tries = 0;
    let mut told = began;
    loop {
        let tip = store::tip(git)?;
        let commit = make(tip)?;
        if tip == Some(commit) {
            return Ok(commit);
        }
        // A zero name asks git to create the ref only if there is none.
        let expected = tip.unwrap_or(Oid::ZERO_SHA1);
        let error = match git.reference_matching(REF, commit, true, expected, reflog) {
            Ok(_) => {
                keep(&git.commondir().join(REF));
                return Ok(commit);
            }
            Err(error) => error,
        };
        if !may_pass(&error, tries) {
            return Err(LedgerError::git(&format!("write {REF}"), &error));
        }
        let lock = lock(git);
        let locked_for = match error.code() {
            ErrorCode::Locked if began.elapsed() >= GLANCE => {
                age(&lock).unwrap_or_default().max(began.elapsed())
            }
            _ => began.elapsed(),
        };
        let shown = || CleanText::bytes(lock.as_os_str().as_encoded_bytes());
        if locked_for >= patience {
            return Err(LedgerError::Locked { seconds: locked_for.as_secs(), lock: shown() });
        }
        if error.code() == ErrorCode::Locked && told.elapsed() >= TOLD_EVERY.min(patience / 30) {
            told = Instant::now();
            let wait = Wait { lock: shown(), seconds: began.elapsed().as_secs() };
            if tell(&wait).is_break() {
                return Err(LedgerError::GivenUp);
            }
        }
        tries += 1;
        thread::sleep(pause(tries));
    }
}

/// Points a ref of gonogo's own at a commit, wherever it pointed before; tries
/// again while another process writes it.
pub(super) fn point(git: &Repository, name: &str, to: Oid, reflog: &str) -> Result<(), Error> {
    let mut tries = 0;
    loop {
        match git.reference(name, to, true, reflog) {
            Ok(_) => return Ok(()),
            Err(error) if tries >= TRACKING_TRIES || !may_pass(&error, tries) => return Err(error),
            Err(_) => tries += 1,
        }
        thread::sleep(pause(tries));
    }
}

/// Whether another try may succeed: somebody else was faster, or is writing.
fn may_pass(error: &Error, tries: u32) -> bool {
    use ErrorCode::{Exists, Locked, Modified, NotFound};
    matches!(error.code(), Modified | Locked | Exists | NotFound)
        || (error.class() == ErrorClass::Os && tries < STUMBLES)
}

/// A random time that grows with the tries, so that two do not meet again.
fn pause(tries: u32) -> Duration {
    let most = 2_u64.saturating_pow(tries.min(16)).min(LONGEST_PAUSE);
    Duration::from_micros(rand::random_range(100..=most * 1000))
}

/// The file with which git locks the ref, in the folder that all worktrees share.
fn lock(git: &Repository) -> PathBuf {
    git.commondir().join(format!("{REF}.lock"))
}
