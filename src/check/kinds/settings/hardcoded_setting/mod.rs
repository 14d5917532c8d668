//! `hardcoded_setting`: on the way that production takes, a setting such as the
//! signing key cannot be a literal of the code.

mod bases;
mod callers;
mod composed;
mod config_files;
mod dynamic;
mod environment;
mod fits;
mod follow;
mod foreign;
mod found;
mod guards;
mod hit;
mod javascript;
mod judge;
mod key_files;
mod links;
mod loaded;
mod loaded_files;
mod look;
mod overrides;
mod place;
mod project;
mod python_apps;
mod report;
mod scripts;
mod setting;
mod signing;
mod site;
mod sites;
mod starts;
mod texts;
mod told;
mod uses;
mod values;
mod variables;

#[cfg(test)]
mod tests;

use std::cell::LazyCell;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;

use crate::check::params::{self, Globs, Pattern, Selection};
use crate::check::{Gap, Hits, Scan};
use crate::facts::Facts;
use crate::lang::SourceFile;
use crate::lang::own::{self, Whose};
use crate::model::{CheckError, Observation, Outcome, RepoPath};
pub(crate) use hit::Hit;
use project::Project;
use setting::Setting;

/// The kind `hardcoded_setting`, its parameters validated.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Parameters")]
pub(crate) struct HardcodedSetting {
    /// What is asked for, and beside `SECRET_KEY` the other keys to sign with.
    settings: Vec<Setting>,
    files: Selection,
    /// Files that count only if production uses them.
    aside: Globs,
    allow_in: Vec<Pattern>,
    /// Scripts that say in their first line that they are Python count too.
    scripts: bool,
}

/// Looks in Python code for a setting, such as the signing key, whose value is a
/// literal, or can become one.
///
/// Found are assignments (`app.config["SECRET_KEY"] = …`, `app.secret_key = …`,
/// `SECRET_KEY = …` in a module or class), keywords, dictionary entries,
/// parameters' defaults, and literals to fall back on: `os.getenv("SECRET_KEY",
/// "dev")`, `… or "dev"`, an `except KeyError`. Constant expressions, names, calls
/// of the project's own functions, their arguments, lists and dictionaries are
/// followed, and names into the project's own modules. An empty text or `None` is
/// no key, so it is not a finding.
///
/// No finding is what production does not run (`if app.debug:`, `if
/// os.getenv("FLASK_ENV") == "development":`), what is replaced before it is used,
/// and a literal with which the app then refuses to start: an `if` in the same file
/// compares the setting with it and raises or exits. An `assert` is no such refusal,
/// since `python -O` removes it. What stands under `if __name__ == "__main__":`
/// counts, since `python app.py` is how many apps are started in production. A class
/// or function named for development counts where production uses it.
///
/// A literal in an expression that is not followed, a syntax error, code in a string
/// that `exec` or `eval` runs, and code of which it cannot be told whether production
/// uses it leave the item undecided. So
/// does, for `SECRET_KEY`, an app in which no place reads it from outside, and a
/// web app in another language, whose code is not read.
///
/// A file of its own that the setting is read from counts as a literal where git
/// tracks it. With `SECRET_KEY`, other keys to sign with are looked for too: what
/// `jwt.encode`, itsdangerous and their like are given, `JWT_SECRET_KEY` and other
/// settings of extensions.
///
/// For `SECRET_KEY`, servers in JavaScript and TypeScript are looked at as well: what
/// sessions, cookies and tokens are signed with (`session({ secret })`,
/// `jwt.sign(payload, key)`, `createHmac(…)`) may not become a literal.
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
    /// The Python files to look at; `*.py`, `*.pyw`, `*.wsgi`, notebooks, and tracked
    /// scripts without an ending whose first line names Python, unless given. A notebook is not read as code: one that names the setting leaves the
    /// item undecided.
    globs: Option<Globs>,
    /// Of these files, those to leave out; unless given: what others wrote (virtual
    /// environments, `node_modules`), and, as long as nothing that production runs
    /// names them: tests, docs, examples, scripts, and settings modules named for
    /// development.
    #[serde(default, deserialize_with = "params::left_out")]
    exclude: Option<Globs>,
    /// Regular expressions for the names of classes and functions that are not for
    /// production, and count only where production uses them; unless given: those
    /// with the word dev, development, test, testing, local, debug or the like in
    /// their name.
    allow_in: Option<Vec<Pattern>>,
}

