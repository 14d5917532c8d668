//! All ignore rules that count together: which file's which line decides.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::patterns::{LONGEST, Line, MOST_TRIED, Patterns};
use crate::model::{CleanText, RepoPath};
use crate::repo::RepoError;
use crate::repo::error::shown;

/// Which rule ignores a path, by how far the rules reach. Each answer is given
/// as if no rules existed but those that it names, so that a rule of one's own
/// hides no shared one. Only `here` heeds `core.ignoreCase`, a setting of one's own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ignored {
    /// By all rules that count on this machine: what `git check-ignore
    /// --no-index` says. Nothing when the path is not ignored.
    pub here: Option<Rule>,
    /// By the `.gitignore` files of this tree alone, committed or not.
    pub shared: Option<Rule>,
    /// By the `.gitignore` files of the commit alone: what every clone of it
    /// has. Here and not in `shared`: the work tree takes it back. In `shared`
    /// and not here: not committed yet.
    pub committed: Option<Rule>,
}

impl Ignored {
    /// The same for who sees the tree as a folder of another.
    pub(in crate::repo) fn below(self, folder: &Path) -> Self {
        let below = |rule: Option<Rule>| {
            rule.map(|rule| match rule.file {
                RuleFile::Gitignore(path) => {
                    let file = RepoPath::new(folder.join(path.as_path())).unwrap_or(path);
                    Rule { file: RuleFile::Gitignore(file), ..rule }
                }
                _ => rule,
            })
        };
        Self {
            here: below(self.here),
            shared: below(self.shared),
            committed: below(self.committed),
        }
    }
}

/// The line of an ignore file that decided.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rule {
    /// Which file.
    pub file: RuleFile,
    /// Its line, from 1.
    pub line: u32,
    /// What the line says.
    pub pattern: CleanText,
}

/// A file of ignore rules.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RuleFile {
    /// A `.gitignore` of the tree.
    Gitignore(RepoPath),
    /// `.git/info/exclude`, which stays on this machine.
    Exclude,
    /// The person's own, which `core.excludesFile` names.
    Personal(CleanText),
}

/// Reads the `.gitignore` of a folder, which is given from the root.
type Read<'a> = Box<dyn Fn(&Path) -> Result<Option<Vec<u8>>, RepoError> + Send + Sync + 'a>;

/// All rules that count in a tree; a folder's are read when they are needed.
pub(in crate::repo) struct Rules<'a> {
    fold: bool,
    read: Read<'a>,
    personal: bool,
    /// `.git/info/exclude`, then the person's own: the first that says anything counts.
    everywhere: Vec<(RuleFile, Patterns)>,
    folders: Mutex<HashMap<PathBuf, Arc<Chain>>>,
}

/// The rules of a folder and of those above it that have any.
#[derive(Debug, Default)]
pub(in crate::repo) struct Chain {
    pub(super) own: Patterns,
    pub(super) file: Option<RuleFile>,
    /// How many bytes of a path lead to the folder, its slash included.
    pub(super) depth: usize,
    pub(super) above: Option<Arc<Chain>>,
}

impl<'a> Rules<'a> {
    /// Rules of which nothing is known yet but how to read a folder's.
    pub(super) fn new(
        fold: bool,
        read: impl Fn(&Path) -> Result<Option<Vec<u8>>, RepoError> + Send + Sync + 'a,
    ) -> Self {
        let (everywhere, folders) = (Vec::new(), Mutex::default());
        Self { fold, read: Box::new(read), personal: true, everywhere, folders }
    }

    /// Rules of files that are in memory.
    pub(in crate::repo) fn of_files(
        read: impl Fn(&Path) -> Result<Option<Vec<u8>>, RepoError> + Send + Sync + 'a,
    ) -> Self {
        Self::new(false, read)
    }

    /// Adds a file that concerns the whole tree.
    pub(super) fn everywhere(
        &mut self,
        file: RuleFile,
        bytes: &[u8],
        path: &Path,
    ) -> Result<(), RepoError> {
        let patterns = Patterns::parse(bytes, self.fold).map_err(|_| too_many(path))?;
        self.everywhere.push((file, patterns));
        Ok(())
    }

    /// Whether letters of either case are the same.
    pub(super) fn fold(&self) -> bool {
        self.fold
    }

    /// The same, but for the files that do not belong to the tree.
    pub(super) fn without_personal(mut self) -> Self {
        self.personal = false;
        self
    }

