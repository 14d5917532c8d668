//! `secret_strength`: a secret of an env file that nobody can guess.

use std::sync::Arc;

use schemars::JsonSchema;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::{Deserializer, Error};

use super::env_file::{self, Name};
use super::printed;
use crate::check::fixes::{GenerateSecret, SecretFormat};
use crate::check::{Fix, Hits, Scan, bounds};
use crate::facts::{Env, EnvState, Facts};
use crate::lang::dotenv::EnvEntry;
use crate::lang::{SourceFile, shell};
use crate::model::{CheckError, Finding, Need, Observation, Place, RepoPath, RuleId};
use crate::secret::digests::digest_of_word;
use crate::secret::guessable::common_knowledge;
use crate::secret::known_keys::known_key;
use crate::secret::placeholder::{is_command, is_placeholder};
use crate::secret::references;
use crate::secret::strength::estimate;

/// A variable of an env file holds a secret that nobody can guess: it is set,
/// is not a placeholder, a publicly known key, a command or a digest of a word, stands
/// in no text file that git tracks, holds no control character, and carries enough
/// bits, also without the variables that its readers expand. A file that cannot be
/// read, or that is larger than 8 MiB, leaves the check undecided.
///
/// The bits of a value are its length times those of its alphabet (4 for a
/// hexadecimal digit, 6 for a character of Base64), less what words, dates,
/// keyboard walks and repetitions give away, also when they are written in Base64
/// or in hexadecimal digits. The value is never shown.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SecretStrength {
    /// The env file. Without it: where the checklist's `environment` says that
    /// production's variables are seen.
    file: Option<RepoPath>,
    /// The variable.
    key: Name,
    /// The least number of bits, from 1 to 1024.
    #[serde(default = "customary_bits", deserialize_with = "bits_in_reason")]
    #[schemars(range(min = 1, max = 1024))]
    min_bits: u16,
}

/// What NIST SP 800-131A asks of any key.
fn customary_bits() -> u16 {
    128
}

fn bits_in_reason<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    match u16::deserialize(deserializer)? {
        bits @ 1..=1024 => Ok(bits),
        other => Err(D::Error::custom(format!("`{other}` is not from 1 to 1024 bits"))),
    }
}

const NOT_SET: RuleId = RuleId::new("secret_strength.not_set");
const EMPTY: RuleId = RuleId::new("secret_strength.empty");
const KNOWN: RuleId = RuleId::new("secret_strength.publicly_known");
const PLACEHOLDER: RuleId = RuleId::new("secret_strength.placeholder");
const COMMAND: RuleId = RuleId::new("secret_strength.command");
const CONTROL: RuleId = RuleId::new("secret_strength.control_character");
const REFERENCE: RuleId = RuleId::new("secret_strength.reference");
const EXPANDED: RuleId = RuleId::new("secret_strength.expanded");
const DIGEST: RuleId = RuleId::new("secret_strength.digest");
const PRINTED: RuleId = RuleId::new("secret_strength.printed");
const WEAK: RuleId = RuleId::new("secret_strength.weak");
const UNREAD: RuleId = RuleId::new("secret_strength.unread");

/// As many as `secrets.token_hex(32)` takes; more where more is asked for, with
/// some to spare, since an estimate takes off what looks like a pattern.
fn random_bytes(min_bits: u16) -> usize {
    (usize::from(min_bits).div_ceil(8) + 8).max(32)
}

/// A file in which the value was met.
pub(crate) struct Met(RepoPath);

impl Scan for SecretStrength {
    type Hit = Met;

    fn wants(&self, _: &RepoPath) -> bool {
        true
    }

    fn sought(&self, cx: &Facts<'_>) -> Result<Option<Vec<String>>, CheckError> {
        let environment = env_file::place(cx, self.file.as_ref());
        // what cannot be looked at is told when it is judged
        let state = cx.get::<EnvState>(&environment).ok();
        let env = state.as_ref().and_then(|state| state.env());
        let forms = env.map(|env| forms(env, self.key.as_str()));
        Ok(forms.filter(|forms| !forms.is_empty()))
    }

    fn look(&self, file: &SourceFile, hits: &mut Vec<Met>) {
        hits.push(Met(file.path().clone()));
    }

