//! Keywords of objects of OpenAPI 3, but for schemas.

use super::keyword::versions::{MODERN, OPENAPI, V32};
use super::keyword::{Keyword, Part, exact};
use crate::version::Version;

const fn row(
    name: &'static str,
    versions: &'static [Version],
    becomes: &'static str,
    from: &'static str,
    to: &'static str,
) -> Keyword {
    exact(name, versions, becomes, from, to).of(Part::Document)
}

pub(super) const DOCUMENTS: [Keyword; 37] = [
    row(
        "$self",
        V32,
        "kept; references to this URI become local",
        "{$self: /a, paths: {/b: {parameters: [{$ref: '/a#/components/parameters/P'}]}}}",
        "{x-$self: /a, paths: {/b: {parameters: [{$ref: '#/components/parameters/P'}]}}}",
    )
    .kept(),
    row(
        "jsonSchemaDialect",
        MODERN,
        "kept",
        "{jsonSchemaDialect: 'https://a.com/d'}",
        "{x-jsonSchemaDialect: 'https://a.com/d'}",
    )
    .kept(),
    row(
        "info.summary",
        MODERN,
        "kept",
        "{info: {title: T, version: '1', summary: S}}",
        "{info: {title: T, version: '1', x-summary: S}}",
    )
    .kept(),
    row(
        "license.identifier",
        MODERN,
        "kept",
        "{info: {title: T, version: '1', license: {name: MIT, identifier: MIT}}}",
        "{info: {title: T, version: '1', license: {name: MIT, x-identifier: MIT}}}",
    )
    .kept(),
    row(
        "paths",
        MODERN,
        "no paths, if it is absent",
        "{tags: []}",
        "{tags: [], paths: {}}",
    ),
    row(
        "webhooks",
        MODERN,
        "kept, with its parts converted",
        "{webhooks: {a: {get: {responses: {'200': {description: D}}}}}}",
        "{x-webhooks: {a: {get: {responses: {'200': {description: D}}}}}}",
    )
    .kept(),
    row(
        "components.pathItems",
        MODERN,
        "copied to where references are; those without references are kept",
        "{paths: {/a: {$ref: '#/components/pathItems/A'}}, \
         components: {pathItems: {A: {summary: S}}}}",
        "{paths: {/a: {summary: S}}, components: {}}",
    ),
    row(
        "components.mediaTypes",
        V32,
        "copied to where references are; those without references are kept",
        "{components: {mediaTypes: {A: {schema: {}}}, requestBodies: {B: {content: {a/b: \
         {$ref: '#/components/mediaTypes/A'}}}}}}",
        "{components: {requestBodies: {B: {content: {a/b: {schema: {}}}}}}}",
    ),
    row(
        "server.name",
        V32,
        "kept",
        "{servers: [{url: /, name: N}]}",
        "{servers: [{url: /, x-name: N}]}",
    )
    .kept(),
    row(
        "tag.summary",
        V32,
        "kept",
        "{tags: [{name: T, summary: S}]}",
        "{tags: [{name: T, x-summary: S}]}",
    )
    .kept(),
    row(
        "tag.parent",
        V32,
        "kept",
        "{tags: [{name: T, parent: P}]}",
        "{tags: [{name: T, x-parent: P}]}",
    )
    .kept(),
    row(
        "tag.kind",
        V32,
        "kept",
        "{tags: [{name: T, kind: nav}]}",
        "{tags: [{name: T, x-kind: nav}]}",
    )
    .kept(),
    row(
        "query",
        V32,
        "kept in the path item",
        "{paths: {/a: {query: {responses: {'200': {description: D}}}}}}",
        "{paths: {/a: {x-query: {responses: {'200': {description: D}}}}}}",
    )
    .not_expressed(),
    row(
        "additionalOperations",
        V32,
        "kept in the path item",
        "{paths: {/a: {additionalOperations: {COPY: {responses: {'200': {description: D}}}}}}}",
        "{paths: {/a: {x-additionalOperations: {COPY: {responses: {'200': {description: D}}}}}}}",
    )
    .not_expressed(),
    row(
        "operation.responses",
        MODERN,
        "if absent, a default response",
        "{paths: {/a: {get: {}}}}",
        "{paths: {/a: {get: {responses: {default: {description: ''}}}}}}",
    ),
    row(
        "response.summary",
        V32,
        "kept",
        "{components: {responses: {R: {summary: S, description: D}}}}",
        "{components: {responses: {R: {x-summary: S, description: D}}}}",
    )
    .kept(),
    row(
        "response.description",
        V32,
        "the summary or an empty text, if it is absent",
        "{components: {responses: {R: {}}}}",
        "{components: {responses: {R: {description: ''}}}}",
    ),
    row(
        "reference.summary",
        MODERN,
        "removed: in OpenAPI 3.0, nothing has an effect beside a reference",
        "{components: {responses: {R: {$ref: '#/components/responses/A', summary: S}}}}",
        "{components: {responses: {R: {$ref: '#/components/responses/A'}}}}",
    )
    .not_expressed(),
    row(
        "reference.description",
        MODERN,
        "removed: in OpenAPI 3.0, nothing has an effect beside a reference",
        "{components: {responses: {R: {$ref: '#/components/responses/A', description: D}}}}",
        "{components: {responses: {R: {$ref: '#/components/responses/A'}}}}",
    )
    .not_expressed(),
    row(
        "in: querystring",
        V32,
        "one parameter for each property of a form; other content is kept in `x-querystring`",
        "{paths: {/a: {parameters: [{name: q, in: querystring, required: true, content: \
         {application/x-www-form-urlencoded: {schema: {properties: {b: {type: string}}, \
         required: [b]}}}}]}}}",
        "{paths: {/a: {parameters: [{name: b, in: query, required: true, schema: \
         {type: string}}]}}}",
    ),
    row(
        "style: cookie",
        V32,
        "kept; the style is the default",
        "{components: {parameters: {P: {name: p, in: cookie, style: cookie, schema: {}}}}}",
        "{components: {parameters: {P: {name: p, in: cookie, x-style: cookie, schema: {}}}}}",
    )
    .kept(),
    row(
        "itemSchema of JSON lines",
        V32,
        "`schema`, which is that of an event",
        "{components: {responses: {R: {description: D, content: {application/jsonl: {itemSchema: \
         {const: a}}}}}}}",
        "{components: {responses: {R: {description: D, content: {application/jsonl: {schema: \
         {enum: [a]}}}}}}}",
    ),
    row(
        "itemSchema",
        V32,
        "kept; the `contentSchema` of the data of a server-sent event is also `schema`",
        "{components: {requestBodies: {B: {content: {text/event-stream: {itemSchema: \
         {const: a}}}}}}}",
        "{components: {requestBodies: {B: {content: {text/event-stream: {x-itemSchema: \
         {enum: [a]}}}}}}}",
    )
    .kept(),
    row(
        "prefixEncoding",
        V32,
        "kept",
        "{components: {requestBodies: {B: {content: {multipart/mixed: {prefixEncoding: []}}}}}}",
        "{components: {requestBodies: {B: {content: {multipart/mixed: {x-prefixEncoding: []}}}}}}",
    )
    .kept(),
    row(
        "itemEncoding",
        V32,
        "kept",
        "{components: {requestBodies: {B: {content: {multipart/mixed: {itemEncoding: {}}}}}}}",
        "{components: {requestBodies: {B: {content: {multipart/mixed: {x-itemEncoding: {}}}}}}}",
    )
    .kept(),
    row(
        "encoding.encoding",
        V32,
        "kept",
        "{components: {requestBodies: {B: {content: {multipart/form-data: {encoding: \
         {a: {encoding: {b: {contentType: text/csv}}}}}}}}}}",
        "{components: {requestBodies: {B: {content: {multipart/form-data: {encoding: \
         {a: {x-encoding: {b: {contentType: text/csv}}}}}}}}}}",
    )
    .kept(),
    row(
        "binary content",
        MODERN,
        "a media type of bytes without a schema gets `format: binary`",
        "{components: {requestBodies: {B: {content: {image/png: {}}}}}}",
        "{components: {requestBodies: {B: {content: {image/png: {schema: {type: string, \
         format: binary}}}}}}}",
    ),
    row(
        "dataValue",
        V32,
        "`value`",
        "{components: {examples: {E: {dataValue: 1}}}}",
        "{components: {examples: {E: {value: 1}}}}",
    ),
    row(
        "serializedValue",
        V32,
        "`value`, or kept if there is one",
        "{components: {examples: {E: {dataValue: 1, serializedValue: '1'}}}}",
        "{components: {examples: {E: {value: 1, x-serializedValue: '1'}}}}",
    )
    .kept(),
    row(
        "list of examples",
        OPENAPI,
        "outside of schemas, the first becomes `example`; the others are kept in `x-examples`",
        "{components: {headers: {H: {schema: {}, examples: [1]}}}}",
        "{components: {headers: {H: {schema: {}, example: 1}}}}",
    )
    .repaired(),
    row(
        "mutualTLS",
        MODERN,
        "kept in `x-securitySchemes` of the components; requirements are without it",
        "{components: {securitySchemes: {M: {type: mutualTLS}}}}",
        "{components: {x-securitySchemes: {M: {type: mutualTLS}}}}",
    )
    .kept(),
    row(
        "security roles",
        MODERN,
        "removed: only OAuth2 and OpenID Connect have scopes in OpenAPI 3.0",
        "{security: [{A: [admin]}], components: {securitySchemes: {A: {type: http, scheme: \
         basic}}}}",
        "{security: [{A: []}], components: {securitySchemes: {A: {type: http, scheme: basic}}}}",
    )
    .not_expressed(),
    row(
        "security by reference",
        V32,
        "the name of the security scheme",
        "{security: [{'#/components/securitySchemes/A': []}]}",
        "{security: [{A: []}]}",
    ),
    row(
        "securityScheme.deprecated",
        V32,
        "kept",
        "{components: {securitySchemes: {A: {type: http, scheme: basic, deprecated: true}}}}",
        "{components: {securitySchemes: {A: {type: http, scheme: basic, x-deprecated: true}}}}",
    )
    .kept(),
    row(
        "oauth2MetadataUrl",
        V32,
        "kept",
        "{components: {securitySchemes: {A: {type: oauth2, flows: {}, oauth2MetadataUrl: U}}}}",
        "{components: {securitySchemes: {A: {type: oauth2, flows: {}, x-oauth2MetadataUrl: U}}}}",
    )
    .kept(),
    row(
        "deviceAuthorization",
        V32,
        "kept",
        "{components: {securitySchemes: {A: {type: oauth2, flows: {deviceAuthorization: {}}}}}}",
        "{components: {securitySchemes: {A: {type: oauth2, flows: {x-deviceAuthorization: {}}}}}}",
    )
    .kept(),
    row(
        "definitions of a document",
        OPENAPI,
        "outside of schemas, `definitions` and `$defs` become components",
        "{definitions: {A: {type: string}}}",
        "{components: {schemas: {A: {type: string}}}}",
    )
    .repaired(),
];
