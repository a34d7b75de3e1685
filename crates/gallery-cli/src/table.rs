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
    table_of(&header.map(str::to_owned), rows, out)
}

/// Like [`table`], with any number of columns. Absent cells at the end of a row are empty.
pub(crate) fn table_of(
    header: &[String],
    rows: &[impl AsRef<[String]>],
    out: &mut dyn Write,
) -> io::Result<()> {
    let shown = |row: &[String]| -> Vec<String> {
        let cells = row.iter().enumerate().map(|(at, cell)| match at {
            0 => printable(cell),
            _ => truncated(&printable(cell)),
        });
        cells.collect()
    };
    let rows = rows.iter().map(|row| shown(row.as_ref()));
    let rows: Vec<Vec<String>> = std::iter::once(header.to_vec()).chain(rows).collect();
    let width = |at: usize| {
        let cells = rows.iter().filter_map(|row| row.get(at));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    for row in &rows {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
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
