//! Faults in the credentials of a call.

use quote::ToTokens;
use syn::{Expr, Stmt, parse_quote};

use crate::site::Change;
use crate::source::{Call, Source};
use crate::syntax::function;

/// Returns the operation's security requirements: the argument of `with_security`.
fn secured(call: &Call) -> Option<String> {
    let syn::Item::Impl(implementation) = &call.implementation.item else {
        return None;
    };
    let block = &function(implementation, "send")?.block;
    let info = block
        .stmts
        .iter()
        .map(|statement| statement.to_token_stream().to_string());
    let info = info
        .into_iter()
        .find(|text| text.contains("OperationInfo ::"))?;
    info.split_once(". with_security (").map(|(_, argument)| {
        argument
            .trim_end_matches([';', ' '])
            .trim_end_matches(')')
            .trim()
            .to_owned()
    })
}

/// Replaces or removes the argument of `with_security`.
fn secured_with(call: &Call, location: &str, what: &str, argument: Option<Expr>) -> Change {
    call.sending(location, what, |block| {
        for statement in &mut block.stmts {
            let Stmt::Local(local) = statement else {
                continue;
            };
            let Some(init) = &mut local.init else {
                continue;
            };
            if !init
                .expr
                .to_token_stream()
                .to_string()
                .contains("OperationInfo ::")
            {
                continue;
            }
            let plain = match init.expr.as_ref() {
                Expr::MethodCall(secured) if secured.method == "with_security" => {
                    secured.receiver.as_ref().clone()
                }
                other => other.clone(),
            };
            init.expr = match &argument {
                Some(argument) => parse_quote!(#plain.with_security(#argument)),
                None => Box::new(plain),
            };
        }
    })
}

pub(super) fn credentials_dropped(_: &Source, call: &Call) -> Vec<Change> {
    match secured(call).as_deref() {
        Some("& []") => Vec::new(),
        _ => vec![secured_with(
            call,
            "credentials",
            "no credentials are sent",
            Some(parse_quote!(&[])),
        )],
    }
}

pub(super) fn credentials_changed(_: &Source, call: &Call) -> Vec<Change> {
    let Some(secured) = secured(call).filter(|secured| secured.contains("Scheme ::")) else {
        return Vec::new();
    };
    // Only the first scheme changes.
    let (before, after) = secured
        .split_once("gallery_runtime :: AuthScheme ::")
        .unwrap_or_default();
    let rest = after
        .trim_start()
        .trim_start_matches(|c: char| c.is_alphanumeric())
        .trim_start();
    let rest = match rest.starts_with('(') {
        true => rest
            .split_once(')')
            .map(|(_, rest)| rest)
            .unwrap_or_default(),
        false => rest,
    };
    let other = if after.trim_start().starts_with("Bearer") {
        "Basic"
    } else {
        "Bearer"
    };
    let Ok(argument) = syn::parse_str(&format!(
        "{before} gallery_runtime::AuthScheme::{other} {rest}"
    )) else {
        return Vec::new();
    };
    vec![secured_with(
        call,
        "credentials",
        &format!("the first credential is {other}"),
        Some(argument),
    )]
}

pub(super) fn credentials_added(_: &Source, call: &Call) -> Vec<Change> {
    match secured(call) {
        Some(_) => vec![secured_with(
            call,
            "credentials",
            "all credentials are sent",
            None,
        )],
        None => Vec::new(),
    }
}
