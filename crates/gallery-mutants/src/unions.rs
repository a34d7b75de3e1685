//! Faults in unions: in their tags, and in the order of alternatives without a tag.

use std::ops::Range;

use crate::change::Change;
use crate::declaration::{Declaration, FieldDeclaration, Kind};
use crate::description::Text;
use crate::source::Source;
use crate::union_declaration::{TaggedUnion, TaggedVariant};

/// Replaces a string literal by another value.
fn renamed(change: Change, own: &Text) -> Change {
    change.replace(&own.range, format!("{:?}", format!("{}_", own.value)))
}

fn variants(declaration: &Declaration) -> &[TaggedVariant] {
    match &declaration.kind {
        Kind::Tagged(union) => &union.variants,
        _ => &[],
    }
}

pub(super) fn tag_renamed(_: &Source<'_>, declaration: &Declaration) -> Vec<Change> {
    let Kind::Tagged(TaggedUnion { tag, .. }) = &declaration.kind else {
        return Vec::new();
    };
    let change = Change::new("tag", format!("the tag `{0}` is `{0}_`", tag.value));
    vec![renamed(change, tag)]
}

pub(super) fn value_changed(_: &Source<'_>, declaration: &Declaration) -> Vec<Change> {
    let values = variants(declaration).iter().flat_map(|own| &own.values);
    let changes = values.map(|own| {
        let change = Change::new(&own.value, format!("`{0}` is `{0}_`", own.value));
        renamed(change, own)
    });
    changes.collect()
}

pub(super) fn value_dropped(_: &Source<'_>, declaration: &Declaration) -> Vec<Change> {
    let mut changes = Vec::new();
    for own in variants(declaration) {
        for (at, value) in own.values.iter().enumerate() {
            // With the separator before it, or after the first one.
            let dropped = match (at.checked_sub(1), own.values.get(at + 1)) {
                (Some(before), _) => own.values[before].range.end..value.range.end,
                (None, Some(next)) => value.range.start..next.range.start,
                (None, None) => continue,
            };
            let what = format!("`{}` is not known", value.value);
            changes.push(Change::new(&value.value, what).remove(&dropped));
        }
    }
    changes
}

pub(super) fn tags_swapped(_: &Source<'_>, declaration: &Declaration) -> Vec<Change> {
    let pairs = variants(declaration).windows(2);
    let changes = pairs.filter_map(|pair| {
        let [one, other] = pair else { return None };
        let what = format!("`{}` and `{}` have each other's tags", one.name, other.name);
        Some(
            Change::new(&one.name, what)
                .replace(&one.range(), other.text())
                .replace(&other.range(), one.text()),
        )
    });
    changes.collect()
}

pub(super) fn tag_not_written(_: &Source<'_>, declaration: &Declaration) -> Vec<Change> {
    let changes = variants(declaration).iter().filter_map(|own| {
        let what = format!("the tag of `{}` is not written", own.name);
        Some(Change::new(&own.name, what).remove(own.with_tag.as_ref()?))
    });
    changes.collect()
}

pub(super) fn tag_written_twice(_: &Source<'_>, declaration: &Declaration) -> Vec<Change> {
    let variants = variants(declaration).iter();
    let changes = variants.filter(|own| own.with_tag.is_none()).map(|own| {
        let what = format!("the tag of `{}` is written twice", own.name);
        Change::new(&own.name, what).insert(own.range().end, " with tag")
    });
    changes.collect()
}

/// Only pairs whose second type accepts values of the first one, since all others are equivalent.
pub(super) fn variants_swapped(source: &Source<'_>, declaration: &Declaration) -> Vec<Change> {
    let Kind::Union(union) = &declaration.kind else {
        return Vec::new();
    };
    if union.closest.is_some() {
        return Vec::new();
    }
    let (variants, mut changes) = (&union.variants, Vec::new());
    for (at, one) in variants.iter().enumerate() {
        for other in &variants[at + 1..] {
            if !source.loses(&other.content, &one.content) {
                continue;
            }
            let names = format!("{}+{}", one.name, other.name);
            let what = format!("`{}` is tried before `{}`", other.name, one.name);
            changes.push(
                Change::new(names, what)
                    .replace(&one.range, &other.text)
                    .replace(&other.range, &one.text),
            );
        }
    }
    changes
}

/// Only unions with a variant that accepts values of a later one.
pub(super) fn closest_ignored(source: &Source<'_>, declaration: &Declaration) -> Vec<Change> {
    let Kind::Union(union) = &declaration.kind else {
        return Vec::new();
    };
    let mut pairs = (1..).zip(&union.variants).flat_map(|(next, one)| {
        let later = union.variants[next..].iter();
        later.map(move |other| (one, other))
    });
    let has_effect = pairs.any(|(one, other)| source.loses(&one.content, &other.content));
    let change = |range: &Range<usize>| {
        let what = "the first variant that reads a value is used".to_owned();
        Change::new("closest", what).replace(range, "serde::Deserialize")
    };
    let changed = union.closest.iter().filter(|_| has_effect);
    changed.map(change).collect()
}

impl Source<'_> {
    /// Returns true if the first type reads values of the second one, and changes them.
    fn loses(&self, reader: &str, written: &str) -> bool {
        if (reader, written) == ("f64", "i64") {
            return true;
        }
        let Some((reader, written)) = self.fields(reader).zip(self.fields(written)) else {
            return false;
        };
        let find = |own: &FieldDeclaration| {
            let mut others = written.iter();
            others.find(|other| other.property() == own.property())
        };
        let inner = |kind: &str| kind.replace("Option<", "").replace('>', "");
        let reads = |own: &FieldDeclaration| match find(own) {
            Some(other) => inner(&own.kind) == inner(&other.kind),
            None => own.is_optional() || own.has("default"),
        };
        let has_all = |other: &FieldDeclaration| {
            let mut fields = reader.iter();
            fields.any(|own| own.has("flatten") || own.property() == other.property())
        };
        reader.iter().all(reads) && !written.iter().all(has_all)
    }

    /// Returns the fields of a struct.
    fn fields(&self, kind: &str) -> Option<&[FieldDeclaration]> {
        let kind = kind.strip_prefix("Box<").unwrap_or(kind);
        let name = kind.trim_end_matches('>');
        self.types.iter().find_map(|own| match &own.kind {
            Kind::Struct(fields) if own.name == name => Some(fields.as_slice()),
            _ => None,
        })
    }
}
