//! Mutation testing for generated clients: faults that their conformance checks must find.
//!
//! [`mutants`] reads the code of a client and returns copies with one fault each. A kind of fault
//! is an [`Operator`], one row of [`OPERATORS`]. Operators find their places in the syntax tree by
//! the calls of `gallery-runtime`, so they do not depend on any API's names. This crate does not
//! compile anything.
//!
//! [`Runtime`] finds mutants of `gallery-runtime`, with the operators of [`RUNTIME_OPERATORS`].
//!
//! No operator changes the status or the headers of a response: generated code passes a response to
//! the runtime as a whole, so it cannot have such a fault.

use std::collections::BTreeMap;

mod arguments;
mod body;
mod calls;
mod diff;
mod edit;
mod error;
mod headers;
mod operators;
mod pages;
mod query;
mod request;
mod responses;
mod runtime;
mod runtime_sites;
mod security;
mod site;
mod source;
mod syntax;
mod types;

#[cfg(test)]
mod tests;

pub use error::MutantsError;
pub use operators::{OPERATORS, Operator};
pub use runtime::{InstrumentedFile, RUNTIME_OPERATORS, Runtime, RuntimeMutant};

use operators::Find;
use site::{Change, Edited};
use source::Source;

/// A client with one fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutant {
    /// `OPERATOR:SUBJECT:LOCATION`; stable as long as the code around the fault is.
    pub id: String,
    /// The id of the operator.
    pub operator: &'static str,
    /// The operation or the type that has the fault.
    pub subject: String,
    /// The first line that differs, from 1.
    pub line: usize,
    /// The change, in words.
    pub what: String,
    /// In the order of the text, without overlap.
    edits: Vec<Edited>,
}

impl Mutant {
    /// Returns `source`, the code that the mutant was made from, with the fault in it.
    pub fn apply(&self, source: &str) -> String {
        let mut mutated = source.to_owned();
        for edit in self.edits.iter().rev() {
            mutated.replace_range(edit.range.clone(), &edit.after);
        }
        mutated
    }

    /// Returns the lines that differ, in the format of `diff`.
    pub fn diff(&self) -> String {
        self.edits
            .iter()
            .map(|edit| diff::lines(&edit.before, &edit.after))
            .collect()
    }
}

/// Returns every mutant of a client's code, operator by operator.
pub fn mutants(source: &str) -> Result<Vec<Mutant>, MutantsError> {
    let read = Source::read(source)?;
    let mut mutants = Vec::new();
    let mut ids = BTreeMap::new();
    for operator in OPERATORS {
        let changes: Vec<(&str, Vec<Change>)> = match operator.find {
            Find::Calls(find) => read
                .calls
                .iter()
                .map(|call| (call.id.as_str(), find(&read, call)))
                .collect(),
            Find::Types(find) => read
                .types
                .iter()
                .map(|declaration| (declaration.name.as_str(), find(declaration)))
                .collect(),
        };
        for (subject, change) in changes
            .into_iter()
            .flat_map(|(subject, changes)| changes.into_iter().map(move |change| (subject, change)))
        {
            let Some((line, edits)) = change.edits() else {
                continue;
            };
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
                subject: subject.to_owned(),
                line,
                what: change.what,
                edits,
            });
        }
    }
    Ok(mutants)
}
