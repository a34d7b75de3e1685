//! Renders `docs/openapi-versions.md`.

use crate::keywords::{KEYWORDS, Part};
use crate::note::NoteKind;

const INTRODUCTION: &str = "# Conversion of OpenAPI versions

Documents of versions 2.0, 3.0, 3.1 and 3.2 are converted to OpenAPI 3.0.3. This page lists what
becomes of each keyword that OpenAPI 3.0.3 lacks or writes differently. It is generated from
`openapi_convert::KEYWORDS`. A test converts every example, and keeps the page up to date.

- **yes**: OpenAPI 3.0.3 has an equivalent.
- **kept**: an extension has the keyword. Keywords of schemas are kept in one extension,
  `x-json-schema`, with their schemas converted and their references changed like any other.
  Other keywords are kept in an extension of their name, such as `x-summary`. There is a note with
  the pointer of the keyword.
- **no**: the document no longer expresses the keyword. There is a note with its pointer.
- **repaired**: no version allows this, but people write it. There is a note with its pointer.

Keywords are converted in every version, also in those that they do not belong to, such as
`nullable` in 3.1 or `const` in 3.0. Then there is a note of kind *repaired*.

Names of new components are those of the source, if they are free. Otherwise the component around
the schema comes before them, and then a number.
";

/// Renders the page as Markdown.
pub fn page() -> String {
    let mut page = INTRODUCTION.to_owned();
    for (part, title) in [
        (Part::Schema, "Schemas"),
        (Part::Document, "Other objects of OpenAPI 3"),
        (Part::Swagger, "Version 2.0"),
    ] {
        page.push_str(&format!(
            "\n## {title}\n\n| keyword | versions | expressed | becomes | example |\n|---|---|---|---|---|\n"
        ));
        for keyword in KEYWORDS.iter().filter(|keyword| keyword.part == part) {
            let versions: Vec<String> = keyword.versions.iter().map(ToString::to_string).collect();
            let expressed = match keyword.note {
                None => "yes",
                Some(NoteKind::Kept) => "kept",
                Some(NoteKind::NotExpressed) => "no",
                Some(NoteKind::Repaired) => "repaired",
            };
            page.push_str(&format!(
                "| `{}` | {} | {expressed} | {} | `{}` → `{}` |\n",
                keyword.name,
                versions.join(", "),
                keyword.becomes,
                keyword.from,
                keyword.to
            ));
        }
    }
    page
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_page_is_up_to_date() {
        expect_test::expect_file!["../../../docs/openapi-versions.md"].assert_eq(&super::page());
    }
}
