//! Tests of the rules for the overlay of a client, beyond the Overlay specification.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that fails should panic"
)]

use expect_test::{Expect, expect};
use gallery_spec::canonical::Canonical;
use gallery_spec::overlay;
use openapi_text::Diagnostics;
use serde_json::{Value, json};

fn document() -> Value {
    json!({
        "openapi": "3.0.3",
        "info": {"title": "T", "version": "1"},
        "paths": {
            "/teams/{team_id}": {"get": {
                "operationId": "get_team",
                "parameters": [
                    {"in": "path", "name": "team_id", "required": true, "schema": {"type": "string"}, "x-gallery-assumed": ["type"], "style": "simple"},
                    {"in": "query", "name": "page", "schema": {"type": "string"}, "x-gallery-assumed": ["type"], "style": "form"},
                ],
                "responses": {"200": {"description": "OK", "content": {"application/json": {}}, "x-gallery-assumed": ["content"]}},
            }},
            "/teams": {"post": {
                "operationId": "create_team",
                "requestBody": {"content": {"application/json": {"schema": {}}}, "x-gallery-assumed": ["schema"]},
                "responses": {"200": {"description": "OK"}},
            }},
        },
    })
}

/// Applies actions to [`document`]. Returns the new document and the report, or the errors.
fn apply(actions: &str) -> Result<(Value, Value), String> {
    apply_with(
        "overlay: 1.1.0\ninfo: {title: t, version: '1'}\nactions:\n",
        actions,
    )
}

/// Like [`apply`], with the fields before the actions.
fn apply_with(head: &str, actions: &str) -> Result<(Value, Value), String> {
    let canonical = Canonical::parse(&document().to_string()).unwrap();
    let mut diagnostics = Diagnostics::default();
    let overlay = overlay::parse(
        "specs/t/overlay.yaml",
        &format!("{head}{actions}"),
        &mut diagnostics,
    );
    let result = overlay.and_then(|overlay| overlay::apply(&canonical, &overlay, &mut diagnostics));
    let messages: Vec<_> = diagnostics.iter().map(ToString::to_string).collect();
    match result {
        Some((canonical, report)) if messages.is_empty() => Ok((
            serde_json::to_value(canonical.document()).unwrap(),
            serde_json::to_value(report).unwrap(),
        )),
        _ => Err(messages.join("\n")),
    }
}

fn assert_error(actions: &str, message: Expect) {
    message.assert_eq(&apply(actions).unwrap_err());
}

