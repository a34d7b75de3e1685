//! The keys of a client that name its source: `listing`, `listings`, `document`, `documents`,
//! `index` and `apis`.

use gallery_draft::is_plain_file_name;
use gallery_listings::{Documents, ListingRef};
use serde::Deserialize as _;
use toml::Spanned;

use super::offset::OffsetError;
use crate::source::{DocumentsSource, ListingsSource, Place, Source};

/// The keys of a client that name its source, as written.
pub(super) struct SourceKeys<'a> {
    /// The offset of the client's name.
    pub(super) at: usize,
    /// The name of the client.
    pub(super) name: &'a str,
    pub(super) listing: Option<&'a Spanned<String>>,
    pub(super) listings: Option<&'a Spanned<Vec<Spanned<String>>>>,
    pub(super) document: Option<&'a Spanned<String>>,
    /// The documents to read of listings, or a list of documents.
    pub(super) documents: Option<&'a Spanned<toml::Value>>,
    pub(super) index: Option<&'a Spanned<String>>,
    pub(super) apis: Option<&'a Spanned<Vec<Spanned<String>>>>,
}

/// The value of the key `documents`.
enum DocumentsKey {
    /// `documents = "needed"` or `documents = "all"`: which documents of listings are read.
    Selection(Documents),
    /// `documents = [...]`: the source.
    Places(Vec<Place>),
}

impl SourceKeys<'_> {
    /// Returns the source that the keys name.
    pub(super) fn read(&self) -> Result<Source, OffsetError> {
        let (selection, places) = match self.documents.map(documents).transpose()? {
            None => (None, None),
            Some(DocumentsKey::Selection(selection)) => (Some(selection), None),
            Some(DocumentsKey::Places(places)) => (None, Some(places)),
        };
        self.refuse_two(places.is_some())?;
        let needs = |key: Option<usize>, message: String| match key {
            Some(at) => Err((at, message)),
            None => Ok(()),
        };
        if self.index.is_none() {
            needs(
                self.apis.map(|apis| apis.span().start),
                "`apis` selects APIs of an index; write the `index`, or remove `apis`".to_owned(),
            )?;
        }
        let is_of_listings = self.listing.is_some() || self.listings.is_some();
        if selection.is_some() && !is_of_listings {
            needs(
                self.documents.map(|documents| documents.span().start),
                "`documents` as text selects documents of listings; write a list of documents"
                    .to_owned(),
            )?;
        }
        if let Some(index) = self.index {
            let apis = self.apis.map(|apis| apis.get_ref().as_slice());
            let apis = apis.unwrap_or_default().iter();
            return Ok(Source::Documents(DocumentsSource::Index {
                place: place(index)?,
                apis: apis.map(|api| api.get_ref().clone()).collect(),
            }));
        }
        if let Some(document) = self.document {
            let place = place(document)?;
            if matches!(place, Place::Provider(_)) {
                let message = format!("`{place}` is an index; write `index = \"{place}\"`");
                return Err((document.span().start, message));
            }
            let places = vec![place];
            return Ok(Source::Documents(DocumentsSource::Documents(places)));
        }
        if let Some(places) = places {
            return Ok(Source::Documents(DocumentsSource::Documents(places)));
        }
        let mut listings = self.read_listings()?.into_iter();
        let Some(first) = listings.next() else {
            return Err((self.at, self.no_source()));
        };
        Ok(Source::Listings(ListingsSource {
            first,
            further: listings.collect(),
            documents: selection.unwrap_or_default(),
        }))
    }

    /// Returns an error if the keys name two sources.
    fn refuse_two(&self, has_documents: bool) -> Result<(), OffsetError> {
        let start = |key: &Spanned<String>| key.span().start;
        let keys = [
            ("listing", self.listing.map(start)),
            ("listings", self.listings.map(|key| key.span().start)),
            ("document", self.document.map(start)),
            (
                "documents",
                self.documents
                    .filter(|_| has_documents)
                    .map(|key| key.span().start),
            ),
            ("index", self.index.map(start)),
        ];
        let mut named = keys.into_iter().filter_map(|(key, at)| Some((key, at?)));
        let (Some((first, _)), Some((second, at))) = (named.next(), named.next()) else {
            return Ok(());
        };
        let advice = match (first, second) {
            ("listing", "listings") => "move all listings to `listings`",
            ("document", "documents") => "move all documents to `documents`",
            _ => "a client has one source; remove one of the two",
        };
        let name = self.name;
        Err((
            at,
            format!("the client `{name}` has both `{first}` and `{second}`; {advice}"),
        ))
    }

    fn no_source(&self) -> String {
        format!(
            "the client `{}` has no source; write one of `listing = \"OWNER/REPOSITORY/PROVIDER\"`, \
             `index = \"URL or path\"` and `document = \"URL or path\"`",
            self.name
        )
    }

    /// Reads the listings, in order.
    fn read_listings(&self) -> Result<Vec<ListingRef>, OffsetError> {
        let read = |text: &Spanned<String>| {
            ListingRef::try_from(text.get_ref().clone())
                .map_err(|message| (text.span().start, message))
        };
        let several = match (self.listing, self.listings) {
            (Some(one), _) => return Ok(vec![read(one)?]),
            (None, Some(several)) => several,
            (None, None) => return Err((self.at, self.no_source())),
        };
        if several.get_ref().is_empty() {
            return Err((several.span().start, self.no_source()));
        }
        let mut listings: Vec<ListingRef> = Vec::new();
        for text in several.get_ref() {
            let (at, listing) = (text.span().start, read(text)?);
            // The gallery and some file systems ignore case.
            let same =
                |other: &&ListingRef| other.to_string().eq_ignore_ascii_case(&listing.to_string());
            if let Some(other) = listings.iter().find(same) {
                return Err((
                    at,
                    format!(
                        "duplicate listing `{listing}` of the client `{}`, the same as `{other}`; \
                         remove one of the two",
                        self.name
                    ),
                ));
            }
            listings.push(listing);
        }
        Ok(listings)
    }
}

