//! What holds for every plan: an order, a way back or the reason for none, names that stand once, and one digest.

use std::collections::{BTreeMap, BTreeSet};

use arbtest::arbitrary::Unstructured;
use segue_model::plan::Plan;
use segue_model::spec::Spec;

use crate::project_summary::{cases, good, planned, read};

/// What must hold, whatever the plan.
#[track_caller]
pub(crate) fn holds(plan: &Plan) {
    let names: BTreeSet<&str> = plan.phases.iter().map(|phase| phase.name.as_str()).collect();
    assert_eq!(names.len(), plan.phases.len(), "a phase's name stands twice");
    let mut ids: BTreeSet<&str> = BTreeSet::new();
    for phase in &plan.phases {
        for after in &phase.project.after {
            assert!(names.contains(after.as_str()), "{} comes after {after}, which is not there", phase.name);
        }
        assert!(!phase.project.owner.is_empty() && !phase.goal.is_empty(), "{} has no owner or no goal", phase.name);
        assert!(
            !phase.project.rollback.how.is_empty() && !phase.project.rollback.verify.is_empty(),
            "{} does not say how to go back",
            phase.name
        );
        for gate in phase.entry.iter().chain(&phase.gates) {
            assert!(ids.insert(&gate.id), "the gate {} stands twice", gate.id);
            assert!(!gate.from.is_empty() && !gate.what.is_empty(), "{} has no source", gate.id);
        }
        for step in &phase.steps {
            assert!(ids.insert(&step.id), "the step {} stands twice", step.id);
            assert!(step.id.starts_with(&format!("{}/", phase.name)), "{} is not of {}", step.id, phase.name);
            assert!(!step.undo.what.is_empty() && !step.undo.loses.is_empty(), "{} says nothing of its way back", step.id);
            assert!(step.by == "run" || !step.undo.verify.is_empty(), "{} does not say how to verify its undo", step.id);
            match step.by.as_str() {
                "command" => assert!(step.outside.command.is_some(), "{} has no command", step.id),
                "manual" => {
                    assert!(!step.outside.how_to_tell.is_empty() && step.outside.command.is_none(), "{} does not say how to tell", step.id);
                }
                other => assert_eq!(other, "run", "{}", step.id),
            }
        }
        for load in &phase.project.loads {
            let mine = load.of == phase.name
                || phase.steps.iter().any(|step| step.id == load.of)
                || phase.project.tasks.iter().any(|task| task.what == load.of);
            assert!(mine, "the load {} belongs to nothing in {}", load.of, phase.name);
        }
    }
    order(plan);
    let last = plan.phases.iter().filter(|phase| phase.is_final());
    for phase in last.filter(|_| !plan.runs()) {
        assert!(!phase.project.rollback.how.contains("restore the"), "{}", phase.name);
    }
}

/// The phases have an order.
#[track_caller]
fn order(plan: &Plan) {
    let mut open: BTreeMap<&str, BTreeSet<&str>> =
        plan.phases.iter().map(|phase| (phase.name.as_str(), phase.project.after.iter().map(String::as_str).collect())).collect();
    while !open.is_empty() {
        let ready: Vec<&str> =
            open.iter().filter(|(_, after)| after.iter().all(|name| !open.contains_key(name))).map(|(name, _)| *name).collect();
        assert!(!ready.is_empty(), "a circle among {:?}", open.keys().collect::<Vec<_>>());
        for name in ready {
            open.remove(name);
        }
    }
}

#[test]
fn every_case_holds() {
    for (name, spec) in cases() {
        eprintln!("{name}");
        let plan = good(&spec, None);
        holds(&plan);
        assert_eq!(plan.digest, plan.computed_digest().expect("a digest"));
        assert_eq!(plan, good(&spec, None), "{name}: same spec, same plan");
    }
}

