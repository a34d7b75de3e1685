//! The use of a part, which determines the level of its changes.

use crate::level::{Source, Wire};
use crate::rules::Rule;

/// The direction in which a part is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Direction {
    /// From clients to servers.
    Request,
    /// From servers to clients.
    Response,
    /// The part is unused.
    Neither,
}

/// The extent to which a part determines Rust types of the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Types {
    /// No Rust type depends on the part.
    None,
    /// The type depends on everything but `nullable`: parameters are never null, and optional
    /// fields of responses are an `Option` anyway.
    Optional,
    /// The type depends on the whole part.
    All,
}

/// The use of a part: its direction and its effect on Rust types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Use {
    pub(crate) direction: Direction,
    pub(crate) types: Types,
    /// True inside `not`, where the direction is flipped: widening the schema narrows the values.
    pub(crate) is_negated: bool,
}

/// The effect of a difference on calls in one direction, with its reason.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallEffect {
    pub(crate) direction: Direction,
    pub(crate) level: Wire,
    pub(crate) reason: &'static str,
}

impl Use {
    pub(crate) const REQUEST: Use = Use {
        direction: Direction::Request,
        types: Types::All,
        is_negated: false,
    };
    pub(crate) const UNUSED: Use = Use {
        direction: Direction::Neither,
        types: Types::Optional,
        is_negated: false,
    };

    /// Returns the use with the opposite direction.
    pub(crate) fn flipped(self) -> Use {
        let direction = match self.direction {
            Direction::Request => Direction::Response,
            Direction::Response => Direction::Request,
            Direction::Neither => Direction::Neither,
        };
        Use { direction, ..self }
    }

    /// Returns the use of a schema in `not`.
    pub(crate) fn negated(self) -> Use {
        Use {
            types: Types::None,
            is_negated: !self.is_negated,
            ..self.flipped()
        }
    }

    /// Returns the use with other types.
    pub(crate) fn with(self, types: Types) -> Use {
        Use { types, ..self }
    }

    /// Returns the use with other types, unless it has none.
    pub(crate) fn narrowed(self, types: Types) -> Use {
        if self.types == Types::None {
            self
        } else {
            self.with(types)
        }
    }

    /// Returns the rule's effect on calls in this use.
    pub(crate) fn wire(self, rule: &Rule) -> CallEffect {
        match self.direction {
            Direction::Request if self.is_negated => {
                self.effect(rule.request, negated_response(rule.request))
            }
            Direction::Response if self.is_negated => {
                self.effect(rule.response, negated_request(rule.response))
            }
            Direction::Request => self.effect(rule.request, rule.reasons.request),
            Direction::Response => self.effect(rule.response, rule.reasons.response),
            Direction::Neither if (rule.request, rule.response) == (Wire::None, Wire::None) => {
                self.effect(Wire::None, rule.reasons.request)
            }
            Direction::Neither => self.effect(Wire::None, "requests and responses are the same"),
        }
    }

    /// Returns an effect on calls in this use.
    pub(crate) fn effect(self, level: Wire, reason: &'static str) -> CallEffect {
        let direction = if self.is_negated {
            self.flipped().direction
        } else {
            self.direction
        };
        CallEffect {
            direction,
            level,
            reason,
        }
    }

    /// Returns the rule's effect on code in this use.
    pub(crate) fn source(self, rule: &Rule) -> Source {
        if self.types == Types::None {
            Source::None
        } else {
            rule.source
        }
    }
}

/// Returns the reason for the level of a change in `not` in requests.
fn negated_request(level: Wire) -> &'static str {
    match level {
        Wire::None => "requests are the same",
        Wire::Safe => "`not` excludes no further values",
        Wire::Risky => "the server may reject other values, because `not` excludes them",
        Wire::Breaking => "the server rejects further values, because `not` excludes them",
    }
}

/// Returns the reason for the level of a change in `not` in responses.
fn negated_response(level: Wire) -> &'static str {
    match level {
        Wire::None => "responses are the same",
        Wire::Safe => "`not` still excludes the same values",
        Wire::Risky => "clients may read values that `not` excluded",
        Wire::Breaking => "clients cannot expect that `not` excludes the same values",
    }
}
