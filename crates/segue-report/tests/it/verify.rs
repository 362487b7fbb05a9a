//! A comparison in each of its forms.

use segue_model::verify::{CheckReport, Counts, DifferenceKind, Example, Gap, SeenValue, TableReport, Verdict, VerifyReport};
use segue_report::verify::{html, human, json, junit, markdown};
use serde_json::json;

fn check(name: &str, verdict: Verdict) -> CheckReport {
    CheckReport { name: name.to_owned(), kind: "query".to_owned(), verdict, evidence: Vec::new(), not_compared: Vec::new() }
}

fn row(id: i64, kind: DifferenceKind, columns: &[&str]) -> Example {
    let columns = columns.iter().map(|name| (*name).to_owned()).collect();
    Example { key: vec![("id".to_owned(), json!(id))], key_hash: None, kind, columns, values: Vec::new() }
}

fn seen(kind: &str, text: &str) -> SeenValue {
    SeenValue { kind: kind.to_owned(), text: text.to_owned() }
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
    report.tables[1].examples[0].values = vec![("total".to_owned(), Some(seen("decimal", "12.50")), None)];
    assert!(human(&report, 100, false).contains("total: 12.50 → NULL"));
    let row = &json(&report, "0")["tables"][1]["examples"][0];
    assert_eq!(row["values"], json!({"source": {"total": "12.50"}, "target": {"total": null}}));
    assert_eq!(row["kinds"], json!({"source": {"total": "decimal"}, "target": {"total": null}}));
}

/// NULL and the empty text, 1 and `'1'`: what differs looks different in every form.
#[test]
fn values_that_differ_look_different_in_every_form() {
    let mut report = sample();
    for (source, target, said) in [
        (None, Some(seen("text", "")), "NULL → ''"),
        (None, Some(seen("text", "NULL")), "NULL → 'NULL'"),
        (Some(seen("integer", "1")), Some(seen("text", "1")), "1 → '1'"),
        (Some(seen("float", "1")), Some(seen("integer", "1")), "1 (float) → 1 (integer)"),
    ] {
        report.tables[1].examples[0].values = vec![("v".to_owned(), source, target)];
        // Markup has its own way to write a quote.
        let plain = |text: String| text.replace("&#39;", "'").replace("&apos;", "'").replace('\\', "");
        for text in [human(&report, 200, false), markdown(&report), junit(&report), html(&report, "0")] {
            assert!(plain(text.clone()).contains(said), "{said}: {text}");
        }
        let row = &json(&report, "0")["tables"][1]["examples"][0];
        let side = |name: &str| (row["values"][name]["v"].clone(), row["kinds"][name]["v"].clone());
        assert_ne!(side("source"), side("target"), "{row}");
    }
}

#[test]
fn nothing_that_was_only_written_is_equal() {
    let report = VerifyReport::written("fingerprint");
    assert_eq!(report.verdict, Verdict::Undecided);
    for text in [human(&report, 80, false), markdown(&report), html(&report, "0")] {
        let text = text.to_lowercase();
        assert!(text.contains("written") && !text.contains("equal") && !text.contains("undecided"), "{text}");
    }
}

#[test]
fn a_table_of_one_side_is_said_to_be_one() {
    let mut alone = TableReport::empty("public.tmp", "public.tmp");
    alone.verdict = Verdict::Different;
    alone.notes = vec!["the source has no such table".to_owned()];
    let report = VerifyReport::new("sketch", vec![alone.clone(), alone], Vec::new());
    for text in [human(&report, 80, false), markdown(&report), junit(&report), html(&report, "0")] {
        assert!(text.contains("the source has no such table") && !text.contains("no row differs"), "{text}");
    }
}

#[test]
fn a_line_of_the_list_fits_on_a_line() {
    let mut report = sample();
    let long = "a_table_with_a_name_that_is_very_long_indeed_as_they_are_in_life";
    (report.tables[0].source, report.tables[0].target) = (long.to_owned(), long.to_owned());
    let text = human(&report, 80, false);
    assert!(text.lines().any(|line| line.starts_with("  ! shop.orders → public.orders") && line.trim_end().ends_with("/s")), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
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
    report.tables[1].examples[0].values = vec![("total".to_owned(), Some(seen("decimal", "12.50")), None)];
    report.tables[1].examples[1].key_hash = Some("00".to_owned());
    report.tables[0].kept_aside = vec![(vec![("id".to_owned(), json!(1))], "up gives no value".to_owned())];
    let problems: Vec<String> = validator.iter_errors(&json(&report, "0.1.0")).map(|error| error.to_string()).collect();
    assert!(problems.is_empty(), "{problems:?}");
    assert!(!validator.is_valid(&json!({"format_version": 1})));
}
