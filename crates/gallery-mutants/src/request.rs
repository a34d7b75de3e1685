//! Faults in the method and the path of a request, and helpers for its parameters.

use syn::visit_mut::VisitMut;
use syn::{Expr, Ident, parse_quote};

use crate::site::Change;
use crate::source::{Call, Part, Source, text_of};

/// Methods to replace others by.
const METHODS: [&str; 3] = ["GET", "POST", "PUT"];

/// Replaces the last segment of `reqwest::Method::GET`.
struct Method(&'static str, Option<String>);

impl VisitMut for Method {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        let is_method = path
            .segments
            .iter()
            .rev()
            .nth(1)
            .is_some_and(|segment| segment.ident == "Method");
        if let Some(last) = path.segments.last_mut()
            && is_method
        {
            self.1 = Some(last.ident.to_string());
            last.ident = Ident::new(self.0, last.ident.span());
        }
    }
}

pub(super) fn method_changed(_: &Source, call: &Call) -> Vec<Change> {
    let change = |method: &'static str| {
        call.sending(method, format!("the method is {method}"), |block| {
            Method(method, None).visit_block_mut(block);
        })
    };
    METHODS.map(change).into()
}

pub(super) fn literal_changed(_: &Source, call: &Call) -> Vec<Change> {
    let change = |part: &&Part| {
        let text = other_letter(&part.name);
        call.editing(part, format!("`{}` is `{text}`", part.name), |call| {
            call.args = parse_quote!(#text);
        })
    };
    call.of(&["literal"]).iter().map(change).collect()
}

/// Returns the text with another last letter, or with a letter appended if it has none.
pub(super) fn other_letter(text: &str) -> String {
    let Some((at, letter)) = text.char_indices().rfind(|(_, c)| c.is_ascii_alphabetic()) else {
        return format!("{text}x");
    };
    let other = if letter == 'x' { "y" } else { "x" };
    format!("{}{other}{}", &text[..at], &text[at + 1..])
}

pub(super) fn literal_dropped(_: &Source, call: &Call) -> Vec<Change> {
    dropped(call, &["literal"])
}

pub(super) fn path_slash(_: &Source, call: &Call) -> Vec<Change> {
    let parts = call.of(&["literal", "path"]);
    let Some(last) = parts.last() else {
        return Vec::new();
    };
    let request = &call.request;
    let change = match last
        .name
        .strip_suffix('/')
        .filter(|_| last.kind == "literal")
    {
        Some(without) => call.editing(last, "the trailing slash is missing", |call| {
            call.args = parse_quote!(#without);
        }),
        None => call.replacing(last, "there is a trailing slash", |statement| {
            vec![statement.clone(), parse_quote!(#request.literal("/");)]
        }),
    };
    vec![change]
}

pub(super) fn dropped(call: &Call, kinds: &[&str]) -> Vec<Change> {
    let change =
        |part: &&Part| call.replacing(part, format!("`{}` is missing", part.name), |_| Vec::new());
    call.of(kinds)
        .iter()
        .filter(|part| !is_constant(part))
        .map(change)
        .collect()
}

/// Returns true if a part sends a constant of the document instead of an argument. Literals of the
/// path do not count.
pub(super) fn is_constant(part: &Part) -> bool {
    part.kind != "literal" && text_of(&part.value).is_some()
}

/// Swaps the values of each two parts of a kind.
pub(super) fn swapped(call: &Call, kind: &str) -> Vec<Change> {
    let parts: Vec<_> = call
        .of(&[kind])
        .into_iter()
        .filter(|part| !is_constant(part))
        .collect();
    let mut changes = Vec::new();
    for (number, one) in parts.iter().enumerate() {
        for other in &parts[number + 1..] {
            let what = format!(
                "the values of `{}` and `{}` are swapped",
                one.name, other.name
            );
            let location = format!("{}+{}", one.name, other.name);
            changes.push(call.sending(location, what, |block| {
                Values {
                    call,
                    at: [one, other],
                }
                .visit_block_mut(block);
            }));
        }
    }
    changes
}

/// Swaps the last arguments of two calls of the runtime.
struct Values<'a> {
    call: &'a Call,
    at: [&'a Part; 2],
}

impl VisitMut for Values<'_> {
    fn visit_expr_method_call_mut(&mut self, found: &mut syn::ExprMethodCall) {
        syn::visit_mut::visit_expr_method_call_mut(self, found);
        let [one, other] = self.at;
        if crate::syntax::ident_of(&found.receiver) != Some(&self.call.request)
            || found.method != one.kind
        {
            return;
        }
        let name = found.args.first().and_then(text_of);
        for (own, value) in [(one, &other.value), (other, &one.value)] {
            if name.as_ref() == Some(&own.name)
                && let Some(last) = found.args.last_mut()
            {
                *last = value.clone();
            }
        }
    }
}

pub(super) fn variable_dropped(_: &Source, call: &Call) -> Vec<Change> {
    dropped(call, &["path"])
}

pub(super) fn variables_swapped(_: &Source, call: &Call) -> Vec<Change> {
    swapped(call, "path")
}

/// Returns an argument as a `String`.
pub(super) fn text(value: &Expr) -> Expr {
    parse_quote! {
        match ::serde_json::to_value(#value).unwrap_or_default() {
            ::serde_json::Value::String(text) => text,
            other => other.to_string(),
        }
    }
}

fn variables(call: &Call, change: impl Fn(&Part) -> Change) -> Vec<Change> {
    call.of(&["path"]).into_iter().map(change).collect()
}

pub(super) fn variable_raw(_: &Source, call: &Call) -> Vec<Change> {
    variables(call, |part| {
        let (request, text) = (&call.request, text(&part.value));
        call.replacing(part, format!("`{}` is not encoded", part.name), |_| {
            vec![parse_quote!(#request.literal(String::leak(#text));)]
        })
    })
}

pub(super) fn variable_encoded_twice(_: &Source, call: &Call) -> Vec<Change> {
    variables(call, |part| {
        let text = text(&part.value);
        let encoded = parse_quote! {
            &#text
                .bytes()
                .map(|byte| match byte {
                    b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
                    _ => format!("%{byte:02X}"),
                })
                .collect::<String>()
        };
        call.sending_instead(part, format!("`{}` is encoded twice", part.name), encoded)
    })
}

pub(super) fn variable_trimmed(_: &Source, call: &Call) -> Vec<Change> {
    variables(call, |part| {
        let text = text(&part.value);
        call.sending_instead(
            part,
            format!("`{}` is trimmed", part.name),
            parse_quote!(#text.trim()),
        )
    })
}

/// Returns a name as another generator might write it: in camel case or, if that is the same, with
/// a trailing underscore.
pub(super) fn other_name(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default();
    let camel: String = std::iter::once(first.to_owned())
        .chain(words.map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map(|letter| letter.to_ascii_uppercase())
                .into_iter()
                .chain(letters)
                .collect()
        }))
        .collect();
    if camel == name || camel.is_empty() {
        format!("{name}_")
    } else {
        camel
    }
}

pub(super) fn renamed(call: &Call, kind: &str) -> Vec<Change> {
    let change = |part: &&Part| {
        // Servers ignore headers with an underscore.
        let other = if kind == "header" {
            format!("{}-X", part.name)
        } else {
            other_name(&part.name)
        };
        call.editing(
            part,
            format!("`{}` is named `{other}`", part.name),
            |call| {
                if let Some(first) = call.args.first_mut() {
                    *first = parse_quote!(#other);
                }
            },
        )
    };
    call.of(&[kind])
        .iter()
        .filter(|part| !is_constant(part))
        .map(change)
        .collect()
}
