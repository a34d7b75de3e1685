//! What people read, and extensions: keywords that many parts of a document share. Here is also what becomes of keywords that nobody knows.

use serde_json::Value;

use crate::comparer::{Comparer, Use};
use crate::rules::{self, Rule};
use crate::tree::Pair;
use crate::values::{prose, same_or_absent};

/// What a keyword is when a part has no use for it of its own.
fn rule_of(keyword: &str) -> &'static Rule {
    match keyword {
        "description" => &rules::DESCRIPTION_CHANGED,
        "summary" => &rules::SUMMARY_CHANGED,
        "title" => &rules::TITLE_CHANGED,
        "example" | "examples" => &rules::EXAMPLE_CHANGED,
        "externalDocs" => &rules::EXTERNAL_DOCS_CHANGED,
        "x-gallery-pages" => &rules::PAGES_CHANGED,
        other if other.starts_with("x-gallery") => &rules::PROVENANCE_CHANGED,
        other if other.starts_with("x-") => &rules::EXTENSION_CHANGED,
        _ => &rules::KEYWORD_CHANGED,
    }
}

impl<'d> Comparer<'d> {
    /// Compares every keyword of a part that is not among those which the part has compared already.
    pub(crate) fn others(&mut self, pair: Pair<'d>, uses: Use, known: &[&str]) {
        for key in pair.keys() {
            if !known.contains(&key) && !pair.is_settled_at(key) {
                self.keyword(pair, key, uses);
            }
        }
    }

    /// Compares the extensions of a map whose other keys are no keywords.
    pub(crate) fn extensions(&mut self, pair: Pair<'d>, uses: Use) {
        for key in pair.keys().into_iter().filter(|key| key.starts_with("x-")) {
            self.keyword(pair, key, uses);
        }
    }

    /// Compares a keyword that says the same wherever it stands.
    pub(crate) fn keyword(&mut self, pair: Pair<'d>, key: &'d str, uses: Use) {
        let inside = self.key(pair, key);
        let (before, after) = (inside.base.value, inside.revision.value);
        match key {
            "deprecated" => self.deprecation(pair, inside, uses),
            "description" | "summary" | "title" if is_prose(before) && is_prose(after) => {
                let text = |value: Option<&Value>| {
                    prose(value.and_then(Value::as_str).unwrap_or_default())
                };
                if text(before) != text(after) {
                    self.report(rule_of(key), inside, uses);
                }
            }
            _ if same_or_absent(before, after) => {}
            _ => self.report(rule_of(key), inside, uses),
        }
    }

    /// Keywords that are true or false. What is neither counts as false, and is told where nothing else tells of it.
    pub(crate) fn flags(&mut self, pair: Pair<'d>, keys: &[&'static str], uses: Use) {
        // A variable of a path is required whatever is said.
        let is_path = pair.base.text("in") == Some("path");
        for key in keys
            .iter()
            .filter(|key| is_path || pair.base.flag(key) == pair.revision.flag(key))
        {
            let inside = self.key(pair, key);
            let is_flag = |value: Option<&Value>| value.is_none_or(Value::is_boolean);
            let are_flags = is_flag(inside.base.value) && is_flag(inside.revision.value);
            if !are_flags && !same_or_absent(inside.base.value, inside.revision.value) {
                self.report(&rules::KEYWORD_CHANGED, inside, uses);
            }
        }
    }

    /// What stands beside two references: OpenAPI 3.0 ignores it.
    pub(crate) fn beside_references(&mut self, pair: Pair<'d>) {
        for key in pair.keys().into_iter().filter(|key| *key != "$ref") {
            let inside = self.key(pair, key);
            if !same_or_absent(inside.base.value, inside.revision.value) {
                self.report(&rules::BESIDE_REFERENCE_CHANGED, inside, Use::UNUSED);
            }
        }
    }

    fn deprecation(&mut self, pair: Pair<'d>, inside: Pair<'d>, uses: Use) {
        match (
            pair.base.flag("deprecated"),
            pair.revision.flag("deprecated"),
        ) {
            (false, true) => self.report(&rules::DEPRECATED, inside, uses),
            (true, false) => self.report(&rules::UNDEPRECATED, inside, uses),
            _ => self.flags(pair, &["deprecated"], uses),
        }
    }

    /// The API as a whole: `openapi`, `info`, the list of tags, links and extensions of the document.
    pub(crate) fn info(&mut self, root: Pair<'d>) {
        let version = self.key(root, "openapi");
        if !same_or_absent(version.base.value, version.revision.value) {
            self.report(&rules::OPENAPI_VERSION_CHANGED, version, Use::REQUEST);
        }
        let info = self.map(root, "info", Use::REQUEST);
        let version = self.key(info, "version");
        if !same_or_absent(version.base.value, version.revision.value) {
            self.report(&rules::VERSION_CHANGED, version, Use::REQUEST);
        }
        for key in ["contact", "license", "termsOfService"] {
            let part = self.key(info, key);
            if !same_or_absent(part.base.value, part.revision.value) {
                self.report(&rules::INFO_CHANGED, part, Use::REQUEST);
            }
        }
        self.others(
            info,
            Use::REQUEST,
            &["version", "contact", "license", "termsOfService"],
        );
        self.tag_list(root);
        self.others(
            root,
            Use::REQUEST,
            &[
                "openapi",
                "info",
                "tags",
                "paths",
                "components",
                "servers",
                "security",
            ],
        );
    }

    /// The document's tags, by name: their order is how they are presented, and says nothing of the API.
    fn tag_list(&mut self, root: Pair<'d>) {
        let tags = self.list(root, "tags", Use::REQUEST);
        for (base, revision) in crate::tree::matched(tags, |tag| {
            tag.get("name")
                .and_then(Value::as_str)
                .map(ToOwned::to_owned)
        }) {
            let tag = self.index(tags, base, revision);
            if tag.both() {
                self.others(tag, Use::REQUEST, &["name"]);
            } else {
                self.report(&rules::TAG_LIST_CHANGED, tag, Use::REQUEST);
            }
        }
    }
}

/// Whether prose can be compared as prose: what is not there is no prose either.
fn is_prose(value: Option<&Value>) -> bool {
    value.is_none_or(Value::is_string)
}
