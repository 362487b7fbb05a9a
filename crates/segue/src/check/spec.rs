//! `--spec`: the journey that a check writes, of those changes alone that Segue takes.
//!
//! Who would refuse a change later is asked now: the planner, over the old side's tables as they were read, and with a live
//! database its engine too, which only looks. Must never write what was refused, nor leave a change out without its name.
//! Tests: `tests/check/specs.rs`, `tests/sql_oracle/journeys.rs`.

use std::collections::BTreeMap;
use std::path::Path;

use segue_compat::sql::Dialect;
use segue_model::catalog::{Catalog, Table};
use segue_model::check::CheckStep;
use segue_model::finding::Severity;
use segue_model::ident::TableName;
use segue_model::secret::Reference;
use segue_model::spec::Spec;
use segue_planner::{Observed, PlanCapabilities};

use super::database;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::specfile::SpecFile;
use crate::{connect, planning, runs};

/// What is known of the database that the journey is for, when its changes begin.
pub(crate) struct Ground {
    /// Its tables.
    pub(crate) catalog: Catalog,
    /// The server's version: 150004 on PostgreSQL 15.
    pub(crate) version: Option<u32>,
}

/// A journey to be written.
pub(crate) struct Journey<'a> {
    /// The dialect: PostgreSQL's or SQLite's.
    pub(crate) dialect: Dialect,
    /// Where the database is, as the spec says it.
    pub(crate) place: &'a str,
    /// Its tables, when somebody named them.
    pub(crate) ground: Option<&'a Ground>,
    /// The argument that named it, when it is live.
    pub(crate) live: Option<&'a str>,
}

impl Journey<'_> {
    /// The spec of these steps.
    pub(crate) fn text(&self, steps: &[CheckStep]) -> String {
        let system = if self.dialect == Dialect::Sqlite { "sqlite" } else { "postgres" };
        segue_compat::sql::steps::spec_yaml(steps, system, self.place)
    }

    /// The steps, those that would be refused without their changes and with the reason.
    pub(crate) fn settled(&self, mut steps: Vec<CheckStep>) -> Result<Vec<CheckStep>, Failure> {
        loop {
            let runs: Vec<usize> = (0..steps.len()).filter(|at| steps[*at].change.is_some()).collect();
            let Some(mut why) = self.refused(&steps, &runs)? else { return Ok(steps) };
            // Of the changes from the first on, the fewest that are refused end with the one that is.
            let (mut taken, mut refused) = (0, runs.len());
            while refused - taken > 1 {
                let middle = usize::midpoint(taken, refused);
                match self.refused(&steps, &runs[..middle])? {
                    Some(reason) => (refused, why) = (middle, reason),
                    None => taken = middle,
                }
            }
            let Some(step) = runs.get(taken).and_then(|at| steps.get_mut(*at)) else { return Ok(steps) };
            step.change = None;
            "manual".clone_into(&mut step.by);
            step.what = why;
        }
    }

    /// Why Segue would not take these changes.
    fn refused(&self, steps: &[CheckStep], runs: &[usize]) -> Result<Option<String>, Failure> {
        if runs.is_empty() {
            return Ok(None);
        }
        let wanted: Vec<CheckStep> = runs.iter().map(|at| steps[*at].clone()).collect();
        let spec = match segue_model::spec::read(&self.text(&wanted), "segue.yaml") {
            Ok(spec) => spec,
            Err(problems) => return Ok(Some(problems.first().map_or_else(String::new, |problem| problem.message.clone()))),
        };
        match (self.live, self.ground) {
            (Some(argument), _) => refused_there(argument, spec),
            (None, Some(ground)) => Ok(refused_by_planner(&spec, ground, self.dialect)),
            (None, None) => Ok(None),
        }
    }
}

/// What stops a plan on the database itself.
fn refused_there(argument: &str, spec: Spec) -> Result<Option<String>, Failure> {
    let (system, _) = database::system(argument)?;
    let (name, location) = connect::place(&system);
    let engine = connect::open(name, location, Path::new("."))?;
    let file = SpecFile { spec, base: ".".into(), notes: Vec::new() };
    let planned = runs::block_on(async {
        match planning::plan(&file, engine.as_ref(), &[]).await {
            Ok(_) => Ok(None),
            Err(failure) if failure.exit == Exit::Findings => Ok(Some(failure)),
            Err(failure) => Err(failure),
        }
    })?;
    let why = |problem: &segue_model::problem::Problem| format!("{} ({})", problem.message, problem.code);
    Ok(planned.map(|failure| failure.problems.first().map_or_else(String::new, why)))
}

/// What stops a plan over the tables as they were read.
fn refused_by_planner(spec: &Spec, ground: &Ground, dialect: Dialect) -> Option<String> {
    let (_, findings) = segue_planner::resolve(spec, &observed(spec, ground, dialect));
    let first = findings.iter().find(|finding| finding.severity == Severity::Critical)?;
    Some(format!("{}: {} ({})", first.object, first.message, first.code))
}

/// The tables as an engine would have observed them.
fn observed(spec: &Spec, ground: &Ground, dialect: Dialect) -> Observed {
    let postgres = dialect == Dialect::Postgres;
    let full = |name: &TableName| {
        let found = ground.catalog.tables.iter().find(|table| is(table, name, &ground.catalog.default_schema, postgres));
        match found {
            Some(table) => table.name.clone(),
            None if name.schema.is_empty() => TableName::new(ground.catalog.default_schema.clone(), name.name.clone()),
            None => name.clone(),
        }
    };
    let of_index = |name: &TableName| {
        let holds = |table: &&Table| {
            let there = name.schema.is_empty() || name.schema == table.name.schema;
            there && table.indexes.iter().any(|index| index.name == name.name)
        };
        ground.catalog.tables.iter().find(holds).map(|table| table.name.clone())
    };
    Observed {
        engine: if postgres { "postgres" } else { "sqlite" }.to_owned(),
        version: ground.version.map_or_else(String::new, |version| if postgres { (version / 10_000).to_string() } else { String::new() }),
        names: segue_planner::touched(spec).iter().map(|name| (name.to_string(), full(name))).collect(),
        index_tables: segue_planner::touched_indexes(spec)
            .iter()
            .filter_map(|name| Some((name.to_string(), of_index(name)?)))
            .collect::<BTreeMap<_, _>>(),
        catalog: ground.catalog.clone(),
        capabilities: PlanCapabilities { version_schemas: postgres, concurrent_index: postgres, online_constraints: postgres },
        location: Reference::Env("DATABASE_URL".to_owned()),
        rates: Vec::new(),
    }
}

/// The name is that table's: a schema that is not said is the default one, and SQLite has one and folds names.
fn is(table: &Table, name: &TableName, default: &str, postgres: bool) -> bool {
    if !postgres {
        return table.name.name.eq_ignore_ascii_case(&name.name);
    }
    let schema = if name.schema.is_empty() { default } else { &name.schema };
    table.name.name == name.name && table.name.schema == schema
}
