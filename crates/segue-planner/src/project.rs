//! A plan for any migration: stages of pure functions, one after the other, over one plan.
//!
//! Recipes lay out the parts; parts are joined into one graph; the spec's wishes change it; then come checklists, words,
//! triggers, risks, times and the question whether the plan can be. An executable change of form keeps its phases,
//! steps and gates as they are: a run depends on them. Tests: `tests/it/project_*.rs`.

use segue_model::assessment::Assessment;
use segue_model::finding::{Finding, Severity};
use segue_model::plan::program::{Program, Rehearsal, Sourced};
use segue_model::plan::{Execution, FORMAT_VERSION, Plan};
use segue_model::spec::Spec;
use segue_model::spec::program::{Date, Dependency};

use crate::estimate::Model;
use crate::recipe::draft::Draft;
use crate::recipe::{self, ground::Ground};
use crate::{checklist, comms, estimate, join, possible, profile, register, rehearsed, say, stated, trigger, wishes};

/// What a plan is made from.
#[derive(Debug)]
pub struct Input<'a> {
    /// What is wanted.
    pub spec: &'a Spec,
    /// What was observed.
    pub assessment: Option<&'a Assessment>,
    /// The part that Segue runs by itself, made by [`crate::plan`].
    pub schema: Option<Plan>,
    /// The estimation model.
    pub model: &'a Model,
    /// The day on which it is planned.
    pub today: Option<Date>,
    /// The version of Segue.
    pub version: &'a str,
    /// What the caller read of files that the spec names.
    pub documents: Documents,
    /// What the readers of the spec and of its files noted.
    pub notes: Vec<Finding>,
    /// The last rehearsal of the same changes.
    pub rehearsal: Option<Rehearsal>,
}

/// What the caller read of files that the spec names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Documents {
    /// Files that are there, by the spec's own path.
    pub there: std::collections::BTreeSet<String>,
    /// Files that are not.
    pub missing: std::collections::BTreeSet<String>,
}

/// Plans. `Err` holds every finding when at least one of them is critical: then there is no plan.
pub fn project(input: &Input<'_>) -> Result<Plan, Vec<Finding>> {
    let ground =
        Ground { spec: input.spec, assessment: input.assessment, profile: profile::of_spec(input.spec), schema: input.schema.as_ref() };
    let mut plan = match (&input.schema, input.spec.is_schema_only()) {
        (Some(schema), true) => executable(&ground, schema),
        _ => drawn(&ground, input)?,
    };
    common(&mut plan, &ground, input);
    rehearsed::into_plan(&mut plan, input.rehearsal.as_ref());
    let mut findings = wishes::apply(&mut plan, input.spec);
    findings.extend(input.notes.iter().cloned());
    findings.extend(missing(&input.documents));
    contracts(&mut plan, input);
    findings.extend(possible::order(&plan));
    if findings.iter().any(|finding| finding.severity == Severity::Critical) {
        // Times and risks of a plan that has no order mean nothing.
        plan.findings.extend(findings);
        return Err(say::sorted(plan.findings));
    }
    if !plan.runs() {
        possible::sort(&mut plan);
    }
    trigger::triggers(&mut plan, input.spec);
    if !plan.runs() {
        possible::looked_at_by_people(&mut plan, input.spec);
    }
    // Who is told decides what is ticked; once more below, because when they are told depends on the dates.
    comms::comms(&mut plan, input.spec);
    checklist::checklists(&mut plan, input.spec, input.assessment);
    findings.extend(estimate::estimate(&mut plan, input.spec, input.assessment, input.model, input.today));
    findings.extend(register::register_with(&mut plan, input.spec, input.assessment, input.model));
    findings.extend(comms::comms(&mut plan, input.spec));
    findings.extend(possible::limits(&plan, input.spec));
    plan.findings.extend(findings);
    plan.findings = say::sorted(plan.findings);
    plan.program.needed.retain(|row| !stated::is_stated(input.spec, &row.spec_key));
    plan.program.needed.sort();
    plan.program.needed.dedup();
    // What is ticked depends on what is still needed.
    checklist::checklists(&mut plan, input.spec, input.assessment);
    if plan.findings.iter().any(|finding| finding.severity == Severity::Critical) {
        return Err(plan.findings);
    }
    plan.sealed().map_err(|error| {
        vec![say::refuse(28, "plan", format!("it has no digest: {error}"), "This is a defect of Segue: please report it.")]
    })
}

