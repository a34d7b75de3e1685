//! Mends what the gallery got wrong: takes Swagger 2.0 as listed, gives Swagger 2.0 that any OpenAPI tool can use.
//!
//! One file a kind of defect, one row a kind in [`REPAIRS`]. A repair that was certain is `Repaired`; one that took the most open
//! reading because the listing is silent is `Assumed`. Both leave a [`Change`] on the operation and a diagnostic.

use crate::diagnostic::{Diagnostics, Place, Severity};
use crate::swagger2::{Change, Document, Operation};

mod body;
mod parameter_type;
mod path_variables;
mod response;

/// A kind of defect and its cure.
pub struct Repair {
    /// Its stable name, in kebab case.
    pub code: &'static str,
    /// Whether the cure is certain or an assumption.
    pub severity: Severity,
    /// The defect and the cure, in a line.
    pub meaning: &'static str,
    apply: fn(&mut Operation, &mut Found),
}

/// Every repair, in the order in which they are applied.
pub const REPAIRS: &[Repair] = &[
    Repair {
        code: "undeclared-path-variable",
        severity: Severity::Repaired,
        meaning: "a variable of the path template had no parameter: one was added",
        apply: path_variables::declare,
    },
    Repair {
        code: "optional-path-parameter",
        severity: Severity::Repaired,
        meaning: "a path parameter was not `required`, which none can be: set",
        apply: path_variables::require,
    },
    Repair {
        code: "untyped-parameter",
        severity: Severity::Assumed,
        meaning: "a parameter had no type: any string",
        apply: parameter_type::assume_string,
    },
    Repair {
        code: "dangling-reference",
        severity: Severity::Repaired,
        meaning: "a schema referred to a definition that is not there: the reference was removed",
        apply: body::drop_dangling_references,
    },
    Repair {
        code: "untyped-body",
        severity: Severity::Assumed,
        meaning: "a body had no schema: any JSON",
        apply: body::assume_any,
    },
    Repair {
        code: "no-response",
        severity: Severity::Assumed,
        meaning: "an operation described no answer: a `default` one",
        apply: response::assume_default,
    },
    Repair {
        code: "undescribed-response",
        severity: Severity::Repaired,
        meaning: "a response had no description, which is required: an empty one",
        apply: response::describe,
    },
    Repair {
        code: "untyped-response",
        severity: Severity::Assumed,
        meaning: "an answer had no schema: any content",
        apply: response::assume_any,
    },
];

/// What a repair found, to be told under its code.
pub(crate) struct Found {
    severity: Severity,
    code: &'static str,
    changes: Vec<Change>,
}

impl Found {
    pub(crate) fn at(&mut self, pointer: &str, message: String) {
        let (severity, code) = (self.severity, self.code);
        self.changes.push(Change { severity, code, pointer: pointer.to_owned(), message });
    }
}

/// Applies every repair to every operation.
pub fn repair(mut document: Document, diagnostics: &mut Diagnostics) -> Document {
    for operation in &mut document.operations {
        for repair in REPAIRS {
            let mut found = Found { severity: repair.severity, code: repair.code, changes: Vec::new() };
            (repair.apply)(operation, &mut found);
            for change in &found.changes {
                let place = Place::pointer(&document.file, &change.pointer);
                diagnostics.push(change.severity, change.code, place, &change.message);
            }
            operation.changes.append(&mut found.changes);
        }
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::parse;
    use crate::store::RawFile;
    use expect_test::{Expect, expect};

    /// What is said, and the operation's parameters and responses after all repairs.
    fn check(operation: &str, said: Expect) {
        let text = format!("swagger: '2.0'\npaths:\n  /a/{{id}}:\n    get:\n{operation}");
        let file = RawFile { path: "a".to_owned(), bytes: text.into_bytes() };
        let mut diagnostics = Diagnostics::default();
        let document = repair(parse(&file, &mut diagnostics).unwrap(), &mut diagnostics);
        let mut seen: Vec<_> =
            diagnostics.iter().map(|said| format!("{} {} {}: {}", said.severity, said.code, said.place, said.message)).collect();
        for parameter in &document.operations[0].parameters {
            seen.push(format!(
                "{:?} {} required={} type={:?} schema={:?} assumed={:?}",
                parameter.location, parameter.name, parameter.required, parameter.kind, parameter.schema, parameter.assumed
            ));
        }
        for response in &document.operations[0].responses {
            seen.push(format!("{} {:?}", response.status, response.description));
        }
        said.assert_eq(&seen.join("\n"));

        let mut again = Diagnostics::default();
        let mended: Vec<_> = repair(document, &mut again).operations[0].changes.iter().map(|change| change.code).collect();
        let repeated = again.iter().filter(|said| said.severity == Severity::Repaired).count();
        assert_eq!(repeated, 0, "mending what is mended changes nothing: {mended:?}");
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
