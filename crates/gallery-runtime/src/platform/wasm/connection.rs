//! Settings of connections, which `fetch` does not have.

/// Settings of the connections of a client.
///
/// In WebAssembly it has no settings: the browser or the JavaScript runtime makes the connections.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Connection {
    _private: (),
}

impl Connection {
    /// Creates the default settings.
    pub fn new() -> Connection {
        Connection::default()
    }
}
