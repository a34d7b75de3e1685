//! The settings of a source.

/// The settings of a source.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settings<'a> {
    /// Globs for the `aid`s of the APIs that are used. An empty list selects all APIs,
    /// and documents that the index does not name.
    pub apis: &'a [String],
    /// The path of the index. The default is `apis.yml`, `apis.yaml` or `apis.json` at the root.
    pub index: Option<&'a str>,
    /// The paths and URLs of the documents, and the paths of directories of documents. Other files
    /// are read only where a reference leads to them. An empty list selects all documents.
    pub documents: &'a [String],
    /// Keep components that no operation reaches.
    pub all_components: bool,
}
