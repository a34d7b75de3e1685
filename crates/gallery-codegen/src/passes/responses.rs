//! Reads responses with the runtime: untyped content as `Untyped` instead of a byte stream, and
//! undocumented responses as errors with status, headers and the start of the body.

use proc_macro2::Span;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Ident};

use crate::passes::edit::{Context, PassError, argument_of, each_builder, expect};
use crate::syntax::{awaited, call};

const PASS: &str = "responses";

pub(crate) fn apply(file: &mut syn::File, context: &Context<'_>) -> Result<(), PassError> {
    each_builder(PASS, file, context, |mut builder| {
        let binding = builder.binding;
        let send = builder.function(PASS, "send")?;
        let mut responses = Responses::default();
        // The last statement reads the response.
        if let Some(read) = send.block.stmts.last_mut() {
            responses.visit_stmt_mut(read);
        }
        expect(
            PASS,
            "untyped successes",
            binding,
            responses.untyped,
            usize::from(binding.responses.success.is_untyped()),
        )?;
        expect(PASS, "catch-all arms", binding, responses.undocumented, 1)?;
        let no_typed_error = responses.typed_errors == 0;
        if binding.responses.error.is_untyped() != no_typed_error {
            return expect(
                PASS,
                "typed errors",
                binding,
                responses.typed_errors,
                usize::from(!binding.responses.error.is_untyped()),
            );
        }
        Streams.visit_return_type_mut(&mut send.sig.output);
        Ok(())
    })
}

#[derive(Default)]
struct Responses {
    untyped: usize,
    undocumented: usize,
    typed_errors: usize,
}

impl VisitMut for Responses {
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

/// Replaces `ByteStream` in return types.
struct Streams;

impl VisitMut for Streams {
    fn visit_ident_mut(&mut self, ident: &mut Ident) {
        if ident == "ByteStream" {
            *ident = Ident::new("Untyped", Span::call_site());
        }
    }
}
