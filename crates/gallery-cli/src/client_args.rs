//! The argument that selects a client.

use clap::Args;

/// Selects one client of the workspace.
#[derive(Args, Clone, Debug, Default)]
pub struct ClientArgs {
    /// Only this client of specs/gallery.toml
    #[arg(value_name = "CLIENT")]
    pub client: Option<String>,
    /// The same, as an option.
    #[arg(
        long = "client",
        value_name = "CLIENT",
        hide = true,
        conflicts_with = "client"
    )]
    pub client_option: Option<String>,
}

impl ClientArgs {
    /// Returns the name of the client, or nothing for all clients.
    pub(crate) fn name(&self) -> Option<&str> {
        self.client.as_deref().or(self.client_option.as_deref())
    }
}
