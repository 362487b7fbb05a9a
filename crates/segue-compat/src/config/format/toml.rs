//! TOML by the `toml` crate's own tree, which knows its places. Tests: below.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Stop, join, put};
use crate::config::entry::{Entry, Listing, Value, identity};
use crate::source::{Place, Span};

/// Deeper files are refused before they are read.
const DEPTH_MAX: usize = 128;
/// Larger files are refused before they are read: the tree of TOML takes a hundred bytes for each of the text.
const BYTES_MAX: usize = 2 << 20;

pub(super) fn read(file: u32, text: &str, into: &mut Listing) -> Result<(), Stop> {
    if text.len() > BYTES_MAX {
        return Err((Span::new(0, 1), format!("it is larger than the {} MiB that are read of TOML", BYTES_MAX >> 20)));
    }
    deep(text)?;
    let root = match DeTable::parse(text) {
        Ok(root) => root,
        Err(error) => {
            let span = error.span().map_or_else(Span::default, |span| Span::new(span.start, span.end));
            return Err((span, "it is not TOML here".to_owned()));
        }
    };
    let mut open: Vec<(String, Span, &DeValue<'_>)> = Vec::new();
    for (key, value) in root.get_ref() {
        open.push((join("", key.get_ref()), span(key), value.get_ref()));
    }
    while let Some((path, at, value)) = open.pop() {
        let place = Place { file, span: at };
        match value {
            DeValue::Table(table) => {
                put(into, path.clone(), Entry::new(Value::Map, place))?;
                open.extend(table.iter().map(|(key, inner)| (join(&path, key.get_ref()), span(key), inner.get_ref())));
            }
            DeValue::Array(items) => {
                put(into, path.clone(), Entry::new(Value::List(items.len()), place))?;
                for (index, item) in items.iter().enumerate() {
                    let name = |key: &str| match item.get_ref() {
                        DeValue::Table(table) => table.get(key).and_then(|found| found.get_ref().as_str().map(str::to_owned)),
                        _ => None,
                    };
                    let scalar = item
                        .get_ref()
                        .as_str()
                        .map(str::to_owned)
                        .or_else(|| item.get_ref().as_integer().map(|one| one.as_str().to_owned()));
                    open.push((
                        format!("{path}[{}]", identity(&path, index, name, scalar)),
                        Span::new(item.span().start, item.span().end),
                        item.get_ref(),
                    ));
                }
            }
            DeValue::String(text) => put(into, path, Entry::new(Value::Text(text.to_string()), place))?,
            DeValue::Integer(number) => put(into, path, Entry::new(Value::Number(number.as_str().to_owned()), place))?,
            DeValue::Float(number) => put(into, path, Entry::new(Value::Number(number.as_str().to_owned()), place))?,
            DeValue::Boolean(is) => put(into, path, Entry::new(Value::Bool(*is), place))?,
            DeValue::Datetime(moment) => put(into, path, Entry::new(Value::Moment(moment.to_string()), place))?,
        }
    }
    Ok(())
}

/// The whole as a value of JSON; dates are texts.
pub(in crate::config) fn value(text: &str) -> Option<serde_json::Value> {
    deep(text).ok().filter(|()| text.len() <= BYTES_MAX)?;
    let root = DeTable::parse(text).ok()?;
    Some(table(root.get_ref()))
}

fn table(table: &DeTable<'_>) -> serde_json::Value {
    serde_json::Value::Object(table.iter().map(|(key, inner)| (key.get_ref().to_string(), json(inner.get_ref()))).collect())
}

fn json(value: &DeValue<'_>) -> serde_json::Value {
    match value {
        DeValue::Table(inner) => table(inner),
        DeValue::Array(items) => serde_json::Value::Array(items.iter().map(|item| json(item.get_ref())).collect()),
        DeValue::String(text) => serde_json::Value::String(text.to_string()),
        DeValue::Integer(number) => crate::config::schema::number(number.as_str()),
        DeValue::Float(number) => crate::config::schema::number(number.as_str()),
        DeValue::Boolean(is) => serde_json::Value::Bool(*is),
        DeValue::Datetime(moment) => serde_json::Value::String(moment.to_string()),
    }
}

fn span<T>(one: &Spanned<T>) -> Span {
    Span::new(one.span().start, one.span().end)
}

/// The parser calls itself for each bracket.
fn deep(text: &str) -> Result<(), Stop> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEPTH_MAX {
            return Err((Span::new(at, at + 1), format!("more than {DEPTH_MAX} levels of nesting")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_become_paths() {
        let mut listing = Listing::default();
        read(0, "a = 1\n[db]\nhost = \"x\"\n[[user]]\nname = \"n\"\n", &mut listing).expect("it reads");
        assert_eq!(listing.entries.keys().collect::<Vec<_>>(), ["a", "db", "db.host", "user", "user[n]", "user[n].name"]);
        assert!(read(0, "a = \n", &mut Listing::default()).is_err());
        assert!(read(0, &format!("a = {}", "[".repeat(50_000)), &mut Listing::default()).is_err());
    }
}
