//! Draws the dialog on top over everything.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;
use ratatui::widgets::{Block, Clear, Paragraph};

use super::open::Open;
use crate::tui::known::Known;
use crate::tui::layout;
use crate::tui::theme::Role;
use crate::tui::widget::spans::scrollbar;

/// Draws it.
pub(crate) fn draw(frame: &mut Frame<'_>, known: &Known, open: &Open) {
    let sheet = open.sheet(known);
    let area = layout::dialog(known.size, sheet.text.len(), sheet.foot.len());
    let style = |role| known.theme.style(role);
    let block = Block::bordered()
        .border_set(known.glyphs.border)
        .border_style(style(Role::Rule))
        .title(format!(" {} ", sheet.title))
        .title_style(style(Role::Focused));
    let inner = block.inner(area);
    // what lies below steps back, with air around the dialog
    let whole = frame.area();
    let back = style(Role::Rule).remove_modifier(Modifier::all());
    let buffer = frame.buffer_mut();
    buffer.set_style(whole, Style::reset());
    buffer.set_style(whole, back);
    let air = Rect { x: area.x.saturating_sub(1), width: area.width + 2, ..area };
    frame.render_widget(Clear, air.intersection(whole));
    frame.render_widget(block, area);
    let foot_height = u16::try_from(sheet.foot.len()).unwrap_or(u16::MAX).min(inner.height);
    let text = Rect {
        x: inner.x + 1,
        width: inner.width.saturating_sub(2),
        height: inner.height - foot_height,
        ..inner
    };
    let foot = Rect { y: text.bottom(), height: foot_height, ..text };
    let height = usize::from(text.height);
    let total = sheet.text.len();
    let scroll = open.scroll.min(total.saturating_sub(height));
    let shown: Vec<Line<'static>> = sheet.text.into_iter().skip(scroll).take(height).collect();
    frame.render_widget(Paragraph::new(shown), text);
    frame.render_widget(Paragraph::new(sheet.foot), foot);
    let right = Rect { x: inner.right().saturating_sub(1), width: 1, ..text };
    scrollbar(frame, known, right, scroll, total);
    if let Some((column, line)) = sheet.cursor {
        let column = u16::try_from(column).unwrap_or(0).min(foot.width);
        let line = u16::try_from(line).unwrap_or(0).min(foot_height.saturating_sub(1));
        frame.set_cursor_position((foot.x + column, foot.y + line));
    }
}