/// A change of form that Segue runs: its phases as they are, with what people read around them.
fn executable(ground: &Ground<'_>, schema: &Plan) -> Plan {
    let mut plan = schema.clone();
    recipe::around_schema::describe(ground, &mut plan);
    plan
}

/// Everything else: parts by their recipes, joined.
fn drawn(ground: &Ground<'_>, input: &Input<'_>) -> Result<Plan, Vec<Finding>> {
    let mut parts: Vec<Draft> = recipe::parts(ground)?;
    if parts.is_empty() {
        return Err(vec![say::refuse(
            30,
            "spec",
            "nothing in it says what shall be migrated",
            "Write `move`, `schema`, `code`, `api`, `service`, `auth` or `infra`.",
        )]);
    }
    for part in &mut parts {
        for phase in &mut part.phases {
            part.kind.clone_into(&mut phase.project.part);
        }
    }
    let downtime = parts.iter().filter_map(|part| part.downtime.clone()).max();
    let joined = join::join(parts);
    Ok(Plan {
        format_version: FORMAT_VERSION,
        segue: input.version.to_owned(),
        id: input.spec.id.clone(),
        name: input.spec.name.clone(),
        kinds: joined.kinds,
        pattern: joined.pattern,
        risk: "low".to_owned(),
        pause_ms: downtime.as_ref().map_or(0, |(ms, _)| *ms),
        rollback: joined.rollback,
        phases: joined.phases,
        findings: joined.findings,
        not_checked: joined.not_checked,
        program: Program {
            overview: joined.overview,
            needed: joined.needed,
            figures: joined.figures,
            downtime: downtime.map(|(ms, from)| Sourced { value: segue_model::units::Millis(ms).to_string(), from }),
            ..Program::default()
        },
        execution: Execution::default(),
        ..Plan::default()
    })
}

/// What every plan says of itself.
fn common(plan: &mut Plan, ground: &Ground<'_>, input: &Input<'_>) {
    let spec = input.spec;
    let program = &mut plan.program;
    program.why.clone_from(&spec.why);
    ground.profile.name.clone_into(&mut program.profile);
    program.start = spec.program.start;
    program.owners.clone_from(&spec.owners);
    program.dependencies = dependencies(spec);
    if let Some(assessment) = input.assessment {
        for object in &assessment.objects {
            *program.verdicts.entry(say::verdict(object.verdict).to_owned()).or_default() += 1;
        }
        plan.not_checked.extend(assessment.not_checked.iter().cloned());
        plan.findings.extend(assessment.findings.iter().cloned());
    }
    if spec.owners.is_empty() && !plan.runs() {
        plan.program.needed.push(recipe::ground::need(
            "who leads the migration and who answers for the databases",
            "owners",
            &["rollback"],
        ));
    }
}

fn dependencies(spec: &Spec) -> Vec<Dependency> {
    let mut all: Vec<Dependency> = spec.program.about.values().flat_map(|about| about.dependencies.iter().cloned()).collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all.dedup();
    all
}

/// A contract that is not there was compared with nothing: what breaks between the two is not known.
fn contracts(plan: &mut Plan, input: &Input<'_>) {
    let Some(api) = &input.spec.program.api else { return };
    let named = [("api.old", &api.old), ("api.new", &api.new)];
    let absent: Vec<(&str, &String)> = named.into_iter().filter(|(_, path)| input.documents.missing.contains(*path)).collect();
    let Some(phase) = plan.phases.iter_mut().find(|phase| phase.project.part == "api" && phase.name.ends_with("both")) else { return };
    for (key, path) in &absent {
        plan.not_checked.push(format!("what breaks between {} and {}: {path} is not there", api.old, api.new));
        let what = format!("{path}: without it nobody knows what the new contract breaks");
        plan.program.needed.push(recipe::ground::need(what, *key, &[&phase.name, "estimate"]));
    }
    if !absent.is_empty() {
        let owner = phase.project.owner.clone();
        let draft = recipe::build::PhaseDraft(std::mem::take(phase));
        *phase = draft.uncounted("Adapt what the new contract breaks", &owner, "the contracts were not compared: see what is needed").0;
    }
}

fn missing(documents: &Documents) -> Vec<Finding> {
    let say = |path: &String| {
        say::finding(
            31,
            Severity::Medium,
            path.clone(),
            "the spec names this file, and it is not there",
            "Put it there, or correct the path in the spec.",
        )
    };
    documents.missing.iter().map(say).collect()
}
