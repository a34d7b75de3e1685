//! Rules for documentation, extensions and unused components, which do not affect calls.

use super::table;

table! { DOCUMENTATION "Documentation, extensions and unused components" {
    DESCRIPTION_CHANGED "description-changed" <> "description-changed": None None None docs
        "a description changed",
        "check it for requirements that the schema does not express",
        "`description: a` → `description: b`";
    SUMMARY_CHANGED "summary-changed" <> "summary-changed": None None None docs
        "a summary changed",
        "only the documentation is affected",
        "`summary: a` → `summary: b`";
    TITLE_CHANGED "title-changed" <> "title-changed": None None None docs
        "a title changed",
        "only the documentation is affected",
        "`title: a` → `title: b`";
    EXAMPLE_CHANGED "example-changed" <> "example-changed": None None None docs
        "an example changed",
        "only the documentation is affected",
        "`example: 1` → `example: 2`";
    EXTERNAL_DOCS_CHANGED "external-docs-changed" <> "external-docs-changed": None None None docs
        "the link to external documentation changed",
        "only the documentation is affected",
        "`externalDocs: {url: /a}` → `externalDocs: {url: /b}`";
    INFO_CHANGED "info-changed" <> "info-changed": None None None docs
        "the contact, license or terms of the API changed",
        "check that the use of the API still complies",
        "`license: {name: MIT}` → `license: {name: Apache-2.0}`";
    VERSION_CHANGED "version-changed" <> "version-changed": None None None docs
        "the version of the API changed",
        "only the documentation is affected",
        "`version: '1'` → `version: '2'`";
    TAG_LIST_CHANGED "tag-list-changed" <> "tag-list-changed": None None None docs
        "the list of tags changed",
        "the documentation groups endpoints differently",
        "`tags: []` → `tags: [{name: a}]`";
    SECURITY_SCOPE_TEXT_CHANGED "scope-text-changed" <> "scope-text-changed": None None None docs
        "the description of a scope changed",
        "only the documentation is affected",
        "`scopes: {write: a}` → `scopes: {write: b}`";
    OPENAPI_VERSION_CHANGED "openapi-version-changed" <> "openapi-version-changed": None None None -
        "the OpenAPI 3.0 patch version changed",
        "patch versions only clarify the specification",
        "`openapi: 3.0.0` → `openapi: 3.0.3`";
    EXTENSION_CHANGED "extension-changed" <> "extension-changed": None None None -
        "an extension changed",
        "its meaning depends on its author",
        "`x-a: 1` → `x-a: 2`";
    PROVENANCE_CHANGED "provenance-changed" <> "provenance-changed": None None None docs
        "the recorded origin of a part changed",
        "the documentation names its listing, sources and assumptions",
        "`x-gallery-assumed: a` → nothing";
    PAGES_CHANGED "pages-changed" <> "pages-changed": None None Breaking docs
        "the pagination of a list changed",
        "the builder's `stream` method depends on it",
        "`x-gallery-pages: …` → nothing";
    BESIDE_REFERENCE_CHANGED "beside-reference-changed" <> "beside-reference-changed": None None None -
        "a keyword next to `$ref` changed",
        "OpenAPI 3.0 ignores it",
        "`{$ref: …, description: a}` → `{$ref: …, description: b}`";
    COMPONENT_ADDED "component-added" <> "component-removed": None None None -
        "an unused component was added",
        "no call uses it",
        "nothing → `components: {parameters: {A: …}}`";
    COMPONENT_REMOVED "component-removed" <> "component-added": None None None -
        "an unused component was removed",
        "no call used it",
        "`components: {parameters: {A: …}}` → nothing";
    COMPONENT_CHANGED "component-changed" <> "component-changed": None None None -
        "an unused component changed",
        "no call uses it",
        "`components: {parameters: {A: {name: a}}}` → `{name: b}`";
}}
