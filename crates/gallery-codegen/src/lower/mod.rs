//! Lowers a canonical document to one that progenitor supports.
//!
//! The lowered document is built from scratch by the rows of [`LOWERINGS`]. It only determines
//! types and arguments: each operation is a `POST`, each parameter a query parameter. The requests
//! in generated code are written from the bindings.

use std::collections::{BTreeMap, BTreeSet};

use gallery_spec::canonical::Canonical;
use indexmap::IndexMap;
use openapi_text::normal_form::NormalForm;
use openapi_text::{Diagnostics, Location, Severity};
use openapiv3::{Components, Info, OpenAPI, Operation, PathItem, ReferenceOr, Schema};

use crate::bindings::Bindings;
use crate::lower::response_object::ResponseObject;
use crate::lower::schemas::Schemas;
use crate::lower::work::Work;
use crate::settings::CodeSettings;

mod bodies;
mod parameters;
pub(crate) mod response_object;
mod responses;
mod routes;
mod schemas;
mod validate;
mod work;

pub(crate) use schemas::{
    NullableProperties, SchemaType, Selection, SubstituteNames, TypeTexts, Union, UnionVariant,
};
use schemas::{add_type_names_of, without_properties};

/// The code of the warning about a schema that becomes any JSON.
pub(crate) const UNTYPED: &str = "schema-untyped";

/// A document that progenitor supports.
#[derive(Clone, Debug)]
pub struct Lowered {
    /// The operations, in the order of the bindings.
    operations: Vec<Operation>,
    /// The schemas of types, by type name.
    schemas: IndexMap<String, ReferenceOr<Schema>>,
    bindings: Bindings,
    types: Vec<SchemaType>,
    responses: ResponseObject,
    nullable: NullableProperties,
    sent: BTreeSet<String>,
    substitutes: SubstituteNames,
    texts: BTreeMap<String, TypeTexts>,
    unions: BTreeMap<String, Union>,
    formats: BTreeMap<String, &'static str>,
    multipart: BTreeMap<String, String>,
}

impl Lowered {
    /// Returns a document with all types and no operations.
    pub(crate) fn types_document(&self) -> OpenAPI {
        document(&[], self.schemas.clone())
    }

    /// Returns documents with all operations, `count` in each. Their types have the right names but
    /// no contents, because arguments have only names of types.
    pub(crate) fn operation_documents(&self, count: usize) -> impl Iterator<Item = OpenAPI> {
        let groups = self.operations.chunks(count);
        groups.map(|operations| {
            let mut names = Vec::new();
            for operation in operations {
                add_type_names_of(operation, &mut names);
            }
            let named = names.into_iter().filter_map(|name| {
                let schema = self.schemas.get(name)?;
                Some((name.to_owned(), without_properties(schema)))
            });
            document(operations, named.collect())
        })
    }

    /// Returns the names of operations and setters.
    pub fn bindings(&self) -> &Bindings {
        &self.bindings
    }

    /// Returns the properties and values whose names in the lowered document are substitutes.
    pub(crate) fn substitutes(&self) -> &SubstituteNames {
        &self.substitutes
    }

    /// Returns the object whose properties are the responses.
    pub(crate) fn responses(&self) -> &ResponseObject {
        &self.responses
    }

    /// Returns the properties of request bodies that can be absent or null.
    pub(crate) fn nullable(&self) -> &NullableProperties {
        &self.nullable
    }

    /// Returns the names of the types that request bodies can contain.
    pub(crate) fn sent_types(&self) -> &BTreeSet<String> {
        &self.sent
    }

    /// Returns the descriptions of types, by name.
    pub(crate) fn texts(&self) -> &BTreeMap<String, TypeTexts> {
        &self.texts
    }

    /// Returns the types of `gallery_runtime::formats`, by the names of the types that they
    /// replace.
    pub(crate) fn formats(&self) -> &BTreeMap<String, &'static str> {
        &self.formats
    }

    /// Returns the types of multipart bodies, by method. Other multipart bodies have no type.
    pub(crate) fn multipart(&self) -> &BTreeMap<String, String> {
        &self.multipart
    }

    /// Returns the unions, by type name.
    pub(crate) fn unions(&self) -> &BTreeMap<String, Union> {
        &self.unions
    }

    /// Returns the schemas of the canonical document and their types.
    pub fn types(&self) -> &[SchemaType] {
        &self.types
    }
}

