//! Taking the latest fix back: what changes, before anything does.

use std::sync::Arc;

use super::base::{Dialog, Step};
use super::form::diff;
use crate::fix::Undo;
use crate::model::CleanText;
use crate::model::words::ago;
use crate::tui::known::Known;
use crate::tui::message::Question;
use crate::tui::theme::Role;
use crate::tui::widget::sheet::{Page, Sheet};
use crate::tui::widget::writer::Writer;

/// An undo.
#[derive(Debug)]
pub(crate) struct UndoDialog {
    /// What takes the fix back.
    undo: Arc<Undo>,
    /// The lines that change.
    diff: Vec<CleanText>,
    /// What it would show to git, say.
    warnings: Vec<CleanText>,
}

impl UndoDialog {
    /// Asks for this undo.
    pub(crate) fn new(undo: Arc<Undo>, diff: Vec<CleanText>, warnings: Vec<CleanText>) -> Self {
        Self { undo, diff, warnings }
    }
}

impl Dialog for UndoDialog {
    fn sheet(&self, page: &Page<'_>) -> Sheet {
        let known = page.known;
        let mut w = Writer::new(known, page.columns);
        w.text(Role::Muted, 0, "The latest fix is taken back:");
        w.text(Role::Heading, 0, self.undo.title().as_str());
        w.text(Role::Muted, 0, &format!("made {}", ago(self.undo.at(), known.now)));
        // above what may be long, so that nobody agrees without having seen it
        for warning in &self.warnings {
            w.warning(Role::Warning, Role::Warning, warning.as_str());
        }
        w.blank();
        let mark = format!("{} ", known.glyphs.dot);
        for change in self.undo.changes() {
            w.hanging(&mark, Role::Rule, Role::Text, change.as_str());
        }
        w.blank();
        diff(&mut w, &self.diff);
        Sheet::new("Undo", w).with_keys(&[("enter", "undo it"), ("esc", "cancel")])
    }

    fn enter(&mut self, _known: &Known) -> Step {
        Step::Ask(Question::Undo(self.undo.clone()))
    }
}
