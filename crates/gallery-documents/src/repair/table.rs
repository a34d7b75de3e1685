//! The table of repairs.

use serde_json::{Map, Value};

use super::context::RepairContext;
use super::{discriminator, enumeration, parameter, path, query, response, schema, security};
use crate::entry::Entry;
use crate::model::Kind;
use gallery_draft::DropReason;
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
    pub(super) apply: Apply,
}

/// A repair of parts of some kinds.
type PartRepair = fn(&mut Map<String, Value>, &mut RepairContext<'_>);

/// A repair of an operation entry, which may have to be dropped.
type EntryRepair = fn(&mut Entry, &mut RepairContext<'_>) -> Result<(), (DropReason, String)>;

#[derive(Clone, Copy)]
pub(super) enum Apply {
    Part(&'static [Kind], PartRepair),
    Entry(EntryRepair),
}

use Apply::{Entry as OfEntry, Part as OfPart};

const fn repaired(code: &'static str, meaning: &'static str, apply: Apply) -> Repair {
    Repair {
        code,
        severity: Severity::Repaired,
        meaning,
        reduces: false,
        apply,
    }
}

const fn assumed(code: &'static str, meaning: &'static str, apply: Apply) -> Repair {
    Repair {
        code,
        severity: Severity::Assumed,
        meaning,
        reduces: false,
        apply,
    }
}

const fn reduced(code: &'static str, meaning: &'static str, apply: Apply) -> Repair {
    Repair {
        code,
        severity: Severity::Repaired,
        meaning,
        reduces: true,
        apply,
    }
}

/// Every repair, in the order of application: those of parts first, then those of entries.
pub const REPAIRS: &[Repair] = &[
    repaired(
        "boolean-required",
        "a schema had a boolean `required`: moved to the list of its parent",
        OfPart(&[Kind::Schema], schema::boolean_required),
    ),
    repaired(
        "repeated-required",
        "`required` was empty or had a name twice: removed, or one kept",
        OfPart(&[Kind::Schema], schema::repeated_required),
    ),
    repaired(
        "unknown-type",
        "a type was unknown: the one that is meant, else any",
        OfPart(&[Kind::Schema], schema::unknown_type),
    ),
    repaired(
        "several-types",
        "a schema had several types where one is allowed: alternatives",
        OfPart(&[Kind::Schema], schema::several_types),
    ),
    assumed(
        "keyword-of-another-type",
        "an object had `items`, or a list had `properties`: removed, or the items of the list",
        OfPart(&[Kind::Schema], schema::keywords_of_another_type),
    ),
    repaired(
        "enum-values",
        "an enum had values of another type: values, type or place corrected, else any value",
        OfPart(&[Kind::Schema], enumeration::enum_values),
    ),
    repaired(
        "text-limit",
        "a limit or a flag was text: read as a number or a boolean",
        OfPart(
            &[Kind::Schema, Kind::Parameter, Kind::Header],
            schema::text_limits,
        ),
    ),
    repaired(
        "empty-alternatives",
        "a list of alternatives was empty: removed",
        OfPart(&[Kind::Schema], schema::empty_alternatives),
    ),
    repaired(
        "text-discriminator",
        "a discriminator was the name of a property: written as an object",
        OfPart(&[Kind::Schema], discriminator::text_discriminator),
    ),
    repaired(
        "unknown-mapping",
        "a discriminator had a mapping to no schema: the one that is meant, else removed",
        OfPart(&[Kind::Schema], discriminator::unknown_mapping),
    ),
    repaired(
        "media-type",
        "a media type was invalid, such as `undefined`: the one that is meant, JSON by default",
        OfPart(&[Kind::Body, Kind::Response], response::media_types),
    ),
    repaired(
        "status-key",
        "a status was invalid: the one that is meant, else removed",
        OfPart(&[Kind::Responses], response::statuses),
    ),
    repaired(
        "security-scheme",
        "a security scheme was written as in another version, or incomplete: rewritten",
        OfPart(&[Kind::SecurityScheme], security::scheme),
    ),
    repaired(
        "untyped-parameter",
        "a parameter or a header had neither schema nor content: any string",
        OfPart(&[Kind::Parameter, Kind::Header], parameter::untyped),
    ),
    repaired(
        "space-in-path",
        "a path had white space around it: removed",
        OfEntry(path::trim),
    ),
    repaired(
        "query-in-path",
        "a path had a query string: its constants are always sent, its variables become parameters",
        OfEntry(query::split),
    ),
    repaired(
        "slashes",
        "a path had no slash at its start: added",
        OfEntry(path::slashes),
    ),
    repaired(
        "variable-name",
        "a variable of a path had an odd name: reduced to letters and digits",
        OfEntry(path::variable_names),
    ),
    repaired(
        "repeated-variable",
        "a path had the same variable twice: the second is renamed",
        OfEntry(path::repeated_variables),
    ),
    repaired(
        "unencoded-path",
        "a path had characters that URLs cannot have: percent-encoded",
        OfEntry(path::encode),
    ),
    reduced(
        "unusable-parameter",
        "a parameter had no name, an unknown location, or was missing: removed",
        OfEntry(parameter::unusable),
    ),
    repaired(
        "repeated-parameter",
        "a parameter was declared twice: the first is used",
        OfEntry(parameter::duplicates),
    ),
    repaired(
        "credential-parameter",
        "a parameter was a credential of the operation: removed, because clients send credentials",
        OfEntry(parameter::credentials),
    ),
    repaired(
        "undeclared-path-variable",
        "a variable of the path had no parameter: added",
        OfEntry(parameter::declare),
    ),
    repaired(
        "superfluous-path-parameter",
        "a path parameter was not in the path: removed",
        OfEntry(parameter::superfluous),
    ),
    repaired(
        "optional-path-parameter",
        "a path parameter was not `required`: set",
        OfEntry(parameter::require),
    ),
    repaired(
        "undefined-scheme",
        "a security requirement named a scheme that does not exist: the requirement is removed",
        OfEntry(security::requirements),
    ),
    assumed(
        "no-response",
        "an operation had no response: a `default` one",
        OfEntry(response::assume_default),
    ),
];
