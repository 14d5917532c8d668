//! The names of files and folders, each kept once.

use std::collections::HashMap;

use foldhash::fast::RandomState;

/// Whether files of a name may matter.
pub(super) type Asks<'a> = dyn Fn(&[u8]) -> bool + Sync + 'a;

/// Names by number.
#[derive(Default)]
pub(super) struct Names {
    numbers: HashMap<Box<[u8]>, u32, RandomState>,
    list: Vec<Box<[u8]>>,
}

impl Names {
    /// The number of a name.
    pub(super) fn number(&mut self, name: &[u8]) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push(name.into());
        self.numbers.insert(name.into(), number);
        number
    }

    /// A name by its number.
    pub(super) fn name(&self, number: u32) -> &[u8] {
        self.list.get(number as usize).map(AsRef::as_ref).unwrap_or_default()
    }

    /// All of them in order of number.
    pub(super) fn all(&self) -> impl Iterator<Item = &[u8]> {
        self.list.iter().map(AsRef::as_ref)
    }
}
