//! Hostile OpenAPI and AsyncAPI.

#![allow(clippy::format_collect, reason = "a document is made in one expression here")]

use super::{Case, deep, list};

/// A document of OpenAPI: its paths, and what stands beside them.
fn api(paths: &str, more: &str) -> String {
    format!("{{\"openapi\":\"3.0.3\",\"info\":{{\"title\":\"T\",\"version\":\"1.0.0\"}},\"paths\":{{{paths}}}{more}}}")
}

const OK: &str = "\"responses\":{\"200\":{\"description\":\"ok\"}}";

/// Documents of interfaces.
pub(super) fn cases(size: usize) -> Vec<Case> {
    let mut cases = paths(size);
    cases.extend(components(size));
    cases.extend(events(size));
    cases
}

fn paths(size: usize) -> Vec<Case> {
    let names = |new: bool| if new { "b" } else { "a" };
    let one_get = |inner: &str| format!("\"/a\":{{\"get\":{{{inner},{OK}}}}}");
    vec![
        Case::same("openapi_deep", "json", format!("{{\"openapi\":\"3.0.3\",\"paths\":{}", deep("{\"a\":", size))),
        Case::of("openapi_paths", "json", |new| {
            let required = |n: usize| new && n == 5;
            let one = |n: usize| {
                format!("\"/a{n}\":{{\"get\":{{\"parameters\":[{{\"name\":\"q\",\"in\":\"query\",\"required\":{}}}],{OK}}}}}", required(n))
            };
            api(&list(size / 140, one), "")
        }),
        Case::of("openapi_paths_all", "json", |new| {
            api(&list(size / 80, |n| format!("\"/{}{n}/{{id}}\":{{\"get\":{{{OK}}}}}", names(new))), "")
        }),
        Case::of("openapi_templates", "json", |new| {
            let id = if new { "y" } else { "x" };
            api(&list(size / 110, |n| format!("\"/{{{id}1}}/{{{id}2}}/{n}/{{{id}3}}/{{{id}4}}\":{{\"get\":{{{OK}}}}}")), "")
        }),
        Case::same("openapi_long_path", "json", api(&format!("\"{}\":{{\"get\":{{{OK}}}}}", "/{a}".repeat(size / 4)), "")),
        Case::of("openapi_parameters", "json", |new| {
            let one = |n: usize| format!("{{\"name\":\"{}{n}\",\"in\":\"query\",\"schema\":{{\"type\":\"string\"}}}}", names(new));
            api(&one_get(&format!("\"parameters\":[{}]", list(size / 60, one))), "")
        }),
        Case::of("openapi_responses", "json", |new| {
            let one = |n: usize| format!("\"{}{n}\":{{\"description\":\"d\"}}", names(new));
            api(&format!("\"/a\":{{\"get\":{{\"responses\":{{{}}}}}}}", list(size / 32, one)), "")
        }),
        Case::of("openapi_media", "json", |new| {
            let one = |n: usize| format!("\"application/{}{n}\":{{\"schema\":{{\"type\":\"string\"}}}}", names(new));
            let content = format!("\"responses\":{{\"200\":{{\"description\":\"d\",\"content\":{{{}}}}}}}", list(size / 55, one));
            api(&format!("\"/a\":{{\"get\":{{{content}}}}}"), "")
        }),
        Case::of("openapi_tags", "json", |new| {
            let tags = list(size / 16, |n| format!("{{\"name\":\"{}{n}\"}}", names(new)));
            api(&one_get("\"tags\":[\"a\"]"), &format!(",\"tags\":[{tags}]"))
        }),
        Case::of("openapi_servers", "json", |new| {
            let servers = list(size / 30, |n| format!("{{\"url\":\"https://{}{n}.example\"}}", names(new)));
            api(&one_get("\"tags\":[\"a\"]"), &format!(",\"servers\":[{servers}]"))
        }),
        Case::of("openapi_security", "json", |new| {
            let security = list(size / 14, |n| format!("{{\"{}{n}\":[]}}", names(new)));
            let schemes = list(1_000, |n| format!("\"{}{n}\":{{\"type\":\"http\",\"scheme\":\"basic\"}}", names(new)));
            api(&one_get(&format!("\"security\":[{security}]")), &format!(",\"components\":{{\"securitySchemes\":{{{schemes}}}}}"))
        }),
    ]
}

