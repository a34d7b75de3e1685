//! Tests of the output formats, also with documents that contain malicious text.

use expect_test::{Expect, expect};
use gallery_spec::approvals::Approval;
use gallery_spec::config::ClientConfig;
use gallery_spec::date::Date;
use gallery_spec::listings::ListingRef;
use openapi_drift::Document;
use openapi_drift::{Severity, SeverityOverrides};
use openapi_text::{Diagnostic, FileError, Location};

use super::{DriftFormat, write};
use crate::drift::policy::{LocalSide, Policy};
use crate::drift::report::Report;
use clap::ValueEnum;

const BASE: &str = r#"
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a/{id}:
    get:
      operationId: a
      summary: One
      parameters:
      - {in: path, name: id, required: true, schema: {type: string}}
      responses: {}
  /b:
    get: {operationId: b, responses: {}}
"#;

fn report(base: &str, revision: &str, local_side: LocalSide, approve: &[&str]) -> Report {
    let (base, revision) = (
        Document::parse("base.yaml", base).unwrap(),
        Document::parse("revision.yaml", revision).unwrap(),
    );
    let severities = SeverityOverrides::default();
    let mut policy = Policy {
        severities: &severities,
        approvals: Vec::new(),
        today: Date::of_days(20_000),
    };
    let all = policy.compare(None, &base, &revision, local_side).changes;
    let approved = all
        .iter()
        .filter(|rated| approve.contains(&rated.change.rule.id));
    policy.approvals = approved
        .map(|rated| Approval::of(&rated.change, "nobody calls it", None))
        .collect();
    let mut comparison = policy.compare(Some("c"), &base, &revision, local_side);
    let client = ClientConfig {
        version: "0.3.1".into(),
        ..ClientConfig::of("c", ListingRef::parse("o/r/p").unwrap())
    };
    comparison.advise(&client, None).unwrap();
    Report {
        comparisons: vec![comparison],
        not_compared: Vec::new(),
        fail_on: Severity::Source,
    }
}

