//! `todo`: notes to come back to, in the comments of the project's own code.

mod authors;

use std::borrow::Cow;
use std::ops::Range;

use regex::Regex;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;

use crate::check::params::{self, Globs, Selection};
use crate::check::{Gap, Hits, OwnList, Scan, bounds};
use crate::facts::Facts;
use crate::lang::own::{self, Whose};
use crate::lang::{SourceFile, comments, tokens};
use crate::model::{CheckError, Finding, Observation, RepoPath, RuleId, Subject};
use crate::secret::redact;

/// What people write without being told to.
const WORDS: [&str; 2] = ["TODO", "FIXME"];

/// Code of others, and code that a machine wrote.
const NOT_OWN: [Whose; 3] = [Whose::Installed, Whose::Vendored, Whose::Generated];

/// A note's text is cut here, in characters.
const LONGEST: usize = 120;

/// The kind `todo`, its parameters validated.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Parameters")]
pub(crate) struct Todo {
    words: Vec<String>,
    /// Any of the words, whole.
    pattern: Regex,
    /// Without patterns, the files of every known language.
    files: Selection,
    blame: bool,
}

/// Looks for words such as TODO in comments; each is a finding, whose message
/// is the note.
///
/// What counts is a whole word, spelled to the letter, in a comment: a string
/// or a docstring is none. Scripts without an ending are known by their first
/// line. A file whose language is not known is prose, all of which counts; text
/// that is no code is only looked at when `globs` names it. The checklist's own
/// files are looked at, and no pass rests on them alone.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Todo")]
struct Parameters {
    /// The words; TODO and FIXME when not given.
    words: Option<Vec<String>>,
    /// The files to look at; source files, templates, scripts and configuration
    /// of every known language when not given.
    globs: Option<Globs>,
    /// Of these files, those to leave out; when not given, vendored, generated
    /// and minified ones (`node_modules`, `vendor`, `third_party`, `dist`,
    /// `*.min.js`, …).
    #[serde(default, deserialize_with = "params::left_out")]
    exclude: Option<Globs>,
    /// Say who wrote each note, and how long ago. Reads the history of each file
    /// that holds one. A sign-off does not hang on it.
    #[serde(default)]
    blame: bool,
}

impl JsonSchema for Todo {
    fn schema_name() -> Cow<'static, str> {
        Parameters::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Parameters::json_schema(generator)
    }
}

impl TryFrom<Parameters> for Todo {
    type Error = String;

    /// # Errors
    /// A sentence, when a word is none or there is nothing to look at.
    fn try_from(given: Parameters) -> Result<Self, String> {
        let words = given.words.unwrap_or_else(|| WORDS.map(str::to_owned).to_vec());
        if words.is_empty() {
            return Err("`words` is empty; leave it out, or name one".to_owned());
        }
        let is_word =
            |word: &str| !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_');
        if let Some(bad) = words.iter().find(|word| !is_word(word)) {
            return Err(format!("`{bad}` is not a word; a word is made of letters and digits"));
        }
        let exclude = match given.exclude {
            Some(exclude) => exclude,
            None => Globs::new(&own::globs(&NOT_OWN))?,
        };
        let pattern = Regex::new(&format!(r"\b(?:{})\b", words.join("|")))
            .map_err(|error| error.to_string())?;
        let files = Selection::new(given.globs, Some(exclude));
        Ok(Self { words, pattern, files, blame: given.blame })
    }
}

const NOTE: RuleId = RuleId::new("todo.note");
const UNREAD: RuleId = RuleId::new("todo.unread");

impl Scan for Todo {
    type Hit = Finding;

    fn wants(&self, path: &RepoPath) -> bool {
        let known = || comments::is_code(path) || comments::may_be_script(path);
        (self.files.has_globs() || known()) && self.files.matches(path)
    }

    fn literals(&self) -> Vec<String> {
        self.words.clone()
    }

    fn own_list(&self) -> OwnList {
        OwnList::NotCounted
    }

    fn counts(&self, path: &RepoPath) -> bool {
        self.files.has_globs() || comments::is_code(path)
    }

    fn needs(&self, path: &RepoPath, gap: Gap) -> bool {
        let may_lead_to_some = match gap {
            Gap::Outside => true,
            // what git ignores is not the project's own code
            Gap::Ignored => self.files.has_globs(),
            Gap::Nowhere | Gap::Binary => false,
        };
        let below = || may_lead_to_some && self.files.may_match_below(path);
        match path.extension() {
            Some(_) => self.wants(path),
            None => (!self.files.leaves_out(path) && below()) || self.files.names(path),
        }
    }

    fn look(&self, file: &SourceFile, hits: &mut Vec<Finding>) {
        // a file that neither its name nor its first line makes code is none
        if self.files.has_globs() || comments::is_code(file.path()) || comments::is_script(file) {
            hits.extend(self.notes(file).iter().map(|note| tell(file, note)));
        }
    }

    fn judge(&self, cx: &Facts<'_>, hits: Hits<Finding>) -> Result<Observation, CheckError> {
        let unread: Vec<_> = hits
            .unread
            .iter()
            .filter(|unread| !self.files.leaves_out(&unread.path))
            .cloned()
            .collect();
        let needs = bounds::unread(UNREAD, &unread);
        if hits.all.is_empty() && hits.files == 0 && needs.is_empty() {
            return Ok(Observation::not_applicable("no source file to look at"));
        }
        let looked_at = format!("the comments of {}", bounds::files(&hits));
        let findings = if self.blame { authors::add(cx, hits.all)? } else { hits.all };
        Ok(Observation::judge(findings, looked_at).needing(needs))
    }
}

