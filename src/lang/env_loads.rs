//! Places in code and configuration that load an env file.

mod python;

use std::sync::LazyLock;

use regex::Regex;

/// What a file is, as far as it may load an env file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Language {
    /// Python code.
    Python,
    /// JavaScript or TypeScript code.
    JavaScript,
    /// Code of other languages that have a reader of env files.
    Other,
    /// A shell script, a makefile, a justfile, a Procfile.
    Script,
    /// A compose file.
    Compose,
    /// The requirements of a Python project.
    Requirements,
    /// The requirements and scripts of a Node project.
    Package,
}

impl Language {
    /// Whether there may be many files of it.
    pub(crate) fn is_code(self) -> bool {
        matches!(self, Self::Python | Self::JavaScript | Self::Other | Self::Script)
    }

    /// A text without any of these loads nothing; none for languages of which
    /// there are few files.
    fn literals(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Python => Some(PYTHON),
            Self::JavaScript => Some(JAVASCRIPT),
            Self::Other => Some(OTHER),
            Self::Script => Some(SCRIPT),
            Self::Compose | Self::Requirements | Self::Package => None,
        }
    }
}

const PYTHON: &[&str] = &["dotenv", "read_env", "env_file", "decouple", "Config("];
const JAVASCRIPT: &[&str] = &["dotenv", "loadEnvFile", "@nestjs/config"];
const OTHER: &[&str] = &["dotenv", "Dotenv", "Illuminate", "DotNetEnv", "Env.Load"];
const SCRIPT: &[&str] =
    &[".env", "env-file", "honcho", "foreman", "forego", "overmind", "hivemind", "dotenv"];

/// Code without any of these loads nothing, whatever its language.
pub(crate) const IN_CODE: &[&str] = &[
    "dotenv",
    "Dotenv",
    "read_env",
    "env_file",
    "decouple",
    "Config(",
    "loadEnvFile",
    "@nestjs/config",
    "Illuminate",
    "DotNetEnv",
    "Env.Load",
    ".env",
    "env-file",
    "honcho",
    "foreman",
    "forego",
    "overmind",
    "hivemind",
];

/// Whether a text may load an env file: a quick look before [`loads`].
pub(crate) fn may_load(language: Language, text: &str) -> bool {
    let Some(literals) = language.literals() else { return true };
    literals
        .iter()
        .any(|literal| memchr::memmem::find(text.as_bytes(), literal.as_bytes()).is_some())
}

/// A place that loads an env file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Load {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// Which file it loads.
    pub which: Which,
    /// The variable that a compose file takes from it, when that is all that says
    /// so.
    pub variable: Option<String>,
}

/// Which env file is loaded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Which {
    /// The one of the usual name.
    Usual,
    /// The path as it is written.
    Named(String),
    /// The path as it is put together, often from the folder of the code.
    Beside(String),
    /// One whose name is not written there.
    Unknown,
}

/// What a name says that a file is; none when it loads nothing.
pub(crate) fn language(name: &str) -> Option<Language> {
    let lower = name.to_lowercase();
    let (stem, ending) = lower.rsplit_once('.').unwrap_or((&lower, ""));
    let yaml = matches!(ending, "yml" | "yaml");
    Some(match ending {
        _ if yaml && (stem.contains("compose") || stem.contains("stack")) => Language::Compose,
        "py" if stem == "setup" => Language::Requirements,
        "py" | "pyw" => Language::Python,
        "js" | "mjs" | "cjs" | "ts" | "mts" | "cts" => Language::JavaScript,
        "go" | "rb" | "php" | "rs" | "ex" | "exs" | "cs" => Language::Other,
        "sh" | "bash" | "zsh" | "fish" | "mk" => Language::Script,
        "txt" | "in" if stem.contains("requirement") => Language::Requirements,
        "json" if stem == "package" => Language::Package,
        "toml" if stem == "pyproject" => Language::Requirements,
        "cfg" if stem == "setup" => Language::Requirements,
        _ => match lower.as_str() {
            "makefile" | "gnumakefile" | "justfile" | ".justfile" | "procfile" => Language::Script,
            "pipfile" => Language::Requirements,
            "gemfile" | "artisan" => Language::Other,
            _ if lower.starts_with("procfile") => Language::Script,
            _ => return None,
        },
    })
}

