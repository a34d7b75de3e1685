//! Rules about schemas. What lets more values through is safe for what clients send and breaks what they read; what lets fewer through,
//! the other way round.

use super::table;

table! { SCHEMAS "Schemas: types" {
    TYPE_CHANGED "type-changed" <> "type-changed": Breaking Breaking Breaking docs
        "a value has another type", "no value is of both", "`type: string` → `type: integer`";
    TYPE_WIDENED "type-widened" <> "type-narrowed": Safe Breaking Breaking docs
        "whole numbers became any numbers", "who reads whole numbers cannot read all of them", "`type: integer` → `type: number`";
    TYPE_NARROWED "type-narrowed" <> "type-widened": Breaking Safe Breaking docs
        "any numbers became whole numbers", "who sends others is refused", "`type: number` → `type: integer`";
    TYPE_ADDED "type-added" <> "type-removed": Breaking Safe Breaking docs
        "a value of any type has one type now", "who sends others is refused", "`{}` → `{type: string}`";
    TYPE_REMOVED "type-removed" <> "type-added": Safe Breaking Breaking docs
        "a value may be of any type now", "who reads the one type cannot read the others", "`{type: string}` → `{}`";
    FORMAT_ADDED "format-added" <> "format-removed": Risky Safe Breaking docs
        "a value has a format now", "who sends others may be refused; an integer's format is its Rust type", "`{type: string}` → `{type: string, format: date}`";
    FORMAT_REMOVED "format-removed" <> "format-added": Safe Risky Breaking docs
        "a value has no format any more", "who reads the format may not read others; an integer's format is its Rust type", "`{type: string, format: date}` → `{type: string}`";
    FORMAT_CHANGED "format-changed" <> "format-changed": Breaking Breaking Breaking docs
        "a value has another format", "what is right in one is wrong in the other; an integer's format is its Rust type", "`format: date` → `format: date-time`";
    FORMAT_WIDENED "format-widened" <> "format-narrowed": Safe Breaking Breaking docs
        "numbers may be larger or finer now", "who reads the narrow ones has no room for them; an integer's format is its Rust type", "`format: int32` → `format: int64`";
    FORMAT_NARROWED "format-narrowed" <> "format-widened": Breaking Safe Breaking docs
        "numbers must be smaller or coarser now", "who sends others is refused; an integer's format is its Rust type", "`format: int64` → `format: int32`";
    BECAME_NULLABLE "became-nullable" <> "became-not-nullable": Safe Breaking Breaking docs
        "a value may be null now", "who reads it must be ready for that", "nothing → `nullable: true`";
    BECAME_NOT_NULLABLE "became-not-nullable" <> "became-nullable": Breaking Safe Breaking docs
        "a value may not be null any more", "who sends null is refused", "`nullable: true` → nothing";
    ENUM_ADDED "enum-added" <> "enum-removed": Breaking Safe Breaking docs
        "a value is one of a list now", "who sends others is refused; texts become an enum", "`{type: string}` → `{type: string, enum: [a]}`";
    ENUM_REMOVED "enum-removed" <> "enum-added": Safe Breaking Breaking docs
        "a value is not of a list any more", "who reads the listed ones alone cannot read others; the enum is gone", "`{type: string, enum: [a]}` → `{type: string}`";
    ENUM_VALUE_ADDED "enum-value-added" <> "enum-value-removed": Safe Breaking Breaking docs
        "a value was added to a list", "who reads the others alone cannot read it, and a `match` does not have it", "`enum: [a]` → `enum: [a, b]`";
    ENUM_VALUE_REMOVED "enum-value-removed" <> "enum-value-added": Breaking Safe Breaking docs
        "a value was removed from a list", "who sends it is refused, and the variant is gone", "`enum: [a, b]` → `enum: [a]`";
    SCHEMA_RENAMED "schema-renamed" <> "schema-renamed": None None Breaking docs
        "a schema has another name", "the client's type is called by it", "`$ref: '#/components/schemas/A'` → `$ref: '#/components/schemas/B'`";
    SCHEMA_ADDED "schema-added" <> "schema-removed": None None Safe docs
        "a schema that nothing refers to was added", "the client has a type of it all the same", "nothing → `components: {schemas: {A: …}}`";
    SCHEMA_REMOVED "schema-removed" <> "schema-added": None None Breaking docs
        "a schema that nothing refers to was removed", "the client had a type of it all the same", "`components: {schemas: {A: …}}` → nothing";
    XML_CHANGED "xml-changed" <> "xml-changed": Risky Risky None -
        "a value is written otherwise in XML", "it matters where bodies are XML", "`xml: {name: a}` → `xml: {name: b}`";
    KEYWORD_CHANGED "keyword-changed" <> "keyword-changed": Risky Risky None -
        "a keyword that these rules do not know changed", "only people can say what it means", "`foo: 1` → `foo: 2`";
}}

