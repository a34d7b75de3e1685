//! Renders `docs/drift-rules.md`.

use crate::rules::GROUPS;

const INTRODUCTION: &str = "# Rules for differences between two documents

Each difference has a rule. This page is generated from `openapi_drift::GROUPS`, and a test keeps
it up to date.

- **Request** and **response** are the effect on calls. *breaking*: some call is rejected, or its
  response is not what the base allows. *risky*: a call may fail, but the documents alone cannot
  tell. *safe*: every call still works, or its end was announced by a sunset. *none*: requests and
  responses are the same.
- **Source** is the effect on Rust code that calls the generated client. *breaking*: some code no
  longer compiles, by the rules of `cargo semver-checks`. *safe*: the public API has new items.
- **Docs** is *yes* if the client's documentation changes.

The levels of a rule are maxima:

- A schema used in one direction only has the level of that direction. A schema used in both has
  the higher level.
- Headers, links, callbacks and values without a Rust type of their own never break source.
- Limits of values (such as `maxLength`) are not part of Rust types, because the server checks them.

One change is more severe than its rule. If the base says nothing about a response, anything that
the revision says gives the response a type; removing all of it removes the type. Both break source.

These are not differences:

- the order of keys, parameters, responses, tags, alternatives, enum values and required names
- `$ref` against the referenced value, also as the only member of an `allOf`
- a parameter of the path against the same parameter at each operation
- a keyword against its default value
- 1 against 1.0, white space around prose, and the case of headers and media types

A schema that gets or loses a component name changes the name of its Rust type, but this is not
reported. The same holds if a new part takes the Rust name of another part. So code may break
without a reported difference.
";

/// Renders the page as Markdown.
pub fn page() -> String {
    let mut page = INTRODUCTION.to_owned();
    for group in GROUPS {
        page.push_str(&format!(
            "\n## {}\n\n| rule | request | response | source | docs | difference | effect | example |\n|---|---|---|---|---|---|---|---|\n",
            group.title
        ));
        for rule in group.rules {
            let docs = if rule.docs { "yes" } else { "no" };
            page.push_str(&format!(
                "| `{}` | {} | {} | {} | {docs} | {} | {} | {} |\n",
                rule.id,
                rule.request,
                rule.response,
                rule.source,
                rule.meaning,
                rule.effect(),
                rule.example
            ));
        }
    }
    page
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_page_is_up_to_date() {
        expect_test::expect_file!["../../../docs/drift-rules.md"].assert_eq(&super::page());
    }
}