/// A note in a file, by byte offsets.
struct Note {
    word: Range<usize>,
    /// The part of the comment on this line.
    comment: Range<usize>,
}

impl Todo {
    /// The first note of each line that has some, in order.
    fn notes(&self, file: &SourceFile) -> Vec<Note> {
        let mut notes: Vec<Note> = Vec::new();
        for comment in comments::of(file) {
            let mut start = comment.start;
            let text = file.text().get(comment).unwrap_or_default();
            for line in text.split_inclusive('\n') {
                // ranges overlap where a template holds another language
                let known = |note: &Note| note.comment.end > start;
                if let Some(word) = self.pattern.find(line)
                    && !notes.last().is_some_and(known)
                {
                    notes.push(Note {
                        word: start + word.start()..start + word.end(),
                        comment: start..start + line.trim_end().len(),
                    });
                }
                start += line.len();
            }
        }
        notes
    }
}

fn tell(file: &SourceFile, note: &Note) -> Finding {
    // the comment alone: the code before it may hold what another check masks
    let said = file.text().get(note.comment.clone()).unwrap_or_default();
    let (start, line) = file.line_around(note.word.start);
    let code = line.get(..note.comment.start.saturating_sub(start)).unwrap_or_default();
    let subject = Subject::of(file.path()).and(tokens::remark(said)).and(tokens::line(code));
    Finding::new(NOTE, subject, message(file, note))
        .at(file.place(note.word.start))
        .showing(redact::remark(said.trim_start(), file.line_around(note.word.start).1))
}

/// `TODO: what the comment says`, or `TODO(who): what it says`.
fn message(file: &SourceFile, note: &Note) -> String {
    let text = file.text();
    let word = text.get(note.word.clone()).unwrap_or_default();
    let after = text.get(note.word.end..note.comment.end).unwrap_or_default();
    let after = redact::remark(after, file.line_around(note.word.start).1);
    let after = after.as_str();
    let (who, said) = match after.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        Some((who, said)) => (format!("({who})"), said),
        None => (String::new(), after),
    };
    let said = said.trim_matches(|c: char| c.is_whitespace() || ":-–—=*/#".contains(c));
    if said.is_empty() {
        return format!("{word}{who}: it does not say what is to be done");
    }
    let cut = said.char_indices().nth(LONGEST).and_then(|(end, _)| said.get(..end));
    match cut {
        Some(cut) => format!("{word}{who}: {}…", cut.trim_end()),
        None => format!("{word}{who}: {said}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::decode::decode;

    fn read(yaml: &str) -> Result<Todo, String> {
        let value = serde_yaml::from_str(yaml).expect("YAML");
        decode(&value).map_err(|told| told.iter().map(ToString::to_string).collect::<String>())
    }

    #[test]
    fn what_means_nothing_is_refused() {
        let cases = [
            ("{words: []}", "`words` is empty"),
            ("{words: ['TO DO']}", "`TO DO` is not a word"),
            ("{words: ['']}", "is not a word"),
            ("{globs: []}", "names no file"),
            ("{word: [X]}", "unknown field `word`"),
        ];
        for (yaml, expected) in cases {
            let told = read(yaml).expect_err(yaml);
            assert!(told.contains(expected), "{yaml}: {told}");
        }
    }

    #[test]
    fn the_projects_own_code_is_wanted() {
        let todo = read("{}").expect("defaults");
        let cases = [
            ("app.py", true),
            ("migrations/0001.py", true),
            ("templates/a.html", true),
            ("Dockerfile", true),
            ("README.md", false),
            (".env", false),
            ("static/node_modules/a/b.js", false),
            ("node_modules/a.js", false),
            ("static/jquery.min.js", false),
            ("vendor/x.go", false),
        ];
        for (path, expected) in cases {
            assert_eq!(todo.wants(&RepoPath::new(path).expect(path)), expected, "{path}");
        }
    }

    #[test]
    fn messages_say_what_the_note_says() {
        let todo = read("{words: [TODO, FIXME]}").expect("valid");
        let long = format!("# TODO {}", "word ".repeat(60));
        let cut = format!("TODO: {}…", "word ".repeat(24).trim_end());
        let cases = [
            ("# TODO: fix it", "TODO: fix it"),
            ("#TODO fix it  ", "TODO: fix it"),
            ("# TODO(ann): fix it", "TODO(ann): fix it"),
            ("# FIXME - fix TODO", "FIXME: fix TODO"),
            ("# TODO", "TODO: it does not say what is to be done"),
            ("# ==== TODO ====", "TODO: it does not say what is to be done"),
            ("# TODO: password=hunter2 goes", "TODO: password=••• goes"),
            ("# TODO: \u{1b}[31m", "TODO: ␛[31m"),
            (long.as_str(), cut.as_str()),
        ];
        for (text, expected) in cases {
            let path = RepoPath::new("a.py").expect("a plain path");
            let file = SourceFile::new(path, format!("{text}\n"));
            let mut found = Vec::new();
            todo.look(&file, &mut found);
            let told: Vec<String> = found.iter().map(|found| found.message.to_string()).collect();
            assert_eq!(told, [expected], "{text}");
        }
    }
}
