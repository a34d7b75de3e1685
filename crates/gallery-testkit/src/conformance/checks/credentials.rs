//! Checks of credentials.

use crate::conformance::adapter::Arguments;
use crate::conformance::checks::context::{Call, CheckContext};
use crate::conformance::secret::Secret;
use crate::conformance::settings::{Settings, THIRD_TOKEN, Tokens};
use crate::document::{Document, Endpoint, Location, SecurityScheme};
use crate::request::RecordedRequest;
use crate::server::Reply;

/// Returns credentials for every scheme of the document, and some for schemes that it does not use.
pub(super) fn secrets(document: &Document) -> Vec<Secret> {
    let unlisted = [
        (Location::Header, "X-Validator-Key"),
        (Location::Query, "validator-key"),
        (Location::Cookie, "validator-key"),
    ];
    let mut places: Vec<_> = unlisted
        .into_iter()
        .map(|(location, name)| SecurityScheme::ApiKey(location, name.to_owned()))
        .collect();
    let asked = document
        .endpoints
        .iter()
        .filter_map(|endpoint| endpoint.security.as_ref())
        .flatten()
        .flatten();
    let silent = document
        .endpoints
        .iter()
        .all(|endpoint| endpoint.security.is_none());
    for place in asked
        .cloned()
        .chain(silent.then_some(SecurityScheme::Bearer))
    {
        if !places.iter().any(|own| is_same(own, &place)) {
            places.push(place);
        }
    }
    places
        .into_iter()
        .enumerate()
        .map(|(number, place)| Secret::new(number, place))
        .collect()
}

/// Returns true if two schemes are the same. Names of headers are case-insensitive.
fn is_same(one: &SecurityScheme, other: &SecurityScheme) -> bool {
    match (one, other) {
        (
            SecurityScheme::ApiKey(Location::Header, one),
            SecurityScheme::ApiKey(Location::Header, other),
        ) => one.eq_ignore_ascii_case(other),
        _ => one == other,
    }
}

/// Returns true if an operation uses a credential: the first alternative for which the client has
/// all credentials counts. Without `security` every credential is sent.
pub(super) fn asks_for(endpoint: &Endpoint, secret: &Secret, given: &[Secret]) -> bool {
    let Some(alternatives) = &endpoint.security else {
        return true;
    };
    let has = |place: &SecurityScheme| given.iter().any(|own| is_same(&own.place, place));
    let taken = alternatives
        .iter()
        .find(|places| !places.is_empty() && places.iter().all(has));
    taken.is_some_and(|places| places.iter().any(|place| is_same(place, &secret.place)))
}

pub(super) fn with(secrets: &[Secret]) -> Settings {
    Settings {
        secrets: secrets.to_vec(),
        ..Settings::default()
    }
}

pub(super) fn in_place(context: &CheckContext<'_>) -> Result<(), String> {
    let secrets = secrets(context.document);
    // All credentials, and each alone: an incomplete alternative is not sent.
    for given in std::iter::once(secrets.as_slice()).chain(secrets.chunks(1)) {
        let client = context.client(&with(given))?;
        for arguments in [context.required(), context.all()] {
            let call = context.call_with_client(&client, &arguments, context.success())?;
            let request = only(&call)?;
            given
                .iter()
                .try_for_each(|secret| placed(context, request, &arguments, secret, given))?;
            let rest = given
                .iter()
                .fold(request.clone(), |request, secret| secret.removed(request));
            context
                .fits(&rest, &arguments)
                .map_err(|failure| format!("without the credentials: {failure}"))?;
        }
    }
    at_another_server(context, &secrets)
}

/// Checks that an operation's own server gets the credentials if the caller names it.
fn at_another_server(context: &CheckContext<'_>, secrets: &[Secret]) -> Result<(), String> {
    if context.endpoint.server.is_none() {
        return Ok(());
    }
    let (arguments, other_host) = (context.required(), &context.servers.other_host);
    let client = context.client(&Settings {
        own_servers: Some(other_host.origin().to_owned()),
        ..with(secrets)
    })?;
    other_host.respond_always(context.success());
    other_host.forget_requests();
    let call = context.call_server(&client, &arguments)?;
    let call = Call {
        requests: [call.requests, other_host.requests()].concat(),
        ..call
    };
    secrets
        .iter()
        .try_for_each(|secret| placed(context, only(&call)?, &arguments, secret, secrets))
        .map_err(|failure| format!("at a server that the caller chose: {failure}"))
}

