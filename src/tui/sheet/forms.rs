//! The dialogs that ask before something is written: exactly what, on what, by whom.

use super::Sheet;
use crate::ledger::Act;
use crate::model::{CleanText, Date};
use crate::session::Draft;
use crate::tui::dialog::{FixForm, RecordForm, WithdrawalForm};
use crate::tui::doc::{Writer, ago, count};
use crate::tui::state::State;
use crate::tui::theme::Role;

/// So many covered files and findings are named; the rest is counted.
const NAMED: usize = 5;

/// Writes `label  value`, the value wrapped in its own column.
fn fact(w: &mut Writer<'_>, label: &str, value: &str) {
    w.hanging(&format!("{label:<10}"), Role::Muted, Role::Text, value);
}

/// Names the first few, counts the rest.
fn names(w: &mut Writer<'_>, label: &str, all: &[String]) {
    for (at, name) in all.iter().take(NAMED).enumerate() {
        fact(w, if at == 0 { label } else { "" }, name);
    }
    if all.len() > NAMED {
        fact(w, "", &format!("and {} more", all.len() - NAMED));
    }
}

fn warnings(w: &mut Writer<'_>, draft: &Draft) {
    if !draft.warnings.is_empty() {
        w.blank();
    }
    let mark = format!("{} ", w.state.glyphs.warning);
    for warning in &draft.warnings {
        w.hanging(&mark, Role::Warning, Role::Warning, warning.as_str());
    }
}

/// A sign-off, an objection or a waiver.
pub fn record(state: &State, form: &RecordForm, columns: usize) -> Sheet {
    let record = &form.draft.record;
    let act = record.statement.act();
    let (title, says, confirm) = match act {
        Act::SignOff => ("Sign off", "You vouch that this holds:", "sign"),
        Act::Objection => ("Object", "You say that this does not hold:", "object"),
        Act::Waiver => ("Waive", "This may be ignored until a day:", "waive"),
        Act::Withdrawal => ("Withdraw", "You take this back:", "withdraw"),
        Act::Overruling => ("Overrule", "You overrule an objection to this:", "overrule"),
    };
    let mut w = Writer::new(state, columns);
    w.text(Role::Muted, 0, says);
    w.text(Role::Heading, 0, form.title.as_str());
    // before the facts, where no scrolling hides them
    warnings(&mut w, &form.draft);
    w.blank();
    fact(&mut w, "item", record.item.as_str());
    fact(&mut w, "on commit", &on_commit(state, record.commit.short()));
    fact(&mut w, "by", &form.draft.author.to_string());
    if let Some(role) = record.statement.role() {
        fact(&mut w, "as", role.as_str());
    }
    if let Some(until) = form.valid_until {
        fact(&mut w, "until", &format!("{until}, the last day"));
    }
    if let Some(covered) = record.statement.covered().filter(|covered| !covered.is_empty()) {
        let files: Vec<String> =
            covered.keys().map(|path| CleanText::line(path).to_string()).collect();
        fact(
            &mut w,
            "covers",
            &format!("{}; a change to one asks again", count(files.len(), "file")),
        );
        names(&mut w, "", &files);
    }
    let accepted = record.statement.accepted().len();
    if accepted > 0 {
        let text = match act {
            Act::SignOff => format!("{} accepted as harmless", count(accepted, "finding")),
            _ => count(accepted, "finding"),
        };
        fact(&mut w, "findings", &text);
        names(&mut w, "", &form.accepted);
    }
    let mut sheet = Sheet { title: title.to_owned(), text: w.doc.lines, ..Sheet::default() };
    let free = form.form.working.is_none();
    let waiver = act == Act::Waiver;
    if waiver {
        let today = Date::of(state.now);
        let label = format!("Last day (today is {today})");
        sheet.field(state, columns, &label, &form.until, free && form.on_date);
    }
    let label = match act {
        Act::SignOff | Act::Withdrawal => "Note (may stay empty)",
        Act::Objection => "What is wrong",
        Act::Waiver | Act::Overruling => "Reason",
    };
    sheet.field(state, columns, label, &form.note, free && !form.on_date);
    let pairs: &[(&str, &str)] = if waiver {
        &[("enter", confirm), ("esc", "cancel"), ("tab", "other field")]
    } else {
        &[("enter", confirm), ("esc", "cancel")]
    };
    sheet.end(state, columns, &form.form, pairs);
    sheet
}

