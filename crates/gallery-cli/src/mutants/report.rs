//! What a person or a program is told of the mutants.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use anyhow::Result;
use gallery_mutants::Mutant;
use serde_json::{Value, json};

use super::{Client, Verdict, of, operators, place};
use crate::list::Format;
use crate::table::table;
use crate::text::counted;

/// A mutant and what became of it.
#[derive(Clone, Debug)]
pub(super) struct Row<'a> {
    pub(super) mutant: &'a Mutant,
    /// Why it is no fault, if a person found that.
    pub(super) reason: Option<&'a str>,
    pub(super) verdict: Verdict,
}

impl Row<'_> {
    /// Whether nothing noticed it though it is a fault.
    pub(super) fn survives(&self) -> bool {
        !self.verdict.is_killed() && self.reason.is_none()
    }
}

/// All of a run.
pub(super) struct Report<'a> {
    pub(super) client: &'a Client,
    pub(super) rows: &'a [Row<'a>],
    /// Operators that find no place in this client.
    pub(super) without: Vec<&'static str>,
    pub(super) seconds: u64,
}

/// How many mutants came to what.
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
    fn of<'a>(rows: impl IntoIterator<Item = &'a Row<'a>>) -> Counts {
        let mut counts = Counts::default();
        for row in rows {
            counts.all += 1;
            *match row.verdict {
                Verdict::Check(_) | Verdict::Crash(_) => &mut counts.check,
                Verdict::Compiler(_) => &mut counts.compiler,
                Verdict::Timeout => &mut counts.timeout,
                Verdict::Survived if row.reason.is_some() => &mut counts.equivalent,
                Verdict::Survived => &mut counts.survived,
            } += 1;
        }
        counts
    }

    /// Of the faults that compile, how many were noticed.
    fn score(&self) -> (usize, usize) {
        let noticed = self.check + self.timeout;
        (noticed, noticed + self.survived)
    }

    fn cells(&self, name: &str) -> [String; 7] {
        let [a, b, c, d, e, f] = [
            self.all,
            self.check,
            self.timeout,
            self.compiler,
            self.equivalent,
            self.survived,
        ]
        .map(|number| number.to_string());
        [name.to_owned(), a, b, c, d, e, f]
    }
}

const COLUMNS: [&str; 6] = [
    "MUTANTS",
    "CHECKS",
    "TIMEOUT",
    "COMPILER",
    "EQUIVALENT",
    "SURVIVED",
];

fn header(first: &'static str) -> [&'static str; 7] {
    let [a, b, c, d, e, f] = COLUMNS;
    [first, a, b, c, d, e, f]
}

