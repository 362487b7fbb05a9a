//! Who is told: audiences that the plan concerns, lead times with their source, and what the spec changes.

use segue_model::plan::Plan;
use segue_model::plan::program::Quantiles;
use segue_model::spec::Spec;
use segue_model::spec::program::CommsWish;
use segue_model::units::Millis;
use segue_planner::comms::comms;

use crate::checklist_lists::{bare, by_people, run};

fn made(mut plan: Plan, spec: &Spec) -> (Plan, Vec<segue_model::finding::Finding>) {
    let findings = comms(&mut plan, spec);
    (plan, findings)
}

fn audiences(plan: &Plan) -> Vec<&str> {
    let mut out: Vec<&str> = plan.program.comms.iter().map(|told| told.audience.as_str()).collect();
    out.dedup();
    out
}

#[test]
fn only_whom_it_concerns() {
    assert_eq!(audiences(&made(by_people("move"), &bare()).0), ["exec", "engineering", "support", "users"]);
    assert_eq!(audiences(&made(by_people("api"), &bare()).0), ["exec", "engineering", "support", "api_consumers"]);
    let quiet = run();
    let (plan, _) = made(quiet.clone(), &bare());
    assert_eq!(audiences(&plan), ["engineering"]);
    assert_eq!(plan.program.comms[0].offset_s, -86_400, "a day, not a campaign");
    let mut spec = bare();
    spec.program.comms.insert("partners".to_owned(), CommsWish::default());
    assert_eq!(audiences(&made(quiet, &spec).0), ["engineering", "partners"], "whom the spec names is told");
}

#[test]
fn document_003_states_its_matrix() {
    let mut spec = bare();
    spec.program.profile = Some("doc003".to_owned());
    spec.program.comms.insert("api_consumers".to_owned(), CommsWish::default());
    let (plan, _) = made(by_people("move"), &spec);
    let weeks = |audience: &str| {
        plan.program.comms.iter().find(|told| told.audience == audience).map(|told| (told.offset_s / -604_800, told.channel.as_str()))
    };
    assert_eq!(weeks("users"), Some((4, "email and a notice in the product")));
    assert_eq!(weeks("api_consumers"), Some((6, "email and the API's documentation")));
    assert_eq!(weeks("engineering"), Some((8, "chat and wiki")));
    assert_eq!(weeks("exec"), Some((8, "email")));
    assert_eq!(weeks("support"), Some((6, "training session")));
    assert!(plan.program.comms[0].from.contains("document 003"));
}

#[test]
fn the_spec_changes_lead_time_channel_address_and_rhythm() {
    let mut spec = bare();
    let wish = CommsWish {
        every: Some("12h".to_owned()),
        lead_time: Some(Millis(3 * 604_800_000)),
        to: Some("all@shop.example".to_owned()),
        channel: Some("post".to_owned()),
        template: None,
    };
    spec.program.comms.insert("users".to_owned(), wish);
    let (plan, _) = made(by_people("move"), &spec);
    let users: Vec<_> = plan.program.comms.iter().filter(|told| told.audience == "users").collect();
    assert_eq!((users[0].offset_s, users[0].channel.as_str(), users[0].to.as_str()), (-3 * 604_800, "post", "all@shop.example"));
    assert_eq!(users[0].from, "spec comms.users.lead_time");
    assert_eq!((users[1].every_s, users[1].from.as_str()), (43_200, "spec comms.users.every"));
    assert_eq!(users.last().map(|told| told.phase.as_str()), Some("retire"), "the end is told too");
    let exec = plan.program.comms.iter().find(|told| told.audience == "exec").expect("exec");
    assert_eq!(exec.to, "", "an address that nobody stated is not made up");
}

#[test]
fn a_notice_before_the_start_is_a_finding() {
    let mut plan = by_people("move");
    let at = |s: u64| Quantiles { p5_s: s, p50_s: s, p80_s: s, p95_s: s };
    plan.phases[2].project.starts = Some(at(10 * 86_400));
    let (_, findings) = made(plan.clone(), &bare());
    let objects: Vec<&str> = findings.iter().map(|finding| finding.object.as_str()).collect();
    assert_eq!(objects, ["comms.support", "comms.users"]);
    assert_eq!(findings[0].code, "SG-COMMS-001");
    assert!(findings[0].fix.starts_with("Send it 4 days before the plan starts"), "{}", findings[0].fix);
    plan.phases[2].project.starts = Some(at(14 * 86_400));
    assert_eq!(made(plan, &bare()).1, []);
}
