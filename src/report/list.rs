//! A checklist's items, for `gonogo list`.

use std::io::{self, Write};

use crate::checklist::Checklist;

use super::style::{BOLD, DIM, of_severity, paint, tint};

/// Writes every item with its severity, its mode and its kinds of check.
///
/// # Errors
/// When writing fails.
pub fn list(checklist: &Checklist, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} ({})", paint(BOLD, &checklist.name), checklist.origin)?;
    let widest = checklist.items().map(|(_, item)| item.id.as_str().len()).max().unwrap_or(0);
    for section in &checklist.sections {
        writeln!(out, "\n{}", paint(BOLD, &section.title))?;
        for item in &section.items {
            let kinds: Vec<&str> = item.checks.iter().map(|check| check.kind).collect();
            let kinds =
                if kinds.is_empty() { String::new() } else { format!(" ({})", kinds.join(", ")) };
            writeln!(
                out,
                "  {:widest$}  {}  {}{}",
                item.id,
                tint(of_severity(item.severity), format!("{:<8}", item.severity)),
                item.title,
                paint(DIM, format!("  {}{kinds}", item.mode().word())),
            )?;
            if let Some(reason) = &item.disabled {
                writeln!(out, "  {:widest$}  switched off: {reason}", "")?;
            }
        }
    }
    Ok(())
}
