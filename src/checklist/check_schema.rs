//! The schema of what stands under `check:`, made from the table of kinds.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value};

use crate::check::table::KINDS;

/// What may stand under `check:`.
pub(super) fn check(generator: &mut SchemaGenerator) -> Schema {
    let one = generator.subschema_for::<OneCheck>();
    json_schema!({ "anyOf": [one, { "type": "array", "items": one, "minItems": 1 }] })
}

/// One kind of check with its parameters.
struct OneCheck;

impl JsonSchema for OneCheck {
    fn schema_name() -> Cow<'static, str> {
        "Check".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let properties: Map<String, Value> = KINDS
            .iter()
            .map(|kind| (kind.name.to_owned(), (kind.schema)(generator).to_value()))
            .collect();
        json_schema!({
            "type": "object",
            "description": "One kind of check: the key names it, the value holds its parameters.",
            "properties": properties,
            "additionalProperties": false,
            "minProperties": 1,
            "maxProperties": 1,
        })
    }
}
