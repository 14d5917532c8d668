//! What gives a file to production by its name or its folder's: Dockerfiles,
//! compose files, servers' configuration, start scripts, code.

use std::ops::Range;

use crate::lang::own::{self, Whose};
use crate::model::RepoPath;

/// Endings of files that may name what is deployed: configuration and code.
const ENDINGS: &[&str] = &[
    "conf",
    "cnf",
    "cfg",
    "service",
    "sh",
    "bash",
    "env",
    "tf",
    "yml",
    "yaml",
    "dockerfile",
    "py",
    "pyw",
    "wsgi",
    "js",
    "mjs",
    "cjs",
    "ts",
    "jsx",
    "tsx",
    "go",
    "rb",
    "php",
    "java",
    "kt",
    "rs",
    "cs",
    "ex",
    "exs",
    "ini",
    "properties",
    "ps1",
    "bat",
    "cmd",
];

/// How such files are called without one.
const NAMES: &[&str] = &["dockerfile", "containerfile", "procfile", "caddyfile", ".env", "nginx"];

/// A file with one of these words in its name is for developers or builders.
const OTHERS: &[&str] = &[
    "test",
    "tests",
    "testing",
    "dev",
    "development",
    "develop",
    "ci",
    "example",
    "sample",
    "local",
    "noxfile",
    "tox",
    "karma",
    "jest",
    "mocha",
    "cypress",
    "playwright",
    "setup",
    "bench",
    "mock",
    "lint",
    "codecov",
    "appveyor",
    "pipelines",
    "cloudbuild",
    "mkdocs",
    "vite",
    "vitest",
];

/// A line with one of these makes a file, takes it away, or tests with it.
const NOT_USES: &[&str] = &[
    "rm ",
    "-keyout",
    "genrsa",
    "genpkey",
    "ssh-keygen",
    "mkcert",
    "chmod",
    "pytest",
    "unittest",
    "jest",
    "mocha",
    "go test",
    "npm test",
    "gitleaks",
    "detect-secrets",
];

/// Whether a file of this name may say what is deployed.
pub(crate) fn may_say(path: &RepoPath) -> bool {
    const NOT_OWN: &[Whose] = &[
        Whose::Test,
        Whose::Docs,
        Whose::Example,
        Whose::Pipeline,
        Whose::Vendored,
        Whose::Installed,
        Whose::Generated,
    ];
    let name = path.name().to_string_lossy().to_lowercase();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    let hidden_yaml = name.starts_with('.') && (name.ends_with(".yml") || name.ends_with(".yaml"));
    (ending.is_some_and(|ending| ENDINGS.contains(&ending))
        || NAMES.iter().any(|start| name.starts_with(start)))
        && !hidden_yaml
        && !name.split(|c: char| !c.is_alphanumeric()).any(|word| OTHERS.contains(&word))
        && !own::lies_in(path, NOT_OWN)
        && !own::is_test_code(path)
}

/// Where a text of that path gives production a file that lies in a folder for
/// tests, as a byte range of the text: the line.
pub(crate) fn line_that_uses(
    path: &RepoPath,
    text: &str,
    wanted: &RepoPath,
) -> Option<Range<usize>> {
    let parts: Vec<String> =
        wanted.as_path().iter().map(|part| part.to_string_lossy().into_owned()).collect();
    let folders = parts.len().checked_sub(1)?;
    let first = parts.iter().take(folders).position(|part| own::is_test_folder(part))?;
    let name = path.name().to_string_lossy().to_lowercase();
    let docker = name.contains("dockerfile") || name.contains("containerfile");
    let compose = name.contains("compose");
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let here = at..at + line.trim_end().len();
        at += line.len();
        let code = line.trim();
        if ["#", "//", "*", "/*", ";", "--", "rem "].iter().any(|mark| code.starts_with(mark))
            || NOT_USES.iter().any(|word| code.contains(word))
        {
            continue;
        }
        let uses = if docker && starts_copy(code) {
            copies(code, &parts, first)
        } else {
            names(code, parts.get(first..).unwrap_or_default())
                || compose && mounts(code, &parts, first)
        };
        if uses {
            return Some(here);
        }
    }
    None
}

/// Whether the parts of the path stand one after the other in a line, as in a
/// path or in `join("tests", "server.key")`.
fn names(line: &str, wanted: &[String]) -> bool {
    let between = |c: char| c.is_whitespace() || "\"'`,()[]{};:=/\\+&|<>@".contains(c);
    let parts: Vec<&str> =
        line.split(between).filter(|part| !part.is_empty() && *part != ".").collect();
    parts.windows(wanted.len()).any(|window| window.iter().eq(wanted.iter()))
}

fn starts_copy(line: &str) -> bool {
    let word = line.split_whitespace().next().unwrap_or_default();
    word.eq_ignore_ascii_case("copy") || word.eq_ignore_ascii_case("add")
}

