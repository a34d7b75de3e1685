//! The groups of a client's operations: one module and one cargo feature for each tag.
//!
//! A type that the operations of one group use is in the module of the group. Other types are in a
//! module that all groups share.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase;
use openapi_text::ascii;

use crate::bindings::{Bindings, OperationBinding};
use crate::code::signatures::Signature;
use crate::code::types::Types;
use crate::identifiers::unique_identifier;
use crate::route::Part;

/// The largest number of features in an attribute. A type that more groups use is always compiled.
const MAX_FEATURES: usize = 16;

/// The number of operations from which a client is large.
const MIN_OPERATIONS: usize = 100;

/// The cargo feature that enables all groups.
pub(crate) const ALL_OPERATIONS: &str = "all-operations";

/// Names that no group has: modules and crates that generated code uses, other cargo features, and
/// names that Windows reserves for devices.
const RESERVED: &[&str] = &[
    "all_operations",
    "alloc",
    "aux",
    "blocking",
    "brotli",
    "builder",
    "chrono",
    "con",
    "core",
    "default",
    "formats",
    "gallery_runtime",
    "gallery_testkit",
    "gzip",
    "http2",
    "jiff",
    "method_groups",
    "mock",
    "native_tls",
    "nul",
    "oauth2",
    "operations",
    "own_types",
    "pages",
    "prn",
    "responses",
    "rustls",
    "serde",
    "serde_json",
    "shared",
    "std",
    "tower",
    "tracing",
    "types",
    "uuid",
    "zstd",
];

/// Operations with the same tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    /// The name of the module and its file.
    pub(crate) module: String,
    /// The tag, or the segment of the path that operations without a tag share.
    pub(crate) title: String,
    /// The indexes of the operations in the bindings.
    pub(crate) operations: Vec<usize>,
    /// The types that only this group uses.
    pub(crate) types: BTreeSet<String>,
}

impl Group {
    /// Returns the name of the cargo feature.
    pub(crate) fn feature(&self) -> String {
        self.module.replace('_', "-")
    }

    /// Returns the attribute of items that require the feature.
    pub(crate) fn attribute(&self) -> String {
        format!("#[cfg(feature = \"{}\")]\n", self.feature())
    }
}

/// The groups of a client, sorted by module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Groups {
    pub(crate) groups: Vec<Group>,
    /// The types in the shared module, with the indexes of the groups that use them. More than
    /// [`MAX_FEATURES`] are not listed.
    pub(crate) shared: BTreeMap<String, BTreeSet<usize>>,
}

impl Groups {
    /// Assigns the operations and types to groups.
    pub(crate) fn new(bindings: &Bindings, signatures: &[Signature], types: &Types) -> Groups {
        let mut groups = groups(bindings);
        let users = users(&groups, signatures, types);
        let mut shared = BTreeMap::new();
        for (name, users) in users {
            let only = users.first().filter(|_| users.len() == 1);
            match only.and_then(|index| groups.get_mut(*index)) {
                Some(group) => _ = group.types.insert(name),
                None => _ = shared.insert(name, users),
            }
        }
        Groups { groups, shared }
    }

    /// Returns true if the client is large enough to compile faster with features for tags.
    pub(crate) fn is_large(&self) -> bool {
        let operations = self.groups.iter().map(|group| group.operations.len());
        operations.sum::<usize>() >= MIN_OPERATIONS && self.groups.len() > 1
    }

    /// Returns the attribute of a shared type: the features that use it. It is empty if no feature,
    /// all features or many features do.
    pub(crate) fn attribute(&self, name: &str) -> String {
        let count = self.groups.len();
        let limit = MAX_FEATURES.min(count.saturating_sub(1));
        let is_selected =
            |users: &&BTreeSet<usize>| users.len() <= limit && !users.contains(&count);
        let Some(users) = self.shared.get(name).filter(is_selected) else {
            return String::new();
        };
        let features = users.iter().map(|group| {
            let feature = self.groups[*group].feature();
            format!("feature = \"{feature}\"")
        });
        let features: Vec<String> = features.collect();
        format!("#[cfg(any({}))]\n", features.join(", "))
    }
}

