//! A sign-off, an objection or a waiver: exactly what is recorded, on what, by
//! whom.

use crossterm::event::{KeyCode, KeyEvent};
use jiff::Timestamp;
use tui_input::Input;

use super::base::{Dialog, Step};
use super::form::{fact, names, warnings};
use crate::checklist::Item;
use crate::ledger::Act;
use crate::model::words::{count, sentence};
use crate::model::{CheckError, CleanText, Date, Digest, Finding, ItemResult, Need};
use crate::session::Draft;
use crate::tui::known::Known;
use crate::tui::message::Question;
use crate::tui::theme::Role;
use crate::tui::widget::sheet::{Page, Sheet};
use crate::tui::widget::writer::Writer;

/// A sign-off, an objection or a waiver.
#[derive(Debug)]
pub(crate) struct RecordDialog {
    /// What will be written.
    draft: Draft,
    /// The item's title.
    title: CleanText,
    /// The commit with its branch, as the header names it.
    on_commit: String,
    /// What the signer accepts.
    accepted: Accepted,
    /// The last day on which the item's policy lets it hold.
    valid_until: Option<Date>,
    /// The person's words.
    note: Input,
    /// The waiver's last day, as typed.
    until: Input,
    /// The last day has the keys, not the note.
    on_date: bool,
}

/// What stands there and is accepted: how much of each, and a line for each.
#[derive(Debug, Default)]
struct Accepted {
    words: String,
    lines: Vec<String>,
}

impl Accepted {
    fn of(result: Option<&ItemResult>, accepted: &[Digest]) -> Self {
        let Some(result) = result else { return Self::default() };
        let known = |identity: Digest| accepted.contains(&identity);
        let findings: Vec<&Finding> = result.findings().filter(|f| known(f.identity())).collect();
        let needs: Vec<&Need> = result.needs().filter(|n| known(n.identity())).collect();
        let errors: Vec<&CheckError> = result.errors().filter(|e| known(e.identity())).collect();
        let number = |number: usize, what: &str| (number > 0).then(|| count(number, what));
        let words: Vec<String> = [
            number(findings.len(), "finding"),
            number(needs.len(), "open question"),
            number(errors.len(), "error"),
        ]
        .into_iter()
        .flatten()
        .collect();
        let at = |place: Option<String>, text: &CleanText| match place {
            Some(place) => format!("{place}  {text}"),
            None => text.to_string(),
        };
        let mut lines: Vec<String> = Vec::new();
        lines.extend(findings.iter().map(|f| at(f.place().map(ToString::to_string), &f.message)));
        lines.extend(needs.iter().map(|n| at(n.place().map(ToString::to_string), &n.message)));
        lines.extend(errors.iter().map(ToString::to_string));
        Self { words: words.join(", "), lines }
    }
}

impl RecordDialog {
    /// Asks for this record about this item.
    pub(crate) fn new(known: &Known, item: &Item, draft: Draft) -> Self {
        let valid = item.sign_off.as_ref().and_then(|policy| policy.valid);
        let commit = draft.record.commit.short();
        let head = known.loaded.as_ref().map(|loaded| &loaded.head);
        Self {
            title: item.title.clone(),
            on_commit: match head.and_then(|head| head.branch.as_ref()) {
                Some(branch) => format!("{commit} of {branch}"),
                None => format!("{commit} (detached)"),
            },
            accepted: Accepted::of(known.results.get(&item.id), draft.record.statement.accepted()),
            valid_until: valid
                .filter(|_| draft.act() == Act::SignOff)
                .map(|valid| Date::of(valid.after(known.now))),
            note: Input::default(),
            until: Input::default(),
            on_date: draft.act() == Act::Waiver,
            draft,
        }
    }

    fn facts(&self, w: &mut Writer<'_>) {
        let record = &self.draft.record;
        fact(w, "item", record.item.as_str());
        fact(w, "on commit", &self.on_commit);
        fact(w, "by", &self.draft.author.to_string());
        if let Some(role) = record.statement.role() {
            fact(w, "as", role.as_str());
        }
        if let Some(until) = self.valid_until {
            fact(w, "until", &format!("{until}, the last day"));
        }
        if let Some(covered) = record.statement.covered().filter(|covered| !covered.is_empty()) {
            let files: Vec<String> =
                covered.keys().map(|path| CleanText::line(path).to_string()).collect();
            let number = count(files.len(), "file");
            fact(w, "covers", &format!("{number}; a change to one asks again"));
            names(w, "", &files);
        }
        if !record.statement.accepted().is_empty() {
            let words = &self.accepted.words;
            let text = match record.statement.act() {
                Act::SignOff => format!("{words} accepted as harmless"),
                Act::Objection | Act::Waiver | Act::Withdrawal | Act::Overruling => words.clone(),
            };
            fact(w, "findings", &text);
            names(w, "", &self.accepted.lines);
        }
    }

