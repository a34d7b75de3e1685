//! Tests of OAuth 2 on the wire: requests of flows, renewal, hostile servers and secrets.

#![expect(clippy::unwrap_used, reason = "a test")]

mod support;

#[path = "oauth2/authorization.rs"]
mod authorization;
#[path = "oauth2/common.rs"]
mod common;
#[path = "oauth2/device.rs"]
mod device;
#[path = "oauth2/flows.rs"]
mod flows;
#[path = "oauth2/hostile.rs"]
mod hostile;
#[path = "oauth2/renewal.rs"]
mod renewal;
#[path = "oauth2/secrets.rs"]
mod secrets;
