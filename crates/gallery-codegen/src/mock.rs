//! Emits a client's module `mock`: the expected calls of each operation, with the client's own types.
//!
//! The emitted file only gives types and names to `gallery_testkit::mock`, where all of it is done.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{Type, parse_quote};

use crate::bindings::{BODY, Bindings, OperationBinding};
use crate::client_api::ClientApi;
use crate::markdown;
use crate::responses::ResponseType;
use crate::wire::BodyKind;

/// What documents the module.
pub(crate) const DOCS: &str = "\
/// A stand-in for the API, for tests of what uses the client: it is told which calls to expect and what to answer, and says line by
/// line how those that came differ. See [`gallery_testkit`] for all that it can do.
";

/// What is in the module `mock` of a client whose code is `code`. The client and its document, as `OPENAPI`, are in the module above.
pub fn mock(bindings: &Bindings, code: &syn::File) -> syn::File {
    let client_api = ClientApi::read(code, "super");
    let operations = bindings
        .operations
        .iter()
        .map(|binding| operation(binding, &client_api));
    // Without operations there is nothing to expect.
    let some = !bindings.operations.is_empty();
    let import = some.then(|| {
        quote!(
            use gallery_testkit::mock::ExpectedCall;
        )
    });
    let expect = some.then(|| {
        quote! {
            /// Expects a call: `mock.expect().OPERATION()`, once unless it is told otherwise.
            pub fn expect(&self) -> Expect<'_> {
                Expect(&self.0)
            }
        }
    });
    let expected = some.then(|| {
        quote! {
            /// The operations, each as a call that is expected.
            #[derive(Clone, Copy, Debug)]
            pub struct Expect<'a>(&'a gallery_testkit::mock::Mock);

            impl<'a> Expect<'a> {
                #(#operations)*
            }
        }
    });
    parse_quote! {
        pub use gallery_testkit;
        #import
        use gallery_testkit::mock::Mismatch;
        use gallery_testkit::{MockServer, StartError};

        /// A stand-in on a free loopback port, made from the document that the client is made from. It ends when it is dropped; where
        /// the calls that came are not those that were expected, that is a panic, unless [`Mock::verify`] has told.
        #[derive(Debug)]
        pub struct Mock(gallery_testkit::mock::Mock);

        impl Mock {
            /// Starts it. Nothing is expected yet.
            pub fn start() -> Result<Mock, StartError> {
                gallery_testkit::mock::Mock::start(super::OPENAPI).map(Mock)
            }

            /// A client of it.
            pub fn client(&self) -> Result<super::Client, super::BuildError> {
                self.builder().build()
            }

            /// A client of it, in the making.
            pub fn builder(&self) -> super::ClientBuilder<super::Client> {
                self.0.builder(super::Client::builder)
            }

            #expect

            /// The server: its URL, what it was sent, and answers that misbehave.
            pub fn server(&self) -> &MockServer {
                self.0.server()
            }

            /// Whether all calls came that were expected, and no others.
            pub fn verify(self) -> Result<(), Mismatch> {
                self.0.verify()
            }
        }

        #expected
    }
}

fn operation(binding: &OperationBinding, client_api: &ClientApi) -> TokenStream {
    let (id, method) = (
        &binding.operation_id,
        Ident::new(&binding.method, Span::call_site()),
    );
    let request = markdown::code(&format!("{} {}", binding.http_method, binding.path));
    let docs = format!(
        " {request}, by [`Client::{0}`](super::Client::{0}).",
        binding.method
    );
    let any: Type = parse_quote!(::serde_json::Value);
    let answer = client_api.answer(&binding.method);
    // What is read as it comes is given as JSON here; for other content there is `reply`.
    let of = |kind: &ResponseType, found: Option<&Type>| {
        if kind.is_untyped() {
            any.clone()
        } else {
            found.unwrap_or(&any).clone()
        }
    };
    let success = of(
        &binding.responses.success,
        answer.map(|(success, _)| success),
    );
    let error = of(&binding.responses.error, answer.map(|(_, error)| error));
    let body: Type = match binding.body.as_ref().map(|body| &body.kind) {
        Some(BodyKind::Json | BodyKind::Form(_)) => client_api.argument(&binding.method, BODY),
        Some(BodyKind::Multipart | BodyKind::Bytes) | None => {
            parse_quote!(gallery_testkit::mock::NoBody)
        }
    };
    quote! {
        #[doc = #docs]
        pub fn #method(&self) -> ExpectedCall<'a, #success, #error, #body> {
            self.0.expect(#id)
        }
    }
}
