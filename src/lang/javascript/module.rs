//! One file, parsed.

use std::collections::HashMap;

use tree_sitter::{Node, Tree};

use super::names::{self, Binding, Member};
use super::{ENDINGS, parse};
use crate::lang::SourceFile;
use crate::model::{Place, RepoPath};

/// A file and its tree. JSON is read as an expression in brackets.
pub(crate) struct Source {
    file: SourceFile,
    code: Option<String>,
    tree: Tree,
}

impl Source {
    /// Parses a file; none when it is not understood at all.
    pub(crate) fn new(file: SourceFile) -> Option<Self> {
        let ending = file.path().extension().unwrap_or_default().to_ascii_lowercase();
        let code = (!ENDINGS.contains(&ending.as_str())).then(|| format!("({}\n)", file.text()));
        let tree = parse(&ending, code.as_deref().unwrap_or(file.text()))?;
        Some(Self { file, code, tree })
    }

    /// The file.
    pub(crate) fn file(&self) -> &SourceFile {
        &self.file
    }
}

/// A file, with what its names are bound to.
pub(crate) struct Module<'w> {
    /// The file.
    pub source: &'w Source,
    /// What was parsed.
    pub text: &'w str,
    /// The whole of it.
    pub root: Node<'w>,
    names: HashMap<&'w str, Vec<Binding<'w>>>,
    /// What is assigned to properties: `root.way = value`, by root.
    members: HashMap<&'w str, Vec<Member<'w>>>,
}

impl<'w> Module<'w> {
    /// Finds all names.
    pub(crate) fn new(source: &'w Source) -> Self {
        let text = source.code.as_deref().unwrap_or_else(|| source.file.text());
        let root = source.tree.root_node();
        let (names, members) = names::of(text, root);
        Self { source, text, root, names, members }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &'w RepoPath {
        self.source.file.path()
    }

    /// The code of a node.
    pub(crate) fn code(&self, node: Node<'_>) -> &'w str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    /// A byte of the tree as one of the file.
    pub(crate) fn offset(&self, byte: usize) -> usize {
        byte.saturating_sub(usize::from(self.source.code.is_some()))
    }

    /// The place of a node.
    pub(crate) fn place(&self, node: Node<'_>) -> Place {
        self.source.file.place(self.offset(node.start_byte()))
    }

    /// What is assigned to the properties of a name, or of `this`.
    pub(crate) fn members(&self, root: &str) -> &[Member<'w>] {
        self.members.get(root).map(Vec::as_slice).unwrap_or_default()
    }

    /// All of them.
    pub(crate) fn all_members(&self) -> impl Iterator<Item = (&'w str, &Member<'w>)> {
        self.members.iter().flat_map(|(root, all)| all.iter().map(|member| (*root, member)))
    }

    /// What a name means at a byte: the bindings of the smallest scope around it.
    pub(crate) fn bound(&self, name: &str, at: usize) -> Vec<&Binding<'w>> {
        let all = self.names.get(name).map(Vec::as_slice).unwrap_or_default();
        let around = all.iter().filter(|binding| binding.scope.contains(&at));
        let Some(smallest) = around.clone().map(|binding| binding.scope.len()).min() else {
            return Vec::new();
        };
        around.filter(|binding| binding.scope.len() == smallest).collect()
    }
}
