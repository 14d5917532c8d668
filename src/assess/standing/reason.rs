//! Why an item stands where it does, in two lengths.

use crate::assess::words;
use crate::model::words::count;
use crate::model::{Finding, ItemResult};

/// So many needs are named.
const MOST: usize = 3;

/// Why an item stands where it does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::assess) struct Reason {
    /// In full, for where nothing else is told of the item.
    pub full: String,
    /// What the checks saw only counted, for where it is listed beside it.
    pub short: String,
}

impl From<String> for Reason {
    fn from(full: String) -> Self {
        Self { short: full.clone(), full }
    }
}

impl From<&str> for Reason {
    fn from(full: &str) -> Self {
        full.to_owned().into()
    }
}

impl Reason {
    /// With more said after it.
    pub fn and(self, more: &str) -> Self {
        Self { full: format!("{}{more}", self.full), short: format!("{}{more}", self.short) }
    }

    /// The first finding, how many there are, and what else is in the way.
    pub fn findings(result: &ItemResult) -> Self {
        let found: Vec<&Finding> = result.findings().collect();
        let mut full = words::findings(&found, "finding", "");
        if let Some(error) = result.errors().next() {
            full.push_str(&format!("; beside that a check could not look: {error}"));
        } else if let Some(need) = result.needs().next() {
            full.push_str(&format!("; beside that it is not known: {}", need.message));
        }
        Self { full, short: counted(result) }
    }

    /// Why checks could not look.
    pub fn errors(result: &ItemResult) -> Self {
        let full = result.errors().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        Self { full, short: counted(result) }
    }

    /// What is not known, and what would help.
    pub fn needs(result: &ItemResult) -> Self {
        let said: Vec<String> = result
            .needs()
            .map(|need| match &need.help {
                Some(help) => format!("{}: {help}", need.message),
                None => need.message.to_string(),
            })
            .collect();
        Self { full: crate::model::words::list(&said, MOST), short: counted(result) }
    }
}

/// `3 findings, 1 error, 1 open question`.
fn counted(result: &ItemResult) -> String {
    let numbers = [
        (result.findings().count(), "finding"),
        (result.errors().count(), "error"),
        (result.needs().count(), "open question"),
    ];
    let said: Vec<String> = numbers
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| count(number, what))
        .collect();
    said.join(", ")
}
