//! What another module of the project makes of a setting's value.

use super::found::{Alternative, Step};
use super::hit::{Elsewhere, Hit, Reads};
use super::place::place;
use super::project::Project;
use super::setting::Setting;
use super::site::Site;
use super::sites;
use super::told::{NEW_VALUE, literal_rule};
use super::uses::is_python;
use super::values;
use crate::facts::Mentions;
use crate::lang::SourceFile;
use crate::lang::python::{Import, Module, Use};
use crate::model::{Finding, RepoPath, Subject};

/// So many modules are gone through for one name.
const MOST: usize = 8;

/// A name of another module that is still to be looked at.
struct Next {
    /// The file that asks for it.
    from: RepoPath,
    import: Import,
    way: Vec<Step>,
}

/// A module of the project, and the way within it.
struct There {
    path: RepoPath,
    file: SourceFile,
    way: Vec<Step>,
    /// It has the name with which the way begins.
    knows: bool,
}

/// Follows a name into the modules that it comes from, and gives what that shows.
pub(super) fn follow(elsewhere: Elsewhere, project: &dyn Project, all: &Mentions) -> Vec<Hit> {
    let Elsewhere { path, import, way, setting, arguments, fallback, need, .. } = elsewhere;
    let literal_given = arguments.iter().flatten().any(|(_, findings)| !findings.is_empty());
    let called = arguments.is_some();
    let mut arguments = arguments.unwrap_or_default();
    let mut open = vec![Next { from: path.clone(), import, way }];
    let mut hits = Vec::new();
    let mut unsure = false;
    let mut step = 0;
    while let Some(next) = open.pop() {
        step += 1;
        if step > MOST {
            unsure = true;
            break;
        }
        let there = match locate(&next, project, &all.paths) {
            Located::There(there) => there,
            // a package of others, or a file that git does not hold: no literal of
            // this code, unless it is given one
            Located::Nowhere if literal_given || step > 1 || fallback => {
                unsure = true;
                continue;
            }
            // a value that nobody sees here: it is not known to be from outside
            Located::Nowhere if !called => return vec![Hit::Names],
            Located::Nowhere => return vec![Hit::Outside],
            Located::Unread => {
                unsure = true;
                continue;
            }
        };
        let There { path: found, file, way, .. } = there;
        let Some(tree) = file.python() else {
            unsure = true;
            continue;
        };
        let module = Module::new(file.text(), tree.root_node());
        let Some(Step::Member(name)) = way.first().cloned() else {
            unsure = true;
            continue;
        };
        let Some(values) = values::of_way(&module, &way) else {
            match module.import(&name) {
                Some(import) => {
                    let way = way.get(1..).unwrap_or_default().to_vec();
                    open.push(Next { from: found, import: import.clone(), way });
                }
                None => match among_all(&module, &found, &way, project, &all.paths) {
                    Some(next) => open.push(next),
                    None => unsure = true,
                },
            }
            continue;
        };
        let shown = shown(&way);
        for literal in &values.literals {
            let Some(part) = literal.literal.parts.first() else { continue };
            let at = part.start_byte();
            if refused(&module, &way, literal) {
                hits.push(Hit::Outside);
                continue;
            }
            hits.push(Hit::Finding(finding(&file, at, &setting, &shown, &path)));
        }
        let function =
            module.scopes().iter().find(|scope| scope.name == name && scope.parent == Some(0));
        for (place, findings) in std::mem::take(&mut arguments) {
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
        hits.extend(values.variables.iter().cloned().map(Hit::Variable));
        let members = way.iter().filter_map(Step::name).map(str::to_owned);
        let keys: Vec<String> = values.keys.iter().cloned().chain(members.skip(1)).collect();
        hits.extend(values.files.iter().map(|read| {
            Hit::Reads(Box::new(Reads {
                path: found.clone(),
                place: file.place(read.node.start_byte()),
                setting: setting.clone(),
                shown: shown.clone(),
                texts: read.texts.clone(),
                keys: keys.clone(),
            }))
        }));
        if let Some(Step::Member(last)) = way.last().filter(|_| way.len() > 1) {
            unsure |= is_written(last, project);
        }
        unsure |= !values.opaque.is_empty()
            || values.lost
            || (fallback && values.unknown)
            || module.gave_up()
            || module.root.has_error();
        for imported in values.imported {
            let given = imported.arguments.unwrap_or_default();
            unsure |= given.iter().any(|argument| !argument.literals.is_empty());
            let (import, way) = (imported.import, imported.way);
            open.push(Next { from: found.clone(), import, way });
        }
    }
    let nothing = hits.is_empty() && literal_given;
    if unsure || nothing {
        hits.push(Hit::Need(need));
    }
    hits
}

/// Whether some file of the project writes a literal into an attribute of this name,
/// or writes it by its name.
fn is_written(name: &str, project: &dyn Project) -> bool {
    let words = vec![format!(".{name} ="), format!(".{name}="), "setattr(".to_owned()];
    // what cannot be read is told by who looks for the setting itself
    let Ok(mentions) = project.mentioning(words) else { return true };
    let quoted = |text: &str| ["\"", "'"].iter().any(|q| text.contains(&format!("{q}{name}{q}")));
    mentions.files.iter().filter(|file| is_python(file.path())).any(|file| {
        let text = file.text();
        let assigned = text.match_indices(&format!(".{name}")).any(|(at, found)| {
            let after = text.get(at + found.len()..).unwrap_or_default().trim_start_matches(' ');
            let value = after.strip_prefix('=').map(|value| value.trim_start_matches([' ', '(']));
            value.is_some_and(|value| {
                value.trim_start_matches(['r', 'b', 'u', 'f']).starts_with(['"', '\''])
            })
        });
        assigned || text.lines().any(|line| line.contains("setattr(") && quoted(line))
    })
}

/// The module whose names are all imported, and that has the one which is asked for.
fn among_all(
    module: &Module<'_>,
    from: &RepoPath,
    way: &[Step],
    project: &dyn Project,
    paths: &[RepoPath],
) -> Option<Next> {
    let next = |star: &str| {
        let import = Import { module: star.to_owned(), name: None };
        Next { from: from.clone(), import, way: way.to_vec() }
    };
    let known = |star: &&&str| matches!(locate(&next(star), project, paths), Located::There(there) if there.knows);
    let stars = module.stars();
    let found = stars.iter().rev().find(known).or(stars.last().filter(|_| stars.len() == 1));
    found.map(|star| next(star))
}

/// Whether that module refuses to start with the literal.
fn refused<'t>(module: &Module<'t>, way: &[Step], literal: &Alternative<'t>) -> bool {
    let Some(Step::Member(name)) = way.last() else { return false };
    let Some(part) = literal.literal.parts.first() else { return false };
    let setting = Setting { name: name.clone(), aliases: Vec::new(), kin: true };
    let settings = [setting];
    let found = sites::find(module, &settings, &|_| false);
    let holds = |site: &&Site<'_, '_>| site.value.byte_range().contains(&part.start_byte());
    found.sites.iter().filter(holds).any(|site| found.guards.refuse(module, site, literal))
}

