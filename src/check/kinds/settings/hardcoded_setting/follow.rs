//! What another module of the project makes of a setting's value.

use super::hit::{Elsewhere, Hit};
use super::place::place;
use super::project::Project;
use super::told::{NEW_VALUE, literal_rule};
use super::values;
use crate::facts::Mentions;
use crate::lang::SourceFile;
use crate::lang::python::{Import, Module};
use crate::model::{Finding, RepoPath, Subject};

/// So many modules are gone through for one name.
const MOST: usize = 4;

/// Follows a name into the modules that it comes from, and gives what that shows.
pub(super) fn follow(elsewhere: Elsewhere, project: &dyn Project, all: &Mentions) -> Vec<Hit> {
    let Elsewhere { path, import, setting, arguments, fallback, need, .. } = elsewhere;
    let literal_given = arguments.iter().flatten().any(|(_, findings)| !findings.is_empty());
    let mut from = path.clone();
    let mut import = import;
    for step in 0..MOST {
        let mut found = resolve(&import, &from, &all.paths);
        if found.is_none()
            && let Some(member) = member(&import)
        {
            // `from settings import Config`, and then `Config.KEY`
            found = resolve(&member, &from, &all.paths);
            import = if found.is_some() { member } else { import };
        }
        let Some(name) = import.name.clone() else { return vec![Hit::Need(need)] };
        let Some(found) = found else {
            // a package of others, or a file that git does not hold: no literal of
            // this code, unless it is given one
            return if literal_given || step > 0 || fallback {
                vec![Hit::Need(need)]
            } else if arguments.is_none() {
                // a value that nobody sees here: it is not known to be from outside
                vec![Hit::Names]
            } else {
                vec![Hit::Outside]
            };
        };
        let Some(file) = project.read(&found) else { return vec![Hit::Need(need)] };
        let Some(tree) = file.python() else { return vec![Hit::Need(need)] };
        let module = Module::new(file.text(), tree.root_node());
        let Some(values) = values::of_name(&module, &name) else {
            match module.import(name.split('.').next().unwrap_or_default()) {
                Some(next) if !name.contains('.') => {
                    import = next.clone();
                    from = found;
                    continue;
                }
                _ => return vec![Hit::Need(need)],
            }
        };
        let mut hits = Vec::new();
        for literal in &values.literals {
            let Some(part) = literal.literal.parts.first() else { continue };
            let at = part.start_byte();
            hits.push(Hit::Finding(finding(&file, at, &setting, &name, &path)));
        }
        let function =
            module.scopes().iter().find(|scope| scope.name == name && scope.parent == Some(0));
        for (place, findings) in arguments.into_iter().flatten() {
            let parameter = match &place {
                Ok(index) => function.and_then(|f| f.parameters.get(*index).copied()),
                Err(keyword) => Some(keyword.as_str()),
            };
            let taken = values.parameters.iter().any(|reached| {
                Some(reached.name.as_str()) == parameter
                    && module.scopes().get(reached.function).map(|scope| scope.node)
                        == function.map(|function| function.node)
            });
            if taken {
                hits.extend(findings.into_iter().map(Hit::Finding));
            }
        }
        if values.outside {
            hits.push(Hit::Outside);
        }
        let unsure = !values.opaque.is_empty()
            || !values.imported.is_empty()
            || (fallback && values.unknown);
        let nothing = hits.is_empty() && literal_given;
        if unsure || nothing || module.gave_up() || module.root.has_error() {
            hits.push(Hit::Need(need));
        }
        return hits;
    }
    vec![Hit::Need(need)]
}

fn finding(file: &SourceFile, at: usize, setting: &str, name: &str, user: &RepoPath) -> Finding {
    let subject = Subject::of(file.path()).and(setting).and(name);
    let (start, line) = file.line_around(at);
    let masked = at..start + line.len();
    Finding::new(
        literal_rule(),
        subject,
        format!("{setting} is a literal through `{name}`, which `{user}` uses for it"),
    )
    .at(place(file, at))
    .showing(file.excerpt(at, &[masked]))
    .help(format!("Read it from the environment instead: os.environ[\"{setting}\"]; {NEW_VALUE}."))
}

/// The same import, its module's last part taken as a name in the one before.
fn member(import: &Import) -> Option<Import> {
    let name = import.name.as_deref()?;
    let (module, class) = import.module.rsplit_once('.')?;
    let module = if module.is_empty() || module.ends_with('.') {
        format!("{module}.")
    } else {
        module.to_owned()
    };
    (!class.is_empty() && !name.contains('.'))
        .then(|| Import { module, name: Some(format!("{class}.{name}")) })
}

/// The file of a module of this project.
fn resolve(import: &Import, from: &RepoPath, paths: &[RepoPath]) -> Option<RepoPath> {
    let module = import.module.trim_start_matches('.');
    let level = import.module.len() - module.len();
    let relative: Vec<&str> = module.split('.').filter(|part| !part.is_empty()).collect();
    let tail = relative.join("/");
    if level > 0 {
        let mut folder = from.as_path().parent();
        for _ in 1..level {
            folder = folder?.parent();
        }
        let base = folder?.join(&tail);
        let file = base.with_extension("py");
        let package = base.join("__init__.py");
        return paths
            .iter()
            .find(|path| path.as_path() == file || path.as_path() == package)
            .cloned();
    }
    if tail.is_empty() {
        return None;
    }
    let (file, package) = (format!("{tail}.py"), format!("{tail}/__init__.py"));
    let fits = |path: &&RepoPath| {
        let text = path.to_string();
        [&file, &package].into_iter().any(|wanted| {
            text == *wanted || text.strip_suffix(wanted.as_str()).is_some_and(|b| b.ends_with('/'))
        })
    };
    // the one that is nearest to the file that asks
    let near = |path: &RepoPath| {
        let own = from.to_string();
        let other = path.to_string();
        own.split('/').zip(other.split('/')).take_while(|(a, b)| a == b).count()
    };
    paths
        .iter()
        .filter(fits)
        .max_by_key(|path| (near(path), std::cmp::Reverse(path.to_string().len())))
        .cloned()
}