#[test]
fn the_order_of_keys_and_white_space_changes_no_digest() {
    let one = "segue: 1\nid: A\nsystems:\n  a: {mysql: {url: env:A}, facts: {size: 5GiB}}\n  b: {postgres: {url: env:B}}\nmove: {from: a, to: b}\nlimits: {downtime: 5s, deadline: 2028-01-01}\n";
    let other = "limits: {deadline:   2028-01-01, downtime: 5s}\n# a comment\nmove: {to: b, from: a}\nsystems:\n  b: {postgres: {url: env:B}}\n  a:\n    facts: {size: 5GiB}\n    mysql: {url: env:A}\nid: A\nsegue: 1\n";
    assert_eq!(good(&read(one), None).digest, good(&read(other), None).digest);
}

/// A spec out of random parts.
fn spec(u: &mut Unstructured<'_>) -> arbtest::arbitrary::Result<(String, u64)> {
    let gib = *u.choose(&[1u64, 5, 50, 900, 20_000])?;
    let downtime = *u.choose(&["none", "5s", "30m", "8h"])?;
    let rollback = *u.choose(&["required", "wanted", "not-needed"])?;
    let profile = *u.choose(&["segue", "doc000", "doc001", "doc002", "doc003", "doc004"])?;
    let kind = *u.choose(&["", "kind: data-transform\n", "kind: sharding\n", "kind: platform-switch\n"])?;
    let target = *u.choose(&["postgres: {url: env:B}", "mysql: {url: env:B}", "other: {what: Oracle 19c}"])?;
    let rates = *u.choose(&["", "rates: {copy: 40MiB/s, verify: 50000 rows/s}\n"])?;
    let mut text = format!(
        "segue: 1\nid: A\nprofile: {profile}\n{kind}{rates}limits: {{downtime: {downtime}, rollback: {rollback}}}\nsystems:\n  a: {{mysql: {{url: env:A}}, facts: {{size: {gib}GiB, rows: {}}}}}\n  b: {{{target}}}\nmove: {{from: a, to: b}}\n",
        gib * 5_000_000
    );
    if u.ratio(1, 3)? {
        text.push_str("service: {from: m, extract: {s: {tables: [t], routes: [\"/t/*\"]}, u: {routes: [\"/u\"]}}}\n");
    }
    if u.ratio(1, 3)? {
        text.push_str("code: {path: ., change: [{library: {from: a, to: b}}, {runtime: {from: node@20, to: node@24}}]}\n");
    }
    if u.ratio(1, 3)? {
        text.push_str("api: {old: a.yaml, new: b.yaml}\n");
    }
    if u.ratio(1, 4)? {
        text.push_str("auth: {change: sso}\n");
    }
    if u.ratio(1, 4)? {
        text.push_str("infra: {from: aws/a, to: gcp/b}\n");
    }
    Ok((text, gib))
}

#[test]
fn generated_specs_hold() {
    arbtest::arbtest(|u| {
        let (text, _) = spec(u)?;
        let spec = read(&text);
        match planned(&spec, None) {
            Ok(plan) => {
                holds(&plan);
                assert_eq!(Some(plan.digest), planned(&spec, None).ok().map(|plan| plan.digest));
            }
            Err(findings) => assert!(findings.iter().any(|finding| finding.severity == segue_model::finding::Severity::Critical), "{text}"),
        }
        Ok(())
    })
    .budget_ms(4_000);
}

/// P50 of all copies, in seconds.
fn copying(spec: &Spec) -> u64 {
    let plan = good(spec, None);
    let loads = plan.phases.iter().flat_map(|phase| &phase.project.loads);
    loads.filter(|load| load.key == "machine.copy").filter_map(|load| load.time.as_ref()).map(|time| time.p50_s).sum()
}

#[test]
fn more_data_never_shortens_a_copy() {
    let of = |gib: u64| {
        read(&format!(
            "segue: 1\nid: A\nsystems:\n  a: {{mysql: {{url: env:A}}, facts: {{size: {gib}GiB}}}}\n  b: {{postgres: {{url: env:B}}}}\nmove: {{from: a, to: b}}\nrates: {{copy: 40MiB/s}}\n"
        ))
    };
    let times: Vec<u64> = [1, 10, 99, 1_000, 9_999].map(|gib| copying(&of(gib))).to_vec();
    assert!(times.windows(2).all(|pair| pair[0] < pair[1]), "{times:?}");
}
