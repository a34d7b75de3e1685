//! The settings of a source.

/// The settings of a source.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settings<'a> {
    /// Globs for the `aid`s of the APIs that are used. An empty list selects all APIs,
    /// and documents that the index does not name.
    pub apis: &'a [String],
    /// Keep components that no operation reaches.
    pub all_components: bool,
}
