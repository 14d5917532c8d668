//! The formats of a report: a file for each, and a line in [`FORMATS`].

mod json;
mod text;

use std::io::{self, Write};

use super::Page;

pub use json::records as records_json;
pub(super) use text::{write_finding, write_need};

/// A format of a report.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// For whom it is.
    pub about: &'static str,
    /// Writes the page.
    pub write: fn(&Page<'_>, &mut dyn Write) -> io::Result<()>,
}

/// All formats; the first is the usual one.
pub const FORMATS: &[Format] = &[
    Format { name: "text", about: "For people", write: text::write },
    Format { name: "json", about: "For programs", write: json::write },
];

/// The format of that name.
pub fn find(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}
