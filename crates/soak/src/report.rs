//! The final report, and the rules that must hold.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use crate::exchange::ServerReport;
use crate::figures::Figures;
use crate::leaks::{Growth, Sample};
use crate::ledger::Comparison;

/// The share of unneeded token requests that is allowed, beside a few.
const UNNEEDED: (f64, u64) = (0.01, 3);

/// The most violations of one kind that are printed.
const PRINTED: usize = 20;

/// The data of a run.
pub(crate) struct Run {
    pub(crate) elapsed: Duration,
    pub(crate) figures: Figures,
    pub(crate) comparison: Comparison,
    pub(crate) server: ServerReport,
    pub(crate) samples: Vec<Sample>,
    pub(crate) server_samples: Vec<Sample>,
    /// The growth of the client process. Empty if the run was too short.
    pub(crate) growth: Vec<Growth>,
    /// The CPU time of the client and of the server in seconds.
    pub(crate) cpu: (f64, f64),
}

impl Run {
    /// Returns the rules that do not hold.
    pub(crate) fn violations(&self) -> Vec<String> {
        let mut violations = Vec::new();
        let mut extend = |kind: &str, all: &[String], count: usize| {
            let printed = all.iter().take(PRINTED);
            violations.extend(printed.map(|text| format!("{kind}: {text}")));
            if count > PRINTED {
                violations.push(format!("{kind}: {count} in total"));
            }
        };
        let (figures, comparison) = (&self.figures, &self.comparison);
        let count = usize::try_from(figures.violation_count).unwrap_or(usize::MAX);
        extend("call", &figures.violations, count);
        extend(
            "ledger",
            &comparison.violations,
            comparison.violations.len(),
        );
        extend(
            "server",
            &self.server.violations,
            self.server.violations.len(),
        );
        let tokens = &self.server.token_requests;
        let unneeded = tokens.get("Unneeded").copied().unwrap_or_default();
        let all: u64 = tokens.values().sum();
        if unneeded > (all as f64 * UNNEEDED.0) as u64 + UNNEEDED.1 {
            violations.push(format!(
                "tokens: {unneeded} of {all} requests were not needed"
            ));
        }
        let leaks = self.growth.iter().filter(|growth| growth.is_leak);
        violations.extend(leaks.map(|growth| {
            let Growth {
                name,
                first_quarter,
                last_quarter,
                ..
            } = growth;
            format!(
                "leak: {name}: {first_quarter} in the first quarter, {last_quarter} in the last"
            )
        }));
        if self.figures.total() == 0 {
            violations.push("no call was made".to_owned());
        }
        violations
    }

    /// Returns the tables.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        let (figures, server) = (&self.figures, &self.server);
        let seconds = self.elapsed.as_secs_f64();
        let total = figures.total();
        let rate = total as f64 / seconds;
        writeln!(
            text,
            "\n{total} calls in {seconds:.0} s ({rate:.0} per second)"
        )?;
        writeln!(text, "\ncalls by operation and outcome")?;
        for ((operation, outcome), count) in &figures.calls {
            writeln!(text, "  {operation:<16} {outcome:<16} {count:>8}")?;
        }
        writeln!(text, "\nrequests at the server")?;
        writeln!(text, "  all              {:>8}", server.requests)?;
        writeln!(text, "  at other port    {:>8}", server.redirected)?;
        writeln!(text, "  status 401       {:>8}", server.unauthorized)?;
        writeln!(text, "  restarts         {:>8}", server.restarts)?;
        table(text, "faults by kind", &server.faults)?;
        writeln!(
            text,
            "\nwrites by kind, report and number of times processed"
        )?;
        for ((kind, reported, processed), count) in &self.comparison.counts {
            let (kind, reported) = (format!("{kind:?}"), format!("{reported:?}"));
            writeln!(text, "  {kind:<10} {reported:<14} {processed} {count:>8}")?;
        }
        table(text, "token requests by reason", &server.token_requests)?;
        writeln!(text, "  without a token        {:>8}", server.token_faults)?;
        writeln!(text, "\nlatencies of calls")?;
        for (name, share) in [
            ("50 %", 0.5),
            ("90 %", 0.9),
            ("99 %", 0.99),
            ("99.9 %", 0.999),
        ] {
            let milliseconds = figures.percentile(share).as_secs_f64() * 1000.0;
            writeln!(text, "  {name:<8} {milliseconds:>8.1} ms")?;
        }
        let longest = figures.longest.as_secs_f64() * 1000.0;
        writeln!(text, "  longest  {longest:>8.1} ms")?;
        writeln!(text, "\nresources: first sample, last sample")?;
        for (name, samples) in [("client", &self.samples), ("server", &self.server_samples)] {
            let first = samples.first().copied().unwrap_or_default();
            let last = samples.last().copied().unwrap_or_default();
            let (from, to) = (first.memory_kib, last.memory_kib);
            writeln!(text, "  {name}: memory {from} KiB, {to} KiB")?;
            let (from, to) = (first.descriptors, last.descriptors);
            writeln!(text, "  {name}: descriptors {from}, {to}")?;
        }
        writeln!(
            text,
            "\nclient after the warm-up: medians of the first and the last quarter"
        )?;
        if self.growth.is_empty() {
            writeln!(text, "  too few samples")?;
        }
        for growth in &self.growth {
            let Growth {
                name,
                first_quarter,
                last_quarter,
                ..
            } = growth;
            writeln!(text, "  {name:<14} {first_quarter:>8} {last_quarter:>8}")?;
        }
        let share = |cpu: f64| 100.0 * cpu / seconds;
        let (client, server) = (share(self.cpu.0), share(self.cpu.1));
        writeln!(
            text,
            "\nCPU: client {client:.1} %, server {server:.1} % of one core"
        )
    }
}

fn table(text: &mut String, title: &str, counts: &BTreeMap<String, u64>) -> std::fmt::Result {
    writeln!(text, "\n{title}")?;
    for (name, count) in counts {
        writeln!(text, "  {name:<22} {count:>8}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run() -> Run {
        let mut figures = Figures::default();
        figures.count("a", "success".to_owned(), Duration::from_millis(1));
        Run {
            elapsed: Duration::from_secs(1),
            figures,
            comparison: Comparison::default(),
            server: ServerReport::default(),
            samples: Vec::new(),
            server_samples: Vec::new(),
            growth: Vec::new(),
            cpu: (0.0, 0.0),
        }
    }

    #[test]
    fn a_run_without_violations_passes() {
        assert_eq!(run().violations(), [""; 0]);
        assert!(run().text().contains("1 calls in 1 s"));
    }

    #[test]
    fn every_kind_of_violation_fails_the_run() {
        let changes: [fn(&mut Run); 6] = [
            |run| run.figures = Figures::default(),
            |run| run.figures.violation("a hangs".to_owned()),
            |run| run.comparison.violations.push("doubled".to_owned()),
            |run| run.server.violations.push("early".to_owned()),
            |run| {
                let unneeded = ("Unneeded".to_owned(), 4);
                run.server.token_requests.extend([unneeded]);
            },
            |run| {
                run.growth.push(Growth {
                    name: "tasks",
                    first_quarter: 1,
                    last_quarter: 100,
                    is_leak: true,
                });
            },
        ];
        for change in changes {
            let mut run = run();
            change(&mut run);
            assert_eq!(run.violations().len(), 1);
        }
    }
}
