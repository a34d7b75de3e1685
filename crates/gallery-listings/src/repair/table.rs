//! The table of repairs.

use super::context::RepairContext;
use super::{
    body, listed, parameter, parameter_type, path_text, path_variables, placeholders, query,
    response, server,
};
use crate::server_index::ServerIndex;
use crate::swagger2::Operation;
use openapi_text::Severity;

/// A kind of defect and its cure.
pub struct Repair {
    /// Its stable name, in kebab case.
    pub code: &'static str,
    /// Whether the cure is certain or an assumption.
    pub severity: Severity,
    /// The defect and the cure, in a line.
    pub meaning: &'static str,
    /// Whether the cure gives up a parameter that has a name, or a body.
    pub reduces: bool,
    apply: fn(&mut Operation, &mut RepairContext<'_>),
}

/// Every repair, in the order in which they are applied: later ones build on what earlier ones leave.
pub const REPAIRS: &[Repair] = &[
    Repair {
        code: "method-key",
        severity: Severity::Repaired,
        meaning: "a method's key had spaces, HTML or capitals: read without",
        reduces: false,
        apply: listed::method_key,
    },
    Repair {
        code: "empty-operation",
        severity: Severity::Repaired,
        meaning: "an entry held no operation: its method and path are kept",
        reduces: false,
        apply: listed::empty,
    },
    Repair {
        code: "misplaced-parameters",
        severity: Severity::Repaired,
        meaning: "a path's `parameters` were shaped like an operation: what they list was taken",
        reduces: false,
        apply: listed::misplaced_parameters,
    },
    Repair {
        code: "other-server",
        severity: Severity::Repaired,
        meaning: "the index names another server than the document: the index is taken",
        reduces: false,
        apply: server::of_index,
    },
    Repair {
        code: "tangled-server",
        severity: Severity::Repaired,
        meaning: "host and base path were mixed up: taken apart",
        reduces: false,
        apply: server::untangle,
    },
    Repair {
        code: "html-entity",
        severity: Severity::Repaired,
        meaning: "a path or a name had HTML entities: read",
        reduces: false,
        apply: path_text::entities,
    },
    Repair {
        code: "encoded-braces",
        severity: Severity::Repaired,
        meaning: "a path had percent-encoded braces: they are variables",
        reduces: false,
        apply: path_text::encoded_braces,
    },
    Repair {
        code: "space-in-path",
        severity: Severity::Repaired,
        meaning: "a path had white space in it: removed",
        reduces: false,
        apply: path_text::spaces,
    },
    Repair {
        code: "foreign-variable",
        severity: Severity::Repaired,
        meaning: "a path wrote variables as `<x>`, `[x]` or `${x}`: `{x}`",
        reduces: false,
        apply: placeholders::foreign,
    },
    Repair {
        code: "unpaired-braces",
        severity: Severity::Repaired,
        meaning: "braces of a path did not pair up: paired",
        reduces: false,
        apply: placeholders::braces,
    },
    Repair {
        code: "host-in-path",
        severity: Severity::Repaired,
        meaning: "a host stood in a path: it is the operation's server",
        reduces: false,
        apply: server::in_path,
    },
    Repair {
        code: "uri-template",
        severity: Severity::Repaired,
        meaning: "a path had expressions of RFC 6570: spelled out",
        reduces: false,
        apply: placeholders::expressions,
    },
    Repair {
        code: "colon-variable",
        severity: Severity::Repaired,
        meaning: "a path wrote variables as `:x`: `{x}`",
        reduces: false,
        apply: placeholders::colons,
    },
    Repair {
        code: "nameless-parameter",
        severity: Severity::Repaired,
        meaning: "a parameter had no name: removed",
        reduces: false,
        apply: parameter::nameless,
    },
    Repair {
        code: "prose-name",
        severity: Severity::Repaired,
        meaning: "a name of a parameter had prose in it: the prose describes it",
        reduces: false,
        apply: parameter::prose,
    },
    Repair {
        code: "parameter-location",
        severity: Severity::Repaired,
        meaning: "a parameter had a place that does not exist: the one that is meant, else the query",
        reduces: false,
        apply: parameter::places,
    },
    Repair {
        code: "fragment-in-path",
        severity: Severity::Repaired,
        meaning: "a path had a `#` in it: kept to tell endpoints apart, never sent; `#/a` is a page, and no path",
        reduces: false,
        apply: path_text::fragment,
    },
    Repair {
        code: "query-in-path",
        severity: Severity::Repaired,
        meaning: "a path had a query string in it: its constants are always sent, its variables are parameters",
        reduces: false,
        apply: query::split,
    },
    Repair {
        code: "slashes",
        severity: Severity::Repaired,
        meaning: "a path had slashes missing or turned round: normalized",
        reduces: false,
        apply: path_text::slashes,
    },
    Repair {
        code: "variable-without-braces",
        severity: Severity::Repaired,
        meaning: "a segment was declared as a path parameter: it is a variable",
        reduces: false,
        apply: path_variables::without_braces,
    },
    Repair {
        code: "variable-spelling",
        severity: Severity::Repaired,
        meaning: "a path parameter was spelled otherwise than its variable: renamed",
        reduces: false,
        apply: path_variables::spelling,
    },
    Repair {
        code: "variable-name",
        severity: Severity::Repaired,
        meaning: "a variable had an odd name: called by its letters and digits",
        reduces: false,
        apply: path_variables::names,
    },
    Repair {
        code: "repeated-variable",
        severity: Severity::Repaired,
        meaning: "a variable came twice in a path: each has a name of its own",
        reduces: false,
        apply: path_variables::repeats,
    },
    Repair {
        code: "undeclared-path-variable",
        severity: Severity::Repaired,
        meaning: "a variable of the path template had no parameter: one was added",
        reduces: false,
        apply: path_variables::declare,
    },
    Repair {
        code: "superfluous-path-parameter",
        severity: Severity::Repaired,
        meaning: "a path parameter had no place in the path: removed",
        reduces: false,
        apply: path_variables::place,
    },
    Repair {
        code: "unencoded-path",
        severity: Severity::Repaired,
        meaning: "a path had characters that no URL has: percent-encoded",
        reduces: false,
        apply: path_text::encode,
    },
    Repair {
        code: "optional-path-parameter",
        severity: Severity::Repaired,
        meaning: "a path parameter was not `required`, which none can be: set",
        reduces: false,
        apply: path_variables::require,
    },
    Repair {
        code: "form-without-body",
        severity: Severity::Repaired,
        meaning: "a GET, HEAD or TRACE had a form: its fields go into the query string",
        reduces: false,
        apply: body::form_in_query,
    },
    Repair {
        code: "unsendable-parameter",
        severity: Severity::Repaired,
        meaning: "a name of a parameter was prose, or none of a header: removed",
        reduces: true,
        apply: parameter::unsendable,
    },
    Repair {
        code: "repeated-parameter",
        severity: Severity::Repaired,
        meaning: "a parameter was there twice: the first is taken",
        reduces: false,
        apply: parameter::repeats,
    },
    Repair {
        code: "unknown-type",
        severity: Severity::Repaired,
        meaning: "a type was none of Swagger's: the one that is meant, else left open",
        reduces: false,
        apply: parameter_type::other_words,
    },
    Repair {
        code: "untyped-parameter",
        severity: Severity::Assumed,
        meaning: "a parameter had no type: any string",
        reduces: false,
        apply: parameter_type::assume_string,
    },
    Repair {
        code: "untyped-items",
        severity: Severity::Assumed,
        meaning: "an array did not say what it holds: any strings",
        reduces: false,
        apply: parameter_type::assume_items,
    },
    Repair {
        code: "unstyled-array",
        severity: Severity::Repaired,
        meaning: "an array was written as OpenAPI cannot say: the caller writes it",
        reduces: false,
        apply: parameter_type::unstyled,
    },
    Repair {
        code: "dangling-reference",
        severity: Severity::Repaired,
        meaning: "a schema referred to a definition that is not there: the reference was removed",
        reduces: false,
        apply: body::drop_dangling_references,
    },
    Repair {
        code: "foreign-schema",
        severity: Severity::Repaired,
        meaning: "a schema could not be said in OpenAPI 3.0: removed",
        reduces: false,
        apply: body::drop_foreign_schemas,
    },
    Repair {
        code: "several-bodies",
        severity: Severity::Repaired,
        meaning: "an operation had several bodies: the parts of one, of any JSON, or a form",
        reduces: false,
        apply: body::join,
    },
    Repair {
        code: "untyped-body",
        severity: Severity::Assumed,
        meaning: "a body had no schema: any JSON",
        reduces: false,
        apply: body::assume_any,
    },
    Repair {
        code: "status-key",
        severity: Severity::Repaired,
        meaning: "a status was none: the one that is meant, else removed",
        reduces: false,
        apply: response::statuses,
    },
    Repair {
        code: "no-response",
        severity: Severity::Assumed,
        meaning: "an operation described no answer: a `default` one",
        reduces: false,
        apply: response::assume_default,
    },
    Repair {
        code: "no-success",
        severity: Severity::Assumed,
        meaning: "an operation described errors only: a `default` answer beside them",
        reduces: false,
        apply: response::assume_success,
    },
    Repair {
        code: "undescribed-response",
        severity: Severity::Repaired,
        meaning: "a response had no description, which is required: an empty one",
        reduces: false,
        apply: response::describe,
    },
    Repair {
        code: "untyped-response",
        severity: Severity::Assumed,
        meaning: "an answer had no schema: any content",
        reduces: false,
        apply: response::assume_any,
    },
];

/// Applies every repair to an operation.
///
/// `is_own` is true if the operation's document is named after it, and `servers` are those that the
/// listing's index names. The result depends on nothing else, so that equal entries can share it.
pub(crate) fn repair(operation: &mut Operation, is_own: bool, servers: &ServerIndex) {
    for repair in REPAIRS {
        let mut context = RepairContext {
            severity: repair.severity,
            code: repair.code,
            reduces: repair.reduces,
            changes: Vec::new(),
            is_own,
            servers,
        };
        (repair.apply)(operation, &mut context);
        operation.changes.append(&mut context.changes);
    }
}
