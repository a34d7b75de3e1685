use reqwest::header::AUTHORIZATION;

use super::*;
use crate::base_url::BaseUrl;
use crate::operation::OperationInfo;
use reqwest::Method;

const SERVERS: &[&str] = &["https://up.io/v1/", "https://{host}/x"];

fn builder() -> ClientBuilder<Transport> {
    let builder = ClientBuilder::new("https://host", SERVERS);
    if HAS_TLS {
        builder
    } else {
        builder.http_client(reqwest::Client::new())
    }
}

#[test]
fn rejects_invalid_settings_without_showing_secrets() {
    let error = |builder: ClientBuilder<Transport>| {
        assert!(!format!("{builder:?}").contains("secret"));
        builder.build().unwrap_err().to_string()
    };
    assert_eq!(
        error(builder().bearer_token("secret\n")),
        "invalid credential for Bearer: the value has a character that is not allowed in a header"
    );
    assert_eq!(
        error(builder().api_key(AuthScheme::Header("X-Key"), "")),
        "invalid credential for Header(\"X-Key\"): the value is empty"
    );
    assert_eq!(
        error(builder().server("https://up.io", "http://mine")),
        "unknown server `https://up.io`; servers of operations: [\"https://up.io/v1/\", \"https://{host}/x\"]"
    );
    assert_eq!(
        error(builder().server(SERVERS[0], "mine")),
        "invalid base URL `mine`: relative URL without a base"
    );
    assert!(
        error(builder().user_agent("a\r\nb: c")).starts_with("invalid user agent \"a\\r\\nb: c\"")
    );
    // The value may be secret.
    assert_eq!(
        error(builder().header("x-key", "secret\r\nx: y").header("b", "c")),
        "invalid header \"x-key\": the value has a character that is not allowed"
    );
    assert_eq!(
        error(builder().header("x key", "1")),
        "invalid header \"x key\": the name has a character that is not allowed"
    );
}

#[test]
fn encodes_user_name_and_password() {
    let transport = builder().basic_auth("me", "se:cret").build().unwrap();
    let [
        Credential {
            source: Source::Fixed(Placed::Header(name, value)),
            ..
        },
    ] = &transport.network().credentials[..]
    else {
        panic!()
    };
    assert_eq!(
        (name, value.to_str().unwrap(), value.is_sensitive()),
        (&AUTHORIZATION, "Basic bWU6c2U6Y3JldA==", true)
    );
}

#[test]
fn replaces_servers_of_operations() {
    let url = |transport: &Transport, server: &str, default: Option<&str>| {
        let mut request = transport.request_to(Method::GET, server, default);
        request.literal("/a");
        request
            .build()
            .map(|request| request.url().to_string())
            .map_err(|error| error.to_string())
    };
    let transport = builder().build().unwrap();
    assert_eq!(
        url(&transport, SERVERS[0], Some(SERVERS[0])).as_deref(),
        Ok("https://up.io/v1/a")
    );
    assert_eq!(
        url(&transport, SERVERS[1], None).unwrap_err(),
        "the operation's server `https://{host}/x` needs a base URL (see `ClientBuilder::server`)"
    );
    let replaced = builder()
        .server(SERVERS[1], "http://first")
        .server(SERVERS[1], "http://mine/x/")
        .build()
        .unwrap();
    assert!(!format!("{replaced:?}").contains("http://first"));
    assert_eq!(
        url(&replaced, SERVERS[1], None).as_deref(),
        Ok("http://mine/x/a")
    );
    let is_trusted = |url: &str| replaced.network().is_trusted(&url.parse().unwrap());
    assert!(is_trusted("https://host:443/other") && is_trusted("http://mine/"));
    assert!(
        !is_trusted("http://host")
            && !is_trusted("https://host:8443")
            && !is_trusted("https://up.io/v1")
            && !is_trusted("https://host.evil.io")
    );
}

#[test]
fn rejects_https_without_tls() {
    let base_url = |url: &str| Arc::new(BaseUrl::parse(url).unwrap());
    let (http, https) = (base_url("http://a"), base_url("HTTPS://b/v1/"));
    assert_eq!(
        reject_https([&http, &https]).unwrap_err().to_string(),
        "the base URL `https://b/v1` needs TLS: enable the feature `rustls` or `native-tls`, or set \
         an HTTP client with `ClientBuilder::http_client`"
    );
    assert!(reject_https([&http]).is_ok());

    let has_tls = cfg!(any(feature = "rustls", feature = "native-tls"));
    let build = |builder: ClientBuilder<Transport>| builder.build().map(|_| ());
    let is_result_of_tls = |result: Result<(), BuildError>| match result {
        Ok(()) => has_tls,
        Err(error) => !has_tls && matches!(error, BuildError::TlsDisabled { .. }),
    };
    let (plain, tls) = ("http://host", "https://host");
    assert!(is_result_of_tls(build(ClientBuilder::new(tls, SERVERS))));
    assert!(is_result_of_tls(build(
        ClientBuilder::new(plain, SERVERS).server(SERVERS[0], tls)
    )));
    assert!(build(ClientBuilder::new(plain, SERVERS)).is_ok());
    let custom = ClientBuilder::new(tls, SERVERS).http_client(reqwest::Client::new());
    assert!(build(custom).is_ok());
}

#[test]
fn rejects_https_servers_of_operations_without_tls() {
    let message = |builder: ClientBuilder<Transport>, url: &str| {
        let transport = builder.build().unwrap();
        let info = OperationInfo::new("up", "/up");
        let mut request = transport.request_to(Method::GET, SERVERS[0], Some(url));
        request.literal("/a");
        let built = request.for_operation(&info).build();
        let error = built.err().map(|error| error.to_string());
        error.filter(|error| error.contains("TLS"))
    };
    let builder = || ClientBuilder::new("http://host", SERVERS);
    let has_tls = cfg!(any(feature = "rustls", feature = "native-tls"));
    let expected = (!has_tls).then(|| {
        "up (GET /up): the operation's server `https://up.io/v1/` needs TLS: enable the feature \
         `rustls` or `native-tls`, set an HTTP client with `ClientBuilder::http_client`, or set \
         another base URL with `ClientBuilder::server`"
            .to_owned()
    });
    assert_eq!(message(builder(), "HTTPS://up.io/v1"), expected);
    assert_eq!(message(builder(), "http://up.io/v1"), None);
    let custom = builder().http_client(reqwest::Client::new());
    assert_eq!(message(custom, "https://up.io/v1"), None);
}
