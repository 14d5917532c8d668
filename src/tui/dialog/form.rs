//! What the dialogs have in common that ask before something is written.

use crate::model::CleanText;
use crate::session::Draft;
use crate::tui::theme::Role;
use crate::tui::widget::writer::Writer;

/// So many covered files and findings are named; the rest is counted.
const NAMED: usize = 5;

/// Writes `label  value`, the value wrapped in its own column.
pub(crate) fn fact(w: &mut Writer<'_>, label: &str, value: &str) {
    w.hanging(&format!("{label:<10}"), Role::Muted, Role::Text, value);
}

/// Names the first few, counts the rest.
pub(crate) fn names(w: &mut Writer<'_>, label: &str, all: &[String]) {
    for (at, name) in all.iter().take(NAMED).enumerate() {
        fact(w, if at == 0 { label } else { "" }, name);
    }
    if all.len() > NAMED {
        fact(w, "", &format!("and {} more", all.len() - NAMED));
    }
}

/// Writes the lines that change.
pub(crate) fn diff(w: &mut Writer<'_>, lines: &[CleanText]) {
    for line in lines {
        let role = match line.as_str().chars().next() {
            Some('+') => Role::Added,
            Some('-') => Role::Removed,
            _ => Role::Muted,
        };
        w.text(role, 2, line.as_str());
    }
}

/// What the person should know before a record is made.
pub(crate) fn warnings(w: &mut Writer<'_>, draft: &Draft) {
    if !draft.warnings.is_empty() {
        w.blank();
    }
    for warning in &draft.warnings {
        w.warning(Role::Warning, Role::Warning, warning.as_str());
    }
}