fn shown(report: &Report, format: DriftFormat, colors: bool) -> String {
    let mut out = Vec::new();
    write(report, format, colors, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn changed() -> String {
    BASE.replace("/a/{id}", "/a/{key}")
        .replace("name: id", "name: key")
        .replace("One", "Two")
        .replace("  /b:", "  /c:")
}

#[test]
fn text_lists_the_most_severe_differences_first() {
    let report = report(BASE, &changed(), LocalSide::Revision, &["endpoint-removed"]);
    expect![[r#"
        c: base.yaml → revision.yaml
          4 differences, 1 of them approved
          wire: 1 breaking, 1 safe, 2 none; source: 1 breaking, 1 safe, 2 none; docs: 4

          GET /b
            endpoint-removed  wire breaking, source breaking, docs  approved
              at GET /b
              removed the endpoint `GET /b`: the server rejects calls to it; stop calling it; the client loses the method
              revision.yaml:4:1  fingerprint 9d5666ac5cd28cdb
              approved: nobody calls it

          GET /c
            endpoint-added  wire safe, source safe, docs
              at GET /c
              added the endpoint `GET /c`: calls to other endpoints are not affected; the client gets a new method
              revision.yaml:13:5  fingerprint 9c09a4f874c11c00

          all of /a/{id}
            path-variable-renamed  wire none, source none, docs
              at /a/{id}
              renamed the path variable `id` to `key`: the URL is the same
              revision.yaml:5:3  fingerprint 197a1e665f318163

          GET /a/{id}
            summary-changed  wire none, source none, docs
              at GET /a/{id}#summary
              changed the summary of the operation `GET /a/{id}` (`One` → `Two`): only the documentation changes
              revision.yaml:8:7  fingerprint 8fbf5b54774e00dc

          gallery-c goes from 0.3.1 to 0.4.0
            ## 0.4.0

            ### Added

            - `GET /c`: added the endpoint `GET /c`: calls to other endpoints are not affected; the client gets a new method.

            ### Removed

            - **Breaking, over the wire and in source:** `GET /b`: removed the endpoint `GET /b`: the server rejects calls to it; stop calling it; the client loses the method.
    "#]].assert_eq(&shown(&report, DriftFormat::Text, false));
}

#[test]
fn text_colors_show_the_levels() {
    let report = report(BASE, &changed(), LocalSide::Revision, &["endpoint-removed"]);
    let text = shown(&report, DriftFormat::Text, true);
    assert!(
        text.contains("\u{1b}[31mwire breaking\u{1b}[0m, \u{1b}[31msource breaking\u{1b}[0m"),
        "{text}"
    );
    assert!(text.contains("\u{1b}[32m  approved\u{1b}[0m"), "{text}");
    assert!(text.contains("\u{1b}[32mwire safe\u{1b}[0m"), "{text}");
    // Without the colors, the text is the same.
    let mut plain = text;
    for code in ["31", "33", "32", "2", "1", "0"] {
        plain = plain.replace(&format!("\u{1b}[{code}m"), "");
    }
    assert_eq!(plain, shown(&report, DriftFormat::Text, false));
}

#[test]
fn markdown_starts_with_an_overview_and_folds_documentation() {
    let report = report(BASE, &changed(), LocalSide::Revision, &["endpoint-removed"]);
    expect![[r#"
        | | over the wire | in source | docs | | next version |
        |---|---|---|---|---|---|
        | `c` | **1 breaking, 1 safe, 2 none** | **1 breaking, 1 safe, 2 none** | 4 | 4 differences, 1 of them approved | 0.3.1 → 0.4.0 (minor) |

        ## `c`

        From `base.yaml` to `revision.yaml`.

        | over the wire | in source | location | difference |
        |---|---|---|---|
        | **breaking** | **breaking** | `GET /b` | `endpoint-removed`: removed the endpoint `GET /b`: the server rejects calls to it; stop calling it; the client loses the method — approved: nobody calls it |
        | safe | safe | `GET /c` | `endpoint-added`: added the endpoint `GET /c`: calls to other endpoints are not affected; the client gets a new method |

        <details><summary>2 differences in documentation only</summary>

        | location | difference |
        |---|---|
        | `/a/{id}` | `path-variable-renamed`: renamed the path variable `id` to `key`: the URL is the same |
        | `GET /a/{id}#summary` | `summary-changed`: changed the summary of the operation `GET /a/{id}` (`One` → `Two`): only the documentation changes |

        </details>

        <details><summary>Changelog entry</summary>

        ```markdown
        ## 0.4.0

        ### Added

        - `GET /c`: added the endpoint `GET /c`: calls to other endpoints are not affected; the client gets a new method.

        ### Removed

        - **Breaking, over the wire and in source:** `GET /b`: removed the endpoint `GET /b`: the server rejects calls to it; stop calling it; the client loses the method.
        ```

        </details>
    "#]].assert_eq(&shown(&report, DriftFormat::Markdown, false));
}

#[test]
fn annotations_have_positions_even_for_removed_parts() {
    let report = report(BASE, &changed(), LocalSide::Revision, &["endpoint-removed"]);
    expect![[r#"
        ::notice file=revision.yaml,line=4,col=1,title=endpoint-removed%3A wire breaking%2C source breaking::GET /b: removed the endpoint `GET /b`: the server rejects calls to it; stop calling it; the client loses the method (fingerprint 9d5666ac5cd28cdb)%0Aapproved: nobody calls it
        ::notice file=revision.yaml,line=13,col=5,title=endpoint-added%3A wire safe%2C source safe::GET /c: added the endpoint `GET /c`: calls to other endpoints are not affected; the client gets a new method (fingerprint 9c09a4f874c11c00)
        ::notice file=revision.yaml,line=5,col=3,title=path-variable-renamed%3A wire none%2C source none::/a/{id}: renamed the path variable `id` to `key`: the URL is the same (fingerprint 197a1e665f318163)
        ::notice file=revision.yaml,line=8,col=7,title=summary-changed%3A wire none%2C source none::GET /a/{id}#summary: changed the summary of the operation `GET /a/{id}` (`One` → `Two`): only the documentation changes (fingerprint 8fbf5b54774e00dc)
        compared c: 4 differences, 1 of them approved; wire: 1 breaking, 1 safe, 2 none; source: 1 breaking, 1 safe, 2 none; docs: 4
    "#]].assert_eq(&shown(&report, DriftFormat::Github, false));
}

#[test]
fn every_format_lists_the_users_of_a_component() {
    let path = |name: &str| {
        format!(
            "  /{name}:\n    get: {{operationId: {name}, responses: {{'200': {{description: d, content: {{application/json: {{schema: {{$ref: '#/components/schemas/S'}}}}}}}}}}}}\n"
        )
    };
    let base = format!(
        "{BASE}{}{}{}{}components: {{schemas: {{S: {{type: string}}}}}}\n",
        path("p"),
        path("q"),
        path("r"),
        path("s")
    );
    let report = report(
        &base,
        &base.replace("{type: string}}}", "{type: integer}}}"),
        LocalSide::Revision,
        &[],
    );
    let line_with = |format, word: &str| {
        let text = shown(&report, format, false);
        text.lines()
            .find(|line| line.contains(word))
            .map_or(text.clone(), |line| line.trim().to_owned())
    };
    expect!["used by GET /p, GET /q, GET /r and 1 more"]
        .assert_eq(&line_with(DriftFormat::Text, "used by"));
    expect!["| **breaking** | **breaking** | `#components/schemas/S/type` | `type-changed`: changed the type of the schema `S` (`string` → `integer`): clients cannot parse values of the new type; the Rust type changes; used by `GET /p`, `GET /q`, `GET /r` and 1 more (`eedd091d82ef3818`) |"].assert_eq(&line_with(DriftFormat::Markdown, "used by"));
    expect!["::error file=revision.yaml,line=22,col=28,title=type-changed%3A wire breaking%2C source breaking::#components/schemas/S/type: changed the type of the schema `S` (`string` → `integer`): clients cannot parse values of the new type; the Rust type changes (fingerprint eedd091d82ef3818)%0Aused by GET /p, GET /q, GET /r and 1 more"].assert_eq(&line_with(DriftFormat::Github, "used by"));
    let json: serde_json::Value =
        serde_json::from_str(&shown(&report, DriftFormat::Json, false)).unwrap();
    let all = serde_json::json!(["GET /p", "GET /q", "GET /r", "GET /s"]);
    assert_eq!(json["changes"][0]["used_by"], all);
    let sarif: serde_json::Value =
        serde_json::from_str(&shown(&report, DriftFormat::Sarif, false)).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["properties"]["usedBy"], all);
}

/// Returns a document with malicious text in every string.
fn hostile() -> String {
    let evil = r"\e[31m\r\n::error::x\n##[error]y\n</details><script>alert(1)</script>|`@you` [l](javascript:x) #1 https://e.org www.e.org %0A\u202E\x9B\uFFFE";
    BASE.replace(
        "summary: One",
        &format!("summary: \"{evil}\"\n      \"x-{evil}\": \"{evil}\""),
    )
    .replace("  /b:", &format!("  \"/{evil}\":"))
}

#[test]
fn malicious_text_is_escaped_in_every_format() {
    let mut report = report(BASE, &hostile(), LocalSide::Revision, &[]);
    let evil = "\u{1b}[31m\n::error::x\n</details>";
    report.comparisons[0].notes.push(evil.to_owned());
    report.comparisons[0].pending.push(Diagnostic {
        severity: openapi_text::Severity::Pending,
        code: "overlay",
        location: Location::line(evil, 1, 2),
        message: evil.to_owned(),
    });
    report.comparisons[0].idle_approvals.push(FileError {
        location: Location::line("drift.toml", 3, 1),
        message: evil.to_owned(),
    });
    report.comparisons[0].not_compared.push(evil.to_owned());
    report.not_compared.push(evil.to_owned());
    for &format in DriftFormat::value_variants() {
        let text = shown(&report, format, false);
        assert!(text.len() > 500, "{format:?}: {text}");
        let is_raw = |c| openapi_text::is_unprintable(c) && c != '\n' && c != '\u{200b}';
        assert!(!text.contains(is_raw), "{format:?}: {text}");
        assert!(!text.contains("##["), "{format:?}: {text}");
        if format == DriftFormat::Github {
            let is_valid = |line: &str| {
                [
                    "::error file=",
                    "::warning file=",
                    "::warning title=not compared::",
                    "::notice file=",
                    "compared c: ",
                ]
                .iter()
                .any(|start| line.starts_with(start))
            };
            assert!(text.lines().all(is_valid), "{text}");
        } else {
            assert!(
                !text.lines().any(|line| line.trim_start().starts_with("::")),
                "{format:?}: {text}"
            );
        }
    }
}

#[test]
fn an_idle_approval_is_in_every_report() {
    let mut report = report(BASE, BASE, LocalSide::Revision, &[]);
    report.comparisons[0].idle_approvals.push(FileError {
        location: Location::line("drift.toml", 3, 1),
        message: "no difference needs the approval".to_owned(),
    });
    for &format in DriftFormat::value_variants() {
        let text = shown(&report, format, false);
        // The text report is printed with the warnings of the command.
        let is_elsewhere = format == DriftFormat::Text;
        let expected = "no difference needs the approval";
        assert!(is_elsewhere || text.contains(expected), "{format:?}");
    }
    let sarif: serde_json::Value =
        serde_json::from_str(&shown(&report, DriftFormat::Sarif, false)).unwrap();
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "idle-approval");
    assert_eq!(result["level"], "warning");
    let region = &result["locations"][0]["physicalLocation"]["region"];
    assert_eq!(region["startLine"], 3);
}

#[test]
fn a_client_that_was_not_compared_does_not_look_equal() {
    let mut report = report(BASE, BASE, LocalSide::Revision, &[]);
    assert!(report.is_identical() && !report.fails());
    report.not_compared.push("other".to_owned());
    assert!(!report.is_identical() && !report.fails());
    for &format in DriftFormat::value_variants() {
        assert!(
            shown(&report, format, false).contains("other"),
            "{format:?}"
        );
    }
    report.fail_on = Severity::Any;
    assert!(report.fails());
}

#[test]
fn malicious_html_is_escaped() {
    let text = shown(
        &report(BASE, &hostile(), LocalSide::Revision, &[]),
        DriftFormat::Html,
        false,
    );
    assert!(text.contains("&lt;script&gt;"), "{text}");
    let mut tags: Vec<&str> = text
        .split('<')
        .skip(1)
        .filter_map(|rest| rest.split(['>', ' ']).next())
        .map(|tag| tag.trim_start_matches('/'))
        .collect();
    tags.sort_unstable();
    tags.dedup();
    expect![[r#"["!DOCTYPE", "article", "body", "br", "code", "dd", "div", "dl", "dt", "h1", "h2", "h3", "head", "html", "main", "meta", "p", "pre", "section", "span", "strong", "style", "title"]"#]].assert_eq(&format!("{tags:?}"));
    // Nothing is loaded from elsewhere.
    for word in ["http:", "src=", "href=", "url(", "@import"] {
        assert!(!text.contains(word), "{word}: {text}");
    }
}

#[test]
fn malicious_junit_is_well_formed() {
    let text = shown(
        &report(BASE, &hostile(), LocalSide::Revision, &[]),
        DriftFormat::Junit,
        false,
    );
    let junit = quick_junit::Report::deserialize_from_str(&text).unwrap();
    let names: Vec<&str> = junit.test_suites[0]
        .test_cases
        .iter()
        .map(|case| case.name.as_str())
        .collect();
    assert!(
        names
            .iter()
            .any(|name| name.contains("<script>alert(1)</script>")),
        "{names:?}"
    );
}

#[test]
fn junit_has_a_test_case_for_each_difference() {
    let mut report = report(BASE, &changed(), LocalSide::Revision, &["endpoint-removed"]);
    report.comparisons[0].not_compared.push("part".to_owned());
    report.not_compared.push("other".to_owned());
    expect![[r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="API differences" tests="6" skipped="3" failures="0" errors="0">
            <testsuite name="c: base.yaml → revision.yaml" tests="5" skipped="2" errors="0" failures="0">
                <properties>
                    <property name="wire" value="1 breaking, 1 safe, 2 none"/>
                    <property name="source" value="1 breaking, 1 safe, 2 none"/>
                    <property name="docs" value="4"/>
                    <property name="hidden" value="0"/>
                    <property name="identical" value="false"/>
                </properties>
                <testcase name="endpoint-removed: GET /b" classname="GET /b" file="revision.yaml" line="4">
                    <skipped message="approved: nobody calls it">wire breaking, source breaking
        removed the endpoint `GET /b`: the server rejects calls to it; stop calling it; the client loses the method
        revision.yaml:4:1
        fingerprint 9d5666ac5cd28cdb</skipped>
                </testcase>
                <testcase name="endpoint-added: GET /c" classname="GET /c" file="revision.yaml" line="13">
                    <system-out>wire safe, source safe
        added the endpoint `GET /c`: calls to other endpoints are not affected; the client gets a new method
        revision.yaml:13:5
        fingerprint 9c09a4f874c11c00</system-out>
                </testcase>
                <testcase name="path-variable-renamed: /a/{id}" classname="all of /a/{id}" file="revision.yaml" line="5">
                    <system-out>wire none, source none
        renamed the path variable `id` to `key`: the URL is the same
        revision.yaml:5:3
        fingerprint 197a1e665f318163</system-out>
                </testcase>
                <testcase name="summary-changed: GET /a/{id}#summary" classname="GET /a/{id}" file="revision.yaml" line="8">
                    <system-out>wire none, source none
        changed the summary of the operation `GET /a/{id}` (`One` → `Two`): only the documentation changes
        revision.yaml:8:7
        fingerprint 8fbf5b54774e00dc</system-out>
                </testcase>
                <testcase name="part" classname="not compared">
                    <skipped message="not compared, so it may differ" type="not compared"/>
                </testcase>
                <system-out>4 differences, 1 of them approved
        wire: 1 breaking, 1 safe, 2 none; source: 1 breaking, 1 safe, 2 none; docs: 4</system-out>
            </testsuite>
            <testsuite name="other" tests="1" skipped="1" errors="0" failures="0">
                <properties>
                    <property name="identical" value="false"/>
                </properties>
                <testcase name="other" classname="not compared">
                    <skipped message="not compared, so it may differ" type="not compared"/>
                </testcase>
            </testsuite>
        </testsuites>
    "#]].assert_eq(&shown(&report, DriftFormat::Junit, false));
    report.fail_on = Severity::Any;
    let text = shown(&report, DriftFormat::Junit, false);
    let junit = quick_junit::Report::deserialize_from_str(&text).unwrap();
    // All but the approved difference.
    assert_eq!((junit.tests, junit.failures), (6, 5));
}

#[test]
fn junit_has_a_test_case_if_there_are_no_differences() {
    let report = report(BASE, BASE, LocalSide::Revision, &[]);
    expect![[r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="API differences" tests="1" skipped="0" failures="0" errors="0">
            <testsuite name="c: base.yaml → revision.yaml" tests="1" skipped="0" errors="0" failures="0">
                <properties>
                    <property name="wire" value="0"/>
                    <property name="source" value="0"/>
                    <property name="docs" value="0"/>
                    <property name="hidden" value="0"/>
                    <property name="identical" value="true"/>
                </properties>
                <testcase name="no differences"/>
                <system-out>no differences
        wire: 0; source: 0; docs: 0</system-out>
            </testsuite>
        </testsuites>
    "#]].assert_eq(&shown(&report, DriftFormat::Junit, false));
}

#[test]
fn html_groups_differences_by_endpoint() {
    let report = report(BASE, &changed(), LocalSide::Revision, &["endpoint-removed"]);
    let text = shown(&report, DriftFormat::Html, false);
    let (_, body) = text.split_once("<body>").unwrap();
    expect![[r#"
        <main>
        <h1>API differences</h1>
        <p>
        <strong class="passes">Passes</strong> with <code>--fail-on source</code>.</p>
        <section>
        <h2>c: base.yaml → revision.yaml</h2>
        <p>4 differences, 1 of them approved</p>
        <dl>
        <div>
        <dt>over the wire</dt>
        <dd>1 breaking, 1 safe, 2 none</dd>
        </div>
        <div>
        <dt>in source</dt>
        <dd>1 breaking, 1 safe, 2 none</dd>
        </div>
        <div>
        <dt>docs</dt>
        <dd>4</dd>
        </div>
        </dl>
        <h3>GET /b</h3>
        <article class="breaking">
        <p class="levels">
        <code>endpoint-removed</code>
        <span class="level breaking">wire breaking</span>
        <span class="level breaking">source breaking</span>
        <span class="level none">docs</span>
        <strong class="passes">approved</strong>
        </p>
        <p>removed the endpoint <code>GET /b</code>: the server rejects calls to it; stop calling it; the client loses the method</p>
        <p>approved: nobody calls it</p>
        <p class="meta">at <code>GET /b</code>
        <br>revision.yaml:4:1, fingerprint <code>9d5666ac5cd28cdb</code>
        </p>
        </article>
        <h3>GET /c</h3>
        <article class="safe">
        <p class="levels">
        <code>endpoint-added</code>
        <span class="level safe">wire safe</span>
        <span class="level safe">source safe</span>
        <span class="level none">docs</span>
        </p>
        <p>added the endpoint <code>GET /c</code>: calls to other endpoints are not affected; the client gets a new method</p>
        <p class="meta">at <code>GET /c</code>
        <br>revision.yaml:13:5, fingerprint <code>9c09a4f874c11c00</code>
        </p>
        </article>
        <h3>all of /a/{id}</h3>
        <article class="none">
        <p class="levels">
        <code>path-variable-renamed</code>
        <span class="level none">wire none</span>
        <span class="level none">source none</span>
        <span class="level none">docs</span>
        </p>
        <p>renamed the path variable <code>id</code> to <code>key</code>: the URL is the same</p>
        <p class="meta">at <code>/a/{id}</code>
        <br>revision.yaml:5:3, fingerprint <code>197a1e665f318163</code>
        </p>
        </article>
        <h3>GET /a/{id}</h3>
        <article class="none">
        <p class="levels">
        <code>summary-changed</code>
        <span class="level none">wire none</span>
        <span class="level none">source none</span>
        <span class="level none">docs</span>
        </p>
        <p>changed the summary of the operation <code>GET /a/{id}</code> (<code>One</code> → <code>Two</code>): only the documentation changes</p>
        <p class="meta">at <code>GET /a/{id}#summary</code>
        <br>revision.yaml:8:7, fingerprint <code>8fbf5b54774e00dc</code>
        </p>
        </article>
        <h3>gallery-c goes from 0.3.1 to 0.4.0</h3>
        <pre>## 0.4.0

        ### Added

        - `GET /c`: added the endpoint `GET /c`: calls to other endpoints are not affected; the client gets a new method.

        ### Removed

        - **Breaking, over the wire and in source:** `GET /b`: removed the endpoint `GET /b`: the server rejects calls to it; stop calling it; the client loses the method.</pre>
        </section>
        </main>
        </body>
        </html>
    "#]].assert_eq(&body.replace("><", ">\n<"));
}

#[test]
fn malicious_markdown_is_escaped() {
    let text = shown(
        &report(BASE, &hostile(), LocalSide::Revision, &[]),
        DriftFormat::Markdown,
        false,
    );
    // Code is shown verbatim. All other text must not contain markup.
    let events: Vec<_> =
        pulldown_cmark::Parser::new_ext(&text, pulldown_cmark::Options::all()).collect();
    let mut html = Vec::new();
    let mut in_block = false;
    for event in &events {
        match event {
            pulldown_cmark::Event::Start(pulldown_cmark::Tag::CodeBlock(_)) => in_block = true,
            pulldown_cmark::Event::End(pulldown_cmark::TagEnd::CodeBlock) => in_block = false,
            pulldown_cmark::Event::Text(_) if in_block => {}
            pulldown_cmark::Event::Html(found) | pulldown_cmark::Event::InlineHtml(found) => {
                html.push(found.trim().to_owned());
            }
            pulldown_cmark::Event::Start(
                pulldown_cmark::Tag::Link { .. } | pulldown_cmark::Tag::Image { .. },
            ) => {
                panic!("{text}")
            }
            pulldown_cmark::Event::Text(found) => assert!(!found.contains("@you"), "{found}"),
            _ => {}
        }
    }
    html.retain(|found| !found.starts_with("<details><summary>") && found != "</details>");
    assert_eq!(html, Vec::<String>::new(), "{text}");
    // Each row has as many cells as its header.
    let cells = |line: &str| line.replace("\\|", "").matches('|').count();
    let mut width = 0;
    for line in text.lines().filter(|line| line.starts_with('|')) {
        if line.starts_with("|---") {
            width = cells(line);
        } else if width > 0 && !line.starts_with("| location") && !line.starts_with("| over") {
            assert_eq!(cells(line), width, "{line}");
        }
    }
}

#[test]
fn markdown_fits_into_the_body_of_a_pull_request() {
    let many: String = (0..2000)
        .map(|number| {
            format!("  /x{number}:\n    get: {{operationId: x{number}, responses: {{}}}}\n")
        })
        .collect();
    let text = shown(
        &report(BASE, &format!("{BASE}{many}"), LocalSide::Revision, &[]),
        DriftFormat::Markdown,
        false,
    );
    assert!(text.len() < 60_000, "{}", text.len());
    assert!(
        text.contains("more differences; `gallery drift` shows all of them.")
            && text.contains("2000 differences"),
        "{text}"
    );
}

fn check(base: &str, revision: &str, local_side: LocalSide, expected: Expect) {
    let report = report(base, revision, local_side, &[]);
    let lines = report.comparisons[0].changes.iter().map(|rated| {
        let at = rated
            .file_location
            .as_ref()
            .map_or("nowhere".to_owned(), ToString::to_string);
        format!("{} {at}\n", rated.change.rule.id)
    });
    expected.assert_eq(&lines.collect::<String>());
}

#[test]
fn differences_are_located_in_the_local_document() {
    check(
        BASE,
        &changed(),
        LocalSide::Base,
        expect![[r#"
            endpoint-removed base.yaml:13:5
            endpoint-added base.yaml:4:1
            path-variable-renamed base.yaml:5:3
            summary-changed base.yaml:8:7
        "#]],
    );
    check(
        BASE,
        &changed(),
        LocalSide::Neither,
        expect![[r#"
            endpoint-removed nowhere
            endpoint-added nowhere
            path-variable-renamed nowhere
            summary-changed nowhere
        "#]],
    );
}
