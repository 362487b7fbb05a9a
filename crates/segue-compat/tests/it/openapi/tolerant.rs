//! Wrong types in a document are left out and listed, and the rest is compared.

use segue_model::check::Verdict;

use super::reported;

const WRONG: &str = "openapi: 3.0.3
info: []
tags: {}
paths:
  /a:
    get:
      tags: one
      deprecated: 'no'
      parameters: [1, {name: q, in: query, required: 'yes', schema: {type: string}}, {in: query}, {name: z, in: nowhere}]
      responses: {'200': [], '404': {description: ok, headers: [], content: {application/json: 5, text/plain: {schema: {type: 7}}}}}
      security: yes
  /b: [get]
  /c: {get: [], post: {requestBody: {content: {application/json: {schema: {type: object, properties: []}}}}}}
  /d:
    get: {operationId: [x], responses: {'200': {description: ok}}}
components: {schemas: [], parameters: 7}
";

#[test]
fn the_rest_is_compared() {
    let report = reported(WRONG, &WRONG.replace("'200': {description: ok}", "'201': {description: ok}"), None);
    assert!(report.findings.iter().any(|finding| finding.rule == "openapi-success-status-changed"), "{report:#?}");
    for what in ["/info", "/parameters/0", "required", "responses/200", "headers", "paths/~1b", "security", "tags"] {
        assert!(report.not_checked.iter().any(|sentence| sentence.contains(what)), "{what}: {:#?}", report.not_checked);
    }
}

#[test]
fn the_same_wrong_document_is_not_undecided() {
    let report = reported(WRONG, WRONG, None);
    assert_eq!((report.deploy, report.findings.len()), (Verdict::Compatible, 0), "{report:#?}");
    assert!(!report.not_checked.is_empty());
}

#[test]
fn what_was_left_out_on_one_side_only_is_undecided() {
    let good = "openapi: 3.0.3\npaths: {/a: {get: {parameters: []}}}";
    let bad = "openapi: 3.0.3\npaths: {/a: {get: {parameters: {name: q, in: query, required: true}}}}";
    let report = reported(good, bad, None);
    assert_eq!((report.deploy, report.rollback), (Verdict::Undecided, Verdict::Undecided));
}

#[test]
fn a_remote_reference_is_undecided() {
    let text = "openapi: 3.0.3\npaths: {/a: {get: {parameters: [{$ref: 'https://h.example/p.yaml#/q'}]}}}";
    let report = reported(text, text, None);
    assert_eq!(report.verdict, Verdict::Undecided);
    assert!(report.not_checked.iter().any(|sentence| sentence.contains("https://h.example/p.yaml#/q")));
}
