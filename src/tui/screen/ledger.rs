//! All records of the checklist's items, with what each says and whether it counts.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::base::{Screen, Shown, Step};
use crate::assess::{AssessedRecord, words};
use crate::checklist::Item;
use crate::model::Date;
use crate::model::words::count;
use crate::report::wrap;
use crate::tui::keys::binding::{Binding, Group, ch};
use crate::tui::keys::intent::{Action, Intent, Move};
use crate::tui::known::Known;
use crate::tui::theme::Role;
use crate::tui::widget::spans::{line, rule, scrollbar, span, spans_width};
use crate::tui::widget::writer::Writer;
use crate::tui::widget::{record, wheel};

/// How it is shown.
pub(crate) const SHOWN: Shown = Shown {
    binding: Binding {
        chords: &[ch('L')],
        intent: Intent::Show("ledger"),
        group: Group::Program,
        hint: "ledger",
        help: "all records of the checklist's items: who said what, and does it count",
    },
    show: |_| Box::new(LedgerScreen::default()),
};

/// What is selected and scrolled.
#[derive(Debug, Default)]
struct LedgerScreen {
    cursor: usize,
    offset: usize,
    scroll: usize,
}

/// A record and where its item stands in the checklist.
struct Row<'k> {
    at: (usize, usize),
    item: &'k Item,
    record: &'k AssessedRecord,
}

/// In the order of the checklist, those of one item with the latest first: an
/// order over all of them would rest on their authors' clocks.
fn rows(known: &Known) -> Vec<Row<'_>> {
    let Some(loaded) = &known.loaded else { return Vec::new() };
    let mut out = Vec::new();
    for (section, of) in loaded.checklist.sections.iter().enumerate() {
        for (number, item) in of.items.iter().enumerate() {
            let Some(assessed) = known.assessment(&item.id) else { continue };
            let at = (section, number);
            out.extend(assessed.records.iter().rev().map(|record| Row { at, item, record }));
        }
    }
    out
}

/// The list above, the selected record below.
fn halves(area: Rect) -> (Rect, Rect, Rect) {
    let inner = area.height.saturating_sub(2);
    let upper = inner / 2;
    let list = Rect { y: area.y + 1, height: upper, ..area };
    let rule = Rect { y: list.bottom(), height: 1, ..area };
    (list, rule, Rect { y: rule.bottom(), height: inner - upper, ..area })
}

