//! Shows the differences of two texts side by side.

use gallery_regen::text::counted;
use maud::{Markup, html};

use super::diff::{Run, differing_part, runs};
use crate::escape::plain;

/// Number of equal lines that are shown next to a difference.
const CONTEXT: usize = 3;

/// Number of equal lines from which those without a difference nearby are folded.
const FOLDED: usize = 4;

/// Returns the differences of two texts, each with the name of its side. Longer runs of equal lines
/// are folded.
pub(super) fn diff_view(texts: [&str; 2], sides: [&str; 2]) -> Markup {
    let [before, after] = texts;
    let runs = runs(before, after);
    let last = runs.len().saturating_sub(1);
    html! {
        div.diff {
            @for (at, run) in runs.iter().enumerate() {
                @match run {
                    Run::Equal(lines) => (equal(lines, at > 0, at < last)),
                    Run::Different { before, after } => div.pair {
                        (side(before, after, sides[0], "one"))
                        (side(after, before, sides[1], "other"))
                    },
                }
            }
        }
    }
}

/// Shows equal lines. The flags are true if a difference precedes and follows.
fn equal(lines: &[&str], precedes: bool, follows: bool) -> Markup {
    let start = if precedes {
        CONTEXT.min(lines.len())
    } else {
        0
    };
    let end = lines.len()
        - if follows {
            CONTEXT.min(lines.len() - start)
        } else {
            0
        };
    let folded = &lines[start..end];
    html! {
        @if folded.len() < FOLDED {
            pre { "\n" (joined(lines)) }
        } @else {
            @if start > 0 { pre { "\n" (joined(&lines[..start])) } }
            details {
                summary { (counted(folded.len(), "equal line")) }
                pre { "\n" (joined(folded)) }
            }
            @if end < lines.len() { pre { "\n" (joined(&lines[end..])) } }
        }
    }
}

/// Shows the lines of one side of a difference.
fn side(lines: &[&str], others: &[&str], name: &str, class: &str) -> Markup {
    html! {
        div class={ "side " (class) } {
            small { (name) @if lines.is_empty() { ": no such lines" } }
            @if !lines.is_empty() {
                pre {
                    // A line break after the tag is not part of the text.
                    "\n"
                    @for (at, line) in lines.iter().enumerate() {
                        @if at > 0 { "\n" }
                        @if lines.len() == others.len() {
                            (marked(line, others[at]))
                        } @else {
                            (plain(line))
                        }
                    }
                }
            }
        }
    }
}

/// Shows a line, and marks the part that the other line does not have.
fn marked(line: &str, other: &str) -> Markup {
    let [(start, middle, end), _] = differing_part(line, other);
    html! {
        (plain(start))
        @if !middle.is_empty() { mark { (plain(middle)) } }
        (plain(end))
    }
}

fn joined(lines: &[&str]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| plain(line)).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn folds_equal_lines_and_marks_the_parts_that_differ() {
        let lines = |changed: &str, last: &str| {
            let mut lines: Vec<String> = (0..12).map(|number| format!("{number}")).collect();
            lines[1] = changed.to_owned();
            format!("{}\n{last}", lines.join("\n"))
        };
        let view = diff_view(
            [&lines("a: <b>", "\u{1b}"), &lines("a: <c>", "")],
            ["chosen", "other"],
        );
        expect![[r#"
            <div class="diff">
            <pre>
            0</pre>
            <div class="pair">
            <div class="side one">
            <small>chosen</small>
            <pre>
            a: &lt;<mark>b</mark>&gt;</pre>
            </div>
            <div class="side other">
            <small>other</small>
            <pre>
            a: &lt;<mark>c</mark>&gt;</pre>
            </div>
            </div>
            <pre>
            2
            3
            4</pre>
            <details>
            <summary>4 equal lines</summary>
            <pre>
            5
            6
            7
            8</pre>
            </details>
            <pre>
            9
            10
            11</pre>
            <div class="pair">
            <div class="side one">
            <small>chosen</small>
            <pre>
            \u{1b}</pre>
            </div>
            <div class="side other">
            <small>other: no such lines</small>
            </div>
            </div>
            </div>"#]]
        .assert_eq(&view.into_string().replace("><", ">\n<"));
    }
}
