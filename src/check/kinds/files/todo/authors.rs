//! Says of each note who wrote it, and how long ago.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::facts::Facts;
use crate::model::{CheckError, Date, Finding, RepoPath};
use crate::repo::Written;

/// Adds author and age to what findings say to do. What git cannot tell is said
/// too: an age is not a ground to hold the notes back.
///
/// # Errors
/// When the run was cancelled.
pub(super) fn add(context: &Facts<'_>, findings: Vec<Finding>) -> Result<Vec<Finding>, CheckError> {
    let mut lines: BTreeMap<RepoPath, Vec<u32>> = BTreeMap::new();
    for place in findings.iter().filter_map(|finding| finding.place()) {
        lines.entry(place.path.clone()).or_default().extend(place.line);
    }
    let git = context.git()?;
    let mut helps: BTreeMap<(RepoPath, u32), String> = BTreeMap::new();
    for (path, lines) in lines {
        context.cancel.check()?;
        let said = match git.blame(&path, &lines) {
            Ok(written) => written.iter().map(|line| said(line.as_ref(), context.now)).collect(),
            Err(error) => vec![format!("its age is not known: {error}"); lines.len()],
        };
        helps.extend(lines.into_iter().map(|line| (path.clone(), line)).zip(said));
    }
    let with_help = |finding: Finding| {
        let at = finding.place().and_then(|place| Some((place.path.clone(), place.line?)));
        match at.and_then(|at| helps.get(&at)) {
            Some(help) => finding.help(help),
            None => finding,
        }
    };
    Ok(findings.into_iter().map(with_help).collect())
}

fn said(written: Option<&Written>, now: Timestamp) -> String {
    let Some(written) = written else { return "not committed yet".to_owned() };
    let earlier = if written.or_earlier { " or earlier" } else { "" };
    format!(
        "written {}{earlier} by {}, on {} in commit {}",
        ago(written.at, now),
        written.by.name,
        Date::of(written.at),
        written.commit.short()
    )
}

/// In the largest unit of which there are at least two.
fn ago(then: Timestamp, now: Timestamp) -> String {
    let days = now.duration_since(then).as_hours() / 24;
    match days {
        ..=0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        2..=59 => format!("{days} days ago"),
        60..=729 => format!("{} months ago", days / 30),
        _ => format!("{} years ago", days / 365),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_told_as_people_do() {
        let now: Timestamp = "2026-06-01T12:00:00Z".parse().expect("a moment");
        let cases = [
            ("2026-06-01T11:00:00Z", "today"),
            ("2027-01-01T00:00:00Z", "today"),
            ("2026-05-31T11:00:00Z", "yesterday"),
            ("2026-04-03T00:00:00Z", "59 days ago"),
            ("2026-01-01T00:00:00Z", "5 months ago"),
            ("2023-01-01T00:00:00Z", "3 years ago"),
        ];
        for (then, expected) in cases {
            assert_eq!(ago(then.parse().expect(then), now), expected, "{then}");
        }
    }
}
