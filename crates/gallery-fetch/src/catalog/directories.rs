//! Reads the catalog of a mirror.

use std::fs;
use std::path::{Path, PathBuf};

use gallery_spec::draft::is_plain_file_name;
use gallery_spec::listings::INDEX;
use openapi_text::Diagnostics;
use openapi_text::front_matter::MAX_FILE_BYTES;

use super::entries::{ApisIoProvider, Kind, Provider, Repository, Unread};
use crate::documents::INDEXES;
use crate::error::FetchError;

/// Returns the repositories of one kind in a mirror.
pub(super) fn repositories(
    kind: Kind,
    root: &Path,
) -> Result<(Vec<Repository>, Vec<Unread>), FetchError> {
    let prefix = format!("{}__", kind.owner());
    let names = sub_folders(root)?;
    let is_repository = |name: &String| {
        let folder = root.join(name);
        name.contains("__") && (folder.join("_listings").is_dir() || index(&folder).is_some())
    };
    if !names.iter().any(is_repository) {
        return Err(FetchError::NoMirror {
            folder: root.display().to_string(),
        });
    }
    let slugs = names.iter().filter_map(|name| name.strip_prefix(&prefix));
    let repository = |slug: &str| Repository {
        kind,
        slug: slug.to_owned(),
        label: slug.to_owned(),
        description: String::new(),
        paths: None,
    };
    Ok((slugs.map(repository).collect(), Vec::new()))
}

/// Returns the providers of one repository in a mirror, sorted by slug, and the directories without
/// an index.
pub(super) fn providers(
    repository: &Repository,
    root: &Path,
) -> Result<(Vec<Provider>, Vec<Unread>), FetchError> {
    let folder = root.join(format!(
        "{}__{}/_listings",
        repository.kind.owner(),
        repository.slug
    ));
    let names = sub_folders(&folder)?;
    let has_index = |name: &String| folder.join(name).join(INDEX).is_file();
    let (providers, others): (Vec<_>, Vec<_>) = names.into_iter().partition(has_index);
    let unread = |name| Unread {
        at: folder.join(name).display().to_string(),
        reason: format!("the directory has no {INDEX}"),
    };
    let provider = |slug: String| Provider {
        name: slug.clone(),
        slug,
    };
    Ok((
        providers.into_iter().map(provider).collect(),
        others.into_iter().map(unread).collect(),
    ))
}

/// Returns the providers of APIs.io in a mirror, sorted by slug: the repositories of `owner` that
/// have an index.
pub(crate) fn apis_io_of_mirror(
    root: &Path,
    owner: &str,
) -> Result<Vec<ApisIoProvider>, FetchError> {
    let prefix = format!("{owner}__");
    let mut providers = Vec::new();
    for name in sub_folders(root)? {
        let Some(slug) = name.strip_prefix(&prefix) else {
            continue;
        };
        if let Some(path) = index(&root.join(&name)) {
            providers.push(apis_io_provider(slug, &path)?);
        }
    }
    Ok(providers)
}

/// Returns the path of the index of a repository of APIs.io.
fn index(repository: &Path) -> Option<PathBuf> {
    let mut paths = INDEXES.iter().map(|name| repository.join(name));
    paths.find(|path| {
        let metadata = fs::symlink_metadata(path);
        metadata.is_ok_and(|it| it.is_file() && it.len() <= MAX_FILE_BYTES as u64)
    })
}

/// Returns the facts of an index. One that cannot be read has none.
fn apis_io_provider(slug: &str, path: &Path) -> Result<ApisIoProvider, FetchError> {
    let at = path.display().to_string();
    let bytes = fs::read(path).map_err(|error| FetchError::Disk {
        at: at.clone(),
        error,
    })?;
    let index = apis_json::parse(&at, &bytes, &mut Diagnostics::default()).unwrap_or_default();
    Ok(ApisIoProvider {
        slug: slug.to_owned(),
        title: index.name.unwrap_or_else(|| slug.to_owned()),
        description: index.description.unwrap_or_default(),
        documents: index.apis.iter().map(|api| api.documents.len()).sum(),
    })
}

fn sub_folders(folder: &Path) -> Result<Vec<String>, FetchError> {
    let disk = |error| FetchError::Disk {
        at: folder.display().to_string(),
        error,
    };
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(disk)? {
        let entry = entry.map_err(disk)?;
        if let Some(name) = entry
            .file_name()
            .to_str()
            .filter(|name| is_plain_file_name(name) && entry.path().is_dir())
        {
            names.push(name.to_owned());
        }
    }
    names.sort();
    Ok(names)
}
