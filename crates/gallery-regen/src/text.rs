//! Text that several commands print.

use std::io::Write;

use anyhow::Result;

use crate::sync::{Stale, Staleness};

/// Returns a count and its noun, such as `1 file` or `2 files`.
///
/// `noun` is singular.
pub fn counted(count: usize, noun: &str) -> String {
    let (stem, plural) = noun
        .strip_suffix('y')
        .map_or((noun, "s"), |stem| (stem, "ies"));
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {stem}{plural}")
    }
}

/// The number of files of one directory from which one line stands for all of them.
const MANY_FILES: usize = 20;

/// Prints a line for each file that was written or removed, or for many files of a directory.
pub fn print_written(stale: &[Stale], out: &mut dyn Write) -> Result<()> {
    let directory = |path: &str| {
        path.rsplit_once('/')
            .map_or(0, |(directory, _)| directory.len())
    };
    let is_same = |one: &Stale, other: &Stale| {
        let [own, others] = [one, other].map(|stale| &stale.path[..directory(&stale.path)]);
        one.kind == other.kind && own == others
    };
    for files in stale.chunk_by(is_same) {
        let done = match files[0].kind {
            Staleness::Missing => "new",
            Staleness::Changed => "changed",
            Staleness::Orphaned => "removed",
        };
        if files.len() >= MANY_FILES {
            let path = &files[0].path[..directory(&files[0].path)];
            writeln!(out, "{done:>8}  {path}/ ({} files)", files.len())?;
            continue;
        }
        for Stale { path, .. } in files {
            writeln!(out, "{done:>8}  {path}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_files_of_a_directory_have_one_line() {
        let stale = |path: String, kind| Stale { path, kind };
        let many = (0..MANY_FILES).map(|number| stale(format!("a/b/{number}"), Staleness::Missing));
        let mut files: Vec<Stale> = many.collect();
        files.push(stale("a/b/z".to_owned(), Staleness::Changed));
        files.push(stale("a/c".to_owned(), Staleness::Changed));
        files.push(stale("d".to_owned(), Staleness::Orphaned));
        let mut out = Vec::new();
        print_written(&files, &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "     new  a/b/ (20 files)\n changed  a/b/z\n changed  a/c\n removed  d\n"
        );
    }
}
