//! `hardcoded_setting`: on the way that production takes, a setting such as the
//! signing key can be no literal of the code.

mod guards;
mod overrides;
mod report;
mod setting;
mod sites;
mod values;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;

use crate::check::params::{Globs, Pattern};
use crate::check::{Hits, Scan, bounds};
use crate::facts::Facts;
use crate::lang::SourceFile;
use crate::lang::python::Module;
use crate::model::{CheckError, Finding, Need, Observation, Place, RepoPath, RuleId};
use setting::Setting;

/// The kind `hardcoded_setting`, its parameters validated.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Parameters")]
pub struct HardcodedSetting {
    settings: Vec<Setting>,
    globs: Globs,
    exclude: Globs,
    allow_in: Vec<Pattern>,
}

/// Looks in Python code for a setting, such as the signing key, whose value is a
/// literal, or can become one.
///
/// Found are assignments (`app.config["SECRET_KEY"] = …`, `app.secret_key = …`,
/// `SECRET_KEY = …` in a module or class), keywords, dictionary entries,
/// parameters' defaults, and literals to fall back on: `os.getenv("SECRET_KEY",
/// "dev")`, `… or "dev"`, an `except KeyError`. Constant expressions and names
/// bound to constants are followed within the file. An empty text or `None` is no
/// key, so it is no finding.
///
/// No finding is what production does not run (`if app.debug:`, `if
/// os.getenv("FLASK_ENV") == "development":`, a class named for development),
/// what is replaced before it is used, and a literal with which the app then
/// refuses to start: an `if` in the same file compares the setting with it and
/// raises or exits. An `assert` is no such refusal, since `python -O` removes it.
/// What stands under `if __name__ == "__main__":` counts, since `python app.py`
/// is how many apps are started in production.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(
    rename = "HardcodedSetting",
    extend("oneOf" = [{"required": ["name"]}, {"required": ["names"]}])
)]
struct Parameters {
    /// The setting. Exactly one of `name` and `names` is given.
    name: Option<String>,
    /// Several settings, looked for at once.
    names: Option<Vec<String>>,
    /// Other names of the setting as attribute of an app or settings object, as
    /// keyword argument and as parameter. For `SECRET_KEY` it is `secret_key`
    /// unless given.
    aliases: Option<Vec<String>>,
    /// The Python files to look at; `*.py` and `*.wsgi` unless given.
    globs: Option<Globs>,
    /// Of these files, those to leave out; unless given: tests, docs, examples,
    /// settings modules named for development, and what others wrote (virtual
    /// environments, `node_modules`).
    exclude: Option<Globs>,
    /// Regular expressions for the names of classes and functions that never run
    /// in production; unless given: those with the word dev, development, test,
    /// testing, local, debug or the like in their name.
    allow_in: Option<Vec<Pattern>>,
}

/// Larger files, in bytes, are not parsed: a tree takes a hundred times the memory.
const LARGEST: usize = 2 * 1024 * 1024;

/// The files to look at.
const GLOBS: &[&str] = &["*.py", "*.wsgi"];

/// Code that never runs in production, and code that others wrote.
const EXCLUDE: &[&str] = &[
    "**/{tests,test,testing,testsuite}/**",
    "{test,tests}.py",
    "test_*.py",
    "*_test.py",
    "*_tests.py",
    "conftest.py",
    "**/{docs,doc,examples,example,samples,sample}/**",
    "**/{settings,config,configs,conf}/{dev,devel,develop,development,test,tests,testing,ci}.py",
    "{settings,config}_{dev,development,test,testing}.py",
    "{dev,development,test,testing}_{settings,config}.py",
    "**/{.venv,venv,.tox,.nox,site-packages,node_modules,__pypackages__}/**",
];

/// A word of a name in camel case, and of one with underscores.
const ALLOW_IN: &[&str] = &[
    "(?:^|[a-z0-9_])(?:Dev|Devel|Develop|Development|Test|Tests|Testing|UnitTest|Local|Debug|CI|DEV|TEST)(?:$|[A-Z0-9_])",
    "(?:^|_)(?:dev|devel|develop|development|test|tests|testing|unittest|pytest|local|debug|ci)(?:$|_)",
];

impl JsonSchema for HardcodedSetting {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        Parameters::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Parameters::json_schema(generator)
    }
}

impl TryFrom<Parameters> for HardcodedSetting {
    type Error = String;

