//! Compares desired files with the disk, and writes the difference as one transaction.

mod compare;
mod desired;
mod error;
mod journal;
mod location;
mod lock;

pub(crate) use compare::{Stale, Staleness, compare, files};
pub(crate) use desired::{Content, DesiredFiles};
pub(crate) use journal::{Staging, is_interrupted, recover, write};
pub(crate) use lock::{Exclusive, exclusive};

#[cfg(test)]
mod tests;