/// The files to look at.
const GLOBS: &[&str] = &["(?i)*.{py,pyw,wsgi,ipynb}"];

/// Code that production does not run, unless something that it runs names it.
const ASIDE: [Whose; 5] =
    [Whose::Test, Whose::Docs, Whose::Example, Whose::Script, Whose::Vendored];

/// Settings for other places than production, by the names of their files.
const OTHER_SETTINGS: &[&str] = &[
    "**/{settings,config,configs,conf}/{dev,devel,develop,development,local,test,tests,testing,ci}.py",
    "**/{settings,config,configs,conf}/*_{dev,devel,development,local,test,testing}.py",
    "**/{settings,config,configs,conf}/{dev,development,local,test}_{dev,development,local,test}.py",
    "{settings,config,configuration}_{dev,development,local,test,testing}.py",
    "{dev,development,local,test,testing}_{settings,config,configuration}.py",
];

/// What is left out where the checklist does not say it.
fn usual_aside() -> Result<Globs, String> {
    let mut patterns = own::globs(&ASIDE);
    patterns.extend(OTHER_SETTINGS.iter().map(|pattern| (*pattern).to_owned()));
    Globs::new(&patterns)
}

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
        let scripts = given.globs.is_none();
        let mut settings = settings?;
        if matches!(settings.as_slice(), [only] if only.name == "SECRET_KEY") {
            settings.extend(signing::settings());
        }
        let globs = match given.globs {
            Some(globs) => globs,
            None => Globs::new(GLOBS)?,
        };
        let none: [&str; 0] = [];
        let (exclude, aside) = match given.exclude {
            Some(exclude) => (exclude, Globs::new(&none)?),
            None => (Globs::new(&own::globs(&[Whose::Installed]))?, usual_aside()?),
        };
        let allow_in = match given.allow_in {
            Some(patterns) => patterns,
            None => default_patterns()?,
        };
        let files = Selection::new(Some(globs), Some(exclude));
        Ok(Self { settings, files, aside, allow_in, scripts })
    }
}

fn default_patterns() -> Result<Vec<Pattern>, String> {
    ALLOW_IN
        .iter()
        .map(|text| regex::Regex::new(text).map(Pattern).map_err(|error| error.to_string()))
        .collect()
}

impl Scan for HardcodedSetting {
    type Hit = Hit;

    fn wants(&self, path: &RepoPath) -> bool {
        self.files.matches(path)
    }

    fn needs(&self, path: &RepoPath, gap: Gap) -> bool {
        // links that lead out are looked at by who takes settings from them
        gap == Gap::Binary && path.extension() == Some("py") && Scan::wants(self, path)
    }

    fn literals(&self) -> Vec<String> {
        let mut literals: Vec<String> = self.names().map(str::to_owned).collect();
        literals.extend(
            self.own()
                .flat_map(|s| std::iter::once(&s.name).chain(&s.aliases))
                .flat_map(|name| halves(name)),
        );
        if self.is_signing_key() {
            literals.extend(APPS.iter().map(|&app| app.to_owned()));
            literals.extend(signing::WORDS.iter().map(|&word| word.to_owned()));
            literals.extend(python_apps::NAMES.iter().map(|&name| name.to_owned()));
        }
        literals
    }

    fn look(&self, file: &SourceFile, hits: &mut Vec<Hit>) {
        let aside = self.aside.matches(file.path());
        if !aside && self.is_signing_key() {
            hits.extend(python_apps::makes_app(file).cloned().map(Hit::App));
            hits.extend(python_apps::reads_all(file).then_some(Hit::Outside));
        }
        if self.may_name(file.text()) {
            look::look(file, &self.settings, &|name| self.is_excused(name), aside, hits);
        }
    }

    fn rests_on_hits(&self) -> bool {
        true
    }

    fn judge(&self, cx: &Facts<'_>, mut hits: Hits<Hit>) -> Result<Observation, CheckError> {
        if self.scripts {
            scripts::each(cx, &|path| !self.files.leaves_out(path), &mut |file| {
                self.look(file, &mut hits.all);
                hits.files += 1;
            })?;
        }
        let beside_python = hits.all.iter().any(|hit| matches!(hit, Hit::App(_)));
        let python = self.conclude(hits, cx)?;
        if !self.is_signing_key() {
            return Ok(python);
        }
        let javascript = javascript::look(cx, &|path| !self.files.leaves_out(path))?;
        let clean = javascript.clean.clone();
        let seen = javascript.beside(python, cx)?;
        let outcome = seen.outcome();
        if !matches!(outcome, Outcome::Holds | Outcome::NotApplicable) {
            return Ok(seen);
        }
        // that one program reads its key says nothing of an app beside it
        Ok(match foreign::app(cx, "SECRET_KEY", beside_python, &|list| clean.contains(list))? {
            Some(need) if outcome == Outcome::Holds => seen.needing([need]),
            Some(need) => Observation::undecided(need, "what the project depends on"),
            None => seen,
        })
    }
}

