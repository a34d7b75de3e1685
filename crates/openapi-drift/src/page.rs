//! The page about the rules, `docs/drift-rules.md`.

use crate::rules::GROUPS;

const INTRODUCTION: &str = "# What a difference between two documents means

Each difference has a rule. The list is `openapi_drift::GROUPS`; this page is made from it, and a test keeps both the same.

**Wire** is about what goes over the wire, apart for what clients send and for what servers answer. *breaking*: some call that worked is
refused, or answered with what the base does not allow. *risky*: that may be so, and the documents do not say. *safe*: every call that
worked still does. *none*: nothing differs. **Source** is about Rust code that calls the generated client: *breaking* where some of it does
not compile any more, by the rules of `cargo semver-checks`; *safe* where there is more to call. **Docs** says whether the client's
documentation reads otherwise.

Levels are the highest that a rule gives. One is reported lower where less is at stake: a schema that only goes one way has the level of
that way, one that goes both has the worse; headers, links, callbacks and values that become no Rust type of their own break no source.
What limits values is the server's to check, so no limit is in a Rust type. One level is higher than its rule: any first word about an answer
that said nothing makes it a type, and the last one that goes unmakes it, which breaks source.

No difference at all: the order of keys, parameters, answers, tags, alternatives, listed values and required names; `$ref` against what it
refers to, also in an `allOf` of its own; a parameter at its path against the same at each operation; a keyword against its default; 1
against 1.0; white space around prose; and the letters of headers and media types. A schema that gets a name of its own, or loses it, is
called otherwise in Rust, and is no difference all the same: there callers' source may break unsaid. So it may where a new part takes the
Rust name that another had.
";

/// The page, as Markdown.
pub fn page() -> String {
    let mut page = INTRODUCTION.to_owned();
    for group in GROUPS {
        page.push_str(&format!(
            "\n## {}\n\n| rule | request | response | source | docs | meaning | why | example |\n|---|---|---|---|---|---|---|---|\n",
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
                rule.why,
                rule.example
            ));
        }
    }
    page
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_page_about_the_rules_says_the_same() {
        expect_test::expect_file!["../../../docs/drift-rules.md"].assert_eq(&super::page());
    }
}
