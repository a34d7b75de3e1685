//! Random numbers.

use std::hash::{BuildHasher, RandomState};

/// Returns 64 random bits. The seeds of hash maps are random enough to tell requests apart and to
/// spread retries, but not for secrets.
pub(crate) fn random_bits() -> u64 {
    RandomState::new().hash_one(())
}
