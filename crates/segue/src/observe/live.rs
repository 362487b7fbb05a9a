//! Live systems of a spec: catalog, statistics and states over read-only sessions, and rates where asked.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use segue_engine::inspect::{self, Bound, Inspect, Look};
use segue_model::assessment::Assessment;
use segue_model::ident::TableName;
use segue_model::spec::{Spec, System};
use segue_survey::Dialect;

use super::{Bounds, comparing};
use crate::failure::Failure;
use crate::specfile::SpecFile;
use crate::{connect, reference};

/// One system, opened.
struct Open<'a> {
    name: &'a str,
    engine: &'static str,
    inspect: Arc<dyn Inspect>,
}

/// Looks at every database of the spec that may be connected to.
pub(super) async fn systems(file: &SpecFile, bounds: Bounds, all: &mut Assessment) -> Result<(), Failure> {
    let spec = &file.spec;
    let mut open: Vec<Open<'_>> = Vec::new();
    for (name, system) in &spec.systems {
        let stated = spec.program.about.get(name).is_some_and(|about| about.has_facts);
        if bounds.offline || (stated && !bounds.insist) {
            let why = if bounds.offline { "--offline" } else { "its facts are stated; `segue assess` looks at it" };
            all.not_checked.push(format!("system `{name}`: not connected to ({why})"));
            continue;
        }
        open.push(Open { name, engine: connect::place(system).0, inspect: inspect_of(system, &file.base)? });
    }
    for system in &open {
        let seen = system.inspect.seen(Look::default()).await?;
        let catalog = system.inspect.catalog_all().await?;
        if let Some(to) = leads_to(spec, system.name) {
            let seen_as = if seen.system.engine.is_empty() { system.engine } else { seen.system.engine.as_str() };
            match (Dialect::of_engine(seen_as), Dialect::of_engine(to)) {
                (Some(source), Some(target)) => all.objects.extend(segue_survey::judge(system.name, &catalog.catalog, source, target)),
                _ => all.not_checked.push(format!("system `{}`: nothing is known of a move from {seen_as} to {to}", system.name)),
            }
        }
        all.systems.insert(system.name.to_owned(), seen.system);
        all.findings.extend(seen.findings);
        let named = |gap: String| format!("system `{}`: {gap}", system.name);
        all.not_checked.extend(seen.not_checked.into_iter().chain(catalog.not_checked).map(named));
    }
    if bounds.probe { probe(file, &open, all).await } else { Ok(()) }
}

/// The engine that a system's data is moved to, where that is another one.
fn leads_to<'a>(spec: &'a Spec, name: &str) -> Option<&'a str> {
    let moves = spec.program.moves.as_ref().filter(|moves| moves.from == name)?;
    spec.systems.get(&moves.to).map(|system| connect::place(system).0)
}

async fn probe(file: &SpecFile, open: &[Open<'_>], all: &mut Assessment) -> Result<(), Failure> {
    let find = |name: &str| open.iter().find(|system| system.name == name);
    let (source, target) = match &file.spec.program.moves {
        Some(moves) => (find(&moves.from), find(&moves.to)),
        None => (open.first(), None),
    };
    let Some(source) = source else {
        all.not_checked.push("rates: there is no source that may be connected to".to_owned());
        return Ok(());
    };
    let tables = all.systems.get(source.name).map(|seen| inspect::largest(seen, 3)).unwrap_or_default();
    let as_system = |system: &'_ Open<'_>| (system.name.to_owned(), Arc::clone(&system.inspect));
    let ((source_name, source_inspect), written) = (as_system(source), target.map(as_system));
    let written = written.as_ref().map(|(name, inspect)| inspect::System { name, inspect: inspect.as_ref() });
    let read = inspect::System { name: &source_name, inspect: source_inspect.as_ref() };
    let probed = inspect::probe(read, written, &tables, Bound::default()).await?;
    all.rates.extend(probed.rates);
    all.not_checked.extend(probed.not_checked);
    compare(file, (source.name, target.map(|target| target.name)), &tables, all).await
}

/// The rate of comparing, by the reader of `verify`.
async fn compare(file: &SpecFile, names: (&str, Option<&str>), tables: &[TableName], all: &mut Assessment) -> Result<(), Failure> {
    let opened = |name: &str| file.spec.systems.get(name).map(|system| connect::database(system, &file.base)).transpose();
    let (source, target) = (opened(names.0)?, names.1.map(opened).transpose()?.flatten());
    let Some(source) = source else { return Ok(()) };
    let target = names.1.zip(target.as_ref()).map(|(name, database)| comparing::Side { name, rows: database.as_ref() });
    let source = comparing::Side { name: names.0, rows: source.as_ref() };
    let (rate, not_checked) = comparing::rate(source, target, tables, Bound::default()).await?;
    all.rates.extend(rate);
    all.not_checked.extend(not_checked);
    Ok(())
}

/// The reader of a system; its reference is resolved here, as late as can be.
pub(crate) fn inspect_of(system: &System, base: &Path) -> Result<Arc<dyn Inspect>, Failure> {
    let (engine, location) = connect::place(system);
    let value = reference::resolve(location, base)?;
    match engine {
        "postgres" => {
            let environment: BTreeMap<String, String> = std::env::vars().filter(|(name, _)| name.starts_with("PG")).collect();
            Ok(Arc::new(segue_postgres::PostgresEngine::new(segue_postgres::Target::parse(value.expose(), &environment)?)))
        }
        "mysql" => Ok(Arc::new(segue_mysql::MysqlEngine::new(segue_mysql::Target::parse(value.expose(), &std::env::vars().collect())?))),
        _ => Ok(Arc::new(connect::sqlite(value.expose(), base)?)),
    }
}
