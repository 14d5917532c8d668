//! Places in a file as an editor counts them.

use crate::lang::SourceFile;
use crate::model::Place;

/// The place of a byte offset, a byte order mark not counted as a column.
pub(super) fn place(file: &SourceFile, offset: usize) -> Place {
    let mut place = file.place(offset);
    if place.line == Some(1) && file.text().starts_with('\u{feff}') {
        place.column = place.column.map(|column| column.saturating_sub(1).max(1));
    }
    place
}