/// Returns a document with these operations and types.
fn document(operations: &[Operation], schemas: IndexMap<String, ReferenceOr<Schema>>) -> OpenAPI {
    let mut document = OpenAPI {
        openapi: "3.0.3".to_owned(),
        info: Info {
            title: "API".to_owned(),
            version: "0".to_owned(),
            ..Info::default()
        },
        ..OpenAPI::default()
    };
    for operation in operations {
        let path = format!("/{}", operation.operation_id.as_deref().unwrap_or_default());
        let item = PathItem {
            post: Some(operation.clone()),
            ..PathItem::default()
        };
        document.paths.paths.insert(path, ReferenceOr::Item(item));
    }
    document.components = Some(Components {
        schemas,
        ..Components::default()
    });
    document
}

/// A workaround for a limit of progenitor.
pub struct Lowering {
    /// A stable name in kebab case.
    pub code: &'static str,
    /// The behavior of progenitor without this lowering.
    pub limit: &'static str,
    apply: fn(&mut Work<'_>),
}

/// All lowerings, in the order they are applied.
pub const LOWERINGS: &[Lowering] = &[
    Lowering {
        code: "descriptions",
        limit: "descriptions become doc comments unescaped: doctests, broken links, invalid HTML; a non-ASCII version panics",
        apply: create_operations,
    },
    Lowering {
        code: "schemas",
        limit: "inline schemas get each other's types; variants, fields or types with equal names panic or do not compile; alternatives that are all objects match the first; a recursive `allOf` aborts the process",
        apply: lower_schemas,
    },
    Lowering {
        code: "parameters",
        limit: "cookies, `content` and most styles are rejected; arrays in paths and headers do not compile; objects panic; one of two parameters with the same name is lost",
        apply: parameters::reshape,
    },
    Lowering {
        code: "bodies",
        limit: "optional bodies are silently required; several media types panic; XML and multipart are rejected",
        apply: bodies::reshape,
    },
    Lowering {
        code: "responses",
        limit: "a response without a schema panics or is discarded as `()`; two types of success or of error panic; ranges are not read",
        apply: responses::collect,
    },
    Lowering {
        code: "routes",
        limit: "OPTIONS does not compile; a `#` in a path becomes a fragment, and `//` becomes `/`; a variable with different names in two paths panics",
        apply: routes::assign,
    },
    Lowering {
        code: "types",
        limit: "schemas with the same Rust name do not compile",
        apply: report_types,
    },
];

fn create_operations(work: &mut Work<'_>) {
    work.operations = vec![Operation::default(); work.bindings.operations.len()];
}

fn lower_schemas(work: &mut Work<'_>) {
    bodies::mark_files(work);
    work.schemas.lower_components();
}

fn report_types(work: &mut Work<'_>) {
    for (pointer, message) in work.schemas.untyped() {
        work.diagnostics.push(
            Severity::Warning,
            UNTYPED,
            Location::pointer(work.file, pointer),
            message,
        );
    }
    if work.schemas.constraints() > 0 {
        let message = match work.schemas.constraints() {
            1 => "1 schema has constraints on values; clients do not check them".to_owned(),
            count => {
                format!("{count} schemas have constraints on values; clients do not check them")
            }
        };
        work.diagnostics.push(
            Severity::Warning,
            "constraints",
            Location::file(work.file),
            message,
        );
    }
}

/// Lowers a reduced document. Returns `None` after adding errors to `diagnostics`.
///
/// `file` is the path of the document for messages.
pub fn lower(
    file: &str,
    canonical: &Canonical,
    bindings: &Bindings,
    settings: &CodeSettings,
    diagnostics: &mut Diagnostics,
) -> Option<Lowered> {
    if !validate::validate(file, canonical, bindings, diagnostics) {
        return None;
    }
    let json = serde_json::to_value(canonical.document()).unwrap_or_default();
    let normal_form = NormalForm::new(&json);
    let mut work = Work {
        canonical,
        bindings,
        schemas: Schemas::new(&json, &normal_form, settings),
        operations: Vec::new(),
        responses: ResponseObject::default(),
        multipart: BTreeMap::new(),
        file,
        diagnostics,
        rejected: false,
    };
    for lowering in LOWERINGS {
        (lowering.apply)(&mut work);
    }
    let sent = work.schemas.types_in(work.body_schemas());
    let nullable = work.schemas.nullable_properties(&sent);
    let types = work.schemas.schema_types();
    work.schemas.report_options(settings, work.diagnostics);
    (!work.rejected).then(|| {
        let lowered = work.schemas.into_lowered();
        Lowered {
            operations: work.operations,
            schemas: lowered.types,
            bindings: bindings.clone(),
            types,
            responses: work.responses,
            nullable,
            sent,
            substitutes: lowered.substitutes,
            texts: lowered.texts,
            unions: lowered.unions,
            formats: lowered.formats,
            multipart: work.multipart,
        }
    })
}

#[cfg(test)]
mod tests;
