//! What `explain` says of each kind of id, and that it never guesses.

use segue_model::plan::program::Sourced;
use segue_model::plan::{NotPattern, Pattern, Plan};
use segue_model::spec::program::Money;
use segue_planner::estimate::{Model, estimate};
use segue_planner::explain::explain;
use segue_planner::register::register;

use crate::estimate_fixture::{copy, gate, load, measured, move_spec, phase, plan};

fn explained() -> Plan {
    let mut copying = phase("copy", &[], vec![copy("copy/orders", &[("bytes", 62 << 30), ("indexes", 1), ("columns", 10)])]);
    copying.gates.push(gate("copy/mismatches", "mismatches"));
    let mut shift = phase("shift", &["copy"], vec![load("shift", "lead", "people.cutover", 2)]);
    shift.gates.push(gate("shift/lag", "lag"));
    let mut plan = plan(vec![copying, shift]);
    let not = NotPattern { name: "big-bang".to_owned(), why: "writers would stop".to_owned() };
    plan.pattern = Pattern { name: "cdc".to_owned(), why: "no downtime is allowed".to_owned(), not: vec![not] };
    plan.program.figures.insert("ladder".to_owned(), Sourced { value: "1%, 100%".to_owned(), from: "profile doc003".to_owned() });
    let mut spec = move_spec();
    spec.program.team.rates.insert("lead".to_owned(), 9_000);
    spec.program.budget = Some(Money { hundredths: 999_900, currency: "EUR".to_owned() });
    estimate(&mut plan, &spec, Some(&measured()), &Model::builtin(), None);
    register(&mut plan, &spec, None);
    plan
}

#[track_caller]
fn says(plan: &Plan, id: &str, parts: &[&str]) {
    let text = explain(plan, &Model::builtin(), id).unwrap_or_else(|| panic!("nothing about {id}"));
    for part in parts {
        assert!(text.contains(part), "{id}: `{part}` is not in:\n{text}");
    }
}

#[test]
fn every_kind_of_number_has_its_derivation() {
    let plan = explained();
    says(&plan, "estimate copy/orders", &["62 GiB / 50 MiB/s", "× 1.49 (1 index) × 1.04 (10 columns) =", "measured old → new"]);
    says(&plan, "copy/orders", &["machine.copy"]);
    says(&plan, "estimate shift", &["starts P5", "people.cutover of `shift` by lead", "2 × 2 h (1 h to 4 h)"]);
    says(&plan, "R1", &["RPN", "severity 9", "detection 2: gate `copy/mismatches`", "evidence: rows are written in: `copy`"]);
    says(&plan, "RISK-001", &["R1 (technical"]);
    says(&plan, "risk r1", &["R1 (technical"]);
    says(&plan, "gate copy/mismatches", &["of phase copy, before what comes after it", "from: the test", "lowers the detection of", "R1"]);
    says(&plan, "gate shift.lag", &["gate shift/lag of phase shift"]);
    says(&plan, "pattern", &["cdc: no downtime is allowed", "not big-bang: writers would stop"]);
    says(&plan, "figure ladder", &["ladder: 1%, 100%", "from: profile doc003"]);
    says(&plan, "duration", &["P50", "copy: ends P50", "segue-1", "docs/model.md", "driver"]);
    says(&plan, "effort", &["shift: 4 h (1 pieces of work)"]);
    says(&plan, "cost", &["EUR", "lead 90.00 EUR/h"]);
    says(&plan, "driver", &["driver copy/orders:", "% of the variance of the end"]);
    says(&plan, "risk", &["risk: ", "critical from RPN 300, high from 150, medium from 60"]);
}

#[test]
fn what_is_not_there_is_not_explained() {
    let plan = explained();
    for id in [
        "",
        "R999",
        "RISK-999",
        "RISK-x",
        "estimate",
        "estimate nowhere",
        "gate shift/nothing",
        "gate copy",
        "figure x",
        "driver nobody",
        "banana",
        "banana split",
    ] {
        assert_eq!(explain(&plan, &Model::builtin(), id), None, "{id}");
    }
    let empty = Plan::default();
    assert_eq!(explain(&empty, &Model::builtin(), "driver"), None);
    let unknown = explain(&empty, &Model::builtin(), "duration").expect("it says so");
    assert!(unknown.contains("not known"), "{unknown}");
}
