//! The names of a listing's files.

use gallery_draft::is_plain_file_name;

/// The file name of the index in every listing.
pub const INDEX: &str = "apis.md";

/// The file name of the document that has every endpoint of a listing, or nearly every one.
pub const COMBINED: &str = "openapi.md";

/// The suffix of the names of documents that describe one endpoint.
const OWN_SUFFIX: &str = "-openapi.md";

/// The suffix of such names in listings of an earlier form.
const EARLIER_SUFFIX: &str = ".md";

/// The suffix of the names of Postman collections.
const POSTMAN_SUFFIX: &str = "-postman.md";

/// Returns true if a file of a listing may be a Swagger document by its name.
pub fn is_document(name: &str) -> bool {
    name.ends_with(EARLIER_SUFFIX) && name != INDEX && !name.ends_with(POSTMAN_SUFFIX)
}

/// Returns true if a file of a listing is certainly a Swagger document by its name: the combined
/// one, or one called `…-openapi.md`.
pub(crate) fn is_certain_document(name: &str) -> bool {
    name == COMBINED || name.ends_with(OWN_SUFFIX)
}

/// Returns the slug of the endpoint that a document is named after.
pub(crate) fn own_slug(name: &str) -> Option<&str> {
    if !is_document(name) || name == COMBINED {
        return None;
    }
    name.strip_suffix(OWN_SUFFIX)
        .or_else(|| name.strip_suffix(EARLIER_SUFFIX))
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
    fn recognizes_documents_by_name() {
        for (name, is_any, slug) in [
            ("a-get-openapi.md", true, Some("a-get")),
            ("a-get.md", true, Some("a-get")),
            ("openapi.md", true, None),
            ("apis.md", false, None),
            ("a-get-postman.md", false, None),
            ("notes.txt", false, None),
        ] {
            assert_eq!(
                (is_document(name), own_slug(name)),
                (is_any, slug),
                "{name}"
            );
        }
    }

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
