//! Faults in constants, headers and cookies.

use syn::{Stmt, parse_quote};

use crate::request::{dropped, is_constant, renamed, swapped};
use crate::site::Change;
use crate::source::{Call, Part, Source, text_of};

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
                call.args = parse_quote!(#other);
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
