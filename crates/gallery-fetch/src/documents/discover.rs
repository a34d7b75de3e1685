//! Finds the kind of source at a URL.

use apis_json::{INDEX_NAMES, Kind};
use openapi_text::{Diagnostics, redact};
use url::Url;

use super::error::DocumentsError;
use super::request::DocumentsSource;
use super::root::WELL_KNOWN_CATALOG;
use crate::document::document;
use crate::error::FetchError;
use crate::fetcher::Fetcher;

impl Fetcher {
    /// Returns the source at a URL: an index, a catalog or a document. `apis` has globs of the APIs
    /// to select, and `hosts` other hosts that redirects may lead to.
    ///
    /// Files with a usual name are not downloaded for this. For a URL without a path, the catalog
    /// of the host is used if there is one.
    ///
    /// # Errors
    ///
    /// The file cannot be downloaded, is of no known kind, or has nothing to select from.
    pub async fn discover(
        &self,
        url: &Url,
        apis: &[String],
        hosts: &[String],
    ) -> Result<DocumentsSource, FetchError> {
        let mut url = url.clone();
        url.set_fragment(None);
        if url.path() == "/" && url.query().is_none() {
            let mut catalog = url.clone();
            catalog.set_path(WELL_KNOWN_CATALOG);
            let bytes = document(&catalog, hosts, &self.settings, &self.on).await;
            match bytes.map(|bytes| kind(&catalog, &bytes)) {
                Ok(Ok(Kind::Catalog)) => url = catalog,
                Err(error) if error.is_unreachable() => return Err(error),
                _ => {}
            }
        }
        let name = url.path().rsplit('/').next().unwrap_or_default();
        let kind = match name {
            name if INDEX_NAMES.contains(&name) => Kind::Index,
            _ if url.path() == WELL_KNOWN_CATALOG => Kind::Catalog,
            _ => {
                let bytes = document(&url, hosts, &self.settings, &self.on).await?;
                kind(&url, &bytes)?
            }
        };
        let apis = apis.to_vec();
        match kind {
            Kind::Index | Kind::Catalog => Ok(DocumentsSource::Index { url, apis }),
            Kind::OpenApi if apis.is_empty() => Ok(DocumentsSource::Documents(vec![url])),
            Kind::OpenApi => Err(DocumentsError::NothingToSelect {
                at: redact::url(&url),
            }
            .into()),
        }
    }
}

fn kind(url: &Url, bytes: &[u8]) -> Result<Kind, FetchError> {
    let at = redact::url(url);
    let mut diagnostics = Diagnostics::default();
    apis_json::kind(&at, bytes, &mut diagnostics).ok_or_else(|| {
        let errors: Vec<_> = diagnostics.iter().map(ToString::to_string).collect();
        let diagnostics = errors.join("\n");
        DocumentsError::UnknownKind { at, diagnostics }.into()
    })
}
