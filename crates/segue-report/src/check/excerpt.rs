//! The line of a file that a finding points at, with a mark under the words.
//!
//! Only that line is looked at, and of a long one only what is around the mark: a document of one line and ten million
//! characters costs as little as a short one. Every character passes [`shown`]. Tests: below.

use std::collections::BTreeMap;

use segue_model::check::{At, CheckReport, Side};

use crate::text::{columns, shown};

/// The longest mark, in columns.
const MARK_MAX: usize = 60;

/// The texts of a report, each with the beginnings of its lines once it was asked for.
pub(super) struct Excerpts<'a> {
    files: BTreeMap<(Side, String), Indexed<'a>>,
}

/// A text, and where its lines begin once somebody asked.
type Indexed<'a> = (&'a str, Option<Vec<usize>>);

/// A line as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// Its number.
    pub(super) number: u32,
    /// What of it is shown.
    pub(super) text: String,
    /// Columns before the mark.
    pub(super) before: usize,
    /// Columns of the mark, at least 1.
    pub(super) wide: usize,
}

impl<'a> Excerpts<'a> {
    /// Of these texts. A configuration's lines hold secrets: none of them is shown.
    pub(super) fn new(report: &'a CheckReport) -> Self {
        let open = report.kind != "config";
        let files = report.sources.iter().filter(|_| open).map(|source| ((source.side, source.file.clone()), (&*source.text, None)));
        Self { files: files.collect() }
    }

    /// The line of a place, at most `width` columns of it; nothing when the text is not at hand.
    pub(super) fn of(&mut self, at: &At, width: usize) -> Option<Excerpt> {
        let (text, starts) = self.files.get_mut(&(at.side, at.file.clone()))?;
        let starts = starts.get_or_insert_with(|| line_starts(text));
        let index = usize::try_from(at.line).ok()?.checked_sub(1)?;
        let start = *starts.get(index)?;
        let end = starts.get(index + 1).map_or(text.len(), |next| next.saturating_sub(1));
        let line = text.get(start..end)?.trim_end_matches('\r');
        let from = usize::try_from(at.column).ok()?.saturating_sub(1);
        let to = if at.end_line.is_some_and(|end| end > at.line) { None } else { at.end_column };
        let marked = to.and_then(|to| usize::try_from(to).ok()).map_or(MARK_MAX, |to| to.saturating_sub(1).saturating_sub(from)).max(1);
        Some(cut(line, from, marked, width.max(20), at.line))
    }
}

impl Excerpt {
    /// Both lines: the number and the text, and the mark below it.
    pub(super) fn lines(&self) -> String {
        let bar = " ".repeat(self.number.to_string().len());
        format!("{} | {}\n{bar} | {}{}", self.number, self.text, " ".repeat(self.before), "^".repeat(self.wide))
    }
}

fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1)).collect()
}

fn cut(line: &str, from: usize, marked: usize, width: usize, number: u32) -> Excerpt {
    // Where the mark would stand too far right, a piece of the line before it is enough.
    let lead = if from > width / 2 { from - width / 4 } else { 0 };
    let mut out = Excerpt { number, text: String::new(), before: 0, wide: 0 };
    let mut used = 0;
    if lead > 0 {
        out.text.push('…');
        used = 1;
    }
    out.before = used;
    for (index, c) in (lead..).zip(line.chars().skip(lead)) {
        let piece = if c == '\t' { "    ".to_owned() } else { shown(c.encode_utf8(&mut [0; 4])) };
        let wide = columns(&piece);
        if used + wide + 1 > width {
            out.text.push('…');
            break;
        }
        if index < from {
            out.before += wide;
        } else if index < from + marked {
            out.wide += wide;
        }
        used += wide;
        out.text.push_str(&piece);
    }
    out.wide = out.wide.clamp(1, MARK_MAX);
    while out.text.ends_with(' ') {
        out.text.pop();
    }
    out.before = out.before.min(width.saturating_sub(out.wide));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str, from: usize, marked: usize, width: usize) -> (String, usize, usize) {
        let excerpt = cut(line, from, marked, width, 1);
        (excerpt.text, excerpt.before, excerpt.wide)
    }

    #[test]
    fn the_mark_stands_under_its_words() {
        assert_eq!(of("  name: x", 2, 4, 40), ("  name: x".to_owned(), 2, 4));
        assert_eq!(of("\tname", 1, 4, 40), ("    name".to_owned(), 4, 4));
        assert_eq!(of("表表 x", 3, 1, 40), ("表表 x".to_owned(), 5, 1), "wide characters take two columns");
        assert_eq!(of("", 0, 1, 40), (String::new(), 0, 1));
    }

    #[test]
    fn a_long_line_is_cut_around_its_mark() {
        let line = format!("{}MARK{}", "a".repeat(5_000), "b".repeat(5_000));
        let (text, before, wide) = of(&line, 5_000, 4, 40);
        assert_eq!(text, format!("…{}MARK{}…", "a".repeat(10), "b".repeat(24)));
        assert_eq!((before, wide), (11, 4));
    }

    #[test]
    fn hostile_characters_are_made_visible() {
        assert_eq!(of("a\u{1b}[2Jb", 0, 1, 40).0, "a\\u{1b}[2Jb");
    }
}
