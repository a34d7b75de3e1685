//! Documents the streams of paginated operations.

use crate::bindings::OperationBinding;
use crate::code::Signature;
use crate::markdown;
use crate::pages::{CursorSource, PageParameter, PageStep, PagesBinding};

/// Documents the method `stream`.
pub(super) fn stream(
    binding: &OperationBinding,
    signature: &Signature,
    pages: &PagesBinding,
) -> String {
    let required = signature.required.iter();
    let mut arguments: Vec<&str> = required.map(|argument| argument.name.as_str()).collect();
    let body = signature.body.as_ref().filter(|body| body.is_required);
    arguments.extend(body.map(|_| "body"));
    let order = order(pages);
    format!(
        "Returns the items of all pages as a [`Stream`](gallery_runtime::Stream).\n\
         \n\
         {order}\n\
         \n\
         # Example\n\
         \n\
         ```text\n\
         let mut items = client.{method}({arguments}).stream();\n\
         while let Some(item) = items.next().await {{\n\
         \u{20}   println!(\"{{:?}}\", item?);\n\
         }}\n\
         ```\n",
        method = binding.call_path(),
        arguments = arguments.join(", "),
    )
}

/// Documents the method `pages`.
pub(super) fn pages() -> String {
    "Returns all pages as a [`Stream`](gallery_runtime::Stream), each with its status and headers. \
     The pages are those of [`stream`](Self::stream).\n"
        .to_owned()
}

/// Names a parameter, or a part of the body.
fn place(parameter: &PageParameter) -> String {
    let name = markdown::code(parameter.name());
    match parameter {
        PageParameter::Parameter(..) => name,
        PageParameter::Body(_) => format!("{name} of the body"),
    }
}

/// Describes the first and the last page, and the way from one to the next.
fn order(pages: &PagesBinding) -> String {
    let code = markdown::code;
    let more = pages.more.as_deref().map(code);
    let size = pages.size.as_ref().map(|size| {
        let max = size
            .max
            .map_or_else(String::new, |max| format!(", at most {max}"));
        let name = place(&size.parameter);
        format!("{name} (by default {}{max})", size.default)
    });
    let (start, next) = match &pages.step {
        PageStep::Number { parameter, first } => {
            let start = format!("Starts at {}, by default {first}.", place(parameter));
            (start, None)
        }
        PageStep::Offset(parameter) => {
            let start = format!("Starts after {} items, by default 0.", place(parameter));
            (start, None)
        }
        PageStep::Cursor { parameter, source } => {
            let start = format!(
                "Starts at {}, by default at the first page.",
                place(parameter)
            );
            let source = match source {
                CursorSource::Body(pointer) => format!("{} of the response", code(pointer)),
                CursorSource::Header(name) => format!("the header {}", code(name)),
                CursorSource::LastItem(pointer) if pointer.is_empty() => "the last item".to_owned(),
                CursorSource::LastItem(pointer) => format!("{} of the last item", code(pointer)),
            };
            (
                start,
                Some(format!("The cursor of the next page is {source}.")),
            )
        }
        PageStep::Link(relation) => {
            let next = format!(
                "The link to the next page is in the header `Link`, with the relation {}.",
                code(relation)
            );
            ("Starts at the first page.".to_owned(), Some(next))
        }
        PageStep::Url(pointer) => {
            let next = format!(
                "The link to the next page is {} of the response.",
                code(pointer)
            );
            ("Starts at the first page.".to_owned(), Some(next))
        }
    };
    let is_numbered = next.is_none();
    let is_last = matches!(
        &pages.step,
        PageStep::Cursor {
            source: CursorSource::LastItem(_),
            ..
        }
    );
    let end = match (&more, &pages.total, &size) {
        (Some(more), ..) => format!("after a page whose {more} is false"),
        (None, Some(total), _) => format!("after as many items as {} says", code(total)),
        (None, None, Some(size)) if is_numbered || is_last => {
            format!("after a page with fewer items than {size}")
        }
        (None, None, None) if is_numbered || is_last => "after an empty page".to_owned(),
        _ => "after a page without a next one".to_owned(),
    };
    let repeated = match (is_numbered, &more) {
        (true, None) => ", after an empty or repeated page,",
        (true, Some(_)) => ", after a repeated page,",
        (false, _) => "",
    };
    let next = next.map_or_else(String::new, |next| format!(" {next}"));
    format!("{start}{next} Ends {end}{repeated} or after an error.")
}
