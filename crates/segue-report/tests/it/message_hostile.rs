//! Hostile names through subjects, texts and HTML of every message.

use jiff::tz::TimeZone;
use segue_report::message::{Kind, draft};

use crate::message_drafts::{running, when};
use crate::runbook_fixture::{HOSTILE, hostile};

#[test]
fn no_name_breaks_a_header_a_line_or_a_page() {
    let (mut run_plan, mut run) = running();
    run_plan.name.push_str(HOSTILE);
    run.troubles[0].message.push_str(HOSTILE);
    run.troubles[0].step.push_str(HOSTILE);
    for kind in Kind::ALL {
        for (plan, run) in [(hostile(), None), (run_plan.clone(), Some(&run))] {
            let message = draft(kind, &plan, run, when(), &TimeZone::UTC);
            let bad = |text: &str, lines: bool| {
                text.chars()
                    .any(|c| (c.is_control() && !(lines && c == '\n')) || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
            };
            assert!(!bad(&message.subject, false), "{:?}", message.subject);
            assert!(message.subject.chars().count() <= 120);
            assert!(message.to.iter().all(|to| !bad(to, false)));
            assert!(!bad(&message.text, true) && !message.text.contains("\nBcc:"));
            assert!(!bad(&message.html, true));
            tags(&message.html);
        }
    }
}

/// Nothing but the elements that a letter is made of, all closed.
fn tags(html: &str) {
    let known = ["p", "strong", "h2", "ul", "ol", "li", "table", "tr", "td", "th", "th scope=\"row\""];
    let mut open: Vec<&str> = Vec::new();
    for piece in html.split('<').skip(1) {
        let tag = piece.split('>').next().expect("a tag");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().and_then(|tag| tag.split(' ').next()), Some(name), "{html}");
        } else {
            assert!(known.contains(&tag), "<{tag}> in\n{html}");
            open.push(tag);
        }
    }
    assert!(open.is_empty());
}
