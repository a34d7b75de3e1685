//! Tests of the rules for the overlay of a client, beyond the Overlay specification.

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
    let messages = messages(&diagnostics);
    match result {
        Some((canonical, report)) if messages.is_empty() => Ok((
            serde_json::to_value(canonical.document()).unwrap(),
            serde_json::to_value(report).unwrap(),
        )),
        _ => Err(messages),
    }
}

fn messages(diagnostics: &Diagnostics) -> String {
    let messages: Vec<_> = diagnostics.iter().map(ToString::to_string).collect();
    messages.join("\n")
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
            error[overlay]: the action has no `x-reason`: state why the listing is wrong or incomplete, here or once for the overlay
              --> specs/t/overlay.yaml:6:5
            error[overlay]: the action has no `x-source`: state the source of the correction, here or once for the overlay
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
              --> specs/t/overlay.yaml:4:5"#]],
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
    let draft = overlay::draft(&canonical).unwrap();
    expect![[r##"
        # A draft: fill in the types that you know, and delete the other actions. `x-reason` and
        # `x-source` apply to each action that has none of its own.
        overlay: 1.1.0
        info:
          title: "Types of the T API"
          version: 1.0.0
        x-reason: ""
        x-source: ""
        actions:
          # POST /teams: the body is untyped
          - target: "$.paths['/teams'].post.requestBody.content[*]"
            update: {"schema":{}}
          # GET /teams/{team_id}: the path parameter team_id has no type
          - target: "$.paths['/teams/{team_id}'].get.parameters[?@.in == 'path' && @.name == 'team_id']"
            update: {"schema":{}}
          # GET /teams/{team_id}: the query parameter page has no type
          - target: "$.paths['/teams/{team_id}'].get.parameters[?@.in == 'query' && @.name == 'page']"
            update: {"schema":{}}
          # GET /teams/{team_id}: the response 200 is untyped
          - target: "$.paths['/teams/{team_id}'].get.responses['200'].content[*]"
            update: {"schema":{}}
    "##]]
    .assert_eq(&draft);
    // A complete overlay leaves no part untyped.
    let filled = draft
        .replace("x-reason: \"\"", "x-reason: r")
        .replace("x-source: \"\"", "x-source: s")
        .replace("{\"schema\":{}}", "{schema: {type: string}}");
    let mut diagnostics = Diagnostics::default();
    let overlay = overlay::parse("overlay.yaml", &filled, &mut diagnostics).unwrap();
    let (typed, _) = overlay::apply(&canonical, &overlay, &mut diagnostics).unwrap();
    assert_eq!(overlay::draft(&typed), None);
    assert_eq!(diagnostics.iter().count(), 0);
    // A draft is valid, and its blanks end no assumption.
    let overlay = overlay::parse("overlay.yaml", &draft, &mut diagnostics).unwrap();
    let (untyped, report) = overlay::apply(&canonical, &overlay, &mut diagnostics).unwrap();
    assert_eq!(report.blanks, 2 + 4);
    assert_eq!(overlay::draft(&untyped).as_ref(), Some(&draft));
    expect![[r#"
        warning[overlay-blanks]: the overlay has 6 blanks: empty reasons, sources or schemas
          --> overlay.yaml"#]]
    .assert_eq(&messages(&diagnostics));
}

/// Returns actions that add a component and change the response of `GET /teams/{team_id}` to it.
fn with_schema(schema: &str) -> String {
    format!(
        "  - {{target: \"$.paths['/teams/{{team_id}}'].get.responses['200'].content[*]\", update: {{schema: {{$ref: '#/components/schemas/Team'}}}}, x-reason: r, x-source: s}}
  - {{target: $, update: {{components: {{schemas: {{Team: {schema}}}}}}}, x-reason: r, x-source: s}}
"
    )
}

#[test]
fn checks_the_resulting_document_at_the_line_of_the_action() {
    let mut results = Vec::new();
    for schema in [
        "{properties: {owner: {$ref: '#/components/schemas/User'}}}",
        "{properties: {owner: {$ref: 'users.yaml'}}}",
        "{type: bool}",
        "{type: [string, 'null']}",
        "{properties: {size: {items: {type: strin}}}}",
        "{type: string, enum: [a, b, a]}",
        "{type: object, properties: {name: {}}, required: [nmae]}",
        "{allOf: [{properties: {id: {}}}, {properties: {name: {}}, required: [id, key]}]}",
    ] {
        results.push(apply(&with_schema(schema)).unwrap_err());
    }
    results.push(
        apply("  - {target: \"$.paths['/teams'].post\", update: {security: [{key: []}]}, x-reason: r, x-source: s}\n")
            .unwrap_err(),
    );
    // The first action is fine until the second one removes what it refers to.
    let removed = with_schema("{type: object}")
        + "  - {target: $.components.schemas.Team, remove: true, x-reason: r, x-source: s}\n";
    results.push(apply(&removed).unwrap_err());
    let unreadable = "  - {target: $.info, update: {description: d}, x-reason: r, x-source: s}
  - {target: $.info, update: {title: 1}, x-reason: r, x-source: s}
";
    results.push(apply(unreadable).unwrap_err());
    expect![[r#"
        error[overlay]: `$ref` to `#/components/schemas/User`, which does not exist (`#/components/schemas/Team/properties/owner/$ref`)
          --> specs/t/overlay.yaml:5:5
        error[overlay]: `users.yaml` is not in this document; `$ref` must start with `#/` (`#/components/schemas/Team/properties/owner/$ref`)
          --> specs/t/overlay.yaml:5:5
        error[overlay]: OpenAPI 3.0 has no type `bool`; write `boolean`; it has array, boolean, integer, number, object, string (`#/components/schemas/Team/type`)
          --> specs/t/overlay.yaml:5:5
        error[overlay]: the overlay produces an invalid OpenAPI document: #/components/schemas/Team: not valid in OpenAPI 3.0: invalid type: sequence, expected a string
          --> specs/t/overlay.yaml:5:5
        error[overlay]: OpenAPI 3.0 has no type `strin`; write `string`; it has array, boolean, integer, number, object, string (`#/components/schemas/Team/properties/size/items/type`)
          --> specs/t/overlay.yaml:5:5
        error[overlay]: `enum` has the value "a" more than once (`#/components/schemas/Team/enum/2`)
          --> specs/t/overlay.yaml:5:5
        error[overlay]: `required` lists `nmae`, which `properties` does not have; the nearest is `name` (`#/components/schemas/Team/required/0`)
          --> specs/t/overlay.yaml:5:5
        error[overlay]: `required` lists `key`, which `properties` does not have (`#/components/schemas/Team/allOf/1/required/1`)
          --> specs/t/overlay.yaml:5:5
        error[overlay]: `components.securitySchemes` has no `key` (`#/paths/~1teams/post/security/0/key`)
          --> specs/t/overlay.yaml:4:5
        error[overlay]: `$ref` to `#/components/schemas/Team`, which does not exist (`#/paths/~1teams~1{team_id}/get/responses/200/content/application~1json/schema/$ref`)
          --> specs/t/overlay.yaml:6:5
        error[overlay]: the overlay produces an invalid OpenAPI document: #: not valid in OpenAPI 3.0: invalid type: integer `1`, expected a string
          --> specs/t/overlay.yaml:5:5"#]]
    .assert_eq(&results.join("\n"));
}

#[test]
fn accepts_what_is_unusual_and_valid() {
    for schema in [
        "{type: object, required: [a]}",
        "{allOf: [{properties: {id: {}}}, {properties: {name: {}}, required: [id]}]}",
        "{properties: {a: {}}, required: [b], additionalProperties: {type: string}}",
        "{properties: {$ref: {type: string}, type: {type: string}}, required: [type]}",
        "{type: string, example: {$ref: '#/none'}, x-note: {$ref: '#/none'}}",
        "{properties: {parent: {$ref: '#/components/schemas/Team'}}}",
        "{allOf: [{$ref: '#/components/schemas/Team'}], properties: {a: {}}, required: [a]}",
    ] {
        assert!(apply(&with_schema(schema)).is_ok(), "{schema}");
    }
}

#[test]
fn writing_the_assumed_type_ends_the_assumption() {
    let parameter = |update: &str| {
        let (document, _) = apply(&format!(
            "  - {{target: \"$..parameters[?@.name == 'page']\", update: {update}, x-reason: r, x-source: s}}\n"
        ))
        .unwrap();
        document["paths"]["/teams/{team_id}"]["get"]["parameters"][1]["x-gallery-assumed"].clone()
    };
    assert_eq!(parameter("{schema: {type: string}}"), Value::Null);
    assert_eq!(parameter("{description: The page}"), json!(["type"]));
    let (document, _) = apply(
        "  - {target: \"$..parameters[?@.name == 'page'].schema.type\", update: string, x-reason: r, x-source: s}\n",
    )
    .unwrap();
    let get = &document["paths"]["/teams/{team_id}"]["get"];
    assert_eq!(get["parameters"][1]["x-gallery-assumed"], Value::Null);
    assert_eq!(get["parameters"][0]["x-gallery-assumed"], json!(["type"]));
}

#[test]
fn takes_reason_and_source_from_the_overlay() {
    let head =
        "overlay: 1.1.0\ninfo: {title: t, version: '1'}\nx-reason: all\nx-source: docs\nactions:\n";
    let (document, report) = apply_with(
        head,
        "  - {target: \"$.paths['/teams'].post\", update: {deprecated: true}}
  - {target: $.info, update: {description: d}, x-reason: own}
",
    )
    .unwrap();
    let actions = &report["actions"];
    assert_eq!(
        (&actions[0]["reason"], &actions[1]["reason"]),
        (&json!("all"), &json!("own"))
    );
    assert_eq!(actions[1]["source"], "docs");
    assert_eq!(
        document["paths"]["/teams"]["post"]["x-gallery-sources"],
        json!(["docs"])
    );
}

#[test]
fn warns_if_operations_will_get_no_credentials() {
    let warnings = |update: &str| {
        apply(&format!(
            "  - {{target: $, update: {update}, x-reason: r, x-source: s}}
  - {{target: \"$.paths['/teams'].post\", update: {{security: [{{key: []}}]}}, x-reason: r, x-source: s}}
"
        ))
        .err()
    };
    let schemes = "components: {securitySchemes: {key: {type: http, scheme: bearer}}}";
    assert_eq!(warnings(&format!("{{{schemes}}}")), None);
    assert_eq!(
        warnings(&format!("{{security: [{{key: []}}], {schemes}}}")),
        None
    );
    expect![[r#"
        warning[no-credentials]: 1 operation will get no credentials: the `security` of the document lists none, and they have none of their own
          --> specs/t/overlay.yaml:4:5"#]]
    .assert_eq(&warnings(&format!("{{security: [], {schemes}}}")).unwrap());
}