/// Checks that a credential is in its location only, or absent.
fn placed(
    context: &CheckContext<'_>,
    request: &RecordedRequest,
    arguments: &Arguments,
    secret: &Secret,
    given: &[Secret],
) -> Result<(), String> {
    let is_wanted = |own: &Secret| {
        asks_for(context.endpoint, own, given) && !own.is_replaced(context.endpoint, arguments)
    };
    let wanted = usize::from(is_wanted(secret));
    // One of several credentials for the same header is sent.
    let sharing = given.iter().filter(|own| {
        wanted == 1 && is_wanted(own) && own.header().is_some() && own.header() == secret.header()
    });
    let mut together: Vec<&Secret> = sharing.collect();
    if together.is_empty() {
        together.push(secret);
    }
    let whole = whole(request);
    let count = |of: &dyn Fn(&Secret) -> usize| together.iter().map(|own| of(own)).sum::<usize>();
    let placed = count(&|own| own.placed(request));
    let everywhere = count(&|own| own.within(&whole));
    if (placed, everywhere) == (wanted, wanted) {
        return Ok(());
    }
    Err(format!(
        "of a client with {}, the credential for {:?} is {placed} times in its place and {everywhere} times in the request, not {wanted} \
         times",
        if given.len() == 1 {
            "it alone"
        } else {
            "all of them"
        },
        secret.place
    ))
}

pub(super) fn absent(context: &CheckContext<'_>) -> Result<(), String> {
    let arguments = context.required();
    let call = context.call(&arguments)?;
    let request = context.sent(&call, &arguments)?;
    for place in secrets(context.document)
        .into_iter()
        .map(|secret| secret.place)
    {
        let (found, name) = match &place {
            SecurityScheme::Bearer | SecurityScheme::Basic => {
                (request.header("authorization").is_some(), "authorization")
            }
            SecurityScheme::ApiKey(Location::Query, name) => {
                (request.query_value(name).is_some(), name.as_str())
            }
            SecurityScheme::ApiKey(Location::Cookie, name) => {
                (request.cookie(name).is_some(), name.as_str())
            }
            SecurityScheme::ApiKey(_, name) => (
                request.header(&name.to_ascii_lowercase()).is_some(),
                name.as_str(),
            ),
        };
        if found
            && !context
                .endpoint
                .parameters
                .iter()
                .any(|parameter| parameter.name.eq_ignore_ascii_case(name))
        {
            return Err(format!(
                "there is something for {place:?}, of which the client was given nothing"
            ));
        }
    }
    Ok(())
}

/// Returns true if the operation uses a bearer token alone, and no parameter replaces it.
pub(super) fn uses_token(endpoint: &Endpoint) -> bool {
    let first = endpoint
        .security
        .as_ref()
        .map(|alternatives| alternatives.iter().find(|places| !places.is_empty()));
    let asked =
        first.is_none_or(|places| places.is_some_and(|places| *places == [SecurityScheme::Bearer]));
    asked
        && !endpoint
            .of(Location::Header)
            .any(|parameter| parameter.name.eq_ignore_ascii_case("authorization"))
}

pub(super) fn renewed(context: &CheckContext<'_>) -> Result<(), String> {
    let arguments = context.required();
    for (tokens, takes_second, wanted) in [
        (
            Tokens::new("first-token", "second-token"),
            true,
            &["Bearer first-token", "Bearer second-token"][..],
        ),
        (
            Tokens::new("first-token", "second-token"),
            false,
            &["Bearer first-token", "Bearer second-token"],
        ),
        (
            Tokens::new("only-token", "only-token"),
            false,
            &["Bearer only-token"],
        ),
    ] {
        let client = context.client(&Settings {
            tokens: Some(tokens),
            ..Settings::default()
        })?;
        let arrival = context.success();
        context
            .servers
            .server
            .respond_all(move |request| match request.header("authorization") {
                Some("Bearer second-token") if takes_second => arrival.clone(),
                Some(third) if third.ends_with(THIRD_TOKEN) => arrival.clone(),
                _ => Reply::new(401),
            });
        let call = context.call_server(&client, &arguments)?;
        for request in &call.requests {
            context.fits(request, &arguments)?;
        }
        let sent: Vec<&str> = call
            .requests
            .iter()
            .map(|request| request.header("authorization").unwrap_or_default())
            .collect();
        if sent != wanted {
            return Err(format!("tokens: received {sent:?}, expected {wanted:?}"));
        }
        let status = if takes_second {
            context.success_status()
        } else {
            401
        };
        if call.outcome.status() != Some(status) {
            return Err(format!(
                "the status is {:?}, not {status}",
                call.outcome.status()
            ));
        }
    }
    Ok(())
}

fn only(call: &Call) -> Result<&RecordedRequest, String> {
    match call.requests.as_slice() {
        [request] => Ok(request),
        requests => Err(format!(
            "expected one request, received {}; the call returned {:?}",
            requests.len(),
            call.outcome
        )),
    }
}

/// Formats a whole request.
pub(super) fn whole(request: &RecordedRequest) -> String {
    let headers: Vec<_> = request
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    let query = request.query.as_deref().unwrap_or_default();
    format!(
        "{}?{query}\n{}\n{}",
        request.path,
        headers.join("\n"),
        String::from_utf8_lossy(&request.body)
    )
}
