//! Hostile JSON, YAML, JSON Schema and configuration.

#![allow(clippy::format_collect, reason = "a document is made in one expression here")]

use super::{Case, changed, deep, list};

const SCHEMA: &str = "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",";

fn schema(rest: &str) -> String {
    format!("{SCHEMA}{rest}}}")
}

/// Everything that is read as a tree of values.
pub(super) fn cases(size: usize) -> Vec<Case> {
    let mut cases = trees(size);
    cases.extend(schemas(size));
    cases.extend(unions(size));
    cases.extend(configuration(size));
    cases
}

fn trees(size: usize) -> Vec<Case> {
    let laughs = |levels: usize| {
        let level = |n: usize| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 10].join(", "));
        format!("a0: &a0 [x, x]\n{}", (1..levels).map(level).collect::<String>())
    };
    vec![
        Case::same("json_deep_lists", "json", deep("[", size)),
        Case::same("json_deep_maps", "json", deep("{\"a\":", size)),
        Case::same("json_deep_closed", "json", format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000))),
        Case::same("json_small_values", "json", format!("{{\"a\":[{}0]}}", "0,".repeat(size / 2))),
        Case::same("json_small_lists", "json", format!("{{\"a\":[{}0]}}", "[],".repeat(size / 3))),
        Case::of("json_same_key", "json", |new| format!("{{{}}}", list(size / 8, |n| format!("\"a\":{}", n % 10 + usize::from(new))))),
        Case::same("json_escapes", "json", format!("{{\"a\":\"{}\"}}", "\\u0041".repeat(size / 6))),
        Case::same("json_open_text", "json", format!("{{\"a\":\"{}", "x".repeat(size))),
        Case::same("yaml_deep_flow", "yaml", deep("[", size)),
        Case::same("yaml_deep_block", "yaml", (0..4_000).map(|n| format!("{}a:\n", " ".repeat(n))).collect()),
        Case::same("yaml_dashes", "yaml", format!("a:\n{}1", "- ".repeat(size / 2))),
        Case::same("yaml_laughs", "yaml", laughs(30)),
        Case::same("yaml_aliases", "yaml", format!("a: &a [1, 2, 3]\nb:\n{}", "- *a\n".repeat(size / 5))),
        Case::same("yaml_anchors", "yaml", format!("b:\n{}", (0..size / 14).map(|n| format!("- &a{n} 1\n")).collect::<String>())),
        Case::same("yaml_documents", "yaml", format!("a: 1\n{}", "---\na: 1\n".repeat(size / 9))),
        Case::same("yaml_comments", "yaml", format!("{}a: 1\n", "#\n".repeat(size / 2))),
        Case::same("yaml_block_text", "yaml", format!("a: |\n{}", "  x\n".repeat(size / 4))),
    ]
}

