//! What code loads by a name that it puts together.

use super::texts::Text;
use crate::model::Place;

/// Something that is loaded by such a name.
#[derive(Debug)]
pub(super) struct Loaded {
    /// The name.
    pub(super) text: Text,
    /// Where it is loaded.
    pub(super) place: Place,
}
