//! Large OpenAPI documents from a seed, with the size and the reference structure of public ones.
//!
//! Two kinds: a *catalogue* (hundreds of operations over shared components with many examples, like a code host's) and
//! *payments* (objects that expand into each other in circles, by `anyOf`, like a payment provider's). The same arguments
//! give the same bytes; no real document is copied. Also included by `crates/segue-compat/tests/it/openapi/large.rs`.

use std::fmt::Write as _;

/// Numbers that look random and are the same every time (xorshift, Marsaglia 2003).
struct Dice(u64);

impl Dice {
    fn new(seed: u64, of: usize) -> Self {
        Self((seed ^ (of as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)) | 1)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }

    fn words(&mut self, count: usize) -> String {
        const WORDS: &[&str] = &[
            "the",
            "order",
            "of",
            "a",
            "resource",
            "which",
            "is",
            "returned",
            "when",
            "request",
            "was",
            "made",
            "by",
            "user",
            "and",
            "has",
            "permission",
            "for",
            "this",
            "list",
            "item",
            "value",
            "created",
            "updated",
            "identifier",
            "token",
        ];
        let mut text = String::new();
        for at in 0..count {
            let space = if at == 0 { "" } else { " " };
            let _ = write!(text, "{space}{}", WORDS[self.below(WORDS.len())]);
        }
        text
    }
}

/// A catalogue: at 900 operations about 12 MB. `changed` gives the later version of the same API.
pub(crate) fn catalogue(operations: usize, changed: bool) -> String {
    let schemas = operations * 2 / 3;
    let mut text = String::with_capacity(operations * 14_000);
    text.push_str("{\"openapi\": \"3.0.3\", \"info\": {\"title\": \"Catalogue\", \"version\": \"1.0.0\"},\n\"servers\": [{\"url\": \"https://api.example.com\"}],\n\"paths\": {\n");
    let last = if changed { operations - operations / 100 } else { operations };
    for at in 0..last {
        let comma = if at + 1 < last { "," } else { "" };
        operation(&mut text, at, schemas, changed);
        let _ = writeln!(text, "{comma}");
    }
    text.push_str("},\n\"components\": {\"parameters\": {\n");
    for (at, name) in ["owner", "repo"].iter().enumerate() {
        let comma = if at == 0 { "" } else { ",\n" };
        let _ = write!(
            text,
            "{comma}\"{name}\": {{\"name\": \"{name}\", \"in\": \"path\", \"required\": true, \"schema\": {{\"type\": \"string\"}}}}"
        );
    }
    let per_page = if changed { 50 } else { 30 };
    let _ = write!(
        text,
        ",\n\"per-page\": {{\"name\": \"per_page\", \"in\": \"query\", \"schema\": {{\"type\": \"integer\", \"default\": {per_page}}}}},\n\"page\": {{\"name\": \"page\", \"in\": \"query\", \"schema\": {{\"type\": \"integer\", \"default\": 1}}}}\n}},\n\"responses\": {{\"not_found\": {{\"description\": \"Not found\", \"content\": {{\"application/json\": {{\"schema\": {{\"$ref\": \"#/components/schemas/schema-0\"}}}}}}}}}},\n\"schemas\": {{\n"
    );
    for at in 0..schemas {
        let comma = if at + 1 < schemas { "," } else { "" };
        schema(&mut text, at, schemas, changed);
        let _ = writeln!(text, "{comma}");
    }
    text.push_str("},\n\"examples\": {\n");
    for at in 0..schemas {
        let comma = if at + 1 < schemas { "," } else { "" };
        example(&mut text, at);
        let _ = writeln!(text, "{comma}");
    }
    text.push_str("}}}\n");
    text
}

