//! The table of checks.

use crate::conformance::checks::context::CheckContext;
use crate::conformance::checks::{
    concurrency, credentials, disclosure, downloads, errors, events, framing, headers, naming,
    objects, other_hosts, paging, requests, responses, retries, transport, values,
};
use crate::document::Endpoint;

/// A check of one operation.
#[derive(Clone, Copy)]
pub struct Check {
    /// The stable id, in kebab case.
    pub id: &'static str,
    /// The property that a passing check proves.
    pub meaning: &'static str,
    when: When,
    pub(super) run: fn(&CheckContext<'_>) -> Result<(), String>,
}

/// The condition for running a check: its description and its function.
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

    /// Returns the description of the condition.
    pub fn when(&self) -> &'static str {
        self.when.0
    }

    /// Returns true if the check applies to an operation.
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
    "the operation uses the server of the document",
    requests::is_of_documents_server,
);
const OWN_SERVER: When = ("the operation has its own server", requests::has_own_server);
const TEXT_IN_PATH: When = (
    "a path parameter is an unrestricted string",
    values::has_text_in_path,
);
const REQUIRED: When = (
    "a parameter or the body is required",
    requests::has_required,
);
const SCALARS: When = (
    "a parameter is a number, a boolean or an enumeration",
    values::has_scalars,
);
const LISTS: When = (
    "a parameter outside the path is an array of strings",
    values::has_lists,
);
const OBJECTS: When = ("a parameter is an object", objects::has_objects);
const QUERY: When = ("there is a query parameter", requests::has_query);
const TEXT_IN_QUERY: When = (
    "a query parameter is an unrestricted string",
    values::has_text_in_query,
);
const HEADERS: When = ("there is a header parameter", headers::has_headers);
const TEXT_IN_HEADERS: When = (
    "a header or cookie parameter is an unrestricted string",
    values::has_text_in_headers,
);
const COOKIES: When = ("there is a cookie parameter", requests::has_cookies);
const ACCEPT: When = (
    "there is no required parameter `Accept`",
    headers::has_accept,
);
const BODY: When = ("there is a request body", requests::has_body);
const NO_BODY: When = (
    "the request body is optional or absent",
    requests::may_have_no_body,
);
const MARKED: When = (
    "a parameter is an unrestricted string",
    concurrency::can_be_marked,
);
const TOKEN: When = (
    "the first security alternative is a bearer token alone, or there is no `security`",
    credentials::uses_token,
);
const UNTYPED: When = ("a success has no schema", responses::is_untyped);
const TYPED: When = ("a success has a schema", responses::is_typed);
const TYPED_ERROR: When = (
    "a documented error has a schema",
    responses::has_typed_error,
);
const DOWNLOADS: When = (
    "a success without a schema is a file, such as an image",
    downloads::is_download,
);
const PAGES: When = ("the operation has `x-gallery-pages`", paging::has_pages);
const EVENTS: When = (
    "a success is a sequence of events, such as `text/event-stream`",
    events::has_events,
);
const ANSWER_BODY: When = ("responses can have a body", transport::has_response_body);

