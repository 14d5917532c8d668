//! Brings together a checklist's files: the chosen one and all that it includes.

use super::diagnostic::Diagnostic;
use super::file::File;
use super::origin::{self, LoadedFile, LoadedFrom, Origin};
use super::place::Place;
use super::told::Told;
use crate::check::decode::Step;

/// Includes of includes of …
const DEEPEST: usize = 8;
/// Files of one checklist.
const MOST_FILES: usize = 100;

/// All files of a checklist.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// The chosen file first, each file before what it includes.
    pub files: Vec<File>,
    /// Which file includes each, in the order of `files`.
    pub parents: Vec<Option<usize>>,
    /// Indexes into `files`: each file after what it includes.
    pub order: Vec<usize>,
    /// Where each file came from, in the order of `files`.
    pub loaded: Vec<LoadedFile>,
    pub told: Told,
    /// Files that ask for another version of gonogo. What else is wrong with them
    /// may be due to that.
    pub unmet: Vec<Diagnostic>,
    /// Every file met, readable or not: what it is, and who included it first.
    met: Vec<(LoadedFrom, Option<Place>)>,
    /// The files that are being included, innermost last.
    open: Vec<LoadedFrom>,
}

impl Files {
    /// Reads a checklist and all that it includes.
    pub(super) fn gather(origin: &Origin<'_>) -> Self {
        let mut files = Self::default();
        files.take(origin, None);
        files
    }

    fn take(&mut self, origin: &Origin<'_>, from: Option<Place>) {
        let identity = origin.from();
        if let Some(refused) = self.refuse(&identity, origin, from.as_ref()) {
            self.told.push(refused);
            return;
        }
        self.met.push((identity.clone(), from.clone()));
        let source = match origin.read() {
            Ok(source) => source,
            Err(mut told) => {
                if told.place.is_none() {
                    told.place =
                        from.as_ref().map(|at| Box::new(at.value(&self.files, "included here")));
                }
                self.told.push(told);
                return;
            }
        };
        let digest = origin::digest(&source.text);
        let (file, told) = File::decode(source, matches!(origin, Origin::Builtin(_)));
        self.told.extend(told);
        let Some(file) = file else {
            return;
        };
        let asks = file.raw.requires.as_ref().and_then(|written| written.0.unmet());
        if let Some(told) = asks {
            let at = [Step::Key("requires".to_owned())];
            self.unmet.push(told.at(file.value_spot(&at, "")));
        }
        let index = self.files.len();
        let includes = file.raw.include.clone().unwrap_or_default();
        self.files.push(file);
        self.parents.push(from.as_ref().map(|at| at.file));
        self.loaded.push(LoadedFile { from: identity.clone(), digest });
        self.open.push(identity);
        for (nth, include) in includes.iter().enumerate() {
            if self.told.full() {
                break;
            }
            let at = Place::top(index, "include").index(nth);
            match origin.resolve(include) {
                Ok(included) => self.take(&included, Some(at)),
                Err(told) => {
                    let place = at.value(&self.files, "included here");
                    self.told.push(told.at(place));
                }
            }
        }
        self.open.pop();
        self.order.push(index);
    }

    fn refuse(
        &self,
        identity: &LoadedFrom,
        origin: &Origin<'_>,
        from: Option<&Place>,
    ) -> Option<Diagnostic> {
        let here = from?.value(&self.files, "included here");
        let name = origin.name();
        if self.open.iter().any(|open| open == identity) {
            return Some(
                Diagnostic::error(format!("`{name}` includes itself through its includes"))
                    .at(here)
                    .help("remove one of the includes"),
            );
        }
        if let Some((_, first)) = self.met.iter().find(|(met, _)| met == identity) {
            let mut told = Diagnostic::error(format!("`{name}` is included twice"))
                .at(here)
                .help("remove one of the includes");
            if let Some(first) = first {
                told = told.also(first.value(&self.files, "first included here"));
            }
            return Some(told);
        }
        if self.open.len() > DEEPEST {
            let message = format!("checklists include each other more than {DEEPEST} deep");
            return Some(Diagnostic::error(message).at(here).help("include it further up"));
        }
        (self.met.len() >= MOST_FILES).then(|| {
            Diagnostic::error(format!("more than {MOST_FILES} files in one checklist"))
                .at(here)
                .help("put some of them together")
        })
    }
}
