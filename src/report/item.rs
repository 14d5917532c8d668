//! One item in full, for `gonogo show`.

use std::io::{self, Write};

use jiff::Timestamp;

use crate::assess::AssessedRecord;
use crate::checklist::{Fix, ItemCheck};

use super::format::{write_finding, write_need};
use super::lines::Lines;
use super::page::{Page, Row};
use super::style::{BOLD, DIM, of_severity, of_standing, paint, sign, tint};
use super::words::heading;
use super::wrap::{self, wrap};
use super::{next, words};

/// How wide prose is set: without a terminal, at least, and at most, since longer
/// lines are hard to read.
const WIDTH: usize = 78;
const LEAST: usize = 38;
const MOST: usize = 100;

/// Writes what the item asks, why, how to fix it, what was found, who signed,
/// and what can be done next.
///
/// # Errors
/// When writing fails.
pub fn item(page: &Page<'_>, row: &Row<'_>, now: Timestamp, out: &mut dyn Write) -> io::Result<()> {
    let Row { item, assessed, result, .. } = row;
    let terminal = page.columns.map(|columns| columns.saturating_sub(2).clamp(LEAST, MOST));
    let columns = terminal.unwrap_or(WIDTH);
    let headline = assessed.standing.headline(item);
    writeln!(out, "{}", paint(BOLD, headline))?;
    if headline != &item.title {
        writeln!(out, "What must hold: {}", item.title)?;
    }
    writeln!(
        out,
        "{} · {} · {} · {}:{}",
        item.id,
        tint(of_severity(item.severity), item.severity),
        assessed.mode.word(),
        item.defined_at.0,
        item.defined_at.1,
    )?;
    let word = assessed.standing.word();
    let standing = format!("{} {word}", sign(assessed.standing));
    // what the checks saw is listed below
    let why = match assessed.short.as_str() {
        "" => String::new(),
        // a reason that starts with the standing goes on from it
        why => why.strip_prefix(word).map_or_else(|| format!(": {why}"), str::to_owned),
    };
    writeln!(out, "{}{why}", tint(of_standing(assessed.standing), standing))?;

    title(heading::WHY, out)?;
    prose(item.why.as_str(), columns, out)?;
    if let Some(fix) = &item.fix {
        title(heading::FIX, out)?;
        write_fix(fix, columns, out)?;
    }
    if let Some(result) = result {
        title("What was seen", out)?;
        let lines = &mut Lines::new(page.columns, out);
        lines.line(2, result.looked_at())?;
        for finding in result.findings() {
            write_finding(finding, 2, lines)?;
        }
        for need in result.needs() {
            write_need(need, 2, lines)?;
        }
        for error in result.told_errors() {
            lines.line(2, format!("error: {error}"))?;
        }
        for note in result.notes() {
            lines.line(2, format!("note: {}", note.message))?;
        }
    }
    if !item.checks.is_empty() {
        title(heading::CHECKS, out)?;
        for check in &item.checks {
            parameters(check, columns, out)?;
        }
    }
    if let Some(policy) = &item.sign_off {
        title(heading::SIGNS, out)?;
        prose(&words::policy(policy), columns, out)?;
    }
    if let Some(policy) = &item.when_undecided {
        title(heading::SIGNS_UNDECIDED, out)?;
        prose(&words::policy(policy), columns, out)?;
    }
    if !item.refs.is_empty() {
        title(heading::REFS, out)?;
        for page in &item.refs {
            writeln!(out, "  {page}")?;
        }
    }
    if !assessed.records.is_empty() {
        title(heading::RECORDS, out)?;
        let all: Vec<&AssessedRecord> = assessed.records.iter().collect();
        super::records::records(&all, false, now, out)?;
        writeln!(out, "{}", super::records::CLAIM)?;
    }
    let next = next::next(page, row);
    if !next.is_empty() {
        title("What to do next", out)?;
        next::write(&next, columns, out)?;
    }
    Ok(())
}

/// A check's kind, with a line for each of its parameters.
fn parameters(check: &ItemCheck, columns: usize, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "  {}", check.kind)?;
    for (name, value) in words::parameters(&check.parameters) {
        let mut label = if name.is_empty() { String::new() } else { format!("{name}: ") };
        let before = wrap::width(&label);
        for line in wrap(value.as_str(), columns.saturating_sub(before + 4)) {
            writeln!(out, "    {label:before$}{}", paint(DIM, line))?;
            label.clear();
        }
    }
    Ok(())
}

fn title(text: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}", paint(BOLD, text))
}

fn prose(text: &str, columns: usize, out: &mut dyn Write) -> io::Result<()> {
    for line in wrap(text, columns) {
        writeln!(out, "  {line}")?;
    }
    Ok(())
}

fn write_fix(fix: &Fix, columns: usize, out: &mut dyn Write) -> io::Result<()> {
    if let Some(text) = &fix.text {
        prose(text.as_str(), columns, out)?;
    }
    for (index, step) in fix.steps.iter().enumerate() {
        let mut number = format!("{}.", index + 1);
        for line in wrap(step.as_str(), columns - 4) {
            writeln!(out, "  {number:<3} {line}")?;
            number.clear();
        }
    }
    if let Some(code) = &fix.code {
        for line in code.as_str().trim_end().lines() {
            writeln!(out, "      {line}")?;
        }
    }
    Ok(())
}