/// Whether `COPY` puts the file, or a folder that it lies in and that is named,
/// somewhere that is not for tests again.
fn copies(line: &str, parts: &[String], first: usize) -> bool {
    let words = line.split(|c: char| c.is_whitespace() || "\"',[]".contains(c)).skip(1);
    let words: Vec<&str> = words.filter(|word| !word.is_empty() && *word != "\\").collect();
    if words.iter().any(|word| word.starts_with("--from")) {
        return false;
    }
    let words: Vec<&str> = words.into_iter().filter(|word| !word.starts_with("--")).collect();
    let Some((to, from)) = words.split_last() else { return false };
    from.iter().any(|from| takes(from, parts, first)) && !to.split('/').any(own::is_test_folder)
}

/// Whether a line of a compose file mounts a folder that the file lies in.
fn mounts(line: &str, parts: &[String], first: usize) -> bool {
    let line = line.trim_start_matches(['-', ' ']).trim_matches(['"', '\'']);
    let Some((from, to)) = line.split_once(':') else { return false };
    let to = to.split(':').next().unwrap_or_default();
    to.starts_with('/') && takes(from, parts, first) && !to.split('/').any(own::is_test_folder)
}

/// Whether a path, which may end in a pattern, is the file or a folder of it, and
/// names the folder for tests.
fn takes(from: &str, parts: &[String], first: usize) -> bool {
    let mut named: Vec<&str> =
        from.split('/').filter(|part| !matches!(*part, "" | "." | "..")).collect();
    let mut ends = "";
    if let Some(last) = named.last().filter(|last| last.contains('*')) {
        ends = last.rsplit('*').next().unwrap_or_default();
        named.pop();
    }
    let is_prefix = |upto: usize| {
        let prefix = parts.get(..upto).unwrap_or_default();
        let from = upto.saturating_sub(named.len());
        from <= first
            && named.len() <= upto
            && prefix.get(from..).is_some_and(|tail| tail.iter().eq(named.iter()))
    };
    let file = parts.last().is_some_and(|file| file.ends_with(ends));
    !named.is_empty() && file && (first + 1..=parts.len()).any(is_prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uses_are_told_from_mentions() {
        let path = |path: &str| RepoPath::new(path).expect(path);
        let wanted = path("tests/certs/server.key");
        let uses = |file: &str, line: &str| {
            let file = path(file);
            may_say(&file) && line_that_uses(&file, line, &wanted).is_some()
        };
        for (file, line) in [
            ("Dockerfile", "COPY tests/certs/server.key /etc/ssl/private/"),
            ("Dockerfile", "ADD ./tests/certs/ /etc/ssl"),
            ("Dockerfile", "COPY --chown=app tests /srv/data"),
            ("Dockerfile", "COPY [\"tests/certs/server.key\", \"/etc/ssl/\"]"),
            ("Dockerfile", "COPY tests/certs/*.key /etc/ssl/"),
            ("docker/web.Dockerfile", "COPY a \\\n  tests/certs/server.key \\\n  /etc/ssl/"),
            ("compose.yaml", "      - ./tests/certs:/etc/ssl:ro"),
            ("docker-compose.yml", "    file: ./tests/certs/server.key"),
            ("nginx/site.conf", "  ssl_certificate_key /srv/app/tests/certs/server.key;"),
            ("start.sh", "exec gunicorn --keyfile tests/certs/server.key app"),
            ("Procfile", "web: hypercorn --keyfile tests/certs/server.key app"),
            ("app.py", "key = os.path.join(BASE, \"tests\", \"certs\", \"server.key\")"),
            ("app.py", "KEY = BASE / 'tests' / 'certs' / 'server.key'"),
            ("server.js", "fs.readFileSync(path.join(__dirname, 'tests/certs/server.key'))"),
            (".env", "SSL_KEY=tests/certs/server.key"),
        ] {
            assert!(uses(file, line), "{file}: {line}");
        }
        for (file, line) in [
            ("Dockerfile", "COPY . ."),
            ("Dockerfile", "COPY . /app"),
            ("Dockerfile", "COPY tests/ tests/"),
            ("Dockerfile", "COPY tests/certs/server.key /app/tests/certs/server.key"),
            ("Dockerfile", "COPY tests/certs/*.sh /usr/bin/"),
            ("Dockerfile", "COPY tests/data /srv/data"),
            ("Dockerfile", "COPY --from=build /tests/certs /etc/ssl"),
            ("Dockerfile", "RUN rm tests/certs/server.key"),
            ("Dockerfile", "# COPY tests/certs/server.key /etc"),
            ("Dockerfile.test", "COPY tests/certs/server.key /etc/ssl/"),
            ("tests/Dockerfile", "COPY tests/certs/server.key /etc/ssl/"),
            ("compose.yaml", "      - ./tests:/app/tests"),
            ("compose.yaml", "      - .:/app"),
            ("compose.test.yaml", "      - ./tests/certs:/etc/ssl:ro"),
            (".gitlab-ci.yml", "  - cp tests/certs/server.key ."),
            (".github/workflows/ci.yml", "run: cp tests/certs/server.key ."),
            ("nginx/site.conf", "  ssl_certificate_key /etc/ssl/server.key;"),
            ("app.py", "# see tests/certs/server.key"),
            ("make_certs.sh", "openssl req -keyout tests/certs/server.key"),
            ("README.md", "tests/certs/server.key"),
            ("tests/test_tls.py", "KEY = 'tests/certs/server.key'"),
        ] {
            assert!(!uses(file, line), "{file}: {line}");
        }
    }
}
