//! Faults in a request: method, path, query, headers, cookies.

use quote::quote;
use syn::visit_mut::VisitMut;
use syn::{Expr, ExprLit, Ident, Lit, Stmt, parse_quote};

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
            Method(method, None).visit_block_mut(block)
        })
    };
    METHODS.map(change).into()
}

pub(super) fn literal_changed(_: &Source, call: &Call) -> Vec<Change> {
    let change = |part: &&Part| {
        let text = other_letter(&part.name);
        call.editing(part, format!("`{}` is `{text}`", part.name), |call| {
            call.args = parse_quote!(#text)
        })
    };
    call.of(&["literal"]).iter().map(change).collect()
}

/// Returns the text with another last letter, or with a letter appended if it has none.
fn other_letter(text: &str) -> String {
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
            call.args = parse_quote!(#without)
        }),
        None => call.replacing(last, "there is a trailing slash", |statement| {
            vec![statement.clone(), parse_quote!(#request.literal("/");)]
        }),
    };
    vec![change]
}

fn dropped(call: &Call, kinds: &[&str]) -> Vec<Change> {
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
fn is_constant(part: &Part) -> bool {
    part.kind != "literal" && text_of(&part.value).is_some()
}

/// Swaps the values of each two parts of a kind.
fn swapped(call: &Call, kind: &str) -> Vec<Change> {
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
                .visit_block_mut(block)
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
fn text(value: &Expr) -> Expr {
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

fn renamed(call: &Call, kind: &str) -> Vec<Change> {
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

pub(super) fn query_renamed(_: &Source, call: &Call) -> Vec<Change> {
    renamed(call, "query")
}

pub(super) fn query_dropped(_: &Source, call: &Call) -> Vec<Change> {
    dropped(call, &["query"])
}

pub(super) fn queries_swapped(_: &Source, call: &Call) -> Vec<Change> {
    swapped(call, "query")
}

/// Replaces the value of each query parameter by what `with` returns for it and for whether it is
/// optional, unless that is `None`.
fn query_with(call: &Call, what: &str, with: impl Fn(&Expr, bool) -> Option<Expr>) -> Vec<Change> {
    let mut changes = Vec::new();
    for part in call.of(&["query"]) {
        let Some(argument) = call.sent(&part.value) else {
            continue;
        };
        let Some(value) = with(&part.value, argument.optional) else {
            continue;
        };
        changes.push(call.sending_instead(part, format!("`{}` {what}", part.name), value));
    }
    changes
}

pub(super) fn query_constant(_: &Source, call: &Call) -> Vec<Change> {
    query_with(call, "is always 7", |value, optional| match optional {
        true => Some(parse_quote!(&(#value).as_ref().map(|_| 7))),
        false => Some(parse_quote!(&7)),
    })
}

fn query_or(call: &Call, what: &str, absent: &str) -> Vec<Change> {
    query_with(call, what, |value, optional| {
        optional.then(
            || parse_quote!(&(#value).as_ref().map_or_else(|| ::serde_json::json!(#absent), |value| ::serde_json::json!(value))),
        )
    })
}

pub(super) fn query_defaulted(_: &Source, call: &Call) -> Vec<Change> {
    query_or(call, "is 0 if it is absent", "0")
}

pub(super) fn query_empty(_: &Source, call: &Call) -> Vec<Change> {
    query_or(call, "is empty if it is absent", "")
}

pub(super) fn query_repeated(_: &Source, call: &Call) -> Vec<Change> {
    let change = |part: &Part| {
        call.replacing(
            part,
            format!("`{}` is sent twice", part.name),
            |statement| vec![statement.clone(), statement.clone()],
        )
    };
    call.of(&["query"]).into_iter().map(change).collect()
}

fn is_list(call: &Call, part: &Part) -> bool {
    let kind = call.sent(&part.value).map(|argument| &argument.kind);
    kind.is_some_and(|kind| quote!(#kind).to_string().contains("Vec <"))
}

/// Only in the query does it matter whether a list is exploded. A list in JSON does not change, and
/// is not a mutant.
pub(super) fn explode_changed(_: &Source, call: &Call) -> Vec<Change> {
    let change = |part: &Part| {
        call.editing(
            part,
            format!(
                "the list `{}` is joined instead of exploded, or exploded instead of joined",
                part.name
            ),
            |call| {
                let is_json = call
                    .args
                    .iter()
                    .any(|argument| quote!(#argument).to_string().ends_with("Style :: Json"));
                for argument in call.args.iter_mut().filter(|_| !is_json) {
                    if let Expr::Lit(ExprLit {
                        lit: Lit::Bool(explode),
                        ..
                    }) = argument
                    {
                        explode.value = !explode.value;
                    }
                }
            },
        )
    };
    call.of(&["query"])
        .into_iter()
        .filter(|part| is_list(call, part))
        .map(change)
        .collect()
}

pub(super) fn style_changed(_: &Source, call: &Call) -> Vec<Change> {
    let change = |part: &Part| {
        call.editing(
            part,
            format!("the list `{}` is written in another style", part.name),
            |call| {
                for argument in &mut call.args {
                    let written = quote!(#argument).to_string();
                    if let Some(style) = written
                        .rsplit_once("Style :: ")
                        .map(|(_, style)| style.trim())
                    {
                        // Only the query has this style; the others have `Simple` and `Form`.
                        let other = Ident::new(
                            if style == "Json" { "Form" } else { "Json" },
                            proc_macro2::Span::call_site(),
                        );
                        *argument = parse_quote!(gallery_runtime::Style::#other);
                    }
                }
            },
        )
    };
    call.of(&["query", "header", "cookie", "path"])
        .into_iter()
        .filter(|part| is_list(call, part))
        .map(change)
        .collect()
}

pub(super) fn parameter_moved(_: &Source, call: &Call) -> Vec<Change> {
    let change = |part: &Part| {
        let other = if part.kind == "query" {
            "header"
        } else {
            "query"
        };
        call.editing(
            part,
            format!("`{}` is a {other} parameter", part.name),
            |call| {
                call.method = Ident::new(other, call.method.span());
            },
        )
    };
    call.of(&["query", "header"])
        .into_iter()
        .filter(|part| !is_constant(part))
        .map(change)
        .collect()
}

fn constants(call: &Call) -> Vec<&Part> {
    call.of(&["query", "header"])
        .into_iter()
        .filter(|part| is_constant(part))
        .collect()
}

pub(super) fn constant_changed(_: &Source, call: &Call) -> Vec<Change> {
    let change = |part: &Part| {
        let other = format!("{}x", text_of(&part.value).unwrap_or_default());
        call.sending_instead(
            part,
            format!("`{}` is `{other}`", part.name),
            parse_quote!(#other),
        )
    };
    constants(call).into_iter().map(change).collect()
}

pub(super) fn constant_dropped(_: &Source, call: &Call) -> Vec<Change> {
    let change =
        |part: &Part| call.replacing(part, format!("`{}` is missing", part.name), |_| Vec::new());
    constants(call).into_iter().map(change).collect()
}

pub(super) fn header_added(_: &Source, call: &Call) -> Vec<Change> {
    let request = &call.request;
    let parts = call.of(&["literal", "path"]);
    let change = |part: &&Part| {
        let mut change = call.replacing(part, "there is a header `X-Undeclared`", |statement| {
            let added: Stmt = parse_quote!(#request.header("X-Undeclared", gallery_runtime::Style::Simple, false, "1")?;);
            vec![statement.clone(), added]
        });
        change.location = "X-Undeclared".to_owned();
        change
    };
    parts.last().map(change).into_iter().collect()
}

pub(super) fn header_renamed(_: &Source, call: &Call) -> Vec<Change> {
    renamed(call, "header")
}

pub(super) fn header_dropped(_: &Source, call: &Call) -> Vec<Change> {
    dropped(call, &["header"])
}

pub(super) fn headers_swapped(_: &Source, call: &Call) -> Vec<Change> {
    swapped(call, "header")
}

pub(super) fn cookie_renamed(_: &Source, call: &Call) -> Vec<Change> {
    renamed(call, "cookie")
}

pub(super) fn cookie_dropped(_: &Source, call: &Call) -> Vec<Change> {
    dropped(call, &["cookie"])
}

pub(super) fn accept_changed(_: &Source, call: &Call) -> Vec<Change> {
    let mut changes = Vec::new();
    for part in call.of(&["accept"]) {
        let one_less = part.name.rsplit_once(", ").map(|(rest, _)| rest.to_owned());
        for other in one_less.into_iter().chain(["text/x-other".to_owned()]) {
            let mut change = call.editing(part, format!("`Accept` is `{other}`"), |call| {
                call.args = parse_quote!(#other)
            });
            change.location = other;
            changes.push(change);
        }
    }
    changes
}

pub(super) fn accept_dropped(_: &Source, call: &Call) -> Vec<Change> {
    let change = |part: &Part| call.replacing(part, "`Accept` is missing", |_| Vec::new());
    call.of(&["accept"]).into_iter().map(change).collect()
}
