//! Files of configuration that code loads, whatever their names end in, and by a
//! name that it puts together or takes from a variable.

use super::config_files::{given_need, gives_any};
use super::fits::{self, Fit};
use super::project::Project;
use super::texts::{self, Part, Text};
use super::uses::{self, Starts, is_python, word_in};
use crate::facts::{LOADS_BY_VARIABLE as BY_VARIABLE, LOADS_FILE as LOADS};
use crate::lang::SourceFile;
use crate::lang::python::{Call, Meaning, Module, Reach, key_text, meaning, walk};
use crate::model::{CheckError, Need, Place, RepoPath};

/// The tracked files that code of production may load, and that give one of the
/// settings a value.
///
/// # Errors
/// When the project could not be looked at.
pub(super) fn needs(
    names: &[&str],
    aside: &dyn Fn(&RepoPath) -> bool,
    project: &dyn Project,
) -> Result<Vec<Need>, CheckError> {
    let code = project.loaders()?;
    let mut all = Vec::new();
    for file in code.iter().filter(|file| !aside(file.path())) {
        for loaded in loads(file) {
            match loaded {
                Loaded::File(text, place) => all.push((text, place)),
                Loaded::Variable(name) => all.extend(told(&name, project)?),
            }
        }
    }
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let may = |text: &Text, path: &RepoPath| match fits::path(text, path) {
        Fit::No => false,
        // production is told another one
        Fit::Told => meaning(&path.name().to_string_lossy()) != Some(Meaning::Development),
        Fit::Perhaps | Fit::Yes => true,
    };
    let kept =
        project.tracked(&|path| !is_python(path) && all.iter().any(|(text, _)| may(text, path)))?;
    let mut needs = Vec::new();
    for file in kept.into_iter().filter(|file| !file.is_link) {
        let Some(text) = file.text else { continue };
        let source = SourceFile::new(file.path, text);
        if let Some((name, place)) = gives_any(&source, names)
            && let Some((_, from)) = all.iter().find(|(text, _)| may(text, source.path()))
        {
            needs.push(given_need(name, place, source.path()).at(from.clone()));
        }
    }
    Ok(needs)
}

/// What code loads.
enum Loaded {
    File(Text, Place),
    Variable(String),
}

fn loads(file: &SourceFile) -> Vec<Loaded> {
    let mut all = Vec::new();
    let Some(tree) = file.python() else { return all };
    let module = Module::new(file.text(), tree.root_node());
    walk(module.root, Reach::new(&module), |step| {
        let reach = Reach::enter(&module, &step, step.state, &|_| false)?;
        let Some(call) = Call::of(step.node) else { return Some(reach) };
        let name = call.name(module.text);
        let at = reach.at(step.node.start_byte());
        let first = call.positional.first().copied().or_else(|| {
            call.keyword(module.text, &["filename", "dotenv_path", "env_file", "variable_name"])
        });
        let Some(first) = first else { return Some(reach) };
        if LOADS.contains(&name) {
            let texts = texts::of(&module, first, at, &|_| None).into_iter();
            let place = file.place(first.start_byte());
            all.extend(texts.map(|text| Loaded::File(text, place.clone())));
        } else if name == BY_VARIABLE {
            all.extend(key_text(&module, first, at).map(Loaded::Variable));
        }
        Some(reach)
    });
    all
}

/// The files that what starts the app names by a variable.
fn told(variable: &str, project: &dyn Project) -> Result<Vec<(Text, Place)>, CheckError> {
    let mut all = Vec::new();
    if variable.is_empty() {
        return Ok(all);
    }
    let mentions = project.mentioning(vec![variable.to_owned()])?;
    let texts = mentions
        .files
        .iter()
        .filter(|file| !is_python(file.path()) && uses::starts(file.path()) != Starts::Never);
    for file in texts {
        let mut offset = 0;
        let mut lines = file.text().split_inclusive('\n').peekable();
        while let Some(line) = lines.next() {
            if let Some(at) =
                word_in(line, variable).filter(|_| !line.trim_start().starts_with('#'))
            {
                let rest = line.get(at + variable.len()..).unwrap_or_default();
                let next = lines.peek().filter(|next| next.contains("value"));
                let next = next.and_then(|next| next.split_once(':')).map(|(_, value)| value);
                let values = [Some(rest), next].into_iter().flatten();
                all.extend(
                    values
                        .flat_map(words)
                        .map(|word| (vec![Part::Said(word.to_owned())], file.place(offset + at))),
                );
            }
            offset += line.len();
        }
    }
    Ok(all)
}

/// The first word of a value that can be a file's name.
fn words(value: &str) -> Option<&str> {
    let apart = |c: char| c.is_whitespace() || "\"'=:,[]{}()".contains(c);
    value.split(apart).find(|word| !matches!(*word, "" | "value"))
}
