//! Both documents, what is still to be compared, and what was found.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::change::{Change, Source, SourceLocation, Wire};
use crate::document::Document;
use crate::place;
use crate::rules::{self, Rule};
use crate::tree::{Node, Pair, Side};
use crate::users::component_of;
use crate::values::{canonical, same_or_absent, shown};

/// Which way a part goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Direction {
    /// From clients to servers.
    Request,
    /// From servers to clients.
    Response,
    /// Nowhere: nothing refers to it.
    Neither,
}

/// Which types the client has for a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Types {
    /// None.
    None,
    /// One for everything but null: an argument has none, and a field that may be missing is an `Option` already.
    Optional,
    /// One for everything.
    All,
}

/// How a part is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Use {
    pub(crate) direction: Direction,
    pub(crate) types: Types,
}

impl Use {
    pub(crate) const REQUEST: Use = Use {
        direction: Direction::Request,
        types: Types::All,
    };
    pub(crate) const UNUSED: Use = Use {
        direction: Direction::Neither,
        types: Types::Optional,
    };

    /// The same, going the other way: what a server asks of a client.
    pub(crate) fn flipped(self) -> Use {
        let direction = match self.direction {
            Direction::Request => Direction::Response,
            Direction::Response => Direction::Request,
            Direction::Neither => Direction::Neither,
        };
        Use { direction, ..self }
    }

    pub(crate) fn with(self, types: Types) -> Use {
        Use { types, ..self }
    }

    /// The same without types where it has none already, else with these.
    pub(crate) fn narrowed(self, types: Types) -> Use {
        if self.types == Types::None {
            self
        } else {
            self.with(types)
        }
    }

    /// What a rule does over the wire in this use.
    pub(crate) fn wire(self, rule: &Rule) -> Wire {
        match self.direction {
            Direction::Request => rule.request,
            Direction::Response => rule.response,
            Direction::Neither => Wire::None,
        }
    }

    /// What a rule does to callers' source in this use.
    pub(crate) fn source(self, rule: &Rule) -> Source {
        if self.types == Types::None {
            Source::None
        } else {
            rule.source
        }
    }
}

/// Something that is compared later, since references lead to it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Work {
    Schema,
    PathItem,
}

/// What was found, before it gets words.
struct Found {
    rule: &'static Rule,
    wire: Wire,
    source: Source,
    before: Option<Value>,
    after: Option<Value>,
}

