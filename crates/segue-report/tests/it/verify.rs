//! A comparison in each of its forms.

use segue_model::verify::{CheckReport, Counts, DifferenceKind, Example, Gap, TableReport, Verdict, VerifyReport};
use segue_report::verify::{html, human, json, junit, markdown};
use serde_json::json;

fn check(name: &str, verdict: Verdict) -> CheckReport {
    CheckReport { name: name.to_owned(), kind: "query".to_owned(), verdict, evidence: Vec::new(), not_compared: Vec::new() }
}

fn row(id: i64, kind: DifferenceKind, columns: &[&str]) -> Example {
    let columns = columns.iter().map(|name| (*name).to_owned()).collect();
    Example { key: vec![("id".to_owned(), json!(id))], key_hash: None, kind, columns, values: Vec::new() }
}

/// A table in each verdict, a check in each, and everything that a report can say.
fn sample() -> VerifyReport {
    let users = TableReport {
        verdict: Verdict::Equal,
        engine: "sketch".to_owned(),
        rows: Counts { source: Some(1_000_000), target: Some(1_000_000) },
        ms: 3_400,
        ..TableReport::empty("shop.users", "public.users")
    };
    let orders = TableReport {
        verdict: Verdict::Different,
        engine: "sketch".to_owned(),
        rows: Counts { source: Some(5_000_000), target: Some(4_999_999) },
        missing_in_target: 1,
        changed: 999,
        examples: vec![row(7, DifferenceKind::Changed, &["total", "note"]), row(9, DifferenceKind::MissingInTarget, &[])],
        not_compared: vec![Gap { column: "shape".to_owned(), reason: "geometry has no class on PostgreSQL".to_owned() }],
        notes: vec!["created_at: a datetime without a zone was compared as UTC".to_owned()],
        ms: 12_100,
        ..TableReport::empty("shop.orders", "public.orders")
    };
    let lost = TableReport {
        undecided: Some("the target: the connection broke (SG-PG-001)".to_owned()),
        ..TableReport::empty("shop.items", "public.items")
    };
    let mut revenue = check("revenue_by_day", Verdict::Different);
    revenue.evidence = vec!["row 3, column 2 differs by more than 1%".to_owned()];
    let checks = vec![revenue, check("stock", Verdict::Equal), check("names", Verdict::Undecided)];
    let mut report = VerifyReport::new("sketch", vec![lost, orders, users], checks);
    report.moments = vec!["source at binlog.000003:4711".to_owned(), "target at 0/16B3748".to_owned()];
    report.not_compared = vec!["public.tmp: only the target has it".to_owned()];
    report
}

#[test]
fn golden_forms() {
    let report = sample();
    assert_eq!(report.verdict, Verdict::Different);
    insta::assert_snapshot!("verify_human", human(&report, 80, false));
    insta::assert_snapshot!("verify_markdown", markdown(&report));
    insta::assert_snapshot!("verify_junit", junit(&report));
}

#[test]
fn a_terminal_of_forty_columns_is_enough() {
    for line in human(&sample(), 40, false).lines() {
        assert!(line.chars().count() <= 40, "{line}");
    }
}

#[test]
fn the_document_is_that_of_the_format() {
    let json = json(&sample(), "0.1.0");
    assert_eq!(json["verdict"], "different");
    let orders = &json["tables"][1];
    assert_eq!(orders["rows"], json!({"source": 5_000_000, "target": 4_999_999}));
    assert_eq!((&orders["missing_in_target"], &orders["extra_in_target"], &orders["changed"]), (&json!(1), &json!(0), &json!(999)));
    assert_eq!(orders["examples"][0], json!({"key": {"id": 7}, "kind": "changed", "columns": ["total", "note"]}));
    assert_eq!(orders["not_compared"][0]["column"], "shape");
    assert_eq!(json["tables"][0]["verdict"], "undecided");
    assert_eq!(json["checks"][1], json!({"name": "stock", "kind": "query", "verdict": "equal"}));
}

#[test]
fn junit_is_well_formed_and_counts() {
    let text = junit(&sample());
    let document = roxmltree::Document::parse(&text).expect("well-formed");
    let suite = document.descendants().find(|node| node.has_tag_name("testsuite")).expect("a suite");
    assert_eq!((suite.attribute("tests"), suite.attribute("failures"), suite.attribute("errors")), (Some("6"), Some("2"), Some("2")));
}

#[test]
fn values_are_shown_only_where_the_report_has_them() {
    let mut report = sample();
    report.tables[1].examples[0].values = vec![("total".to_owned(), Some("12.50".to_owned()), None)];
    assert!(human(&report, 100, false).contains("total: 12.50 → NULL"));
    assert_eq!(json(&report, "0")["tables"][1]["examples"][0]["values"], json!({"source": {"total": "12.50"}, "target": {"total": null}}));
}

#[test]
fn hostile_names_stay_names() {
    let evil = "t\u{1b}]0;x\u{7}\n\u{202e}<script>alert(1)</script>|`";
    let mut report = sample();
    for table in &mut report.tables {
        evil.clone_into(&mut table.source);
        table.notes.push(evil.to_owned());
        table.undecided = Some(evil.to_owned());
        for example in &mut table.examples {
            example.key = vec![(evil.to_owned(), json!(evil))];
            example.columns = vec![evil.to_owned()];
        }
    }
    for check in &mut report.checks {
        evil.clone_into(&mut check.name);
        check.evidence.push(evil.to_owned());
    }
    let bad = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}');
    let page = html(&report, "0.1.0");
    for text in [human(&report, 80, false), markdown(&report), junit(&report), page.clone()] {
        assert!(!text.contains(bad), "{text}");
    }
    assert!(!page.contains("<script") && page.contains("&lt;script&gt;"));
    assert!(roxmltree::Document::parse(&junit(&report)).is_ok());
    assert!(!markdown(&report).contains("\n<script"));
}

#[test]
fn a_page_of_many_tables_stays_below_its_limit() {
    let mut report = sample();
    report.tables = vec![report.tables[1].clone(); 20_000];
    let page = html(&report, "0.1.0");
    assert!(page.len() < segue_report::html::LIMIT, "{}", page.len());
    assert!(page.contains("more tables"));
}

#[test]
fn the_document_is_valid_by_its_schema() {
    let schema = segue_report::verify::schema();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let mut report = sample();
    report.tables[1].examples[0].values = vec![("total".to_owned(), Some("12.50".to_owned()), None)];
    report.tables[1].examples[1].key_hash = Some("00".to_owned());
    report.tables[0].kept_aside = vec![(vec![("id".to_owned(), json!(1))], "up gives no value".to_owned())];
    let problems: Vec<String> = validator.iter_errors(&json(&report, "0.1.0")).map(|error| error.to_string()).collect();
    assert!(problems.is_empty(), "{problems:?}");
    assert!(!validator.is_valid(&json!({"format_version": 1})));
}
