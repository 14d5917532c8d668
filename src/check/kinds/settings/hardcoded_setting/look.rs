//! What one file shows of the settings.

use std::collections::{BTreeMap, BTreeSet};

use tree_sitter::Node;

use super::bases;
use super::dynamic;
use super::found::{Alternative, Form};
use super::hit::{Asks, By, Elsewhere, Held, Hit, Reads, Serves};
use super::overrides::{self, Replaced};
use super::report::{self, Page};
use super::setting::Setting;
use super::signing;
use super::site::{How, Site};
use super::sites::{self, Found};
use super::values;
use crate::lang::SourceFile;
use crate::lang::python::{Constant, Literal, Module, last_name, walk};
use crate::secret::names_secret;
use crate::secret::placeholder::is_reserved_mailbox;

/// Larger files, in bytes, are not parsed: a tree takes a hundred times the memory.
pub(super) const LARGEST: usize = 2 * 1024 * 1024;

/// Notes all that a file shows.
pub(super) fn look(
    file: &SourceFile,
    settings: &[Setting],
    excused: &dyn Fn(&str) -> bool,
    held: bool,
    hits: &mut Vec<Hit>,
) {
    if file.path().extension().is_some_and(|ending| ending.eq_ignore_ascii_case("ipynb")) {
        if !held {
            hits.push(Hit::Need(report::notebook(file)));
        }
        return;
    }
    let tree = Some(file).filter(|file| file.text().len() <= LARGEST).and_then(|f| f.python());
    let own = names_own(file.text(), settings);
    let Some(tree) = tree else {
        hits.extend(own.then(|| Hit::Need(report::not_understood(file))));
        return;
    };
    let first = hits.len();
    let root = tree.root_node();
    let mut module = Module::new(file.text(), root);
    let mut found = sites::find(&module, settings, excused);
    let seen = round(file, &mut module, settings, &found, (excused, None), hits);
    let look_again = |code: &SourceFile| {
        let mut hits = Vec::new();
        look(code, settings, excused, false, &mut hits);
        hits
    };
    hits.extend(dynamic::needs(file, &module, settings, &found.ran, &look_again));
    if !found.excused.is_empty() {
        module.start_again();
        found.guards.all = true;
        round(file, &mut module, settings, &found, (&|_| false, Some(&seen)), hits);
    }
    let found = |hit: &Hit| matches!(hit, Hit::Finding(_));
    if own && root.has_error() && !hits.iter().skip(first).any(found) {
        hits.push(Hit::Need(report::broken(file)));
    }
    if held {
        hold(file, settings, first, hits);
    } else if let (Some(setting), true) = (only(settings), bases::is_base(file.path())) {
        for hit in hits.split_off(first) {
            hits.push(match hit {
                Hit::Finding(finding) => Hit::Held(Box::new(Held {
                    finding,
                    path: file.path().clone(),
                    by: By::Base,
                    setting: setting.name.clone(),
                })),
                hit => hit,
            });
        }
    }
}

/// The one setting that is asked for, whatever is looked for beside it.
fn only(settings: &[Setting]) -> Option<&Setting> {
    let mut own = settings.iter().filter(|setting| !setting.kin);
    own.next().filter(|_| own.next().is_none())
}

/// Whether a text names, whole or in part, what is asked for.
fn names_own(text: &str, settings: &[Setting]) -> bool {
    settings.iter().filter(|setting| !setting.kin).any(|setting| {
        let first = setting.name.split('_').next().unwrap_or(&setting.name);
        let names = setting.aliases.iter().map(String::as_str).chain([first]);
        names.into_iter().any(|name| text.contains(name))
    })
}

/// All of the file counts only if production uses it.
fn hold(file: &SourceFile, settings: &[Setting], first: usize, hits: &mut Vec<Hit>) {
    // an example or a test may serve, and is not an app of production for that
    let folders = file.path().to_string();
    let script = folders.split('/').any(|folder| SCRIPTS.contains(&folder));
    let serves = if script { serves(file.text()) } else { Serves::No };
    let setting = settings.first().map(|setting| setting.name.clone()).unwrap_or_default();
    for hit in hits.split_off(first) {
        if let Hit::Finding(finding) = hit {
            hits.push(Hit::Held(Box::new(Held {
                finding,
                path: file.path().clone(),
                by: By::Path(serves),
                setting: setting.clone(),
            })));
        }
    }
}

/// Folders of scripts, some of which start the app.
const SCRIPTS: &[&str] = &["scripts", "script", "bin", "tools", "maintenance"];

fn serves(text: &str) -> Serves {
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if says(&["app.run(", "application.run(", "serve(", "uvicorn.run", "serve_forever"]) {
        Serves::Yes
    } else if says(&["Flask(__name__", "\napplication = "]) {
        Serves::Perhaps
    } else {
        Serves::No
    }
}

/// Literals by where they begin.
type Starts = BTreeSet<usize>;

/// Tells the names of classes and functions that do not count.
type LeftOut<'f> = &'f dyn Fn(&str) -> bool;