table! { VALUES "Schemas: limits on values" {
    MINIMUM_TIGHTENED "minimum-tightened" <> "minimum-loosened": Breaking Safe None -
        "the least number is larger", "who sends less is refused", "`minimum: 1` → `minimum: 2`";
    MINIMUM_LOOSENED "minimum-loosened" <> "minimum-tightened": Safe Breaking None -
        "the least number is smaller", "who counts on the limit gets less", "`minimum: 2` → `minimum: 1`";
    MAXIMUM_TIGHTENED "maximum-tightened" <> "maximum-loosened": Breaking Safe None -
        "the largest number is smaller", "who sends more is refused", "`maximum: 2` → `maximum: 1`";
    MAXIMUM_LOOSENED "maximum-loosened" <> "maximum-tightened": Safe Breaking None -
        "the largest number is larger", "who counts on the limit gets more", "`maximum: 1` → `maximum: 2`";
    MIN_LENGTH_TIGHTENED "min-length-tightened" <> "min-length-loosened": Breaking Safe None -
        "the shortest text is longer", "who sends a shorter one is refused", "`minLength: 1` → `minLength: 2`";
    MIN_LENGTH_LOOSENED "min-length-loosened" <> "min-length-tightened": Safe Breaking None -
        "the shortest text is shorter", "who counts on the limit gets a shorter one", "`minLength: 2` → `minLength: 1`";
    MAX_LENGTH_TIGHTENED "max-length-tightened" <> "max-length-loosened": Breaking Safe None -
        "the longest text is shorter", "who sends a longer one is refused", "`maxLength: 2` → `maxLength: 1`";
    MAX_LENGTH_LOOSENED "max-length-loosened" <> "max-length-tightened": Safe Breaking None -
        "the longest text is longer", "who counts on the limit gets a longer one", "`maxLength: 1` → `maxLength: 2`";
    MIN_ITEMS_TIGHTENED "min-items-tightened" <> "min-items-loosened": Breaking Safe None -
        "a list has more items at least", "who sends fewer is refused", "`minItems: 1` → `minItems: 2`";
    MIN_ITEMS_LOOSENED "min-items-loosened" <> "min-items-tightened": Safe Breaking None -
        "a list may have fewer items", "who counts on the limit gets fewer", "`minItems: 2` → `minItems: 1`";
    MAX_ITEMS_TIGHTENED "max-items-tightened" <> "max-items-loosened": Breaking Safe None -
        "a list has fewer items at most", "who sends more is refused", "`maxItems: 2` → `maxItems: 1`";
    MAX_ITEMS_LOOSENED "max-items-loosened" <> "max-items-tightened": Safe Breaking None -
        "a list may have more items", "who counts on the limit gets more", "`maxItems: 1` → `maxItems: 2`";
    MIN_PROPERTIES_TIGHTENED "min-properties-tightened" <> "min-properties-loosened": Breaking Safe None -
        "an object has more properties at least", "who sends fewer is refused", "`minProperties: 1` → `minProperties: 2`";
    MIN_PROPERTIES_LOOSENED "min-properties-loosened" <> "min-properties-tightened": Safe Breaking None -
        "an object may have fewer properties", "who counts on the limit gets fewer", "`minProperties: 2` → `minProperties: 1`";
    MAX_PROPERTIES_TIGHTENED "max-properties-tightened" <> "max-properties-loosened": Breaking Safe None -
        "an object has fewer properties at most", "who sends more is refused", "`maxProperties: 2` → `maxProperties: 1`";
    MAX_PROPERTIES_LOOSENED "max-properties-loosened" <> "max-properties-tightened": Safe Breaking None -
        "an object may have more properties", "who counts on the limit gets more", "`maxProperties: 1` → `maxProperties: 2`";
    MULTIPLE_OF_TIGHTENED "multiple-of-tightened" <> "multiple-of-loosened": Breaking Safe None -
        "numbers go in larger steps", "who sends one in between is refused", "`multipleOf: 2` → `multipleOf: 4`";
    MULTIPLE_OF_LOOSENED "multiple-of-loosened" <> "multiple-of-tightened": Safe Breaking None -
        "numbers go in smaller steps", "who counts on the steps gets one in between", "`multipleOf: 4` → `multipleOf: 2`";
    MULTIPLE_OF_CHANGED "multiple-of-changed" <> "multiple-of-changed": Breaking Breaking None -
        "numbers go in other steps", "some that were right are wrong", "`multipleOf: 2` → `multipleOf: 3`";
    PATTERN_ADDED "pattern-added" <> "pattern-removed": Breaking Safe None -
        "a text has a pattern now", "who sends others is refused", "nothing → `pattern: ^a`";
    PATTERN_REMOVED "pattern-removed" <> "pattern-added": Safe Breaking None -
        "a text has no pattern any more", "who counts on the pattern gets others", "`pattern: ^a` → nothing";
    PATTERN_CHANGED "pattern-changed" <> "pattern-changed": Risky Risky None -
        "a text has another pattern", "nobody can tell by the patterns alone which texts are right in both", "`pattern: ^a` → `pattern: ^b`";
    UNIQUE_ITEMS_ADDED "unique-items-added" <> "unique-items-removed": Breaking Safe None -
        "a list has each item once", "who sends one twice is refused", "nothing → `uniqueItems: true`";
    UNIQUE_ITEMS_REMOVED "unique-items-removed" <> "unique-items-added": Safe Breaking None -
        "a list may have an item twice", "who counts on each being there once gets one twice", "`uniqueItems: true` → nothing";
    DEFAULT_ADDED "default-added" <> "default-removed": Safe Safe None docs
        "what is left out has a value now", "it says what servers do", "nothing → `default: 1`";
    DEFAULT_REMOVED "default-removed" <> "default-added": Risky Risky None docs
        "what is left out has no value any more", "calls that leave it out may be answered otherwise", "`default: 1` → nothing";
    DEFAULT_CHANGED "default-changed" <> "default-changed": Risky Risky None docs
        "what is left out has another value", "calls that leave it out are answered otherwise", "`default: 1` → `default: 2`";
}}

