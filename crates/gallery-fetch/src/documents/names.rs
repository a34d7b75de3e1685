//! Paths of files in a snapshot.

use std::collections::BTreeSet;

use apis_json::INDEX_NAMES;
use gallery_spec::draft::is_plain_file_name;
use gallery_spec::lock::sha256;
use openapi_text::pointer::percent_decode;
use openapi_text::redact;
use url::Url;

use super::root::{Root, key};

/// The maximum length of a segment. Checksums are appended to it.
const MAX_SEGMENT: usize = 100;

/// The maximum length of a path, because some systems limit it.
const MAX_PATH: usize = 200;

/// The maximum length of an extension.
const MAX_EXTENSION: usize = 10;

/// Returns the path of an index.
pub(super) fn of_index(url: &Url, bytes: &[u8]) -> &'static str {
    let name = url.path().rsplit('/').next().unwrap_or_default();
    let known = INDEX_NAMES.into_iter().find(|known| *known == name);
    known.unwrap_or(match bytes.trim_ascii_start().first() {
        Some(b'{') => "apis.json",
        _ => "apis.yml",
    })
}

/// Returns different paths for the files at different URLs. `index` is the path of the first file,
/// if that is an index. The result does not depend on the order of the other files.
pub(super) fn assign(root: &Root, urls: &[&Url], index: Option<&'static str>) -> Vec<String> {
    let mut paths: Vec<String> = urls.iter().map(|url| plain_path(root, url)).collect();
    let mut taken: BTreeSet<String> = INDEX_NAMES.into_iter().map(str::to_owned).collect();
    if let (Some(index), Some(first)) = (index, paths.first_mut()) {
        index.clone_into(first);
        taken.insert(index.to_owned());
    }
    let folders: BTreeSet<String> = paths.iter().flat_map(|path| folders(path)).collect();
    let mut order: Vec<usize> = (usize::from(index.is_some())..urls.len()).collect();
    order.sort_by_cached_key(|&at| (paths[at] != paths[at].to_lowercase(), urls[at].as_str()));
    for at in order {
        let path = &paths[at];
        let is_free = |path: &String| {
            let path = path.to_lowercase();
            !taken.contains(&path) && !folders.contains(&path)
        };
        if !is_free(path) {
            let sum = sha256(key(urls[at]).as_bytes());
            let longer = (8..=sum.len()).step_by(8);
            let free = longer
                .map(|length| marked(path, &sum[..length]))
                .find(is_free);
            paths[at] = free.unwrap_or(sum);
        }
        taken.insert(paths[at].to_lowercase());
    }
    paths
}

/// Returns the path of a file, of plain segments.
fn plain_path(root: &Root, url: &Url) -> String {
    let path = match root.relative(url) {
        Some(path) => path.to_owned(),
        None => {
            let host = url.host_str().unwrap_or_default();
            let port = url
                .port()
                .map(|port| format!("_{port}"))
                .unwrap_or_default();
            format!("{host}{port}{}", url.path())
        }
    };
    let segments: Vec<String> = path
        .split('/')
        .map(|raw| plain(&percent_decode(raw)))
        .collect();
    let path = segments.join("/");
    if path.len() <= MAX_PATH {
        return path;
    }
    let sum = sha256(redact::url(url).as_bytes());
    marked(segments.last().map_or("", String::as_str), &sum[..16])
}

/// Returns a segment as it is if it is plain, and otherwise a similar one with a part of its
/// checksum.
fn plain(segment: &str) -> String {
    if is_plain_file_name(segment) && segment.len() <= MAX_SEGMENT {
        return segment.to_owned();
    }
    marked(segment, &sha256(segment.as_bytes())[..8])
}

/// Appends a mark to the name in a path, before its extension. The new name is plain.
fn marked(path: &str, mark: &str) -> String {
    let (folder, name) = match path.rfind('/') {
        Some(slash) => path.split_at(slash + 1),
        None => ("", path),
    };
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if is_extension(extension) => (stem, format!(".{extension}")),
        _ => (name, String::new()),
    };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let stem: String = stem
        .trim_start_matches('.')
        .chars()
        .map(|c| if is_plain(c) { c } else { '_' })
        .take(MAX_SEGMENT - MAX_EXTENSION)
        .collect();
    let stem = if stem.is_empty() {
        "file"
    } else {
        stem.as_str()
    };
    format!("{folder}{stem}-{mark}{extension}")
}

fn is_extension(text: &str) -> bool {
    (1..=MAX_EXTENSION).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// Returns the folders that have a file, in lowercase.
fn folders(path: &str) -> impl Iterator<Item = String> {
    let path = path.to_lowercase();
    let ends: Vec<usize> = path.match_indices('/').map(|(at, _)| at).collect();
    ends.into_iter().map(move |end| path[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    fn paths(urls: &[&str]) -> Vec<String> {
        let base = Url::parse("https://host/a/apis.yml").unwrap();
        let urls: Vec<Url> = urls.iter().map(|url| base.join(url).unwrap()).collect();
        let mut all = vec![&base];
        all.extend(&urls);
        assign(&Root::of(&base, 0), &all, Some("apis.yml")).split_off(1)
    }

    #[test]
    fn paths_are_plain_and_different() {
        let urls = [
            "openapi/beds.yml",
            "openapi/v1:beds.yml",
            "openapi/v1%3abeds.yaml?x=1",
            "https://other:8443/openapi/beds.yml",
            "//host/b/beds.yml",
            ".well-known/nul.json",
            "seeds/",
            "seeds",
            "Tools.yml",
            "tools.yml",
            "TOOLS.yml",
            "tools.yml?x=2",
            "APIS.yml",
            "apis.json",
            "%E5%BA%8A.yml",
            &format!("{}.yml", "x".repeat(300)),
            &format!("{}a.yml", "deep/".repeat(60)),
            &format!("{}b.yml", "deep/".repeat(60)),
        ];
        let found = paths(&urls);
        for path in &found {
            assert!(path.split('/').all(is_plain_file_name), "{path}");
        }
        let lower: BTreeSet<String> = found.iter().map(|path| path.to_lowercase()).collect();
        assert_eq!(lower.len(), urls.len());
        expect![[r#"
            openapi/beds.yml
            openapi/v1_beds-a9cd377d.yml
            openapi/v1_beds-d2ae6c02.yaml
            other_8443/openapi/beds.yml
            host/b/beds.yml
            well-known-18f22b25/nul-01207fdc.json
            seeds/file-e3b0c442
            seeds-62ac151f
            Tools-766ea617.yml
            tools.yml
            TOOLS-25a12f9c.yml
            tools-88b2e8de.yml
            APIS-5505612a.yml
            apis-8af92a15.json
            _-c56a604e.yml
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-edfde98f.yml
            a-f51ae1ad16b604bd.yml
            b-164ded7739c8c7b0.yml"#]].assert_eq(&found.join("\n"));
    }

    #[test]
    fn paths_do_not_depend_on_the_order() {
        let urls = ["Ab.yml", "aB.yml", "ab.yml", "a", "a/b.yml", "A/c.yml"];
        let forward = paths(&urls);
        let mut backward: Vec<&str> = urls.to_vec();
        backward.reverse();
        let mut backward = paths(&backward);
        backward.reverse();
        assert_eq!(forward, backward);
        assert_eq!(forward[2], "ab.yml");
        assert_eq!(forward[4..], ["a/b.yml", "A/c.yml"]);
    }
}
