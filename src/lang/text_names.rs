//! Names that say that a file holds text.

use super::comments;
use crate::model::RepoPath;

/// Endings of text that is no code.
const ENDINGS: &[&str] = &[
    "adoc",
    "cnf",
    "csv",
    "env",
    "json",
    "jsonl",
    "lock",
    "log",
    "markdown",
    "md",
    "mdx",
    "ndjson",
    "pem",
    "po",
    "properties",
    "rst",
    "svg",
    "tex",
    "text",
    "tsv",
    "txt",
];

/// Whether a file of this name holds text, by all that people expect. A `.ts`
/// may be a video, so that it says nothing.
pub(crate) fn says_text(path: &RepoPath) -> bool {
    let name = path.name().to_string_lossy().to_lowercase();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    if ending == "ts" {
        return false;
    }
    name.starts_with(".env") || ENDINGS.contains(&ending) || comments::is_code(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_say_text() {
        let cases = [
            ("app.py", true),
            ("conf/APP.YAML", true),
            (".env", true),
            (".env.production", true),
            ("a.env", true),
            ("Dockerfile", true),
            ("README.md", true),
            ("film.ts", false),
            ("a.png", false),
            ("a.p12", false),
            ("bin/tool", false),
            ("env", false),
        ];
        for (name, expected) in cases {
            assert_eq!(says_text(&RepoPath::new(name).expect(name)), expected, "{name}");
        }
    }
}
