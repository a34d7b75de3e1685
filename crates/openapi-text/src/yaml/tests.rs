use super::*;
use expect_test::{Expect, expect};

fn check_error(bytes: &[u8], message: Expect) {
    let mut diagnostics = Diagnostics::default();
    assert_eq!(parse("a.md", bytes, &mut diagnostics), None);
    let all: Vec<_> = diagnostics.iter().map(ToString::to_string).collect();
    message.assert_eq(&all.join("\n"));
}

#[test]
fn converts_keys_to_strings() {
    let mut diagnostics = Diagnostics::default();
    let value = parse(
        "a.md",
        b"---\r\nresponses:\n  200:\n    description: OK\r\n---",
        &mut diagnostics,
    );
    assert_eq!(
        value,
        Some(serde_json::json!({"responses": {"200": {"description": "OK"}}}))
    );
    let value = parse(
        "a.md",
        b"{~: ~, true: -1, 1.50: 1.50, 0x10: [0x10]}",
        &mut diagnostics,
    );
    assert_eq!(
        value,
        Some(serde_json::json!({"null": null, "true": -1, "1.5": 1.5, "16": [16]}))
    );
    assert!(!diagnostics.has_errors());
}

#[test]
fn integers_of_any_size_are_numbers() {
    let text = "[18446744073709551616, -9223372036854775809]";
    let mut diagnostics = Diagnostics::default();
    let yaml = parse("a.yml", text.as_bytes(), &mut diagnostics);
    assert_eq!(yaml, parse("a.json", text.as_bytes(), &mut diagnostics));
    assert_eq!(
        yaml,
        Some(serde_json::json!([
            18446744073709551616.0,
            -9223372036854775808.0
        ]))
    );
    assert!(!diagnostics.has_errors());
}

#[test]
fn reports_syntax_errors_with_lines_of_the_file() {
    check_error(
        b"---\r\na: 1\nb: [1,\n---",
        expect![[r#"
            error[yaml-syntax]: invalid YAML: did not find expected node content
              --> a.md:4:1"#]],
    );
    check_error(
        b"a: 1\na: 2\n",
        expect![[r#"
            error[yaml-syntax]: invalid YAML: duplicate entry with key "a"
              --> a.md:1:1"#]],
    );
    check_error(
        b"200: 1\n'200': 2\n",
        expect![[r#"
            error[yaml-not-json]: duplicate key `200`
              --> a.md#"#]],
    );
    check_error(
        b"a: {b: .nan}\n",
        expect![[r#"
            error[yaml-not-json]: JSON has no number `.nan`
              --> a.md#/a/b"#]],
    );
    check_error(
        b"a: !what 1\n",
        expect![[r#"
            error[yaml-not-json]: a value has the unknown tag `!what`; remove it
              --> a.md#/a"#]],
    );
    check_error(
        b"? [1]\n: 2\n",
        expect![[r#"
        error[yaml-not-json]: a mapping has a list or a mapping as a key; use a string
          --> a.md#"#]],
    );
}

#[test]
fn rejects_several_documents() {
    for text in [
        "---\r\na: 1\r\n---\r\nb: 2\r\n---",
        "a: 1\n\n--- # more\nb: 2\n",
        "# one\n---\n--- {b: 2}\n",
        "a: |\n  x\n---\nb: |\n",
    ] {
        let mut diagnostics = Diagnostics::default();
        assert_eq!(parse("a.md", text.as_bytes(), &mut diagnostics), None);
        assert_eq!(
            diagnostics.iter().next().unwrap().to_string(),
            "error[yaml-documents]: the file has several YAML documents; move each one to its \
             own file\n  --> a.md:3:1",
            "{text:?}"
        );
    }
}

#[test]
fn rejects_hostile_documents() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let before = level - 1;
        bomb.push_str(&format!(
            "a{level}: &a{level} [{}]\n",
            vec![format!("*a{before}"); 10].join(", ")
        ));
    }
    check_error(
        bomb.as_bytes(),
        expect![[r#"
            error[yaml-syntax]: invalid YAML: repetition limit exceeded
              --> a.md"#]],
    );
    check_error(
        "[".repeat(500).as_bytes(),
        expect![[r#"
            error[yaml-syntax]: invalid YAML: recursion limit exceeded
              --> a.md:1:129"#]],
    );
    check_error(
        "[".repeat(100_000).as_bytes(),
        expect![[r#"
            error[yaml-syntax]: more than 1000 nested brackets; reduce the depth of the document
              --> a.md:1:1001"#]],
    );
    check_error(
        b"a: &a [*a]\n",
        expect![[r#"
            error[yaml-syntax]: invalid YAML: recursion limit exceeded
              --> a.md:1:4"#]],
    );
}
