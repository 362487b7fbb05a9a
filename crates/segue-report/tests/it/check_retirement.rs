//! A retirement and its migration guide as Markdown.

use segue_model::check::retire::{Change, Exit, Header, Notice, Operation, RetirePhase, Retirement, Snippet, Successor, Support};
use segue_model::finding::Severity;
use segue_report::check::retirement::{guide, json, markdown};
use serde_json::json;

use crate::check_sample as sample;

fn retirement(name: &str) -> Retirement {
    let exit = Exit {
        metric: "users_migrated".to_owned(),
        op: ">=".to_owned(),
        value: "75%".to_owned(),
        what: "at least 75% of the users have moved".to_owned(),
        measured_by: "clients of the first week without a call of the old form this week".to_owned(),
        from: "document 003".to_owned(),
    };
    let change = |before, after| Change {
        finding: "f1".to_owned(),
        rule: "request-body-property-required".to_owned(),
        object: name.to_owned(),
        what: format!("`currency` of {name} is now required"),
        before,
        after,
        todo: "Send `currency` with each order.".to_owned(),
    };
    let successor = Successor { name: "GET /v2/reports".to_owned(), by: "proposed".to_owned(), evidence: "the same path".to_owned() };
    Retirement {
        format_version: 1,
        segue: "0.1.0".to_owned(),
        kind: "openapi".to_owned(),
        profile: "doc003".to_owned(),
        profile_from: "document 003".to_owned(),
        start: "2027-01-11".to_owned(),
        removal: "2027-05-03".to_owned(),
        support: Support { until: "2027-05-02".to_owned(), weeks_after_all_moved: 2, from: "document 003".to_owned() },
        headers: vec![
            Header { name: "Deprecation".to_owned(), value: "@1799625600".to_owned(), by: "RFC 9745".to_owned() },
            Header { name: "Sunset".to_owned(), value: "Mon, 03 May 2027 00:00:00 GMT".to_owned(), by: "RFC 8594".to_owned() },
        ],
        phases: vec![RetirePhase {
            name: "compatibility".to_owned(),
            weeks: "weeks 5–12".to_owned(),
            first: "2027-02-08".to_owned(),
            last: Some("2027-04-04".to_owned()),
            actions: vec!["Answer both forms side by side".to_owned()],
            exit: vec![exit],
        }],
        operations: vec![
            Operation {
                name: "GET /v1/reports".to_owned(),
                removed: true,
                successor: Some(successor),
                headers: vec![Header {
                    name: "Link".to_owned(),
                    value: "</v2/reports>; rel=\"successor-version\"".to_owned(),
                    by: "RFC 5829".to_owned(),
                }],
                warnings: vec![Snippet { phase: "soft".to_owned(), language: "yaml".to_owned(), text: "deprecated: true".to_owned() }],
                changes: Vec::new(),
            },
            Operation {
                name: name.to_owned(),
                removed: false,
                successor: None,
                headers: Vec::new(),
                warnings: vec![Snippet { phase: "soft".to_owned(), language: "yaml".to_owned(), text: "deprecated: true".to_owned() }],
                changes: vec![change(Some(json!({"total": 1})), None), change(None, Some(json!([name])))],
            },
            Operation {
                name: "GET /gone".to_owned(),
                removed: true,
                successor: None,
                headers: Vec::new(),
                warnings: Vec::new(),
                changes: Vec::new(),
            },
        ],
        notices: vec![Notice {
            channel: "changelog".to_owned(),
            audience: "api_consumers".to_owned(),
            on: "2027-01-11".to_owned(),
            latest: "2027-03-22".to_owned(),
            text: format!("Deprecated: {name}; removal on 2027-05-03."),
            draft: Some("deprecation".to_owned()),
        }],
        findings: vec![sample::finding(
            "retire-without-alternative",
            Severity::High,
            &[],
            "GET /gone",
            "`GET /gone` goes, and no successor is named",
        )],
        not_checked: vec!["how many clients call each operation".to_owned()],
    }
}

#[test]
fn the_plan_and_the_guide_are_as_they_were() {
    let one = retirement("POST /orders");
    insta::assert_snapshot!("check_retirement", markdown(&one));
    insta::assert_snapshot!("check_guide", guide(&one));
    let read: Retirement = serde_json::from_str(&json(&one)).expect("it is JSON");
    assert_eq!(read, one);
}

#[test]
fn nothing_to_retire_is_said() {
    let mut one = retirement("POST /orders");
    one.operations.clear();
    assert!(markdown(&one).contains("nothing to retire") && guide(&one).contains("Nothing changes"));
}

#[test]
fn drafts_that_are_named_are_there() {
    for name in ["deprecation", "api-notice", "support-brief", "technical-update"] {
        assert!(segue_report::message::Kind::named(name).is_some(), "{name}");
    }
}

#[test]
fn hostile_names_stay_names() {
    for name in sample::NAMES {
        let one = retirement(name);
        for text in [markdown(&one), guide(&one)] {
            let html = pulldown_cmark::Parser::new_ext(&text, pulldown_cmark::Options::ENABLE_TABLES)
                .any(|event| matches!(event, pulldown_cmark::Event::Html(_) | pulldown_cmark::Event::InlineHtml(_)));
            assert!(!html, "{name}\n{text}");
            assert!(!text.contains(['\u{1b}', '\u{202e}', '\r']), "{name}");
        }
    }
}
