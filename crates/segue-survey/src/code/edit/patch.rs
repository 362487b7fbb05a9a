//! A node's text before and after replacements inside of it, with every text of the program that was not let through as `…`.
//!
//! Replacements are by place in the syntax tree and never by searching the text. Tests: `cases.rs`.

use std::collections::BTreeMap;
use std::ops::Range;

use super::super::{Language, Syntax};

/// A node with what is replaced in it.
pub(super) struct Patch<'r> {
    node: Syntax<'r>,
    language: Language,
    kept: Vec<Range<usize>>,
    with: BTreeMap<usize, (usize, String)>,
}

impl<'r> Patch<'r> {
    /// Nothing is replaced yet.
    pub(super) fn of(language: Language, node: &Syntax<'r>) -> Self {
        Self { node: node.clone(), language, kept: Vec::new(), with: BTreeMap::new() }
    }

    /// This text of the program may be shown.
    pub(super) fn keep(mut self, node: &Syntax<'r>) -> Self {
        self.kept.push(node.range());
        self
    }

    /// A part is another text afterwards.
    pub(super) fn with(self, node: &Syntax<'r>, text: &str) -> Self {
        self.range(node.range(), text)
    }

    /// A range of the file is another text afterwards.
    pub(super) fn range(mut self, range: Range<usize>, text: &str) -> Self {
        self.with.insert(range.start, (range.end, text.to_owned()));
        self
    }

    /// Before and after; `None` where two replacements overlap.
    pub(super) fn texts(&self) -> Option<(String, String)> {
        let whole = self.node.range();
        let text = self.node.text();
        let indent = self.node.start_pos().column(&self.node);
        let hidden = self.hidden();
        let mut after = hidden.clone();
        let mut last = whole.start;
        for (start, (end, with)) in &self.with {
            if *start < last || *end > whole.end {
                return None;
            }
            last = *end;
            // What is put in before something hidden leaves that hidden.
            if let Some((to, covered)) = after.get(start).filter(|_| start == end).cloned() {
                after.insert(*start, (to, format!("{with}{covered}")));
                continue;
            }
            after.retain(|at, (to, _)| *to <= *start || *at >= *end);
            after.insert(*start, (*end, with.clone()));
        }
        let before = apply(&text, whole.start, &hidden)?;
        Some((shifted(&before, indent), shifted(&apply(&text, whole.start, &after)?, indent)))
    }

    /// What is never shown: texts and comments.
    fn hidden(&self) -> BTreeMap<usize, (usize, String)> {
        let texts = self.language.texts();
        let mut out: BTreeMap<usize, (usize, String)> = BTreeMap::new();
        let mut end = 0;
        for node in self.node.dfs() {
            let (kind, range) = (node.kind(), node.range());
            if range.start < end {
                continue;
            }
            if kind.contains("comment") {
                out.insert(range.start, (range.end, String::new()));
            } else if texts.contains(&kind.as_ref()) {
                if !self.kept.contains(&range) {
                    let text = node.text();
                    let quote = if text.ends_with('`') {
                        '`'
                    } else if text.ends_with('"') {
                        '"'
                    } else {
                        '\''
                    };
                    out.insert(range.start, (range.end, format!("{quote}…{quote}")));
                }
            } else if matches!(kind.as_ref(), "regex" | "regex_literal") {
                out.insert(range.start, (range.end, "/…/".to_owned()));
            } else {
                continue;
            }
            end = range.end;
        }
        out
    }
}

fn apply(text: &str, start: usize, with: &BTreeMap<usize, (usize, String)>) -> Option<String> {
    let mut out = String::new();
    let mut at = 0;
    for (from, (to, new)) in with {
        out.push_str(text.get(at..from - start)?);
        out.push_str(new);
        at = to - start;
    }
    out.push_str(text.get(at..)?);
    Some(out)
}

/// Lines after the first without the depth at which the node stands; without blank lines, which comments leave.
fn shifted(text: &str, indent: usize) -> String {
    let depth = |line: &str| line.len() - line.trim_start().len();
    let least = text.lines().skip(1).filter(|line| !line.trim().is_empty()).map(depth).min().unwrap_or(0).min(indent);
    let lines = text.lines().enumerate().map(|(at, line)| if at == 0 { line } else { line.get(least..).unwrap_or_default() });
    lines.map(str::trim_end).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The text of a literal without its quotes.
pub(super) fn bare(node: &Syntax<'_>) -> String {
    node.text().trim_matches(['"', '\'', '`']).to_owned()
}
