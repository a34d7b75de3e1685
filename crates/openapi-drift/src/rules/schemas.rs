//! Rules for schemas.
//!
//! A wider schema is safe for requests and breaks clients that read responses. A narrower schema
//! is safe for responses and breaks requests.

use super::table;

table! { SCHEMAS "Schemas: types" {
    TYPE_CHANGED "type-changed" <> "type-changed": Breaking Breaking Breaking docs
        "the type of a value changed",
        "no value is valid for both types; change the code that sends or reads it",
        "`type: string` → `type: integer`";
    TYPE_WIDENED "type-widened" <> "type-narrowed": Safe Breaking Breaking docs
        "integers became numbers",
        "clients that read integers cannot parse fractions",
        "`type: integer` → `type: number`";
    TYPE_NARROWED "type-narrowed" <> "type-widened": Breaking Safe Breaking docs
        "numbers became integers",
        "the server rejects fractions",
        "`type: number` → `type: integer`";
    TYPE_ADDED "type-added" <> "type-removed": Breaking Safe Breaking docs
        "an untyped value got a type",
        "the server rejects values of other types",
        "`{}` → `{type: string}`";
    TYPE_REMOVED "type-removed" <> "type-added": Safe Breaking Breaking docs
        "a value became untyped",
        "clients that read the old type cannot parse other types",
        "`{type: string}` → `{}`";
    FORMAT_ADDED "format-added" <> "format-removed": Risky Safe Breaking docs
        "a value got a format",
        "the server may reject other formats; for integers, the format determines the Rust type",
        "`{type: string}` → `{type: string, format: date}`";
    FORMAT_REMOVED "format-removed" <> "format-added": Safe Risky Breaking docs
        "a value lost its format",
        "clients may not be able to parse other formats; for integers, the format determines the Rust type",
        "`{type: string, format: date}` → `{type: string}`";
    FORMAT_CHANGED "format-changed" <> "format-changed": Breaking Breaking Breaking docs
        "the format of a value changed",
        "a value valid for one format is invalid for the other; for integers, the format determines the Rust type",
        "`format: date` → `format: date-time`";
    FORMAT_WIDENED "format-widened" <> "format-narrowed": Safe Breaking Breaking docs
        "the range of a number format became wider",
        "clients that read the narrow format cannot represent all values; for integers, the format determines the Rust type",
        "`format: int32` → `format: int64`";
    FORMAT_NARROWED "format-narrowed" <> "format-widened": Breaking Safe Breaking docs
        "the range of a number format became narrower",
        "the server rejects values outside it; for integers, the format determines the Rust type",
        "`format: int64` → `format: int32`";
    BECAME_NULLABLE "became-nullable" <> "became-not-nullable": Safe Breaking Breaking docs
        "a value became nullable",
        "clients that read it must handle null",
        "nothing → `nullable: true`";
    BECAME_NOT_NULLABLE "became-not-nullable" <> "became-nullable": Breaking Safe Breaking docs
        "a value is no longer nullable",
        "the server rejects null",
        "`nullable: true` → nothing";
    ENUM_ADDED "enum-added" <> "enum-removed": Breaking Safe Breaking docs
        "a value was restricted to an enum",
        "the server rejects other values; the Rust type of a string becomes an enum",
        "`{type: string}` → `{type: string, enum: [a]}`";
    ENUM_REMOVED "enum-removed" <> "enum-added": Safe Breaking Breaking docs
        "a value is no longer restricted to an enum",
        "clients may not be able to parse other values; the Rust enum is gone",
        "`{type: string, enum: [a]}` → `{type: string}`";
    ENUM_VALUE_ADDED "enum-value-added" <> "enum-value-removed": Safe Breaking Breaking docs
        "an enum value was added",
        "old clients may not be able to parse it, and a `match` may not cover it",
        "`enum: [a]` → `enum: [a, b]`";
    ENUM_VALUE_REMOVED "enum-value-removed" <> "enum-value-added": Breaking Safe Breaking docs
        "an enum value was removed",
        "the server rejects it, and the Rust variant is gone",
        "`enum: [a, b]` → `enum: [a]`";
    SCHEMA_RENAMED "schema-renamed" <> "schema-renamed": None None Breaking docs
        "a schema was renamed",
        "the client's type is named after it",
        "`$ref: '#/components/schemas/A'` → `$ref: '#/components/schemas/B'`";
    SCHEMA_ADDED "schema-added" <> "schema-removed": None None Safe docs
        "an unused schema was added",
        "the client gets a type for it",
        "nothing → `components: {schemas: {A: …}}`";
    SCHEMA_REMOVED "schema-removed" <> "schema-added": None None Breaking docs
        "an unused schema was removed",
        "the client loses the type for it",
        "`components: {schemas: {A: …}}` → nothing";
    XML_CHANGED "xml-changed" <> "xml-changed": Risky Risky None -
        "the XML representation of a value changed",
        "clients that send or read XML may be affected",
        "`xml: {name: a}` → `xml: {name: b}`";
    KEYWORD_CHANGED "keyword-changed" <> "keyword-changed": Risky Risky None -
        "an unknown keyword changed",
        "there is no rule for it; check what it means for the API",
        "`foo: 1` → `foo: 2`";
}}

