//! Tests of unions with a tag.

use std::collections::BTreeMap;

gallery_runtime::tagged_union! {
    /// A union with an empty tag.
    pub enum Thing("kind") {
        Unknown(serde_json::Value),
        Empty(BTreeMap<String, String>) = "",
    }
}

#[test]
fn an_empty_tag_differs_from_an_absent_one() {
    let read = |text: &str| serde_json::from_str::<Thing>(text).unwrap();
    assert!(matches!(read(r#"{"kind": ""}"#), Thing::Empty(_)));
    assert!(matches!(read("{}"), Thing::Unknown(_)));
    assert!(matches!(read(r#"{"kind": null}"#), Thing::Unknown(_)));
    assert!(serde_json::from_str::<Thing>("[]").is_err());
}