/// Looks at the file, without what is excused by its name; or, given the literals
/// that were seen without that, at what is in it.
fn round<'t>(
    file: &'t SourceFile,
    module: &mut Module<'t>,
    settings: &[Setting],
    found: &Found<'_, 't>,
    (left_out, second): (LeftOut<'_>, Option<&Starts>),
    hits: &mut Vec<Hit>,
) -> Starts {
    let Found { sites, guards, excused: scopes, .. } = found;
    let (dead, outside, read) = match second {
        None => (&found.dead_or_excused, found.outside, found.read),
        Some(_) => (&found.dead, found.outside, found.read || found.read_aside),
    };
    let in_dead = dead.iter().any(|range| {
        let text = file.text().get(range.clone()).unwrap_or_default();
        settings.iter().filter(|setting| !setting.kin).any(|setting| {
            let alias = |alias: &String| text.contains(&format!(".{alias}"));
            text.contains(&setting.name) || setting.aliases.iter().any(alias)
        })
    });
    module.leave_out(dead.clone());
    let module = &*module;
    let sites = sites.iter().filter(|site| second.is_some() || !site.aside).cloned();
    let judged: Vec<_> = sites.map(|site| (values::of_site(module, &site), site)).collect();
    let mut page = None;
    let mut seen = Starts::new();
    let mut findings = BTreeMap::new();
    let mut opaque = BTreeMap::new();
    let mut from_outside = outside;
    for (index, (values, site)) in judged.iter().enumerate() {
        let kin = site.setting.kin;
        from_outside |= values.outside && !kin;
        if values.literals.is_empty() && !from_outside && !kin {
            from_outside = guards.refuse(module, site, &value(""))
                && !guards.refuse(module, site, &value(GOOD));
        }
        seen.extend(values.literals.iter().filter_map(start));
        let signs = kin && second.is_none() && signing::unsure(site).is_none();
        if signs && values.literals.is_empty() && values.imported.is_empty() {
            let lost = values.unknown && values.parameters.is_empty() || values.lost;
            if lost || !values.opaque.is_empty() {
                hits.push(Hit::Signs(false));
            } else if values.outside {
                hits.push(Hit::Signs(true));
            }
        }
        if second.is_none() && (!kin || signs) {
            hits.extend(values.parameters.iter().map(|parameter| {
                Hit::Asks(Asks {
                    path: file.path().clone(),
                    called: parameter.called.clone(),
                    parameter: parameter.name.clone(),
                    index: parameter.index,
                    setting: site.setting.name.clone(),
                    kin,
                })
            }));
        }
        if second.is_none() && !kin {
            hits.extend(values.variables.iter().cloned().map(Hit::Variable));
        }
        let told = !values.opaque.is_empty() || !values.imported.is_empty();
        if second.is_none()
            && !kin
            && !values.files.is_empty()
            && !matches!(overrides::replaced(module, &judged, index, left_out), Replaced::Yes)
        {
            hits.extend(values.files.iter().map(|read| {
                Hit::Reads(Box::new(Reads {
                    path: file.path().clone(),
                    place: file.place(read.node.start_byte()),
                    setting: site.setting.name.clone(),
                    shown: site.shown.clone(),
                    texts: read.texts.clone(),
                    keys: values.keys.clone(),
                }))
            }));
        }
        if values.literals.is_empty() && !told {
            continue;
        }
        let replaced = overrides::replaced(module, &judged, index, left_out);
        if matches!(replaced, Replaced::Yes) {
            continue;
        }
        for alternative in &values.literals {
            let Some(start) = start(alternative) else { continue };
            if !findings.contains_key(&start)
                && !signing::is_public(site, &alternative.literal.value.text)
                && !is_nobodys_mailbox(site.setting, &alternative.literal.value.text)
                && !is_its_own_name(module, site, alternative)
                && !guards.refuse(module, site, alternative)
            {
                findings.insert(start, (index, alternative));
            }
        }
        for found in values.opaque.iter().filter(|_| !kin) {
            opaque.entry(found.at.start_byte()).or_insert((index, *found));
        }
        if second.is_none() {
            let page = page.get_or_insert_with(|| Page::new(file, module));
            hits.extend(values.imported.iter().map(|imported| {
                let arguments = imported.arguments.as_ref().map(|arguments| {
                    let all = arguments.iter().map(|argument| {
                        let found = argument.literals.iter();
                        let found = found.filter(|found| !guards.refuse(module, site, found));
                        (argument.place.clone(), found.map(|f| page.finding(site, f)).collect())
                    });
                    all.collect()
                });
                Hit::Elsewhere(Box::new(Elsewhere {
                    path: file.path().clone(),
                    import: imported.import.clone(),
                    way: imported.way.clone(),
                    setting: site.setting.name.clone(),
                    arguments,
                    fallback: imported.fallback,
                    need: page.imported(site, imported),
                    kin,
                }))
            }));
        }
    }
    if judged.iter().any(|(_, site)| !site.setting.kin) || read || in_dead {
        hits.push(Hit::Names);
    }
    if from_outside && second.is_none() {
        hits.push(Hit::Outside);
    }
    if !findings.is_empty() || !opaque.is_empty() {
        let page = page.get_or_insert_with(|| Page::new(file, module));
        for (start, (index, alternative)) in findings {
            let Some((_, site)) = judged.get(index) else { continue };
            let finding = page.finding(site, alternative);
            let hold = |name: &str| {
                Hit::Held(Box::new(Held {
                    finding: finding.clone(),
                    path: file.path().clone(),
                    by: By::Name(name.to_owned()),
                    setting: site.setting.name.clone(),
                }))
            };
            if let Some(before) = second {
                if before.contains(&start) {
                    continue;
                }
                let around = |at: usize| scopes.iter().filter(move |s| s.bytes.contains(&at));
                match around(site.at.at).next() {
                    Some(scope) if scope.handed => {
                        hits.push(Hit::Need(page.perhaps(&finding, &scope.name)));
                    }
                    Some(scope) => hits.push(hold(&scope.name)),
                    // production takes it from there itself
                    None if around(start).next().is_some() => hits.push(Hit::Finding(finding)),
                    None => {}
                }
                continue;
            }
            if let Some(class) = testing_class(module, site) {
                hits.push(hold(class));
            } else if let Some(what) = signing::unsure(site) {
                let why = "whether what is made with it is to be trusted is not known";
                hits.push(Hit::Need(report::perhaps(&finding, what, why)));
            } else if is_beside_testing(module, site) {
                hits.push(Hit::Need(page.perhaps(&finding, "TESTING")));
            } else if let Replaced::Unless(users) =
                overrides::replaced(module, &judged, index, left_out)
            {
                hits.extend(users.iter().map(|user| hold(user)));
            } else {
                hits.push(Hit::Finding(finding));
            }
        }
        if second.is_none() {
            for (index, found) in opaque.into_values() {
                let Some((_, site)) = judged.get(index) else { continue };
                hits.push(Hit::Need(page.not_followed(site, found)));
            }
        }
    }
    if module.gave_up() {
        hits.push(Hit::Need(report::not_understood(file)));
    }
    seen
}

