//! `text`: a pattern that files must not hold, or that one of them must.

use std::borrow::Cow;
use std::ops::Range;

use regex_syntax::hir::literal::{ExtractKind, Extractor, Seq};
use regex_syntax::hir::{Hir, HirKind};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;

use crate::check::params::{self, Globs, Pattern};
use crate::check::rests::{self, Rests};
use crate::check::{Hits, Scan, bounds};
use crate::facts::Facts;
use crate::lang::{SourceFile, tokens};
use crate::model::{CheckError, Finding, Observation, RepoPath, RuleId, Subject};
use crate::repo::Unread;

/// The kind `text`, its parameters validated.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Parameters")]
pub(crate) struct Text {
    rule: Rule,
    pattern: Pattern,
    /// Each match holds one of these; empty when that cannot be told.
    literals: Vec<String>,
    globs: Globs,
    exclude: Option<Globs>,
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
/// in at least one of the files; the line of a checklist that asks it does not
/// count. Binary files are not looked at; a wanted file
/// that cannot be read, or that is larger than 8 MiB, is an error unless the
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
        if given.globs.patterns().is_empty() {
            return Err(
                "`globs` names no file; give at least one pattern, such as `\"**\"`".to_owned()
            );
        }
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
            literals: literals(&hir),
            pattern,
            globs: given.globs,
            exclude: given.exclude,
            message: given.message,
            secret: given.secret,
        })
    }
}

const FORBIDDEN: RuleId = RuleId::new("text.forbidden");
const MISSING: RuleId = RuleId::new("text.missing");
const UNREAD: RuleId = RuleId::new("text.unread");

impl Scan for Text {
    type Hit = Finding;

    fn wants(&self, path: &RepoPath) -> bool {
        self.globs.matches(path) && !self.leaves_out(path)
    }

    fn literals(&self) -> Vec<String> {
        self.literals.clone()
    }

    fn look(&self, file: &SourceFile, hits: &mut Vec<Finding>) {
        let asks = asks_itself(file);
        let matches = self.pattern.0.find_iter(file.text());
        let matches = matches.filter(|found| !asks.iter().any(|at| at.contains(&found.start())));
        match self.rule {
            Rule::Forbid => {
                let ranges: Vec<Range<usize>> = matches.map(|found| found.range()).collect();
                // a line may hold several secrets, and each finding shows the line
                let secrets = if self.secret { ranges.as_slice() } else { &[] };
                hits.extend(ranges.iter().map(|range| self.finding(file, range, secrets)));
            }
            // a file that has it is all there is to know
            Rule::Require => {
                hits.extend(matches.take(1).map(|found| {
                    Finding::new(FORBIDDEN, Subject::whole(), "").at(file.place(found.start()))
                }));
            }
        }
    }

    fn judge(&self, cx: &Facts<'_>, hits: Hits<Finding>) -> Result<Observation, CheckError> {
        Ok(match self.rule {
            Rule::Forbid => self.forbidden(hits),
            Rule::Require => {
                let places = hits.all.iter().filter_map(Finding::place);
                let rests = rests::on_one_of(cx, &places.map(|place| &place.path).collect())?;
                Rests::told(rests.into_iter().collect(), self.required(&hits))
            }
        })
    }
}

/// The lines of a checklist that hold what is asked: a pattern matches itself.
fn asks_itself(file: &SourceFile) -> Vec<Range<usize>> {
    let yaml = file.path().extension().is_some_and(|own| matches!(own, "yaml" | "yml"));
    let text = file.text();
    let list = yaml && text.lines().any(|line| line.starts_with("checklist:"));
    let mut at = 0;
    let lines = text.split_inclusive('\n').map(|line| {
        at += line.len();
        (line, at - line.len()..at)
    });
    let asks = |line: &str| ["forbid:", "require:"].iter().any(|key| line.contains(key));
    lines.filter(|(line, _)| list && asks(line)).map(|(_, range)| range).collect()
}

impl Text {
    fn leaves_out(&self, path: &RepoPath) -> bool {
        self.exclude.as_ref().is_some_and(|exclude| exclude.matches(path))
    }

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
    fn unread<T>(&self, hits: &Hits<T>) -> Vec<Unread> {
        let wanted = |unread: &&Unread| !self.leaves_out(&unread.path);
        hits.unread.iter().filter(wanted).cloned().collect()
    }

    fn forbidden(&self, hits: Hits<Finding>) -> Observation {
        let needs = bounds::unread(UNREAD, &self.unread(&hits));
        if hits.all.is_empty() && hits.files == 0 && needs.is_empty() {
            return Observation::not_applicable(format!("no text file matches {}", self.named()));
        }
        let looked_at = format!("{} matching {}", bounds::files(&hits), self.named());
        Observation::judge(hits.all, looked_at).needing(needs)
    }

    fn required(&self, hits: &Hits<Finding>) -> Observation {
        let files = bounds::files(hits);
        if let Some(place) = hits.all.first().and_then(Finding::place) {
            let others = match hits.all.len() - 1 {
                0 => String::new(),
                1 => " and in 1 more file".to_owned(),
                more => format!(" and in {more} more files"),
            };
            let looked_at =
                format!("occurs at {place}{others}, of {files} matching {}", self.named());
            return Observation::judge(Vec::new(), looked_at);
        }
        let looked_at = format!("{files} matching {}", self.named());
        let needs = bounds::unread(UNREAD, &self.unread(hits));
        if !needs.is_empty() {
            return Observation::judge(Vec::new(), looked_at).needing(needs);
        }
        let what = match &self.message {
            Some(message) => message.clone(),
            None => format!("`{}` must occur somewhere", self.pattern.0.as_str()),
        };
        let missing = match hits.files {
            0 => format!("{what}; no text file matches {}", self.named()),
            1 => format!("{what}; the 1 file matching {} does not hold it", self.named()),
            _ => format!("{what}; none of the {files} matching {} holds it", self.named()),
        };
        let subject = Subject::of(self.pattern.0.as_str()).and(self.named());
        Observation::judge(vec![Finding::new(MISSING, subject, missing)], looked_at)
    }

    /// The globs, for people.
    fn named(&self) -> String {
        let quoted: Vec<String> =
            self.globs.patterns().iter().map(|pattern| format!("`{pattern}`")).collect();
        quoted.join(", ")
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

/// Literals of which every match of the pattern holds at least one; none when
/// there are no good ones. Looks at the beginning and the end of the pattern
/// and, where it is a sequence, at what begins at each of its parts.
fn literals(hir: &Hir) -> Vec<String> {
    let mut best = Seq::infinite();
    let mut consider = |part: &Hir, kind: ExtractKind| {
        let mut found = Extractor::new().kind(kind.clone()).extract(part);
        match kind {
            ExtractKind::Suffix => found.optimize_for_suffix_by_preference(),
            _ => found.optimize_for_prefix_by_preference(),
        }
        if found.min_literal_len().unwrap_or(0) > best.min_literal_len().unwrap_or(0) {
            best = found;
        }
    };
    consider(hir, ExtractKind::Prefix);
    consider(hir, ExtractKind::Suffix);
    if let HirKind::Concat(parts) = hir.kind() {
        for start in 1..parts.len() {
            let rest = parts.get(start..).unwrap_or_default().to_vec();
            consider(&Hir::concat(rest), ExtractKind::Prefix);
        }
    }
    let found = best.literals().unwrap_or_default();
    let texts: Option<Vec<String>> =
        found.iter().map(|literal| String::from_utf8(literal.as_bytes().to_vec()).ok()).collect();
    texts.unwrap_or_default()
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
