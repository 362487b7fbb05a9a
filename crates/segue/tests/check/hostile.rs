//! Hostile documents end with an answer: never a panic, never an endless run, never "compatible" for what was not read.
//!
//! The large ones with their time and memory are in `cargo xtask bench check_hostile`; here they are smaller, because this
//! build is a slow one, and each must end before the runner's own limit.

use crate::room::Room;

/// Every hostile text by the name of its file; `size` is about its bytes.
fn texts(size: usize) -> Vec<(&'static str, String)> {
    let deep = |open: &str| open.repeat(size / open.len());
    let list = |count: usize, one: &dyn Fn(usize) -> String| (0..count).map(one).collect::<Vec<_>>().join(",");
    let schema = "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",";
    let api = "{\"openapi\":\"3.0.3\",\"info\":{\"title\":\"T\",\"version\":\"1.0.0\"},\"paths\":";
    vec![
        ("deep.json", deep("[")),
        ("deep-maps.json", deep("{\"a\":")),
        ("deep.yaml", deep("[")),
        ("deep-keys.yaml", (0..2_000).map(|n| format!("{}a:\n", " ".repeat(n))).collect()),
        ("deep.graphql", format!("type Query {{ a: {} }}", deep("["))),
        ("deep.proto", format!("syntax = \"proto3\";\n{}", deep("message A { "))),
        ("deep.avsc", deep("{\"type\":\"array\",\"items\":")),
        ("deep.sql", format!("select {}", deep("("))),
        ("deep.py", format!("def f(a={}): pass", deep("("))),
        ("deep.ts", format!("export type A = {}", deep("Array<"))),
        ("deep.toml", format!("a = {}", deep("["))),
        ("quotes.sql", format!("select $a$ {}", "x".repeat(size))),
        ("unclosed.graphql", format!("\"\"\" {}", "x".repeat(size))),
        ("enum.json", format!("{schema}\"enum\":[{}]}}", list(size / 12, &|n| format!("\"v{n}\"")))),
        ("all-of.json", format!("{schema}\"allOf\":[{}]}}", list(size / 30, &|n| format!("{{\"maxLength\":{n}}}")))),
        ("one-of.json", format!("{schema}\"oneOf\":[{}]}}", list(2_000, &|n| format!("{{\"const\":{n}}}")))),
        (
            "cycle.json",
            format!("{schema}\"$ref\":\"#/$defs/a\",\"$defs\":{{\"a\":{{\"$ref\":\"#/$defs/b\"}},\"b\":{{\"$ref\":\"#/$defs/a\"}}}}}}"),
        ),
        ("pattern.json", format!("{schema}\"type\":\"string\",\"pattern\":\"(((a+)+)+)+$|({})\"}}", "(x{1,1000}){1,1000}".repeat(20))),
        ("numbers.json", format!("{schema}\"maximum\":1e999999999,\"minimum\":-{}}}", "9".repeat(100_000))),
        (
            "refs.json",
            format!(
                "{api}{{}},\"components\":{{\"schemas\":{{{}}}}}}}",
                list(size / 90, &|n| format!(
                    "\"S{n}\":{{\"properties\":{{\"a\":{{\"$ref\":\"#/components/schemas/S{}\"}},\"b\":{{\"$ref\":\"#/components/schemas/S{}\"}}}}}}",
                    n + 1,
                    n / 2
                ))
            ),
        ),
        ("bytes.json", "\u{0}\u{1}\u{feff}{\"\u{202e}\":1}".to_owned()),
    ]
}

#[test]
fn no_document_makes_it_panic_or_hang() {
    let texts = texts(200_000);
    let files: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let room = Room::with(&files);
    let mut wrong = Vec::new();
    for (name, text) in &texts {
        // Against itself, and against a neighbour that differs in one place.
        let other = format!("other-{name}");
        room.write(&other, &text.replacen("v1\"", "w1\"", 1).replacen("\"maxLength\":1}", "\"maxLength\":2}", 1));
        for words in [[*name, *name], [*name, other.as_str()]] {
            let said = room.check(&[&words[..], &["--format", "json"]].concat());
            if !matches!(said.code, 0 | 3 | 64) || said.err.contains("panicked") || said.err.contains("overflow") {
                wrong.push(format!("{words:?}: exit {}: {}", said.code, said.err.chars().take(300).collect::<String>()));
            }
            // What nests without end was not read to its end, and may not be called compatible.
            if name.starts_with("deep")
                && said.code == 0
                && said.out.contains("\"verdict\": \"compatible\"")
                && !said.out.contains("\"not_checked\": [\n")
            {
                wrong.push(format!("{words:?}: compatible, and nothing is said of what was not read"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let room = Room::with(&[("good.yaml", "openapi: 3.0.3\ninfo: {title: T, version: 1.0.0}\npaths: {}\n")]);
    for (name, bytes) in [
        ("latin.yaml", &b"openapi: 3.0.3\ninfo: {title: caf\xe9}\n"[..]),
        ("zip.proto", b"PK\x03\x04\xff\xfe\x00\x00"),
        ("x.sql", b"\xff\xfe\x00c"),
    ] {
        std::fs::write(room.file(name), bytes).expect("written");
        let kind = name.rsplit('.').next().expect("an ending");
        let kind = if kind == "yaml" { "openapi" } else { kind };
        let said = room.check(&[name, name, "--type", kind]).expect(64);
        assert!(said.err.contains("SG-CHK-"), "{name}: {}", said.err);
    }
}
