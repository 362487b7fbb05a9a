//! References into other files, and the API JSON of document 000's scripts.

use segue_compat::openapi;
use segue_compat::policy::DEFAULT;
use segue_compat::source::{File, Source};
use segue_model::check::{Breaks, Side};

fn side(side: Side, root: &str, other: &str) -> Source {
    let mut source = Source::one(side, "api/v1.yaml", root);
    source.files.push(File::text("common/parts.yaml", other));
    source
}

const ROOT: &str = "openapi: 3.0.3
paths:
  /a:
    get:
      parameters: [{$ref: '../common/parts.yaml#/parameters/q'}]
      responses: {'200': {$ref: '../common/parts.yaml#/ok'}}
  /b: {$ref: '../common/parts.yaml#/item'}
";
const PARTS: &str = "parameters: {q: {name: q, in: query, schema: {type: string}}}
ok: {description: ok, content: {application/json: {schema: {$ref: '#/schemas/Order'}}}}
schemas: {Order: {type: object, required: [id], properties: {id: {type: string}}}}
item: {get: {responses: {'200': {description: ok}}}}
";

#[test]
fn other_files_are_followed() {
    assert_eq!(openapi::references(&File::text("api/v1.yaml", ROOT)), ["../common/parts.yaml"]);
    assert!(openapi::references(&File::text("x", "{\"$ref\": \"#/a\", \"b\": {\"$ref\":\"#/c\"}}")).is_empty());
    let old = side(Side::Old, ROOT, PARTS);
    let new = side(
        Side::New,
        ROOT,
        &PARTS.replace("required: [id]", "required: []").replace("in: query, schema", "in: query, required: true, schema"),
    );
    let outcome = openapi::check(&old, &new, &DEFAULT).expect("it reads");
    assert!(!outcome.undecided, "{:?}", outcome.not_checked);
    let rules: Vec<_> = outcome.drafts.iter().map(|draft| (draft.rule.as_str(), draft.object.as_str())).collect();
    assert!(rules.contains(&("openapi-parameter-became-required", "common/parts.yaml#/parameters/q")), "{rules:?}");
    assert!(rules.iter().any(|(rule, _)| rule.starts_with("response-body-")), "{rules:?}");
}

#[test]
fn a_file_that_is_not_there_is_undecided() {
    let (old, new) = (Source::one(Side::Old, "api/v1.yaml", ROOT), Source::one(Side::New, "api/v1.yaml", ROOT));
    let outcome = openapi::check(&old, &new, &DEFAULT).expect("it reads");
    assert!(outcome.undecided && !outcome.not_checked.is_empty());
}

#[test]
fn the_api_json_of_the_scripts() {
    let old = r#"{"paths": {"/users": {"get": {"parameters": [{"name": "page", "required": true, "in": "query"}], "responses": {}}, "delete": {}}},
        "components": {"schemas": {"User": {"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}}}}"#;
    let new = r#"{"paths": {"/users": {"get": {"parameters": [{"name": "tenant", "required": true, "in": "query"}], "responses": {}}}},
        "components": {"schemas": {"User": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}}}}"#;
    let (old, new) = (Source::one(Side::Old, "before.json", old), Source::one(Side::New, "after.json", new));
    assert!(openapi::looks_like_api_json(&old.files[0]) && !openapi::looks_like(&old.files[0]));
    let outcome = openapi::api_json(&old, &new, &DEFAULT).expect("it reads");
    let has = |rule: &str, object: &str| {
        let found = outcome
            .drafts
            .iter()
            .any(|draft| draft.rule.starts_with(rule) && draft.object.contains(object) && draft.breaks.contains(&Breaks::Deploy));
        assert!(found, "no {rule} at {object}: {:#?}", outcome.drafts);
    };
    has("openapi-operation-removed", "paths/~1users/delete");
    has("openapi-parameter-added-required", "tenant");
    has("openapi-pagination-parameter-removed", "page");
    has("request-body-", "components/schemas/User");
    has("response-body-", "components/schemas/User/properties/id");
    assert!(openapi::check(&old, &new, &DEFAULT).is_err());
}

#[test]
fn operations_are_listed() {
    let text = "openapi: 3.0.3\npaths: {/b: {get: {operationId: x, deprecated: true, x-sunset: '2027-01-01', x-replaced-by: GET /c}}, /a: {post: {}}}";
    let seen = openapi::operations(&Source::one(Side::Old, "a.yaml", text)).expect("it reads");
    assert_eq!(seen.iter().map(openapi::OperationSeen::label).collect::<Vec<_>>(), ["POST /a", "GET /b"]);
    assert_eq!((seen[1].deprecated, seen[1].sunset.as_deref(), seen[1].successor.as_deref()), (true, Some("2027-01-01"), Some("GET /c")));
}
