//! Bodies and the media types in them.

use crate::change::Source;
use crate::comparer::{Comparer, Direction, Types, Use};
use crate::parameters::alike;
use crate::rules;
use crate::schema::says_nothing;
use crate::tree::{Node, Pair};
use crate::values::{same, same_or_absent};

impl<'d> Comparer<'d> {
    pub(crate) fn body(&mut self, operation: Pair<'d>, uses: Use) {
        if operation.is_settled_at("requestBody") {
            return;
        }
        let body = self.key(operation, "requestBody");
        let body = self.resolved(body);
        let required = body.base.flag("required") || body.revision.flag("required");
        match (body.base.is_there(), body.revision.is_there(), required) {
            (false, false, _) => {}
            (false, true, false) => self.report(&rules::OPTIONAL_BODY_ADDED, body, uses),
            (false, true, true) => self.report(&rules::REQUIRED_BODY_ADDED, body, uses),
            (true, false, false) => self.report(&rules::OPTIONAL_BODY_REMOVED, body, uses),
            (true, false, true) => self.report(&rules::REQUIRED_BODY_REMOVED, body, uses),
            (true, true, _) => self.same_body(body, uses),
        }
    }

    fn same_body(&mut self, body: Pair<'d>, uses: Use) {
        if !self.is_first(body, uses) {
            return;
        }
        match (body.base.flag("required"), body.revision.flag("required")) {
            (false, true) => self.report_flag(&rules::BODY_BECAME_REQUIRED, body, uses, true),
            (true, false) => self.report_flag(&rules::BODY_BECAME_OPTIONAL, body, uses, false),
            _ => {}
        }
        self.flags(body, &["required"], uses);
        let content = self.map(body, "content", uses);
        let (before, after) = (sent(content.base), sent(content.revision));
        let typed = |media: &str| {
            before.as_deref() == Some(media) && after.as_deref() == Some(media) && has_type(media)
        };
        self.content(content, |media| {
            if typed(media) {
                uses
            } else {
                uses.with(Types::None)
            }
        });
        // A body's type is its schema's, whether it goes as JSON or as a form.
        let schema = |content: Node<'d>, sent: &Option<String>| {
            let sent = sent.as_deref().filter(|media| has_type(media))?;
            content
                .keys()
                .find(|media| media_type(media) == sent)
                .and_then(|media| content.get(media)?.get("schema"))
        };
        let is_same = before == after
            || matches!((schema(content.base, &before), schema(content.revision, &after)), (Some(one), Some(other)) if same(one, other));
        let source = if is_same {
            Source::None
        } else {
            Source::Breaking
        };
        self.media_types(content, uses, source);
        self.others(body, uses, &["required", "content"]);
    }

    /// The media types that only one document has. `source` is what it does to callers' source that they are not the same.
    pub(crate) fn media_types(&mut self, content: Pair<'d>, uses: Use, source: Source) {
        for (base, revision) in alike(content, media_type) {
            let media = self.entry(content, base, revision);
            let rule = match (base, revision) {
                (None, Some(_)) => &rules::MEDIA_TYPE_ADDED,
                (Some(_), None) => &rules::MEDIA_TYPE_REMOVED,
                _ => continue,
            };
            let source = uses.source(rule).min(source);
            self.report_level(
                rule,
                media,
                uses.wire(rule),
                source,
                base.map(Into::into),
                revision.map(Into::into),
            );
        }
    }

    /// The media types that both documents have, each in the use that `uses` says.
    pub(crate) fn content(&mut self, content: Pair<'d>, uses: impl Fn(&str) -> Use) {
        for (base, revision) in alike(content, media_type) {
            let (Some(name), Some(_)) = (base, revision) else {
                continue;
            };
            let uses = uses(&media_type(name));
            let media = self.entry(content, base, revision);
            let schema = self.key(media, "schema");
            // An answer that says nothing of its content is read as it is, any other as a type.
            let is_answer = uses.direction == Direction::Response && uses.types != Types::None;
            if is_answer && says_nothing(schema.base.value) != says_nothing(schema.revision.value) {
                self.floor = Source::Breaking;
            }
            self.schema(schema, uses);
            self.floor = Source::None;
            self.encodings(media, uses);
            self.others(media, uses, &["schema", "encoding"]);
        }
    }

    fn encodings(&mut self, media: Pair<'d>, uses: Use) {
        let encodings = self.map(media, "encoding", uses);
        for property in encodings.keys() {
            let encoding = self.key(encodings, property);
            if !encoding.both() {
                self.report(&rules::ENCODING_CHANGED, encoding, uses);
                continue;
            }
            for key in ["contentType", "style", "explode", "allowReserved"] {
                let part = self.key(encoding, key);
                if !same_or_absent(part.base.value, part.revision.value) {
                    self.report(&rules::ENCODING_CHANGED, part, uses);
                }
            }
            let headers = self.map(encoding, "headers", uses);
            self.headers(headers, uses);
            self.others(
                encoding,
                uses,
                &[
                    "contentType",
                    "style",
                    "explode",
                    "allowReserved",
                    "headers",
                ],
            );
        }
    }
}

/// A media type as all write it that mean the same: in small letters, without spaces.
pub(crate) fn media_type(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .collect::<String>()
        .to_ascii_lowercase()
}

fn essence(media: &str) -> &str {
    media.split(';').next().unwrap_or(media)
}

/// Whether a media type is JSON, by its name or by its suffix.
pub(crate) fn is_json(media: &str) -> bool {
    let kind = essence(media);
    kind == "application/json" || kind.ends_with("+json")
}

/// Whether a client has a type for a body in this media type; others are bytes or a form of parts.
fn has_type(media: &str) -> bool {
    is_json(media) || essence(media) == "application/x-www-form-urlencoded"
}

/// The media type that a client sends: JSON, else a form, else the first.
fn sent(content: Node<'_>) -> Option<String> {
    let all: Vec<String> = content.keys().map(media_type).collect();
    let is_form = |media: &&String| {
        matches!(
            essence(media),
            "application/x-www-form-urlencoded" | "multipart/form-data"
        )
    };
    all.iter()
        .find(|media| is_json(media))
        .or_else(|| all.iter().find(is_form))
        .or_else(|| all.first())
        .cloned()
}
