//! Escapes untrusted Markdown for doc comments and READMEs.
//!
//! The result has no doctests, intra-doc links or HTML, and rustdoc shows it without warnings.
//! Paragraphs, emphasis, code, lists and quotes are kept. Headings become bold text, links become
//! their text followed by the URL, and HTML becomes text.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// Escapes text for use within a line.
pub(crate) fn inline(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    escape(&words.join(" "))
}

/// Escapes text as one line and ends it with a period if it has no final punctuation.
pub(crate) fn sentence(text: &str) -> String {
    let line = inline(text);
    if line.ends_with(['.', '!', '?', ':']) || line.is_empty() {
        line
    } else {
        format!("{line}.")
    }
}

/// Formats text as a code span.
pub(crate) fn code(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| if is_invisible(c) { ' ' } else { c })
        .collect();
    if text.trim().is_empty() {
        return "(empty)".to_owned();
    }
    let fence = "`".repeat(longest_run(&text, '`') + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Escapes Markdown that has blocks such as paragraphs and lists.
pub(crate) fn blocks(text: &str) -> String {
    let text = text.replace('\r', "\n").replace('\0', "");
    let mut writer = Writer::default();
    // Deeply nested Markdown is shown as text, because parsing it is expensive.
    if text.lines().any(|line| {
        line.chars()
            .take_while(|c| matches!(c, '>' | ' ' | '-' | '*' | '+' | '\t'))
            .count()
            > 60
    }) {
        return inline(&text);
    }
    for event in Parser::new_ext(&text, Options::empty()) {
        writer.event(event);
    }
    writer.finish()
}

#[derive(Default)]
struct Writer {
    out: String,
    /// The prefix of lines in the current block: list indentation and quote markers.
    prefix: Vec<&'static str>,
    /// The text of the current code block.
    code_block: Option<String>,
    /// The URLs of the current links.
    links: Vec<String>,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) {
        if let Some(code) = &mut self.code_block {
            match event {
                Event::Text(text) => code.push_str(&text),
                Event::End(TagEnd::CodeBlock) => self.end_code_block(),
                _ => {}
            }
            return;
        }
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                self.out.push_str(&escape(&text.replace('\n', " ")));
            }
            Event::Code(text) => self.out.push_str(&code(&text)),
            Event::SoftBreak => self.line(),
            Event::HardBreak => {
                self.out.push('\\');
                self.line();
            }
            Event::Rule => self.block(),
            // The parser options for math, footnotes and task lists are off.
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => self.block(),
            Tag::Heading { .. } => {
                self.block();
                self.out.push_str("**");
            }
            Tag::BlockQuote(_) => {
                self.block();
                self.out.push_str("> ");
                self.prefix.push("> ");
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => {
                self.code_block = Some(String::new());
            }
            Tag::Item => {
                self.block();
                self.out.push_str("- ");
                self.prefix.push("  ");
            }
            Tag::Emphasis => self.out.push('*'),
            Tag::Strong => self.out.push_str("**"),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.links.push(dest_url.into_string());
            }
            Tag::HtmlBlock => self.block(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(
                HeadingLevel::H1
                | HeadingLevel::H2
                | HeadingLevel::H3
                | HeadingLevel::H4
                | HeadingLevel::H5
                | HeadingLevel::H6,
            ) => {
                self.out.push_str("**");
            }
            TagEnd::BlockQuote(_) | TagEnd::Item => {
                self.prefix.pop();
            }
            TagEnd::Emphasis => self.out.push('*'),
            TagEnd::Strong => self.out.push_str("**"),
            TagEnd::Link | TagEnd::Image => {
                if let Some(url) = self.links.pop() {
                    self.out.push_str(" (");
                    self.out.push_str(&address(&url));
                    self.out.push(')');
                }
            }
            _ => {}
        }
    }

    /// Starts a new line of the current block.
    fn line(&mut self) {
        self.out.push('\n');
        self.out.push_str(&self.prefix.concat());
    }

    /// Starts a new block, except directly after a list or quote marker.
    fn block(&mut self) {
        let markers = ["- ", "> "];
        let last_line = self.out.rsplit('\n').next().unwrap_or_default();
        let only_markers = !last_line.trim().is_empty()
            && last_line
                .trim_matches(|c| matches!(c, ' ' | '-' | '>'))
                .is_empty();
        if self.out.is_empty()
            || (only_markers && markers.iter().any(|marker| last_line.ends_with(marker)))
        {
            return;
        }
        self.out.push('\n');
        self.out.push_str(self.prefix.concat().trim_end());
        self.line();
    }

    fn end_code_block(&mut self) {
        let Some(code) = self.code_block.take() else {
            return;
        };
        self.block();
        // The language `text` prevents a doctest. The fence is longer than any fence in the code.
        let fence = "`".repeat((longest_run(&code, '`') + 1).max(3));
        self.out.push_str(&fence);
        self.out.push_str("text");
        for line in code.lines() {
            self.line();
            self.out
                .extend(line.chars().map(|c| if is_invisible(c) { ' ' } else { c }));
        }
        self.line();
        self.out.push_str(&fence);
    }

    fn finish(self) -> String {
        let lines: Vec<&str> = self.out.lines().map(str::trim_end).collect();
        lines.join("\n").trim().to_owned()
    }
}

