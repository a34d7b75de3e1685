//! Copies of endpoints, and components with one name.

use super::common::{codes, document, read, source, value};
use gallery_documents::{ComponentNames, Settings, draft};
use gallery_draft::{Choices, Rule, Verdict};
use openapi_text::Diagnostics;
use serde_json::json;

#[test]
fn one_document_keeps_its_types() {
    let text = document(
        "{'/beds/{id}': {get: {operationId: bed, parameters: [{in: path, name: id, required: true, schema: {type: string}}], responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Bed'}}}}}}}}",
        "{Bed: {type: object, properties: {plant: {$ref: '#/components/schemas/Plant'}}}, Plant: {type: string}, Unused: {type: string}}",
    );
    let (draft, diagnostics) = read(&[("openapi.yml", &text)]);
    assert_eq!(codes(&diagnostics), Vec::<String>::new());
    let endpoint = &draft.endpoints[0];
    assert_eq!(endpoint.key.to_string(), "GET /beds/{}");
    assert_eq!(endpoint.listed_id.as_deref(), Some("bed"));
    assert_eq!(endpoint.server.url, "https://g.io");
    let document = value(&draft);
    let schemas = &document["components"]["schemas"];
    assert_eq!(
        *schemas,
        json!({
            "Bed": {"type": "object", "properties": {"plant": {"$ref": "#/components/schemas/Plant"}}},
            "Plant": {"type": "string"},
        })
    );
    assert!(draft.component_names.is_empty());
}

#[test]
fn form_fields_explode_as_written() {
    let body = "{content: {a/b: {schema: {type: object, properties: {a: {}, b: {}, c: {}}}, encoding: {a: {}, b: {explode: false}, c: {style: deepObject}}}}}";
    let text = format!(
        "{{openapi: 3.0.0, info: {{title: Garden, version: '1'}}, paths: {{/a: {{post: {{requestBody: {body}, responses: {{}}}}, put: {{requestBody: {{$ref: '#/components/requestBodies/B'}}, responses: {{}}}}}}}}, components: {{requestBodies: {{B: {body}}}}}}}"
    );
    let (draft, _) = read(&[("openapi.yml", &text)]);
    let document = value(&draft);
    for pointer in ["/paths/~1a/post/requestBody", "/components/requestBodies/B"] {
        let encoding = document.pointer(&format!("{pointer}/content/a~1b/encoding"));
        let explode = ["a", "b", "c"].map(|field| encoding.unwrap()[field]["explode"].clone());
        assert_eq!(
            explode,
            [true.into(), false.into(), false.into()] as [serde_json::Value; 3]
        );
    }
}

#[test]
fn the_server_of_the_document_wins_a_tie() {
    let operation = "{get: {responses: {default: {description: ''}}}}";
    let own = operation.replacen('{', "{servers: [{url: 'https://a.io'}], ", 1);
    let (draft, _) = read(&[(
        "a.yml",
        &document(&format!("{{/a: {own}, /b: {operation}}}"), "{}"),
    )]);
    assert_eq!(draft.server().unwrap().url, "https://g.io");
    let more = format!("{{/a: {own}, /b: {operation}, /c: {own}}}");
    let (draft, _) = read(&[("a.yml", &document(&more, "{}"))]);
    assert_eq!(draft.server().unwrap().url, "https://a.io");
}

#[test]
fn only_documents_that_are_named_have_endpoints() {
    let operation = "get: {responses: {'200': {$ref: 'b.yml#/paths/~1b/get/responses/200'}}}";
    let text = document(&format!("{{/a: {{{operation}}}}}"), "{}");
    let other = document("{/b: {get: {responses: {'200': {description: OK}}}}}", "{}");
    let set = source(&[("a.yml", &text), ("b.yml", &other), ("c/d.yml", &other)]);
    for (documents, expected) in [
        (vec!["s/a.yml"], vec!["GET /a"]),
        (vec!["s/c", "s/a.yml"], vec!["GET /a", "GET /b"]),
        (vec!["s/c"], vec!["GET /b"]),
    ] {
        let documents: Vec<String> = documents.into_iter().map(str::to_owned).collect();
        let settings = Settings {
            documents: &documents,
            ..Settings::default()
        };
        let (choices, names) = (Choices::new(), ComponentNames::new());
        let mut diagnostics = Diagnostics::default();
        let draft = draft(&set, &settings, &choices, &names, &mut diagnostics).unwrap();
        let keys = draft
            .endpoints
            .iter()
            .map(|endpoint| endpoint.key.to_string());
        assert_eq!(keys.collect::<Vec<_>>(), expected);
    }
}

