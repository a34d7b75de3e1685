//! Compares the serialization of parameters and headers: style, `explode` and media type.

use serde_json::Value;

use crate::comparer::Comparer;
use crate::level::Wire;
use crate::media;
use crate::rules;
use crate::tree::{Node, Pair};
use crate::usage::Use;
use crate::values::same_or_absent;

impl<'d> Comparer<'d> {
    /// Compares the serialization and the schema of a parameter or header.
    pub(crate) fn serialization(&mut self, pair: Pair<'d>, uses: Use) {
        let content = self.map(pair, "content", uses);
        if content.base.is_present() || content.revision.is_present() {
            let media_type = |node: Node<'d>| node.keys().next().map(media::normalized);
            if media_type(content.base) == media_type(content.revision) {
                self.content(content, |_| uses);
                return;
            }
            let is_text = |content: Node<'d>| {
                let media_type = content.keys().next();
                media_type.is_some_and(|media_type| !media::is_json(&media::normalized(media_type)))
            };
            let rule = match is_text(content.base) == is_text(content.revision) {
                true => &rules::PARAMETER_CONTENT_CHANGED,
                // The client has no type for formats other than JSON.
                false => &rules::PARAMETER_TEXT_CHANGED,
            };
            self.report_values(
                rule,
                pair,
                uses,
                content.base.keys().next().map(Value::from),
                content.revision.keys().next().map(Value::from),
            );
            return;
        }
        self.style(pair, uses);
        let schema = self.key(pair, "schema");
        self.schema(schema, uses);
    }

    fn style(&mut self, pair: Pair<'d>, uses: Use) {
        let (before, after) = (style(pair.base), style(pair.revision));
        let inside = self.key(pair, "style");
        let is_text = |node: Node<'d>| node.value.is_none_or(Value::is_string);
        if !(is_text(inside.base) && is_text(inside.revision)) {
            if !same_or_absent(inside.base.value, inside.revision.value) {
                self.report(&rules::KEYWORD_CHANGED, inside, uses);
            }
        } else if before != after {
            self.report_values(
                &rules::STYLE_CHANGED,
                inside,
                uses,
                Some(before.into()),
                Some(after.into()),
            );
        }
        self.explode(pair, uses);
    }

    fn explode(&mut self, pair: Pair<'d>, uses: Use) {
        self.flags(pair, &["explode"], uses);
        let explode = self.key(pair, "explode");
        let is_explicit = !same_or_absent(explode.base.value, explode.revision.value);
        let (before, after) = (explodes(pair.base), explodes(pair.revision));
        // A changed style changes the default of `explode`, which is not a second difference.
        if before != after && (is_explicit || style(pair.base) == style(pair.revision)) {
            let rule = &rules::EXPLODE_CHANGED;
            let schema = self.key(pair, "schema");
            let schema = self.resolved(schema);
            let wire = if is_scalar(schema.base) && is_scalar(schema.revision) {
                uses.effect(Wire::None, "single values are serialized in the same way")
            } else {
                uses.wire(rule)
            };
            self.report_level(
                rule,
                explode,
                wire,
                uses.source(rule),
                Some(before.into()),
                Some(after.into()),
            );
        }
    }
}

/// Returns the style of a parameter or header. The default depends on the location.
fn style(node: Node<'_>) -> &str {
    let default = if matches!(node.text("in"), Some("query" | "cookie")) {
        "form"
    } else {
        "simple"
    };
    node.text("style").unwrap_or(default)
}

/// Returns the value of `explode`. The default depends on the style.
fn explodes(node: Node<'_>) -> bool {
    node.get("explode")
        .and_then(Value::as_bool)
        .unwrap_or(style(node) == "form")
}

/// Returns true if all values of a schema are scalars, which `explode` does not affect.
fn is_scalar(schema: Node<'_>) -> bool {
    matches!(
        schema.text("type"),
        Some("string" | "integer" | "number" | "boolean")
    )
}
