//! Taking one's own record back: which, and what it said.

use tui_input::Input;

use super::base::{Dialog, Step};
use super::form::{fact, warnings};
use crate::ledger::Entry;
use crate::model::words::ago;
use crate::model::{CleanText, Date};
use crate::session::Draft;
use crate::tui::known::Known;
use crate::tui::message::Question;
use crate::tui::theme::Role;
use crate::tui::widget::sheet::{Page, Sheet};
use crate::tui::widget::writer::Writer;

/// A withdrawal.
#[derive(Debug)]
pub(crate) struct WithdrawalDialog {
    /// What will be written.
    draft: Draft,
    /// What it takes back.
    entry: Entry,
    /// The item's title.
    title: CleanText,
    /// The person's words.
    note: Input,
}

impl WithdrawalDialog {
    /// Asks for this withdrawal.
    pub(crate) fn new(known: &Known, draft: Draft, entry: Entry) -> Self {
        let item = known.item(&draft.record.item);
        let title = item.map(|item| item.title.clone()).unwrap_or_default();
        Self { draft, entry, title, note: Input::default() }
    }
}

impl Dialog for WithdrawalDialog {
    fn sheet(&self, page: &Page<'_>) -> Sheet {
        let entry = &self.entry;
        let mut w = Writer::new(page.known, page.columns);
        let act = entry.record.statement.act().word();
        w.text(Role::Muted, 0, &format!("Your {act} will no longer count:"));
        w.text(Role::Heading, 0, self.title.as_str());
        w.blank();
        fact(&mut w, "record", &format!("{act} {}", entry.id.short()));
        fact(&mut w, "by", &entry.author.to_string());
        let made = format!("{} ({})", ago(entry.at, page.known.now), Date::of(entry.at));
        fact(&mut w, "made", &made);
        fact(&mut w, "on commit", entry.record.commit.short());
        if let Some(until) = entry.record.statement.until() {
            fact(&mut w, "until", &until.to_string());
        }
        let words = entry.record.statement.words();
        if !words.is_empty() {
            fact(&mut w, "note", CleanText::line(words).as_str());
        }
        w.blank();
        w.text(Role::Muted, 0, "It stays in the ledger, with the withdrawal after it.");
        warnings(&mut w, &self.draft);
        let mut sheet = Sheet::new("Withdraw", w);
        sheet.field(page, "Note (may stay empty)", &self.note, true);
        sheet.with_keys(&[("enter", "withdraw"), ("esc", "cancel")])
    }

    fn enter(&mut self, _known: &Known) -> Step {
        Step::Ask(Question::Commit(
            Box::new(self.draft.clone()),
            self.note.value().trim().to_owned(),
        ))
    }

    fn field(&mut self) -> Option<&mut Input> {
        Some(&mut self.note)
    }
}
