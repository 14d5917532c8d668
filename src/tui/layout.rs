//! Where the parts of every screen are, for drawing them and for finding what a
//! click hit.

use ratatui::layout::Rect;

use super::known::Known;

/// The smallest screen that is usable.
pub(crate) const SMALLEST: (u16, u16) = (40, 12);

/// The largest that is drawn on: a terminal may claim any size, and each cell
/// costs memory.
pub(crate) const LARGEST: (u16, u16) = (500, 300);

/// What every screen has around it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Parts {
    /// One line at the top, when there is something to say there.
    pub(crate) hint: Option<Rect>,
    /// Two lines: the verdict and the counts.
    pub(crate) header: Rect,
    /// The screen in front; its first line holds titles.
    pub(crate) body: Rect,
    /// The line at the bottom.
    pub(crate) footer: Rect,
}

/// How much of a terminal of this size is drawn on.
pub(crate) fn drawn(size: (u16, u16)) -> (u16, u16) {
    (size.0.min(LARGEST.0), size.1.min(LARGEST.1))
}

/// Divides the screen; nothing when it is too small.
pub(crate) fn parts(known: &Known) -> Option<Parts> {
    let (width, height) = known.size;
    if width < SMALLEST.0 || height < SMALLEST.1 {
        return None;
    }
    let hint_height = u16::from(known.hint.is_some() && height > SMALLEST.1 + 4);
    let line = |y, height| Rect::new(0, y, width, height);
    let top = hint_height + 2;
    Some(Parts {
        hint: (hint_height > 0).then(|| line(0, 1)),
        header: line(hint_height, 2),
        body: line(top, height - top - 1),
        footer: line(height - 1, 1),
    })
}

/// Where a dialog with this many lines of text and of fixed lines below goes.
pub(crate) fn dialog(size: (u16, u16), text: usize, fixed: usize) -> Rect {
    let (width, height) = size;
    let columns = if width < 60 { width } else { (width - 6).min(84) };
    let wanted = u16::try_from(text + fixed + 2).unwrap_or(u16::MAX);
    let rows = wanted.min(if height < 20 { height } else { height - 2 });
    Rect::new((width - columns) / 2, (height - rows) / 2, columns, rows)
}

/// How many columns a dialog's text has.
pub(crate) fn dialog_columns(size: (u16, u16)) -> usize {
    usize::from(dialog(size, 0, 0).width).saturating_sub(5)
}
