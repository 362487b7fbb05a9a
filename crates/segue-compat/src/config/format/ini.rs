//! INI and properties: sections in brackets, `name = value` or `name: value`, comments. Tests: below.

use super::{Stop, join, put};
use crate::config::entry::{Entry, Listing, Value};
use crate::source::{Place, Span};

pub(super) fn read(file: u32, text: &str, into: &mut Listing) -> Result<(), Stop> {
    let mut section = String::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at + line.len() - line.trim_start().len();
        at += line.len();
        let words = line.trim();
        if words.is_empty() || words.starts_with(['#', ';', '!']) {
            continue;
        }
        let place = Place { file, span: Span::new(start, start + words.len()) };
        if let Some(name) = words.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            name.trim().clone_into(&mut section);
            into.entries.entry(join("", &section)).or_insert_with(|| Entry::new(Value::Map, place));
            continue;
        }
        let (name, value) = match words.find(['=', ':']) {
            Some(found) => (words[..found].trim(), words[found + 1..].trim()),
            None => (words, ""),
        };
        if name.is_empty() || name.contains('{') {
            return Err((place.span, "a line that is no `name = value`".to_owned()));
        }
        // Properties have dots in their names, and mean levels by them.
        let path = if section.is_empty() { name.to_owned() } else { format!("{}.{name}", join("", &section)) };
        put(into, path, Entry::new(Value::of_text(value.trim_matches('"')), place))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_and_properties_are_read() {
        let mut listing = Listing::default();
        read(0, "a.b = 1\n; c\n[db]\nhost: x\nflag\n", &mut listing).expect("it reads");
        assert_eq!(listing.entries.keys().collect::<Vec<_>>(), ["a.b", "db", "db.flag", "db.host"]);
        assert!(read(0, "server { listen 80; }\n", &mut Listing::default()).is_err());
    }
}
