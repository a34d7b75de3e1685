//! The index of a source: which files are documents, and where their APIs are.

use std::collections::{BTreeSet, HashMap, HashSet};

use apis_json::{Api, CATALOG_NAME, INDEX_NAMES, Index, IndexQueue};

use crate::settings::Settings;
use crate::sources::{Sources, extend_with_warnings};
use gallery_draft::{IndexEntry, RawFile};
use openapi_text::{Diagnostics, Location, Severity, printable, redact};

/// The reason why an included index that is not among the files is not read.
const NOT_IN_SOURCE: &str = "the source does not have it; add a client of its own for it";

/// The files and APIs of an index.
#[derive(Debug, Default)]
pub(crate) struct IndexFacts {
    /// The position of the index among the files.
    pub(crate) file: Option<usize>,
    /// The index, with the APIs of those that it includes.
    pub(crate) index: Option<Index>,
    /// The files of the index and of those that it includes.
    files: BTreeSet<usize>,
    /// The file of the index of each API.
    owners: Vec<usize>,
    /// The first API of each file.
    apis: HashMap<usize, usize>,
    /// The files that the settings name.
    required: BTreeSet<usize>,
    /// The files that are read as documents, if they are selected.
    selected: Option<BTreeSet<usize>>,
}

impl IndexFacts {
    /// Reads the index, if there is one.
    pub(crate) fn read(
        sources: &Sources<'_>,
        settings: &Settings<'_>,
        diagnostics: &mut Diagnostics,
    ) -> IndexFacts {
        let at = |name: &&str| (0..sources.len()).find(|it| sources.relative_path(*it) == *name);
        let file = match settings.index {
            Some(path) => (0..sources.len()).find(|it| sources.file(*it).path == path),
            None => INDEX_NAMES.iter().find_map(at),
        };
        let chosen = chosen(sources, settings.documents);
        let is_required = |file: &usize| is_named(sources.file(*file), settings.documents);
        let required = (0..sources.len()).filter(is_required).collect();
        let Some(file) = file else {
            let catalog = at(&CATALOG_NAME);
            if catalog.is_none() && !settings.apis.is_empty() {
                let message = "there is no index, so that no API can be selected";
                let location = Location::file(sources.place());
                diagnostics.push(Severity::Error, "no-index", location, message);
            }
            // A catalog has no facts about its documents, and only those that were selected from it
            // are downloaded.
            return IndexFacts {
                file: catalog,
                required,
                selected: chosen,
                ..IndexFacts::default()
            };
        };
        let mut facts = IndexFacts {
            file: Some(file),
            required,
            selected: match settings.apis {
                [] => chosen,
                _ => Some(BTreeSet::new()),
            },
            ..IndexFacts::default()
        };
        let Some(index) = facts.read_indexes(file, sources, diagnostics) else {
            return facts;
        };
        match index.positions(settings.apis) {
            Ok(selected) => {
                let selected: HashSet<usize> = selected.into_iter().collect();
                for (number, api) in index.apis.iter().enumerate() {
                    let is_selected = selected.contains(&number);
                    facts.add_api(number, api, is_selected, sources, diagnostics);
                }
            }
            Err(error) => {
                let location = Location::file(&sources.file(file).path);
                diagnostics.push(Severity::Error, "idle-api", location, error.to_string());
            }
        }
        facts.index = Some(index);
        facts
    }

