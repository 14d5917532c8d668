//! Overruling somebody else's objection to the selected item: which, what it
//! says, and why it no longer counts.

use std::collections::HashMap;

use crossterm::event::{KeyCode, KeyEvent};
use tui_input::Input;

use super::base::{Dialog, Opener, Step};
use super::form::fact;
use super::notice::Notice;
use crate::assess::RecordState;
use crate::checklist::Item;
use crate::ledger::{Act, Entry};
use crate::model::words::{ago, count};
use crate::model::{CleanText, Date, ItemId, ItemResult};
use crate::tui::keys::binding::{Binding, Group, ch};
use crate::tui::keys::intent::Intent;
use crate::tui::known::Known;
use crate::tui::message::Question;
use crate::tui::theme::Role;
use crate::tui::widget::sheet::{Page, Sheet};
use crate::tui::widget::writer::Writer;

/// How it opens.
pub(crate) const OPENER: Opener = Opener {
    binding: Binding {
        chords: &[ch('O')],
        intent: Intent::Open("overrule"),
        group: Group::Acting,
        hint: "overrule",
        help: "overrule somebody else's objection to it, for a reason",
    },
    open: |known, item, _| Some(open(known, item)),
};

fn open(known: &Known, item: Option<&Item>) -> Box<dyn Dialog> {
    let refused = |text: String| Box::new(Notice { title: "There is nothing to overrule", text });
    if let Some(why) = known.read_only() {
        return refused(why);
    }
    let Some(item) = item else { return refused("Select an item first.".to_owned()) };
    let me = known.loaded.as_ref().and_then(|loaded| loaded.me.as_ref());
    let standing = known.assessment(&item.id).into_iter().flat_map(|item| &item.records);
    let (own, objections): (Vec<Entry>, Vec<Entry>) = standing
        .filter(|record| {
            let act = record.entry.record.statement.act();
            act == Act::Objection && record.state == RecordState::Counts
        })
        .map(|record| record.entry.clone())
        .partition(|entry| me.is_some_and(|me| me.is(entry.author.email.as_str())));
    if objections.is_empty() {
        return refused(match own.is_empty() {
            true => "Nobody objects to this item.".to_owned(),
            false => "The objection is your own: withdraw it with `u`.".to_owned(),
        });
    }
    let result = known.results.get(&item.id);
    if !item.checks.is_empty() && item.disabled.is_none() && result.is_none() {
        return refused("Its checks still run; try again when they are done.".to_owned());
    }
    Box::new(OverruleDialog {
        item: item.id.clone(),
        title: item.title.clone(),
        role: known.loaded.as_ref().and_then(|loaded| {
            loaded.checklist.gate.overrule.as_ref().map(|role| CleanText::line(role.as_str()))
        }),
        result: result.cloned(),
        objections,
        at: 0,
        why: Input::default(),
    })
}

/// An overruling.
#[derive(Debug)]
struct OverruleDialog {
    /// The item that it was opened for, whatever is selected by now.
    item: ItemId,
    /// The item's title.
    title: CleanText,
    /// The role that may.
    role: Option<CleanText>,
    /// How its checks had ended when the dialog opened; that is what is accepted.
    result: Option<ItemResult>,
    /// The objections of others, the oldest first.
    objections: Vec<Entry>,
    /// Which of them.
    at: usize,
    /// The reason.
    why: Input,
}

impl Dialog for OverruleDialog {
    fn sheet(&self, page: &Page<'_>) -> Sheet {
        let mut w = Writer::new(page.known, page.columns);
        w.text(Role::Muted, 0, "This objection will no longer count:");
        w.text(Role::Heading, 0, self.title.as_str());
        w.blank();
        if let Some(entry) = self.objections.get(self.at) {
            fact(&mut w, "by", &entry.author.to_string());
            let made = format!("{} ({})", ago(entry.at, page.known.now), Date::of(entry.at));
            fact(&mut w, "made", &made);
            fact(&mut w, "record", entry.id.short());
            fact(&mut w, "says", CleanText::line(entry.record.statement.words()).as_str());
        }
        if self.objections.len() > 1 {
            let text = format!("{} of {} objections", self.at + 1, self.objections.len());
            fact(&mut w, "", &text);
        }
        let findings = self.result.as_ref().map_or(0, |result| result.identities().len());
        if findings > 0 {
            fact(&mut w, "findings", &format!("{} stay as they are", count(findings, "finding")));
        }
        if let Some(role) = &self.role {
            fact(&mut w, "as", role.as_str());
        }
        w.blank();
        w.text(Role::Muted, 0, "Both stay in the ledger.");
        let mut sheet = Sheet::new("Overrule", w);
        sheet.field(page, "Reason", &self.why, true);
        let mut keys = vec![("enter", "overrule"), ("esc", "cancel")];
        if self.objections.len() > 1 {
            keys.push(("tab", "other objection"));
        }
        sheet.with_keys(&keys)
    }

    fn on_key(&mut self, key: &KeyEvent, _known: &Known) -> Step {
        match key.code {
            KeyCode::Tab if self.objections.len() > 1 => {
                self.at = (self.at + 1) % self.objections.len();
                Step::Done
            }
            _ => Step::Unused,
        }
    }

    fn enter(&mut self, _known: &Known) -> Step {
        let Some(objection) = self.objections.get(self.at) else { return Step::Close };
        let results: HashMap<ItemId, ItemResult> =
            self.result.iter().map(|result| (self.item.clone(), result.clone())).collect();
        Step::Ask(Question::Overrule {
            item: self.item.clone(),
            objection: objection.id.clone(),
            results,
            why: self.why.value().trim().to_owned(),
        })
    }

    fn field(&mut self) -> Option<&mut Input> {
        Some(&mut self.why)
    }
}
