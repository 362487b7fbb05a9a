//! The one door by which a text enters a page.
//!
//! [`Html`] takes markup only as `&'static str`, that is from our own source, and every other text through
//! [`escape`]. So no name, message or file content can become markup, whatever it holds. Tests: below and
//! `tests/it/html_hostile.rs`.

use crate::text::shown;

/// A text as it may stand between tags and in a quoted attribute: `<`, `>`, `&`, `"` and `'` are written as entities,
/// and what is invisible or would reorder the line is made visible first.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in shown(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// A page in the making.
#[derive(Debug, Default)]
pub(crate) struct Html {
    out: String,
}

impl Html {
    /// Our own markup.
    pub(crate) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.out.push_str(markup);
        self
    }

    /// A text, escaped.
    pub(crate) fn text(&mut self, text: impl AsRef<str>) -> &mut Self {
        self.out.push_str(&escape(text.as_ref()));
        self
    }

    /// A text, escaped, in which what stands in backticks is set as code.
    pub(crate) fn prose(&mut self, text: impl AsRef<str>) -> &mut Self {
        let text = text.as_ref();
        if text.matches('`').count() % 2 == 1 {
            return self.text(text);
        }
        for (at, part) in text.split('`').enumerate() {
            if at % 2 == 0 {
                self.breaking(part)
            } else {
                self.raw("<code>").breaking(part).raw("</code>")
            };
        }
        self
    }

    /// A text, escaped, in which a long name may break after its points and slashes.
    fn breaking(&mut self, text: &str) -> &mut Self {
        const LONG: usize = 14;
        for (at, word) in text.split(' ').enumerate() {
            if at > 0 {
                self.raw(" ");
            }
            if word.chars().count() <= LONG {
                self.text(word);
                continue;
            }
            for piece in word.split_inclusive(['.', '_', '/', ':']) {
                self.text(piece).raw("<wbr>");
            }
        }
        self
    }

    /// An element of a class in which what stands in backticks is set as code.
    pub(crate) fn said(&mut self, tag: &'static str, class: &str, text: impl AsRef<str>) -> &mut Self {
        self.open(tag, &[("class", class)]).prose(text).close(tag)
    }

    /// A text of several lines, escaped line by line: line ends stay, everything else invisible is made visible.
    pub(crate) fn lines(&mut self, text: &str) -> &mut Self {
        for (at, line) in text.lines().enumerate() {
            if at > 0 {
                self.out.push('\n');
            }
            self.text(line.replace('\t', "    "));
        }
        self
    }

    /// `<tag name="value" …>`. An empty value leaves its attribute out.
    pub(crate) fn open(&mut self, tag: &'static str, attributes: &[(&'static str, &str)]) -> &mut Self {
        self.out.push('<');
        self.out.push_str(tag);
        for (name, value) in attributes.iter().filter(|(_, value)| !value.is_empty()) {
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            self.out.push_str(&escape(value));
            self.out.push('"');
        }
        self.out.push('>');
        self
    }

    /// `</tag>`.
    pub(crate) fn close(&mut self, tag: &'static str) -> &mut Self {
        self.out.push_str("</");
        self.out.push_str(tag);
        self.out.push('>');
        self
    }

    /// An element of a class with nothing but text in it.
    pub(crate) fn el(&mut self, tag: &'static str, class: &str, text: impl AsRef<str>) -> &mut Self {
        self.open(tag, &[("class", class)]).text(text).close(tag)
    }

    /// A paragraph where there is something to say.
    pub(crate) fn para(&mut self, class: &str, text: impl AsRef<str>) -> &mut Self {
        if text.as_ref().is_empty() { self } else { self.open("p", &[("class", class)]).prose(text).close("p") }
    }

    /// A term and what is said of it, in a `dl`; nothing where nothing is said.
    pub(crate) fn fact(&mut self, term: &str, said: impl AsRef<str>) -> &mut Self {
        if said.as_ref().is_empty() {
            return self;
        }
        self.raw("<div>").el("dt", "", term).raw("<dd>").prose(said).raw("</dd></div>")
    }

    /// A cell of a table that becomes a card on a narrow page, where the label stands before it.
    pub(crate) fn cell(&mut self, label: &'static str, text: impl AsRef<str>) -> &mut Self {
        let text = if text.as_ref().is_empty() { "–" } else { text.as_ref() };
        self.open("td", &[("data-label", label)]).prose(text).close("td")
    }

    /// A symbol and a word in a colour that only repeats them.
    pub(crate) fn badge(&mut self, tone: &'static str, symbol: &'static str, word: impl AsRef<str>) -> &mut Self {
        self.open("span", &[("class", "badge"), ("data-tone", tone)]).raw("<span aria-hidden=\"true\">").raw(symbol).raw("</span> ");
        self.text(word).raw("</span>")
    }

    /// How much there is so far, in bytes.
    pub(crate) fn len(&self) -> usize {
        self.out.len()
    }

    /// The page.
    pub(crate) fn finish(self) -> String {
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_becomes_markup() {
        assert_eq!(escape("<script>alert('x')</script> & \"q\""), "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;q&quot;");
        assert_eq!(escape("a\u{202e}b\u{0}"), "a\\u{202e}b\\u{0}");
        assert_eq!(escape("größe 表 😀"), "größe 表 😀");
    }

    #[test]
    fn backticks_are_code_where_they_pair() {
        let mut page = Html::default();
        page.prose("until `con<tract`").prose(" a ` b");
        assert_eq!(page.finish(), "until <code>con&lt;tract</code> a ` b");
        let mut page = Html::default();
        page.prose("see systems.old.facts.<b>");
        assert_eq!(page.finish(), "see systems.<wbr>old.<wbr>facts.<wbr>&lt;b&gt;<wbr>");
    }

    #[test]
    fn attributes_and_lines_go_through_the_same_door() {
        let mut page = Html::default();
        page.open("a", &[("title", "\" onclick=\"x"), ("class", "")]).lines("one\n\ttwo<b>\r\n").close("a");
        assert_eq!(page.finish(), "<a title=\"&quot; onclick=&quot;x\">one\n    two&lt;b&gt;</a>");
    }
}
