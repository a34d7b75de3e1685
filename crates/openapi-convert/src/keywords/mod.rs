//! The table of keywords, from which `docs/openapi-versions.md` is generated.

mod documents;
mod keyword;
mod schemas;
mod swagger;

pub use keyword::{Keyword, Part};

use documents::DOCUMENTS;
use schemas::SCHEMAS;
use swagger::SWAGGER;

const COUNT: usize = SCHEMAS.len() + DOCUMENTS.len() + SWAGGER.len();

/// The keywords that OpenAPI 3.0.3 lacks, or that it writes differently.
pub const KEYWORDS: &[Keyword] = &all();

const fn all() -> [Keyword; COUNT] {
    let mut all = [SCHEMAS[0]; COUNT];
    let mut at = 0;
    while at < COUNT {
        all[at] = if at < SCHEMAS.len() {
            SCHEMAS[at]
        } else if at < SCHEMAS.len() + DOCUMENTS.len() {
            DOCUMENTS[at - SCHEMAS.len()]
        } else {
            SWAGGER[at - SCHEMAS.len() - DOCUMENTS.len()]
        };
        at += 1;
    }
    all
}
