//! Names of properties and parameters, compared without regard to their spelling.

/// Returns a name without separators, in lowercase: `userId` and `user_id` are the same.
pub(super) fn folded(name: &str) -> String {
    let characters = name.chars().filter(|character| character.is_alphanumeric());
    characters.flat_map(char::to_lowercase).collect()
}
