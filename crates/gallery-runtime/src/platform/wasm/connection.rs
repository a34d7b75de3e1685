//! Settings of connections, of which `fetch` has none.

/// Settings of the connections of a client.
///
/// In WebAssembly there are none: the browser or the JavaScript runtime makes the connections.
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
