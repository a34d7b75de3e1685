//! The servers of endpoints.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use openapiv3::Server;

/// Returns the server with the most frequent URL. Of several, it is one of the `preferred` URLs, or
/// the first by URL.
pub fn most_frequent_server<'a>(
    servers: impl IntoIterator<Item = &'a Server>,
    preferred: &BTreeSet<String>,
) -> Option<Server> {
    let mut counts: BTreeMap<&str, (usize, &Server)> = BTreeMap::new();
    for server in servers {
        counts.entry(&server.url).or_insert((0, server)).0 += 1;
    }
    let most = counts
        .into_iter()
        .max_by_key(|(url, (count, _))| (*count, preferred.contains(*url), Reverse(*url)));
    most.map(|(_, (_, server))| server.clone())
}
