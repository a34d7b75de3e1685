//! The documentation of what a client does not express.

use std::collections::BTreeMap;

use gallery_spec::canonical::Canonical;
use openapi_text::pointer::unescape;

use crate::bindings::OperationBinding;
use crate::markdown;
use crate::reduce::{self, Listed};

/// The reductions of a document, by operation.
pub(super) struct Reductions<'a> {
    of_operations: BTreeMap<&'a str, Vec<Listed<'a>>>,
    others: Vec<Listed<'a>>,
}

impl<'a> Reductions<'a> {
    /// Returns the reductions of a reduced document.
    pub(super) fn of(canonical: &'a Canonical) -> Reductions<'a> {
        let mut reductions = Reductions {
            of_operations: BTreeMap::new(),
            others: Vec::new(),
        };
        for reduction in reduce::listed(canonical) {
            match operation_pointer(reduction.pointer) {
                Some(operation) if !reduction.is_drop() => {
                    let own = reductions.of_operations.entry(operation).or_default();
                    own.push(reduction);
                }
                _ => reductions.others.push(reduction),
            }
        }
        reductions
    }

    /// Returns the section on the reductions of an operation.
    pub(super) fn of_operation(&self, binding: &OperationBinding) -> String {
        let reductions = self.of_operations.get(binding.pointer.as_str());
        section(reductions.into_iter().flatten())
    }

    /// Returns the section on dropped operations, and on the reductions that operations share.
    pub(super) fn others(&self) -> String {
        section(&self.others)
    }
}

/// Returns the pointer of the operation that contains a part.
fn operation_pointer(pointer: &str) -> Option<&str> {
    let rest = pointer.strip_prefix("/paths/")?;
    let (path, rest) = rest.split_once('/')?;
    let method = rest.split('/').next()?;
    let length = "/paths/".len() + path.len() + 1 + method.len();
    (method != "parameters").then_some(&pointer[..length])
}

fn section<'a>(reductions: impl IntoIterator<Item = &'a Listed<'a>>) -> String {
    let lines: String = reductions.into_iter().map(line).collect();
    match lines.is_empty() {
        true => lines,
        false => format!("\n# Not as documented\n\n{lines}"),
    }
}

/// Returns a reduction as an item of a list.
pub(crate) fn line(reduction: &Listed<'_>) -> String {
    let dropped = || {
        let pointer = operation_pointer(reduction.pointer)?.strip_prefix("/paths/")?;
        let (path, method) = pointer.split_once('/')?;
        Some(format!(
            "{} {}",
            method.to_ascii_uppercase(),
            unescape(path)
        ))
    };
    let part = match dropped() {
        Some(request) if reduction.is_drop() => markdown::code(&request),
        _ => markdown::code(&format!("#{}", reduction.pointer)),
    };
    format!("- {part}: {}\n", markdown::inline(reduction.message))
}

#[cfg(test)]
mod tests {
    use super::operation_pointer;

    #[test]
    fn finds_the_operation_of_a_part() {
        for (pointer, operation) in [
            ("/paths/~1a/get/parameters/0", Some("/paths/~1a/get")),
            ("/paths/~1a/get", Some("/paths/~1a/get")),
            ("/paths/~1a/parameters/0", None),
            ("/components/schemas/A", None),
        ] {
            assert_eq!(operation_pointer(pointer), operation, "{pointer}");
        }
    }
}
