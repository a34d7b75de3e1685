//! Servers of version 2.0: schemes, a host and a base path.

use serde_json::{Map, Value, json};

/// The fields that make the servers of a document.
pub(super) struct Host {
    host: Option<String>,
    base_path: String,
    schemes: Vec<String>,
}

impl Host {
    /// Removes the fields from a document.
    pub(super) fn take(root: &mut Map<String, Value>) -> Host {
        let text = |value: Option<Value>| match value {
            Some(Value::String(text)) => Some(text.trim().trim_end_matches('/').to_owned()),
            _ => None,
        };
        let base_path = text(root.remove("basePath")).unwrap_or_default();
        Host {
            host: text(root.remove("host")).filter(|host| !host.is_empty()),
            base_path: match base_path.as_str() {
                "" => base_path,
                _ => format!("/{}", base_path.trim_start_matches('/')),
            },
            schemes: schemes(root.remove("schemes").as_ref()),
        }
    }

    /// Returns the servers of the document, or of an operation with other schemes.
    pub(super) fn servers(&self, schemes: Option<&[String]>) -> Option<Value> {
        let Some(host) = &self.host else {
            let url = (!self.base_path.is_empty()).then_some(&self.base_path)?;
            return schemes.is_none().then(|| json!([{"url": url}]));
        };
        let base_path = &self.base_path;
        if host.contains("://") {
            return schemes
                .is_none()
                .then(|| json!([{"url": format!("{host}{base_path}")}]));
        }
        let https = ["https".to_owned()];
        let schemes = match schemes.unwrap_or(&self.schemes) {
            [] => &https,
            schemes => schemes,
        };
        let servers = schemes
            .iter()
            .map(|scheme| json!({"url": format!("{scheme}://{host}{base_path}")}));
        Some(servers.collect())
    }

    /// Returns the servers of an operation, if it has other schemes than the document.
    pub(super) fn of_operation(&self, operation: &mut Map<String, Value>) -> Option<Value> {
        let own = schemes(operation.remove("schemes").as_ref());
        let differs = !own.is_empty() && own != self.schemes;
        self.servers(Some(&own).filter(|_| differs).map(Vec::as_slice))
            .filter(|_| differs)
    }
}

/// Reads schemes, the secure ones first, each once.
fn schemes(value: Option<&Value>) -> Vec<String> {
    let listed = value.and_then(Value::as_array);
    let listed: Vec<String> = listed
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(|scheme| scheme.trim().to_ascii_lowercase())
        .collect();
    ["https", "http", "wss", "ws"]
        .iter()
        .filter(|scheme| listed.iter().any(|listed| listed == *scheme))
        .map(|scheme| (*scheme).to_owned())
        .collect()
}