#[test]
fn replaces_assumptions_and_lists_sources() {
    let (document, report) = apply(
        "  - {target: \"$.paths['/teams/{team_id}'].get.parameters[1]\", update: {schema: {type: integer, default: 0}}, x-reason: r, x-source: s}
  - {target: \"$..responses['200'].content[*]\", update: {schema: {type: object}}, x-reason: r, x-source: s2}
  - {target: \"$.paths['/teams'].post.requestBody.content[*].schema\", update: {type: object}, x-reason: r, x-source: s}
",
    )
    .unwrap();
    let get = &document["paths"]["/teams/{team_id}"]["get"];
    assert_eq!(
        get["parameters"][0]["x-gallery-assumed"],
        json!(["type"]),
        "no action changed this parameter"
    );
    assert_eq!(get["parameters"][1]["x-gallery-assumed"], Value::Null);
    assert_eq!(
        get["parameters"][1]["schema"],
        json!({"type": "integer", "default": 0})
    );
    assert_eq!(get["responses"]["200"]["x-gallery-assumed"], Value::Null);
    assert_eq!(
        document["paths"]["/teams"]["post"]["requestBody"]["x-gallery-assumed"],
        Value::Null
    );
    assert_eq!(get["x-gallery-sources"], json!(["s", "s2"]));
    assert_eq!(
        document["paths"]["/teams"]["post"]["x-gallery-sources"],
        json!(["s"])
    );
    expect![[r#"
        {
          "actions": [
            {
              "at": "specs/t/overlay.yaml:4:5",
              "matches": 1,
              "reason": "r",
              "source": "s",
              "target": "$.paths['/teams/{team_id}'].get.parameters[1]"
            },
            {
              "at": "specs/t/overlay.yaml:5:5",
              "matches": 1,
              "reason": "r",
              "source": "s2",
              "target": "$..responses['200'].content[*]"
            },
            {
              "at": "specs/t/overlay.yaml:6:5",
              "matches": 1,
              "reason": "r",
              "source": "s",
              "target": "$.paths['/teams'].post.requestBody.content[*].schema"
            }
          ],
          "file": "specs/t/overlay.yaml"
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&report).unwrap());
}

#[test]
fn reports_added_and_removed_operations() {
    let (document, report) = apply(
        "  - {target: \"$.paths['/teams']\", remove: true, x-reason: r, x-source: s}
  - {target: $.paths, update: {/users: {get: {operationId: get_users, responses: {'200': {description: OK}}}}}, x-reason: r, x-source: s}
",
    )
    .unwrap();
    assert_eq!(
        document["paths"]["/users"]["get"]["x-gallery-sources"],
        json!(["s"])
    );
    assert_eq!(
        (&report["added"], &report["removed"]),
        (&json!(["GET /users"]), &json!(["POST /teams"]))
    );
}

#[test]
fn rejects_actions_without_reason_source_change_or_match() {
    assert_error(
        "  - {target: \"$.paths['/teams/{team}'].get\", update: {deprecated: true}, x-reason: r, x-source: s}
  - {target: \"$.paths['/teams/{team_id}'].get.parameter[0]\", update: {required: true}, x-reason: r, x-source: s}
  - target: $.info
    update: {description: d}
  - {target: $.info, x-reason: r, x-source: s}
  - {target: $.info.unlike.all.that.is, update: {}, x-reason: r, x-source: s}
",
        expect![[r#"
            error[overlay]: the action has no `x-reason`: state why the listing is wrong or incomplete
              --> specs/t/overlay.yaml:6:5
            error[overlay]: the action has no `x-source`: state the source of the correction
              --> specs/t/overlay.yaml:6:5
            error[overlay]: the action changes nothing: it has no `update`, `remove` or `copy`
              --> specs/t/overlay.yaml:8:5
            error[overlay]: `$.paths['/teams/{team}'].get` matches nothing; the nearest match is `$.paths['/teams/{team_id}']`
              --> specs/t/overlay.yaml:4:6
            error[overlay]: `$.paths['/teams/{team_id}'].get.parameter[0]` matches nothing; the nearest match is `$.paths['/teams/{team_id}'].get['parameters']`
              --> specs/t/overlay.yaml:5:6
            error[overlay]: `$.info.unlike.all.that.is` matches nothing; the longest matching prefix is `$.info`
              --> specs/t/overlay.yaml:9:6"#]],
    );
}

#[test]
fn rejects_overlays_that_produce_other_documents() {
    assert_error(
        "  - {target: \"$.paths['/teams/{team_id}'].get\", update: {parameter: [1]}, x-reason: r, x-source: s}\n",
        expect![[r#"
            error[overlay]: OpenAPI 3.0 has no such location, so its value would be lost: `#/paths/~1teams~1{team_id}/get/parameter`
              --> specs/t/overlay.yaml:4:5"#]],
    );
    assert_error(
        "  - {target: \"$.paths['/teams/{team_id}'].get\", update: {operationId: other}, x-reason: r, x-source: s}\n",
        expect![[r#"
            error[overlay]: the overlay changes the `operationId` of `GET /teams/{team_id}`; change the name in `names.toml` instead
              --> specs/t/overlay.yaml:4:5"#]],
    );
    assert_error(
        "  - {target: $.openapi, update: 3.1.0, x-reason: r, x-source: s}\n",
        expect![[r#"
        error[overlay]: the overlay produces an invalid OpenAPI document: #/openapi: OpenAPI version `3.1.0` is not supported; the supported version is 3.0
          --> specs/t/overlay.yaml"#]],
    );
    let extends = "overlay: 1.1.0\ninfo: {title: t, version: '1'}\nextends: other.json\nactions:\n";
    let action = "  - {target: $.info, update: {description: d}, x-reason: r, x-source: s}\n";
    expect![[r#"
        error[overlay]: the overlay extends `other.json`; expected `openapi.json`
          --> specs/t/overlay.yaml:3:1"#]]
    .assert_eq(&apply_with(extends, action).unwrap_err());
    assert!(apply_with(&extends.replace("other.json", "openapi.json"), action).is_ok());
}

#[test]
fn reports_invalid_overlays_with_lines() {
    assert_error(
        "  - {target: \"$..[\", update: {}}\n  - {target: $, udpate: {}}\n",
        expect![[r#"
            error[overlay]: `$..[` is not a JSONPath (RFC 9535): at position 3, must start with lowercase alpha or '_'
              --> specs/t/overlay.yaml:4:6
            error[overlay]: unknown field `udpate`: expected target, description, update, remove, copy, or an extension `x-…`
              --> specs/t/overlay.yaml:5:17"#]],
    );
    let deep = format!("  - {{target: \"${}\", update: {{}}}}\n", "[?@".repeat(100));
    let message = apply(&deep).unwrap_err();
    assert!(
        message.contains("the JSONPath has more than 64 opening brackets"),
        "{message}"
    );
    expect![[r#"
        error[yaml-syntax]: invalid YAML: did not find expected node content
          --> specs/t/overlay.yaml:3:1"#]]
    .assert_eq(&apply_with("overlay: 1.1.0\ninfo: [\n", "").unwrap_err());
    expect![[r#"
        error[overlay]: `overlay` must be a string; put it in quotes
          --> specs/t/overlay.yaml:1:1"#]]
    .assert_eq(&apply_with("overlay: 3\n", "").unwrap_err());
    expect![[r#"
        error[overlay]: an overlay must be a map with `overlay`, `info` and `actions`
          --> specs/t/overlay.yaml:1:1"#]]
    .assert_eq(&apply_with("- 1\n", "").unwrap_err());
}

#[test]
fn drafts_an_action_for_every_untyped_part() {
    let canonical = Canonical::parse(&document().to_string()).unwrap();
    let draft = overlay::draft(&canonical);
    expect![[r##"
        # A draft: fill in the types that you know, and delete the other actions. `x-reason` and
        # `x-source` are required.
        overlay: 1.1.0
        info:
          title: "Types of the T API"
          version: 1.0.0
        actions:
          # POST /teams: the body is untyped
          - target: "$.paths['/teams'].post.requestBody.content[*]"
            update: {"schema":{}}
            x-reason: ""
            x-source: ""
          # GET /teams/{team_id}: the path parameter team_id has no type
          - target: "$.paths['/teams/{team_id}'].get.parameters[?@.in == 'path' && @.name == 'team_id']"
            update: {"schema":{"type":"string"}}
            x-reason: ""
            x-source: ""
          # GET /teams/{team_id}: the query parameter page has no type
          - target: "$.paths['/teams/{team_id}'].get.parameters[?@.in == 'query' && @.name == 'page']"
            update: {"schema":{"type":"string"}}
            x-reason: ""
            x-source: ""
          # GET /teams/{team_id}: the response 200 is untyped
          - target: "$.paths['/teams/{team_id}'].get.responses['200'].content[*]"
            update: {"schema":{}}
            x-reason: ""
            x-source: ""
    "##]]
    .assert_eq(&draft);
    // A complete overlay leaves no part untyped.
    let filled = draft
        .replace("x-reason: \"\"", "x-reason: r")
        .replace("x-source: \"\"", "x-source: s")
        .replace(
            "{\"schema\":{\"type\":\"string\"}}",
            "{schema: {type: integer}}",
        )
        .replace("{\"schema\":{}}", "{schema: {type: object}}");
    let mut diagnostics = Diagnostics::default();
    let overlay = overlay::parse("overlay.yaml", &filled, &mut diagnostics).unwrap();
    let (typed, _) = overlay::apply(&canonical, &overlay, &mut diagnostics).unwrap();
    assert!(overlay::draft(&typed).ends_with("actions: []\n"));
}
