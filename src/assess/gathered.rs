//! Notes with the item that each is about; those that are alike are told as one.

use crate::model::{CleanText, ItemId};

/// So many items are named.
const MOST: usize = 3;

/// What should be known and blocks nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Note {
    /// The item, which the checklist may have no longer; none for what is about no item.
    item: Option<ItemId>,
    /// The whole sentence.
    text: String,
    /// What it is told with, and how it is named then.
    alike: Option<(Alike, String)>,
}

/// What several notes have in common.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Alike {
    /// Somebody else committed the record.
    ByAnother { author: String, committer: String },
    /// The waiver helps nothing any more.
    NotNeeded,
    /// A commit of what is here ends the sign-off.
    EndsWithCommit,
}

impl Alike {
    fn told(&self, number: usize, named: &str) -> String {
        match self {
            Self::ByAnother { author, committer } => format!(
                "{number} records name {author} as their author, and {committer} wrote them: {named}"
            ),
            Self::NotNeeded => {
                format!(
                    "{number} waivers are not needed any more, their items are settled: {named}"
                )
            }
            Self::EndsWithCommit => {
                format!("committing what is changed here makes {number} sign-offs stale: {named}")
            }
        }
    }
}

impl Note {
    pub(super) fn general(text: impl Into<String>) -> Self {
        Self { item: None, text: text.into(), alike: None }
    }

    pub(super) fn on(item: &ItemId, text: impl Into<String>) -> Self {
        Self { item: Some(item.clone()), text: text.into(), alike: None }
    }

    /// One of several that may be told as one, where it goes by that name.
    pub(super) fn alike(self, alike: Alike, name: impl Into<String>) -> Self {
        Self { alike: Some((alike, name.into())), ..self }
    }

    /// Whether it is about one of these items.
    pub(in crate::assess) fn is_on(&self, ids: &[ItemId]) -> bool {
        self.item.as_ref().is_some_and(|item| ids.contains(item))
    }
}

/// Each as a sentence, those that are alike as one at the place of the first.
pub(in crate::assess) fn told(notes: &[Note]) -> Vec<CleanText> {
    let mut done: Vec<&Alike> = Vec::new();
    let mut told = Vec::new();
    for note in notes {
        let Some((alike, _)) = &note.alike else {
            told.push(CleanText::line(&note.text));
            continue;
        };
        if done.contains(&alike) {
            continue;
        }
        done.push(alike);
        let all = notes.iter().filter_map(|note| note.alike.as_ref());
        let names: Vec<String> =
            all.filter(|(other, _)| other == alike).map(|(_, name)| name.clone()).collect();
        told.push(CleanText::line(if names.len() == 1 {
            note.text.clone()
        } else {
            alike.told(names.len(), &crate::model::words::list(&names, MOST))
        }));
    }
    told
}