fn operation(text: &mut String, at: usize, schemas: usize, changed: bool) {
    let mut dice = Dice::new(1, at);
    let answer = dice.below(schemas);
    let method = ["get", "post", "put", "delete"][at % 4];
    let _ = write!(
        text,
        "\"/repos/{{owner}}/{{repo}}/things-{}/part-{at}\": {{\"{method}\": {{\"operationId\": \"things/op-{at}\", \"tags\": [\"tag-{}\"], \"summary\": \"{}\", \"description\": \"{}\",\n  \"parameters\": [{{\"$ref\": \"#/components/parameters/owner\"}}, {{\"$ref\": \"#/components/parameters/repo\"}}",
        at % 60,
        at % 40,
        dice.words(6),
        dice.words(60)
    );
    if method == "get" {
        text.push_str(", {\"$ref\": \"#/components/parameters/per-page\"}, {\"$ref\": \"#/components/parameters/page\"}");
    }
    let required = changed && at % 90 == 7;
    let _ = write!(
        text,
        ", {{\"name\": \"filter_{at}\", \"in\": \"query\", \"required\": {required}, \"description\": \"{}\", \"schema\": {{\"type\": \"string\", \"enum\": [\"all\", \"open\"{}]}}}}]",
        dice.words(20),
        if changed && at % 70 == 3 { "" } else { ", \"closed\"" }
    );
    if method == "post" || method == "put" {
        let body = dice.below(schemas);
        let _ = write!(
            text,
            ",\n  \"requestBody\": {{\"content\": {{\"application/json\": {{\"schema\": {{\"type\": \"object\", \"required\": [\"name\"], \"properties\": {{\"name\": {{\"type\": \"string\", \"description\": \"{}\"}}, \"labels\": {{\"type\": \"array\", \"items\": {{\"oneOf\": [{{\"type\": \"string\"}}, {{\"type\": \"object\", \"properties\": {{\"id\": {{\"type\": \"integer\"}}}}}}]}}}}, \"settings\": {{\"$ref\": \"#/components/schemas/schema-{body}\"}}}}}}}}}}}}",
            dice.words(15)
        );
    }
    let _ = write!(
        text,
        ",\n  \"responses\": {{\"200\": {{\"description\": \"Response\", \"headers\": {{\"Link\": {{\"schema\": {{\"type\": \"string\"}}}}}}, \"content\": {{\"application/json\": {{\"schema\": {{\"type\": \"array\", \"items\": {{\"$ref\": \"#/components/schemas/schema-{answer}\"}}}}, \"examples\": {{\"default\": {{\"$ref\": \"#/components/examples/example-{answer}\"}}}}}}}}}}, \"404\": {{\"$ref\": \"#/components/responses/not_found\"}}}}}}}}"
    );
}

fn schema(text: &mut String, at: usize, schemas: usize, changed: bool) {
    let mut dice = Dice::new(2, at);
    let properties = 12 + dice.below(60);
    let _ = write!(text, "\"schema-{at}\": {{\"title\": \"Thing {at}\", \"type\": \"object\", \"required\": [\"id\", \"p_0\"");
    if !(changed && at % 80 == 5) {
        text.push_str(", \"p_1\"");
    }
    text.push_str("], \"properties\": {\"id\": {\"type\": \"integer\", \"format\": \"int64\"}");
    for property in 0..properties {
        let _ = write!(text, ",\n  \"p_{property}\": ");
        let words = dice.words(12);
        match dice.below(12) {
            0 | 1 => {
                let other = dice.below(schemas);
                let _ = write!(text, "{{\"$ref\": \"#/components/schemas/schema-{other}\"}}");
            }
            2 => {
                let other = dice.below(schemas);
                let _ = write!(
                    text,
                    "{{\"nullable\": true, \"description\": \"{words}\", \"allOf\": [{{\"$ref\": \"#/components/schemas/schema-{other}\"}}]}}"
                );
            }
            3 => {
                let other = dice.below(schemas);
                let _ = write!(text, "{{\"type\": \"array\", \"items\": {{\"$ref\": \"#/components/schemas/schema-{other}\"}}}}");
            }
            4 => {
                let kind = if changed && at % 50 == 9 && property % 7 == 0 { "string" } else { "integer" };
                let _ = write!(text, "{{\"type\": \"{kind}\", \"description\": \"{words}\", \"example\": 42}}");
            }
            5 => {
                let _ = write!(text, "{{\"type\": \"string\", \"format\": \"date-time\", \"example\": \"2026-11-21T12:00:00Z\"}}");
            }
            6 => {
                let _ = write!(text, "{{\"type\": \"boolean\", \"description\": \"{words}\", \"default\": false}}");
            }
            _ => {
                let nullable = property % 3 == 0;
                let _ = write!(
                    text,
                    "{{\"type\": \"string\", \"nullable\": {nullable}, \"description\": \"{words}\", \"example\": \"{}\"}}",
                    dice.words(4)
                );
            }
        }
    }
    text.push_str("}}");
}

fn example(text: &mut String, at: usize) {
    let mut dice = Dice::new(3, at);
    let _ = write!(text, "\"example-{at}\": {{\"value\": [{{\"id\": {at}");
    for property in 0..130 {
        let _ = write!(text, ", \"p_{property}\": \"https://api.example.com/{}\"", dice.words(8));
    }
    text.push_str("}]}");
}

