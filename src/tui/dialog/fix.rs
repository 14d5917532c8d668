//! A fix: what changes, with every value masked, before anything does.

use tui_input::Input;

use super::base::{Dialog, Step};
use crate::check::Remedy;
use crate::model::{CleanText, ItemId};
use crate::tui::known::Known;
use crate::tui::message::{Planned, Question};
use crate::tui::theme::Role;
use crate::tui::widget::sheet::{Page, Sheet};
use crate::tui::widget::writer::Writer;

/// A fix.
#[derive(Debug)]
pub(crate) struct FixDialog {
    /// The item that it was opened for, whatever is selected by now.
    item: ItemId,
    /// The item's title.
    title: CleanText,
    /// What is done.
    remedy: Remedy,
    /// What changes.
    planned: Planned,
    /// The variable's name, typed to confirm that its value is lost.
    confirm: Input,
}

impl FixDialog {
    /// Asks for this fix of this item.
    pub(crate) fn new(known: &Known, item: ItemId, remedy: Remedy, planned: Planned) -> Self {
        let title = known.item(&item).map(|item| item.title.clone()).unwrap_or_default();
        Self { item, title, remedy, planned, confirm: Input::default() }
    }
}

/// What a remedy works on, for people.
fn key_of(remedy: &Remedy) -> &str {
    match remedy {
        Remedy::GenerateSecret { key, .. } => key,
    }
}

impl Dialog for FixDialog {
    fn sheet(&self, page: &Page<'_>) -> Sheet {
        let known = page.known;
        let mut w = Writer::new(known, page.columns);
        w.text(Role::Heading, 0, self.title.as_str());
        w.text(Role::Muted, 0, self.item.as_str());
        w.blank();
        let mark = format!("{} ", known.glyphs.dot);
        for change in &self.planned.plan.changes {
            w.hanging(&mark, Role::Rule, Role::Text, change.as_str());
        }
        w.blank();
        for line in &self.planned.plan.diff {
            let role = match line.as_str().chars().next() {
                Some('+') => Role::Added,
                Some('-') => Role::Removed,
                _ => Role::Muted,
            };
            w.text(role, 2, line.as_str());
        }
        if let Some(overwrites) = &self.planned.overwrites {
            w.blank();
            w.warning(Role::Warning, Role::Warning, CleanText::line(overwrites).as_str());
        }
        let mut sheet = Sheet::new("Fix", w);
        if self.planned.overwrites.is_some() {
            let label = format!("Its old value is lost. Type {} to agree", key_of(&self.remedy));
            sheet.field(page, &label, &self.confirm, true);
        }
        sheet.with_keys(&[("enter", "do it"), ("esc", "cancel")])
    }

    fn enter(&mut self, _known: &Known) -> Step {
        let key = key_of(&self.remedy);
        let force = self.planned.overwrites.is_some();
        if force && self.confirm.value().trim() != key {
            return Step::Wrong(format!("Type {key} to confirm that its value is lost"));
        }
        Step::Ask(Question::Fix { remedy: self.remedy.clone(), force })
    }

    fn field(&mut self) -> Option<&mut Input> {
        self.planned.overwrites.is_some().then_some(&mut self.confirm)
    }
}
