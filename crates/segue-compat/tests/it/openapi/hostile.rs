//! Hostile documents end, with a code or with an answer; nothing panics.

use std::fmt::Write as _;

use super::{compared, reported};

fn answers(text: &str) {
    let good = "openapi: 3.0.3\npaths: {}\n";
    let _ = compared(text, good);
    let _ = compared(good, text);
    let _ = compared(text, text);
}

#[test]
fn depth_and_circles() {
    let deep = 100_000;
    answers(&format!("{{\"openapi\": \"3.0.0\", \"paths\": {}{}}}", "{\"a\":".repeat(deep), "}".repeat(deep)));
    answers(&"[".repeat(deep));
    answers("openapi: 3.0.3\npaths: {/a: {$ref: '#/paths/~1a'}}");
    answers(
        "openapi: 3.0.3\npaths: {/a: {get: {parameters: [{$ref: '#/components/parameters/a'}]}}}\ncomponents: {parameters: {a: {$ref: '#/components/parameters/b'}, b: {$ref: '#/components/parameters/a'}}}",
    );
    answers("openapi: 3.0.3\npaths: {/a: {get: {callbacks: {x: {y: {$ref: '#/paths/~1a'}}}}}}");
    answers(
        "openapi: 3.0.3\npaths: {/a: {get: {responses: {'200': {content: {a/b: {schema: {$ref: '#/components/schemas/A'}}}}}}}}\ncomponents: {schemas: {A: {allOf: [{$ref: '#/components/schemas/A'}]}}}",
    );
    answers("openapi: 3.0.3\npaths: {/a: {get: {requestBody: {$ref: '#'}, responses: {$ref: '#/paths'}}}}");
}

#[test]
fn many_of_everything() {
    let mut enums = String::from("openapi: 3.0.3\npaths:\n  /a:\n    get:\n      parameters:\n");
    for at in 0..3_000 {
        let _ = writeln!(enums, "      - {{name: p{at}, in: query, schema: {{type: string, pattern: '(a+)+$'}}}}");
    }
    answers(&enums);
    let paths: String = (0..5_000).map(|at| format!("  /{{a}}/{{b}}/x{at}: {{get: {{}}}}\n")).collect();
    let report = reported(&format!("openapi: 3.0.3\npaths:\n{paths}"), "openapi: 3.0.3\npaths: {}", None);
    assert_eq!(report.findings.len(), 5_000);
    let wrong: String = (0..20_000).map(|at| format!("  /x{at}: 1\n")).collect();
    let report = reported(&format!("openapi: 3.0.3\npaths:\n{wrong}"), "openapi: 3.0.3\npaths: {}", None);
    assert!(report.not_checked.len() < 500, "{}", report.not_checked.len());
}

#[test]
fn every_cut_of_a_document_ends() {
    let text = "openapi: 3.0.3\npaths: {/a/{id}: {get: {parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {'200': {description: ok}}}}}\n";
    for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
        answers(&text[..end]);
    }
}

#[test]
fn more_findings_than_anybody_reads_are_counted() {
    let paths: String = (0..21_000).map(|at| format!("  /x{at}: {{get: {{}}}}\n")).collect();
    let outcome = compared(&format!("openapi: 3.0.3\npaths:\n{paths}"), "openapi: 3.0.3\npaths: {}").expect("it reads");
    assert_eq!(outcome.drafts.len(), 20_000);
    assert!(outcome.undecided && outcome.not_checked == ["1000 further findings are not listed"], "{:?}", outcome.not_checked);
}

#[test]
fn much_of_everything_in_one_place() {
    let media: String = (0..4_000).map(|at| format!("a/b{at}: {{}}, ")).collect();
    answers(&format!("openapi: 3.0.3\npaths: {{/a: {{get: {{responses: {{'200': {{description: x, content: {{{media}}}}}}}}}}}}}"));
    let paths: String = (0..2_000).map(|at| format!("/x{at}: {{get: {{}}}}, ")).collect();
    let security: String = (0..2_000).map(|at| format!("{{k{at}: []}}, ")).collect();
    answers(&format!("openapi: 3.0.3\nsecurity: [{security}]\npaths: {{{paths}}}"));
    let long = format!("{{\"openapi\": \"3.0.3\", \"paths\": {{\"/{}\": {{\"get\": {{}}}}}}}}", "{a}/".repeat(10_000));
    let report = reported(&long, "openapi: 3.0.3\npaths: {}", None);
    assert!(report.not_checked.iter().any(|sentence| sentence.contains("a path of 40001 bytes")), "{:?}", report.not_checked);
}
