//! JSON pointers (RFC 6901).

use serde_json::{Value, json};

/// Escapes a key as one segment of a JSON pointer.
pub(crate) fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Returns the key that a segment of a JSON pointer stands for.
pub(crate) fn unescape(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}

/// Sets the part of a value at a JSON pointer. Missing objects on the way are added.
pub(crate) fn set(value: &mut Value, pointer: &str, part: Value) {
    let mut place = value;
    for name in pointer.split('/').skip(1).map(unescape) {
        if !place.is_object() {
            *place = json!({});
        }
        place = &mut place[&*name];
    }
    *place = part;
}

/// Removes the property at a JSON pointer.
pub(crate) fn remove(value: &mut Value, pointer: &str) {
    if let Some((parent, name)) = pointer.rsplit_once('/')
        && let Some(Value::Object(parent)) = value.pointer_mut(parent)
    {
        parent.remove(&*unescape(name));
    }
}