/// A way as code writes it, without what stands between brackets.
fn shown(way: &[Step]) -> String {
    let mut shown = String::new();
    for step in way {
        match step {
            Step::Member(name) if shown.is_empty() => shown.push_str(name),
            Step::Member(name) => shown.push_str(&format!(".{name}")),
            Step::Entry(_) => shown.push_str("[…]"),
            Step::Called => shown.push_str("()"),
        }
    }
    shown
}

/// Where a name comes from.
enum Located {
    There(There),
    /// Its file cannot be read.
    Unread,
    /// In none of the project's files.
    Nowhere,
}

/// The module that a name comes from: the longest part of `config.settings.key` that is
/// one and knows what follows.
fn locate(next: &Next, project: &dyn Project, paths: &[RepoPath]) -> Located {
    let mut members: Vec<Step> =
        next.import.name.iter().map(|name| Step::Member(name.clone())).collect();
    members.extend(next.way.iter().cloned());
    let mut module = next.import.module.clone();
    let mut first = None;
    loop {
        if let Some(path) = resolve(&module, &next.from, paths) {
            let Some(file) = project.read(&path) else { return Located::Unread };
            let knows = file.python().is_some_and(|tree| {
                let text = Module::new(file.text(), tree.root_node());
                let end = Use { scope: 0, at: text.text.len() };
                matches!(members.first(), Some(Step::Member(name))
                    if text.import(name).is_some() || !text.lookup_named(name, end).is_empty())
            });
            let there = There { path, file, way: members.clone(), knows };
            if knows {
                return Located::There(there);
            }
            first = first.or(Some(there));
        }
        // `from settings import Config`, and then `Config.KEY`
        let Some((shorter, member)) = shorter(&module) else { break };
        members.insert(0, Step::Member(member));
        module = shorter;
    }
    first.map_or(Located::Nowhere, Located::There)
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

/// A module without its last part, and that part.
fn shorter(module: &str) -> Option<(String, String)> {
    let (rest, last) = match module.rsplit_once('.') {
        Some((rest, last)) if rest.is_empty() || rest.ends_with('.') => (format!("{rest}."), last),
        Some((rest, last)) => (rest.to_owned(), last),
        None => return None,
    };
    (!last.is_empty()).then(|| (rest, last.to_owned()))
}

/// The file of a module of this project.
fn resolve(whole: &str, from: &RepoPath, paths: &[RepoPath]) -> Option<RepoPath> {
    let module = whole.trim_start_matches('.');
    let level = whole.len() - module.len();
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
