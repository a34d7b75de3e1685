//! The argument that selects a client.

use anyhow::{Result, bail};
use clap::Args;
use gallery_spec::config::{ClientConfig, Config};
use gallery_spec::workspace;

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
    pub fn name(&self) -> Option<&str> {
        self.client.as_deref().or(self.client_option.as_deref())
    }
}

/// Returns the client called `name`, or the only client.
pub fn only_client(config: &Config, name: Option<&str>) -> Result<ClientConfig> {
    let mut clients = workspace::clients(config, name)?;
    match clients.pop() {
        Some(client) if clients.is_empty() => Ok(client),
        last => {
            let names = clients.iter().chain(&last);
            let names: Vec<&str> = names.map(|client| client.name.as_str()).collect();
            bail!(
                "there are several clients; choose one of {}",
                names.join(", ")
            );
        }
    }
}
