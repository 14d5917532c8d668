//! The report of `gonogo check` for people.

use std::io::{self, Write};

use crate::assess::{ItemAssessment, Standing};
use crate::checklist::{Item, Section};
use crate::model::words::count;
use crate::model::{CleanText, Finding, Need};
use crate::report::next;
use crate::report::page::{Page, Row};
use crate::report::style::{BOLD, DIM, of_severity, of_standing, of_verdict, paint, sign, tint};
use crate::report::wrap::width;

/// At most so many findings of an item are listed; `gonogo show` has them all.
const FINDINGS: usize = 5;

/// Writes every item with its standing, what was found, and the verdict.
///
/// # Errors
/// When writing fails.
pub(super) fn write(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let ledger = page.ledger_line().map(|line| format!(" · {line}")).unwrap_or_default();
    writeln!(
        out,
        "{} · {}{ledger} · {}",
        paint(BOLD, page.repository),
        page.head_line(),
        page.checklist.name
    )?;
    let mut last: Option<*const Section> = None;
    for row in page.rows() {
        let this = std::ptr::from_ref(row.section);
        if last.replace(this) != Some(this) {
            title(row.section, out)?;
        }
        one(&row, out)?;
    }
    writeln!(out)?;
    conclusion(page, out)
}

fn title(section: &Section, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}", paint(BOLD, &section.title))
}

fn one(row: &Row<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Row { item, assessed, result, .. } = row;
    let standing = assessed.standing;
    let label = format!("{} {:<14}", sign(standing), standing.word());
    let severity = tint(of_severity(item.severity), format!("{:<8}", item.severity));
    let warns = if standing.is_settled() || assessed.blocks { "" } else { " (only warns)" };
    writeln!(
        out,
        "  {} {severity}  {}{warns}  {}",
        tint(of_standing(standing), label),
        standing.headline(item),
        paint(DIM, &item.id),
    )?;
    if standing.is_settled() && standing != Standing::Waived {
        return Ok(());
    }
    // what the checks saw is listed below
    if !assessed.short.is_empty() {
        writeln!(out, "{INDENT}{}", assessed.short)?;
    }
    let Some(result) = result else { return Ok(()) };
    for finding in result.findings().take(FINDINGS) {
        write_finding(finding, INDENT, out)?;
    }
    for need in result.needs().take(FINDINGS) {
        write_need(need, INDENT, out)?;
    }
    for error in result.told_errors().take(FINDINGS) {
        writeln!(out, "{INDENT}error: {error}")?;
    }
    let more: usize =
        [result.findings().count(), result.needs().count(), result.told_errors().count()]
            .iter()
            .map(|number| number.saturating_sub(FINDINGS))
            .sum();
    if more > 0 {
        writeln!(out, "{INDENT}and {more} more: gonogo show {}", item.id)?;
    }
    let unsaid = result.findings().any(|finding| finding.help.is_none())
        || result.needs().any(|need| need.help.is_none());
    if unsaid && !standing.is_settled() { advice(item, out) } else { Ok(()) }
}

/// What to do about findings that do not say it themselves: the item's own words.
fn advice(item: &Item, out: &mut dyn Write) -> io::Result<()> {
    let id = &item.id;
    let Some(fix) = &item.fix else {
        return writeln!(out, "{INDENT}→ gonogo show {id} says what can be done");
    };
    let Some(text) = &fix.text else {
        return writeln!(out, "{INDENT}→ gonogo show {id} says how to fix it");
    };
    let steps = fix.steps.len() + usize::from(fix.code.is_some());
    let more = if steps > 0 { format!(" (gonogo show {id} has the steps)") } else { String::new() };
    writeln!(out, "{INDENT}→ {}{more}", CleanText::line(text))
}

/// One need: where it was looked for, what is not known, what would help.
pub(in crate::report) fn write_need(
    need: &Need,
    indent: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    match need.place() {
        Some(place) => {
            writeln!(out, "{indent}{}  not known: {}", paint(BOLD, place), need.message)?
        }
        None => writeln!(out, "{indent}not known: {}", need.message)?,
    }
    match &need.help {
        Some(help) => writeln!(out, "{indent}  → {help}"),
        None => Ok(()),
    }
}

const INDENT: &str = "                   ";

/// One finding: where, what, the line, what to do.
pub(in crate::report) fn write_finding(
    finding: &Finding,
    indent: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    match finding.place() {
        Some(place) => writeln!(out, "{indent}{}  {}", paint(BOLD, place), finding.message)?,
        None => writeln!(out, "{indent}{}", finding.message)?,
    }
    if let Some(excerpt) = finding.telling_excerpt() {
        writeln!(out, "{indent}  {}", paint(DIM, excerpt))?;
    }
    if let Some(help) = &finding.help {
        writeln!(out, "{indent}  → {help}")?;
    }
    Ok(())
}

/// Each item with where it stands.
fn names(items: &[&ItemAssessment], out: &mut dyn Write) -> io::Result<()> {
    let widest = items.iter().map(|item| width(item.id.as_str())).max().unwrap_or(0);
    items.iter().try_for_each(|item| {
        let standing = tint(of_standing(item.standing), item.standing.word());
        writeln!(out, "  {:widest$}  {standing}", item.id)
    })
}

fn conclusion(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let assessment = page.assessment;
    for note in page.notes() {
        writeln!(out, "note: {note}")?;
    }
    let counts: Vec<String> = page
        .counts()
        .filter(|(_, number)| *number > 0)
        .map(|(standing, n)| tint(of_standing(standing), format!("{n} {}", standing.word())))
        .collect();
    writeln!(out, "{}: {}", count(assessment.items.len(), "item"), counts.join(", "))?;
    let verdict = tint(of_verdict(assessment.verdict), page.verdict());
    if assessment.is_clear() {
        let open: Vec<&ItemAssessment> = assessment.open().collect();
        return match open.len() {
            0 => writeln!(out, "{verdict}: nothing blocks it"),
            many => {
                let verb = if many == 1 { "does" } else { "do" };
                writeln!(
                    out,
                    "{verdict}: nothing blocks it; {} {verb} not hold",
                    count(many, "item")
                )?;
                names(&open, out)
            }
        };
    }
    let blocking: Vec<&ItemAssessment> =
        assessment.items.iter().filter(|item| item.blocks).collect();
    let against = blocking.len() + assessment.blockers.len();
    writeln!(out, "{verdict}: {against} blocking")?;
    for blocker in &assessment.blockers {
        writeln!(out, "  {}", blocker.message)?;
    }
    names(&blocking, out)?;
    if let Some(first) = blocking.first() {
        writeln!(out, "gonogo show {} says why it matters and how to fix it", first.id)?;
    }
    let fixable: Vec<&str> = page
        .rows()
        .filter(|row| row.assessed.blocks && next::is_fixable(row))
        .map(|row| row.item.id.as_str())
        .collect();
    if !fixable.is_empty() && page.basis.revision.is_none() {
        let ids = fixable.join(" ");
        writeln!(out, "gonogo fix {ids} shows what gonogo can change by itself, and asks")?;
    }
    Ok(())
}
