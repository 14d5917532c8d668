//! Literals that other files pass for a parameter which becomes the setting.

use super::hit::{Asks, Hit};
use super::place::place;
use super::told::{NEW_VALUE, literal_rule};
use super::uses::is_python;
use super::values;
use crate::facts::Mentions;
use crate::lang::python::{Call, Module};
use crate::model::{Finding, RepoPath, Subject};

/// All that production's files pass.
pub(super) fn passed(
    asks: &Asks,
    mentions: &Mentions,
    aside: &dyn Fn(&RepoPath) -> bool,
    excused: &dyn Fn(&str) -> bool,
) -> Vec<Hit> {
    let mut hits = Vec::new();
    for file in &mentions.files {
        let path = file.path();
        if *path == asks.path
            || !is_python(path)
            || aside(path)
            || !file.text().contains(&asks.called)
        {
            continue;
        }
        let Some(tree) = file.python() else { continue };
        let module = Module::new(file.text(), tree.root_node());
        let calls: Vec<_> = module.calls(&asks.called).copied().collect();
        for (node, at) in calls {
            if module.outwards(at.scope).any(|scope| excused(scope.name)) {
                continue;
            }
            let Some(call) = Call::of(node) else { continue };
            let keyword = call.keyword(module.text, &[asks.parameter.as_str()]);
            let argument =
                keyword.or_else(|| asks.index.and_then(|i| call.positional.get(i).copied()));
            let Some(argument) = argument else { continue };
            let values = values::of_node(&module, argument, at);
            if values.outside {
                hits.push(Hit::Outside);
            }
            for literal in &values.literals {
                let Some(part) = literal.literal.parts.first() else { continue };
                let start = part.start_byte();
                let (line_start, line) = file.line_around(start);
                let masked = start..line_start + line.len();
                let subject = Subject::of(path).and(&asks.setting).and(&asks.called);
                let message = format!(
                    "a literal is passed to {}() of `{}`, from where it becomes {}",
                    asks.called, asks.path, asks.setting
                );
                let finding = Finding::new(literal_rule(), subject, message)
                    .at(place(file, start))
                    .showing(file.excerpt(start, &[masked]))
                    .help(format!("Pass os.environ[\"{}\"] instead; {NEW_VALUE}", asks.setting));
                hits.push(Hit::Finding(finding));
            }
        }
    }
    hits
}
