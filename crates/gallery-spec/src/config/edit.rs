//! Adds clients to `gallery.toml` and removes them. Comments and order are kept.

use toml_edit::{Array, DocumentMut, Item, Table, Value, value};

use super::client::ClientConfig;
use super::code::TagFeatures;
use super::offset::PATH;
use crate::source::{DocumentsSource, Place, Source};
use openapi_text::{FileError, Location};

/// Adds a client at the end of `gallery.toml` and returns the new text.
pub fn add(text: &str, client: &ClientConfig) -> Result<String, FileError> {
    let mut document = read(text)?;
    // The comments of a file without tables and keys are behind the place of the first table.
    let header = match document.is_empty() {
        true => document.trailing().as_str().unwrap_or_default().to_owned(),
        false => String::new(),
    };
    if !header.is_empty() {
        document.set_trailing("");
    }
    let clients = document.entry("clients").or_insert_with(|| {
        let mut clients = Table::new();
        clients.set_implicit(true);
        Item::Table(clients)
    });
    let Some(clients) = clients.as_table_mut() else {
        return Err(inline());
    };
    let mut table = Table::new();
    table.insert("crate", value(&client.package));
    table.insert("version", value(&client.version));
    match &client.source {
        Source::Listings(listings) if listings.further.is_empty() => {
            table.insert("listing", value(listings.first.to_string()));
        }
        Source::Listings(listings) => {
            let listings = listings.all().map(ToString::to_string);
            table.insert("listings", value(lines(listings)));
        }
        Source::Documents(DocumentsSource::Index { place, apis }) => {
            table.insert("index", value(place.text()));
            if !apis.is_empty() {
                table.insert("apis", value(lines(apis.iter().cloned())));
            }
        }
        Source::Documents(DocumentsSource::Documents(places)) => match places.as_slice() {
            [place] => _ = table.insert("document", value(place.text())),
            places => {
                let places = places.iter().map(Place::text);
                table.insert("documents", value(lines(places)));
            }
        },
    }
    if client.all_components {
        table.insert("all-components", value(true));
    }
    if client.code.tag_features == TagFeatures::On {
        table.insert("tag-features", value(true));
    }
    if !text.trim().is_empty() {
        table.decor_mut().set_prefix(format!("{header}\n"));
    }
    clients.insert(&client.name, Item::Table(table));
    Ok(document.to_string())
}

/// Removes a client and the comments above its table from `gallery.toml`. Returns the new text.
///
/// Comments at the start of the file stay, if an empty line is below them.
pub fn remove(text: &str, name: &str) -> Result<String, FileError> {
    let mut document = read(text)?;
    let Some(clients) = document.get_mut("clients").and_then(Item::as_table_mut) else {
        return Err(inline());
    };
    let removed = clients.remove(name);
    let mut header = removed.as_ref().and_then(header).unwrap_or_default();
    if !header.is_empty() && text.trim_start().starts_with(header.trim_start()) {
        let tables = clients.iter_mut().map(|(_, table)| table);
        let next = tables.filter_map(Item::as_table_mut).next();
        if let Some(next) = next {
            let own = next.decor().prefix().and_then(|own| own.as_str());
            header.push_str(own.unwrap_or_default());
            next.decor_mut().set_prefix(header);
        } else {
            header.push_str(document.trailing().as_str().unwrap_or_default());
            document.set_trailing(header);
        }
    }
    Ok(document.to_string())
}

/// Sets the version of a client and returns the new text.
pub fn set_version(text: &str, name: &str, version: &str) -> Result<String, FileError> {
    let mut document = read(text)?;
    if let Some(old) = version_item(document.as_item_mut(), name) {
        let decor = old.decor().clone();
        *old = Value::from(version);
        *old.decor_mut() = decor;
    }
    Ok(document.to_string())
}

/// Returns the version of a client, without checking the rest of the file.
pub fn version(text: &str, name: &str) -> Option<String> {
    let mut document = read(text).ok()?;
    let version = version_item(document.as_item_mut(), name)?;
    version.as_str().map(str::to_owned)
}

fn version_item<'a>(document: &'a mut Item, name: &str) -> Option<&'a mut Value> {
    // `Item::get_mut` would add missing keys.
    let mut keys = ["clients", name, "version"].into_iter();
    let version = keys.try_fold(document, |item, key| item.as_table_like_mut()?.get_mut(key));
    version?.as_value_mut()
}

/// Returns the comments above a table, up to an empty line.
fn header(table: &Item) -> Option<String> {
    let prefix = table.as_table()?.decor().prefix()?.as_str()?;
    let end = prefix.rfind("\n\n")?;
    Some(prefix[..=end].to_owned())
}

/// Returns an array with one value per line.
fn lines(values: impl Iterator<Item = String>) -> Array {
    let mut array = Array::new();
    for text in values {
        let mut text = Value::from(text);
        text.decor_mut().set_prefix("\n    ");
        array.push_formatted(text);
    }
    array.set_trailing("\n");
    array.set_trailing_comma(true);
    array
}