/// Formats an HTTP URL as a link, and other text as code.
fn address(url: &str) -> String {
    let plain = url
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-._~:/?#@!$&()*+,;=%".contains(&byte));
    let web = url.starts_with("https://") || url.starts_with("http://");
    if plain && web {
        format!("<{url}>")
    } else {
        code(url)
    }
}

/// Escapes all Markdown syntax, and converts bare URLs to links to avoid a rustdoc warning.
fn escape(text: &str) -> String {
    let mut escaped = Escaped::default();
    let mut rest = text;
    while let Some(at) = rest.find("http") {
        let (before, url) = rest.split_at(at);
        let end = url
            .find(|c: char| {
                c.is_whitespace()
                    || matches!(
                        c,
                        '<' | '>' | '"' | '`' | '|' | '\\' | '^' | '{' | '}' | '[' | ']' | ')'
                    )
            })
            .unwrap_or(url.len());
        let (url, after) = url.split_at(end);
        let trimmed = url.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_']);
        escaped.push_text(before);
        if trimmed.contains("://") {
            escaped.push_address(trimmed);
            escaped.push_text(&url[trimmed.len()..]);
        } else {
            escaped.push_text(url);
        }
        rest = after;
    }
    escaped.push_text(rest);
    escaped.line
}

/// A line of escaped Markdown.
#[derive(Default)]
struct Escaped {
    line: String,
    start: LineStart,
}

/// The text of a line so far. Some characters have a meaning only at its start.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum LineStart {
    #[default]
    Empty,
    Blank,
    Digits,
    Text,
}

impl Escaped {
    fn push_address(&mut self, url: &str) {
        self.line.push_str(&address(url));
        self.start = LineStart::Text;
    }

    fn push_text(&mut self, text: &str) {
        for c in text.chars() {
            let is_syntax = match c {
                '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '|' => true,
                // At the start of a line, these begin a heading, a list or an underline.
                '#' | '-' | '+' | '=' => matches!(self.start, LineStart::Empty | LineStart::Blank),
                '.' | ')' => self.start == LineStart::Digits,
                _ => false,
            };
            if is_syntax {
                self.line.push('\\');
            }
            let c = if is_invisible(c) { ' ' } else { c };
            self.line.push(c);
            self.start = match (self.start, c) {
                (LineStart::Empty | LineStart::Digits, '0'..='9') => LineStart::Digits,
                (LineStart::Empty | LineStart::Blank, c) if c.is_whitespace() => LineStart::Blank,
                _ => LineStart::Text,
            };
        }
    }
}

/// Returns true if a character is unprintable.
///
/// The compiler rejects some of these characters: those that change the direction of text.
fn is_invisible(c: char) -> bool {
    openapi_text::is_unprintable(c)
}

/// Returns the length of the longest run of `of`.
fn longest_run(text: &str, of: char) -> usize {
    text.split(|c| c != of).map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests;