    fn judge(&self, cx: &Facts<'_>, hits: Hits<Met>) -> Result<Observation, CheckError> {
        let key = self.key.as_str();
        let environment = env_file::place(cx, self.file.as_ref());
        let place = format!("`{key}` in {environment}");
        let state = match env_file::load(cx, &environment)? {
            Ok(state) => state,
            Err(observation) => return Ok(observation),
        };
        let Some(env) = state.env() else { return Ok(Observation::not_applicable(place)) };
        let Some(entry) = env.file().get(key) else {
            let finding = self.helped(env, env_file::not_set(env, NOT_SET, key));
            return Ok(Observation::judge(vec![finding], place));
        };
        let against = |rule, against: String| {
            let finding = self.finding(env, rule, entry, &against);
            Observation::judge(vec![finding], place.clone())
        };
        let value = entry.value.expose_secret();
        let project = cx.project();
        let hints = hints(key, &project);
        if let Some((rule, said)) = unfit(value, &hints) {
            return Ok(against(rule, said));
        }
        if let Some(start) = references::start(value) {
            return Ok(Observation::undecided(self.reference(env, entry, start), place));
        }
        let few = |value: &str| estimate(value, &hints).floor() < f64::from(self.min_bits);
        let kept = if env.path().is_some() { unexpanded(value) } else { value.to_owned() };
        let named = env.path().is_some() && value.contains("${");
        if named && few(&kept) {
            return Ok(Observation::undecided(self.expanded(env, entry), place));
        }
        let bits = estimate(value, &hints).floor();
        if few(value) {
            let said = format!("carries about {bits} bits, at least {} are needed", self.min_bits);
            return Ok(against(WEAK, said));
        }
        let met: Vec<RepoPath> = hits.all.into_iter().map(|Met(path)| path).collect();
        let forms: Vec<SecretString> =
            forms(env, key).into_iter().map(SecretString::from).collect();
        if let Some(printed) = printed::place(cx, &met, &forms)? {
            let finding = match env.path() == Some(&printed.path) {
                true => self.tracked(env, entry, &printed),
                false => {
                    let said = format!("is printed in `{printed}`, which git tracks");
                    self.finding(env, PRINTED, entry, &said).at(printed)
                }
            };
            return Ok(Observation::judge(vec![finding], place));
        }
        let needs = bounds::unread(UNREAD, &hits.unread);
        if kept != value && few(&kept) {
            let seen = Observation::undecided(self.expanded(env, entry), place);
            return Ok(seen.needing(needs));
        }
        let seen = Observation::judge(Vec::new(), format!("{place} carries about {bits} bits"));
        Ok(seen.needing(needs))
    }

    /// In the file that was looked at, also where there is none yet: the fix
    /// creates it. What is not in a file here has no fix.
    fn fixes(&self, seen: &Observation) -> Vec<Arc<dyn Fix>> {
        let findings = seen.findings.iter().filter_map(Finding::place);
        // a file that was not read is no place to write a secret into
        let needs = seen.needs.iter().filter(|need| need.rule != UNREAD);
        let place = findings.chain(needs.filter_map(Need::place)).next();
        let fix = place.map(|place| {
            Arc::new(GenerateSecret {
                file: place.path.clone(),
                key: self.key.as_str().to_owned(),
                bytes: random_bytes(self.min_bits),
                format: SecretFormat::Hex,
            }) as Arc<dyn Fix>
        });
        fix.into_iter().collect()
    }
}

impl SecretStrength {
    /// The secret itself is kept elsewhere.
    fn reference(&self, env: &Env, entry: &EnvEntry, start: &str) -> Need {
        let key = self.key.as_str();
        let message = format!(
            "`{key}` begins with `{start}`: it names where the secret is kept, or is encrypted"
        );
        let subject = env_file::subject(env.environment()).and(key);
        Need::new(REFERENCE, subject, message)
            .at_all(env.place(entry))
            .help("look at the secret where it is kept, and sign for what you saw")
    }

    /// The env file itself is shared with everybody who has the repository.
    fn tracked(&self, env: &Env, entry: &EnvEntry, place: &Place) -> Finding {
        let path = &place.path;
        let against = format!("stands in `{path}`, which git tracks: whoever has the repository");
        self.finding(env, PRINTED, entry, &format!("{against} knows it")).help(format!(
            "run `git rm --cached {word}`, ignore `{path}`, and make a new value: `gonogo secret --write {key} --file {word}`",
            word = shell::word(path),
            key = self.key.as_str(),
        ))
    }

    /// What its readers put in the place of a variable is not known.
    fn expanded(&self, env: &Env, entry: &EnvEntry) -> Need {
        let message = format!(
            "`{}` holds a variable that its readers expand, and the rest carries too few bits",
            self.key.as_str()
        );
        let subject = env_file::subject(env.environment()).and(self.key.as_str());
        Need::new(EXPANDED, subject, message)
            .at_all(env.place(entry))
            .help("write the secret itself, in hexadecimal digits")
    }

