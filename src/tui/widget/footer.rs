//! Draws the bottom line: what was said, or what the keys do here.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::spans::{line, span};
use crate::report::wrap;
use crate::tui::keys::binding::Binding;
use crate::tui::known::{Known, Toast};
use crate::tui::theme::Role;

/// Draws what was said.
pub(crate) fn draw_toast(frame: &mut Frame<'_>, known: &Known, area: Rect, toast: &Toast) {
    let role = if toast.bad { Role::Warning } else { Role::Success };
    let room = usize::from(area.width).saturating_sub(2);
    let text = wrap::cut(&toast.text, room, known.glyphs.cut);
    line(frame, area, vec![Span::raw(" "), span(known, role, text)]);
}

/// Draws the keys that matter here, the most useful first, as many as fit;
/// `last` are always there.
pub(crate) fn draw_keys(
    frame: &mut Frame<'_>,
    known: &Known,
    area: Rect,
    useful: &[&Binding],
    last: &[&Binding],
) {
    let mut spans = vec![Span::raw(" ")];
    let reserved: usize = last.iter().map(|binding| width(known, binding)).sum();
    let mut room = usize::from(area.width).saturating_sub(2 + reserved);
    for binding in useful {
        let columns = width(known, binding);
        if columns <= room {
            room -= columns;
            push(known, &mut spans, binding);
        }
    }
    for binding in last {
        push(known, &mut spans, binding);
    }
    line(frame, area, spans);
}

fn width(known: &Known, binding: &Binding) -> usize {
    wrap::width(&binding.name(known.glyphs)) + 1 + wrap::width(binding.hint) + 2
}

fn push(known: &Known, spans: &mut Vec<Span<'static>>, binding: &Binding) {
    spans.push(span(known, Role::Key, binding.name(known.glyphs)));
    spans.push(span(known, Role::Muted, format!(" {}  ", binding.hint)));
}
