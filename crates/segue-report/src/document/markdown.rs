//! Markdown in which a text stays a text: nothing in a name opens a link, a tag, a table cell or a heading.
//!
//! Every text goes through `crate::markup` or into a fence that is longer than any in it. Tests: below and
//! `tests/it/document_hostile.rs`.

use crate::markup::{fence, within};
use crate::text::shown;

pub(super) use crate::markup::inline;

/// A document in the making.
#[derive(Debug, Default)]
pub(super) struct Markdown {
    out: String,
    list: bool,
}

impl Markdown {
    /// A heading.
    pub(super) fn heading(&mut self, level: usize, text: &str) -> &mut Self {
        self.gap();
        self.out.push_str(&format!("{} {}\n\n", "#".repeat(level), inline(text)));
        self
    }

    /// A paragraph, where there is something to say.
    pub(super) fn para(&mut self, text: &str) -> &mut Self {
        if !text.is_empty() {
            self.gap();
            self.out.push_str(&format!("{}\n\n", inline(text)));
        }
        self
    }

    /// `**Term**: text` on a line of its own, where there is something to say.
    pub(super) fn fact(&mut self, term: &str, text: &str) -> &mut Self {
        if text.is_empty() { self } else { self.item(&format!("**{}**: {}", within(term), within(text))) }
    }

    /// `**Term**: text` as a paragraph, where there is something to say.
    pub(super) fn line(&mut self, term: &str, text: &str) -> &mut Self {
        if !text.is_empty() {
            self.gap();
            self.out.push_str(&format!("**{}**: {}\n\n", within(term), within(text)));
        }
        self
    }

    /// A point of a list.
    pub(super) fn bullet(&mut self, text: &str) -> &mut Self {
        self.item(&inline(text))
    }

    /// A point with a box before it.
    pub(super) fn check(&mut self, done: bool, text: &str) -> &mut Self {
        self.item(&format!("[{}] {}", if done { 'x' } else { ' ' }, within(text)))
    }

    fn item(&mut self, line: &str) -> &mut Self {
        self.list = true;
        self.out.push_str(&format!("- {line}\n"));
        self
    }

    /// A table; an empty cell shows a dash.
    pub(super) fn table(&mut self, heads: &[&str], rows: &[Vec<String>]) -> &mut Self {
        self.gap();
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        self.out.push_str(&line(heads.iter().map(|head| within(head)).collect()));
        self.out.push_str(&line(heads.iter().map(|_| "---".to_owned()).collect()));
        for row in rows {
            assert_eq!(row.len(), heads.len(), "a row has as many cells as the table has heads");
            self.out.push_str(&line(row.iter().map(|cell| if cell.is_empty() { "–".to_owned() } else { within(cell) }).collect()));
        }
        self.out.push('\n');
        self
    }

    /// A fence. Line ends stay; everything else invisible is made visible.
    pub(super) fn fence(&mut self, language: &str, text: &str) -> &mut Self {
        self.gap();
        let fence = fence(text);
        let lines: Vec<String> = text.lines().map(|line| shown(&line.replace('\t', "    "))).collect();
        let language: String = language.chars().filter(char::is_ascii_alphanumeric).collect();
        self.out.push_str(&format!("{fence}{language}\n{}\n{fence}\n\n", lines.join("\n")));
        self
    }

    /// Ends a list before something else begins.
    fn gap(&mut self) {
        if std::mem::take(&mut self.list) {
            self.out.push('\n');
        }
    }

    /// The text, with one line end at its end.
    pub(super) fn finish(self) -> String {
        format!("{}\n", self.out.trim_end())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        let mut page = Markdown::default();
        page.bullet("x").fence("sh; rm", "echo 1\n```\n\u{1b}[2J");
        assert_eq!(page.finish(), "- x\n\n````shrm\necho 1\n```\n\\u{1b}[2J\n````\n");
    }
}
