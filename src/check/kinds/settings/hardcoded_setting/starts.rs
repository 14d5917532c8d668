//! What files that start an app say about its settings.

use super::project::Asker;
use super::uses::{self, Starts, word_in};
use crate::lang::SourceFile;
use crate::lang::own::{self, Whose};
use crate::lang::python::{Meaning, meaning};
use crate::model::{CheckError, Place, RepoPath};

/// What serves an app in production.
const SERVERS: &[&str] =
    &["gunicorn", "uwsgi", "uvicorn", "daphne", "hypercorn", "waitress", "mod_wsgi", "celery"];

const SETTINGS: &str = "DJANGO_SETTINGS_MODULE";

impl Asker<'_> {
    /// Where something runs the app through `manage.py`, and with the settings that
    /// it takes by default.
    ///
    /// # Errors
    /// When the project could not be looked at.
    pub(super) fn started_by_manage(&self) -> Result<Option<Place>, CheckError> {
        let words = vec!["manage.py".to_owned(), SETTINGS.to_owned()];
        let mentions = self.project.mentioning(words)?;
        let texts = mentions.files.iter().filter(|file| !uses::is_python(file.path()));
        let mut all = Vec::new();
        for file in texts {
            if uses::starts(file.path()) != Starts::Never && !self.is_aside_text(file)? {
                all.push(file.as_ref());
            }
        }
        let outer = |file: &&SourceFile| {
            uses::starts(file.path()) == Starts::Production && !is_procfile(file.path())
        };
        if all.iter().copied().filter(outer).any(tells_settings) {
            return Ok(None);
        }
        for file in all {
            if !is_procfile(file.path()) && tells_settings(file) {
                continue;
            }
            let compose = is_compose(file.path());
            for (offset, line) in commands(file.text()) {
                let Some(command) = managed(&line) else { continue };
                let development = compose
                    && command.starts_with("runserver")
                    && self.has_other_start(&mentions.paths)?;
                if !development {
                    return Ok(Some(file.place(offset)));
                }
            }
        }
        Ok(None)
    }

    /// Whether production is started by something else than a compose file that is
    /// not named for it.
    fn has_other_start(&self, paths: &[RepoPath]) -> Result<bool, CheckError> {
        let production = |path: &RepoPath| {
            is_compose(path) && meaning(&path.name().to_string_lossy()) == Some(Meaning::Production)
        };
        if paths.iter().any(production) {
            return Ok(true);
        }
        let words = SERVERS.iter().map(|server| (*server).to_owned()).collect();
        let mentions = self.project.mentioning(words)?;
        Ok(mentions.files.iter().any(|file| {
            uses::starts(file.path()) == Starts::Production && !is_compose(file.path())
        }))
    }

    /// Whether a file that is no Python code starts nothing that counts. A script
    /// among scripts counts if it serves, or what starts production names it.
    ///
    /// # Errors
    /// When the project could not be looked at.
    pub(super) fn is_aside_text(&self, file: &SourceFile) -> Result<bool, CheckError> {
        let path = file.path();
        if !(self.aside)(path) {
            return Ok(false);
        }
        let others = [Whose::Test, Whose::Docs, Whose::Example, Whose::Vendored, Whose::Installed];
        if own::lies_in(path, &others) || !own::lies_in(path, &[Whose::Script]) {
            return Ok(true);
        }
        if SERVERS.iter().any(|server| word_in(file.text(), server).is_some()) {
            return Ok(false);
        }
        let name = path.name().to_string_lossy().into_owned();
        let mentions = self.project.mentioning(vec![format!("/{name}")])?;
        let whole = path.to_string();
        Ok(!mentions.files.iter().any(|other| {
            let starts = uses::starts(other.path());
            (starts == Starts::Production || starts == Starts::Perhaps && is_compose(other.path()))
                && word_in(other.text(), &whole).is_some()
        }))
    }

    /// Where a file that starts the app sets a variable to this value, which the code
    /// asks for: `export FLASK_CONFIG=development`.
    ///
    /// # Errors
    /// When the project could not be looked at.
    pub(super) fn told(&self, key: &str) -> Result<Option<Place>, CheckError> {
        let words = ["=", "=\"", "='", ": ", ": \"", ": '", " "].map(|at| format!("{at}{key}"));
        let mentions = self.project.mentioning(words.to_vec())?;
        for file in &mentions.files {
            let path = file.path();
            let starts = uses::starts(path);
            let name = path.name().to_string_lossy();
            let counts = starts == Starts::Production || is_script(&name) || is_procfile(path);
            if uses::is_python(path) || starts == Starts::Never || !counts {
                continue;
            }
            if self.is_aside_text(file)? {
                continue;
            }
            for (offset, line) in commands(file.text()) {
                let Some(variable) = assigned(&line, key) else { continue };
                let words = ["\"", "'"].map(|quote| format!("{quote}{variable}{quote}"));
                let asked = self.project.mentioning(words.to_vec())?;
                let code =
                    |file: &SourceFile| uses::is_python(file.path()) && !self.is_aside(file.path());
                if asked.files.iter().any(|file| code(file)) {
                    return Ok(Some(file.place(offset)));
                }
            }
        }
        Ok(None)
    }
}

