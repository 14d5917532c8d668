//! The text about the whole checklist or one section: the verdict and all that
//! blocks it, by name.

use ratatui::text::Line;

use crate::assess::{ItemAssessment, Standing, Verdict};
use crate::checklist::Item;
use crate::model::words::count;
use crate::report::wrap;
use crate::tui::theme::{Badge, Role};
use crate::tui::widget::writer::Writer;

/// Writes the verdict, all blockers, all warnings, and what the checklist is.
pub(crate) fn write(w: &mut Writer<'_>) {
    let Some(loaded) = &w.known.loaded else { return };
    let checklist = loaded.checklist.clone();
    verdict(w);
    if let Some(assessed) = &w.known.assessed {
        let known = w.known;
        let items = || checklist.items().filter_map(|(_, i)| Some((i, assessed.item(&i.id)?)));
        let blocking: Vec<_> = items().filter(|(_, a)| known.blocks(a)).collect();
        let warns = |a: &ItemAssessment| {
            !a.blocks && !a.standing.is_settled() && a.standing != Standing::Pending
        };
        let warning: Vec<_> = items().filter(|(_, a)| warns(a)).collect();
        let others = &assessed.all.blockers;
        if !blocking.is_empty() || !others.is_empty() {
            w.heading(format!("What blocks a GO, {}", blocking.len() + others.len()));
            for text in others {
                w.warning(Role::Error, Role::Text, text.message.as_str());
            }
            list(w, &blocking);
        }
        if !warning.is_empty() {
            w.heading(format!("What only warns, {}", warning.len()));
            list(w, &warning);
        }
        if !assessed.all.notes.is_empty() {
            w.heading("To know");
            for note in &assessed.all.notes {
                w.hanging(&format!("{} ", known.glyphs.dot), Role::Rule, Role::Text, note.as_str());
            }
        }
    }
    w.heading(checklist.name.as_str());
    if !checklist.about.is_empty() {
        w.text(Role::Text, 0, checklist.about.as_str());
    }
    let sections = count(checklist.sections.len(), "section");
    let items = count(checklist.items().count(), "item");
    w.text(Role::Muted, 0, &format!("{items} in {sections}, from {}", checklist.origin));
    let from = checklist.gate.blocks_from.word();
    w.text(
        Role::Muted,
        0,
        &format!("Items of severity {from} and up block; the others only warn."),
    );
    if let Some(reviewed) = checklist.reviewed {
        w.text(Role::Muted, 0, &format!("The checklist itself was last reviewed on {reviewed}."));
    }
}

fn verdict(w: &mut Writer<'_>) {
    let known = w.known;
    let others = known.assessed.as_ref().map_or(0, |assessed| assessed.all.blockers.len());
    let blocking = known.blocking() + others;
    let what = if others == 0 { "item" } else { "thing" };
    let against = match blocking {
        1 => format!("1 {what} blocks it"),
        many => format!("{many} {what}s block it"),
    };
    let word = known.badge_words();
    let (role, text) = match known.badge() {
        Badge::Checking if blocking > 0 => {
            (Role::Heading, format!("Checks still run; so far {against}."))
        }
        Badge::Checking => (Role::Heading, "Checks still run.".to_owned()),
        Badge::Verdict(Verdict::Go) => (Role::Success, "Nothing blocks the deploy.".to_owned()),
        Badge::Verdict(Verdict::Partial) => {
            (Role::Heading, "Only some items were looked at.".to_owned())
        }
        Badge::Verdict(Verdict::NoGo) if blocking == 0 => (Role::Error, String::new()),
        Badge::Verdict(Verdict::NoGo) => (Role::Error, format!("{against}.")),
    };
    w.hanging(&format!("{word}  "), role, Role::Text, &text);
}

/// Items with their standing, and why, each on its own lines.
fn list(w: &mut Writer<'_>, items: &[(&Item, &ItemAssessment)]) {
    for (item, assessed) in items {
        let role = Role::Standing(assessed.standing);
        let title = assessed.standing.headline(item).as_str();
        let mark = format!("{} ", w.known.glyphs.standing(assessed.standing));
        let word = format!("  {}", assessed.standing.word());
        let room = w.columns.saturating_sub(wrap::width(&mark) + wrap::width(&word));
        if wrap::width(title) <= room {
            let spans =
                vec![w.span(role, mark), w.span(Role::Text, title.to_owned()), w.span(role, word)];
            w.doc.lines.push(Line::from(spans));
        } else {
            w.hanging(&mark, role, Role::Text, title);
            w.text(role, 2, assessed.standing.word());
        }
        w.text(Role::Muted, 2, assessed.why.as_str());
    }
}

/// Writes a section: how its items stand.
pub(crate) fn write_section(w: &mut Writer<'_>, at: usize) {
    let Some(loaded) = &w.known.loaded else { return };
    let checklist = loaded.checklist.clone();
    let Some(section) = checklist.sections.get(at) else { return };
    w.text(Role::Heading, 0, section.title.as_str());
    let known = w.known;
    let settled = section.items.iter().filter(|item| known.standing(&item.id).is_settled()).count();
    let items = count(section.items.len(), "item");
    w.text(Role::Muted, 0, &format!("{items}, {settled} settled"));
    if let Some(assessed) = &known.assessed {
        let items: Vec<_> = section
            .items
            .iter()
            .filter_map(|item| Some((item, assessed.item(&item.id)?)))
            .collect();
        let (open, done): (Vec<_>, Vec<_>) =
            items.into_iter().partition(|(_, item)| !item.standing.is_settled());
        for (heading, items) in [("Not settled", open), ("Settled", done)] {
            if !items.is_empty() {
                w.heading(heading);
                list(w, &items);
            }
        }
    }
}
