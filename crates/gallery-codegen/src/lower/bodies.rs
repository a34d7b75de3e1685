//! Makes every body a required JSON one. Whether it may be left out is the business of a pass over the generated code.

use openapiv3::{MediaType, ReferenceOr, RequestBody};

use crate::bindings::resolved_body;
use crate::lower::Work;
use crate::lower::prose::strip_schema;

pub(crate) fn reshape(work: &mut Work<'_>) {
    work.each_operation(|canonical, _, _, operation| {
        let Some(body) = operation.request_body.as_ref().and_then(|body| resolved_body(canonical, body)) else { return };
        let mut schema = body.content.values().next().and_then(|media| media.schema.clone());
        if let Some(schema) = &mut schema {
            strip_schema(schema);
        }
        let media = MediaType { schema, ..MediaType::default() };
        let content = [("application/json".to_owned(), media)].into_iter().collect();
        operation.request_body = Some(ReferenceOr::Item(RequestBody { required: true, content, ..RequestBody::default() }));
    });
}