fn read(text: &str) -> Result<DocumentMut, FileError> {
    text.parse()
        .map_err(|error: toml_edit::TomlError| FileError {
            location: Location::file(PATH),
            message: error.message().trim_end().to_owned(),
        })
}

fn inline() -> FileError {
    let message = "cannot edit inline clients; write each as a table `[clients.NAME]`".to_owned();
    FileError {
        location: Location::file(PATH),
        message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;
    use crate::source::ListingsSource;
    use expect_test::expect;
    use gallery_listings::ListingRef;

    #[test]
    fn the_first_client_is_below_the_comments() {
        let text = "# The client crates.\n# Two lines.\n";
        let first = add(text, &client("a")).unwrap();
        let both = add(&first, &client("b")).unwrap();
        expect![[r#"
            # The client crates.
            # Two lines.

            [clients.a]
            crate = "gallery-a"
            version = "0.1.0"
            listing = "o/r/p"

            [clients.b]
            crate = "gallery-b"
            version = "0.1.0"
            listing = "o/r/p"
        "#]]
        .assert_eq(&both);
        let second = remove(&both, "a").unwrap();
        assert!(second.starts_with("# The client crates.\n# Two lines.\n\n[clients.b]\n"));
        assert_eq!(remove(&second, "b").unwrap(), text);
    }

    fn client(name: &str) -> ClientConfig {
        ClientConfig {
            version: "0.1.0".into(),
            ..ClientConfig::of(name, ListingRef::parse("o/r/p").unwrap())
        }
    }

    const TEXT: &str = "# Ours.\nsource = 'https://host/' # a copy\n\n[clients.b] # the first\ncrate=\"b\"\nversion = \"1.0.0\"\n# why this one\nlisting = \"o/r/b\"\n# the end\n";

    #[test]
    fn adding_and_removing_a_client_changes_nothing_else() {
        let added = add(TEXT, &client("a")).unwrap();
        expect![[r##"
            # Ours.
            source = 'https://host/' # a copy

            [clients.b] # the first
            crate="b"
            version = "1.0.0"
            # why this one
            listing = "o/r/b"

            [clients.a]
            crate = "gallery-a"
            version = "0.1.0"
            listing = "o/r/p"
            # the end
        "##]]
        .assert_eq(&added);
        assert_eq!(config::parse(&added).unwrap().clients[0], client("a"));
        assert_eq!(remove(&added, "a").unwrap(), TEXT);
        for text in ["", "# nothing\n", "source = \"https://host/\"\n"] {
            let added = add(text, &client("a")).unwrap();
            assert_eq!(config::parse(&added).unwrap().clients, [client("a")]);
            assert_eq!(remove(&added, "a").unwrap(), text);
        }
    }

    #[test]
    fn setting_a_version_changes_nothing_else() {
        let set = set_version(TEXT, "b", "2.0.0").unwrap();
        assert_eq!(set, TEXT.replace("1.0.0", "2.0.0"));
        assert_eq!(version(&set, "b").as_deref(), Some("2.0.0"));
        let inline = "clients.b = { crate = 'b', version  =  '1.0.0'  } # ours\n";
        assert_eq!(
            set_version(inline, "b", "2.0.0").unwrap(),
            inline.replace("'1.0.0'", "\"2.0.0\"")
        );
        assert_eq!(set_version(TEXT, "a", "2.0.0").unwrap(), TEXT);
        assert_eq!(version("not TOML", "b"), None);
    }

    #[test]
    fn writes_one_listing_per_line_and_removes_choices_with_their_client() {
        let listing = |text| ListingRef::parse(text).unwrap();
        let two = ClientConfig {
            source: Source::Listings(ListingsSource {
                further: vec![listing("o2/r/p")],
                ..ListingsSource::new(listing("o/r/p"))
            }),
            ..client("a")
        };
        let added = add("", &two).unwrap();
        expect![[r#"
            [clients.a]
            crate = "gallery-a"
            version = "0.1.0"
            listings = [
                "o/r/p",
                "o2/r/p",
            ]
        "#]]
        .assert_eq(&added);
        assert_eq!(config::parse(&added).unwrap().clients, [two]);
        let text = format!("{TEXT}\n[clients.b.choices]\n\"GET /a\" = \"openapi.md\"\n");
        assert_eq!(
            remove(&add(&text, &client("a")).unwrap(), "b").unwrap(),
            add("# Ours.\nsource = 'https://host/' # a copy\n", &client("a")).unwrap()
        );
    }

    #[test]
    fn rejects_edits_of_inline_clients() {
        let text =
            "clients = { a = { crate = \"a\", version = \"1.0.0\", listing = \"o/r/a\" } }\n";
        assert!(config::parse(text).is_ok());
        expect![[r#"
            cannot edit inline clients; write each as a table `[clients.NAME]`
              --> specs/gallery.toml"#]]
        .assert_eq(&add(text, &client("b")).unwrap_err().to_string());
        assert!(remove(text, "a").is_err());
    }
}
