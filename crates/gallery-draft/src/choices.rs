//! Choices in the configuration between entries that differ.
//!
//! A choice that matches nothing is an error. A choice between entries that agree is a warning:
//! entries may come to agree upstream at any time, and that must not stop a run.

use std::collections::{BTreeMap, BTreeSet};

use openapi_text::suggest::closest;
use openapi_text::{Diagnostics, Location, Severity};

use crate::endpoint::EndpointKey;

/// The choices of a client, by endpoint in the format of `names.toml`.
pub type Choices = BTreeMap<String, Choice>;

/// The file whose entry of an endpoint is used, or the server that responds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// `FILE`, or `NAME/FILE` if several sources have such a file, or the URL of a server.
    pub file: String,
    /// The location of the choice.
    pub place: Location,
}

/// The similarity from which an endpoint is suggested for a mistyped one; 1 is equal.
const MIN_SIMILARITY: f64 = 0.75;

impl Choice {
    /// Returns true if the choice names a server.
    pub fn is_server(&self) -> bool {
        self.file.contains("://")
    }

    /// Returns the position of the file that is chosen for an endpoint. Reports a choice that no
    /// file matches, and one between entries that agree.
    pub fn apply(
        &self,
        key: &EndpointKey,
        files: &[String],
        variants: &[usize],
        do_entries_agree: bool,
        diagnostics: &mut Diagnostics,
    ) -> Option<usize> {
        match self.select(files, variants) {
            Ok(position) => {
                if do_entries_agree {
                    let message = format!(
                        "the entries of `{key}` agree; the choice has no effect and can be removed"
                    );
                    let place = self.place.clone();
                    diagnostics.push(Severity::Warning, "needless-choice", place, message);
                }
                Some(position)
            }
            Err(reason) => {
                let message = format!("the choice for `{key}` {reason}");
                diagnostics.push_unmatched("idle-choice", self.place.clone(), message);
                None
            }
        }
    }

    /// Returns the position of the chosen file, or the reason why no file matches.
    ///
    /// `files` are all candidates with the names of their sources. `variants` has for each of them
    /// the position of the first candidate that is equal to it.
    fn select(&self, files: &[String], variants: &[usize]) -> Result<usize, String> {
        let matches = |file: &String| {
            file.strip_suffix(&self.file)
                .is_some_and(|before| before.is_empty() || before.ends_with('/'))
        };
        let positions: Vec<usize> = (0..files.len())
            .filter(|&position| matches(&files[position]))
            .collect();
        let Some(&first) = positions.first() else {
            return Err(format!(
                "names `{}`, which does not exist or lacks the endpoint; choose one of {} \
                 (`documents = \"all\"` fetches every document of an index)",
                self.file,
                list(files.iter())
            ));
        };
        let distinct: BTreeSet<&String> = positions.iter().map(|&at| &files[at]).collect();
        if distinct.len() > 1 && positions.iter().any(|&at| variants[at] != variants[first]) {
            return Err(format!(
                "names `{}`, which several sources have; choose one of {}",
                self.file,
                list(distinct.into_iter())
            ));
        }
        Ok(first)
    }
}

/// Reports choices whose endpoints do not exist. `endpoints` are all that exist.
pub fn report_unmatched_choices<'k>(
    unmatched: &BTreeMap<&String, &Choice>,
    endpoints: impl Iterator<Item = &'k EndpointKey>,
    diagnostics: &mut Diagnostics,
) {
    if unmatched.is_empty() {
        return;
    }
    let keys: Vec<String> = endpoints.map(ToString::to_string).collect();
    for (endpoint, choice) in unmatched {
        let message = unmatched_choice(endpoint, &keys);
        diagnostics.push_unmatched("idle-choice", choice.place.clone(), message);
    }
}

/// Reports an endpoint with entries that differ, at the location of the entry that is used.
pub fn report_conflict(
    key: &EndpointKey,
    entries: usize,
    location: Location,
    diagnostics: &mut Diagnostics,
) {
    let message = format!("{key}: {entries} entries differ in more than prose; this one is used");
    diagnostics.push(Severity::Warning, "copies-differ", location, message);
}

/// Returns the message for a choice whose endpoint does not exist.
fn unmatched_choice(wanted: &str, endpoints: &[String]) -> String {
    let advice = match closest(
        &nameless(wanted),
        endpoints.iter().map(String::as_str),
        MIN_SIMILARITY,
    ) {
        Some(endpoint) => format!("did you mean `{endpoint}`?"),
        None => "remove it, or write the endpoint as names.toml does".to_owned(),
    };
    format!("the choice for `{wanted}` matches no endpoint; {advice}")
}

/// Removes the names of variables from an endpoint.
fn nameless(endpoint: &str) -> String {
    let mut text = String::new();
    let mut parts = endpoint.split('{');
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        text.push('{');
        text.push_str(part.find('}').map_or(part, |end| &part[end..]));
    }
    text
}

/// Lists the first files of a big listing, which may have hundreds.
fn list<'a>(files: impl Iterator<Item = &'a String>) -> String {
    let files: BTreeSet<&String> = files.collect();
    let mut shown: Vec<String> = files
        .iter()
        .take(MAX_LISTED)
        .map(|file| format!("`{file}`"))
        .collect();
    if files.len() > MAX_LISTED {
        shown.push(format!("{} more", files.len() - MAX_LISTED));
    }
    shown.join(", ")
}

/// The number of files that a message lists.
const MAX_LISTED: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    #[test]
    fn selects_by_file_or_by_source_and_file() {
        let files = ["o/one/p/a.md", "o/one/p/openapi.md", "o/two/p/openapi.md"].map(str::to_owned);
        let of = |file: &str, variants: &[usize]| {
            let choice = Choice {
                file: file.to_owned(),
                place: Location::file("here"),
            };
            choice
                .select(&files, variants)
                .map_or_else(|message| message, |at| files[at].clone())
        };
        assert_eq!(of("a.md", &[0, 1, 2]), files[0]);
        assert_eq!(of("o/two/p/openapi.md", &[0, 1, 2]), files[2]);
        assert_eq!(of("openapi.md", &[0, 1, 1]), files[1]);
        expect!["names `openapi.md`, which several sources have; choose one of `o/one/p/openapi.md`, `o/two/p/openapi.md`"]
            .assert_eq(&of("openapi.md", &[0, 1, 2]));
        expect![[r#"names `api.md`, which does not exist or lacks the endpoint; choose one of `o/one/p/a.md`, `o/one/p/openapi.md`, `o/two/p/openapi.md` (`documents = "all"` fetches every document of an index)"#]]
        .assert_eq(&of("api.md", &[0, 1, 2]));
    }

    #[test]
    fn suggests_the_nearest_endpoint() {
        let endpoints =
            ["GET /teams/{}/members", "PUT /teams/{}/members", "GET /b"].map(str::to_owned);
        let check = |wanted: &str, expected: Expect| {
            expected.assert_eq(&unmatched_choice(wanted, &endpoints));
        };
        check(
            "PUT /teams/{team_id}/members",
            expect![
                "the choice for `PUT /teams/{team_id}/members` matches no endpoint; did you mean `PUT /teams/{}/members`?"
            ],
        );
        check(
            "GET /teams/{}/member",
            expect![
                "the choice for `GET /teams/{}/member` matches no endpoint; did you mean `GET /teams/{}/members`?"
            ],
        );
        check(
            "GET /channels/{",
            expect![
                "the choice for `GET /channels/{` matches no endpoint; remove it, or write the endpoint as names.toml does"
            ],
        );
    }
}