impl Report<'_> {
    pub(super) fn show(&self, format: Format, verbose: bool, out: &mut dyn Write) -> Result<()> {
        if format == Format::Json {
            writeln!(out, "{}", serde_json::to_string_pretty(&self.json())?)?;
            return Ok(());
        }
        let total = Counts::of(self.rows).cells("total");
        let operators: Vec<_> = operators()
            .map(|operator| (operator, of(self.rows, operator)))
            .collect();
        let mut lines: Vec<_> = operators
            .iter()
            .filter(|(_, rows)| !rows.is_empty())
            .map(|(operator, rows)| Counts::of(rows.iter().copied()).cells(operator))
            .collect();
        lines.push(total.clone());
        table(header("OPERATOR"), &lines, out)?;
        writeln!(out)?;
        let subjects: BTreeSet<_> = self
            .rows
            .iter()
            .map(|row| row.mutant.subject.as_str())
            .collect();
        let of_subject = |subject: &&str| {
            Counts::of(
                self.rows
                    .iter()
                    .filter(|row| row.mutant.subject == *subject),
            )
            .cells(subject)
        };
        let mut lines: Vec<_> = subjects.iter().map(of_subject).collect();
        lines.push(total);
        table(header("ENDPOINT OR TYPE"), &lines, out)?;
        writeln!(out)?;
        self.killers(out)?;
        if !self.without.is_empty() {
            writeln!(
                out,
                "without a place in this client: {}",
                self.without.join(", ")
            )?;
        }
        if verbose {
            writeln!(out)?;
            for row in self.rows {
                let by = row
                    .verdict
                    .by()
                    .map(|by| format!(" by {by}"))
                    .unwrap_or_default();
                writeln!(out, "{}: {}{by}", row.mutant.id, row.verdict.kind())?;
            }
        }
        self.left(out)
    }

    /// How many mutants each check killed first.
    fn killers(&self, out: &mut dyn Write) -> Result<()> {
        let mut killers: BTreeMap<&str, usize> = BTreeMap::new();
        for row in self.rows {
            if let Verdict::Check(test) = &row.verdict {
                *killers
                    .entry(
                        test.rsplit_once("::")
                            .map_or(test.as_str(), |(_, check)| check),
                    )
                    .or_default() += 1;
            }
        }
        let killers: Vec<_> = killers
            .iter()
            .map(|(check, count)| format!("{count} {check}"))
            .collect();
        writeln!(out, "killed first by: {}", killers.join(", "))?;
        Ok(())
    }

    /// Those that are left, and the sum of all.
    fn left(&self, out: &mut dyn Write) -> Result<()> {
        for row in self.rows.iter().filter(|row| !row.verdict.is_killed()) {
            match row.reason {
                Some(reason) => writeln!(out, "\nequivalent: {}\n  {reason}", row.mutant.id)?,
                None => write!(out, "\n{}", survivor(self.client, row.mutant))?,
            }
        }
        let counts = Counts::of(self.rows);
        let (noticed, of) = counts.score();
        writeln!(
            out,
            "\n{}: {} of {} that compile noticed, {} equivalent, {} refused by the compiler, {} survived; {} min {} s",
            counted(counts.all, "mutant"),
            noticed,
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
        let counts = Counts::of(self.rows);
        let (noticed, of) = counts.score();
        let mutants: Vec<_> = self
            .rows
            .iter()
            .map(|row| {
                let mut value = described(self.client, row.mutant);
                value["verdict"] = json!(if row.reason.is_some() && !row.verdict.is_killed() {
                    "equivalent"
                } else {
                    row.verdict.kind()
                });
                value["by"] = json!(row.verdict.by());
                value["reason"] = json!(row.reason);
                value
            })
            .collect();
        json!({
            "client": self.client.name,
            "mutants": mutants,
            "without_a_place": self.without,
            "totals": {
                "mutants": counts.all, "check": counts.check, "timeout": counts.timeout, "compiler": counts.compiler,
                "equivalent": counts.equivalent, "survived": counts.survived, "noticed": noticed, "noticed_of": of,
            },
            "seconds": self.seconds,
        })
    }
}

fn described(client: &Client, mutant: &Mutant) -> Value {
    json!({
        "id": mutant.id, "operator": mutant.operator, "subject": mutant.subject, "file": client.path, "line": mutant.line,
        "what": mutant.what, "diff": mutant.diff(),
    })
}

/// A mutant that nothing noticed, for who adds the check.
pub(super) fn survivor(client: &Client, mutant: &Mutant) -> String {
    format!(
        "survived: {}\n  {}: {}\n{}",
        mutant.id,
        place(client, mutant),
        mutant.what,
        mutant.diff()
    )
}

/// The mutants that there are.
pub(super) fn list(
    format: Format,
    client: &Client,
    mutants: &[Mutant],
    without: &[&str],
    out: &mut dyn Write,
) -> Result<()> {
    if format == Format::Json {
        let mutants: Vec<_> = mutants
            .iter()
            .map(|mutant| described(client, mutant))
            .collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&mutants)?)?;
        return Ok(());
    }
    for mutant in mutants {
        writeln!(
            out,
            "{}\n  {}: {}",
            mutant.id,
            place(client, mutant),
            mutant.what
        )?;
    }
    writeln!(out, "{}", counted(mutants.len(), "mutant"))?;
    if !without.is_empty() {
        writeln!(
            out,
            "without a place in this client: {}",
            without.join(", ")
        )?;
    }
    Ok(())
}