table! { VALUES "Schemas: limits on values" {
    MINIMUM_TIGHTENED "minimum-tightened" <> "minimum-loosened": Breaking Safe None -
        "the minimum was raised",
        "the server rejects smaller numbers",
        "`minimum: 1` → `minimum: 2`";
    MINIMUM_LOOSENED "minimum-loosened" <> "minimum-tightened": Safe Breaking None -
        "the minimum was lowered",
        "clients that rely on the limit may read smaller numbers",
        "`minimum: 2` → `minimum: 1`";
    MAXIMUM_TIGHTENED "maximum-tightened" <> "maximum-loosened": Breaking Safe None -
        "the maximum was lowered",
        "the server rejects larger numbers",
        "`maximum: 2` → `maximum: 1`";
    MAXIMUM_LOOSENED "maximum-loosened" <> "maximum-tightened": Safe Breaking None -
        "the maximum was raised",
        "clients that rely on the limit may read larger numbers",
        "`maximum: 1` → `maximum: 2`";
    MIN_LENGTH_TIGHTENED "min-length-tightened" <> "min-length-loosened": Breaking Safe None -
        "the minimum length of a string was raised",
        "the server rejects shorter strings",
        "`minLength: 1` → `minLength: 2`";
    MIN_LENGTH_LOOSENED "min-length-loosened" <> "min-length-tightened": Safe Breaking None -
        "the minimum length of a string was lowered",
        "clients that rely on the limit may read shorter strings",
        "`minLength: 2` → `minLength: 1`";
    MAX_LENGTH_TIGHTENED "max-length-tightened" <> "max-length-loosened": Breaking Safe None -
        "the maximum length of a string was lowered",
        "the server rejects longer strings",
        "`maxLength: 2` → `maxLength: 1`";
    MAX_LENGTH_LOOSENED "max-length-loosened" <> "max-length-tightened": Safe Breaking None -
        "the maximum length of a string was raised",
        "clients that rely on the limit may read longer strings",
        "`maxLength: 1` → `maxLength: 2`";
    MIN_ITEMS_TIGHTENED "min-items-tightened" <> "min-items-loosened": Breaking Safe None -
        "the minimum number of items was raised",
        "the server rejects shorter arrays",
        "`minItems: 1` → `minItems: 2`";
    MIN_ITEMS_LOOSENED "min-items-loosened" <> "min-items-tightened": Safe Breaking None -
        "the minimum number of items was lowered",
        "clients that rely on the limit may read shorter arrays",
        "`minItems: 2` → `minItems: 1`";
    MAX_ITEMS_TIGHTENED "max-items-tightened" <> "max-items-loosened": Breaking Safe None -
        "the maximum number of items was lowered",
        "the server rejects longer arrays",
        "`maxItems: 2` → `maxItems: 1`";
    MAX_ITEMS_LOOSENED "max-items-loosened" <> "max-items-tightened": Safe Breaking None -
        "the maximum number of items was raised",
        "clients that rely on the limit may read longer arrays",
        "`maxItems: 1` → `maxItems: 2`";
    MIN_PROPERTIES_TIGHTENED "min-properties-tightened" <> "min-properties-loosened": Breaking Safe None -
        "the minimum number of properties was raised",
        "the server rejects objects with fewer properties",
        "`minProperties: 1` → `minProperties: 2`";
    MIN_PROPERTIES_LOOSENED "min-properties-loosened" <> "min-properties-tightened": Safe Breaking None -
        "the minimum number of properties was lowered",
        "clients that rely on the limit may read objects with fewer properties",
        "`minProperties: 2` → `minProperties: 1`";
    MAX_PROPERTIES_TIGHTENED "max-properties-tightened" <> "max-properties-loosened": Breaking Safe None -
        "the maximum number of properties was lowered",
        "the server rejects objects with more properties",
        "`maxProperties: 2` → `maxProperties: 1`";
    MAX_PROPERTIES_LOOSENED "max-properties-loosened" <> "max-properties-tightened": Safe Breaking None -
        "the maximum number of properties was raised",
        "clients that rely on the limit may read objects with more properties",
        "`maxProperties: 1` → `maxProperties: 2`";
    MULTIPLE_OF_TIGHTENED "multiple-of-tightened" <> "multiple-of-loosened": Breaking Safe None -
        "numbers must be multiples of a larger step",
        "the server rejects numbers between the steps",
        "`multipleOf: 2` → `multipleOf: 4`";
    MULTIPLE_OF_LOOSENED "multiple-of-loosened" <> "multiple-of-tightened": Safe Breaking None -
        "numbers may be multiples of a smaller step",
        "clients that rely on the old step may read numbers between the steps",
        "`multipleOf: 4` → `multipleOf: 2`";
    MULTIPLE_OF_CHANGED "multiple-of-changed" <> "multiple-of-changed": Breaking Breaking None -
        "numbers must be multiples of another step",
        "some numbers that were valid are now invalid",
        "`multipleOf: 2` → `multipleOf: 3`";
    PATTERN_ADDED "pattern-added" <> "pattern-removed": Breaking Safe None -
        "a pattern was added to a string",
        "the server rejects strings that do not match",
        "nothing → `pattern: ^a`";
    PATTERN_REMOVED "pattern-removed" <> "pattern-added": Safe Breaking None -
        "the pattern of a string was removed",
        "clients that rely on the pattern may read other strings",
        "`pattern: ^a` → nothing";
    PATTERN_CHANGED "pattern-changed" <> "pattern-changed": Risky Risky None -
        "the pattern of a string changed",
        "patterns cannot be compared; check which strings are no longer valid",
        "`pattern: ^a` → `pattern: ^b`";
    UNIQUE_ITEMS_ADDED "unique-items-added" <> "unique-items-removed": Breaking Safe None -
        "array items must now be unique",
        "the server rejects arrays with duplicates",
        "nothing → `uniqueItems: true`";
    UNIQUE_ITEMS_REMOVED "unique-items-removed" <> "unique-items-added": Safe Breaking None -
        "array items no longer need to be unique",
        "clients that rely on unique items may read duplicates",
        "`uniqueItems: true` → nothing";
    DEFAULT_ADDED "default-added" <> "default-removed": Risky Safe None docs
        "a default was added",
        "the server may treat calls without this value differently",
        "nothing → `default: 1`";
    DEFAULT_REMOVED "default-removed" <> "default-added": Risky Risky None docs
        "a default was removed",
        "the server may treat calls without this value differently",
        "`default: 1` → nothing";
    DEFAULT_CHANGED "default-changed" <> "default-changed": Risky Risky None docs
        "a default changed",
        "the server treats calls without this value differently",
        "`default: 1` → `default: 2`";
}}

