//! From a spec to a plan: connects, observes, asks the engine what stands in the way, and lets the planner decide.
//!
//! Read-only for the user's data. The planner itself is pure; everything it must know is gathered here.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use segue_engine::Engine;
use segue_model::assessment::MeasuredRate;
use segue_model::catalog;
use segue_model::finding::{Finding, Severity};
use segue_model::ident::TableName;
use segue_model::plan::Plan;
use segue_model::problem::Problem;
use segue_model::secret::Reference;
use segue_planner::{Observed, PlanCapabilities};

use crate::cli::Global;
use crate::connect;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::inputs::Inputs;
use crate::observe::{self, Bounds};
use crate::specfile::SpecFile;
use crate::{rehearsal, runs};

/// The engine of the spec's schema change.
pub(crate) fn engine(file: &SpecFile) -> Result<Arc<dyn Engine>, Failure> {
    let Some((_, system)) = file.spec.schema_system() else { return Err(no_schema()) };
    let (name, location) = connect::place(system);
    connect::open(name, location, &file.base)
}

/// The spec holds no change of form that Segue runs.
pub(crate) fn no_schema() -> Failure {
    Failure::new(
        Exit::Usage,
        Problem::new("SG-CLI-067", "this spec has no `schema` part that Segue runs by itself")
            .safe("nothing was touched")
            .help("segue plan shows its plan; segue runbook shows how each step is done"),
    )
}

/// The engine of a plan; relative paths start at `base`.
pub(crate) fn engine_of(plan: &Plan, base: &Path) -> Result<Arc<dyn Engine>, Failure> {
    connect::open(&plan.execution.engine, &plan.execution.location, base)
}

/// Plans a whole spec: what Segue runs itself on a live system, everything else from what is stated or observed.
pub(crate) async fn project(file: &SpecFile, inputs: &Inputs, global: &Global) -> Result<Plan, Failure> {
    let spec = &file.spec;
    let (model, today) = (inputs.model()?, inputs.today());
    let given = inputs.assessment()?;
    let rates = given.as_ref().map_or(&[][..], |assessment| &assessment.rates);
    let schema = if spec.changes().is_empty() || inputs.offline { None } else { Some(plan(file, engine(file)?.as_ref(), rates).await?) };
    let assessment = match given {
        None if !spec.is_schema_only() => {
            Some(observe::spec(file, Bounds { offline: inputs.offline, insist: false, probe: false, today }).await?)
        }
        given => given,
    };
    let input = segue_planner::Input {
        spec,
        assessment: assessment.as_ref(),
        schema,
        model: &model,
        today: Some(today),
        version: crate::VERSION,
        documents: documents(file),
        notes: file.notes.iter().cloned().chain(traps(file)).collect(),
        rehearsal: rehearsal::latest(&global.state_dir, &runs::spec_digest(spec)?),
    };
    segue_planner::project(&input).map_err(|findings| impossible(&findings))
}

/// Patterns in the user's own SQL that are known to lose rows or to prove nothing.
fn traps(file: &SpecFile) -> Vec<Finding> {
    let mut found = Vec::new();
    for (name, check) in &file.spec.checks {
        found.extend(segue_report::trap::find(&check.sql, segue_report::trap::Language::Sql, &format!("checks.{name}")));
    }
    for path in file.spec.program.schema_sql.iter().chain(&file.spec.program.schema_desired) {
        if let Ok(text) = std::fs::read_to_string(file.base.join(path)) {
            found.extend(segue_report::trap::find(&text, segue_report::trap::Language::Sql, path));
        }
    }
    found
}

/// Which of the files that the spec names are there.
fn documents(file: &SpecFile) -> segue_planner::Documents {
    let program = &file.spec.program;
    let api = program.api.iter().flat_map(|api| [&api.old, &api.new]);
    let templates = program.comms.values().filter_map(|wish| wish.template.as_ref());
    let named = api.chain(templates).chain(&program.schema_sql).chain(&program.schema_desired).filter(|path| !path.is_empty());
    let mut documents = segue_planner::Documents::default();
    for path in named {
        let set = if file.base.join(path).exists() { &mut documents.there } else { &mut documents.missing };
        set.insert(path.clone());
    }
    documents
}

/// Plans a change of form on a live system, with the rates that were measured.
pub(crate) async fn plan(file: &SpecFile, engine: &dyn Engine, rates: &[MeasuredRate]) -> Result<Plan, Failure> {
    let spec = &file.spec;
    let observed = Observed { rates: rates.to_vec(), ..observe(file, engine).await? };
    let (resolved, mut findings) = segue_planner::resolve(spec, &observed);
    if findings.iter().any(|finding| finding.code == NO_SUCH_TABLE) {
        suggest(&mut findings, &engine.tables().await?);
    }
    refuse(&findings)?;
    refuse(&engine.reshape().survey_made(&resolved.new_tables, &resolved.indexes, &resolved.tables).await?)?;
    let mut surveys = Vec::new();
    let throttle = segue_planner::throttle(spec);
    for change in &resolved.tables {
        surveys.push(engine.reshape().survey(change, &throttle).await?);
    }
    segue_planner::plan(spec, &observed, resolved, surveys, crate::VERSION).map_err(|findings| impossible(&findings))
}

