use super::*;

#[test]
fn reads_each_repository_once() {
    let yaml = "- label: Chat\n  slug: chat\n  paths: '12'\n  description: Talking.\n- {slug: bots, paths: 3}\n- slug: chat\n- slug: ../x\n- 7\n- slug: 360\n";
    let (repositories, unread) = rows(Kind::Topic, "topics.yaml", yaml.as_bytes()).unwrap();
    let shown: Vec<_> = repositories
        .iter()
        .map(|row| format!("{} {} {:?}", row.slug, row.label, row.paths))
        .collect();
    assert_eq!(
        shown,
        ["360 360 None", "bots bots Some(3)", "chat Chat Some(12)"]
    );
    let shown: Vec<_> = unread
        .iter()
        .map(|unread| format!("{}: {}", unread.at, unread.reason))
        .collect();
    assert_eq!(
        shown,
        [
            "topics.yaml#/3/slug: invalid repository name `../x`",
            "topics.yaml#/4/slug: invalid repository name ``"
        ]
    );
    for wrong in ["", "a: 1\n", "[\n"] {
        assert!(
            matches!(
                rows(Kind::Topic, "topics.yaml", wrong.as_bytes()),
                Err(FetchError::Catalog { .. })
            ),
            "{wrong}"
        );
    }
}

#[test]
fn reads_providers_from_urls() {
    let json = r#"{"apis": [
        {"name": "Zed", "properties": [{"type": "x-openapi-spec", "url": "https://host/o/r/master/_listings/zed/openapi.md"}]},
        {"name": "A", "url": "https://host/o/r/master/_listings/a/apis.md"},
        {"name": "A again", "url": "https://host/o/r/master/_listings/a/openapi.md"},
        {"name": "Odd", "url": "https://host/o/r/master/_listings/../x"},
        {"name": "No listing", "url": "https://host/"}
    ]}"#;
    let (providers, unread) = listed("apis.json", json.as_bytes()).unwrap();
    let places: Vec<_> = unread.iter().map(|unread| unread.at.as_str()).collect();
    assert_eq!(places, ["apis.json#/apis/3", "apis.json#/apis/4"]);
    let shown: Vec<_> = providers
        .iter()
        .map(|provider| format!("{} {}", provider.slug, provider.name))
        .collect();
    assert_eq!(shown, ["a A", "zed Zed"]);
}
