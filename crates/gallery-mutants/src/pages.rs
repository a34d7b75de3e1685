//! Faults in the streams of a paginated list.

use crate::change::Change;
use crate::description::{Pages, Text};
use crate::source::{Operation, Source};

/// Returns the changes of the pagination, if the operation has one.
fn of_pages(operation: &Operation, changes: impl Fn(&Pages) -> Option<Vec<Change>>) -> Vec<Change> {
    let pages = operation.description.pages.as_ref();
    pages.and_then(changes).unwrap_or_default()
}

impl Pages {
    fn setting(&self, name: &str) -> Option<&[Text]> {
        self.settings
            .get(name)
            .map(|(arguments, _)| arguments.as_slice())
    }

    /// Returns the style, and true if the position is a part of the body.
    fn position_style(&self) -> (&str, bool) {
        match self.style.strip_suffix("_in_body") {
            Some(style) => (style, true),
            None => (&self.style, false),
        }
    }

    /// Returns the parameter or the part of the body for the position of a page.
    fn position(&self) -> Option<&Text> {
        let has_one = ["number", "offset", "cursor"].contains(&self.position_style().0);
        self.arguments.first().filter(|_| has_one)
    }

    /// Returns the parameter or the part of the body for the page size, and its default.
    fn size(&self) -> Option<&[Text]> {
        self.setting("size")
            .or_else(|| self.setting("size_in_body"))
    }

    /// Returns true if a page with fewer items than requested is the last.
    fn ends_at_short_page(&self) -> bool {
        let is_counted = ["number", "offset"].contains(&self.position_style().0);
        (is_counted || self.settings.contains_key("last"))
            && self.size().is_some()
            && !self.settings.contains_key("more")
            && !self.settings.contains_key("total")
    }

    /// Returns the change without a setting.
    fn without(&self, name: &str, change: Change) -> Option<Change> {
        let (_, range) = self.settings.get(name)?;
        Some(change.remove(range))
    }
}

/// Returns an argument for a parameter or a part of the body that does not exist.
fn missing(own: &Text) -> &'static str {
    match own.value.starts_with('"') {
        true => "\"/_\"",
        false => "usize::MAX",
    }
}

fn one_higher(own: &Text, change: Change) -> Option<Change> {
    let number: i64 = own.value.parse().ok()?;
    Some(change.replace(&own.range, (number + 1).to_string()))
}

pub(super) fn swapped(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    of_pages(operation, |pages| {
        let in_body = pages.settings.contains_key("size_in_body");
        let is_same_kind = pages.position_style().1 == in_body;
        let (position, size) = (pages.position()?, pages.size()?.first()?);
        let what = "the position and the size of pages are swapped";
        let change = Change::new("parameters", what)
            .replace(&position.range, &size.value)
            .replace(&size.range, &position.value);
        Some(vec![change]).filter(|_| is_same_kind)
    })
}

pub(super) fn parameter(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    of_pages(operation, |pages| {
        let position = pages.position()?;
        if pages.position_style().1 {
            return None;
        }
        let parameters = operation.description.parameters.iter().enumerate();
        let others = parameters.filter(|(index, _)| index.to_string() != position.value);
        let changes = others.map(|(index, parameter)| {
            let name = &parameter.name.value;
            let what = format!("the stream changes `{name}`");
            Change::new(name, what).replace(&position.range, index.to_string())
        });
        Some(changes.collect())
    })
}

pub(super) fn start(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    of_pages(operation, |pages| {
        let first = pages
            .arguments
            .get(1)
            .filter(|_| pages.position_style().0 == "number")?;
        let what = "the number of the first page is one higher";
        Some(vec![one_higher(first, Change::new("first", what))?])
    })
}

/// Only numbered pages: the check of cursors requests a size.
pub(super) fn size(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    of_pages(operation, |pages| {
        if pages.position_style().0 == "cursor" || !pages.ends_at_short_page() {
            return None;
        }
        let [parameter, default] = pages.size()? else {
            return None;
        };
        let max = pages.setting("max").and_then(|max| max.first());
        let default_higher = Change::new("default", "the default page size is one higher");
        let max_higher = Change::new("max", "the maximum page size is one higher");
        let no_max = Change::new("no-max", "the maximum page size is unknown");
        let no_size = Change::new("per_page", "every page has the default size");
        let changes = [
            one_higher(default, default_higher),
            max.and_then(|max| one_higher(max, max_higher)),
            pages.without("max", no_max),
            Some(no_size.replace(&parameter.range, missing(parameter))),
        ];
        Some(changes.into_iter().flatten().collect())
    })
}

pub(super) fn one(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    of_pages(operation, |pages| {
        let items = pages.setting("items").and_then(|items| items.first());
        let items = items.map_or_else(String::new, |items| format!(".items({})", items.value));
        let change = Change::new("stream", "the stream ends after one page");
        let only = format!("Pagination::link(\"\"){items}");
        Some(vec![change.replace(&pages.range, only)])
    })
}

pub(super) fn past_end(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    of_pages(operation, |pages| {
        let removed = |name: &str, what: &str| pages.without(name, Change::new(name, what));
        let size = || {
            let change = Change::new("size", "a short page does not end the stream");
            let setting = match pages.settings.contains_key("size_in_body") {
                true => "size_in_body",
                false => "size",
            };
            let change = pages.without(setting, change)?;
            let without_max = pages.settings.get("max");
            Some(match without_max {
                Some((_, range)) => change.remove(range),
                None => change,
            })
        };
        let changes = [
            removed("more", "the flag does not end the stream"),
            removed("total", "the number of all items does not end the stream"),
            size().filter(|_| pages.ends_at_short_page()),
        ];
        Some(changes.into_iter().flatten().collect())
    })
}

pub(super) fn repeated(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    of_pages(operation, |pages| {
        let what = "the position of the page is not set";
        let position = pages.position()?;
        let change = Change::new("stream", what).replace(&position.range, missing(position));
        Some(vec![change])
    })
}

pub(super) fn part_renamed(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    of_pages(operation, |pages| {
        let names = ["items", "next", "next_header", "last", "more", "total"];
        let settings = names
            .into_iter()
            .filter_map(|name| Some((name, pages.setting(name)?.first()?)));
        let is_link = ["link", "url"].contains(&pages.style.as_str());
        let link = pages.arguments.first().filter(|_| is_link);
        let all = settings.chain(link.map(|own| (pages.style.as_str(), own)));
        let changes = all.map(|(name, own)| {
            let what = format!("the `{name}` of pages is another part of the response");
            let other = format!("{}_\"", own.value.trim_end_matches('"'));
            // An empty pointer is the whole value.
            let other = match own.value.as_str() {
                "\"\"" => "\"/_\"".to_owned(),
                _ => other,
            };
            Change::new(name, what).replace(&own.range, other)
        });
        Some(changes.collect())
    })
}
