//! Compares security requirements and security schemes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::comparer::Comparer;
use crate::rules;
use crate::tree::{Node, Pair};
use crate::usage::Use;
use crate::values::{canonical, same_or_absent};
use openapi_text::METHODS;

/// One alternative: each scheme with its scopes.
type Alternative = BTreeMap<String, BTreeSet<String>>;

impl<'d> Comparer<'d> {
    /// Compares the default requirements of the document.
    pub(crate) fn document_security(&mut self, root: Pair<'d>) {
        let security = self.list(root, "security", Use::REQUEST);
        let uses = match has_default_security(root) {
            true => Use::REQUEST,
            false => Use::UNUSED,
        };
        self.requirements(security, uses);
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
        let effective = Pair {
            base: or(own.base, default.base),
            revision: or(own.revision, default.revision),
        };
        self.requirements(effective, Use::REQUEST);
    }

    /// Compares the requirements of a callback operation, to which no default applies.
    pub(crate) fn callback_security(&mut self, operation: Pair<'d>) {
        let security = self.list(operation, "security", Use::REQUEST);
        self.requirements(security, Use::REQUEST);
    }

    fn requirements(&mut self, pair: Pair<'d>, uses: Use) {
        let (mut before, mut after) = (alternatives(pair.base), alternatives(pair.revision));
        let renamed = self.renamed_schemes();
        for alternative in &mut after {
            *alternative = std::mem::take(alternative)
                .into_iter()
                .map(|(name, scopes)| {
                    let old = renamed.get(name.as_str()).map(|old| (*old).to_owned());
                    (old.unwrap_or(name), scopes)
                })
                .collect();
        }
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
            self.report(rule, pair, uses);
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
        self.scopes(pair, uses, &mut before, &mut after);
        let value = |alternative: &Alternative| Some(serde_json::json!(alternative));
        if let ([one], [other]) = (before.as_slice(), after.as_slice()) {
            let rule = if includes(one, other) {
                &rules::SECURITY_ALTERNATIVE_REDUCED
            } else if includes(other, one) {
                &rules::SECURITY_ALTERNATIVE_EXTENDED
            } else {
                &rules::SECURITY_ALTERNATIVE_CHANGED
            };
            self.report_values(rule, pair, uses, value(one), value(other));
            return;
        }
        for own in &before {
            self.report_values(
                &rules::SECURITY_ALTERNATIVE_REMOVED,
                pair,
                uses,
                value(own),
                None,
            );
        }
        for own in &after {
            self.report_values(
                &rules::SECURITY_ALTERNATIVE_ADDED,
                pair,
                uses,
                None,
                value(own),
            );
        }
    }

    /// Removes alternatives with the same schemes and reports differences in their scopes.
    fn scopes(
        &mut self,
        pair: Pair<'d>,
        uses: Use,
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
                    self.report_values(&rules::SECURITY_SCOPE_REMOVED, pair, uses, value, None);
                }
                for scope in now.difference(scopes) {
                    let value = Some(format!("{name}: {scope}").into());
                    self.report_values(&rules::SECURITY_SCOPE_ADDED, pair, uses, None, value);
                }
            }
            false
        });
    }

    /// Compares the security schemes.
    pub(crate) fn security_schemes(&mut self, schemes: Pair<'d>) {
        let renamed: BTreeSet<&str> = self
            .renamed_schemes()
            .iter()
            .flat_map(|(new, old)| [*new, *old])
            .collect();
        for name in schemes.keys() {
            let scheme = self.key(schemes, name);
            let scheme = self.resolved(scheme);
            let uses = if renamed.contains(name) {
                Use::UNUSED
            } else {
                Use::REQUEST
            };
            match (scheme.base.is_present(), scheme.revision.is_present()) {
                (false, _) => self.report(&rules::SECURITY_SCHEME_ADDED, scheme, uses),
                (_, false) => self.report(&rules::SECURITY_SCHEME_REMOVED, scheme, uses),
                _ => self.security_scheme(scheme),
            }
        }
    }

    /// Returns the old names of renamed security schemes by their new names. A scheme is renamed if
    /// only one removed scheme is equal to it.
    fn renamed_schemes(&self) -> &BTreeMap<&'d str, &'d str> {
        self.renamed_schemes.get_or_init(|| {
            let before = schemes(self.base.document.value());
            let after = schemes(self.revision.document.value());
            let mut removed: BTreeMap<String, Vec<&str>> = BTreeMap::new();
            for (name, scheme) in before.iter().filter(|(name, _)| !after.contains_key(*name)) {
                removed.entry(canonical(scheme)).or_default().push(*name);
            }
            let added = after.iter().filter(|(name, _)| !before.contains_key(*name));
            added
                .filter_map(
                    |(name, scheme)| match removed.get(&canonical(scheme))?.as_slice() {
                        [old] => Some((*name, *old)),
                        _ => None,
                    },
                )
                .collect()
        })
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

/// Returns true if an alternative has all schemes and scopes of another one.
fn includes(alternative: &Alternative, other: &Alternative) -> bool {
    other.iter().all(|(name, scopes)| {
        alternative
            .get(name)
            .is_some_and(|own| own.is_superset(scopes))
    })
}

/// Returns the security schemes of a document.
fn schemes(document: &Value) -> BTreeMap<&str, &Value> {
    let schemes = document.pointer("/components/securitySchemes");
    schemes
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, scheme)| (name.as_str(), scheme))
        .collect()
}

/// Returns true if the default requirements of the document apply to an operation in both
/// documents.
fn has_default_security(root: Pair<'_>) -> bool {
    let operations = |node: Node<'_>, path: &str| -> Vec<&'static str> {
        let item = node.get("paths").and_then(|paths| paths.get(path));
        let has_default = |method: &&&str| {
            let operation = item.and_then(|item| item.get(**method));
            operation.is_some_and(|operation| operation.get("security").is_none())
        };
        METHODS.iter().filter(has_default).copied().collect()
    };
    let paths = root.base.get("paths").and_then(Value::as_object);
    let mut paths = paths.into_iter().flat_map(|paths| paths.keys());
    paths.any(|path| {
        let before = operations(root.base, path);
        let after = operations(root.revision, path);
        before.iter().any(|method| after.contains(method))
    })
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
