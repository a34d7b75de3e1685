//! Names of components in one namespace.

use super::common::{codes, document, read, source, try_read, value};
use gallery_documents::ComponentNames;
use serde_json::{Value, json};

/// Returns a document with a path whose response is a schema `Bed`.
fn with_bed(path: &str, bed: &str) -> String {
    document(
        &format!(
            "{{{path}: {{get: {{responses: {{'200': {{description: OK, content: {{application/json: {{schema: {{$ref: '#/components/schemas/Bed'}}}}}}}}}}}}}}}}"
        ),
        &format!("{{Bed: {bed}}}"),
    )
}

/// Returns the schema of the response of a path.
fn schema(document: &Value, path: &str) -> String {
    let pointer =
        format!("/paths/~1{path}/get/responses/200/content/application~1json/schema/$ref");
    let reference = document.pointer(&pointer).and_then(Value::as_str);
    reference
        .unwrap_or_default()
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn the_most_frequent_variant_keeps_the_name() {
    let number = with_bed("/a", "{type: number}");
    let string = with_bed("/b", "{type: string}");
    let again = with_bed("/c", "{type: string, description: A bed, example: x}");
    let files = [
        ("g-beds-api-openapi.yml", number.as_str()),
        ("g-plants-api-openapi.yml", string.as_str()),
        ("g-trees-api-openapi.yml", again.as_str()),
    ];
    let (draft, diagnostics) = read(&files);
    let document = value(&draft);
    assert_eq!(
        ["a", "b", "c"].map(|path| schema(&document, path)),
        ["BedsBed", "Bed", "Bed"]
    );
    assert_eq!(
        codes(&diagnostics),
        ["repaired renamed-component s/g-beds-api-openapi.yml#/components/schemas/Bed"]
    );
    let expected: ComponentNames = [
        ("Bed", "g-plants-api-openapi.yml#/components/schemas/Bed"),
        ("BedsBed", "g-beds-api-openapi.yml#/components/schemas/Bed"),
    ]
    .map(|(name, location)| (name.to_owned(), location.to_owned()))
    .into();
    assert_eq!(draft.component_names, expected);

    // The names stay if a document is added that would change them.
    let added = with_bed("/d", "{type: number, title: Bed}");
    let more = with_bed("/e", "{type: number}");
    let mut files = files.to_vec();
    files.splice(
        0..0,
        [("g-a.yml", added.as_str()), ("g-e.yml", more.as_str())],
    );
    let (draft, _) = try_read(&source(&files), &expected);
    let draft = draft.expect("a draft");
    assert_eq!(draft.component_names, expected);
    assert_eq!(schema(&value(&draft), "d"), "BedsBed");
    let (draft, _) = try_read(&source(&files), &ComponentNames::new());
    assert_eq!(schema(&value(&draft.expect("a draft")), "d"), "Bed");
}

#[test]
fn names_become_valid_and_unique() {
    let long = "L".repeat(300);
    let names = ["", "Self", "List<Bed>", "List Bed", long.as_str()];
    let schemas: Vec<String> = names
        .iter()
        .enumerate()
        .map(|(at, name)| format!("'{name}': {{type: string, minLength: {at}}}"))
        .collect();
    let properties: Vec<String> = names
        .iter()
        .enumerate()
        .map(|(at, name)| format!("p{at}: {{$ref: '#/components/schemas/{name}'}}"))
        .collect();
    let mut text = with_bed(
        "/a",
        &format!(
            "{{type: object, properties: {{{}}}}}",
            properties.join(", ")
        ),
    );
    text = text.replace(
        "schemas: {",
        &format!("schemas: {{{}, ", schemas.join(", ")),
    );
    let (draft, _) = read(&[("openapi.yml", &text)]);
    let document = value(&draft);
    let properties = &document["components"]["schemas"]["Bed"]["properties"];
    let found: Vec<&str> = (0..names.len())
        .filter_map(|at| {
            properties[format!("p{at}")]["$ref"]
                .as_str()?
                .rsplit('/')
                .next()
        })
        .collect();
    assert_eq!(
        found,
        ["Schema", "Self", "ListBed_2", "ListBed", long.as_str()]
    );
    for (at, name) in found.iter().enumerate() {
        assert_eq!(
            document["components"]["schemas"][name]["minLength"],
            json!(at)
                .as_u64()
                .filter(|it| *it > 0)
                .map_or(json!(0), Value::from)
        );
    }
}

#[test]
fn renamed_schemas_keep_the_values_of_their_discriminator() {
    let schemas = |limit: usize| {
        format!(
            "{{Pet: {{oneOf: [{{$ref: '#/components/schemas/Cat'}}], discriminator: {{propertyName: kind}}}}, Cat: {{type: object, properties: {{kind: {{type: string, maxLength: {limit}}}}}}}}}"
        )
    };
    let of = |path: &str, limit: usize| {
        with_bed(path, "1")
            .replace("schemas/Bed", "schemas/Pet")
            .replace("{Bed: 1}", &schemas(limit))
    };
    let (draft, _) = read(&[("a.yml", &of("/a", 1)), ("b.yml", &of("/b", 2))]);
    let document = value(&draft);
    assert_eq!(
        document["components"]["schemas"]["BPet"]["discriminator"]["mapping"],
        json!({"Cat": "#/components/schemas/BCat"})
    );
    assert_eq!(
        document["components"]["schemas"]["Pet"]["discriminator"],
        json!({"propertyName": "kind"})
    );
}

#[test]
fn schemas_that_extend_a_discriminated_schema_are_kept_and_mapped() {
    let schemas = |limit: usize| {
        format!(
            "{{Pet: {{type: object, required: [kind], properties: {{kind: {{type: string, maxLength: {limit}}}}}, discriminator: {{propertyName: kind}}}}, Cat: {{allOf: [{{$ref: '#/components/schemas/Pet'}}, {{type: object}}]}}, Kitten: {{allOf: [{{$ref: '#/components/schemas/Cat'}}]}}, Other: {{type: string}}}}"
        )
    };
    let of = |path: &str, limit: usize| {
        with_bed(path, "1")
            .replace("schemas/Bed", "schemas/Pet")
            .replace("{Bed: 1}", &schemas(limit))
    };
    let (draft, _) = read(&[("a.yml", &of("/a", 1)), ("b.yml", &of("/b", 2))]);
    let document = value(&draft);
    let names: Vec<&String> = document["components"]["schemas"]
        .as_object()
        .into_iter()
        .flat_map(|all| all.keys())
        .collect();
    assert_eq!(names, ["BCat", "BKitten", "BPet", "Cat", "Kitten", "Pet"]);
    assert_eq!(
        document["components"]["schemas"]["BPet"]["discriminator"]["mapping"],
        json!({"Cat": "#/components/schemas/BCat", "Kitten": "#/components/schemas/BKitten"})
    );
}
