//! Constructors of syntax trees for code that is repeated per operation or argument.
//!
//! They return the same trees as `parse_quote!`, but do not parse tokens. For a large client, that
//! would take as long as parsing the output of progenitor.

use proc_macro2::Span;
use syn::punctuated::Punctuated;
use syn::{
    AngleBracketedGenericArguments, AttrStyle, Attribute, Block, Expr, ExprArray, ExprAssign,
    ExprAwait, ExprCall, ExprField, ExprIf, ExprLet, ExprLit, ExprMethodCall, ExprPath,
    ExprReference, ExprTry, ExprTuple, GenericArgument, Ident, Lit, LitBool, LitStr, Local,
    LocalInit, LocalModifiers, Member, Meta, MetaNameValue, Pat, PatIdent, PatTupleStruct, Path,
    PathSegment, Stmt, Token, Type, token,
};

/// Returns an identifier.
pub(crate) fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// `a::b`.
pub(crate) fn path(text: &str) -> Path {
    let segments: Punctuated<PathSegment, Token![::]> = text
        .split("::")
        .map(|name| PathSegment::from(ident(name)))
        .collect();
    Path {
        leading_colon: None,
        segments,
    }
}

/// `a::b`, or a variable.
pub(crate) fn name(text: &str) -> Expr {
    Expr::Path(ExprPath {
        attrs: Vec::new(),
        qself: None,
        path: path(text),
    })
}

/// `"text"`.
pub(crate) fn text(value: &str) -> Expr {
    literal(Lit::Str(LitStr::new(value, Span::call_site())))
}

/// `true` or `false`.
pub(crate) fn boolean(value: bool) -> Expr {
    literal(Lit::Bool(LitBool::new(value, Span::call_site())))
}

fn literal(lit: Lit) -> Expr {
    Expr::Lit(ExprLit {
        attrs: Vec::new(),
        lit,
    })
}

/// `&value`.
pub(crate) fn borrowed(value: Expr) -> Expr {
    Expr::Reference(ExprReference {
        attrs: Vec::new(),
        and_token: <Token![&]>::default(),
        mutability: None,
        expr: Box::new(value),
    })
}

/// `value?`.
pub(crate) fn tried(value: Expr) -> Expr {
    Expr::Try(ExprTry {
        attrs: Vec::new(),
        expr: Box::new(value),
        question_token: <Token![?]>::default(),
    })
}

/// `value.await`.
pub(crate) fn awaited(value: Expr) -> Expr {
    let (dot_token, await_token) = (<Token![.]>::default(), <Token![await]>::default());
    Expr::Await(ExprAwait {
        attrs: Vec::new(),
        base: Box::new(value),
        dot_token,
        await_token,
    })
}

/// `of.field`.
pub(crate) fn field(of: Expr, field: &str) -> Expr {
    let member = Member::Named(ident(field));
    Expr::Field(ExprField {
        attrs: Vec::new(),
        base: Box::new(of),
        dot_token: <Token![.]>::default(),
        member,
    })
}

/// `function(arguments)`.
pub(crate) fn call(function: &str, arguments: impl IntoIterator<Item = Expr>) -> Expr {
    let args = arguments.into_iter().collect();
    Expr::Call(ExprCall {
        attrs: Vec::new(),
        func: Box::new(name(function)),
        paren_token: token::Paren::default(),
        args,
    })
}

/// `of.method(arguments)`.
pub(crate) fn method(of: Expr, method: &str, arguments: impl IntoIterator<Item = Expr>) -> Expr {
    method_call(of, method, None, arguments)
}

/// `of.method::<kind>(arguments)`.
pub(crate) fn method_for(
    of: Expr,
    method: &str,
    kind: Type,
    arguments: impl IntoIterator<Item = Expr>,
) -> Expr {
    let turbofish = AngleBracketedGenericArguments {
        colon2_token: Some(<Token![::]>::default()),
        lt_token: <Token![<]>::default(),
        args: std::iter::once(GenericArgument::Type(kind)).collect(),
        gt_token: <Token![>]>::default(),
    };
    method_call(of, method, Some(turbofish), arguments)
}

fn method_call(
    of: Expr,
    method: &str,
    turbofish: Option<AngleBracketedGenericArguments>,
    arguments: impl IntoIterator<Item = Expr>,
) -> Expr {
    Expr::MethodCall(ExprMethodCall {
        attrs: Vec::new(),
        receiver: Box::new(of),
        dot_token: <Token![.]>::default(),
        method: ident(method),
        turbofish,
        paren_token: token::Paren::default(),
        args: arguments.into_iter().collect(),
    })
}

/// `&[items]`.
pub(crate) fn slice(items: impl IntoIterator<Item = Expr>) -> Expr {
    let elems = items.into_iter().collect();
    borrowed(Expr::Array(ExprArray {
        attrs: Vec::new(),
        bracket_token: token::Bracket::default(),
        elems,
    }))
}

