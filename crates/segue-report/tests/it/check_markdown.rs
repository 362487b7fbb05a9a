//! Markdown for a pull request: what a reader of Markdown makes of it.

use pulldown_cmark::{Event, Options, Parser, Tag};
use segue_report::check::{MARKDOWN_MAX, markdown};

use crate::check_sample as sample;

#[test]
fn each_report_is_as_it_was() {
    for name in ["openapi", "script", "clean", "database"] {
        let report = sample::all().into_iter().find(|(other, _)| *other == name).map(|(_, report)| report).expect("it is there");
        insta::assert_snapshot!(format!("check_markdown_{name}"), markdown(&report));
    }
}

/// Tags of HTML that a page has, and events that only a hostile name could have made.
fn read(text: &str) -> (Vec<String>, Vec<String>) {
    let mut html = String::new();
    let mut wrong = Vec::new();
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Html(text) | Event::InlineHtml(text) => html.push_str(&text),
            Event::Start(Tag::Image { .. } | Tag::Link { .. }) => wrong.push("a link or an image".to_owned()),
            _ => {}
        }
    }
    let tags = html.split('<').skip(1).map(|part| part.split(['>', ' ']).next().unwrap_or_default().to_owned());
    (tags.collect(), wrong)
}

#[test]
fn no_name_becomes_markup() {
    for (name, report) in sample::all().into_iter().chain([("hostile", sample::hostile())]) {
        let text = markdown(&report);
        let (tags, wrong) = read(&text);
        assert_eq!(wrong, Vec::<String>::new(), "{name}\n{text}");
        let ours = ["details", "/details", "summary", "/summary", "code", "/code"];
        let other: Vec<&String> = tags.iter().filter(|tag| !ours.contains(&tag.as_str())).collect();
        assert!(other.is_empty(), "{name}: {other:?}\n{text}");
        let count = |tag: &str| tags.iter().filter(|one| *one == tag).count();
        assert_eq!(count("details"), count("/details"), "{name}");
        assert!(!text.contains(['\u{1b}', '\u{202e}', '\r']), "{name}");
    }
}

#[test]
fn tables_keep_their_columns() {
    for (name, report) in sample::all().into_iter().chain([("hostile", sample::hostile())]) {
        let text = markdown(&report);
        let mut columns = 0;
        let mut cells = 0;
        for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::Table(aligned)) => columns = aligned.len(),
                Event::Start(Tag::TableHead | Tag::TableRow) => cells = 0,
                Event::Start(Tag::TableCell) => cells += 1,
                Event::End(pulldown_cmark::TagEnd::TableRow) => assert_eq!(cells, columns, "{name}"),
                _ => {}
            }
        }
        for line in text.lines().filter(|line| line.starts_with("| ")) {
            let bars = line.replace("\\|", "").matches('|').count();
            assert!([4, 5, 7].contains(&bars), "{name}: {line}");
        }
    }
}

#[test]
fn a_comment_is_never_too_long() {
    let mut report = sample::many();
    let long = "表x ".repeat(20_000);
    for finding in &mut report.findings {
        finding.message.clone_from(&long);
        finding.safe_sql = vec![long.clone()];
    }
    report.not_checked = vec![long; 400];
    let text = markdown(&report);
    assert!(text.len() <= MARKDOWN_MAX, "{}", text.len());
    assert!(text.contains("not shown here") && text.contains("more\n"));
    assert_eq!(read(&text).0.iter().filter(|tag| *tag == "details").count(), text.matches("</details>").count());
}
