//! Code in a string that is run: `exec("SECRET_KEY = 'x'")`.

use std::collections::HashMap;

use tree_sitter::Node;

use super::hit::Hit;
use super::place::place;
use super::setting::Setting;
use super::sites::Ran;
use super::uses::word_in;
use crate::lang::SourceFile;
use crate::lang::python::{Call, Module, inner, key_text, last_name};
use crate::lang::tokens;
use crate::model::{Need, RuleId, Subject};

const DYNAMIC: RuleId = RuleId::new("hardcoded_setting.run_from_a_string");

/// So many strings of a file are looked into; each further one that names a
/// setting counts.
const MOST: usize = 16;

/// What code that is run from strings may set to a literal; `look` looks through it.
pub(super) fn needs(
    file: &SourceFile,
    module: &Module<'_>,
    settings: &[Setting],
    ran: &[Ran<'_>],
    look: &dyn Fn(&SourceFile) -> Vec<Hit>,
) -> Vec<Hit> {
    let names = |text: &str| {
        settings.iter().filter(|setting| !setting.kin).find(|setting| {
            word_in(text, &setting.name).is_some()
                || setting.aliases.iter().any(|alias| word_in(text, alias).is_some())
        })
    };
    let mut seen: HashMap<String, bool> = HashMap::new();
    let mut needs = Vec::new();
    for ran in ran {
        let code = compiled(module, ran.code);
        let text = key_text(module, code, ran.at);
        let shown = text.as_deref().unwrap_or_else(|| module.source(code));
        let Some(setting) = names(shown) else { continue };
        if let Some(text) = text
            && (seen.len() < MOST || seen.contains_key(&text))
            && text.len() < file.text().len()
        {
            let sets = seen.entry(text).or_insert_with_key(|text| sets_a_literal(file, text, look));
            if !*sets {
                continue;
            }
        }
        let name = &setting.name;
        let message =
            format!("{name} may be a literal: code that names it stands in a string and is run");
        let whole = code.parent().and_then(|list| list.parent()).unwrap_or(code);
        let subject = Subject::of(file.path()).and(name);
        let subject = subject.and(tokens::node(module.text, whole, &|_| false));
        let need =
            Need::new(DYNAMIC, subject, message).at(place(file, code.start_byte())).help(format!(
                "set {name} in plain code, and read it from the environment: os.environ[\"{name}\"]"
            ));
        needs.push(Hit::Need(need));
    }
    needs
}

/// The code that `compile` is given, or what is there instead.
fn compiled<'t>(module: &Module<'t>, code: Node<'t>) -> Node<'t> {
    let code = inner(code);
    let call =
        Call::of(code).filter(|call| last_name(module.text, call.function) == Some("compile"));
    call.and_then(|call| call.positional.first().copied()).unwrap_or(code)
}

/// Whether a literal, or what is not understood, becomes a setting in this code.
fn sets_a_literal(file: &SourceFile, text: &str, look: &dyn Fn(&SourceFile) -> Vec<Hit>) -> bool {
    let code = SourceFile::new(file.path().clone(), text.trim_start().to_owned());
    let hits = look(&code);
    hits.iter().any(|hit| matches!(hit, Hit::Finding(_) | Hit::Need(_) | Hit::Held(_)))
}
