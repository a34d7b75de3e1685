//! Rules for schemas.
//!
//! A wider schema is safe for requests and breaks clients that read responses. A narrower schema
//! is safe for responses and breaks requests.

use super::table;

table! { SCHEMAS "Schemas: types" {
    TYPE_CHANGED "type-changed" <> "type-changed": Breaking Breaking Breaking docs
        "the type of a value changed",
        "changed the type of the {}",
        request "the server rejects values of the old type"
        response "clients cannot parse values of the new type"
        code "the Rust type changes",
        "`type: string` → `type: integer`";
    TYPE_WIDENED "type-widened" <> "type-narrowed": Safe Breaking Breaking docs
        "integers became numbers",
        "changed the {} from {before} to {after}",
        request "integers are still valid"
        response "clients that read integers cannot parse fractions"
        code "the Rust type changes",
        "`type: integer` → `type: number`";
    TYPE_NARROWED "type-narrowed" <> "type-widened": Breaking Safe Breaking docs
        "numbers became integers",
        "changed the {} from {before} to {after}",
        request "the server rejects fractions"
        response "integers are valid numbers"
        code "the Rust type changes",
        "`type: number` → `type: integer`";
    TYPE_ADDED "type-added" <> "type-removed": Breaking Safe Breaking docs
        "an untyped value got a type",
        "gave the untyped {} a type",
        request "the server rejects values of other types"
        response "clients accepted every type before"
        code "the Rust type changes",
        "`{}` → `{type: string}`";
    TYPE_REMOVED "type-removed" <> "type-added": Safe Breaking Breaking docs
        "a value became untyped",
        "removed the type of the {}",
        request "values of the old type are still valid"
        response "clients that read the old type cannot parse other types"
        code "the Rust type changes",
        "`{type: string}` → `{}`";
    FORMAT_ADDED "format-added" <> "format-removed": Risky Safe Breaking docs
        "a value got a format",
        "added a format to the {}",
        request "the server may reject values in other formats"
        response "clients accepted every format before"
        code "the format determines the Rust type",
        "`{type: string}` → `{type: string, format: date}`";
    FORMAT_REMOVED "format-removed" <> "format-added": Safe Risky Breaking docs
        "a value lost its format",
        "removed the format of the {}",
        request "values in the old format are still valid"
        response "clients may not be able to parse values in other formats"
        code "the format determines the Rust type",
        "`{type: string, format: date}` → `{type: string}`";
    FORMAT_CHANGED "format-changed" <> "format-changed": Breaking Breaking Breaking docs
        "the format of a value changed",
        "changed the format of the {}",
        request "the server rejects values in the old format"
        response "clients cannot parse values in the new format"
        code "the format determines the Rust type",
        "`format: date` → `format: date-time`";
    FORMAT_WIDENED "format-widened" <> "format-narrowed": Safe Breaking Breaking docs
        "the range of a number format became wider",
        "widened the number format of the {}",
        request "values in the narrow range are still valid"
        response "clients that read the narrow format cannot represent all values"
        code "the format determines the Rust type",
        "`format: int32` → `format: int64`";
    FORMAT_NARROWED "format-narrowed" <> "format-widened": Breaking Safe Breaking docs
        "the range of a number format became narrower",
        "narrowed the number format of the {}",
        request "the server rejects values outside the narrow range"
        response "clients can represent all values"
        code "the format determines the Rust type",
        "`format: int64` → `format: int32`";
    BECAME_NULLABLE "became-nullable" <> "became-not-nullable": Safe Breaking Breaking docs
        "a value became nullable",
        "made the {} nullable",
        request "other values are still valid"
        response "clients that read it must handle null"
        code "the Rust type becomes an `Option`",
        "nothing → `nullable: true`";
    BECAME_NOT_NULLABLE "became-not-nullable" <> "became-nullable": Breaking Safe Breaking docs
        "a value is no longer nullable",
        "made the {} not nullable",
        request "the server rejects null"
        response "clients no longer receive null"
        code "the Rust type is no longer an `Option`",
        "`nullable: true` → nothing";
    ENUM_ADDED "enum-added" <> "enum-removed": Breaking Safe Breaking docs
        "a value was restricted to an enum",
        "restricted the {} to an enum",
        request "the server rejects other values"
        response "clients accepted every value before"
        code "the Rust type becomes an enum",
        "`{type: string}` → `{type: string, enum: [a]}`";
    ENUM_REMOVED "enum-removed" <> "enum-added": Safe Breaking Breaking docs
        "a value is no longer restricted to an enum",
        "removed the enum of the {}",
        request "the enum values are still valid"
        response "clients may receive values that they cannot parse"
        code "the Rust enum is gone",
        "`{type: string, enum: [a]}` → `{type: string}`";
    ENUM_VALUE_ADDED "enum-value-added" <> "enum-value-removed": Safe Breaking Safe docs
        "an enum value was added",
        "added the enum value {value} to the {}",
        request "the server accepts one more value"
        response "old clients cannot parse the new value"
        code "the Rust enum gets a variant; a `match` already covers unknown values",
        "`enum: [a]` → `enum: [a, b]`";
    ENUM_VALUE_REMOVED "enum-value-removed" <> "enum-value-added": Breaking Safe Breaking docs
        "an enum value was removed",
        "removed the enum value {value} from the {}",
        request "the server rejects this value"
        response "clients no longer receive this value"
        code "the Rust variant is gone",
        "`enum: [a, b]` → `enum: [a]`";
    ENUM_BECAME_EXTENSIBLE "enum-became-extensible" <> "enum-became-closed": Safe Risky Breaking docs
        "an enum became extensible",
        "replaced {before} of the {} by {after}",
        request "the enum values are still valid"
        response "clients may receive values that are not listed; handle them"
        code "the Rust enum is gone",
        "`enum: [a]` → `x-extensible-enum: [a]`";
    ENUM_BECAME_CLOSED "enum-became-closed" <> "enum-became-extensible": Breaking Safe Breaking docs
        "an extensible enum was closed",
        "replaced {before} of the {} by {after}",
        request "the server rejects values that are not listed"
        response "clients receive only the listed values"
        code "the Rust type becomes an enum",
        "`x-extensible-enum: [a]` → `enum: [a]`";
    EXTENSIBLE_ENUM_ADDED "extensible-enum-added" <> "extensible-enum-removed": Risky Safe None docs
        "the values of an extensible enum were listed",
        "listed the values of the {} in `x-extensible-enum`",
        request "the server may reject values that are not listed"
        response "clients accepted every value before",
        "`{type: string}` → `{type: string, x-extensible-enum: [a]}`";
    EXTENSIBLE_ENUM_REMOVED "extensible-enum-removed" <> "extensible-enum-added": Safe Safe None docs
        "the list of the values of an extensible enum was removed",
        "removed `x-extensible-enum` of the {}",
        request "the listed values are still valid"
        response "clients already accept values that are not listed",
        "`{type: string, x-extensible-enum: [a]}` → `{type: string}`";
    EXTENSIBLE_ENUM_VALUE_ADDED "extensible-enum-value-added" <> "extensible-enum-value-removed": Safe Safe None docs
        "a value was added to an extensible enum",
        "added the value {value} to `x-extensible-enum` of the {}",
        request "the server accepts one more value"
        response "clients already accept values that are not listed",
        "`x-extensible-enum: [a]` → `x-extensible-enum: [a, b]`";
    EXTENSIBLE_ENUM_VALUE_REMOVED "extensible-enum-value-removed" <> "extensible-enum-value-added": Breaking Risky None docs
        "a value was removed from an extensible enum",
        "removed the value {value} from `x-extensible-enum` of the {}",
        request "the server rejects this value"
        response "clients that wait for this value may no longer receive it",
        "`x-extensible-enum: [a, b]` → `x-extensible-enum: [a]`";
    SCHEMA_RENAMED "schema-renamed" <> "schema-renamed": None None Breaking docs
        "a schema was renamed",
        "renamed the schema {before} to {after}",
        calls "requests and responses are the same"
        code "the client's type is named after it",
        "`$ref: '#/components/schemas/A'` → `$ref: '#/components/schemas/B'`";
    SCHEMA_ADDED "schema-added" <> "schema-removed": None None Safe docs
        "an unused schema was added",
        "added the unused {}",
        calls "requests and responses are the same"
        code "the client gets a type for it",
        "nothing → `components: {schemas: {A: …}}`";
    SCHEMA_REMOVED "schema-removed" <> "schema-added": None None Breaking docs
        "an unused schema was removed",
        "removed the unused {}",
        calls "requests and responses are the same"
        code "the client loses the type for it",
        "`components: {schemas: {A: …}}` → nothing";
    XML_CHANGED "xml-changed" <> "xml-changed": Risky Risky None -
        "the XML representation of a value changed",
        "changed the XML representation of the {}",
        request "the server may reject the old XML"
        response "clients may not be able to parse the new XML",
        "`xml: {name: a}` → `xml: {name: b}`";
    KEYWORD_CHANGED "keyword-changed" <> "keyword-changed": Risky Risky None -
        "an unknown keyword changed",
        "changed {key} of the {}",
        request "check what this keyword means for requests, because no rule covers it"
        response "check what this keyword means for responses, because no rule covers it",
        "`foo: 1` → `foo: 2`";
}}

