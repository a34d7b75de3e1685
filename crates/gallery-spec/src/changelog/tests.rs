use expect_test::{Expect, expect};
use semver::Version;

use super::{first, has_entry, merge};
use crate::config::ClientConfig;
use gallery_listings::ListingRef;

const ENTRY: &str = "\
## 0.2.0

### Added

- `GET /a`: added the endpoint.

### Removed

- **Breaking in source:** `GET /b`: removed the endpoint.
- `GET /c#tags`: removed a tag.
";

/// Merges the entry twice, because the second time must change nothing.
fn check(text: &str, entry: &str, expected: Expect) {
    let merged = |text: &str, date: &str| {
        let version = Version::new(0, 2, 0);
        merge(text, &version, date.parse().unwrap(), entry, "- No change.")
    };
    let once = merged(text, "2026-06-01");
    let reworded: String = once
        .reworded
        .iter()
        .map(|it| format!("reworded: {it}\n"))
        .collect();
    expected.assert_eq(&format!("{}{reworded}", once.text));
    assert_eq!(merged(&once.text, "2026-07-01").text, once.text);
}

#[test]
fn adds_an_entry_above_earlier_ones() {
    check(
        "# Changelog\n\nOurs.\n\n## [0.1.0] - 2026-01-01\n\n- First version.\n",
        ENTRY,
        expect![[r#"
            # Changelog

            Ours.

            ## 0.2.0 - 2026-06-01

            ### Added

            - `GET /a`: added the endpoint.

            ### Removed

            - **Breaking in source:** `GET /b`: removed the endpoint.
            - `GET /c#tags`: removed a tag.

            ## [0.1.0] - 2026-01-01

            - First version.
        "#]],
    );
    check(
        "# Changelog",
        ENTRY,
        expect![[r#"
        # Changelog

        ## 0.2.0 - 2026-06-01

        ### Added

        - `GET /a`: added the endpoint.

        ### Removed

        - **Breaking in source:** `GET /b`: removed the endpoint.
        - `GET /c#tags`: removed a tag.
    "#]],
    );
    check(
        "",
        "## 0.2.0\n",
        expect![[r#"
        ## 0.2.0 - 2026-06-01

        - No change.
    "#]],
    );
}

#[test]
fn keeps_text_that_people_wrote() {
    check(
        "# Changelog\n\n## Unreleased\n\nRead this first.\n\n## 0.1.0\n",
        ENTRY,
        expect![[r#"
            # Changelog

            ## 0.2.0 - 2026-06-01

            Read this first.

            ### Added

            - `GET /a`: added the endpoint.

            ### Removed

            - **Breaking in source:** `GET /b`: removed the endpoint.
            - `GET /c#tags`: removed a tag.

            ## 0.1.0
        "#]],
    );
    check(
        "## v0.2.0 (soon)\n\n### Removed\n\nTwo parts:\n\n- `GET /b` has gone,\n  at last.\n\n### Notes\n- x\n\n## 0.1.0\n\n```\n## Unreleased\n```\n",
        ENTRY,
        expect![[r#"
            ## v0.2.0 (soon)

            ### Removed

            Two parts:

            - `GET /b` has gone,
              at last.
            - `GET /c#tags`: removed a tag.

            ### Notes
            - x

            ### Added

            - `GET /a`: added the endpoint.

            ## 0.1.0

            ```
            ## Unreleased
            ```
            reworded: - **Breaking in source:** `GET /b`: removed the endpoint.
        "#]],
    );
    check(
        "## 0.2.0\n## 0.1.0\n",
        "## 0.2.0\n",
        expect![[r#"
        ## 0.2.0

        - No change.

        ## 0.1.0
    "#]],
    );
}

#[test]
fn finds_entries() {
    let text = "# 0.9.0\n\n```\n## 0.8.0\n```\n\n## [0.3.0](https://host/) - x\n## v0.2.0\n## 0.1.0-rc.1 (x)\n";
    for version in ["0.3.0", "0.2.0", "0.1.0-rc.1"] {
        assert!(has_entry(text, version), "{version}");
    }
    for version in ["0.9.0", "0.8.0", "0.1.0", "x"] {
        assert!(!has_entry(text, version), "{version}");
    }
    let client = ClientConfig::of("a", ListingRef::parse("o/r/p").unwrap());
    assert!(has_entry(&first(&client), &client.version));
}
