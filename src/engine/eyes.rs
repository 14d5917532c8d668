//! What the threads of the shared pass do: each reads the files that it is shown
//! once, and notes for the checks what they find.

use std::collections::HashSet;
use std::io;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::guard::guard;
use super::search::{Hits, Search};
use crate::check::{AnyScan, Bag, Gap, OwnList};
use crate::lang::{SourceFile, text_names};
use crate::model::{Cancel, CheckError, CleanText, RepoPath, RuleId, Subject, words};
use crate::repo::{Content, LARGEST, Reader, Seen, Source, Unread, Visitor};

/// So much may be noted for one scan. More is an error: a sign-off that binds to
/// each of so many findings would not be a judgement.
const MOST: usize = 50_000;

/// What was noted for one scan.
#[derive(Debug, Default)]
pub(super) struct Noted {
    /// By thread.
    pub(super) bags: Vec<Bag>,
    /// How many hits are in the bags.
    hits: usize,
    /// How many wanted text files were read.
    pub(super) files: usize,
    /// What was not looked at, ordered by path.
    pub(super) unread: Vec<Unread>,
}

/// At least so much time lies between two reports of progress.
const TICK: Duration = Duration::from_millis(50);

/// What all threads share.
pub(super) struct Pass<'a> {
    pub(super) checks: &'a [&'a dyn AnyScan],
    /// The files of the checklist that asks.
    pub(super) list: &'a [RepoPath],
    /// The links that were met.
    pub(super) links: Mutex<Vec<RepoPath>>,
    /// By check, whether it seeks anything in this run.
    pub(super) seeking: Vec<bool>,
    pub(super) search: Search<'a>,
    pub(super) cancel: &'a Cancel,
    pub(super) ticker: Ticker,
    pub(super) progress: &'a (dyn Fn(u64) + Sync),
    /// What each check found, or why it broke down.
    pub(super) sums: Vec<Mutex<Result<Noted, CheckError>>>,
}

/// Counts files and says when it is time to tell.
pub(super) struct Ticker {
    began: Instant,
    /// When it was told last, in milliseconds since the beginning.
    last: AtomicU64,
    files: AtomicU64,
}

impl Ticker {
    /// One that has counted nothing.
    pub(super) fn new() -> Self {
        Self { began: Instant::now(), last: AtomicU64::new(0), files: AtomicU64::new(0) }
    }

    /// Counts one file; gives the number when it should be told.
    fn count(&self) -> Option<u64> {
        let files = self.files.fetch_add(1, Ordering::Relaxed) + 1;
        let now = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let last = self.last.load(Ordering::Relaxed);
        let due = now >= last.saturating_add(u64::try_from(TICK.as_millis()).unwrap_or(u64::MAX));
        let mine = due
            && self.last.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        mine.then_some(files)
    }
}

impl Pass<'_> {
    fn all_who_seek(&self) -> Vec<usize> {
        let seeking = self.seeking.iter().enumerate();
        seeking.filter(|(_, seeks)| **seeks).map(|(check, _)| check).collect()
    }
}

/// One thread of the pass.
pub(super) struct Eyes<'a> {
    pass: &'a Pass<'a>,
    links: Vec<RepoPath>,
    /// By check, the files that it saw behind links.
    behind: HashSet<(usize, RepoPath)>,
    reader: Reader,
    hits: Hits,
    /// The checks that want the file at hand; memory to use again.
    wanting: Vec<usize>,
    /// By check, what this thread found, or why the check broke down.
    found: Vec<Result<Noted, CheckError>>,
}

impl<'a> Eyes<'a> {
    /// Eyes that have seen nothing.
    pub(super) fn new(pass: &'a Pass<'a>) -> Self {
        let found = pass.checks.iter().map(|scan| guard(|| Noted::with(scan.bag()))).collect();
        let hits = pass.search.hits();
        Self {
            pass,
            links: Vec::new(),
            behind: HashSet::new(),
            reader: Reader::new(),
            hits,
            wanting: Vec::new(),
            found,
        }
    }

