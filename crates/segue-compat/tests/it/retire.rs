//! Deprecation plans over a made check: days, headers, guide, metrics, and what forbids them.

use jiff::civil::date;
use segue_compat::draft::{self, Draft, Outcome};
use segue_compat::policy::DEFAULT;
use segue_compat::retire::{Asked, Unfit, plan, profile::PROFILES, steps};
use segue_compat::rule::Rule;
use segue_compat::source::Source;
use segue_model::check::{Breaks, CheckReport, Reach, Side, Witness};
use serde_json::json;

static REMOVED: Rule = Rule { id: "openapi-operation-removed", title: "", why: "", fix: "Deprecate it first.", answers: &[] };
static REQUIRED: Rule =
    Rule { id: "request-body-property-required", title: "", why: "", fix: "Send `currency` with each order.", answers: &[] };

const NEW: &str = "openapi: 3.0.0\npaths:\n  /v2/orders/{order}: {get: {}}\n  /v1/other: {get: {}}\n";

fn report() -> CheckReport {
    let breaks = || vec![Breaks::Deploy, Breaks::Rolling];
    let draft = |rule, object: &str, message: &str| Draft::new(rule, &DEFAULT, breaks(), object, message);
    let mut required = draft(&REQUIRED, "components/schemas/Order/properties/currency", "`currency` is now required");
    required.reach = Some(Reach { count: 2, examples: vec!["POST /orders".to_owned(), "PUT /orders".to_owned()] });
    required.witness = Some(Witness { accepted_by: Side::Old, value: json!({"total": 1}) });
    let mut shared = draft(&REQUIRED, "components/schemas/Money", "`unit` is now required");
    shared.reach = Some(Reach { count: 214, examples: vec!["GET /a".to_owned(), "GET /b".to_owned(), "GET /c".to_owned()] });
    let back = Draft::new(&REQUIRED, &DEFAULT, vec![Breaks::Rollback], "paths/~1x/get", "it is new");
    let drafts = vec![
        draft(&REMOVED, "paths/~1v1~1orders~1{id}/get", "`GET /v1/orders/{id}` is gone"),
        draft(&REMOVED, "paths/~1reports/get", "`GET /reports` is gone"),
        required,
        shared,
        back,
    ];
    let new = Source::one(Side::New, "new.yaml", NEW);
    draft::report("openapi", &DEFAULT, &[&new], Outcome { drafts, ..Outcome::default() })
}

fn asked() -> Asked<'static> {
    Asked::read("2027-01-11", "doc003").expect("a day and a profile")
}

#[test]
fn document_003_has_its_days() {
    let plan = plan(&report(), &asked()).expect("a plan");
    let phases: Vec<_> = plan
        .phases
        .iter()
        .map(|phase| format!("{} {} {} {}", phase.name, phase.weeks, phase.first, phase.last.as_deref().unwrap_or("-")))
        .collect();
    assert_eq!(
        phases,
        [
            "soft weeks 1–4 2027-01-11 2027-02-07",
            "compatibility weeks 5–12 2027-02-08 2027-04-04",
            "hard weeks 13–16 2027-04-05 2027-05-02",
            "removal from week 17 2027-05-03 -"
        ]
    );
    assert_eq!((plan.removal.as_str(), plan.support.until.as_str()), ("2027-05-03", "2027-05-02"));
    let ladder: Vec<_> = plan.phases[1].actions.iter().filter(|action| action.starts_with("From ")).cloned().collect();
    assert_eq!(ladder.len(), 4);
    assert!(ladder[0].starts_with("From 2027-02-08: 10%") && ladder[3].starts_with("From 2027-03-22: 100%"), "{ladder:?}");
    assert!(plan.phases.iter().all(|phase| phase.exit.len() == 4 && phase.exit.iter().all(|exit| !exit.measured_by.is_empty())));
}

#[test]
fn headers_are_exact() {
    let mut asked = asked();
    asked.guide = Some("https://shop.example/guide".to_owned());
    let plan = plan(&report(), &asked).expect("a plan");
    let headers: Vec<_> = plan.headers.iter().map(|header| format!("{}: {}", header.name, header.value)).collect();
    assert_eq!(
        headers,
        [
            "Deprecation: @1799625600",
            "Sunset: Mon, 03 May 2027 00:00:00 GMT",
            "Link: <https://shop.example/guide>; rel=\"deprecation\"; type=\"text/html\"",
            "Link: <https://shop.example/guide>; rel=\"sunset\"; type=\"text/html\"",
        ]
    );
    asked.guide = Some("https://shop.example/>; rel=\"x\"\r\nEvil: 1".to_owned());
    let plan = self::plan(&report(), &asked).expect("a plan");
    assert!(plan.headers.iter().all(|header| header.name != "Link"), "an address cannot end its header");
}