fn start(alternative: &Alternative<'_>) -> Option<usize> {
    alternative.literal.parts.first().map(Node::start_byte)
}

/// A value that no guard for keys has a reason to refuse.
const GOOD: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// Any value: who refuses a missing one, and a good one not, wants one from outside.
fn value<'t>(text: &str) -> Alternative<'t> {
    let value = Constant { text: text.to_owned(), bytes: false };
    let literal = Literal { value, parts: Vec::new() };
    Alternative { literal, form: Form::Plain, names: Vec::new(), variable: None }
}

/// `MAIL_USERNAME = "noreply@example.org"`: no account, where a secret is not asked for.
fn is_nobodys_mailbox(setting: &Setting, text: &str) -> bool {
    !names_secret(&setting.name) && is_reserved_mailbox(text)
}

/// `SECRET_KEY = "SECRET_KEY"`: the name of the setting, which is then a key to
/// look it up with.
fn is_its_own_name(module: &Module<'_>, site: &Site<'_, '_>, found: &Alternative<'_>) -> bool {
    let name = &site.setting.name;
    if site.how != How::Assigned || found.literal.value.text != *name || site.shown.contains('[') {
        return false;
    }
    let mut others = 0;
    let mut used = false;
    walk(module.root, (), |step| {
        let node = step.node;
        let parent = step.parent();
        let named = matches!(step.kind, "identifier" | "attribute")
            && last_name(module.text, node) == Some(name.as_str());
        used |= named && step.field == Some("subscript");
        used |= named && parent.is_some_and(|parent| parent.kind() == "argument_list");
        if step.kind == "assignment" {
            let sides = node.child_by_field_name("left").zip(node.child_by_field_name("right"));
            others += usize::from(sides.is_some_and(|(left, right)| {
                module.source(left) == module.source(right).trim_matches(['"', '\''])
            }));
        }
        Some(())
    });
    used || others > 1
}

/// The class around a site, when it says that it is for tests: `TESTING = True`.
fn testing_class<'t>(module: &Module<'t>, site: &Site<'_, 't>) -> Option<&'t str> {
    let class = module.scopes().get(module.class_around(site.at.scope)?)?;
    let text = module.source(class.node);
    let says = text.lines().any(|line| {
        let plain: String = line.split('#').next().unwrap_or_default().split_whitespace().collect();
        plain == "TESTING=True"
    });
    says.then_some(class.name)
}

/// Whether a dictionary or call that holds the site says `TESTING` beside it.
fn is_beside_testing(module: &Module<'_>, site: &Site<'_, '_>) -> bool {
    if !matches!(site.how, How::Entry | How::Keyword(_)) {
        return false;
    }
    let mut node = site.value.parent();
    for _ in 0..6 {
        let Some(up) = node else { return false };
        if matches!(up.kind(), "dictionary" | "argument_list") {
            let text: String = module.source(up).split_whitespace().collect();
            let says = ["TESTING=True", "testing=True", "\"TESTING\":True", "'TESTING':True"];
            if up.byte_range().len() < 4096 && says.iter().any(|said| text.contains(said)) {
                return true;
            }
        }
        node = up.parent();
    }
    false
}
