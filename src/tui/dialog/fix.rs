//! A fix: what changes, with every value masked, before anything does.

use tui_input::Input;

use super::base::{Dialog, Step};
use super::form::diff;
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
    /// What changes.
    planned: Planned,
    /// What is typed to agree that something is lost.
    confirm: Input,
}

impl FixDialog {
    /// Asks for this fix of this item.
    pub(crate) fn new(known: &Known, item: ItemId, planned: Planned) -> Self {
        let title = known.item(&item).map(|item| item.title.clone()).unwrap_or_default();
        Self { item, title, planned, confirm: Input::default() }
    }
}

impl Dialog for FixDialog {
    fn sheet(&self, page: &Page<'_>) -> Sheet {
        let known = page.known;
        let mut w = Writer::new(known, page.columns);
        w.text(Role::Heading, 0, self.title.as_str());
        w.text(Role::Muted, 0, self.item.as_str());
        w.text(Role::Muted, 0, &format!("To {}:", self.planned.title));
        let mark = format!("{} ", known.glyphs.dot);
        for change in &self.planned.plan.changes {
            w.hanging(&mark, Role::Rule, Role::Text, change.as_str());
        }
        w.blank();
        diff(&mut w, &self.planned.plan.diff);
        for title in &self.planned.ahead {
            w.blank();
            w.hanging("After that: ", Role::Muted, Role::Text, title.as_str());
        }
        let loses = self.planned.plan.loses.as_ref();
        if let Some(loss) = loses {
            w.blank();
            w.warning(Role::Warning, Role::Warning, loss.what.as_str());
        }
        let mut sheet = Sheet::new("Fix", w);
        if let Some(loss) = loses {
            let label = format!("Its old value is lost. Type {} to agree", loss.typed);
            sheet.field(page, &label, &self.confirm, true);
        }
        sheet.with_keys(&[("enter", "do it"), ("esc", "cancel")])
    }

    fn enter(&mut self, _known: &Known) -> Step {
        let Planned { chosen, title, plan, ahead } = &self.planned;
        if let Some(loss) = &plan.loses
            && self.confirm.value().trim() != loss.typed.as_str()
        {
            let wrong = format!("Type {} to confirm that its value is lost", loss.typed);
            return Step::Wrong(wrong);
        }
        let next = (!ahead.is_empty()).then(|| (self.item.clone(), chosen.clone()));
        Step::Ask(Question::Fix { title: title.clone(), plan: plan.clone(), next })
    }

    fn field(&mut self) -> Option<&mut Input> {
        self.planned.plan.loses.is_some().then_some(&mut self.confirm)
    }
}
