//! Another env file, in which secrets are looked for in whatever form it is.

use secrecy::{ExposeSecret, SecretString};

use crate::lang::assigned::{Assigned, assigned};
use crate::lang::dotenv::EnvFile;
use crate::model::{Place, RepoPath};
use crate::secret::spellings;

/// The least length of a value that two variables of different names have in
/// common by more than chance.
pub(super) const TELLING: usize = 8;

/// Another env file and what it assigns, in whatever form.
pub(super) struct Other {
    pub(super) path: RepoPath,
    pub(super) assigned: Vec<Assigned>,
    text: SecretString,
    /// What lines mean besides what they say, by number: values that hold variables
    /// of the file itself, and what is escaped.
    meant: Vec<(u32, SecretString)>,
}

impl Other {
    /// Reads its text.
    pub(super) fn new(path: RepoPath, text: &str) -> Self {
        // UTF-16 without a mark reads as text with a NUL beside each character
        let text = text.replace('\0', "");
        let file = EnvFile::parse(&text);
        let expanded = file.entries.iter();
        let expanded = expanded.filter_map(|entry| Some((entry.line, file.expanded(entry)?)));
        let lines = (1..).zip(text.split('\n'));
        let escaped = lines.flat_map(|(number, line)| {
            spellings::meant(line).into_iter().map(move |line| (number, line))
        });
        let meant = expanded.chain(escaped);
        let meant = meant.map(|(number, text)| (number, SecretString::from(text))).collect();
        Self { path, assigned: assigned(&text), meant, text: SecretString::from(text) }
    }

    /// Where a secret stands, in whichever way it is written: by itself, also when it
    /// is put together of variables, or encoded.
    pub(super) fn at(&self, secret: &str) -> Option<Place> {
        let plain = spellings::plain(secret);
        let plain = || plain.iter().filter(|way| way.len() >= TELLING);
        let text = self.text.expose_secret();
        let found = plain().find_map(|way| alone_at(text, way));
        let found =
            found.or_else(|| spellings::encoded(secret).iter().find_map(|way| text.find(way)));
        if let Some(at) = found {
            return Some(self.place(at));
        }
        let stands = |value: &SecretString| {
            plain().any(|way| alone_at(value.expose_secret(), way).is_some())
        };
        let (line, _) = self.meant.iter().find(|(_, value)| stands(value))?;
        Some(Place::at(self.path.clone(), *line, 1))
    }

    fn place(&self, at: usize) -> Place {
        let before = self.text.expose_secret().get(..at).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Place::at(self.path.clone(), number(line), number(column))
    }
}

/// Where a text stands by itself: not as a part of a longer word.
fn alone_at(text: &str, sought: &str) -> Option<usize> {
    let joins = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(sought).map(|(at, _)| at).find(|&at| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + sought.len()..).and_then(|after| after.chars().next());
        // what is escaped may end in a letter: `\n`, `%40`
        let escaped = text.get(..at).is_some_and(|before| {
            before.ends_with("\\n")
                || before
                    .get(before.len().wrapping_sub(3)..)
                    .is_some_and(|end| end.starts_with('%'))
        });
        (!joins(before) || escaped) && !joins(after)
    })
}