    fn file(&mut self, path: RepoPath, source: &Source<'_>) {
        self.who_wants(&path);
        let is_list = self.leave_out_list(&path);
        self.read(path, source, is_list);
    }

    /// Shows the content behind a link to the checks that want it by that name
    /// and do not see it by its own.
    pub(super) fn behind_link(&mut self, name: &RepoPath, real: &RepoPath, source: &Source<'_>) {
        self.who_wants(real);
        let mut by_its_own = std::mem::take(&mut self.wanting);
        // who is not sure by the file's own name may pass it over there
        let checks = self.pass.checks;
        by_its_own.retain(|check| checks.get(*check).is_some_and(|scan| scan.counts(real)));
        self.who_wants(name);
        let behind = &mut self.behind;
        self.wanting
            .retain(|check| !by_its_own.contains(check) && behind.insert((*check, real.clone())));
        let is_list = self.leave_out_list(real);
        self.read(name.clone(), source, is_list);
    }

    /// Whether a file is one of the checklist's own; drops those who leave it out.
    fn leave_out_list(&mut self, path: &RepoPath) -> bool {
        let is_list = self.pass.list.contains(path);
        if is_list {
            let checks = self.pass.checks;
            let reads = |check: &usize| {
                checks.get(*check).is_some_and(|scan| scan.own_list() != OwnList::LeftOut)
            };
            self.wanting.retain(reads);
        }
        is_list
    }

    fn read(&mut self, path: RepoPath, source: &Source<'_>, is_list: bool) {
        if self.wanting.is_empty() {
            return;
        }
        let text = match self.reader.read(source) {
            Ok(Content::Text(text)) => text,
            Ok(Content::Binary) if text_names::says_text(&path) => {
                let checks = self.pass.checks;
                let needs = |check: &usize| {
                    checks.get(*check).is_some_and(|scan| scan.needs(&path, Gap::Binary))
                };
                self.wanting.retain(needs);
                return self.skip(&path, "binary", source.id(), "save it as text in UTF-8");
            }
            Ok(Content::Binary) => return,
            Ok(Content::TooLarge) => {
                let limit = LARGEST / (1024 * 1024);
                let what = format!("larger than {limit} MiB");
                return self.skip(&path, &what, source.id(), "make it smaller");
            }
            // gone since its folder was listed
            Err(error) if error.kind() == io::ErrorKind::NotFound => return,
            Err(error) => {
                let why = words::system(&error);
                return self.skip(&path, &why, None, words::after_system(&error));
            }
        };
        for &check in &self.wanting {
            let counts = self.pass.checks.get(check).is_some_and(|scan| {
                scan.counts(&path) && (!is_list || scan.own_list() == OwnList::Read)
            });
            if counts && let Some(Ok(found)) = self.found.get_mut(check) {
                found.files += 1;
            }
        }
        if let Some(files) = self.pass.ticker.count() {
            (self.pass.progress)(files);
        }
        self.pass.search.retain(text, &mut self.hits, &mut self.wanting);
        if self.wanting.is_empty() {
            return;
        }
        let text = match std::str::from_utf8(text) {
            Ok(text) => text.to_owned(),
            Err(_) => String::from_utf8_lossy(text).into_owned(),
        };
        let file = SourceFile::new(path, text);
        for &check in &self.wanting {
            look(self.pass.checks, &mut self.found, check, &file);
        }
    }

    fn who_wants(&mut self, path: &RepoPath) {
        self.wanting.clear();
        for (check, (kind, found)) in self.pass.checks.iter().zip(&mut self.found).enumerate() {
            if found.is_err() || self.pass.seeking.get(check) == Some(&false) {
                continue;
            }
            match guard(|| kind.wants(path)) {
                Ok(true) => self.wanting.push(check),
                Ok(false) => {}
                Err(error) => *found = Err(error),
            }
        }
    }

