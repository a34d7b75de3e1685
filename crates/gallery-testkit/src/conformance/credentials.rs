//! Checks of credentials: which go out, where, and who gets to see them.

use gallery_runtime::{AuthScheme, ClientBuilder, Transport};

use crate::conformance::adapter::{Arguments, Outcome};
use crate::conformance::context::{Call, CheckContext};
use crate::conformance::test_servers::{Settings, THIRD_TOKEN, Tokens};
use crate::document::{Document, Endpoint, Location, SecurityScheme};
use crate::request::RecordedRequest;
use crate::server::Reply;
use crate::style::raw_pairs;

/// A user, with the password that [`Secret::text`] is for [`SecurityScheme::Basic`].
const USER: &str = "judge";
const PASSWORD: &str = "secret-password";
/// Both of them in base 64.
const USER_AND_PASSWORD: &str = "anVkZ2U6c2VjcmV0LXBhc3N3b3Jk";

/// A credential that a client is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Secret {
    place: SecurityScheme,
    /// As it goes over the wire.
    text: String,
}

impl Secret {
    fn new(number: usize, place: SecurityScheme) -> Secret {
        let text = match &place {
            SecurityScheme::Bearer => "secret-token".to_owned(),
            SecurityScheme::Basic => USER_AND_PASSWORD.to_owned(),
            // A query can have any text in it, if it is encoded.
            SecurityScheme::ApiKey(Location::Query, _) => format!("secret-{number}-key&a=%2B+ ü#"),
            SecurityScheme::ApiKey(..) => format!("secret-{number}-key"),
        };
        Secret { place, text }
    }

    /// Gives it to a client.
    pub(super) fn given_to<C: From<Transport>>(
        &self,
        builder: ClientBuilder<C>,
    ) -> ClientBuilder<C> {
        let text = self.text.as_str();
        let (location, name) = match &self.place {
            SecurityScheme::Bearer => return builder.bearer_token(text),
            SecurityScheme::Basic => return builder.basic_auth(USER, PASSWORD),
            SecurityScheme::ApiKey(location, name) => (*location, name.clone().leak()),
        };
        builder.api_key(
            match location {
                Location::Query => AuthScheme::Query(name),
                Location::Cookie => AuthScheme::Cookie(name),
                Location::Header | Location::Path => AuthScheme::Header(name),
            },
            text,
        )
    }

    /// How often a request has it in its place.
    fn placed(&self, request: &RecordedRequest) -> usize {
        let headers = |name: &str, value: &str| {
            request
                .headers
                .iter()
                .filter(|(own, found)| own.eq_ignore_ascii_case(name) && found == value)
                .count()
        };
        match &self.place {
            SecurityScheme::Bearer => headers("authorization", &format!("Bearer {}", self.text)),
            SecurityScheme::Basic => headers("authorization", &format!("Basic {}", self.text)),
            SecurityScheme::ApiKey(Location::Query, name) => request
                .query_pairs()
                .iter()
                .filter(|(own, value)| own == name && *value == self.text)
                .count(),
            SecurityScheme::ApiKey(Location::Cookie, name) => {
                usize::from(request.cookie(name) == Some(self.text.as_str()))
            }
            SecurityScheme::ApiKey(_, name) => headers(name, &self.text),
        }
    }

    /// A request without it: what is left is the arguments'.
    fn taken_out(&self, mut request: RecordedRequest) -> RecordedRequest {
        match (&self.place, &request.query) {
            (SecurityScheme::ApiKey(Location::Query, name), Some(query)) => {
                let is_other = |pair: &&str| !raw_pairs(pair).iter().any(|(own, _)| own == name);
                request.query = Some(
                    query
                        .split('&')
                        .filter(is_other)
                        .collect::<Vec<_>>()
                        .join("&"),
                );
            }
            (SecurityScheme::ApiKey(Location::Cookie, name), _) => {
                let own = format!("{name}={}", self.text);
                for (_, cookies) in request
                    .headers
                    .iter_mut()
                    .filter(|(name, _)| name == "cookie")
                {
                    *cookies = cookies
                        .split("; ")
                        .filter(|pair| *pair != own)
                        .collect::<Vec<_>>()
                        .join("; ");
                }
            }
            // No argument has such a value.
            _ => request
                .headers
                .retain(|(_, value)| !value.ends_with(&self.text)),
        }
        request
    }

    /// Whether an argument stands where it would be.
    fn is_replaced(&self, endpoint: &Endpoint, arguments: &Arguments) -> bool {
        let name = match &self.place {
            SecurityScheme::Bearer | SecurityScheme::Basic => "authorization",
            SecurityScheme::ApiKey(Location::Header, name) => name,
            SecurityScheme::ApiKey(..) => return false,
        };
        let mut headers = endpoint
            .of(Location::Header)
            .filter(|parameter| parameter.name.eq_ignore_ascii_case(name));
        headers.any(|parameter| arguments.given(Location::Header, &parameter.name).is_some())
    }

    /// How often it is in a text, also in an encoded one.
    fn within(&self, text: &str) -> usize {
        let plain = self.text.split('&').next().unwrap_or_default();
        text.matches(plain).count() + text.matches(PASSWORD).count()
    }
}