/// `(items)`, with at least two items.
pub(crate) fn tuple(items: impl IntoIterator<Item = Expr>) -> Expr {
    let elems = items.into_iter().collect();
    Expr::Tuple(ExprTuple {
        attrs: Vec::new(),
        paren_token: token::Paren::default(),
        elems,
    })
}

/// `value;`.
pub(crate) fn statement(value: Expr) -> Stmt {
    Stmt::Expr(value, Some(<Token![;]>::default()))
}

/// `variable = value;`.
pub(crate) fn assign(variable: &str, value: Expr) -> Stmt {
    let (left, right) = (Box::new(name(variable)), Box::new(value));
    statement(Expr::Assign(ExprAssign {
        attrs: Vec::new(),
        left,
        eq_token: <Token![=]>::default(),
        right,
    }))
}

/// `let variable = value;`.
pub(crate) fn define(variable: &str, value: Expr) -> Stmt {
    local(variable, false, value)
}

/// `let mut variable = value;`.
pub(crate) fn define_mut(variable: &str, value: Expr) -> Stmt {
    local(variable, true, value)
}

fn local(variable: &str, is_mutable: bool, value: Expr) -> Stmt {
    Stmt::Local(Local {
        attrs: Vec::new(),
        let_token: <Token![let]>::default(),
        modifiers: LocalModifiers::default(),
        pat: pattern(variable, is_mutable),
        init: Some(LocalInit {
            eq_token: <Token![=]>::default(),
            expr: Box::new(value),
            diverge: None,
        }),
        semi_token: <Token![;]>::default(),
    })
}

fn pattern(variable: &str, is_mutable: bool) -> Pat {
    let mutability = is_mutable.then(<Token![mut]>::default);
    Pat::Ident(PatIdent {
        attrs: Vec::new(),
        by_ref: None,
        mutability,
        ident: ident(variable),
        subpat: None,
    })
}

/// `if let Some(variable) = value { then }`.
pub(crate) fn if_some(variable: &str, value: Expr, then: Vec<Stmt>) -> Stmt {
    let some = PatTupleStruct {
        attrs: Vec::new(),
        qself: None,
        path: path("Some"),
        paren_token: token::Paren::default(),
        elems: std::iter::once(pattern(variable, false)).collect(),
    };
    let condition = ExprLet {
        attrs: Vec::new(),
        let_token: <Token![let]>::default(),
        pat: Box::new(Pat::TupleStruct(some)),
        eq_token: <Token![=]>::default(),
        expr: Box::new(value),
    };
    let branch = ExprIf {
        attrs: Vec::new(),
        if_token: <Token![if]>::default(),
        cond: Box::new(Expr::Let(condition)),
        then_branch: Block {
            brace_token: token::Brace::default(),
            stmts: then,
        },
        else_branch: None,
    };
    Stmt::Expr(Expr::If(branch), None)
}

/// `/// line`, where the line begins with the space after the slashes.
pub(crate) fn documentation(line: &str) -> Attribute {
    Attribute {
        pound_token: <Token![#]>::default(),
        style: AttrStyle::Outer,
        bracket_token: token::Bracket::default(),
        meta: Meta::NameValue(MetaNameValue {
            path: path("doc"),
            eq_token: <Token![=]>::default(),
            value: text(line),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    #[test]
    fn trees_equal_parsed_code() {
        let x = || name("x");
        let expressions: [(Expr, Expr); 10] = [
            (name("a::b"), parse_quote!(a::b)),
            (text("a \"b\"\n"), parse_quote!("a \"b\"\n")),
            (boolean(false), parse_quote!(false)),
            (borrowed(x()), parse_quote!(&x)),
            (tried(awaited(x())), parse_quote!(x.await?)),
            (field(x(), "y"), parse_quote!(x.y)),
            (call("a::f", [x(), x()]), parse_quote!(a::f(x, x))),
            (method(x(), "f", []), parse_quote!(x.f())),
            (
                method_for(x(), "f", parse_quote!(Vec<u8>), [x()]),
                parse_quote!(x.f::<Vec<u8>>(x)),
            ),
            (
                slice([tuple([x(), x()]), slice([])]),
                parse_quote!(&[(x, x), &[]]),
            ),
        ];
        for (tree, parsed) in expressions {
            assert_eq!(tree, parsed);
        }
        let statements: [(Stmt, Stmt); 5] = [
            (statement(x()), parse_quote!(x;)),
            (assign("x", call("f", [])), parse_quote!(x = f();)),
            (define("y", x()), parse_quote!(let y = x;)),
            (define_mut("y", x()), parse_quote!(let mut y = x;)),
            (
                if_some("y", x(), vec![statement(x())]),
                parse_quote!(if let Some(y) = x {
                    x;
                }),
            ),
        ];
        for (tree, parsed) in statements {
            assert_eq!(tree, parsed);
        }
        let parsed: Attribute = parse_quote!(#[doc = " a"]);
        assert_eq!(documentation(" a"), parsed);
    }
}
