use gallery_spec::canonical::Canonical;
use gallery_spec::config::{CodeOptions, TagFeatures};
use openapi_text::Diagnostics;
use serde_json::{Value, json};

use super::*;
use crate::generate::code;
use crate::settings::CodeSettings;

/// Returns the groups of operations with these paths, tags and responses.
fn groups_of(operations: &[(&str, &str, &str)], schemas: Value) -> Groups {
    let mut paths = serde_json::Map::new();
    for (path, tag, response) in operations {
        let tags: Vec<&str> = tag.split(',').filter(|tag| !tag.is_empty()).collect();
        let schema = json!({"$ref": format!("#/components/schemas/{response}")});
        let content = match response.is_empty() {
            true => json!({}),
            false => json!({"application/json": {"schema": schema}}),
        };
        let operation = json!({
            "operationId": format!("get {path}"),
            "tags": tags,
            "responses": {"200": {"description": "", "content": content}},
        });
        paths.insert((*path).to_owned(), json!({"get": operation}));
    }
    let document = json!({
        "openapi": "3.0.3", "info": {"title": "T", "version": "1"},
        "paths": paths, "components": {"schemas": schemas},
    });
    let canonical = Canonical::parse(&document.to_string()).unwrap();
    let mut diagnostics = Diagnostics::default();
    let settings = CodeSettings {
        options: CodeOptions {
            tag_features: TagFeatures::On,
            ..CodeOptions::default()
        },
        ..CodeSettings::default()
    };
    let code = code("", &canonical, &settings, &mut diagnostics).unwrap();
    code.client.groups().unwrap().clone()
}

fn modules(operations: &[(&str, &str, &str)]) -> Vec<(String, Vec<usize>)> {
    let groups = groups_of(operations, json!({})).groups;
    groups
        .into_iter()
        .map(|group| (group.module, group.operations))
        .collect()
}

#[test]
fn names_are_unique_and_usable() {
    let own = |module: &str, operations: &[usize]| (module.to_owned(), operations.to_vec());
    assert_eq!(
        modules(&[
            ("/a", "User Groups,other", ""),
            ("/b", "user-groups", ""),
            ("/c", "types", ""),
            ("/d", "rustls", ""),
            ("/e", "aux", ""),
            ("/f", "type", ""),
            ("/g", "\u{1f600}", ""),
            ("/h", "3D secure", ""),
        ]),
        [
            own("aux_operations", &[4]),
            own("grinning", &[6]),
            own("operations_3d_secure", &[7]),
            own("rustls_operations", &[3]),
            own("type_operations", &[5]),
            own("types_operations", &[2]),
            own("user_groups", &[0, 1]),
        ]
    );
}

#[test]
fn long_names_are_shortened_and_stay_unique() {
    let (one, other) = ("x".repeat(300), "x".repeat(301));
    let modules = modules(&[("/a", &one, ""), ("/b", &other, "")]);
    assert_eq!(modules.len(), 2);
    for (name, _) in modules {
        assert!(name.len() <= gallery_spec::names::MAX_LENGTH, "{name}");
    }
}

#[test]
fn operations_without_tags_are_grouped_by_path() {
    let own = |module: &str, operations: &[usize]| (module.to_owned(), operations.to_vec());
    assert_eq!(
        modules(&[
            ("/api/v1", "", ""),
            ("/api/v1/pets", "", ""),
            ("/api/v1/pets/{id}", "", ""),
            ("/api/v1/stores/{id}/pets", "", ""),
            ("/api/v1/{id}", "", ""),
            ("/other", "Pets", ""),
        ]),
        [
            own("pets", &[1, 2, 5]),
            own("stores", &[3]),
            own("v1", &[0, 4])
        ]
    );
    assert_eq!(
        modules(&[("/", "", ""), ("/{id}", " ", "")]),
        [own("root", &[0, 1])]
    );
}

#[test]
fn types_are_shared_between_the_groups_that_use_them() {
    let object = |properties: Value| json!({"type": "object", "properties": properties});
    let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let groups = groups_of(
        &[
            ("/a", "a", "A"),
            ("/b", "b", "B"),
            ("/c", "c", "C"),
            ("/d", "c", "All"),
        ],
        json!({
            "A": object(json!({"part": reference("Part"), "all": reference("All")})),
            "B": object(json!({"parts": {"type": "array", "items": reference("Part")}, "all": reference("All")})),
            "C": object(json!({"hidden": reference("Hidden")})),
            "Part": object(json!({"own": reference("Part")})),
            "All": object(json!({"id": {"type": "string"}})),
            "Hidden": object(json!({"id": {"type": "string"}})),
            "Unused": object(json!({"hidden": reference("Hidden")})),
        }),
    );
    let own: Vec<Vec<&str>> = groups
        .groups
        .iter()
        .map(|group| group.types.iter().map(String::as_str).collect())
        .collect();
    assert_eq!(own, [vec!["A"], vec!["B"], vec!["C"]]);
    let shared: Vec<(&str, String)> = groups
        .shared
        .keys()
        .map(|name| (name.as_str(), groups.attribute(name)))
        .collect();
    assert_eq!(
        shared,
        [
            ("All", String::new()),
            // A type that no operation uses is always compiled.
            ("Hidden", String::new()),
            (
                "Part",
                "#[cfg(any(feature = \"a\", feature = \"b\"))]\n".to_owned()
            ),
            ("Unused", String::new()),
        ]
    );
}

#[test]
fn types_that_many_groups_use_are_always_compiled() {
    let tags: Vec<(String, String)> = (0..40)
        .map(|index| (format!("/{index}"), format!("tag {index}")))
        .collect();
    let operations: Vec<(&str, &str, &str)> = tags
        .iter()
        .enumerate()
        .map(|(index, (path, tag))| {
            (
                path.as_str(),
                tag.as_str(),
                if index < 20 { "Many" } else { "" },
            )
        })
        .collect();
    let groups = groups_of(
        &operations,
        json!({
            "Many": {"type": "object", "properties": {"inner": {"$ref": "#/components/schemas/Inner"}}},
            "Inner": {"type": "object", "properties": {"id": {"type": "string"}}},
        }),
    );
    for name in ["Many", "Inner"] {
        assert_eq!(groups.shared[name].len(), MAX_FEATURES + 1);
        assert_eq!(groups.attribute(name), "");
    }
}
