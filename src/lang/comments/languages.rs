//! The table of languages: how each writes comments and strings.

use crate::model::RepoPath;

/// How the comments of a file are found.
#[derive(Clone, Copy, Debug)]
pub(super) enum Syntax {
    /// By a lexer, or by the syntax tree where a lexer could be wrong.
    Python(&'static Rules),
    /// By a lexer.
    Rules(&'static Rules),
    /// As HTML and templates write them, with scripts and styles inside.
    Markup,
}

/// What a lexer needs to know of a language.
#[derive(Debug)]
pub(super) struct Rules {
    /// What begins a comment that ends with the line.
    pub line: &'static [(&'static str, Start)],
    /// What begins and what ends a comment of several lines.
    pub block: &'static [(&'static str, &'static str)],
    /// Blocks stand within blocks.
    pub nested: bool,
    /// Longer marks come before those that they begin with.
    pub quotes: &'static [Quote],
    /// What is peculiar to it.
    pub quirk: Quirk,
}

/// Where a mark counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Start {
    Anywhere,
    /// At the beginning of a line, after space, or after an opening mark.
    Word,
    /// At the beginning of a line, indented or not.
    Line,
}

/// A kind of string.
#[derive(Debug)]
pub(super) struct Quote {
    pub mark: &'static str,
    /// A backslash takes the next character's meaning.
    pub escapes: bool,
    /// It may span lines.
    pub lines: bool,
    pub start: Start,
}

/// What no table of marks can say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Quirk {
    None,
    /// Here-documents, and a backslash outside of strings.
    Shell,
    /// Regular expressions and templates with code inside.
    JavaScript,
    /// Lifetimes, raw strings.
    Rust,
}

const fn quote(mark: &'static str, escapes: bool, lines: bool) -> Quote {
    Quote { mark, escapes, lines, start: Start::Anywhere }
}

const DOUBLE: Quote = quote("\"", true, false);
const SINGLE: Quote = quote("'", true, false);
const TRIPLE: Quote = quote("\"\"\"", true, true);
const LONG_DOUBLE: Quote = quote("\"", true, true);
const LONG_SINGLE: Quote = quote("'", true, true);
const SLASHES: (&str, Start) = ("//", Start::Anywhere);
const STARS: (&str, &str) = ("/*", "*/");
const PLAIN: Rules =
    Rules { line: &[], block: &[], nested: false, quotes: &[], quirk: Quirk::None };

pub(super) static PYTHON: Rules = Rules {
    line: &[("#", Start::Anywhere)],
    quotes: &[TRIPLE, quote("'''", true, true), DOUBLE, SINGLE],
    ..PLAIN
};
static C: Rules =
    Rules { line: &[SLASHES], block: &[STARS], quotes: &[TRIPLE, DOUBLE, SINGLE], ..PLAIN };
static GO: Rules = Rules {
    line: &[SLASHES],
    block: &[STARS],
    quotes: &[DOUBLE, SINGLE, quote("`", false, true)],
    ..PLAIN
};
pub(super) static JAVASCRIPT: Rules = Rules {
    line: &[SLASHES],
    block: &[STARS],
    quotes: &[DOUBLE, SINGLE],
    quirk: Quirk::JavaScript,
    ..PLAIN
};
static RUST: Rules = Rules {
    line: &[SLASHES],
    block: &[STARS],
    nested: true,
    quotes: &[LONG_DOUBLE],
    quirk: Quirk::Rust,
};
pub(super) static CSS: Rules = Rules { block: &[STARS], quotes: &[DOUBLE, SINGLE], ..PLAIN };
static SCSS: Rules =
    Rules { line: &[SLASHES], block: &[STARS], quotes: &[DOUBLE, SINGLE], ..PLAIN };
pub(super) static PHP: Rules = Rules {
    line: &[SLASHES, ("#", Start::Word)],
    block: &[STARS],
    quotes: &[LONG_DOUBLE, LONG_SINGLE],
    ..PLAIN
};
static SHELL: Rules = Rules {
    line: &[("#", Start::Word)],
    quotes: &[LONG_DOUBLE, quote("'", false, true)],
    quirk: Quirk::Shell,
    ..PLAIN
};
static RUBY: Rules = Rules {
    line: &[("#", Start::Word)],
    block: &[("\n=begin", "\n=end")],
    quotes: &[LONG_DOUBLE, LONG_SINGLE],
    ..PLAIN
};
static YAML: Rules = Rules {
    line: &[("#", Start::Word)],
    quotes: &[
        Quote { mark: "\"", escapes: true, lines: true, start: Start::Word },
        Quote { mark: "'", escapes: false, lines: true, start: Start::Word },
    ],
    ..PLAIN
};
static TOML: Rules = Rules {
    line: &[("#", Start::Anywhere)],
    quotes: &[TRIPLE, quote("'''", false, true), DOUBLE, quote("'", false, false)],
    ..PLAIN
};
static INI: Rules = Rules { line: &[("#", Start::Word), (";", Start::Line)], ..PLAIN };
static DOCKERFILE: Rules = Rules { line: &[("#", Start::Line)], ..PLAIN };
static MAKEFILE: Rules = Rules { line: &[("#", Start::Word)], ..PLAIN };
static SQL: Rules = Rules {
    line: &[("--", Start::Anywhere)],
    block: &[STARS],
    quotes: &[quote("'", false, true), quote("\"", false, true)],
    ..PLAIN
};
static TERRAFORM: Rules =
    Rules { line: &[("#", Start::Anywhere), SLASHES], block: &[STARS], quotes: &[DOUBLE], ..PLAIN };
