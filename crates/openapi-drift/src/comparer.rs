//! Collects the changes between two documents.
//!
//! Comparisons of referenced parts wait in a queue. Each pair of values is compared once per use.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use openapi_text::date::Date;
use openapi_text::template;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::change::{Change, SourceLocation};
use crate::difference::Difference;
use crate::document::Document;
use crate::level::{Source, Wire};
use crate::location::{self, Variables};
use crate::message::message;
use crate::rules::{self, Rule};
use crate::tree::{Node, Pair, Side};
use crate::usage::{CallEffect, Use};
use crate::users::component_of;
use crate::values::{canonical, same_or_absent};

/// The kind of a queued comparison.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Work {
    Schema,
    PathItem,
}

/// The identity of a difference: pointers in base and revision, rule id, both values. The id is
/// that of the rule without the sunset.
type Key = (Option<String>, Option<String>, &'static str, String);

/// The state of a comparison.
pub(crate) struct Comparer<'d> {
    pub(crate) base: Side<'d>,
    pub(crate) revision: Side<'d>,
    /// Comparisons that are still to be made.
    queue: VecDeque<(Work, Pair<'d>, Use)>,
    /// The pairs of values that were compared or queued, by address and use.
    seen: HashSet<(usize, usize, Use)>,
    differences: BTreeMap<Key, Difference>,
    /// The current date. Without one, no sunset has passed.
    pub(crate) today: Option<Date>,
    /// The minimum effect on code of differences that affect calls. It is raised while comparing a
    /// part whose Rust type changes as a whole.
    pub(crate) floor: Source,
    /// The old names of renamed security schemes by their new names, computed on first use.
    pub(crate) renamed_schemes: OnceCell<BTreeMap<&'d str, &'d str>>,
}

impl<'d> Comparer<'d> {
    pub(crate) fn new(base: &'d Document, revision: &'d Document) -> Comparer<'d> {
        Comparer {
            base: Side::new(base),
            revision: Side::new(revision),
            queue: VecDeque::new(),
            seen: HashSet::new(),
            differences: BTreeMap::new(),
            today: None,
            floor: Source::None,
            renamed_schemes: OnceCell::new(),
        }
    }

    /// Compares both documents. Unused components come last, because use is known only then.
    pub(crate) fn document(&mut self) {
        let root = Pair {
            base: self.base.root(),
            revision: self.revision.root(),
        };
        self.info(root);
        self.document_security(root);
        self.servers(&[root]);
        self.paths(root);
        self.work();
        self.components(root);
        self.work();
    }

    /// Compares all queued pairs.
    fn work(&mut self) {
        while let Some((work, pair, uses)) = self.queue.pop_front() {
            match work {
                Work::Schema => self.keywords(pair, uses),
                Work::PathItem => self.callback_item(pair, uses),
            }
        }
    }

    /// Returns the values of a key.
    pub(crate) fn key(&mut self, pair: Pair<'d>, key: &'d str) -> Pair<'d> {
        Pair {
            base: self.base.key(pair.base, key),
            revision: self.revision.key(pair.revision, key),
        }
    }

    /// Returns the maps of a key. If a value is not a map, a difference is reported, and both are
    /// treated as absent.
    pub(crate) fn map(&mut self, pair: Pair<'d>, key: &'d str, uses: Use) -> Pair<'d> {
        self.shaped(pair, key, uses, Value::is_object)
    }

    /// Like [`map`](Comparer::map), for lists.
    pub(crate) fn list(&mut self, pair: Pair<'d>, key: &'d str, uses: Use) -> Pair<'d> {
        self.shaped(pair, key, uses, Value::is_array)
    }

    fn shaped(
        &mut self,
        pair: Pair<'d>,
        key: &'d str,
        uses: Use,
        has_shape: fn(&Value) -> bool,
    ) -> Pair<'d> {
        let inside = self.key(pair, key);
        let is_valid = |node: Node<'d>| node.value.is_none_or(has_shape);
        if is_valid(inside.base) && is_valid(inside.revision) {
            return inside;
        }
        if !same_or_absent(inside.base.value, inside.revision.value) {
            self.report(&rules::KEYWORD_CHANGED, inside, uses);
        }
        Pair {
            base: inside.base.absent(),
            revision: inside.revision.absent(),
        }
    }

    /// Returns the items of two lists at the given indices.
    pub(crate) fn index(
        &mut self,
        pair: Pair<'d>,
        base: Option<usize>,
        revision: Option<usize>,
    ) -> Pair<'d> {
        Pair {
            base: self.base.index(pair.base, base),
            revision: self.revision.index(pair.revision, revision),
        }
    }

    /// Returns the values of two maps at the given keys, which may differ in spelling.
    pub(crate) fn entry(
        &mut self,
        maps: Pair<'d>,
        base: Option<&'d str>,
        revision: Option<&'d str>,
    ) -> Pair<'d> {
        let nothing = Pair {
            base: maps.base.absent(),
            revision: maps.revision.absent(),
        };
        Pair {
            base: base.map_or(nothing.base, |key| self.base.key(maps.base, key)),
            revision: revision.map_or(nothing.revision, |key| {
                self.revision.key(maps.revision, key)
            }),
        }
    }

    /// Resolves the references of both sides.
    pub(crate) fn resolved(&mut self, pair: Pair<'d>) -> Pair<'d> {
        if pair.base.reference().is_some() && pair.revision.reference().is_some() {
            self.beside_references(pair);
        }
        Pair {
            base: self.base.resolved(pair.base),
            revision: self.revision.resolved(pair.revision),
        }
    }

    /// Queues the comparison of a pair, unless it was compared in this use before.
    pub(crate) fn enqueue(&mut self, work: Work, pair: Pair<'d>, uses: Use) {
        if self.mark(pair, uses) {
            self.queue.push_back((work, pair, uses));
        }
    }

    /// Marks a pair as compared in this use. Returns false if it was marked before.
    pub(crate) fn mark(&mut self, pair: Pair<'d>, uses: Use) -> bool {
        self.seen
            .insert((pair.base.address(), pair.revision.address(), uses))
    }

    /// Returns true if a pair was compared in this use.
    pub(crate) fn is_marked(&self, pair: Pair<'d>, uses: Use) -> bool {
        self.seen
            .contains(&(pair.base.address(), pair.revision.address(), uses))
    }

    /// Reports a difference between the values of a pair.
    pub(crate) fn report(&mut self, rule: &'static Rule, pair: Pair<'d>, uses: Use) {
        let (before, after) = (pair.base.value.cloned(), pair.revision.value.cloned());
        self.report_values(rule, pair, uses, before, after);
    }

    /// Reports a difference at a pair, with other values than those of the pair.
    pub(crate) fn report_values(
        &mut self,
        rule: &'static Rule,
        pair: Pair<'d>,
        uses: Use,
        before: Option<Value>,
        after: Option<Value>,
    ) {
        self.report_level(
            rule,
            pair,
            uses.wire(rule),
            uses.source(rule),
            before,
            after,
        );
    }

    /// Reports a difference with levels other than the rule's.
    ///
    /// If the same difference was reported before, the higher levels count.
    pub(crate) fn report_level(
        &mut self,
        rule: &'static Rule,
        pair: Pair<'d>,
        wire: CallEffect,
        source: Source,
        before: Option<Value>,
        after: Option<Value>,
    ) {
        self.report_as(rule.id, rule, pair, (wire, source), (before, after));
    }

    /// Reports a difference whose fingerprint has the id of another rule.
    pub(crate) fn report_as(
        &mut self,
        identity: &'static str,
        rule: &'static Rule,
        pair: Pair<'d>,
        (wire, source): (CallEffect, Source),
        (before, after): (Option<Value>, Option<Value>),
    ) {
        let source = if wire.level > Wire::None {
            source.max(self.floor)
        } else {
            source
        };
        let pointer =
            |side: &Side<'d>, node: Node<'d>| node.is_present().then(|| side.pointer(node));
        let (base, revision) = (
            pointer(&self.base, pair.base),
            pointer(&self.revision, pair.revision),
        );
        let text = |value: &Option<Value>| {
            let text = value.as_ref().map_or_else(String::new, canonical);
            let has_path = [rules::ENDPOINT_ADDED.id, rules::ENDPOINT_REMOVED.id];
            match has_path.contains(&identity) {
                true => template::by_position(&text),
                false => text,
            }
        };
        let key = (
            base,
            revision,
            identity,
            format!("{}\n{}", text(&before), text(&after)),
        );
        let difference = self.differences.entry(key).or_insert(Difference {
            rule,
            wire: Wire::None,
            reasons: Vec::new(),
            directions: Vec::new(),
            source,
            before,
            after,
        });
        difference.add(wire, source);
    }

    /// Reports that a property of a pair became true or false.
    pub(crate) fn report_flag(
        &mut self,
        rule: &'static Rule,
        pair: Pair<'d>,
        uses: Use,
        now: bool,
    ) {
        self.report_values(
            rule,
            pair,
            uses,
            Some(Value::Bool(!now)),
            Some(Value::Bool(now)),
        );
    }

    /// Returns all changes, sorted by location, rule and fingerprint.
    pub(crate) fn changes(self) -> Vec<Change> {
        let (base, revision) = (self.base.document, self.revision.document);
        let mut used_by: HashMap<_, Arc<[Arc<str>]>> = HashMap::new();
        let mut changes: Vec<Change> = self
            .differences
            .into_iter()
            .map(|((before_at, after_at, identity, values), difference)| {
                let (document, pointer) = match (&before_at, &after_at) {
                    (Some(pointer), _) => (base, pointer.as_str()),
                    (None, Some(pointer)) => (revision, pointer.as_str()),
                    (None, None) => (base, ""),
                };
                let stable = location::stable(document, pointer, Variables::ByPosition);
                let location = location::stable(document, pointer, Variables::Named);
                let message = message(&difference, document, pointer);
                let source_location = |document: &Document, pointer: String| SourceLocation {
                    file: document.name().to_owned(),
                    position: document.position(&pointer),
                    pointer,
                };
                let (side, at) = match &after_at {
                    Some(at) => (&self.revision, Some(at)),
                    None => (&self.base, before_at.as_ref()),
                };
                let component = at.and_then(|at| component_of(at));
                let used_by = component.map(|component| {
                    let group = side.users.group(component);
                    let users = used_by.entry((after_at.is_some(), group));
                    Arc::clone(users.or_insert_with(|| side.users.of(component)))
                });
                Change {
                    used_by: used_by.unwrap_or_default(),
                    fingerprint: fingerprint(identity, &stable, &values),
                    message,
                    base: before_at.map(|pointer| source_location(base, pointer)),
                    revision: after_at.map(|pointer| source_location(revision, pointer)),
                    rule: difference.rule,
                    wire: difference.wire,
                    source: difference.source,
                    docs: difference.rule.docs,
                    before: difference.before,
                    after: difference.after,
                    location,
                }
            })
            .collect();
        changes.sort_by(|a, b| {
            (&a.location, a.rule.id, &a.fingerprint).cmp(&(&b.location, b.rule.id, &b.fingerprint))
        });
        changes
    }
}

/// Hashes the identity of a difference.
fn fingerprint(rule: &str, location: &str, values: &str) -> String {
    let digest = Sha256::digest(format!("{rule}\n{location}\n{values}"));
    digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
