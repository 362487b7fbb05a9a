//! Text for terminals: what is shown of hostile names, how wide it is, how it folds, and colour.
//!
//! Every text goes through [`shown`] on its way into a [`Page`], so no name can move the cursor, reorder a line or
//! hide. Colour only repeats what a symbol and a word say. Tests: below and `tests/it/`.

use std::fmt::Write as _;

use segue_model::units::counted;

/// A name or message as it may be shown: control characters, line breaks, bidirectional controls and invisible
/// characters stand as `\u{202e}`.
pub fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if hides(c) {
            // Writing to a String cannot fail.
            let _ = write!(out, "{}", c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

fn hides(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// How a cell is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Plain,
    Bold,
    Dim,
    Good,
    Warn,
    Bad,
}

impl Style {
    fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Bold => "\u{1b}[1m",
            Self::Dim => "\u{1b}[2m",
            Self::Good => "\u{1b}[32m",
            Self::Warn => "\u{1b}[33m",
            Self::Bad => "\u{1b}[1;31m",
        }
    }
}

/// A piece of a line that stays together where it fits.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    text: String,
    style: Style,
    pad: usize,
    flows: bool,
}

/// A cell of plain text.
pub(crate) fn cell(text: impl AsRef<str>) -> Cell {
    Cell { text: shown(text.as_ref()), style: Style::Plain, pad: 0, flows: false }
}

impl Cell {
    /// In this style.
    pub(crate) fn style(mut self, style: Style) -> Self {
        self.style = style;
        self
    }

    /// Its words fill the line that it stands on, instead of moving to the next one together.
    pub(crate) fn flows(mut self) -> Self {
        self.flows = true;
        self
    }

    /// At least this wide where another cell follows on its line.
    pub(crate) fn pad(mut self, width: usize) -> Self {
        self.pad = width;
        self
    }
}

/// Lines folded at a width.
pub(crate) struct Page {
    width: usize,
    color: bool,
    out: String,
}

impl Page {
    /// An empty page. Below 20 columns nothing can be read; 20 is taken.
    pub(crate) fn new(width: usize, color: bool) -> Self {
        Self { width: width.max(20), color, out: String::new() }
    }

    /// The text, each line ended.
    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// There is room for `width` columns.
    pub(crate) fn fits(&self, width: usize) -> bool {
        self.width >= width
    }

    /// One line of cells, three spaces apart, folded with `hang` columns before each line after the first. A cell
    /// goes to the next line as a whole where it fits there.
    pub(crate) fn line(&mut self, indent: usize, hang: usize, cells: &[Cell]) {
        let (indent, hang) = (indent.min(self.width / 2), hang.min(self.width / 2));
        let mut used = indent;
        let mut gap = 0;
        let mut text = " ".repeat(indent);
        for cell in cells.iter().filter(|cell| !cell.text.is_empty()) {
            let wide = columns(&cell.text);
            if gap > 0 && !cell.flows && used + gap + wide > self.width {
                self.end(&mut text);
                text = " ".repeat(hang);
                (used, gap) = (hang, 0);
            }
            text.push_str(&" ".repeat(gap));
            used += gap;
            let mut first = true;
            for word in pieces(&cell.text, self.width - hang) {
                let space = usize::from(!first);
                if used + space + columns(&word) > self.width && used > hang {
                    self.end(&mut text);
                    text = " ".repeat(hang);
                    used = hang;
                } else {
                    text.push_str(&" ".repeat(space));
                    used += space;
                }
                used += columns(&word);
                self.paint(&mut text, cell.style, &word);
                first = false;
            }
            gap = 3 + cell.pad.saturating_sub(wide);
        }
        self.end(&mut text);
    }

    /// A line of code behind a mark, at its own depth; it folds as words where it does not fit.
    pub(crate) fn code(&mut self, indent: usize, mark: &str, text: &str) {
        let indent = indent.min(self.width / 4);
        let body = text.trim_start();
        let depth = text[..text.len() - body.len()].chars().map(|c| if c == '\t' { 4 } else { 1 }).sum::<usize>();
        let deep = (indent + columns(mark) + depth).min(self.width / 2);
        let start = self.out.len();
        if body.is_empty() {
            let mut empty = format!("{}{mark}", " ".repeat(indent));
            return self.end(&mut empty);
        }
        self.line(deep, deep + 2, &[cell(body)]);
        // The margin is made of spaces: the mark takes the place of as many.
        assert!(mark.is_ascii() && indent + mark.len() <= deep, "a mark stands before the code");
        self.out.replace_range(start + indent..start + indent + mark.len(), mark);
    }

