//! Which editor to start, and how it is told the line.

use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::model::CleanText;

/// What is tried when the person has not said which editor.
const FALLBACK: &str = "vi";

/// The command that opens a file at a line (from 1).
///
/// # Errors
/// A sentence, when the setting cannot be read.
pub(crate) fn command(
    env: impl Fn(&str) -> Option<String>,
    file: &Path,
    line: Option<u32>,
) -> Result<Command, String> {
    let setting = ["VISUAL", "EDITOR"].into_iter().find_map(|name| {
        let value = env(name).filter(|value| !value.trim().is_empty())?;
        Some((name, value))
    });
    let (name, value) = setting.unwrap_or(("EDITOR", FALLBACK.to_owned()));
    let words = split(&value).ok_or_else(|| {
        format!("${name} has a quote that does not end; set it again and try again")
    })?;
    let (program, arguments) =
        words.split_first().ok_or_else(|| format!("${name} names no program"))?;
    let mut command = Command::new(program);
    command.args(arguments).args(at_line(program, file, line));
    Ok(command)
}

/// Why it did not start, for people.
pub(crate) fn did_not_start(
    env: impl Fn(&str) -> Option<String>,
    command: &Command,
    error: &std::io::Error,
) -> String {
    let program = crate::model::CleanText::bytes(command.get_program().as_encoded_bytes());
    let set =
        ["VISUAL", "EDITOR"].iter().any(|name| env(name).is_some_and(|v| !v.trim().is_empty()));
    let next = match set {
        true => "set $VISUAL or $EDITOR to an editor that is installed",
        false => "neither $VISUAL nor $EDITOR is set, so `vi` was tried; set one of them",
    };
    format!("`{program}` could not be started: {}; {next}", crate::model::words::system(error))
}

/// How editors are told a line: most of the terminal's take `+LINE`, Visual
/// Studio Code `--goto`, Sublime Text and Helix `FILE:LINE`.
fn at_line(program: &str, file: &Path, line: Option<u32>) -> Vec<OsString> {
    let file_at = |line: u32| {
        let mut text = file.as_os_str().to_owned();
        text.push(format!(":{line}"));
        text
    };
    let name = Path::new(program).file_stem().and_then(|name| name.to_str()).unwrap_or_default();
    match (name, line) {
        (
            "vi" | "vim" | "nvim" | "view" | "gvim" | "nano" | "pico" | "emacs" | "emacsclient"
            | "kak" | "micro" | "ne" | "joe" | "mg" | "ed" | "mcedit",
            Some(line),
        ) => vec![format!("+{line}").into(), file.into()],
        ("code" | "codium" | "code-insiders" | "cursor", Some(line)) => {
            vec!["--goto".into(), file_at(line)]
        }
        ("subl" | "hx" | "helix" | "zed", Some(line)) => vec![file_at(line)],
        _ => vec![file.into()],
    }
}

/// Splits as a shell does: at spaces, less quotes and backslashes. None when a
/// quote does not end.
fn split(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            ' ' | '\t' | '\n' => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match letters.next()? {
                        '\'' => break,
                        inner => word.push(inner),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match letters.next()? {
                        '"' => break,
                        '\\' => match letters.next()? {
                            kept @ ('"' | '\\' | '$' | '`') => word.push(kept),
                            other => word.extend(['\\', other]),
                        },
                        inner => word.push(inner),
                    }
                }
            }
            '\\' => word.get_or_insert_default().push(letters.next()?),
            letter => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    Some(words)
}

/// The same file, unless an editor would show none of it and could do harm by
/// saving, such as in a database.
///
/// # Errors
/// A sentence, for a file that is not text.
pub(crate) fn text_file(file: PathBuf) -> Result<PathBuf, String> {
    let mut start = Vec::new();
    let read = File::open(&file).and_then(|file| file.take(8192).read_to_end(&mut start));
    if read.is_ok() && start.contains(&0) {
        let name = CleanText::bytes(file.as_os_str().as_encoded_bytes());
        return Err(format!("{name} is not a text file; the item says what to do about it"));
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_split_as_a_shell_does() {
        let cases: [(&str, Option<&[&str]>); 7] = [
            ("vim", Some(&["vim"])),
            ("  code  --wait ", Some(&["code", "--wait"])),
            ("'/opt/my editor/e' -x", Some(&["/opt/my editor/e", "-x"])),
            (r#"e "a \"b\" \c" d\ e"#, Some(&["e", r#"a "b" \c"#, "d e"])),
            ("e ''", Some(&["e", ""])),
            ("e 'open", None),
            ("e \\", None),
        ];
        for (text, expected) in cases {
            let expected = expected.map(|words| words.iter().map(|w| (*w).to_owned()).collect());
            assert_eq!(split(text), expected, "{text}");
        }
    }

    #[test]
    fn editors_are_told_the_line_their_way() {
        let cases: [(&'static str, Option<u32>, &[&str]); 8] = [
            ("vim", Some(7), &["vim", "+7", "/r/a b.py"]),
            ("/usr/bin/nano -w", Some(7), &["/usr/bin/nano", "-w", "+7", "/r/a b.py"]),
            ("vim", None, &["vim", "/r/a b.py"]),
            ("code --wait", Some(7), &["code", "--wait", "--goto", "/r/a b.py:7"]),
            ("hx", Some(7), &["hx", "/r/a b.py:7"]),
            ("subl", Some(7), &["subl", "/r/a b.py:7"]),
            ("unheard-of", Some(7), &["unheard-of", "/r/a b.py"]),
            ("", Some(7), &["vi", "+7", "/r/a b.py"]),
        ];
        for (setting, line, expected) in cases {
            let env = |name: &str| (name == "EDITOR").then(|| setting.to_owned());
            let command = command(env, Path::new("/r/a b.py"), line).expect(setting);
            let mut words = vec![command.get_program().to_str().expect("text")];
            words.extend(command.get_args().map(|word| word.to_str().expect("text")));
            assert_eq!(words, expected, "{setting}");
        }
        let both = |name: &str| Some(if name == "VISUAL" { "a" } else { "b" }.to_owned());
        assert_eq!(command(both, Path::new("x"), None).expect("a").get_program(), "a");
    }
}
