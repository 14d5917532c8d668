//! The report of `gonogo check` for people.

use std::fmt::Display;
use std::io::{self, Write};

use crate::assess::{ItemAssessment, Standing};
use crate::checklist::{Item, Section};
use crate::model::words::count;
use crate::model::{CleanText, Finding, Need};
use crate::report::lines::Lines;
use crate::report::next;
use crate::report::page::{Page, Row};
use crate::report::style::{BOLD, DIM, PLAIN, of_severity, of_standing, of_verdict, sign, style};
use crate::report::wrap::width;

/// At most so many findings of an item are listed; `gonogo show` has them all.
const FINDINGS: usize = 5;

/// Writes every item with its standing, what was found, and the verdict.
///
/// # Errors
/// When writing fails.
pub(super) fn write(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let lines = &mut Lines::new(page.columns, out);
    let ledger = page.ledger_line().map(|line| format!(" · {line}")).unwrap_or_default();
    lines.add(0, BOLD, page.repository)?;
    lines.add(0, PLAIN, format!(" · {}{ledger} · {}", page.head_line(), page.checklist.name))?;
    lines.end()?;
    let mut last: Option<*const Section> = None;
    for row in page.rows() {
        let this = std::ptr::from_ref(row.section);
        if last.replace(this) != Some(this) {
            lines.end()?;
            lines.begin(0, 2)?;
            lines.add(0, BOLD, &row.section.title)?;
            lines.end()?;
        }
        one(&row, lines)?;
    }
    lines.end()?;
    conclusion(page, lines)
}

fn one(row: &Row<'_>, lines: &mut Lines<'_>) -> io::Result<()> {
    let Row { item, assessed, result, .. } = row;
    let standing = assessed.standing;
    let warns = if standing.is_settled() || assessed.blocks { "" } else { " (only warns)" };
    lines.begin(2, INDENT + 8)?;
    let label = format!("{} {:<14}", sign(standing), standing.word());
    lines.add(0, style(of_standing(standing)), label)?;
    lines.add(1, style(of_severity(item.severity)), format!("{:<8}", item.severity))?;
    lines.add(2, PLAIN, format!("{}{warns}", standing.headline(item)))?;
    lines.add(2, DIM, &item.id)?;
    lines.end()?;
    if standing.is_settled() && standing != Standing::Waived {
        return Ok(());
    }
    // what the checks saw is listed below
    if !assessed.short.is_empty() {
        lines.line(INDENT, &assessed.short)?;
    }
    let Some(result) = result else { return Ok(()) };
    for finding in result.findings().take(FINDINGS) {
        write_finding(finding, INDENT, lines)?;
    }
    for need in result.needs().take(FINDINGS) {
        write_need(need, INDENT, lines)?;
    }
    for error in result.told_errors().take(FINDINGS) {
        lines.line(INDENT, format!("error: {error}"))?;
    }
    let more: usize =
        [result.findings().count(), result.needs().count(), result.told_errors().count()]
            .iter()
            .map(|number| number.saturating_sub(FINDINGS))
            .sum();
    if more > 0 {
        lines.line(INDENT, format!("and {more} more: gonogo show {}", item.id))?;
    }
    let unsaid = result.findings().any(|finding| finding.help.is_none())
        || result.needs().any(|need| need.help.is_none());
    if unsaid && !standing.is_settled() { advice(item, lines) } else { Ok(()) }
}

/// What to do about findings that do not say it themselves: the item's own words.
fn advice(item: &Item, lines: &mut Lines<'_>) -> io::Result<()> {
    let id = &item.id;
    let Some(fix) = &item.fix else {
        return arrow(INDENT, format!("gonogo show {id} says what can be done"), lines);
    };
    let Some(text) = &fix.text else {
        return arrow(INDENT, format!("gonogo show {id} says how to fix it"), lines);
    };
    let steps = fix.steps.len() + usize::from(fix.code.is_some());
    let more = if steps > 0 { format!(" (gonogo show {id} has the steps)") } else { String::new() };
    arrow(INDENT, format!("{}{more}", CleanText::line(text)), lines)
}

/// One need: where it was looked for, what is not known, what would help.
pub(in crate::report) fn write_need(
    need: &Need,
    indent: usize,
    lines: &mut Lines<'_>,
) -> io::Result<()> {
    lines.begin(indent, 2)?;
    let gap = match need.place() {
        Some(place) => {
            lines.add(0, BOLD, place)?;
            2
        }
        None => 0,
    };
    lines.add(gap, PLAIN, format!("not known: {}", need.message))?;
    lines.end()?;
    match &need.help {
        Some(help) => arrow(indent + 2, help, lines),
        None => Ok(()),
    }
}

