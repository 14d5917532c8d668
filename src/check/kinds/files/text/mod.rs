//! `text`: a pattern that files must not hold, or that one of them must.

mod matches;

use std::borrow::Cow;
use std::ops::Range;

use regex_syntax::hir::Hir;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;

use crate::check::params::{self, Globs, Pattern, Selection};
use crate::check::rests::{self, Rests};
use crate::check::{Gap, Hits, OwnList, Scan, bounds};
use crate::facts::Facts;
use crate::lang::{SourceFile, tokens};
use crate::model::{CheckError, Digest, Finding, Need, Observation, RepoPath, RuleId, Subject};
use crate::repo::Unread;

/// The kind `text`, its parameters validated.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Parameters")]
pub(crate) struct Text {
    rule: Rule,
    pattern: Pattern,
    /// Each match holds one of these; empty when that cannot be told.
    literals: Vec<String>,
    /// It speaks of characters that other encodings write in another way.
    is_wide: bool,
    files: Selection,
    message: Option<String>,
    secret: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Rule {
    Forbid,
    Require,
}

/// Looks for a pattern in text files.
///
/// With `forbid` each match is a finding; with `require` the pattern must match
/// in at least one of the files. The files of the checklist that asks are left
/// out. A link is followed to a file of the repository. Binary files are not
/// looked at; a wanted file that cannot be read, that is larger than 8 MiB, or
/// that is binary although its name says text, leaves it undecided unless the
/// answer is clear without it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(
    rename = "Text",
    extend("oneOf" = [{"required": ["forbid"]}, {"required": ["require"]}])
)]
struct Parameters {
    /// What no file may hold. Exactly one of `forbid` and `require` is given.
    forbid: Option<Pattern>,
    /// What at least one file must hold.
    require: Option<Pattern>,
    /// The files to look at.
    globs: Globs,
    /// Of these files, those to leave out.
    #[serde(default, deserialize_with = "params::left_out")]
    exclude: Option<Globs>,
    /// One sentence that each finding says, instead of naming the pattern.
    message: Option<String>,
    /// The matched text is a secret: it is masked wherever the line is shown.
    #[serde(default)]
    secret: bool,
}

impl JsonSchema for Text {
    fn schema_name() -> Cow<'static, str> {
        Parameters::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Parameters::json_schema(generator)
    }
}

impl TryFrom<Parameters> for Text {
    type Error = String;

    /// # Errors
    /// A sentence, when the parameters contradict each other or mean nothing.
    fn try_from(given: Parameters) -> Result<Self, String> {
        let (rule, pattern) = match (given.forbid, given.require) {
            (Some(pattern), None) => (Rule::Forbid, pattern),
            (None, Some(pattern)) => (Rule::Require, pattern),
            (Some(_), Some(_)) => {
                return Err(
                    "`text` takes `forbid` or `require`, not both; make it two checks".to_owned()
                );
            }
            (None, None) => {
                return Err(
                    "`text` needs `forbid` (what no file may hold) or `require` (what one \
                            file must hold)"
                        .to_owned(),
                );
            }
        };
        if given.message.as_ref().is_some_and(|message| message.trim().is_empty()) {
            return Err("`message` is empty; leave it out, or say what is wrong".to_owned());
        }
        let hir = parsed(&pattern)?;
        if hir.properties().minimum_len() == Some(0) {
            return Err(format!(
                "`{}` matches the empty text, which every file holds; make it match at least one character",
                pattern.0.as_str()
            ));
        }
        Ok(Self {
            rule,
            literals: matches::literals(&hir),
            is_wide: !pattern.0.as_str().is_ascii(),
            pattern,
            files: Selection::new(Some(given.globs), given.exclude),
            message: given.message,
            secret: given.secret,
        })
    }
}

const FORBIDDEN: RuleId = RuleId::new("text.forbidden");
const MISSING: RuleId = RuleId::new("text.missing");
const UNREAD: RuleId = RuleId::new("text.unread");
const UNDECODED: RuleId = RuleId::new("text.undecoded");

impl Scan for Text {
    type Hit = Finding;

    fn wants(&self, path: &RepoPath) -> bool {
        self.files.matches(path)
    }

    fn literals(&self) -> Vec<String> {
        self.literals.clone()
    }

    fn own_list(&self) -> OwnList {
        OwnList::LeftOut
    }

    fn needs(&self, path: &RepoPath, gap: Gap) -> bool {
        let below = || may_be_folder(path, gap) && self.files.may_match_below(path);
        self.files.matches(path) || (!self.files.leaves_out(path) && below())
    }

