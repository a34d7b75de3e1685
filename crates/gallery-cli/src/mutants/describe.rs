//! Descriptions of a mutant, as text and as JSON.

use gallery_mutants::Mutant;
use serde_json::{Value, json};

use super::client::ClientCrate;

/// Returns `path:line: change` of a mutant.
pub(super) fn change(client: &ClientCrate, mutant: &Mutant) -> String {
    let path = client.code_path(mutant.file);
    format!("{path}:{}: {}", mutant.line, mutant.what)
}

/// Describes a mutant that survived, with its diff.
pub(super) fn survivor(client: &ClientCrate, mutant: &Mutant) -> String {
    format!(
        "survived: {}\n  {}\n{}",
        mutant.id,
        change(client, mutant),
        mutant.diff()
    )
}

/// Describes a mutant as JSON.
pub(super) fn json(client: &ClientCrate, mutant: &Mutant) -> Value {
    json!({
        "id": mutant.id,
        "operator": mutant.operator,
        "subject": mutant.subject,
        "file": client.code_path(mutant.file),
        "line": mutant.line,
        "what": mutant.what,
        "diff": mutant.diff(),
    })
}
