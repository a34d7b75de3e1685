//! Puts the components of all units in one namespace.
//!
//! Components with one name that are equal but for prose become one. Of those that differ, one
//! keeps the name: the one that had it before, else the one that most documents have, else the
//! first. The names of the others start with a word for their document.

mod words;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use crate::components::{Components, Target};
use crate::fingerprint::Hashes;
use crate::model::Kind;
use crate::sources::{Sources, stem};
use crate::usage::Usage;
use gallery_draft::ComponentNames;
use openapi_text::{Diagnostics, Location, Severity};

/// The names of components.
pub(crate) struct Namespace {
    /// The component that stands for each component.
    representatives: Vec<usize>,
    /// The names of those that operations reach.
    names: BTreeMap<usize, String>,
    /// The schemas that a discriminator reaches, by the schema with the discriminator.
    pub(crate) children: BTreeMap<usize, BTreeSet<usize>>,
    /// The names for the next run.
    pub(crate) component_names: ComponentNames,
}

impl Namespace {
    /// Returns the representative of a component and its name.
    pub(crate) fn name(&self, component: usize) -> Option<(usize, &str)> {
        let representative = self.representatives[component];
        let name = self.names.get(&representative)?;
        Some((representative, name))
    }

    /// Returns the components that are kept, with their names.
    pub(crate) fn kept(&self) -> impl Iterator<Item = (usize, &str)> {
        self.names
            .iter()
            .map(|(number, name)| (*number, name.as_str()))
    }

    /// Returns the pairs of a component and the different one that stands for it.
    pub(crate) fn replaced(&self) -> impl Iterator<Item = (usize, usize)> {
        let pairs = self.representatives.iter().copied().enumerate();
        pairs.filter(|(member, representative)| member != representative)
    }
}

/// Equal components with one name.
struct Variant {
    representative: usize,
    members: Vec<usize>,
    documents: usize,
}

/// The input of [`assign`].
pub(crate) struct Facts<'a, 's> {
    pub(crate) components: &'a Components,
    pub(crate) classes: &'a [Hashes],
    pub(crate) usages: &'a [Usage],
    pub(crate) sources: &'a Sources<'s>,
}

/// Names the components that are reached from `roots`.
pub(crate) fn assign(
    facts: &Facts<'_, '_>,
    roots: impl IntoIterator<Item = usize>,
    known: &ComponentNames,
    diagnostics: &mut Diagnostics,
) -> Namespace {
    let components = &facts.components.all;
    let mut grouped: BTreeMap<(Kind, String, u128), Vec<usize>> = BTreeMap::new();
    for (number, component) in components.iter().enumerate() {
        let name = words::valid(&component.name, component.kind);
        let class = facts.classes[number].wire;
        grouped
            .entry((component.kind, name, class))
            .or_default()
            .push(number);
    }
    let mut representatives = vec![0; components.len()];
    let mut variants: HashMap<usize, (Kind, String, Variant)> = HashMap::new();
    for ((kind, name, _), mut members) in grouped {
        members.sort_by_key(|&number| location(facts, number));
        let representative = representative(facts, &members);
        for &member in &members {
            representatives[member] = representative;
        }
        let documents: BTreeSet<usize> = members
            .iter()
            .map(|&number| components[number].file)
            .collect();
        let variant = Variant {
            representative,
            members,
            documents: documents.len(),
        };
        variants.insert(representative, (kind, name, variant));
    }
    let children = children(facts, &representatives);
    let reached = reach(facts, &representatives, &children, roots);
    let mut by_name: BTreeMap<(Kind, String), Vec<Variant>> = BTreeMap::new();
    for representative in reached {
        if let Some((kind, name, variant)) = variants.remove(&representative) {
            by_name.entry((kind, name)).or_default().push(variant);
        }
    }
    let files: BTreeSet<usize> = components.iter().map(|component| component.file).collect();
    let mut namer = Namer {
        facts,
        known: known_by_location(facts, known),
        stems: words::Stems::new(files.iter().map(|file| facts.sources.relative_path(*file))),
        taken: BTreeSet::new(),
        names: BTreeMap::new(),
        component_names: ComponentNames::new(),
    };
    namer.assign(by_name, diagnostics);
    Namespace {
        representatives,
        names: namer.names,
        children,
        component_names: namer.component_names,
    }
}

/// Returns the location of a component: file and pointer.
fn location<'a>(facts: &'a Facts<'_, '_>, number: usize) -> (&'a str, &'a str) {
    let component = &facts.components.all[number];
    (
        facts.sources.relative_path(component.file),
        &component.pointer,
    )
}

