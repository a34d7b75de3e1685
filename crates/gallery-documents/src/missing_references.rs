//! Reports references that lead nowhere.

use openapi_text::{Diagnostics, Location, Severity};

use crate::components::Components;
use crate::sources::Sources;

/// Reports references that lead nowhere, each once for its document.
pub(crate) fn report_references(
    components: &Components,
    sources: &Sources<'_>,
    diagnostics: &mut Diagnostics,
) {
    for (number, dangling) in components.dangling.iter().enumerate() {
        let (file, pointer, count) = &components.places[number];
        let location = Location::pointer(&sources.file(*file).path, pointer);
        let text = &dangling.text;
        let times = match count {
            1 => String::new(),
            count => format!(" ({count} times)"),
        };
        match components.replacements.get(&number) {
            Some(component) => {
                let sibling = &sources.file(components.all[*component].file).path;
                let others = match components.partly_equal.contains(&number) {
                    true => "; other documents define it equally, but differ in what it refers to",
                    false => "",
                };
                let message = format!(
                    "`{text}` leads nowhere{times}; the component of `{sibling}` is used{others}"
                );
                diagnostics.push(Severity::Repaired, "sibling-reference", location, message);
            }
            None => {
                let message = format!("`{text}` leads nowhere{times}; it is left untyped");
                diagnostics.push(Severity::Assumed, "dangling-reference", location, message);
            }
        }
    }
}
