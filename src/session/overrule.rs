//! Preparing an overruling: that somebody else's objection no longer counts.

use std::collections::HashMap;

use super::error::usage;
use super::{Draft, Session, SessionError};
use crate::ledger::{self, Entry, Flaw, Record, Statement};
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
    /// When there is no such record, it is not an objection of somebody else, the
    /// item's checks have not ended, git knows no identity, or there is no
    /// commit yet.
    pub(crate) fn draft_overruling(
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
        if self.basis.people.is_author(&author, &objection) {
            return Err(usage(format!(
                "{} ({} is one person with you by `.mailmap`)",
                Flaw::OwnObjection,
                objection.author.email
            )));
        }
        let commit = self.head.commit.clone().ok_or(RepoError::Unborn)?;
        let record = Record::new(id.clone(), ledger::state_digest(item), commit, statement);
        Ok((Draft { record, author, warnings: Vec::new(), latest: None }, objection))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checklist::Choice;
    use crate::ledger::Act;
    use crate::model::CommitId;
    use crate::repo::support::Sandbox;
    use crate::session::Opening;

    const ITEM: &str = "
checklist: shop
sections:
  - title: All
    items:
      - { id: other, title: Another, severity: low, why: It is there., sign_off: { valid: 90d } }
";

    const OBJECTED: &str = "      - { id: backups, title: Backups, severity: high, why: They save us., sign_off: { valid: 90d }";

    struct World(Sandbox);

    impl World {
        fn new() -> Self {
            let world = Self(Sandbox::new());
            world.is("Ann").checklist(&format!("{OBJECTED} }}\n"));
            world.0.commit("first");
            world
        }

        fn is(&self, name: &str) -> &Self {
            self.0.git(&["config", "user.name", name]);
            self.0.git(&["config", "user.email", &format!("{name}@example.com")]);
            self
        }

        fn checklist(&self, more: &str) -> &Self {
            self.0.write(".gonogo.yaml", &format!("{ITEM}{more}"));
            self
        }

        fn session(&self) -> Session {
            Session::open(&Opening {
                folder: &self.0.path(),
                choice: &Choice::Find,
                at: None,
                state: None,
            })
            .expect("a session")
        }

        fn object(&self) -> CommitId {
            let session = self.session();
            let draft = session.draft(Act::Objection, &backups(), &HashMap::new(), None);
            session
                .commit(draft.expect("a draft"), "no table of payments", &crate::ledger::patiently)
                .expect("written")
        }

        fn overrule(&self, record: &str) -> Result<CommitId, String> {
            let session = self.session();
            let (draft, _) = session
                .draft_overruling(&backups(), record, &HashMap::new())
                .map_err(|error| error.to_string())?;
            session
                .commit(draft, "it was restored again", &crate::ledger::patiently)
                .map_err(|error| error.to_string())
        }
    }

    fn backups() -> ItemId {
        "backups".parse().expect("an id")
    }

    #[test]
    fn it_is_bound_to_the_state_of_the_item() {
        let disabled = format!("{OBJECTED}, disabled: no backups here }}\n");
        for (more, gone) in
            [(format!("{OBJECTED} }}\n"), false), (disabled, false), ("".into(), true)]
        {
            let world = World::new();
            let objection = world.object();
            world.is("Bob").checklist(&more);
            let id = world.overrule(objection.short()).expect(&more);
            let session = world.session();
            let entry = session.ledger.entry(&id).expect("the overruling");
            assert_eq!(session.ledger.flaw(entry), None);
            assert_eq!(entry.record.statement.of(), Some(&objection));
            let item = session.checklist.item(&backups());
            assert_eq!(item.is_none(), gone);
            assert_eq!(entry.record.item_digest, ledger::state_digest(item));
        }
    }

    #[test]
    fn another_address_of_the_objector_overrules_nothing() {
        let joined = "<Ann@example.com> <ann@home.example>\n";
        // where the line stood, and whether it is the one who objected
        for (then, later, own) in
            [("", "", false), (joined, joined, true), (joined, "", true), ("", joined, true)]
        {
            let world = World::new();
            world.checklist(&format!("{OBJECTED} }}\n"));
            world.0.write(".mailmap", then).commit("people");
            let objection = world.object();
            world.0.write(".mailmap", &format!("{later}# later\n")).commit("later");
            world.0.git(&["config", "user.email", "ann@home.example"]);
            let overruled = world.overrule(objection.short());
            assert_eq!(overruled.is_err(), own, "{then:?} {later:?} {overruled:?}");
        }
    }

    #[test]
    fn what_cannot_be_overruled_is_told() {
        let world = World::new();
        let objection = world.object();
        let own = world.overrule(objection.short()).expect_err("an own one");
        assert_eq!(own, Flaw::OwnObjection.to_string());
        world.is("Bob");
        for (record, says) in
            [("abc", "no record about"), ("zzzzzzz", "no record about"), ("", "no record")]
        {
            let error = world.overrule(record).expect_err(record);
            assert!(error.contains(says), "{error}");
        }
        let session = world.session();
        let (draft, _) = session
            .draft_overruling(&backups(), objection.as_str(), &HashMap::new())
            .expect("a draft");
        let error = session
            .commit(draft, "too short", &crate::ledger::patiently)
            .expect_err("no reason")
            .to_string();
        assert!(error.contains("an overruling needs a reason"), "{error}");
    }

    #[test]
    fn an_objection_to_an_item_that_is_gone_can_be_withdrawn() {
        let world = World::new();
        let objection = world.object();
        world.checklist("");
        let session = world.session();
        let (draft, taken_back) = session.draft_withdrawal(&backups()).expect("a draft");
        assert_eq!(taken_back.id, objection);
        session.commit(draft, "", &crate::ledger::patiently).expect("written");
        assert!(world.session().draft_withdrawal(&backups()).is_err(), "once");
        world.is("Bob");
        world.checklist(&format!("{OBJECTED} }}\n"));
        let other = world.object();
        world.is("Ann").checklist("");
        let error = world.session().draft_withdrawal(&backups()).expect_err("not hers");
        assert!(error.to_string().contains("no standing record"), "{error}");
        assert_ne!(other, objection);
    }

    #[test]
    fn a_withdrawal_about_no_item_names_the_nearest() {
        let world = World::new();
        world.object();
        let given = "backup".parse::<ItemId>().expect("an id");
        let error = world.session().draft_withdrawal(&given).expect_err("no item").to_string();
        assert!(error.contains("no item `backup`"), "{error}");
        assert!(error.contains("did you mean `backups`?"), "{error}");
    }
}
