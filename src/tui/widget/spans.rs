//! Pieces of text in a role, lines of them, and the bar at the right.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::report::wrap;
use crate::tui::known::Known;
use crate::tui::theme::Role;

/// A piece of text in a role.
pub(crate) fn span(known: &Known, role: Role, text: impl Into<String>) -> Span<'static> {
    Span::styled(text.into(), known.theme.style(role))
}

/// How many columns some pieces take.
pub(crate) fn spans_width(spans: &[Span<'_>]) -> usize {
    spans.iter().map(Span::width).sum()
}

/// Draws one line.
pub(crate) fn line(frame: &mut Frame<'_>, area: Rect, spans: Vec<Span<'static>>) {
    frame.render_widget(Paragraph::new(Line::from(spans)), Rect { height: 1, ..area });
}

/// A horizontal line of some columns with a title in it.
pub(crate) fn rule(known: &Known, columns: usize, role: Role, title: &str) -> Vec<Span<'static>> {
    let rule = |columns: usize| span(known, Role::Rule, known.glyphs.rule.repeat(columns));
    let title = wrap::cut(title, columns.saturating_sub(4), known.glyphs.cut);
    let title = if title.is_empty() { title } else { format!(" {title} ") };
    let used = 1 + wrap::width(&title);
    vec![rule(1.min(columns)), span(known, role, title), rule(columns.saturating_sub(used))]
}

/// A bar at the right that says where in a longer text this is.
pub(crate) fn scrollbar(
    frame: &mut Frame<'_>,
    known: &Known,
    area: Rect,
    first: usize,
    total: usize,
) {
    let height = usize::from(area.height);
    if total <= height || height == 0 {
        return;
    }
    let size = (height * height / total).max(1);
    let room = height - size;
    let hidden = total - height;
    let top = (first * room).div_ceil(hidden.max(1)).min(room);
    let bars: Vec<Line<'static>> = (0..height)
        .map(|at| {
            let on = (top..top + size).contains(&at);
            Line::from(match on {
                true => span(known, Role::Muted, known.glyphs.thumb),
                false => Span::raw(" "),
            })
        })
        .collect();
    frame.render_widget(Paragraph::new(bars), area);
}