    /// # Errors
    /// A sentence, when the parameters contradict each other or mean nothing.
    fn try_from(given: Parameters) -> Result<Self, String> {
        let names = match (given.name, given.names) {
            (Some(name), None) => vec![name],
            (None, Some(names)) => names,
            (Some(_), Some(_)) => {
                return Err("`hardcoded_setting` takes `name` or `names`, not both; put the one \
                            name into the list"
                    .to_owned());
            }
            (None, None) => {
                return Err("`hardcoded_setting` needs `name` (one setting, such as SECRET_KEY) \
                            or `names` (a list of settings)"
                    .to_owned());
            }
        };
        if names.is_empty() {
            return Err(
                "`names` is empty; give at least one setting, such as SECRET_KEY".to_owned()
            );
        }
        if given.aliases.is_some() && names.len() > 1 {
            return Err(
                "`aliases` belongs to one setting; use `name`, or make it two checks".to_owned()
            );
        }
        let settings: Result<Vec<_>, String> =
            names.into_iter().map(|name| Setting::new(name, given.aliases.clone())).collect();
        let globs = match given.globs {
            Some(globs) if globs.patterns().is_empty() => {
                return Err(
                    "`globs` names no file; give at least one pattern, such as `*.py`".to_owned()
                );
            }
            Some(globs) => globs,
            None => Globs::new(GLOBS)?,
        };
        let exclude = given.exclude.map_or_else(|| Globs::new(EXCLUDE), Ok)?;
        let allow_in = match given.allow_in {
            Some(patterns) => patterns,
            None => default_patterns()?,
        };
        Ok(Self { settings: settings?, globs, exclude, allow_in })
    }
}

fn default_patterns() -> Result<Vec<Pattern>, String> {
    ALLOW_IN
        .iter()
        .map(|text| regex::Regex::new(text).map(Pattern).map_err(|error| error.to_string()))
        .collect()
}

const UNREAD: RuleId = RuleId::new("hardcoded_setting.unread");

/// What a file shows of the settings.
#[derive(Debug)]
pub enum Hit {
    /// A literal that a setting can become.
    Finding(Finding),
    /// Something that was not understood.
    Need(Need),
}

impl Scan for HardcodedSetting {
    type Hit = Hit;

    fn wants(&self, path: &RepoPath) -> bool {
        self.globs.matches(path) && !self.exclude.matches(path)
    }

    fn literals(&self) -> Vec<String> {
        self.settings
            .iter()
            .flat_map(|setting| std::iter::once(&setting.name).chain(&setting.aliases))
            .cloned()
            .collect()
    }

    fn look(&self, file: &SourceFile, hits: &mut Vec<Hit>) {
        let tree = Some(file).filter(|file| file.text().len() <= LARGEST).and_then(|f| f.python());
        let Some(tree) = tree else {
            hits.push(Hit::Need(report::not_understood(file)));
            return;
        };
        let mut module = Module::new(file.text(), tree.root_node());
        let left_out = |name: &str| self.allow_in.iter().any(|pattern| pattern.0.is_match(name));
        let sites::Found { sites, guards, dead } = sites::find(&module, &self.settings, &left_out);
        module.leave_out(dead);
        let module = module;
        let judged: Vec<_> =
            sites.into_iter().map(|site| (values::alternatives(&module, &site), site)).collect();
        let mut literals = BTreeMap::new();
        for (index, (alternatives, site)) in judged.iter().enumerate() {
            if alternatives.is_empty() || overrides::replaced(&module, &judged, index) {
                continue;
            }
            for alternative in alternatives {
                let Some(part) = alternative.literal.parts.first() else { continue };
                let start = part.start_byte();
                if !literals.contains_key(&start) && !guards.refuse(&module, site, alternative) {
                    literals.insert(start, (site, alternative));
                }
            }
        }
        if !literals.is_empty() {
            let page = report::Page::new(file, &module);
            hits.extend(
                literals
                    .into_values()
                    .map(|(site, alternative)| Hit::Finding(page.finding(site, alternative))),
            );
        }
        if module.gave_up() {
            hits.push(Hit::Need(report::not_understood(file)));
        }
    }

    fn judge(&self, _: &Facts<'_>, hits: Hits<Hit>) -> Result<Observation, CheckError> {
        Ok(self.conclude(hits))
    }
}

impl HardcodedSetting {
    fn conclude(&self, hits: Hits<Hit>) -> Observation {
        let unread: Vec<_> =
            hits.unread.iter().filter(|unread| self.concerns(&unread.path)).cloned().collect();
        let mut needs = bounds::unread(UNREAD, &unread);
        if hits.files == 0 && needs.is_empty() {
            return Observation::not_applicable("there is no Python file that could set it");
        }
        let names: Vec<&str> = self.settings.iter().map(|setting| setting.name.as_str()).collect();
        let files = bounds::counted(hits.files, "Python file");
        let looked_at = format!("{files}, for {}", names.join(", "));
        let mut findings = Vec::new();
        for hit in hits.all {
            match hit {
                Hit::Finding(finding) => findings.push(finding),
                Hit::Need(need) => needs.push(need),
            }
        }
        Observation::judge(findings, looked_at).needing(needs)
    }

    /// Whether what was skipped may hide a file that is not left out.
    fn concerns(&self, path: &RepoPath) -> bool {
        let inside = RepoPath::new(path.as_path().join("app.py"));
        !self.exclude.matches(path) && !inside.is_ok_and(|inside| self.exclude.matches(&inside))
    }
}

/// The place of a byte offset, a byte order mark not counted as a column.
fn place(file: &SourceFile, offset: usize) -> Place {
    let mut place = file.place(offset);
    if place.line == Some(1) && file.text().starts_with('\u{feff}') {
        place.column = place.column.map(|column| column.saturating_sub(1).max(1));
    }
    place
}