table! { OBJECTS "Schemas: objects" {
    OPTIONAL_PROPERTY_ADDED "optional-property-added" <> "optional-property-removed": Safe Safe Breaking docs
        "an optional property was added",
        "added the optional {}",
        request "objects without it are still valid"
        response "clients ignore unknown properties"
        code "struct literals need the new field",
        "nothing → `properties: {a: {}}`";
    OPTIONAL_PROPERTY_REMOVED "optional-property-removed" <> "optional-property-added": Risky Risky Breaking docs
        "an optional property was removed",
        "removed the optional {}",
        request "the server may reject or ignore it; stop sending it"
        response "clients that read it may no longer find it"
        code "the field is gone",
        "`properties: {a: {}}` → nothing";
    REQUIRED_PROPERTY_ADDED "required-property-added" <> "required-property-removed": Breaking Safe Breaking docs
        "a required property was added",
        "added the required {}",
        request "the server rejects objects without it; send it"
        response "clients ignore unknown properties"
        code "struct literals need the new field",
        "nothing → `properties: {a: {}}, required: [a]`";
    REQUIRED_PROPERTY_REMOVED "required-property-removed" <> "required-property-added": Risky Breaking Breaking docs
        "a required property was removed",
        "removed the required {}",
        request "the server may reject or ignore it; stop sending it"
        response "clients that read it no longer find it"
        code "the field is gone",
        "`properties: {a: {}}, required: [a]` → nothing";
    PROPERTY_BECAME_REQUIRED "property-became-required" <> "property-became-optional": Breaking Safe Breaking docs
        "a property became required",
        "made the {} required",
        request "the server rejects objects without it; send it"
        response "the server always returns it"
        code "the field is no longer an `Option`",
        "nothing → `required: [a]`";
    PROPERTY_BECAME_OPTIONAL "property-became-optional" <> "property-became-required": Safe Breaking Breaking docs
        "a property became optional",
        "made the {} optional",
        request "objects with it are still valid"
        response "clients that read it may not find it"
        code "the field becomes an `Option`",
        "`required: [a]` → nothing";
    ADDITIONAL_PROPERTIES_DENIED "additional-properties-denied" <> "additional-properties-allowed": Breaking Safe Breaking -
        "additional properties are no longer allowed",
        "denied additional properties of the {}",
        request "the server rejects them; stop sending them"
        response "clients no longer receive them"
        code "their field is gone",
        "nothing → `additionalProperties: false`";
    ADDITIONAL_PROPERTIES_ALLOWED "additional-properties-allowed" <> "additional-properties-denied": Safe Breaking Breaking -
        "additional properties are now allowed",
        "allowed additional properties of the {}",
        request "objects without them are still valid"
        response "strict clients cannot parse them"
        code "the client gets a field for them",
        "`additionalProperties: false` → nothing";
    ADDITIONAL_PROPERTIES_TYPED "additional-properties-typed" <> "additional-properties-untyped": Breaking Safe Breaking docs
        "additional properties got a schema",
        "restricted the additional properties of the {} by a schema",
        request "the server rejects other values"
        response "clients accepted every value before"
        code "their field is new or has another type",
        "nothing → `additionalProperties: {type: string}`";
    ADDITIONAL_PROPERTIES_UNTYPED "additional-properties-untyped" <> "additional-properties-typed": Safe Breaking Breaking docs
        "additional properties lost their schema",
        "removed the schema of the additional properties of the {}",
        request "values of the old type are still valid"
        response "clients that read the old type cannot parse other values"
        code "their field is gone or has another type",
        "`additionalProperties: {type: string}` → nothing";
    BECAME_READ_ONLY "became-read-only" <> "became-not-read-only": Risky None Breaking docs
        "a property became read-only",
        "made the {} read-only",
        request "the server may reject or ignore it; stop sending it"
        response "responses are the same"
        code "a required field becomes an `Option`",
        "nothing → `readOnly: true`";
    BECAME_NOT_READ_ONLY "became-not-read-only" <> "became-read-only": Risky None Breaking docs
        "a property is no longer read-only",
        "the {} is no longer read-only",
        request "if it is required, the server may reject objects without it"
        response "responses are the same"
        code "a required field is no longer an `Option`",
        "`readOnly: true` → nothing";
    BECAME_WRITE_ONLY "became-write-only" <> "became-not-write-only": None Breaking Breaking docs
        "a property became write-only",
        "made the {} write-only",
        request "requests are the same"
        response "the server no longer returns it"
        code "a required field becomes an `Option`",
        "nothing → `writeOnly: true`";
    BECAME_NOT_WRITE_ONLY "became-not-write-only" <> "became-write-only": None Safe Breaking docs
        "a property is no longer write-only",
        "the {} is no longer write-only",
        request "requests are the same"
        response "clients ignore unknown properties"
        code "a required field is no longer an `Option`",
        "`writeOnly: true` → nothing";
}}

