//! The names of a listing's files.

use gallery_draft::is_plain_file_name;

/// The file name of the index in every listing.
pub const INDEX: &str = "apis.md";

/// The file name of the document that has every endpoint of a listing, or nearly every one.
pub const COMBINED: &str = "openapi.md";

/// The suffix of the names of documents that describe one endpoint.
const OWN_SUFFIX: &str = "-openapi.md";

/// Returns true if a file of a listing is a Swagger document by its name: the combined one, or one
/// called `…-openapi.md`. Postman collections and files of earlier versions are not.
pub fn is_document(name: &str) -> bool {
    name == COMBINED || name.ends_with(OWN_SUFFIX)
}

/// Returns the slug of the endpoint that a document is named after.
pub(crate) fn own_slug(name: &str) -> Option<&str> {
    name.strip_suffix(OWN_SUFFIX)
}

/// Returns the last segment of a document's URL if it is a plain file name.
pub fn file_name(url: &str) -> Option<&str> {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let name = path.rsplit('/').next()?;
    is_plain_file_name(name).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_cannot_leave_the_folder() {
        assert_eq!(
            file_name("https://host/x/a-openapi.md?raw=1"),
            Some("a-openapi.md")
        );
        for url in [
            "https://host/..",
            "https://host/",
            "https://host/a%2F..%2Fb",
            "https://host/a\\b",
            "https://host/.git",
            "https://host/ü.md",
            "https://host/a.md.",
            "https://host/NUL.md",
            "https://host/com1",
        ] {
            assert_eq!(file_name(url), None, "{url}");
        }
    }
}
