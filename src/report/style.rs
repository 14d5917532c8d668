//! How standings, severities and verdicts look: a sign and a tone. The screen
//! draws the same tones in its own colours.

use anstyle::{AnsiColor, Style};

use crate::assess::{Standing, Verdict};
use crate::model::Severity;

/// What a colour says, whatever the colour is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Tone {
    /// A check or a verdict says yes.
    Good,
    /// People say yes.
    Signed,
    /// It may be ignored for a time.
    Waived,
    /// Nothing to do here.
    Quiet,
    /// It waits for something.
    Waits,
    /// It held once.
    Worn,
    /// Something blocks it.
    Bad,
}

/// The tone of a standing.
pub(crate) fn of_standing(standing: Standing) -> Tone {
    match standing {
        Standing::Passed => Tone::Good,
        Standing::SignedOff => Tone::Signed,
        Standing::Waived => Tone::Waived,
        Standing::Pending | Standing::NotApplicable => Tone::Quiet,
        Standing::Unsigned | Standing::Undecided => Tone::Waits,
        Standing::Stale => Tone::Worn,
        Standing::Failed | Standing::Objected | Standing::Errored => Tone::Bad,
    }
}

/// The tone of a severity.
pub(crate) fn of_severity(severity: Severity) -> Tone {
    match severity {
        Severity::Critical => Tone::Bad,
        Severity::High => Tone::Worn,
        Severity::Medium | Severity::Low => Tone::Quiet,
    }
}

/// The tone of a verdict.
pub(crate) fn of_verdict(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Go => Tone::Good,
        Verdict::NoGo => Tone::Bad,
        Verdict::Partial => Tone::Waits,
    }
}

/// The sign of a standing.
pub(crate) fn sign(standing: Standing) -> &'static str {
    match standing {
        Standing::Pending => "·",
        Standing::Passed => "✓",
        Standing::SignedOff => "✎",
        Standing::Waived => "≈",
        Standing::NotApplicable => "–",
        Standing::Failed => "✗",
        Standing::Unsigned => "○",
        Standing::Stale => "↻",
        Standing::Objected => "⊘",
        Standing::Errored => "E",
        Standing::Undecided => "?",
    }
}

/// Its style in text.
pub(crate) fn style(tone: Tone) -> Style {
    let colour = |colour: AnsiColor| Style::new().fg_color(Some(anstyle::Color::Ansi(colour)));
    match tone {
        Tone::Good => colour(AnsiColor::Green),
        Tone::Signed => colour(AnsiColor::Cyan),
        Tone::Waived => colour(AnsiColor::Magenta),
        Tone::Quiet => Style::new().dimmed(),
        Tone::Waits | Tone::Worn => colour(AnsiColor::Yellow).bold(),
        Tone::Bad => colour(AnsiColor::Red).bold(),
    }
}

pub(super) const BOLD: Style = Style::new().bold();
pub(super) const PLAIN: Style = Style::new();
pub(super) const DIM: Style = Style::new().dimmed();

/// Writes `text` in a style; what is not a terminal gets it plain, since the
/// streams of `cli` strip the codes.
pub(super) fn paint(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

/// Writes `text` in the style of a tone.
pub(super) fn tint(tone: Tone, text: impl std::fmt::Display) -> String {
    paint(style(tone), text)
}
