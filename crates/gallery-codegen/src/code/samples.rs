//! Expressions for arguments, for examples.

use crate::code::rust_type::RustType;
use crate::code::signatures::{BodyType, Signature};
use crate::code::types::{Field, TypeDeclaration, TypeKind, Types};
use crate::lower::Selection;

/// Writes expressions of a client's types.
pub(crate) struct Samples<'a> {
    types: &'a Types,
    /// The name of the library.
    library: &'a str,
}

/// An expression in an example.
pub(crate) struct Sample {
    pub(crate) expression: String,
    /// True if a server certainly accepts the value.
    pub(crate) is_valid: bool,
}

/// The maximum depth of types in an expression.
const DEPTH: usize = 8;

impl<'a> Samples<'a> {
    /// Creates samples of a client whose library has this name.
    pub(crate) fn new(types: &'a Types, library: &'a str) -> Samples<'a> {
        Samples { types, library }
    }

    /// Returns the name of the library.
    pub(crate) fn library(&self) -> &'a str {
        self.library
    }

    /// Returns the arguments of an operation's method.
    pub(crate) fn arguments(&self, signature: &Signature) -> Sample {
        let library = self.library;
        let mut arguments: Vec<String> = signature
            .required
            .iter()
            .map(|argument| match &argument.kind {
                RustType::Vec(items) => format!("[{}]", self.value(items, 0).expression),
                kind => self.value(kind, 0).expression,
            })
            .collect();
        let body = signature.body.as_ref().filter(|body| body.is_required);
        let body = body.map(|body| match &body.kind {
            BodyType::Json(RustType::Format(_)) | BodyType::Form(RustType::Format(_)) => unknown(),
            BodyType::Json(RustType::Vec(items)) => {
                let item = self.owned(items, 0);
                Sample {
                    expression: format!("&[{}]", item.expression),
                    ..item
                }
            }
            BodyType::Json(kind) | BodyType::Form(kind) | BodyType::Multipart(Some(kind)) => {
                let Sample {
                    expression,
                    is_valid,
                } = self.value(kind, 0);
                Sample {
                    expression: match kind {
                        RustType::String => expression,
                        _ => format!("&{expression}"),
                    },
                    is_valid,
                }
            }
            BodyType::Multipart(None) => Sample {
                expression: format!("&{library}::Multipart::new()"),
                is_valid: false,
            },
            BodyType::Bytes => Sample {
                expression: format!("{library}::Upload::file(\"…\")"),
                is_valid: false,
            },
        });
        let is_valid = body.as_ref().is_none_or(|body| body.is_valid);
        arguments.extend(body.map(|body| body.expression));
        Sample {
            expression: arguments.join(", "),
            is_valid,
        }
    }

    fn value(&self, kind: &RustType, depth: usize) -> Sample {
        let valid = |expression: &str| Sample {
            expression: expression.to_owned(),
            is_valid: true,
        };
        match kind {
            RustType::String => valid("\"…\""),
            RustType::Format(name) => valid(formatted(name)),
            RustType::Scalar("bool") => valid("true"),
            RustType::Scalar("f32" | "f64") => valid("1.0"),
            RustType::Scalar(_) => valid("1"),
            RustType::Json => valid("serde_json::Value::Null"),
            RustType::JsonMap => valid("serde_json::Map::new()"),
            RustType::Option(_) => valid("None"),
            RustType::Vec(_) => valid("Vec::new()"),
            RustType::Map(_) => valid("std::collections::HashMap::new()"),
            RustType::Box(inner) => {
                let Sample {
                    expression,
                    is_valid,
                } = self.value(inner, depth);
                Sample {
                    expression: format!("Box::new({expression})"),
                    is_valid,
                }
            }
            RustType::Named(name) => self.named(name, depth),
            RustType::Other(_) => unknown(),
        }
    }

    fn named(&self, name: &str, depth: usize) -> Sample {
        let path = format!("{}::types::{name}", self.library);
        let Some(declaration) = self.types.get(name).filter(|_| depth < DEPTH) else {
            return unknown();
        };
        match &declaration.kind {
            TypeKind::Enum(values) => match values.first() {
                Some((variant, _)) => Sample {
                    expression: format!("{path}::{variant}"),
                    is_valid: true,
                },
                None => unknown(),
            },
            TypeKind::Union(union) => match union.variants.first() {
                Some(variant) => {
                    let Sample {
                        expression,
                        is_valid,
                    } = self.owned(&variant.kind, depth + 1);
                    Sample {
                        expression: format!("{path}::{}({expression})", variant.declared.name),
                        // The sample of the tag may be another value.
                        is_valid: is_valid && !matches!(union.selection, Selection::Tag(_)),
                    }
                }
                None => unknown(),
            },
            TypeKind::Struct(fields) => self.structure(&path, fields, declaration, depth),
        }
    }

    fn structure(
        &self,
        path: &str,
        fields: &[Field],
        declaration: &TypeDeclaration,
        depth: usize,
    ) -> Sample {
        let required = || fields.iter().filter(|field| field.is_required());
        if required().count() == 0 {
            return Sample {
                expression: format!("{path}::default()"),
                is_valid: true,
            };
        }
        let has_constructor = declaration.has_constructor();
        let mut is_valid = true;
        let values: Vec<String> = required()
            .map(|field| {
                let sample = match has_constructor {
                    true => self.value(&field.kind, depth + 1),
                    false => self.owned(&field.kind, depth + 1),
                };
                is_valid &= sample.is_valid;
                match has_constructor {
                    true => sample.expression,
                    false => format!("{}: {}", field.name, sample.expression),
                }
            })
            .collect();
        let values = values.join(", ");
        Sample {
            expression: match has_constructor {
                true => format!("{path}::new({values})"),
                false => format!("{path} {{ {values} }}"),
            },
            is_valid,
        }
    }

    /// Returns an expression of exactly this type.
    fn owned(&self, kind: &RustType, depth: usize) -> Sample {
        match kind {
            RustType::String => Sample {
                expression: "\"…\".to_owned()".to_owned(),
                is_valid: true,
            },
            RustType::Format(name) => Sample {
                expression: format!("{}.into()", formatted(name)),
                is_valid: true,
            },
            kind => self.value(kind, depth),
        }
    }
}

/// Returns a literal of a format.
fn formatted(name: &str) -> &'static str {
    match name {
        "UnixTime" => "1_800_000_000",
        "DateTime" => "\"2026-11-29T12:00:00Z\"",
        "Date" => "\"2026-11-29\"",
        "Time" => "\"12:00:00Z\"",
        "Duration" => "\"P1D\"",
        "Uuid" => "\"00000000-0000-0000-0000-000000000007\"",
        "Uri" => "\"https://example.com/\"",
        "Ipv4" => "\"192.0.2.1\"",
        "Ipv6" => "\"2001:db8::1\"",
        "Decimal" => "\"1.5\"",
        "Base64" => "\"YQ==\"",
        _ => "\"…\"",
    }
}

fn unknown() -> Sample {
    Sample {
        expression: "todo!()".to_owned(),
        is_valid: false,
    }
}
