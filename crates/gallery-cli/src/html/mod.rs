//! Web pages that consist of one file and load nothing.
//!
//! [`maud`] escapes all text, and [`plain`] escapes control characters.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

use crate::escape::{Segment, plain, segments};

const STYLE: &str = include_str!("base.css");

/// A web page.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Page<'a> {
    /// The program that wrote the page.
    pub(crate) generator: &'a str,
    /// The title.
    pub(crate) title: &'a str,
    /// Further style rules.
    pub(crate) style: &'a str,
    /// The script, if there is one.
    pub(crate) script: Option<&'a str>,
}

impl Page<'_> {
    /// Returns the text of the page.
    pub(crate) fn render(self, main: &Markup) -> String {
        let page = html! {
            (PreEscaped(head(self.generator)))
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta http-equiv="Content-Security-Policy" content=(self.policy());
            meta name="color-scheme" content="light dark";
            title { (plain(self.title)) }
            style { (PreEscaped(STYLE)) (PreEscaped(self.style)) }
            (PreEscaped("</head>"))
            body {
                main { (main) }
                @if let Some(script) = self.script {
                    script { (PreEscaped(script)) }
                }
            }
            (PreEscaped("</html>\n"))
        };
        page.into_string()
    }

    /// Returns a policy with which the page cannot load anything, and can run only its own script,
    /// even if something was not escaped.
    fn policy(self) -> String {
        let script = self.script.map_or(String::new(), |script| {
            let hash = BASE64_STANDARD.encode(Sha256::digest(script));
            format!("; script-src 'sha256-{hash}'")
        });
        format!(
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\
             {script}"
        )
    }
}

/// Returns the first bytes of every page of a program.
pub(crate) fn head(generator: &str) -> String {
    let start = html! {
        (DOCTYPE)
        (PreEscaped("<html lang=\"en\"><head>"))
        meta charset="utf-8";
        meta name="generator" content=(generator);
    };
    start.into_string()
}

/// Returns a list of messages. Without messages, returns empty markup.
pub(crate) fn messages<'a>(messages: impl ExactSizeIterator<Item = &'a str>) -> Markup {
    html! {
        @if messages.len() > 0 {
            ul {
                @for text in messages { li { (message(text)) } }
            }
        }
    }
}

/// Converts a message. Text between backticks becomes code.
pub(crate) fn message(text: &str) -> Markup {
    html! {
        @for segment in segments(text) {
            @match segment {
                Segment::Prose(text) => (plain(text)),
                Segment::Code(text) => code { (plain(text)) },
            }
        }
    }
}

/// Escapes text of several lines.
pub(crate) fn block(text: &str) -> String {
    let lines: Vec<String> = text.trim_end().lines().map(plain).collect();
    lines.join("\n")
}
