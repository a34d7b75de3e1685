//! Reads answers with the runtime: content without a schema as `Untyped` instead of a stream, and every other status as an error
//! that keeps status, headers and the beginning of the body.

use proc_macro2::Span;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Ident};

use crate::passes::{Context, PassError, argument_of, each_builder, expect};
use crate::tree::{awaited, call};

const PASS: &str = "answers";

pub(crate) fn apply(file: &mut syn::File, context: &Context<'_>) -> Result<(), PassError> {
    each_builder(PASS, file, context, |mut builder| {
        let binding = builder.binding;
        let send = builder.function(PASS, "send")?;
        let mut answers = Answers::default();
        // The answer is read at the end; before it stands the request.
        if let Some(read) = send.block.stmts.last_mut() {
            answers.visit_stmt_mut(read);
        }
        expect(
            PASS,
            "untyped successes",
            binding,
            answers.untyped,
            usize::from(binding.answers.success.is_untyped()),
        )?;
        expect(PASS, "catch-all arms", binding, answers.undocumented, 1)?;
        let no_typed_error = answers.typed_errors == 0;
        if binding.answers.error.is_untyped() != no_typed_error {
            return expect(
                PASS,
                "typed errors",
                binding,
                answers.typed_errors,
                usize::from(!binding.answers.error.is_untyped()),
            );
        }
        Streams.visit_return_type_mut(&mut send.sig.output);
        Ok(())
    })
}

#[derive(Default)]
struct Answers {
    untyped: usize,
    undocumented: usize,
    typed_errors: usize,
}

impl VisitMut for Answers {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        if let Some(response) = argument_of(expression, "Ok")
            .and_then(|value| argument_of(value, "ResponseValue::stream"))
        {
            *expression = awaited(call("ResponseValue::untyped", [response.clone()]));
            self.untyped += 1;
            return;
        }
        let error = argument_of(expression, "Err");
        if let Some(response) =
            error.and_then(|error| argument_of(error, "Error::UnexpectedResponse"))
        {
            *expression = call(
                "Err",
                [awaited(call("Error::undocumented", [response.clone()]))],
            );
            self.undocumented += 1;
            return;
        }
        if let Some(value) = error.and_then(|error| argument_of(error, "Error::ErrorResponse")) {
            let value = match argument_of(value, "ResponseValue::stream") {
                Some(response) => awaited(call("ResponseValue::untyped_error", [response.clone()])),
                None => {
                    self.typed_errors += 1;
                    value.clone()
                }
            };
            *expression = call("Err", [call("Error::documented", [value])]);
            return;
        }
        visit_mut::visit_expr_mut(self, expression);
    }
}

/// The types that are returned; also progenitor's `()` for errors of operations that document none.
struct Streams;

impl VisitMut for Streams {
    fn visit_ident_mut(&mut self, ident: &mut Ident) {
        if ident == "ByteStream" {
            *ident = Ident::new("Untyped", Span::call_site());
        }
    }
}
