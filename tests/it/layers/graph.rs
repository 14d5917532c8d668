//! Which source file uses which: imports and paths, resolved to the file that
//! defines the name, re-exports followed. Tests are left out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree};

/// The sources of the program as a graph.
pub(super) struct Graph {
    /// Each file, from `src/`.
    pub files: Vec<String>,
    /// By file, the files that it uses.
    pub arrows: BTreeMap<usize, BTreeSet<usize>>,
}

/// A module: a file, or a block in one.
#[derive(Default)]
struct Module {
    file: usize,
    children: BTreeMap<String, usize>,
    defined: BTreeSet<String>,
    imported: BTreeMap<String, Vec<String>>,
    /// Paths whose every name is imported.
    globs: Vec<Vec<String>>,
}

struct Reader {
    files: Vec<String>,
    modules: Vec<Module>,
    /// Module, and a path that it names.
    named: Vec<(usize, Vec<String>)>,
    parents: Vec<usize>,
}

impl Graph {
    /// Reads `src/lib.rs` and all that it declares.
    pub(super) fn of_program() -> Self {
        let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut reader = Reader {
            files: Vec::new(),
            modules: Vec::new(),
            named: Vec::new(),
            parents: Vec::new(),
        };
        reader.file(&src, &src.join("lib.rs"), &src, 0);
        let mut arrows: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for (module, path) in &reader.named {
            let from = reader.modules[*module].file;
            if let Some(to) = reader.resolve(*module, path, 0)
                && to != from
            {
                arrows.entry(from).or_default().insert(to);
            }
        }
        Self { files: reader.files, arrows }
    }

    /// Files that use each other, directly or on a way round: each group once.
    ///
    /// The file that declares modules is their folder's door: it hands out what
    /// they define and calls into them, and they use the types that it holds. So
    /// arrows from a door to the files below it do not count.
    pub(super) fn circles(&self) -> Vec<Vec<String>> {
        let reach: BTreeMap<usize, BTreeSet<usize>> =
            (0..self.files.len()).map(|file| (file, self.reached(file))).collect();
        let mut circles: BTreeSet<Vec<String>> = BTreeSet::new();
        for (file, reached) in &reach {
            let group: Vec<String> = reached
                .iter()
                .filter(|other| reach[other].contains(file))
                .map(|other| self.files[*other].clone())
                .collect();
            if group.len() > 1 {
                circles.insert(group);
            }
        }
        circles.into_iter().collect()
    }

    /// Whether a file lies in the folder whose door another is.
    fn is_door_of(&self, door: usize, file: usize) -> bool {
        let door = self.files[door].as_str();
        let folder = door.strip_suffix("mod.rs").map(str::to_owned).or_else(|| {
            let name = door.strip_suffix(".rs")?;
            Some(if name == "lib" { String::new() } else { format!("{name}/") })
        });
        folder.is_some_and(|folder| self.files[file].starts_with(&folder))
    }

    fn reached(&self, from: usize) -> BTreeSet<usize> {
        let mut reached = BTreeSet::new();
        let mut ahead = vec![from];
        while let Some(file) = ahead.pop() {
            for &next in self.arrows.get(&file).into_iter().flatten() {
                if !self.is_door_of(file, next) && reached.insert(next) {
                    ahead.push(next);
                }
            }
        }
        reached
    }
}

impl Reader {
    /// Reads a file as a module; `folder` is where its children lie.
    fn file(&mut self, src: &Path, path: &Path, folder: &Path, parent: usize) -> usize {
        let name = path.strip_prefix(src).expect("below src").to_string_lossy().into_owned();
        let text = fs::read_to_string(path).expect("a source file");
        let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let file = self.files.len();
        self.files.push(name);
        self.module(src, parsed.items, file, folder, parent)
    }

