//! Plain values that every layer speaks in: no I/O lives here.

mod commit;
mod date;
mod digest;
mod finding;
mod id;
mod observation;
mod path;
mod period;
mod person;
mod redacted;
mod severity;
mod text;

pub use commit::CommitId;
pub use date::Date;
pub use digest::Digest;
pub use finding::{Finding, Place};
pub use id::{ItemId, Role};
pub use observation::{Observation, Outcome};
pub use path::{PathError, RepoPath};
pub use period::Period;
pub use person::Person;
pub use redacted::Redacted;
pub use severity::Severity;
pub use text::CleanText;
