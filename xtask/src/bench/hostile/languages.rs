//! Hostile GraphQL, protobuf and Avro.

#![allow(clippy::format_collect, reason = "a document is made in one expression here")]

use super::{Case, deep, list};

/// Schema languages.
pub(super) fn cases(size: usize) -> Vec<Case> {
    let mut cases = graphql(size);
    cases.extend(proto(size));
    cases.extend(avro(size));
    cases
}

fn many(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect()
}

fn graphql(size: usize) -> Vec<Case> {
    let name = |new: bool| if new { "w" } else { "v" };
    let query = "type Query { a: Int }\n";
    vec![
        Case::same("graphql_deep", "graphql", format!("type Query {{ a: {} }}", deep("[", size))),
        Case::same("graphql_deep_value", "graphql", format!("{query}directive @d(a: [Int] = {}) on OBJECT", deep("[", size))),
        Case::same("graphql_open_text", "graphql", format!("\"\"\" {}", "x".repeat(size))),
        Case::of("graphql_enum", "graphql", |new| {
            format!("{query}enum E {{ {} }}", many(size / 9, |n| format!("v{}\n", if new && n == 9 { 0 } else { n + 1 })))
        }),
        Case::of("graphql_enum_all", "graphql", |new| format!("{query}enum E {{ {} }}", many(size / 9, |n| format!("{}{n}\n", name(new))))),
        Case::of("graphql_types", "graphql", |new| {
            format!("{query}{}", many(size / 26, |n| format!("type T{n} {{ a: {} }}\n", if new && n == 4 { "String" } else { "Int" })))
        }),
        Case::of("graphql_types_all", "graphql", |new| {
            format!("{query}{}", many(size / 26, |n| format!("type {}{n} {{ a: Int }}\n", name(new))))
        }),
        Case::of("graphql_fields_all", "graphql", |new| {
            format!("type Query {{ {} }}", many(size / 14, |n| format!("{}{n}: Int\n", name(new))))
        }),
        Case::of("graphql_fields_type", "graphql", |new| {
            format!("type Query {{ {} }}", many(size / 14, |n| format!("f{n}: {}\n", if new { "Int!" } else { "Int" })))
        }),
        Case::of("graphql_arguments", "graphql", |new| {
            format!("type Query {{ a({}): Int }}", many(size / 14, |n| format!("{}{n}: Int\n", name(new))))
        }),
        Case::of("graphql_union", "graphql", |new| {
            let types = many(size / 40, |n| format!("type T{n} {{ a: Int }}\n"));
            let members = many(size / 40 - usize::from(new), |n| format!("|T{n} "));
            format!("{query}{types}union U = {members}")
        }),
        Case::of("graphql_interfaces", "graphql", |new| {
            let kind = if new { "String" } else { "Int" };
            let chain = |n: usize| {
                let parents = (n.saturating_sub(30)..n).map(|parent| format!("& I{parent} ")).collect::<String>();
                let implements = if n == 0 { String::new() } else { format!("implements {parents}") };
                format!("interface I{n} {implements}{{ a: {kind} }}\n")
            };
            format!("{query}{}", many(size / 290, chain))
        }),
        Case::of("graphql_inputs_circle", "graphql", |new| {
            let count = size / 40;
            let kind = |n: usize| if new && n == 8 { "Int!" } else { "Int" };
            let one = |n: usize| format!("input I{n} {{ a: I{} b: I{} c: {} }}\n", (n + 1) % count, n / 2, kind(n));
            format!("type Query {{ a(i: I0): Int }}\n{}", many(count, one))
        }),
        Case::of("graphql_directives", "graphql", |new| {
            format!("type Query {{ a: Int {} }}", many(size / 15, |n| format!("@{}{n}(a:1) ", name(new))))
        }),
    ]
}

