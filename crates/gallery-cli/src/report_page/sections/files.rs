//! The index, the documents and the other files of the snapshot.

use gallery_regen::text::counted;
use maud::{Markup, html};

use super::super::review::Review;
use super::section::Section;
use crate::escape::plain;

pub(crate) fn index(review: &Review<'_>) -> Section {
    let index = &review.report.index;
    Section {
        id: "index",
        title: "Index entries",
        note: "The entries of the index, with the documents that they name.",
        count: index.len(),
        body: html! {
            details.group {
                summary {
                    (counted(review.report.counts.index_distinct, "distinct entry")) ", "
                    (counted(review.report.counts.index_duplicates, "duplicate"))
                }
                ol.entries {
                    @for (at, entry) in index.iter().enumerate() {
                        li.item id={ "index-" (at + 1) } {
                            (plain(&entry.name))
                            @if let Some(slug) = &entry.slug { " " span.meta { (plain(slug)) } }
                            @if let Some(first) = entry.duplicate_of {
                                " " a.level.none href={ "#index-" (first + 1) } {
                                    "duplicate of " (first + 1)
                                }
                            }
                            @for document in &entry.documents {
                                div.meta { code { (plain(document)) } }
                            }
                        }
                    }
                }
            }
        },
    }
}

pub(crate) fn documents(review: &Review<'_>) -> Section {
    let documents = &review.report.documents;
    Section {
        id: "documents",
        title: "Documents",
        note: "The documents that were read.",
        count: documents.len(),
        body: html! {
            details.group {
                summary {
                    (counted(documents.len(), "document")) " with "
                    (counted(review.report.counts.operation_entries, "operation entry"))
                }
                ul.entries {
                    @for document in documents {
                        li.item {
                            code { (plain(&document.file)) } " "
                            span.meta {
                                (counted(document.operation_entries, "operation entry"))
                                @if !document.in_index { ", not in the index" }
                                @if let Some(source) = &document.source { ", of " (plain(source)) }
                            }
                        }
                    }
                }
            }
        },
    }
}

pub(crate) fn referenced(review: &Review<'_>) -> Section {
    Section {
        id: "referenced",
        title: "Referenced files",
        note: "Files that are read only because references lead to them.",
        count: review.report.referenced_files.len(),
        body: list(&review.report.referenced_files),
    }
}

pub(crate) fn unread(review: &Review<'_>) -> Section {
    Section {
        id: "unread",
        title: "Files that were not read",
        note: "Files of the snapshot that are neither index nor document, and that no reference \
               leads to.",
        count: review.report.unread_files.len(),
        body: list(&review.report.unread_files),
    }
}

fn list(files: &[String]) -> Markup {
    html! {
        ul.entries {
            @for file in files { li.item { code { (plain(file)) } } }
        }
    }
}
