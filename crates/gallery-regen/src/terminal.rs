//! Output streams with colors that ignore broken pipes.

use std::borrow::Cow;
use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use anyhow::Result;
use clap::ValueEnum;
use openapi_text::is_unprintable;

use crate::exit::Exit;

/// When to use colors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    /// Returns true if output is colored.
    pub fn is_enabled(self, is_terminal: bool) -> bool {
        match self {
            // An empty variable counts as unset.
            Color::Auto => {
                is_terminal && std::env::var_os("NO_COLOR").is_none_or(|it| it.is_empty())
            }
            Color::Always => true,
            Color::Never => false,
        }
    }
}

/// Returns the value of `--color` without parsing the other arguments, for messages of clap.
pub fn requested_color(arguments: &[OsString]) -> clap::ColorChoice {
    let arguments: Vec<_> = arguments.iter().map(|it| it.to_string_lossy()).collect();
    let value =
        arguments
            .iter()
            .enumerate()
            .find_map(|(index, argument)| match argument.as_ref() {
                "--color" => arguments.get(index + 1).map(AsRef::as_ref),
                argument => argument.strip_prefix("--color="),
            });
    match value {
        Some("always") => clap::ColorChoice::Always,
        Some("never") => clap::ColorChoice::Never,
        _ => clap::ColorChoice::Auto,
    }
}

/// Red text.
pub const RED: Style = AnsiColor::Red.on_default();
/// Yellow text.
pub const YELLOW: Style = AnsiColor::Yellow.on_default();
/// Green text.
pub const GREEN: Style = AnsiColor::Green.on_default();
/// Dimmed text.
pub const DIM: Style = Style::new().dimmed();
/// Bold text.
pub const BOLD: Style = Style::new().bold();

/// Returns `text` enclosed in the escape sequences of a style.
pub fn paint(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// An output stream.
///
/// Colors the label at the start of a line, such as `error:` or `warning[code]:`. Ignores broken
/// pipes, so that a command completes even if its reader, such as `head`, has exited.
struct Stream<'a> {
    inner: &'a mut dyn Write,
    colors: bool,
    /// The incomplete last line. Used only with colors.
    line: Vec<u8>,
}

impl<'a> Stream<'a> {
    fn new(inner: &'a mut dyn Write, colors: bool) -> Stream<'a> {
        Stream {
            inner,
            colors,
            line: Vec::new(),
        }
    }

    fn write_line(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        let styled = match std::str::from_utf8(&line) {
            Ok(line) => with_colored_label(line).into_bytes(),
            Err(_) => line,
        };
        ignore_broken_pipe(self.inner.write_all(&styled))
    }
}

impl Write for Stream<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let escaped = std::str::from_utf8(bytes).map(without_control);
        let harmless = match &escaped {
            Ok(text) => text.as_bytes(),
            Err(_) => bytes,
        };
        if self.colors {
            for part in harmless.split_inclusive(|byte| *byte == b'\n') {
                self.line.extend_from_slice(part);
                if part.ends_with(b"\n") {
                    self.write_line()?;
                }
            }
        } else {
            ignore_broken_pipe(self.inner.write_all(harmless))?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.write_line()?;
        ignore_broken_pipe(self.inner.flush())
    }
}

impl Drop for Stream<'_> {
    fn drop(&mut self) {
        let _ = self.flush();
    }
}

fn ignore_broken_pipe(result: io::Result<()>) -> io::Result<()> {
    result.or_else(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Ok(()),
        kind => Err(io::Error::new(
            kind,
            format!("cannot write the output: {error}"),
        )),
    })
}

/// Runs a command that prints to these two streams. Prints its error, if it fails.
///
/// `exit_of` returns the exit status of an error.
pub fn run(
    color: Color,
    exit_of: impl FnOnce(&anyhow::Error) -> Exit,
    out: &mut dyn Write,
    err: &mut dyn Write,
    command: impl FnOnce(&mut dyn Write, &mut dyn Write) -> Result<Exit>,
) -> ExitCode {
    let mut out = Stream::new(out, color.is_enabled(io::stdout().is_terminal()));
    let mut err = Stream::new(err, color.is_enabled(io::stderr().is_terminal()));
    let done = command(&mut out, &mut err).and_then(|exit| {
        out.flush()?;
        Ok(exit)
    });
    match done {
        Ok(exit) => exit.into(),
        Err(error) => {
            let _ = writeln!(err, "error: {error:#}");
            exit_of(&error).into()
        }
    }
}

