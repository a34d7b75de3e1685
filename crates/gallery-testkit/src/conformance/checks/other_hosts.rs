//! The check of redirects to other hosts.

use crate::conformance::checks::context::CheckContext;
use crate::conformance::checks::credentials::{secrets, whole, with};
use crate::conformance::platform::{HOST, LOOKALIKES};
use crate::conformance::settings::Settings;
use crate::document::Location;
use crate::server::Reply;

pub(super) fn across_hosts(context: &CheckContext<'_>) -> Result<(), String> {
    let away = format!("{}/away", context.servers.other_host.origin());
    // A server must not choose credentials of a client.
    to_another_host(context, away.replace("://", "://somebody:chosen@"))?;
    to_another_host(context, away)?;
    across_similar_hosts(context)
}

/// Returns true for headers that describe the content or the client.
fn is_of_the_content(name: &str) -> bool {
    let names = [
        "accept",
        "accept-language",
        "content-type",
        "content-language",
        "user-agent",
    ];
    names.contains(&name.to_ascii_lowercase().as_str())
}

/// Redirects a request to another host, which redirects it back.
fn to_another_host(context: &CheckContext<'_>, away: String) -> Result<(), String> {
    let secrets = secrets(context.document);
    let client = context.client(&with(&secrets))?;
    let (here, there) = (&context.servers.server, &context.servers.other_host);
    let arguments = context.all();
    let back = format!("{}/back", here.origin());
    let arrival = context.success();
    here.respond_all(move |request| match request.path.as_str() {
        "/back" => arrival.clone(),
        _ => Reply::new(307).with_header("location", &away),
    });
    there.respond_always(Reply::new(307).with_header("location", &back));
    there.forget_requests();
    let call = context.call_server(&client, &arguments)?;
    let Some((first, came_back)) = call.requests.split_first() else {
        return Err(format!(
            "nothing arrived; the call returned {:?}",
            call.outcome
        ));
    };
    let away = there.requests();
    for request in away.iter().chain(came_back) {
        if let Some(secret) = secrets
            .iter()
            .find(|secret| secret.within(&whole(request)) > 0)
        {
            return Err(format!(
                "the credential for {:?} was sent after a redirect to another host",
                secret.place
            ));
        }
    }
    for request in &away {
        if (&request.method, &request.body) != (&first.method, &first.body) {
            return Err(format!(
                "the redirect changed {} into {}, or its body",
                first.method, request.method
            ));
        }
        let reveals = context.endpoint.of(Location::Header).find(|parameter| {
            let name = parameter.name.to_ascii_lowercase();
            let value = request.header(&name);
            // Every request has the header `Host`, but only the first one that of the argument.
            let is_own_host = name == "host" && value != first.header("host");
            !is_of_the_content(&parameter.name) && !is_own_host && value.is_some()
        });
        if let Some(parameter) = reveals {
            return Err(format!(
                "the header `{}` went to another host",
                parameter.name
            ));
        }
        for name in ["cookie", "authorization"] {
            if let Some(value) = request.header(name) {
                return Err(format!("the header `{name}: {value}` went to another host"));
            }
        }
    }
    Ok(())
}

/// Checks redirects to hosts whose names are like that of the client's server.
fn across_similar_hosts(context: &CheckContext<'_>) -> Result<(), String> {
    let secrets = secrets(context.document);
    let server = &context.servers.server;
    let client = context.client(&Settings {
        named_host: true,
        ..with(&secrets)
    })?;
    for host in LOOKALIKES {
        let away = format!("{}/away", server.origin().replace("127.0.0.1", host));
        let arrival = context.success();
        server.respond_all(move |request| match request.path.as_str() {
            "/away" => arrival.clone(),
            _ => Reply::new(307).with_header("location", &away),
        });
        let call = context.call_server(&client, &context.required())?;
        let away = match call.requests.as_slice() {
            [_, away] => away,
            // A client need not send a body to another host.
            [first] if !first.body.is_empty() => continue,
            requests => {
                return Err(format!(
                    "the redirect to `{host}` led to {} requests, not 2; the call returned {:?}",
                    requests.len(),
                    call.outcome
                ));
            }
        };
        let text = whole(away);
        if let Some(secret) = secrets.iter().find(|secret| secret.within(&text) > 0) {
            return Err(format!(
                "the credential for {:?}, for the host `{HOST}`, was sent to `{host}`",
                secret.place
            ));
        }
    }
    Ok(())
}
