//! Whether a text is GraphQL, and which files it names, by a look at its first words. Tests: below.

use super::introspection::is_introspection;
use super::lex::{Kind, Lexer, Word};

/// How many words are looked at.
const WORDS_MAX: usize = 400;
/// How much of a JSON text is looked at.
const BYTES_MAX: usize = 65_536;

/// It is SDL or an introspection result.
pub(in crate::graphql) fn looks_like(text: &str) -> bool {
    if text.trim_start().starts_with('{') {
        let mut end = text.len().min(BYTES_MAX);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        return is_introspection(text.get(..end).unwrap_or_default());
    }
    let mut lexer = Lexer::new(text);
    let mut words: Vec<(Kind, &str)> = Vec::new();
    while words.len() < WORDS_MAX {
        let word: Word = lexer.word();
        match word.kind {
            Kind::End => break,
            Kind::Bad | Kind::OpenText | Kind::OpenBlock => return false,
            kind => words.push((kind, text.get(word.start as usize..word.end as usize).unwrap_or_default())),
        }
    }
    let mut rest = words.iter().skip_while(|(kind, _)| matches!(kind, Kind::Text | Kind::Block));
    let mut next = || rest.next().copied();
    let first = match next() {
        Some((Kind::Name, "extend")) => next(),
        other => other,
    };
    match (first, next()) {
        (Some((Kind::Name, "schema")), Some((Kind::Mark(mark), _))) => matches!(mark, b'{' | b'@'),
        (Some((Kind::Name, "directive")), Some((Kind::Mark(mark), _))) => mark == b'@',
        // `type A = …` and `interface A` are words of other languages too.
        (Some((Kind::Name, "type" | "interface" | "input" | "enum")), Some((Kind::Name, _))) => {
            matches!(
                next(),
                None | Some(
                    (Kind::Mark(b'{' | b'@'), _)
                        | (Kind::Name, "implements" | "type" | "extend" | "interface" | "enum" | "scalar" | "input" | "union")
                )
            )
        }
        (Some((Kind::Name, "union")), Some((Kind::Name, _))) => matches!(next(), Some((Kind::Mark(b'=' | b'@'), _))),
        (Some((Kind::Name, "scalar")), Some((Kind::Name, _))) => true,
        _ => false,
    }
}

/// The files of `# import A, B from "file.graphql"` and `#import "file.graphql"`, each once.
pub(in crate::graphql) fn imports(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.lines() {
        let Some(rest) = line.trim_start().strip_prefix('#').map(str::trim_start).and_then(|rest| rest.strip_prefix("import")) else {
            continue;
        };
        let mut parts = rest.split(['"', '\'']);
        if let (Some(_), Some(name), Some(_)) = (parts.next(), parts.next(), parts.next())
            && !name.is_empty()
            && !found.iter().any(|known| known == name)
        {
            found.push(name.to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn graphql_is_known_by_its_words() {
        for text in [
            "type Query { a: Int }",
            "\"\"\"What it is\"\"\"\nschema @link(url: \"x\") { query: Q }",
            "# a comment\nextend type Query @x { a: Int }",
            "interface Node implements A { id: ID! }",
            "directive @a on FIELD",
            "scalar Date",
            "union A = B",
            "\u{feff}enum A { B }",
            "{\"data\": {\"__schema\": {}}}",
            " {\n \"__schema\": {} }",
        ] {
            assert!(looks_like(text), "{text}");
        }
        for text in [
            "",
            "enum A { B = 0; }",
            "interface A { a: string; b: number }",
            "type A = { a: string }",
            "{\"openapi\": \"3.1.0\"}",
            "syntax = \"proto3\";",
            "query { a }",
            "create table a (b int)",
            "type: object",
            "openapi: 3.0.0",
            "def f(a): pass",
        ] {
            assert!(!looks_like(text), "{text}");
        }
    }

    #[test]
    fn imports_are_found_in_comments() {
        assert_eq!(
            imports("# import A, B from \"a.graphql\"\n#import 'b.graphql'\n# import nothing\ntype A { b: Int }"),
            ["a.graphql", "b.graphql"]
        );
    }
}
