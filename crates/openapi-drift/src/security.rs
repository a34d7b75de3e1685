//! Compares security requirements and security schemes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::comparer::Comparer;
use crate::rules;
use crate::tree::{Node, Pair};
use crate::usage::Use;
use crate::values::{canonical, same_or_absent};

/// One alternative: each scheme with its scopes.
type Alternative = BTreeMap<String, BTreeSet<String>>;

impl<'d> Comparer<'d> {
    /// Compares the default requirements of the document.
    pub(crate) fn document_security(&mut self, root: Pair<'d>) {
        let security = self.list(root, "security", Use::REQUEST);
        self.requirements(security);
    }

    /// Compares the requirements of an operation that has its own in at least one document.
    pub(crate) fn operation_security(&mut self, root: Pair<'d>, operation: Pair<'d>) {
        let (own, default) = (
            self.list(operation, "security", Use::REQUEST),
            self.list(root, "security", Use::REQUEST),
        );
        if !own.base.is_present() && !own.revision.is_present() {
            return;
        }
        let or = |own: Node<'d>, default: Node<'d>| if own.is_present() { own } else { default };
        self.requirements(Pair {
            base: or(own.base, default.base),
            revision: or(own.revision, default.revision),
        });
    }

    /// Compares the requirements of a callback operation, to which no default applies.
    pub(crate) fn callback_security(&mut self, operation: Pair<'d>) {
        let security = self.list(operation, "security", Use::REQUEST);
        self.requirements(security);
    }

    fn requirements(&mut self, pair: Pair<'d>) {
        let (mut before, mut after) = (alternatives(pair.base), alternatives(pair.revision));
        // An empty alternative means that credentials are optional.
        let take_optional = |all: &mut Vec<Alternative>| {
            let is_optional = all.is_empty() || all.iter().any(BTreeMap::is_empty);
            all.retain(|alternative| !alternative.is_empty());
            is_optional
        };
        let (was_optional, is_optional) = (take_optional(&mut before), take_optional(&mut after));
        if was_optional != is_optional {
            let rule = if was_optional {
                &rules::SECURITY_REQUIRED
            } else {
                &rules::SECURITY_LIFTED
            };
            self.report(rule, pair, Use::REQUEST);
            if before.is_empty() || after.is_empty() {
                return;
            }
        }
        let kept: Vec<Alternative> = before
            .iter()
            .filter(|own| after.contains(own))
            .cloned()
            .collect();
        before.retain(|own| !kept.contains(own));
        after.retain(|own| !kept.contains(own));
        self.scopes(pair, &mut before, &mut after);
        let value = |alternative: &Alternative| Some(serde_json::json!(alternative));
        if let ([one], [other]) = (before.as_slice(), after.as_slice()) {
            self.report_values(
                &rules::SECURITY_ALTERNATIVE_CHANGED,
                pair,
                Use::REQUEST,
                value(one),
                value(other),
            );
            return;
        }
        for own in &before {
            self.report_values(
                &rules::SECURITY_ALTERNATIVE_REMOVED,
                pair,
                Use::REQUEST,
                value(own),
                None,
            );
        }
        for own in &after {
            self.report_values(
                &rules::SECURITY_ALTERNATIVE_ADDED,
                pair,
                Use::REQUEST,
                None,
                value(own),
            );
        }
    }

    /// Removes alternatives with the same schemes and reports differences in their scopes.
    fn scopes(
        &mut self,
        pair: Pair<'d>,
        before: &mut Vec<Alternative>,
        after: &mut Vec<Alternative>,
    ) {
        before.retain(|own| {
            let Some(at) = after.iter().position(|other| other.keys().eq(own.keys())) else {
                return true;
            };
            let other = after.remove(at);
            for (name, scopes) in own {
                let now = &other[name];
                for scope in scopes.difference(now) {
                    let value = Some(format!("{name}: {scope}").into());
                    self.report_values(
                        &rules::SECURITY_SCOPE_REMOVED,
                        pair,
                        Use::REQUEST,
                        value,
                        None,
                    );
                }
                for scope in now.difference(scopes) {
                    let value = Some(format!("{name}: {scope}").into());
                    self.report_values(
                        &rules::SECURITY_SCOPE_ADDED,
                        pair,
                        Use::REQUEST,
                        None,
                        value,
                    );
                }
            }
            false
        });
    }

