//! Plain values that every layer speaks in: no I/O lives here.

mod cancel;
mod check_error;
mod commit;
mod date;
mod digest;
mod finding;
mod id;
mod item_result;
mod observation;
mod path;
mod period;
mod person;
mod place;
mod redacted;
mod rule;
mod severity;
mod text;
pub(crate) mod words;

pub use cancel::Cancel;
pub use check_error::CheckError;
pub use commit::CommitId;
pub use date::Date;
pub use digest::Digest;
pub use finding::{Finding, Need, Note};
pub use id::{ItemId, Role};
pub use item_result::{CheckResult, ItemOutcome, ItemResult};
pub use observation::{Observation, Outcome};
pub use path::{PathError, RepoPath};
pub use period::Period;
pub use person::Person;
pub use place::Place;
pub use redacted::Redacted;
pub use rule::{RuleId, Subject};
pub use severity::Severity;
pub use text::CleanText;
