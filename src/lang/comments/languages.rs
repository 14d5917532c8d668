//! The table of languages: which names say which.

use super::rules::{self, Rules};
use crate::model::RepoPath;

/// How the comments of a file are found.
#[derive(Clone, Copy, Debug)]
pub(super) enum Syntax {
    /// By a lexer, or by the syntax tree where a lexer could be wrong.
    Python(&'static Rules),
    /// By a lexer.
    Rules(&'static Rules),
    /// As HTML and templates write them, with scripts and styles inside.
    Markup(&'static Rules),
}

/// One language: patterns of names, and how it is read.
struct Language {
    names: &'static [&'static str],
    syntax: Syntax,
}

const fn by(names: &'static [&'static str], rules: &'static Rules) -> Language {
    Language { names, syntax: Syntax::Rules(rules) }
}

const fn markup(names: &'static [&'static str], rules: &'static Rules) -> Language {
    Language { names, syntax: Syntax::Markup(rules) }
}

/// A name with a dot first is an extension, one with an equals sign a whole
/// name, another one a whole name or its beginning before a dot. All in lower case.
#[rustfmt::skip]
static LANGUAGES: &[Language] = &[
    by(&["=cmakelists.txt", ".cmake"], &rules::CMAKE),
    by(&["=tsconfig.json", "=jsconfig.json", ".jsonc", ".json5"], &rules::JSON),
    by(&["=requirements.txt"], &rules::HASH),
    Language { names: &[".py", ".pyi", ".pyw", ".wsgi"], syntax: Syntax::Python(&rules::PYTHON) },
    by(&[
        ".pyx", ".pxd", ".bzl", ".bazel", ".star", "=build", "=workspace", "sconstruct",
        "sconscript", "wscript", "snakefile", "tiltfile",
    ], &rules::PYTHON),
    by(&[".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts"], &rules::JAVASCRIPT),
    markup(&[
        ".html", ".htm", ".xhtml", ".xml", ".svg", ".xsl", ".xslt", ".jinja", ".jinja2", ".j2",
        ".vue", ".svelte", ".astro", ".php", ".phtml", ".erb", ".ejs", ".hbs", ".handlebars",
        ".mustache", ".jsp", ".twig", ".liquid", ".njk", ".cshtml", ".razor", ".aspx", ".ascx",
        ".eex", ".heex", ".leex",
    ], &rules::MARKUP),
    markup(&[".mako"], &rules::MAKO),
    by(&[".pug", ".jade"], &rules::PUG),
    by(&[".haml", ".slim"], &rules::HAML),
    by(&[".css"], &rules::CSS),
    by(&[".scss", ".sass", ".less", ".styl"], &rules::SCSS),
    by(&[
        ".sh", ".bash", ".zsh", ".ksh", ".fish", ".bats", ".bashrc", ".zshrc", ".profile",
        ".bash_profile", ".envrc",
    ], &rules::SHELL),
    by(&[".sql"], &rules::SQL),
    by(&[".yaml", ".yml"], &rules::YAML),
    by(&[".toml"], &rules::TOML),
    by(&[
        ".ini", ".cfg", ".conf", ".service", ".socket", ".timer",
    ], &rules::INI),
    by(&[".properties"], &rules::PROPERTIES),
    by(&["dockerfile", "containerfile", ".dockerfile"], &rules::DOCKERFILE),
    by(&["makefile", "gnumakefile", "kbuild", ".mk", ".mak"], &rules::MAKEFILE),
    by(&[".rs"], &rules::RUST),
    by(&[".go"], &rules::GO),
    by(&[
        ".rb", ".rake", ".gemspec", ".ru", "gemfile", "rakefile", "vagrantfile", "guardfile",
        "capfile", "podfile", "brewfile", "fastfile", ".cr",
    ], &rules::RUBY),
    by(&[
        ".c", ".h", ".cc", ".cpp", ".cxx", ".hpp", ".hh", ".hxx", ".m", ".mm", ".ino", ".cu", ".glsl",
    ], &rules::C),
    by(&[
        ".java", ".cs", ".proto", ".groovy", ".gradle", "jenkinsfile", ".sol", ".zig", ".v", ".sv",
        ".thrift", ".as", ".hx", ".bicep", ".prisma",
    ], &rules::JAVA),
    by(&[".kt", ".kts", ".swift", ".scala", ".sc", ".sbt", ".dart", ".d"], &rules::KOTLIN),
    by(&[".tf", ".hcl", ".tfvars", ".nomad"], &rules::TERRAFORM),
    by(&[".nix"], &rules::NIX),
    by(&[".lua"], &rules::LUA),
    by(&[".ex", ".exs"], &rules::ELIXIR),
    by(&[".jl"], &rules::JULIA),
    by(&[".nim", ".nims"], &rules::NIM),
    by(&[".coffee"], &rules::COFFEE),
    by(&[".pl", ".pm", ".t", ".raku"], &rules::PERL),
    by(&[
        ".r", ".tcl", ".awk", ".just", "justfile", "caddyfile", "procfile", "crontab", ".htaccess",
        ".gnuplot", ".rego", ".jq",
    ], &rules::HASH),
    by(&[".ps1", ".psm1", ".psd1"], &rules::POWERSHELL),
    by(&[".bat", ".cmd"], &rules::BATCH),
    by(&[".vb", ".vbs", ".bas"], &rules::BASIC),
    by(&[".clj", ".cljs", ".cljc", ".edn", ".el", ".lisp", ".lsp", ".scm", ".rkt", ".fnl"], &rules::LISP),
    by(&[".hs", ".elm", ".purs", ".idr"], &rules::HASKELL),
    by(&[".ml", ".mli"], &rules::OCAML),
    by(&[".fs", ".fsi", ".fsx"], &rules::FSHARP),
    by(&[".pas", ".pp", ".dpr"], &rules::PASCAL),
    by(&[".erl", ".hrl"], &rules::ERLANG),
    by(&[".f90", ".f95", ".f03"], &rules::FORTRAN),
    by(&[".asm", ".s", ".nasm"], &rules::ASSEMBLER),
    by(&[".vhd", ".vhdl", ".adb", ".ads"], &rules::VHDL),
    by(&[".graphql", ".gql"], &rules::GRAPHQL),
];

