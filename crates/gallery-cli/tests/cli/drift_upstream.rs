//! `drift` against a server. Downloads go to a temporary folder, and an outage has its own exit
//! status.

use expect_test::expect;

use crate::network::Network;
use crate::server::Reply;
use crate::workspace::LISTING;

#[test]
fn compares_upstream_without_changing_files() {
    let network = Network::fetched();
    let before = network.workspace.tree();
    let output = network.run(&["drift", "--fail-on", "any"]);
    expect![[r#"
        exit 0
        -- out --
        mattermost: specs/mattermost/openapi.json → http://127.0.0.1:PORT/
          no differences
    "#]]
    .assert_eq(&network.shown(&output));
    // Conditional requests do not download unchanged files.
    assert!(network.server.seen().iter().all(|seen| seen.status == 304));

    network.reword(
        "openapi.md",
        "One page of the members of a team",
        "A page of the members of a team",
    );
    let output = network.run(&["drift", "--fail-on", "docs", "--format", "github"]);
    expect![[r#"
        exit 4
        -- out --
        ::error file=specs/mattermost/openapi.json,line=235,col=9,title=description-changed%3A wire none%2C source none::GET /teams/{team_id}/members#description: changed the description of the operation `GET /teams/{team_id}/members` (`One page of the members of a team, chosen by page number and…` → `A page of the members of a team, chosen by page number and p…`): check it for requirements that the schema does not express (fingerprint b0c676b47f865f97)
        compared mattermost: 1 difference; wire: 1 none; source: 1 none; docs: 1
    "#]].assert_eq(&network.shown(&output));
    assert!(network.workspace.tree() == before);
}

#[test]
fn exits_75_in_an_outage_and_reports_no_result() {
    let network = Network::fetched();
    let before = network.workspace.tree();
    network.put("apis.md", Reply::status(503));
    let output = network.run(&["drift", "--retries", "0"]);
    expect![[r#"
        exit 75
        -- out --
        mattermost: not compared
        -- err --
        error: mattermost: http://127.0.0.1:PORT/streamdata-gallery-topics/memberships/master/_listings/mattermost/apis.md returned `503 Service Unavailable`; try again later, or use --mirror
        not compared: mattermost
    "#]].assert_eq(&network.shown(&output));
    // Every format reports that the client was not compared.
    for format in ["markdown", "github", "json", "sarif"] {
        let output = network.run(&["drift", "--retries", "0", "--format", format]);
        assert_eq!(output.code, Some(75));
        let expected = match format {
            "markdown" => "Not compared: `mattermost`.",
            "github" => "::warning title=not compared::mattermost",
            "json" => "\"identical\": false",
            _ => "\"executionSuccessful\": false",
        };
        assert!(output.stdout.contains(expected), "{output:?}");
        assert!(!output.stdout.contains("No differences"), "{output:?}");
    }
    network.put("apis.md", Reply::status(403));
    assert_eq!(network.run(&["drift"]).code, Some(100));
    assert!(network.workspace.tree() == before);
}

#[test]
fn regen_removes_approvals_of_applied_differences() {
    let network = Network::fetched();
    network.reword(
        "openapi.md",
        "One page of the members of a team",
        "A page of the members of a team",
    );
    let report: serde_json::Value =
        serde_json::from_str(&network.run(&["drift", "--format", "json"]).stdout).unwrap();
    let fingerprint = report["changes"][0]["fingerprint"].as_str().unwrap();
    assert_eq!(
        network
            .run(&[
                "drift",
                "approve",
                fingerprint,
                "--reason",
                "it reads better"
            ])
            .code,
        Some(0)
    );
    let approvals = "specs/mattermost/drift.toml";
    network.workspace.append(
        approvals,
        "\n# ours\n[[approved]]\nrule = \"endpoint-removed\"\nplace = \"GET /a\"\nfingerprint = \"0123456789abcdef\"\nreason = \"x\"\n",
    );
    // Without `--fetch`, the approved difference is not applied yet.
    let before = network.workspace.read(approvals);
    assert_eq!(network.run(&["regen"]).code, Some(0));
    assert_eq!(network.workspace.read(approvals), before);

    let output = network.run(&["regen", "--fetch"]);
    let lines = output
        .stdout
        .lines()
        .filter(|line| line.contains("approved") || line.contains("drift.toml"));
    let lines: Vec<&str> = lines.map(str::trim).collect();
    expect![[r#"
        approved   1 difference applied, and removed from specs/mattermost/drift.toml
        changed  specs/mattermost/drift.toml"#]]
    .assert_eq(&lines.join("\n"));
    expect![[r##"
        # Approved differences between upstream and the snapshot. `drift approve` adds them, `regen` removes
        # those that it applies, and `drift` reports those that are no longer needed.

        # ours
        [[approved]]
        rule = "endpoint-removed"
        place = "GET /a"
        fingerprint = "0123456789abcdef"
        reason = "x"
    "##]].assert_eq(&network.workspace.read(approvals));
    assert_eq!(network.run(&["regen", "--check"]).code, Some(0));

    // After `fetch` alone, the next `regen` removes the approval.
    network.put(
        "openapi.md",
        Reply::file(
            network
                .workspace
                .read(&format!("{LISTING}/openapi.md"))
                .replace("A page", "This page"),
        ),
    );
    let report: serde_json::Value =
        serde_json::from_str(&network.run(&["drift", "--format", "json"]).stdout).unwrap();
    let fingerprint = report["changes"][0]["fingerprint"].as_str().unwrap();
    assert_eq!(
        network
            .run(&["drift", "approve", fingerprint, "--reason", "x"])
            .code,
        Some(0)
    );
    assert_eq!(network.run(&["fetch"]).code, Some(0));
    let stale = network.run(&["regen", "--check"]);
    assert!(
        stale.stale().contains(&format!("changed {approvals}")),
        "{stale:?}"
    );
    assert_eq!(network.run(&["regen"]).code, Some(0));
    assert!(!network.workspace.read(approvals).contains(fingerprint));
}
