//! Reads the files of this repository for the tests in `tests/`.

mod files;
mod lexer;

pub use files::{SourceFile, files, root};
pub use lexer::{Chunk, Kind, lex, words};
