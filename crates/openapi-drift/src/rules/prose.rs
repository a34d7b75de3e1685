//! Rules about what goes over no wire: prose, examples, extensions, and what nothing refers to.

use super::table;

table! { PROSE "Prose, and what goes over no wire" {
    DESCRIPTION_CHANGED "description-changed" <> "description-changed": None None None docs
        "a description changed", "people read something else; the rules may have changed with it", "`description: a` → `description: b`";
    SUMMARY_CHANGED "summary-changed" <> "summary-changed": None None None docs
        "a summary changed", "people read something else", "`summary: a` → `summary: b`";
    TITLE_CHANGED "title-changed" <> "title-changed": None None None docs
        "a title changed", "people read something else", "`title: a` → `title: b`";
    EXAMPLE_CHANGED "example-changed" <> "example-changed": None None None docs
        "an example changed", "people read something else", "`example: 1` → `example: 2`";
    EXTERNAL_DOCS_CHANGED "external-docs-changed" <> "external-docs-changed": None None None docs
        "the link to more documentation changed", "people are sent elsewhere", "`externalDocs: {url: /a}` → `externalDocs: {url: /b}`";
    INFO_CHANGED "info-changed" <> "info-changed": None None None docs
        "contact, licence or terms of the API changed", "people may use it on other terms, or ask somebody else", "`license: {name: MIT}` → `license: {name: Apache-2.0}`";
    VERSION_CHANGED "version-changed" <> "version-changed": None None None docs
        "the API has another version", "its makers count this as a step", "`version: '1'` → `version: '2'`";
    TAG_LIST_CHANGED "tag-list-changed" <> "tag-list-changed": None None None docs
        "the list of tags changed", "endpoints are presented otherwise", "`tags: []` → `tags: [{name: a}]`";
    SECURITY_SCOPE_TEXT_CHANGED "scope-text-changed" <> "scope-text-changed": None None None docs
        "what a scope is said to be for changed", "people read something else", "`scopes: {write: a}` → `scopes: {write: b}`";
    OPENAPI_VERSION_CHANGED "openapi-version-changed" <> "openapi-version-changed": None None None -
        "the document follows another version of OpenAPI 3.0", "its patches clarify, and change nothing", "`openapi: 3.0.0` → `openapi: 3.0.3`";
    EXTENSION_CHANGED "extension-changed" <> "extension-changed": None None None -
        "an extension changed", "what it means is for those who defined it", "`x-a: 1` → `x-a: 2`";
    PROVENANCE_CHANGED "provenance-changed" <> "provenance-changed": None None None docs
        "what is said of the origin of a part changed", "the documentation names its listing, its sources, and what was assumed", "`x-gallery-assumed: a` → nothing";
    PAGES_CHANGED "pages-changed" <> "pages-changed": None None Breaking docs
        "how a list comes in pages changed", "the builder has a `stream` by it", "`x-gallery-pages: …` → nothing";
    BESIDE_REFERENCE_CHANGED "beside-reference-changed" <> "beside-reference-changed": None None None -
        "what stands beside a reference changed", "OpenAPI 3.0 ignores it", "`{$ref: …, description: a}` → `{$ref: …, description: b}`";
    COMPONENT_ADDED "component-added" <> "component-removed": None None None -
        "a component that nothing refers to was added", "no call has it", "nothing → `components: {parameters: {A: …}}`";
    COMPONENT_REMOVED "component-removed" <> "component-added": None None None -
        "a component that nothing refers to was removed", "no call had it", "`components: {parameters: {A: …}}` → nothing";
    COMPONENT_CHANGED "component-changed" <> "component-changed": None None None -
        "a component that nothing refers to changed", "no call has it", "`components: {parameters: {A: {name: a}}}` → `{name: b}`";
}}
