//! Mends what the gallery got wrong: takes an operation of Swagger 2.0 as listed, gives one that any OpenAPI tool can use.
//!
//! One file a kind of defect, one row a kind in [`REPAIRS`]. A repair that was certain is `Repaired`; one that took the most open
//! reading because the listing is silent is `Assumed`. Both leave a [`Change`] on the operation.

use crate::server::Known;
use crate::swagger2::{Change, Operation};
use openapi_text::Severity;

mod body;
mod listed;
mod parameter;
mod parameter_type;
pub(crate) mod path_text;
mod path_variables;
mod placeholders;
mod query;
mod response;
mod server;

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
    apply: fn(&mut Operation, &mut Found<'_>),
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
        meaning: "a path had slashes missing or turned round: mended",
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

/// What a repair found, to be told under its code, and what it may look at.
pub(crate) struct Found<'a> {
    severity: Severity,
    code: &'static str,
    changes: Vec<Change>,
    /// Whether the operation's document is named after it.
    pub(crate) is_own: bool,
    /// What the index knows.
    pub(crate) known: &'a Known,
}

impl Found<'_> {
    pub(crate) fn at(&mut self, pointer: &str, message: String) {
        let (severity, code) = (self.severity, self.code);
        self.changes.push(Change {
            severity,
            code,
            pointer: pointer.to_owned(),
            message,
        });
    }
}

/// Applies every repair to an operation. `is_own` says whether its document is named after it, and `known` is what the listing's index
/// knows of its servers; nothing else than these and the operation itself has a say.
pub fn repair(operation: &mut Operation, is_own: bool, known: &Known) {
    for repair in REPAIRS {
        let mut found = Found {
            severity: repair.severity,
            code: repair.code,
            changes: Vec::new(),
            is_own,
            known,
        };
        (repair.apply)(operation, &mut found);
        operation.changes.append(&mut found.changes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::parse;
    use crate::store::RawFile;
    use expect_test::{Expect, expect};
    use openapi_text::Diagnostics;

    /// What is said, and the operation's parameters and responses after all repairs.
    fn check(operation: &str, said: Expect) {
        let text = format!("swagger: '2.0'\npaths:\n  /a/{{id}}:\n    get:\n{operation}");
        let file = RawFile::new("a".to_owned(), text.into_bytes());
        let mut operation = parse(&file, &mut Diagnostics::default())
            .unwrap()
            .operations
            .remove(0);
        repair(&mut operation, false, &Known::default());
        let shown = |it: Change| {
            format!(
                "{} {} a#{}: {}",
                it.severity, it.code, it.pointer, it.message
            )
        };
        let mut seen: Vec<_> = std::mem::take(&mut operation.changes)
            .into_iter()
            .map(shown)
            .collect();
        for parameter in &operation.parameters {
            seen.push(format!(
                "{:?} {} required={} type={:?} schema={:?} assumed={:?}",
                parameter.location,
                parameter.name,
                parameter.required,
                parameter.kind,
                parameter.schema,
                parameter.assumed
            ));
        }
        for response in &operation.responses {
            seen.push(format!("{} {:?}", response.status, response.description));
        }
        said.assert_eq(&seen.join("\n"));

        repair(&mut operation, false, &Known::default());
        let mended: Vec<_> = operation
            .changes
            .iter()
            .filter(|change| change.severity == Severity::Repaired)
            .collect();
        assert!(
            mended.is_empty(),
            "mending what is mended changes nothing: {mended:?}"
        );
    }

    #[test]
    fn a_clean_operation_stays_as_it_is() {
        check(
            "      parameters:\n      - {in: path, name: id, type: string, required: true}\n      responses:\n        200: {description: OK, schema: {type: object}}\n",
            expect![[r#"
                Path id required=true type=Some("string") schema=None assumed=[]
                200 Some("OK")"#]],
        );
    }

    #[test]
    fn path_variables_are_declared_and_required() {
        check(
            "      responses: {200: {description: OK}}\n",
            expect![[r#"
            repaired undeclared-path-variable a#/paths/~1a~1{id}/get: the path has a variable `{id}` that no parameter declares; declared
            assumed untyped-parameter a#/paths/~1a~1{id}/get: the parameter `id` has no type; taken as any string
            assumed untyped-response a#/paths/~1a~1{id}/get/responses/200: the answer 200 has no schema; taken as any content
            Path id required=true type=Some("string") schema=None assumed=["type"]
            200 Some("OK")"#]],
        );
        check(
            "      parameters: [{in: path, name: id, type: string}]\n      responses: {200: {description: OK}}\n",
            expect![[r#"
                repaired optional-path-parameter a#/paths/~1a~1{id}/get/parameters/0: the path parameter `id` is not `required: true`; set
                assumed untyped-response a#/paths/~1a~1{id}/get/responses/200: the answer 200 has no schema; taken as any content
                Path id required=true type=Some("string") schema=None assumed=[]
                200 Some("OK")"#]],
        );
    }

    #[test]
    fn what_the_listing_leaves_open_stays_open() {
        check(
            "      parameters:\n      - {in: path, name: id, required: true}\n      - {in: query, name: q}\n      - {in: body, name: b, schema: {$ref: '#/definitions/holder'}}\n      responses: {200: {}}\n",
            expect![[r#"
                assumed untyped-parameter a#/paths/~1a~1{id}/get/parameters/0: the parameter `id` has no type; taken as any string
                assumed untyped-parameter a#/paths/~1a~1{id}/get/parameters/1: the parameter `q` has no type; taken as any string
                repaired dangling-reference a#/paths/~1a~1{id}/get/parameters/2: the schema refers to `#/definitions/holder`, which is not there; the schema was removed
                assumed untyped-body a#/paths/~1a~1{id}/get/parameters/2: the body `b` has no usable schema; taken as any JSON
                repaired undescribed-response a#/paths/~1a~1{id}/get/responses/200: the response 200 has no description, which is required; left empty
                assumed untyped-response a#/paths/~1a~1{id}/get/responses/200: the answer 200 has no schema; taken as any content
                Path id required=true type=Some("string") schema=None assumed=["type"]
                Query q required=false type=Some("string") schema=None assumed=["type"]
                Body b required=false type=None schema=None assumed=["schema"]
                200 Some("")"#]],
        );
        check(
            "      parameters:\n      - {in: path, name: id, required: true, type: string}\n      - {in: body, name: b}\n",
            expect![[r#"
                assumed untyped-body a#/paths/~1a~1{id}/get/parameters/1: the body `b` has no usable schema; taken as any JSON
                assumed no-response a#/paths/~1a~1{id}/get: the operation describes no answer; any status, as `default`
                repaired undescribed-response a#/paths/~1a~1{id}/get: the response default has no description, which is required; left empty
                assumed untyped-response a#/paths/~1a~1{id}/get: the answer default has no schema; taken as any content
                Path id required=true type=Some("string") schema=None assumed=[]
                Body b required=false type=None schema=None assumed=["schema"]
                default Some("")"#]],
        );
    }
}
