//! TOML. Tests: below.

use toml::de::{DeTable, DeValue};

use super::{DEPTH_MAX, Entry, Lines, Node, Stop, Value};

/// Reads one document; entries in the order of their keys.
pub(crate) fn read(text: &str) -> Result<Node, Stop> {
    let lines = Lines::new(text);
    let table = DeTable::parse(text).map_err(|error| {
        let line = error.span().map_or(1, |span| lines.of(span.start));
        Stop::new(line, "it is not TOML")
    })?;
    Ok(map(table.get_ref(), &lines, 1, 0))
}

fn map(table: &DeTable<'_>, lines: &Lines, line: u32, depth: usize) -> Node {
    let entry = |(key, value): (&toml::Spanned<std::borrow::Cow<'_, str>>, &toml::Spanned<DeValue<'_>>)| {
        let line = lines.of(key.span().start);
        Entry { key: key.get_ref().to_string(), line, node: node(value, lines, line, depth + 1) }
    };
    Node { value: Value::Map(table.iter().map(entry).collect()), line }
}

fn node(value: &toml::Spanned<DeValue<'_>>, lines: &Lines, line: u32, depth: usize) -> Node {
    if depth > DEPTH_MAX {
        return Node { value: Value::Null, line };
    }
    let here = lines.of(value.span().start);
    let value = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => Value::Number(number.to_string()),
        DeValue::Float(number) => Value::Number(number.to_string()),
        DeValue::Boolean(yes) => Value::Bool(*yes),
        DeValue::Datetime(time) => Value::Text(time.to_string()),
        DeValue::Array(items) => Value::List(items.iter().map(|item| node(item, lines, here, depth + 1)).collect()),
        DeValue::Table(table) => return map(table, lines, line, depth),
    };
    Node { value, line: here }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_know_their_lines() {
        let node = read("[a]\nb = 1\n\n[[c]]\nd = \"x\"\n[a.e]\nf = [true]\n").expect("it reads");
        assert_eq!(node.at(&["a", "b"]).map(|n| (n.text(), n.line)), Some((Some("1"), 2)));
        assert_eq!(node.get("c").expect("c").items()[0].get("d").map(|n| (n.text(), n.line)), Some((Some("x"), 5)));
        assert_eq!(read("a = 1\nb").expect_err("no TOML").line, 2);
        let deep = format!("a = {}", "[".repeat(50_000));
        assert!(read(&deep).is_err());
    }
}
