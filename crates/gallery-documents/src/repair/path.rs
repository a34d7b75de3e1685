//! Repairs of paths.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::context::{RepairContext, parameters};
use crate::entry::Entry;
use gallery_draft::DropReason;
use openapi_text::template::{
    encode_literal, is_dots, map_literals, map_variables, on_the_wire, pieces, variables,
};

type Outcome = Result<(), (DropReason, String)>;

/// Removes white space around a path. Drops entries whose path is prose.
pub(super) fn trim(entry: &mut Entry, context: &mut RepairContext<'_>) -> Outcome {
    let trimmed = entry.path.trim();
    if trimmed != entry.path {
        context.record("the path has white space around it; removed");
        entry.path = trimmed.to_owned();
    }
    let is_prose = !entry.path.starts_with(['/', '{', '?', '#']) && entry.path.contains(' ');
    if entry.path.is_empty() || is_prose {
        let message = "the path cannot be used: it is empty or prose".to_owned();
        return Err((DropReason::UnclearPath, message));
    }
    Ok(())
}

/// Adds a slash at the start. Drops entries with segments that URLs do not keep.
pub(super) fn slashes(entry: &mut Entry, context: &mut RepairContext<'_>) -> Outcome {
    if !entry.path.starts_with('/') {
        context.record("the path does not start with a slash; added");
        entry.path.insert(0, '/');
    }
    let sent = on_the_wire(&entry.path);
    match sent.split('/').find(|segment| is_dots(segment)) {
        Some(dots) => {
            let message = format!("the path has the segment `{dots}`, which URLs do not keep");
            Err((DropReason::DotSegment, message))
        }
        None => Ok(()),
    }
}

/// Reduces the names of variables to letters, digits, `_`, `.` and `-`.
pub(super) fn variable_names(entry: &mut Entry, context: &mut RepairContext<'_>) -> Outcome {
    let odd: BTreeMap<String, String> = variables(&entry.path)
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), usable(name)?)))
        .collect();
    for (name, usable) in odd {
        context.record(format!(
            "the variable `{{{name}}}` has an odd name; renamed to `{usable}`"
        ));
        entry.path = map_variables(&entry.path, |other| match other == name {
            true => usable.clone(),
            false => other.to_owned(),
        });
        rename_parameter(entry, context, &name, &usable);
    }
    Ok(())
}

/// Returns another name for a variable whose name is odd.
fn usable(name: &str) -> Option<String> {
    let is_kept = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    if !name.is_empty() && name.chars().all(is_kept) {
        return None;
    }
    let words: Vec<&str> = name
        .split(|c| !is_kept(c))
        .filter(|word| !word.is_empty())
        .collect();
    Some(match words.is_empty() {
        true => "variable".to_owned(),
        false => words.join("_"),
    })
}

/// Renames a path parameter that is not shared.
fn rename_parameter(entry: &mut Entry, context: &RepairContext<'_>, from: &str, to: &str) {
    for parameter in parameters(&mut entry.operation).into_iter().flatten() {
        let Some(map) = context.parameter_of(parameter) else {
            continue;
        };
        let is_meant = map.get("in").is_some_and(|it| it == "path")
            && map.get("name").is_some_and(|it| it == from);
        if is_meant {
            let mut renamed = map.clone();
            renamed.insert("name".to_owned(), to.into());
            *parameter = Value::Object(renamed);
            return;
        }
    }
}

/// Renames the second of two equal variables: `id` and `id_2`.
pub(super) fn repeated_variables(entry: &mut Entry, context: &mut RepairContext<'_>) -> Outcome {
    let all: BTreeSet<String> = variables(&entry.path)
        .into_iter()
        .map(str::to_owned)
        .collect();
    let mut seen = BTreeSet::new();
    let mut renamed = Vec::new();
    let path = map_variables(&entry.path, |name| {
        if seen.insert(name.to_owned()) {
            return name.to_owned();
        }
        let own = (2usize..)
            .map(|number| format!("{name}_{number}"))
            .find(|own| !all.contains(own) && !seen.contains(own))
            .unwrap_or_default();
        seen.insert(own.clone());
        renamed.push((name.to_owned(), own.clone()));
        own
    });
    for (name, own) in renamed {
        context.record(format!(
            "the path has the variable `{{{name}}}` twice; the second is renamed to `{own}`"
        ));
        let list = parameters(&mut entry.operation);
        let copy = list.and_then(|list| {
            let declared = list.iter().filter_map(|it| context.parameter_of(it));
            let mut named = declared.filter(|map| {
                map.get("in").is_some_and(|it| it == "path")
                    && map.get("name").is_some_and(|it| *it == name)
            });
            let first = named.next()?.clone();
            Some(named.next().cloned().unwrap_or(first))
        });
        if let (Some(mut copy), Some(list)) = (copy, parameters(&mut entry.operation)) {
            copy.insert("name".to_owned(), own.into());
            list.push(Value::Object(copy));
        }
    }
    entry.path = path;
    Ok(())
}

/// Percent-encodes characters that URLs cannot have.
pub(super) fn encode(entry: &mut Entry, context: &mut RepairContext<'_>) -> Outcome {
    let sent = on_the_wire(&entry.path);
    let after = &entry.path[sent.len()..];
    let after = match after.strip_prefix('#') {
        Some(fragment) => format!("#{}", map_literals(fragment, encode_literal)),
        None => String::new(),
    };
    let encoded = format!("{}{after}", map_literals(sent, encode_literal));
    if encoded != entry.path {
        context.record(format!(
            "the path `{}` has characters that URLs cannot have; percent-encoded",
            entry.path
        ));
        entry.path = encoded;
    }
    debug_assert!(!pieces(&entry.path).is_empty());
    Ok(())
}

impl RepairContext<'_> {
    /// Returns the parameter that a value is or refers to, if it belongs to this document.
    fn parameter_of<'v>(&'v self, value: &'v Value) -> Option<&'v serde_json::Map<String, Value>> {
        let kind = crate::model::Kind::Parameter;
        let (unit, value) = self.components.resolved(self.unit, kind, value)?;
        value.as_object().filter(|_| unit == self.unit)
    }
}
