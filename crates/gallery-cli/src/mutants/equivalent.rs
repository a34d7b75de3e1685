//! Reader for `specs/CLIENT/equivalent-mutants.toml`. The file lists mutants that no test can
//! distinguish from the client, each with a reason.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result, bail};
use gallery_mutants::Mutant;
use gallery_spec::config::ClientConfig;

use super::verdict::MutantResult;

/// The equivalent mutants of a client.
#[derive(Clone, Debug, Default)]
pub(super) struct Equivalents {
    /// The path of the file, for messages.
    path: String,
    /// Entries by mutant id.
    entries: BTreeMap<String, Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    reason: String,
    line: usize,
}

impl Equivalents {
    /// Reads the file of a client. A missing file is an empty list.
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
        let mut entries = BTreeMap::new();
        for (key, value) in &file {
            let Some(table) = value.as_table().filter(|_| key == "equivalent") else {
                bail!(
                    "{path}: unknown key `{key}`; expected a table `equivalent` of ids and reasons"
                );
            };
            for (id, reason) in table {
                let line = text
                    .lines()
                    .position(|line| line.contains(id.as_str()))
                    .map_or(1, |index| index + 1);
                let reason = reason.as_str().map(str::trim).unwrap_or_default();
                if reason.is_empty() {
                    bail!(
                        "{path}:{line}: `{id}` has no reason; explain why no user can distinguish it from the client"
                    );
                }
                let reason = reason.to_owned();
                entries.insert(id.clone(), Entry { reason, line });
            }
        }
        Ok(Equivalents {
            path: path.to_owned(),
            entries,
        })
    }

    /// Returns the reason why a mutant is equivalent, if it is listed.
    pub(super) fn reason(&self, id: &str) -> Option<&str> {
        self.entries.get(id).map(|entry| entry.reason.as_str())
    }

    /// Returns an error message for each entry without a mutant.
    pub(super) fn unknown(&self, mutants: &[Mutant]) -> Vec<String> {
        self.entries
            .keys()
            .filter(|id| !mutants.iter().any(|mutant| mutant.id == **id))
            .map(|id| self.message(id, "there is no such mutant; remove the entry"))
            .collect()
    }

    /// Returns an error message for each entry whose mutant was killed.
    pub(super) fn killed(&self, results: &[MutantResult<'_>]) -> Vec<String> {
        results
            .iter()
            .filter(|result| result.equivalent.is_some() && result.verdict.is_killed())
            .map(|result| {
                let verdict = &result.verdict;
                let killed_by = verdict.killed_by().unwrap_or_else(|| verdict.kind());
                self.message(
                    &result.mutant.id,
                    &format!("not equivalent: killed by {killed_by}; remove the entry"),
                )
            })
            .collect()
    }

    fn message(&self, id: &str, problem: &str) -> String {
        let line = self.entries.get(id).map_or(1, |entry| entry.line);
        format!("{}:{line}: `{id}`: {problem}", self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mutants::verdict::Verdict;
    use expect_test::{Expect, expect};

    const CODE: &str = include_str!("../../../gallery-mattermost/src/generated.rs");
    const ID: &str = "accept-dropped:get_team_member:accept";

    fn assert_rejected(text: &str, expected: &Expect) {
        expected.assert_eq(&format!(
            "{:#}",
            Equivalents::parse("specs/c/equivalent-mutants.toml", text).unwrap_err()
        ));
    }

    #[test]
    fn rejects_an_entry_without_a_reason() {
        assert_rejected(
            "[equivalent]\n\"a:b:c\" = \" \"\n",
            &expect![
                "specs/c/equivalent-mutants.toml:2: `a:b:c` has no reason; explain why no user can distinguish it from the client"
            ],
        );
    }

    #[test]
    fn rejects_an_unknown_table() {
        assert_rejected(
            "[mutants]\n",
            &expect![
                "specs/c/equivalent-mutants.toml: unknown key `mutants`; expected a table `equivalent` of ids and reasons"
            ],
        );
    }

    #[test]
    fn reports_entries_whose_mutant_does_not_exist_or_was_killed() {
        let mutants = gallery_mutants::mutants(&[("", CODE)]).unwrap();
        let text = format!(
            "[equivalent]\n\"{ID}\" = \"same behaviour\"\n\"gone:a:b\" = \"same behaviour\"\n"
        );
        let equivalents = Equivalents::parse("specs/c/equivalent-mutants.toml", &text).unwrap();
        expect!["specs/c/equivalent-mutants.toml:3: `gone:a:b`: there is no such mutant; remove the entry"]
            .assert_eq(&equivalents.unknown(&mutants).join("\n"));
        let mutant = mutants.iter().find(|mutant| mutant.id == ID).unwrap();
        let results = |verdict| {
            [MutantResult {
                mutant,
                equivalent: equivalents.reason(ID),
                verdict,
            }]
        };
        assert_eq!(
            equivalents.killed(&results(Verdict::Survived)),
            Vec::<String>::new()
        );
        let killed = Verdict::Check("get_team_member::accept".to_owned());
        expect!["specs/c/equivalent-mutants.toml:2: `accept-dropped:get_team_member:accept`: not equivalent: killed by get_team_member::accept; remove the entry"]
            .assert_eq(&equivalents.killed(&results(killed)).join("\n"));
    }
}
