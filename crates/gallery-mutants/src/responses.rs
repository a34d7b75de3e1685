//! Faults in reading a response: the arms of `match response.status().as_u16()`.

use quote::ToTokens;
use syn::{Arm, Block, Expr, Pat, Stmt, parse_quote};

use crate::site::Change;
use crate::source::{Call, Source};
use crate::syntax::function;

/// The kind of response that an arm reads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Success,
    Error,
    /// An undocumented status.
    Other,
}

fn role(arm: &Arm) -> Role {
    if matches!(arm.pat, Pat::Wild(_)) {
        return Role::Other;
    }
    let body = arm.body.to_token_stream().to_string();
    if body.trim_start_matches(['{', ' ']).starts_with("Err") {
        Role::Error
    } else {
        Role::Success
    }
}

/// Returns the arms of an operation, with the text of their statuses.
fn arms(call: &Call) -> Vec<(String, Arm)> {
    let syn::Item::Impl(implementation) = &call.implementation.item else {
        return Vec::new();
    };
    let statements = function(implementation, "send")
        .map(|send| send.block.stmts.as_slice())
        .unwrap_or_default();
    let Some(Stmt::Expr(Expr::Match(matched), _)) = statements.last() else {
        return Vec::new();
    };
    matched
        .arms
        .iter()
        .map(|arm| (status(&arm.pat), arm.clone()))
        .collect()
}

/// Returns `200`, `400..=499` or `other`.
fn status(pat: &Pat) -> String {
    match pat {
        Pat::Wild(_) => "other".to_owned(),
        pat => pat
            .to_token_stream()
            .to_string()
            .replace("u16", "")
            .replace(' ', ""),
    }
}

/// Changes the arms of an operation.
fn change(
    call: &Call,
    location: &str,
    what: impl Into<String>,
    edit: impl FnOnce(&mut Vec<Arm>),
) -> Change {
    call.sending(location, what, |block: &mut Block| {
        if let Some(Stmt::Expr(Expr::Match(matched), _)) = block.stmts.last_mut() {
            edit(&mut matched.arms);
        }
    })
}

fn of(call: &Call, role: Role) -> Vec<(usize, String)> {
    let arms = arms(call).into_iter().enumerate();
    arms.filter(|(_, (_, arm))| self::role(arm) == role)
        .map(|(at, (status, _))| (at, status))
        .collect()
}

fn number(status: &str) -> Option<u16> {
    status.parse().ok()
}

pub(super) fn moved(_: &Source, call: &Call) -> Vec<Change> {
    let change = |(at, status): (usize, String)| {
        let next = number(&status)? + 1;
        Some(change(
            call,
            &status,
            format!("the success status is {next}"),
            |arms| arms[at].pat = parse_quote!(#next),
        ))
    };
    of(call, Role::Success)
        .into_iter()
        .filter_map(change)
        .collect()
}

pub(super) fn widened(_: &Source, call: &Call) -> Vec<Change> {
    let change = |(at, status): (usize, String)| {
        let first = number(&status)? / 100 * 100;
        let last = first + 99;
        Some(change(
            call,
            &status,
            format!("{first} to {last} are read like {status}"),
            |arms| {
                // Arms of other statuses stay.
                let mut arm = arms[at].clone();
                arm.pat = parse_quote!(#first..=#last);
                let end = arms.len() - 1;
                arms.insert(end, arm);
            },
        ))
    };
    let first_error = of(call, Role::Error)
        .into_iter()
        .find(|(_, status)| number(status).is_some());
    of(call, Role::Success)
        .into_iter()
        .chain(first_error)
        .filter_map(change)
        .collect()
}

pub(super) fn narrowed(_: &Source, call: &Call) -> Vec<Change> {
    let all = [Role::Success, Role::Error].map(|role| of(call, role));
    let change = |(at, status): (usize, String)| {
        let first = number(status.split("..").next().filter(|first| *first != status)?)?;
        Some(change(
            call,
            &status,
            format!("only {first} of {status} is known"),
            |arms| arms[at].pat = parse_quote!(#first),
        ))
    };
    all.into_iter().flatten().filter_map(change).collect()
}

pub(super) fn dropped(_: &Source, call: &Call) -> Vec<Change> {
    let all = [Role::Success, Role::Error].map(|role| of(call, role));
    let change = |(at, status): (usize, String)| {
        change(call, &status, format!("{status} is not known"), |arms| {
            arms.remove(at);
        })
    };
    all.into_iter().flatten().map(change).collect()
}

/// Returns the body of the first arm for a success.
fn success(call: &Call) -> Option<Box<Expr>> {
    arms(call)
        .into_iter()
        .find(|(_, arm)| role(arm) == Role::Success)
        .map(|(_, arm)| arm.body)
}

pub(super) fn error_as_success(_: &Source, call: &Call) -> Vec<Change> {
    let Some(success) = success(call) else {
        return Vec::new();
    };
    let all = [Role::Error, Role::Other].map(|role| of(call, role));
    let change = |(at, status): (usize, String)| {
        change(call, &status, format!("{status} is a success"), |arms| {
            arms[at].body = success.clone();
        })
    };
    all.into_iter().flatten().map(change).collect()
}

pub(super) fn success_as_error(_: &Source, call: &Call) -> Vec<Change> {
    let other = arms(call)
        .into_iter()
        .find(|(_, arm)| role(arm) != Role::Success)
        .map(|(_, arm)| arm.body);
    let Some(other) = other else {
        return Vec::new();
    };
    let change = |(at, status): (usize, String)| {
        change(call, &status, format!("{status} is an error"), |arms| {
            arms[at].body = other.clone();
        })
    };
    of(call, Role::Success).into_iter().map(change).collect()
}

pub(super) fn undocumented_as_documented(_: &Source, call: &Call) -> Vec<Change> {
    let documented = arms(call)
        .into_iter()
        .find(|(_, arm)| role(arm) == Role::Error)
        .map(|(_, arm)| arm.body);
    let Some(documented) = documented else {
        return Vec::new();
    };
    let change = |(at, status): (usize, String)| {
        change(
            call,
            &status,
            "an undocumented status is read as a documented error",
            |arms| arms[at].body = documented.clone(),
        )
    };
    of(call, Role::Other).into_iter().map(change).collect()
}