static LUA: Rules = Rules {
    line: &[("--", Start::Anywhere)],
    block: &[("--[[", "]]")],
    quotes: &[DOUBLE, SINGLE],
    ..PLAIN
};
static ELIXIR: Rules =
    Rules { line: &[("#", Start::Anywhere)], quotes: &[TRIPLE, LONG_DOUBLE, LONG_SINGLE], ..PLAIN };
static POWERSHELL: Rules = Rules {
    line: &[("#", Start::Word)],
    block: &[("<#", "#>")],
    quotes: &[quote("\"", false, true), quote("'", false, true)],
    ..PLAIN
};
static LISP: Rules = Rules { line: &[(";", Start::Anywhere)], quotes: &[LONG_DOUBLE], ..PLAIN };

/// Comments of markup and of the template languages in it: HTML, Jinja and
/// Django, Handlebars, JSP and ERB.
pub(super) static MARKUP: Rules = Rules {
    block: &[
        ("<!--", "-->"),
        ("{#", "#}"),
        ("{% comment %}", "{% endcomment %}"),
        ("{{!--", "--}}"),
        ("<%--", "--%>"),
        ("<%#", "%>"),
    ],
    ..PLAIN
};

/// One language: patterns of names, and how it is read.
struct Language {
    names: &'static [&'static str],
    syntax: Syntax,
}

const fn rules(names: &'static [&'static str], rules: &'static Rules) -> Language {
    Language { names, syntax: Syntax::Rules(rules) }
}

/// A name with a dot first is an extension, another one a whole name. All in
/// lower case.
static LANGUAGES: &[Language] = &[
    Language { names: &[".py", ".pyi", ".pyw"], syntax: Syntax::Python(&PYTHON) },
    rules(&[".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts"], &JAVASCRIPT),
    Language {
        names: &[
            ".html", ".htm", ".xhtml", ".xml", ".jinja", ".jinja2", ".j2", ".vue", ".svelte",
            ".php", ".phtml", ".erb", ".ejs", ".hbs", ".jsp",
        ],
        syntax: Syntax::Markup,
    },
    rules(&[".css"], &CSS),
    rules(&[".scss", ".sass", ".less"], &SCSS),
    rules(&[".sh", ".bash", ".zsh", ".ksh"], &SHELL),
    rules(&[".sql"], &SQL),
    rules(&[".yaml", ".yml"], &YAML),
    rules(&[".toml"], &TOML),
    rules(&[".ini", ".cfg", ".conf"], &INI),
    rules(&["dockerfile", "containerfile", ".dockerfile"], &DOCKERFILE),
    rules(&["makefile", ".mk"], &MAKEFILE),
    rules(&[".rs"], &RUST),
    rules(&[".go"], &GO),
    rules(&[".rb", ".rake", ".gemspec", "gemfile", "rakefile", "vagrantfile"], &RUBY),
    rules(
        &[
            ".java",
            ".kt",
            ".kts",
            ".c",
            ".h",
            ".cc",
            ".cpp",
            ".cxx",
            ".hpp",
            ".hh",
            ".cs",
            ".swift",
            ".scala",
            ".dart",
            ".m",
            ".mm",
            ".proto",
            ".groovy",
            ".gradle",
            "jenkinsfile",
        ],
        &C,
    ),
    rules(&[".tf", ".hcl"], &TERRAFORM),
    rules(&[".lua"], &LUA),
    rules(&[".ex", ".exs"], &ELIXIR),
    rules(&[".pl", ".pm", ".r"], &MAKEFILE),
    rules(&[".ps1", ".psm1"], &POWERSHELL),
    rules(&[".clj", ".cljs", ".el", ".lisp", ".scm"], &LISP),
];

/// How a file is read, by its name; none for a language that is not known.
pub(super) fn of(path: &RepoPath) -> Option<Syntax> {
    of_name(&path.name().to_string_lossy().to_lowercase())
}

/// How a template's name without its last part is read: `nginx.conf.j2`.
pub(super) fn within_template(path: &RepoPath) -> Option<&'static Rules> {
    let name = path.name().to_string_lossy().to_lowercase();
    let (inner, _) = name.rsplit_once('.')?;
    match of_name(inner)? {
        Syntax::Rules(rules) | Syntax::Python(rules) => Some(rules),
        Syntax::Markup => None,
    }
}

fn of_name(name: &str) -> Option<Syntax> {
    let is = |known: &str| match known.strip_prefix('.') {
        Some(extension) => name.rsplit_once('.').is_some_and(|(_, its)| its == extension),
        // `Dockerfile.production` too
        None => {
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
            Some(Syntax::Markup) => "markup",
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
