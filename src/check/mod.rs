//! The automatic part of an item: what a kind of check is.
//!
//! One kind is one file in `kinds/<family>/` and one line in [`table`]. It is a
//! [`Check`] when it asks git or looks at a few named files, and a [`Scan`] when
//! it looks into many: the engine reads every file once for all scans.
//!
//! # What the author of a kind should know
//! - **Identity.** A finding, a need and an error have a rule (`kind.what`) and a
//!   subject, and nothing else decides whether a sign-off knows them again. The
//!   subject holds what the finding is about: a path, a key, the code's tokens. It
//!   holds no line number (code may move), no prose (wording may improve) and no
//!   secret value (a digest of it could be guessed).
//! - **All of them.** Return every finding: a sign-off binds to each. Only what is
//!   shown is cut.
//! - **Undecided is not a failure.** What cannot be seen here (no env file in a
//!   clone), or was not understood, is a [`Need`](crate::model::Need). What stood
//!   in the way of looking is a [`CheckError`]. Neither is ever a pass.
//! - **Nothing matches.** When there is nothing that the item could hold for, the
//!   check is not applicable, and says how that was seen. That takes completely
//!   read input: with anything unread it is undecided.
//! - **What a pass rests on.** A pass that needs a file to be there waits until a
//!   clone would have it: `rests::on_one_of` tells.
//! - **Messages** are one sentence, name no secret value, and mark names with
//!   backticks. What to do goes into the help.

pub(crate) mod bounds;
pub mod decode;
mod fix;
pub mod fixes;
mod kinds;
pub mod params;
pub(crate) mod rests;
mod scan;
pub mod table;

use std::fmt::Debug;
use std::sync::Arc;

use crate::facts::Facts;
use crate::model::{CheckError, Observation};

pub use fix::{Fix, Order};
pub use scan::{AnyScan, Bag, Gap, Hits, OwnList, Scan};

/// A kind of check that asks git or looks at a few named files. The struct of its
/// YAML parameters is the check.
///
/// A panic in a method becomes the check's error, without the panic's text.
pub trait Check: Debug + Send + Sync {
    /// What it needs beyond reading files and asking git. An offline run does
    /// not run a check that needs the network; its error says so.
    fn needs(&self) -> Needs {
        Needs::Nothing
    }

    /// Looks and judges. May take long, so it asks
    /// [`Cancel::check`](crate::model::Cancel::check) now and then.
    ///
    /// # Errors
    /// When it could not look; that is never an observation.
    fn judge(&self, cx: &Facts<'_>) -> Result<Observation, CheckError>;

    /// Whether it may search the history for files of this name, in any folder.
    /// It is read once for all checks that say so; who does not may read it again.
    fn asks_history(&self, name: &[u8]) -> bool {
        let _ = name;
        false
    }

    /// What gonogo can do by itself about what was seen, when the person agrees.
    fn fixes(&self, seen: &Observation) -> Vec<Arc<dyn Fix>> {
        let _ = seen;
        Vec::new()
    }
}

/// Any check, its kind forgotten.
#[derive(Clone, Debug)]
pub enum AnyCheck {
    /// Runs by itself.
    Apart(Arc<dyn Check>),
    /// Takes part in the shared pass.
    Scan(Arc<dyn AnyScan>),
}

impl AnyCheck {
    /// See [`Check::needs`].
    pub fn needs(&self) -> Needs {
        match self {
            Self::Apart(check) => check.needs(),
            Self::Scan(_) => Needs::Nothing,
        }
    }

    /// See [`Check::fixes`].
    pub fn fixes(&self, seen: &Observation) -> Vec<Arc<dyn Fix>> {
        match self {
            Self::Apart(check) => check.fixes(seen),
            Self::Scan(scan) => scan.fixes(seen),
        }
    }
}

/// What a check needs beyond reading files and asking git.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Needs {
    /// Nothing.
    Nothing,
    /// The network; skipped with an error when the run is offline.
    Network,
}