/// Where what is told of an item begins.
const INDENT: usize = 19;

/// One finding: where, what, the line, what to do.
pub(in crate::report) fn write_finding(
    finding: &Finding,
    indent: usize,
    lines: &mut Lines<'_>,
) -> io::Result<()> {
    lines.begin(indent, 2)?;
    let gap = match finding.place() {
        Some(place) => {
            lines.add(0, BOLD, place)?;
            2
        }
        None => 0,
    };
    lines.add(gap, PLAIN, &finding.message)?;
    lines.end()?;
    if let Some(excerpt) = finding.telling_excerpt() {
        lines.begin(indent + 2, 2)?;
        lines.add(0, DIM, excerpt)?;
        lines.end()?;
    }
    match &finding.help {
        Some(help) => arrow(indent + 2, help, lines),
        None => Ok(()),
    }
}

/// What to do, behind an arrow.
fn arrow(indent: usize, text: impl Display, lines: &mut Lines<'_>) -> io::Result<()> {
    lines.begin(indent, 2)?;
    lines.add(0, PLAIN, format!("→ {text}"))?;
    lines.end()
}

/// Each item with where it stands.
fn names(items: &[&ItemAssessment], lines: &mut Lines<'_>) -> io::Result<()> {
    let widest = items.iter().map(|item| width(item.id.as_str())).max().unwrap_or(0);
    items.iter().try_for_each(|item| {
        lines.begin(2, 2)?;
        lines.add(0, PLAIN, format!("{:widest$}", item.id))?;
        lines.add(2, style(of_standing(item.standing)), item.standing.word())?;
        lines.end()
    })
}

fn conclusion(page: &Page<'_>, lines: &mut Lines<'_>) -> io::Result<()> {
    let assessment = page.assessment;
    for note in page.notes() {
        told(format!("note: {note}"), lines)?;
    }
    lines.begin(0, 2)?;
    lines.add(0, PLAIN, format!("{}: ", count(assessment.items.len(), "item")))?;
    let counts = page.counts().filter(|(_, number)| *number > 0);
    for (place, (standing, number)) in counts.enumerate() {
        let (gap, comma) = if place == 0 { (0, "") } else { (1, ",") };
        lines.add(0, PLAIN, comma)?;
        let counted = format!("{number} {}", standing.word());
        lines.add(gap, style(of_standing(standing)), counted)?;
    }
    lines.end()?;
    lines.begin(0, 2)?;
    lines.add(0, style(of_verdict(assessment.verdict)), page.verdict())?;
    if assessment.is_clear() {
        let open: Vec<&ItemAssessment> = assessment.open().collect();
        let verb = if open.len() == 1 { "does" } else { "do" };
        let except = match open.len() {
            0 => String::new(),
            many => format!("; {} {verb} not hold", count(many, "item")),
        };
        lines.add(0, PLAIN, format!(": nothing blocks it{except}"))?;
        lines.end()?;
        return names(&open, lines);
    }
    let blocking: Vec<&ItemAssessment> =
        assessment.items.iter().filter(|item| item.blocks).collect();
    let against = blocking.len() + assessment.blockers.len();
    lines.add(0, PLAIN, format!(": {against} blocking"))?;
    lines.end()?;
    for blocker in &assessment.blockers {
        lines.line(2, &blocker.message)?;
    }
    names(&blocking, lines)?;
    if let Some(first) = blocking.first() {
        told(format!("gonogo show {} says why it matters and how to fix it", first.id), lines)?;
    }
    let fixable: Vec<&str> = page
        .rows()
        .filter(|row| row.assessed.blocks && next::is_fixable(row))
        .map(|row| row.item.id.as_str())
        .collect();
    if !fixable.is_empty() && page.basis.revision.is_none() {
        let ids = fixable.join(" ");
        told(format!("gonogo fix {ids} shows what gonogo can change by itself, and asks"), lines)?;
    }
    Ok(())
}

/// A line at the margin, continued two columns further in.
fn told(text: impl Display, lines: &mut Lines<'_>) -> io::Result<()> {
    lines.begin(0, 2)?;
    lines.add(0, PLAIN, text)?;
    lines.end()
}
