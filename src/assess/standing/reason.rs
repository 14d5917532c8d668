//! Why an item stands where it does, in two lengths.

use crate::assess::words;
use crate::model::{Finding, ItemResult};

/// So many needs are named.
const MOST: usize = 3;

/// Why an item stands where it does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::assess) struct Reason {
    /// In full, for where nothing else is told of the item.
    pub full: String,
    /// Without what the checks saw, for where that is listed beside it; may be empty.
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
    pub(crate) fn and(self, more: &str) -> Self {
        let join = |said: String| match (said.is_empty(), more.is_empty()) {
            (_, true) => said,
            (true, false) => more.to_owned(),
            (false, false) => format!("{said}; {more}"),
        };
        Self { full: join(self.full), short: join(self.short) }
    }

    /// What is listed beside it.
    fn listed(full: String) -> Self {
        Self { full, short: String::new() }
    }

    /// The first finding, how many there are, and what else is in the way.
    pub(crate) fn findings(result: &ItemResult) -> Self {
        let found: Vec<&Finding> = result.findings().collect();
        let mut full = words::findings(&found, "finding", "");
        if let Some(error) = result.errors().next() {
            full.push_str(&format!("; also, a check could not look: {error}"));
        } else if let Some(need) = result.needs().next() {
            full.push_str(&format!("; also, it is not known: {}", need.message));
        }
        Self::listed(full)
    }

    /// Why checks could not look.
    pub(crate) fn errors(result: &ItemResult) -> Self {
        let errors: Vec<String> = result.told_errors().map(ToString::to_string).collect();
        Self::listed(errors.join("; "))
    }

    /// What is not known, and what would help.
    pub(crate) fn needs(result: &ItemResult) -> Self {
        let said: Vec<String> = result
            .needs()
            .map(|need| match &need.help {
                Some(help) => format!("{}: {help}", need.message),
                None => need.message.to_string(),
            })
            .collect();
        Self::listed(crate::model::words::list(&said, MOST))
    }
}
