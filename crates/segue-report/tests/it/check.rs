//! The check for a terminal and as its document.

use segue_model::check::CheckReport;
use segue_report::check::{SHOWN_MAX, human, json};

use crate::check_sample as sample;

#[test]
fn each_report_reads_well_at_80_columns() {
    for (name, report) in sample::all() {
        insta::assert_snapshot!(format!("check_human_{name}"), human(&report, 80, false));
    }
}

#[test]
fn nothing_is_wider_than_the_terminal() {
    for (name, mut report) in sample::all().into_iter().chain([("hostile", sample::hostile())]) {
        // Statements are there to be copied: they are not folded.
        report.findings.iter_mut().for_each(|finding| finding.safe_sql.clear());
        for width in [40, 80, 120] {
            for line in human(&report, width, false).lines() {
                let wide: usize = line.chars().map(|c| if "表😀".contains(c) { 2 } else { usize::from(c != '\u{301}') }).sum();
                assert!(wide <= width, "{name} at {width}: {wide}: {line}");
            }
        }
    }
}

#[test]
fn colour_only_repeats_words() {
    for (name, report) in sample::all() {
        let bare: String = human(&report, 80, true)
            .split('\u{1b}')
            .enumerate()
            .map(|(at, part)| if at == 0 { part } else { part.split_once('m').map_or("", |(_, rest)| rest) })
            .collect();
        assert_eq!(bare, human(&report, 80, false), "{name}");
    }
}

#[test]
fn a_page_of_findings_is_enough() {
    let text = human(&sample::many(), 80, false);
    assert_eq!(text.matches("config-key-removed").count(), SHOWN_MAX);
    assert!(text.contains("20 findings more") && text.contains("--format json"), "{text}");
    assert!(text.contains("and 18 more"), "gaps are counted too");
}

#[test]
fn a_large_document_on_one_line_costs_its_line_once() {
    let mut report = sample::openapi();
    let text = format!("{{\"a\": \"{}\", \"currency\": 1}}", "x".repeat(3_000_000));
    report.sources[1].text = text.as_str().into();
    let at = report.findings[0].at.as_mut().expect("it has a place");
    (at.line, at.column, at.end_line, at.end_column) = (1, 3_000_012, Some(1), Some(3_000_020));
    let text = human(&report, 80, false);
    assert!(text.contains("currency") && text.len() < 6_000, "{}", text.len());
}

#[test]
fn no_line_of_a_configuration_is_shown_and_of_others_only_the_one() {
    const CANARY: &str = "c4n4ry";
    let forms = |report: &CheckReport| {
        use segue_report::check::{doc000, github, gitlab, html, junit, markdown, sarif};
        let pages = [human(report, 80, false), markdown(report), html(report)];
        let data =
            [json(report), sarif(report), junit(report, None), github(report), gitlab(report), doc000(report, "2026-11-21").to_string()];
        (pages, data)
    };
    let mut report = sample::openapi();
    report.sources[1].text = report.sources[1].text.replace("currency: {type: string}", &format!("currency: {CANARY}")).as_str().into();
    let (pages, data) = forms(&report);
    assert!(pages.iter().all(|page| page.contains(CANARY)), "the line of a finding is an excerpt");
    assert!(data.iter().all(|text| !text.contains(CANARY)), "and nothing that is stored has it");
    "config".clone_into(&mut report.kind);
    let (pages, data) = forms(&report);
    assert!(pages.iter().chain(&data).all(|text| !text.contains(CANARY)), "it may be a password");
    assert!(pages[0].contains("new.yaml:10:9"), "the place is still told");
}

#[test]
fn a_place_that_is_not_there_has_no_excerpt() {
    let mut report = sample::openapi();
    for (line, column) in [(0, 0), (999, 1), (1, 9_999), (u32::MAX, u32::MAX)] {
        let at = report.findings[0].at.as_mut().expect("it has a place");
        (at.line, at.column, at.end_line, at.end_column) = (line, column, None, None);
        assert!(human(&report, 80, false).contains("request-body-property-required"));
    }
}

#[test]
fn the_document_is_read_back_as_it_was() {
    for (name, mut report) in sample::all().into_iter().chain([("hostile", sample::hostile())]) {
        let text = json(&report);
        let read: CheckReport = serde_json::from_str(&text).expect("it is a report");
        report.sources.clear();
        assert_eq!(read, report, "{name}");
    }
    insta::assert_snapshot!("check_json", json(&sample::openapi()));
}
