//! Counts how much of the original documents has a type in their clients.
//!
//! The counts come from the document as published and from the public API of the generated code.
//! They do not use what the generator reports, except for the reasons of untyped schemas.
//!
//! `GALLERY_CASES` names a directory with `documents/`, and `GALLERY_LIVING` one with repositories
//! of today's gallery. Large sources take minutes in debug builds, so that their tests are ignored;
//! `long.yml` runs them. `--nocapture` prints the counts.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failing test panics"
)]

mod counts;
mod document;
mod fields;
mod macros;
mod own;
mod sources;
mod surface;

use std::fmt::Write as _;

use counts::{Counts, client, count};
use sources::{Size, cases, living};

/// Prints a table, and returns the sum.
fn sum(all: &[(String, Counts)]) -> Counts {
    let (mut sum, mut table) = (Counts::default(), String::new());
    for (name, counts) in all {
        let _ = writeln!(table, "{counts}  {name}");
        sum.add(counts);
    }
    println!("{}\n{table}{sum}  sum\n\n{}", Counts::HEAD, sum.listed());
    sum
}

fn check(sources: Vec<sources::Source>) {
    if sources.is_empty() {
        return;
    }
    let counts: Vec<_> = sources
        .iter()
        .map(|own| (own.name.clone(), count(own, &client(own))))
        .collect();
    let sum = sum(&counts);
    let all = sum.listed();
    assert!(sum.successes.has_percent(98), "{}\n{all}", sum.successes);
    assert!(sum.errors.has_percent(95), "{}\n{all}", sum.errors);
    assert!(sum.untyped_fields() * 100 <= sum.fields, "{all}");
    assert!(sum.unexplained.is_empty(), "{:?}", sum.unexplained);
}

#[test]
fn types_small_documents_of_vendors() {
    check(cases(Size::Small));
}

#[test]
#[ignore = "large; long.yml runs it"]
fn types_all_documents_of_vendors() {
    check(cases(Size::Any));
}

#[test]
fn types_small_repositories_of_todays_gallery() {
    check(living(Size::Small));
}

#[test]
#[ignore = "large; long.yml runs it"]
fn types_all_repositories_of_todays_gallery() {
    check(living(Size::Any));
}