/// What a file contains that makes an app of a framework, or configures it as a
/// whole.
const APPS: &[&str] = &[
    "Flask(",
    "get_wsgi_application(",
    "get_asgi_application(",
    "from_prefixed_env(",
    "from_envvar(",
];

/// Whether a text may put a name together: the first half is a string by itself, or
/// it ends one and the last ends another, in whatever case, since `.upper()` may
/// follow.
fn in_halves(name: &str, text: &str, lower: &LazyCell<String, impl FnOnce() -> String>) -> bool {
    let last = name.rsplit('_').next().unwrap_or(name).to_lowercase();
    let alone = |half: &str| {
        memchr::memmem::find_iter(text.as_bytes(), half.as_bytes())
            .any(|at| text.get(..at).is_some_and(|before| before.ends_with(['"', '\''])))
    };
    let halves = halves(name);
    let found: Vec<&String> = halves.iter().filter(|half| text.contains(half.as_str())).collect();
    found.iter().any(|half| alone(half))
        || (!found.is_empty()
            && ["\"", "'"].iter().any(|end| lower.contains(&format!("{last}{end}"))))
}

/// How the first half of a name ends where it is put together: `"SECRET" + "_KEY"`.
fn halves(name: &str) -> Vec<String> {
    let Some((first, _)) = name.split_once('_').filter(|(first, _)| !first.is_empty()) else {
        return Vec::new();
    };
    ["\"", "'", "_\"", "_'"].iter().map(|end| format!("{first}{end}")).collect()
}

impl HardcodedSetting {
    fn conclude(&self, hits: Hits<Hit>, project: &dyn Project) -> Result<Observation, CheckError> {
        let asked = judge::Asked {
            names: self.own().map(|setting| setting.name.as_str()).collect(),
            is_signing_key: self.is_signing_key(),
            excused: &|name| self.is_excused(name),
            aside: &|path| self.aside.matches(path) || self.files.leaves_out(path),
            concerns: &|path| self.concerns(path),
        };
        judge::judge(&asked, hits, project)
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.settings
            .iter()
            .flat_map(|s| std::iter::once(&s.name).chain(&s.aliases))
            .map(String::as_str)
    }

    /// What is asked for.
    fn own(&self) -> impl Iterator<Item = &Setting> {
        self.settings.iter().filter(|setting| !setting.kin)
    }

    /// Whether a text names a setting, whole or put together, or signs something.
    fn may_name(&self, text: &str) -> bool {
        if self.names().any(|name| text.contains(name)) {
            return true;
        }
        if self.is_signing_key() && signing::WORDS.iter().any(|word| text.contains(word)) {
            return true;
        }
        let lower = LazyCell::new(|| text.to_ascii_lowercase());
        // another name is none as a key, unless it is told to `setattr`
        let told = || text.contains("setattr") || text.contains("upper");
        self.own().any(|setting| {
            let alias = |alias: &String| in_halves(alias, text, &lower) && told();
            in_halves(&setting.name, text, &lower) || setting.aliases.iter().any(alias)
        })
    }

    /// Whether it is the key that Flask and Django sign with: an app has one.
    fn is_signing_key(&self) -> bool {
        let mut own = self.own();
        own.next().is_some_and(|only| only.name == "SECRET_KEY") && own.next().is_none()
    }

    fn is_excused(&self, name: &str) -> bool {
        self.allow_in.iter().any(|pattern| pattern.0.is_match(name))
    }

    /// Whether what was skipped may hide a file that is not left out.
    fn concerns(&self, path: &RepoPath) -> bool {
        let left_out = |path: &RepoPath| self.files.leaves_out(path) || self.aside.matches(path);
        let inside = RepoPath::new(path.as_path().join("app.py"));
        !left_out(path) && !inside.is_ok_and(|inside| left_out(&inside))
    }
}
