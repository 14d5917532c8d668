//! The words of a filter or a search.

/// The words of a filter; all must occur.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Terms(Vec<String>);

impl Terms {
    /// Splits what was typed.
    pub(crate) fn new(typed: &str) -> Self {
        Self(typed.split_whitespace().map(str::to_lowercase).collect())
    }

    /// Whether there are none, so that everything passes.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether all occur in a text.
    pub(crate) fn match_text(&self, text: &str) -> bool {
        if self.is_empty() {
            return true;
        }
        let text = text.to_lowercase();
        self.0.iter().all(|term| text.contains(term.as_str()))
    }
}
