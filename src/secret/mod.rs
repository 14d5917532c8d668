//! What a secret is: names that say so, vendors' formats, placeholders, publicly
//! known keys, strength, and how a secret is taken out of a line that is shown.

pub mod guessable;
pub mod known_keys;
mod names;
pub mod placeholder;
pub mod redact;
pub mod strength;
mod token;

pub use names::names_secret;
pub use token::vendor_secret;
