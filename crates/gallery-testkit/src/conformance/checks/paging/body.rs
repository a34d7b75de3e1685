//! The bodies of pages.

use serde_json::{Value, json};

use crate::conformance::checks::context::CheckContext;
use crate::document::{CursorPlace, Document, Paging, PagingStep};
use crate::pointer::{escape, set, unescape};
use crate::sample::{self, ANY_NUMBER, ANY_TEXT};
use crate::schema::{Direction, Validator};
use crate::server::{change, last_page_forms};

/// Makes the bodies of pages.
#[derive(Clone)]
pub(super) struct Bodies {
    /// A page with everything that is documented.
    whole: Value,
    item: Value,
    /// The pointer of a part of each item that differs. `None` if only a few values are valid.
    mark: Option<String>,
    paging: Paging,
    pub(super) status: u16,
}

impl Bodies {
    pub(super) fn new(context: &CheckContext<'_>, paging: &Paging) -> Result<Bodies, String> {
        let schema = context.endpoint.success_schema();
        let schema = schema.ok_or("the pages have no schema")?;
        let document = context.document;
        let whole = sample::value(document, schema, 1);
        let own = item_schema(document, schema, &paging.items);
        let listed = || whole.pointer(&paging.items)?.get(0).cloned();
        let item = own.map(|own| sample::value(document, &own, 1));
        let item = item.or_else(listed);
        let item = item.ok_or("the pages have no items with a schema")?;
        let mark = match &paging.step {
            PagingStep::Cursor {
                place: CursorPlace::LastItem(pointer),
                ..
            } => Some(pointer.clone()),
            _ => mark(&item),
        };
        Ok(Bodies {
            item,
            mark,
            paging: paging.clone(),
            status: context.success_status(),
            whole,
        })
    }

    /// Returns true if items can differ.
    pub(super) fn can_differ(&self) -> bool {
        self.mark.is_some()
    }

    /// Returns items that all differ, if they can.
    pub(super) fn items(&self, count: usize) -> Vec<Value> {
        let marked = |number: usize| {
            let mut item = self.item.clone();
            if let Some(mark) = &self.mark {
                let is_number = item.pointer(mark).is_some_and(Value::is_number);
                let value = match is_number {
                    true => json!(number + 1),
                    false => json!(format!("item {number}")),
                };
                set(&mut item, mark, value);
            }
            item
        };
        (0..count).map(marked).collect()
    }

    /// Returns the part of an item that is the next cursor.
    pub(super) fn cursor_of(&self, item: &Value) -> Value {
        self.mark
            .as_ref()
            .and_then(|mark| item.pointer(mark))
            .cloned()
            .unwrap_or_default()
    }

    /// Returns a page.
    pub(super) fn page(&self, items: &[Value], more: bool, total: usize) -> Value {
        let mut page = self.whole.clone();
        set(&mut page, &self.paging.items, json!(items));
        if let Some(pointer) = &self.paging.more {
            set(&mut page, pointer, json!(more));
        }
        if let Some(pointer) = &self.paging.total {
            set(&mut page, pointer, json!(total));
        }
        page
    }

    /// Returns a page with the next cursor or link in its body.
    pub(super) fn linked(mut page: Value, pointer: &str, next: Value) -> Value {
        set(&mut page, pointer, next);
        page
    }

    /// Returns the documented forms of a last page, whose next cursor is null, empty or absent.
    pub(super) fn last_pages(
        &self,
        context: &CheckContext<'_>,
        items: &[Value],
        pointer: &str,
    ) -> Vec<Value> {
        let validator = Validator::new(context.document, Direction::Response);
        let schema = context.endpoint.success_schema().cloned();
        let schema = schema.unwrap_or_default();
        let with = |form: Option<Value>| {
            let mut page = self.page(items, false, items.len());
            change(&mut page, pointer, form);
            page
        };
        // The items have values that not every schema allows.
        let without = validator.is_valid(&schema, &self.whole);
        let is_valid = |page: &Value| !without || validator.is_valid(&schema, page);
        let forms = last_page_forms(&self.whole, pointer, is_valid);
        let mut pages: Vec<Value> = forms.map(with).collect();
        if pages.is_empty() {
            pages.push(with(Some(json!(""))));
        }
        pages
    }

    /// Returns true if the body has a number at a pointer.
    pub(super) fn has_number(&self, pointer: &str) -> bool {
        self.whole.pointer(pointer).is_some_and(Value::is_number)
    }
}

/// Returns the schema of the items of a list, unless alternatives are on the way.
fn item_schema(document: &Document, schema: &Value, items: &str) -> Option<Value> {
    let flat = |schema: &Value| sample::flat(document, schema);
    let mut names = items.split('/').skip(1).map(unescape);
    let list = names.try_fold(flat(schema), |schema, name| {
        Some(flat(schema.get("properties")?.get(&*name)?))
    });
    list?.get("items").cloned()
}

/// Returns the pointer of a text that may be any text, or of a number that may be any number.
fn mark(item: &Value) -> Option<String> {
    let (text, number) = (json!(ANY_TEXT), json!(ANY_NUMBER));
    let find = |wanted: &Value| pointer_of(item, wanted, 3);
    find(&text).or_else(|| find(&number))
}

/// Returns the pointer of a value inside another one.
fn pointer_of(value: &Value, wanted: &Value, depth: usize) -> Option<String> {
    if value == wanted {
        return Some(String::new());
    }
    let properties = value.as_object().filter(|_| depth > 0);
    properties.into_iter().flatten().find_map(|(name, inner)| {
        let rest = pointer_of(inner, wanted, depth - 1)?;
        Some(format!("/{}{rest}", escape(name)))
    })
}