    fn finding(&self, env: &Env, rule: RuleId, entry: &EnvEntry, against: &str) -> Finding {
        let message = format!("`{}` {against}", self.key.as_str());
        let finding = env_file::finding(env, rule, entry, message);
        self.helped(env, finding)
    }

    fn helped(&self, env: &Env, finding: Finding) -> Finding {
        if finding.help.is_some() {
            return finding;
        }
        let key = self.key.as_str();
        match env.path() {
            Some(path) if path.to_string() == ".env" => {
                finding.help(format!("run `gonogo secret --write {key}`"))
            }
            Some(path) => finding
                .help(format!("run `gonogo secret --write {key} --file {}`", shell::word(path))),
            None => finding.help(format!(
                "set `{key}` to the output of `gonogo secret` where the process gets its variables"
            )),
        }
    }
}

/// A value without what a reader may take for a variable and replace: `${NAME}`
/// and `$NAME`.
fn unexpanded(value: &str) -> String {
    let mut kept = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('$') {
        kept.push_str(before);
        rest = match after.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
            Some((_, behind)) => behind,
            None => after.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_'),
        };
    }
    kept.push_str(rest);
    kept
}

/// Whether a value holds a control character: no process sees what follows a
/// NUL, and readers differ about the others. A key may have several lines.
fn holds_control(value: &str) -> bool {
    let lines = value.replace("\r\n", "\n");
    lines.chars().any(|c| c.is_control() && c != '\n' && c != '\t')
}

/// What stands against a value, whatever its bits.
fn unfit(value: &str, hints: &[&str]) -> Option<(RuleId, String)> {
    if value.trim().is_empty() {
        Some((EMPTY, "is empty".to_owned()))
    } else if holds_control(value) {
        let said = "holds a control character, at which its readers cut or refuse it";
        Some((CONTROL, said.to_owned()))
    } else if let Some(source) = known_key(value) {
        Some((KNOWN, format!("is a publicly known key: it is printed in {source}")))
    } else if let Some(what) = common_knowledge(value) {
        Some((KNOWN, format!("is publicly known: it is {what}")))
    } else if is_command(value) {
        let said = "holds a command, which its readers take as text and nobody runs";
        Some((COMMAND, said.to_owned()))
    } else if is_placeholder(value) {
        Some((PLACEHOLDER, "holds a placeholder".to_owned()))
    } else {
        let name = digest_of_word(value, hints)?;
        Some((DIGEST, format!("is the {name} digest of a word that is tried first")))
    }
}

/// What to look for in other files; nothing when the value is not a secret of its own.
fn forms(env: &Env, key: &str) -> Vec<String> {
    let Some(entry) = env.file().get(key) else { return Vec::new() };
    let value = entry.value.expose_secret();
    match is_placeholder(value) || holds_control(value) || references::start(value).is_some() {
        true => Vec::new(),
        false => printed::forms(env, entry),
    }
}

/// Words that somebody who guesses would try first.
fn hints<'a>(key: &'a str, project: &'a str) -> Vec<&'a str> {
    let parts = |name: &'a str| name.split(['_', '-', '.', ' ']).filter(|word| word.len() > 2);
    let usual = ["flask", "django", "jwt", "session", "production", "development"];
    parts(key).chain(parts(project)).chain([key, project]).chain(usual).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_told() {
        for (yaml, said) in [
            ("{}", "missing field `key`"),
            ("key: SECRET KEY", "not a valid name"),
            ("{ key: A, min_bits: 0 }", "not from 1 to 1024"),
            ("{ key: A, min_bits: 2000 }", "not from 1 to 1024"),
            ("{ key: A, file: ../.env }", "leaves the repository"),
            ("{ key: A, bits: 1 }", "unknown field `bits`"),
        ] {
            let value = serde_yaml::from_str(yaml).expect("YAML");
            let mistakes = crate::check::decode::decode::<SecretStrength>(&value).expect_err(yaml);
            assert!(mistakes.iter().any(|m| m.message.contains(said)), "{yaml}: {mistakes:?}");
        }
    }

    #[test]
    fn known_keys_are_named_and_no_value_is_said() {
        let unfit = |value| unfit(value, &[]).map(|(_, said)| said);
        assert_eq!(
            unfit("dev").as_deref(),
            Some("is a publicly known key: it is printed in the Flask tutorial")
        );
        assert_eq!(unfit("changeme").as_deref(), Some("holds a placeholder"));
        assert_eq!(unfit("9f2c1b7e4d8a6053f1e2d3c4b5a69788"), None);
    }
}
