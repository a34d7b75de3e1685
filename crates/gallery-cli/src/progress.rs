//! Progress of a fetch: a bar on a terminal, and otherwise a line for every hundred files.

use std::io::{IsTerminal, stderr};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use gallery_fetch::Event;
use indicatif::{ProgressBar, ProgressStyle};

/// Number of files per line, if there is no terminal.
const LINE: usize = 100;

static HIDDEN: AtomicBool = AtomicBool::new(false);

/// Shows no progress from now on, as `--quiet` requests.
pub(crate) fn hide() {
    HIDDEN.store(true, Ordering::Relaxed);
}

/// The progress of a fetch, on standard error.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    done: AtomicUsize,
    planned: AtomicUsize,
    what: &'static str,
}

impl Progress {
    /// `what` is the plural of the things that are counted.
    pub(crate) fn new(what: &'static str) -> Progress {
        let bar = (stderr().is_terminal() && !HIDDEN.load(Ordering::Relaxed)).then(|| {
            let style = ProgressStyle::with_template(&format!(
                "{{wide_bar}} {{pos}} of {{len}} {what}, {{elapsed}}"
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
            what,
        }
    }

    pub(crate) fn on(&self, event: Event) {
        match event {
            Event::Planned(files) => self.plan(files),
            Event::File => self.file(),
            Event::Waiting { at, reason, wait } => {
                self.line(&format!("{at}: {reason}; retry in {wait:.1?}"));
            }
        }
    }

    fn plan(&self, files: usize) {
        self.planned.store(files, Ordering::Relaxed);
        if let Some(bar) = &self.bar {
            bar.set_length(files as u64);
        }
        self.shown(self.done.load(Ordering::Relaxed));
    }

    fn file(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        let planned = self.planned.load(Ordering::Relaxed);
        if self.bar.is_none()
            && !HIDDEN.load(Ordering::Relaxed)
            && planned >= LINE
            && done.is_multiple_of(LINE)
        {
            eprintln!("{done} of {planned} {}", self.what);
        }
        self.shown(done);
    }

    /// Moves the bar, and makes ready for the next listing when all is here.
    fn shown(&self, done: usize) {
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

    fn line(&self, text: &str) {
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
