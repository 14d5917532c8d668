//! The checklist as a screen.

use crossterm::event::{KeyEvent, MouseEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::board::{ChecklistScreen, Pane};
use super::rows::Row;
use super::{detail, filter, list, mouse, moves, panes, settle};
use crate::checklist::Item;
use crate::model::Place;
use crate::model::words::count;
use crate::report::wrap;
use crate::tui::keys::intent::{Command, Intent, Move, Scroll};
use crate::tui::known::Known;
use crate::tui::screen::base::{Screen, Step};
use crate::tui::theme::Role;
use crate::tui::widget::spans::{line, rule, scrollbar, span};
use crate::tui::widget::{input, useful};

impl Screen for ChecklistScreen {
    fn draw(&self, frame: &mut Frame<'_>, known: &Known, area: Rect) {
        let panes = panes::panes(area, self.focus);
        draw_titles(self, frame, known, &panes);
        if let Some(area) = panes.list {
            list::draw(self, frame, known, area);
        }
        if let Some(area) = panes.divider {
            let bars = vec![Line::from(known.glyphs.bar); usize::from(area.height)];
            frame.render_widget(Paragraph::new(bars).style(known.theme.style(Role::Rule)), area);
        }
        if let Some(area) = panes.detail {
            draw_detail(self, frame, known, area);
        }
    }

    fn go(&mut self, known: &mut Known, area: Rect, way: Move) -> Step {
        moves::go(self, known, area, way)
    }

    fn settle(&mut self, known: &Known, area: Rect) {
        settle::settle(self, known, area);
    }

    fn item<'k>(&self, known: &'k Known) -> Option<&'k Item> {
        self.selected(known)
    }

    fn useful(&self, known: &Known) -> Vec<Intent> {
        let in_list = self.focus == Pane::List;
        let mut out = Vec::new();
        if !in_list {
            out.push(Intent::Move(Move::Back));
        }
        match self.selected(known) {
            Some(item) => {
                let (first, rest) = useful::actions(known, item);
                out.extend(first);
                if in_list {
                    out.push(Intent::Move(Move::Enter));
                }
                out.extend(rest);
                out.extend([Move::NextBlocker, Move::Filter].map(Intent::Move));
                out.extend(useful::always());
            }
            None if known.loaded.is_some() => {
                out.push(Intent::Move(Move::NextBlocker));
                if in_list {
                    out.push(Intent::Move(Move::Enter));
                }
                out.push(Intent::Move(Move::Filter));
                out.push(Intent::Program(Command::RerunAll));
                out.extend(useful::sharing(known));
                out.push(Intent::Move(Move::Scroll(Scroll::Down)));
            }
            None => {}
        }
        out
    }

    /// Of the selected finding, else of the first that has one.
    fn place(&self, known: &Known) -> Option<Place> {
        let places = super::seen::places(known, self.selected(known)?);
        match self.detail.finding.and_then(|at| places.get(at)) {
            Some(place) => place.clone(),
            None => places.into_iter().flatten().next(),
        }
    }

    fn copies_place(&self) -> bool {
        self.focus == Pane::Detail
    }

    fn on_mouse(&mut self, known: &mut Known, area: Rect, event: MouseEvent) -> Step {
        mouse::on_mouse(self, known, area, event)
    }

    fn is_typing(&self) -> bool {
        self.filter.typing
    }

    fn on_typed(&mut self, known: &mut Known, area: Rect, key: &KeyEvent) -> Step {
        filter::on_key(self, known, area, key)
    }

    fn on_paste(&mut self, known: &mut Known, _area: Rect, text: &str) {
        input::insert(&mut self.filter.input, text);
        filter::first_match(self, known);
    }

    fn draw_typed(&self, frame: &mut Frame<'_>, known: &Known, area: Rect) {
        filter::draw(self, frame, known, area);
    }
}

fn draw_detail(board: &ChecklistScreen, frame: &mut Frame<'_>, known: &Known, area: Rect) {
    let text = panes::detail_text(area);
    let height = usize::from(text.height);
    let doc = detail::build(board, known, usize::from(text.width));
    let total = doc.lines.len();
    let shown: Vec<Line<'static>> =
        doc.lines.into_iter().skip(board.detail.scroll).take(height).collect();
    frame.render_widget(Paragraph::new(shown), text);
    let right = Rect { x: area.right().saturating_sub(1), width: 1, ..area };
    scrollbar(frame, known, right, board.detail.scroll, total);
}

/// Draws the first line, with the panes' titles in it.
fn draw_titles(
    board: &ChecklistScreen,
    frame: &mut Frame<'_>,
    known: &Known,
    panes: &panes::Panes,
) {
    let mut spans: Vec<Span<'static>> = Vec::new();
    let mut piece = |width: usize, pane: Pane| {
        let title = match pane {
            Pane::List => list_title(board, known),
            Pane::Detail => detail_title(board, known),
        };
        let role = if board.focus == pane { Role::Focused } else { Role::Muted };
        spans.extend(rule(known, width, role, &title));
    };
    let whole = usize::from(panes.rule.width);
    match (panes.list, panes.detail) {
        (Some(list), Some(_)) => {
            let left = usize::from(list.width);
            piece(left, Pane::List);
            piece(whole - left, Pane::Detail);
            // the divider hangs on the rule
            if let Some(first) = spans.get_mut(3) {
                *first = span(known, Role::Rule, known.glyphs.tee);
            }
        }
        (Some(_), None) => piece(whole, Pane::List),
        (None, _) => piece(whole, Pane::Detail),
    }
    line(frame, panes.rule, spans);
}

fn list_title(board: &ChecklistScreen, known: &Known) -> String {
    let Some(loaded) = &known.loaded else { return String::new() };
    let total = loaded.checklist.items().count();
    match board.filter.input.value() {
        "" => count(total, "item"),
        typed => {
            let typed = wrap::cut(typed, 60, known.glyphs.cut);
            format!("{} of {total}, filter: {typed}", board.list.shown)
        }
    }
}

fn detail_title(board: &ChecklistScreen, known: &Known) -> String {
    match board.row() {
        Some(Row::Overview) => "overview".to_owned(),
        Some(Row::Section(_)) => "section".to_owned(),
        Some(Row::Item { .. }) => {
            board.selected(known).map(|item| item.id.to_string()).unwrap_or_default()
        }
        None => String::new(),
    }
}