table! { OBJECTS "Schemas: objects" {
    OPTIONAL_PROPERTY_ADDED "optional-property-added" <> "optional-property-removed": Safe Safe Breaking docs
        "an optional property was added",
        "clients ignore unknown properties; struct literals need the new field",
        "nothing → `properties: {a: {}}`";
    OPTIONAL_PROPERTY_REMOVED "optional-property-removed" <> "optional-property-added": Risky Risky Breaking docs
        "an optional property was removed",
        "the server may reject it and no longer returns it; the field is gone",
        "`properties: {a: {}}` → nothing";
    REQUIRED_PROPERTY_ADDED "required-property-added" <> "required-property-removed": Breaking Safe Breaking docs
        "a required property was added",
        "the server rejects objects without it; struct literals need the new field",
        "nothing → `properties: {a: {}}, required: [a]`";
    REQUIRED_PROPERTY_REMOVED "required-property-removed" <> "required-property-added": Risky Breaking Breaking docs
        "a required property was removed",
        "clients that read it no longer find it; the field is gone",
        "`properties: {a: {}}, required: [a]` → nothing";
    PROPERTY_BECAME_REQUIRED "property-became-required" <> "property-became-optional": Breaking Safe Breaking docs
        "a property became required",
        "the server rejects objects without it; the field may no longer be an `Option`",
        "nothing → `required: [a]`";
    PROPERTY_BECAME_OPTIONAL "property-became-optional" <> "property-became-required": Safe Breaking Breaking docs
        "a property became optional",
        "clients that read it may not find it; the field may become an `Option`",
        "`required: [a]` → nothing";
    ADDITIONAL_PROPERTIES_DENIED "additional-properties-denied" <> "additional-properties-allowed": Breaking Safe Breaking -
        "additional properties are no longer allowed",
        "the server rejects them; if they had a schema, their field is gone",
        "nothing → `additionalProperties: false`";
    ADDITIONAL_PROPERTIES_ALLOWED "additional-properties-allowed" <> "additional-properties-denied": Safe Breaking Breaking -
        "additional properties are now allowed",
        "strict clients cannot parse them; if they have a schema, the client gets a field for them",
        "`additionalProperties: false` → nothing";
    ADDITIONAL_PROPERTIES_TYPED "additional-properties-typed" <> "additional-properties-untyped": Breaking Safe Breaking docs
        "additional properties got a schema",
        "the server rejects other values; the client may get a field for them",
        "nothing → `additionalProperties: {type: string}`";
    ADDITIONAL_PROPERTIES_UNTYPED "additional-properties-untyped" <> "additional-properties-typed": Safe Breaking Breaking docs
        "additional properties lost their schema",
        "clients that read the old type cannot parse other values; their field may be gone",
        "`additionalProperties: {type: string}` → nothing";
    BECAME_READ_ONLY "became-read-only" <> "became-not-read-only": Risky None Breaking docs
        "a property became read-only",
        "the server rejects or ignores it in requests; a required field becomes an `Option`",
        "nothing → `readOnly: true`";
    BECAME_NOT_READ_ONLY "became-not-read-only" <> "became-read-only": Risky None Breaking docs
        "a property is no longer read-only",
        "a required property must now be sent, and its field may no longer be an `Option`",
        "`readOnly: true` → nothing";
    BECAME_WRITE_ONLY "became-write-only" <> "became-not-write-only": None Breaking Breaking docs
        "a property became write-only",
        "the server no longer returns it; a required field becomes an `Option`",
        "nothing → `writeOnly: true`";
    BECAME_NOT_WRITE_ONLY "became-not-write-only" <> "became-write-only": None Safe Breaking docs
        "a property is no longer write-only",
        "clients ignore unknown properties; a required field may no longer be an `Option`",
        "`writeOnly: true` → nothing";
}}