/// Escapes characters that control a terminal or change the direction of text, except line breaks,
/// tabs and colors. Text of documents and names of files may contain any of them.
fn without_control(text: &str) -> Cow<'_, str> {
    let is_harmful = |c: char| is_unprintable(c) && !matches!(c, '\n' | '\t');
    if !text.contains(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut result = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            '\u{1b}' if starts_with_color(&text[at..]) => result.push(c),
            c if is_harmful(c) => result.extend(c.escape_default()),
            c => result.push(c),
        }
    }
    Cow::Owned(result)
}

/// Returns true if a text starts with the escape sequence of a color or a style.
fn starts_with_color(text: &str) -> bool {
    let Some(parameters) = text.strip_prefix("\u{1b}[") else {
        return false;
    };
    let end = parameters.find(|c: char| !c.is_ascii_digit() && c != ';');
    end.is_some_and(|end| parameters[end..].starts_with('m'))
}

/// Colors the label at the start of a line, if there is one.
fn with_colored_label(line: &str) -> String {
    let style = match line.split([':', '[']).next() {
        Some("error") => RED.bold(),
        Some("warning" | "dropped" | "pending") => YELLOW.bold(),
        Some("repaired" | "assumed" | "reduced" | "help") => BOLD,
        _ => return line.to_owned(),
    };
    match line.split_once(':') {
        Some((label, rest)) if !label.contains(' ') => {
            format!("{}{rest}", paint(style, &format!("{label}:")))
        }
        _ => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(colors: bool, text: &[&str]) -> String {
        let mut bytes = Vec::new();
        let mut stream = Stream::new(&mut bytes, colors);
        text.iter()
            .for_each(|text| write!(stream, "{text}").unwrap());
        drop(stream);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn escapes_control_characters_but_not_colors() {
        for (text, shown) in [
            ("plain\n\ttext", "plain\n\ttext"),
            ("\u{1b}[31mred\u{1b}[0m", "\u{1b}[31mred\u{1b}[0m"),
            ("\u{1b}[2J", "\\u{1b}[2J"),
            ("\u{1b}]0;title\u{7}", "\\u{1b}]0;title\\u{7}"),
            ("a\rb\u{202e}c", "a\\rb\\u{202e}c"),
        ] {
            let mut written = Vec::new();
            let mut stream = Stream::new(&mut written, false);
            write!(stream, "{text}").unwrap();
            drop(stream);
            assert_eq!(String::from_utf8(written).unwrap(), shown);
        }
    }

    #[test]
    fn colors_labels_at_the_start_of_lines() {
        let text = [
            "error",
            "[no-index]: it has no error: x\n  --> a\nwar",
            "ning: y",
        ];
        assert_eq!(written(false, &text), text.concat());
        assert_eq!(
            written(true, &text),
            "\u{1b}[1m\u{1b}[31merror[no-index]:\u{1b}[0m it has no error: x\n  --> a\n\
             \u{1b}[1m\u{1b}[33mwarning:\u{1b}[0m y"
        );
        for line in ["errors: 3", "error is a word: x", "an error: x"] {
            assert_eq!(written(true, &[line]), line);
        }
    }

    #[test]
    fn reads_the_color_option_before_parsing() {
        let requested = |arguments: &[&str]| {
            requested_color(&arguments.iter().map(OsString::from).collect::<Vec<_>>())
        };
        assert_eq!(requested(&["gallery", "list"]), clap::ColorChoice::Auto);
        assert_eq!(
            requested(&["gallery", "--color", "never", "list"]),
            clap::ColorChoice::Never
        );
        assert_eq!(
            requested(&["gallery", "list", "--color=always"]),
            clap::ColorChoice::Always
        );
    }

    #[test]
    fn ignores_a_closed_pipe() {
        struct Closed;
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
        }
        for colors in [false, true] {
            let mut closed = Closed;
            let mut stream = Stream::new(&mut closed, colors);
            writeln!(stream, "error: x").unwrap();
            stream.flush().unwrap();
        }
    }
}
