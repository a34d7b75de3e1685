//! Reduces responses to one type of success and one type of error.
//!
//! An untyped response has the media type `*/*`, a byte stream for progenitor. Its type in
//! generated code is `Untyped`.

use openapiv3::{MediaType, ReferenceOr, Response, Responses, StatusCode};

use crate::bindings::OperationBinding;
use crate::lower::schemas::SchemaLocation;
use crate::lower::work::Work;
use crate::responses::ResponseType;

pub(crate) fn reshape(work: &mut Work<'_>) {
    for (index, binding) in work.bindings.operations.iter().enumerate() {
        let mut responses = Responses::default();
        let (success, error) = (&binding.responses.success, &binding.responses.error);
        add(
            work,
            &mut responses,
            (binding, "response"),
            success,
            &[StatusCode::Range(2)],
        );
        add(
            work,
            &mut responses,
            (binding, "failure"),
            error,
            &[StatusCode::Range(4), StatusCode::Range(5)],
        );
        work.operations[index].responses = responses;
    }
}

fn add(
    work: &mut Work<'_>,
    responses: &mut Responses,
    (binding, suffix): (&OperationBinding, &str),
    kind: &ResponseType,
    all: &[StatusCode],
) {
    let (statuses, media_type, schema) = match kind {
        ResponseType::Untyped => (all.to_vec(), "*/*", None),
        ResponseType::Typed {
            statuses, pointer, ..
        } => {
            let location = SchemaLocation::new(
                format!("{}/responses/{pointer}", binding.pointer),
                format!("{} {suffix}", binding.method),
            );
            let schema = work.schemas.lower_at(location);
            let statuses = statuses
                .as_ref()
                .map(|codes| codes.iter().copied().map(StatusCode::Code).collect());
            (
                statuses.unwrap_or_else(|| all.to_vec()),
                "application/json",
                Some(schema),
            )
        }
    };
    for status in statuses {
        let content = [(
            media_type.to_owned(),
            MediaType {
                schema: schema.clone(),
                ..MediaType::default()
            },
        )];
        let response = Response {
            content: content.into_iter().collect(),
            ..Response::default()
        };
        responses
            .responses
            .insert(status, ReferenceOr::Item(response));
    }
}