/// Payments: at 900 schemas about 5 MB, every object reachable from every other. `changed` gives the later version.
pub(crate) fn payments(schemas: usize, changed: bool) -> String {
    let mut text = String::with_capacity(schemas * 6_000);
    text.push_str("{\"openapi\": \"3.0.0\", \"info\": {\"title\": \"Payments\", \"version\": \"2026-11-21\"},\n\"paths\": {\n");
    let operations = schemas / 2;
    for at in 0..operations {
        let mut dice = Dice::new(4, at);
        let (answer, comma) = (dice.below(schemas), if at + 1 < operations { "," } else { "" });
        let _ = write!(
            text,
            "\"/v1/objects_{at}/{{id}}\": {{\"post\": {{\"operationId\": \"PostObject{at}\", \"description\": \"{}\", \"parameters\": [{{\"name\": \"id\", \"in\": \"path\", \"required\": true, \"schema\": {{\"type\": \"string\", \"maxLength\": 5000}}}}], \"requestBody\": {{\"content\": {{\"application/x-www-form-urlencoded\": {{\"schema\": {{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {{",
            dice.words(30)
        );
        for field in 0..20 {
            let comma = if field == 0 { "" } else { ", " };
            let limit = if changed && at % 40 == 2 && field == 3 { 500 } else { 5000 };
            let _ = write!(
                text,
                "{comma}\"f_{field}\": {{\"description\": \"{}\", \"anyOf\": [{{\"type\": \"string\", \"maxLength\": {limit}}}, {{\"type\": \"object\", \"properties\": {{\"amount\": {{\"type\": \"integer\"}}, \"currency\": {{\"type\": \"string\"}}}}}}, {{\"type\": \"string\", \"enum\": [\"\"]}}]}}",
                dice.words(10)
            );
        }
        let _ = writeln!(
            text,
            "}}}}}}}}}}, \"responses\": {{\"200\": {{\"description\": \"ok\", \"content\": {{\"application/json\": {{\"schema\": {{\"$ref\": \"#/components/schemas/object_{answer}\"}}}}}}}}, \"default\": {{\"description\": \"error\", \"content\": {{\"application/json\": {{\"schema\": {{\"$ref\": \"#/components/schemas/object_0\"}}}}}}}}}}}}}}{comma}"
        );
    }
    text.push_str("},\n\"components\": {\"schemas\": {\n");
    for at in 0..schemas {
        let comma = if at + 1 < schemas { "," } else { "" };
        expandable(&mut text, at, schemas, changed);
        let _ = writeln!(text, "{comma}");
    }
    text.push_str("}}}\n");
    text
}

fn expandable(text: &mut String, at: usize, schemas: usize, changed: bool) {
    let mut dice = Dice::new(5, at);
    let next = (at + 1) % schemas;
    let _ = write!(
        text,
        "\"object_{at}\": {{\"title\": \"Object {at}\", \"type\": \"object\", \"required\": [\"id\", \"object\"], \"properties\": {{\"id\": {{\"type\": \"string\", \"maxLength\": 5000}}, \"object\": {{\"type\": \"string\", \"enum\": [\"object_{at}\"]}}, \"next\": {{\"$ref\": \"#/components/schemas/object_{next}\"}}"
    );
    for property in 0..18 {
        let words = dice.words(14);
        let (one, other) = (dice.below(schemas), dice.below(schemas));
        let _ = write!(text, ",\n  \"p_{property}\": ");
        match dice.below(4) {
            0 | 1 => {
                let _ = write!(
                    text,
                    "{{\"description\": \"{words}\", \"nullable\": true, \"anyOf\": [{{\"type\": \"string\", \"maxLength\": 5000}}, {{\"$ref\": \"#/components/schemas/object_{one}\"}}, {{\"$ref\": \"#/components/schemas/object_{other}\"}}]}}"
                );
            }
            2 => {
                let _ = write!(
                    text,
                    "{{\"type\": \"object\", \"properties\": {{\"object\": {{\"type\": \"string\", \"enum\": [\"list\"]}}, \"data\": {{\"type\": \"array\", \"items\": {{\"$ref\": \"#/components/schemas/object_{one}\"}}}}}}}}"
                );
            }
            _ => {
                let member = if changed && at % 60 == 11 && property % 5 == 0 { ", \"refunded\"" } else { "" };
                let _ = write!(
                    text,
                    "{{\"description\": \"{words}\", \"type\": \"string\", \"enum\": [\"open\", \"paid\", \"void\"{member}]}}"
                );
            }
        }
    }
    text.push_str("}}");
}
