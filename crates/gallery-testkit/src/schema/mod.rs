//! Validates JSON against schemas of OpenAPI 3.0.
//!
//! OpenAPI 3.0 schemas differ from every draft of JSON Schema: `nullable`, `readOnly`,
//! `discriminator` and boolean exclusive bounds are their own. Keywords that cannot be evaluated,
//! such as an invalid pattern, are ignored.

mod combined;
mod discriminator;
mod equality;
mod limits;
#[cfg(test)]
mod tests;
mod validation;
mod validator;

pub(crate) use equality::canonical;
pub(crate) use validator::{Direction, Validator};
