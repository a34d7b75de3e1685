//! Emits the module `mock` of a client: one function per operation that expects a call.
//!
//! The emitted code wraps `gallery_testkit::mock` and adds the types of the client.

use std::fmt::Write as _;

use crate::bindings::{Bindings, OperationBinding};
use crate::code::{ClientCode, ResponseBody, Signature};
use crate::markdown;

/// The doc comment of the module in generated crates.
pub(crate) const DOCS: &str = "\
/// A mock server for the API, for tests of code that uses the client. It returns the responses that
/// a test sets and reports the differences between expected and received calls. See
/// [`gallery_testkit`] for an overview.
";

const MOCK: &str = "\
pub use gallery_testkit;
pub use gallery_testkit::mock::Sequence;

use std::sync::{Arc, LazyLock};

use gallery_testkit::mock::Mismatch;
use gallery_testkit::{Document, DocumentError, MockServer, StartError};

/// The document, which is parsed once for all mocks of a process.
static DOCUMENT: LazyLock<Result<Arc<Document>, DocumentError>> =
    LazyLock::new(|| Document::parse(super::OPENAPI).map(Arc::new));

/// A mock server on a free loopback port that validates requests against the OpenAPI document.
/// Dropping it stops the server. Dropping it without [`Mock::verify`] also panics if the received
/// calls differ from the expected calls.
#[derive(Debug)]
pub struct Mock(gallery_testkit::mock::Mock);

impl Mock {
    /// Starts a mock server without expected calls.
    pub fn start() -> Result<Mock, StartError> {
        gallery_testkit::mock::Mock::of(DOCUMENT.clone()?).map(Mock)
    }

    /// Creates a client that sends its requests to this server, with
    /// [`CREDENTIAL`](gallery_testkit::mock::CREDENTIAL) for every security scheme.
    pub fn client(&self) -> Result<super::Client, super::BuildError> {
        self.0.with_credentials(self.builder()).build()
    }

    /// Creates a builder for a client that sends its requests to this server, without credentials.
    pub fn builder(&self) -> super::ClientBuilder<super::Client> {
        self.0.builder(super::Client::builder)
    }

    /// Returns the underlying server. Use it to read received requests or to send responses that
    /// are not valid HTTP.
    pub fn server(&self) -> &MockServer {
        self.0.server()
    }

    /// Returns an error if an expected call is missing or an unexpected one was received.
    pub fn verify(self) -> Result<(), Mismatch> {
        self.0.verify()
    }
}
";

const EXPECT: &str = "
impl Mock {
    /// Expects a call of an operation: `mock.expect().OPERATION()`. By default exactly one call is
    /// expected.
    pub fn expect(&self) -> Expect<'_> {
        Expect(&self.0)
    }
}

/// The operations of the API. Each function expects a call.
#[derive(Clone, Copy, Debug)]
pub struct Expect<'a>(&'a gallery_testkit::mock::Mock);

";

/// Returns the module `mock` of a client. The parent module must contain the client and the
/// document, as `OPENAPI`.
pub fn mock(bindings: &Bindings, code: &ClientCode) -> String {
    let mut out = MOCK.to_owned();
    // Without operations, `Expect` would have no functions.
    if bindings.operations.is_empty() {
        return out;
    }
    out.push_str(EXPECT);
    let operations: Vec<_> = bindings.operations.iter().zip(&code.signatures).collect();
    let Some(groups) = code.groups() else {
        functions(&mut out, code, "", &operations);
        return out;
    };
    for (index, group) in groups.groups.iter().enumerate() {
        out.push_str(if index == 0 { "" } else { "\n" });
        let operations: Vec<_> = group
            .operations
            .iter()
            .map(|index| operations[*index])
            .collect();
        functions(&mut out, code, &group.attribute(), &operations);
    }
    out
}

/// Writes the functions of some operations. `attribute` is the attribute of the block or nothing.
fn functions(
    out: &mut String,
    code: &ClientCode,
    attribute: &str,
    operations: &[(&OperationBinding, &Signature)],
) {
    let _ = writeln!(
        out,
        "{attribute}{}impl<'a> Expect<'a> {{",
        code.allow_deprecated()
    );
    for (index, (binding, signature)) in operations.iter().enumerate() {
        out.push_str(if index == 0 { "" } else { "\n" });
        operation(out, binding, signature);
    }
    out.push_str("}\n");
}

fn operation(out: &mut String, binding: &OperationBinding, signature: &Signature) {
    let (id, method) = (&binding.operation_id, &binding.method);
    // The client returns an untyped body as bytes. A test sets it as JSON, or as any other content
    // with `ExpectedCall::reply`.
    let response = |body: &ResponseBody| body.text("super::", "serde_json::Value");
    let body = signature.body.as_ref().and_then(|body| body.kind.value());
    let body = body.map_or_else(
        || "gallery_testkit::mock::NoBody".to_owned(),
        |kind| kind.text("super::types::"),
    );
    let request = markdown::code(&binding.request_line());
    let path = binding.method_path();
    let _ = write!(
        out,
        "    /// Expects {request}, sent by\n    /// [`{path}`](super::{path}).\n    \
         pub fn {method}(\n        &self,\n    ) -> gallery_testkit::mock::ExpectedCall<'a, {}, {}, {body}> {{\n        \
         self.0.expect({id:?})\n    }}\n",
        response(&signature.success),
        response(&signature.error),
    );
}
