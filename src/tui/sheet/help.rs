//! The help: every key and every standing, made from the tables that the
//! program itself goes by.

use ratatui::text::{Line, Span};

use super::{Sheet, keys};
use crate::assess::Standing;
use crate::tui::dialog::Help;
use crate::tui::doc::Writer;
use crate::tui::keys::KEYS;
use crate::tui::rows::Terms;
use crate::tui::state::State;
use crate::tui::theme::Role;
use crate::tui::wrap;

/// What a standing means, for the help.
fn meaning(standing: Standing) -> &'static str {
    match standing {
        Standing::Pending => "its checks have not ended yet",
        Standing::Passed => "its checks hold",
        Standing::SignedOff => "people vouch for it",
        Standing::Waived => "it may be ignored until a day, for a reason",
        Standing::NotApplicable => "there is nothing here it could hold for, or it is switched off",
        Standing::Failed => "its checks do not hold",
        Standing::Unsigned => "it waits for people: press s",
        Standing::Stale => "people vouched for something that has changed since",
        Standing::Objected => "somebody says that it does not hold",
        Standing::Undecided => "its checks cannot say without something that is not here",
        Standing::Errored => "its checks could not look; that is never a pass",
    }
}

/// The keys that work while a dialog is open.
const IN_DIALOGS: &[(&str, &str)] = &[
    ("enter", "do what the dialog says"),
    ("esc", "close it; nothing is done"),
    ("tab", "the other field"),
    ("page down", "scroll its text"),
    ("ctrl-w ctrl-u", "delete a word, delete to the beginning"),
];

/// The help, as far as it matches what is looked for.
pub fn sheet(state: &State, help: &Help, columns: usize) -> Sheet {
    let terms = Terms::new(help.search.value());
    let mut w = Writer::new(state, columns);
    let mut group = "";
    for binding in KEYS {
        let names = binding.names(state.glyphs);
        if terms.match_text(&format!("{names} {} {} {}", binding.group, binding.hint, binding.help))
        {
            if group != binding.group {
                group = binding.group;
                w.heading(group);
            }
            row(&mut w, Role::Key, &names, binding.help);
        }
    }
    let mut heading = Some("In dialogs");
    for (names, help) in IN_DIALOGS {
        if terms.match_text(&format!("{names} {help} dialogs")) {
            heading.take().into_iter().for_each(|text| w.heading(text));
            row(&mut w, Role::Key, names, help);
        }
    }
    let mut heading = Some("How an item can stand");
    for standing in Standing::ALL {
        let help = meaning(standing);
        if terms.match_text(&format!("{} {help} standing", standing.word())) {
            heading.take().into_iter().for_each(|text| w.heading(text));
            let names = format!("{} {}", state.glyphs.standing(standing), standing.word());
            row(&mut w, Role::Standing(standing), &names, help);
        }
    }
    if w.doc.lines.is_empty() {
        w.text(Role::Muted, 0, "Nothing in the help has these words.");
    }
    let mut sheet = Sheet { title: "Help".to_owned(), text: w.doc.lines, ..Sheet::default() };
    let [up, down, ..] = state.glyphs.arrows;
    let arrows = format!("{up} {down}");
    sheet.foot.push(Line::default());
    let label = "Search ";
    let style = |role| state.theme.style(role);
    let room = columns.saturating_sub(wrap::width(label) + 1);
    let shown = wrap::fit(&wrap::cut(help.search.value(), room, state.glyphs.cut), room, "");
    let column = wrap::width(label) + help.search.visual_cursor();
    sheet.cursor = Some((column.min(columns), sheet.foot.len()));
    sheet.foot.push(Line::from(vec![
        Span::styled(label, style(Role::Focused)),
        Span::styled(shown, style(Role::Input)),
    ]));
    let pairs = [("esc", "close"), ("type", "to search"), (arrows.as_str(), "scroll")];
    sheet.foot.push(keys(state, columns, &pairs));
    sheet
}

fn row(w: &mut Writer<'_>, role: Role, names: &str, help: &str) {
    let left = if w.columns < 50 { 12 } else { 22 };
    if wrap::width(names) < left {
        w.hanging(&wrap::fit(names, left, ""), role, Role::Text, help);
    } else {
        w.text(role, 0, names);
        w.text(Role::Text, left, help);
    }
}
