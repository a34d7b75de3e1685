//! Starts the servers that the tests in WebAssembly call, runs the command of the arguments, and
//! checks the requests that the servers received.
//!
//! The command finds the URLs of the servers in the environment variable `WASM_TEST_SERVERS`, as a
//! JSON object.

#[cfg(not(target_arch = "wasm32"))]
mod checks;
#[cfg(not(target_arch = "wasm32"))]
mod run;
#[cfg(not(target_arch = "wasm32"))]
mod servers;

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    run::main()
}

/// Cargo builds this program for WebAssembly too when it builds the tests.
#[cfg(target_arch = "wasm32")]
fn main() {}
