//! Rules for the limits on values of a schema.

use super::table;

table! { VALUES "Schemas: limits on values" {
    MINIMUM_TIGHTENED "minimum-tightened" <> "minimum-loosened": Breaking Safe None -
        "the minimum was raised",
        "raised the minimum of the {}",
        request "the server rejects numbers below the new limit"
        response "all numbers within the new limit were valid before",
        "`minimum: 1` → `minimum: 2`";
    MINIMUM_LOOSENED "minimum-loosened" <> "minimum-tightened": Safe Breaking None -
        "the minimum was lowered",
        "lowered the minimum of the {}",
        request "numbers within the old limit are still valid"
        response "clients that rely on the old limit may read smaller numbers",
        "`minimum: 2` → `minimum: 1`";
    MAXIMUM_TIGHTENED "maximum-tightened" <> "maximum-loosened": Breaking Safe None -
        "the maximum was lowered",
        "lowered the maximum of the {}",
        request "the server rejects numbers above the new limit"
        response "all numbers within the new limit were valid before",
        "`maximum: 2` → `maximum: 1`";
    MAXIMUM_LOOSENED "maximum-loosened" <> "maximum-tightened": Safe Breaking None -
        "the maximum was raised",
        "raised the maximum of the {}",
        request "numbers within the old limit are still valid"
        response "clients that rely on the old limit may read larger numbers",
        "`maximum: 1` → `maximum: 2`";
    MIN_LENGTH_TIGHTENED "min-length-tightened" <> "min-length-loosened": Breaking Safe None -
        "the minimum length of a string was raised",
        "raised the minimum length of the {}",
        request "the server rejects shorter strings"
        response "all strings within the new limit were valid before",
        "`minLength: 1` → `minLength: 2`";
    MIN_LENGTH_LOOSENED "min-length-loosened" <> "min-length-tightened": Safe Breaking None -
        "the minimum length of a string was lowered",
        "lowered the minimum length of the {}",
        request "strings within the old limit are still valid"
        response "clients that rely on the old limit may read shorter strings",
        "`minLength: 2` → `minLength: 1`";
    MAX_LENGTH_TIGHTENED "max-length-tightened" <> "max-length-loosened": Breaking Safe None -
        "the maximum length of a string was lowered",
        "lowered the maximum length of the {}",
        request "the server rejects longer strings"
        response "all strings within the new limit were valid before",
        "`maxLength: 2` → `maxLength: 1`";
    MAX_LENGTH_LOOSENED "max-length-loosened" <> "max-length-tightened": Safe Breaking None -
        "the maximum length of a string was raised",
        "raised the maximum length of the {}",
        request "strings within the old limit are still valid"
        response "clients that rely on the old limit may read longer strings",
        "`maxLength: 1` → `maxLength: 2`";
    MIN_ITEMS_TIGHTENED "min-items-tightened" <> "min-items-loosened": Breaking Safe None -
        "the minimum number of items was raised",
        "raised the minimum number of items of the {}",
        request "the server rejects shorter arrays"
        response "all arrays within the new limit were valid before",
        "`minItems: 1` → `minItems: 2`";
    MIN_ITEMS_LOOSENED "min-items-loosened" <> "min-items-tightened": Safe Breaking None -
        "the minimum number of items was lowered",
        "lowered the minimum number of items of the {}",
        request "arrays within the old limit are still valid"
        response "clients that rely on the old limit may read shorter arrays",
        "`minItems: 2` → `minItems: 1`";
    MAX_ITEMS_TIGHTENED "max-items-tightened" <> "max-items-loosened": Breaking Safe None -
        "the maximum number of items was lowered",
        "lowered the maximum number of items of the {}",
        request "the server rejects longer arrays"
        response "all arrays within the new limit were valid before",
        "`maxItems: 2` → `maxItems: 1`";
    MAX_ITEMS_LOOSENED "max-items-loosened" <> "max-items-tightened": Safe Breaking None -
        "the maximum number of items was raised",
        "raised the maximum number of items of the {}",
        request "arrays within the old limit are still valid"
        response "clients that rely on the old limit may read longer arrays",
        "`maxItems: 1` → `maxItems: 2`";
    MIN_PROPERTIES_TIGHTENED "min-properties-tightened" <> "min-properties-loosened": Breaking Safe None -
        "the minimum number of properties was raised",
        "raised the minimum number of properties of the {}",
        request "the server rejects objects with fewer properties"
        response "all objects within the new limit were valid before",
        "`minProperties: 1` → `minProperties: 2`";
    MIN_PROPERTIES_LOOSENED "min-properties-loosened" <> "min-properties-tightened": Safe Breaking None -
        "the minimum number of properties was lowered",
        "lowered the minimum number of properties of the {}",
        request "objects within the old limit are still valid"
        response "clients that rely on the old limit may read objects with fewer properties",
        "`minProperties: 2` → `minProperties: 1`";
    MAX_PROPERTIES_TIGHTENED "max-properties-tightened" <> "max-properties-loosened": Breaking Safe None -
        "the maximum number of properties was lowered",
        "lowered the maximum number of properties of the {}",
        request "the server rejects objects with more properties"
        response "all objects within the new limit were valid before",
        "`maxProperties: 2` → `maxProperties: 1`";
    MAX_PROPERTIES_LOOSENED "max-properties-loosened" <> "max-properties-tightened": Safe Breaking None -
        "the maximum number of properties was raised",
        "raised the maximum number of properties of the {}",
        request "objects within the old limit are still valid"
        response "clients that rely on the old limit may read objects with more properties",
        "`maxProperties: 1` → `maxProperties: 2`";
    MULTIPLE_OF_TIGHTENED "multiple-of-tightened" <> "multiple-of-loosened": Breaking Safe None -
        "numbers must be multiples of a larger step",
        "raised the step (`multipleOf`) of the {}",
        request "the server rejects numbers between the steps"
        response "clients accepted more numbers before",
        "`multipleOf: 2` → `multipleOf: 4`";
    MULTIPLE_OF_LOOSENED "multiple-of-loosened" <> "multiple-of-tightened": Safe Breaking None -
        "numbers may be multiples of a smaller step",
        "lowered the step (`multipleOf`) of the {}",
        request "numbers valid before are still valid"
        response "clients that rely on the old step may read numbers between the steps",
        "`multipleOf: 4` → `multipleOf: 2`";
    MULTIPLE_OF_CHANGED "multiple-of-changed" <> "multiple-of-changed": Breaking Breaking None -
        "numbers must be multiples of another step",
        "changed the step (`multipleOf`) of the {}",
        request "the server rejects numbers that are not multiples of the new step"
        response "clients that rely on the old step read other numbers",
        "`multipleOf: 2` → `multipleOf: 3`";
    PATTERN_ADDED "pattern-added" <> "pattern-removed": Breaking Safe None -
        "a pattern was added to a string",
        "added a pattern to the {}",
        request "the server rejects strings that do not match"
        response "clients accepted every string before",
        "nothing → `pattern: ^a`";
    PATTERN_REMOVED "pattern-removed" <> "pattern-added": Safe Breaking None -
        "the pattern of a string was removed",
        "removed the pattern of the {}",
        request "strings that match are still valid"
        response "clients that rely on the pattern may read other strings",
        "`pattern: ^a` → nothing";
    PATTERN_CHANGED "pattern-changed" <> "pattern-changed": Risky Risky None -
        "the pattern of a string changed",
        "changed the pattern of the {}",
        request "the server may reject strings that were valid, because patterns cannot be compared"
        response "clients may read strings that were invalid, because patterns cannot be compared",
        "`pattern: ^a` → `pattern: ^b`";
    UNIQUE_ITEMS_ADDED "unique-items-added" <> "unique-items-removed": Breaking Safe None -
        "array items must now be unique",
        "the items of the {} must now be unique",
        request "the server rejects arrays with duplicates"
        response "clients accepted duplicates before",
        "nothing → `uniqueItems: true`";
    UNIQUE_ITEMS_REMOVED "unique-items-removed" <> "unique-items-added": Safe Breaking None -
        "array items no longer need to be unique",
        "the items of the {} no longer need to be unique",
        request "arrays without duplicates are still valid"
        response "clients that rely on unique items may read duplicates",
        "`uniqueItems: true` → nothing";
    DEFAULT_ADDED "default-added" <> "default-removed": Risky Safe None docs
        "a default was added",
        "added a default to the {}",
        request "the server may treat calls without this value differently"
        response "responses that have the value are the same",
        "nothing → `default: 1`";
    DEFAULT_REMOVED "default-removed" <> "default-added": Risky Risky None docs
        "a default was removed",
        "removed the default of the {}",
        request "the server may treat calls without this value differently"
        response "clients that fill in the default may read another value",
        "`default: 1` → nothing";
    DEFAULT_CHANGED "default-changed" <> "default-changed": Risky Risky None docs
        "a default changed",
        "changed the default of the {}",
        request "the server may treat calls without this value differently"
        response "clients that fill in the default may read another value",
        "`default: 1` → `default: 2`";
}}
