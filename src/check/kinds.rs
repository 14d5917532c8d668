//! The table of kinds: everything that knows kinds by name follows from it.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde_yaml::Value;

use super::Check;
use super::decode::{self, Mistake};

/// One kind of check.
pub struct Kind {
    /// Its name in YAML.
    pub name: &'static str,
    /// Reads the parameters.
    pub parse: fn(&Value) -> Result<Box<dyn Check>, Vec<Mistake>>,
    /// The schema of the parameters; its description is the doc comment of the struct.
    pub schema: fn(&mut SchemaGenerator) -> Schema,
}

/// All kinds, by name.
pub const KINDS: &[Kind] =
    &[kind::<super::hardcoded_setting::HardcodedSetting>("hardcoded_setting")];

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