    /// The waiver's day as typed; else what is wrong, or nothing to say when
    /// only the reason comes next.
    fn day(&mut self, now: Timestamp) -> Result<Date, Option<String>> {
        let today = Date::of(now);
        let typed = self.until.value().trim();
        let was_on_date = self.on_date;
        self.on_date = true;
        if typed.is_empty() {
            return Err(Some(
                "A waiver needs its last day, such as 2026-03-31, or a duration, such as 30d"
                    .to_owned(),
            ));
        }
        let until = Date::given(typed, now).map_err(|how| Some(format!("`{typed}`: {how}")))?;
        if until < today {
            return Err(Some(format!("{until} is past; today is {today} (UTC)")));
        }
        if let Some(latest) = self.draft.latest.filter(|latest| *latest < until) {
            return Err(Some(format!(
                "{until} is too late; the checklist allows {latest} at most"
            )));
        }
        self.on_date = false;
        match was_on_date && self.note.value().trim().is_empty() {
            true => Err(None),
            false => Ok(until),
        }
    }
}

impl Dialog for RecordDialog {
    fn sheet(&self, page: &Page<'_>) -> Sheet {
        let act = self.draft.act();
        let (title, says, confirm) = match act {
            Act::SignOff => ("Sign off", "You vouch that this holds:", "sign"),
            Act::Objection => ("Object", "You say that this does not hold:", "object"),
            Act::Waiver => ("Waive", "This may be ignored until a day:", "waive"),
            Act::Withdrawal => ("Withdraw", "You take this back:", "withdraw"),
            Act::Overruling => ("Overrule", "You overrule an objection to this:", "overrule"),
        };
        let mut w = Writer::new(page.known, page.columns);
        w.text(Role::Muted, 0, says);
        w.text(Role::Heading, 0, self.title.as_str());
        // before the facts, where no scrolling hides them
        warnings(&mut w, &self.draft);
        w.blank();
        self.facts(&mut w);
        let mut sheet = Sheet::new(title, w);
        let mut keys = vec![("enter", confirm), ("esc", "cancel")];
        if act == Act::Waiver {
            let today = Date::of(page.known.now);
            let label = match self.draft.latest {
                Some(latest) => format!("Last day (today {today}, at most {latest}), or 30d"),
                None => format!("Last day (today {today}), or 30d"),
            };
            sheet.field(page, &label, &self.until, self.on_date);
            keys.push(("tab", "other field"));
        }
        let label = match act {
            Act::SignOff | Act::Withdrawal => "Note (may stay empty)",
            Act::Objection => "What is wrong",
            Act::Waiver | Act::Overruling => "Reason",
        };
        sheet.field(page, label, &self.note, !self.on_date);
        sheet.with_keys(&keys)
    }

    fn on_key(&mut self, key: &KeyEvent, _known: &Known) -> Step {
        match key.code {
            KeyCode::Tab | KeyCode::BackTab | KeyCode::Up | KeyCode::Down
                if self.draft.act() == Act::Waiver =>
            {
                self.on_date = !self.on_date;
                Step::Done
            }
            _ => Step::Unused,
        }
    }

    fn enter(&mut self, known: &Known) -> Step {
        let today = Date::of(known.now);
        let mut draft = self.draft.clone();
        if draft.act() == Act::Waiver {
            match self.day(known.now) {
                Ok(until) => {
                    draft.record.statement.set_until(until);
                }
                Err(Some(wrong)) => return Step::Wrong(wrong),
                Err(None) => return Step::Done,
            }
        }
        let words = self.note.value().trim().to_owned();
        match draft.flaw(&words, today) {
            Some(flaw) => Step::Wrong(sentence(&flaw.to_string())),
            None => Step::Ask(Question::Commit(Box::new(draft), words)),
        }
    }

    fn field(&mut self) -> Option<&mut Input> {
        Some(if self.on_date { &mut self.until } else { &mut self.note })
    }
}
