//! The repositories of APIs.io.

use gallery_spec::draft::is_plain_file_name;
use url::Url;

use super::error::DocumentsError;
use crate::hosts;

/// The branch of the repositories, as a path.
const BRANCH: &str = "refs/heads/main";

/// The names of an index, the usual one first.
const INDEXES: [&str; 2] = ["apis.yml", "apis.json"];

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
    let mut url = hosts::base(base);
    let path = format!("{}{repository}/{BRANCH}/{file}", url.path());
    url.set_path(&path);
    url
}
