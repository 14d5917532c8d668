//! Environment variables of other names that a setting is read from, and that code of
//! the project gives a literal itself.

use regex::Regex;

use super::project::Project;
use super::uses::is_python;
use crate::model::{CheckError, Need, RepoPath, RuleId, Subject};

const VARIABLE: RuleId = RuleId::new("hardcoded_setting.variable");

/// Where code of production gives one of these variables a literal.
///
/// # Errors
/// When the project could not be looked at.
pub(super) fn needs(
    names: &[String],
    aside: &dyn Fn(&RepoPath) -> bool,
    project: &dyn Project,
) -> Result<Vec<Need>, CheckError> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let mentions = project.mentioning(vec!["environ".to_owned(), "putenv".to_owned()])?;
    let code = mentions.files.iter().filter(|file| is_python(file.path()) && !aside(file.path()));
    let code: Vec<_> = code.collect();
    let mut needs = Vec::new();
    for name in names {
        let Some(pattern) = written(name) else { continue };
        let found = code.iter().find_map(|file| Some((file, pattern.find(file.text())?)));
        if let Some((file, at)) = found {
            let path = file.path();
            let message = format!(
                "`{path}` gives the variable {name} a value of its own, and the setting is read from that variable"
            );
            needs.push(
                Need::new(VARIABLE, Subject::of(path).and(name), message)
                    .at(file.place(at.start()))
                    .help(format!("remove it there, and set {name} outside of the code alone")),
            );
        }
    }
    Ok(needs)
}

/// `os.environ["NAME"] = "…"`, `setdefault`, `putenv`, `update`.
fn written(name: &str) -> Option<Regex> {
    let name = regex::escape(name);
    let literal = r#"\(?\s*[rbuf]{0,2}["']"#;
    let key = format!(r#"["']{name}["']"#);
    let ways = [
        format!(r"environb?\s*\[\s*{key}\s*\]\s*=\s*{literal}"),
        format!(r"environb?\s*\.\s*setdefault\s*\(\s*{key}\s*,\s*{literal}"),
        format!(r"putenv\s*\(\s*{key}\s*,\s*{literal}"),
        format!(
            r"environ\s*(?:\.\s*update\s*\(|\|=)[^)]{{0,2000}}?(?:{key}\s*:|\b{name}\s*=)\s*{literal}"
        ),
    ];
    Regex::new(&ways.join("|")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_gives_a_variable_a_literal() {
        let pattern = written("KEY").expect("a pattern");
        for code in [
            r#"os.environ["KEY"] = "x""#,
            "os.environ['KEY']=(\n  'x')",
            r#"environ.setdefault("KEY", "x")"#,
            "os.putenv('KEY', b'x')",
            r#"os.environ.update({"A": "b", "KEY": "x"})"#,
            r#"os.environ.update(A="b", KEY="x")"#,
            r#"os.environ |= {"KEY": "x"}"#,
        ] {
            assert!(pattern.is_match(code), "{code}");
        }
        for code in [
            r#"os.environ["KEY"] == "x""#,
            r#"os.environ["KEY"] = read()"#,
            r#"os.environ["KEYS"] = "x""#,
            r#"os.environ.get("KEY", "x")"#,
            r#"os.environ.update(MONKEY="x")"#,
        ] {
            assert!(!pattern.is_match(code), "{code}");
        }
    }
}