    /// Compares the security schemes.
    pub(crate) fn security_schemes(&mut self, schemes: Pair<'d>) {
        for name in schemes.keys() {
            let scheme = self.key(schemes, name);
            let scheme = self.resolved(scheme);
            match (scheme.base.is_present(), scheme.revision.is_present()) {
                (false, _) => self.report(&rules::SECURITY_SCHEME_ADDED, scheme, Use::REQUEST),
                (_, false) => self.report(&rules::SECURITY_SCHEME_REMOVED, scheme, Use::REQUEST),
                _ => self.security_scheme(scheme),
            }
        }
    }

    fn security_scheme(&mut self, scheme: Pair<'d>) {
        const PARTS: &[&str] = &["in", "name", "scheme", "openIdConnectUrl"];
        let kind = self.key(scheme, "type");
        if !same_or_absent(kind.base.value, kind.revision.value) {
            self.report(&rules::SECURITY_SCHEME_CHANGED, kind, Use::REQUEST);
            self.others(
                scheme,
                Use::REQUEST,
                &[
                    "type",
                    "in",
                    "name",
                    "scheme",
                    "openIdConnectUrl",
                    "bearerFormat",
                    "flows",
                ],
            );
            return;
        }
        for part in PARTS {
            let inside = self.key(scheme, part);
            // HTTP schemes and header names are case-insensitive.
            let text = |node: Node<'d>| node.text(part).map(str::to_ascii_lowercase);
            let any_case =
                *part == "scheme" || (*part == "name" && scheme.base.text("in") == Some("header"));
            let same = if any_case {
                text(scheme.base) == text(scheme.revision)
            } else {
                same_or_absent(inside.base.value, inside.revision.value)
            };
            if !same {
                self.report(&rules::SECURITY_SCHEME_CHANGED, inside, Use::REQUEST);
            }
        }
        let format = self.key(scheme, "bearerFormat");
        if !same_or_absent(format.base.value, format.revision.value) {
            self.report(&rules::BEARER_FORMAT_CHANGED, format, Use::REQUEST);
        }
        self.flows(scheme);
        self.others(
            scheme,
            Use::REQUEST,
            &[
                "type",
                "in",
                "name",
                "scheme",
                "openIdConnectUrl",
                "bearerFormat",
                "flows",
            ],
        );
    }

    fn flows(&mut self, scheme: Pair<'d>) {
        let flows = self.map(scheme, "flows", Use::REQUEST);
        let names: Vec<&str> = flows
            .keys()
            .into_iter()
            .filter(|name| !name.starts_with("x-"))
            .collect();
        for name in &names {
            let flow = self.key(flows, name);
            match (flow.base.is_present(), flow.revision.is_present()) {
                (false, _) => self.report(&rules::OAUTH_FLOW_ADDED, flow, Use::REQUEST),
                (_, false) => self.report(&rules::OAUTH_FLOW_REMOVED, flow, Use::REQUEST),
                _ => self.flow(flow),
            }
        }
        self.others(flows, Use::REQUEST, &names);
    }

    fn flow(&mut self, flow: Pair<'d>) {
        for key in ["authorizationUrl", "tokenUrl", "refreshUrl"] {
            let url = self.key(flow, key);
            if !same_or_absent(url.base.value, url.revision.value) {
                self.report(&rules::OAUTH_URL_CHANGED, url, Use::REQUEST);
            }
        }
        let scopes = self.map(flow, "scopes", Use::REQUEST);
        for name in scopes.keys() {
            let scope = self.key(scopes, name);
            match (scope.base.value, scope.revision.value) {
                (None, _) => self.report(&rules::OAUTH_SCOPE_ADDED, scope, Use::REQUEST),
                (_, None) => self.report(&rules::OAUTH_SCOPE_REMOVED, scope, Use::REQUEST),
                (before, after) if same_or_absent(before, after) => {}
                _ => self.report(&rules::SECURITY_SCOPE_TEXT_CHANGED, scope, Use::REQUEST),
            }
        }
        self.others(
            flow,
            Use::REQUEST,
            &["authorizationUrl", "tokenUrl", "refreshUrl", "scopes"],
        );
    }
}

/// Returns the alternatives of a list of requirements.
fn alternatives(node: Node<'_>) -> Vec<Alternative> {
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| canonical(value), ToOwned::to_owned)
    };
    // An invalid value counts as a scope, so that changes of it are reported.
    let scopes = |value: &Value| {
        value.as_array().map_or_else(
            || [text(value)].into(),
            |list| list.iter().map(text).collect(),
        )
    };
    let schemes = |all: &Map<String, Value>| {
        all.iter()
            .map(|(name, value)| (name.clone(), scopes(value)))
            .collect()
    };
    let alternative = |value: &Value| {
        value
            .as_object()
            .map_or_else(|| [(text(value), BTreeSet::new())].into(), schemes)
    };
    node.items().iter().map(alternative).collect()
}
