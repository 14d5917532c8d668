//! Collects what is to be said about a checklist, and knows when enough is said.

use super::diagnostic::Diagnostic;

/// Mistakes after which the rest of a checklist is not looked at. Nobody reads
/// more, and a hostile file could hold a hundred thousand.
const MOST_ERRORS: usize = 100;
/// Warnings that are kept.
const MOST_WARNINGS: usize = 100;

/// What was said so far.
#[derive(Debug, Default)]
pub(super) struct Told {
    all: Vec<Diagnostic>,
    errors: usize,
    warnings: usize,
}

impl Told {
    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        let (count, most) = if diagnostic.error {
            (&mut self.errors, MOST_ERRORS)
        } else {
            (&mut self.warnings, MOST_WARNINGS)
        };
        if *count < most {
            *count += 1;
            self.all.push(diagnostic);
        }
    }

    /// Whether nothing more needs to be looked for. There are errors then, so
    /// what is left out harms nobody.
    pub(super) fn full(&self) -> bool {
        self.errors >= MOST_ERRORS
    }

    /// Whether another warning would not be kept.
    pub(super) fn warned_enough(&self) -> bool {
        self.warnings >= MOST_WARNINGS
    }

    pub(super) fn has_errors(&self) -> bool {
        self.errors > 0
    }

    pub(super) fn take(&mut self) -> Vec<Diagnostic> {
        std::mem::take(self).all
    }
}

impl Extend<Diagnostic> for Told {
    fn extend<T: IntoIterator<Item = Diagnostic>>(&mut self, all: T) {
        all.into_iter().for_each(|diagnostic| self.push(diagnostic));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_do_not_make_it_full() {
        let mut told = Told::default();
        told.extend((0..1000).map(|_| Diagnostic::warning("w")));
        assert!(!told.full() && !told.has_errors());
        told.extend((0..1000).map(|_| Diagnostic::error("e")));
        assert!(told.full() && told.has_errors());
        assert_eq!(told.take().len(), MOST_ERRORS + MOST_WARNINGS);
    }
}