#[test]
fn each_operation_has_before_after_and_what_takes_its_place() {
    let plan = plan(&report(), &asked()).expect("a plan");
    let names: Vec<_> = plan.operations.iter().map(|operation| (operation.name.as_str(), operation.removed)).collect();
    assert_eq!(
        names,
        [
            ("GET /reports", true),
            ("GET /v1/orders/{id}", true),
            ("POST /orders", false),
            ("PUT /orders", false),
            ("components/schemas/Money (used by 214)", false)
        ]
    );
    let moved = plan.operations[1].successor.as_ref().expect("it is proposed");
    assert_eq!((moved.name.as_str(), moved.by.as_str()), ("GET /v2/orders/{order}", "proposed"));
    assert_eq!(plan.operations[1].headers[0].value, "</v2/orders/{order}>; rel=\"successor-version\"");
    let change = &plan.operations[2].changes[0];
    assert_eq!((change.before.clone(), change.after.clone()), (Some(json!({"total": 1})), None));
    assert_eq!(change.todo, "Send `currency` with each order.");
}

#[test]
fn nothing_goes_without_an_alternative_or_a_period() {
    let mut asked = asked();
    let first = plan(&report(), &asked).expect("a plan");
    let found = |plan: &segue_model::check::retire::Retirement| -> Vec<String> {
        plan.findings.iter().map(|one| format!("{} {}", one.rule, one.object)).collect()
    };
    assert_eq!(found(&first), ["retire-without-alternative GET /reports"]);
    asked.successors.insert("GET /reports".to_owned(), "POST /exports".to_owned());
    assert!(found(&plan(&report(), &asked).expect("a plan")).is_empty());
    asked.removal = Some(date(2027, 5, 2));
    let soon = plan(&report(), &asked).expect("a plan");
    assert_eq!(found(&soon), ["retire-without-period removal"], "a day less than 16 weeks");
    asked.removal = Some(date(2027, 1, 1));
    let before = plan(&report(), &asked).expect("a plan");
    assert!(before.findings[0].message.contains("before the first day"), "{}", before.findings[0].message);
    let sunset = before.headers.iter().find(|header| header.name == "Sunset").map(|header| header.value.as_str());
    assert_eq!(sunset, Some("Mon, 11 Jan 2027 00:00:00 GMT"), "never before the deprecation");
}

#[test]
fn notices_leave_their_lead_time() {
    let plan = plan(&report(), &asked()).expect("a plan");
    let latest = |channel: &str| plan.notices.iter().find(|notice| notice.channel == channel).map(|notice| notice.latest.as_str());
    assert_eq!(latest("internal"), Some("2027-03-08"), "8 weeks");
    assert_eq!(latest("email"), Some("2027-03-22"), "6 weeks");
    assert_eq!(latest("site-banner"), Some("2027-04-05"), "4 weeks");
    for channel in ["api-docs", "readme", "site-banner", "changelog", "email", "forum", "blog", "support"] {
        assert!(latest(channel).is_some(), "{channel}");
    }
    let drafts: Vec<_> = plan.notices.iter().filter_map(|notice| notice.draft.as_deref()).collect();
    assert!(drafts.contains(&"api-notice") && drafts.contains(&"deprecation"));
}

#[test]
fn each_operation_has_the_warning_of_its_kind() {
    let of = |kind: &str| {
        let mut report = report();
        kind.clone_into(&mut report.kind);
        let mut asked = asked();
        asked.successors.insert("GET /reports".to_owned(), "POST /exports".to_owned());
        let plan = plan(&report, &asked).expect("a plan");
        plan.operations[0].warnings.iter().map(|one| format!("{} {}\n{}", one.phase, one.language, one.text)).collect::<Vec<_>>().join("\n")
    };
    let kinds = ["openapi", "graphql", "proto", "typescript", "python"];
    insta::assert_snapshot!("retire_warnings", kinds.map(of).join("\n\n"));
}

#[test]
fn each_operation_has_its_steps() {
    let steps = steps(&plan(&report(), &asked()).expect("a plan"));
    assert_eq!(steps.len(), 4 * 5);
    let phases: Vec<_> = steps.iter().map(|step| step.phase.as_str()).collect();
    assert!(phases.is_sorted_by_key(|phase| ["announce", "soft", "hard", "remove"].iter().position(|one| one == phase)));
    assert_eq!(steps[15].what, "Remove `GET /reports` on 2027-05-03, when the hard phase's metrics hold");
    assert!(steps.iter().all(|step| step.finding.is_some() && step.by == "manual"));
}

#[test]
fn nothing_that_breaks_is_nothing_to_retire() {
    let empty = draft::report("openapi", &DEFAULT, &[], Outcome::default());
    let plan = plan(&empty, &asked()).expect("a plan");
    assert!(plan.operations.is_empty() && plan.headers.is_empty() && plan.notices.is_empty() && plan.findings.is_empty());
    assert_eq!(plan.not_checked.len(), 1);
}

#[test]
fn what_cannot_be_is_refused_in_words() {
    for (day, profile) in
        [("2027-02-30", "doc003"), ("soon", "doc003"), ("2027-1-1", "doc003"), ("1969-12-31", "segue"), ("2027-01-11", "doc009")]
    {
        assert!(Asked::read(day, profile).is_err(), "{day} {profile}");
    }
    let sql = draft::report("sql", &DEFAULT, &[], Outcome::default());
    assert_eq!(plan(&sql, &asked()), Err(Unfit::Kind("sql".to_owned())));
    for profile in PROFILES {
        let asked = Asked::read("8999-12-31", profile.name).expect("it is there");
        assert!(plan(&report(), &asked).is_ok(), "the last days there are");
    }
}