fn components(size: usize) -> Vec<Case> {
    let all = |schemas: &str, paths: &str| api(paths, &format!(",\"components\":{{\"schemas\":{{{schemas}}}}}"));
    let answer = |n: usize, of: usize| {
        let schema = format!("{{\"$ref\":\"#/components/schemas/S{of}\"}}");
        format!(
            "\"/a{n}\":{{\"get\":{{\"responses\":{{\"200\":{{\"description\":\"d\",\"content\":{{\"application/json\":{{\"schema\":{schema}}}}}}}}}}}}}"
        )
    };
    vec![
        Case::of("openapi_one_component", "json", |new| {
            let kind = if new { "integer" } else { "string" };
            all(&format!("\"S0\":{{\"properties\":{{\"a\":{{\"type\":\"{kind}\"}}}}}}"), &list(size / 140, |n| answer(n, 0)))
        }),
        Case::of("openapi_components", "json", |new| {
            let kind = |n: usize| if new && n == 17 { "integer" } else { "string" };
            let one = |n: usize| format!("\"S{n}\":{{\"properties\":{{\"a\":{{\"type\":\"{}\"}}}}}}", kind(n));
            all(&list(size / 230, one), &list(size / 230, |n| answer(n, n)))
        }),
        Case::of("openapi_components_all", "json", |new| {
            let kind = if new { "integer" } else { "string" };
            let one = |n: usize| format!("\"S{n}\":{{\"properties\":{{\"a\":{{\"type\":\"{kind}\"}}}}}}");
            all(&list(size / 230, one), &list(size / 230, |n| answer(n, n)))
        }),
        Case::of("openapi_circle", "json", |new| {
            let count = size / 240;
            let kind = |n: usize| if new && n == count / 2 { "integer" } else { "string" };
            let one = |n: usize| {
                let of = |to: usize| format!("{{\"$ref\":\"#/components/schemas/S{}\"}}", to % count);
                format!(
                    "\"S{n}\":{{\"properties\":{{\"k\":{{\"type\":\"{}\"}},\"b\":{{\"anyOf\":[{{\"type\":\"string\"}},{},{}]}},\"c\":{}}}}}",
                    kind(n),
                    of(n + 1),
                    of(n / 2),
                    of(n * 7)
                )
            };
            all(&list(count, one), &list(20, |n| answer(n, n)))
        }),
        Case::of("openapi_any_of_all", "json", |new| {
            let kind = if new { "integer" } else { "string" };
            let count = 3_000;
            let refs = list(count, |n| format!("{{\"$ref\":\"#/components/schemas/S{}\"}}", n + 50));
            let unions = list(size / (count * 36), |n| format!("\"S{n}\":{{\"anyOf\":[{refs}]}}"));
            let plain = list(count + 50, |n| format!("\"S{}\":{{\"properties\":{{\"a{n}\":{{\"type\":\"{kind}\"}}}}}}", n + 50));
            all(&format!("{unions},{plain}"), &list(size / (count * 36), |n| answer(n, n)))
        }),
    ]
}

fn events(size: usize) -> Vec<Case> {
    let head = "{\"asyncapi\":\"2.6.0\",\"info\":{\"title\":\"T\",\"version\":\"1.0.0\"},\"channels\":{";
    let channel = |name: &str, n: usize, kind: &str| {
        format!(
            "\"{name}{n}\":{{\"publish\":{{\"message\":{{\"payload\":{{\"type\":\"object\",\"properties\":{{\"a\":{{\"type\":\"{kind}\"}}}}}}}}}}}}"
        )
    };
    vec![
        Case::of("asyncapi_channels", "json", |new| {
            let kind = |n: usize| if new && n == 3 { "integer" } else { "string" };
            format!("{head}{}}}}}", list(size / 105, |n| channel("c", n, kind(n))))
        }),
        Case::of("asyncapi_channels_all", "json", |new| {
            format!("{head}{}}}}}", list(size / 105, |n| channel(if new { "d" } else { "c" }, n, "string")))
        }),
        Case::of("asyncapi_messages", "json", |new| {
            let one = |n: usize| format!("{{\"name\":\"{}{n}\",\"payload\":{{\"type\":\"string\"}}}}", if new { "n" } else { "m" });
            format!("{head}\"c\":{{\"publish\":{{\"message\":{{\"oneOf\":[{}]}}}}}}}}}}", list(size / 45, one))
        }),
    ]
}
