//! The crates of this project that generated crates depend on.

/// The names of the crates, which are in one directory.
pub(crate) const RUNTIME_CRATES: [&str; 3] =
    ["gallery-runtime", "gallery-derive", "gallery-testkit"];