/// Returns the groups without their types.
fn groups(bindings: &Bindings) -> Vec<Group> {
    let mut by_key: BTreeMap<String, Group> = BTreeMap::new();
    for (index, title) in titles(bindings).into_iter().enumerate() {
        let group = by_key.entry(key(&title)).or_insert_with(|| Group {
            module: String::new(),
            title,
            operations: Vec::new(),
            types: BTreeSet::new(),
        });
        group.operations.push(index);
    }
    let mut taken = BTreeSet::new();
    // The name is also that of a file.
    let is_usable = |name: &str| {
        name.len() <= gallery_spec::names::MAX_LENGTH
            && !RESERVED.contains(&name)
            && syn::parse_str::<syn::Ident>(name).is_ok()
    };
    let named = by_key.into_values().map(|mut group| {
        // An identifier does not start with a digit.
        let name = match key(&group.title).starts_with(|first: char| first.is_ascii_digit()) {
            true => format!("operations {}", group.title),
            false => group.title.clone(),
        };
        group.module = unique_identifier(&name, "operations", &mut taken, is_usable);
        group
    });
    let mut groups: Vec<Group> = named.collect();
    groups.sort_by(|a, b| a.module.cmp(&b.module));
    groups
}

/// Returns the part of a title that distinguishes groups.
fn key(title: &str) -> String {
    ascii::words(title).to_snake_case()
}

/// Returns the first tag of each operation. For an operation without tags, returns the first
/// segment of the path that not all of these operations have.
fn titles(bindings: &Bindings) -> Vec<String> {
    let operations = &bindings.operations;
    let untagged = operations.iter().filter(|binding| binding.tag.is_none());
    let mut prefix: Option<Vec<&str>> = None;
    for binding in untagged {
        let segments = segments(binding);
        let common = match prefix {
            None => segments.len(),
            Some(prefix) => {
                let pairs = prefix.iter().zip(&segments);
                pairs.take_while(|(own, other)| own == other).count()
            }
        };
        prefix = Some(segments[..common].to_vec());
    }
    let prefix = prefix.map_or(0, |prefix| prefix.len());
    let title = |binding: &OperationBinding| {
        let segments = segments(binding);
        let last = segments.last().copied();
        segments
            .get(prefix)
            .copied()
            .or(last)
            .unwrap_or("root")
            .to_owned()
    };
    let titles = operations
        .iter()
        .map(|binding| binding.tag.clone().unwrap_or_else(|| title(binding)));
    titles.collect()
}

/// Returns the segments of the path before its first variable.
fn segments(binding: &OperationBinding) -> Vec<&str> {
    match binding.route.parts.first() {
        Some(Part::Literal(text)) => {
            let has_variable = binding.route.parts.len() > 1;
            let mut segments: Vec<&str> = text.split('/').collect();
            // Of a segment such as `a{id}`, the text before the variable is not a name.
            if has_variable {
                segments.pop();
            }
            segments.retain(|segment| !segment.is_empty());
            segments
        }
        _ => Vec::new(),
    }
}

/// Returns the groups that use each type, directly or through other types.
///
/// A type that no operation uses is always compiled, and so are the types it uses. Their groups
/// include an index after the last group.
fn users(
    groups: &[Group],
    signatures: &[Signature],
    types: &Types,
) -> BTreeMap<String, BTreeSet<usize>> {
    let mut users: BTreeMap<String, BTreeSet<usize>> = types
        .keys()
        .map(|name| (name.clone(), BTreeSet::new()))
        .collect();
    for (index, group) in groups.iter().enumerate() {
        let mut waiting = Vec::new();
        for operation in &group.operations {
            signatures[*operation].each_type(&mut |name| waiting.push(name.to_owned()));
        }
        add_user(&mut users, index, waiting, types);
    }
    let unused = users.iter().filter(|(_, users)| users.is_empty());
    let unused = unused.map(|(name, _)| name.clone()).collect();
    add_user(&mut users, groups.len(), unused, types);
    users
}

/// Adds a group to types and to the types they use.
fn add_user(
    users: &mut BTreeMap<String, BTreeSet<usize>>,
    index: usize,
    mut waiting: Vec<String>,
    types: &Types,
) {
    while let Some(name) = waiting.pop() {
        let (Some(own), Some(declaration)) = (users.get_mut(&name), types.get(&name)) else {
            continue;
        };
        // The types that this type uses have the same groups at least.
        if own.len() <= MAX_FEATURES && own.insert(index) {
            declaration.each_type(&mut |name| waiting.push(name.to_owned()));
        }
    }
}

#[cfg(test)]
mod tests;