/// Code whose comments are not told from the rest: all of it counts.
const AS_PROSE: &[&str] = &[
    "abap",
    "apex",
    "applescript",
    "cbl",
    "cls",
    "cob",
    "cobol",
    "dats",
    "factor",
    "feature",
    "forth",
    "gd",
    "gleam",
    "hack",
    "ipynb",
    "jsonnet",
    "libsonnet",
    "lean",
    "mojo",
    "odin",
    "pro",
    "qml",
    "re",
    "res",
    "robot",
    "sas",
    "st",
    "stan",
    "sml",
    "vala",
    "vim",
    "wat",
    "wgsl",
    "xquery",
    "cue",
    "dhall",
    "ahk",
    "au3",
    "ps",
    "trigger",
    "plsql",
    "pls",
    "pks",
    "pkb",
    "psql",
    "hql",
];

/// How a file is read, by its name; none for a language that is not known.
pub(super) fn of(path: &RepoPath) -> Option<Syntax> {
    of_name(&path.name().to_string_lossy().to_lowercase())
}

/// Whether a file of this name is code of a language that is not known.
pub(super) fn is_foreign(path: &RepoPath) -> bool {
    path.extension().is_some_and(|own| AS_PROSE.contains(&own.to_lowercase().as_str()))
}

/// How a script is read, by the program that its first line names.
pub(super) fn of_script(text: &str) -> Option<Syntax> {
    let first = text.lines().next()?.strip_prefix("#!")?;
    let mut words = first.split_whitespace().map(|word| word.rsplit('/').next().unwrap_or(word));
    let program =
        words.find(|word| *word != "env" && !word.starts_with('-') && !word.contains('='))?;
    let program = program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let name = match program {
        "python" | "pypy" => ".py",
        "node" | "nodejs" | "deno" | "bun" => ".js",
        "ruby" => ".rb",
        "perl" => ".pl",
        "php" => ".php",
        "lua" => ".lua",
        "Rscript" => ".r",
        "pwsh" => ".ps1",
        "make" => ".mk",
        "elixir" => ".exs",
        _ => ".sh",
    };
    of_name(name)
}

/// How a template's name without its last part is read: `nginx.conf.j2`.
pub(super) fn within_template(path: &RepoPath) -> Option<&'static Rules> {
    let name = path.name().to_string_lossy().to_lowercase();
    let (inner, _) = name.rsplit_once('.')?;
    match of_name(inner)? {
        Syntax::Rules(rules) | Syntax::Python(rules) => Some(rules),
        Syntax::Markup(_) => None,
    }
}

fn of_name(name: &str) -> Option<Syntax> {
    let is = |known: &str| match (known.strip_prefix('.'), known.strip_prefix('=')) {
        (Some(extension), _) => name.rsplit_once('.').is_some_and(|(_, its)| its == extension),
        (_, Some(whole)) => name == whole,
        // `Dockerfile.production` too
        (None, None) => {
            name.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        }
    };
    let language = LANGUAGES.iter().find(|language| language.names.iter().any(|known| is(known)));
    language.map(|language| language.syntax)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_language() {
        let marks = |name: &str| match of(&RepoPath::new(name).expect(name)) {
            Some(Syntax::Rules(rules)) => rules.line.first().map_or("block", |(mark, _)| mark),
            Some(Syntax::Python(_)) => "python",
            Some(Syntax::Markup(_)) => "markup",
            None => "none",
        };
        let cases = [
            ("a/b.py", "python"),
            ("A.PY", "python"),
            ("Dockerfile", "#"),
            ("docker/Dockerfile.prod", "#"),
            ("web.dockerfile", "#"),
            ("dockerfiles", "none"),
            ("a.sql", "--"),
            ("a.css", "block"),
            ("page.html", "markup"),
            ("README.md", "none"),
            ("py", "none"),
            (".py", "python"),
        ];
        for (name, expected) in cases {
            assert_eq!(marks(name), expected, "{name}");
        }
    }

    #[test]
    fn no_name_is_told_twice() {
        let mut names: Vec<&str> =
            LANGUAGES.iter().flat_map(|language| language.names).copied().collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
        assert!(names.iter().all(|name| name.to_lowercase() == **name));
    }
}
