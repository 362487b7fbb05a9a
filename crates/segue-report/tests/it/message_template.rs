//! Templates of the users' own: strict, escaped, bounded, and without any way out.

use jiff::tz::TimeZone;
use segue_report::message::Kind;
use segue_report::message::template::{Form, TemplateError, message, render};

use crate::message_drafts::{running, when};
use crate::runbook_fixture::{HOSTILE, hostile, shop};

fn text(template: &str) -> Result<String, TemplateError> {
    render(template, Form::Text, Kind::UserNotice, &shop(), None, when(), &TimeZone::UTC)
}

#[test]
fn a_template_has_the_plan_and_the_moment() {
    let template = "Dear all,\n{{ plan.name }} is {{ state }}; it takes place {{ cutover.day }}.\n{% for phase in phases %}{{ loop.index }}. {{ phase.name }} ({{ phase.starts }})\n{% endfor %}As of {{ now }}.";
    insta::assert_snapshot!(text(template).expect("it renders"));
}

#[test]
fn a_run_is_there_where_there_is_one() {
    let (plan, view) = running();
    let template = "{% if run %}{{ run.phase }} {{ run.steps_done }}/{{ run.steps }} {{ run.state }}{% else %}not begun{% endif %}";
    let shown = |run| render(template, Form::Text, Kind::TechnicalUpdate, &plan, run, when(), &TimeZone::UTC).expect("it renders");
    assert_eq!(shown(Some(&view)), format!("expand 2/{} running", plan.phases.iter().map(|phase| phase.steps.len()).sum::<usize>()));
    assert_eq!(shown(None), "not begun");
}

#[test]
fn a_mistake_is_an_error_with_its_line() {
    let unknown = text("one\ntwo {{ plan.nmae }}").expect_err("strict");
    assert_eq!(unknown.line, 2, "{unknown}");
    let syntax = text("one\ntwo\n{% for x in %}").expect_err("no template");
    assert_eq!(syntax.line, 3, "{syntax}");
    assert!(text("{{ nothing }}").is_err());
}

#[test]
fn there_is_no_way_to_files_or_other_templates() {
    for way in [
        "{% include '/etc/passwd' %}",
        "{% import '/etc/passwd' as x %}",
        "{% extends 'x' %}",
        "{{ open('/etc/passwd') }}",
        "{{ env('HOME') }}",
        "{{ ''.__class__ }}",
    ] {
        assert!(text(way).is_err(), "{way}");
    }
    let endless = "{% for a in range(10000) %}{% for b in range(10000) %}x{% endfor %}{% endfor %}";
    assert!(text(endless).is_err(), "it runs out of fuel");
}

#[test]
fn hostile_values_stay_where_they_stand() {
    let plan = hostile();
    let made = message(
        "Subject: {{ plan.name }}\n\n<h1>{{ plan.name }}</h1>\n{{ message.text }}",
        Kind::UserNotice,
        &plan,
        None,
        when(),
        &TimeZone::UTC,
    )
    .expect("it renders");
    assert!(!made.subject.contains(['\n', '\r', '\u{202e}']) && made.subject.contains("Bcc"));
    assert!(made.html.starts_with("<h1>") && !made.html.contains("<script"), "{}", made.html);
    assert!(!made.text.contains("\nBcc:") && !made.html.contains("\nBcc:"));
    assert!(plan.name.contains(HOSTILE));
}

#[test]
fn without_a_subject_the_drafts_own_stays() {
    let made = message("Only a body", Kind::UserNotice, &shop(), None, when(), &TimeZone::UTC).expect("it renders");
    assert_eq!((made.subject.as_str(), made.text.as_str()), ("Planned change: shop-mariadb-to-postgres", "Only a body"));
}
