//! From what all files showed to what it comes to.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use super::callers::passed;
use super::config_files;
use super::follow::follow;
use super::hit::{Asks, By, Elsewhere, Held, Hit, Reads};
use super::key_files;
use super::links;
use super::loaded_files;
use super::project::{Asker, Project, ways_to_name};
use super::report;
use super::uses::{Used, Wanted, is_python, parts};
use super::variables;
use crate::check::{Hits, bounds};
use crate::facts::Mentions;
use crate::model::{CheckError, Finding, Need, Observation, Place, RepoPath, RuleId, Subject};

const UNREAD: RuleId = RuleId::new("hardcoded_setting.unread");
const NO_PLACE: RuleId = RuleId::new("hardcoded_setting.no_place");

/// What the check was asked.
pub(super) struct Asked<'a> {
    /// The settings' names.
    pub(super) names: Vec<&'a str>,
    /// It is the key without which an app of a framework cannot sign anything.
    pub(super) is_signing_key: bool,
    /// Names of classes and functions that are for development.
    pub(super) excused: &'a dyn Fn(&str) -> bool,
    /// Files that count only if production uses them.
    pub(super) aside: &'a dyn Fn(&RepoPath) -> bool,
    /// Whether what was skipped may hide a file that is not left out.
    pub(super) concerns: &'a dyn Fn(&RepoPath) -> bool,
}

/// What was seen of the files, sorted.
#[derive(Default)]
struct Seen {
    findings: Vec<Finding>,
    needs: Vec<Need>,
    held: Vec<Held>,
    elsewhere: Vec<Elsewhere>,
    asks: Vec<Asks>,
    reads: Vec<Reads>,
    names: bool,
    outside: bool,
    /// Of each key of another name, whether it is seen to come from outside.
    signs: Vec<bool>,
    /// Variables of other names that the setting is read from.
    variables: BTreeSet<String>,
    apps: Vec<RepoPath>,
}

impl Seen {
    fn take(&mut self, hits: Vec<Hit>) {
        for hit in hits {
            match hit {
                Hit::Finding(finding) => self.findings.push(finding),
                Hit::Need(need) => self.needs.push(need),
                Hit::Held(held) => self.held.push(*held),
                Hit::Elsewhere(elsewhere) => self.elsewhere.push(*elsewhere),
                Hit::Asks(asks) => self.asks.push(asks),
                Hit::Reads(reads) => self.reads.push(*reads),
                Hit::Names => self.names = true,
                Hit::Outside => self.outside = true,
                Hit::Signs(outside) => self.signs.push(outside),
                Hit::Variable(name) => drop(self.variables.insert(name)),
                Hit::App(path) => self.apps.push(path),
            }
        }
    }
}

/// Judges what all files showed.
///
/// # Errors
/// When the rest of the project could not be looked at.
pub(super) fn judge(
    asked: &Asked<'_>,
    hits: Hits<Hit>,
    project: &dyn Project,
) -> Result<Observation, CheckError> {
    let unread: Vec<_> =
        hits.unread.iter().filter(|unread| (asked.concerns)(&unread.path)).cloned().collect();
    let unread = bounds::unread(UNREAD, &unread);
    if hits.files == 0 && unread.is_empty() {
        return Ok(Observation::not_applicable("there is no Python file that could set it"));
    }
    let files = bounds::counted(hits.files, "Python file");
    let looked_at = format!("{files}, for {}", asked.names.join(", "));
    let mut seen = Seen { needs: unread, ..Seen::default() };
    seen.take(hits.all);
    ask(asked, &mut seen, project)?;
    let (findings, needs) = key_files::look(&seen.reads, project)?;
    seen.findings.extend(findings);
    seen.needs.extend(needs);
    if seen.findings.is_empty() {
        let small: Vec<String> = asked.names.iter().map(|name| name.to_lowercase()).collect();
        let own = asked.names.iter().copied();
        let variables: Vec<String> = seen
            .variables
            .iter()
            .filter(|name| !asked.names.contains(&name.as_str()))
            .cloned()
            .collect();
        let others = small.iter().chain(&variables).map(String::as_str);
        let names: Vec<&str> = own.chain(others).collect();
        let mut needs = config_files::needs(&names, asked.aside, project)?;
        needs.extend(loaded_files::needs(&names, asked.aside, project)?);
        needs.extend(links::needs(&asked.names, asked.aside, project)?);
        needs.extend(variables::needs(&variables, asked.aside, project)?);
        for need in needs {
            if !seen.needs.iter().any(|other| other.identity() == need.identity()) {
                seen.needs.push(need);
            }
        }
    }
    if asked.is_signing_key && !seen.outside && seen.findings.is_empty() && seen.needs.is_empty() {
        // the app signs with keys of other names alone
        let others = !seen.names && seen.signs.contains(&true) && !seen.signs.contains(&false);
        if others {
            return Ok(Observation::judge(Vec::new(), looked_at));
        }
        if seen.names || !seen.apps.is_empty() {
            let need = no_place(asked, &seen);
            return Ok(Observation::undecided(need, looked_at));
        }
        return Ok(Observation::not_applicable(format!(
            "{files}: none sets or reads {}, and none makes a Flask or Django app",
            asked.names.join(", ")
        )));
    }
    Ok(Observation::judge(once(seen.findings), looked_at).needing(seen.needs))
}

