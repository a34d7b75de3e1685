//! Leaves one kind of success and one kind of error: a typed one under the statuses that have it, or the content as it is under
//! every status of the kind (progenitor's byte stream, which a pass turns into `Untyped`).

use openapiv3::{MediaType, ReferenceOr, Response, Responses, StatusCode};

use crate::answers::AnswerKind;
use crate::lower::Work;
use crate::lower::prose::strip_schema;

pub(crate) fn reshape(work: &mut Work<'_>) {
    work.each_operation(|_, _, binding, operation| {
        let mut responses = Responses::default();
        add(&mut responses, &binding.answers.success, &[StatusCode::Range(2)]);
        add(&mut responses, &binding.answers.error, &[StatusCode::Range(4), StatusCode::Range(5)]);
        operation.responses = responses;
    });
}

fn add(responses: &mut Responses, kind: &AnswerKind, every: &[StatusCode]) {
    let (statuses, media_type, schema) = match kind {
        AnswerKind::Untyped => (every.to_vec(), "*/*", None),
        AnswerKind::Typed { statuses, schema } => {
            let mut schema = schema.as_ref().clone();
            strip_schema(&mut schema);
            let statuses = statuses.as_ref().map(|codes| codes.iter().copied().map(StatusCode::Code).collect());
            (statuses.unwrap_or_else(|| every.to_vec()), "application/json", Some(schema))
        }
    };
    for status in statuses {
        let content = [(media_type.to_owned(), MediaType { schema: schema.clone(), ..MediaType::default() })];
        let response = Response { content: content.into_iter().collect(), ..Response::default() };
        responses.responses.insert(status, ReferenceOr::Item(response));
    }
}
