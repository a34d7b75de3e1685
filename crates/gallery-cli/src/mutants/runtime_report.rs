//! The report of a run with mutants of the runtime, as text and as JSON.

use std::io::Write;

use anyhow::Result;
use gallery_mutants::{RUNTIME_OPERATORS, RuntimeMutant};
use gallery_regen::text::counted;
use serde_json::{Value, json};

use super::verdict::Verdict;
use crate::list::Format;
use crate::table::table;

/// The report of a run.
pub(super) struct RuntimeReport<'a> {
    /// The name of the client.
    pub(super) client: &'a str,
    pub(super) results: Vec<(&'a RuntimeMutant, &'a Verdict)>,
    pub(super) seconds: u64,
}

/// Numbers of mutants, by outcome.
#[derive(Clone, Copy, Default)]
struct Counts {
    all: usize,
    killed: usize,
    not_reached: usize,
    compiler: usize,
    survived: usize,
}

impl RuntimeReport<'_> {
    pub(super) fn write(&self, format: Format, verbose: bool, out: &mut dyn Write) -> Result<()> {
        if format == Format::Json {
            writeln!(out, "{}", serde_json::to_string_pretty(&self.json())?)?;
            return Ok(());
        }
        self.write_operators(out)?;
        if verbose {
            writeln!(out)?;
            for (mutant, verdict) in &self.results {
                let by = verdict.killed_by().map(|by| format!(" by {by}"));
                let by = by.unwrap_or_default();
                writeln!(out, "{}: {}{by}", mutant.id, verdict.kind())?;
            }
        }
        for (mutant, _) in self.survivors() {
            writeln!(out, "\nsurvived: {}\n  {}", mutant.id, change(mutant))?;
        }
        let total = self.counts(|_| true);
        writeln!(
            out,
            "\n{}: tests killed {} of {}; {} not reached, {} did not compile, {} survived; {} min {} s",
            counted(total.all, "mutant"),
            total.killed,
            total.killed + total.survived,
            total.not_reached,
            total.compiler,
            total.survived,
            self.seconds / 60,
            self.seconds % 60
        )?;
        Ok(())
    }

    fn survivors(&self) -> impl Iterator<Item = &(&RuntimeMutant, &Verdict)> {
        let results = self.results.iter();
        results.filter(|(_, verdict)| **verdict == Verdict::Survived)
    }

    /// Writes the table of operators.
    fn write_operators(&self, out: &mut dyn Write) -> Result<()> {
        let row = |name: &str, counts: Counts| {
            let Counts {
                all,
                killed,
                not_reached,
                compiler,
                survived,
            } = counts;
            let numbers = [all, killed, not_reached, compiler, survived];
            let [all, killed, not_reached, compiler, survived] =
                numbers.map(|number| number.to_string());
            [
                name.to_owned(),
                all,
                killed,
                not_reached,
                compiler,
                survived,
            ]
        };
        let mut rows = Vec::new();
        for operator in RUNTIME_OPERATORS {
            let counts = self.counts(|mutant| mutant.operator == *operator);
            if counts.all > 0 {
                rows.push(row(operator, counts));
            }
        }
        rows.push(row("total", self.counts(|_| true)));
        let header = [
            "OPERATOR",
            "MUTANTS",
            "KILLED",
            "NOT REACHED",
            "COMPILER",
            "SURVIVED",
        ];
        table(header, &rows, out)?;
        Ok(())
    }

    fn counts(&self, is_counted: impl Fn(&RuntimeMutant) -> bool) -> Counts {
        let mut counts = Counts::default();
        for (_, verdict) in self.results.iter().filter(|(mutant, _)| is_counted(mutant)) {
            counts.all += 1;
            *match verdict {
                Verdict::Check(_) | Verdict::Crash(_) | Verdict::Timeout => &mut counts.killed,
                Verdict::Compiler(_) => &mut counts.compiler,
                Verdict::NotReached => &mut counts.not_reached,
                Verdict::Survived => &mut counts.survived,
            } += 1;
        }
        counts
    }

    fn json(&self) -> Value {
        let mutant = |(mutant, verdict): &(&RuntimeMutant, &Verdict)| {
            let mut value = json_of(mutant);
            value["verdict"] = json!(verdict.kind());
            value["by"] = json!(verdict.killed_by());
            value
        };
        let total = self.counts(|_| true);
        json!({
            "client": self.client,
            "mutants": self.results.iter().map(mutant).collect::<Vec<_>>(),
            "totals": {
                "mutants": total.all,
                "killed": total.killed,
                "not_reached": total.not_reached,
                "compiler": total.compiler,
                "survived": total.survived,
            },
            "seconds": self.seconds,
        })
    }
}

/// Returns `path:line:column: change` of a mutant.
fn change(mutant: &RuntimeMutant) -> String {
    let RuntimeMutant {
        file, line, column, ..
    } = mutant;
    format!("{file}:{line}:{column}: {}", mutant.what)
}

fn json_of(mutant: &RuntimeMutant) -> Value {
    json!({
        "id": mutant.id,
        "operator": mutant.operator,
        "file": mutant.file,
        "line": mutant.line,
        "column": mutant.column,
        "what": mutant.what,
    })
}

/// Writes the list of mutants for `--list`.
pub(super) fn list(format: Format, mutants: &[RuntimeMutant], out: &mut dyn Write) -> Result<()> {
    if format == Format::Json {
        let mutants: Vec<_> = mutants.iter().map(json_of).collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&mutants)?)?;
        return Ok(());
    }
    for mutant in mutants {
        writeln!(out, "{}\n  {}", mutant.id, change(mutant))?;
    }
    writeln!(out, "{}", counted(mutants.len(), "mutant"))?;
    Ok(())
}
