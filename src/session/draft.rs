//! A record that is about to be made, and making it.

use crate::ledger::{self, Act, Entry, Flaw, Record, Statement, Tell};
use crate::model::{CleanText, CommitId, Date, ItemId, Person};

use super::error::usage;
use super::{Session, SessionError};
use crate::assess::{AssessedRecord, RecordState};
use crate::repo::RepoError;

/// A record that is about to be made: what a person is asked to confirm.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    /// What will be written; the note may still be empty.
    pub record: Record,
    /// Who makes it.
    pub author: Person,
    /// What the person should know first: a role they do not have, a last day
    /// that the checklist cuts, a pattern that covers no file.
    pub warnings: Vec<CleanText>,
    /// The last day that the checklist allows a waiver made now.
    pub latest: Option<Date>,
}

impl Draft {
    /// What kind of statement it is.
    pub(crate) fn act(&self) -> Act {
        self.record.statement.act()
    }

    /// What keeps it from being written today with these words.
    pub(crate) fn flaw(&self, words: &str, today: Date) -> Option<Flaw> {
        self.saying(words).statement.flaw(today)
    }

    /// The record with these words. A waiver says the last day that is granted,
    /// not a later one that was asked for.
    fn saying(&self, words: &str) -> Record {
        let mut record = self.record.clone();
        if let (Some(asked), Some(latest)) = (record.statement.until(), self.latest) {
            record.statement.set_until(asked.min(latest));
        }
        record.statement.set_words(CleanText::block(words.trim()));
        record
    }
}

impl Session {
    /// Prepares the withdrawal of the person's own latest standing record about
    /// an item, which may be gone or disabled; gives the record, too.
    ///
    /// # Errors
    /// When there is none, or nothing can be recorded from here.
    pub(crate) fn draft_withdrawal(&self, id: &ItemId) -> Result<(Draft, Entry), SessionError> {
        self.may_record()?;
        let author = self.repo.identity()?;
        let own = |entry: &Entry| author.is(entry.author.email.as_str());
        let assessment = self.assess(&std::collections::HashMap::new(), jiff::Timestamp::now());
        let assessed = assessment.items.iter().find(|item| &item.id == id);
        let open = |record: &&AssessedRecord| {
            let open = match assessed {
                Some(_) => matches!(record.state, RecordState::Counts | RecordState::Stale(_)),
                // what is about an item that is gone counts for nothing, and still stands there
                None => {
                    let taken =
                        matches!(record.state, RecordState::Withdrawn | RecordState::Withdrawal);
                    &record.entry.record.item == id && !taken && !record.entry.is_legacy()
                }
            };
            open && own(&record.entry)
        };
        let record = match assessed {
            Some(item) => item.records.iter().rev().find(open),
            None if !self.ledger.entries.iter().any(|entry| &entry.record.item == id) => {
                return Err(SessionError::Usage(self.no_such_item(id.as_str())));
            }
            None => assessment.gone.iter().rev().find(open),
        };
        let Some(entry) = record.map(|record| record.entry.clone()) else {
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
        Ok((Draft { record, author, warnings: Vec::new(), latest: None }, entry))
    }

    /// Writes the record with the person's words; `waiting` hears for what it
    /// waits while somebody else holds the ledger.
    ///
    /// # Errors
    /// When the statement lacks something, or the ledger cannot be written.
    pub(crate) fn commit(
        &self,
        draft: Draft,
        note: &str,
        waiting: Tell<'_>,
    ) -> Result<CommitId, SessionError> {
        if let Some(flaw) = draft.flaw(note, Date::of(jiff::Timestamp::now())) {
            return Err(usage(flaw.to_string()));
        }
        let record = draft.saying(note);
        // git has no committer of its own where only the author is given
        let committer = self.repo.committer().unwrap_or_else(|_| draft.author.clone());
        let id = ledger::append(&self.repo, &record, &draft.author, &committer, waiting)?;
        ledger::seen::appended(&self.repo, self.state(), &id);
        Ok(id)
    }

    /// Whether records can be made from here at all.
    pub(super) fn may_record(&self) -> Result<(), SessionError> {
        match self.read_only() {
            Some(why) => Err(usage(why.to_string())),
            None => Ok(()),
        }
    }
}
