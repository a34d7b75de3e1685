//! Questions about pieces of syntax.

use quote::ToTokens;
use syn::{Expr, Ident, ItemImpl, Type};

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
