//! The order of expected calls.

use std::sync::Arc;

/// An order of expected calls, also of different operations. The calls are expected in the order in
/// which they were added with [`ExpectedCall::in_sequence`](super::ExpectedCall::in_sequence).
#[derive(Clone, Debug, Default)]
pub struct Sequence(Arc<()>);

impl Sequence {
    /// Creates an order without calls.
    pub fn new() -> Sequence {
        Sequence::default()
    }
}

impl PartialEq for Sequence {
    fn eq(&self, other: &Sequence) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Sequence {}
