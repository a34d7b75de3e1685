//! The repositories of APIs.io.

use gallery_spec::draft::is_plain_file_name;
use url::Url;

use super::error::DocumentsError;
use crate::hosts;

/// The branch of the repositories, as a path.
const BRANCH: &str = "refs/heads/main";

/// The names of an index, the usual one first.
pub(crate) const INDEXES: [&str; 2] = ["apis.yml", "apis.json"];

/// Returns the URLs where the index of a provider can be.
pub(super) fn index_urls(base: &Url, slug: &str) -> Result<Vec<Url>, DocumentsError> {
    if !is_plain_file_name(slug) {
        let slug = slug.to_owned();
        return Err(DocumentsError::Slug { slug });
    }
    Ok(INDEXES.iter().map(|name| below(base, slug, name)).collect())
}

/// Returns the URL of a file in a repository.
pub(crate) fn below(base: &Url, repository: &str, file: &str) -> Url {
    let mut url = directory(base, repository);
    let path = format!("{}{file}", url.path());
    url.set_path(&path);
    url
}

/// Returns the URL of a repository, with a trailing slash.
pub(super) fn directory(base: &Url, repository: &str) -> Url {
    let mut url = hosts::base(base);
    let path = format!("{}{repository}/{BRANCH}/", url.path());
    url.set_path(&path);
    url
}

/// Returns the owner of the repositories: the last segment of the base URL, or its host.
pub(crate) fn owner(base: &Url) -> &str {
    let mut segments = base.path().rsplit('/');
    segments
        .find(|segment| !segment.is_empty())
        .or_else(|| base.host_str())
        .unwrap_or_default()
}