/// The commit with its branch, as the header names it.
fn on_commit(state: &State, short: &str) -> String {
    let head = state.loaded.as_ref().map(|loaded| &loaded.head);
    match head.and_then(|head| head.branch.as_ref()) {
        Some(branch) => format!("{short} of {branch}"),
        None => format!("{short} (detached)"),
    }
}

/// A withdrawal.
pub fn withdrawal(state: &State, form: &WithdrawalForm, columns: usize) -> Sheet {
    let entry = &form.entry;
    let mut w = Writer::new(state, columns);
    let act = entry.record.statement.act().word();
    w.text(Role::Muted, 0, &format!("Your {act} will no longer count:"));
    w.text(Role::Heading, 0, form.title.as_str());
    w.blank();
    fact(&mut w, "record", &format!("{act} {}", entry.id.short()));
    fact(&mut w, "by", &entry.author.to_string());
    fact(&mut w, "made", &format!("{} ({})", ago(state.now, entry.at), Date::of(entry.at)));
    fact(&mut w, "on commit", entry.record.commit.short());
    if let Some(until) = entry.record.statement.until() {
        fact(&mut w, "until", &until.to_string());
    }
    let words = entry.record.statement.words();
    if !words.is_empty() {
        fact(&mut w, "note", CleanText::line(words).as_str());
    }
    w.blank();
    w.text(Role::Muted, 0, "It stays in the ledger, with the withdrawal after it.");
    warnings(&mut w, &form.draft);
    let mut sheet = Sheet { title: "Withdraw".to_owned(), text: w.doc.lines, ..Sheet::default() };
    let free = form.form.working.is_none();
    sheet.field(state, columns, "Note (may stay empty)", &form.note, free);
    sheet.end(state, columns, &form.form, &[("enter", "withdraw"), ("esc", "cancel")]);
    sheet
}

/// A fix: what changes, with every value masked.
pub fn fix(state: &State, form: &FixForm, columns: usize) -> Sheet {
    let mut w = Writer::new(state, columns);
    w.text(Role::Heading, 0, form.title.as_str());
    w.text(Role::Muted, 0, &format!("To {}:", form.planned.title));
    let mark = format!("{} ", state.glyphs.dot);
    for change in &form.planned.plan.changes {
        w.hanging(&mark, Role::Rule, Role::Text, change.as_str());
    }
    w.blank();
    for line in &form.planned.plan.diff {
        let role = match line.as_str().chars().next() {
            Some('+') => Role::Added,
            Some('-') => Role::Removed,
            _ => Role::Muted,
        };
        w.text(role, 2, line.as_str());
    }
    for title in &form.planned.ahead {
        w.blank();
        w.hanging("After that: ", Role::Muted, Role::Text, title.as_str());
    }
    let mut sheet = Sheet { title: "Fix".to_owned(), ..Sheet::default() };
    if let Some(loss) = &form.planned.plan.loses {
        w.blank();
        let mark = format!("{} ", state.glyphs.warning);
        w.hanging(&mark, Role::Warning, Role::Warning, loss.what.as_str());
        let label = format!("Its old value is lost. Type {} to agree", loss.typed);
        sheet.field(state, columns, &label, &form.confirm, form.form.working.is_none());
    }
    sheet.text = w.doc.lines;
    sheet.end(state, columns, &form.form, &[("enter", "do it"), ("esc", "cancel")]);
    sheet
}
