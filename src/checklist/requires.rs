//! `requires: ">= 0.2"`: which versions of gonogo understand a checklist.

use std::str::FromStr;

use semver::{Prerelease, Version, VersionReq};

use super::diagnostic::Diagnostic;

/// This program's version.
const OURS: &str = env!("CARGO_PKG_VERSION");

/// What a checklist asks of the program's version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Requirement(VersionReq);

impl FromStr for Requirement {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        VersionReq::parse(text).map(Self).map_err(|error| {
            format!("not a version requirement such as `>= 0.2` or `>= 0.2, < 1`: {error}")
        })
    }
}

impl Requirement {
    /// A mistake when this program does not meet it.
    pub(super) fn unmet(&self) -> Option<Diagnostic> {
        let ours = match Version::parse(OURS) {
            Ok(ours) => ours,
            Err(error) => {
                return Some(Diagnostic::error(format!(
                    "the version of this gonogo, `{OURS}`, is not valid: {error}"
                )));
            }
        };
        (!self.met_by(ours)).then(|| {
            Diagnostic::error(format!(
                "this checklist requires gonogo `{}`, and this is gonogo {OURS}",
                self.0
            ))
            .help(
                "use a version of gonogo that meets the requirement; this one may misread the file",
            )
        })
    }

    /// A pre-release counts as its release.
    fn met_by(&self, mut version: Version) -> bool {
        version.pre = Prerelease::EMPTY;
        self.0.matches(&version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_that_meet_it() {
        let cases = [
            (">= 0.2", "0.1.9", false),
            (">= 0.2", "0.2.0", true),
            (">= 0.2", "1.0.0", true),
            (">= 0.2", "0.3.0-rc.1", true),
            (">= 0.2, < 1", "1.0.0", false),
            ("0.2", "0.2.7", true),
            ("0.2", "0.3.0", false),
            ("*", "0.1.0", true),
        ];
        for (asked, ours, met) in cases {
            let requirement: Requirement = asked.parse().expect(asked);
            assert_eq!(requirement.met_by(ours.parse().expect(ours)), met, "{asked} {ours}");
        }
        for bad in ["", "new", ">= 0.2 <", ">> 1"] {
            assert!(bad.parse::<Requirement>().is_err(), "{bad}");
        }
    }
}
