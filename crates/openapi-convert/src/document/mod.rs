//! Converts the objects of OpenAPI 3 documents, but for schemas.

mod inline;
mod media;
mod operation;
mod querystring;
mod root;
mod security;
mod support;

use serde_json::{Map, Value};

use crate::context::Context;
use crate::note::NoteKind;
use crate::structure::Kind;
use crate::walk::Path;
use support::keep;

pub(crate) use root::{add_schemas, convert as convert_root, finish};
pub(crate) use security::scheme_types;

/// Converts an object whose children are converted.
pub(crate) fn convert(kind: Kind, node: &mut Value, path: &Path<'_>, context: &mut Context) {
    let Value::Object(map) = node else {
        return;
    };
    if matches!(
        kind,
        Kind::Parameter | Kind::Header | Kind::RequestBody | Kind::Response
    ) && let Some(Value::Object(content)) = map.get_mut("content")
    {
        inline::media_types(content, || path.field("content"), context);
    }
    if kind == Kind::MediaType && path.is_component() {
        media::media_type(map, path, context);
        let name = path.name().unwrap_or_default().to_owned();
        context
            .media_types
            .insert(name, (std::mem::take(node), false));
        return;
    }
    if reference(kind, map, path, context) {
        return;
    }
    match kind {
        Kind::PathItem => operation::path_item(map, path, context),
        Kind::Operation => operation::operation(map, path, context),
        Kind::Response => operation::response(map, path, context),
        Kind::Parameter | Kind::Header => media::parameter(map, path, context),
        Kind::MediaType => media::media_type(map, path, context),
        Kind::Encoding => media::encoding(map, path, context),
        Kind::Example => media::example(map, path, context),
        Kind::Server => keep(map, &[("name", "server.name")], path, context),
        Kind::Tag => keep(
            map,
            &[
                ("summary", "tag.summary"),
                ("parent", "tag.parent"),
                ("kind", "tag.kind"),
            ],
            path,
            context,
        ),
        Kind::SecurityScheme => security::scheme(map, path, context),
        Kind::Components => root::components(map, path, context),
        _ => {}
    }
}

/// Converts a reference. Returns true for one.
fn reference(
    kind: Kind,
    map: &mut Map<String, Value>,
    path: &Path<'_>,
    context: &mut Context,
) -> bool {
    let Some(Value::String(reference)) = map.get_mut("$ref") else {
        return false;
    };
    if let Some((uri, _)) = reference.split_once('#')
        && !uri.is_empty()
    {
        crate::schema::rewrite(reference, path, context);
    }
    if kind == Kind::PathItem {
        return false;
    }
    for (key, code) in [
        ("summary", "reference.summary"),
        ("description", "reference.description"),
    ] {
        if map.remove(key).is_some() {
            let message = format!("the `{key}` of a reference is dropped");
            context.note(NoteKind::NotExpressed, code, path.field(key), message);
        }
    }
    true
}
