//! Checks of the requests that the servers received.

use std::collections::BTreeSet;

use gallery_testkit::RecordedRequest;

use crate::servers::Servers;

/// The numbers of requests that the tests cause, with retries.
const COUNTS: &[(&str, usize)] = &[
    ("concurrent", 30),
    ("credentials-off", 1),
    ("unavailable-once", 2),
    ("unavailable", 3),
    ("rate-limited-once", 2),
    ("rate-limit-used-up", 2),
    ("broken-once", 2),
    ("redirect-same-origin", 2),
    ("token", 1),
    ("extensions", 1),
    ("first-token", 2),
];

/// Returns the differences between expected and received requests.
pub(crate) fn problems(servers: &Servers) -> Vec<String> {
    let mut problems = Vec::new();
    let mut expect = |is_true: bool, problem: String| {
        if !is_true {
            problems.push(problem);
        }
    };
    for (name, count) in COUNTS {
        let received = servers.get(name).requests().len();
        expect(
            received == *count,
            format!("{name}: expected {count} requests, received {received}"),
        );
    }
    let strict = servers.get("strict").requests();
    let operations: BTreeSet<_> = strict
        .iter()
        .filter_map(|one| one.operation.clone())
        .collect();
    expect(
        operations.len() == 7,
        format!("strict: only {operations:?}"),
    );
    for request in &strict {
        let RecordedRequest {
            method,
            path,
            violations,
            ..
        } = request;
        let place = format!("strict: {method} {path}");
        expect(violations.is_empty(), format!("{place}: {violations:?}"));
        let (agent, version) = (request.header("user-agent"), "gallery-mattermost/0.1.0");
        expect(
            agent == Some(version),
            format!("{place}: the user agent is {agent:?}"),
        );
        let authorization = request.header("authorization");
        expect(
            authorization == Some("Bearer secret-token"),
            format!("{place}: the credentials are {authorization:?}"),
        );
    }
    for name in ["concurrent", "credentials-off", "pages"] {
        for request in servers.get(name).requests() {
            let violations = &request.violations;
            expect(violations.is_empty(), format!("{name}: {violations:?}"));
        }
    }
    for request in servers.get("target").requests() {
        for name in ["authorization", "cookie"] {
            let value = request.header(name);
            expect(
                value.is_none(),
                format!("target: received the header {name}"),
            );
        }
    }
    // The client reports this. If `fetch` changes, so must the documentation.
    let mut redirected = servers.get("target").requests().into_iter();
    expect(
        redirected.any(|request| request.header("x-key") == Some("secret")),
        "target: expected that `fetch` sends headers to another origin".to_owned(),
    );
    let bodies: Vec<_> = servers
        .get("echo")
        .requests()
        .into_iter()
        .map(|one| one.body)
        .collect();
    for body in ["bytes", "a stream"] {
        expect(
            bodies.iter().any(|received| received == body),
            format!("echo: did not receive the body {body:?}"),
        );
    }
    let header = |server: &str, name: &str| {
        let requests = servers.get(server).requests();
        Some(requests.first()?.header(name)?.to_owned())
    };
    let agent = header("user-agent", "user-agent");
    expect(
        agent.as_deref() == Some("wasm-tests/1.0"),
        format!("user-agent: {agent:?}"),
    );
    let agent = header("no-user-agent", "user-agent");
    expect(
        agent
            .as_ref()
            .is_none_or(|agent| !agent.contains("gallery")),
        format!("no-user-agent: {agent:?}"),
    );
    let tokens = header("credentials-off", "authorization");
    expect(
        tokens.as_deref() == Some("Bearer issued-token"),
        "credentials-off: expected the token of the provider".to_owned(),
    );
    problems
}
