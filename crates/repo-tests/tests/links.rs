//! Links between Markdown pages lead to files and headings that exist.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeMap;

use repo_tests::{files, root};

#[test]
fn links_lead_somewhere() {
    let pages: BTreeMap<String, String> = files()
        .unwrap()
        .into_iter()
        .filter(|file| file.path.ends_with(".md"))
        .map(|file| (file.path, file.text))
        .collect();
    let mut broken = Vec::new();
    for (path, text) in &pages {
        for link in links(text) {
            let (target, anchor) = link.split_once('#').unwrap_or((link, ""));
            let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
            let target = match target {
                "" => path.clone(),
                target => normalize(directory, target),
            };
            let exists = root().join(&target).exists();
            let has_anchor = anchor.is_empty()
                || pages
                    .get(&target)
                    .is_some_and(|page| anchors(page).any(|a| a == anchor));
            if !exists || !has_anchor {
                broken.push(format!("{path}: {link}"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// Returns the targets of relative links.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| {
        let target = rest.split(')').next()?;
        let is_relative = !target.contains("://") && !target.contains([' ', '`', '(']);
        (is_relative && !target.is_empty()).then_some(target)
    })
}

/// Returns the anchors of the headings, as GitHub makes them.
fn anchors(text: &str) -> impl Iterator<Item = String> {
    text.lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| {
            let heading = line.trim_start_matches('#').trim();
            heading
                .chars()
                .filter_map(|c| match c {
                    ' ' => Some('-'),
                    '-' | '_' => Some(c),
                    c if c.is_alphanumeric() => Some(c.to_ascii_lowercase()),
                    _ => None,
                })
                .collect()
        })
}

fn normalize(directory: &str, target: &str) -> String {
    let mut segments: Vec<&str> = directory.split('/').filter(|s| !s.is_empty()).collect();
    for segment in target.split('/') {
        match segment {
            ".." => drop(segments.pop()),
            "." => {}
            segment => segments.push(segment),
        }
    }
    segments.join("/")
}
