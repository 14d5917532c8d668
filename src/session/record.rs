//! Preparing a sign-off, an objection or a waiver: what it binds to, and whether
//! it could count.

use std::collections::{BTreeMap, HashMap};

use super::covered::policy;
use super::error::usage;
use super::{Draft, Session, SessionError};
use crate::check::params::Globs;
use crate::checklist::{Item, MayWaive, Mode, Policy};
use crate::ledger::{Act, Record, Statement};
use crate::model::{
    CleanText, Date, Digest, ItemId, ItemOutcome, ItemResult, Person, RepoPath, Role,
};
use crate::repo::RepoError;

/// So many files are named.
const MOST: usize = 3;

impl Session {
    /// Prepares a sign-off, an objection or a waiver about an item.
    ///
    /// # Errors
    /// When the item is not there, takes no such record from this person, its
    /// checks have not ended, covered files are not committed, git knows no
    /// identity, or there is no commit yet.
    pub(crate) fn draft(
        &self,
        act: Act,
        id: &ItemId,
        results: &HashMap<ItemId, ItemResult>,
        until: Option<Date>,
    ) -> Result<Draft, SessionError> {
        self.may_record()?;
        let item = self.item(id)?;
        let commit = self.head.commit.clone().ok_or(RepoError::Unborn)?;
        let author = self.repo.identity()?;
        let words = CleanText::default;
        let mut warnings = Vec::new();
        let mut latest = None;
        let statement = match act {
            Act::Objection => Statement::Objection { why: words() },
            Act::SignOff => {
                not_disabled(item)?;
                let accepted = self.signed(item, results)?;
                let role = self.signing_role(item, &author)?;
                let covered = self.covered.get(id).cloned().unwrap_or_default();
                warnings.extend(self.coverage(item, &covered)?);
                Statement::SignOff { covered, accepted, role, note: words() }
            }
            Act::Waiver => {
                not_disabled(item)?;
                let until = until
                    .ok_or_else(|| usage("a waiver needs its last day, such as 2026-03-31, or a duration, such as 30d"))?;
                let (role, longest, cut) = self.waiving(item, &author, until)?;
                latest = Some(longest);
                warnings.extend(cut);
                Statement::Waiver {
                    why: words(),
                    until,
                    accepted: self.ended(item, results)?.map_or_else(Vec::new, identities),
                    role,
                }
            }
            Act::Withdrawal | Act::Overruling => {
                return Err(usage(format!("{} names the record that it is about", act.a_word())));
            }
        };
        let record = Record::new(id.clone(), item.digest.clone(), commit, statement);
        Ok(Draft { record, author, warnings, latest })
    }

