//! Compares desired files with the disk, and writes the difference as one transaction.

mod compare;
mod desired;
mod error;
mod journal;
mod location;
mod lock;

pub use compare::{Stale, Staleness, compare, files};
pub use desired::{Content, DesiredFiles};
pub use journal::{Staging, is_interrupted, recover, write};
pub use lock::{Exclusive, exclusive};

#[cfg(test)]
mod tests;
