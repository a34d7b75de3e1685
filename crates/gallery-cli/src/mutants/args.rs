//! The options of the command.

use std::path::PathBuf;

use clap::Args;
use gallery_regen::client_args::ClientArgs;
use gallery_spec::listings::ListingRef;

use crate::list::Format;

/// Check that the conformance tests of a client find faults (mutation testing)
///
/// A mutant is the client's generated code with one fault, such as a query parameter with a wrong
/// name. It is killed if it does not compile or if one of the client's conformance tests fails. A
/// mutant that survives shows a missing check. specs/CLIENT/equivalent-mutants.toml lists mutants
/// that no test can distinguish from the client, each with its reason.
///
/// With --runtime, a mutant is crates/gallery-runtime with one fault, such as a negated condition.
/// A mutant that survives shows a missing check, or code that only its unit tests can check.
///
/// Works in the target folder; specs/ and crates/ are only read. Exits 4 if a mutant survives.
#[derive(Args, Clone, Debug)]
pub struct MutantsArgs {
    /// The client.
    #[command(flatten)]
    pub client: ClientArgs,
    /// Use the client of this listing of a mirror instead, OWNER/REPOSITORY/PROVIDER
    #[arg(long, value_name = "LISTING", value_parser = listing, conflicts_with_all = ["client", "client_option"])]
    pub listing: Option<ListingRef>,
    /// Folder of the mirror. The environment variable GALLERY_MIRROR has the same effect
    #[arg(long, value_name = "DIR", requires = "listing")]
    pub mirror: Option<PathBuf>,
    /// Mutate crates/gallery-runtime instead of the client's code
    #[arg(long)]
    pub runtime: bool,
    /// Number of mutants to test, sampled evenly from all operators
    #[arg(long, value_name = "NUMBER")]
    pub sample: Option<usize>,
    /// Seed of the sample
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub seed: u64,
    /// Only mutants whose id contains this text; may be given several times
    #[arg(long, value_name = "TEXT")]
    pub only: Vec<String>,
    /// List the mutants without compiling them
    #[arg(long)]
    pub list: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

fn listing(text: &str) -> std::result::Result<ListingRef, String> {
    ListingRef::parse(text).ok_or_else(|| "expected OWNER/REPOSITORY/PROVIDER".to_owned())
}
