//! Compliance risks: regimes that the spec names, where data lies, who can prove what (F040, F061).
//!
//! Tests: `tests/it/register_rules.rs`.

use super::facts::{Facts, some};
use super::rule::{Hit, Rule, Watch, hit};

pub(super) const RULES: &[Rule] = &[
    Rule { number: 49, category: "compliance", about: regimes },
    Rule { number: 52, category: "compliance", about: residency },
    Rule { number: 53, category: "compliance", about: audit_trail },
];

const SIGNED: Watch =
    Watch { metrics: &[], data: false, steps: false, approvals: true, named: &[], advice: "an approval by whoever answers for compliance" };

fn regimes(facts: &Facts<'_>) -> Option<Hit> {
    let regimes = &facts.spec.program.compliance;
    if regimes.is_empty() {
        return None;
    }
    let evidence = format!("compliance: {}", some(regimes.iter().map(String::as_str)));
    Some(
        hit("the migration breaks a rule that the business is bound to", evidence)
            .severity(8, "fines, and a stop by an authority")
            .occurrence(
                if facts.runs { 2 } else { 3 },
                if facts.runs { "data stays in one system" } else { "data, access or processors change" },
            )
            .watch(SIGNED)
            .eased(facts.task(&["people.compliance"]), 2)
            .advice("a review for each regime before the first phase")
            .then("a question that the review did not answer", "do not start the next phase")
            .owner(facts.role("compliance")),
    )
}

fn residency(facts: &Facts<'_>) -> Option<Hit> {
    let infra = facts.spec.program.infra.as_ref()?;
    let regions = |place: &str| place.split_once('/').map(|(_, region)| region.to_owned());
    let (from, to) = (regions(&infra.from), regions(&infra.to));
    let bound = facts.spec.program.compliance.iter().any(|regime| matches!(regime.as_str(), "gdpr" | "hipaa" | "pci-dss"));
    if from == to || to.is_none() || !bound {
        return None;
    }
    Some(
        hit("personal data lies in a country where it may not", format!("{} → {}", infra.from, infra.to))
            .severity(9, "GDPR chapter V and its like")
            .occurrence(3, "the region changes, and so do back-ups and logs")
            .watch(SIGNED)
            .eased(facts.task(&["people.compliance"]), 1)
            .advice("a written answer on where data, back-ups and logs lie")
            .then("a copy in a region that nobody allowed", "delete it there, and tell whoever answers for it")
            .owner(facts.role("compliance"))
            .within(facts.writing()),
    )
}

fn audit_trail(facts: &Facts<'_>) -> Option<Hit> {
    let bound = facts.spec.program.compliance.iter().any(|regime| matches!(regime.as_str(), "sox" | "hipaa" | "pci-dss" | "iso27001"));
    let drops = facts.plan.execution.tables.iter().any(|change| !change.down.is_empty()) || !facts.finals().is_empty();
    if !bound || !drops {
        return None;
    }
    Some(
        hit(
            "records that must be kept go with the old side",
            format!("no way back after {}", some(facts.finals().iter().map(String::as_str))),
        )
        .severity(8, "a duty to keep records for years")
        .occurrence(3, "audit tables and logs are often left out of a copy")
        .watch(SIGNED)
        .eased(facts.step(&["archive"]).map(|step| format!("step `{}`", step.id)), 1)
        .advice("an archive of the old side with its retention written down")
        .then("an auditor asks for a record", "none: the archive is the answer")
        .owner(facts.role("compliance"))
        .within(facts.finals()),
    )
}
