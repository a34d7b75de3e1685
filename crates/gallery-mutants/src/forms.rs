//! Faults in multipart bodies.

use crate::change::Change;
use crate::declaration::{Declaration, Kind};
use crate::form_declaration::FormPart;
use crate::source::Source;

fn parts(declaration: &Declaration) -> &[FormPart] {
    match &declaration.kind {
        Kind::Form(parts) => parts,
        _ => &[],
    }
}

pub(super) fn part_renamed(_: &Source<'_>, declaration: &Declaration) -> Vec<Change> {
    let change = |part: &FormPart| {
        let (name, other) = (&part.name.value, format!("{}_", part.name.value));
        Change::new(name, format!("the part `{name}` is `{other}`"))
            .replace(&part.name.range, format!("{other:?}"))
    };
    parts(declaration).iter().map(change).collect()
}

pub(super) fn part_dropped(_: &Source<'_>, declaration: &Declaration) -> Vec<Change> {
    let change = |part: &FormPart| {
        let name = &part.name.value;
        Change::new(name, format!("the part `{name}` is not sent")).replace(&part.range, "")
    };
    parts(declaration).iter().map(change).collect()
}
