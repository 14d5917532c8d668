//! Draws the list: only the rows that are on the screen are built.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::board::{ChecklistScreen, Pane, item_at};
use super::rows::Row;
use crate::assess::Standing;
use crate::checklist::Item;
use crate::model::Severity;
use crate::report::wrap;
use crate::tui::known::Known;
use crate::tui::theme::Role;
use crate::tui::widget::spans::{scrollbar, span};

/// Draws it.
pub(crate) fn draw(board: &ChecklistScreen, frame: &mut Frame<'_>, known: &Known, area: Rect) {
    let height = usize::from(area.height);
    let width = usize::from(area.width);
    if board.list.rows.is_empty() {
        let text = match &known.loaded {
            None => format!("{} Reading the repository…", known.glyphs.spin(known.beat)),
            Some(_) if board.terms().is_empty() => "The checklist has no items.".to_owned(),
            Some(_) => "Nothing matches the filter; esc clears it.".to_owned(),
        };
        let text = wrap::cut(&text, width.saturating_sub(4), known.glyphs.cut);
        let lines =
            vec![Line::default(), Line::from(span(known, Role::Muted, format!("  {text}")))];
        frame.render_widget(Paragraph::new(lines), area);
        return;
    }
    let columns = Columns::of(known, width);
    let rows = board.list.rows.iter().enumerate().skip(board.list.offset).take(height);
    let lines: Vec<Line<'static>> =
        rows.map(|(at, &row)| line(board, known, row, at == board.list.cursor, &columns)).collect();
    frame.render_widget(Paragraph::new(lines), area);
    let right = Rect { x: area.right().saturating_sub(1), width: 1, ..area };
    scrollbar(frame, known, right, board.list.offset, board.list.rows.len());
}

/// How wide the parts of a row are.
struct Columns {
    /// From the sign to the scroll bar.
    whole: usize,
    /// How far items stand in below their section.
    indent: usize,
    severity: usize,
    /// The column of standings; nothing on a narrow screen, where each row
    /// takes what its own word needs.
    standing: Option<usize>,
}

impl Columns {
    fn of(known: &Known, width: usize) -> Self {
        // as wide as the longest word that occurs, so that titles get the rest
        let words = known.assessed.iter().flat_map(|assessed| assessed.all.counts.keys());
        let longest = words.map(|standing| standing.word().len()).max().unwrap_or(0).max(8);
        let severity = match width {
            ..46 => 0,
            46..64 => 4,
            _ => 8,
        };
        // the pointer, and a column for the scroll bar with air before it
        let whole = width.saturating_sub(3);
        let indent = if width >= 46 { 2 } else { 0 };
        Self { whole, indent, severity, standing: (width >= 64).then_some(longest) }
    }
}

fn line(
    board: &ChecklistScreen,
    known: &Known,
    row: Row,
    selected: bool,
    columns: &Columns,
) -> Line<'static> {
    let mut spans = match row {
        Row::Overview => overview(known, columns),
        Row::Section(at) => section(board, known, at, columns),
        Row::Item { .. } => match item_at(known, row) {
            Some(item) => item_spans(known, item, columns),
            None => Vec::new(),
        },
    };
    let pointer = if selected { known.glyphs.pointer } else { " " };
    if selected {
        let role = match board.focus {
            Pane::List => Role::Selected,
            Pane::Detail => Role::SelectedElsewhere,
        };
        let style = known.theme.style(role);
        for part in &mut spans {
            // one calm bar: the sign and the word say what a colour would
            part.style = match board.focus {
                Pane::List => style,
                Pane::Detail => part.style.patch(style),
            };
        }
    }
    spans.insert(0, span(known, Role::Pointer, pointer));
    Line::from(spans)
}

fn overview(known: &Known, columns: &Columns) -> Vec<Span<'static>> {
    let right = match &known.assessed {
        None => Vec::new(),
        Some(assessed) => {
            let items = &assessed.all.items;
            let settled = items.iter().filter(|item| item.standing.is_settled()).count();
            vec![(Role::Muted, format!("{settled}/{}", items.len()))]
        }
    };
    heading(known, "Overview".to_owned(), right, columns)
}

