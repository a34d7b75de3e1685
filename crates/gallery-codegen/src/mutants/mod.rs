//! Faults, one at a time, in the code of a client: what its conformance tests must notice.
//!
//! Takes the text of a client's generated code, gives [`Mutant`]s: the same text with one thing wrong, each with a stable id. An
//! [`Operator`] is one kind of fault and one row of [`OPERATORS`]; it finds its places by the shape of the calls of the runtime, in the
//! syntax tree, so that it reads no names of any API. Nothing is compiled here.
//!
//! No operator loses the headers of an answer or changes its status: generated code has no means to, since it hands an answer over to
//! the runtime whole.

use std::collections::BTreeMap;

use thiserror::Error;

mod answers;
mod arguments;
mod body;
mod calls;
mod diff;
mod pages;
mod request;
mod site;
mod source;
mod types;

use site::{Change, Edited};
use source::{Call, Declaration, Source};

/// A kind of fault.
#[derive(Clone, Copy)]
pub struct Operator {
    /// Its stable id, in kebab case.
    pub id: &'static str,
    /// What is wrong with a client that has it.
    pub fault: &'static str,
    find: Find,
}

/// Where an operator looks.
#[derive(Clone, Copy)]
enum Find {
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

/// Every operator.
pub const OPERATORS: &[Operator] = &[
    call(
        "method-changed",
        "the HTTP method is another",
        request::method_changed,
    ),
    call(
        "literal-changed",
        "a part of the path has another letter",
        request::literal_changed,
    ),
    call(
        "literal-dropped",
        "a part of the path is missing",
        request::literal_dropped,
    ),
    call(
        "path-slash",
        "the path has a slash too many or too few at its end",
        request::path_slash,
    ),
    call(
        "variable-dropped",
        "an argument is missing from the path",
        request::variable_dropped,
    ),
    call(
        "variables-swapped",
        "two arguments of the path stand in each other's place",
        request::variables_swapped,
    ),
    call(
        "variable-raw",
        "an argument goes into the path without being encoded",
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
        "the default of an operation's own server is another",
        calls::own_server_changed,
    ),
    call(
        "query-renamed",
        "a query parameter has another name",
        request::query_renamed,
    ),
    call(
        "query-dropped",
        "a query parameter is not sent",
        request::query_dropped,
    ),
    call(
        "queries-swapped",
        "two query parameters have each other's value",
        request::queries_swapped,
    ),
    call(
        "query-constant",
        "a query parameter is always the same, whatever is given",
        request::query_constant,
    ),
    call(
        "query-defaulted",
        "a query parameter is sent with a value of the client's when it is absent",
        request::query_defaulted,
    ),
    call(
        "query-empty",
        "a query parameter is sent without a value when it is absent",
        request::query_empty,
    ),
    call(
        "query-repeated",
        "a query parameter is sent twice",
        request::query_repeated,
    ),
    call(
        "style-changed",
        "a list is written in another style",
        request::style_changed,
    ),
    call(
        "explode-changed",
        "the items of a list go out in one parameter instead of several, or the other way round",
        request::explode_changed,
    ),
    call(
        "parameter-moved",
        "a parameter goes out in another place",
        request::parameter_moved,
    ),
    call(
        "constant-changed",
        "a constant has another value",
        request::constant_changed,
    ),
    call(
        "constant-dropped",
        "a constant is not sent",
        request::constant_dropped,
    ),
    call(
        "header-added",
        "a header is sent that is not declared",
        request::header_added,
    ),
    call(
        "header-renamed",
        "a header has another name",
        request::header_renamed,
    ),
    call(
        "header-dropped",
        "a header is not sent",
        request::header_dropped,
    ),
    call(
        "headers-swapped",
        "two headers have each other's value",
        request::headers_swapped,
    ),
    call(
        "cookie-renamed",
        "a cookie has another name",
        request::cookie_renamed,
    ),
    call(
        "cookie-dropped",
        "a cookie is not sent",
        request::cookie_dropped,
    ),
    call(
        "accept-changed",
        "`Accept` names another media type, or one too few",
        request::accept_changed,
    ),
    call(
        "accept-dropped",
        "there is no `Accept`",
        request::accept_dropped,
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
        "of a list, only the first hundred items are sent",
        body::limited,
    ),
    call(
        "body-as-text",
        "the body is sent as a text with JSON in it",
        body::as_text,
    ),
    call(
        "body-as-other",
        "JSON is sent as a form, and a form as JSON",
        body::as_other,
    ),
    call(
        "form-style-lost",
        "a field of a form is written as fields are by default",
        body::form_style_lost,
    ),
    call(
        "content-type-changed",
        "the media type of the body is another",
        body::content_type_changed,
    ),
    call(
        "body-null",
        "a body of `null` is sent when none is given",
        body::null,
    ),
    call(
        "body-map-silent",
        "what changes the body through its builder is not called",
        body::map_silent,
    ),
    call(
        "status-moved",
        "the success is expected with another status",
        answers::moved,
    ),
    call(
        "status-widened",
        "what one status means, others mean as well",
        answers::widened,
    ),
    call(
        "status-narrowed",
        "of a range of statuses only the first is known",
        answers::narrowed,
    ),
    call(
        "status-dropped",
        "a documented status is not known",
        answers::dropped,
    ),
    call(
        "error-as-success",
        "an error is taken for a success",
        answers::error_as_success,
    ),
    call(
        "success-as-error",
        "the success is taken for an error",
        answers::success_as_error,
    ),
    call(
        "undocumented-as-documented",
        "an undocumented answer is read as a documented error",
        answers::undocumented_as_documented,
    ),
    call("sent-twice", "the request is sent twice", calls::sent_twice),
    call(
        "sent-again",
        "the request is sent again after an error of the server",
        calls::sent_again,
    ),
    call(
        "credentials-dropped",
        "credentials are not sent",
        calls::credentials_dropped,
    ),
    call(
        "credentials-changed",
        "credentials go to another place",
        calls::credentials_changed,
    ),
    call(
        "credentials-added",
        "credentials are sent that the document does not ask for",
        calls::credentials_added,
    ),
    call(
        "operation-renamed",
        "hooks and traces are told of another operation",
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
        "a required argument may be left out",
        arguments::argument_defaulted,
    ),
    call(
        "argument-narrowed",
        "an argument has a smaller type",
        arguments::argument_narrowed,
    ),
    call(
        "conversion-swallowed",
        "an argument that cannot be converted counts as absent",
        arguments::conversion_swallowed,
    ),
    call(
        "pages-swapped",
        "a stream takes the size of pages for their number",
        pages::swapped,
    ),
    call(
        "pages-parameter",
        "a stream counts up the wrong parameter",
        pages::parameter,
    ),
    call("pages-start", "a stream begins elsewhere", pages::start),
    call(
        "pages-size",
        "a stream takes full pages for the last, or the last for full ones",
        pages::size,
    ),
    call("pages-one", "a stream ends after one page", pages::one),
    call(
        "pages-past-end",
        "a stream goes on after a page that is not full",
        pages::past_end,
    ),
    call(
        "pages-standing",
        "a stream asks for the same page again",
        pages::standing,
    ),
    kind(
        "field-renamed",
        "a field has another name in JSON",
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
        "a field that may be missing must be there",
        types::field_required,
    ),
    kind(
        "field-defaulted",
        "a field that must be there may be missing",
        types::field_defaulted,
    ),
    kind(
        "field-null",
        "a field that is absent is written as `null`",
        types::field_null,
    ),
    kind(
        "unknown-refused",
        "an object with an unknown field is refused",
        types::unknown_refused,
    ),
    kind(
        "variant-renamed",
        "a value of an enum has another name in JSON",
        types::variant_renamed,
    ),
    kind(
        "variant-dropped",
        "a value of an enum is not known",
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
        "a required field of a body may be left out",
        types::argument_defaulted,
    ),
];

/// A client with one fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutant {
    /// `OPERATOR:SUBJECT:PLACE`, stable as long as the code around it is.
    pub id: String,
    /// The kind of fault.
    pub operator: &'static str,
    /// The operation or type that has it.
    pub subject: String,
    /// The first line that is different, from 1.
    pub line: usize,
    /// What was done.
    pub what: String,
    /// In the order of the text; none overlaps another.
    edits: Vec<Edited>,
}

