//! What a person decided where copies of an endpoint differ. A choice that no copy answers to is an error; one whose copies agree is a
//! warning, as copies may come to agree upstream at any time, and that must not stop anything.

use std::collections::{BTreeMap, BTreeSet};

use openapi_text::Location;
use openapi_text::suggest::closest;

/// The choices of a client, by endpoint as `names.toml` writes it.
pub type Choices = BTreeMap<String, Choice>;

/// The file whose copy of an endpoint is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// `FILE`, or `OWNER/REPOSITORY/PROVIDER/FILE` where several listings have such a file.
    pub file: String,
    /// Where the choice was made.
    pub place: Location,
}

/// How alike an endpoint must be to be offered for a mistyped one; 1 is equal.
const ALIKE: f64 = 0.75;

impl Choice {
    /// The copy that is meant, by its position, or why none is. `copies` are the files with their listings before them, `variants` says
    /// which of them agree.
    pub fn select(&self, copies: &[String], variants: &[usize]) -> Result<usize, String> {
        let is_meant = |copy: &String| {
            copy.strip_suffix(&self.file)
                .is_some_and(|before| before.is_empty() || before.ends_with('/'))
        };
        let meant: Vec<usize> = (0..copies.len())
            .filter(|&at| is_meant(&copies[at]))
            .collect();
        let Some(&first) = meant.first() else {
            return Err(format!(
                "is `{}`, which is not there or lacks that endpoint; choose one of {} (`documents = \"all\"` brings all \
                 that an index names)",
                self.file,
                listed(copies.iter())
            ));
        };
        let files: BTreeSet<&String> = meant.iter().map(|&at| &copies[at]).collect();
        if files.len() > 1 && meant.iter().any(|&at| variants[at] != variants[first]) {
            return Err(format!(
                "is `{}`, which several listings have; write one of {}",
                self.file,
                listed(files.into_iter())
            ));
        }
        Ok(first)
    }
}

/// Why a choice for an endpoint that there is not applies to nothing.
pub fn unmatched_choice(wanted: &str, endpoints: &[String]) -> String {
    let advice = match closest(
        &nameless(wanted),
        endpoints.iter().map(String::as_str),
        ALIKE,
    ) {
        Some(endpoint) => format!("did you mean `{endpoint}`?"),
        None => "remove it, or write it as names.toml does".to_owned(),
    };
    format!("the choice for `{wanted}` applies to no endpoint; {advice}")
}

/// An endpoint as a person may write it, with the names of its variables taken out, as a key has it.
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

fn listed<'a>(copies: impl Iterator<Item = &'a String>) -> String {
    let copies: BTreeSet<&String> = copies.collect();
    let mut shown: Vec<String> = copies
        .iter()
        .take(MOST_SHOWN)
        .map(|copy| format!("`{copy}`"))
        .collect();
    if copies.len() > MOST_SHOWN {
        shown.push(format!("{} more", copies.len() - MOST_SHOWN));
    }
    shown.join(", ")
}

/// Big listings have hundreds of copies of an endpoint.
const MOST_SHOWN: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    #[test]
    fn a_copy_is_known_by_its_file_or_by_its_listing_and_file() {
        let copies =
            ["o/one/p/a.md", "o/one/p/openapi.md", "o/two/p/openapi.md"].map(str::to_owned);
        let of = |file: &str, variants: &[usize]| {
            let choice = Choice {
                file: file.to_owned(),
                place: Location::file("here"),
            };
            choice
                .select(&copies, variants)
                .map_or_else(|message| message, |at| copies[at].clone())
        };
        assert_eq!(of("a.md", &[0, 1, 2]), copies[0]);
        assert_eq!(of("o/two/p/openapi.md", &[0, 1, 2]), copies[2]);
        assert_eq!(of("openapi.md", &[0, 1, 1]), copies[1]);
        expect!["is `openapi.md`, which several listings have; write one of `o/one/p/openapi.md`, `o/two/p/openapi.md`"]
            .assert_eq(&of("openapi.md", &[0, 1, 2]));
        expect![[r#"is `api.md`, which is not there or lacks that endpoint; choose one of `o/one/p/a.md`, `o/one/p/openapi.md`, `o/two/p/openapi.md` (`documents = "all"` brings all that an index names)"#]]
        .assert_eq(&of("api.md", &[0, 1, 2]));
    }

    #[test]
    fn the_nearest_endpoint_is_offered() {
        let endpoints =
            ["GET /teams/{}/members", "PUT /teams/{}/members", "GET /b"].map(str::to_owned);
        let check =
            |wanted: &str, said: Expect| said.assert_eq(&unmatched_choice(wanted, &endpoints));
        check(
            "PUT /teams/{team_id}/members",
            expect![
                "the choice for `PUT /teams/{team_id}/members` applies to no endpoint; did you mean `PUT /teams/{}/members`?"
            ],
        );
        check(
            "GET /teams/{}/member",
            expect![
                "the choice for `GET /teams/{}/member` applies to no endpoint; did you mean `GET /teams/{}/members`?"
            ],
        );
        check(
            "GET /channels/{",
            expect![
                "the choice for `GET /channels/{` applies to no endpoint; remove it, or write it as names.toml does"
            ],
        );
    }
}
