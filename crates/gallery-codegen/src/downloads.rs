//! Operations whose successes are files.

use gallery_spec::canonical::Canonical;
use openapi_text::media_type::{essence, is_json, is_text};
use openapiv3::Operation;

use crate::reference;
use crate::responses::ResponseType;

/// Returns true if the successes of an operation are files: content without a type, of which some
/// is neither JSON nor text.
pub(crate) fn is_download(
    canonical: &Canonical,
    operation: &Operation,
    success: &ResponseType,
) -> bool {
    let responses = reference::responses(canonical, operation);
    let mut successes = responses.filter(|(key, _)| key.class() == Some(2));
    success.is_untyped()
        && successes.any(|(_, response)| {
            let mut media_types = response.content.keys().map(|name| essence(name));
            media_types.any(|name| !name.starts_with("*/") && !is_json(&name) && !is_text(&name))
        })
}
