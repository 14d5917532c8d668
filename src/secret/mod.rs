//! What a secret is: names that say so, vendors' formats, placeholders, publicly
//! known keys, strength, and how a secret is taken out of a line that is shown.

pub(crate) mod guessable;
pub(crate) mod known_keys;
mod names;
pub(crate) mod placeholder;
pub(crate) mod private_key;
pub(crate) mod redact;
pub(crate) mod strength;
mod token;
pub(crate) mod url;
pub(crate) mod value;

pub(crate) use names::names_secret;
pub(crate) use token::vendor_secret;
