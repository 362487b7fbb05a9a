//! TypeScript's types. Functions, conditional, mapped and computed types are kept as their words. Tests: below.

use super::words::{Cursor, Word};
use super::{DEPTH_MAX, LENGTH_MAX, Type, spaced};

/// Reads a type.
pub(crate) fn read(text: &str) -> Type {
    let text = text.trim().trim_end_matches(';');
    if text.len() > LENGTH_MAX {
        return Type::Words(spaced(text));
    }
    let mut cursor = Cursor::new(text);
    match union(&mut cursor) {
        Some(found) if cursor.is_done() => found,
        _ => Type::Words(spaced(text)),
    }
}

fn union(cursor: &mut Cursor<'_>) -> Option<Type> {
    cursor.depth += 1;
    if cursor.depth > DEPTH_MAX {
        return None;
    }
    cursor.takes('|');
    let mut members = vec![both(cursor)?];
    while cursor.takes('|') {
        members.push(both(cursor)?);
    }
    cursor.depth -= 1;
    Some(Type::one_of(members))
}

fn both(cursor: &mut Cursor<'_>) -> Option<Type> {
    let mut parts = vec![listed(cursor)?];
    while cursor.takes('&') {
        parts.push(listed(cursor)?);
    }
    if parts.len() == 1 {
        return parts.pop();
    }
    parts.sort();
    parts.dedup();
    Some(Type::Named("&".to_owned(), parts))
}

fn listed(cursor: &mut Cursor<'_>) -> Option<Type> {
    let mut found = one(cursor)?;
    while cursor.peek() == Some(Word::Mark('[')) {
        if cursor.after(1) != Some(Word::Mark(']')) {
            return None;
        }
        cursor.next();
        cursor.next();
        found = Type::Named("array".to_owned(), vec![found]);
    }
    Some(found)
}

fn one(cursor: &mut Cursor<'_>) -> Option<Type> {
    match cursor.next()? {
        Word::Name("readonly") => Some(match listed(cursor)? {
            Type::Named(name, inner) if name == "array" => Type::Named("ReadonlyArray".to_owned(), inner),
            Type::Named(name, inner) if name == "tuple" => Type::Named("ReadonlyTuple".to_owned(), inner),
            other => other,
        }),
        Word::Name("keyof" | "typeof" | "infer" | "unique" | "asserts" | "new" | "abstract") => None,
        Word::Name(name) => named(cursor, name),
        Word::Text(text) => Some(Type::Literal(format!("\"{text}\""))),
        Word::Number(text) => Some(Type::Literal(text.to_owned())),
        Word::Mark('-') => match cursor.next()? {
            Word::Number(text) => Some(Type::Literal(format!("-{text}"))),
            _ => None,
        },
        Word::Mark('(') => {
            let inner = union(cursor)?;
            (cursor.takes(')') && cursor.peek() != Some(Word::Arrow)).then_some(inner)
        }
        Word::Mark('[') => {
            let members = list(cursor, ']')?;
            Some(Type::Named("tuple".to_owned(), members))
        }
        Word::Mark('{') => object(cursor),
        _ => None,
    }
}

fn list(cursor: &mut Cursor<'_>, end: char) -> Option<Vec<Type>> {
    let mut members = Vec::new();
    while !cursor.takes(end) {
        members.push(union(cursor)?);
        if !cursor.takes(',') && cursor.peek() != Some(Word::Mark(end)) {
            return None;
        }
    }
    Some(members)
}

fn named(cursor: &mut Cursor<'_>, first: &str) -> Option<Type> {
    let mut name = first.to_owned();
    while cursor.takes('.') {
        let Some(Word::Name(part)) = cursor.next() else { return None };
        name = format!("{name}.{part}");
    }
    if matches!(cursor.peek(), Some(Word::Name("is" | "extends"))) {
        return None;
    }
    let arguments = if cursor.takes('<') { list(cursor, '>')? } else { Vec::new() };
    Some(match name.as_str() {
        "any" => Type::Any,
        "never" => Type::Never,
        "true" | "false" => Type::Literal(name),
        "Array" => Type::Named("array".to_owned(), arguments),
        _ => Type::Named(name, arguments),
    })
}

fn object(cursor: &mut Cursor<'_>) -> Option<Type> {
    let mut fields = Vec::new();
    while !cursor.takes('}') {
        if cursor.peek() == Some(Word::Name("readonly")) && cursor.after(1) != Some(Word::Mark(':')) {
            cursor.next();
        }
        let (Word::Name(name) | Word::Text(name) | Word::Number(name)) = cursor.next()? else { return None };
        let optional = cursor.takes('?');
        if !cursor.takes(':') {
            return None;
        }
        let found = union(cursor)?;
        fields.push((name.to_owned(), optional, if optional { found.without_undefined() } else { found }));
        let more = cursor.takes(';') || cursor.takes(',');
        // A line's end is a separator too, and the words do not know it.
        if !more && !matches!(cursor.peek(), Some(Word::Mark('}') | Word::Name(_) | Word::Text(_))) {
            return None;
        }
    }
    fields.sort();
    Some(Type::Object(fields))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_type_are_one() {
        assert_eq!(read("Array<string>"), read("string[]"));
        assert_eq!(read("| 'a' | 'b'"), read("\"b\"|\"a\""));
        assert_eq!(read("{a: number; b?: string}"), read("{ b?: string, a: number }"));
        assert_eq!(read("(string | number)[]").shown(), "array[number | string]");
        assert_eq!(read("A & B"), read("B & A"));
        assert!(matches!(read("(a: string) => void"), Type::Words(_)));
        assert!(matches!(read("T extends string ? 1 : 2"), Type::Words(_)));
        assert!(matches!(read(&"[".repeat(9_000)), Type::Words(_)));
        assert!(matches!(read(&"Array<".repeat(2_000)), Type::Words(_)));
    }
}