/// The planner's code for a table that is not there.
const NO_SUCH_TABLE: &str = "SG-PLAN-001";

/// Adds the nearest table that is there to each finding about one that is not.
fn suggest(findings: &mut [Finding], tables: &[TableName]) {
    for finding in findings.iter_mut().filter(|finding| finding.code == NO_SUCH_TABLE && !finding.fix.contains("Did you mean")) {
        let wanted = finding.object.strip_prefix("table ").unwrap_or(&finding.object).to_owned();
        let name = wanted.rsplit('.').next().unwrap_or(&wanted);
        let near = tables.iter().map(|table| (strsim::damerau_levenshtein(&table.name, name), table)).min();
        if let Some((distance, table)) = near
            && distance <= name.chars().count().div_ceil(3)
        {
            finding.fix = format!("Did you mean `{table}`? {}", finding.fix);
        }
    }
}

async fn observe(file: &SpecFile, engine: &dyn Engine) -> Result<Observed, Failure> {
    let spec = &file.spec;
    let facts = engine.facts().await?;
    let mut names = BTreeMap::new();
    let mut tables: Vec<TableName> = Vec::new();
    for written in segue_planner::touched(spec) {
        let resolved = engine.resolve(&written).await?;
        names.insert(written.to_string(), resolved.clone());
        tables.push(resolved);
    }
    let mut index_tables = BTreeMap::new();
    for written in segue_planner::touched_indexes(spec) {
        if let Some(table) = engine.index_table(&written).await? {
            index_tables.insert(written.to_string(), table.clone());
            tables.push(table);
        }
    }
    tables.sort();
    tables.dedup();
    let capabilities = engine.capabilities();
    let Some((_, system)) = spec.schema_system() else { return Err(no_schema()) };
    let (_, location) = connect::place(system);
    Ok(Observed {
        engine: facts.engine.to_owned(),
        version: facts.version,
        names,
        index_tables,
        catalog: engine.catalog(&tables).await?,
        capabilities: PlanCapabilities {
            version_schemas: capabilities.version_schemas,
            concurrent_index: capabilities.concurrent_index,
            online_constraints: capabilities.online_constraints,
        },
        location: from_here(location, &file.base),
        rates: Vec::new(),
    })
}

/// A location that means the same from the folder where the command runs as it did from the spec's folder.
fn from_here(location: &Reference, base: &Path) -> Reference {
    let joined = |path: &str| base.join(path).to_string_lossy().into_owned();
    match location {
        _ if base == Path::new(".") => location.clone(),
        Reference::Plain(path) if !path.contains("://") => Reference::Plain(joined(path)),
        Reference::File(path) => Reference::File(joined(path)),
        other => other.clone(),
    }
}

/// Compares the catalog now with the one that the plan was made on: exit 8 and what moved.
pub(crate) async fn still_fits(plan: &Plan, engine: &dyn Engine) -> Result<(), Failure> {
    let mut tables: Vec<TableName> = plan.execution.catalog.tables.iter().map(|table| table.name.clone()).collect();
    for created in &plan.execution.new_tables {
        tables.push(created.table.clone());
    }
    tables.sort();
    tables.dedup();
    let now = engine.catalog(&tables).await?;
    let moved = catalog::differences(&plan.execution.catalog, &now);
    if moved.is_empty() {
        return Ok(());
    }
    let problems = moved
        .iter()
        .map(|what| {
            Problem::new("SG-CLI-030", format!("the plan is stale: {what}"))
                .safe("nothing was touched")
                .help("plan again: segue plan -o plan.segue")
        })
        .collect();
    Err(Failure { exit: Exit::Stale, problems, text: None })
}

fn refuse(findings: &[Finding]) -> Result<(), Failure> {
    if findings.iter().any(|finding| finding.severity == Severity::Critical) { Err(impossible(findings)) } else { Ok(()) }
}

/// A plan that cannot be: every reason, exit 3, no plan.
fn impossible(findings: &[Finding]) -> Failure {
    // The planner and the engine may find the same thing: it is said once.
    let mut seen = std::collections::BTreeSet::new();
    let problems = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Critical)
        .filter(|finding| seen.insert((finding.code.clone(), finding.object.clone(), finding.message.clone())))
        .map(|finding| {
            let message =
                if finding.object.is_empty() { finding.message.clone() } else { format!("{}: {}", finding.object, finding.message) };
            Problem::new(&finding.code, message).safe("nothing was touched; no plan was made").help(finding.fix.clone())
        })
        .collect();
    Failure { exit: Exit::Findings, problems, text: None }
}