table! { COMBINATIONS "Schemas: combinations" {
    ALL_OF_PART_ADDED "all-of-part-added" <> "all-of-part-removed": Breaking Safe Breaking docs
        "a schema was added to `allOf`",
        "the server rejects values that do not match it; the type gets its fields",
        "`allOf: [A]` → `allOf: [A, B]`";
    ALL_OF_PART_REMOVED "all-of-part-removed" <> "all-of-part-added": Safe Breaking Breaking docs
        "a schema was removed from `allOf`",
        "clients may read values that do not match it; the type loses its fields",
        "`allOf: [A, B]` → `allOf: [A]`";
    ALTERNATIVES_ADDED "alternatives-added" <> "alternatives-removed": Breaking Safe Breaking docs
        "a value must now match one of several schemas",
        "the server rejects values that match none of them",
        "`{}` → `{oneOf: [A, B]}`";
    ALTERNATIVES_REMOVED "alternatives-removed" <> "alternatives-added": Safe Breaking Breaking docs
        "a value no longer has to match one of several schemas",
        "clients may not be able to parse other values",
        "`{oneOf: [A, B]}` → `{}`";
    ALTERNATIVES_KEYWORD_CHANGED "alternatives-keyword-changed" <> "alternatives-keyword-changed": Safe Safe None -
        "`oneOf` and `anyOf` were exchanged",
        "only values that match several alternatives are affected",
        "`oneOf: [A, B]` → `anyOf: [A, B]`";
    ALTERNATIVE_ADDED "alternative-added" <> "alternative-removed": Safe Breaking Breaking docs
        "an alternative was added",
        "old clients cannot parse it, and a `match` may not cover it",
        "`oneOf: [A]` → `oneOf: [A, B]`";
    ALTERNATIVE_REMOVED "alternative-removed" <> "alternative-added": Breaking Safe Breaking docs
        "an alternative was removed",
        "the server rejects it, and the Rust variant is gone",
        "`oneOf: [A, B]` → `oneOf: [A]`";
    NOT_ADDED "not-added" <> "not-removed": Breaking Safe None -
        "a `not` schema was added",
        "the server rejects values that match it",
        "nothing → `not: A`";
    NOT_REMOVED "not-removed" <> "not-added": Safe Breaking None -
        "a `not` schema was removed",
        "clients may read values that it excluded",
        "`not: A` → nothing";
    DISCRIMINATOR_ADDED "discriminator-added" <> "discriminator-removed": Risky Risky None -
        "a discriminator was added",
        "the server may misread values without the property",
        "nothing → `discriminator: {propertyName: kind}`";
    DISCRIMINATOR_REMOVED "discriminator-removed" <> "discriminator-added": Risky Risky None -
        "the discriminator was removed",
        "clients that select an alternative by this property may not find it",
        "`discriminator: {propertyName: kind}` → nothing";
    DISCRIMINATOR_PROPERTY_CHANGED "discriminator-property-changed" <> "discriminator-property-changed": Breaking Breaking None -
        "the discriminator uses another property",
        "clients and servers that use the old property select the wrong alternative",
        "`propertyName: kind` → `propertyName: type`";
    DISCRIMINATOR_VALUE_ADDED "discriminator-value-added" <> "discriminator-value-removed": Safe Risky None -
        "a discriminator value was added",
        "old clients may not recognize it",
        "`mapping: {}` → `mapping: {a: A}`";
    DISCRIMINATOR_VALUE_REMOVED "discriminator-value-removed" <> "discriminator-value-added": Breaking Safe None -
        "a discriminator value was removed",
        "the server may misread values that use it",
        "`mapping: {a: A}` → `mapping: {}`";
    DISCRIMINATOR_VALUE_CHANGED "discriminator-value-changed" <> "discriminator-value-changed": Breaking Breaking None -
        "a discriminator value selects another schema",
        "values that use it have another shape",
        "`mapping: {a: A}` → `mapping: {a: B}`";
    DISCRIMINATOR_VALUE_RENAMED "discriminator-value-renamed" <> "discriminator-value-renamed": Breaking Breaking None -
        "a discriminator value was renamed",
        "clients and servers do not recognize the value of the other side",
        "`mapping: {a: A}` → `mapping: {b: A}`";
}}
