//! Emits the module `mock` of a client: one function per operation that expects a call.
//!
//! The emitted code wraps `gallery_testkit::mock` and adds the types of the client.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{Type, parse_quote};

use crate::bindings::{BODY, Bindings, OperationBinding};
use crate::client_api::ClientApi;
use crate::markdown;
use crate::responses::ResponseType;
use crate::wire::BodyKind;

/// The doc comment of the module in generated crates.
pub(crate) const DOCS: &str = "\
/// A mock server for the API, for tests of code that uses the client. It returns the responses that
/// a test sets and reports the differences between expected and received calls. See
/// [`gallery_testkit`] for an overview.
";

/// Returns the module `mock` for a client with the given code. The parent module must contain the
/// client and the document, as `OPENAPI`.
pub fn mock(bindings: &Bindings, code: &syn::File) -> syn::File {
    let client_api = ClientApi::read(code, "super");
    let operations = bindings
        .operations
        .iter()
        .map(|binding| operation(binding, &client_api));
    // Without operations, `Expect` would have no functions and the import would be unused.
    let has_operations = !bindings.operations.is_empty();
    let import = has_operations.then(|| {
        quote!(
            use gallery_testkit::mock::ExpectedCall;
        )
    });
    let expect_function = has_operations.then(|| {
        quote! {
            /// Expects a call of an operation: `mock.expect().OPERATION()`. By default exactly one
            /// call is expected.
            pub fn expect(&self) -> Expect<'_> {
                Expect(&self.0)
            }
        }
    });
    let expect_struct = has_operations.then(|| {
        quote! {
            /// The operations of the API. Each function expects a call.
            #[derive(Clone, Copy, Debug)]
            pub struct Expect<'a>(&'a gallery_testkit::mock::Mock);

            impl<'a> Expect<'a> {
                #(#operations)*
            }
        }
    });
    parse_quote! {
        pub use gallery_testkit;
        pub use gallery_testkit::mock::Sequence;
        #import
        use gallery_testkit::mock::Mismatch;
        use gallery_testkit::{MockServer, StartError};

        /// A mock server on a free loopback port that validates requests against the OpenAPI
        /// document. Dropping it stops the server. Dropping it without [`Mock::verify`] also panics
        /// if the received calls differ from the expected calls.
        #[derive(Debug)]
        pub struct Mock(gallery_testkit::mock::Mock);

        impl Mock {
            /// Starts a mock server without expected calls.
            pub fn start() -> Result<Mock, StartError> {
                gallery_testkit::mock::Mock::start(super::OPENAPI).map(Mock)
            }

            /// Creates a client that sends its requests to this server, with
            /// [`CREDENTIAL`](gallery_testkit::mock::CREDENTIAL) for every security scheme.
            pub fn client(&self) -> Result<super::Client, super::BuildError> {
                self.0.with_credentials(self.builder()).build()
            }

            /// Creates a builder for a client that sends its requests to this server, without
            /// credentials.
            pub fn builder(&self) -> super::ClientBuilder<super::Client> {
                self.0.builder(super::Client::builder)
            }

            #expect_function

            /// Returns the underlying server. Use it to read received requests or to send
            /// responses that are not valid HTTP.
            pub fn server(&self) -> &MockServer {
                self.0.server()
            }

            /// Returns an error if an expected call is missing or an unexpected one was received.
            pub fn verify(self) -> Result<(), Mismatch> {
                self.0.verify()
            }
        }

        #expect_struct
    }
}

fn operation(binding: &OperationBinding, client_api: &ClientApi) -> TokenStream {
    let id = &binding.operation_id;
    let method = Ident::new(&binding.method, Span::call_site());
    let request = markdown::code(&binding.request_line());
    let docs = [
        format!(" Expects {request}, sent by"),
        format!(" [`Client::{0}`](super::Client::{0}).", binding.method),
    ];
    let (success, error) = response_types(binding, client_api);
    let body: Type = match binding.body.as_ref().map(|body| &body.kind) {
        Some(BodyKind::Json | BodyKind::Form(_)) => client_api.argument(&binding.method, BODY),
        Some(BodyKind::Multipart | BodyKind::Bytes) | None => {
            parse_quote!(gallery_testkit::mock::NoBody)
        }
    };
    quote! {
        #(#[doc = #docs])*
        pub fn #method(&self) -> ExpectedCall<'a, #success, #error, #body> {
            self.0.expect(#id)
        }
    }
}

/// Returns the types of the bodies that a test sets for successes and errors.
fn response_types(binding: &OperationBinding, client_api: &ClientApi) -> (Type, Type) {
    let json: Type = parse_quote!(::serde_json::Value);
    // The client returns an untyped body as bytes. A test sets it as JSON, or as any other content
    // with `ExpectedCall::reply`.
    let body_type = |response: &ResponseType, returned: Option<&Type>| {
        if response.is_untyped() {
            json.clone()
        } else {
            returned.unwrap_or(&json).clone()
        }
    };
    let returned = client_api.response_types(&binding.method);
    let responses = &binding.responses;
    (
        body_type(&responses.success, returned.map(|(success, _)| success)),
        body_type(&responses.error, returned.map(|(_, error)| error)),
    )
}
