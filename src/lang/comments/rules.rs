//! How each language writes comments and strings, as data.

/// What a lexer needs to know of a language.
#[derive(Debug)]
pub(super) struct Rules {
    /// What begins a comment that ends with the line.
    pub line: &'static [(&'static str, Start)],
    /// What begins and what ends a comment of several lines. A mark that begins
    /// with a line break stands at the beginning of a line, of the first too.
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
    /// At the beginning of a line or after space.
    Spaced,
    /// At the beginning of a line, indented or not.
    Line,
    /// Anywhere but in the recipes of a makefile, where a shell reads words, and
    /// not after a backslash.
    Make,
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
    /// A backslash continues a line, raw strings.
    C,
    /// Here-documents, and a backslash outside of strings.
    Shell,
    /// Regular expressions and templates with code inside.
    JavaScript,
    /// Lifetimes, raw strings.
    Rust,
    /// An opening without an end is most likely text; tags of templates.
    Markup,
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
pub(super) static C: Rules = Rules { quirk: Quirk::C, ..JAVA };
pub(super) static JAVA: Rules =
    Rules { line: &[SLASHES], block: &[STARS], quotes: &[TRIPLE, DOUBLE, SINGLE], ..PLAIN };
/// Kotlin, Swift, Scala, …: blocks stand within blocks.
pub(super) static KOTLIN: Rules = Rules { nested: true, ..JAVA };
pub(super) static GO: Rules = Rules {
    line: &[SLASHES],
    block: &[STARS],
    quotes: &[DOUBLE, SINGLE, quote("`", false, true)],
    ..PLAIN
};
pub(super) static JAVASCRIPT: Rules = Rules {
    line: &[SLASHES, ("<!--", Start::Line), ("-->", Start::Line)],
    block: &[STARS],
    quotes: &[DOUBLE, SINGLE],
    quirk: Quirk::JavaScript,
    ..PLAIN
};
pub(super) static JSON: Rules =
    Rules { line: &[SLASHES], block: &[STARS], quotes: &[DOUBLE, SINGLE], ..PLAIN };
pub(super) static RUST: Rules = Rules {
    line: &[SLASHES],
    block: &[STARS],
    nested: true,
    quotes: &[LONG_DOUBLE],
    quirk: Quirk::Rust,
};
pub(super) static CSS: Rules = Rules { block: &[STARS], quotes: &[DOUBLE, SINGLE], ..PLAIN };
pub(super) static SCSS: Rules =
    Rules { line: &[SLASHES], block: &[STARS], quotes: &[DOUBLE, SINGLE], ..PLAIN };
pub(super) static PHP: Rules = Rules {
    line: &[SLASHES, ("#", Start::Anywhere)],
    block: &[STARS],
    quotes: &[LONG_DOUBLE, LONG_SINGLE],
    ..PLAIN
};
pub(super) static SHELL: Rules = Rules {
    line: &[("#", Start::Word)],
    quotes: &[LONG_DOUBLE, quote("'", false, true)],
    quirk: Quirk::Shell,
    ..PLAIN
};
pub(super) static RUBY: Rules = Rules {
    line: &[("#", Start::Anywhere)],
    block: &[("\n=begin", "\n=end")],
    quotes: &[LONG_DOUBLE, LONG_SINGLE],
    ..PLAIN
};
pub(super) static PERL: Rules = Rules {
    line: &[("#", Start::Word)],
    block: &[
        ("\n=pod", "\n=cut"),
        ("\n=head", "\n=cut"),
        ("\n=begin", "\n=cut"),
        ("\n=over", "\n=cut"),
        ("\n=item", "\n=cut"),
        ("\n=for", "\n=cut"),
        ("\n=encoding", "\n=cut"),
    ],
    ..PLAIN
};
pub(super) static YAML: Rules = Rules {
    line: &[("#", Start::Word)],
    quotes: &[
        Quote { mark: "\"", escapes: true, lines: true, start: Start::Word },
        Quote { mark: "'", escapes: false, lines: true, start: Start::Word },
    ],
    ..PLAIN
};
pub(super) static TOML: Rules = Rules {
    line: &[("#", Start::Anywhere)],
    quotes: &[TRIPLE, quote("'''", false, true), DOUBLE, quote("'", false, false)],
    ..PLAIN
};
pub(super) static INI: Rules = Rules { line: &[("#", Start::Word), (";", Start::Spaced)], ..PLAIN };
pub(super) static PROPERTIES: Rules =
    Rules { line: &[("#", Start::Line), ("!", Start::Line)], ..PLAIN };
pub(super) static DOCKERFILE: Rules = Rules { line: &[("#", Start::Line)], ..PLAIN };
pub(super) static MAKEFILE: Rules = Rules { line: &[("#", Start::Make)], ..PLAIN };
/// A hash that begins a word; strings are not told apart.
pub(super) static HASH: Rules = Rules { line: &[("#", Start::Word)], ..PLAIN };
pub(super) static SQL: Rules = Rules {
    line: &[("--", Start::Anywhere), ("#", Start::Line)],
    block: &[STARS],
    quotes: &[quote("'", false, true), quote("\"", false, true)],
    ..PLAIN
};
pub(super) static TERRAFORM: Rules =
    Rules { line: &[("#", Start::Anywhere), SLASHES], block: &[STARS], quotes: &[DOUBLE], ..PLAIN };
