//! The checks: one row and one function each.

use crate::conformance::context::CheckContext;
use crate::conformance::{credentials, paging, requests, responses, surface, transport, values};
use crate::document::Endpoint;

/// A check of one operation.
#[derive(Clone, Copy)]
pub struct Check {
    /// Its stable id, in kebab case.
    pub id: &'static str,
    /// What holds when it passes.
    pub meaning: &'static str,
    when: When,
    pub(super) run: fn(&CheckContext<'_>) -> Result<(), String>,
}

/// To which operations a check applies.
type When = (&'static str, fn(&Endpoint) -> bool);

impl Check {
    const fn new(
        id: &'static str,
        when: When,
        run: fn(&CheckContext<'_>) -> Result<(), String>,
        meaning: &'static str,
    ) -> Check {
        Check {
            id,
            meaning,
            when,
            run,
        }
    }

    /// To which operations it applies, in words.
    pub fn when(&self) -> &'static str {
        self.when.0
    }

    /// Whether it applies to an operation.
    pub fn applies_to(&self, endpoint: &Endpoint) -> bool {
        (self.when.1)(endpoint)
    }
}

impl std::fmt::Debug for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Check")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

const ALWAYS: When = ("always", |_| true);
const OF_DOCUMENTS_SERVER: When = (
    "where the operation has no server of its own",
    requests::is_of_documents_server,
);
const OWN_SERVER: When = (
    "where the operation has a server of its own",
    requests::has_own_server,
);
const TEXT_IN_PATH: When = (
    "with a path parameter that takes any text",
    values::has_text_in_path,
);
const REQUIRED: When = ("with a required parameter or body", requests::has_required);
const SCALARS: When = (
    "with a parameter that is a number, a boolean or an enumeration",
    values::has_scalars,
);
const ARGUMENTS: When = ("with a parameter or a body", requests::has_arguments);
const LISTS: When = (
    "with a list of texts among the parameters that are not in the path",
    values::has_lists,
);
const QUERY: When = ("with a query parameter", requests::has_query);
const TEXT_IN_QUERY: When = (
    "with a query parameter that takes any text",
    values::has_text_in_query,
);
const HEADERS: When = ("with a header parameter", requests::has_headers);
const TEXT_IN_HEADERS: When = (
    "with a header or cookie parameter that takes any text",
    values::has_text_in_headers,
);
const COOKIES: When = ("with a cookie parameter", requests::has_cookies);
const ACCEPT: When = ("without a parameter `Accept`", requests::has_accept);
const BODY: When = ("with a body", requests::has_body);
const NO_BODY: When = (
    "where the body may be left out, or there is none",
    requests::may_have_no_body,
);
const MARKED: When = (
    "with a parameter that takes any text",
    requests::can_be_marked,
);
const TOKEN: When = (
    "where a bearer token alone is asked for first, or the document says nothing of security",
    credentials::takes_token,
);
const UNTYPED: When = (
    "where successes have no common schema",
    responses::is_untyped,
);
const TYPED: When = (
    "where all successes have the same schema",
    responses::is_typed,
);
const TYPED_ERROR: When = (
    "where all documented errors have the same schema",
    responses::has_typed_error,
);
const PAGES: When = ("with `x-gallery-pages`", paging::has_pages);
const ANSWER_BODY: When = ("where answers may have a body", transport::has_answer_body);

/// Every check of an operation.
#[rustfmt::skip]
pub const CHECKS: &[Check] = &[
    Check::new("request", ALWAYS, requests::request,
        "a call sends exactly one request, the document's for its arguments: method, path, query, headers, cookies and body"),
    Check::new("setters", ALWAYS, surface::setters,
        "the parameters and the body have one setter each, under their own names, and there are no others"),
    Check::new("operation", ALWAYS, requests::operation,
        "hooks are told of the operation by the client's method and the document's path"),
    Check::new("base-url", OF_DOCUMENTS_SERVER, requests::base_url,
        "the base path is kept, with and without a slash at the end of the base URL, also behind another path"),
    Check::new("operation-server", OWN_SERVER, requests::own_server,
        "an operation with a server of its own goes there by default, or nowhere when its host is a variable"),
    Check::new("path-arguments", TEXT_IN_PATH, values::path_arguments,
        "each path argument, whatever it holds, decodes to itself in its own segment"),
    Check::new("path-rejections", TEXT_IN_PATH, values::path_refusals,
        "path arguments that would lead to another path are refused before sending"),
    Check::new("required", REQUIRED, requests::required,
        "without a required argument nothing is sent"),
    Check::new("scalars", SCALARS, values::scalars,
        "numbers at the edges of their type, booleans and every value of an enumeration go out as they are, and what does not fit is refused"),
    Check::new("conversions", ARGUMENTS, values::conversions,
        "an argument that cannot be converted to what its setter takes is refused, and not replaced"),
    Check::new("lists", LISTS, values::lists,
        "the items of a list arrive as they were given, whatever they hold, or nothing is sent"),
    Check::new("query", QUERY, requests::query,
        "each query parameter goes out under its name, alone, with all others, and not at all when absent"),
    Check::new("query-values", TEXT_IN_QUERY, values::query_values,
        "reserved characters in query values arrive as they were given"),
    Check::new("no-query", ALWAYS, requests::no_query,
        "nothing is in the query that the document does not declare"),
    Check::new("header-arguments", HEADERS, requests::header_arguments,
        "each header parameter goes out under its name, alone, with all others, and not at all when absent"),
    Check::new("header-values", TEXT_IN_HEADERS, values::header_values,
        "texts in headers and cookies arrive as they were given, or nothing is sent; a line break is always refused"),
    Check::new("cookies", COOKIES, requests::cookies,
        "each cookie parameter goes out under its name, and no cookie is sent when all are absent"),
    Check::new("headers", ALWAYS, requests::headers,
        "no header is sent that the document does not declare, and none twice"),
    Check::new("accept", ACCEPT, requests::accept,
        "`Accept` names the media types that the document gives the answers"),
    Check::new("body", BODY, requests::body,
        "a body arrives as it was given, at every edge of its schema, with the documented `Content-Type`"),
    Check::new("no-body", NO_BODY, requests::no_body,
        "without a body neither a body nor a `Content-Type` is sent"),
    Check::new("concurrent-calls", MARKED, requests::at_once,
        "fifty calls at once each send their own arguments and get their own answer"),
    Check::new("credentials", ALWAYS, credentials::in_place,
        "of the credentials that a client has, those that the document asks for go out, each once and in its place"),
    Check::new("no-credentials", ALWAYS, credentials::absent,
        "a client without credentials sends none"),
    Check::new("token-refresh", TOKEN, credentials::renewed,
        "a token that is refused is asked for anew, once, and the request sent with the new one"),
    Check::new("secrets", ALWAYS, credentials::untold,
        "neither the client nor an error shows a credential"),
    Check::new("cross-host-redirects", ALWAYS, credentials::across_hosts,
        "no credential, header argument or cookie goes along with a redirect to another host, nor back from it"),
    Check::new("response-untyped", UNTYPED, responses::untyped,
        "a success without schema is an answer whatever it holds: JSON, nothing, text, bytes"),
    Check::new("response-typed", TYPED, responses::typed,
        "a success with schema is read as its type, at every edge of the schema, unknown fields notwithstanding"),
    Check::new("response-invalid", TYPED, responses::shape,
        "a success of the wrong shape, or that is no JSON, is an error that keeps status, headers and body"),
    Check::new("response-lenience", TYPED, responses::lenience,
        "a success is read however its `Content-Type` is spelled; a wrong one, a byte order mark and unknown words of enumerations lose nothing"),
    Check::new("response-undocumented", ALWAYS, responses::undocumented,
        "a status below 400 that the document does not have is an error that keeps status, headers and body"),
    Check::new("errors", ALWAYS, responses::errors,
        "every 4xx and 5xx is an error that keeps status, headers and body"),
    Check::new("errors-typed", TYPED_ERROR, responses::typed_errors,
        "a documented error with schema is read as its type, and one of another shape keeps its status"),
    Check::new("pagination", PAGES, paging::pages,
        "the stream of pages gives every item once, asks for no page too many, and ends with an error"),
    Check::new("redirects", ALWAYS, transport::redirects,
        "a redirect changes neither method nor body, is not taken for a success, and a circle of them ends"),
    Check::new("redirect-following", ALWAYS, transport::arrivals,
        "a redirect that changes no method is followed on the same host with all that the request had, and its answer is the answer"),
    Check::new("no-response", ALWAYS, transport::no_answer,
        "a refused or closed connection, what is no HTTP, and an answer that does not come are errors of their kind"),
    Check::new("truncated-response", ANSWER_BODY, transport::broken,
        "an answer that breaks off or stalls is never a success, and its status is kept"),
    Check::new("slow-response", ANSWER_BODY, transport::slow,
        "an answer that comes in pieces is the same as one that comes at once"),
    Check::new("compression", ANSWER_BODY, requests::encodings,
        "a compressed answer is read by a client that asks for one, and costs no other the status"),
];

/// Every check of a client as a whole, with what holds when it passes.
pub const CLIENT_CHECKS: &[(&str, &str)] = &[
    (
        "surface",
        "operations, methods and adapters are one to one, each method under the name of its operation",
    ),
    (
        "schemas",
        "every schema that is an object has one type, and values at every edge of a schema go through its type as they are, with a name or without",
    ),
];
