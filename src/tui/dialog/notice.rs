//! Something to read, such as an error.

use super::base::Dialog;
use crate::model::CleanText;
use crate::tui::theme::Role;
use crate::tui::widget::sheet::{Page, Sheet};
use crate::tui::widget::writer::Writer;

/// Something to read.
#[derive(Debug)]
pub(crate) struct Notice {
    /// A heading.
    pub(crate) title: &'static str,
    /// What to read.
    pub(crate) text: String,
}

impl Dialog for Notice {
    fn sheet(&self, page: &Page<'_>) -> Sheet {
        let mut w = Writer::new(page.known, page.columns);
        w.text(Role::Text, 0, CleanText::block(&self.text).as_str());
        Sheet::new(self.title, w).with_keys(&[("enter", "close")])
    }
}
