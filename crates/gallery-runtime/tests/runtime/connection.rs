//! Tests of proxies, certificates and connections.

use std::sync::Arc;
use std::time::Duration;

use gallery_runtime::{BuildError, ClientBuilder, Connection, ErrorKind, RetryPolicy, Transport};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

use crate::support::{Reply, Server, client, get};

fn with(root: &str, connection: Connection) -> Transport {
    client(root, |builder| {
        builder
            .connection(connection)
            .retry_policy(RetryPolicy::none())
    })
}

fn error_of(connection: Connection) -> BuildError {
    let built = ClientBuilder::<Transport>::new("http://127.0.0.1", &[])
        .connection(connection)
        .build();
    built.unwrap_err()
}

#[tokio::test]
async fn a_proxy_gets_all_requests() {
    let proxy = Server::always(|| Reply::new(200, &[], "{}"));
    let url = proxy.root.replace("http://", "http://user:pass@");
    let transport = with(
        "http://api.example.invalid/v1",
        Connection::new().proxy(url),
    );
    get(&transport, "a").await.unwrap();
    let requests = proxy.requests();
    assert_eq!(requests[0].target, "http://api.example.invalid/v1/things/a");
    assert_eq!(
        requests[0].header("proxy-authorization"),
        Some("Basic dXNlcjpwYXNz")
    );
    let shown = format!("{:?}", Connection::new().proxy("http://user:secret@host"));
    assert!(!shown.contains("secret"), "{shown}");
}

#[tokio::test]
async fn unused_connections_are_closed() {
    let server = Server::always(|| Reply::new(200, &[], "{}"));
    let call_twice = async |connection| {
        let transport = with(&server.root, connection);
        let before = server.connections();
        for _ in 0..2 {
            get(&transport, "a").await.unwrap();
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        server.connections() - before
    };
    assert_eq!(call_twice(Connection::new()).await, 1);
    assert_eq!(
        call_twice(Connection::new().max_idle_connections(0)).await,
        2
    );
    let short = Connection::new().idle_timeout(Duration::from_millis(10));
    assert_eq!(call_twice(short).await, 2);
}

#[test]
fn wrong_settings_are_errors_without_secrets() {
    let error = error_of(Connection::new().proxy("http://user:secret@:99999"));
    assert_eq!(error.to_string(), "invalid proxy of the connection");
    let shown = format!("{error:?} {:?}", std::error::Error::source(&error));
    assert!(!shown.contains("secret"), "{shown}");
    let pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let error = error_of(Connection::new().root_certificates(pem));
    assert!(matches!(
        error,
        BuildError::InvalidConnection { .. } | BuildError::HttpClient(_)
    ));
    let error = error_of(Connection::new().client_certificate(pem, "no key"));
    assert_eq!(
        error.to_string(),
        "invalid client certificate of the connection"
    );
}

/// A TLS server that requires a certificate of its own authority. Returns its URL.
async fn mutual_tls(ca: &CertifiedIssuer<'static, KeyPair>) -> String {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, ca).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(ca.der().to_vec())).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier.build().unwrap())
        .with_single_cert(
            vec![CertificateDer::from(certificate.der().to_vec())],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!(
        "https://localhost:{}",
        listener.local_addr().unwrap().port()
    );
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let mut stream = acceptor.accept(stream).await.ok()?;
                let mut request = [0; 1024];
                let _ = stream.read(&mut request).await.ok()?;
                let reply = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
                stream.write_all(reply).await.ok()
            });
        }
    });
    url
}

#[tokio::test]
async fn certificates_are_sent_and_trusted() {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    // OpenSSL takes a certificate whose issuer has its own name for a self-signed one.
    params.distinguished_name.push(DnType::CommonName, "CA");
    let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let url = mutual_tls(&ca).await;
    let key = KeyPair::generate().unwrap();
    let own = CertificateParams::new(["client".to_owned()]).unwrap();
    let own = own.signed_by(&key, &ca).unwrap();
    let trusting = Connection::new().root_certificates(ca.pem());
    let both = trusting
        .clone()
        .client_certificate(own.pem(), key.serialize_pem());
    get(&with(&url, both), "a").await.unwrap();
    for wrong in [Connection::new(), trusting] {
        let kind = get(&with(&url, wrong), "a").await.unwrap_err().kind();
        assert!(
            matches!(kind, ErrorKind::Connect | ErrorKind::ConnectionLost),
            "{kind:?}"
        );
    }
}
