//! The table of repairs.

use super::context::RepairContext;
use super::{
    body, listed, parameter, parameter_type, path_text, path_variables, placeholders, query,
    response, server,
};
use crate::server_index::ServerIndex;
use crate::swagger2::Operation;
use openapi_text::Severity;

/// A kind of defect and its repair.
pub struct Repair {
    /// The stable code, in kebab case.
    pub code: &'static str,
    /// [`Severity::Repaired`] if the repair is certain, [`Severity::Assumed`] if it is an
    /// assumption.
    pub severity: Severity,
    /// The defect and the repair in one line.
    pub meaning: &'static str,
    /// True if the repair removes a parameter that has a name, or a body.
    pub reduces: bool,
    apply: fn(&mut Operation, &mut RepairContext<'_>),
}

/// Every repair, in the order of application: later ones build on earlier ones.
pub const REPAIRS: &[Repair] = &[
    Repair {
        code: "method-key",
        severity: Severity::Repaired,
        meaning: "a method's key had spaces, HTML or capitals: removed",
        reduces: false,
        apply: listed::method_key,
    },
    Repair {
        code: "empty-operation",
        severity: Severity::Repaired,
        meaning: "an entry had no operation: its method and path are kept",
        reduces: false,
        apply: listed::empty,
    },
    Repair {
        code: "misplaced-parameters",
        severity: Severity::Repaired,
        meaning: "a path's `parameters` had the shape of an operation: its parameters are used",
        reduces: false,
        apply: listed::misplaced_parameters,
    },
    Repair {
        code: "other-server",
        severity: Severity::Repaired,
        meaning: "the index names another server than the document: that of the index is used",
        reduces: false,
        apply: server::of_index,
    },
    Repair {
        code: "tangled-server",
        severity: Severity::Repaired,
        meaning: "host and base path were mixed up: separated",
        reduces: false,
        apply: server::untangle,
    },
    Repair {
        code: "html-entity",
        severity: Severity::Repaired,
        meaning: "a path or a name had HTML entities: decoded",
        reduces: false,
        apply: path_text::entities,
    },
    Repair {
        code: "encoded-braces",
        severity: Severity::Repaired,
        meaning: "a path had percent-encoded braces: decoded to variables",
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
        meaning: "a path had variables like `<x>`, `[x]` or `${x}`: written as `{x}`",
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
        meaning: "a path had a host: it becomes the operation's server",
        reduces: false,
        apply: server::in_path,
    },
    Repair {
        code: "uri-template",
        severity: Severity::Repaired,
        meaning: "a path had expressions of RFC 6570: expanded",
        reduces: false,
        apply: placeholders::expressions,
    },
    Repair {
        code: "colon-variable",
        severity: Severity::Repaired,
        meaning: "a path had variables like `:x`: written as `{x}`",
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
        meaning: "the name of a parameter had prose in it: moved to the description",
        reduces: false,
        apply: parameter::prose,
    },
    Repair {
        code: "parameter-location",
        severity: Severity::Repaired,
        meaning: "a parameter had an unknown location: the one that is meant, else the query",
        reduces: false,
        apply: parameter::locations,
    },
    Repair {
        code: "fragment-in-path",
        severity: Severity::Repaired,
        meaning: "a path had a `#` in it: kept to distinguish endpoints, never sent; `#/a` is a browser page, not a path",
        reduces: false,
        apply: path_text::fragment,
    },
    Repair {
        code: "query-in-path",
        severity: Severity::Repaired,
        meaning: "a path had a query string: its constants are always sent, its variables become parameters",
        reduces: false,
        apply: query::split,
    },
    Repair {
        code: "slashes",
        severity: Severity::Repaired,
        meaning: "a path had missing slashes or backslashes: corrected",
        reduces: false,
        apply: path_text::slashes,
    },
    Repair {
        code: "variable-without-braces",
        severity: Severity::Repaired,
        meaning: "a segment was declared as a path parameter: it becomes a variable",
        reduces: false,
        apply: path_variables::without_braces,
    },
    Repair {
        code: "variable-spelling",
        severity: Severity::Repaired,
        meaning: "a path parameter was spelled differently from its variable: renamed",
        reduces: false,
        apply: path_variables::spelling,
    },
    Repair {
        code: "variable-name",
        severity: Severity::Repaired,
        meaning: "a variable had an odd name: reduced to letters and digits",
        reduces: false,
        apply: path_variables::names,
    },
    Repair {
        code: "repeated-variable",
        severity: Severity::Repaired,
        meaning: "a path had the same variable twice: the second is renamed",
        reduces: false,
        apply: path_variables::duplicates,
    },
    Repair {
        code: "undeclared-path-variable",
        severity: Severity::Repaired,
        meaning: "a variable of the path had no parameter: added",
        reduces: false,
        apply: path_variables::declare,
    },
    Repair {
        code: "superfluous-path-parameter",
        severity: Severity::Repaired,
        meaning: "a path parameter was not in the path: removed",
        reduces: false,
        apply: path_variables::place,
    },
    Repair {
        code: "unencoded-path",
        severity: Severity::Repaired,
        meaning: "a path had characters that URLs cannot have: percent-encoded",
        reduces: false,
        apply: path_text::encode,
    },
    Repair {
        code: "optional-path-parameter",
        severity: Severity::Repaired,
        meaning: "a path parameter was not `required`: set",
        reduces: false,
        apply: path_variables::require,
    },
    Repair {
        code: "form-without-body",
        severity: Severity::Repaired,
        meaning: "a GET, HEAD or TRACE had a form: its fields move to the query string",
        reduces: false,
        apply: body::form_in_query,
    },
    Repair {
        code: "status-parameter",
        severity: Severity::Repaired,
        meaning: "a header parameter was called after a status: it becomes a response",
        reduces: false,
        apply: parameter::statuses,
    },
    Repair {
        code: "unsendable-parameter",
        severity: Severity::Repaired,
        meaning: "the name of a parameter was prose, or not valid for a header: removed",
        reduces: true,
        apply: parameter::unsendable,
    },
    Repair {
        code: "repeated-parameter",
        severity: Severity::Repaired,
        meaning: "a parameter was declared twice: the first is used",
        reduces: false,
        apply: parameter::duplicates,
    },
    Repair {
        code: "unknown-type",
        severity: Severity::Repaired,
        meaning: "a type was unknown: the one that is meant, else left open",
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
        meaning: "an array had no type of items: any strings",
        reduces: false,
        apply: parameter_type::assume_items,
    },
    Repair {
        code: "numbered-name",
        severity: Severity::Repaired,
        meaning: "a name like `Filter.N` stood for numbered names: an array, sent as `Filter.1`, `Filter.2`",
        reduces: false,
        apply: parameter_type::numbered,
    },
    Repair {
        code: "unstyled-array",
        severity: Severity::Repaired,
        meaning: "an array had a style that OpenAPI does not have: a string that the caller writes",
        reduces: false,
        apply: parameter_type::unstyled,
    },
    Repair {
        code: "dangling-reference",
        severity: Severity::Repaired,
        meaning: "a schema referred to a missing definition: removed",
        reduces: false,
        apply: body::drop_dangling_references,
    },
    Repair {
        code: "foreign-schema",
        severity: Severity::Repaired,
        meaning: "a schema was not valid in OpenAPI 3.0: removed",
        reduces: false,
        apply: body::drop_foreign_schemas,
    },
    Repair {
        code: "several-bodies",
        severity: Severity::Repaired,
        meaning: "an operation had several bodies: joined as parts of one untyped body, or a form",
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
        code: "unlisted-body",
        severity: Severity::Assumed,
        meaning: "a POST, PUT or PATCH had no body, which a listing may not mention: any JSON, optional",
        reduces: false,
        apply: body::assume_body,
    },
    Repair {
        code: "status-key",
        severity: Severity::Repaired,
        meaning: "a status was invalid: the one that is meant, else removed",
        reduces: false,
        apply: response::statuses,
    },
    Repair {
        code: "no-response",
        severity: Severity::Assumed,
        meaning: "an operation had no response: a `default` one",
        reduces: false,
        apply: response::assume_default,
    },
    Repair {
        code: "no-success",
        severity: Severity::Assumed,
        meaning: "an operation had only error responses: a `default` response besides",
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
        meaning: "a response had no schema: any content",
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