/// The places of a text that load an env file.
pub(crate) fn loads(language: Language, text: &str) -> Vec<Load> {
    let Some(shape) = shape(language) else { return Vec::new() };
    let mut found = Vec::new();
    let (mut in_env_file, mut start) = (false, 0);
    for (number, whole) in (1u32..).zip(text.split_inclusive('\n')) {
        let (line, at) = (whole.trim_end(), start);
        start += whole.len();
        let code = line.trim_start();
        if code.starts_with(['#', '*']) || code.starts_with("//") {
            continue;
        }
        let indent = line.len() - code.len();
        let load = |byte: usize, which: Which| {
            let before = line.get(..byte).unwrap_or_default().chars().count();
            let column = u32::try_from(before + 1).unwrap_or(u32::MAX);
            Load { line: number, column, which, variable: None }
        };
        if language == Language::Compose {
            // `env_file:` with a list below
            if in_env_file {
                match code.strip_prefix('-') {
                    Some(item) => {
                        let item = item.trim().trim_start_matches("path:").trim();
                        found.push(load(indent, written(item.trim_matches(['"', '\'']))));
                        continue;
                    }
                    None => in_env_file = code.is_empty() || code.starts_with("path:"),
                }
            }
            if let Some(value) = code.strip_prefix("env_file:") {
                let value = value.trim().trim_matches(['"', '\'', '[', ']', ' ']);
                in_env_file = value.is_empty();
                let paths = value.split(',').map(|path| path.trim().trim_matches(['"', '\'']));
                found.extend(
                    paths.filter(|path| !path.is_empty()).map(|path| load(indent, written(path))),
                );
                continue;
            }
            let variables = shape.captures_iter(line).filter_map(|caught| caught.get(1));
            found.extend(variables.map(|variable| Load {
                variable: Some(variable.as_str().to_owned()),
                ..load(variable.start(), Which::Usual)
            }));
            continue;
        }
        let Some(caught) = shape.find(line) else { continue };
        // a blank or a `;` before it is part of the shape
        let byte = caught.start()
            + caught
                .as_str()
                .find(|c: char| c.is_alphanumeric() || c == '.' || c == '_')
                .unwrap_or(0);
        if language == Language::Python {
            let before = line.get(..byte).unwrap_or_default();
            if before.contains('#') || before.trim_end().ends_with("def") {
                continue;
            }
            if caught.as_str().ends_with('(') {
                let all = python::files(text, at + caught.end());
                found.extend(all.into_iter().map(|which| load(byte, which)));
                continue;
            }
        }
        found.push(load(byte, written_path(line).map_or(Which::Usual, written)));
    }
    found
}

fn written(path: &str) -> Which {
    // `${ENV_FILE:-.env}`
    let default = path.strip_prefix("${").and_then(|path| path.strip_suffix('}'));
    match default.map(|inner| inner.rsplit_once(":-")) {
        None => Which::Named(path.to_owned()),
        Some(Some((_, path))) => Which::Named(path.to_owned()),
        Some(None) => Which::Unknown,
    }
}

/// The path of an env file in a line of code.
fn written_path(line: &str) -> Option<&str> {
    static PATH: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r#"["'= ]((?:[\w.-]+/)*[\w.-]*env(?:\.[\w-]+)?)(?:["')\s]|$)"#).ok()
    });
    let caught = PATH.as_ref()?.captures(line)?;
    let path = caught.get(1)?.as_str();
    (path.contains('.') && !path.contains("dotenv") && !path.contains("environ")).then_some(path)
}

