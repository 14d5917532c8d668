//! What every kind says of files that it read, or could not.

use crate::check::Hits;
use crate::model::{Need, Place, RuleId, Subject};
use crate::repo::Unread;

/// One need for each file that should have been looked at and was not: what they
/// hold is not known.
pub(in crate::check) fn unread(rule: RuleId, unread: &[Unread]) -> Vec<Need> {
    let need = |unread: &Unread| {
        let Unread { path, what, next, id } = unread;
        // what was accepted unread for one content does not count for another
        let subject = match id {
            Some(id) => Subject::of(path).and(id),
            None => Subject::of(path),
        };
        Need::new(rule, subject, what).at(Place::file(path.clone())).help(next)
    };
    unread.iter().map(need).collect()
}

/// `1 file`, `3 files`.
pub(in crate::check) fn files<T>(hits: &Hits<T>) -> String {
    counted(hits.files, "file")
}

/// `1 file`, `3 files`.
pub(in crate::check) fn counted(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
