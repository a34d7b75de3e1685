//! Tables in plain text.

use std::io::{self, Write};

use openapi_text::is_unprintable;

/// Maximum width of a column other than the first, in characters. Longer cells are truncated.
const MAX_WIDTH: usize = 50;

/// Writes a header and rows, with each column as wide as its longest cell. The first column has
/// names, which are copied to other commands, so it is never truncated.
pub(crate) fn table<const N: usize>(
    header: [&str; N],
    rows: &[[String; N]],
    out: &mut dyn Write,
) -> io::Result<()> {
    let rows: Vec<[String; N]> = rows
        .iter()
        .map(|row| {
            std::array::from_fn(|at| match at {
                0 => printable(&row[at]),
                _ => truncated(&printable(&row[at])),
            })
        })
        .collect();
    let header = header.map(str::to_owned);
    let widths: [usize; N] = std::array::from_fn(|at| {
        std::iter::once(&header)
            .chain(&rows)
            .map(|row| row[at].chars().count())
            .max()
            .unwrap_or_default()
    });
    for row in std::iter::once(&header).chain(&rows) {
        let cells: Vec<String> = row
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        writeln!(out, "{}", cells.join("  ").trim_end())?;
    }
    Ok(())
}

/// Returns `text` on one line.
///
/// Removes unprintable characters, because text of the gallery is untrusted and could contain
/// terminal control sequences.
fn printable(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().filter(|c| !is_unprintable(*c)).collect()
}

/// Returns `text`, truncated to [`MAX_WIDTH`].
fn truncated(text: &str) -> String {
    match text.char_indices().nth(MAX_WIDTH) {
        Some((at, _)) => format!("{}…", text[..at].trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn aligns_columns_and_truncates_cells() {
        let rows = [
            ["a".to_owned(), "an\u{1b}[31m a".to_owned()],
            ["längst".to_owned(), "x".repeat(60)],
            ["n".repeat(55), String::new()],
        ];
        let mut out = Vec::new();
        table(["NAME", "TITLE"], &rows, &mut out).unwrap();
        expect![[r#"
            NAME                                                     TITLE
            a                                                        an[31m a
            längst                                                   xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
            nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn
        "#]]
        .assert_eq(&String::from_utf8(out).unwrap());
    }
}
