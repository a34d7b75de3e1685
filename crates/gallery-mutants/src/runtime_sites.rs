//! The places for faults in the code of the runtime.

use std::ops::Range;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, BinOp, Block, Expr, ExprBinary, Lit, Pat, ReturnType, Signature, Stmt, Type};

/// A place for a fault.
#[derive(Clone, Debug)]
pub(super) struct Site {
    pub(super) operator: &'static str,
    /// The name of the function, after its type.
    pub(super) function: String,
    /// The range of the text, in bytes.
    pub(super) range: Range<usize>,
    pub(super) line: usize,
    pub(super) column: usize,
    /// The change, in words.
    pub(super) what: String,
    pub(super) kind: Kind,
}

/// The way in which the code of a site changes.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// An expression is replaced by this one.
    Replaced(String),
    /// A statement is dropped.
    Dropped,
    /// The function returns this value at once.
    Returned(&'static str),
}

/// Returns all places in a file, except in tests, in macro calls and in code that can run at
/// compile time.
pub(super) fn sites(text: &str) -> syn::Result<Vec<Site>> {
    let file = syn::parse_file(text)?;
    let mut finder = Finder {
        text,
        owner: String::new(),
        function: String::new(),
        sites: Vec::new(),
    };
    finder.visit_file(&file);
    Ok(finder.sites)
}

struct Finder<'a> {
    text: &'a str,
    /// The type of the current `impl` block.
    owner: String,
    function: String,
    sites: Vec<Site>,
}

