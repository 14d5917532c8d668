//! The project's modules, each read and parsed once, and what a name of a module
//! leads to.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use crate::facts::Facts;
use crate::lang::SourceFile;
use crate::lang::javascript::{ENDINGS, Module, Source};
use crate::model::RepoPath;
use crate::repo::decoded;

/// Larger files, in bytes, are not parsed.
const LARGEST: usize = 2 * 1024 * 1024;

/// More modules are not followed.
const MOST_MODULES: usize = 4_000;

/// All that was parsed, in the order in which it was asked for.
#[derive(Default)]
pub(super) struct Chain(OnceCell<Box<Link>>);

struct Link {
    source: Source,
    next: OnceCell<Box<Link>>,
}

impl Drop for Chain {
    fn drop(&mut self) {
        // one after the other: a long chain would overflow the stack
        let mut next = self.0.take();
        while let Some(mut link) = next {
            next = link.next.take();
        }
    }
}

/// The project as code sees it.
pub(super) struct World<'w> {
    /// Its files.
    pub(super) cx: &'w Facts<'w>,
    tail: Cell<&'w OnceCell<Box<Link>>>,
    modules: RefCell<HashMap<RepoPath, Option<Rc<Module<'w>>>>>,
    /// The modules in which keys are named.
    pub(super) named: RefCell<Vec<RepoPath>>,
}

/// Where a module is that another one asks for.
pub(super) enum Led {
    /// In the project; several when the name is not known to the letter.
    Own(Vec<RepoPath>),
    /// In a package.
    Package(String),
    /// It should be in the project, and is not.
    Nowhere,
}

impl<'w> World<'w> {
    /// An empty one.
    pub(super) fn new(cx: &'w Facts<'w>, chain: &'w Chain) -> Self {
        Self {
            cx,
            tail: Cell::new(&chain.0),
            modules: RefCell::default(),
            named: RefCell::default(),
        }
    }