table! { COMBINATIONS "Schemas: combinations" {
    ALL_OF_PART_ADDED "all-of-part-added" <> "all-of-part-removed": Breaking Safe Breaking docs
        "a schema was added to `allOf`",
        "added a schema to `allOf` of the {}",
        request "the server rejects values that do not match it"
        response "clients accepted more values before"
        code "the type gets its fields",
        "`allOf: [A]` → `allOf: [A, B]`";
    ALL_OF_PART_REMOVED "all-of-part-removed" <> "all-of-part-added": Safe Breaking Breaking docs
        "a schema was removed from `allOf`",
        "removed a schema from `allOf` of the {}",
        request "values that match it are still valid"
        response "clients may read values that do not match it"
        code "the type loses its fields",
        "`allOf: [A, B]` → `allOf: [A]`";
    ALTERNATIVES_ADDED "alternatives-added" <> "alternatives-removed": Breaking Safe Breaking docs
        "a value must now match one of several schemas",
        "restricted the {} to alternatives",
        request "the server rejects values that match none of them"
        response "clients accepted every value before"
        code "the Rust type becomes an enum of the alternatives",
        "`{}` → `{oneOf: [A, B]}`";
    ALTERNATIVES_REMOVED "alternatives-removed" <> "alternatives-added": Safe Breaking Breaking docs
        "a value no longer has to match one of several schemas",
        "removed the alternatives of the {}",
        request "values that match one of them are still valid"
        response "clients may receive values that they cannot parse"
        code "the Rust enum of the alternatives is gone",
        "`{oneOf: [A, B]}` → `{}`";
    ALTERNATIVES_KEYWORD_CHANGED "alternatives-keyword-changed" <> "alternatives-keyword-changed": Safe Safe None -
        "`oneOf` and `anyOf` were exchanged",
        "exchanged {before} and {after} in the {}",
        request "values that match exactly one alternative are still valid"
        response "clients can parse values that match an alternative",
        "`oneOf: [A, B]` → `anyOf: [A, B]`";
    ALTERNATIVE_ADDED "alternative-added" <> "alternative-removed": Safe Breaking Breaking docs
        "an alternative was added",
        "added an alternative to the {}",
        request "the server accepts one more kind of value"
        response "old clients cannot parse the new kind of value"
        code "a `match` may not cover the new variant",
        "`oneOf: [A]` → `oneOf: [A, B]`";
    ALTERNATIVE_REMOVED "alternative-removed" <> "alternative-added": Breaking Safe Breaking docs
        "an alternative was removed",
        "removed an alternative from the {}",
        request "the server rejects this kind of value"
        response "clients no longer receive this kind of value"
        code "the Rust variant is gone",
        "`oneOf: [A, B]` → `oneOf: [A]`";
    NOT_ADDED "not-added" <> "not-removed": Breaking Safe None -
        "a `not` schema was added",
        "added `not` to the {}",
        request "the server rejects values that match its schema"
        response "clients accepted more values before",
        "nothing → `not: A`";
    NOT_REMOVED "not-removed" <> "not-added": Safe Breaking None -
        "a `not` schema was removed",
        "removed `not` from the {}",
        request "values valid before are still valid"
        response "clients may read values that it excluded",
        "`not: A` → nothing";
    DISCRIMINATOR_ADDED "discriminator-added" <> "discriminator-removed": Risky Risky Breaking -
        "a discriminator was added",
        "added a discriminator to the {}",
        request "the server may misread values without its property"
        response "clients may not find its property in values"
        code "the Rust type of the union changes",
        "nothing → `discriminator: {propertyName: kind}`";
    DISCRIMINATOR_REMOVED "discriminator-removed" <> "discriminator-added": Risky Risky Breaking -
        "the discriminator was removed",
        "removed the discriminator of the {}",
        request "the server may select another alternative"
        response "clients that select an alternative by its property may not find it"
        code "the Rust type of the union changes",
        "`discriminator: {propertyName: kind}` → nothing";
    DISCRIMINATOR_PROPERTY_CHANGED "discriminator-property-changed" <> "discriminator-property-changed": Breaking Breaking None -
        "the discriminator uses another property",
        "changed the property of the discriminator of the {}",
        request "the server does not find the new property in old values"
        response "clients do not find the old property",
        "`propertyName: kind` → `propertyName: type`";
    DISCRIMINATOR_VALUE_ADDED "discriminator-value-added" <> "discriminator-value-removed": Safe Risky None -
        "a discriminator value was added",
        "added the discriminator value {key}",
        request "the server accepts one more value"
        response "old clients may not recognize it",
        "`mapping: {}` → `mapping: {a: A}`";
    DISCRIMINATOR_VALUE_REMOVED "discriminator-value-removed" <> "discriminator-value-added": Breaking Safe None -
        "a discriminator value was removed",
        "removed the discriminator value {key}",
        request "the server cannot select a schema for it"
        response "clients no longer receive it",
        "`mapping: {a: A}` → `mapping: {}`";
    DISCRIMINATOR_VALUE_CHANGED "discriminator-value-changed" <> "discriminator-value-changed": Breaking Breaking None -
        "a discriminator value selects another schema",
        "the discriminator value {key} selects another schema",
        request "the server rejects values of the old schema"
        response "clients cannot parse values of the new schema",
        "`mapping: {a: A}` → `mapping: {a: B}`";
    DISCRIMINATOR_VALUE_RENAMED "discriminator-value-renamed" <> "discriminator-value-renamed": Breaking Breaking Breaking -
        "a discriminator value was renamed",
        "renamed the discriminator value {before} to {after}",
        request "the server does not recognize the old value"
        response "clients do not recognize the new value"
        code "a variant of the Rust type is renamed",
        "`mapping: {a: A}` → `mapping: {b: A}`";
}}
