//! The recipe for a change of form inside one live database: expand and contract.
//!
//! Lays out the six phases; each phase's steps are a file in `schema_change/`. Never touches an expression of the
//! user, never reads a clock. Tests: `tests/it/plan.rs` (golden plans, determinism).

mod backfill;
mod contract;
mod estimate;
mod expand;
mod layout;
mod lock;
mod verify;

use segue_model::canonical::CanonicalError;
use segue_model::finding::{Finding, Severity};
use segue_model::plan::{Execution, FORMAT_VERSION, NotPattern, Pattern, Phase, Plan, Program, Throttle};
use segue_model::reshape::{Role, Survey};
use segue_model::spec::{self, Spec};

use crate::risk::{self, Facts};
use crate::say::{finding, refuse};
use crate::{Observed, Resolved};
use layout::Layout;

/// Lays out the plan once the engine has surveyed each table change, `surveys` being in the order of
/// `resolved.tables`. `Err` holds every finding when at least one of them is critical: then there is no plan.
pub fn plan(spec: &Spec, observed: &Observed, resolved: Resolved, surveys: Vec<Survey>, segue_version: &str) -> Result<Plan, Vec<Finding>> {
    let mut resolved = resolved;
    let mut findings = std::mem::take(&mut resolved.findings);
    if surveys.len() != resolved.tables.len() {
        let message = format!("{} tables change, {} were surveyed", resolved.tables.len(), surveys.len());
        findings.push(refuse(28, "plan", message, "This is a defect of Segue: please report it."));
        return Err(findings);
    }
    let throttle = throttle(spec);
    for (change, survey) in resolved.tables.iter_mut().zip(&surveys) {
        change.carries.clone_from(&survey.carries);
        findings.extend(survey_findings(&change.table.to_string(), survey, &throttle));
    }
    if findings.iter().any(|finding| finding.severity == Severity::Critical) {
        return Err(findings);
    }
    let facts = facts(&resolved, &surveys, &findings, &throttle);
    let (level, reasons) = risk::of_plan(&facts);
    for (level, reason) in &reasons {
        findings.push(finding(25, Severity::Info, format!("risk {}", level.word()), reason.as_str(), ""));
    }
    let layout = Layout::new(spec, observed, &resolved, &surveys, &throttle);
    let phases = phases(&layout, &facts);
    let execution = match execution(spec, observed, &resolved, throttle.clone()) {
        Ok(execution) => execution,
        Err(error) => {
            findings.push(no_digest(&error));
            return Err(findings);
        }
    };
    let plan = Plan {
        format_version: FORMAT_VERSION,
        segue: segue_version.to_owned(),
        digest: String::new(),
        id: spec.id.clone(),
        name: spec.name.clone(),
        kinds: vec!["schema".to_owned()],
        pattern: pattern(),
        risk: level.word().to_owned(),
        pause_ms: facts.pause_ms,
        rollback: "automated".to_owned(),
        phases,
        findings,
        not_checked: not_checked(&layout),
        program: Program::default(),
        execution,
    };
    plan.sealed().map_err(|error| vec![no_digest(&error)])
}

fn no_digest(error: &CanonicalError) -> Finding {
    refuse(28, "plan", format!("it has no digest: {error}"), "This is a defect of Segue: please report it.")
}

/// Limits on what a run may cost others: the spec's, with the defaults of `segue.yaml` filled in.
pub fn throttle(spec: &Spec) -> Throttle {
    let defaults = Throttle::default();
    let wish = &spec.throttle;
    Throttle {
        max_replication_lag_ms: wish.max_replication_lag.map_or(defaults.max_replication_lag_ms, |ms| ms.0),
        max_load: wish.max_load.clone(),
        batch_target_ms: wish.batch_target.map_or(defaults.batch_target_ms, |ms| ms.0),
        ddl_lock_timeout_ms: wish.ddl_lock_timeout.map_or(defaults.ddl_lock_timeout_ms, |ms| ms.0),
        max_wal_bytes: wish.max_wal.map_or(defaults.max_wal_bytes, |bytes| bytes.0),
        downtime_ms: spec.limits.downtime.map_or(0, |ms| ms.0),
    }
}