/// What a client is given: all that the document asks for anywhere, and a key that it never asks for.
fn secrets(document: &Document) -> Vec<Secret> {
    let mut places = vec![SecurityScheme::ApiKey(
        Location::Header,
        "X-Validator-Key".to_owned(),
    )];
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
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places
        .into_iter()
        .enumerate()
        .map(|(number, place)| Secret::new(number, place))
        .collect()
}

/// Whether an operation asks for one of the credentials that a client has. Where the document says nothing of security, the caller knows
/// better. Of alternatives it is the first of which the client has all.
fn asks_for(endpoint: &Endpoint, secret: &Secret, given: &[Secret]) -> bool {
    let Some(alternatives) = &endpoint.security else {
        return true;
    };
    let has = |place: &SecurityScheme| given.iter().any(|own| own.place == *place);
    let taken = alternatives
        .iter()
        .find(|places| !places.is_empty() && places.iter().all(has));
    taken.is_some_and(|places| places.contains(&secret.place))
}

fn with(secrets: &[Secret]) -> Settings {
    Settings {
        secrets: secrets.to_vec(),
        ..Settings::default()
    }
}

pub(super) fn in_place(context: &CheckContext<'_>) -> Result<(), String> {
    let secrets = secrets(context.document);
    // All there are, and each alone: half of what an alternative asks for is not sent.
    for given in std::iter::once(secrets.as_slice()).chain(secrets.chunks(1)) {
        let client = context.client(&with(given))?;
        for arguments in [context.required(), context.all()] {
            let call = context.call_of(&client, &arguments, context.success())?;
            let request = only(&call)?;
            given
                .iter()
                .try_for_each(|secret| placed(context, request, &arguments, secret, given))?;
            let rest = given
                .iter()
                .fold(request.clone(), |request, secret| secret.taken_out(request));
            context
                .fits(&rest, &arguments)
                .map_err(|fault| format!("beside credentials {fault}"))?;
        }
    }
    Ok(())
}

/// Whether a credential is where it belongs and nowhere else, or nowhere at all.
fn placed(
    context: &CheckContext<'_>,
    request: &RecordedRequest,
    arguments: &Arguments,
    secret: &Secret,
    given: &[Secret],
) -> Result<(), String> {
    let wanted = usize::from(
        asks_for(context.endpoint, secret, given)
            && !secret.is_replaced(context.endpoint, arguments),
    );
    let (placed, everywhere) = (secret.placed(request), secret.within(&whole(request)));
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

pub(super) fn untold(context: &CheckContext<'_>) -> Result<(), String> {
    let secrets = secrets(context.document);
    let told = |text: &str| match secrets.iter().find(|secret| secret.within(text) > 0) {
        Some(secret) => Err(format!(
            "the credential for {:?} is in {text:?}",
            secret.place
        )),
        None => Ok(()),
    };
    let client = context.client(&with(&secrets))?;
    told(&client.shown)?;
    let nowhere = context.client(&Settings {
        base_url: Some(context.servers.nowhere()?),
        ..with(&secrets)
    })?;
    let mut outcomes = vec![
        context
            .call_of(&nowhere, &context.required(), context.success())?
            .outcome,
    ];
    for status in [307, 401, 404, 500] {
        let reply = Reply::new(status)
            .with_header("location", "ftp://elsewhere.example")
            .with_body("no");
        outcomes.push(
            context
                .call_of(&client, &context.required(), reply)?
                .outcome,
        );
    }
    let broken = Reply::new(200)
        .with_header("content-type", "application/json")
        .with_body("{");
    outcomes.push(
        context
            .call_of(&client, &context.required(), broken)?
            .outcome,
    );
    for outcome in outcomes {
        // What is no JSON may be an answer all the same.
        if let Outcome::Failure { message, shown, .. } = outcome {
            told(&message).and_then(|()| told(&shown))?;
        }
    }
    Ok(())
}

pub(super) fn across_hosts(context: &CheckContext<'_>) -> Result<(), String> {
    let secrets = secrets(context.document);
    let client = context.client(&with(&secrets))?;
    let (here, there) = (&context.servers.server, &context.servers.elsewhere);
    let arguments = context.all();
    // A server chooses no credentials for a client.
    let away = format!("{}/away", there.origin()).replace("://", "://somebody:chosen@");
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
            "nothing arrived; the client said {:?}",
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
                "the credential for {:?} went with a redirect from another host, or to it",
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
        let told = context.endpoint.of(Location::Header).find(|parameter| {
            let is_of_the_content = [
                "accept",
                "accept-language",
                "content-type",
                "content-language",
                "user-agent",
            ]
            .contains(&parameter.name.to_ascii_lowercase().as_str());
            !is_of_the_content
                && request
                    .header(&parameter.name.to_ascii_lowercase())
                    .is_some()
        });
        if let Some(parameter) = told {
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

/// Whether an operation asks for a bearer token, alone, and no argument stands in for it.
pub(super) fn takes_token(endpoint: &Endpoint) -> bool {
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
            Tokens("first-token", "second-token"),
            true,
            &["Bearer first-token", "Bearer second-token"][..],
        ),
        (
            Tokens("first-token", "second-token"),
            false,
            &["Bearer first-token", "Bearer second-token"],
        ),
        (
            Tokens("only-token", "only-token"),
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
            return Err(format!("the tokens {sent:?} were sent, not {wanted:?}"));
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
            "{} requests arrived instead of one; the client said {:?}",
            requests.len(),
            call.outcome
        )),
    }
}

/// Everything of a request.
fn whole(request: &RecordedRequest) -> String {
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
