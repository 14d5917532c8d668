//! Merged drafts → the checklist that the rest of gonogo sees.

use std::collections::BTreeMap;

use super::diagnostic::Diagnostic;
use super::include::Files;
use super::item::Builder;
use super::merge::DraftSection;
use super::place::Place;
use super::rivals::{Families, Rivals};
use super::told::Told;
use super::vars::{self, Values};
use super::{Checklist, Section, environment, team, words};
use crate::check::decode::Step;
use crate::model::CleanText;

/// Builds the checklist and tells all that is wrong on the way; with an error
/// among it, the checklist is not to be used.
pub(super) fn build(gathered: &mut Files, drafts: Vec<DraftSection>) -> Checklist {
    let mut values = values(gathered);
    let (environment, env_file_set_by_team) = environment::choose(gathered, &mut values);
    let team = team::team(gathered);
    let ids: Vec<String> =
        drafts.iter().flat_map(|section| &section.items).map(|d| d.id.value.to_string()).collect();
    let mut builder = Builder::new(&gathered.files, Families::of(gathered), &values, &team, &ids);
    let mut sections = Vec::new();
    for section in drafts {
        let title = CleanText::line(builder.prose(&section.title, &section.at));
        let mut items = Vec::with_capacity(section.items.len());
        for draft in section.items {
            if builder.told.full() {
                break;
            }
            items.push(builder.item(draft));
        }
        sections.push(Section { title, items });
    }
    let gate = builder.gate();
    let mut told = builder.told;
    gathered.told.extend(told.take());
    unused(gathered);
    let name = name(gathered);
    let reviewed = first(gathered, |file| file.raw.reviewed.map(|written| written.0));
    let review_every = first(gathered, |file| file.raw.review_every.map(|written| written.0));
    if let (None, Some((_, index))) = (&reviewed, &review_every) {
        let at = Place::top(*index, "review_every");
        gathered.told.push(
            Diagnostic::warning("`review_every` counts from `reviewed`, which is missing")
                .at(at.key_of(&gathered.files, "from when?"))
                .help("write `reviewed: YEAR-MONTH-DAY` beside it"),
        );
    }
    let origin = gathered.files.first().map(|file| file.source.name.clone()).unwrap_or_default();
    warn_if_empty(gathered, &sections, &origin);
    Checklist {
        name: CleanText::line(name),
        about: CleanText::block(
            first(gathered, |file| file.raw.about.clone())
                .map_or_else(String::new, |(text, _)| text)
                .trim(),
        ),
        origin,
        reviewed: reviewed.map(|(date, _)| date),
        review_every: review_every.map(|(period, _)| period),
        team,
        gate,
        environment,
        env_file_set_by_team,
        sections,
    }
}

/// What the topmost file says that says anything, and which file that is.
fn first<T>(gathered: &Files, get: impl Fn(&super::file::File) -> Option<T>) -> Option<(T, usize)> {
    gathered.files.iter().enumerate().find_map(|(index, file)| Some((get(file)?, index)))
}

fn name(gathered: &mut Files) -> String {
    let key = [Step::Key("checklist".to_owned())];
    let given = first(gathered, |file| file.raw.checklist.clone());
    match given {
        Some((name, index)) if name.trim().is_empty() => {
            gathered.told.push(
                Diagnostic::error("the name of the checklist is empty")
                    .at(gathered.files[index].value_spot(&key, "empty")),
            );
            name
        }
        Some((name, _)) => name,
        None => {
            if let Some(file) = gathered.files.first().filter(|file| !file.has(&key)) {
                let told = Diagnostic::error("the checklist has no name")
                    .at(file.source.spot(&file.value(&[]), ""))
                    .help("begin the file with `checklist: its name`");
                gathered.told.push(told);
            }
            String::new()
        }
    }
}

fn warn_if_empty(gathered: &mut Files, sections: &[Section], origin: &CleanText) {
    if gathered.told.has_errors() {
        return;
    }
    let mut items = sections.iter().flat_map(|section| &section.items).peekable();
    let message = if items.peek().is_none() {
        format!("`{origin}` has no items, and an empty checklist is never a GO")
    } else if items.all(|item| item.disabled.is_some()) {
        format!("every item of `{origin}` is disabled, and an empty checklist is never a GO")
    } else {
        return;
    };
    gathered.told.push(
        Diagnostic::warning(message).help("write items below `sections`, or include a checklist"),
    );
}

/// The variables of all files; those of an including file win.
fn values(gathered: &mut Files) -> Values {
    let mut values = Values::new();
    let mut told = Told::default();
    let families = Families::of(gathered);
    let (mut rivals, mut given) = (Rivals::default(), BTreeMap::<String, Place>::new());
    for &index in &gathered.order {
        let file = &gathered.files[index];
        for (name, value) in file.raw.vars.iter().flatten() {
            if told.full() {
                break;
            }
            let at = Place::top(index, "vars").key(name);
            if !vars::is_name(name) {
                told.push(
                    Diagnostic::error(format!(
                        "`{}` is not a valid variable name",
                        words::shorten(name)
                    ))
                    .at(at.key_of(&gathered.files, ""))
                    .help("a name has letters, digits and `_`, and does not begin with a digit"),
                );
            }
            if value.text.ends_with(['\n', '\r']) {
                told.push(
                    Diagnostic::error("the value of this variable ends in a line break, which would be filled in, too")
                        .at(at.key_of(&gathered.files, "a line break at the end"))
                        .help("write it in quotes on one line, or begin it with `|-` or `>-`"),
                );
            }
            if value.text.contains("${") {
                told.push(
                    Diagnostic::error(
                        "the value of a variable is taken as it stands, and this one holds `${`",
                    )
                    .at(at.value(&gathered.files, "not filled in"))
                    .help("write the value out"),
                );
            }
            let spelled = file.spelled(&at.path).filter(|_| value.scalar);
            let text = spelled.unwrap_or(&value.text).to_owned();
            // of the env file is told with the environment
            if let Some(first) = given.get(name).filter(|_| name != environment::ENV_FILE) {
                let same = values.get(name) == Some(&text);
                let what = format!("the variable `{}`", words::shorten(name));
                if !rivals.decide(&families, &what, first, &at, same) {
                    continue;
                }
            }
            given.insert(name.clone(), at);
            values.insert(name.clone(), text);
        }
    }
    rivals.tell(&gathered.files, &mut gathered.told);
    gathered.told.extend(told.take());
    values
}

/// Warns of variables that nothing uses; one may be a misspelled override.
fn unused(gathered: &mut Files) {
    let mut used: Vec<&str> =
        gathered.files.iter().flat_map(|file| vars::names(&file.source.text)).collect();
    used.sort_unstable();
    used.dedup();
    let mut told = Told::default();
    for (index, file) in gathered.files.iter().enumerate().filter(|(_, file)| !file.builtin) {
        for name in file.raw.vars.iter().flatten().map(|(name, _)| name) {
            // one with a wrong name was told of already
            if used.binary_search(&name.as_str()).is_ok() || !vars::is_name(name) {
                continue;
            }
            if told.warned_enough() {
                break;
            }
            let near = words::nearest(name, used.iter().copied());
            let at = Place::top(index, "vars").key(name);
            told.push(
                Diagnostic::warning(format!(
                    "nothing uses the variable `{}`",
                    words::shorten(name)
                ))
                .at(at.key_of(&gathered.files, "unused"))
                .maybe_help(near.map(|near| format!("did you mean `{near}`?"))),
            );
        }
    }
    gathered.told.extend(told.take());
}