fn place(text: &Spanned<String>) -> Result<Place, OffsetError> {
    Place::parse(text.get_ref()).map_err(|message| (text.span().start, message))
}

/// Reads the value of `documents`.
fn documents(value: &Spanned<toml::Value>) -> Result<DocumentsKey, OffsetError> {
    let error = |message: String| (value.span().start, message);
    let toml::Value::Array(values) = value.get_ref() else {
        return Documents::deserialize(value.get_ref().clone())
            .map(DocumentsKey::Selection)
            .map_err(|_| {
                error(
                    "`documents` must be `needed` or `all` for listings, or a list of URLs or paths"
                        .to_owned(),
                )
            });
    };
    let mut places: Vec<Place> = Vec::new();
    for value in values {
        let text = value
            .as_str()
            .ok_or_else(|| error(format!("`{value}` in `documents` is not a string")))?;
        let place = Place::parse(text).map_err(|reason| error(format!("`{text}`: {reason}")))?;
        if places.contains(&place) {
            return Err(error(format!(
                "duplicate document `{place}`; remove one of the two"
            )));
        }
        places.push(place);
    }
    if let Some(provider) = places
        .iter()
        .find(|place| matches!(place, Place::Provider(_)))
    {
        return Err(error(format!(
            "`{provider}` is an index; write `index = \"{provider}\"`"
        )));
    }
    let remote = |place: &&Place| matches!(place, Place::Url(_));
    match places.iter().filter(remote).count() {
        _ if places.is_empty() => Err(error(
            "`documents` is empty; write a URL or path".to_owned(),
        )),
        0 => Ok(DocumentsKey::Places(places)),
        count if count == places.len() => Ok(DocumentsKey::Places(places)),
        _ => Err(error(
            "`documents` has both URLs and paths; use either, for example by downloading the files"
                .to_owned(),
        )),
    }
}

/// Checks the file of a choice. Merging checks that it exists.
pub(super) fn check_choice(source: &Source, client: &str, file: &str) -> Result<(), String> {
    if file.starts_with("https://") || file.starts_with("http://") {
        return Ok(());
    }
    let Source::Listings(_) = source else {
        let is_path = !file.is_empty() && !file.contains(char::is_control);
        return match is_path {
            true => Ok(()),
            false => Err(format!(
                "invalid file `{}`; write the path of a document, or the URL of a server",
                file.escape_debug()
            )),
        };
    };
    let (listing, name) = file
        .rsplit_once('/')
        .map_or((None, file), |(listing, name)| (Some(listing), name));
    let listing = listing.map(ListingRef::parse);
    if !is_plain_file_name(name) || matches!(listing, Some(None)) {
        return Err(format!(
            "invalid file `{file}`; write FILE, OWNER/REPOSITORY/PROVIDER/FILE, or the URL of a \
             server"
        ));
    }
    match listing.flatten() {
        Some(listing) if !source.names().contains(&listing.to_string()) => Err(format!(
            "`{file}` is not in a listing of the client `{client}`; its listings are {source}"
        )),
        _ => Ok(()),
    }
}
