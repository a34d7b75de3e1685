use super::*;
use expect_test::expect;

const OWN: &str = r##"{
    "openapi": "3.0.3", "info": {"title": "Chat", "version": "1"},
    "servers": [{"url": "https://{host}/api/v4"}],
    "paths": {
        "/teams/{id}": {
            "get": {
                "operationId": "a",
                "parameters": [
                    {"name": "id", "in": "path", "required": true, "schema": {}, "x-gallery-assumed": ["type"]},
                    {"name": "page", "in": "query", "schema": {"type": "integer"}}
                ],
                "responses": {"200": {"description": "OK", "content": {"*/*": {}}, "x-gallery-assumed": ["content"]}}
            },
            "put": {
                "operationId": "b",
                "requestBody": {"content": {"application/json": {}}, "x-gallery-assumed": ["schema"]},
                "responses": {"200": {"description": "OK"}}
            }
        },
        "/unknown": {"get": {"operationId": "c", "responses": {}}}
    }
}"##;

fn other() -> Value {
    json!({
        "openapi": "3.0.3", "info": {"title": "Vendor", "version": "1"},
        "servers": [{"url": "https://vendor.example.org"}],
        "security": [{"token": []}],
        "paths": {
            "/api/v4/teams/{team_id}": {
                "get": {
                    "parameters": [
                        {"name": "team_id", "in": "path", "required": true, "schema": {"type": "string"}},
                        {"name": "page", "in": "query", "schema": {"type": "string"}},
                        {"$ref": "#/components/parameters/Deep"}
                    ],
                    "responses": {
                        "200": {"description": "A team", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Team"}}}}
                    }
                },
                "put": {
                    "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Team"}}}},
                    "responses": {}
                }
            },
            "/api/v4/other": {"get": {"responses": {}}}
        },
        "components": {
            "parameters": {"Deep": {"name": "deep", "in": "query", "schema": {"type": "boolean"}}},
            "schemas": {
                "Team": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Team"}, "kind": {"$ref": "#/components/schemas/Kind"}}},
                "Kind": {"type": "string"},
                "Unused": {"type": "string"}
            },
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}
        }
    })
}

#[test]
fn drafts_the_types_of_matching_operations() {
    let canonical = Canonical::parse(OWN).unwrap();
    let draft = types_from(&canonical, &other(), "vendor.json");
    expect![[r##"
        # A draft with the types of vendor.json: 2 of 3 operations.
        # Review it: a document of the vendor may describe another version of the API.
        overlay: 1.1.0
        info:
          title: "Types of the Chat API"
          version: 1.0.0
        x-reason: "The listing has no types."
        x-source: "vendor.json"
        actions:
          - target: $
            update:
              components:
                schemas:
                  Kind:
                    type: string
                  Team:
                    properties:
                      kind:
                        $ref: '#/components/schemas/Kind'
                      next:
                        $ref: '#/components/schemas/Team'
                    type: object
                securitySchemes:
                  token:
                    scheme: bearer
                    type: http
              security:
              - token: []
          # GET /teams/{id}
          - target: $.paths['/teams/{id}'].get.parameters[?@.in == 'path' && @.name == 'id']
            update:
              schema:
                type: string
            x-source: vendor.json#/paths/~1api~1v4~1teams~1{team_id}/get
          - target: $.paths['/teams/{id}'].get.responses['200'].content
            remove: true
            x-source: vendor.json#/paths/~1api~1v4~1teams~1{team_id}/get
          - target: $.paths['/teams/{id}'].get
            update:
              parameters:
              - in: query
                name: deep
                schema:
                  type: boolean
              responses:
                '200':
                  content:
                    application/json:
                      schema:
                        $ref: '#/components/schemas/Team'
                  description: A team
            x-source: vendor.json#/paths/~1api~1v4~1teams~1{team_id}/get
          # PUT /teams/{id}
          - target: $.paths['/teams/{id}'].put.requestBody
            remove: true
            x-source: vendor.json#/paths/~1api~1v4~1teams~1{team_id}/put
          - target: $.paths['/teams/{id}'].put
            update:
              requestBody:
                content:
                  application/json:
                    schema:
                      $ref: '#/components/schemas/Team'
                required: true
            x-source: vendor.json#/paths/~1api~1v4~1teams~1{team_id}/put

        # Operations of the client without a match:
        #   GET /unknown

        # Operations of the other document without a match:
        #   GET /api/v4/other
    "##]]
    .assert_eq(&draft.text);
    assert_eq!(draft.unmatched, ["GET /unknown"]);
    assert_eq!(draft.unused, ["GET /api/v4/other"]);
}

#[test]
fn matches_paths_by_base_path_then_path_then_end() {
    let find = |own_server: &str, own_path: &str, their_server: &str, their_path: &str| {
        let document = |server: &str, path: &str| json!({"servers": [{"url": server}], "paths": {path: {"get": {}}}});
        let (own, other) = (
            document(own_server, own_path),
            document(their_server, their_path),
        );
        let own = read_operations(&own);
        Candidates::new(&other).find(&own[0]).is_some()
    };
    assert!(find(
        "https://{host}/api/",
        "/teams/{a}",
        "https://h",
        "/api/teams/{b}"
    ));
    assert!(find(
        "https://h/other",
        "/teams/{a}",
        "https://h",
        "/teams/{b}"
    ));
    assert!(find(
        "https://h",
        "/teams/{a}",
        "https://h/api/v4",
        "/v5/teams/{b}"
    ));
    assert!(!find(
        "https://h",
        "/teams",
        "https://h/api/v4",
        "/v5/teams"
    ));
    assert!(!find("https://h", "/teams/{a}", "https://h", "/teams/me"));
}
