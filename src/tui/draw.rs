//! Drawing: reads the state, changes nothing.

use ratatui::Frame;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::dialog;
use super::keys::intent::{Command, Intent};
use super::known::Known;
use super::layout::{self, SMALLEST};
use super::registry;
use super::state::State;
use super::theme::Role;
use super::widget::spans::{line, span};
use super::widget::{footer, header};
use crate::report::wrap;

/// These keys stand in the bottom line whatever else does.
const LAST: [Intent; 2] = [Intent::Open("help"), Intent::Program(Command::Quit)];

/// Draws the whole screen.
pub(crate) fn draw(frame: &mut Frame<'_>, state: &State) {
    let known = &state.known;
    let Some(parts) = layout::parts(known) else {
        return too_small(frame, known);
    };
    if let (Some(area), Some(hint)) = (parts.hint, &known.hint) {
        let room = usize::from(area.width).saturating_sub(2);
        let text = wrap::cut(hint.as_str(), room, known.glyphs.cut);
        line(frame, area, vec![Span::raw(" "), span(known, Role::Place, text)]);
    }
    header::draw(frame, known, parts.header);
    let front = state.front();
    front.draw(frame, known, parts.body);
    match (&known.toast, state.dialogs.last()) {
        (_, None) if front.is_typing() => front.draw_typed(frame, known, parts.footer),
        (Some(toast), _) => footer::draw_toast(frame, known, parts.footer, toast),
        // a dialog says what its own keys do
        (None, Some(_)) => {}
        (None, None) => {
            let bindings = |intents: &[Intent]| -> Vec<_> {
                intents.iter().filter_map(|&intent| registry::binding_of(intent)).collect()
            };
            let (useful, last) = (bindings(&front.useful(known)), bindings(&LAST));
            footer::draw_keys(frame, known, parts.footer, &useful, &last);
        }
    }
    if let Some(open) = state.dialogs.last() {
        dialog::draw::draw(frame, known, open);
    }
}

fn too_small(frame: &mut Frame<'_>, known: &Known) {
    let (width, height) = known.size;
    let text = format!(
        "The terminal is too small: {width}x{height}, gonogo needs {}x{}. q leaves.",
        SMALLEST.0, SMALLEST.1
    );
    let lines: Vec<Line<'static>> =
        wrap::wrap(&text, usize::from(width)).into_iter().map(Line::from).collect();
    frame.render_widget(Paragraph::new(lines), frame.area());
}