    fn look(&self, file: &SourceFile, hits: &mut Vec<Finding>) {
        let ranges = matches::all(&self.pattern.0, file.text());
        if ranges.is_empty() && self.is_wide && file.text().contains(char::REPLACEMENT_CHARACTER) {
            let path = file.path();
            let message = format!(
                "`{path}` is not written in UTF-8, so whether it holds `{}` is not known",
                self.pattern.0.as_str()
            );
            let id = Digest::of([file.text()]);
            let subject = Subject::of(path).and(id.as_str());
            hits.push(Finding::new(UNDECODED, subject, message).at(file.place(0)));
            return;
        }
        match self.rule {
            Rule::Forbid => {
                // a line may hold several secrets, and each finding shows the line
                let secrets = if self.secret { ranges.as_slice() } else { &[] };
                hits.extend(ranges.iter().map(|range| self.finding(file, range, secrets)));
            }
            // a file that has it is all there is to know
            Rule::Require => {
                hits.extend(ranges.first().map(|found| {
                    Finding::new(FORBIDDEN, Subject::whole(), "").at(file.place(found.start))
                }));
            }
        }
    }

    fn judge(&self, cx: &Facts<'_>, mut hits: Hits<Finding>) -> Result<Observation, CheckError> {
        let undecoded = hits.all.extract_if(.., |hit| hit.rule == UNDECODED).map(not_utf8);
        let mut needs = bounds::unread(UNREAD, &self.unread(&hits.unread));
        needs.extend(undecoded);
        Ok(match self.rule {
            Rule::Forbid => self.forbidden(hits, needs),
            Rule::Require => {
                let places = hits.all.iter().filter_map(Finding::place);
                let rests = rests::on_one_of(cx, &places.map(|place| &place.path).collect())?;
                Rests::told(rests.into_iter().collect(), self.required(&hits, needs))
            }
        })
    }
}

/// Whether a link of this name may lead to a folder with files in it.
fn may_be_folder(path: &RepoPath, gap: Gap) -> bool {
    matches!(gap, Gap::Outside | Gap::Ignored) && path.extension().is_none()
}

fn not_utf8(hit: Finding) -> Need {
    let place = hit.place().cloned();
    let need = Need::new(UNDECODED, hit.subject, hit.message);
    place.into_iter().fold(need, Need::at).help("save the file in UTF-8")
}

impl Text {
    fn finding(&self, file: &SourceFile, at: &Range<usize>, secrets: &[Range<usize>]) -> Finding {
        let message = match &self.message {
            Some(message) => message.clone(),
            None => format!("`{}` must not occur here", self.pattern.0.as_str()),
        };
        Finding::new(FORBIDDEN, self.subject(file, at), message)
            .at(file.place(at.start))
            .showing(file.excerpt(at.start, secrets))
    }

    /// The path, the pattern, what it matched, and the code around it.
    fn subject(&self, file: &SourceFile, at: &Range<usize>) -> Subject {
        let (start, line) = file.line_around(at.start);
        let matched = file.text().get(at.clone()).unwrap_or_default();
        let matched = if self.secret { tokens::MASK.into() } else { spaced(matched) };
        let before = line.get(..at.start.saturating_sub(start)).unwrap_or_default();
        let after = line.get(at.end.saturating_sub(start)..).unwrap_or_default();
        Subject::of(file.path())
            .and(self.pattern.0.as_str())
            .and(matched)
            .and(tokens::line(before))
            .and(tokens::line(after))
    }

    /// What was not looked at, of what this check wants.
    fn unread(&self, unread: &[Unread]) -> Vec<Unread> {
        let wanted = |unread: &&Unread| !self.files.leaves_out(&unread.path);
        unread.iter().filter(wanted).cloned().collect()
    }

    fn forbidden(&self, hits: Hits<Finding>, needs: Vec<Need>) -> Observation {
        if hits.all.is_empty() && hits.files == 0 && needs.is_empty() {
            return Observation::not_applicable(format!(
                "no text file matches {}",
                self.files.named()
            ));
        }
        let looked_at = format!("{} matching {}", bounds::files(&hits), self.files.named());
        Observation::judge(hits.all, looked_at).needing(needs)
    }

