//! Reads the static descriptions of operations.

use std::collections::BTreeMap;
use std::ops::Range;

use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, Lit, Token};

/// The static description of an operation.
pub(super) struct Description {
    /// The name of the static variable.
    pub(super) name: String,
    pub(super) id: Text,
    pub(super) method: Text,
    /// The path as it is sent.
    pub(super) path: Text,
    /// The settings, by name.
    pub(super) settings: BTreeMap<String, Setting>,
    pub(super) constants: Vec<Constant>,
    pub(super) parameters: Vec<Parameter>,
    pub(super) pages: Option<Pages>,
    /// The end of the expression.
    pub(super) end: usize,
}

/// The pagination: `Pagination::STYLE(ARGUMENTS)` with settings.
pub(super) struct Pages {
    /// The style, such as `number`.
    pub(super) style: String,
    /// The arguments of the style.
    pub(super) arguments: Vec<Text>,
    /// The settings, such as `.size(1, 60)`, by name: their arguments and ranges.
    pub(super) settings: BTreeMap<String, (Vec<Text>, Range<usize>)>,
    pub(super) range: Range<usize>,
}

/// A string literal.
#[derive(Clone)]
pub(super) struct Text {
    pub(super) value: String,
    pub(super) range: Range<usize>,
}

/// A setting, such as `.accept("application/json")`.
pub(super) struct Setting {
    pub(super) range: Range<usize>,
    /// The ranges of the arguments.
    pub(super) arguments: Vec<Range<usize>>,
}

/// A parameter with a fixed value.
pub(super) struct Constant {
    pub(super) name: String,
    pub(super) value: Text,
    pub(super) range: Range<usize>,
}

/// A parameter: `Parameter::KIND(NAME)`, with `.style(…)` if it has another style.
pub(super) struct Parameter {
    /// The kind, such as `query`.
    pub(super) kind: Text,
    pub(super) name: Text,
    /// The arguments of `style`: the style and `explode`.
    pub(super) style: Option<(Range<usize>, Range<usize>)>,
    pub(super) range: Range<usize>,
}

pub(super) fn range(node: &impl Spanned) -> Range<usize> {
    node.span().byte_range()
}

/// Returns a part of the code as it is written.
pub(super) fn written(node: &impl Spanned) -> Text {
    let span = node.span();
    Text {
        value: span.source_text().unwrap_or_default(),
        range: span.byte_range(),
    }
}

/// Returns a string literal.
fn literal(expression: &Expr) -> Option<Text> {
    match expression {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(Text {
            value: text.value(),
            range: range(text),
        }),
        _ => None,
    }
}

/// Returns the items of `&[…]`.
fn list(expression: &Expr) -> Vec<&Expr> {
    match expression {
        Expr::Reference(reference) => match reference.expr.as_ref() {
            Expr::Array(array) => array.elems.iter().collect(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

pub(super) fn description(name: String, expression: &Expr) -> Option<Description> {
    let end = range(expression).end;
    let (mut settings, mut constants, mut parameters) = (BTreeMap::new(), Vec::new(), Vec::new());
    let (mut path, mut own_pages) = (None, None);
    let mut rest = expression;
    while let Expr::MethodCall(call) = rest {
        let name = call.method.to_string();
        match (name.as_str(), call.args.first()) {
            ("parameters", Some(all)) => {
                parameters = list(all).into_iter().filter_map(parameter).collect();
            }
            ("constants", Some(all)) => {
                constants = list(all).into_iter().filter_map(constant).collect();
            }
            ("encoded_path", Some(encoded)) => path = literal(encoded),
            ("pages", Some(expression)) => own_pages = pages(expression),
            _ => {}
        }
        let setting = Setting {
            range: range(&call.receiver).end..range(call).end,
            arguments: call.args.iter().map(range).collect(),
        };
        settings.insert(name, setting);
        rest = &call.receiver;
    }
    let Expr::Call(new) = rest else { return None };
    let mut texts = new.args.iter().map(literal);
    let (id, method, own) = (texts.next()??, texts.next()??, texts.next()??);
    Some(Description {
        name,
        id,
        method,
        path: path.unwrap_or(own),
        settings,
        constants,
        parameters,
        pages: own_pages,
        end,
    })
}

fn pages(expression: &Expr) -> Option<Pages> {
    let texts = |arguments: &Punctuated<Expr, Token![,]>| arguments.iter().map(written).collect();
    let (mut settings, mut rest) = (BTreeMap::new(), expression);
    while let Expr::MethodCall(call) = rest {
        let own = range(&call.receiver).end..range(call).end;
        settings.insert(call.method.to_string(), (texts(&call.args), own));
        rest = &call.receiver;
    }
    let Expr::Call(call) = rest else { return None };
    let Expr::Path(path) = call.func.as_ref() else {
        return None;
    };
    Some(Pages {
        style: path.path.segments.last()?.ident.to_string(),
        arguments: texts(&call.args),
        settings,
        range: range(expression),
    })
}

fn constant(expression: &Expr) -> Option<Constant> {
    let Expr::Tuple(pair) = expression else {
        return None;
    };
    Some(Constant {
        name: parameter(pair.elems.first()?)?.name.value,
        value: literal(pair.elems.last()?)?,
        range: range(expression),
    })
}

fn parameter(expression: &Expr) -> Option<Parameter> {
    let mut style = None;
    let mut rest = expression;
    while let Expr::MethodCall(call) = rest {
        if call.method == "style" {
            let mut arguments = call.args.iter().map(range);
            style = arguments.next().zip(arguments.next());
        }
        rest = &call.receiver;
    }
    let Expr::Call(call) = rest else { return None };
    let Expr::Path(path) = call.func.as_ref() else {
        return None;
    };
    let kind = &path.path.segments.last()?.ident;
    Some(Parameter {
        kind: Text {
            value: kind.to_string(),
            range: range(kind),
        },
        name: literal(call.args.first()?)?,
        style,
        range: range(expression),
    })
}