fn no_place(asked: &Asked<'_>, seen: &Seen) -> Need {
    let name = asked.names.join(", ");
    let message = match seen.apps.first() {
        Some(app) if !seen.names => {
            format!("`{app}` makes an app, and no place was seen that gives it a {name}")
        }
        _ => format!("no place was seen that reads {name} from outside of the code"),
    };
    let need = Need::new(NO_PLACE, Subject::of(&name), message)
        .help(format!("read it where the app is made: os.environ[\"{name}\"]"));
    seen.apps.iter().take(1).fold(need, |need, app| need.at(Place::file(app.clone())))
}

/// The same literal may be found on several ways.
fn once(findings: Vec<Finding>) -> Vec<Finding> {
    let mut out: Vec<Finding> = Vec::new();
    for finding in findings {
        let same = |other: &Finding| {
            other.rule == finding.rule
                && other.places.first() == finding.places.first()
                && !other.places.is_empty()
        };
        if !out.iter().any(same) {
            out.push(finding);
        }
    }
    out
}

/// Asks the rest of the project about what one file alone does not tell.
fn ask(asked: &Asked<'_>, seen: &mut Seen, project: &dyn Project) -> Result<(), CheckError> {
    if seen.held.is_empty() && seen.elsewhere.is_empty() && seen.asks.is_empty() {
        return Ok(());
    }
    let mut words: Vec<String> = Vec::new();
    for held in &seen.held {
        match &held.by {
            By::Name(name) => words.push(name.clone()),
            By::Path(_) | By::Base => {
                words.extend(ways_to_name(&held.path));
                words.push("DJANGO_SETTINGS_MODULE".to_owned());
            }
        }
    }
    words.extend(seen.asks.iter().map(|asks| asks.called.clone()));
    if words.is_empty() {
        // only the paths are asked for
        words.push("DJANGO_SETTINGS_MODULE".to_owned());
    }
    words.retain(|word| !word.is_empty());
    words.sort();
    words.dedup();
    let mentions = project.mentioning(words)?;
    // the shared pass tells of Python files by itself
    let others = mentions.unread.iter().filter(|unread| {
        !is_python(&unread.path)
            && unread.path.extension().is_some()
            && (asked.concerns)(&unread.path)
    });
    seen.needs.extend(bounds::unread(UNREAD, &others.cloned().collect::<Vec<_>>()));
    follow_all(seen, project, &mentions);
    for asks in std::mem::take(&mut seen.asks) {
        let hits = passed(&asks, &mentions, asked.aside, asked.excused).into_iter();
        seen.take(hits.map(|hit| if asks.kin { of_kin(hit) } else { hit }).collect());
    }
    let Asked { excused, aside, .. } = *asked;
    let asker = Asker { project, mentions, excused, aside, loaded: Rc::default() };
    let mut answers: Vec<(String, RepoPath, Used)> = Vec::new();
    for held in std::mem::take(&mut seen.held) {
        let name = match &held.by {
            By::Name(name) => name.clone(),
            By::Path(_) | By::Base => parts(&held.path).join("."),
        };
        let known = answers.iter().find(|(n, path, _)| *n == name && *path == held.path);
        let used = match known {
            Some((_, _, used)) => used.clone(),
            None => {
                let used = match &held.by {
                    By::Path(serves) => asker.file(&held.path, *serves)?,
                    By::Base => asker.base(&held.path, &held.setting)?,
                    By::Name(name) => {
                        asker.name(&Wanted { name, path: &held.path, setting: &held.setting })?
                    }
                };
                answers.push((name.clone(), held.path.clone(), used.clone()));
                used
            }
        };
        settle(seen, held, &name, used);
    }
    Ok(())
}

fn settle(seen: &mut Seen, held: Held, name: &str, used: Used) {
    match used {
        Used::Yes(_) if matches!(held.by, By::Base) => seen.findings.push(held.finding),
        Used::Yes(place) => {
            let mut finding = held.finding;
            let said = format!("{}; production uses `{name}` ({place})", finding.message);
            finding.message = crate::model::CleanText::line(said);
            if finding.places.first() != Some(&place) {
                finding = finding.at(place);
            }
            seen.findings.push(finding);
        }
        Used::Perhaps(place) => {
            let why = "it cannot be told whether production uses that";
            let need = report::perhaps(&held.finding, name, why);
            let same = need.places.first() == Some(&place);
            let need = if same { need } else { need.at(place) };
            if !seen.needs.iter().any(|other| other.identity() == need.identity()) {
                seen.needs.push(need);
            }
        }
        Used::No | Used::Through(..) | Used::Key(..) => {}
    }
}

/// What is seen of another key than the one that is asked for: of those only literals
/// count, and where no other is seen, that they come from outside.
fn of_kin(hit: Hit) -> Hit {
    match hit {
        Hit::Outside | Hit::Variable(_) => Hit::Signs(true),
        Hit::Need(_) | Hit::Names => Hit::Signs(false),
        hit => hit,
    }
}

fn follow_all(seen: &mut Seen, project: &dyn Project, mentions: &Arc<Mentions>) {
    for elsewhere in std::mem::take(&mut seen.elsewhere) {
        let kin = elsewhere.kin;
        let hits = follow(elsewhere, project, mentions).into_iter();
        let hits = hits.map(|hit| if kin { of_kin(hit) } else { hit });
        for hit in hits {
            match hit {
                Hit::Need(need) if seen.needs.iter().any(|n| n.identity() == need.identity()) => {}
                hit => seen.take(vec![hit]),
            }
        }
    }
}
