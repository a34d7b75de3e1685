//! The check that messages and `Debug` output reveal no secret.

use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use crate::conformance::checks::context::CheckContext;
use crate::conformance::checks::credentials::{asks_for, secrets, uses_token, with};
use crate::conformance::outcome::Outcome;
use crate::conformance::secret::Secret;
use crate::conformance::settings::{HIDDEN, Settings, Tokens};
use crate::server::Reply;

/// The length of a start of a credential that counts as the credential.
const START: usize = 12;

/// A token of a token provider.
const PROVIDED: Tokens = Tokens::new("provided-token", "provided-token");

pub(super) fn not_revealed(context: &CheckContext<'_>) -> Result<(), String> {
    let secrets = secrets(context.document);
    in_failures(context, &secrets)?;
    in_urls(context)?;
    in_requests(context)?;
    repeated(context, &secrets)
}

/// Returns an error if a text contains a credential or a hidden text.
fn reveals(text: &str, secrets: &[Secret]) -> Result<(), String> {
    if let Some(secret) = secrets.iter().find(|secret| secret.within(text) > 0) {
        let place = &secret.place;
        return Err(format!("the credential for {place:?} is in {text:?}"));
    }
    match text.contains(HIDDEN) {
        true => Err(format!("a text that must not be shown is in {text:?}")),
        false => Ok(()),
    }
}

fn shows(outcome: &Outcome, secrets: &[Secret]) -> Result<(), String> {
    match outcome {
        Outcome::Failure { message, shown, .. } => {
            reveals(message, secrets).and_then(|()| reveals(shown, secrets))
        }
        // An untyped operation may accept invalid JSON.
        Outcome::Success { .. } => Ok(()),
    }
}

/// Checks the client and its errors. Cookies and locations are secrets too.
fn in_failures(context: &CheckContext<'_>, secrets: &[Secret]) -> Result<(), String> {
    let client = context.client(&with(secrets))?;
    reveals(&client.shown, secrets)?;
    let arguments = context.required();
    let refusing_client = context.client(&Settings {
        base_url: Some(context.servers.refusing_url()?),
        ..with(secrets)
    })?;
    let refused = context.call_with_client(&refusing_client, &arguments, context.success())?;
    shows(&refused.outcome, secrets)?;
    let statuses = [307, 401, 404, 500].map(|status| Reply::new(status).with_body("no"));
    let invalid = Reply::new(200)
        .with_header("content-type", "application/json")
        .with_body("{");
    for reply in statuses.into_iter().chain([invalid, Reply::raw("")]) {
        let reply = reply
            .with_header("location", &format!("ftp://elsewhere.example/?{HIDDEN}"))
            .with_header("set-cookie", &format!("session={HIDDEN}"));
        let call = context.call_with_client(&client, &arguments, reply)?;
        shows(&call.outcome, secrets)?;
    }
    Ok(())
}

/// Checks that errors reveal only the origin of a URL: the rest may be a secret, as in a signed
/// link.
fn in_urls(context: &CheckContext<'_>) -> Result<(), String> {
    let arguments = context.required();
    let refusing_client = context.client(&Settings {
        base_url: Some(format!("{}/{HIDDEN}", context.servers.refusing_url()?)),
        ..Settings::default()
    })?;
    let refused = context.call_with_client(&refusing_client, &arguments, context.success())?;
    shows(&refused.outcome, &[])?;
    let server = &context.servers.server;
    let origin = server.origin();
    for target in [
        origin.replace("://", &format!("://{HIDDEN}@")),
        origin.replace("://", &format!("://somebody:{HIDDEN}@")),
        format!("{origin}/{HIDDEN}"),
        format!("{origin}/moved?{HIDDEN}=1"),
    ] {
        let is_redirected = AtomicBool::new(false);
        server.respond_all(move |_| match is_redirected.swap(true, Ordering::Relaxed) {
            false => Reply::new(307).with_header("location", &target),
            true => Reply::raw(""),
        });
        let client = context.client(&Settings::default())?;
        let call = context.call_server(&client, &arguments)?;
        shows(&call.outcome, &[])?;
    }
    Ok(())
}

/// Checks that the `Debug` output of a request hides the headers of the client.
fn in_requests(context: &CheckContext<'_>) -> Result<(), String> {
    let client = context.client(&Settings {
        captured: true,
        has_hidden_header: true,
        ..Settings::default()
    })?;
    reveals(&client.shown, &[])?;
    context.servers.capture.take();
    context.call_server(&client, &context.required())?;
    let captured = context.servers.capture.take();
    captured.iter().try_for_each(|one| reveals(&one.shown, &[]))
}

/// Checks that a message does not repeat a credential that the server repeats.
fn repeated(context: &CheckContext<'_>, secrets: &[Secret]) -> Result<(), String> {
    let arguments = context.required();
    let has_hidden_header = Settings {
        has_hidden_header: true,
        ..with(secrets)
    };
    for secret in secrets.iter().filter(|secret| {
        asks_for(context.endpoint, secret, secrets)
            && !secret.is_replaced(context.endpoint, &arguments)
    }) {
        for text in secret.texts() {
            is_removed(context, &has_hidden_header, text)?;
        }
    }
    is_removed(context, &has_hidden_header, HIDDEN)?;
    if uses_token(context.endpoint) {
        let provided = Settings {
            tokens: Some(PROVIDED),
            ..Settings::default()
        };
        is_removed(context, &provided, &PROVIDED.0)?;
    }
    Ok(())
}

fn is_removed(context: &CheckContext<'_>, settings: &Settings, text: &str) -> Result<(), String> {
    let start: String = text.chars().take(START).collect();
    let client = context.client(settings)?;
    for status in [401, 500] {
        // Once as the caller gave it, and once as it was sent.
        for decoded in [Some(text.to_owned()), None] {
            context.servers.server.respond_all(move |request| {
                let query = request.query.as_deref();
                let repeated = decoded.as_deref().or(query).unwrap_or_default();
                let message = json!({"message": format!("`{repeated}` is invalid")});
                Reply::json(status, &message)
            });
            let call = context.call_server(&client, &context.required())?;
            if let Outcome::Failure { message, .. } = &call.outcome
                && message.contains(&start)
            {
                return Err(format!(
                    "the message repeats a credential that the server repeats: {message:?}"
                ));
            }
        }
    }
    Ok(())
}
