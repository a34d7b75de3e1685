//! Compares responses by status, with headers and links.

use openapi_text::media_type::{is_any, is_sequence};

use crate::comparer::Comparer;
use crate::level::Source;
use crate::matching::match_keys;
use crate::media;
use crate::response_types::{Class, ResponseTypes, class};
use crate::rules::{self, Rule};
use crate::tree::{Node, Pair};
use crate::usage::{Types, Use};
use crate::values::same_or_absent;

impl<'d> Comparer<'d> {
    /// Compares the responses of an operation.
    pub(crate) fn responses(&mut self, operation: Pair<'d>, uses: Use) {
        if operation.is_settled_at("responses") {
            return;
        }
        let responses = self.map(operation, "responses", uses);
        let before = ResponseTypes::read(&mut self.base, responses.base);
        let after = ResponseTypes::read(&mut self.revision, responses.revision);
        let pairs = statuses(responses);
        for (base, revision) in &pairs {
            let response = self.entry(responses, *base, *revision);
            let response = self.resolved(response);
            let Some(status) = base.or(*revision) else {
                continue;
            };
            let source = before.source(&after, status);
            match (base, revision) {
                (Some(before_status), Some(after_status)) => {
                    if !before_status.eq_ignore_ascii_case(after_status) {
                        let rule = if is_range(after_status) {
                            &rules::STATUS_WIDENED
                        } else {
                            &rules::STATUS_NARROWED
                        };
                        self.report_values(
                            rule,
                            response,
                            uses,
                            Some((*before_status).into()),
                            Some((*after_status).into()),
                        );
                    }
                    let is_typed = before.is_typed(before_status) || after.is_typed(after_status);
                    let types = if is_typed { uses.types } else { Types::None };
                    // The first success with events determines their type.
                    let has_events = class(before_status) == Class::Success;
                    let events = if has_events { uses.types } else { Types::None };
                    self.response(response, uses.with(types), uses.with(events), source);
                }
                _ => {
                    let rule = rule(class(status), base.is_none());
                    let source = uses.source(rule).min(source);
                    self.report_level(
                        rule,
                        response,
                        uses.wire(rule),
                        source,
                        base.map(Into::into),
                        revision.map(Into::into),
                    );
                }
            }
        }
        self.extensions(responses, uses);
    }

    /// Compares a response that both documents have. `events` is the use of the data of events.
    fn response(&mut self, response: Pair<'d>, uses: Use, events: Use, source: Source) {
        let content = self.map(response, "content", uses);
        let source = source.max(source_of_events(content, events));
        self.media_types(content, uses.with(Types::All), source);
        if !self.mark(response, uses) {
            return;
        }
        self.content(content, |media| {
            if is_sequence(media) {
                events
            } else if media::is_json(media) || is_any(media) || media.starts_with("text/") {
                uses
            } else {
                uses.with(Types::None)
            }
        });
        let headers = self.map(response, "headers", uses);
        self.headers(headers, uses);
        self.links(response, uses);
        self.others(response, uses, &["content", "headers", "links"]);
    }

    fn links(&mut self, response: Pair<'d>, uses: Use) {
        const PARTS: &[&str] = &[
            "operationRef",
            "operationId",
            "parameters",
            "requestBody",
            "server",
        ];
        let links = self.map(response, "links", uses);
        for name in links.keys() {
            let link = self.key(links, name);
            let link = self.resolved(link);
            match (link.base.is_present(), link.revision.is_present()) {
                (false, _) => self.report(&rules::LINK_ADDED, link, uses),
                (_, false) => self.report(&rules::LINK_REMOVED, link, uses),
                _ => {
                    for part in PARTS {
                        let inside = self.key(link, part);
                        if !same_or_absent(inside.base.value, inside.revision.value) {
                            self.report(&rules::LINK_CHANGED, inside, uses);
                        }
                    }
                    self.others(link, uses, PARTS);
                }
            }
        }
    }
}

/// Returns the effect on code if other events, or none, follow. Changes of their schema have rules
/// of their own.
fn source_of_events(content: Pair<'_>, uses: Use) -> Source {
    let events = |content: Node<'_>| {
        let media_type = content.keys().find(|media| is_sequence(media))?;
        let schema = content.get(media_type)?.get("schema").cloned();
        Some((media::normalized(media_type), schema))
    };
    let is_kept = match (events(content.base), events(content.revision)) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some((base, before)), Some((revision, after))) => base == revision || before == after,
    };
    match is_kept || uses.types == Types::None {
        true => Source::None,
        false => Source::Breaking,
    }
}

/// Returns the rule for an added or removed status.
fn rule(class: Class, is_new: bool) -> &'static Rule {
    match (class, is_new) {
        (Class::Success, true) => &rules::SUCCESS_STATUS_ADDED,
        (Class::Success, false) => &rules::SUCCESS_STATUS_REMOVED,
        (Class::Error, true) => &rules::ERROR_STATUS_ADDED,
        (Class::Error, false) => &rules::ERROR_STATUS_REMOVED,
        (Class::Other, true) => &rules::OTHER_STATUS_ADDED,
        (Class::Other, false) => &rules::OTHER_STATUS_REMOVED,
        (Class::Default, true) => &rules::DEFAULT_RESPONSE_ADDED,
        (Class::Default, false) => &rules::DEFAULT_RESPONSE_REMOVED,
    }
}

/// Returns true for ranges such as `2XX`.
fn is_range(status: &str) -> bool {
    status.len() == 3
        && status
            .get(1..)
            .is_some_and(|rest| rest.eq_ignore_ascii_case("XX"))
}

/// Pairs the statuses of both documents. An unpaired status also pairs with an unpaired range that
/// contains it.
fn statuses<'d>(responses: Pair<'d>) -> Vec<(Option<&'d str>, Option<&'d str>)> {
    let mut pairs = match_keys(responses, str::to_ascii_uppercase);
    pairs.retain(|(base, revision)| {
        !base
            .or(*revision)
            .is_some_and(|status| status.starts_with("x-"))
    });
    for base in 0..pairs.len() {
        let (Some(one), None) = pairs[base] else {
            continue;
        };
        let partners: Vec<usize> = (0..pairs.len())
            .filter(|at| matches!(pairs[*at], (None, Some(other)) if one.get(..1) == other.get(..1) && is_range(one) != is_range(other)))
            .collect();
        let rivals = pairs.iter().filter(|(own, other)| {
            other.is_none() && own.is_some_and(|own| own.get(..1) == one.get(..1))
        });
        if let ([partner], 1) = (partners.as_slice(), rivals.count()) {
            pairs[base].1 = pairs[*partner].1.take();
        }
    }
    pairs.retain(|pair| *pair != (None, None));
    pairs
}
