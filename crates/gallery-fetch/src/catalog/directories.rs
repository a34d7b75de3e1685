//! Reads the catalog of a mirror.

use std::path::Path;

use gallery_spec::draft::is_plain_file_name;
use gallery_spec::listings::INDEX;

use super::entries::{Kind, Provider, Repository, Unread};
use crate::error::FetchError;

/// Returns the repositories of one kind in a mirror.
pub(super) fn repositories(
    kind: Kind,
    root: &Path,
) -> Result<(Vec<Repository>, Vec<Unread>), FetchError> {
    let prefix = format!("{}__", kind.owner());
    let names = sub_folders(root)?;
    let is_repository =
        |name: &String| name.contains("__") && root.join(name).join("_listings").is_dir();
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
