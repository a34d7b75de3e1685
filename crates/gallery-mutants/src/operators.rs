//! The table of kinds of faults.

use crate::change::Change;
use crate::declaration::Declaration;
use crate::source::{Operation, Source};
use crate::{
    arguments, deprecation, forms, pages, requests, response_enums, responses, settings, types,
    unions,
};

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
    /// In each operation.
    Operations(fn(&Source<'_>, &Operation) -> Vec<Change>),
    /// In each type.
    Types(fn(&Source<'_>, &Declaration) -> Vec<Change>),
}

const fn operation(
    id: &'static str,
    fault: &'static str,
    find: fn(&Source<'_>, &Operation) -> Vec<Change>,
) -> Operator {
    Operator {
        id,
        fault,
        find: Find::Operations(find),
    }
}

const fn kind(
    id: &'static str,
    fault: &'static str,
    find: fn(&Source<'_>, &Declaration) -> Vec<Change>,
) -> Operator {
    Operator {
        id,
        fault,
        find: Find::Types(find),
    }
}

/// All operators, in the order in which [`mutants`](super::mutants) applies them.
#[rustfmt::skip]
pub const OPERATORS: &[Operator] = &[
    operation("method-changed", "the HTTP method is wrong", requests::method_changed),
    operation("literal-changed", "a letter of the path is wrong", requests::literal_changed),
    operation("literal-dropped", "a part of the path is missing", requests::literal_dropped),
    operation("path-slash", "the path has a trailing slash too many or too few", requests::path_slash),
    operation("variable-dropped", "an argument is missing from the path", requests::variable_dropped),
    operation("variables-swapped", "two arguments of the path are swapped", requests::variables_swapped),
    operation("own-server-lost", "an operation with a server of its own goes to the base URL", settings::own_server_lost),
    operation("own-server-changed", "the default of an operation's own server is wrong", settings::own_server_changed),
    operation("parameter-renamed", "a query parameter, header or cookie is renamed", requests::parameter_renamed),
    operation("parameter-moved", "a parameter is sent in the wrong location", requests::parameter_moved),
    operation("queries-swapped", "the values of two query parameters are swapped", requests::queries_swapped),
    operation("headers-swapped", "the values of two headers are swapped", requests::headers_swapped),
    operation("style-changed", "a list has the wrong style", requests::style_changed),
    operation("explode-changed", "a list is joined instead of exploded, or the other way round", requests::explode_changed),
    operation("constant-changed", "the value of a constant is wrong", requests::constant_changed),
    operation("constant-dropped", "a constant is not sent", requests::constant_dropped),
    operation("header-added", "an undeclared header is sent", requests::header_added),
    operation("accept-changed", "`Accept` has a wrong media type, or lacks one", settings::accept_changed),
    operation("accept-dropped", "`Accept` is not sent", settings::accept_dropped),
    operation("events-changed", "the media type of events is wrong, or JSON is read as text or the other way round", settings::events_changed),
    operation("credentials-dropped", "credentials are not sent", settings::credentials_dropped),
    operation("credentials-changed", "credentials are sent in the wrong location", settings::credentials_changed),
    operation("credentials-added", "undocumented credentials are sent", settings::credentials_added),
    operation("operation-renamed", "hooks and traces get another operation", requests::operation_renamed),
    operation("operation-crossed", "a method calls another method's operation", requests::operation_crossed),
    operation("argument-crossed", "an argument is sent as another parameter", arguments::argument_crossed),
    operation("argument-silent", "an argument is not sent", arguments::argument_silent),
    operation("argument-narrowed", "an argument has a smaller type", arguments::argument_narrowed),
    operation("query-constant", "a query parameter always has the same value", arguments::query_constant),
    operation("query-defaulted", "a query parameter is sent with a default if it is absent", arguments::query_defaulted),
    operation("query-empty", "a query parameter is sent without a value if it is absent", arguments::query_empty),
    operation("body-dropped", "the body is not sent", arguments::body_dropped),
    operation("body-wrapped", "the body is sent inside of an object", arguments::body_wrapped),
    operation("body-truncated", "the last item, field or byte of the body is lost", arguments::body_truncated),
    operation("body-limited", "only the first hundred items of a list are sent", arguments::body_limited),
    operation("body-as-text", "the body is sent as a JSON string that contains the JSON", arguments::body_as_text),
    operation("body-as-other", "JSON is sent as a form, and a form as JSON", arguments::body_as_other),
    operation("body-null", "`null` is sent if no body is given", arguments::body_null),
    operation("form-style-lost", "a field of a form has the default style", arguments::form_style_lost),
    operation("content-type-changed", "the media type of the body is wrong", arguments::content_type_changed),
    operation("status-moved", "the success status is wrong", responses::moved),
    operation("status-widened", "other statuses are read like a documented one", responses::widened),
    operation("status-narrowed", "only the first status of a class is known", responses::narrowed),
    operation("status-dropped", "a documented status is not known", responses::dropped),
    operation("error-as-success", "an error is read as a success", responses::error_as_success),
    operation("success-as-error", "the success is read as an error", responses::success_as_error),
    operation("empty-dropped", "a response without content is read as JSON", responses::empty_dropped),
    operation("empty-added", "the content of a response is not read", responses::empty_added),
    operation("text-dropped", "text is read as JSON", responses::text_dropped),
    operation("text-added", "JSON is read as text", responses::text_added),
    operation("sent-twice", "the request is sent twice", responses::sent_twice),
    operation("sent-again", "the request is sent again after a server error", responses::sent_again),
    operation("pages-swapped", "a stream swaps the position and the size of pages", pages::swapped),
    operation("pages-parameter", "a stream changes the wrong parameter", pages::parameter),
    operation("pages-start", "a stream begins at the wrong page", pages::start),
    operation("pages-size", "a stream has the wrong page size", pages::size),
    operation("pages-one", "a stream ends after one page", pages::one),
    operation("pages-past-end", "a stream does not end at the last page", pages::past_end),
    operation("pages-repeated", "a stream requests the same page again", pages::repeated),
    operation("pages-part-renamed", "a stream reads the wrong part of a page", pages::part_renamed),
    operation("deprecated-dropped", "a deprecated method or setter is not marked", deprecation::dropped),
    operation("deprecated-added", "a method or a setter is marked as deprecated", deprecation::added),
    kind("field-renamed", "a field is renamed in JSON", types::field_renamed),
    kind("field-dropped", "a field is neither read nor written", types::field_dropped),
    kind("field-narrowed", "a number has a smaller type", types::field_narrowed),
    kind("format-changed", "a field with a format has another JSON type", types::format_changed),
    kind("field-required", "an optional field is required", types::field_required),
    kind("field-defaulted", "a required field is optional", types::field_defaulted),
    kind("null-lost", "a field that is `null` is absent", types::null_lost),
    kind("part-renamed", "a part of a multipart body has another name", forms::part_renamed),
    kind("part-dropped", "a part of a multipart body is not sent", forms::part_dropped),
    kind("variant-renamed", "an enum value is renamed in JSON", types::variant_renamed),
    kind("variant-dropped", "an alternative of a union is unknown", types::variant_dropped),
    kind("variants-swapped", "a value of a union is read as another alternative", unions::variants_swapped),
    kind("closest-ignored", "a union reads the first alternative instead of the closest", unions::closest_ignored),
    kind("tag-renamed", "a union reads its tag from another property", unions::tag_renamed),
    kind("tag-value-changed", "a value of a tag is wrong", unions::value_changed),
    kind("tag-value-dropped", "one of several values of a tag is unknown", unions::value_dropped),
    kind("tags-swapped", "two variants of a union have each other's tags", unions::tags_swapped),
    kind("tag-not-written", "a variant of a union is written without its tag", unions::tag_not_written),
    kind("tag-written-twice", "a variant of a union is written with two tags", unions::tag_written_twice),
    kind("statuses-swapped", "two variants of a response have each other's statuses", response_enums::statuses_swapped),
    kind("content-changed", "a variant of a response has the type of another one", response_enums::content_changed),
    kind("variant-unreachable", "a status is read as the next variant that matches", response_enums::variant_unreachable),
    kind("range-narrowed", "a range lacks its first or last status", response_enums::range_narrowed),
    kind("range-widened", "a range contains a status of another variant", response_enums::range_widened),
];
