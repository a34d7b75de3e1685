//! The differences between targets. `fetch` has no setting for the addresses of hosts.

#[cfg(not(target_arch = "wasm32"))]
pub(super) use native::*;
#[cfg(target_arch = "wasm32")]
pub(super) use wasm::*;

/// The host name of the mock server for clients that call it by name.
pub(super) const HOST: &str = "api.example";

/// Other hosts whose names contain [`HOST`], or a part of it.
pub(super) const LOOKALIKES: [&str; 5] = [
    "evilapi.example",
    "evil.api.example",
    "api.example.evil.test",
    "api.examples",
    "example",
];

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use std::net::SocketAddr;

    use gallery_runtime::reqwest::Client;
    use gallery_runtime::reqwest::redirect::Policy;
    use gallery_runtime::{ClientBuilder, Transport};

    use super::{HOST, LOOKALIKES};

    /// Adds an HTTP client for which the host names are those of the mock server.
    pub(in crate::conformance) fn with_named_hosts<C: From<Transport>>(
        builder: ClientBuilder<C>,
    ) -> Result<ClientBuilder<C>, String> {
        let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
        let named = Client::builder().no_proxy().redirect(Policy::none());
        let named = LOOKALIKES
            .iter()
            .chain([&HOST])
            .fold(named, |named, host| named.resolve(host, loopback));
        let named = named.build().map_err(|error| error.to_string())?;
        Ok(builder.http_client(named))
    }
}

#[cfg(target_arch = "wasm32")]
mod wasm {
    use gallery_runtime::{ClientBuilder, Transport};

    use super::{HOST, LOOKALIKES};

    /// Changes the addresses of hosts in Node.js. `fetch` has no setting for them.
    const CHANGE_ADDRESSES: &str = "
        const dns = process.getBuiltinModule('dns');
        const lookup = dns.lookup;
        dns.lookup = (host, options, callback) =>
            lookup(hosts.includes(host) ? '127.0.0.1' : host, options, callback);";

    pub(in crate::conformance) fn with_named_hosts<C: From<Transport>>(
        builder: ClientBuilder<C>,
    ) -> Result<ClientBuilder<C>, String> {
        let change = js_sys::Function::new_with_args("hosts", CHANGE_ADDRESSES);
        let hosts: js_sys::Array = LOOKALIKES
            .iter()
            .chain([&HOST])
            .map(|host| js_sys::JsString::from(*host))
            .collect();
        match change.call1(&js_sys::global(), &hosts) {
            Ok(_) => Ok(builder),
            Err(error) => Err(format!("cannot change the addresses of hosts: {error:?}")),
        }
    }
}
