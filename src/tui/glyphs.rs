//! The signs that the screen is drawn with: one set of Unicode, one of ASCII.

use ratatui::symbols::border;

use crate::assess::Standing;
use crate::report::style;

/// A set of signs. Each is one column wide.
#[derive(Debug)]
pub(crate) struct Glyphs {
    /// Points at the selection.
    pub(crate) pointer: &'static str,
    /// An open section.
    pub(crate) open: &'static str,
    /// A closed section.
    pub(crate) closed: &'static str,
    /// Text goes on where it was cut.
    pub(crate) cut: &'static str,
    /// A horizontal line.
    pub(crate) rule: &'static str,
    /// A vertical line.
    pub(crate) bar: &'static str,
    /// A line from above ends on a horizontal one.
    pub(crate) tee: &'static str,
    /// Before a piece of advice.
    pub(crate) advice: &'static str,
    /// Between things on one line.
    pub(crate) dot: &'static str,
    /// A part of a progress bar that is done.
    pub(crate) done: &'static str,
    /// A part of a progress bar that is left.
    pub(crate) left: &'static str,
    /// The part of a scroll bar that is here.
    pub(crate) thumb: &'static str,
    /// Before a warning.
    pub(crate) warning: &'static str,
    /// What a spinner goes through.
    pub(crate) spinner: &'static [&'static str],
    /// Around dialogs.
    pub(crate) border: border::Set<'static>,
    /// The names of the arrow keys: up, down, left, right.
    pub(crate) arrows: [&'static str; 4],
    /// The sign of a standing.
    sign: fn(Standing) -> &'static str,
}

/// For terminals that show Unicode.
pub(crate) const UNICODE: Glyphs = Glyphs {
    pointer: "▸",
    open: "▾",
    closed: "▹",
    cut: "…",
    rule: "─",
    bar: "│",
    tee: "┬",
    advice: "→",
    dot: "·",
    done: "█",
    left: "░",
    thumb: "┃",
    warning: "▲",
    spinner: &["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"],
    border: border::ROUNDED,
    arrows: ["↑", "↓", "←", "→"],
    sign: style::sign,
};

/// For those that do not.
pub(crate) const ASCII: Glyphs = Glyphs {
    pointer: ">",
    open: "-",
    closed: "+",
    cut: "~",
    rule: "-",
    bar: "|",
    tee: "+",
    advice: ">",
    dot: "-",
    done: "#",
    left: ".",
    thumb: "#",
    warning: "!",
    spinner: &["|", "/", "-", "\\"],
    border: border::Set {
        top_left: "+",
        top_right: "+",
        bottom_left: "+",
        bottom_right: "+",
        vertical_left: "|",
        vertical_right: "|",
        horizontal_top: "-",
        horizontal_bottom: "-",
    },
    arrows: ["up", "down", "left", "right"],
    sign: ascii_sign,
};

fn ascii_sign(standing: Standing) -> &'static str {
    match standing {
        Standing::Pending => ".",
        Standing::Passed => "+",
        Standing::SignedOff => "*",
        Standing::Waived => "~",
        Standing::NotApplicable => "-",
        Standing::Failed => "x",
        Standing::Unsigned => "o",
        Standing::Stale => "@",
        Standing::Objected => "!",
        Standing::Errored => "E",
        Standing::Undecided => "?",
    }
}

impl Glyphs {
    /// The sign of a standing.
    pub(crate) fn standing(&self, standing: Standing) -> &'static str {
        (self.sign)(standing)
    }

    /// The spinner's picture at a beat.
    pub(crate) fn spin(&self, beat: usize) -> &'static str {
        self.spinner.get(beat % self.spinner.len().max(1)).copied().unwrap_or("*")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use unicode_width::UnicodeWidthStr;

    use super::*;

    #[test]
    fn signs_are_one_column_wide_and_tell_standings_apart() {
        for set in [UNICODE, ASCII] {
            let signs = Standing::ALL.map(|standing| set.standing(standing));
            let distinct: HashSet<_> = signs.iter().collect();
            assert_eq!(distinct.len(), Standing::ALL.len());
            let single = [set.pointer, set.open, set.closed, set.cut, set.rule, set.bar, set.dot];
            for sign in single.iter().chain(&signs).chain(set.spinner) {
                assert_eq!(sign.width(), 1, "{sign}");
            }
        }
        for sign in Standing::ALL.map(ascii_sign).iter().chain(ASCII.spinner) {
            assert!(sign.is_ascii());
        }
    }
}