fn shape(language: Language) -> Option<&'static Regex> {
    static SHAPES: LazyLock<Vec<(Language, Option<Regex>)>> = LazyLock::new(|| {
        [
            (
                Language::Python,
                r#"\b(?:load_dotenv|dotenv_values|find_dotenv|read_env|read_envfile|load_env_file)\s*\(|\bfrom\s+decouple\s+import|\bimport\s+decouple|\bConfig\(\s*["'][^"']*env["']|\b_?env_file["']?\s*[=:]\s*[\[("']"#,
            ),
            (
                Language::JavaScript,
                r#"["']dotenv(?:/config|-flow|-safe|-expand)?["']|\bdotenv\.config\(|\bloadEnvFile\(|@nestjs/config"#,
            ),
            (
                Language::Other,
                r"\bgodotenv\.(?:Load|Overload|Read)|\bDotenv\.(?:load|overload)|\bgem\s+.dotenv|Dotenv\\Dotenv|\bDotenv::|\bdotenv(?:y)?::|Illuminate\\Foundation\\Application|DotNetEnv|\bEnv\.Load\(",
            ),
            (
                Language::Script,
                r#"(?:^|[\s;&])(?:source|\.|-?include)\s+["']?\S*\.env\b|\bcat\s+\S*\.env\b|--env-file|<\s*\S*\.env\b|\bgrep\b.*\s\.env\b|\b(?:honcho|foreman|forego|overmind|hivemind)\s+(?:start|run)|\bdotenv\s+(?:-f|run|--)|dotenv-load"#,
            ),
            (Language::Compose, r"(?:^|[^$])\$\{?([A-Za-z_]\w*)"),
            (Language::Package, r#"dotenv(?:-cli|/config)?\s+-|-r\s+dotenv|--env-file|"env-cmd|"(?:next|nuxt|@nestjs/config)"\s*:"#),
        ]
        .map(|(language, shape)| (language, Regex::new(shape).ok()))
        .into()
    });
    SHAPES.iter().find(|(of, _)| *of == language)?.1.as_ref()
}

/// Whether a Python file is a reader of env files itself, and none that uses one.
pub(crate) fn is_reader(text: &str) -> bool {
    ["def load_dotenv(", "def find_dotenv("].iter().any(|reader| text.contains(reader))
}

