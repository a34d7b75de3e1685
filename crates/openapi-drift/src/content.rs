//! Compares request bodies and the contents of bodies by media type.

use crate::comparer::Comparer;
use crate::level::{Source, Wire};
use crate::matching::match_keys;
use crate::media;
use crate::rules;
use crate::schema::allows_everything;
use crate::tree::{Node, Pair};
use crate::usage::{Direction, Types, Use};
use crate::values::{same, same_or_absent};

impl<'d> Comparer<'d> {
    pub(crate) fn body(&mut self, operation: Pair<'d>, uses: Use) {
        if operation.is_settled_at("requestBody") {
            return;
        }
        let body = self.key(operation, "requestBody");
        let body = self.resolved(body);
        let required = body.base.flag("required") || body.revision.flag("required");
        match (body.base.is_present(), body.revision.is_present(), required) {
            (false, false, _) => {}
            (false, true, false) => self.report(&rules::OPTIONAL_BODY_ADDED, body, uses),
            (false, true, true) => self.report(&rules::REQUIRED_BODY_ADDED, body, uses),
            (true, false, false) => self.report(&rules::OPTIONAL_BODY_REMOVED, body, uses),
            (true, false, true) => self.report(&rules::REQUIRED_BODY_REMOVED, body, uses),
            (true, true, _) => self.same_body(body, uses),
        }
    }

    /// Compares a body that both documents have.
    fn same_body(&mut self, body: Pair<'d>, uses: Use) {
        if !self.mark(body, uses) {
            return;
        }
        match (body.base.flag("required"), body.revision.flag("required")) {
            (false, true) => self.report_flag(&rules::BODY_BECAME_REQUIRED, body, uses, true),
            (true, false) => self.report_flag(&rules::BODY_BECAME_OPTIONAL, body, uses, false),
            _ => {}
        }
        self.flags(body, &["required"], uses);
        let content = self.map(body, "content", uses);
        let (before, after) = (
            media::preferred(content.base),
            media::preferred(content.revision),
        );
        let is_typed = |media: &str| {
            before.as_deref() == Some(media)
                && after.as_deref() == Some(media)
                && media::has_type(media)
        };
        self.content(content, |media| {
            if is_typed(media) {
                uses
            } else {
                uses.with(Types::None)
            }
        });
        // The Rust type of a body depends on its schema only, for JSON and for forms.
        let schema = |content: Node<'d>, preferred: &Option<String>| {
            let preferred = preferred
                .as_deref()
                .filter(|media| media::has_type(media))?;
            content
                .keys()
                .find(|media| media::normalized(media) == preferred)
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

    /// Reports media types that only one document has. `source` is the maximum effect on code.
    pub(crate) fn media_types(&mut self, content: Pair<'d>, uses: Use, source: Source) {
        for (base, revision) in match_keys(content, media::normalized) {
            let media = self.entry(content, base, revision);
            let rule = match (base, revision) {
                (None, Some(_)) => &rules::MEDIA_TYPE_ADDED,
                (Some(_), None) => &rules::MEDIA_TYPE_REMOVED,
                _ => continue,
            };
            let source = uses.source(rule).min(source);
            let is_included = base.is_some_and(|media| {
                let mut ranges = content.revision.keys();
                ranges.any(|range| media::includes(range, media))
            });
            let wire = if is_included {
                uses.effect(Wire::None, "a range of the revision includes it")
            } else {
                uses.wire(rule)
            };
            self.report_level(
                rule,
                media,
                wire,
                source,
                base.map(Into::into),
                revision.map(Into::into),
            );
        }
    }

    /// Compares the media types that both documents have. `uses` returns the use of a media type.
    pub(crate) fn content(&mut self, content: Pair<'d>, uses: impl Fn(&str) -> Use) {
        for (base, revision) in match_keys(content, media::normalized) {
            let (Some(name), Some(_)) = (base, revision) else {
                continue;
            };
            let uses = uses(&media::normalized(name));
            let media = self.entry(content, base, revision);
            let schema = self.key(media, "schema");
            // A response whose schema allows everything is returned as raw JSON, any other one as a
            // Rust type.
            let is_response = uses.direction == Direction::Response && uses.types != Types::None;
            if is_response
                && allows_everything(schema.base.value) != allows_everything(schema.revision.value)
            {
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