/// The variable that a line sets to a value.
fn assigned<'l>(line: &'l str, value: &str) -> Option<&'l str> {
    line.match_indices(value).find_map(|(at, _)| {
        let after = line.get(at + value.len()..)?.chars().next();
        if after.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/')) {
            return None;
        }
        let before = line.get(..at)?.trim_end_matches(['"', '\'']);
        let before = before.strip_suffix(['=', ' '])?.trim_end_matches([' ', ':', '"']);
        let name = before.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next()?;
        let plain = name.contains('_') || name.len() > 2;
        (plain && name.chars().all(|c| c.is_ascii_uppercase() || c == '_' || c.is_ascii_digit()))
            .then_some(name)
    })
}

fn is_script(name: &str) -> bool {
    name.ends_with(".sh") || !name.contains('.')
}

fn is_procfile(path: &RepoPath) -> bool {
    path.name().to_string_lossy().to_lowercase().starts_with("procfile")
}

fn is_compose(path: &RepoPath) -> bool {
    let name = path.name().to_string_lossy().to_lowercase();
    name.contains("compose") && (name.ends_with(".yml") || name.ends_with(".yaml"))
}

/// Whether a file says by itself which settings are taken.
fn tells_settings(file: &SourceFile) -> bool {
    file.text().lines().map(str::trim_start).any(|line| {
        line.contains(SETTINGS) && !line.starts_with('#') && !line.contains("manage.py")
    })
}

/// The commands of a file, lines put together that end in a backslash, without
/// remarks and without what only builds an image.
fn commands(text: &str) -> Vec<(usize, String)> {
    let mut all: Vec<(usize, String)> = Vec::new();
    let (mut offset, mut open) = (0, false);
    for line in text.split_inclusive('\n') {
        let plain = line.trim();
        match all.last_mut().filter(|_| open) {
            Some((_, command)) => command.push_str(plain.trim_end_matches('\\')),
            None => all.push((offset, plain.trim_end_matches('\\').to_owned())),
        }
        open = plain.ends_with('\\');
        offset += line.len();
    }
    all.retain(|(_, line)| !line.starts_with('#') && !line.starts_with("RUN "));
    all
}

/// The command that a line gives to `manage.py`, if that serves or works for the
/// app and the line does not name the settings.
fn managed(line: &str) -> Option<&str> {
    if line.contains("--settings") || line.contains(SETTINGS) {
        return None;
    }
    let apart = |c: char| c.is_whitespace() || "\"',[]();&|".contains(c);
    let mut words = line.split(apart).filter(|word| !word.is_empty());
    words.find(|word| word.ends_with("manage.py"))?;
    let command = words.find(|word| !word.starts_with('-'))?;
    const RUNS: &[&str] = &[
        "run", "serve", "worker", "cluster", "celery", "huey", "tasks", "consume", "daemon", "bot",
        "listen", "schedul", "gunicorn", "daphne", "uvicorn", "beat", "cron",
    ];
    RUNS.iter().any(|word| command.contains(word)).then_some(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_an_app_is_told_from_what_maintains_it() {
        for (line, expected) in [
            ("web: python manage.py runserver 0.0.0.0:$PORT", Some("runserver")),
            ("worker: ./manage.py qcluster", Some("qcluster")),
            ("CMD [\"python\", \"manage.py\", \"runserver\"]", Some("runserver")),
            ("\"start\": \"python backend/manage.py runserver\",", Some("runserver")),
            ("release: python manage.py migrate", None),
            ("python manage.py test", None),
            ("python manage.py collectstatic --noinput", None),
            ("worker: python manage.py qcluster --settings=shop.settings.production", None),
            ("web: DJANGO_SETTINGS_MODULE=a.b python manage.py runserver", None),
            ("manage.py", None),
        ] {
            assert_eq!(managed(line), expected, "{line}");
        }
    }

    #[test]
    fn variables_are_read_from_lines() {
        for (line, expected) in [
            ("export FLASK_CONFIG=development", Some("FLASK_CONFIG")),
            ("export FLASK_CONFIG=\"development\"", Some("FLASK_CONFIG")),
            ("ENV FLASK_CONFIG development", Some("FLASK_CONFIG")),
            ("Environment=APP_ENV=development", Some("APP_ENV")),
            ("web: APP_ENV=development gunicorn app:app", Some("APP_ENV")),
            ("  APP_ENV: development", Some("APP_ENV")),
            ("\"APP_ENV\": \"development\"", Some("APP_ENV")),
            ("export FLASK_CONFIG=development-like", None),
            ("echo development", None),
        ] {
            assert_eq!(assigned(line, "development"), expected, "{line}");
        }
    }
}