/// All checks of operations.
#[rustfmt::skip]
pub const CHECKS: &[Check] = &[
    Check::new("request", ALWAYS, requests::request,
        "a call sends exactly one request, with the documented method, path, query, headers, cookies and body"),
    Check::new("setters", ALWAYS, naming::setters,
        "required parameters are arguments of the method, optional ones setters; both are named after them, there are no others, and deprecated ones are marked"),
    Check::new("operation", ALWAYS, requests::operation,
        "each middleware runs once, in order, and sees the client's method name and the document's path"),
    Check::new("base-url", OF_DOCUMENTS_SERVER, requests::base_url,
        "the base path is kept with and without a trailing slash, and below another path"),
    Check::new("operation-server", OWN_SERVER, requests::own_server,
        "the operation calls its own server by default; if the host is a variable, the call fails before sending"),
    Check::new("path-arguments", TEXT_IN_PATH, values::path_arguments,
        "each path argument decodes to itself in its own segment, or in segments of its own if it allows slashes"),
    Check::new("path-rejections", TEXT_IN_PATH, values::path_refusals,
        "path arguments that would change the path are rejected before sending"),
    Check::new("required", REQUIRED, requests::required,
        "a call without a required argument is impossible, or rejected before sending"),
    Check::new("scalars", SCALARS, values::scalars,
        "extreme numbers, booleans and all values of an enumeration are sent unchanged; values out of range or unlisted are sent unchanged, or rejected"),
    Check::new("lists", LISTS, values::lists,
        "the items of an array arrive unchanged, or nothing is sent"),
    Check::new("objects", OBJECTS, objects::objects,
        "the properties of an object arrive unchanged, or nothing is sent; null properties are omitted, except in JSON"),
    Check::new("query", QUERY, requests::query,
        "each query parameter is sent under its name, alone and with all others, and omitted if absent"),
    Check::new("query-values", TEXT_IN_QUERY, values::query_values,
        "reserved characters in query values arrive unchanged"),
    Check::new("no-query", ALWAYS, requests::no_query,
        "the query has no undeclared parameters"),
    Check::new("header-arguments", HEADERS, requests::header_arguments,
        "each header parameter is sent under its name, alone and with all others, and omitted if absent"),
    Check::new("header-values", TEXT_IN_HEADERS, values::header_values,
        "text in headers and cookies arrives unchanged, or nothing is sent; line breaks are always rejected"),
    Check::new("cookies", COOKIES, requests::cookies,
        "each cookie parameter is sent under its name; without cookie arguments no cookie is sent"),
    Check::new("headers", ALWAYS, headers::headers,
        "no header is undeclared or duplicated; the `User-Agent` is that of the caller, or else the name and version of the client"),
    Check::new("accept", ACCEPT, headers::accept,
        "`Accept` lists the documented media types of the responses, or only JSON where it has a schema beside other text"),
    Check::new("body", BODY, requests::body,
        "request bodies at every edge of the schema arrive unchanged, with the documented `Content-Type`"),
    Check::new("no-body", NO_BODY, requests::no_body,
        "without a body neither content nor a `Content-Type` is sent"),
    Check::new("concurrent-calls", MARKED, concurrency::concurrent_calls,
        "fifty concurrent calls send their own arguments and get their own responses"),
    Check::new("credentials", ALWAYS, credentials::in_place,
        "each credential that the operation requires is sent once, in its location, also to a server that replaces the operation's own; others are not sent"),
    Check::new("no-credentials", ALWAYS, credentials::absent,
        "a client without credentials sends none"),
    Check::new("token-refresh", TOKEN, credentials::renewed,
        "a rejected token is refreshed once, and the request is repeated with the new token"),
    Check::new("secrets", ALWAYS, disclosure::not_revealed,
        "neither the client nor an error reveals a credential, also if the server repeats it, a cookie, or a URL beyond its origin"),
    Check::new("cross-host-redirects", ALWAYS, other_hosts::across_hosts,
        "a redirect to another host carries no credential, header argument or cookie, nor does the redirect back"),
    Check::new("response-untyped", UNTYPED, responses::untyped,
        "a success without a schema is returned whatever its content: JSON, empty, text or binary"),
    Check::new("response-typed", TYPED, responses::typed,
        "a success with a schema is parsed into its type and the variant of its status, at every edge of the schema and with unknown properties"),
    Check::new("response-invalid", TYPED, responses::shape,
        "a success that is not JSON or violates its schema is an error with status, headers and body"),
    Check::new("response-lenience", TYPED, responses::lenience,
        "every spelling of the JSON media type is accepted; a wrong `Content-Type`, a byte order mark, an unknown enumeration value or an unknown tag of a union loses no data"),
    Check::new("response-undocumented", ALWAYS, responses::undocumented,
        "an undocumented status below 400 is an error with status, headers and body"),
    Check::new("errors", ALWAYS, errors::errors,
        "every 4xx and 5xx is an error with status, headers and body; its message has the operation and the API's own message"),
    Check::new("errors-typed", TYPED_ERROR, errors::typed_errors,
        "a documented error with a schema is parsed into its type and the variant of its status; an invalid one keeps its status"),
    Check::new("pagination", PAGES, paging::pages,
        "the stream of pages yields every item once, requests no superfluous page, and ends after an error, at a repeated cursor or page, and before a link to another server"),
    Check::new("download", DOWNLOADS, downloads::downloads,
        "a body that is read while it arrives equals one that is read at once; a broken or stalled one is an error after its start"),
    Check::new("events", EVENTS, events::events,
        "events at every edge of the schema are read one after another; a broken or stalled response is an error after its events"),
    Check::new("redirects", ALWAYS, transport::redirects,
        "a redirect never changes method or body, is not a success, and a redirect loop ends"),
    Check::new("redirect-following", ALWAYS, transport::arrivals,
        "a redirect on the same host is followed with the whole request, and the final response is returned"),
    Check::new("redirect-limit", ALWAYS, transport::endless,
        "redirects that never end are an error after the limit of redirects"),
    Check::new("retries", ALWAYS, retries::retries,
        "only transient failures of idempotent operations are retried, with the same request, within the limits, and after `Retry-After`"),
    Check::new("no-response", ALWAYS, transport::no_response,
        "a refused or closed connection, a response that is not HTTP, and a timeout are retryable errors, each of its kind"),
    Check::new("truncated-response", ANSWER_BODY, transport::broken,
        "a truncated or stalled response is never a success and keeps its status"),
    Check::new("interrupted-response", ANSWER_BODY, framing::cut,
        "a connection that breaks after a complete value, or before the last chunk, is an error"),
    Check::new("framing", ANSWER_BODY, framing::framings,
        "a success or an error in chunks, or one that ends with the connection, equals one with a length"),
    Check::new("body-limit", ANSWER_BODY, framing::limits,
        "a response body as long as the limit is read, and a longer one is an error with the status"),
    Check::new("error-excerpts", ANSWER_BODY, framing::excerpts,
        "an error keeps the start of a long body, at most 64 KiB, also if it is typed, and does not wait for the end of the body"),
    Check::new("slow-response", ANSWER_BODY, transport::slow,
        "a response that arrives in chunks equals one that arrives at once"),
    Check::new("compression", ANSWER_BODY, transport::compression,
        "a compressed response is read if the client asks for it, and keeps its status in any case"),
];

/// All checks of a client as a whole: id and property.
pub const CLIENT_CHECKS: &[(&str, &str)] = &[
    (
        "surface",
        "each operation has one method, named after it, and one adapter",
    ),
    (
        "schemas",
        "every object schema has one type, values at every edge of a schema survive a round trip through its type, enums list the documented values, and each tag of a union selects its own type; objects with an unknown tag are kept; each property is a field, also beside a map of other properties",
    ),
];
