//! The bodies of pages.

use serde_json::{Map, Value, json};

use crate::conformance::context::CheckContext;
use crate::document::{CursorPlace, Paging, PagingStep};
use crate::pointer::{escape, unescape};
use crate::sample;
use crate::schema::{Direction, Validator};

/// Makes the bodies of pages.
#[derive(Clone)]
pub(super) struct Bodies {
    /// A page with everything that is documented.
    whole: Value,
    item: Value,
    /// The pointer of a part of each item that differs.
    mark: String,
    paging: Paging,
    pub(super) status: u16,
}

impl Bodies {
    pub(super) fn new(context: &CheckContext<'_>, paging: &Paging) -> Result<Bodies, String> {
        let schema = context.endpoint.success_schema();
        let schema = schema.ok_or("the pages have no schema")?;
        let whole = sample::value(context.document, schema, 1);
        let items = whole.pointer(&paging.items).and_then(Value::as_array);
        let item = items.and_then(|items| items.first());
        let item = item.ok_or("the pages have no items with a schema")?.clone();
        let mark = match &paging.step {
            PagingStep::Cursor {
                place: CursorPlace::LastItem(pointer),
                ..
            } => pointer.clone(),
            _ => mark(context, schema, paging, &item),
        };
        Ok(Bodies {
            item,
            mark,
            paging: paging.clone(),
            status: context.success_status(),
            whole,
        })
    }

    /// Returns items that all differ.
    pub(super) fn items(&self, count: usize) -> Vec<Value> {
        let marked = |number: usize| {
            let mut item = self.item.clone();
            let is_text = item.pointer(&self.mark).is_some_and(Value::is_string);
            let value = match is_text {
                true => json!(format!("item {number}")),
                false => json!(number + 1),
            };
            set(&mut item, &self.mark, value);
            item
        };
        (0..count).map(marked).collect()
    }

    /// Returns the part of an item that is the next cursor.
    pub(super) fn cursor_of(&self, item: &Value) -> Value {
        item.pointer(&self.mark).cloned().unwrap_or_default()
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
        let page = self.page(items, false, items.len());
        let with = |value: Value| {
            let mut page = page.clone();
            set(&mut page, pointer, value);
            page
        };
        let mut absent = page.clone();
        if let Some((parent, name)) = pointer.rsplit_once('/')
            && let Some(Value::Object(parent)) = absent.pointer_mut(parent)
        {
            parent.remove(&*unescape(name));
        }
        let validator = Validator::new(context.document, Direction::Response);
        let schema = context.endpoint.success_schema().cloned();
        let schema = schema.unwrap_or_default();
        let mut pages = vec![absent, with(Value::Null), with(json!(""))];
        pages.retain(|page| validator.is_valid(&schema, page));
        pages
    }

    /// Returns true if the body has a number at a pointer.
    pub(super) fn has_number(&self, pointer: &str) -> bool {
        self.whole.pointer(pointer).is_some_and(Value::is_number)
    }
}

/// Returns the pointer of a part of an item that may be any text or any integer.
fn mark(context: &CheckContext<'_>, schema: &Value, paging: &Paging, item: &Value) -> String {
    let document = context.document;
    let flat = |schema: &Value| sample::flat(document, schema);
    let names = paging.items.split('/').skip(1).map(unescape);
    let list = names.fold(flat(schema), |schema, name| {
        let property = schema.get("properties").and_then(|own| own.get(&*name));
        property.map(flat).unwrap_or_default()
    });
    let schema = list.get("items").map(flat).unwrap_or_default();
    let is_free = |name: &&String, kind: &str| {
        let own = schema.pointer(&format!("/properties/{}", escape(name)));
        let own = own.map(flat).unwrap_or_default();
        own.get("type").is_some_and(|own| own == kind)
            && own.get("enum").is_none()
            && own.get("format").is_none()
    };
    let names = || item.as_object().into_iter().flat_map(Map::keys);
    let text = names().find(|name| is_free(name, "string"));
    let name = text.or_else(|| names().find(|name| is_free(name, "integer")));
    name.map_or_else(String::new, |name| format!("/{}", escape(name)))
}

/// Sets a part of a value. Missing objects on the way are added.
fn set(value: &mut Value, pointer: &str, new: Value) {
    let mut place = value;
    for name in pointer.split('/').skip(1).map(unescape) {
        if !place.is_object() {
            *place = json!({});
        }
        place = &mut place[&*name];
    }
    *place = new;
}
