//! `secret_strength`: a secret of an env file that nobody can guess.

use std::sync::Arc;

use schemars::JsonSchema;
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde::de::{Deserializer, Error};

use super::env_file::{self, Name};
use crate::check::fixes::{GenerateSecret, SecretFormat};
use crate::check::{Check, Fix};
use crate::facts::{Env, Facts};
use crate::lang::dotenv::EnvEntry;
use crate::model::{CheckError, Finding, Need, Observation, RepoPath, RuleId};
use crate::secret::known_keys::known_key;
use crate::secret::placeholder::is_placeholder;
use crate::secret::strength::estimate;

/// A variable of an env file holds a secret that nobody can guess: it is set,
/// is no placeholder and no publicly known key, and carries enough bits.
///
/// The bits of a value are its length times those of its alphabet (4 for a
/// hexadecimal digit, 6 for a character of Base64), less what words, dates,
/// keyboard walks and repetitions give away. The value is never shown.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretStrength {
    /// The env file.
    #[serde(default = "env_file::default_path")]
    #[schemars(extend("default" = ".env"))]
    file: RepoPath,
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
const WEAK: RuleId = RuleId::new("secret_strength.weak");

/// As many as `secrets.token_hex(32)` takes; more where more is asked for, with
/// some to spare, since an estimate takes off what looks like a pattern.
fn random_bytes(min_bits: u16) -> usize {
    (usize::from(min_bits).div_ceil(8) + 8).max(32)
}

impl Check for SecretStrength {
    fn judge(&self, cx: &Facts<'_>) -> Result<Observation, CheckError> {
        let key = self.key.as_str();
        let place = format!("`{key}` in `{}`", self.file);
        let state = match env_file::load(cx, &self.file)? {
            Ok(state) => state,
            Err(observation) => return Ok(observation),
        };
        let Some(env) = state.env() else { return Ok(Observation::not_applicable(place)) };
        let Some(entry) = env.file().get(key) else {
            let finding = self.helped(env_file::not_set(env, NOT_SET, key));
            return Ok(Observation::judge(vec![finding], place));
        };
        let value = entry.value.expose_secret();
        if let Some((rule, against)) = unfit(value) {
            let finding = self.finding(env, rule, entry, &against);
            return Ok(Observation::judge(vec![finding], place));
        }
        let bits = estimate(value, &hints(key)).floor();
        if bits < f64::from(self.min_bits) {
            let against =
                format!("carries about {bits} bits, at least {} are needed", self.min_bits);
            let finding = self.finding(env, WEAK, entry, &against);
            return Ok(Observation::judge(vec![finding], place));
        }
        Ok(Observation::judge(Vec::new(), format!("{place} carries about {bits} bits")))
    }

    /// In the file that was looked at, also where there is none yet: the fix
    /// creates it. What is not in a file here has no fix.
    fn fixes(&self, seen: &Observation) -> Vec<Arc<dyn Fix>> {
        let findings = seen.findings.iter().filter_map(Finding::place);
        let place = findings.chain(seen.needs.iter().filter_map(Need::place)).next();
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
    fn finding(&self, env: &Env, rule: RuleId, entry: &EnvEntry, against: &str) -> Finding {
        let message = format!("`{}` {against}", self.key.as_str());
        let finding = env_file::finding(env, rule, entry, message);
        self.helped(finding)
    }

    fn helped(&self, finding: Finding) -> Finding {
        if finding.help.is_some() {
            return finding;
        }
        finding.help(format!("run `gonogo secret --write {}`", self.key.as_str()))
    }
}

/// What stands against a value, whatever its bits.
fn unfit(value: &str) -> Option<(RuleId, String)> {
    if value.trim().is_empty() {
        Some((EMPTY, "is empty".to_owned()))
    } else if let Some(source) = known_key(value) {
        Some((KNOWN, format!("is a publicly known key: it is printed in {source}")))
    } else if is_placeholder(value) {
        Some((PLACEHOLDER, "holds a placeholder".to_owned()))
    } else {
        None
    }
}

/// Words that somebody who guesses would try first.
fn hints(key: &str) -> Vec<&str> {
    let own = key.split('_').filter(|word| word.len() > 2);
    own.chain(["flask", "django", "jwt", "session", "production", "development"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_told() {
        for (yaml, said) in [
            ("{}", "missing field `key`"),
            ("key: SECRET KEY", "no name of a variable"),
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
        let unfit = |value| unfit(value).map(|(_, said)| said);
        assert_eq!(
            unfit("dev").as_deref(),
            Some("is a publicly known key: it is printed in the Flask tutorial")
        );
        assert_eq!(unfit("changeme").as_deref(), Some("holds a placeholder"));
        assert_eq!(unfit("9f2c1b7e4d8a6053f1e2d3c4b5a69788"), None);
    }
}