fn section(
    board: &ChecklistScreen,
    known: &Known,
    at: usize,
    columns: &Columns,
) -> Vec<Span<'static>> {
    let checklist = known.loaded.as_ref().map(|loaded| &loaded.checklist);
    let Some(section) = checklist.and_then(|list| list.sections.get(at)) else { return Vec::new() };
    let closed = board.list.closed.contains(&at) && board.terms().is_empty();
    let mark = if closed { known.glyphs.closed } else { known.glyphs.open };
    let assessed = section.items.iter().filter_map(|item| known.assessment(&item.id));
    let (mut settled, mut blocking) = (0, 0);
    for item in assessed {
        settled += usize::from(item.standing.is_settled());
        blocking += usize::from(known.blocks(item));
    }
    let mut right = Vec::new();
    if closed && blocking > 0 {
        let text = format!("{blocking} blocking  ");
        right.push((Role::Standing(Standing::Failed), text));
    }
    right.push((Role::Muted, format!("{settled}/{}", section.items.len())));
    heading(known, format!("{mark} {}", section.title), right, columns)
}

/// A row across all columns, with something at its right.
fn heading(
    known: &Known,
    text: String,
    right: Vec<(Role, String)>,
    columns: &Columns,
) -> Vec<Span<'static>> {
    let taken: usize = right.iter().map(|(_, text)| wrap::width(text)).sum();
    let room = columns.whole.saturating_sub(taken + 1);
    let text = wrap::fit(&text, room, known.glyphs.cut);
    let mut spans = vec![span(known, Role::Heading, format!(" {text}"))];
    spans.extend(right.into_iter().map(|(role, text)| span(known, role, text)));
    spans
}

fn item_spans(known: &Known, item: &Item, columns: &Columns) -> Vec<Span<'static>> {
    let standing = known.standing(&item.id);
    let running = known.runs.running.contains(&item.id);
    let (glyph, word) = match running {
        true => (known.glyphs.spin(known.beat), "checking"),
        false => (known.glyphs.standing(standing), standing.word()),
    };
    let role = Role::Standing(standing);
    let calm = standing.is_settled() || standing == Standing::Pending;
    let word_room = columns.standing.unwrap_or(wrap::width(word));
    let severity_room = if columns.severity > 0 { columns.severity + 2 } else { 0 };
    let room = columns.whole.saturating_sub(columns.indent + 3 + severity_room + 2 + word_room);
    let title = wrap::fit(standing.headline(item).as_str(), room, known.glyphs.cut);
    let title_role = if calm { Role::Muted } else { Role::Text };
    let mut spans = vec![span(known, role, format!(" {}{glyph} ", " ".repeat(columns.indent)))];
    let severity = (columns.severity > 0).then(|| {
        let word = severity_word(item.severity, columns.severity);
        let role = if calm { Role::Muted } else { Role::Severity(item.severity) };
        span(known, role, wrap::fit(word, columns.severity, ""))
    });
    // where words at the right stand in no column, only the left side aligns
    match (severity, columns.standing) {
        (Some(severity), None) => {
            spans.extend([severity, Span::raw("  "), span(known, title_role, title)]);
        }
        (Some(severity), Some(_)) => {
            spans.extend([span(known, title_role, title), Span::raw("  "), severity]);
        }
        (None, _) => spans.push(span(known, title_role, title)),
    }
    spans.push(Span::raw("  "));
    spans.push(span(known, role, wrap::fit(word, word_room, "")));
    spans
}

fn severity_word(severity: Severity, columns: usize) -> &'static str {
    match (severity, columns) {
        (severity, 8..) => severity.word(),
        (Severity::Critical, _) => "crit",
        (Severity::High, _) => "high",
        (Severity::Medium, _) => "med",
        (Severity::Low, _) => "low",
    }
}
