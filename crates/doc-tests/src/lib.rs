//! Compiles the Rust code of README.md and the guides in `docs/`.
//!
//! `tests/commands` runs their commands.

#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

#[cfg(doctest)]
#[doc = include_str!("../../../docs/using-a-client.md")]
struct UsingAClient;

#[cfg(doctest)]
#[doc = include_str!("../../../docs/testing-with-mocks.md")]
struct TestingWithMocks;

#[cfg(doctest)]
#[doc = include_str!("../../../docs/adding-an-api.md")]
struct AddingAnApi;
