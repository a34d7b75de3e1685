//! Leaves one kind of success and one kind of error: a typed one under the statuses that have it, or the content as it is under
//! every status of the kind (progenitor's byte stream, which a pass turns into `Untyped`).

use openapiv3::{MediaType, ReferenceOr, Response, Responses, StatusCode};

use crate::answers::AnswerKind;
use crate::bindings::OperationBinding;
use crate::lower::Work;
use crate::lower::schemas::Spot;

pub(crate) fn reshape(work: &mut Work<'_>) {
    for (at, binding) in work.bindings.operations.iter().enumerate() {
        let mut responses = Responses::default();
        let (success, error) = (&binding.answers.success, &binding.answers.error);
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
        work.operations[at].responses = responses;
    }
}

fn add(
    work: &mut Work<'_>,
    responses: &mut Responses,
    (binding, what): (&OperationBinding, &str),
    kind: &AnswerKind,
    every: &[StatusCode],
) {
    let (statuses, media_type, schema) = match kind {
        AnswerKind::Untyped => (every.to_vec(), "*/*", None),
        AnswerKind::Typed {
            statuses,
            pointer,
            schema,
        } => {
            let spot = Spot::new(
                format!("{}/responses/{pointer}", binding.pointer),
                format!("{} {what}", binding.method),
            );
            let schema = work.schemas.lower(&spot, schema);
            let statuses = statuses
                .as_ref()
                .map(|codes| codes.iter().copied().map(StatusCode::Code).collect());
            (
                statuses.unwrap_or_else(|| every.to_vec()),
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
