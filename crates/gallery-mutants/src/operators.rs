//! The table of kinds of faults.

use crate::site::Change;
use crate::source::{Call, Declaration, Source};
use crate::{arguments, body, calls, headers, pages, query, request, responses, security, types};

/// A kind of fault.
#[derive(Clone, Copy)]
pub struct Operator {
    /// A stable id, in kebab case.
    pub id: &'static str,
    /// A sentence about a client that has the fault.
    pub fault: &'static str,
    pub(super) find: Find,
}

/// The function that finds the locations for a fault.
#[derive(Clone, Copy)]
pub(super) enum Find {
    /// In the builder of each operation.
    Calls(fn(&Source, &Call) -> Vec<Change>),
    /// In each type.
    Types(fn(&Declaration) -> Vec<Change>),
}

const fn call(
    id: &'static str,
    fault: &'static str,
    find: fn(&Source, &Call) -> Vec<Change>,
) -> Operator {
    Operator {
        id,
        fault,
        find: Find::Calls(find),
    }
}

const fn kind(
    id: &'static str,
    fault: &'static str,
    find: fn(&Declaration) -> Vec<Change>,
) -> Operator {
    Operator {
        id,
        fault,
        find: Find::Types(find),
    }
}

/// All operators, in the order in which [`mutants`](super::mutants) applies them.
pub const OPERATORS: &[Operator] = &[
    call(
        "method-changed",
        "the HTTP method is wrong",
        request::method_changed,
    ),
    call(
        "literal-changed",
        "a letter of the path is wrong",
        request::literal_changed,
    ),
    call(
        "literal-dropped",
        "a part of the path is missing",
        request::literal_dropped,
    ),
    call(
        "path-slash",
        "the path has a trailing slash too many or too few",
        request::path_slash,
    ),
    call(
        "variable-dropped",
        "an argument is missing from the path",
        request::variable_dropped,
    ),
    call(
        "variables-swapped",
        "two arguments of the path are swapped",
        request::variables_swapped,
    ),
    call(
        "variable-raw",
        "an argument of the path is not encoded",
        request::variable_raw,
    ),
    call(
        "variable-encoded-twice",
        "an argument of the path is encoded twice",
        request::variable_encoded_twice,
    ),
    call(
        "variable-trimmed",
        "white space around an argument of the path is lost",
        request::variable_trimmed,
    ),
    call(
        "base-path-lost",
        "the path of the base URL is lost",
        calls::base_path_lost,
    ),
    call(
        "own-server-lost",
        "an operation with a server of its own goes to the base URL",
        calls::own_server_lost,
    ),
    call(
        "own-server-changed",
        "the default of an operation's own server is wrong",
        calls::own_server_changed,
    ),
    call(
        "query-renamed",
        "a query parameter is renamed",
        query::query_renamed,
    ),
    call(
        "query-dropped",
        "a query parameter is not sent",
        query::query_dropped,
    ),
    call(
        "queries-swapped",
        "the values of two query parameters are swapped",
        query::queries_swapped,
    ),
    call(
        "query-constant",
        "a query parameter always has the same value",
        query::query_constant,
    ),
    call(
        "query-defaulted",
        "a query parameter is sent with a default if it is absent",
        query::query_defaulted,
    ),
    call(
        "query-empty",
        "a query parameter is sent without a value if it is absent",
        query::query_empty,
    ),
    call(
        "query-repeated",
        "a query parameter is sent twice",
        query::query_repeated,
    ),
    call(
        "style-changed",
        "a list has the wrong style",
        query::style_changed,
    ),
    call(
        "explode-changed",
        "a list is joined instead of exploded, or the other way round",
        query::explode_changed,
    ),
    call(
        "parameter-moved",
        "a parameter is sent in the wrong location",
        query::parameter_moved,
    ),
    call(
        "constant-changed",
        "the value of a constant is wrong",
        headers::constant_changed,
    ),
    call(
        "constant-dropped",
        "a constant is not sent",
        headers::constant_dropped,
    ),
    call(
        "header-added",
        "an undeclared header is sent",
        headers::header_added,
    ),
    call(
        "header-renamed",
        "a header is renamed",
        headers::header_renamed,
    ),
    call(
        "header-dropped",
        "a header is not sent",
        headers::header_dropped,
    ),
    call(
        "headers-swapped",
        "the values of two headers are swapped",
        headers::headers_swapped,
    ),
    call(
        "cookie-renamed",
        "a cookie is renamed",
        headers::cookie_renamed,
    ),
    call(
        "cookie-dropped",
        "a cookie is not sent",
        headers::cookie_dropped,
    ),
    call(
        "accept-changed",
        "`Accept` has a wrong media type, or lacks one",
        headers::accept_changed,
    ),
    call(
        "accept-dropped",
        "`Accept` is not sent",
        headers::accept_dropped,
    ),
    call("body-dropped", "the body is not sent", body::dropped),
    call(
        "body-wrapped",
        "the body is sent inside of an object",
        body::wrapped,
    ),
    call(
        "body-truncated",
        "the last item, field or byte of the body is lost",
        body::truncated,
    ),
    call(
        "body-limited",
        "only the first hundred items of a list are sent",
        body::limited,
    ),
    call(
        "body-as-text",
        "the body is sent as a JSON string that contains the JSON",
        body::as_text,
    ),
    call(
        "body-as-other",
        "JSON is sent as a form, and a form as JSON",
        body::as_other,
    ),
    call(
        "form-style-lost",
        "a field of a form has the default style",
        body::form_style_lost,
    ),
    call(
        "content-type-changed",
        "the media type of the body is wrong",
        body::content_type_changed,
    ),
    call(
        "body-null",
        "`null` is sent if no body is given",
        body::null,
    ),
    call(
        "body-map-silent",
        "`body_map` does not change the body",
        body::map_silent,
    ),
    call(
        "status-moved",
        "the success status is wrong",
        responses::moved,
    ),
    call(
        "status-widened",
        "other statuses are read like a documented one",
        responses::widened,
    ),
    call(
        "status-narrowed",
        "only the first status of a range is known",
        responses::narrowed,
    ),
    call(
        "status-dropped",
        "a documented status is not known",
        responses::dropped,
    ),
    call(
        "error-as-success",
        "an error is read as a success",
        responses::error_as_success,
    ),
    call(
        "success-as-error",
        "the success is read as an error",
        responses::success_as_error,
    ),
    call(
        "undocumented-as-documented",
        "an undocumented response is read as a documented error",
        responses::undocumented_as_documented,
    ),
    call("sent-twice", "the request is sent twice", calls::sent_twice),
    call(
        "sent-again",
        "the request is sent again after a server error",
        calls::sent_again,
    ),
    call(
        "credentials-dropped",
        "credentials are not sent",
        security::credentials_dropped,
    ),
    call(
        "credentials-changed",
        "credentials are sent in the wrong location",
        security::credentials_changed,
    ),
    call(
        "credentials-added",
        "undocumented credentials are sent",
        security::credentials_added,
    ),
    call(
        "operation-renamed",
        "hooks and traces get another operation",
        calls::operation_renamed,
    ),
    call(
        "operation-crossed",
        "a method calls another method's operation",
        calls::operation_crossed,
    ),
    call(
        "setter-crossed",
        "a setter sets another argument",
        arguments::setter_crossed,
    ),
    call(
        "setter-silent",
        "a setter sets nothing",
        arguments::setter_silent,
    ),
    call(
        "argument-defaulted",
        "a required argument is optional",
        arguments::argument_defaulted,
    ),
    call(
        "argument-narrowed",
        "an argument has a smaller type",
        arguments::argument_narrowed,
    ),
    call(
        "conversion-swallowed",
        "an argument that cannot be converted is omitted",
        arguments::conversion_swallowed,
    ),
    call(
        "pages-swapped",
        "a stream swaps the number and the size of pages",
        pages::swapped,
    ),
    call(
        "pages-parameter",
        "a stream increments the wrong parameter",
        pages::parameter,
    ),
    call(
        "pages-start",
        "a stream begins at the wrong page",
        pages::start,
    ),
    call(
        "pages-size",
        "a stream has the wrong page size",
        pages::size,
    ),
    call("pages-one", "a stream ends after one page", pages::one),
    call(
        "pages-past-end",
        "a stream does not end at a short page",
        pages::past_end,
    ),
    call(
        "pages-repeated",
        "a stream requests the same page again",
        pages::repeated,
    ),
    kind(
        "field-renamed",
        "a field is renamed in JSON",
        types::field_renamed,
    ),
    kind(
        "field-dropped",
        "a field is neither read nor written",
        types::field_dropped,
    ),
    kind(
        "field-narrowed",
        "a number has a smaller type",
        types::field_narrowed,
    ),
    kind(
        "field-required",
        "an optional field is required",
        types::field_required,
    ),
    kind(
        "field-defaulted",
        "a required field is optional",
        types::field_defaulted,
    ),
    kind(
        "field-null",
        "an absent field is written as `null`",
        types::field_null,
    ),
    kind(
        "unknown-refused",
        "an object with an unknown field is rejected",
        types::unknown_refused,
    ),
    kind(
        "variant-renamed",
        "an enum value is renamed in JSON",
        types::variant_renamed,
    ),
    kind(
        "variant-dropped",
        "an enum value is unknown",
        types::variant_dropped,
    ),
    kind(
        "type-setter-crossed",
        "a setter of a body's builder sets another field",
        types::setter_crossed,
    ),
    kind(
        "type-setter-silent",
        "a setter of a body's builder sets nothing",
        types::setter_silent,
    ),
    kind(
        "type-argument-defaulted",
        "a required field of a body is optional",
        types::argument_defaulted,
    ),
];
