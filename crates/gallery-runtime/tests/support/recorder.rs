//! A recorder of traces.

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Records the fields of the spans and events of some crates.
#[derive(Clone)]
pub(crate) struct Recorder {
    /// The start of the crates' names. Empty for all crates.
    target: &'static str,
    lines: Arc<Mutex<String>>,
}

impl Recorder {
    pub(crate) fn of(target: &'static str) -> Recorder {
        let lines = Arc::default();
        Recorder { target, lines }
    }

    pub(crate) fn lines(&self) -> String {
        self.lines.lock().unwrap().clone()
    }
}

impl Visit for Recorder {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        writeln!(self.lines.lock().unwrap(), "{field}={value:?}").unwrap();
    }
}

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with(self.target)
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut self.clone());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}