    /// Reads the index or catalog in a file, with the APIs of the indexes that it includes.
    fn read_indexes(
        &mut self,
        first: usize,
        sources: &Sources<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Index> {
        let mut all: Option<Index> = None;
        let mut queue = IndexQueue::new(first);
        while let Some(file) = queue.pop() {
            let raw = sources.file(file);
            let mut own = diagnostics.child();
            let read = apis_json::read(&raw.path, &raw.bytes, &mut own);
            match file == first {
                true => diagnostics.extend(own),
                false => extend_with_warnings(diagnostics, &own, "the file is not read"),
            }
            let Some(mut index) = read else { continue };
            self.files.insert(file);
            for text in std::mem::take(&mut index.includes) {
                let included = sources.find(file, &text);
                let pushed = included.ok_or_else(|| NOT_IN_SOURCE.to_owned());
                let pushed = pushed.and_then(|included| {
                    let pushed = queue.push(included);
                    pushed.map_err(|reason| reason.to_string())
                });
                if let Err(reason) = pushed {
                    let text = printable(&redact::text(&text));
                    let message = format!("the included index `{text}` is not read: {reason}");
                    let location = Location::file(&raw.path);
                    diagnostics.push(Severity::Warning, "included-index", location, message);
                }
            }
            self.owners
                .resize(self.owners.len() + index.apis.len(), file);
            match &mut all {
                None => all = Some(index),
                Some(all) => all.apis.extend(index.apis),
            }
        }
        all
    }

    /// Adds the documents of an API.
    fn add_api(
        &mut self,
        number: usize,
        api: &Api,
        is_selected: bool,
        sources: &Sources<'_>,
        diagnostics: &mut Diagnostics,
    ) {
        let Some(&index) = self.owners.get(number) else {
            return;
        };
        for url in &api.documents {
            match sources.find_url(index, url) {
                Some(found) if found == index => {
                    let location = Location::pointer(&sources.file(index).path, &api.pointer);
                    let message = format!("`{url}` is the index itself, which is not a document");
                    diagnostics.push(Severity::Warning, "missing-document", location, message);
                }
                Some(found) => {
                    self.apis.entry(found).or_insert(number);
                    if let (Some(files), true) = (&mut self.selected, is_selected) {
                        files.insert(found);
                    }
                }
                None if !is_selected => {}
                None => {
                    let location = Location::pointer(&sources.file(index).path, &api.pointer);
                    let message = format!(
                        "the index names the document `{url}`, which the source does not have"
                    );
                    diagnostics.push(Severity::Warning, "missing-document", location, message);
                }
            }
        }
    }

    /// Returns true if a file is the index, or one that it includes.
    pub(crate) fn is_index(&self, file: usize) -> bool {
        self.file == Some(file) || self.files.contains(&file)
    }

    /// Returns true if an entry of the index names a file.
    pub(crate) fn names(&self, file: usize) -> bool {
        self.apis.contains_key(&file)
    }

    /// Returns true if a file must be a document, because an entry or the settings name it.
    pub(crate) fn requires(&self, file: usize) -> bool {
        self.names(file) || self.required.contains(&file)
    }

    /// Returns true if a file is read as a document.
    pub(crate) fn is_selected(&self, file: usize) -> bool {
        self.selected
            .as_ref()
            .is_none_or(|selected| selected.contains(&file))
    }

    /// Returns the API of a file.
    pub(crate) fn api(&self, file: usize) -> Option<&Api> {
        let number = self.apis.get(&file)?;
        self.index.as_ref()?.apis.get(*number)
    }

    /// Returns the entries of the index for the account.
    pub(crate) fn entries(&self) -> Vec<IndexEntry> {
        let mut firsts: HashMap<(&str, &[String]), usize> = HashMap::new();
        let apis = self.index.iter().flat_map(|index| &index.apis);
        let mut entries = Vec::new();
        for (number, api) in apis.enumerate() {
            let first = *firsts.entry((api.id(), &api.documents)).or_insert(number);
            entries.push(IndexEntry {
                name: api.name.clone(),
                slug: api.aid.clone(),
                documents: api.documents.clone(),
                duplicate_of: (first != number).then_some(first),
            });
        }
        entries
    }
}

/// Returns true if the path or the URL of a file is in a list.
fn is_named(file: &RawFile, documents: &[String]) -> bool {
    documents.contains(&file.path) || file.url.as_ref().is_some_and(|url| documents.contains(url))
}

/// Returns the files that are named or that are in a named directory, if there are any.
fn chosen(sources: &Sources<'_>, documents: &[String]) -> Option<BTreeSet<usize>> {
    let is_in_directory = |file: &RawFile| {
        let mut directories = documents.iter().map(|name| name.trim_end_matches('/'));
        directories.any(|directory| {
            let below = file.path.strip_prefix(directory);
            below.is_some_and(|rest| rest.starts_with('/'))
        })
    };
    let is_chosen = |file: &RawFile| is_named(file, documents) || is_in_directory(file);
    let files = (0..sources.len()).filter(|file| is_chosen(sources.file(*file)));
    Some(files.collect()).filter(|files: &BTreeSet<usize>| !files.is_empty())
}