    /// The scans of this pass.
    pub(super) fn scans(&self) -> impl Iterator<Item = &'a dyn AnyScan> {
        self.pass.checks.iter().copied()
    }

    /// Chooses the checks that cannot decide without this path.
    pub(super) fn who_needs(&mut self, path: &RepoPath, gap: Gap) {
        let needs = |(check, scan): (usize, &&dyn AnyScan)| scan.needs(path, gap).then_some(check);
        self.wanting = self.pass.checks.iter().enumerate().filter_map(needs).collect();
    }

    fn skip(&mut self, path: &RepoPath, reason: &str, id: Option<String>, next: &str) {
        self.miss(&Unread {
            path: path.clone(),
            what: CleanText::line(format!("`{path}` was not looked at ({reason})")),
            next: CleanText::line(format!("{next}, or leave it out with `exclude`")),
            id,
        });
    }

    /// Notes for those who want it what was not read.
    pub(super) fn miss(&mut self, unread: &Unread) {
        for &check in &self.wanting {
            if let Some(Ok(found)) = self.found.get_mut(check) {
                found.unread.push(unread.clone());
            }
        }
    }
}

fn look(
    checks: &[&dyn AnyScan],
    found: &mut [Result<Noted, CheckError>],
    check: usize,
    file: &SourceFile,
) {
    let (Some(scan), Some(slot)) = (checks.get(check), found.get_mut(check)) else { return };
    let Ok(noted) = slot else { return };
    let Some(bag) = noted.bags.first_mut().filter(|_| noted.hits <= MOST) else { return };
    match guard(|| scan.look(file, bag)) {
        Ok(hits) => noted.hits += hits,
        Err(error) => *slot = Err(error),
    }
}

impl Visitor for Eyes<'_> {
    fn see(&mut self, seen: Seen<'_>) -> ControlFlow<()> {
        if self.pass.cancel.is_cancelled() {
            return ControlFlow::Break(());
        }
        match seen {
            Seen::File { path, source } => self.file(path, &source),
            Seen::Link(path) => self.links.push(path),
            Seen::Unread(unread) => {
                self.wanting = self.pass.all_who_seek();
                self.miss(&unread);
            }
            Seen::UnreadableFolder { path: Some(path), reason } => {
                self.wanting = self.pass.all_who_seek();
                self.skip(&path, &words::system(&reason), None, words::after_system(&reason));
            }
            Seen::UnreadableFolder { path: None, reason } => {
                let error = CheckError::could_not_look(
                    RuleId::new("engine.walk"),
                    Subject::whole(),
                    format!("the repository's folder cannot be listed: {}", words::system(&reason)),
                    "give yourself permission to read it, then run again",
                );
                for slot in &mut self.found {
                    *slot = Err(error.clone());
                }
            }
        }
        ControlFlow::Continue(())
    }
}

impl Drop for Eyes<'_> {
    fn drop(&mut self) {
        if !self.links.is_empty() {
            let mut all = self.pass.links.lock().unwrap_or_else(PoisonError::into_inner);
            all.append(&mut self.links);
        }
        for (mine, sum) in self.found.drain(..).zip(&self.pass.sums) {
            let mut sum = sum.lock().unwrap_or_else(PoisonError::into_inner);
            match (mine, sum.as_mut()) {
                (Ok(mine), Ok(sum)) => sum.absorb(mine),
                (Err(error), Ok(_)) => *sum = Err(error),
                (_, Err(_)) => {}
            }
        }
    }
}

impl Noted {
    fn with(bag: Bag) -> Self {
        Self { bags: vec![bag], ..Self::default() }
    }

    fn absorb(&mut self, other: Self) {
        self.bags.extend(other.bags);
        self.hits += other.hits;
        self.files += other.files;
        self.unread.extend(other.unread);
    }

    /// In order, whichever thread noted what.
    pub(super) fn settled(mut self) -> Result<Self, CheckError> {
        if self.hits > MOST {
            return Err(CheckError::could_not_look(
                RuleId::new("engine.too_many_findings"),
                Subject::whole(),
                format!("there are more than {MOST} findings"),
                "look at fewer files with `globs` or `exclude`, or make the check more specific",
            ));
        }
        self.unread.sort();
        Ok(self)
    }
}
