//! A case for each keyword, and the cases of `keywords.yaml`.

use openapi_convert::{Converted, KEYWORDS, NoteKind, Part, Version, convert};
use openapi_text::{Diagnostics, yaml};
use serde_json::{Map, Value, json};

fn parse(name: &str, text: &str) -> Value {
    let mut diagnostics = Diagnostics::default();
    let value = yaml::parse(name, text.as_bytes(), &mut diagnostics);
    let errors: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
    value.unwrap_or_else(|| panic!("{name}: {errors:?}"))
}

/// Adds the required fields that a document lacks.
fn complete(version: Version, fields: &Value) -> Value {
    let mut document = match version {
        Version::V2_0 => json!({"swagger": "2.0"}),
        _ => json!({"openapi": format!("{version}.0")}),
    };
    document["info"] = json!({"title": "T", "version": "1"});
    for (key, value) in fields.as_object().expect("a map") {
        document[key] = value.clone();
    }
    document
}

/// Returns a document with the schema `S`, and with the schema `A`.
fn with_schema(version: Version, schema: &Value) -> Value {
    let schemas = json!({"A": {}, "S": schema});
    match version {
        Version::V2_0 => complete(version, &json!({"definitions": schemas, "paths": {}})),
        _ => complete(
            version,
            &json!({"components": {"schemas": schemas}, "paths": {}}),
        ),
    }
}

/// Converts a schema, and returns the schemas of the result but for `A`.
fn convert_schema(version: Version, schema: &Value) -> (Map<String, Value>, Vec<String>) {
    let converted = convert(with_schema(version, schema)).expect("a document");
    let mut schemas = converted.document["components"]["schemas"]
        .as_object()
        .expect("schemas")
        .clone();
    schemas.remove("A");
    (schemas, notes(&converted))
}

fn notes(converted: &Converted) -> Vec<String> {
    let pointer = |pointer: &str| {
        let relative = ["/components/schemas/S", "/definitions/S"]
            .iter()
            .find_map(|prefix| pointer.strip_prefix(prefix));
        relative.map_or_else(|| pointer.to_owned(), |pointer| format!("S{pointer}"))
    };
    converted
        .notes
        .iter()
        .map(|note| format!("{:?} {} {}", note.kind, note.code, pointer(&note.pointer)))
        .collect()
}

fn documented_version(text: &str) -> Version {
    let versions = [Version::V2_0, Version::V3_0, Version::V3_1, Version::V3_2];
    let found = versions
        .into_iter()
        .find(|version| version.to_string() == text);
    found.unwrap_or_else(|| panic!("unknown version {text}"))
}

#[test]
fn converts_the_example_of_each_keyword() {
    let mut failures = Vec::new();
    for keyword in KEYWORDS {
        let from = parse(keyword.name, keyword.from);
        let mut to = parse(keyword.name, keyword.to);
        for version in keyword.versions {
            let (result, kinds) = if keyword.part == Part::Schema {
                let converted = convert(with_schema(*version, &from)).expect("a document");
                let schema = converted.document["components"]["schemas"]["S"].clone();
                (schema, converted.notes)
            } else {
                let mut from = complete(*version, &from);
                if keyword.name != "paths" && from.get("paths").is_none() {
                    from["paths"] = json!({});
                }
                to = complete(Version::V3_0, &to);
                to["openapi"] = "3.0.3".into();
                if to.get("paths").is_none() {
                    to["paths"] = json!({});
                }
                let converted = convert(from).expect("a document");
                (converted.document, converted.notes)
            };
            if result != to {
                failures.push(format!("{} {version}: {result}, not {to}", keyword.name));
            }
            let found: Vec<(NoteKind, &str)> =
                kinds.iter().map(|note| (note.kind, note.code)).collect();
            let expected: Vec<(NoteKind, &str)> = keyword
                .note
                .map(|kind| (kind, keyword.name))
                .into_iter()
                .collect();
            if found != expected {
                failures.push(format!("{} {version}: notes {kinds:?}", keyword.name));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn names_of_keywords_are_unique() {
    let names: std::collections::BTreeSet<&str> =
        KEYWORDS.iter().map(|keyword| keyword.name).collect();
    assert_eq!(names.len(), KEYWORDS.len());
}

#[test]
fn converts_each_case() {
    let cases = parse("keywords.yaml", include_str!("keywords.yaml"));
    let mut failures = Vec::new();
    for case in cases.as_array().expect("a list") {
        let name = case["case"].as_str().expect("a name");
        for version in case["versions"].as_array().expect("versions") {
            let version = documented_version(version.as_str().expect("a version"));
            let mut expected = case["becomes"].clone();
            let (result, notes) = if let Some(schema) = case.get("schema") {
                let (schemas, notes) = convert_schema(version, schema);
                if case.get("schemas").is_some() {
                    expected = case["schemas"].clone();
                    (Value::Object(schemas), notes)
                } else {
                    (schemas["S"].clone(), notes)
                }
            } else {
                let converted = convert(complete(version, &case["document"])).expect("a document");
                let notes = notes(&converted);
                let mut document = converted.document;
                for (key, value) in [("info", json!({"title": "T", "version": "1"}))] {
                    if document[key] == value {
                        document.as_object_mut().expect("a map").remove(key);
                    }
                }
                assert_eq!(document["openapi"], "3.0.3");
                document.as_object_mut().expect("a map").remove("openapi");
                (document, notes)
            };
            if result != expected {
                failures.push(format!("{name} {version}: {result}, not {expected}"));
            }
            let expected = case.get("notes").and_then(Value::as_array);
            let expected: Vec<String> = expected
                .into_iter()
                .flatten()
                .map(|note| note.as_str().expect("a note").to_owned())
                .collect();
            if notes != expected {
                failures.push(format!(
                    "{name} {version}: notes {notes:?}, not {expected:?}"
                ));
            }
            for note in &notes {
                let code = |note: &str| {
                    KEYWORDS
                        .iter()
                        .any(|row| note.contains(&format!(" {} ", row.name)))
                };
                assert!(code(note), "{name}: {note} has no row");
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
