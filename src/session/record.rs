//! Making records: drafts that a person confirms, then the ledger.

use std::collections::{BTreeMap, HashMap};

use crate::assess::RecordState;
use crate::checklist::{Item, Mode};
use crate::ledger::{self, Act, Entry, Flaw, Record, Statement, Wait};
use crate::model::{
    CleanText, CommitId, Date, Digest, ItemId, ItemOutcome, ItemResult, Person, Role,
};
use crate::repo::RepoError;

use super::{Session, SessionError};

/// A record that is about to be made: what a person is asked to confirm.
#[derive(Debug, Clone)]
pub struct Draft {
    /// What will be written; the note may still be empty.
    pub record: Record,
    /// Who makes it.
    pub author: Person,
    /// What the person should know first: covered files that have uncommitted
    /// changes, a pattern that covers no file, a role they do not have.
    pub warnings: Vec<CleanText>,
}

impl Draft {
    /// What kind of statement it is.
    pub fn act(&self) -> Act {
        self.record.statement.act()
    }

    /// What keeps it from being written today with these words.
    pub fn flaw(&self, words: &str, today: Date) -> Option<Flaw> {
        self.saying(words).statement.flaw(today)
    }

    fn saying(&self, words: &str) -> Record {
        let mut record = self.record.clone();
        record.statement.set_words(CleanText::block(words.trim()));
        record
    }
}

impl Session {
    /// Prepares a sign-off, an objection or a waiver about an item.
    ///
    /// # Errors
    /// When the item is not there, takes no sign-off, its checks have not
    /// ended, git knows no identity, or there is no commit yet.
    pub fn draft(
        &self,
        act: Act,
        id: &ItemId,
        results: &HashMap<ItemId, ItemResult>,
        until: Option<Date>,
    ) -> Result<Draft, SessionError> {
        let item = self.item(id)?;
        if let Some(reason) = &item.disabled {
            return Err(usage(format!(
                "`{id}` is switched off in the checklist ({reason}), so no record can change it"
            )));
        }
        let accepted = self.accepted(act, item, results)?;
        let commit = self.head.commit.clone().ok_or(RepoError::Unborn)?;
        let author = self.repo.identity()?;
        let role = self.role(act, item, &author)?;
        let mut warnings = Vec::new();
        let words = CleanText::default();
        let statement = match act {
            Act::SignOff => {
                let covered = self.covered.get(id).cloned().unwrap_or_default();
                warnings = self.coverage_warnings(item, &covered)?;
                Statement::SignOff { covered, accepted, role, note: words }
            }
            Act::Objection => Statement::Objection { why: words },
            Act::Waiver => {
                let until = until.ok_or_else(|| {
                    usage("a waiver needs its last day, such as 2026-03-31".into())
                })?;
                Statement::Waiver { why: words, until, accepted, role }
            }
            Act::Withdrawal | Act::Overruling => {
                return Err(usage(format!("{} names the record that it is about", act.a_word())));
            }
        };
        let record = Record::new(id.clone(), item.digest.clone(), commit, statement);
        Ok(Draft { record, author, warnings })
    }

    /// Prepares the withdrawal of the person's own latest standing record about
    /// an item; gives the record that it takes back, too.
    ///
    /// # Errors
    /// When there is none.
    pub fn draft_withdrawal(&self, id: &ItemId) -> Result<(Draft, Entry), SessionError> {
        let author = self.repo.identity()?;
        let assessment = self.assess(&HashMap::new(), jiff::Timestamp::now());
        let entry = assessment
            .items
            .iter()
            .filter(|item| &item.id == id)
            .flat_map(|item| item.records.iter().rev())
            .find(|record| {
                let open = matches!(record.state, RecordState::Counts | RecordState::Stale(_));
                open && record.entry.author.is(author.email.as_str())
            })
            .map(|record| record.entry.clone());
        let Some(entry) = entry else {
            self.item(id)?;
            return Err(usage(format!(
                "you ({}) have no standing record on `{id}`; only its author can withdraw a record, see `gonogo log {id}`",
                author.email
            )));
        };
        let record = Record::new(
            id.clone(),
            entry.record.item_digest.clone(),
            self.head.commit.clone().ok_or(RepoError::Unborn)?,
            Statement::Withdrawal { of: entry.id.clone(), note: CleanText::default() },
        );
        Ok((Draft { record, author, warnings: Vec::new() }, entry))
    }

