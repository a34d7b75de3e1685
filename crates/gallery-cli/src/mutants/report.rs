//! The report of a run, as text and as JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use anyhow::Result;
use gallery_mutants::{Mutant, OPERATORS};
use gallery_regen::text::counted;
use serde_json::{Value, json};

use super::client::ClientCrate;
use super::describe;
use super::verdict::{MutantResult, Verdict};
use crate::list::Format;
use crate::table::table;

/// The report of a run.
pub(super) struct Report<'a> {
    pub(super) client: &'a ClientCrate,
    pub(super) results: &'a [MutantResult<'a>],
    /// Operators without a mutant in this client.
    pub(super) unmatched: Vec<&'static str>,
    pub(super) seconds: u64,
}

/// Numbers of mutants, by outcome.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    all: usize,
    check: usize,
    compiler: usize,
    timeout: usize,
    equivalent: usize,
    survived: usize,
}

impl Counts {
    fn new<'a>(results: impl IntoIterator<Item = &'a MutantResult<'a>>) -> Counts {
        let mut counts = Counts::default();
        for result in results {
            counts.all += 1;
            *match result.verdict {
                Verdict::Check(_) | Verdict::Crash(_) => &mut counts.check,
                Verdict::Compiler(_) => &mut counts.compiler,
                Verdict::Timeout => &mut counts.timeout,
                Verdict::Survived if result.equivalent.is_some() => &mut counts.equivalent,
                Verdict::NotReached | Verdict::Survived => &mut counts.survived,
            } += 1;
        }
        counts
    }

    /// Returns the number of mutants killed by tests, and the number that tests should kill. The
    /// latter excludes mutants that do not compile and equivalent mutants.
    fn score(&self) -> (usize, usize) {
        let killed = self.check + self.timeout;
        (killed, killed + self.survived)
    }

    fn table_row(&self, name: &str) -> [String; 7] {
        let [all, check, timeout, compiler, equivalent, survived] = [
            self.all,
            self.check,
            self.timeout,
            self.compiler,
            self.equivalent,
            self.survived,
        ]
        .map(|number| number.to_string());
        [
            name.to_owned(),
            all,
            check,
            timeout,
            compiler,
            equivalent,
            survived,
        ]
    }
}

fn table_header(first: &'static str) -> [&'static str; 7] {
    [
        first,
        "MUTANTS",
        "CHECKS",
        "TIMEOUT",
        "COMPILER",
        "EQUIVALENT",
        "SURVIVED",
    ]
}