table! { OBJECTS "Schemas: objects" {
    OPTIONAL_PROPERTY_ADDED "optional-property-added" <> "optional-property-removed": Safe Safe Breaking docs
        "a property that may be left out was added", "clients pass over what they do not know; struct literals lack the new field", "nothing → `properties: {a: {}}`";
    OPTIONAL_PROPERTY_REMOVED "optional-property-removed" <> "optional-property-added": Risky Risky Breaking docs
        "a property that may be left out was removed", "who sends it may be refused, who reads it never finds it; the field is gone", "`properties: {a: {}}` → nothing";
    REQUIRED_PROPERTY_ADDED "required-property-added" <> "required-property-removed": Breaking Safe Breaking docs
        "a required property was added", "who does not send it is refused; struct literals lack the new field", "nothing → `properties: {a: {}}, required: [a]`";
    REQUIRED_PROPERTY_REMOVED "required-property-removed" <> "required-property-added": Risky Breaking Breaking docs
        "a required property was removed", "who reads it does not find it; the field is gone", "`properties: {a: {}}, required: [a]` → nothing";
    PROPERTY_BECAME_REQUIRED "property-became-required" <> "property-became-optional": Breaking Safe Breaking docs
        "a property is required now", "who does not send it is refused; the field is no `Option` any more", "nothing → `required: [a]`";
    PROPERTY_BECAME_OPTIONAL "property-became-optional" <> "property-became-required": Safe Breaking Breaking docs
        "a property may be left out now", "who reads it may not find it; the field is an `Option`", "`required: [a]` → nothing";
    ADDITIONAL_PROPERTIES_DENIED "additional-properties-denied" <> "additional-properties-allowed": Breaking Safe Breaking -
        "an object has no other properties any more", "who sends others is refused; where they had a schema, their field is gone", "nothing → `additionalProperties: false`";
    ADDITIONAL_PROPERTIES_ALLOWED "additional-properties-allowed" <> "additional-properties-denied": Safe Breaking Breaking -
        "an object may have other properties now", "who takes none cannot read them; where they have a schema, there is a field for them", "`additionalProperties: false` → nothing";
    ADDITIONAL_PROPERTIES_TYPED "additional-properties-typed" <> "additional-properties-untyped": Breaking Safe Breaking docs
        "other properties have a schema now", "who sends others is refused; there is a field for them", "nothing → `additionalProperties: {type: string}`";
    ADDITIONAL_PROPERTIES_UNTYPED "additional-properties-untyped" <> "additional-properties-typed": Safe Breaking Breaking docs
        "other properties have no schema any more", "who reads the one type cannot read the others; their field is gone", "`additionalProperties: {type: string}` → nothing";
    BECAME_READ_ONLY "became-read-only" <> "became-not-read-only": Risky None Breaking docs
        "a property is only answered now", "who sends it is refused or passed over; a required field is an `Option`", "nothing → `readOnly: true`";
    BECAME_NOT_READ_ONLY "became-not-read-only" <> "became-read-only": Risky None Breaking docs
        "a property may be sent now", "one that is required must be; a required field is no `Option` any more", "`readOnly: true` → nothing";
    BECAME_WRITE_ONLY "became-write-only" <> "became-not-write-only": None Breaking Breaking docs
        "a property is only sent now", "who reads it does not find it; a required field is an `Option`", "nothing → `writeOnly: true`";
    BECAME_NOT_WRITE_ONLY "became-not-write-only" <> "became-write-only": None Safe Breaking docs
        "a property is answered now", "clients that do not know it pass over it; a required field is no `Option` any more", "`writeOnly: true` → nothing";
}}