impl Mutant {
    /// The client's code with the fault. `source` is what the mutant was made of.
    pub fn apply(&self, source: &str) -> String {
        let mut mutated = source.to_owned();
        for edit in self.edits.iter().rev() {
            mutated.replace_range(edit.range.clone(), &edit.after);
        }
        mutated
    }

    /// The lines that are different, as `diff` writes them.
    pub fn diff(&self) -> String {
        self.edits
            .iter()
            .map(|edit| diff::lines(&edit.before, &edit.after))
            .collect()
    }
}

/// Why there are no mutants of a text.
#[derive(Debug, Error)]
pub enum MutantsError {
    /// It is no Rust.
    #[error("the client's code cannot be parsed: {0}")]
    NotRust(#[from] syn::Error),
    /// It has something that the generator writes otherwise.
    #[error(
        "`{0}` does not stand in the client's code as the generator writes it; run `cargo xtask regen`"
    )]
    NotAsGenerated(String),
    /// There is nothing to mutate.
    #[error("the client's code has no operation")]
    NoOperation,
}

/// Every mutant of a client's code, operator by operator.
pub fn mutants(source: &str) -> Result<Vec<Mutant>, MutantsError> {
    let read = Source::read(source)?;
    let mut mutants = Vec::new();
    let mut ids = BTreeMap::new();
    for operator in OPERATORS {
        let found: Vec<(&str, Vec<Change>)> = match operator.find {
            Find::Calls(find) => read
                .calls
                .iter()
                .map(|call| (call.id.as_str(), find(&read, call)))
                .collect(),
            Find::Types(find) => read
                .types
                .iter()
                .map(|kind| (kind.name.as_str(), find(kind)))
                .collect(),
        };
        for (subject, change) in found
            .into_iter()
            .flat_map(|(subject, changes)| changes.into_iter().map(move |it| (subject, it)))
        {
            let Some((line, edits)) = change.edits() else {
                continue;
            };
            let mut id = format!("{}:{subject}:{}", operator.id, change.place);
            // Two places may be called the same.
            let count = ids
                .entry(id.clone())
                .and_modify(|count| *count += 1)
                .or_insert(1);
            if *count > 1 {
                id = format!("{id}#{count}");
            }
            mutants.push(Mutant {
                id,
                operator: operator.id,
                subject: subject.to_owned(),
                line,
                what: change.what,
                edits,
            });
        }
    }
    Ok(mutants)
}

#[cfg(test)]
mod tests;
