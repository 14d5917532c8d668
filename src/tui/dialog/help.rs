//! The help: every key and every standing, made from the tables that the
//! program itself goes by.

use crossterm::event::{KeyCode, KeyEvent};
use tui_input::Input;

use super::base::{Dialog, Opener, Step};
use crate::assess::Standing;
use crate::report::wrap;
use crate::tui::keys::binding::{Binding, Group, ch, plain};
use crate::tui::keys::intent::Intent;
use crate::tui::known::Known;
use crate::tui::theme::Role;
use crate::tui::widget::sheet::{Page, Sheet};
use crate::tui::widget::terms::Terms;
use crate::tui::widget::writer::Writer;

/// How it opens.
pub(crate) const OPENER: Opener = Opener {
    binding: Binding {
        chords: &[ch('?'), plain(KeyCode::F(1))],
        intent: Intent::Open("help"),
        group: Group::Program,
        hint: "help",
        help: "this help",
    },
    open: |_, _, keys| Some(Box::new(Help { keys: keys.to_vec(), search: Input::default() })),
};

/// The help's state.
#[derive(Debug)]
struct Help {
    /// All keys there are.
    keys: Vec<&'static Binding>,
    /// What is looked for.
    search: Input,
}

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
    ("esc", "close it; nothing is done. While it works: give up"),
    ("tab", "the other field, the other objection"),
    ("page down", "scroll its text"),
    ("ctrl-w ctrl-u", "delete a word, delete to the beginning"),
];

impl Dialog for Help {
    fn sheet(&self, page: &Page<'_>) -> Sheet {
        let glyphs = page.known.glyphs;
        let terms = Terms::new(self.search.value());
        let mut w = Writer::new(page.known, page.columns);
        for group in Group::ALL {
            let mut heading = Some(group.title());
            for binding in self.keys.iter().filter(|binding| binding.group == group) {
                let names = binding.names(glyphs);
                let text = format!("{names} {} {} {}", group.title(), binding.hint, binding.help);
                if terms.match_text(&text) {
                    heading.take().into_iter().for_each(|text| w.heading(text));
                    row(&mut w, Role::Key, &names, binding.help);
                }
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
                let names = format!("{} {}", glyphs.standing(standing), standing.word());
                row(&mut w, Role::Standing(standing), &names, help);
            }
        }
        if w.doc.lines.is_empty() {
            w.text(Role::Muted, 0, "Nothing in the help has these words.");
        }
        let mut sheet = Sheet::new("Help", w);
        sheet.inline_field(page, "Search ", &self.search);
        let [up, down, ..] = glyphs.arrows;
        let arrows = format!("{up} {down}");
        sheet.with_keys(&[("esc", "close"), ("type", "to search"), (&arrows, "scroll")])
    }

    /// `esc` clears the search first; `?` closes while nothing is searched for.
    fn on_key(&mut self, key: &KeyEvent, _known: &Known) -> Step {
        let empty = self.search.value().is_empty();
        match key.code {
            KeyCode::F(1) => Step::Close,
            KeyCode::Char('?') if empty => Step::Close,
            KeyCode::Esc if !empty => {
                self.search.reset();
                Step::Done
            }
            _ => Step::Unused,
        }
    }

    fn field(&mut self) -> Option<&mut Input> {
        Some(&mut self.search)
    }

    fn searches(&self) -> bool {
        true
    }
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