    /// Writes the record with the person's words.
    ///
    /// # Errors
    /// When a waiver or an objection has no words or a waiver no last day, or
    /// the ledger cannot be written.
    pub fn commit(&self, draft: Draft, note: &str) -> Result<CommitId, SessionError> {
        self.commit_telling(draft, note, &|_| {})
    }

    /// The same, and tells each second for what it waits.
    ///
    /// # Errors
    /// As [`Session::commit`].
    pub fn commit_telling(
        &self,
        draft: Draft,
        note: &str,
        tell: &dyn Fn(&Wait),
    ) -> Result<CommitId, SessionError> {
        if let Some(flaw) = draft.flaw(note, Date::of(jiff::Timestamp::now())) {
            return Err(usage(flaw.to_string()));
        }
        let record = draft.saying(note);
        Ok(ledger::append_telling(&self.repo, &record, &draft.author, tell)?)
    }

    /// What a record about the item would be bound to: everything that stands
    /// there, findings, needs and errors.
    fn accepted(
        &self,
        act: Act,
        item: &Item,
        results: &HashMap<ItemId, ItemResult>,
    ) -> Result<Vec<Digest>, SessionError> {
        let id = &item.id;
        if act == Act::SignOff && item.mode() == Mode::Automatic {
            return Err(usage(format!(
                "`{id}` is automatic: gonogo verifies it, and no sign-off can stand in for that; fix what it found, or waive it with a reason and a last day"
            )));
        }
        if item.checks.is_empty() || act == Act::Objection {
            return Ok(Vec::new());
        }
        let Some(result) = results.get(id) else {
            return Err(usage(format!(
                "the checks of `{id}` have not ended yet; try again in a moment"
            )));
        };
        match result.outcome() {
            ItemOutcome::Errored if act == Act::SignOff => {
                let errors: Vec<String> = result.errors().map(ToString::to_string).collect();
                Err(usage(format!(
                    "the check of `{id}` could not look ({}), so there is nothing to judge yet",
                    errors.join("; ")
                )))
            }
            ItemOutcome::Holds | ItemOutcome::NotApplicable if act == Act::SignOff => {
                Err(usage(format!("`{id}` has no finding, so nobody needs to sign it")))
            }
            _ => Ok(result.identities()),
        }
    }

    /// The role in which the person acts.
    fn role(&self, act: Act, item: &Item, author: &Person) -> Result<Option<Role>, SessionError> {
        let wanted = item.sign_off.as_ref().and_then(|policy| policy.by.as_ref());
        let Some(role) = wanted else {
            return Ok(None);
        };
        let people = self.checklist.team.get(role).map(Vec::as_slice).unwrap_or_default();
        if people.iter().any(|email| author.is(email)) {
            return Ok(Some(role.clone()));
        }
        if act != Act::SignOff {
            return Ok(None);
        }
        Err(usage(format!(
            "a sign-off of `{}` counts only from the role `{role}` ({}), and git names you {}; ask one of them, or set `user.email` if that is you",
            item.id,
            people.join(", "),
            author.email
        )))
    }

    fn coverage_warnings(
        &self,
        item: &Item,
        covered: &BTreeMap<String, String>,
    ) -> Result<Vec<CleanText>, SessionError> {
        let Some(globs) = item.sign_off.as_ref().and_then(|policy| policy.covers.as_ref()) else {
            return Ok(Vec::new());
        };
        let mut warnings = Vec::new();
        if covered.is_empty() {
            warnings.push(CleanText::line(format!(
                "it should cover {}, but no file of this commit matches",
                globs.patterns().join(", ")
            )));
        }
        let changed = self.repo.changed(&|path| globs.matches(path))?;
        if !changed.is_empty() {
            let names: Vec<String> = changed.iter().take(3).map(ToString::to_string).collect();
            let more = changed.len().saturating_sub(names.len());
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            warnings.push(CleanText::line(format!(
                "covered files have changes that are not committed and not signed: {}{more}",
                names.join(", ")
            )));
        }
        Ok(warnings)
    }
}

fn usage(text: String) -> SessionError {
    SessionError::Usage(text)
}
