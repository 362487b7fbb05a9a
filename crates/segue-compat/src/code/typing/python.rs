//! Python's annotations. Anything that is no simple type expression is kept as its words. Tests: below.

use super::words::{Cursor, Word};
use super::{DEPTH_MAX, LENGTH_MAX, Type, spaced};

/// Reads an annotation.
pub(crate) fn read(text: &str) -> Type {
    reads(text, 0)
}

fn reads(text: &str, depth: usize) -> Type {
    if text.len() > LENGTH_MAX || depth > DEPTH_MAX {
        return Type::Words(spaced(text));
    }
    let mut cursor = Cursor::new(text);
    cursor.depth = depth;
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
    let mut members = vec![one(cursor)?];
    while cursor.takes('|') {
        members.push(one(cursor)?);
    }
    cursor.depth -= 1;
    Some(Type::one_of(members))
}

fn one(cursor: &mut Cursor<'_>) -> Option<Type> {
    match cursor.next()? {
        Word::Name(name) => named(cursor, name),
        // A name in quotes is a name that comes later.
        Word::Text(text) => Some(reads(text, cursor.depth + 1)),
        Word::Dots => Some(Type::Words("...".to_owned())),
        Word::Mark('(') => {
            let inner = union(cursor)?;
            cursor.takes(')').then_some(inner)
        }
        Word::Mark('[') => Some(Type::Named("[]".to_owned(), arguments(cursor)?)),
        _ => None,
    }
}

fn named(cursor: &mut Cursor<'_>, first: &str) -> Option<Type> {
    let mut parts = vec![first];
    while cursor.takes('.') {
        let Some(Word::Name(part)) = cursor.next() else { return None };
        parts.push(part);
    }
    let library = matches!(parts[0], "typing" | "t" | "typing_extensions" | "collections" | "types" | "builtins" | "abc");
    let name = if library { (*parts.last()?).to_owned() } else { parts.join(".") };
    if name == "Literal" && cursor.takes('[') {
        return literals(cursor);
    }
    let arguments = if cursor.takes('[') { arguments(cursor)? } else { Vec::new() };
    Some(known(&name, arguments))
}

/// `Optional`, `Union`, `List` and their like in one spelling.
fn known(name: &str, mut arguments: Vec<Type>) -> Type {
    let plain = match name {
        "Any" | "object" => return Type::Any,
        "NoReturn" | "Never" => return Type::Never,
        "Optional" => return Type::one_of(arguments.into_iter().chain([Type::name("None")])),
        "Union" => return Type::one_of(arguments),
        "Annotated" | "Final" | "ClassVar" | "Required" | "NotRequired" | "ReadOnly" | "InitVar" if !arguments.is_empty() => {
            return arguments.swap_remove(0);
        }
        "List" => "list",
        "Dict" => "dict",
        "Set" | "MutableSet" => "set",
        "FrozenSet" => "frozenset",
        "AbstractSet" => "Set",
        "Tuple" => "tuple",
        "Type" => "type",
        "Text" => "str",
        "NoneType" => "None",
        other => other,
    };
    Type::Named(plain.to_owned(), arguments)
}

fn arguments(cursor: &mut Cursor<'_>) -> Option<Vec<Type>> {
    let mut arguments = Vec::new();
    while !cursor.takes(']') {
        arguments.push(match cursor.peek()? {
            Word::Number(text) => {
                cursor.next();
                Type::Literal(text.to_owned())
            }
            _ => union(cursor)?,
        });
        if !cursor.takes(',') && cursor.peek() != Some(Word::Mark(']')) {
            return None;
        }
    }
    Some(arguments)
}

fn literals(cursor: &mut Cursor<'_>) -> Option<Type> {
    let mut members = Vec::new();
    while !cursor.takes(']') {
        members.push(match cursor.next()? {
            Word::Text(text) => Type::Literal(format!("\"{text}\"")),
            Word::Number(text) => Type::Literal(text.to_owned()),
            Word::Mark('-') => match cursor.next()? {
                Word::Number(text) => Type::Literal(format!("-{text}")),
                _ => return None,
            },
            Word::Name("None") => Type::name("None"),
            Word::Name(name) => {
                let mut path = name.to_owned();
                while cursor.takes('.') {
                    let Some(Word::Name(part)) = cursor.next() else { return None };
                    path = format!("{path}.{part}");
                }
                Type::Literal(path)
            }
            _ => return None,
        });
        cursor.takes(',');
    }
    Some(Type::one_of(members))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_type_are_one() {
        assert_eq!(read("Optional[int]"), read("int | None"));
        assert_eq!(read("typing.Union[str, int]"), read("int|str"));
        assert_eq!(read("List['Order']"), read("list[Order]"));
        assert_eq!(read("Literal['a', \"b\"]"), read("Literal['b'] | Literal['a']"));
        assert_eq!(read("Callable[[int, ...], str]"), read("Callable[[int, ... ], str]"));
        assert_eq!(read("lambda: 1"), Type::Words("lambda: 1".to_owned()));
        assert_eq!(read("dict[str, int]").shown(), "dict[str, int]");
    }

    #[test]
    fn depth_ends() {
        let text = format!("{}int{}", "list[".repeat(5_000), "]".repeat(5_000));
        assert!(matches!(read(&text), Type::Words(_)));
        let quotes = "'\"".repeat(50);
        let _ = read(&quotes);
    }
}
