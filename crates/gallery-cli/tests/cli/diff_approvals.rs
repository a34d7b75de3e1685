//! `diff` with approved differences.

use expect_test::{Expect, expect};
use serde_json::Value;

use crate::drift::validate;
use crate::workspace::Workspace;

const BASE: &str = "openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a:
    get:
      operationId: a
      parameters:
      - {in: query, name: q, schema: {type: string}}
      responses: {}
";

/// The fingerprint of the removed parameter.
const FINGERPRINT: &str = "4e6c936b970e9fad";

fn folder(approvals: &str) -> Workspace {
    let folder = Workspace::empty();
    folder.write("base.yaml", BASE);
    folder.write("revision.yaml", BASE.replace("name: q", "name: query"));
    folder.write("approvals.toml", approvals);
    folder
}

fn approval(fingerprint: &str, more: &str) -> String {
    format!(
        "[[approved]]
rule = \"optional-parameter-removed\"
place = \"GET /a#parameters/query:q\"
fingerprint = \"{fingerprint}\"
reason = \"nobody uses it\"
{more}"
    )
}

const ARGS: [&str; 7] = [
    "diff",
    "base.yaml",
    "revision.yaml",
    "--approvals",
    "approvals.toml",
    "--today",
    "2026-06-01",
];

fn check(approvals: &str, expected: Expect) {
    expected.assert_eq(&folder(approvals).gallery(&ARGS).shown());
}

#[test]
fn approved_differences_do_not_fail() {
    check(
        &approval(FINGERPRINT, ""),
        expect![[r#"
            exit 0
            -- out --
            base.yaml → revision.yaml
              2 differences, 1 of them approved
              wire: 1 risky, 1 safe; source: 1 breaking, 1 safe; docs: 2

              GET /a
                optional-parameter-removed  wire risky, source breaking, docs  approved
                  at GET /a#parameters/query:q
                  removed the optional query parameter `q` (`{"type":"string"}`): the server may reject or ignore it; stop sending it; its setter is gone
                  revision.yaml:8:9  fingerprint 4e6c936b970e9fad
                  approved: nobody uses it
                optional-parameter-added  wire safe, source safe, docs
                  at GET /a#parameters/query:query
                  added the optional query parameter `query` (`{"type":"string"}`): calls without it still work; the builder gets a setter
                  revision.yaml:8:9  fingerprint a03d106b1f2f3b4b
        "#]],
    );
    check(
        &approval(FINGERPRINT, "until = 2026-06-01"),
        expect![[r#"
            exit 0
            -- out --
            base.yaml → revision.yaml
              2 differences, 1 of them approved
              wire: 1 risky, 1 safe; source: 1 breaking, 1 safe; docs: 2

              GET /a
                optional-parameter-removed  wire risky, source breaking, docs  approved
                  at GET /a#parameters/query:q
                  removed the optional query parameter `q` (`{"type":"string"}`): the server may reject or ignore it; stop sending it; its setter is gone
                  revision.yaml:8:9  fingerprint 4e6c936b970e9fad
                  approved until 2026-06-01: nobody uses it
                optional-parameter-added  wire safe, source safe, docs
                  at GET /a#parameters/query:query
                  added the optional query parameter `query` (`{"type":"string"}`): calls without it still work; the builder gets a setter
                  revision.yaml:8:9  fingerprint a03d106b1f2f3b4b
        "#]],
    );
}

#[test]
fn reports_approvals_that_expired_or_are_not_needed() {
    check(
        &approval(FINGERPRINT, "until = 2026-05-31"),
        expect![[r#"
            exit 4
            -- out --
            base.yaml → revision.yaml
              2 differences
              wire: 1 risky, 1 safe; source: 1 breaking, 1 safe; docs: 2

              GET /a
                optional-parameter-removed  wire risky, source breaking, docs  fails
                  at GET /a#parameters/query:q
                  removed the optional query parameter `q` (`{"type":"string"}`): the server may reject or ignore it; stop sending it; its setter is gone
                  revision.yaml:8:9  fingerprint 4e6c936b970e9fad
                optional-parameter-added  wire safe, source safe, docs
                  at GET /a#parameters/query:query
                  added the optional query parameter `query` (`{"type":"string"}`): calls without it still work; the builder gets a setter
                  revision.yaml:8:9  fingerprint a03d106b1f2f3b4b
            -- err --
            warning: the approval of `4e6c936b970e9fad` (optional-parameter-removed of GET /a#parameters/query:q) expired on 2026-05-31
              --> approvals.toml:1:1
        "#]],
    );
    check(
        &approval("0123456789abcdef", ""),
        expect![[r#"
            exit 4
            -- out --
            base.yaml → revision.yaml
              2 differences
              wire: 1 risky, 1 safe; source: 1 breaking, 1 safe; docs: 2

              GET /a
                optional-parameter-removed  wire risky, source breaking, docs  fails
                  at GET /a#parameters/query:q
                  removed the optional query parameter `q` (`{"type":"string"}`): the server may reject or ignore it; stop sending it; its setter is gone
                  revision.yaml:8:9  fingerprint 4e6c936b970e9fad
                optional-parameter-added  wire safe, source safe, docs
                  at GET /a#parameters/query:query
                  added the optional query parameter `query` (`{"type":"string"}`): calls without it still work; the builder gets a setter
                  revision.yaml:8:9  fingerprint a03d106b1f2f3b4b
            -- err --
            warning: no difference needs the approval of `0123456789abcdef` (optional-parameter-removed of GET /a#parameters/query:q); remove it
              --> approvals.toml:1:1
        "#]],
    );
    let folder = folder(&approval("0123456789abcdef", ""));
    let output = |format| folder.gallery(&[&ARGS[..], &["--format", format]].concat());
    let report: Value = serde_json::from_str(&output("json").stdout).unwrap();
    validate(include_str!("../../../../docs/drift.schema.json"), &report);
    assert_eq!(report["comparisons"][0]["idle_approvals"][0]["line"], 1);
    for format in ["markdown", "github"] {
        let output = output(format);
        assert!(
            output.stdout.contains("no difference needs the approval"),
            "{output:?}"
        );
    }
}

#[test]
fn hidden_differences_need_their_approvals() {
    let folder = folder(&approval(FINGERPRINT, ""));
    let output = folder.gallery(&[&ARGS[..], &["--exclude", "wire"]].concat());
    assert_eq!((output.code, output.stderr.as_str()), (Some(0), ""));
}

#[test]
fn rejects_invalid_approvals() {
    check(
        "[[approved]]\nrule = \"x\"\n",
        expect![[r#"
        exit 100
        -- err --
        error: unknown rule `x`; see docs/drift-rules.md for all rules
          --> approvals.toml:2:8
    "#]],
    );
    check(
        "approved = 1\n",
        expect![[r#"
        exit 100
        -- err --
        error: unknown key `approved`; expected tables [[approved]]
          --> approvals.toml:1:12
    "#]],
    );
    let output = folder("").gallery(&["diff", "base.yaml", "base.yaml", "--approvals", "no.toml"]);
    expect![[r#"
        exit 100
        -- err --
        error: no.toml: file not found
    "#]]
    .assert_eq(&output.shown());
}
