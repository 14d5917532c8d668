//! Keys in JavaScript and TypeScript: what an app signs with is given to a function
//! of a package, and is followed back from there.

mod conditions;
mod guards;
mod named;
mod origin;
mod packages;
mod sites;
mod takers;
mod told;
mod value;
mod values;
mod world;

use std::collections::BTreeSet;

use packages::{Packages, is_aside};
use sites::Site;
use value::{Literal, Values};
use values::Search;
use world::{Chain, World, is_elsewhere};

use crate::check::{bounds, rests};
use crate::facts::{Facts, KeyScripts};
use crate::model::{CheckError, Finding, Need, Observation, Outcome, RepoPath, RuleId};

const UNREAD: RuleId = RuleId::new("hardcoded_setting.unread");

/// What was seen.
#[derive(Default)]
pub(super) struct Seen {
    /// Literals that become a key.
    pub(super) findings: Vec<Finding>,
    /// What is not known.
    pub(super) needs: Vec<Need>,
    /// The `package.json` of each app of which a key was seen, and comes from
    /// outside.
    pub(super) clean: BTreeSet<RepoPath>,
    /// The files on which that rests.
    pub(super) files: Vec<RepoPath>,
}

impl Seen {
    /// Together with what was seen of Python.
    ///
    /// # Errors
    /// When git cannot tell what is tracked.
    pub(super) fn beside(
        self,
        python: Observation,
        cx: &Facts<'_>,
    ) -> Result<Observation, CheckError> {
        if self.findings.is_empty() && self.needs.is_empty() && self.clean.is_empty() {
            return Ok(python);
        }
        let files = bounds::counted(self.files.len(), "file");
        let here = format!("{files} of JavaScript or TypeScript, for keys");
        let looked_at = match python.outcome() {
            Outcome::NotApplicable => here,
            _ => format!("{}; {here}", python.looked_at),
        };
        let mut findings = python.findings;
        findings.extend(self.findings);
        let seen = Observation::judge(findings, looked_at)
            .needing(python.needs)
            .needing(self.needs)
            .noting(python.notes)
            .resting_on(python.rests_on)
            .resting_on_here(python.only_here);
        if seen.outcome() == Outcome::Fails {
            return Ok(seen);
        }
        let here = rests::not_tracked(cx, &self.files.iter().collect())?;
        Ok(seen.resting_on_here(here))
    }
}

/// Looks at the code of all apps in JavaScript.
///
/// # Errors
/// When the files could not be read, or nobody waits any more.
pub(super) fn look(cx: &Facts<'_>, wanted: &dyn Fn(&RepoPath) -> bool) -> Result<Seen, CheckError> {
    let scripts = cx.get::<KeyScripts>(&())?;
    let packages = Packages::new(cx);
    let own = |path: &RepoPath| {
        let aside = is_aside(path) || !wanted(path);
        if aside { None } else { packages.app(path) }
    };
    let apps: Vec<(RepoPath, RepoPath)> =
        scripts.paths.iter().filter_map(|path| own(path).map(|app| (path.clone(), app))).collect();
    let mut seen = Seen::default();
    let unread = scripts.unread.iter().filter(|unread| own(&unread.path).is_some());
    seen.needs = bounds::unread(UNREAD, &unread.cloned().collect::<Vec<_>>());
    let chain = Chain::default();
    let world = World::new(cx, &chain);
    world.named.borrow_mut().extend(apps.iter().map(|(path, _)| path.clone()));
    let search = Search::new(&world);
    let mut named = Vec::new();
    let mut open = Vec::new();
    for (path, app) in &apps {
        cx.cancel.check()?;
        let Some(module) = world.module(path) else {
            seen.needs.push(told::not_understood(path));
            continue;
        };
        let sites = sites::find(&module);
        if module.root.has_error() && sites.is_empty() && is_broken(module.text) {
            seen.needs.push(told::not_understood(path));
        }
        for site in sites {
            let values = search.of(&site.at, &site.way);
            if judge(&site, values, &mut seen, &mut open) {
                seen.clean.insert(app.clone());
            }
        }
        if !path.to_string().split(['/', '.']).any(is_elsewhere) {
            named.extend(named::find(&module));
        }
    }
    for one in named {
        let values = search.of(&one.at, &[]);
        for literal in values.literals {
            if is_no_key(&literal, &one.name) {
                continue;
            }
            let finding = told::finding(&literal, &format!("`{}`", one.name), "SECRET_KEY");
            let known = seen.findings.iter().any(|f| f.places.first() == finding.places.first());
            if known {
                continue;
            }
            if open.contains(&named::plain(&one.name)) {
                seen.findings.push(finding);
            } else {
                seen.needs.push(told::perhaps(&literal, &one.name));
            }
        }
    }
    once(&mut seen);
    seen.files = world.read();
    Ok(seen)
}

