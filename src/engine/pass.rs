//! The one shared pass: every file is read once for all checks that want it.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use super::eyes::{Eyes, Noted, Pass, Ticker};
use super::guard::guard;
use super::links;
use super::search::Search;
use crate::check::AnyScan;
use crate::facts::Facts;
use crate::model::{CheckError, RepoPath, RuleId, Subject};
use crate::repo::{Tree, Unread};

/// Goes over the repository's files once and brings together what each check
/// found, in the order of the checks. `list` are the files of the checklist that
/// asks, and `progress` hears now and then how many files were read.
pub(super) fn run(
    facts: &Facts<'_>,
    checks: &[&dyn AnyScan],
    list: &[RepoPath],
    threads: usize,
    progress: &(dyn Fn(u64) + Sync),
) -> Vec<Result<Noted, CheckError>> {
    let (tree, cancel) = (facts.tree, facts.cancel);
    let asked: Vec<Result<Option<Vec<String>>, CheckError>> =
        checks.iter().map(|check| guard(|| check.sought(facts)).and_then(|asked| asked)).collect();
    let seeking = asked.iter().map(|asked| !matches!(asked, Ok(None))).collect();
    let literals: Vec<_> =
        asked.iter().map(|asked| asked.clone().ok().flatten().unwrap_or_default()).collect();
    let search = match Search::new(&literals) {
        Ok(search) => search,
        Err(error) => return checks.iter().map(|_| Err(error.clone())).collect(),
    };
    let pass = Pass {
        checks,
        list,
        links: Mutex::default(),
        seeking,
        search,
        cancel,
        ticker: Ticker::new(),
        progress,
        sums: asked.into_iter().map(|asked| Mutex::new(asked.map(|_| Noted::default()))).collect(),
    };
    let walked = guard(|| {
        tree.walk(threads, &|| Box::new(Eyes::new(&pass)))?;
        let links = std::mem::take(&mut *pass.links.lock().unwrap_or_else(PoisonError::into_inner));
        links::follow(tree, cancel, links, &mut Eyes::new(&pass))
    });
    let trouble = match walked {
        Ok(Ok(())) if cancel.is_cancelled() => Some(CheckError::Cancelled),
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(
            CheckError::could_not_look(
                RuleId::new("engine.walk"),
                Subject::whole(),
                error.to_string(),
                "fix the repository (`git status` must work), then run again",
            )
            .from_source(error),
        ),
        Err(error) => Some(error),
    };
    let sums =
        pass.sums.into_iter().map(|sum| sum.into_inner().unwrap_or_else(PoisonError::into_inner));
    match trouble {
        Some(error) => sums.map(|sum| sum.and(Err(error.clone()))).collect(),
        None => {
            let mut sums: Vec<_> = sums.collect();
            identify(tree, &mut sums);
            sums.into_iter().map(|sum| sum.and_then(Noted::settled)).collect()
        }
    }
}

/// Gives what was not looked at the name of the blob that git has of it, where
/// nothing better is known.
fn identify(tree: &dyn Tree, sums: &mut [Result<Noted, CheckError>]) {
    let unread = sums.iter_mut().flatten().flat_map(|sum| &mut sum.unread);
    let mut nameless: Vec<&mut Unread> = unread.filter(|unread| unread.id.is_none()).collect();
    if nameless.is_empty() {
        return;
    }
    let paths: HashSet<RepoPath> = nameless.iter().map(|unread| unread.path.clone()).collect();
    // without an answer they stay as they are: not looked at
    let blobs = tree.blobs(&|path| paths.contains(path)).unwrap_or_default();
    let blobs: HashMap<RepoPath, String> = blobs.into_iter().collect();
    for unread in &mut nameless {
        unread.id = blobs.get(&unread.path).cloned();
    }
}
