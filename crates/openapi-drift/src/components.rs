//! What a document defines for others to refer to. What is referred to is compared where it is used; here is the rest.

use crate::comparer::{Comparer, Direction, Types, Use, Work};
use crate::rules;
use crate::schema::has_type;
use crate::tree::{Node, Pair, Side};
use crate::values::same_or_absent;

/// The kinds of components beside schemas and security schemes.
const KINDS: &[&str] = &[
    "responses",
    "parameters",
    "examples",
    "requestBodies",
    "headers",
    "links",
    "callbacks",
];

impl<'d> Comparer<'d> {
    /// Compares what nothing refers to. Everything that is used has to be compared before.
    pub(crate) fn components(&mut self, root: Pair<'d>) {
        let components = self.map(root, "components", Use::UNUSED);
        let schemes = self.map(components, "securitySchemes", Use::REQUEST);
        self.security_schemes(schemes);
        self.schemas(components);
        for kind in KINDS {
            self.unused(components, kind);
        }
        let known: Vec<&str> = KINDS
            .iter()
            .copied()
            .chain(["schemas", "securitySchemes"])
            .collect();
        self.others(components, Use::UNUSED, &known);
    }

    fn schemas(&mut self, components: Pair<'d>) {
        let schemas = self.map(components, "schemas", Use::UNUSED);
        for name in schemas.keys() {
            let schema = self.key(schemas, name);
            match (schema.base.is_there(), schema.revision.is_there()) {
                (true, true) => self.unused_schema(schema),
                _ if self.is_used(schema) => {}
                (is_old, _) => {
                    let rule = if is_old {
                        &rules::SCHEMA_REMOVED
                    } else {
                        &rules::SCHEMA_ADDED
                    };
                    let types = if has_type(schema.base) || has_type(schema.revision) {
                        Types::All
                    } else {
                        Types::None
                    };
                    self.report(rule, schema, Use::UNUSED.with(types));
                }
            }
        }
    }

    /// The client has a type of each object and enum, used or not.
    fn unused_schema(&mut self, schema: Pair<'d>) {
        let schema = self.resolved(schema);
        let seen = |direction, types| self.was_met(schema, Use { direction, types });
        let directions = [Direction::Request, Direction::Response, Direction::Neither];
        let typed = directions
            .iter()
            .any(|direction| seen(*direction, Types::All) || seen(*direction, Types::Optional));
        let met = directions
            .iter()
            .any(|direction| seen(*direction, Types::None));
        if !typed && (!met || has_type(schema.base) || has_type(schema.revision)) {
            self.later(Work::Schema, schema, Use::UNUSED);
        }
    }

    fn unused(&mut self, components: Pair<'d>, kind: &'static str) {
        let all = self.map(components, kind, Use::UNUSED);
        for name in all.keys() {
            let component = self.key(all, name);
            if same_or_absent(component.base.value, component.revision.value)
                || self.is_used(component)
            {
                continue;
            }
            let rule = match (component.base.is_there(), component.revision.is_there()) {
                (false, _) => &rules::COMPONENT_ADDED,
                (_, false) => &rules::COMPONENT_REMOVED,
                _ => &rules::COMPONENT_CHANGED,
            };
            self.report(rule, component, Use::UNUSED);
        }
    }

    /// Whether any path leads to a component, in one document at least.
    fn is_used(&self, pair: Pair<'d>) -> bool {
        let has = |side: &Side<'d>, node: Node<'d>| {
            node.is_there() && side.users.are_there(&side.pointer(node))
        };
        has(&self.base, pair.base) || has(&self.revision, pair.revision)
    }
}