/// What the engine found, its limits, and a pause that the spec does not allow.
fn survey_findings(table: &str, survey: &Survey, throttle: &Throttle) -> Vec<Finding> {
    let object = format!("table {table}");
    let mut out = survey.findings.clone();
    let stopped = out.iter().any(|finding| finding.severity == Severity::Critical);
    // A pause no longer than a lock wait that the spec allows anyway is no downtime.
    let allowed = throttle.downtime_ms.max(throttle.ddl_lock_timeout_ms);
    if survey.pause_ms > allowed && !stopped {
        let message = format!(
            "writers would stop for about {} ms at contract; {allowed} ms are allowed, the longer of `limits.downtime` and `throttle.ddl_lock_timeout`",
            survey.pause_ms
        );
        let fix = format!("Set `limits.downtime` to at least {} ms, or leave out what needs the table rebuilt.", survey.pause_ms);
        out.push(refuse(26, object.clone(), message, fix));
    }
    let prefix = format!("{table}: ");
    let notes = survey.notes.iter().map(|note| note.strip_prefix(&prefix).unwrap_or(note));
    out.extend(notes.map(|note| finding(24, Severity::Info, object.clone(), note, "")));
    out
}

fn facts(resolved: &Resolved, surveys: &[Survey], findings: &[Finding], throttle: &Throttle) -> Facts {
    let changes = || resolved.tables.iter().zip(surveys);
    let gone = |role: &Role| matches!(role, Role::Dropped);
    Facts {
        backfill_rows: changes().filter(|(change, _)| change.backfill).map(|(_, survey)| survey.rows).max(),
        contracted: changes().filter(|(change, _)| !(change.up.is_empty() && change.down.is_empty())).count(),
        dropped: changes().flat_map(|(change, _)| &change.down).filter(|derived| gone(&derived.role)).count()
            + resolved.dropped_indexes.len(),
        dropped_tables: resolved.dropped_tables.len(),
        pause_ms: surveys.iter().map(|survey| survey.pause_ms).max().unwrap_or(0),
        lock_wait_ms: throttle.ddl_lock_timeout_ms,
        worst: findings.iter().map(|finding| finding.severity).max(),
    }
}

/// The phases that have steps, in their order, with unique step ids.
fn phases(layout: &Layout<'_>, facts: &Facts) -> Vec<Phase> {
    let mut phases =
        vec![expand::prepare(layout), expand::expand(layout), backfill::whole(layout), verify::verify(layout), verify::shift(layout)];
    phases.retain(|phase| !phase.steps.is_empty() || !phase.gates.is_empty());
    let last = phases.last().map_or_else(String::new, |phase| phase.name.clone());
    phases.push(contract::whole(layout, &last));
    for phase in &mut phases {
        risk::of_phase(&phase.name, facts).word().clone_into(&mut phase.risk);
    }
    let mut seen = std::collections::BTreeSet::new();
    for step in phases.iter_mut().flat_map(|phase| &mut phase.steps) {
        let base = step.id.clone();
        let mut number = 2;
        while !seen.insert(step.id.clone()) {
            step.id = format!("{base}~{number}");
            number += 1;
        }
    }
    phases
}

fn pattern() -> Pattern {
    let not = |name: &str, why: &str| NotPattern { name: name.to_owned(), why: why.to_owned() };
    Pattern {
        name: "expand-contract".to_owned(),
        why: "both versions of the application must work while they are exchanged, and going back must lose nothing".to_owned(),
        not: vec![
            not(
                "big-bang",
                "one ALTER stops writers for as long as it rewrites and scans, breaks the old version at once, and has no way back that keeps new writes",
            ),
            not("blue-green", "a second database needs twice the space and a stream both ways for a change that one database can hold"),
        ],
    }
}

fn not_checked(layout: &Layout<'_>) -> Vec<String> {
    let mut out = vec!["The application's statements: whether both versions name their columns in INSERT, COPY and SELECT.".to_owned()];
    let mut unmeasured: Vec<String> = Vec::new();
    for index in &layout.resolved.indexes {
        let new = layout.resolved.new_tables.iter().any(|table| table.table == index.table);
        let name = index.table.to_string();
        if !new && layout.survey(&index.table).is_none() && !unmeasured.contains(&name) {
            unmeasured.push(name);
        }
    }
    out.extend(unmeasured.into_iter().map(|name| format!("The size of {name}: only an index is built on it.")));
    out
}

fn execution(spec: &Spec, observed: &Observed, resolved: &Resolved, throttle: Throttle) -> Result<Execution, CanonicalError> {
    Ok(Execution {
        system: spec.schema.as_ref().map(|schema| schema.system.clone()).unwrap_or_default(),
        engine: observed.engine.clone(),
        location: observed.location.clone(),
        tag: spec.tag(),
        spec_digest: spec::digest(spec)?,
        tables: resolved.tables.clone(),
        new_tables: resolved.new_tables.clone(),
        catalog: observed.catalog.clone(),
        throttle,
        checks: spec.checks.iter().map(|(name, check)| (name.clone(), check.sql.clone())).collect(),
        owners: spec.owners.clone(),
    })
}