impl Finder<'_> {
    fn text_of(&self, node: &impl Spanned) -> &str {
        &self.text[node.span().byte_range()]
    }

    /// Adds a site for a node. `at` is the part of the node that is reported.
    fn add(
        &mut self,
        operator: &'static str,
        node: &impl Spanned,
        at: &impl Spanned,
        what: String,
        kind: Kind,
    ) {
        let start = at.span().start();
        self.sites.push(Site {
            operator,
            function: self.function.clone(),
            range: node.span().byte_range(),
            line: start.line,
            column: start.column + 1,
            what,
            kind,
        });
    }

    /// Replaces an expression.
    fn replace(&mut self, operator: &'static str, node: &impl Spanned, after: &str) {
        let what = format!("`{}` is `{after}`", shortened(self.text_of(node)));
        self.add(operator, node, node, what, Kind::Replaced(after.to_owned()));
    }

    /// Replaces a part of an expression.
    fn replace_part(
        &mut self,
        operator: &'static str,
        node: &impl Spanned,
        part: &impl Spanned,
        after: &str,
    ) {
        let (whole, own) = (node.span().byte_range(), part.span().byte_range());
        let (before, rest) = (
            &self.text[whole.start..own.start],
            &self.text[own.end..whole.end],
        );
        let changed = Kind::Replaced(format!("{before}{after}{rest}"));
        let what = format!("`{}` is `{after}`", self.text_of(part));
        self.add(operator, node, part, what, changed);
    }

    /// Negates a condition, unless another operator changes it.
    fn negate(&mut self, condition: &Expr) {
        let is_changed = match condition {
            Expr::Let(_) | Expr::Lit(_) => true,
            Expr::Binary(binary) => other_operator(&binary.op).is_some(),
            _ => false,
        };
        if !is_changed {
            let own = self.text_of(condition);
            let (what, negated) = (
                format!("`{}` is negated", shortened(own)),
                format!("!({own})"),
            );
            let kind = Kind::Replaced(negated);
            self.add("condition-negated", condition, condition, what, kind);
        }
    }

    fn binary(&mut self, binary: &ExprBinary) {
        if matches!(binary.op, BinOp::And(_) | BinOp::Or(_)) {
            self.negate(&binary.left);
            self.negate(&binary.right);
        }
        // A variable that a condition binds exists only if all other conditions are met.
        if has_let(&binary.left) || has_let(&binary.right) {
            return;
        }
        if let Some((operator, other)) = other_operator(&binary.op) {
            self.replace_part(operator, binary, &binary.op, other);
        }
    }

    fn literal(&mut self, literal: &Lit) {
        match literal {
            Lit::Bool(own) => {
                self.replace("boolean-flipped", literal, &(!own.value).to_string());
            }
            Lit::Int(own) => {
                let number = own.base10_parse::<u64>().ok();
                if let Some(larger) = number.and_then(|number| number.checked_add(1)) {
                    let larger = format!("{larger}{}", own.suffix());
                    self.replace("integer-incremented", literal, &larger);
                }
            }
            Lit::Str(own) if !own.value().is_empty() => {
                self.replace("string-emptied", literal, "\"\"");
            }
            _ => {}
        }
    }

    /// Visits a function. Code of constant functions can run at compile time, so it has no faults.
    fn in_function(&mut self, signature: &Signature, block: &Block) {
        if signature.constness.is_some() {
            return;
        }
        let name = signature.ident.to_string();
        let name = match self.owner.as_str() {
            "" => name,
            owner => format!("{owner}::{name}"),
        };
        let outer = std::mem::replace(&mut self.function, name);
        if !block.stmts.is_empty() {
            let body = block.brace_token.span.open().byte_range().end;
            let start = signature.ident.span().start();
            for value in constants(&signature.output) {
                let function = self.function.clone();
                self.sites.push(Site {
                    operator: "return-replaced",
                    what: match *value {
                        "" => format!("`{function}` does nothing"),
                        value => format!("`{function}` returns `{value}`"),
                    },
                    function,
                    range: body..body,
                    line: start.line,
                    column: start.column + 1,
                    kind: Kind::Returned(value),
                });
            }
        }
        self.visit_block(block);
        self.function = outer;
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_attribute(&mut self, _: &'ast Attribute) {}
    fn visit_item_const(&mut self, _: &'ast syn::ItemConst) {}
    fn visit_item_static(&mut self, _: &'ast syn::ItemStatic) {}
    fn visit_impl_item_const(&mut self, _: &'ast syn::ImplItemConst) {}
    fn visit_trait_item_const(&mut self, _: &'ast syn::TraitItemConst) {}
    fn visit_expr_const(&mut self, _: &'ast syn::ExprConst) {}
    fn visit_generic_argument(&mut self, _: &'ast syn::GenericArgument) {}
    fn visit_variant(&mut self, _: &'ast syn::Variant) {}
    fn visit_type(&mut self, _: &'ast Type) {}

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if module.ident != "tests" {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        let owner = match item.self_ty.as_ref() {
            Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
            _ => None,
        };
        let outer = std::mem::replace(&mut self.owner, owner.unwrap_or_default());
        visit::visit_item_impl(self, item);
        self.owner = outer;
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.in_function(&function.sig, &function.block);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.in_function(&function.sig, &function.block);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(block) = &function.default {
            self.in_function(&function.sig, block);
        }
    }

    fn visit_stmt(&mut self, statement: &'ast Stmt) {
        if let Stmt::Expr(expression, Some(_)) = statement
            && has_effect(expression)
        {
            let what = format!("`{}` is missing", shortened(self.text_of(statement)));
            self.add(
                "statement-dropped",
                statement,
                statement,
                what,
                Kind::Dropped,
            );
        }
        visit::visit_stmt(self, statement);
    }

    /// Visits only the guard of a pattern.
    fn visit_pat(&mut self, pattern: &'ast Pat) {
        if let Pat::Guard(own) = pattern {
            self.negate(&own.guard);
            self.visit_expr(&own.guard);
        }
    }

    fn visit_expr_repeat(&mut self, repeat: &'ast syn::ExprRepeat) {
        self.visit_expr(&repeat.expr);
    }

    fn visit_expr(&mut self, expression: &'ast Expr) {
        match expression {
            Expr::If(own) => self.negate(&own.cond),
            Expr::While(own) => self.negate(&own.cond),
            Expr::Binary(own) => self.binary(own),
            Expr::Lit(own) => self.literal(&own.lit),
            Expr::Call(call) if is_some(&call.func) => {
                self.replace("option-emptied", expression, "None");
            }
            Expr::MethodCall(call) if call.method == "min" => {
                self.replace_part("limit-swapped", expression, &call.method, "max");
            }
            Expr::MethodCall(call) if call.method == "max" => {
                self.replace_part("limit-swapped", expression, &call.method, "min");
            }
            _ => {}
        }
        visit::visit_expr(self, expression);
    }
}

/// Returns code in one line, at most 60 characters of it.
fn shortened(code: &str) -> String {
    let line = code.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Returns true for the function `Some`.
fn is_some(function: &Expr) -> bool {
    matches!(function, Expr::Path(path) if path.path.is_ident("Some"))
}

/// Returns true for calls and assignments, without which the code may still compile.
fn has_effect(expression: &Expr) -> bool {
    match expression {
        Expr::Try(tried) => has_effect(&tried.expr),
        Expr::Await(awaited) => has_effect(&awaited.base),
        Expr::Binary(own) => matches!(own.op, BinOp::AddAssign(_) | BinOp::SubAssign(_)),
        Expr::MethodCall(_) | Expr::Call(_) | Expr::Assign(_) => true,
        _ => false,
    }
}

/// Returns true if a condition binds variables.
fn has_let(expression: &Expr) -> bool {
    match expression {
        Expr::Let(_) => true,
        Expr::Binary(own) => has_let(&own.left) || has_let(&own.right),
        _ => false,
    }
}

/// Returns the operator that replaces a binary operator, after the id of the fault.
fn other_operator(operator: &BinOp) -> Option<(&'static str, &'static str)> {
    Some(match operator {
        BinOp::And(_) => ("and-or-swapped", "||"),
        BinOp::Or(_) => ("and-or-swapped", "&&"),
        BinOp::Lt(_) => ("comparison-changed", "<="),
        BinOp::Le(_) => ("comparison-changed", "<"),
        BinOp::Gt(_) => ("comparison-changed", ">="),
        BinOp::Ge(_) => ("comparison-changed", ">"),
        BinOp::Eq(_) => ("comparison-changed", "!="),
        BinOp::Ne(_) => ("comparison-changed", "=="),
        BinOp::Add(_) => ("arithmetic-changed", "-"),
        BinOp::Sub(_) => ("arithmetic-changed", "+"),
        BinOp::Mul(_) => ("arithmetic-changed", "/"),
        BinOp::Div(_) => ("arithmetic-changed", "*"),
        _ => return None,
    })
}

/// Returns constants of a return type.
fn constants(output: &ReturnType) -> &'static [&'static str] {
    let ReturnType::Type(_, kind) = output else {
        return &[""];
    };
    let last = match kind.as_ref() {
        Type::Reference(reference) => match reference.elem.as_ref() {
            Type::Path(path) if path.path.is_ident("str") => return &["\"\""],
            _ => None,
        },
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    };
    let Some(last) = last else {
        return &[];
    };
    match last.ident.to_string().as_str() {
        "bool" => &["true", "false"],
        "Option" => &["None"],
        "String" => &["String::new()"],
        "Vec" => &["Vec::new()"],
        "Duration" => &["std::time::Duration::ZERO"],
        "u8" | "u16" | "u32" | "u64" | "usize" | "i32" | "i64" => &["0"],
        "Result" if is_unit_result(&last.arguments) => &["Ok(())"],
        _ => &[],
    }
}

/// Returns true for `fmt::Result` and `Result<(), …>`.
fn is_unit_result(arguments: &syn::PathArguments) -> bool {
    let syn::PathArguments::AngleBracketed(own) = arguments else {
        return true;
    };
    matches!(own.args.first(), Some(syn::GenericArgument::Type(Type::Tuple(tuple))) if tuple.elems.is_empty())
}
