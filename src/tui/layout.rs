//! Where the parts of the screen are, for drawing them and for finding what a
//! click hit.

use ratatui::layout::Rect;

use super::state::{Pane, State};

/// Below this many columns there is room for one pane at a time.
pub const WIDE: u16 = 100;

/// Prose is not set wider than this.
const LINE: u16 = 100;

/// The smallest screen that is usable.
pub const SMALLEST: (u16, u16) = (40, 12);

/// The parts of the screen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Areas {
    /// One line at the top, when there is something to say there.
    pub hint: Option<Rect>,
    /// Two lines: the verdict and the counts.
    pub header: Rect,
    /// The line below the header, with the panes' titles.
    pub rule: Rect,
    /// The list, when it is on the screen.
    pub list: Option<Rect>,
    /// The line between two panes.
    pub divider: Option<Rect>,
    /// The detail, when it is on the screen.
    pub detail: Option<Rect>,
    /// The line at the bottom.
    pub footer: Rect,
}

/// Divides the screen; nothing when it is too small.
pub fn areas(state: &State) -> Option<Areas> {
    let (width, height) = state.size;
    if width < SMALLEST.0 || height < SMALLEST.1 {
        return None;
    }
    let hint_height = u16::from(state.hint.is_some() && height > SMALLEST.1 + 4);
    let line = |y, height| Rect::new(0, y, width, height);
    let body_top = hint_height + 3;
    let body_height = height - body_top - 1;
    let (list, divider, detail) = if width >= WIDE {
        let left = (width * 9 / 20).clamp(46, 80);
        (
            Some(Rect::new(0, body_top, left, body_height)),
            Some(Rect::new(left, body_top, 1, body_height)),
            Some(Rect::new(left + 1, body_top, width - left - 1, body_height)),
        )
    } else {
        let whole = line(body_top, body_height);
        match state.focus {
            Pane::List => (Some(whole), None, None),
            Pane::Detail => (None, None, Some(whole)),
        }
    };
    Some(Areas {
        hint: (hint_height > 0).then(|| line(0, 1)),
        header: line(hint_height, 2),
        rule: line(hint_height + 2, 1),
        list,
        divider,
        detail,
        footer: line(height - 1, 1),
    })
}

/// The inside of the detail: air at both sides, a place for the scroll bar at
/// the right, and lines no longer than eyes like.
pub fn detail_text(area: Rect) -> Rect {
    Rect { x: area.x + 1, width: area.width.saturating_sub(3).min(LINE), ..area }
}

/// Where a dialog with this many lines of text and of fixed lines below goes.
pub fn dialog(size: (u16, u16), text: usize, fixed: usize) -> Rect {
    let (width, height) = size;
    let columns = if width < 60 { width } else { (width - 6).min(84) };
    let wanted = u16::try_from(text + fixed + 2).unwrap_or(u16::MAX);
    let rows = wanted.min(if height < 20 { height } else { height - 2 });
    Rect::new((width - columns) / 2, (height - rows) / 2, columns, rows)
}

/// How many columns a dialog's text has.
pub fn dialog_columns(size: (u16, u16)) -> usize {
    usize::from(dialog(size, 0, 0).width).saturating_sub(5)
}