fn schemas(size: usize) -> Vec<Case> {
    vec![
        Case::same("schema_deep_items", "json", format!("{}true{}", "{\"items\":".repeat(100_000), "}".repeat(100_000))),
        Case::of("schema_enum", "json", |new| schema(&format!("\"enum\":[{}]", list(size / 12, |n| changed(n, size / 24, new, "v"))))),
        Case::of("schema_enum_all", "json", |new| {
            schema(&format!("\"enum\":[{}]", list(size / 12, |n| format!("\"{}{n}\"", if new { "w" } else { "v" }))))
        }),
        Case::of("schema_enum_numbers", "json", |new| {
            schema(&format!("\"enum\":[{}]", list(size / 8, |n| (n + usize::from(new)).to_string())))
        }),
        Case::of("schema_properties", "json", |new| {
            let kind = |n: usize| if new && n == size / 70 { "integer" } else { "string" };
            schema(&format!("\"properties\":{{{}}}", list(size / 35, |n| format!("\"p{n}\":{{\"type\":\"{}\"}}", kind(n)))))
        }),
        Case::of("schema_properties_all", "json", |new| {
            let start = if new { "q" } else { "p" };
            schema(&format!("\"properties\":{{{}}}", list(size / 35, |n| format!("\"{start}{n}\":{{\"type\":\"string\"}}"))))
        }),
        Case::of("schema_required", "json", |new| {
            schema(&format!("\"type\":\"object\",\"required\":[{}]", list(size / 12, |n| changed(n, 7, new, "p"))))
        }),
        Case::of("schema_patterns", "json", |new| {
            let letter = if new { "y" } else { "x" };
            let one = |n: usize| format!("\"^{letter}{n}[a-z]*$\":{{\"type\":\"string\"}}");
            schema(&format!("\"patternProperties\":{{{}}}", list(size / 40, one)))
        }),
        Case::of("schema_pattern_each", "json", |new| {
            let most = if new { 900 } else { 1_000 };
            let one = |n: usize| format!("\"p{n}\":{{\"type\":\"string\",\"pattern\":\"^(a{{1,{most}}}|b){{1,100}}{n}$\"}}");
            schema(&format!("\"properties\":{{{}}}", list(size / 75, one)))
        }),
        Case::of("schema_pattern_large", "json", |new| {
            let part = if new { "(x{1,999}){1,1000}" } else { "(x{1,1000}){1,1000}" };
            schema(&format!("\"type\":\"string\",\"pattern\":\"(((a+)+)+)+$|({})\"", part.repeat(size / 20)))
        }),
        Case::of("schema_pattern_states", "json", |new| {
            let tail = if new { 24 } else { 25 };
            schema(&format!("\"type\":\"string\",\"pattern\":\"^(a|b)*a(a|b){{{tail}}}$\""))
        }),
        Case::of("schema_digits", "json", |new| {
            schema(&format!("\"maximum\":{}{},\"multipleOf\":0.{}1", "9".repeat(size / 2), u8::from(new), "0".repeat(size / 2)))
        }),
        Case::of("schema_exponents", "json", |new| {
            schema(&format!("\"maximum\":1e99999999{},\"multipleOf\":1e-999999999", if new { "8" } else { "9" }))
        }),
        Case::of("schema_refs_chain", "json", |new| {
            let one = |n: usize| {
                let next = if n + 1 == size / 50 { "\"type\":\"string\"".to_owned() } else { format!("\"$ref\":\"#/$defs/a{}\"", n + 1) };
                format!("\"a{n}\":{{{next}}}")
            };
            let defs = list(size / 50, one);
            let defs = if new { defs.replace("\"string\"", "\"integer\"") } else { defs };
            schema(&format!("\"$ref\":\"#/$defs/a0\",\"$defs\":{{{defs}}}"))
        }),
        Case::of("schema_refs_circle", "json", |new| {
            let count = size / 110;
            let one = |n: usize| {
                let kind = if new && n == count / 2 { "integer" } else { "string" };
                format!(
                    "\"a{n}\":{{\"properties\":{{\"k\":{{\"type\":\"{kind}\"}},\"b\":{{\"$ref\":\"#/$defs/a{}\"}},\"c\":{{\"$ref\":\"#/$defs/a{}\"}}}}}}",
                    (n + 1) % count,
                    n / 2
                )
            };
            schema(&format!("\"$ref\":\"#/$defs/a0\",\"$defs\":{{{}}}", list(count, one)))
        }),
    ]
}

