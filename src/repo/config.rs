//! git's configuration as the `git` program would read it here.
//!
//! libgit2 knows nothing of `GIT_CONFIG_GLOBAL`, `GIT_CONFIG_SYSTEM`,
//! `GIT_CONFIG_NOSYSTEM` and `GIT_CONFIG_COUNT` (git-config(1), "Environment").
//! Where one of them is set, the levels are put together here.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use git2::{Config, ConfigLevel, Repository};

use crate::model::Person;

/// Looks up a variable of the process's environment.
pub(super) type Environment<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// The environment of this process.
pub(super) fn process(name: &str) -> Option<OsString> {
    env::var_os(name)
}

/// The configuration to use in place of the one that libgit2 put together, or
/// nothing when that is right already.
pub(super) fn from_environment(
    git: &Repository,
    env: Environment<'_>,
) -> Result<Option<Config>, git2::Error> {
    let global = env("GIT_CONFIG_GLOBAL");
    let system = env("GIT_CONFIG_SYSTEM");
    let no_system = env("GIT_CONFIG_NOSYSTEM").is_some_and(|value| is_true(&value));
    if global.is_none() && system.is_none() && !no_system {
        return Ok(None);
    }
    let mut levels: Vec<(PathBuf, ConfigLevel)> = Vec::new();
    if !no_system {
        let system = system.map(PathBuf::from).or_else(|| Config::find_system().ok());
        levels.extend(system.map(|path| (path, ConfigLevel::System)));
    }
    match global {
        Some(path) => levels.push((path.into(), ConfigLevel::Global)),
        None => {
            levels.extend(Config::find_xdg().ok().map(|path| (path, ConfigLevel::XDG)));
            levels.extend(Config::find_global().ok().map(|path| (path, ConfigLevel::Global)));
        }
    }
    levels.push((git.commondir().join("config"), ConfigLevel::Local));
    levels.push((git.path().join("config.worktree"), ConfigLevel::Worktree));
    let mut config = Config::new()?;
    for (path, level) in levels {
        // `/dev/null` is how people switch a level off
        if path.is_file() {
            config.add_file(&path, level, false)?;
        }
    }
    Ok(Some(config))
}

/// The person that git would name as author: `GIT_AUTHOR_NAME` and
/// `GIT_AUTHOR_EMAIL`, then `author.*`, then `user.*`, then for the address
/// `EMAIL` (ident.c of git). git's guess from the account's name is not an identity.
pub(super) fn author(config: &Config, env: Environment<'_>) -> Option<Person> {
    identity(config, env, ["GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL"], "author")
}

/// The person that git would name as committer, by `GIT_COMMITTER_*` and
/// `committer.*` in the same way.
pub(super) fn committer(config: &Config, env: Environment<'_>) -> Option<Person> {
    identity(config, env, ["GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"], "committer")
}

fn identity(
    config: &Config,
    env: Environment<'_>,
    [name, email]: [&str; 2],
    section: &str,
) -> Option<Person> {
    let given = |name: &str| env(name).map(|value| value.to_string_lossy().into_owned());
    let configured = |key: &str| config.get_string(key).ok();
    let name = given(name)
        .or_else(|| configured(&format!("{section}.name")))
        .or_else(|| configured("user.name"))?;
    let email = given(email)
        .or_else(|| configured(&format!("{section}.email")))
        .or_else(|| configured("user.email"))
        .or_else(|| given("EMAIL"))?;
    let (name, email) = (without_crud(&name), without_crud(&email));
    (!name.is_empty() && !email.is_empty()).then(|| Person::new(name, email))
}

/// What git strips from both ends, and what it never lets into an identity.
fn without_crud(text: &str) -> String {
    let crud =
        |c: char| c <= ' ' || matches!(c, '.' | ',' | ':' | ';' | '<' | '>' | '"' | '\\' | '\'');
    text.trim_matches(crud).chars().filter(|c| !matches!(c, '<' | '>' | '\n')).collect()
}