fn proto(size: usize) -> Vec<Case> {
    let head = "syntax = \"proto3\";\npackage p;\n";
    let name = |new: bool| if new { "g" } else { "f" };
    vec![
        Case::same("proto_deep", "proto", format!("{head}{}", deep("message A { ", size))),
        Case::same("proto_deep_option", "proto", format!("{head}option (o) = {}", deep("{ a: ", size))),
        Case::of("proto_messages", "proto", |new| {
            let kind = |n: usize| if new && n == 5 { "bytes" } else { "int32" };
            format!("{head}{}", many(size / 30, |n| format!("message M{n} {{ {} a = 1; }}\n", kind(n))))
        }),
        Case::of("proto_messages_all", "proto", |new| {
            format!("{head}{}", many(size / 30, |n| format!("message {}{n} {{ int32 a = 1; }}\n", name(new))))
        }),
        Case::of("proto_fields", "proto", |new| {
            let kind = if new { "string" } else { "int32" };
            format!("{head}message M {{ {} }}", many(size / 24, |n| format!("{kind} a{n} = {};\n", n + 1)))
        }),
        Case::of("proto_fields_renamed", "proto", |new| {
            format!("{head}message M {{ {} }}", many(size / 24, |n| format!("int32 {}{n} = {};\n", name(new), n + 1)))
        }),
        Case::of("proto_fields_moved", "proto", |new| {
            format!(
                "{head}message M {{ {} }}",
                many(size / 24, |n| format!("int32 {}{n} = {};\n", name(new), n * 2 + 1 + usize::from(new)))
            )
        }),
        Case::of("proto_enum", "proto", |new| format!("{head}enum E {{ {} }}", many(size / 17, |n| format!("{}{n} = {n};\n", name(new))))),
        Case::of("proto_reserved", "proto", |new| {
            format!("{head}message M {{ reserved {}; }}", list(size / 9, |n| (n * 2 + 1 + usize::from(new)).to_string()))
        }),
        Case::of("proto_imports", "proto", |new| {
            format!("{head}{}", many(size / 25, |n| format!("import \"{}/{n}.proto\";\n", name(new))))
        }),
        Case::of("proto_methods", "proto", |new| {
            format!("{head}message M {{}}\nservice S {{ {} }}", many(size / 32, |n| format!("rpc {}{n}(M) returns (M);\n", name(new))))
        }),
        Case::of("proto_circle", "proto", |new| {
            let count = size / 45;
            let kind = |n: usize| if new && n == 5 { "bytes" } else { "int32" };
            let one = |n: usize| format!("message M{n} {{ M{} a = 1; M{} b = 2; {} c = 3; }}\n", (n + 1) % count, n / 2, kind(n));
            format!("{head}{}", many(count, one))
        }),
    ]
}

pub(super) fn avro(size: usize) -> Vec<Case> {
    let record = |fields: &str| format!("{{\"type\":\"record\",\"name\":\"R\",\"fields\":[{fields}]}}");
    let name = |new: bool| if new { "g" } else { "f" };
    vec![
        Case::same("avro_deep", "avsc", deep("{\"type\":\"array\",\"items\":", size)),
        Case::of("avro_fields", "avsc", |new| {
            let kind = |n: usize| if new && n == 4 { "string" } else { "int" };
            record(&list(size / 32, |n| format!("{{\"name\":\"f{n}\",\"type\":\"{}\"}}", kind(n))))
        }),
        Case::of("avro_fields_all", "avsc", |new| {
            record(&list(size / 32, |n| format!("{{\"name\":\"{}{n}\",\"type\":\"int\"}}", name(new))))
        }),
        Case::of("avro_symbols", "avsc", |new| {
            format!("{{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[{}]}}", list(size / 11, |n| format!("\"{}{n}\"", name(new))))
        }),
        Case::of("avro_union", "avsc", |new| {
            let one = |n: usize| format!("{{\"type\":\"fixed\",\"name\":\"{}{n}\",\"size\":4}}", name(new));
            record(&format!("{{\"name\":\"u\",\"type\":[{}]}}", list(size / 45, one)))
        }),
        Case::of("avro_aliases", "avsc", |new| {
            record(&format!("{{\"name\":\"u\",\"type\":\"int\",\"aliases\":[{}]}}", list(size / 11, |n| format!("\"{}{n}\"", name(new)))))
        }),
        Case::of("avro_records", "avsc", |new| {
            let kind = |n: usize| if new && n == 4 { "string" } else { "int" };
            let one = |n: usize| {
                let back = if n == 0 { "R".to_owned() } else { format!("N{}", n / 2) };
                let fields = format!("{{\"name\":\"a\",\"type\":[\"null\",\"{back}\"]}},{{\"name\":\"b\",\"type\":\"{}\"}}", kind(n));
                let number = n + 1;
                format!("{{\"name\":\"f{n}\",\"type\":{{\"type\":\"record\",\"name\":\"N{number}\",\"fields\":[{fields}]}}}}")
            };
            record(&list(size / 150, one)).replace("\"N0\"", "\"R\"")
        }),
    ]
}
