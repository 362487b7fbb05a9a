//! Introspection results: made by another implementation from every case, they are the same schema as their SDL.

use apollo_compiler::request::coerce_variable_values;
use apollo_compiler::{ExecutableDocument, Schema, introspection};
use segue_compat::graphql::check;
use segue_compat::policy::DEFAULT;
use segue_compat::source::Source;
use segue_model::check::{CheckReport, Side};

use super::case::{all, compare, lines};

const QUERY: &str = "query { __schema {
  queryType { name } mutationType { name } subscriptionType { name }
  types { kind name
    fields(includeDeprecated: true) { name args(includeDeprecated: true) { ...I } type { ...T } isDeprecated deprecationReason }
    inputFields(includeDeprecated: true) { ...I }
    interfaces { name } possibleTypes { name } specifiedByURL
    enumValues(includeDeprecated: true) { name isDeprecated deprecationReason } }
  directives { name isRepeatable locations args(includeDeprecated: true) { ...I } } } }
fragment I on __InputValue { name defaultValue isDeprecated deprecationReason type { ...T } }
fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }";

/// What a server answers; `None` when the other implementation does not take the schema.
fn answer(text: &str) -> Option<String> {
    let schema = Schema::parse_and_validate(text, "schema.graphql").ok()?;
    let document = ExecutableDocument::parse_and_validate(&schema, QUERY, "query.graphql").expect("a valid query");
    let operation = document.operations.get(None).expect("one operation");
    let variables = coerce_variable_values(&schema, operation, &apollo_compiler::response::JsonMap::default()).expect("no variables");
    let response =
        introspection::partial_execute(&schema, &schema.implementers_map(), &document, operation, &variables).expect("an answer");
    Some(serde_json::to_string(&response).expect("JSON"))
}

fn without_uses(report: &CheckReport) -> Vec<String> {
    let hidden = ["directive-use", "limit", "access", "hidden", "shown", "federation", "one-of"];
    let text = lines(report);
    text.lines()
        .filter(|line| !line.starts_with("not checked") && !hidden.iter().any(|rule| line.contains(&format!(" graphql-{rule}"))))
        .map(str::to_owned)
        .collect()
}

#[test]
fn an_introspection_result_is_the_same_schema() {
    let mut compared = 0;
    for case in all() {
        for text in [&case.old, &case.new] {
            let Some(json) = answer(text) else { continue };
            for (old, new) in [(text, &json), (&json, text), (&json, &json)] {
                let report = compare(old, new);
                assert!(report.findings.is_empty(), "{}: {}", case.name, lines(&report));
            }
            compared += 1;
        }
    }
    assert!(compared > 150, "only {compared} schemas were taken by the other implementation");
}

#[test]
fn findings_are_the_same_in_either_form() {
    let mut compared = 0;
    for case in all() {
        // The other implementation knows no @oneOf, and shows none.
        if case.name.contains("one-of") {
            continue;
        }
        let (Some(old), Some(new)) = (answer(&case.old), answer(&case.new)) else { continue };
        assert_eq!(without_uses(&compare(&case.old, &case.new)), without_uses(&compare(&old, &new)), "{}", case.name);
        compared += 1;
    }
    assert!(compared > 80, "only {compared} cases");
}

#[test]
fn what_is_no_introspection_result_is_refused_with_its_place() {
    let good = Source::one(Side::Old, "old.graphql", "type Query { a: Int }");
    for (text, code, at) in [
        ("{\"data\": {\"__schema\": {\"types\": [", "SG-CHK-033", 33),
        ("{\"data\": {\"__schema\": null}}", "SG-CHK-033", 22),
        ("{\"data\": {\"x\": {\"__schema\": {}}}}", "SG-CHK-033", 0),
        ("{\"__schema\": {\"types\": {}}}", "SG-CHK-033", 13),
        ("{\"__schema\": {\"types\": [{\"kind\": \"OBJECT\"}]}}", "SG-CHK-033", 24),
        ("{\"__schema\": {\"types\": [{\"kind\": \"THING\", \"name\": \"A\"}]}}", "SG-CHK-033", 24),
        ("{\"__schema\": {\"types\": []}}", "SG-CHK-030", u32::MAX),
        ("{\"errors\": [{\"message\": \"no introspection\"}]}", "SG-CHK-030", u32::MAX),
    ] {
        let new = Source::one(Side::New, "new.json", text);
        let reasons = check(&good, &new, &DEFAULT).expect_err(text);
        assert_eq!(reasons.first().map(|reason| (reason.code, reason.side)), Some((code, Side::New)), "{text}");
        assert_eq!(reasons.first().and_then(|reason| reason.span).map_or(u32::MAX, |span| span.start), at, "{text}: {reasons:?}");
    }
}

#[test]
fn what_the_query_did_not_ask_for_is_not_removed() {
    let sdl = "scalar T @specifiedBy(url: \"https://example.org/t\")\ninput I @oneOf { a: T }\ndirective @d repeatable on FIELD\ntype Query { a(i: I, b: Int @deprecated): T }";
    let json = r#"{"__schema": {"queryType": {"name": "Query"}, "types": [
      {"kind": "SCALAR", "name": "T"}, {"kind": "SCALAR", "name": "Int"},
      {"kind": "INPUT_OBJECT", "name": "I", "inputFields": [{"name": "a", "type": {"kind": "SCALAR", "name": "T"}}]},
      {"kind": "OBJECT", "name": "Query", "interfaces": [], "fields": [{"name": "a", "type": {"kind": "SCALAR", "name": "T"}, "args": [
        {"name": "i", "type": {"kind": "INPUT_OBJECT", "name": "I"}, "defaultValue": null},
        {"name": "b", "type": {"kind": "SCALAR", "name": "Int"}, "defaultValue": null}]}]}],
      "directives": [{"name": "d", "locations": ["FIELD"], "args": []}]}}"#;
    for (old, new) in [(sdl, json), (json, sdl)] {
        let report = compare(old, new);
        assert!(report.findings.is_empty(), "{}", lines(&report));
        assert!(report.not_checked.iter().any(|sentence| sentence.contains("an introspection result does not show")));
    }
}
