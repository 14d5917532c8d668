//! Where in a checklist's files something was given.

use super::diagnostic::Spot;
use super::file::File;
use crate::check::decode::Step;

/// A place in one of the files.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub file: usize,
    pub path: Vec<Step>,
}

/// A value and where it was given.
#[derive(Clone, Debug)]
pub(super) struct Given<T> {
    pub value: T,
    pub at: Place,
}

impl Place {
    /// A key at the top of a file.
    pub(super) fn top(file: usize, key: &str) -> Self {
        Self { file, path: vec![Step::Key(key.to_owned())] }
    }

    /// What stands below it.
    pub(super) fn key(&self, key: &str) -> Self {
        self.step(Step::Key(key.to_owned()))
    }

    /// An entry of it, from 0.
    pub(super) fn index(&self, index: usize) -> Self {
        self.step(Step::Index(index))
    }

    fn step(&self, step: Step) -> Self {
        let mut path = self.path.clone();
        path.push(step);
        Self { file: self.file, path }
    }

    /// The value there.
    pub(super) fn value(&self, files: &[File], label: &str) -> Spot {
        files[self.file].value_spot(&self.path, label)
    }

    /// The key there.
    pub(super) fn key_of(&self, files: &[File], label: &str) -> Spot {
        files[self.file].key_spot(&self.path, label)
    }
}
