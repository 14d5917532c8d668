//! The JSON Schema of checklist files, generated from the types that read them.

use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use serde_json::Value;

use super::raw::RawChecklist;

/// The JSON Schema (draft 2020-12) of a checklist file, for editors.
pub(crate) fn schema() -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.transforms.push(Box::new(RecursiveTransform(without_null)));
    settings.into_generator().into_root_schema_for::<RawChecklist>().to_value()
}

/// A field is left out, not given as null.
fn without_null(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|kind| kind != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            object.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(variants)) = object.get_mut("anyOf") {
        variants.retain(|variant| variant.get("type").is_none_or(|kind| kind != "null"));
        if let [Value::Object(only)] = variants.as_mut_slice() {
            let only = std::mem::take(only);
            object.remove("anyOf");
            for (key, value) in only {
                object.entry(key).or_insert(value);
            }
        }
    }
    if object.get("default").is_some_and(Value::is_null) {
        object.remove("default");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::table::KINDS;

    #[test]
    fn every_kind_and_field_is_in_it() {
        let schema = schema();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        let kinds = schema["$defs"]["Check"]["properties"].as_object().expect("kinds");
        assert_eq!(kinds.len(), KINDS.len());
        for kind in KINDS {
            assert!(kinds.contains_key(kind.name), "{}", kind.name);
        }
        // an override and a file of mere includes leave nearly all out
        assert!(schema.get("required").is_none(), "{schema:#}");
        let item = &schema["$defs"]["Item"];
        assert_eq!(item["required"], serde_json::json!(["id"]));
        assert_eq!(item["additionalProperties"], false);
        assert!(item["properties"]["check"]["description"].is_string(), "{item}");
        assert!(!schema.to_string().contains("\"null\""), "{schema:#}");
        for (at, fields) in [
            (&schema, &["requires", "environment"][..]),
            (&schema["$defs"]["Gate"], &["waivers", "overrule", "uncommitted", "ledger"]),
            (item, &["failing", "waive", "when_undecided"]),
        ] {
            for field in fields {
                assert!(at["properties"][field]["description"].is_string(), "{field}: {at:#}");
            }
        }
        let words = &schema["$defs"]["Environment"]["anyOf"][0]["enum"];
        assert_eq!(words, &serde_json::json!(["process", "elsewhere"]));
    }
}
