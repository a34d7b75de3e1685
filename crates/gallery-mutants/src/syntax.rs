//! Questions about pieces of syntax.

use quote::ToTokens;
use syn::{Block, Expr, ExprMethodCall, Ident, ImplItem, ImplItemFn, Item, ItemImpl, Stmt, Type};

/// Returns true if two pieces of code are the same.
pub(crate) fn same(one: &impl ToTokens, other: &impl ToTokens) -> bool {
    one.to_token_stream().to_string() == other.to_token_stream().to_string()
}

/// The identifier, if the expression is nothing else.
pub(crate) fn ident_of(expression: &Expr) -> Option<&Ident> {
    match expression {
        Expr::Path(path) => path.path.get_ident(),
        _ => None,
    }
}

/// Returns true if an `impl` block has the inherent functions of the type `name`.
pub(crate) fn is_inherent(block: &ItemImpl, name: &str) -> bool {
    let is_name = match block.self_ty.as_ref() {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .is_some_and(|segment| segment.ident == name),
        _ => false,
    };
    block.trait_.is_none() && is_name
}

/// Returns the call of `request.anything(…)?;`, with or without the `?`.
pub(crate) fn runtime_call<'a>(statement: &'a Stmt, request: &Ident) -> Option<&'a ExprMethodCall> {
    let Stmt::Expr(expression, Some(_)) = statement else {
        return None;
    };
    let expression = match expression {
        Expr::Try(tried) => tried.expr.as_ref(),
        other => other,
    };
    match expression {
        Expr::MethodCall(call) if ident_of(&call.receiver) == Some(request) => Some(call),
        _ => None,
    }
}

/// Calls `edit` with each call of the runtime, also inside of an `if`, and replaces the statement
/// by what `edit` returns.
pub(crate) fn each_part(
    block: &mut Block,
    request: &Ident,
    edit: &mut impl FnMut(&Stmt) -> Option<Vec<Stmt>>,
) {
    let mut statements = Vec::new();
    for mut statement in std::mem::take(&mut block.stmts) {
        if runtime_call(&statement, request).is_some() {
            match edit(&statement) {
                Some(written) => statements.extend(written),
                None => statements.push(statement),
            }
            continue;
        }
        if let Stmt::Expr(Expr::If(condition), _) = &mut statement {
            each_part(&mut condition.then_branch, request, edit);
        }
        statements.push(statement);
    }
    block.stmts = statements;
}

/// Returns the function with a name.
pub(crate) fn function<'a>(implementation: &'a ItemImpl, name: &str) -> Option<&'a ImplItemFn> {
    implementation.items.iter().find_map(|item| match item {
        ImplItem::Fn(function) if function.sig.ident == name => Some(function),
        _ => None,
    })
}

/// Edits the function with a name.
pub(crate) fn in_function(item: &mut Item, name: &str, edit: impl FnOnce(&mut ImplItemFn)) {
    let Item::Impl(implementation) = item else {
        return;
    };
    let found = implementation.items.iter_mut().find_map(|item| match item {
        ImplItem::Fn(function) if function.sig.ident == name => Some(function),
        _ => None,
    });
    if let Some(found) = found {
        edit(found);
    }
}
