//! Writes the heads of functions and their return types.

use std::fmt::Write as _;

use crate::code::response_types::ResponseBody;
use crate::code::runtime_names::RuntimeNames;
use crate::code::signatures::Signature;
use crate::code::text::WIDTH;

/// Writes a signature and the opening brace.
pub(super) fn write_head(out: &mut String, name: &str, arguments: &[String], returned: &str) {
    let line = format!("    {name}({}) -> {returned} {{", arguments.join(", "));
    if line.len() <= WIDTH {
        let _ = writeln!(out, "{line}");
        return;
    }
    let _ = writeln!(out, "    {name}(");
    for argument in arguments {
        let _ = writeln!(out, "        {argument},");
    }
    let _ = writeln!(out, "    ) -> {returned} {{");
}

/// Returns the type of the future of a response.
pub(super) fn future(success: &str, error: &str, names: &RuntimeNames) -> String {
    let result = format!(
        "Output = Result<{}<{success}>, {}<{error}>>",
        names.get("ResponseValue"),
        names.get("Error")
    );
    let future = names.get("Future");
    match result.len() + future.len() + "    ) -> impl <> {".len() <= WIDTH {
        true => format!("impl {future}<{result}>"),
        false => format!("impl {future}<\n        {result},\n    >"),
    }
}

/// Returns the types of successful and of error responses.
pub(super) fn response_types(signature: &Signature, names: &RuntimeNames) -> (String, String) {
    let text = |body: &ResponseBody| body.text("super::", &names.get("Untyped"));
    (text(&signature.success), text(&signature.error))
}
