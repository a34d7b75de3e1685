//! Tests of calls against servers on loopback ports, and of the types of generated code.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test")]

#[cfg(feature = "blocking")]
mod blocking;
mod calls;
mod closest;
#[cfg(feature = "rustls")]
mod connection;
mod credentials;
mod download;
mod events;
#[cfg(feature = "tower")]
mod http_client;
mod object;
mod pagination;
mod rate_limit;
mod redirects;
mod retries;
mod signing;
mod statuses;
#[path = "../support/mod.rs"]
mod support;
mod unions;
mod upload;
