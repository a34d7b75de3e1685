//! `specs/CLIENT/equivalent-mutants.toml`: mutants that no test can tell from the client, each with the reason that a person found.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result, bail};
use gallery_mutants::Mutant;
use gallery_spec::config::ClientConfig;

use super::report::Row;

/// The mutants of a client that people have found to be no faults.
#[derive(Clone, Debug, Default)]
pub(super) struct Equivalents {
    /// The file, for messages.
    path: String,
    /// Reason and line, by id.
    mutants: BTreeMap<String, (String, usize)>,
}

impl Equivalents {
    /// Reads the file of a client. One that is not there lists nothing.
    pub(super) fn read(root: &Path, config: &ClientConfig) -> Result<Equivalents> {
        let path = format!("{}/equivalent-mutants.toml", config.specs_dir());
        match fs::read_to_string(root.join(&path)) {
            Ok(text) => Equivalents::parse(&path, &text),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Equivalents::default()),
            Err(error) => Err(error).context(path),
        }
    }

    fn parse(path: &str, text: &str) -> Result<Equivalents> {
        let file: toml::Table = text.parse().with_context(|| path.to_owned())?;
        let mut mutants = BTreeMap::new();
        for (key, value) in &file {
            let Some(table) = value.as_table().filter(|_| key == "equivalent") else {
                bail!(
                    "{path}: `{key}` is not known; there is a table `equivalent` of ids and reasons"
                );
            };
            for (id, reason) in table {
                let line = text
                    .lines()
                    .position(|line| line.contains(id.as_str()))
                    .map_or(1, |at| at + 1);
                match reason
                    .as_str()
                    .map(str::trim)
                    .filter(|reason| !reason.is_empty())
                {
                    Some(reason) => mutants.insert(id.clone(), (reason.to_owned(), line)),
                    None => bail!(
                        "{path}:{line}: `{id}` has no reason; say why no user can tell it from the client"
                    ),
                };
            }
        }
        Ok(Equivalents {
            path: path.to_owned(),
            mutants,
        })
    }

    /// Why a mutant is no fault, if it is none.
    pub(super) fn reason(&self, id: &str) -> Option<&str> {
        self.mutants.get(id).map(|(reason, _)| reason.as_str())
    }

    /// What is wrong with those that do not exist.
    pub(super) fn unknown(&self, all: &[Mutant]) -> Vec<String> {
        let is_unknown = |id: &&String| !all.iter().any(|mutant| mutant.id == **id);
        self.said(
            self.mutants.keys().filter(is_unknown),
            "there is no such mutant any more; take it out",
        )
    }

    /// What is wrong with those that were killed.
    pub(super) fn killed(&self, rows: &[Row<'_>]) -> Vec<String> {
        let killed = rows
            .iter()
            .filter(|row| row.reason.is_some() && row.verdict.is_killed());
        killed
            .flat_map(|row| {
                let by = row.verdict.by().unwrap_or_else(|| row.verdict.kind());
                self.said(
                    std::iter::once(&row.mutant.id),
                    &format!("it is not equivalent: it was killed by {by}; take it out"),
                )
            })
            .collect()
    }

    fn said<'a>(&self, ids: impl Iterator<Item = &'a String>, what: &str) -> Vec<String> {
        ids.map(|id| {
            format!(
                "{}:{}: `{id}`: {what}",
                self.path,
                self.mutants.get(id).map_or(1, |(_, line)| *line)
            )
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mutants::Verdict;
    use expect_test::{Expect, expect};

    const CODE: &str = include_str!("../../../gallery-mattermost/src/generated.rs");
    const REAL: &str = "accept-dropped:get_team_member:application/json";

    fn refused(text: &str, expected: &Expect) {
        expected.assert_eq(&format!(
            "{:#}",
            Equivalents::parse("specs/c/equivalent-mutants.toml", text).unwrap_err()
        ));
    }

    #[test]
    fn a_file_that_is_wrong_is_refused() {
        refused(
            "[equivalent]\n\"a:b:c\" = \" \"\n",
            &expect![
                "specs/c/equivalent-mutants.toml:2: `a:b:c` has no reason; say why no user can tell it from the client"
            ],
        );
        refused(
            "[mutants]\n",
            &expect![
                "specs/c/equivalent-mutants.toml: `mutants` is not known; there is a table `equivalent` of ids and reasons"
            ],
        );
    }

    #[test]
    fn what_is_listed_must_exist_and_survive() {
        let all = gallery_mutants::mutants(CODE).unwrap();
        let text = format!(
            "[equivalent]\n\"{REAL}\" = \"none can tell\"\n\"gone:a:b\" = \"none could\"\n"
        );
        let listed = Equivalents::parse("specs/c/equivalent-mutants.toml", &text).unwrap();
        expect!["specs/c/equivalent-mutants.toml:3: `gone:a:b`: there is no such mutant any more; take it out"]
            .assert_eq(&listed.unknown(&all).join("\n"));
        let mutant = all.iter().find(|mutant| mutant.id == REAL).unwrap();
        let row = |verdict| {
            [Row {
                mutant,
                reason: listed.reason(REAL),
                verdict,
            }]
        };
        assert_eq!(listed.killed(&row(Verdict::Survived)), Vec::<String>::new());
        expect!["specs/c/equivalent-mutants.toml:2: `accept-dropped:get_team_member:application/json`: it is not equivalent: it was killed by get_team_member::accept; take it out"]
            .assert_eq(&listed.killed(&row(Verdict::Check("get_team_member::accept".to_owned()))).join("\n"));
    }
}
