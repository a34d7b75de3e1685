//! Compares keywords that many parts have: documentation, extensions, flags and unknown keywords.

use serde_json::Value;

use crate::comparer::Comparer;
use crate::matching::match_items;
use crate::rules::{self, Rule};
use crate::tree::Pair;
use crate::usage::Use;
use crate::values::{prose, same_or_absent};

/// Returns the rule for a keyword without a comparison of its own.
fn rule_of(keyword: &str) -> &'static Rule {
    match keyword {
        "description" => &rules::DESCRIPTION_CHANGED,
        "summary" => &rules::SUMMARY_CHANGED,
        "title" => &rules::TITLE_CHANGED,
        "example" | "examples" => &rules::EXAMPLE_CHANGED,
        "externalDocs" => &rules::EXTERNAL_DOCS_CHANGED,
        "x-gallery-pages" => &rules::PAGES_CHANGED,
        "x-gallery-numbered-keys" | "x-gallery-allow-slashes" => &rules::STYLE_CHANGED,
        other if other.starts_with("x-gallery") => &rules::PROVENANCE_CHANGED,
        other if other.starts_with("x-") => &rules::EXTENSION_CHANGED,
        _ => &rules::KEYWORD_CHANGED,
    }
}

impl<'d> Comparer<'d> {
    /// Compares all keywords of a part except those that have been compared already.
    pub(crate) fn others(&mut self, pair: Pair<'d>, uses: Use, compared: &[&str]) {
        for key in pair.keys() {
            if !compared.contains(&key) && !pair.is_settled_at(key) {
                self.keyword(pair, key, uses);
            }
        }
    }

    /// Compares the extensions of a map whose other keys are names.
    pub(crate) fn extensions(&mut self, pair: Pair<'d>, uses: Use) {
        for key in pair.keys().into_iter().filter(|key| key.starts_with("x-")) {
            self.keyword(pair, key, uses);
        }
    }

    /// Compares a keyword that has the same meaning everywhere.
    pub(crate) fn keyword(&mut self, pair: Pair<'d>, key: &'d str, uses: Use) {
        let inside = self.key(pair, key);
        let (before, after) = (inside.base.value, inside.revision.value);
        match key {
            "deprecated" => self.deprecation(pair, inside, uses),
            "x-sunset" => self.sunset(pair, inside, uses),
            "description" | "summary" | "title" if is_text(before) && is_text(after) => {
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

    /// Reports changes of flags from or to values that are not booleans. Such a value counts as
    /// false, so the comparison of the flag itself may not report the change.
    pub(crate) fn flags(&mut self, pair: Pair<'d>, keys: &[&'static str], uses: Use) {
        // Path parameters are always required, so the comparison ignores their `required`.
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

    /// Compares the keywords next to two references, which OpenAPI 3.0 ignores.
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

    /// Compares `openapi`, `info`, the list of tags and the extensions of the document.
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

    /// Compares the list of tags, ignoring their order.
    fn tag_list(&mut self, root: Pair<'d>) {
        let tags = self.list(root, "tags", Use::REQUEST);
        for (base, revision) in match_items(tags, |tag| {
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

/// Returns true if a value is text or absent.
fn is_text(value: Option<&Value>) -> bool {
    value.is_none_or(Value::is_string)
}