/// Whether requirements name a package.
pub(crate) fn requires(text: &str, package: &str) -> Option<(u32, u32)> {
    let named = |line: &str| {
        let line = line.trim_start().trim_start_matches(['"', '\'', '-', ' ']).to_lowercase();
        line.split(['"', '\'', ',', '[']).any(|part| {
            let part = part.trim();
            part.strip_prefix(package).is_some_and(|rest| {
                !rest.starts_with(|c: char| c.is_alphanumeric() || "-_.".contains(c))
            })
        })
    };
    (1u32..)
        .zip(text.lines())
        .find(|(_, line)| !line.trim_start().starts_with('#') && named(line))
        .map(|(number, line)| {
            let at = line.to_lowercase().find(package).unwrap_or(0);
            let before = line.get(..at).unwrap_or_default().chars().count();
            (number, u32::try_from(before + 1).unwrap_or(u32::MAX))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loads_are_seen() {
        let cases: &[(&str, &str, Option<Option<&str>>)] = &[
            ("a.py", "load_dotenv()", Some(None)),
            ("a.py", "load_dotenv(os.path.join(basedir, '.env'))", Some(Some(".env"))),
            ("a.py", "environ.Env.read_env(BASE / 'conf/.env')", Some(Some("conf/.env"))),
            ("a.py", "from decouple import config", Some(None)),
            ("a.py", "config = Config(\".env\")", Some(Some(".env"))),
            ("a.py", "    env_file=\"../.env\",", Some(Some("../.env"))),
            ("a.py", "# load_dotenv()", None),
            ("a.py", "x = 1  # load_dotenv()", None),
            ("a.py", "def load_env_file(path):", None),
            ("a.py", "load_dotenv(path)", Some(Some("?"))),
            ("a.py", "load_dotenv('other.conf')", Some(Some("other.conf"))),
            ("a.py", "os.environ['A']", None),
            ("a.js", "require('dotenv').config()", Some(None)),
            ("a.ts", "import 'dotenv/config'", Some(None)),
            ("a.js", "process.env.PORT", None),
            ("run.sh", "source .env", Some(Some(".env"))),
            ("run.sh", ". ./.env", Some(Some("./.env"))),
            ("run.sh", "source venv/bin/activate", None),
            ("Makefile", "include .env", Some(Some(".env"))),
            ("Procfile.dev", "web: honcho start", Some(None)),
            ("docker-compose.yml", "    env_file: .env", Some(Some(".env"))),
            ("docker-compose.yml", "    env_file:\n      - ./a/.env", Some(Some("./a/.env"))),
            ("compose.yaml", "    image: app:${TAG}", Some(None)),
            ("compose.yaml", "    command: echo $$HOME", None),
            ("package.json", "\"start\": \"node -r dotenv/config a.js\"", Some(None)),
            ("main.go", "godotenv.Load()", Some(None)),
        ];
        for (name, text, expected) in cases {
            let language = language(name).expect(name);
            let found = loads(language, text).into_iter().next();
            let quick = may_load(language, text)
                && (!language.is_code() || IN_CODE.iter().any(|literal| text.contains(literal)));
            assert!(quick || found.is_none(), "{name}: {text}");
            let path = found.map(|load| match load.which {
                Which::Named(path) | Which::Beside(path) => Some(path),
                Which::Usual => None,
                Which::Unknown => Some("?".to_owned()),
            });
            assert_eq!(path.as_ref().map(Option::as_deref), *expected, "{name}: {text}");
        }
        assert_eq!(language("README.md"), None);
    }

    #[test]
    fn columns_count_characters() {
        for (name, text, column) in [
            ("a.py", "é = 1; load_dotenv()", 8),
            ("a.py", "        load_dotenv('.env')", 9),
            ("docker-compose.yml", "    env_file: .env", 5),
            ("docker-compose.yml", "    image: a:${TAG}", 16),
            ("run.sh", "set -a; source .env", 9),
        ] {
            let language = language(name).expect(name);
            let columns: Vec<u32> = loads(language, text).iter().map(|load| load.column).collect();
            assert_eq!(columns, [column], "{name}: {text}");
        }
    }

    #[test]
    fn literals_of_code_are_those_of_its_languages() {
        let mut all = [PYTHON, JAVASCRIPT, OTHER, SCRIPT].concat();
        let mut in_code = IN_CODE.to_vec();
        all.sort_unstable();
        all.dedup();
        in_code.sort_unstable();
        assert_eq!(in_code, all);
    }

    /// Each way to load of each language's pattern, so that no literal lacks.
    #[test]
    fn no_literal_hides_a_load() {
        let ways = [
            (
                Language::Python,
                "load_dotenv(|dotenv_values(|find_dotenv(|read_env(|read_envfile(|load_env_file(|from decouple import|import decouple|Config('.env'|env_file=\"|_env_file: (",
            ),
            (
                Language::JavaScript,
                "'dotenv'|\"dotenv/config\"|'dotenv-flow'|dotenv.config(|loadEnvFile(|@nestjs/config",
            ),
            (
                Language::Other,
                "godotenv.Load|Dotenv.load|gem 'dotenv|Dotenv\\Dotenv|Dotenv::|dotenvy::|dotenv::|Illuminate\\Foundation\\Application|DotNetEnv|Env.Load(",
            ),
            (
                Language::Script,
                "source .env|. a/.env|-include .env|cat .env|--env-file|< .env|grep x .env|honcho start|foreman run|forego start|overmind start|hivemind run|dotenv run|dotenv -f|set dotenv-load",
            ),
        ];
        for (language, ways) in ways {
            for way in ways.split('|') {
                assert!(!loads(language, way).is_empty(), "{way} is no way");
                assert!(may_load(language, way), "{way}");
            }
        }
    }

    #[test]
    fn requirements_are_seen() {
        for (text, expected) in [
            ("Flask==2.0\npython-dotenv>=1\n", Some((2, 1))),
            ("dependencies = [\"flask\", \"python-dotenv\"]", Some((1, 27))),
            ("python-dotenv = \"^1.0\"", Some((1, 1))),
            ("# python-dotenv\n", None),
            ("python-dotenv-vault\n", None),
        ] {
            assert_eq!(requires(text, "python-dotenv"), expected, "{text}");
        }
    }
}
