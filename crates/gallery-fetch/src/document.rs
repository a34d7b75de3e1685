//! Downloads one document, from a URL that a person chose.

use openapi_text::{is_html, redact};
use url::Url;

use crate::budget::Budget;
use crate::error::FetchError;
use crate::event::Event;
use crate::hosts::OTHER_HOST;
use crate::http::{FileResponse, Web};
use crate::settings::Settings;

/// Downloads the document at `url`, with the limits and retries of `settings`.
///
/// A user and a password in the URL become an `Authorization` header. `hosts` are further hosts
/// that redirects may lead to: `NAME` or `NAME:PORT`. Calls `on` with each event.
///
/// # Errors
///
/// The URL is not safe, the document does not exist, is too large or is a web page, or the server
/// cannot be reached.
pub async fn document(
    url: &Url,
    hosts: &[String],
    settings: &Settings,
    on: impl Fn(Event) + Sync,
) -> Result<Vec<u8>, FetchError> {
    let web = Web::for_document(url, hosts, settings)?;
    let at = redact::url(url);
    match web.get(url, None, &Budget::new(&at, settings), &on).await {
        Ok(FileResponse::File { bytes, .. }) if is_html(&bytes) => Err(FetchError::WebPage { at }),
        Ok(FileResponse::File { bytes, .. }) => Ok(bytes),
        Ok(FileResponse::Absent | FileResponse::Unchanged) => Err(FetchError::NoDocument { at }),
        Err(FetchError::Redirect { at, to, reason }) if reason == OTHER_HOST => {
            Err(FetchError::Redirect {
                at,
                to,
                reason: "use that URL, or add its host to `hosts` in specs/gallery.toml",
            })
        }
        Err(error) => Err(error),
    }
}
