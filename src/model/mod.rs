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
mod redact;
mod secret_name;
mod severity;
mod text;
mod token;

pub use commit::CommitId;
pub use date::Date;
pub use digest::Digest;
pub use finding::{Finding, Place};
pub use id::{ItemId, Role};
pub use observation::{Observation, Outcome};
pub use path::{PathError, RepoPath};
pub use period::Period;
pub use person::Person;
pub use redact::Redacted;
pub use secret_name::names_secret;
pub use severity::Severity;
pub use text::CleanText;
pub use token::vendor_secret;