    fn required(&self, hits: &Hits<Finding>, needs: Vec<Need>) -> Observation {
        let files = bounds::files(hits);
        if let Some(place) = hits.all.first().and_then(Finding::place) {
            let others = match hits.all.len() - 1 {
                0 => String::new(),
                1 => " and in 1 more file".to_owned(),
                more => format!(" and in {more} more files"),
            };
            let looked_at =
                format!("occurs at {place}{others}, of {files} matching {}", self.files.named());
            return Observation::judge(Vec::new(), looked_at);
        }
        let looked_at = format!("{files} matching {}", self.files.named());
        if !needs.is_empty() {
            return Observation::judge(Vec::new(), looked_at).needing(needs);
        }
        let what = match &self.message {
            Some(message) => message.clone(),
            None => format!("`{}` must occur somewhere", self.pattern.0.as_str()),
        };
        let missing = match hits.files {
            0 => format!("{what}; no text file matches {}", self.files.named()),
            1 => format!("{what}; the 1 file matching {} does not hold it", self.files.named()),
            _ => format!("{what}; none of the {files} matching {} holds it", self.files.named()),
        };
        let subject = Subject::of(self.pattern.0.as_str()).and(self.files.named());
        Observation::judge(vec![Finding::new(MISSING, subject, missing)], looked_at)
    }
}

/// A text with each run of white space as one space.
fn spaced(text: &str) -> Cow<'_, str> {
    text.split_whitespace().collect::<Vec<_>>().join(" ").into()
}

/// The pattern as [`Pattern`] reads it.
fn parsed(pattern: &Pattern) -> Result<Hir, String> {
    let mut parser = regex_syntax::ParserBuilder::new().multi_line(true).crlf(true).build();
    parser.parse(pattern.0.as_str()).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::decode::decode;
    use proptest::strategy::Strategy as _;

    fn read(yaml: &str) -> Result<Text, String> {
        let value = serde_yaml::from_str(yaml).expect("YAML");
        decode(&value).map_err(|told| told.iter().map(ToString::to_string).collect::<String>())
    }

    #[test]
    fn what_means_nothing_is_refused() {
        let cases = [
            ("{globs: [a]}", "needs `forbid`"),
            ("{globs: [a], forbid: x, require: y}", "not both"),
            ("{forbid: x}", "globs"),
            ("{forbid: x, globs: []}", "names no file"),
            ("{forbid: 'x*', globs: [a]}", "empty text"),
            ("{forbid: '(', globs: [a]}", "not a valid regular expression"),
            ("{forbid: x, globs: [a], message: ' '}", "`message` is empty"),
            ("{forbid: x, globs: [a], mesage: y}", "unknown field `mesage`"),
        ];
        for (yaml, expected) in cases {
            let told = read(yaml).expect_err(yaml);
            assert!(told.contains(expected), "{yaml}: {told}");
        }
    }

    #[test]
    fn literals_stand_in_every_match() {
        let cases: [(&str, &[&str]); 9] = [
            ("pdb", &["pdb"]),
            (r"\bset_trace\(\)", &["set_trace()"]),
            ("foo|barbaz", &["foo", "barbaz"]),
            (r"\w+\s*=\s*SECRET", &["SECRET"]),
            (r"\s*app\.run\(.*\d", &["app.run("]),
            (r"^\s+(print|pprint)\(", &["print("]),
            (r"\d+", &[]),
            ("x?[a-z]", &[]),
            (r"\p{Greek}{3}", &[]),
        ];
        for (pattern, expected) in cases {
            let text = read(&format!("{{globs: [a], forbid: '{pattern}'}}")).expect(pattern);
            assert_eq!(text.literals, expected, "{pattern}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_match_is_without_a_literal(
            (pattern, text) in proptest::sample::select(vec![
                "a(b|cd)*e", "(?i)secret[_-]?key", "(ab|abc)(d|ef)", "[xyz]{1,3}q+", "(?i)k\\w+é",
                "x(yes|no)?z", "\\w+=(on|off);", "(a|b|c|d|e|f|g|h|i|j|k)lm?", "sam|samwise",
            ])
            .prop_flat_map(|pattern| {
                let texts = proptest::string::string_regex(pattern).expect("a pattern");
                (proptest::strategy::Just(pattern), texts)
            })
        ) {
            let text_check = read(&format!("{{globs: [a], forbid: '{pattern}'}}")).expect(pattern);
            let found = text_check.pattern.0.find(&text).expect("made to match").as_str();
            let literals = &text_check.literals;
            proptest::prop_assert!(
                literals.is_empty() || literals.iter().any(|l| found.contains(l)),
                "{pattern} {found:?} {literals:?}"
            );
        }
    }

    #[test]
    fn the_schema_is_that_of_the_parameters() {
        let schema = schemars::schema_for!(Text).to_value();
        assert_eq!(schema["title"], "Text");
        assert!(schema["properties"]["forbid"].is_object(), "{schema}");
        assert!(schema["description"].as_str().is_some_and(|text| text.contains("pattern")));
        assert_eq!(schema["oneOf"].as_array().map(Vec::len), Some(2));
    }
}
