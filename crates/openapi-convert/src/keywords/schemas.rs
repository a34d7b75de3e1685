//! Keywords of schemas.

use super::keyword::versions::{ANY, MODERN, OLD, OPENAPI, SWAGGER, V30, V32};
use super::keyword::{Keyword, exact};

pub(super) const SCHEMAS: [Keyword; 48] = [
    exact(
        "type",
        MODERN,
        "one type and `nullable`; several types become `anyOf`, each with its keywords",
        "{type: [string, integer, 'null'], maxLength: 9, minimum: 1}",
        "{anyOf: [{type: string, maxLength: 9}, {type: integer, minimum: 1}], nullable: true}",
    ),
    exact(
        "null",
        MODERN,
        "`nullable`, also for an alternative of `anyOf` and `oneOf`; alone, an enum of `null`",
        "{anyOf: [{$ref: '#/components/schemas/A'}, {type: 'null'}]}",
        "{allOf: [{$ref: '#/components/schemas/A'}], nullable: true}",
    ),
    exact(
        "nullable",
        V30,
        "itself, in every version",
        "{type: string, nullable: true}",
        "{type: string, nullable: true}",
    ),
    exact(
        "x-nullable",
        SWAGGER,
        "`nullable`",
        "{type: string, x-nullable: true}",
        "{type: string, nullable: true}",
    ),
    exact(
        "const",
        MODERN,
        "an enum of one value",
        "{const: on}",
        "{enum: [on]}",
    ),
    exact(
        "exclusiveMinimum",
        MODERN,
        "`minimum` and a boolean; the tighter bound remains",
        "{type: number, exclusiveMinimum: 0}",
        "{type: number, minimum: 0, exclusiveMinimum: true}",
    ),
    exact(
        "exclusiveMaximum",
        MODERN,
        "`maximum` and a boolean; the tighter bound remains",
        "{type: number, maximum: 5, exclusiveMaximum: 9}",
        "{type: number, maximum: 5}",
    ),
    exact(
        "examples",
        MODERN,
        "`example`; the others are kept",
        "{type: string, examples: [a, b]}",
        "{type: string, example: a, x-json-schema: {examples: [b]}}",
    )
    .kept(),
    exact(
        "$ref",
        MODERN,
        "with other keywords beside it, a part of `allOf`; before 3.1, only annotations have an \
         effect beside a reference, and other keywords are removed",
        "{$ref: '#/components/schemas/A', description: D}",
        "{allOf: [{$ref: '#/components/schemas/A'}], description: D}",
    ),
    exact(
        "$defs",
        MODERN,
        "components; references to them change",
        "{$ref: '#/components/schemas/S/$defs/B', $defs: {B: {type: string}}}",
        "{$ref: '#/components/schemas/B'}",
    ),
    exact(
        "definitions",
        OPENAPI,
        "components; references to them change",
        "{definitions: {B: {type: string}}, $ref: '#/components/schemas/S/definitions/B'}",
        "{$ref: '#/components/schemas/B'}",
    )
    .repaired(),
    exact(
        "local definitions",
        MODERN,
        "a reference to `#`, `#/$defs/…` or `#/definitions/…` that leads nowhere means the schema \
         that it is in, else a component",
        "{type: array, items: {$ref: '#'}}",
        "{type: array, items: {$ref: '#/components/schemas/S'}}",
    )
    .repaired(),
    exact(
        "$anchor",
        MODERN,
        "nothing; references to it lead to a component",
        "{properties: {a: {$anchor: b, type: string}, c: {$ref: '#b'}}}",
        "{properties: {a: {$ref: '#/components/schemas/b'}, c: {$ref: '#/components/schemas/b'}}}",
    ),
    exact(
        "$dynamicAnchor",
        MODERN,
        "like `$anchor`",
        "{$dynamicAnchor: b, items: {$ref: '#b'}}",
        "{items: {$ref: '#/components/schemas/S'}}",
    ),
    exact(
        "$dynamicRef",
        MODERN,
        "a reference to the schema with the anchor, without regard to the caller",
        "{$dynamicAnchor: b, items: {$dynamicRef: '#b'}}",
        "{items: {$ref: '#/components/schemas/S'}}",
    )
    .kept(),
    exact(
        "$recursiveRef",
        MODERN,
        "a reference to the outermost schema around it",
        "{$recursiveAnchor: true, items: {$recursiveRef: '#'}}",
        "{items: {$ref: '#/components/schemas/S'}}",
    )
    .kept(),
    exact(
        "$id",
        MODERN,
        "kept; references to it lead to the component",
        "{$id: 'https://a.com/s', items: {$ref: 'https://a.com/s'}}",
        "{items: {$ref: '#/components/schemas/S'}, x-json-schema: {$id: 'https://a.com/s'}}",
    )
    .kept(),
    exact(
        "$schema",
        MODERN,
        "kept",
        "{$schema: 'https://json-schema.org/draft/2020-12/schema'}",
        "{x-json-schema: {$schema: 'https://json-schema.org/draft/2020-12/schema'}}",
    )
    .kept(),
    exact(
        "$vocabulary",
        MODERN,
        "kept",
        "{$vocabulary: {'https://a.com/v': true}}",
        "{x-json-schema: {$vocabulary: {'https://a.com/v': true}}}",
    )
    .kept(),
    exact(
        "$comment",
        MODERN,
        "kept",
        "{type: string, $comment: C}",
        "{type: string, x-json-schema: {$comment: C}}",
    )
    .kept(),
    exact(
        "boolean schema",
        MODERN,
        "`true` becomes a schema without keywords, `false` one that excludes every value",
        "{properties: {a: true, b: false}, additionalProperties: false}",
        "{properties: {a: {}, b: {not: {}}}, additionalProperties: false}",
    ),
    exact(
        "prefixItems",
        MODERN,
        "`items` for any item of the tuple, if no other items are allowed; the tuple is kept",
        "{type: array, prefixItems: [{type: string}, {type: number}], items: false}",
        "{type: array, items: {anyOf: [{type: number}, {type: string}]}, maxItems: 2, \
         x-json-schema: {prefixItems: [{type: string}, {type: number}], items: false}}",
    )
    .kept(),
    exact(
        "items",
        OLD,
        "a list is read as `prefixItems`, and `additionalItems` as `items`; `items: false` of \
         3.1 becomes `maxItems: 0`",
        "{type: array, items: [{type: string}], additionalItems: false}",
        "{type: array, items: {type: string}, maxItems: 1, \
         x-json-schema: {prefixItems: [{type: string}], items: false}}",
    )
    .repaired(),
    exact(
        "array without items",
        MODERN,
        "an array of any items",
        "{type: array}",
        "{type: array, items: {}}",
    ),
    exact(
        "additionalItems",
        MODERN,
        "kept, unless `items` is a list",
        "{additionalItems: {type: string}}",
        "{x-json-schema: {additionalItems: {type: string}}}",
    )
    .kept(),
    exact(
        "unevaluatedItems",
        MODERN,
        "kept",
        "{unevaluatedItems: false}",
        "{x-json-schema: {unevaluatedItems: false}}",
    )
    .kept(),
    exact(
        "contains",
        MODERN,
        "kept",
        "{contains: {const: 1}}",
        "{x-json-schema: {contains: {enum: [1]}}}",
    )
    .kept(),
    exact(
        "minContains",
        MODERN,
        "kept",
        "{minContains: 2}",
        "{x-json-schema: {minContains: 2}}",
    )
    .kept(),
    exact(
        "maxContains",
        MODERN,
        "kept",
        "{maxContains: 2}",
        "{x-json-schema: {maxContains: 2}}",
    )
    .kept(),
    exact(
        "patternProperties",
        MODERN,
        "`additionalProperties` if there is one pattern and no other properties are allowed, with \
         the pattern in `propertyNames`; else kept",
        "{type: object, patternProperties: {^a: {type: string}}, additionalProperties: false}",
        "{type: object, additionalProperties: {type: string}, \
         x-json-schema: {propertyNames: {pattern: ^a}}}",
    )
    .kept(),
    exact(
        "propertyNames",
        MODERN,
        "kept",
        "{propertyNames: {pattern: ^a}}",
        "{x-json-schema: {propertyNames: {pattern: ^a}}}",
    )
    .kept(),
    exact(
        "dependentRequired",
        MODERN,
        "kept",
        "{dependentRequired: {a: [b]}}",
        "{x-json-schema: {dependentRequired: {a: [b]}}}",
    )
    .kept(),
    exact(
        "dependentSchemas",
        MODERN,
        "kept",
        "{dependentSchemas: {a: {required: [b]}}}",
        "{x-json-schema: {dependentSchemas: {a: {required: [b]}}}}",
    )
    .kept(),
    exact(
        "dependencies",
        MODERN,
        "kept",
        "{dependencies: {a: [b]}}",
        "{x-json-schema: {dependencies: {a: [b]}}}",
    )
    .kept(),
    exact(
        "unevaluatedProperties",
        MODERN,
        "kept",
        "{unevaluatedProperties: false}",
        "{x-json-schema: {unevaluatedProperties: false}}",
    )
    .kept(),
    exact(
        "if",
        MODERN,
        "kept",
        "{if: {required: [a]}}",
        "{x-json-schema: {if: {required: [a]}}}",
    )
    .kept(),
    exact(
        "then",
        MODERN,
        "kept",
        "{then: {required: [b]}}",
        "{x-json-schema: {then: {required: [b]}}}",
    )
    .kept(),
    exact(
        "else",
        MODERN,
        "kept",
        "{else: {type: [string, 'null']}}",
        "{x-json-schema: {else: {type: string, nullable: true}}}",
    )
    .kept(),
    exact(
        "contentEncoding",
        MODERN,
        "`base64` becomes `format: byte`; others are kept",
        "{type: string, contentEncoding: base64}",
        "{type: string, format: byte}",
    ),
    exact(
        "contentMediaType",
        MODERN,
        "`format: binary` if it is one of bytes; kept, but for `application/octet-stream`",
        "{contentMediaType: image/png}",
        "{type: string, format: binary, x-json-schema: {contentMediaType: image/png}}",
    )
    .kept(),
    exact(
        "contentSchema",
        MODERN,
        "kept",
        "{type: string, contentSchema: {type: object}}",
        "{type: string, x-json-schema: {contentSchema: {type: object}}}",
    )
    .kept(),
    exact(
        "required",
        MODERN,
        "an empty list is removed",
        "{type: object, required: []}",
        "{type: object}",
    ),
    exact(
        "enum",
        ANY,
        "an empty list, which allows no value, is removed",
        "{type: string, enum: []}",
        "{type: string}",
    )
    .repaired(),
    exact(
        "discriminator",
        SWAGGER,
        "the name becomes `propertyName`; definitions whose names change get a mapping",
        "{discriminator: kind}",
        "{discriminator: {propertyName: kind}}",
    ),
    exact(
        "defaultMapping",
        V32,
        "kept",
        "{discriminator: {propertyName: kind, defaultMapping: A}}",
        "{discriminator: {propertyName: kind}, x-json-schema: {discriminator: {defaultMapping: A}}}",
    )
    .kept(),
    exact(
        "nodeType",
        V32,
        "`attribute` and `element` become `attribute` and `wrapped`; others are kept",
        "{xml: {nodeType: cdata}}",
        "{xml: {x-nodeType: cdata}}",
    )
    .kept(),
    exact(
        "x-example",
        SWAGGER,
        "`example`",
        "{type: string, x-example: a}",
        "{type: string, example: a}",
    ),
    exact(
        "unknown keyword",
        MODERN,
        "kept",
        "{type: string, hint: H}",
        "{type: string, x-json-schema: {hint: H}}",
    )
    .kept(),
];
