//! Finds the comments of a file: by a small lexer, and by the syntax tree where
//! Python nests code in strings.

mod languages;
mod lexer;
mod markup;
mod quirks;
mod rules;

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use self::languages::Syntax;
use self::lexer::lex;
use crate::lang::SourceFile;
use crate::model::RepoPath;

/// Whether a file of this name is code, a template, a script or configuration.
pub(crate) fn is_code(path: &RepoPath) -> bool {
    languages::of(path).is_some() || languages::is_foreign(path)
}

/// Whether a file may be a script: its name does not say what it is.
pub(crate) fn may_be_script(path: &RepoPath) -> bool {
    let hidden = path.name().to_string_lossy().starts_with('.');
    path.extension().is_none() && !hidden && !is_code(path)
}

/// Whether a file says in its first line which program runs it.
pub(crate) fn is_script(file: &SourceFile) -> bool {
    file.text().starts_with("#!")
}

/// The byte ranges of a file's comments, in order of their beginning, without
/// the marks around them. A file of no known language is prose: all of it counts.
pub(crate) fn of(file: &SourceFile) -> Vec<Range<usize>> {
    let text = file.text();
    let known = languages::of(file.path());
    let script = || languages::of_script(text).filter(|_| may_be_script(file.path()));
    match known.or_else(script) {
        Some(Syntax::Python(rules)) => match nests_code(text).then(|| file.python()).flatten() {
            Some(tree) => in_tree(tree),
            None => lex(text, rules),
        },
        Some(Syntax::Rules(rules)) => lex(text, rules),
        Some(Syntax::Markup(rules)) => {
            let mut found = markup::comments(text, rules, file.path());
            if let Some(rules) = languages::within_template(file.path()) {
                found.extend(lex(text, rules));
                found.sort_by_key(|range| (range.start, range.end));
            }
            found
        }
        None => std::iter::once(0..text.len()).collect(),
    }
}

/// Whether a Python file may hold strings within the code within a string
/// (PEP 701), which takes a parser. The others are a hundred times faster lexed.
fn nests_code(text: &str) -> bool {
    const STRINGS: &str =
        r#"(?i)\b(?:[ft]|r[ft]|[ft]r)(?:"""|'''|"[^"\n]*\{[^}"\n]*"|'[^'\n]*\{[^}'\n]*')"#;
    static PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(STRINGS).ok());
    PATTERN.as_ref().is_none_or(|pattern| pattern.is_match(text))
}

fn in_tree(tree: &tree_sitter::Tree) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        if node.kind() == "comment" {
            found.push(node.start_byte() + 1..node.end_byte());
        }
        if cursor.goto_first_child() || cursor.goto_next_sibling() {
            continue;
        }
        loop {
            if !cursor.goto_parent() {
                return found;
            }
            if cursor.goto_next_sibling() {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `name | content | comments`, with `⏎` for a line break and `·` between comments.
    const CASES: &str = include_str!("../../../tests/data/comments.txt");

    #[test]
    fn comments_of_many_languages() {
        let mut count = 0;
        let mut wrong = Vec::new();
        for case in CASES.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let parts: Vec<&str> = case.split(" | ").collect();
            let [name, content, expected] = parts[..] else { panic!("three parts: {case}") };
            let content = content.replace('⏎', "\n");
            let file = SourceFile::new(RepoPath::new(name).expect(name), content.clone());
            let found: Vec<String> =
                of(&file).into_iter().map(|range| content[range].replace('\n', "⏎")).collect();
            let found: Vec<&str> = found.iter().map(|comment| comment.trim()).collect();
            if found.join("·") != expected.trim() {
                wrong.push(format!("{case}: {found:?}"));
            }
            if name == "a.py" && !nests_code(&content) {
                let tree = file.python().expect("a tree");
                assert_eq!(in_tree(tree), of(&file), "{content}");
            }
            count += 1;
        }
        assert!(count > 50);
        assert_eq!(wrong, Vec::<String>::new());
    }

    #[test]
    fn a_hostile_file_takes_no_longer_than_another() {
        let size = 200_000;
        let cases = [
            ("a.html", "{#"),
            ("a.html", "<script>"),
            ("a.js", "`${"),
            ("a.js", "= /["),
            ("a.js", "\"\\"),
            ("a.js", "/*"),
            ("a.rs", "/*"),
            ("a.rs", "r#\""),
            ("a.sh", "<<A\n"),
            ("a.sh", "\\\"'"),
            ("a.ini", "x;"),
            ("a.php", "<?php '\\"),
            ("a.yaml", " '#"),
            ("a.py", "(["),
        ];
        for (name, part) in cases {
            let path = RepoPath::new(name).expect(name);
            let file = SourceFile::new(path, part.repeat(size / part.len()));
            let began = std::time::Instant::now();
            let _ = of(&file);
            // linear work takes far less, quadratic work far more
            assert!(began.elapsed().as_secs() < 10, "{name} {part}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_the_lexer(
            text in "([/*#'\"`\\\\{}<>!\\-\nrb=é$?%; ]|<script|</script|<<E|begin|TODO){0,40}",
            name in "a\\.(py|js|html|rs|sh|rb|php|yaml|sql|css|lua|yml\\.j2)",
        ) {
            let file = SourceFile::new(RepoPath::new(name).expect("a plain path"), text.clone());
            for range in of(&file) {
                proptest::prop_assert!(text.get(range).is_some());
            }
        }
    }
}
