//! The report of `gonogo check` for people.

use std::io::{self, Write};

use crate::assess::{ItemAssessment, Standing, Verdict};
use crate::checklist::{Item, Section};
use crate::model::Finding;

use super::View;
use super::style::{BOLD, DIM, of_severity, of_standing, of_verdict, paint, sign, tint};
use super::wrap::width;

/// At most so many findings of an item are listed; `gonogo show` has them all.
const FINDINGS: usize = 5;

/// Writes every item with its standing, what was found, and the verdict.
///
/// # Errors
/// When writing fails.
pub fn text(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "{} · {} · {}",
        paint(BOLD, view.repository),
        view.head_line(),
        view.checklist.name
    )?;
    let mut items = view.assessment.items.iter().peekable();
    for section in &view.checklist.sections {
        let mut titled = false;
        for item in &section.items {
            let Some(assessed) = items.next_if(|assessed| assessed.id == item.id) else {
                continue;
            };
            if !titled {
                title(section, out)?;
                titled = true;
            }
            one(view, item, assessed, out)?;
        }
    }
    writeln!(out)?;
    conclusion(view, out)
}

fn title(section: &Section, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}", paint(BOLD, &section.title))
}

fn one(
    view: &View<'_>,
    item: &Item,
    assessed: &ItemAssessment,
    out: &mut dyn Write,
) -> io::Result<()> {
    let standing = assessed.standing;
    let label = format!("{} {:<14}", sign(standing), standing.word());
    let severity = tint(of_severity(item.severity), format!("{:<8}", item.severity));
    let warns = if standing.is_settled() || assessed.blocks { "" } else { " (only warns)" };
    writeln!(
        out,
        "  {} {severity}  {}{warns}  {}",
        tint(of_standing(standing), label),
        item.title,
        paint(DIM, &item.id),
    )?;
    if standing.is_settled() && standing != Standing::Waived {
        return Ok(());
    }
    writeln!(out, "{INDENT}{}", assessed.why)?;
    let Some(result) = view.results.get(&item.id) else {
        return Ok(());
    };
    for finding in result.findings().take(FINDINGS) {
        write_finding(finding, INDENT, out)?;
    }
    let more = result.findings().count().saturating_sub(FINDINGS);
    if more > 0 {
        writeln!(out, "{INDENT}and {more} more: gonogo show {}", item.id)?;
    }
    Ok(())
}

const INDENT: &str = "                   ";

/// One finding: where, what, the line, what to do.
pub(super) fn write_finding(
    finding: &Finding,
    indent: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    match finding.place() {
        Some(place) => writeln!(out, "{indent}{}  {}", paint(BOLD, place), finding.message)?,
        None => writeln!(out, "{indent}{}", finding.message)?,
    }
    if let Some(excerpt) = &finding.excerpt {
        writeln!(out, "{indent}  {}", paint(DIM, excerpt.as_str().trim()))?;
    }
    if let Some(help) = &finding.help {
        writeln!(out, "{indent}  → {help}")?;
    }
    Ok(())
}

fn conclusion(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let assessment = view.assessment;
    for note in view.warnings.iter().chain(&assessment.notes) {
        writeln!(out, "note: {note}")?;
    }
    let counts: Vec<String> = assessment
        .counts
        .iter()
        .map(|(standing, n)| tint(of_standing(*standing), format!("{n} {}", standing.word())))
        .collect();
    writeln!(out, "{} items: {}", assessment.items.len(), counts.join(", "))?;
    let verdict = tint(of_verdict(assessment.verdict), assessment.verdict.word());
    let scope = if view.partial { " for the chosen items alone" } else { "" };
    if assessment.verdict == Verdict::Go {
        return writeln!(out, "{verdict}{scope}: nothing stands against it");
    }
    let blocking: Vec<&ItemAssessment> =
        assessment.items.iter().filter(|item| item.blocks).collect();
    let against = blocking.len() + assessment.blockers.len();
    let verb = if against == 1 { "stands" } else { "stand" };
    writeln!(out, "{verdict}{scope}: {against} {verb} against it")?;
    for blocker in &assessment.blockers {
        writeln!(out, "  {blocker}")?;
    }
    let widest = blocking.iter().map(|item| width(item.id.as_str())).max().unwrap_or(0);
    for item in &blocking {
        let standing = tint(of_standing(item.standing), item.standing.word());
        writeln!(out, "  {:widest$}  {standing}", item.id)?;
    }
    if let Some(first) = blocking.first() {
        writeln!(out, "gonogo show {} says why it matters and how to fix it", first.id)?;
    }
    Ok(())
}