#[test]
fn copies_are_compared_with_references_resolved() {
    let inline = document(
        "{/a: {get: {summary: A, responses: {'200': {description: OK, content: {application/json: {schema: {type: object, properties: {next: {$ref: '#/components/schemas/Node'}}}}}}}}}}",
        "{Node: {type: object, properties: {next: {$ref: '#/components/schemas/Node'}}}}",
    );
    let reference = document(
        "{/a: {get: {summary: B, tags: [x], responses: {'200': {description: Fine, content: {application/json: {schema: {$ref: '#/components/schemas/Other'}}}}}}}}",
        "{Other: {type: object, description: A node, properties: {next: {$ref: '#/components/schemas/Other'}}}}",
    );
    let (draft, _) = read(&[("a.yml", &inline), ("b.yml", &reference)]);
    assert_eq!(draft.endpoints[0].verdict, Verdict::Equivalent);
    assert_eq!(draft.endpoints[0].sources.len(), 2);
    let other = reference.replace("description: A node", "nullable: true");
    let (draft, _) = read(&[("a.yml", &inline), ("b.yml", &other)]);
    assert_eq!(draft.endpoints[0].verdict, Verdict::Conflict);
    assert_eq!(draft.endpoints[0].differing.len(), 1);
}

/// Returns a document with one operation, and one security scheme.
fn with_operation(operation: &str, rest: &str) -> String {
    format!(
        "openapi: 3.0.0\ninfo: {{title: Garden, version: '1'}}\nservers: [{{url: 'https://g.io/'}}]\npaths: {{/a: {{get: {operation}}}}}\n{rest}\n"
    )
}

const SCHEME: &str = "components: {securitySchemes: {key: {type: http, scheme: Bearer}}}";

#[test]
fn security_counts_where_it_applies() {
    let of_root = with_operation(
        "{responses: {default: {description: ''}}}",
        &format!("security: [{{key: []}}]\n{SCHEME}"),
    );
    let of_operation = with_operation(
        "{security: [{key: []}], responses: {default: {description: ''}}}",
        SCHEME,
    );
    let lower = of_operation
        .replace("Bearer", "bearer")
        .replace("key", "token");
    let none = with_operation("{responses: {default: {description: ''}}}", SCHEME);
    let verdict = |files: &[(&str, &str)]| {
        let (draft, _) = read(files);
        (draft.endpoints[0].verdict, draft.endpoints[0].rule)
    };
    assert_eq!(
        verdict(&[("a.yml", &of_root), ("b.yml", &of_operation)]),
        (Verdict::Identical, None)
    );
    assert_eq!(
        verdict(&[("a.yml", &of_root), ("b.yml", &lower)]).0,
        Verdict::Equivalent
    );
    assert_eq!(
        verdict(&[("a.yml", &none), ("b.yml", &of_root)]),
        (Verdict::Conflict, Some(Rule::MostTyped))
    );
    let (draft, _) = read(&[("a.yml", &of_root)]);
    assert_eq!(value(&draft)["security"], json!([{"key": []}]));
}

#[test]
fn different_schemes_with_one_name_survive() {
    let first = with_operation(
        "{security: [{key: []}], responses: {default: {description: ''}}}",
        SCHEME,
    );
    let second = first.replace("/a:", "/b:").replace(
        "type: http, scheme: Bearer",
        "type: apiKey, in: header, name: X-Key",
    );
    let (draft, _) = read(&[("a.yml", &first), ("b.yml", &second)]);
    let document = value(&draft);
    assert_eq!(
        document["components"]["securitySchemes"]
            .as_object()
            .map(serde_json::Map::len),
        Some(2)
    );
    assert_eq!(
        [
            &document["security"],
            &document["paths"]["/a"]["get"]["security"]
        ],
        [&json!([{"b_key": []}]), &json!([{"key": []}])]
    );
}

