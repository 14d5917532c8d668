//! The table of kinds: everything that knows kinds by name follows from it.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde_yaml::Value;

use std::sync::Arc;

use super::decode::{self, Mistake};
use super::{AnyCheck, Check, Scan};

/// A check made from its parameters, or every mistake in them.
pub type Parsed = Result<AnyCheck, Vec<Mistake>>;

/// One kind of check.
pub struct Kind {
    /// Its name in YAML.
    pub name: &'static str,
    /// Reads the parameters.
    pub parse: fn(&Value) -> Parsed,
    /// The schema of the parameters; its description is the doc comment of the struct.
    pub schema: fn(&mut SchemaGenerator) -> Schema,
}

/// All kinds, by name.
#[rustfmt::skip]
pub const KINDS: &[Kind] = &[
    check::<super::kinds::env::env_distinct::EnvDistinct>("env_distinct"),
    check::<super::kinds::env::env_keys::EnvKeys>("env_keys"),
    check::<super::kinds::files::file_mode::FileModes>("file_mode"),
    check::<super::kinds::files::file_present::FilePresent>("file_present"),
    check::<super::kinds::git::git_clean::GitClean>("git_clean"),
    check::<super::kinds::git::git_history_without::GitHistoryWithout>("git_history_without"),
    check::<super::kinds::git::git_ignored::GitIgnored>("git_ignored"),
    check::<super::kinds::git::git_pushed::GitPushed>("git_pushed"),
    check::<super::kinds::git::git_untracked::GitUntracked>("git_untracked"),
    scan::<super::kinds::settings::hardcoded_setting::HardcodedSetting>("hardcoded_setting"),
    scan::<super::kinds::files::private_keys::PrivateKeys>("private_keys"),
    check::<super::kinds::env::secret_strength::SecretStrength>("secret_strength"),
    scan::<super::kinds::files::text::Text>("text"),
    scan::<super::kinds::files::todo::Todo>("todo"),
];

/// The kind of that name.
pub fn find(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}

const fn check<T>(name: &'static str) -> Kind
where
    T: Check + DeserializeOwned + JsonSchema + 'static,
{
    Kind {
        name,
        parse: |value| Ok(AnyCheck::Apart(Arc::new(decode::decode::<T>(value)?))),
        schema: |generator| generator.subschema_for::<T>(),
    }
}

const fn scan<T>(name: &'static str) -> Kind
where
    T: Scan + DeserializeOwned + JsonSchema + 'static,
{
    Kind {
        name,
        parse: |value| Ok(AnyCheck::Scan(Arc::new(decode::decode::<T>(value)?))),
        schema: |generator| generator.subschema_for::<T>(),
    }
}
