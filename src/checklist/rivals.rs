//! What two included files say differently though neither includes the other:
//! the order of the includes would decide it in silence.

use super::diagnostic::Diagnostic;
use super::file::File;
use super::include::Files;
use super::place::Place;
use super::told::Told;

/// Who included each file, and which came with gonogo.
#[derive(Debug, Clone, Default)]
pub(super) struct Families(Vec<(Option<usize>, bool)>);

/// What is open to two meanings so far.
#[derive(Debug, Default)]
pub(super) struct Rivals(Vec<Rival>);

#[derive(Debug)]
struct Rival {
    what: String,
    first: Place,
    again: Place,
}

impl Families {
    pub(super) fn of(files: &Files) -> Self {
        let parents = files.parents.iter().copied();
        Self(parents.zip(files.files.iter().map(|file| file.builtin)).collect())
    }

    /// Whether what one file says goes before what another says: it includes it, or the other came
    /// with gonogo and it did not.
    fn may_override(&self, over: usize, under: usize) -> bool {
        let of = |file: usize| self.0.get(file).copied().unwrap_or_default();
        if of(under).1 && !of(over).1 {
            return true;
        }
        let mut parent = of(under).0;
        while let Some(file) = parent {
            if file == over {
                return true;
            }
            parent = of(file).0;
        }
        false
    }
}

impl Rivals {
    /// Whether what a later place says replaces what an earlier one said; notes
    /// it when nothing but the order decides. `same` when both say the same.
    pub(super) fn decide(
        &mut self,
        families: &Families,
        what: &str,
        first: &Place,
        again: &Place,
        same: bool,
    ) -> bool {
        if families.may_override(again.file, first.file) {
            // an including file decides what its includes left open
            let decides = |place: &Place| families.may_override(again.file, place.file);
            self.0.retain(|rival| {
                rival.what != what || !decides(&rival.first) || !decides(&rival.again)
            });
        } else if families.may_override(first.file, again.file) {
            return false;
        } else if !same {
            let (what, first, again) = (what.to_owned(), first.clone(), again.clone());
            self.0.push(Rival { what, first, again });
        }
        true
    }

    /// What is to be said about them.
    pub(super) fn tell(self, files: &[File], told: &mut Told) {
        for Rival { what, first, again } in self.0 {
            let message =
                format!("{what} is not the same in two files, of which neither includes the other");
            // both came with gonogo: the later one goes first, as it always did
            let diagnostic = match files[first.file].builtin && files[again.file].builtin {
                true => Diagnostic::warning(message),
                false => Diagnostic::error(message),
            };
            let diagnostic = diagnostic
                .at(again.key_of(files, "here"))
                .also(first.key_of(files, "and here"))
                .help("say it in the file that includes both, which decides, or take it out of one of them");
            told.push(diagnostic);
        }
    }
}
