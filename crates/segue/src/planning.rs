//! From a spec to a plan: connects, observes, asks the engine what stands in the way, and lets the planner decide.
//!
//! Read-only for the user's data. The planner itself is pure; everything it must know is gathered here.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use segue_engine::Engine;
use segue_model::catalog;
use segue_model::finding::{Finding, Severity};
use segue_model::ident::TableName;
use segue_model::plan::Plan;
use segue_model::problem::Problem;
use segue_model::secret::Reference;
use segue_planner::{Observed, PlanCapabilities};

use crate::connect;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::specfile::SpecFile;

/// The engine of the spec's schema change.
pub(crate) fn engine(file: &SpecFile) -> Result<Arc<dyn Engine>, Failure> {
    let (name, location) = connect::place(&file.spec.systems[&file.spec.schema.system]);
    connect::open(name, location, &file.base)
}

/// The engine of a plan; relative paths start at `base`.
pub(crate) fn engine_of(plan: &Plan, base: &Path) -> Result<Arc<dyn Engine>, Failure> {
    connect::open(&plan.execution.engine, &plan.execution.location, base)
}

/// Plans a spec on a live system.
pub(crate) async fn plan(file: &SpecFile, engine: &dyn Engine) -> Result<Plan, Failure> {
    let spec = &file.spec;
    let observed = observe(file, engine).await?;
    let (resolved, mut findings) = segue_planner::resolve(spec, &observed);
    if findings.iter().any(|finding| finding.code == NO_SUCH_TABLE) {
        suggest(&mut findings, &engine.tables().await?);
    }
    refuse(&findings)?;
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
    for finding in findings.iter_mut().filter(|finding| finding.code == NO_SUCH_TABLE) {
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
    let (_, location) = connect::place(&spec.systems[&spec.schema.system]);
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