fn doc(known: &Known, row: &Row<'_>, area: Rect) -> Vec<Line<'static>> {
    let columns = usize::from(area.width.saturating_sub(3).min(100));
    let mut w = Writer::new(known, columns);
    w.text(Role::Heading, 0, row.item.title.as_str());
    record::write(&mut w, row.record);
    w.doc.lines
}

fn row_line(known: &Known, row: &Row<'_>, selected: bool, width: usize) -> Line<'static> {
    let entry = &row.record.entry;
    let act = entry.record.statement.act();
    let state = words::state(&row.record.state).unwrap_or_default();
    let day = Date::of(entry.at).to_string();
    let mut spans = vec![
        span(known, Role::Muted, format!(" {day}  ")),
        span(known, Role::Text, format!("{:<10}  ", act.word())),
        span(known, Role::Text, format!("{}  ", row.item.id)),
        span(known, Role::Muted, format!("{}  ", entry.author.name)),
        span(known, Role::Muted, state),
    ];
    let room = width.saturating_sub(2);
    let whole: String = spans.iter().map(|span| span.content.as_ref()).collect();
    if selected || spans_width(&spans) > room {
        let role = if selected { Role::Selected } else { Role::Text };
        spans = vec![span(known, role, wrap::fit(&whole, room, known.glyphs.cut))];
    }
    let pointer = if selected { known.glyphs.pointer } else { " " };
    spans.insert(0, span(known, Role::Pointer, pointer));
    Line::from(spans)
}

impl Screen for LedgerScreen {
    fn draw(&self, frame: &mut Frame<'_>, known: &Known, area: Rect) {
        let (list, middle, below) = halves(area);
        let rows = rows(known);
        let width = usize::from(area.width);
        let title = format!("ledger, {}", count(rows.len(), "record"));
        line(frame, area, rule(known, width, Role::Focused, &title));
        let Some(row) = rows.get(self.cursor) else {
            let text = "  Nobody has signed, objected or waived anything yet.";
            let text = span(known, Role::Muted, wrap::cut(text, width, known.glyphs.cut));
            return line(frame, list, vec![text]);
        };
        let height = usize::from(list.height);
        let shown = rows.iter().enumerate().skip(self.offset).take(height);
        let lines: Vec<Line<'static>> =
            shown.map(|(at, row)| row_line(known, row, at == self.cursor, width)).collect();
        frame.render_widget(Paragraph::new(lines), list);
        let right = Rect { x: area.right().saturating_sub(1), width: 1, ..list };
        scrollbar(frame, known, right, self.offset, rows.len());
        let title = format!("record {}", row.record.entry.id.short());
        line(frame, middle, rule(known, width, Role::Muted, &title));
        let text = Rect { x: below.x + 1, width: below.width.saturating_sub(2), ..below };
        let lines: Vec<Line<'static>> =
            doc(known, row, below).into_iter().skip(self.scroll).collect();
        frame.render_widget(Paragraph::new(lines), text);
    }

    fn go(&mut self, known: &mut Known, area: Rect, way: Move) -> Step {
        let rows = rows(known);
        match way {
            Move::Scroll(way) => {
                let height = usize::from(halves(area).0.height);
                self.cursor = way.from(self.cursor, height, rows.len().saturating_sub(1));
                self.scroll = 0;
            }
            Move::Enter => {
                if let Some(row) = rows.get(self.cursor) {
                    return Step::Select(row.at.0, row.at.1);
                }
            }
            Move::Back | Move::Left => return Step::Close,
            Move::Right => self.scroll += 1,
            Move::OtherPane | Move::Filter | Move::NextBlocker | Move::PreviousBlocker => {}
        }
        Step::Done
    }

    fn settle(&mut self, known: &Known, area: Rect) {
        let rows = rows(known);
        let (list, _, below) = halves(area);
        let height = usize::from(list.height).max(1);
        self.cursor = self.cursor.min(rows.len().saturating_sub(1));
        self.offset = self.offset.min(self.cursor).max((self.cursor + 1).saturating_sub(height));
        let lines = rows.get(self.cursor).map_or(0, |row| doc(known, row, below).len());
        self.scroll = self.scroll.min(lines.saturating_sub(usize::from(below.height)));
    }

    fn item<'k>(&self, known: &'k Known) -> Option<&'k Item> {
        rows(known).get(self.cursor).map(|row| row.item)
    }

    fn useful(&self, known: &Known) -> Vec<Intent> {
        let mut out = vec![Intent::Move(Move::Back)];
        if let Some(item) = self.item(known) {
            out.push(Intent::Move(Move::Enter));
            if known.is_mine(&item.id) && known.read_only().is_none() {
                out.push(Intent::Item(Action::Withdraw));
            }
        }
        out
    }

    fn on_mouse(&mut self, known: &mut Known, area: Rect, event: MouseEvent) -> Step {
        let (list, _, below) = halves(area);
        let at = Position::new(event.column, event.row);
        match wheel::notch(event) {
            Some(way) if below.contains(at) => self.scroll = way.from(self.scroll),
            Some(way) => self.cursor = way.from(self.cursor),
            None if event.kind == MouseEventKind::Down(MouseButton::Left) && list.contains(at) => {
                let row = self.offset + usize::from(at.y - list.y);
                if row < rows(known).len() {
                    self.cursor = row;
                }
            }
            None => {}
        }
        Step::Done
    }
}