    fn module(
        &mut self,
        src: &Path,
        items: Vec<Item>,
        file: usize,
        folder: &Path,
        parent: usize,
    ) -> usize {
        let this = self.modules.len();
        self.modules.push(Module { file, ..Module::default() });
        self.parents.push(parent);
        for item in items {
            if attributes(&item).iter().any(is_test) {
                continue;
            }
            match item {
                Item::Mod(module) => {
                    let name = module.ident.to_string();
                    let below = folder.join(&name);
                    let child = match module.content {
                        Some((_, items)) => self.module(src, items, file, &below, this),
                        None => {
                            let path: PathBuf = [below.with_extension("rs"), below.join("mod.rs")]
                                .into_iter()
                                .find(|path| path.exists())
                                .unwrap_or_else(|| panic!("no file for module {name}"));
                            self.file(src, &path, &below, this)
                        }
                    };
                    self.modules[this].children.insert(name, child);
                }
                Item::Use(item) => self.import(this, &item.tree, &mut Vec::new()),
                item => {
                    self.modules[this].defined.extend(names(&item));
                    let mut paths = Paths::default();
                    paths.visit_item(&item);
                    self.named.extend(paths.0.into_iter().map(|path| (this, path)));
                }
            }
        }
        this
    }

    fn import(&mut self, module: usize, tree: &UseTree, before: &mut Vec<String>) {
        match tree {
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.import(module, &path.tree, before);
                before.pop();
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(module, tree, before);
                }
            }
            UseTree::Glob(_) => {
                self.modules[module].globs.push(before.clone());
                self.named.push((module, before.clone()));
            }
            UseTree::Name(name) => self.imported(module, before, &name.ident.to_string(), None),
            UseTree::Rename(rename) => {
                let (name, to) = (rename.ident.to_string(), rename.rename.to_string());
                self.imported(module, before, &name, Some(to));
            }
        }
    }

    fn imported(&mut self, module: usize, before: &[String], name: &str, to: Option<String>) {
        let mut path = before.to_vec();
        let local = match name {
            "self" => path.last().cloned().unwrap_or_default(),
            name => {
                path.push(name.to_owned());
                name.to_owned()
            }
        };
        self.named.push((module, path.clone()));
        self.modules[module].imported.insert(to.unwrap_or(local), path);
    }

    /// The file that defines what a path names; none when it is not ours.
    fn resolve(&self, from: usize, path: &[String], depth: usize) -> Option<usize> {
        if depth > 32 {
            return None;
        }
        let (first, rest) = path.split_first()?;
        let (mut at, mut rest) = match first.as_str() {
            "crate" => (0, rest),
            "self" => (from, rest),
            "super" => (self.parents[from], rest),
            name => {
                let module = &self.modules[from];
                if let Some(&child) = module.children.get(name) {
                    (child, rest)
                } else if let Some(import) = module.imported.get(name) {
                    let mut whole = import.clone();
                    whole.extend_from_slice(rest);
                    return (import != path).then(|| self.resolve(from, &whole, depth + 1))?;
                } else {
                    return None;
                }
            }
        };
        while let Some((name, after)) = rest.split_first() {
            let module = &self.modules[at];
            if name == "super" {
                at = self.parents[at];
            } else if let Some(&child) = module.children.get(name) {
                at = child;
            } else if module.defined.contains(name) {
                return Some(module.file);
            } else if let Some(import) = module.imported.get(name) {
                let mut whole = import.clone();
                whole.extend_from_slice(after);
                return self.resolve(at, &whole, depth + 1);
            } else {
                let mut through = module.globs.iter().filter_map(|glob| {
                    let mut whole = glob.clone();
                    whole.extend_from_slice(rest);
                    self.resolve(at, &whole, depth + 1)
                });
                return through.next().or(Some(module.file));
            }
            rest = after;
        }
        Some(self.modules[at].file)
    }
}

/// Every path that an item names.
#[derive(Default)]
struct Paths(Vec<Vec<String>>);

impl<'ast> Visit<'ast> for Paths {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.0.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }

    fn visit_item(&mut self, item: &'ast Item) {
        if !attributes(item).iter().any(is_test) {
            visit::visit_item(self, item);
        }
    }
}

fn is_test(attribute: &Attribute) -> bool {
    let text = quote(attribute);
    text.contains("cfg") && text.contains("test")
}

fn quote(attribute: &Attribute) -> String {
    match &attribute.meta {
        syn::Meta::List(list) => {
            let path: Vec<String> =
                list.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            format!("{} {}", path.join("::"), list.tokens)
        }
        _ => String::new(),
    }
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn names(item: &Item) -> Option<String> {
    match item {
        Item::Const(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        Item::Fn(item) => Some(item.sig.ident.to_string()),
        Item::Macro(item) => item.ident.as_ref().map(ToString::to_string),
        Item::Static(item) => Some(item.ident.to_string()),
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Trait(item) => Some(item.ident.to_string()),
        Item::Type(item) => Some(item.ident.to_string()),
        _ => None,
    }
}
