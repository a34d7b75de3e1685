//! Mutation testing for generated clients: faults that their conformance checks must find.
//!
//! [`mutants`] reads the code of a client and returns copies with one fault each. A kind of fault
//! is an [`Operator`], one row of [`OPERATORS`]. Operators find their places in the descriptions of
//! operations, in the calls of `gallery-runtime`, in types and in enums of responses. They do not
//! depend on any API's names. This crate does not compile anything.
//!
//! How a description becomes a request is code of the runtime, which has mutants of its own.
//!
//! [`Runtime`] finds mutants of `gallery-runtime`, with the operators of [`RUNTIME_OPERATORS`].
//!
use std::collections::BTreeMap;

mod arguments;
mod change;
mod declaration;
mod deprecation;
mod description;
mod diff;
mod error;
mod form_declaration;
mod forms;
mod operators;
mod pages;
mod requests;
mod response_enums;
mod responses;
mod runtime;
mod runtime_sites;
mod settings;
mod source;
mod types;
mod union_declaration;
mod unions;

#[cfg(test)]
mod tests;

pub use error::MutantsError;
pub use operators::{OPERATORS, Operator};
pub use runtime::{InstrumentedFile, RUNTIME_OPERATORS, Runtime, RuntimeMutant};

use change::{Change, ChangedLines};
use operators::Find;
use source::Source;

/// A client with one fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutant {
    /// `OPERATOR:SUBJECT:LOCATION`; stable as long as the code around the fault is.
    pub id: String,
    /// The id of the operator.
    pub operator: &'static str,
    /// The index of the file that has the fault.
    pub file: usize,
    /// The operation or the type that has the fault.
    pub subject: String,
    /// The first line that differs, from 1.
    pub line: usize,
    /// The change, in words.
    pub what: String,
    changed: ChangedLines,
}

impl Mutant {
    /// Returns `source`, the file that the mutant was made from, with the fault in it.
    pub fn apply(&self, source: &str) -> String {
        let mut mutated = source.to_owned();
        mutated.replace_range(self.changed.range.clone(), &self.changed.after);
        mutated
    }

    /// Returns the lines that differ, in the format of `diff`.
    pub fn diff(&self) -> String {
        diff::lines(&self.changed.before, &self.changed.after)
    }
}

/// Returns every mutant of a client's code: file by file, and operator by operator. Each file has a
/// path, for messages, and a text.
pub fn mutants(files: &[(impl AsRef<str>, &str)]) -> Result<Vec<Mutant>, MutantsError> {
    let (mut all, mut ids) = (Vec::new(), BTreeMap::new());
    let mut has_operations = false;
    for (file, (path, source)) in files.iter().enumerate() {
        let read = Source::read(source).map_err(|error| MutantsError::NotRust {
            path: path.as_ref().to_owned(),
            error,
        })?;
        has_operations |= !read.operations.is_empty();
        add_mutants(file, &read, &mut ids, &mut all);
    }
    match has_operations {
        true => Ok(all),
        false => Err(MutantsError::NoOperation),
    }
}

/// Adds the mutants of a file. `ids` counts the mutants with the same id.
fn add_mutants(
    file: usize,
    read: &Source<'_>,
    ids: &mut BTreeMap<String, usize>,
    mutants: &mut Vec<Mutant>,
) {
    let source = read.text;
    for operator in OPERATORS {
        let changes: Vec<(&str, Vec<Change>)> = match operator.find {
            Find::Operations(find) => read
                .operations
                .iter()
                .map(|operation| {
                    (
                        operation.description.id.value.as_str(),
                        find(read, operation),
                    )
                })
                .collect(),
            Find::Types(find) => read
                .types
                .iter()
                .map(|declaration| (declaration.name.as_str(), find(read, declaration)))
                .collect(),
        };
        for (subject, change) in changes
            .into_iter()
            .flat_map(|(subject, changes)| changes.into_iter().map(move |change| (subject, change)))
        {
            let Some(changed) = change.lines(source) else {
                continue;
            };
            let before = &source[..changed.range.start];
            let (old, new) = (changed.before.lines(), changed.after.lines());
            let same = old.zip(new).take_while(|(one, other)| one == other).count();
            let line = before.matches('\n').count() + same + 1;
            let mut id = format!("{}:{subject}:{}", operator.id, change.location);
            // Two locations can have the same name.
            let count = ids
                .entry(id.clone())
                .and_modify(|count| *count += 1)
                .or_insert(1);
            if *count > 1 {
                id = format!("{id}#{count}");
            }
            mutants.push(Mutant {
                id,
                operator: operator.id,
                file,
                subject: subject.to_owned(),
                line,
                what: change.what,
                changed,
            });
        }
    }
}
