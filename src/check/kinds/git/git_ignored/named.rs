//! The paths that are asked about, as they are written.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde::de::{Deserializer, Error};

use crate::model::{RepoPath, miswritten};

/// A path, and whether it was written as a folder.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) path: RepoPath,
    pub(super) folder: bool,
}

impl<'de> Deserialize<'de> for Named {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if let Some(why) = miswritten(&text) {
            return Err(D::Error::custom(why));
        }
        let path = RepoPath::new(&text).map_err(D::Error::custom)?;
        Ok(Self { path, folder: text.ends_with('/') })
    }
}

pub(super) fn at_least_one<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<Named>, D::Error> {
    let paths = Vec::<Named>::deserialize(deserializer)?;
    match paths.is_empty() {
        true => Err(D::Error::custom("the list is empty and names no path; give one")),
        false => Ok(paths),
    }
}

impl JsonSchema for Named {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        RepoPath::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        RepoPath::json_schema(generator)
    }
}
