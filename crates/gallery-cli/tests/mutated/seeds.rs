//! The documents from which the others are made.

use serde_json::{Value, json};

/// Returns a document of OpenAPI 3.0 with one of each construct.
pub(crate) fn openapi() -> Value {
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Garden", "version": "1", "description": "Beds and *plants*."},
        "servers": [{"url": "https://garden.example/v1"}],
        "security": [{"token": []}],
        "paths": {
            "/beds": {
                "parameters": [{"$ref": "#/components/parameters/page"}],
                "get": {
                    "operationId": "list_beds",
                    "parameters": [
                        {"in": "query", "name": "per_page", "schema": {"type": "integer", "default": 10, "maximum": 100}},
                        {"in": "query", "name": "filter", "style": "deepObject", "explode": true, "schema": {"type": "object", "properties": {"size": {"type": "number"}}}},
                        {"in": "header", "name": "X-Kind", "schema": {"type": "string", "enum": ["a", "b"]}}
                    ],
                    "responses": {
                        "200": {"description": "Beds", "content": {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Bed"}}}}},
                        "default": {"$ref": "#/components/responses/error"}
                    }
                },
                "post": {
                    "operationId": "add_bed",
                    "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Bed"}}}},
                    "responses": {"201": {"description": "The bed", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Bed"}}}}}
                }
            },
            "/beds/{bed}/plants": {
                "put": {
                    "operationId": "plant",
                    "parameters": [{"in": "path", "name": "bed", "required": true, "schema": {"type": "string", "pattern": "^[a-z]+$"}}],
                    "requestBody": {"content": {"multipart/form-data": {"schema": {"type": "object", "required": ["seed"], "properties": {"seed": {"type": "string", "format": "binary"}, "note": {"type": "string"}}}}}},
                    "responses": {"204": {"description": "Planted"}}
                }
            }
        },
        "components": {
            "parameters": {"page": {"in": "query", "name": "page", "schema": {"type": "integer", "minimum": 0}}},
            "responses": {"error": {"description": "An error", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {
                "Error": {"type": "object", "required": ["message"], "properties": {"message": {"type": "string"}, "cause": {"$ref": "#/components/schemas/Error"}}},
                "Bed": {"allOf": [
                    {"$ref": "#/components/schemas/Place"},
                    {"type": "object", "properties": {
                        "plants": {"type": "array", "items": {"$ref": "#/components/schemas/Plant"}, "maxItems": 9},
                        "sizes": {"type": "object", "additionalProperties": {"type": "number", "nullable": true}}
                    }}
                ]},
                "Place": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string", "readOnly": true}, "name": {"type": "string", "minLength": 1}}},
                "Plant": {
                    "oneOf": [{"$ref": "#/components/schemas/Tree"}, {"$ref": "#/components/schemas/Herb"}],
                    "discriminator": {"propertyName": "kind", "mapping": {"tree": "#/components/schemas/Tree"}}
                },
                "Tree": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}, "height": {"type": "number", "exclusiveMinimum": true, "minimum": 0}}},
                "Herb": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}, "use": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}}}
            }
        }
    })
}

/// Returns a document as the gallery has them.
pub(crate) fn swagger() -> Value {
    json!({
        "swagger": "2.0",
        "info": {"title": "Garden", "version": "1"},
        "host": "garden.example",
        "basePath": "/v1",
        "schemes": ["http"],
        "produces": ["application/json"],
        "paths": {
            "/beds/{bed}": {
                "get": {
                    "summary": "Get Bed",
                    "parameters": [{"in": "path", "name": "bed", "type": "string"}, {"in": "query", "name": "fields", "description": "Fields"}],
                    "responses": {"200": {"description": "OK"}},
                    "tags": ["Beds"]
                },
                "post": {
                    "summary": "Set Bed",
                    "parameters": [{"in": "body", "name": "body", "schema": {"type": "object", "properties": {"size": {"type": "number"}}}}],
                    "responses": {"200": {"description": "OK", "schema": {"type": "array", "items": {"type": "string"}}}}
                }
            },
            "/beds/?Action=Dig#Action=Dig": {
                "get": {
                    "summary": "Dig",
                    "parameters": [{"in": "query", "name": "Filter.N", "type": "string"}, {"in": "formData", "name": "file", "type": "file"}],
                    "responses": {"200": {"description": "OK"}}
                }
            }
        }
    })
}

/// Returns an overlay of the document of OpenAPI 3.0.
pub(crate) fn overlay() -> Value {
    json!({
        "overlay": "1.0.0",
        "info": {"title": "Facts", "version": "1"},
        "actions": [
            {"target": "$.paths['/beds'].get", "update": {"summary": "Lists beds"}},
            {"target": "$.components.schemas.*.properties[?@.type == 'string']", "update": {"nullable": true}},
            {"target": "$..default", "remove": true},
            {"target": "$.paths.*.*.parameters[?@.name == 'filter']", "update": {"required": true}}
        ]
    })
}
