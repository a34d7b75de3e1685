//! `report.json` accounts for every entry of the index and of the documents. Each entry is an
//! endpoint or a duplicate of one.

use std::collections::BTreeSet;

use crate::workspace::{Workspace, json};

const REPORT: &str = "specs/mattermost/report.json";

#[test]
fn counts_match_the_listing() {
    let report = json!(Workspace::generated(), REPORT);
    let count = |name: &str| report["counts"][name].as_u64().unwrap();
    assert_eq!(
        (
            count("index_entries"),
            count("index_distinct"),
            count("index_duplicates")
        ),
        (14, 7, 7)
    );
    assert_eq!((count("documents"), count("operation_entries")), (8, 56));
    assert_eq!(
        (count("endpoints"), count("duplicates"), count("dropped")),
        (7, 49, 0)
    );
    for (list, length) in [
        ("index", 14),
        ("documents", 8),
        ("endpoints", 7),
        ("dropped", 0),
        ("unread_files", 0),
        ("warnings", 0),
    ] {
        assert_eq!(report[list].as_array().unwrap().len(), length, "{list}");
    }
}

#[test]
fn every_operation_entry_belongs_to_one_endpoint() {
    let workspace = Workspace::generated();
    let report = json!(workspace, REPORT);
    let mut all_sources = BTreeSet::new();
    for endpoint in report["endpoints"].as_array().unwrap() {
        let sources: Vec<&str> = endpoint["sources"]
            .as_array()
            .unwrap()
            .iter()
            .map(|source| source.as_str().unwrap())
            .collect();
        assert_eq!(sources.len(), 8, "{}", endpoint["operation_id"]);
        assert!(sources.contains(&endpoint["chosen"].as_str().unwrap()));
        // Each source is in a different document, under the endpoint's method.
        let method = endpoint["method"].as_str().unwrap().to_lowercase();
        assert!(
            sources
                .iter()
                .all(|source| source.ends_with(&format!("/{method}")))
        );
        let files: BTreeSet<&str> = sources
            .iter()
            .map(|source| source.split('#').next().unwrap())
            .collect();
        assert_eq!(files.len(), 8);
        assert!(files.iter().all(|file| workspace.path(file).is_file()));
        all_sources.extend(sources);
    }
    assert_eq!(all_sources.len(), 56);
}

#[test]
fn every_index_entry_is_an_endpoint_or_names_the_one_it_duplicates() {
    let report = json!(Workspace::generated(), REPORT);
    let index = report["index"].as_array().unwrap();
    let slugs: BTreeSet<_> = report["endpoints"]
        .as_array()
        .unwrap()
        .iter()
        .map(|endpoint| endpoint["slug"].as_str())
        .collect();
    assert_eq!(slugs.len(), 7);
    for (position, entry) in index.iter().enumerate() {
        assert!(slugs.contains(&entry["slug"].as_str()));
        match entry["duplicate_of"].as_u64() {
            Some(first) => {
                let first = first as usize;
                assert!(
                    first < position
                        && index[first]["duplicate_of"].is_null()
                        && index[first]["slug"] == entry["slug"]
                );
            }
            None => assert!(
                index[..position]
                    .iter()
                    .all(|earlier| earlier["slug"] != entry["slug"])
            ),
        }
    }
}
