//! Checks of the requests that the servers received.

use crate::servers::Servers;

/// The numbers of requests that the tests cause, with retries.
const COUNTS: &[(&str, usize)] = &[
    ("credentials-off", 1),
    ("rate-limit-used-up", 2),
    ("token", 1),
    ("extensions", 1),
    ("first-token", 2),
    ("redirect", 1),
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
