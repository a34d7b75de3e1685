//! Differences without their location.

use serde_json::Value;

use crate::level::{Source, Wire};
use crate::rules::Rule;
use crate::usage::{CallEffect, Direction};

/// A difference without its location.
pub(crate) struct Difference {
    pub(crate) rule: &'static Rule,
    pub(crate) wire: Wire,
    /// The reasons for the level, one for each direction with this level.
    pub(crate) reasons: Vec<&'static str>,
    /// The directions in which the part is used.
    pub(crate) directions: Vec<Direction>,
    pub(crate) source: Source,
    pub(crate) before: Option<Value>,
    pub(crate) after: Option<Value>,
}

impl Difference {
    /// Adds the effect in a direction. The higher levels count.
    pub(crate) fn add(&mut self, wire: CallEffect, source: Source) {
        self.source = self.source.max(source);
        if !self.directions.contains(&wire.direction) {
            self.directions.push(wire.direction);
        }
        if wire.level > self.wire {
            self.wire = wire.level;
            self.reasons.clear();
        }
        if wire.level == self.wire && !self.reasons.contains(&wire.reason) {
            self.reasons.push(wire.reason);
        }
    }
}
