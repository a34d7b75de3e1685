//! Writes the static descriptions of operations.

use std::fmt::Write as _;

use crate::bindings::OperationBinding;
use crate::code::pages::pagination;
use crate::code::text::{WIDTH, string};
use crate::events::EventContent;
use crate::parameters::{ParameterBinding, ParameterLocation};
use crate::route::Part;
use crate::security::Scheme;
use crate::statuses::Statuses;
use crate::wire::{BodyKind, Style};

/// Returns the name of the static variable that describes an operation.
pub(crate) fn description_name(binding: &OperationBinding) -> String {
    binding.method.to_uppercase()
}

/// Writes the static variable that describes an operation.
pub(crate) fn write_description(out: &mut String, binding: &OperationBinding) {
    let mut lines = Vec::new();
    let path = encoded_path(binding);
    if path != binding.path {
        lines.push(format!(".encoded_path({})", string(&path)));
    }
    if let Some(server) = &binding.server {
        lines.push(format!(
            ".server({}, {:?})",
            string(&server.url),
            server.default
        ));
    }
    if !binding.constants.is_empty() {
        let constants = binding.constants.iter().map(|constant| {
            let parameter = parameter(constant.location, &constant.name);
            format!("({parameter}, {})", string(&constant.value))
        });
        lines.push(list("constants", constants));
    }
    if !binding.parameters.is_empty() {
        lines.push(list("parameters", binding.parameters.iter().map(described)));
    }
    if let Some(body) = &binding.body {
        // A range such as `image/*` cannot be sent.
        let media_type = match body.media_type.contains('*') || body.kind == BodyKind::Multipart {
            true => "",
            false => &body.media_type,
        };
        if !media_type.is_empty() {
            lines.push(format!(".body({})", string(media_type)));
        }
        if let BodyKind::Form(fields) = &body.kind
            && !fields.is_empty()
        {
            let fields = fields.iter().map(|(name, style, explode)| {
                format!("({}, Style::{style:?}, {explode})", string(name))
            });
            lines.push(list("fields", fields));
        }
    }
    if let Some(pages) = &binding.pages {
        lines.push(format!(".pages({})", pagination(pages)));
    }
    if let Some(events) = &binding.events {
        let method = match events.content {
            EventContent::Text => "text_events",
            EventContent::Json(_) | EventContent::Untyped => "events",
        };
        lines.push(format!(".{method}({})", string(&events.media_type)));
    }
    if binding.has_side_effects {
        lines.push(".side_effects()".to_owned());
    }
    if let Some(alternatives) = &binding.security {
        let alternatives = alternatives.iter().map(|all| {
            let all: Vec<String> = all.iter().map(Scheme::text).collect();
            format!("&[{}]", all.join(", "))
        });
        lines.push(list("security", alternatives));
    }
    if !binding.responses.accept.is_empty() {
        let accept = binding.responses.accept.join(", ");
        lines.push(format!(".accept({})", string(&accept)));
    }
    let responses = &binding.responses;
    for (name, kind) in [
        ("successes", &responses.success),
        ("errors", &responses.error),
    ] {
        if let Some(statuses) = &kind.statuses {
            lines.push(format!(".{name}({})", statuses.text()));
        }
    }
    for (name, statuses) in [
        ("empty", [&responses.success.empty, &responses.error.empty]),
        ("text", [&responses.success.text, &responses.error.text]),
        (
            "not_text",
            [&responses.success.not_text, &responses.error.not_text],
        ),
    ] {
        let statuses = Statuses::joined(statuses);
        if !statuses.is_empty() {
            lines.push(format!(".{name}({})", statuses.text()));
        }
    }
    let name = description_name(binding);
    let new = format!(
        "Operation::new({}, {}, {})",
        string(&binding.method),
        string(binding.http_method.name()),
        string(&binding.path)
    );
    let mut text = format!("pub(super) static {name}: Operation = {new}");
    if text.len() >= WIDTH || !lines.is_empty() {
        text = format!("pub(super) static {name}: Operation =\n    {new}");
    }
    for line in &lines {
        for line in line.lines() {
            text.push_str("\n        ");
            text.push_str(line);
        }
    }
    let _ = writeln!(out, "{text};");
}

/// Returns `.name(&[items])`, on one line if it is short enough.
fn list(name: &str, items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.collect();
    let line = format!(".{name}(&[{}])", items.join(", "));
    if line.len() + 8 <= WIDTH {
        return line;
    }
    let items: String = items.iter().map(|item| format!("    {item},\n")).collect();
    format!(".{name}(&[\n{items}])")
}

/// Returns the path with encoded literals.
fn encoded_path(binding: &OperationBinding) -> String {
    let parts = binding.route.parts.iter().map(|part| match part {
        Part::Literal(text) => text.clone(),
        Part::Variable(name) => format!("{{{name}}}"),
    });
    parts.collect()
}

fn parameter(location: ParameterLocation, name: &str) -> String {
    format!("Parameter::{}({})", location.key(), string(name))
}

/// Returns the expression that describes a parameter.
fn described(binding: &ParameterBinding) -> String {
    let mut text = parameter(binding.location, &binding.key);
    if binding.allows_slashes {
        return text + ".with_slashes()";
    }
    // Lowering rejects parameters without a style.
    let styled = binding.style.unwrap_or((Style::Simple, false));
    let is_default = match binding.location {
        ParameterLocation::Query => styled == (Style::Form, true),
        ParameterLocation::Cookie => styled.0 == Style::Form,
        ParameterLocation::Path | ParameterLocation::Header => styled == (Style::Simple, false),
    };
    if !is_default {
        let (style, explode) = styled;
        text.push_str(&format!(".style(Style::{style:?}, {explode})"));
    }
    text
}
