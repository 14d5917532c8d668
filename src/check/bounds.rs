//! Keeps what a check tells readable: so many findings, and how many more there are.

use crate::check::{CheckError, Found};
use crate::model::Finding;

/// So many findings of one file are told.
const OF_ONE_FILE: usize = 50;

/// So many findings of one check are told.
const OF_ALL: usize = 500;

/// Tells the first of what was seen in one file. A last finding stands, where
/// the next would have been, for those left off.
pub(in crate::check) fn of_one_file<T>(
    mut seen: impl Iterator<Item = T>,
    tell: impl Fn(T) -> Finding,
) -> Vec<Finding> {
    let mut first: Vec<Finding> = seen.by_ref().take(OF_ONE_FILE).map(&tell).collect();
    if let Some(next) = seen.next() {
        let more = seen.count() + 1;
        let rest = Finding::new(format!("{more} more of these in this file"));
        first.push(match tell(next).place {
            Some(place) => rest.at(place),
            None => rest,
        });
    }
    first
}

/// The first of all findings. A last one stands for those left off.
pub(in crate::check) fn of_all(found: &mut Found) -> Vec<Finding> {
    let mut findings = std::mem::take(&mut found.findings);
    let more = findings.len().saturating_sub(OF_ALL) + found.left_off;
    findings.truncate(OF_ALL);
    if more > 0 {
        findings.push(Finding::new(format!("{more} more of these in other places")));
    }
    findings
}

/// Why nothing can be said, when wanted files could not be looked at.
pub(in crate::check) fn not_looked_at(found: &Found) -> Result<(), CheckError> {
    let Some((path, reason)) = found.skipped.first() else { return Ok(()) };
    let others = match found.skipped.len() - 1 {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    Err(CheckError::could_not_look(
        format!("`{path}` was not looked at ({reason}){others}"),
        "make it readable and smaller, or leave it out with `exclude`",
    ))
}

/// `1 file`, `3 files`, and what was wanted of them.
pub(in crate::check) fn files(found: &Found) -> String {
    match found.files {
        1 => "1 file".to_owned(),
        count => format!("{count} files"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Place, RepoPath};

    #[test]
    fn what_is_left_off_is_counted() {
        let path = RepoPath::new("a.py").expect("a plain path");
        let tell = || {
            let path = path.clone();
            move |line| Finding::new("x").at(Place::at(path.clone(), line, 1))
        };
        assert_eq!(of_one_file(1..=50, tell()).len(), 50);
        let cut = of_one_file(1..=60, tell());
        let last = cut.last().expect("one");
        assert_eq!(last.message.as_str(), "10 more of these in this file");
        assert_eq!(last.place.as_ref().and_then(|place| place.line), Some(51));

        let mut found =
            Found { findings: (1..=501).map(tell()).collect(), left_off: 7, ..Found::default() };
        let all = of_all(&mut found);
        assert_eq!(all.len(), 501);
        assert_eq!(all[500].message.as_str(), "8 more of these in other places");
    }
}
