//! Where the list and the detail are.

use ratatui::layout::Rect;

use super::board::Pane;

/// Below this many columns there is room for one pane at a time.
const WIDE: u16 = 100;

/// A list wider than this is hard to follow from title to standing.
const WIDEST: u16 = 120;

/// Prose is not set wider than this.
const LINE: u16 = 100;

/// The parts of the checklist's screen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Panes {
    /// The first line, with the panes' titles.
    pub(crate) rule: Rect,
    /// The list, when it is on the screen.
    pub(crate) list: Option<Rect>,
    /// The line between two panes.
    pub(crate) divider: Option<Rect>,
    /// The detail, when it is on the screen.
    pub(crate) detail: Option<Rect>,
}

/// Divides the screen.
pub(crate) fn panes(area: Rect, focus: Pane) -> Panes {
    let rule = Rect { height: 1, ..area };
    let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    if area.width < WIDE {
        let (list, detail) = match focus {
            Pane::List => (Some(body), None),
            Pane::Detail => (None, Some(body)),
        };
        return Panes { rule, list, divider: None, detail };
    }
    // what prose leaves free goes to the list
    let left = (area.width * 9 / 20).clamp(46, 80);
    let left = left.max(area.width.saturating_sub(LINE + 4).min(WIDEST));
    let right = Rect { x: left + 1, width: area.width - left - 1, ..body };
    Panes {
        rule,
        list: Some(Rect { width: left, ..body }),
        divider: Some(Rect { x: left, width: 1, ..body }),
        detail: Some(right),
    }
}

/// The inside of the detail: air at both sides, a place for the scroll bar at
/// the right, and lines no longer than eyes like.
pub(crate) fn detail_text(area: Rect) -> Rect {
    Rect { x: area.x + 1, width: area.width.saturating_sub(3).min(LINE), ..area }
}