    fn end(&mut self, text: &mut String) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
        text.clear();
    }

    fn paint(&self, text: &mut String, style: Style, word: &str) {
        if self.color && style != Style::Plain {
            text.push_str(style.code());
            text.push_str(word);
            text.push_str("\u{1b}[0m");
        } else {
            text.push_str(word);
        }
    }
}

/// The words of a text; one that is wider than `limit` is cut.
fn pieces(text: &str, limit: usize) -> Vec<String> {
    let mut out = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let mut piece = String::new();
        let mut wide = 0;
        for c in word.chars() {
            if wide + char_columns(c) > limit && !piece.is_empty() {
                out.push(std::mem::take(&mut piece));
                wide = 0;
            }
            wide += char_columns(c);
            piece.push(c);
        }
        out.push(piece);
    }
    out
}

/// Terminal columns of a text.
pub(crate) fn columns(text: &str) -> usize {
    text.chars().map(char_columns).sum()
}

fn char_columns(c: char) -> usize {
    match u32::from(c) {
        0x300..=0x36f | 0x483..=0x489 | 0x591..=0x5bd | 0x610..=0x61a | 0x64b..=0x65f | 0x20d0..=0x20ff | 0xfe00..=0xfe0f => 0,
        0x1100..=0x115f
        | 0x2e80..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1faff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

/// The length of a list with its noun: `1 step`, `2,000 steps`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    counted(number as u64, noun)
}

/// `~40 s`, `~12 min`, `~3.2 h`.
pub fn about(seconds: u64) -> String {
    match seconds {
        0..120 => format!("~{seconds} s"),
        120..7_200 => format!("~{} min", seconds.div_ceil(60)),
        _ => format!("~{}.{} h", seconds / 3_600, seconds % 3_600 / 360),
    }
}

/// The beginning and the end of a digest: `7f3a…c1`.
pub(crate) fn short(digest: &str) -> String {
    let chars: Vec<char> = digest.chars().collect();
    if chars.len() <= 8 {
        return digest.to_owned();
    }
    let (head, tail): (String, String) = (chars[..4].iter().collect(), chars[chars.len() - 2..].iter().collect());
    format!("{head}…{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_is_made_visible() {
        assert_eq!(shown("a\u{1b}[2Jb\n\t"), "a\\u{1b}[2Jb\\u{a}\\u{9}");
        assert_eq!(shown("x\u{202e}y\u{2066}\u{200b}\u{feff}"), "x\\u{202e}y\\u{2066}\\u{200b}\\u{feff}");
        assert_eq!(shown("größe 表 😀"), "größe 表 😀");
        assert_eq!(shown("\u{9b}31m"), "\\u{9b}31m", "the one-byte control sequence introducer");
    }

    #[test]
    fn nothing_is_wider_than_the_page() {
        for width in [20, 40, 80] {
            let mut page = Page::new(width, false);
            page.line(2, 6, &[cell("a word").pad(20), cell("another cell of some words"), cell("表".repeat(60)), cell("x".repeat(99))]);
            for line in page.finish().lines() {
                assert!(columns(line) <= width, "{width}: {line}");
            }
        }
    }

    #[test]
    fn a_cell_moves_to_the_next_line_as_a_whole() {
        let mut page = Page::new(30, false);
        page.line(0, 4, &[cell("one two"), cell("three four five six"), cell("seven")]);
        assert_eq!(page.finish(), "one two   three four five six\n    seven\n");
    }

    #[test]
    fn code_keeps_its_depth_and_its_mark() {
        let mut page = Page::new(40, false);
        for text in ["if a {", "    b", "", "\tc"] {
            page.code(2, "+ ", text);
        }
        page.code(2, "", "  plain");
        page.code(2, "- ", &format!("{}{}", " ".repeat(30), "word ".repeat(9)));
        let text = page.finish();
        assert!(text.starts_with("  + if a {\n  +     b\n  +\n  +     c\n    plain\n  -                 word"), "{text}");
        assert!(text.lines().all(|line| columns(line) <= 40), "{text}");
    }

    #[test]
    fn colour_only_adds_to_the_text() {
        let line = |color| {
            let mut page = Page::new(40, color);
            page.line(0, 2, &[cell("bad news").style(Style::Bad), cell("plain")]);
            page.finish()
        };
        let bare = line(true).replace("\u{1b}[1;31m", "").replace("\u{1b}[0m", "");
        assert_eq!(bare, line(false));
        assert!(!line(false).contains('\u{1b}'));
    }

    #[test]
    fn figures_read_well() {
        assert_eq!([about(1), about(119), about(121), about(7_200), about(11_880)], ["~1 s", "~119 s", "~3 min", "~2.0 h", "~3.3 h"]);
        assert_eq!(short("7f3a00c1d2c1"), "7f3a…c1");
        assert_eq!((count(1, "step"), count(2, "step")), ("1 step".to_owned(), "2 steps".to_owned()));
    }
}
