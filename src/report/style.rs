//! How standings and severities look in text: a glyph, a word and a colour.

use anstyle::{AnsiColor, Style};

use crate::assess::{Standing, Verdict};
use crate::model::Severity;

/// One glyph for each standing, in the order of [`Standing::ALL`].
pub const GLYPHS: [&str; 11] = ["·", "✓", "✓", "~", "-", "✗", "○", "↻", "!", "E", "?"];

pub(super) fn glyph(standing: Standing) -> &'static str {
    let index = Standing::ALL.iter().position(|known| *known == standing);
    index.and_then(|index| GLYPHS.get(index)).copied().unwrap_or("?")
}

const fn colour(colour: AnsiColor) -> Style {
    Style::new().fg_color(Some(anstyle::Color::Ansi(colour)))
}

/// The style of a standing.
pub fn of_standing(standing: Standing) -> Style {
    match standing {
        Standing::Passed | Standing::SignedOff => colour(AnsiColor::Green),
        Standing::Waived => colour(AnsiColor::Cyan),
        Standing::Pending | Standing::NotApplicable => Style::new().dimmed(),
        Standing::Failed | Standing::Objected | Standing::Errored => colour(AnsiColor::Red).bold(),
        Standing::Unsigned | Standing::Stale | Standing::Undecided => {
            colour(AnsiColor::Yellow).bold()
        }
    }
}

/// The style of a severity.
pub fn of_severity(severity: Severity) -> Style {
    match severity {
        Severity::Critical => colour(AnsiColor::Red).bold(),
        Severity::High => colour(AnsiColor::Red),
        Severity::Medium => colour(AnsiColor::Yellow),
        Severity::Low => Style::new().dimmed(),
    }
}

/// The style of a verdict.
pub fn of_verdict(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Go => colour(AnsiColor::Green).bold(),
        Verdict::NoGo => colour(AnsiColor::Red).bold(),
        Verdict::Partial => Style::new().bold(),
    }
}

pub(super) const BOLD: Style = Style::new().bold();
pub(super) const DIM: Style = Style::new().dimmed();

/// Writes `text` in a style; what is not a terminal gets it plain, since the
/// streams of `cli` strip the codes.
pub(super) fn paint(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}