pub(super) static NIX: Rules =
    Rules { line: &[("#", Start::Anywhere)], block: &[STARS], quotes: &[LONG_DOUBLE], ..PLAIN };
pub(super) static LUA: Rules = Rules {
    line: &[("--", Start::Anywhere)],
    block: &[("--[[", "]]"), ("--[=[", "]=]"), ("--[==[", "]==]")],
    quotes: &[DOUBLE, SINGLE],
    ..PLAIN
};
pub(super) static ELIXIR: Rules =
    Rules { line: &[("#", Start::Anywhere)], quotes: &[TRIPLE, LONG_DOUBLE, LONG_SINGLE], ..PLAIN };
pub(super) static JULIA: Rules = Rules {
    line: &[("#", Start::Anywhere)],
    block: &[("#=", "=#")],
    nested: true,
    quotes: &[TRIPLE, LONG_DOUBLE],
    ..PLAIN
};
pub(super) static NIM: Rules = Rules {
    line: &[("#", Start::Anywhere)],
    block: &[("#[", "]#")],
    nested: true,
    quotes: &[TRIPLE, DOUBLE],
    ..PLAIN
};
pub(super) static COFFEE: Rules = Rules {
    line: &[("#", Start::Word)],
    block: &[("###", "###")],
    quotes: &[TRIPLE, LONG_DOUBLE, LONG_SINGLE],
    ..PLAIN
};
pub(super) static POWERSHELL: Rules = Rules {
    line: &[("#", Start::Word)],
    block: &[("<#", "#>")],
    quotes: &[quote("\"", false, true), quote("'", false, true)],
    ..PLAIN
};
pub(super) static BATCH: Rules = Rules {
    line: &[
        ("::", Start::Line),
        ("rem ", Start::Word),
        ("REM ", Start::Word),
        ("Rem ", Start::Word),
        ("@rem ", Start::Line),
        ("@REM ", Start::Line),
        ("@Rem ", Start::Line),
    ],
    ..PLAIN
};
pub(super) static BASIC: Rules = Rules {
    line: &[("'", Start::Anywhere), ("REM ", Start::Line), ("Rem ", Start::Line)],
    quotes: &[quote("\"", false, false)],
    ..PLAIN
};
pub(super) static LISP: Rules = Rules {
    line: &[(";", Start::Anywhere)],
    block: &[("#|", "|#")],
    nested: true,
    quotes: &[LONG_DOUBLE],
    ..PLAIN
};
pub(super) static HASKELL: Rules = Rules {
    line: &[("--", Start::Anywhere)],
    block: &[("{-", "-}")],
    nested: true,
    quotes: &[DOUBLE],
    ..PLAIN
};
pub(super) static OCAML: Rules =
    Rules { block: &[("(*", "*)")], nested: true, quotes: &[LONG_DOUBLE], ..PLAIN };
pub(super) static FSHARP: Rules = Rules {
    line: &[SLASHES],
    block: &[("(*", "*)")],
    nested: true,
    quotes: &[TRIPLE, LONG_DOUBLE],
    ..PLAIN
};
pub(super) static PASCAL: Rules = Rules {
    line: &[SLASHES],
    block: &[("{", "}"), ("(*", "*)")],
    quotes: &[quote("'", false, false)],
    ..PLAIN
};
pub(super) static ERLANG: Rules =
    Rules { line: &[("%", Start::Anywhere)], quotes: &[LONG_DOUBLE, SINGLE], ..PLAIN };
pub(super) static FORTRAN: Rules = Rules {
    line: &[("!", Start::Anywhere)],
    quotes: &[quote("'", false, false), quote("\"", false, false)],
    ..PLAIN
};
pub(super) static ASSEMBLER: Rules = Rules {
    line: &[("#", Start::Word), (";", Start::Spaced), SLASHES],
    block: &[STARS],
    quotes: &[DOUBLE],
    ..PLAIN
};
pub(super) static VHDL: Rules =
    Rules { line: &[("--", Start::Anywhere)], block: &[STARS], quotes: &[DOUBLE], ..PLAIN };
pub(super) static CMAKE: Rules = Rules {
    line: &[("#", Start::Anywhere)],
    block: &[("#[[", "]]"), ("#[=[", "]=]")],
    quotes: &[LONG_DOUBLE],
    ..PLAIN
};
pub(super) static GRAPHQL: Rules =
    Rules { line: &[("#", Start::Anywhere)], quotes: &[TRIPLE, DOUBLE], ..PLAIN };
pub(super) static PUG: Rules = Rules { line: &[("//", Start::Spaced)], ..PLAIN };
pub(super) static HAML: Rules = Rules { line: &[("-#", Start::Line), ("/", Start::Line)], ..PLAIN };

/// Comments of markup and of the template languages in it: HTML, Jinja and
/// Django, Handlebars, Blade, Razor, JSP and ERB.
pub(super) static MARKUP: Rules = Rules {
    block: &[
        ("<!--", "-->"),
        ("{#", "#}"),
        ("{{!--", "--}}"),
        ("{{--", "--}}"),
        ("{{!", "}}"),
        ("<%--", "--%>"),
        ("<%#", "%>"),
        ("<%doc>", "</%doc>"),
        ("@*", "*@"),
    ],
    quirk: Quirk::Markup,
    ..PLAIN
};
/// Markup with comments of Mako's.
pub(super) static MAKO: Rules = Rules { line: &[("##", Start::Line)], ..MARKUP };
