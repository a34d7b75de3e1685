//! Compares security schemes and unused components. Other components are compared where they are
//! used.

use crate::comparer::{Comparer, Work};
use crate::rules;
use crate::schema::has_type;
use crate::tree::{Node, Pair, Side};
use crate::usage::{Direction, Types, Use};
use crate::values::same_or_absent;

/// The kinds of components other than schemas and security schemes.
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
    /// Compares security schemes and unused components. All operations must have been compared.
    pub(crate) fn components(&mut self, root: Pair<'d>) {
        let components = self.map(root, "components", Use::UNUSED);
        let schemes = self.map(components, "securitySchemes", Use::REQUEST);
        self.security_schemes(schemes);
        self.schemas(components);
        for kind in KINDS {
            self.unused(components, kind);
        }
        let compared: Vec<&str> = KINDS
            .iter()
            .copied()
            .chain(["schemas", "securitySchemes"])
            .collect();
        self.others(components, Use::UNUSED, &compared);
    }

    fn schemas(&mut self, components: Pair<'d>) {
        let schemas = self.map(components, "schemas", Use::UNUSED);
        for name in schemas.keys() {
            let schema = self.key(schemas, name);
            match (schema.base.is_present(), schema.revision.is_present()) {
                (true, true) => self.unused_schema(schema),
                _ if self.is_used(schema) => {}
                (is_in_base, _) => {
                    let rule = if is_in_base {
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

    /// Compares a schema that no comparison has reached with its Rust type. Clients have a type for
    /// each object and enum, used or not.
    fn unused_schema(&mut self, schema: Pair<'d>) {
        let schema = self.resolved(schema);
        let is_marked = |direction, types| {
            [false, true].into_iter().any(|is_negated| {
                let uses = Use {
                    direction,
                    types,
                    is_negated,
                };
                self.is_marked(schema, uses)
            })
        };
        let directions = [Direction::Request, Direction::Response, Direction::Neither];
        let is_typed = directions.iter().any(|direction| {
            is_marked(*direction, Types::All) || is_marked(*direction, Types::Optional)
        });
        let is_compared = directions
            .iter()
            .any(|direction| is_marked(*direction, Types::None));
        if !is_typed && (!is_compared || has_type(schema.base) || has_type(schema.revision)) {
            self.enqueue(Work::Schema, schema, Use::UNUSED);
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
            let rule = match (component.base.is_present(), component.revision.is_present()) {
                (false, _) => &rules::COMPONENT_ADDED,
                (_, false) => &rules::COMPONENT_REMOVED,
                _ => &rules::COMPONENT_CHANGED,
            };
            self.report(rule, component, Use::UNUSED);
        }
    }

    /// Returns true if an operation uses a component in at least one document.
    fn is_used(&self, pair: Pair<'d>) -> bool {
        let has = |side: &Side<'d>, node: Node<'d>| {
            node.is_present() && side.users.is_used(&side.pointer(node))
        };
        has(&self.base, pair.base) || has(&self.revision, pair.revision)
    }
}