    /// A module; none when it is not there or not understood.
    pub(super) fn module(&self, path: &RepoPath) -> Option<Rc<Module<'w>>> {
        if let Some(known) = self.modules.borrow().get(path) {
            return known.clone();
        }
        let module = self.load(path);
        self.modules.borrow_mut().insert(path.clone(), module.clone());
        module
    }

    fn load(&self, path: &RepoPath) -> Option<Rc<Module<'w>>> {
        if self.modules.borrow().len() > MOST_MODULES {
            return None;
        }
        let bytes = self.cx.tree.read(path).ok().flatten()?;
        if bytes.len() > LARGEST {
            return None;
        }
        let source = Source::new(SourceFile::new(path.clone(), decoded(&bytes)))?;
        let tail = self.tail.get();
        let link = tail.get_or_init(|| Box::new(Link { source, next: OnceCell::new() }));
        self.tail.set(&link.next);
        Some(Rc::new(Module::new(&link.source)))
    }

    /// All files that were read, in order.
    pub(super) fn read(&self) -> Vec<RepoPath> {
        let modules = self.modules.borrow();
        let there = modules.iter().filter(|(_, module)| module.is_some());
        let mut paths: Vec<RepoPath> = there.map(|(path, _)| path.clone()).collect();
        paths.sort();
        paths
    }

    /// Whether there is a file.
    pub(super) fn has(&self, path: &RepoPath) -> bool {
        self.modules.borrow().get(path).is_some_and(Option::is_some)
            || matches!(self.cx.tree.read(path), Ok(Some(_)))
    }

    /// Where a module is. A `*` in its name stands for what is not known; a name
    /// that begins with `/` begins at the top of the project.
    pub(super) fn lead(&self, from: &RepoPath, name: &str) -> Led {
        let name = name.strip_prefix("node:").unwrap_or(name);
        let folder = folder(from);
        let plain = name.starts_with("./")
            || name.starts_with("../")
            || name.starts_with('/')
            || matches!(name, "." | "..");
        if plain {
            let at =
                if name.starts_with('/') { name.to_owned() } else { format!("{folder}/{name}") };
            let Some(parts) = parts(&at) else { return Led::Nowhere };
            let found = self.at(&parts);
            return if found.is_empty() { Led::Nowhere } else { Led::Own(found) };
        }
        if name.starts_with('*') {
            return Led::Nowhere;
        }
        for (top, rest) in alias(name, &folder) {
            if let Some(parts) = parts(&format!("{top}/{rest}")) {
                let found = self.at(&parts);
                if !found.is_empty() {
                    return Led::Own(found);
                }
            }
        }
        let own = name.starts_with("@/") || name.starts_with("~/") || name.starts_with('#');
        if own { Led::Nowhere } else { Led::Package(name.to_owned()) }
    }

    fn at(&self, parts: &[String]) -> Vec<RepoPath> {
        if parts.iter().any(|part| part.contains('*')) {
            return self.like(parts);
        }
        let whole = parts.join("/");
        let bare = whole.strip_suffix(".js").or_else(|| whole.strip_suffix(".mjs"));
        let data = ["json", "node"];
        let endings = || ENDINGS.iter().chain(data.iter());
        let with = |base: &str| endings().map(move |e| format!("{base}.{e}")).collect::<Vec<_>>();
        let mut tries = Vec::new();
        let has_ending = whole
            .rsplit_once('.')
            .is_some_and(|(_, ending)| endings().any(|known| *known == ending));
        if has_ending {
            tries.push(whole.clone());
        }
        tries.extend(with(&whole));
        tries.extend(with(&format!("{whole}/index")));
        tries.extend(bare.map(with).unwrap_or_default());
        let paths = tries.into_iter().filter_map(|path| RepoPath::new(path).ok());
        paths.into_iter().find(|path| self.has(path)).into_iter().collect()
    }

    /// The files of a folder that a name with unknown parts may mean: production's
    /// when there is one of that name.
    fn like(&self, parts: &[String]) -> Vec<RepoPath> {
        let Some((last, folders)) = parts.split_last() else { return Vec::new() };
        if folders.iter().any(|part| part.contains('*')) {
            return Vec::new();
        }
        let folder = RepoPath::new(folders.join("/")).ok();
        let Ok(names) = self.cx.tree.names_in(folder.as_ref()) else { return Vec::new() };
        let (start, end) = last.split_once('*').unwrap_or((last, ""));
        let end = end.rsplit('*').next().unwrap_or_default();
        let stem = |path: &RepoPath| {
            let name = path.name().to_string_lossy().into_owned();
            name.split_once('.').map_or(name.clone(), |(stem, _)| stem.to_owned())
        };
        let mut found: Vec<RepoPath> = names
            .into_iter()
            .filter(|path| {
                let name = path.name().to_string_lossy();
                let code = path.extension().is_some_and(|e| ENDINGS.contains(&e) || e == "json");
                let whole = name.starts_with(start) && name.ends_with(end);
                code && (whole || (stem(path).starts_with(start) && end.is_empty()))
                    && self.has(path)
            })
            .collect();
        if found.iter().any(|path| is_production(&stem(path))) {
            found.retain(|path| is_production(&stem(path)));
        } else {
            found.retain(|path| !is_elsewhere(&stem(path)) && stem(path) != "index");
        }
        found
    }
}

/// Whether a word names production.
pub(super) fn is_production(word: &str) -> bool {
    matches!(word.to_ascii_lowercase().as_str(), "prod" | "production")
}

/// Whether a word names a place that is not production.
pub(super) fn is_elsewhere(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    matches!(
        word.as_str(),
        "dev" | "develop" | "development" | "test" | "tests" | "testing" | "local" | "ci" | "e2e"
    )
}

fn folder(path: &RepoPath) -> String {
    path.as_path().parent().map(|folder| folder.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Where a name without dots may be when it is the project's own: the folders
/// above, and their `src`.
fn alias(name: &str, folder: &str) -> Vec<(String, String)> {
    let rest = name.strip_prefix("@/").or_else(|| name.strip_prefix("~/"));
    let rest = rest.or_else(|| name.strip_prefix("#/")).or_else(|| name.strip_prefix('#'));
    let scoped = name.strip_prefix('@').and_then(|name| name.split_once('/'));
    let mut tops = vec![folder.to_owned()];
    let mut up = folder;
    while let Some((above, _)) = up.rsplit_once('/') {
        tops.push(above.to_owned());
        up = above;
    }
    tops.push(String::new());
    let mut all = Vec::new();
    for top in tops {
        for inside in ["", "/src", "/app", "/server"] {
            let base = format!("{top}{inside}");
            match rest {
                Some(rest) => all.push((base, rest.to_owned())),
                // `@config/x` is the folder `config`, when there is one
                None if scoped.is_some() => {
                    all.push((base, name.trim_start_matches('@').to_owned()));
                }
                None if name.contains('/') => all.push((base, name.to_owned())),
                None => {}
            }
        }
    }
    all
}

/// A path without `.` and `..`; none when it leads outside.
fn parts(path: &str) -> Option<Vec<String>> {
    let mut parts: Vec<String> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part.to_owned()),
        }
    }
    Some(parts)
}
