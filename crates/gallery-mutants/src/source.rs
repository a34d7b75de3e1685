//! Reads the code of a client: the descriptions of operations, the methods and setters that set
//! arguments, and the types, each with its range in the text.

use std::collections::BTreeMap;
use std::ops::Range;

use syn::visit::{self, Visit};
use syn::{
    Expr, ExprMethodCall, FnArg, ImplItem, ImplItemFn, Item, ItemImpl, Pat, ReturnType, Type,
};

use crate::declaration::{Declaration, Kind, StatusVariant, declaration};
use crate::description::{Description, Text, description, range};

/// A file of a client's code.
pub(super) struct Source<'t> {
    pub(super) text: &'t str,
    pub(super) operations: Vec<Operation>,
    pub(super) types: Vec<Declaration>,
}

/// An operation.
pub(super) struct Operation {
    pub(super) description: Description,
    /// The range of `operations::NAME` in the method.
    pub(super) reference: Range<usize>,
    /// The expression that creates the call.
    pub(super) call: Range<usize>,
    /// The arguments that the method and the setters set.
    pub(super) arguments: Vec<Argument>,
    pub(super) body: Option<Body>,
    /// The expression `self.0.send()`.
    pub(super) send: Range<usize>,
    /// The type that `send` returns.
    returned: String,
    /// The method and the setters.
    pub(super) functions: Vec<Function>,
}

/// A public function that can be deprecated.
pub(super) struct Function {
    pub(super) name: String,
    /// The start of `pub fn`.
    pub(super) start: usize,
    /// The attribute `#[deprecated]`.
    pub(super) deprecated: Option<Range<usize>>,
}

impl Function {
    fn of(function: &ImplItemFn) -> Function {
        let mut attributes = function.attrs.iter();
        let deprecated = attributes.find(|own| own.path().is_ident("deprecated"));
        Function {
            name: function.sig.ident.to_string(),
            start: range(&function.vis).start,
            deprecated: deprecated.map(range),
        }
    }
}

/// An argument: `call.set(INDEX, VALUE);`.
pub(super) struct Argument {
    pub(super) index: usize,
    pub(super) index_range: Range<usize>,
    pub(super) value: Range<usize>,
    /// The statement.
    pub(super) range: Range<usize>,
    pub(super) is_list: bool,
    /// True if a setter sets the argument.
    pub(super) is_optional: bool,
    /// The declared type of the argument.
    pub(super) declared: String,
}

/// The body of a request: `call.KIND(VALUE);`.
pub(super) struct Body {
    pub(super) kind: Text,
    pub(super) value: Range<usize>,
    pub(super) range: Range<usize>,
    pub(super) is_optional: bool,
    pub(super) declared: String,
}

impl<'t> Source<'t> {
    pub(super) fn read(text: &'t str) -> syn::Result<Source<'t>> {
        let file = syn::parse_file(text)?;
        let descriptions = items(&file.items, "operations").iter().filter_map(|item| {
            let Item::Static(item) = item else {
                return None;
            };
            description(item.ident.to_string(), &item.expr)
        });
        let mut builders: BTreeMap<String, &ItemImpl> = BTreeMap::new();
        for item in items(&file.items, "builder") {
            if let Item::Impl(block) = item {
                builders.insert(last_segment(&block.self_ty), block);
            }
        }
        // Methods of the client and of groups of methods.
        let blocks = file.items.iter().filter_map(|item| match item {
            Item::Impl(block) if block.trait_.is_none() => Some(block),
            _ => None,
        });
        let methods: BTreeMap<String, &ImplItemFn> = blocks
            .flat_map(functions)
            .filter_map(|method| Some((description_of(method)?, method)))
            .collect();
        let mut operations = Vec::new();
        for description in descriptions {
            let method = methods.get(&description.name);
            let builder = method.and_then(|method| match &method.sig.output {
                ReturnType::Type(_, kind) => builders.get(&last_segment(kind)),
                ReturnType::Default => None,
            });
            if let (Some(method), Some(builder)) = (method, builder) {
                operations.extend(operation(text, description, method, builder));
            }
        }
        let has_modules = file.items.iter().any(|item| matches!(item, Item::Mod(_)));
        // The file of shared types has no modules.
        let shared = if has_modules {
            &[]
        } else {
            file.items.as_slice()
        };
        let modules = ["types", "own_types", "responses"].map(|module| items(&file.items, module));
        let types = modules.into_iter().flatten().chain(shared);
        Ok(Source {
            text,
            operations,
            types: types.filter_map(|item| declaration(text, item)).collect(),
        })
    }
}

impl Source<'_> {
    /// Returns the variants of the enums of responses that an operation has, for successes and for
    /// errors.
    pub(super) fn variants(&self, operation: &Operation) -> Vec<&[StatusVariant]> {
        let responses = self.types.iter().filter_map(|own| match &own.kind {
            Kind::Responses(variants) => Some((&own.name, variants.as_slice())),
            _ => None,
        });
        let is_own = |name: &str| {
            let mut words = operation.returned.split(|c: char| !c.is_alphanumeric());
            words.any(|word| word == name)
        };
        let own = responses.filter(|(name, _)| is_own(name));
        own.map(|(_, variants)| variants).collect()
    }
}