    /// How the checks of an item ended; nothing when it has none.
    fn ended<'r>(
        &self,
        item: &Item,
        results: &'r HashMap<ItemId, ItemResult>,
    ) -> Result<Option<&'r ItemResult>, SessionError> {
        if item.checks.is_empty() {
            return Ok(None);
        }
        let unfinished =
            || format!("the checks of `{}` have not ended yet; try again in a moment", item.id);
        results.get(&item.id).map(Some).ok_or_else(|| usage(unfinished()))
    }

    /// What a sign-off would bind to, if one is asked for.
    fn signed(
        &self,
        item: &Item,
        results: &HashMap<ItemId, ItemResult>,
    ) -> Result<Vec<Digest>, SessionError> {
        let id = &item.id;
        let Some(result) = self.ended(item, results)? else { return Ok(Vec::new()) };
        let automatic = item.mode() == Mode::Automatic;
        let errors: Vec<String> = result.told_errors().map(ToString::to_string).collect();
        match result.outcome() {
            ItemOutcome::Holds | ItemOutcome::NotApplicable => {
                Err(usage(format!("`{id}` has no finding, so nobody needs to sign it")))
            }
            ItemOutcome::Undecided if automatic && item.when_undecided.is_none() => {
                Err(usage(format!(
                    "`{id}` is undecided, and the checklist lets nobody sign in place of its check (`when_undecided`); give the check what it needs, or waive the item"
                )))
            }
            ItemOutcome::Fails if automatic => Err(usage(format!(
                "`{id}` is automatic and fails: no sign-off can stand in for that; fix what it found, or waive it with a reason and a last day"
            ))),
            _ if !errors.is_empty() => Err(usage(format!(
                "a check of `{id}` could not look ({}), so there is nothing to judge yet",
                errors.join("; ")
            ))),
            ItemOutcome::Fails | ItemOutcome::Undecided | ItemOutcome::Errored => {
                Ok(result.identities())
            }
        }
    }

    /// The role in which the person signs.
    fn signing_role(&self, item: &Item, author: &Person) -> Result<Option<Role>, SessionError> {
        let Some(role) = policy(item).and_then(|policy| policy.by.as_ref()) else {
            return Ok(None);
        };
        self.has(author, role, &format!("a sign-off of `{}`", item.id))?;
        Ok(Some(role.clone()))
    }

    /// The role in which the person waives, the last day allowed, and whether the checklist lets the
    /// waiver count for a shorter time than it says.
    fn waiving(
        &self,
        item: &Item,
        author: &Person,
        until: Date,
    ) -> Result<(Option<Role>, Date, Option<CleanText>), SessionError> {
        let id = &item.id;
        let Some(limits) = self.checklist.waiver_limits(item) else {
            return Err(usage(format!("the checklist says that nobody may waive `{id}`")));
        };
        let latest = limits.last_day(jiff::Timestamp::now());
        let role = match limits.who {
            MayWaive::Anyone => None,
            MayWaive::Team => {
                let mut team = self.checklist.team.values().flatten();
                if !team.any(|email| author.is(email)) {
                    return Err(usage(format!(
                        "a waiver of `{id}` counts only from somebody in the team, and git names you {}; ask one of them, or set `user.email` if that is you",
                        author.email
                    )));
                }
                None
            }
            MayWaive::Role(role) => {
                self.has(author, &role, &format!("a waiver of `{id}`"))?;
                Some(role)
            }
        };
        let cut = (latest < until).then(|| {
            CleanText::line(format!(
                "the checklist lets a waiver of `{id}` count for {} at most, until {latest}",
                limits.longest,
            ))
        });
        Ok((role, latest, cut))
    }

    fn has(&self, author: &Person, role: &Role, what: &str) -> Result<(), SessionError> {
        let people = self.checklist.team.get(role).map(Vec::as_slice).unwrap_or_default();
        if people.iter().any(|email| author.is(email)) {
            return Ok(());
        }
        Err(usage(format!(
            "{what} counts only from the role `{role}` ({}), and git names you {}; ask one of them, or set `user.email` if that is you",
            people.join(", "),
            author.email
        )))
    }

    /// Whether the covered files can be signed: they are what the commit has.
    fn coverage(
        &self,
        item: &Item,
        covered: &BTreeMap<String, String>,
    ) -> Result<Option<CleanText>, SessionError> {
        let Some((policy, globs)) =
            policy(item).and_then(|policy: &Policy| Some((policy, policy.covers.as_ref()?)))
        else {
            return Ok(None);
        };
        let around = &self.basis.uncommitted;
        if let Some(why) = &around.unknown {
            return Err(usage(format!(
                "nobody can sign `{}` while it is not known whether its files are committed: {why}",
                item.id
            )));
        }
        let tracked = around.tracked.iter().map(|(path, _)| path);
        let changed: Vec<&RepoPath> =
            tracked.chain(&around.untracked).filter(|path| globs.matches(path)).collect();
        if !changed.is_empty() {
            let named: Vec<String> = changed.iter().take(MOST).map(ToString::to_string).collect();
            let more = match changed.len().saturating_sub(MOST) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            return Err(usage(format!(
                "files that `{}` covers are not committed: {}{more}; commit them first, since a sign-off is about the commit",
                item.id,
                named.join(", ")
            )));
        }
        let folders = self.folders_among(globs)?;
        if let Some(folder) = folders.first() {
            return Err(usage(format!(
                "`{}` should cover `{folder}`, which is a folder, and a pattern matches files: write `{folder}/**` in the checklist's `covers`",
                item.id
            )));
        }
        if !covered.is_empty() {
            let idle = policy.covers_by_team.then(|| idle(globs, covered)).flatten();
            return Ok(idle.map(|idle| {
                let idle = idle.patterns().join(", ");
                CleanText::line(format!(
                    "of what `{}` should cover, {idle} matches no file of this commit; correct `covers`",
                    item.id
                ))
            }));
        }
        let patterns = globs.patterns().join(", ");
        if policy.covers_by_team {
            return Err(usage(format!(
                "`{}` should cover {patterns}, but no file of this commit matches, so a sign-off would cover nothing; correct `covers`",
                item.id
            )));
        }
        if policy.valid.is_none() {
            return Err(usage(format!(
                "`{}` should cover {patterns}, but no file of this commit matches, so a sign-off would never end; correct `covers`, or add `valid`",
                item.id
            )));
        }
        let what = format!(
            "`{}` should cover {patterns}, but no file of this commit matches, so only time ends this sign-off; correct `covers` in the checklist, or the `vars` that it uses",
            item.id
        );
        Ok(Some(CleanText::line(what)))
    }
}

/// The patterns that match none of the covered files.
fn idle(globs: &Globs, covered: &BTreeMap<String, String>) -> Option<Globs> {
    let paths: Vec<RepoPath> = covered.keys().filter_map(|path| RepoPath::new(path).ok()).collect();
    let is_idle = |pattern: &&String| {
        Globs::new(&[pattern]).is_ok_and(|one| !paths.iter().any(|path| one.matches(path)))
    };
    let idle: Vec<&String> = globs.patterns().iter().filter(is_idle).collect();
    Globs::new(&idle).ok().filter(|idle| !idle.patterns().is_empty())
}

impl Session {
    /// The patterns that name a folder of the commit, and so none of its files.
    fn folders_among(&self, globs: &Globs) -> Result<Vec<String>, SessionError> {
        let Some(commit) = &self.head.commit else { return Ok(Vec::new()) };
        let mut folders = Vec::new();
        for pattern in globs.patterns() {
            let Ok(alone) = Globs::new(&[pattern]) else { continue };
            let below = Globs::new(&[format!("{pattern}/**")]);
            let Ok(below) = below else { continue };
            let files =
                self.repo.blobs(commit, &|path| alone.matches(path) || below.matches(path))?;
            if !files.is_empty() && !files.iter().any(|(path, _)| alone.matches(path)) {
                folders.push(pattern.clone());
            }
        }
        Ok(folders)
    }
}

fn not_disabled(item: &Item) -> Result<(), SessionError> {
    match &item.disabled {
        Some(reason) => Err(usage(format!(
            "`{}` is switched off in the checklist ({reason}), so it needs no such record",
            item.id
        ))),
        None => Ok(()),
    }
}

fn identities(result: &ItemResult) -> Vec<Digest> {
    result.identities()
}
