//! Hostile names through every export.

use segue_report::runbook;

use crate::runbook_fixture::{HOSTILE, hostile, shop};

/// What a reader of Markdown takes for structure, without its texts.
fn structure(markdown: &str) -> Vec<String> {
    use pulldown_cmark::{Event, Options, Parser, Tag};
    let events = Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH);
    let shape = |event: Event<'_>| match event {
        // Names of fences and addresses of links hold names.
        Event::Start(Tag::CodeBlock(_)) => Some("fence".to_owned()),
        Event::Html(text) | Event::InlineHtml(text) => Some(format!("html {text}")),
        Event::Text(_) | Event::Code(_) | Event::End(_) => None,
        other => Some(format!("{other:?}")),
    };
    events.filter_map(shape).collect()
}

#[test]
fn markdown_has_the_same_structure_whatever_the_names() {
    let (tame, wild) = (structure(&runbook::markdown(&shop())), structure(&runbook::markdown(&hostile())));
    let different = tame.iter().zip(&wild).position(|(tame, wild)| tame != wild);
    assert_eq!(different.map(|at| (at, &tame[at], &wild[at])), None);
    assert_eq!(tame.len(), wild.len());
    assert!(!wild.iter().any(|event| event.starts_with("html") || event.contains("Link")), "{wild:?}");
    assert!(wild.iter().filter(|event| *event == "fence").count() > 5);
}

#[test]
fn nothing_hides_in_any_export() {
    let plan = hostile();
    let json = runbook::json(&plan);
    assert!(json["phases"][0]["name"].as_str().expect("a name").contains(HOSTILE), "JSON carries the name as it is");
    for text in [runbook::markdown(&plan), runbook::shell(&plan), runbook::sql(&plan)] {
        let bad = text.chars().find(|c| (c.is_control() && *c != '\n') || matches!(c, '\u{202a}'..='\u{202e}'));
        assert_eq!(bad, None);
        assert!(!text.contains("\nBcc:"));
    }
}

#[test]
fn a_command_that_hides_something_is_not_shown() {
    let mut plan = shop();
    let command = plan.phases[0].steps[0].outside.command.as_mut().expect("a command");
    command.text = "echo safe \u{202e}fr- mr".to_owned();
    assert_eq!(runbook::block(&plan, "prepare/schema"), None);
    assert!(runbook::readiness(&plan).reasons.iter().any(|reason| reason.contains("characters that hide")));
    assert!(!runbook::shell(&plan).contains("echo safe"));
}

#[test]
fn a_fence_is_longer_than_what_it_holds() {
    let mut plan = shop();
    plan.phases[0].steps[0].outside.command.as_mut().expect("a command").text = "cat <<'E'\n```\n````\nE".to_owned();
    let markdown = runbook::markdown(&plan);
    assert!(markdown.contains("\n`````bash segue:step=prepare/schema\ncat"));
}
