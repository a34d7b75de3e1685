//! Compares servers.

use serde_json::Value;

use crate::comparer::Comparer;
use crate::matching::match_items;
use crate::rules;
use crate::tree::{Node, Pair};
use crate::usage::Use;
use crate::values::{same, same_or_absent};

/// The default server of a document without servers.
const NO_SERVER: &str = "/";

impl<'d> Comparer<'d> {
    /// Compares the servers of the first owner. Owners are ordered from inner to outer; if one
    /// document has no servers at an owner, those of the next owner apply.
    ///
    /// Does nothing if neither document has servers at the first owner.
    pub(crate) fn servers(&mut self, owners: &[Pair<'d>]) {
        let Some((own, outer)) = owners.split_first() else {
            return;
        };
        let servers = self.list(*own, "servers", Use::REQUEST);
        if !servers.base.is_present() && !servers.revision.is_present() {
            return;
        }
        let mut nearest = servers;
        for owner in outer {
            let outer_servers = self.list(*owner, "servers", Use::REQUEST);
            if !nearest.base.is_present() {
                nearest.base = outer_servers.base;
            }
            if !nearest.revision.is_present() {
                nearest.revision = outer_servers.revision;
            }
        }
        self.server_list(nearest);
    }

    fn server_list(&mut self, list: Pair<'d>) {
        // A slash at the end has no effect on the URLs of operations.
        let url = |server: &Value| {
            let url = server
                .get("url")
                .and_then(Value::as_str)
                .unwrap_or_default();
            match url.trim_end_matches('/') {
                "" => url.to_owned(),
                trimmed => trimmed.to_owned(),
            }
        };
        let mut pairs = match_items(list, url);
        let is_kept = |pair: &(Option<usize>, Option<usize>)| pair.0.is_some() && pair.1.is_some();
        let (kept, unpaired): (Vec<_>, Vec<_>) = pairs.drain(..).partition(is_kept);
        for (base, revision) in &kept {
            let server = self.index(list, *base, *revision);
            self.server(server);
        }
        let default = |node: Node<'d>| node.items().is_empty().then(|| Value::from(NO_SERVER));
        let url_at = |node: Node<'d>, at: Option<usize>| {
            at.and_then(|at| node.items().get(at))
                .map(|server| Value::from(url(server)))
        };
        let removed: Vec<_> = unpaired.iter().filter_map(|pair| pair.0).collect();
        let added: Vec<_> = unpaired.iter().filter_map(|pair| pair.1).collect();
        let before = default(list.base)
            .or_else(|| url_at(list.base, removed.first().copied()).filter(|_| removed.len() == 1));
        let after = default(list.revision)
            .or_else(|| url_at(list.revision, added.first().copied()).filter(|_| added.len() == 1));
        match (before, after) {
            (Some(before), Some(after)) => {
                if before != after {
                    let server = self.index(list, removed.first().copied(), added.first().copied());
                    self.report_values(
                        &rules::SERVER_CHANGED,
                        server,
                        Use::REQUEST,
                        Some(before),
                        Some(after),
                    );
                }
            }
            _ => {
                for (base, revision) in &unpaired {
                    let rule = if base.is_none() {
                        &rules::SERVER_ADDED
                    } else {
                        &rules::SERVER_REMOVED
                    };
                    let server = self.index(list, *base, *revision);
                    let (before, after) =
                        (url_at(list.base, *base), url_at(list.revision, *revision));
                    self.report_values(rule, server, Use::REQUEST, before, after);
                }
            }
        }
        if unpaired.is_empty()
            && kept
                .iter()
                .any(|pair| *pair == (Some(0), pair.1) && pair.1 != Some(0))
        {
            let first = |node: Node<'d>| url_at(node, Some(0));
            self.report_values(
                &rules::SERVER_ORDER_CHANGED,
                list,
                Use::REQUEST,
                first(list.base),
                first(list.revision),
            );
        }
    }

    fn server(&mut self, server: Pair<'d>) {
        let variables = self.map(server, "variables", Use::REQUEST);
        for name in variables.keys() {
            let variable = self.key(variables, name);
            if !variable.both() {
                self.report(&rules::KEYWORD_CHANGED, variable, Use::REQUEST);
                continue;
            }
            let default = self.key(variable, "default");
            if !same_or_absent(default.base.value, default.revision.value) {
                self.report(&rules::SERVER_DEFAULT_CHANGED, default, Use::REQUEST);
            }
            self.server_values(variable);
            self.others(variable, Use::REQUEST, &["default", "enum"]);
        }
        self.others(server, Use::REQUEST, &["url", "variables"]);
    }

    /// Compares the allowed values of a variable. Without a list, all values are allowed.
    fn server_values(&mut self, variable: Pair<'d>) {
        let values = self.list(variable, "enum", Use::REQUEST);
        let has = |node: Node<'d>, value: &Value| node.items().iter().any(|own| same(own, value));
        match (values.base.is_present(), values.revision.is_present()) {
            (true, true) => {
                for value in values
                    .base
                    .items()
                    .iter()
                    .filter(|value| !has(values.revision, value))
                {
                    self.report_values(
                        &rules::SERVER_VALUE_REMOVED,
                        values,
                        Use::REQUEST,
                        Some(value.clone()),
                        None,
                    );
                }
                for value in values
                    .revision
                    .items()
                    .iter()
                    .filter(|value| !has(values.base, value))
                {
                    self.report_values(
                        &rules::SERVER_VALUE_ADDED,
                        values,
                        Use::REQUEST,
                        None,
                        Some(value.clone()),
                    );
                }
            }
            (false, true) => self.report(&rules::SERVER_VALUE_REMOVED, values, Use::REQUEST),
            (true, false) => self.report(&rules::SERVER_VALUE_ADDED, values, Use::REQUEST),
            (false, false) => {}
        }
    }
}