/// Returns the member that most others equal in everything, the first of several. A member that is
/// a reference to another one would refer to itself.
fn representative(facts: &Facts<'_, '_>, members: &[usize]) -> usize {
    let components = facts.components;
    let all: BTreeSet<usize> = members.iter().copied().collect();
    let is_reference = |member: &usize| {
        let component = &components.all[*member];
        let target = components.target(component.unit, component.kind, &component.value);
        matches!(target, Some(Target::Component(target)) if all.contains(&target))
    };
    let own: Vec<usize> = match members {
        [_] => Vec::new(),
        _ => members
            .iter()
            .copied()
            .filter(|it| !is_reference(it))
            .collect(),
    };
    let members = if own.is_empty() { members } else { &own };
    let mut counts: BTreeMap<u128, usize> = BTreeMap::new();
    for &member in members {
        *counts.entry(facts.classes[member].exact).or_insert(0) += 1;
    }
    let most = counts.values().copied().max();
    let is_best = |member: &&usize| counts.get(&facts.classes[**member].exact).copied() == most;
    members.iter().find(is_best).copied().unwrap_or_default()
}

/// Returns the schemas that inherit by `allOf` from a schema that has a discriminator, directly or
/// not, by that schema.
fn children(facts: &Facts<'_, '_>, representatives: &[usize]) -> BTreeMap<usize, BTreeSet<usize>> {
    let components = &facts.components.all;
    let mut direct: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let mut parents = BTreeSet::new();
    for (number, component) in components.iter().enumerate() {
        if component.kind != Kind::Schema {
            continue;
        }
        let all_of = component.value.get("allOf").and_then(Value::as_array);
        for part in all_of.into_iter().flatten() {
            let Some(Target::Component(parent)) =
                facts.components.target(component.unit, Kind::Schema, part)
            else {
                continue;
            };
            let own = direct.entry(representatives[parent]).or_default();
            own.insert(representatives[number]);
            if components[parent].value.get("discriminator").is_some() {
                parents.insert(representatives[parent]);
            }
        }
    }
    let descendants = parents
        .into_iter()
        .map(|parent| (parent, descendants(parent, &direct)));
    descendants.collect()
}

/// The number of schemas that inherit from one schema after which their own heirs are left out, so
/// that the time is linear.
const DESCENDANTS: usize = 1_000;

fn descendants(parent: usize, direct: &BTreeMap<usize, BTreeSet<usize>>) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut open = vec![parent];
    while let Some(number) = open.pop() {
        for child in direct.get(&number).into_iter().flatten() {
            if *child != parent && found.insert(*child) && found.len() < DESCENDANTS {
                open.push(*child);
            }
        }
    }
    found
}

/// Returns the representatives that are reached.
fn reach(
    facts: &Facts<'_, '_>,
    representatives: &[usize],
    children: &BTreeMap<usize, BTreeSet<usize>>,
    roots: impl IntoIterator<Item = usize>,
) -> BTreeSet<usize> {
    let mut open: Vec<usize> = roots.into_iter().collect();
    let mut reached = BTreeSet::new();
    while let Some(number) = open.pop() {
        let number = representatives[number];
        if reached.insert(number) {
            open.extend(&facts.usages[number].targets);
            open.extend(children.get(&number).into_iter().flatten());
        }
    }
    reached
}

/// Returns the known names by the component that they stand for.
fn known_by_location(facts: &Facts<'_, '_>, known: &ComponentNames) -> HashMap<usize, Vec<String>> {
    let mut by_pointer: HashMap<&str, Vec<usize>> = HashMap::new();
    for (number, component) in facts.components.all.iter().enumerate() {
        by_pointer
            .entry(&component.pointer)
            .or_default()
            .push(number);
    }
    let mut result: HashMap<usize, Vec<String>> = HashMap::new();
    for (key, location) in known {
        let Some((file, pointer)) = location.split_once('#') else {
            continue;
        };
        let (section, name) = key.split_once('/').unwrap_or(("schemas", key));
        let of_section = by_pointer
            .get(pointer)
            .into_iter()
            .flatten()
            .filter(|number| {
                let component = &facts.components.all[**number];
                component.section() == section
            });
        let path = |number: usize| {
            facts
                .sources
                .relative_path(facts.components.all[number].file)
        };
        let is_below = |long: &str, short: &str| {
            long.strip_suffix(short)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
        };
        // The root of a source changes if files are added outside of it.
        let found: Vec<usize> = of_section.copied().collect();
        let exact = found.iter().find(|number| path(**number) == file);
        let moved = found
            .iter()
            .find(|number| is_below(path(**number), file) || is_below(file, path(**number)));
        if let Some(number) = exact.or(moved) {
            result.entry(*number).or_default().push(name.to_owned());
        }
    }
    result
}

