//! Preparing an overruling: that somebody else's objection no longer counts.

use std::collections::HashMap;

use super::error::usage;
use super::{Draft, Session, SessionError};
use crate::ledger::{self, Entry, Record, Statement};
use crate::model::{CleanText, ItemId, ItemResult, Person, Role};
use crate::repo::RepoError;

/// So many digits name a record at least.
const FEWEST_DIGITS: usize = 4;

impl Session {
    /// Prepares the overruling of an objection, which is named by the first
    /// digits of its record; gives the objection, too. The item may be disabled
    /// or gone: the overruling is then bound to that.
    ///
    /// # Errors
    /// When there is no such record, it is no objection of somebody else, the
    /// item's checks have not ended, git knows no identity, or there is no
    /// commit yet.
    pub fn draft_overruling(
        &self,
        id: &ItemId,
        record: &str,
        results: &HashMap<ItemId, ItemResult>,
    ) -> Result<(Draft, Entry), SessionError> {
        self.may_record()?;
        let objection = self.named(id, record)?;
        let author = self.repo.identity()?;
        let role = self.overruling_role(&author)?;
        let item = self.checklist.item(id);
        let accepted = match item {
            Some(item) if item.disabled.is_none() && !item.checks.is_empty() => {
                let unfinished = || {
                    usage(format!("the checks of `{id}` have not ended yet; try again in a moment"))
                };
                results.get(id).map(ItemResult::identities).ok_or_else(unfinished)?
            }
            _ => Vec::new(),
        };
        let statement = Statement::Overruling {
            of: objection.id.clone(),
            why: CleanText::default(),
            accepted,
            role,
        };
        if let Some(flaw) = statement.flaw_of_target(id, &[&author], Some(&objection)) {
            return Err(usage(flaw.to_string()));
        }
        let commit = self.head.commit.clone().ok_or(RepoError::Unborn)?;
        let record = Record::new(id.clone(), ledger::state_digest(item), commit, statement);
        Ok((Draft { record, author, warnings: Vec::new() }, objection))
    }

    /// The role in which the person overrules, where the checklist asks for one.
    fn overruling_role(&self, author: &Person) -> Result<Option<Role>, SessionError> {
        let Some(role) = &self.checklist.gate.overrule else { return Ok(None) };
        let people = self.checklist.team.get(role).map(Vec::as_slice).unwrap_or_default();
        if people.iter().any(|email| author.is(email)) {
            return Ok(Some(role.clone()));
        }
        Err(usage(format!(
            "an overruling counts only from the role `{role}` ({}), and git names you {}",
            people.join(", "),
            author.email
        )))
    }

    /// The record about that item whose name starts so.
    fn named(&self, id: &ItemId, start: &str) -> Result<Entry, SessionError> {
        let digits = start.to_ascii_lowercase();
        let long_enough = digits.len() >= FEWEST_DIGITS;
        let mut found = self.ledger.entries.iter().filter(|entry| {
            long_enough && &entry.record.item == id && entry.id.as_str().starts_with(&digits)
        });
        match (found.next(), found.next()) {
            (Some(entry), None) => Ok(entry.clone()),
            (Some(_), Some(_)) => Err(usage(format!(
                "several records about `{id}` start with `{}`; give more digits",
                CleanText::line(start)
            ))),
            (None, _) => Err(usage(format!(
                "no record about `{id}` starts with `{}`; `gonogo log {id}` names them, each by its first {} digits",
                CleanText::line(start),
                7
            ))),
        }
    }
}
