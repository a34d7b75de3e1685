//! Rules for documentation, extensions and unused components, which do not affect calls.

use super::table;

table! { DOCUMENTATION "Documentation, extensions and unused components" {
    DESCRIPTION_CHANGED "description-changed" <> "description-changed": None None None docs
        "a description changed",
        "changed the description of the {}",
        calls "check it for requirements that the schema does not express",
        "`description: a` → `description: b`";
    SUMMARY_CHANGED "summary-changed" <> "summary-changed": None None None docs
        "a summary changed",
        "changed the summary of the {}",
        calls "only the documentation changes",
        "`summary: a` → `summary: b`";
    TITLE_CHANGED "title-changed" <> "title-changed": None None None docs
        "a title changed",
        "changed the title of the {}",
        calls "only the documentation changes",
        "`title: a` → `title: b`";
    EXAMPLE_CHANGED "example-changed" <> "example-changed": None None None docs
        "an example changed",
        "changed an example of the {}",
        calls "only the documentation changes",
        "`example: 1` → `example: 2`";
    EXTERNAL_DOCS_CHANGED "external-docs-changed" <> "external-docs-changed": None None None docs
        "the link to external documentation changed",
        "changed the external documentation of the {}",
        calls "only the documentation changes",
        "`externalDocs: {url: /a}` → `externalDocs: {url: /b}`";
    INFO_CHANGED "info-changed" <> "info-changed": None None None docs
        "the contact, license or terms of the API changed",
        "changed {key} of the {}",
        calls "check that the use of the API still complies",
        "`license: {name: MIT}` → `license: {name: Apache-2.0}`";
    VERSION_CHANGED "version-changed" <> "version-changed": None None None docs
        "the version of the API changed",
        "changed the version of the {}",
        calls "only the documentation changes",
        "`version: '1'` → `version: '2'`";
    TAG_LIST_CHANGED "tag-list-changed" <> "tag-list-changed": None None None docs
        "the list of tags changed",
        "changed the list of tags",
        calls "the documentation groups endpoints differently",
        "`tags: []` → `tags: [{name: a}]`";
    SECURITY_SCOPE_TEXT_CHANGED "scope-text-changed" <> "scope-text-changed": None None None docs
        "the description of a scope changed",
        "changed the description of the scope {key}",
        calls "only the documentation changes",
        "`scopes: {write: a}` → `scopes: {write: b}`";
    OPENAPI_VERSION_CHANGED "openapi-version-changed" <> "openapi-version-changed": None None None -
        "the OpenAPI 3.0 patch version changed",
        "changed the OpenAPI version of the {}",
        calls "patch versions only clarify the specification",
        "`openapi: 3.0.0` → `openapi: 3.0.3`";
    EXTENSION_CHANGED "extension-changed" <> "extension-changed": None None None -
        "an extension changed",
        "changed the extension {key} of the {}",
        calls "its meaning depends on its author",
        "`x-a: 1` → `x-a: 2`";
    PROVENANCE_CHANGED "provenance-changed" <> "provenance-changed": None None None docs
        "the recorded origin of a part changed",
        "changed the recorded origin of the {}",
        calls "the documentation names its listing, sources and assumptions",
        "`x-gallery-assumed: a` → nothing";
    PAGES_CHANGED "pages-changed" <> "pages-changed": None None Breaking docs
        "the pagination of a list changed",
        "changed the pagination of the {}",
        calls "requests and responses are the same"
        code "the methods `stream` and `pages` of the call depend on it",
        "`x-gallery-pages: …` → nothing";
    BESIDE_REFERENCE_CHANGED "beside-reference-changed" <> "beside-reference-changed": None None None -
        "a keyword next to `$ref` changed",
        "changed {key} next to a `$ref`",
        calls "OpenAPI 3.0 ignores it",
        "`{$ref: …, description: a}` → `{$ref: …, description: b}`";
    COMPONENT_ADDED "component-added" <> "component-removed": None None None -
        "an unused component was added",
        "added the unused component {key}",
        calls "no call uses it",
        "nothing → `components: {parameters: {A: …}}`";
    COMPONENT_REMOVED "component-removed" <> "component-added": None None None -
        "an unused component was removed",
        "removed the unused component {key}",
        calls "no call used it",
        "`components: {parameters: {A: …}}` → nothing";
    COMPONENT_CHANGED "component-changed" <> "component-changed": None None None -
        "an unused component changed",
        "changed the unused component {key}",
        calls "no call uses it",
        "`components: {parameters: {A: {name: a}}}` → `{name: b}`";
}}
