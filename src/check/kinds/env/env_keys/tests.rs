use schemars::SchemaGenerator;

use super::*;

fn read(yaml: &str) -> Result<EnvKeys, String> {
    let value = serde_yaml::from_str(yaml).expect("YAML");
    crate::check::decode::decode::<EnvKeys>(&value)
        .map_err(|mistakes| mistakes.iter().map(|m| format!("{:?}: {m}\n", m.path)).collect())
}

#[test]
fn parameters_are_read() {
    let check =
        read("{ file: conf/prod.env, required: { A: any, B: { equals: x } }, optional: [C, D] }")
            .expect("parameters");
    assert_eq!(check.file, crate::model::RepoPath::new("conf/prod.env").ok());
    let names: Vec<_> = check.required.0.keys().map(Name::as_str).collect();
    assert_eq!(names, ["A", "B"]);
    assert!(matches!(check.optional.0.values().next(), Some(Form::Any)));
    assert_eq!(read("required: [A]").expect("parameters").file, None);
}

#[test]
fn mistakes_are_told() {
    for (yaml, said) in [
        ("{}", "names no variable"),
        ("required: []", "names no variable"),
        ("{ required: [A], optional: [A] }", "both required and optional"),
        ("required: [A, A]", "named twice"),
        ("required: A", "expected a map such as"),
        ("required: { 'A B': any }", "not a valid name"),
        ("required: [1A]", "not a valid name"),
        ("required: { A: uri }", "unknown variant `uri`"),
        ("required: { A: { min_length: x } }", "invalid type"),
        ("{ required: [A], fiel: .env }", "unknown field `fiel`"),
        ("{ required: [A], file: /etc/env }", "absolute"),
    ] {
        let error = read(yaml).expect_err(yaml);
        assert!(error.contains(said), "{yaml}: {error}");
    }
}

#[test]
fn the_schema_takes_both_ways_of_writing() {
    let mut generator = SchemaGenerator::default();
    let schema = serde_json::to_string(&EnvKeys::json_schema(&mut generator)).expect("JSON");
    assert!(schema.contains("Looks into an env file"), "{schema}");
    assert!(schema.contains("additionalProperties\":false"), "{schema}");
    let definitions = serde_json::to_string(generator.definitions()).expect("JSON");
    for word in ["min_length", "anyOf", "propertyNames", "uniqueItems"] {
        assert!(definitions.contains(word), "{word}: {definitions}");
    }
}