fn unions(size: usize) -> Vec<Case> {
    vec![
        Case::of("schema_names_and_patterns", "json", |new| {
            let most = if new { 8 } else { 9 };
            let names = list(size / 70, |n| format!("\"p{n}\":{{\"type\":\"string\"}}"));
            let patterns = list(size / 70, |n| format!("\"^x{n}[a-z]{{1,{most}}}$\":{{\"type\":\"string\"}}"));
            schema(&format!("\"properties\":{{{names}}},\"patternProperties\":{{{patterns}}}"))
        }),
        Case::of("schema_all_of", "json", |new| {
            schema(&format!("\"allOf\":[{}]", list(size / 22, |n| format!("{{\"maxLength\":{}}}", n + 5 + usize::from(new)))))
        }),
        Case::of("schema_one_of_const", "json", |new| {
            schema(&format!("\"oneOf\":[{}]", list(size / 18, |n| format!("{{\"const\":{}}}", n + usize::from(new)))))
        }),
        Case::of("schema_any_of_objects", "json", |new| {
            let kind = |n: usize| if new && n == 9 { "integer" } else { "string" };
            schema(&format!("\"anyOf\":[{}]", list(size / 45, |n| format!("{{\"properties\":{{\"p{n}\":{{\"type\":\"{}\"}}}}}}", kind(n)))))
        }),
        Case::of("schema_one_of_tagged", "json", |new| {
            let kind = |n: usize| if new && n == 9 { "integer" } else { "string" };
            let one = |n: usize| {
                format!("{{\"required\":[\"t\"],\"properties\":{{\"t\":{{\"const\":\"v{n}\"}},\"a\":{{\"type\":\"{}\"}}}}}}", kind(n))
            };
            schema(&format!("\"oneOf\":[{}]", list(size / 85, one)))
        }),
        Case::of("schema_any_of_patterns", "json", |new| {
            let letter = if new { "b" } else { "a" };
            schema(&format!("\"anyOf\":[{}]", list(size / 35, |n| format!("{{\"type\":\"string\",\"pattern\":\"^{letter}+{n}\"}}"))))
        }),
        Case::of("schema_any_of_nested", "json", |new| {
            let one = |n: usize| {
                let next = format!("{{\"$ref\":\"#/$defs/a{}\"}}", n + 1);
                format!("\"a{n}\":{{\"anyOf\":[{next},{{\"items\":{next}}},{{\"not\":{next}}}]}}")
            };
            let last = if new { "integer" } else { "string" };
            let defs = format!("{},\"a{}\":{{\"type\":\"{last}\"}}", list(size / 100, one), size / 100);
            schema(&format!("\"$ref\":\"#/$defs/a0\",\"$defs\":{{{defs}}}"))
        }),
        Case::of("schema_not_nested", "json", |new| {
            let last = if new { "{\"type\":\"integer\"}" } else { "{\"type\":\"string\"}" };
            schema(&format!("\"properties\":{{\"a\":{}{last}{}}}", "{\"not\":".repeat(400), "}".repeat(400)))
        }),
        Case::of("schema_all_any", "json", |new| {
            let pair = |n: usize| format!("{{\"anyOf\":[{{\"required\":[\"a{n}\"]}},{{\"required\":[\"b{n}{}\"]}}]}}", u8::from(new));
            schema(&format!("\"type\":\"object\",\"allOf\":[{}]", list(size / 55, pair)))
        }),
    ]
}

fn configuration(size: usize) -> Vec<Case> {
    let of = |n: usize, new: bool| n + usize::from(new && n == 11);
    vec![
        Case::of("config_json", "json", |new| format!("{{{}}}", list(size / 14, |n| format!("\"k{n}\":{}", of(n, new))))).kind("config"),
        Case::of("config_json_all", "json", |new| {
            format!("{{{}}}", list(size / 14, |n| format!("\"{}{n}\":{n}", if new { "j" } else { "k" })))
        })
        .kind("config"),
        Case::of("config_env", "env", |new| (0..size / 14).map(|n| format!("K{n}={}\n", of(n, new))).collect()),
        Case::of("config_env_all", "env", |new| (0..size / 14).map(|n| format!("{}{n}={n}\n", if new { "J" } else { "K" })).collect()),
        Case::of("config_toml", "toml", |new| (0..size / 14).map(|n| format!("k{n}={}\n", of(n, new))).collect()),
        Case::of("config_toml_tables", "toml", |new| (0..size / 18).map(|n| format!("[t{n}]\nk={}\n", of(n, new))).collect()),
        Case::same("config_toml_deep", "toml", format!("a = {}", deep("[", size))),
        Case::same("config_toml_dotted", "toml", format!("{}a = 1\n", "a.".repeat(size / 2))),
        Case::of("config_yaml", "yaml", |new| (0..size / 14).map(|n| format!("k{n}: {}\n", of(n, new))).collect()).kind("config"),
        Case::of("config_lists", "json", |new| format!("{{\"a\":[{}]}}", list(size / 8, |n| of(n, new).to_string()))).kind("config"),
    ]
}
