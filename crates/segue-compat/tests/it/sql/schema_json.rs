//! The two schema JSON dialects: read, compared, and refused where they are something else.

use segue_compat::draft::report;
use segue_compat::policy::DEFAULT;
use segue_compat::source::{File, Source};
use segue_compat::sql::schema_json;
use segue_model::check::{Side, Verdict};

use super::reading::data;

fn side(side: Side, text: &str) -> Source {
    Source::one(side, "schema.json", text)
}

#[test]
fn the_samples_compare() {
    let (Some(before), Some(after)) = (data("claude-skills/database_schema_before.json"), data("claude-skills/database_schema_after.json"))
    else {
        return;
    };
    let (old, new) = (side(Side::Old, &before), side(Side::New, &after));
    assert!(schema_json::looks_like(&old.files[0]));
    let outcome = schema_json::check(&old, &new, &DEFAULT).expect("both read");
    let report = report("database", &DEFAULT, &[&old, &new], outcome);
    assert_eq!(report.deploy, Verdict::Breaking);
    let lines: Vec<String> = report
        .findings
        .iter()
        .map(|f| format!("{:?} {} {} @{}", f.severity, f.rule, f.object, f.at.as_ref().map_or(0, |at| at.line)))
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
    for text in [&before, &after] {
        let same = schema_json::check(&side(Side::Old, text), &side(Side::New, text), &DEFAULT).expect("both read");
        assert!(same.drafts.is_empty() && same.steps.is_empty() && !same.undecided);
    }
}

#[test]
fn the_designer_form_reads_whole() {
    let Some(text) = data("claude-skills/database-designer_sample_schema.json") else { return };
    let (read, _) = schema_json::catalog(&side(Side::Old, &text)).expect("it reads");
    assert!(read.not_read.is_empty(), "{:?}", read.not_read);
    let products = read.catalog.tables.iter().find(|table| table.name.name == "products").expect("products");
    assert_eq!(products.column("price").map(|column| column.data_type.as_str()), Some("DECIMAL(10,2)"));
    assert_eq!(products.primary_key(), ["id"]);
    assert!(products.constraints.iter().any(|one| one.references.as_ref().is_some_and(|to| to.name == "categories")));
    assert!(products.indexes.iter().any(|index| index.partial_or_expression));
    let same = schema_json::check(&side(Side::Old, &text), &side(Side::New, &text), &DEFAULT).expect("both read");
    assert!(same.drafts.is_empty());
}

#[test]
fn what_is_something_else_is_refused() {
    let table = r#"{"tables": {"t": {"columns": {"a": {"type": "int"}}}}}"#;
    for (text, code) in [
        ("", "SG-CHK-060"),
        ("{", "SG-CHK-060"),
        ("{}", "SG-CHK-061"),
        ("[]", "SG-CHK-061"),
        ("null", "SG-CHK-061"),
        (r#"{"openapi": "3.0.0", "paths": {}}"#, "SG-CHK-061"),
        (r#"{"tables": []}"#, "SG-CHK-062"),
        (r#"{"tables": [{"name": "t", "columns": []}]}"#, "SG-CHK-062"),
        (r#"{"tables": "t"}"#, "SG-CHK-062"),
        (r#"{"tables": {}}"#, "SG-CHK-062"),
        (r#"{"tables": {"t": []}}"#, "SG-CHK-063"),
        (r#"{"tables": {"t": {}}}"#, "SG-CHK-063"),
        (r#"{"tables": {"t": {"columns": []}}}"#, "SG-CHK-063"),
        (r#"{"tables": {"t": {"columns": {"a": {}}}}}"#, "SG-CHK-063"),
        (r#"{"tables": {"t": {"columns": {"a": "int"}, "indexes": {}}}}"#, "SG-CHK-063"),
        (r#"{"tables": {"t": {"columns": {"a": "int"}, "check_constraints": 5}}}"#, "SG-CHK-063"),
    ] {
        let refused = schema_json::check(&side(Side::Old, table), &side(Side::New, text), &DEFAULT).expect_err(text);
        assert_eq!(refused.iter().map(|one| (one.code, one.side)).collect::<Vec<_>>(), [(code, Side::New)], "{text}");
    }
    assert!(!schema_json::looks_like(&File::text("a", "{}")));
    assert!(schema_json::check(&side(Side::Old, table), &side(Side::New, table), &DEFAULT).is_ok());
}