#[test]
fn the_first_rule_that_applies_selects_a_copy() {
    let plain = with_operation("{responses: {'200': {description: ''}}}", "");
    let typed = with_operation(
        "{parameters: [{in: query, name: q, schema: {type: string}}], responses: {'200': {description: ''}}}",
        "",
    );
    let dangling = typed.replace("{type: string}", "{$ref: '#/components/schemas/None'}");
    let index =
        "name: G\napis: [{name: A, aid: 'g:a', properties: [{type: OpenAPI, url: a.yml}]}]\n";
    let rule = |files: &[(&str, &str)]| {
        let (draft, _) = read(files);
        let endpoint = &draft.endpoints[0];
        (endpoint.rule, endpoint.chosen.file.clone())
    };
    let chosen = |rule, file: &str| (Some(rule), format!("s/{file}"));
    assert_eq!(
        rule(&[("apis.yml", index), ("a.yml", &plain), ("b.yml", &typed)]),
        chosen(Rule::InIndex, "a.yml")
    );
    assert_eq!(
        rule(&[("a.yml", &dangling), ("b.yml", &plain)]),
        chosen(Rule::FewestDangling, "b.yml")
    );
    assert_eq!(
        rule(&[("a.yml", &plain), ("b.yml", &typed)]),
        chosen(Rule::MostTyped, "b.yml")
    );
    let integer = typed.replace("string", "integer");
    assert_eq!(
        rule(&[("a.yml", &integer), ("b.yml", &typed), ("c.yml", &typed)]),
        chosen(Rule::MostFrequent, "b.yml")
    );
    assert_eq!(
        rule(&[("a.yml", &integer), ("b.yml", &typed)]),
        chosen(Rule::FirstByName, "a.yml")
    );
}

#[test]
fn a_choice_settles_a_conflict() {
    use gallery_draft::{Choice, Choices};
    let plain = with_operation("{responses: {'200': {description: ''}}}", "");
    let typed = with_operation(
        "{parameters: [{in: query, name: q, schema: {type: string}}], responses: {'200': {description: ''}}}",
        "",
    );
    let set = super::common::source(&[("a.yml", &plain), ("b.yml", &typed)]);
    let read = |file: &str| {
        let place = openapi_text::Location::file("gallery.toml");
        let choice = Choice {
            file: file.to_owned(),
            place,
        };
        let choices: Choices = [("GET /a".to_owned(), choice)].into();
        let mut diagnostics = openapi_text::Diagnostics::default();
        let known = gallery_documents::ComponentNames::new();
        let draft = gallery_documents::draft(
            &set,
            &gallery_documents::Settings::default(),
            &choices,
            &known,
            &mut diagnostics,
        );
        (
            draft.map(|draft| {
                (
                    draft.endpoints[0].rule,
                    draft.endpoints[0].chosen.file.clone(),
                )
            }),
            codes(&diagnostics),
        )
    };
    assert_eq!(
        read("a.yml"),
        (Some((Some(Rule::Choice), "s/a.yml".to_owned())), vec![])
    );
    assert_eq!(
        read("c.yml"),
        (
            None,
            vec![
                "error idle-choice gallery.toml".to_owned(),
                "warning copies-differ s/b.yml#/paths/~1a/get".to_owned()
            ]
        )
    );
}

#[test]
fn servers_tell_endpoints_apart() {
    let first = with_operation("{responses: {default: {description: ''}}}", "");
    let second = first.replace("https://g.io/", "https://other.io");
    let third = first.replace("https://g.io/", "https://g.io");
    let (draft, _) = read(&[("a.yml", &first), ("b.yml", &second), ("c.yml", &third)]);
    let keys: Vec<String> = draft
        .endpoints
        .iter()
        .map(|it| it.key.to_string())
        .collect();
    assert_eq!(keys, ["GET /a", "GET /a on https://other.io"]);
    let document = value(&draft);
    assert_eq!(document["servers"], json!([{"url": "https://g.io"}]));
    assert_eq!(
        document["paths"]["/a#other.io"]["get"]["servers"],
        json!([{"url": "https://other.io"}])
    );
}

#[test]
fn names_of_path_variables_do_not_count() {
    let of = |name: &str| {
        document(
            &format!("{{'/a/{{{name}}}': {{parameters: [{{$ref: '#/components/parameters/P'}}], get: {{responses: {{default: {{description: ''}}}}}}}}}}"),
            "{}",
        )
        .replace("components: {", &format!("components: {{parameters: {{P: {{in: path, name: {name}, required: true, schema: {{type: string}}}}}}, "))
    };
    let (draft, _) = read(&[("a.yml", &of("id")), ("b.yml", &of("bed_id"))]);
    assert_eq!(draft.endpoints.len(), 1);
    assert_eq!(draft.endpoints[0].verdict, Verdict::Equivalent);
}