struct Namer<'a, 's> {
    facts: &'a Facts<'a, 's>,
    known: HashMap<usize, Vec<String>>,
    stems: words::Stems,
    taken: BTreeSet<(Kind, String)>,
    names: BTreeMap<usize, String>,
    component_names: ComponentNames,
}

impl Namer<'_, '_> {
    fn assign(
        &mut self,
        by_name: BTreeMap<(Kind, String), Vec<Variant>>,
        diagnostics: &mut Diagnostics,
    ) {
        let mut rest: Vec<(Kind, String, Vec<Variant>)> = Vec::new();
        for ((kind, name), mut variants) in by_name {
            variants.sort_by_key(|variant| {
                let first = variant.members.first().copied().unwrap_or_default();
                (Reverse(variant.documents), location(self.facts, first))
            });
            let mut unnamed = Vec::new();
            for variant in variants {
                match self.known_name(kind, &name, &variant) {
                    Some((known, member)) => self.name(kind, known, &variant, Some(member)),
                    None => unnamed.push(variant),
                }
            }
            rest.push((kind, name, unnamed));
        }
        for (kind, name, variants) in &mut rest {
            if !variants.is_empty() && !self.taken.contains(&(*kind, name.clone())) {
                let variant = variants.remove(0);
                self.name(*kind, name.clone(), &variant, None);
            }
        }
        for (kind, name, variants) in &rest {
            for variant in variants {
                let own = self.own_name(*kind, name, variant);
                self.name(*kind, own, variant, None);
            }
        }
        self.report(diagnostics);
    }

    /// Returns the name that a variant had before, and the member that had it.
    fn known_name(&self, kind: Kind, name: &str, variant: &Variant) -> Option<(String, usize)> {
        let known = variant.members.iter().flat_map(|member| {
            let names = self.known.get(member).into_iter().flatten();
            names.map(move |name| (name.clone(), *member))
        });
        known
            .filter(|(known, _)| {
                words::is_valid(known) && !self.taken.contains(&(kind, known.clone()))
            })
            .min_by_key(|(known, _)| (known != name, known.clone()))
    }

    /// Returns a new name for a variant, with a word for its document.
    fn own_name(&self, kind: Kind, name: &str, variant: &Variant) -> String {
        let first = variant.members.first().copied().unwrap_or_default();
        let file = self.facts.components.all[first].file;
        let is_free = |name: &String| !self.taken.contains(&(kind, name.clone()));
        let stem = stem(self.facts.sources.relative_path(file));
        let short = self.stems.short(stem);
        // Files with the same words cannot tell components apart.
        let is_telling = !short.is_empty();
        let candidates = [short, words::pascal(stem)]
            .into_iter()
            .filter(|_| is_telling)
            .map(|word| words::joined(&word, name));
        let numbered = (2usize..).map(|number| format!("{name}_{number}"));
        candidates
            .chain(numbered)
            .find(is_free)
            .unwrap_or_else(|| name.to_owned())
    }

    fn name(&mut self, kind: Kind, name: String, variant: &Variant, member: Option<usize>) {
        self.taken.insert((kind, name.clone()));
        let first = variant.members.first().copied().unwrap_or_default();
        let (file, pointer) = location(self.facts, member.unwrap_or(first));
        let key = match kind.section() {
            Some("schemas") | None => name.clone(),
            Some(section) => format!("{section}/{name}"),
        };
        self.component_names
            .insert(key, format!("{file}#{pointer}"));
        self.names.insert(variant.representative, name);
    }

    /// Reports components that have another name than in their document.
    fn report(&self, diagnostics: &mut Diagnostics) {
        for (number, name) in &self.names {
            let component = &self.facts.components.all[*number];
            if component.name == *name {
                continue;
            }
            let message = match words::is_valid(&component.name) {
                true => format!(
                    "`{}` differs from the component with this name in other documents; named `{name}`",
                    component.name
                ),
                false => format!(
                    "`{}` is not a valid name for a component; named `{name}`",
                    component.name
                ),
            };
            let file = &self.facts.sources.file(component.file).path;
            let location = Location::pointer(file, &component.pointer);
            diagnostics.push(Severity::Repaired, "renamed-component", location, message);
        }
    }
}
