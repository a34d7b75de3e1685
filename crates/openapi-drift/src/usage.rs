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
}

impl Use {
    pub(crate) const REQUEST: Use = Use {
        direction: Direction::Request,
        types: Types::All,
    };
    pub(crate) const UNUSED: Use = Use {
        direction: Direction::Neither,
        types: Types::Optional,
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
    pub(crate) fn wire(self, rule: &Rule) -> Wire {
        match self.direction {
            Direction::Request => rule.request,
            Direction::Response => rule.response,
            Direction::Neither => Wire::None,
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
