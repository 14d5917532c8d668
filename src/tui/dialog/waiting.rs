//! Stands where another dialog will, while what that one shows is prepared.

use super::base::Dialog;
use crate::model::CleanText;
use crate::tui::theme::Role;
use crate::tui::widget::sheet::{Page, Sheet};
use crate::tui::widget::writer::Writer;

/// Something is being prepared.
#[derive(Debug)]
pub(crate) struct Waiting {
    /// What.
    pub(crate) title: &'static str,
    /// The title of the item that it is about.
    pub(crate) about: CleanText,
    /// The title of the notice that says why it could not be prepared.
    pub(crate) refusal: &'static str,
}

impl Dialog for Waiting {
    fn sheet(&self, page: &Page<'_>) -> Sheet {
        let mut w = Writer::new(page.known, page.columns);
        w.text(Role::Heading, 0, self.about.as_str());
        Sheet::new(self.title, w)
    }

    fn refusal(&self) -> Option<&'static str> {
        Some(self.refusal)
    }
}
