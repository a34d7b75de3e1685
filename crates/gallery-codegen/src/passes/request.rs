//! Writes requests: in `send`, replaces the code between arguments and response by calls of the
//! runtime, one per part of the request.

use syn::{Expr, Stmt, parse_quote};

use crate::bindings::{BODY, BodyBinding, OperationBinding};
use crate::parameters::{ParameterBinding, ParameterLocation};
use crate::passes::edit::{Context, PassError, each_builder, expect, ident_of, is_path};
use crate::route::Part;
use crate::security::Scheme;
use crate::syntax::{
    awaited, boolean, borrowed, call, define, define_mut, field, ident, if_some, method, name,
    slice, statement, text, tried, tuple,
};
use crate::wire::{BodyKind, Style};

const PASS: &str = "request";

pub(crate) fn apply(file: &mut syn::File, context: &Context<'_>) -> Result<(), PassError> {
    each_builder(PASS, file, context, |mut builder| {
        let binding = builder.binding;
        let statements = &mut builder.function(PASS, "send")?.block.stmts;
        let arguments = statements
            .iter()
            .filter(|statement| is_argument(statement))
            .count();
        let expected = binding.parameters.len() + usize::from(binding.body.is_some());
        expect(PASS, "arguments", binding, arguments, expected)?;
        let response = statements.last().and_then(response_name);
        expect(
            PASS,
            "responses",
            binding,
            usize::from(response.is_some()),
            1,
        )?;
        let (Some(response), Some(last)) = (response, statements.pop()) else {
            return Ok(());
        };
        // The first statement destructures the builder.
        statements.truncate(1 + arguments);
        let request_name = unused("request", binding);
        let mut arguments = statements.split_off(1);
        for argument in &mut arguments {
            name_operation(argument, &request_name);
        }
        statements.extend(begin(binding, &request_name));
        statements.append(&mut arguments);
        statements.extend(request(binding, &request_name, &response));
        statements.push(last);
        Ok(())
    })
}

/// Returns true if a statement is `let id = id.map_err(Error::InvalidRequest)?;`.
fn is_argument(statement: &Stmt) -> bool {
    let Stmt::Local(local) = statement else {
        return false;
    };
    let Some(init) = &local.init else {
        return false;
    };
    let Expr::Try(tried) = init.expr.as_ref() else {
        return false;
    };
    let Expr::MethodCall(call) = tried.expr.as_ref() else {
        return false;
    };
    call.method == "map_err"
        && call
            .args
            .first()
            .is_some_and(|argument| is_path(argument, "Error::InvalidRequest"))
}

