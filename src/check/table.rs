//! The table of kinds: everything that knows kinds by name follows from it.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde_yaml::Value;

use super::Check;
use super::decode::{self, Mistake};

/// A check made from its parameters, or every mistake in them.
pub type Parsed = Result<Box<dyn Check>, Vec<Mistake>>;

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
    kind::<super::kinds::env::env_distinct::EnvDistinct>("env_distinct"),
    kind::<super::kinds::env::env_keys::EnvKeys>("env_keys"),
    kind::<super::kinds::files::file_mode::FileModes>("file_mode"),
    kind::<super::kinds::files::file_present::FilePresent>("file_present"),
    kind::<super::kinds::git::git_clean::GitClean>("git_clean"),
    kind::<super::kinds::git::git_history_without::GitHistoryWithout>("git_history_without"),
    kind::<super::kinds::git::git_ignored::GitIgnored>("git_ignored"),
    kind::<super::kinds::git::git_pushed::GitPushed>("git_pushed"),
    kind::<super::kinds::git::git_untracked::GitUntracked>("git_untracked"),
    kind::<super::kinds::settings::hardcoded_setting::HardcodedSetting>("hardcoded_setting"),
    kind::<super::kinds::env::secret_strength::SecretStrength>("secret_strength"),
    kind::<super::kinds::files::text::Text>("text"),
    kind::<super::kinds::files::todo::Todo>("todo"),
];

/// The kind of that name.
pub fn find(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}

const fn kind<T>(name: &'static str) -> Kind
where
    T: Check + DeserializeOwned + JsonSchema + 'static,
{
    Kind {
        name,
        parse: |value| Ok(Box::new(decode::decode::<T>(value)?)),
        schema: |generator| generator.subschema_for::<T>(),
    }
}