/// Notes what a key can be; says whether it comes from outside alone.
fn judge(site: &Site<'_>, values: Values<'_>, seen: &mut Seen, open: &mut Vec<String>) -> bool {
    let found: Vec<&Literal<'_>> =
        values.literals.iter().filter(|literal| !is_public(&literal.text)).collect();
    let public = found.len() < values.literals.len();
    let standing: Vec<_> = found.iter().filter(|literal| !guards::refuse(literal)).collect();
    seen.findings
        .extend(standing.iter().map(|literal| told::finding(literal, &site.shown, site.variable)));
    if site.weak || !standing.is_empty() {
        return false;
    }
    if let Some(unknown) = values.unknown.first() {
        open.extend(last_name(site));
        seen.needs.push(told::not_followed(site, unknown));
        return false;
    }
    if values.outside || public || !found.is_empty() {
        return true;
    }
    if !is_empty_on_purpose(site) {
        seen.needs.push(told::nothing(site));
    }
    false
}

/// The last name in the expression that is given as a key.
fn last_name(site: &Site<'_>) -> Option<String> {
    let last = site.way.last().cloned().or_else(|| {
        let code = site.at.code();
        let name = code.rsplit(['.', '?', '!']).next()?;
        Some(name.to_owned())
    })?;
    let name = last.trim_matches(|c: char| !c.is_alphanumeric());
    let plain = name.chars().all(|c| c.is_alphanumeric() || c == '_');
    (plain && !name.is_empty()).then(|| named::plain(name))
}

/// `verify(token, null)`: no key is given.
fn is_empty_on_purpose(site: &Site<'_>) -> bool {
    let code = site.at.code();
    matches!(code, "null" | "undefined" | "false" | "true" | "''" | "\"\"" | "[]" | "``")
}

/// What everybody may know: a public key, a certificate.
fn is_public(text: &str) -> bool {
    let says = |word: &str| text.contains(word);
    says("-----BEGIN") && !says("PRIVATE KEY") && (says("PUBLIC KEY") || says("CERTIFICATE"))
}

/// A name that stands for itself, and what only looks like a key.
fn is_no_key(literal: &Literal<'_>, name: &str) -> bool {
    named::plain(&literal.text) == named::plain(name)
        || literal.text.chars().all(|c| c.is_ascii_uppercase() || c == '_')
        || is_public(&literal.text)
        || guards::refuse(literal)
}

/// Whether a text holds what a syntax error may hide.
fn is_broken(text: &str) -> bool {
    ["secret", "jwt.sign", "cookieParser("].iter().any(|word| text.contains(word))
}

fn once(seen: &mut Seen) {
    let mut findings: Vec<Finding> = Vec::new();
    for finding in std::mem::take(&mut seen.findings) {
        if !findings.iter().any(|known| known.places.first() == finding.places.first()) {
            findings.push(finding);
        }
    }
    findings.sort_by_key(|finding| {
        finding.places.first().map(|at| (at.path.clone(), at.line, at.column))
    });
    seen.findings = findings;
    let mut needs: Vec<Need> = Vec::new();
    for need in std::mem::take(&mut seen.needs) {
        if !needs.iter().any(|known| known.identity() == need.identity()) {
            needs.push(need);
        }
    }
    seen.needs = needs;
}
