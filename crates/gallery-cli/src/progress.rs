//! Progress of a fetch: a bar on a terminal, or a line for every hundred files elsewhere.

use std::io::{IsTerminal, stderr};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use gallery_fetch::Event;
use indicatif::{ProgressBar, ProgressStyle};

/// Number of files per progress line, if standard error is not a terminal.
const FILES_PER_LINE: usize = 100;

static HIDDEN: AtomicBool = AtomicBool::new(false);

/// Turns off progress, for `--quiet`.
pub(crate) fn hide() {
    HIDDEN.store(true, Ordering::Relaxed);
}

/// Reports the progress of a fetch on standard error.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    done: AtomicUsize,
    planned: AtomicUsize,
    unit: &'static str,
}

impl Progress {
    /// Creates a progress report. `unit` is the plural noun of the counted items.
    pub(crate) fn new(unit: &'static str) -> Progress {
        let bar = (stderr().is_terminal() && !HIDDEN.load(Ordering::Relaxed)).then(|| {
            let style = ProgressStyle::with_template(&format!(
                "{{wide_bar}} {{pos}} of {{len}} {unit}, {{elapsed}}"
            ));
            let bar = ProgressBar::new(0)
                .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.set_length(0);
            bar
        });
        Progress {
            bar,
            done: AtomicUsize::new(0),
            planned: AtomicUsize::new(0),
            unit,
        }
    }

    pub(crate) fn on(&self, event: Event) {
        match event {
            Event::Planned(files) => self.plan(files),
            Event::File => self.file(),
            Event::Waiting { at, reason, wait } => {
                self.print_line(&format!("{at}: {reason}; retry in {wait:.1?}"));
            }
        }
    }

    fn plan(&self, files: usize) {
        self.planned.store(files, Ordering::Relaxed);
        if let Some(bar) = &self.bar {
            bar.set_length(files as u64);
        }
        self.update(self.done.load(Ordering::Relaxed));
    }

    fn file(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        let planned = self.planned.load(Ordering::Relaxed);
        if self.bar.is_none()
            && !HIDDEN.load(Ordering::Relaxed)
            && planned >= FILES_PER_LINE
            && done.is_multiple_of(FILES_PER_LINE)
        {
            eprintln!("{done} of {planned} {}", self.unit);
        }
        self.update(done);
    }

    /// Updates the bar. Resets the counters after the last file of a listing.
    fn update(&self, done: usize) {
        let planned = self.planned.load(Ordering::Relaxed);
        let complete = planned > 0 && done >= planned;
        if complete {
            self.done.store(0, Ordering::Relaxed);
            self.planned.store(0, Ordering::Relaxed);
        }
        match &self.bar {
            Some(bar) if complete => {
                bar.finish_and_clear();
                bar.reset();
            }
            Some(bar) if planned > 0 => bar.set_position(done as u64),
            Some(_) | None => {}
        }
    }

    fn print_line(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| eprintln!("{text}")),
            None => eprintln!("{text}"),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