/// Replaces `Error::InvalidRequest` by an error that names the operation.
fn name_operation(argument: &mut Stmt, request: &str) {
    let Stmt::Local(local) = argument else { return };
    let Some(init) = &mut local.init else { return };
    let Expr::Try(tried) = init.expr.as_mut() else {
        return;
    };
    let Expr::MethodCall(call) = tried.expr.as_mut() else {
        return;
    };
    let request = ident(request);
    if let Some(error) = call.args.first_mut() {
        *error = parse_quote!(|reason| #request.invalid(reason));
    }
}

/// Returns `response` if the statement is `match response.status().as_u16() { … }`.
fn response_name(statement: &Stmt) -> Option<String> {
    let Stmt::Expr(Expr::Match(matched), _) = statement else {
        return None;
    };
    let Expr::MethodCall(number) = matched.expr.as_ref() else {
        return None;
    };
    let Expr::MethodCall(status) = number.receiver.as_ref() else {
        return None;
    };
    (number.method == "as_u16" && status.method == "status")
        .then(|| ident_of(&status.receiver).map(ToString::to_string))
        .flatten()
}

/// Defines the operation and its request.
fn begin(binding: &OperationBinding, request: &str) -> [Stmt; 2] {
    let info = unused("info", binding);
    let begun = method(start(binding), "for_operation", [borrowed(name(&info))]);
    [
        define(&info, operation_info(binding)),
        define_mut(request, begun),
    ]
}

fn request(binding: &OperationBinding, request: &str, response: &str) -> Vec<Stmt> {
    let info = unused("info", binding);
    let parts = binding.route.parts.iter().filter_map(|part| match part {
        Part::Literal(literal) => {
            Some(statement(method(name(request), "literal", [text(literal)])))
        }
        Part::Variable(variable) => {
            let parameter = binding
                .of(ParameterLocation::Path)
                .find(|parameter| parameter.name == *variable);
            parameter.map(|parameter| argument(parameter, request))
        }
    });
    let mut statements: Vec<Stmt> = parts.collect();
    statements.extend(binding.constants.iter().map(|constant| {
        let (part, style, explode) = match constant.location {
            ParameterLocation::Header => ("header", Style::Simple, false),
            _ => ("query", Style::Form, true),
        };
        put(
            request,
            part,
            [
                text(&constant.name),
                style.expression(),
                boolean(explode),
                text(&constant.value),
            ],
        )
    }));
    let arguments = binding
        .parameters
        .iter()
        .filter(|parameter| parameter.location != ParameterLocation::Path);
    statements.extend(arguments.map(|parameter| argument(parameter, request)));
    if !binding.responses.accept.is_empty() {
        statements.push(put(
            request,
            "accept",
            [text(&binding.responses.accept.join(", "))],
        ));
    }
    statements.extend(binding.body.as_ref().map(|body| sent_body(body, request)));
    let sent = method(
        transport(),
        "send",
        [
            tried(method(name(request), "build", [])),
            borrowed(name(&info)),
        ],
    );
    statements.push(define(response, tried(awaited(sent))));
    statements
}

fn transport() -> Expr {
    field(name("client"), "transport")
}

/// Returns `request.part(arguments)?;`.
fn put(request: &str, part: &str, arguments: impl IntoIterator<Item = Expr>) -> Stmt {
    statement(tried(method(name(request), part, arguments)))
}

/// Returns the expression that starts a request to the base URL or the operation's server.
fn start(binding: &OperationBinding) -> Expr {
    let http_method = name(&format!(
        "gallery_runtime::reqwest::Method::{}",
        binding.http_method.name()
    ));
    let Some(server) = &binding.server else {
        return method(transport(), "request", [http_method]);
    };
    let default = server
        .default
        .as_ref()
        .map_or_else(|| name("None"), |default| call("Some", [text(default)]));
    method(
        transport(),
        "request_to",
        [http_method, text(&server.url), default],
    )
}

/// Returns the `OperationInfo` expression, for middleware, traces, retries and credentials.
fn operation_info(binding: &OperationBinding) -> Expr {
    let mut plain = call(
        "OperationInfo::new",
        [text(&binding.method), text(&binding.path)],
    );
    if binding.has_side_effects {
        plain = method(plain, "with_side_effects", []);
    }
    let Some(alternatives) = &binding.security else {
        return plain;
    };
    let alternatives = alternatives
        .iter()
        .map(|all| slice(all.iter().map(Scheme::expression)));
    method(plain, "with_security", [slice(alternatives)])
}

fn argument(parameter: &ParameterBinding, request: &str) -> Stmt {
    let value = borrowed(name(&parameter.setter));
    if parameter.allows_slashes {
        return put(request, "path_with_slashes", [text(&parameter.name), value]);
    }
    // Lowering rejects parameters without a style.
    let (style, explode) = parameter.style.unwrap_or((Style::Simple, false));
    let explode = (parameter.location != ParameterLocation::Cookie).then(|| boolean(explode));
    let arguments = [text(&parameter.key), style.expression()]
        .into_iter()
        .chain(explode);
    put(request, parameter.location.key(), arguments.chain([value]))
}

fn sent_body(body: &BodyBinding, request: &str) -> Stmt {
    // A range such as `image/*` cannot be sent.
    let media_type = text(if body.media_type.contains('*') {
        ""
    } else {
        &body.media_type
    });
    let value = if body.required {
        borrowed(name(BODY))
    } else {
        name(BODY)
    };
    let send = match &body.kind {
        BodyKind::Json => put(request, "json", [media_type, value]),
        BodyKind::Form(fields) => {
            let fields = fields.iter().map(|(name, style, explode)| {
                tuple([text(name), style.expression(), boolean(*explode)])
            });
            put(request, "form", [media_type, slice(fields), value])
        }
        BodyKind::Multipart => put(request, "multipart", [value]),
        BodyKind::Bytes => put(request, "bytes", [media_type, value]),
    };
    if body.required {
        send
    } else {
        if_some(BODY, borrowed(name(BODY)), vec![send])
    }
}

/// Returns a variable name that no argument has.
fn unused(name: &str, binding: &OperationBinding) -> String {
    let mut name = name.to_owned();
    while binding.by_setter(&name).is_some() {
        name.push('_');
    }
    name
}