/// git's reading of a switch in the environment; a number other than 0 is true.
fn is_true(value: &OsString) -> bool {
    let value = value.to_string_lossy();
    match Config::parse_bool(value.as_ref()) {
        Ok(truth) => truth && !value.is_empty(),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repo::support::Sandbox;

    fn environment<'a>(set: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<OsString> + 'a {
        |name| set.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into())
    }

    #[test]
    fn the_author_is_whom_git_would_name() {
        type Case<'a> = (&'a [(&'a str, &'a str)], &'a str, Option<&'a str>);
        let cases: [Case<'_>; 9] = [
            (&[], "", None),
            (&[], "[user]\nname = Ann\n", None),
            (&[], "[user]\nname = Ann\nemail = a@b.c\n", Some("Ann <a@b.c>")),
            (&[("EMAIL", "e@b.c")], "[user]\nname = Ann\n", Some("Ann <e@b.c>")),
            (
                &[],
                "[user]\nname = Ann\nemail = a@b.c\n[author]\nname = Author\n",
                Some("Author <a@b.c>"),
            ),
            (
                &[("GIT_AUTHOR_NAME", "Env"), ("GIT_AUTHOR_EMAIL", "env@b.c")],
                "[user]\nname = Ann\nemail = a@b.c\n",
                Some("Env <env@b.c>"),
            ),
            (&[("GIT_AUTHOR_NAME", "")], "[user]\nname = Ann\nemail = a@b.c\n", None),
            (&[], "[user]\nname = \" ., \"\nemail = a@b.c\n", None),
            (&[], "[user]\nname = \"A <b> n.\"\nemail = <a@b.c>\n", Some("A b n <a@b.c>")),
        ];
        for (set, file, expected) in cases {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("config");
            std::fs::write(&path, file).expect("written");
            let config = Config::open(&path).expect("configuration");
            let found = author(&config, &environment(set)).map(|person| person.to_string());
            assert_eq!(found.as_deref(), expected, "{set:?} {file}");
        }
    }

    #[test]
    fn the_committer_is_another_question() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("config");
        std::fs::write(&path, "[user]\nname = Ann\nemail = a@b.c\n").expect("written");
        let config = Config::open(&path).expect("configuration");
        let named = |set: &[(&str, &str)]| {
            let [author, committer] = [author, committer].map(|of| of(&config, &environment(set)));
            (author.expect("an author").to_string(), committer.expect("one").to_string())
        };
        let [ann, lead] = ["Ann <a@b.c>", "Lead <lead@b.c>"].map(str::to_owned);
        assert_eq!(named(&[]), (ann.clone(), ann.clone()));
        let author = [("GIT_AUTHOR_NAME", "Lead"), ("GIT_AUTHOR_EMAIL", "lead@b.c")];
        assert_eq!(named(&author), (lead.clone(), ann.clone()));
        let committer = [("GIT_COMMITTER_NAME", "Lead"), ("GIT_COMMITTER_EMAIL", "lead@b.c")];
        assert_eq!(named(&committer), (ann, lead));
    }

    #[test]
    fn the_environment_names_the_files() {
        let sandbox = Sandbox::new();
        sandbox.git(&["config", "user.email", "local@b.c"]);
        sandbox.write("global", "[user]\nname = Global\nemail = global@b.c\n");
        sandbox.write("system", "[user]\nname = System\n[core]\nx = system\n");
        let files = [sandbox.path().join("global"), sandbox.path().join("system")]
            .map(|path| path.to_string_lossy().into_owned());
        let git = git2::Repository::open(sandbox.path()).expect("a repository");
        let read = |set: &[(&str, &str)]| {
            let config = from_environment(&git, &environment(set)).expect("readable")?;
            let text = |key: &str| config.get_string(key).unwrap_or_default();
            Some([text("user.name"), text("user.email"), text("core.x")].join(" "))
        };
        assert_eq!(read(&[]), None);
        let global = ("GIT_CONFIG_GLOBAL", files[0].as_str());
        let system = ("GIT_CONFIG_SYSTEM", files[1].as_str());
        let off = ("GIT_CONFIG_NOSYSTEM", "1");
        assert_eq!(read(&[global, off]).as_deref(), Some("Global local@b.c "));
        assert_eq!(read(&[global, system]).as_deref(), Some("Global local@b.c system"));
        let nothing = ("GIT_CONFIG_GLOBAL", "/dev/null");
        assert_eq!(read(&[nothing, system]).as_deref(), Some("System local@b.c system"));
        assert_eq!(read(&[nothing, system, off]).as_deref(), Some(" local@b.c "));
    }
}
