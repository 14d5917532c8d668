//! Drawing: reads the state, changes nothing.

mod dialog;
mod footer;
mod header;
mod list;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::layout::{self, SMALLEST};
use super::state::State;
use super::theme::Role;
use super::{doc, wrap};

/// Draws the whole screen.
pub fn draw(frame: &mut Frame<'_>, state: &State) {
    let Some(areas) = layout::areas(state) else {
        return too_small(frame, state);
    };
    if let (Some(area), Some(hint)) = (areas.hint, &state.hint) {
        let text = wrap::cut(hint.as_str(), usize::from(area.width) - 2, state.glyphs.cut);
        line(frame, area, vec![Span::raw(" "), span(state, Role::Place, text)]);
    }
    header::draw(frame, state, areas.header);
    header::draw_rule(frame, state, &areas);
    if let Some(area) = areas.list {
        list::draw(frame, state, area);
    }
    if let Some(area) = areas.divider {
        let bars = vec![Line::from(state.glyphs.bar); usize::from(area.height)];
        frame.render_widget(Paragraph::new(bars).style(state.theme.style(Role::Rule)), area);
    }
    if let Some(area) = areas.detail {
        detail(frame, state, area);
    }
    footer::draw(frame, state, areas.footer);
    if !state.dialogs.is_empty() {
        dialog::draw(frame, state);
    }
}

fn too_small(frame: &mut Frame<'_>, state: &State) {
    let (width, height) = state.size;
    let text = format!(
        "The terminal is too small: {width}x{height}, gonogo needs {}x{}. q leaves.",
        SMALLEST.0, SMALLEST.1
    );
    let lines: Vec<Line<'static>> =
        wrap::wrap(&text, usize::from(width)).into_iter().map(Line::from).collect();
    frame.render_widget(Paragraph::new(lines), frame.area());
}

fn detail(frame: &mut Frame<'_>, state: &State, area: Rect) {
    let text = layout::detail_text(area);
    let height = usize::from(text.height);
    let doc = doc::build(state, usize::from(text.width));
    let total = doc.lines.len();
    let shown: Vec<Line<'static>> =
        doc.lines.into_iter().skip(state.detail.scroll).take(height).collect();
    frame.render_widget(Paragraph::new(shown), text);
    let right = Rect { x: area.right().saturating_sub(1), width: 1, ..area };
    scrollbar(frame, state, right, state.detail.scroll, total);
}

/// A bar at the right that says where in a longer text this is.
fn scrollbar(frame: &mut Frame<'_>, state: &State, area: Rect, first: usize, total: usize) {
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
                true => span(state, Role::Muted, state.glyphs.thumb),
                false => Span::raw(" "),
            })
        })
        .collect();
    frame.render_widget(Paragraph::new(bars), area);
}

/// A piece of text in a role.
fn span(state: &State, role: Role, text: impl Into<String>) -> Span<'static> {
    Span::styled(text.into(), state.theme.style(role))
}

/// Draws one line.
fn line(frame: &mut Frame<'_>, area: Rect, spans: Vec<Span<'static>>) {
    frame.render_widget(Paragraph::new(Line::from(spans)), Rect { height: 1, ..area });
}

/// How many columns some pieces take.
fn spans_width(spans: &[Span<'_>]) -> usize {
    spans.iter().map(Span::width).sum()
}
