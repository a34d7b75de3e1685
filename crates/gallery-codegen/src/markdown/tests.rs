use super::*;
use expect_test::{Expect, expect};

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&blocks(text));
}

#[test]
fn keeps_harmless_markdown() {
    check(
        "One page.\n##### Permissions\nThe caller holds `view_team`.",
        expect![[r#"
        One page.

        **Permissions**

        The caller holds `view_team`."#]],
    );
    check(
        "*a* **b**\n\n- c\n- d\n  more\n\n> e\n> f",
        expect![[r#"
        *a* **b**

        - c

        - d
          more

        > e
        > f"#]],
    );
}

#[test]
fn escapes_doctests_links_and_html() {
    check(
        "    let x = 1;\n\n```rust\npanic!()\n```\n",
        expect![[r#"
        ```text
        let x = 1;
        ```

        ```text
        panic!()
        ```"#]],
    );
    check(
        "See [the docs](https://p.io/a_b) and [this](javascript:alert(1)), [Vec] or [x][y].",
        expect![[
            r#"See the docs (<https://p.io/a_b>) and this (`javascript:alert(1)`), \[Vec\] or \[x\]\[y\]."#
        ]],
    );
    check(
        "<b onclick=x>bold</b> Map<String, u8> & http://p.io/a?b=c_d.",
        expect![[r#"\<b onclick=x\>bold\</b\> Map\<String, u8\> \& <http://p.io/a?b=c_d>."#]],
    );
    check(
        "*/ } fn evil() {} /* \" #![doc]",
        expect![[r#"*/ } fn evil() {} /* " #!\[doc\]"#]],
    );
    check(
        "````\n```\n````",
        expect![[r#"
        ````text
        ```
        ````"#]],
    );
    check(
        "1. x\n2) y\n\n12) z",
        expect![[r#"
        - x

        - y

        - z"#]],
    );
    check(
        "| a | b |\n|---|---|\n\na\r\nb\0c",
        expect![[r#"
        \| a \| b \|
        \|---\|---\|

        a

        bc"#]],
    );
}

#[test]
fn fences_code_with_more_backticks_than_it_contains() {
    assert_eq!(code("a"), "`a`");
    assert_eq!(code("a`b``c"), "```a`b``c```");
    assert_eq!(code("`"), "`` ` ``");
    assert_eq!(code(" \n"), "(empty)");
    assert_eq!(
        (
            code("a\u{202E}b"),
            inline("a\u{2066}b"),
            blocks("    a\u{202A}b")
        ),
        ("`a b`".into(), "a b".into(), "```text\na b\n```".into())
    );
    assert_eq!(
        sentence("Get  the\nteam_members"),
        "Get the team\\_members."
    );
}
