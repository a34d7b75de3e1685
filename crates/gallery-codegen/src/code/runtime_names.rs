//! The names of the runtime in the module of builders.

use std::collections::BTreeSet;

/// The names of the runtime that the module of builders uses.
const RUNTIME_NAMES: &[&str] = &[
    "ByteRange",
    "Call",
    "Download",
    "Error",
    "EventStream",
    "Future",
    "Multipart",
    "OptionalText",
    "PageStream",
    "PaginationStream",
    "ResponseValue",
    "Text",
    "Untyped",
    "Upload",
];

/// The names of the runtime as they are written in the module of builders: with their path if an
/// operation's builder has the same name.
pub(crate) struct RuntimeNames(BTreeSet<&'static str>);

impl RuntimeNames {
    /// Returns the names for a client whose builders have these names.
    pub(crate) fn new(builders: &BTreeSet<&str>) -> RuntimeNames {
        let is_taken = |name: &&&str| builders.contains(**name);
        RuntimeNames(RUNTIME_NAMES.iter().filter(is_taken).copied().collect())
    }

    /// Writes the import of the names.
    pub(crate) fn write_import(&self, out: &mut String) {
        let imported = RUNTIME_NAMES.iter().filter(|name| !self.0.contains(*name));
        let imported: Vec<&str> = imported.copied().collect();
        out.push_str("#[allow(unused_imports)]\nuse gallery_runtime::{\n    ");
        for line in imported.chunks(6) {
            out.push_str(&line.join(", "));
            out.push_str(",\n    ");
        }
        out.truncate(out.len() - 4);
        out.push_str("};\n\n");
    }

    pub(crate) fn get(&self, name: &'static str) -> String {
        match self.0.contains(name) {
            true => format!("gallery_runtime::{name}"),
            false => name.to_owned(),
        }
    }
}
