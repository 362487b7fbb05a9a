//! A comparison in words and as a document.

use segue_report::{CheckVerdict, TableVerdict, Verdict, VerifyView, verify_json, verify_text};
use serde_json::json;

fn view() -> VerifyView {
    let table = |name: &str, verdict| TableVerdict {
        source: name.to_owned(),
        target: name.to_owned(),
        verdict,
        source_rows: 1_000,
        target_rows: 1_000,
        unconverted: 0,
        rejected: 0,
        changed: 0,
        examples: Vec::new(),
        kept_aside: Vec::new(),
        not_compared: Vec::new(),
    };
    let mut orders = table("public.orders", Verdict::Different);
    orders.changed = 2;
    orders.rejected = 1;
    orders.target_rows = 999;
    orders.examples = vec!["id=7".to_owned(), "id=9".to_owned()];
    orders.not_compared = vec![("note".to_owned(), "only the new form has it".to_owned())];
    VerifyView {
        verdict: Verdict::Different,
        engine: "forms".to_owned(),
        tables: vec![table("public.users", Verdict::Equal), orders],
        checks: vec![CheckVerdict { name: "revenue".to_owned(), verdict: Verdict::Undecided }],
        not_compared: vec!["Rows written while it ran.".to_owned()],
    }
}

#[test]
fn golden_verify_at_80_columns() {
    insta::assert_snapshot!(verify_text(&view(), 80, false));
}

#[test]
fn the_document_is_that_of_the_format() {
    let json = verify_json(&view(), "0.1.0");
    assert_eq!(json["verdict"], "different");
    let orders = &json["tables"][1];
    assert_eq!(orders["rows"], json!({"source": 1_000, "target": 999}));
    assert_eq!((&orders["missing_in_target"], &orders["extra_in_target"], &orders["changed"]), (&json!(1), &json!(0), &json!(2)));
    assert_eq!(orders["examples"][0], json!({"key": {"id": 7}, "kind": "changed", "columns": []}));
    assert_eq!(orders["not_compared"][0]["column"], "note");
    assert_eq!(json["checks"][0], json!({"name": "revenue", "verdict": "undecided"}));
}