    /// The rule that ignores a path, or a folder above it.
    ///
    /// # Errors
    /// When rules cannot be read.
    pub(in crate::repo) fn decided(
        &self,
        path: &Path,
        is_folder: bool,
    ) -> Result<Option<Rule>, RepoError> {
        let mut above: Vec<&Path> = path.ancestors().skip(1).collect();
        // the root itself
        above.pop();
        for folder in above.into_iter().rev() {
            if let Some(rule) = self.ignoring(folder, true)? {
                return Ok(Some(rule));
            }
        }
        self.ignoring(path, is_folder)
    }

    /// Whether a path is ignored, given that no folder above it is.
    ///
    /// # Errors
    /// When rules cannot be read.
    pub(in crate::repo) fn ignores(&self, path: &Path, is_folder: bool) -> Result<bool, RepoError> {
        let chain = self.chain(path.parent().unwrap_or(Path::new("")))?;
        Ok(self.ignores_in(&chain, path, is_folder))
    }

    /// The same, where the rules of the path's folder are at hand.
    pub(in crate::repo) fn ignores_in(&self, chain: &Chain, path: &Path, is_folder: bool) -> bool {
        self.last(chain, path, is_folder).is_some_and(|(_, line)| !line.takes_back)
    }

    /// Whether no file for the whole tree takes anything back.
    pub(super) fn everywhere_takes_nothing_back(&self) -> bool {
        let mut lines = self.everywhere.iter().flat_map(|(_, patterns)| patterns.lines());
        !lines.any(|line| line.takes_back)
    }

    fn ignoring(&self, path: &Path, is_folder: bool) -> Result<Option<Rule>, RepoError> {
        let chain = self.chain(path.parent().unwrap_or(Path::new("")))?;
        let last = self.last(&chain, path, is_folder);
        Ok(last.filter(|(_, line)| !line.takes_back).map(|(from, line)| Rule {
            file: from.clone(),
            line: line.number,
            pattern: CleanText::bytes(&line.text),
        }))
    }

    fn last<'s>(
        &'s self,
        chain: &'s Chain,
        path: &Path,
        is_folder: bool,
    ) -> Option<(&'s RuleFile, &'s Line)> {
        let bytes = path.as_os_str().as_encoded_bytes();
        let mut at = Some(chain);
        while let Some(chain) = at {
            let below = bytes.get(chain.depth..).unwrap_or_default();
            if let Some(line) = chain.own.last_match(below, is_folder)
                && let Some(file) = &chain.file
            {
                return Some((file, line));
            }
            at = chain.above.as_deref();
        }
        let everywhere = self.everywhere.iter().filter(|_| self.personal);
        let mut found = everywhere
            .filter_map(|(file, patterns)| Some((file, patterns.last_match(bytes, is_folder)?)));
        found.next()
    }

    /// The rules that count for what lies in a folder.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(in crate::repo) fn chain(&self, folder: &Path) -> Result<Arc<Chain>, RepoError> {
        if let Some(known) = self.folders().get(folder) {
            return Ok(Arc::clone(known));
        }
        let above = match folder.parent() {
            Some(above) => Some(self.chain(above)?),
            None => None,
        };
        let own = match (self.read)(folder)? {
            Some(bytes) => Patterns::parse(&bytes, self.fold)
                .map_err(|_| too_many(&folder.join(".gitignore")))?,
            None => Patterns::default(),
        };
        let chain = match above {
            Some(above) if own.is_empty() => above,
            above => {
                let length = folder.as_os_str().len();
                let depth = if length == 0 { 0 } else { length + 1 };
                let file = RepoPath::new(folder.join(".gitignore")).ok().map(RuleFile::Gitignore);
                Arc::new(Chain { own, file, depth, above })
            }
        };
        self.folders().insert(folder.to_owned(), Arc::clone(&chain));
        Ok(chain)
    }

    fn folders(&self) -> std::sync::MutexGuard<'_, HashMap<PathBuf, Arc<Chain>>> {
        self.folders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) fn too_long(path: &Path) -> RepoError {
    unreadable(path, &format!("is larger than {} MiB", LONGEST / (1024 * 1024)))
}

fn too_many(path: &Path) -> RepoError {
    unreadable(path, &format!("has more than {MOST_TRIED} patterns with wildcards"))
}

fn unreadable(path: &Path, what: &str) -> RepoError {
    RepoError::Unsupported {
        what: CleanText::line(format!("the ignore file `{}` {what}", shown(path))),
        next: "make it shorter: name folders in place of their files".into(),
    }
}
