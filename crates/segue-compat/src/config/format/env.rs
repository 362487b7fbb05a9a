//! `.env`: `NAME=value` lines, `export` before them, quotes around values, comments. Tests: below.

use super::{Stop, put};
use crate::config::entry::{Entry, Listing, Value};
use crate::source::{Place, Span};

pub(super) fn read(file: u32, text: &str, into: &mut Listing) -> Result<(), Stop> {
    let mut at = 0;
    let mut lines = text.split_inclusive('\n');
    while let Some(line) = lines.next() {
        let start = at;
        at += line.len();
        let words = line.trim();
        if words.is_empty() || words.starts_with('#') {
            continue;
        }
        let begins = start + line.len() - line.trim_start().len();
        let span = Span::new(begins, begins + words.len());
        let words = words.strip_prefix("export ").map_or(words, str::trim_start);
        let Some((name, value)) = words.split_once('=') else { return Err((span, "a line that is no `NAME=value`".to_owned())) };
        let name = name.trim();
        if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-')) {
            return Err((span, "a name that is none".to_owned()));
        }
        let mut value = value.trim().to_owned();
        // A quoted value goes on until its quote.
        if let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) {
            while value.len() < 2 || !value.ends_with(quote) {
                let Some(more) = lines.next() else { return Err((span, "a quote without its end".to_owned())) };
                at += more.len();
                value.push('\n');
                value.push_str(more.trim_end());
            }
            value = value[1..value.len() - 1].to_owned();
        } else if let Some((before, _)) = value.split_once(" #") {
            value = before.trim_end().to_owned();
        }
        put(into, name.to_owned(), Entry::new(Value::of_text(&value), Place { file, span }))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_shells_do() {
        let mut listing = Listing::default();
        read(0, "# c\nexport A=1\nB='x # y'\nC=two # c\nA=2\nD=\"a\nb\"\n", &mut listing).expect("it reads");
        assert_eq!(listing.entries.keys().collect::<Vec<_>>(), ["A", "B", "C", "D"]);
        assert_eq!(listing.twice.len(), 1);
        assert!(read(0, "just words\n", &mut Listing::default()).is_err());
        assert!(read(0, "A=\"open\n", &mut Listing::default()).is_err());
    }
}
