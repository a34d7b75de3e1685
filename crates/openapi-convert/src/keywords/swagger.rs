//! Keywords of version 2.0.

use super::keyword::versions::SWAGGER as V20;
use super::keyword::{Keyword, Part, exact};

const fn row(
    name: &'static str,
    becomes: &'static str,
    from: &'static str,
    to: &'static str,
) -> Keyword {
    exact(name, V20, becomes, from, to).of(Part::Swagger)
}

pub(super) const SWAGGER: [Keyword; 21] = [
    row(
        "host",
        "`servers`, together with `basePath` and `schemes`; `https` comes first, and is the \
         default",
        "{host: a.com, basePath: /v1, schemes: [http, https]}",
        "{servers: [{url: 'https://a.com/v1'}, {url: 'http://a.com/v1'}]}",
    ),
    row(
        "basePath",
        "without a host, a relative server",
        "{basePath: /v1/}",
        "{servers: [{url: /v1}]}",
    ),
    row(
        "schemes",
        "in an operation, `servers` of the operation",
        "{host: a.com, schemes: [https], paths: {/a: {get: {schemes: [wss], responses: \
         {'200': {description: D}}}}}}",
        "{servers: [{url: 'https://a.com'}], paths: {/a: {get: {servers: [{url: 'wss://a.com'}], \
         responses: {'200': {description: D}}}}}}",
    ),
    row(
        "consumes",
        "the media types of bodies, by default JSON",
        "{consumes: [a/b], paths: {/a: {put: {parameters: [{in: body, name: body, schema: \
         {type: string}}], responses: {'200': {description: D}}}}}}",
        "{paths: {/a: {put: {requestBody: {content: {a/b: {schema: {type: string}}}}, responses: \
         {'200': {description: D}}}}}}",
    ),
    row(
        "produces",
        "the media types of responses, by default those of the examples, else JSON",
        "{paths: {/a: {get: {produces: [a/b], responses: {'200': {description: D, schema: \
         {type: string}}}}}}}",
        "{paths: {/a: {get: {responses: {'200': {description: D, content: {a/b: {schema: \
         {type: string}}}}}}}}}",
    ),
    row(
        "definitions of version 2.0",
        "`components.schemas`; names are made valid",
        "{definitions: {'A<B>': {type: array, items: {$ref: '#/definitions/A%3CB%3E'}}}}",
        "{components: {schemas: {A_B: {type: array, items: {$ref: '#/components/schemas/A_B'}}}}}",
    ),
    row(
        "parameters",
        "`components.parameters` or `components.requestBodies`; fields of forms are copied",
        "{parameters: {P: {in: query, name: p, type: string}}}",
        "{components: {parameters: {P: {in: query, name: p, schema: {type: string}}}}}",
    ),
    row(
        "responses",
        "`components.responses`, with the media types of most uses; for others they are copied",
        "{responses: {R: {description: D, schema: {type: string}}}, paths: {/a: {get: {produces: \
         [a/b], responses: {'200': {$ref: '#/responses/R'}}}}}}",
        "{components: {responses: {R: {description: D, content: {a/b: {schema: {type: string}}}}}}, \
         paths: {/a: {get: {responses: {'200': {$ref: '#/components/responses/R'}}}}}}",
    ),
    row(
        "securityDefinitions",
        "`components.securitySchemes`; names are made valid",
        "{securityDefinitions: {'a key': {type: apiKey, in: header, name: K}}, security: \
         [{'a key': []}]}",
        "{components: {securitySchemes: {a_key: {type: apiKey, in: header, name: K}}}, security: \
         [{a_key: []}]}",
    ),
    row(
        "type: basic",
        "`type: http` with `scheme: basic`",
        "{securityDefinitions: {A: {type: basic}}}",
        "{components: {securitySchemes: {A: {type: http, scheme: basic}}}}",
    ),
    row(
        "flow",
        "`flows`; `application` is `clientCredentials`, `accessCode` is `authorizationCode`",
        "{securityDefinitions: {A: {type: oauth2, flow: application, tokenUrl: U, scopes: {}}}}",
        "{components: {securitySchemes: {A: {type: oauth2, flows: {clientCredentials: \
         {tokenUrl: U, scopes: {}}}}}}}",
    ),
    row(
        "in: body",
        "`requestBody`; its name is kept in `x-body-name`, unless it is `body`",
        "{paths: {/a: {put: {parameters: [{in: body, name: pet, required: true}], responses: \
         {'200': {description: D}}}}}}",
        "{paths: {/a: {put: {requestBody: {x-body-name: pet, required: true, content: \
         {application/json: {schema: {}}}}, responses: {'200': {description: D}}}}}}",
    ),
    row(
        "in: formData",
        "a property of the body; with files, the body is multipart",
        "{paths: {/a: {put: {parameters: [{in: formData, name: f, type: file, required: true}], \
         responses: {'200': {description: D}}}}}}",
        "{paths: {/a: {put: {requestBody: {required: true, content: {multipart/form-data: \
         {schema: {type: object, properties: {f: {type: string, format: binary}}, required: \
         [f]}}}}, responses: {'200': {description: D}}}}}}",
    ),
    row(
        "parameter.type",
        "the schema, with all keywords that restrict the value",
        "{parameters: {P: {in: header, name: p, type: integer, enum: [1, 2], default: 1}}}",
        "{components: {parameters: {P: {in: header, name: p, schema: {type: integer, \
         enum: [1, 2], default: 1}}}}}",
    ),
    row(
        "collectionFormat",
        "`style` and `explode`; if there is no such style, the parameter is text",
        "{parameters: {P: {in: query, name: p, type: array, items: {type: string}, \
         collectionFormat: tsv}}}",
        "{components: {parameters: {P: {in: query, name: p, schema: {type: string}, x-schema: \
         {type: array, items: {type: string}}, x-collectionFormat: tsv}}}}",
    )
    .not_expressed(),
    row(
        "allowEmptyValue",
        "in forms, kept in the property",
        "{paths: {/a: {put: {parameters: [{in: formData, name: f, type: string, allowEmptyValue: \
         true}], responses: {'200': {description: D}}}}}}",
        "{paths: {/a: {put: {requestBody: {content: {application/x-www-form-urlencoded: \
         {schema: {type: object, properties: {f: {type: string, x-allowEmptyValue: true}}}}}}, \
         responses: {'200': {description: D}}}}}}",
    ),
    row(
        "header.type",
        "the schema of the header",
        "{responses: {R: {description: D, headers: {H: {type: integer, description: E}}}}}",
        "{components: {responses: {R: {description: D, headers: {H: {schema: {type: integer}, \
         description: E}}}}}}",
    ),
    row(
        "response.schema",
        "the schema of each media type; without it, there is no content",
        "{produces: [a/b, c/d], responses: {R: {description: D, schema: {type: string}}}}",
        "{components: {responses: {R: {description: D, content: {a/b: {schema: {type: string}}, \
         c/d: {schema: {type: string}}}}}}}",
    ),
    row(
        "response.examples",
        "the example of the media type; others are kept in `x-examples`",
        "{responses: {R: {description: D, schema: {}, examples: {application/json: 1}}}}",
        "{components: {responses: {R: {description: D, content: {application/json: {schema: {}, \
         example: 1}}}}}}",
    ),
    row(
        "type: file",
        "a response of bytes; JSON is not one of its media types",
        "{produces: [application/json], responses: {R: {description: D, schema: {type: file}}}}",
        "{components: {responses: {R: {description: D, content: {application/octet-stream: \
         {schema: {type: string, format: binary}}}}}}}",
    ),
    row(
        "x-examples",
        "in a body, the example of the media type",
        "{parameters: {B: {in: body, name: body, schema: {}, x-examples: {application/json: 1}}}}",
        "{components: {requestBodies: {B: {content: {application/json: {schema: {}, \
         example: 1}}}}}}",
    ),
];
