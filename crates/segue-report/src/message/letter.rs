//! A message as parts, rendered once as text and once as HTML, so that both say the same and escape in one place.
//!
//! Every text goes through `shown`: after that it is one line without hidden characters. Tests:
//! `tests/it/message_hostile.rs`.

use std::fmt::Write as _;

use crate::text::shown;

/// The longest subject, in characters: longer ones are cut by mail programs anyway.
const SUBJECT: usize = 120;

enum Part {
    Heading(String),
    Para(String),
    Items(Vec<String>),
    Numbered(Vec<String>),
    Rows(Vec<(String, String)>),
}

/// A message in parts.
pub(super) struct Letter {
    subject: String,
    parts: Vec<Part>,
}

impl Letter {
    pub(super) fn new(subject: impl Into<String>) -> Self {
        Self { subject: subject.into(), parts: Vec::new() }
    }

    pub(super) fn heading(&mut self, text: impl Into<String>) {
        self.parts.push(Part::Heading(text.into()));
    }

    pub(super) fn para(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !text.trim().is_empty() {
            self.parts.push(Part::Para(text));
        }
    }

    pub(super) fn items(&mut self, items: Vec<String>) {
        if !items.is_empty() {
            self.parts.push(Part::Items(items));
        }
    }

    pub(super) fn numbered(&mut self, items: Vec<String>) {
        if !items.is_empty() {
            self.parts.push(Part::Numbered(items));
        }
    }

    /// Names with values.
    pub(super) fn rows(&mut self, rows: Vec<(&str, String)>) {
        let rows: Vec<(String, String)> =
            rows.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name.to_owned(), value)).collect();
        if !rows.is_empty() {
            self.parts.push(Part::Rows(rows));
        }
    }

    /// One line that fits a mail header.
    pub(super) fn subject(&self) -> String {
        let line = shown(self.subject.trim());
        if line.chars().count() <= SUBJECT { line } else { line.chars().take(SUBJECT - 1).chain(['…']).collect() }
    }

    pub(super) fn text(&self, mark: &str) -> String {
        let mut lines = vec![shown(mark)];
        // What a heading heads stands right under it.
        let mut headed = false;
        for part in &self.parts {
            if !headed {
                lines.push(String::new());
            }
            headed = matches!(part, Part::Heading(_));
            match part {
                Part::Heading(text) => {
                    let text = shown(text);
                    let rule = "-".repeat(text.chars().count());
                    lines.extend([text, rule]);
                }
                Part::Para(text) => lines.push(shown(text)),
                Part::Items(items) => lines.extend(items.iter().map(|item| format!("- {}", shown(item)))),
                Part::Numbered(items) => lines.extend(items.iter().enumerate().map(|(at, item)| format!("{}. {}", at + 1, shown(item)))),
                Part::Rows(rows) => lines.extend(rows.iter().map(|(name, value)| format!("{}: {}", shown(name), shown(value)))),
            }
        }
        lines.join("\n") + "\n"
    }

    pub(super) fn html(&self, mark: &str) -> String {
        let mut out = format!("<p><strong>{}</strong></p>\n", escape(mark));
        for part in &self.parts {
            match part {
                Part::Heading(text) => {
                    let _ = writeln!(out, "<h2>{}</h2>", escape(text));
                }
                Part::Para(text) => {
                    let _ = writeln!(out, "<p>{}</p>", escape(text));
                }
                Part::Items(items) => list(&mut out, "ul", items),
                Part::Numbered(items) => list(&mut out, "ol", items),
                Part::Rows(rows) => {
                    out.push_str("<table>\n");
                    for (name, value) in rows {
                        let _ = writeln!(out, "<tr><th scope=\"row\">{}</th><td>{}</td></tr>", escape(name), escape(value));
                    }
                    out.push_str("</table>\n");
                }
            }
        }
        out
    }
}

fn list(out: &mut String, tag: &str, items: &[String]) {
    let _ = writeln!(out, "<{tag}>");
    for item in items {
        let _ = writeln!(out, "<li>{}</li>", escape(item));
    }
    let _ = writeln!(out, "</{tag}>");
}

/// A text as HTML text or attribute value.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in shown(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