/// What a difference is known by: pointers, rule, before and after.
type Key = (Option<String>, Option<String>, &'static str, String);

/// Two documents on their way to a list of changes.
pub(crate) struct Comparer<'d> {
    pub(crate) base: Side<'d>,
    pub(crate) revision: Side<'d>,
    queue: VecDeque<(Work, Pair<'d>, Use)>,
    seen: HashSet<(usize, usize, Use)>,
    found: BTreeMap<Key, Found>,
    /// The least that differences over the wire do to source, where a part is read as another type altogether.
    pub(crate) floor: Source,
}

impl<'d> Comparer<'d> {
    pub(crate) fn new(base: &'d Document, revision: &'d Document) -> Comparer<'d> {
        Comparer {
            base: Side::new(base),
            revision: Side::new(revision),
            queue: VecDeque::new(),
            seen: HashSet::new(),
            found: BTreeMap::new(),
            floor: Source::None,
        }
    }

    /// Compares all there is.
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

    fn work(&mut self) {
        while let Some((work, pair, uses)) = self.queue.pop_front() {
            match work {
                Work::Schema => self.keywords(pair, uses),
                Work::PathItem => self.called_back(pair, uses),
            }
        }
    }

    pub(crate) fn key(&mut self, pair: Pair<'d>, key: &'d str) -> Pair<'d> {
        Pair {
            base: self.base.key(pair.base, key),
            revision: self.revision.key(pair.revision, key),
        }
    }

    /// What stands under a key where OpenAPI has a map. What is none is reported where it differs, and passed over.
    pub(crate) fn map(&mut self, pair: Pair<'d>, key: &'d str, uses: Use) -> Pair<'d> {
        self.shaped(pair, key, uses, Value::is_object)
    }

    /// What stands under a key where OpenAPI has a list.
    pub(crate) fn list(&mut self, pair: Pair<'d>, key: &'d str, uses: Use) -> Pair<'d> {
        self.shaped(pair, key, uses, Value::is_array)
    }

    fn shaped(
        &mut self,
        pair: Pair<'d>,
        key: &'d str,
        uses: Use,
        is_right: fn(&Value) -> bool,
    ) -> Pair<'d> {
        let inside = self.key(pair, key);
        let is_right = |node: Node<'d>| node.value.is_none_or(is_right);
        if is_right(inside.base) && is_right(inside.revision) {
            return inside;
        }
        if !same_or_absent(inside.base.value, inside.revision.value) {
            self.report(&rules::KEYWORD_CHANGED, inside, uses);
        }
        Pair {
            base: inside.base.nothing(),
            revision: inside.revision.nothing(),
        }
    }

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

    /// What references lead to on either side.
    pub(crate) fn resolved(&mut self, pair: Pair<'d>) -> Pair<'d> {
        if pair.base.reference().is_some() && pair.revision.reference().is_some() {
            self.beside_references(pair);
        }
        Pair {
            base: self.base.resolved(pair.base),
            revision: self.revision.resolved(pair.revision),
        }
    }

    /// Puts off what references lead to, unless it was there before.
    pub(crate) fn later(&mut self, work: Work, pair: Pair<'d>, uses: Use) {
        if self.is_first(pair, uses) {
            self.queue.push_back((work, pair, uses));
        }
    }

    /// Whether a pair is met for the first time in this use.
    pub(crate) fn is_first(&mut self, pair: Pair<'d>, uses: Use) -> bool {
        self.seen
            .insert((pair.base.address(), pair.revision.address(), uses))
    }

    /// Whether a pair was met in this use.
    pub(crate) fn was_met(&self, pair: Pair<'d>, uses: Use) -> bool {
        self.seen
            .contains(&(pair.base.address(), pair.revision.address(), uses))
    }

    /// Reports a pair as it is, with what stands on each side as before and after.
    pub(crate) fn report(&mut self, rule: &'static Rule, pair: Pair<'d>, uses: Use) {
        let (before, after) = (pair.base.value.cloned(), pair.revision.value.cloned());
        self.report_values(rule, pair, uses, before, after);
    }

    /// Reports a pair with other values as before and after.
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

    /// Reports a pair at levels that are lower than the rule's.
    pub(crate) fn report_level(
        &mut self,
        rule: &'static Rule,
        pair: Pair<'d>,
        wire: Wire,
        source: Source,
        before: Option<Value>,
        after: Option<Value>,
    ) {
        let source = if wire > Wire::None {
            source.max(self.floor)
        } else {
            source
        };
        let pointer = |side: &Side<'d>, node: Node<'d>| node.is_there().then(|| side.pointer(node));
        let (base, revision) = (
            pointer(&self.base, pair.base),
            pointer(&self.revision, pair.revision),
        );
        let text = |value: &Option<Value>| value.as_ref().map_or_else(String::new, canonical);
        let key = (
            base,
            revision,
            rule.id,
            format!("{}\n{}", text(&before), text(&after)),
        );
        let found = self.found.entry(key).or_insert(Found {
            rule,
            wire,
            source,
            before,
            after,
        });
        found.wire = found.wire.max(wire);
        found.source = found.source.max(source);
    }

    /// Everything that was found, in words.
    pub(crate) fn changes(self) -> Vec<Change> {
        let (base, revision) = (self.base.document, self.revision.document);
        let mut used_by: HashMap<_, Arc<[Arc<str>]>> = HashMap::new();
        let mut changes: Vec<Change> = self
            .found
            .into_iter()
            .map(|((before_at, after_at, _, values), found)| {
                let place = match (&before_at, &after_at) {
                    (Some(pointer), _) => place::stable(base, pointer),
                    (None, Some(pointer)) => place::stable(revision, pointer),
                    (None, None) => "#".to_owned(),
                };
                let spot = |document: &Document, pointer: String| SourceLocation {
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
                    let known = used_by.entry((after_at.is_some(), component.to_owned()));
                    Arc::clone(known.or_insert_with(|| side.users.of(component)))
                });
                Change {
                    used_by: used_by.unwrap_or_default(),
                    fingerprint: fingerprint(found.rule.id, &place, &values),
                    message: message(&found),
                    base: before_at.map(|pointer| spot(base, pointer)),
                    revision: after_at.map(|pointer| spot(revision, pointer)),
                    rule: found.rule,
                    wire: found.wire,
                    source: found.source,
                    docs: found.rule.docs,
                    before: found.before,
                    after: found.after,
                    location: place,
                }
            })
            .collect();
        changes.sort_by(|a, b| {
            (&a.location, a.rule.id, &a.fingerprint).cmp(&(&b.location, b.rule.id, &b.fingerprint))
        });
        changes
    }
}

fn message(found: &Found) -> String {
    let Rule { meaning, why, .. } = found.rule;
    let values = match (&found.before, &found.after) {
        (None, None) => String::new(),
        (before, after) => format!(" ({} → {})", shown(before.as_ref()), shown(after.as_ref())),
    };
    format!("{meaning}{values}: {why}")
}

fn fingerprint(rule: &str, place: &str, values: &str) -> String {
    let digest = Sha256::digest(format!("{rule}\n{place}\n{values}"));
    digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