fn items<'a>(items: &'a [Item], module: &str) -> &'a [Item] {
    let found = items.iter().find_map(|item| match item {
        Item::Mod(own) if own.ident == module => own.content.as_ref(),
        _ => None,
    });
    found.map(|(_, items)| items.as_slice()).unwrap_or_default()
}

fn functions(block: &ItemImpl) -> impl Iterator<Item = &ImplItemFn> {
    block.items.iter().filter_map(|item| match item {
        ImplItem::Fn(function) => Some(function),
        _ => None,
    })
}

fn last_segment(kind: &Type) -> String {
    match kind {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
    .map(|segment| segment.ident.to_string())
    .unwrap_or_default()
}

/// Finds calls of the runtime in a function.
#[derive(Default)]
struct Calls<'a> {
    found: Vec<&'a ExprMethodCall>,
    /// `Call::new(…)`.
    created: Option<&'a syn::ExprCall>,
}

impl<'a> Visit<'a> for Calls<'a> {
    fn visit_expr_method_call(&mut self, call: &'a ExprMethodCall) {
        self.found.push(call);
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_call(&mut self, call: &'a syn::ExprCall) {
        let is_new = |path: &syn::ExprPath| {
            let mut names = path.path.segments.iter().map(|segment| &segment.ident);
            names.next().is_some_and(|name| name == "Call") && names.next().is_some()
        };
        if matches!(call.func.as_ref(), Expr::Path(path) if is_new(path)) {
            self.created = Some(call);
        }
        visit::visit_expr_call(self, call);
    }
}

/// Returns the name of the description in `Call::new(…, &operations::NAME)`.
fn description_of(method: &ImplItemFn) -> Option<String> {
    let mut calls = Calls::default();
    calls.visit_block(&method.block);
    match calls.created?.args.last()? {
        Expr::Reference(reference) => match reference.expr.as_ref() {
            Expr::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
            _ => None,
        },
        _ => None,
    }
}

fn operation(
    text: &str,
    description: Description,
    method: &ImplItemFn,
    builder: &ItemImpl,
) -> Option<Operation> {
    let mut own = Calls::default();
    own.visit_block(&method.block);
    let call = own.created?;
    let reference = match call.args.last()? {
        Expr::Reference(reference) => range(&reference.expr),
        _ => return None,
    };
    let (mut arguments, mut body) = (Vec::new(), None);
    read_arguments(text, method, &own, false, &mut arguments, &mut body);
    let mut declared = vec![Function::of(method)];
    let (mut send, mut returned) = (None, String::new());
    for function in functions(builder) {
        let mut calls = Calls::default();
        calls.visit_block(&function.block);
        if function.sig.ident != "send" {
            declared.push(Function::of(function));
        }
        match function.sig.ident.to_string().as_str() {
            "send" => {
                send = function.block.stmts.first().map(range);
                returned = text[range(&function.sig.output)].to_owned();
            }
            "stream" | "pages" | "download_range" | "events" => {}
            _ => read_arguments(text, function, &calls, true, &mut arguments, &mut body),
        }
    }
    Some(Operation {
        description,
        reference,
        call: range(call),
        arguments,
        body,
        send: send?,
        returned,
        functions: declared,
    })
}

/// Reads the arguments that a function sets.
fn read_arguments(
    text: &str,
    function: &ImplItemFn,
    calls: &Calls<'_>,
    is_optional: bool,
    arguments: &mut Vec<Argument>,
    body: &mut Option<Body>,
) {
    let declared = |value: &Range<usize>| {
        let written = text[value.clone()].trim_start_matches('&');
        let inputs = function.sig.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(input) => Some(input),
            FnArg::Receiver(_) => None,
        });
        let own = inputs.into_iter().find(|input| match input.pat.as_ref() {
            Pat::Ident(name) => {
                let rest = written.strip_prefix(&name.ident.to_string());
                rest.is_some_and(|rest| {
                    !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_')
                })
            }
            _ => false,
        });
        own.map(|input| text[range(&input.ty)].to_owned())
            .unwrap_or_default()
    };
    for call in &calls.found {
        let name = call.method.to_string();
        // The statement with its semicolon.
        let whole = range(*call).start..range(*call).end + 1;
        match (name.as_str(), call.args.first(), call.args.last()) {
            ("set" | "set_list", Some(index), Some(value)) => {
                let (index_range, value) = (range(index), range(value));
                arguments.push(Argument {
                    index: text[index_range.clone()].parse().unwrap_or_default(),
                    declared: declared(&value),
                    index_range,
                    value,
                    range: whole,
                    is_list: name == "set_list",
                    is_optional,
                });
            }
            ("json" | "form" | "multipart" | "bytes", Some(value), _) => {
                let value = range(value);
                *body = Some(Body {
                    kind: Text {
                        value: name,
                        range: range(&call.method),
                    },
                    declared: declared(&value),
                    value,
                    range: whole,
                    is_optional,
                });
            }
            _ => {}
        }
    }
}
