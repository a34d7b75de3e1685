//! Makes equal types of inline schemas one type.
//!
//! A document that repeats an inline schema would otherwise yield a type for each copy. The type
//! with the shortest name stays, and the other names are its aliases. Every name exists with and
//! without equal schemas, so that a change of one schema never takes the name of another.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::code::rust_type::RustType;
use crate::code::signatures::{Signature, each_type_mut};
use crate::code::types::{TypeKind, Types};

/// The type of each alias.
pub(crate) type Aliases = BTreeMap<String, String>;

/// Makes equal types one type, except for those in `kept`. A name in `preferred` stays before
/// others.
pub(super) fn share(
    types: &mut Types,
    signatures: &mut [Signature],
    kept: &BTreeSet<&str>,
    preferred: &BTreeSet<&str>,
) -> Aliases {
    let mut aliases = Aliases::new();
    // Types become equal when the types of their fields do.
    loop {
        let found = equal_types(types, kept, preferred);
        if found.is_empty() {
            return aliases;
        }
        for (alias, name) in &found {
            let Some(declaration) = types.remove(alias) else {
                continue;
            };
            if let Some(own) = types.get_mut(name) {
                own.is_sent |= declaration.is_sent;
                own.aliases.push(alias.clone());
                own.aliases.extend(declaration.aliases);
            }
        }
        each_type_mut(types, signatures, |kind| {
            if let RustType::Named(name) = kind
                && let Some(shared) = found.get(name)
            {
                name.clone_from(shared);
            }
        });
        for target in aliases.values_mut() {
            if let Some(shared) = found.get(target) {
                target.clone_from(shared);
            }
        }
        aliases.extend(found);
    }
}

/// Returns the types that equal another one, and the name of that one.
fn equal_types(types: &Types, kept: &BTreeSet<&str>, preferred: &BTreeSet<&str>) -> Aliases {
    let mut groups: HashMap<_, Vec<&str>> = HashMap::new();
    for (name, own) in types {
        if kept.contains(name.as_str()) || is_empty(&own.kind) {
            continue;
        }
        let content = (&own.kind, &own.description, own.is_deprecated, &own.derives);
        groups.entry(content).or_default().push(name);
    }
    let mut aliases = Aliases::new();
    for mut names in groups.into_values() {
        names.sort_by_key(|name| (!preferred.contains(*name), name.len(), *name));
        if let Some((shared, others)) = names.split_first() {
            let others = others.iter().copied().map(str::to_owned);
            aliases.extend(others.map(|alias| (alias, (*shared).to_owned())));
        }
    }
    aliases
}

/// Returns true if nothing tells two types apart.
fn is_empty(kind: &TypeKind) -> bool {
    matches!(kind, TypeKind::Struct(fields) if fields.is_empty())
}

#[cfg(test)]
mod tests {
    use gallery_spec::canonical::Canonical;
    use openapi_text::Diagnostics;
    use serde_json::{Value, json};

    use crate::generate::code;
    use crate::settings::CodeSettings;

    /// Returns the code of a client with an operation for each schema of a response.
    fn code_of(responses: &[Value], components: Value) -> String {
        let paths = responses.iter().enumerate().map(|(index, schema)| {
            let content = json!({"application/json": {"schema": schema}});
            let operation = json!({
                "operationId": format!("get_{}", ["long_name", "b", "c"][index]),
                "responses": {"200": {"description": "", "content": content}},
            });
            (format!("/{index}"), json!({"get": operation}))
        });
        let document = json!({
            "openapi": "3.0.3", "info": {"title": "T", "version": "1"},
            "paths": paths.collect::<serde_json::Map<_, _>>(), "components": {"schemas": components},
        });
        let canonical = Canonical::parse(&document.to_string()).unwrap();
        let settings = CodeSettings::default();
        let code = code("", &canonical, &settings, &mut Diagnostics::default()).unwrap();
        code.client.text().to_owned()
    }

    fn object(properties: Value) -> Value {
        json!({"type": "object", "properties": properties})
    }

    #[test]
    fn equal_inline_schemas_share_a_type() {
        let owner = object(json!({"owner": object(json!({"name": {"type": "string"}}))}));
        let code = code_of(&[owner.clone(), owner.clone()], json!({}));
        assert!(
            code.contains("pub type GetLongNameResponse = GetBResponse;"),
            "{code}"
        );
        assert!(
            code.contains("pub type GetLongNameResponseOwner = GetBResponseOwner;"),
            "{code}"
        );
        assert_eq!(code.matches("pub struct GetBResponse").count(), 2, "{code}");
        assert!(!code.contains("pub struct GetLongNameResponse"), "{code}");
    }

    #[test]
    fn schemas_that_differ_and_components_keep_their_types() {
        let text = object(json!({"a": {"type": "string"}}));
        let described = object(json!({"a": {"type": "string", "description": "other"}}));
        let required =
            json!({"type": "object", "required": ["a"], "properties": text["properties"]});
        let reference = json!({"$ref": "#/components/schemas/Own"});
        let code = code_of(
            &[described, required, reference],
            json!({"Own": text, "Equal": text}),
        );
        assert!(!code.contains("pub type"), "{code}");
    }
}