impl Report<'_> {
    pub(super) fn write(&self, format: Format, verbose: bool, out: &mut dyn Write) -> Result<()> {
        if format == Format::Json {
            writeln!(out, "{}", serde_json::to_string_pretty(&self.json())?)?;
            return Ok(());
        }
        self.write_operators(out)?;
        writeln!(out)?;
        self.write_subjects(out)?;
        writeln!(out)?;
        self.write_killers(out)?;
        write_unmatched(&self.unmatched, out)?;
        if verbose {
            writeln!(out)?;
            for result in self.results {
                let by = result
                    .verdict
                    .killed_by()
                    .map(|by| format!(" by {by}"))
                    .unwrap_or_default();
                writeln!(out, "{}: {}{by}", result.mutant.id, result.verdict.kind())?;
            }
        }
        self.write_survivors(out)?;
        self.write_summary(out)
    }

    /// Writes the table of operators.
    fn write_operators(&self, out: &mut dyn Write) -> Result<()> {
        let mut lines = Vec::new();
        for operator in OPERATORS {
            let results: Vec<_> = self
                .results
                .iter()
                .filter(|result| result.mutant.operator == operator.id)
                .collect();
            if !results.is_empty() {
                lines.push(Counts::new(results).table_row(operator.id));
            }
        }
        lines.push(Counts::new(self.results).table_row("total"));
        table(table_header("OPERATOR"), &lines, out)?;
        Ok(())
    }

    /// Writes the table of operations and types.
    fn write_subjects(&self, out: &mut dyn Write) -> Result<()> {
        let subjects: BTreeSet<_> = self
            .results
            .iter()
            .map(|result| result.mutant.subject.as_str())
            .collect();
        let mut lines = Vec::new();
        for subject in subjects {
            let results = self
                .results
                .iter()
                .filter(|result| result.mutant.subject == subject);
            lines.push(Counts::new(results).table_row(subject));
        }
        lines.push(Counts::new(self.results).table_row("total"));
        table(table_header("ENDPOINT OR TYPE"), &lines, out)?;
        Ok(())
    }

    /// Writes the number of mutants that each check was the first to kill.
    fn write_killers(&self, out: &mut dyn Write) -> Result<()> {
        let mut killers: BTreeMap<&str, usize> = BTreeMap::new();
        for result in self.results {
            if let Verdict::Check(test) = &result.verdict {
                let check = test
                    .rsplit_once("::")
                    .map_or(test.as_str(), |(_, check)| check);
                *killers.entry(check).or_default() += 1;
            }
        }
        let killers: Vec<_> = killers
            .iter()
            .map(|(check, count)| format!("{count} {check}"))
            .collect();
        writeln!(out, "killed first by: {}", killers.join(", "))?;
        Ok(())
    }

    /// Writes the mutants that survived, and the reasons of those that are equivalent.
    fn write_survivors(&self, out: &mut dyn Write) -> Result<()> {
        let survivors = self
            .results
            .iter()
            .filter(|result| !result.verdict.is_killed());
        for result in survivors {
            match result.equivalent {
                Some(reason) => writeln!(out, "\nequivalent: {}\n  {reason}", result.mutant.id)?,
                None => {
                    let survivor = describe::survivor(self.client, result.mutant);
                    write!(out, "\n{survivor}")?;
                }
            }
        }
        Ok(())
    }

    /// Writes the totals of the run.
    fn write_summary(&self, out: &mut dyn Write) -> Result<()> {
        let counts = Counts::new(self.results);
        let (killed, of) = counts.score();
        writeln!(
            out,
            "\n{}: tests killed {} of {}; {} equivalent, {} did not compile, {} survived; {} min {} s",
            counted(counts.all, "mutant"),
            killed,
            of,
            counts.equivalent,
            counts.compiler,
            counts.survived,
            self.seconds / 60,
            self.seconds % 60
        )?;
        Ok(())
    }

    fn json(&self) -> Value {
        let counts = Counts::new(self.results);
        let (killed, of) = counts.score();
        let mutants: Vec<_> = self
            .results
            .iter()
            .map(|result| {
                let mut value = describe::json(self.client, result.mutant);
                let is_equivalent = result.equivalent.is_some() && !result.verdict.is_killed();
                value["verdict"] = json!(if is_equivalent {
                    "equivalent"
                } else {
                    result.verdict.kind()
                });
                value["by"] = json!(result.verdict.killed_by());
                value["reason"] = json!(result.equivalent);
                value
            })
            .collect();
        json!({
            "client": self.client.name,
            "mutants": mutants,
            "without_a_place": self.unmatched,
            "totals": {
                "mutants": counts.all,
                "check": counts.check,
                "timeout": counts.timeout,
                "compiler": counts.compiler,
                "equivalent": counts.equivalent,
                "survived": counts.survived,
                "noticed": killed,
                "noticed_of": of,
            },
            "seconds": self.seconds,
        })
    }
}

/// Writes the list of mutants for `--list`.
pub(super) fn list(
    format: Format,
    client: &ClientCrate,
    mutants: &[Mutant],
    unmatched: &[&str],
    out: &mut dyn Write,
) -> Result<()> {
    if format == Format::Json {
        let mutants: Vec<_> = mutants
            .iter()
            .map(|mutant| describe::json(client, mutant))
            .collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&mutants)?)?;
        return Ok(());
    }
    for mutant in mutants {
        writeln!(out, "{}\n  {}", mutant.id, describe::change(client, mutant))?;
    }
    writeln!(out, "{}", counted(mutants.len(), "mutant"))?;
    write_unmatched(unmatched, out)
}

fn write_unmatched(operators: &[&str], out: &mut dyn Write) -> Result<()> {
    if !operators.is_empty() {
        writeln!(
            out,
            "operators that match nothing in this client: {}",
            operators.join(", ")
        )?;
    }
    Ok(())
}