table! { COMBINATIONS "Schemas: combinations" {
    ALL_OF_PART_ADDED "all-of-part-added" <> "all-of-part-removed": Breaking Safe Breaking docs
        "one more schema must be met", "who sends what does not meet it is refused; its fields are those of the type", "`allOf: [A]` → `allOf: [A, B]`";
    ALL_OF_PART_REMOVED "all-of-part-removed" <> "all-of-part-added": Safe Breaking Breaking docs
        "one schema less must be met", "who counts on it gets what does not meet it; its fields are gone", "`allOf: [A, B]` → `allOf: [A]`";
    ALTERNATIVES_ADDED "alternatives-added" <> "alternatives-removed": Breaking Safe Breaking docs
        "a value must meet one of several schemas now", "who sends another is refused", "`{}` → `{oneOf: [A, B]}`";
    ALTERNATIVES_REMOVED "alternatives-removed" <> "alternatives-added": Safe Breaking Breaking docs
        "a value need not meet one of several schemas any more", "who reads those cannot read others", "`{oneOf: [A, B]}` → `{}`";
    ALTERNATIVE_ADDED "alternative-added" <> "alternative-removed": Safe Breaking Breaking docs
        "an alternative was added", "who reads the others alone cannot read it, and a `match` does not have it", "`oneOf: [A]` → `oneOf: [A, B]`";
    ALTERNATIVE_REMOVED "alternative-removed" <> "alternative-added": Breaking Safe Breaking docs
        "an alternative was removed", "who sends it is refused, and the variant is gone", "`oneOf: [A, B]` → `oneOf: [A]`";
    NOT_ADDED "not-added" <> "not-removed": Breaking Safe None -
        "a value may not meet a schema", "who sends one that does is refused", "nothing → `not: A`";
    NOT_REMOVED "not-removed" <> "not-added": Safe Breaking None -
        "a value may meet a schema that it might not before", "who counts on its absence gets it", "`not: A` → nothing";
    DISCRIMINATOR_ADDED "discriminator-added" <> "discriminator-removed": Risky Risky None -
        "a property says which alternative a value is", "who does not send it may be misread", "nothing → `discriminator: {propertyName: kind}`";
    DISCRIMINATOR_REMOVED "discriminator-removed" <> "discriminator-added": Risky Risky None -
        "no property says any more which alternative a value is", "who reads it may not find it", "`discriminator: {propertyName: kind}` → nothing";
    DISCRIMINATOR_PROPERTY_CHANGED "discriminator-property-changed" <> "discriminator-property-changed": Breaking Breaking None -
        "another property says which alternative a value is", "who goes by the old one misreads values", "`propertyName: kind` → `propertyName: type`";
    DISCRIMINATOR_VALUE_ADDED "discriminator-value-added" <> "discriminator-value-removed": Safe Risky None -
        "one more value says which alternative it is", "who reads may meet a value that it does not know", "`mapping: {}` → `mapping: {a: A}`";
    DISCRIMINATOR_VALUE_REMOVED "discriminator-value-removed" <> "discriminator-value-added": Breaking Safe None -
        "a value does not say any more which alternative it is", "who sends it is misread", "`mapping: {a: A}` → `mapping: {}`";
    DISCRIMINATOR_VALUE_CHANGED "discriminator-value-changed" <> "discriminator-value-changed": Breaking Breaking None -
        "a value says that it is another alternative", "what is sent or read under it has another shape", "`mapping: {a: A}` → `mapping: {a: B}`";
}}
