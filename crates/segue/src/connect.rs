//! From a system of the spec to an engine: the one place that knows which engines there are.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use segue_engine::inspect::Inspect;
use segue_engine::rows::{Ask, Mendable};
use segue_engine::{Engine, EngineError, ErrorKind};
use segue_model::problem::Problem;
use segue_model::secret::Reference;
use segue_model::spec::System;
use segue_postgres::{PostgresEngine, Target};
use segue_sqlite::SqliteEngine;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::reference;

/// The engine's name and the location that goes into the plan.
pub(crate) fn place(system: &System) -> (&'static str, &Reference) {
    match system {
        System::Postgres { url } => ("postgres", url),
        System::Sqlite { path } => ("sqlite", path),
        System::Mysql { url } => ("mysql", url),
    }
}

/// Opens the engine of that name at that location. A reference is resolved here, as late as can be.
pub(crate) fn open(engine: &str, location: &Reference, base: &Path) -> Result<Arc<dyn Engine>, Failure> {
    let value = reference::resolve(location, base)?;
    match engine {
        "postgres" => {
            let environment: BTreeMap<String, String> = std::env::vars().filter(|(name, _)| name.starts_with("PG")).collect();
            let target = Target::parse(value.expose(), &environment).map_err(misread)?;
            Ok(Arc::new(PostgresEngine::new(target)))
        }
        "sqlite" => Ok(Arc::new(sqlite(value.expose(), base)?)),
        other => Err(Failure::new(
            Exit::Usage,
            Problem::new("SG-CLI-014", format!("this version has no engine `{other}`"))
                .safe("nothing was touched")
                .help("use a plan made by this version"),
        )),
    }
}

/// All that a side of a comparison can do.
pub(crate) trait Database: Mendable + Ask + Inspect {}

impl<T: Mendable + Ask + Inspect> Database for T {}

/// Opens a system as a side of a comparison. Its reference is resolved here, as late as can be.
pub(crate) fn database(system: &System, base: &Path) -> Result<Arc<dyn Database>, Failure> {
    identified(system, base).map(|(database, _)| database)
}

/// The same, and which database it is: the engine with the host, port and name, or the file; never a user or a password.
pub(crate) fn identified(system: &System, base: &Path) -> Result<(Arc<dyn Database>, String), Failure> {
    let (engine, location) = place(system);
    let value = reference::resolve(location, base)?;
    let environment = std::env::vars().collect();
    let (database, shown): (Arc<dyn Database>, String) = match engine {
        "postgres" => {
            let target = Target::parse(value.expose(), &environment).map_err(misread)?;
            let shown = target.shown();
            (Arc::new(PostgresEngine::new(target)), shown)
        }
        "mysql" => {
            let target = segue_mysql::Target::parse(value.expose(), &environment).map_err(misread)?;
            let shown = target.shown();
            (Arc::new(segue_mysql::MysqlEngine::new(target)), shown)
        }
        _ => {
            let path = base.join(sqlite_path(value.expose()));
            let shown = path.canonicalize().unwrap_or(path).display().to_string();
            (Arc::new(sqlite(value.expose(), base)?), shown)
        }
    };
    Ok((database, format!("{engine} {shown}")))
}

/// A URL that cannot be read is a slip of the pen, not a failure on the way: nothing was tried yet.
fn misread(error: EngineError) -> Failure {
    let slip = error.kind == ErrorKind::Unsupported;
    let mut failure = Failure::from(error);
    if slip {
        failure.exit = Exit::Usage;
        failure.problems.iter_mut().for_each(|problem| "no connection was made".clone_into(&mut problem.safe));
    }
    failure
}

fn sqlite_path(text: &str) -> &str {
    text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:")).unwrap_or(text)
}

/// Opens a SQLite file that is there; a relative path starts at `base`.
pub(crate) fn sqlite(text: &str, base: &Path) -> Result<SqliteEngine, Failure> {
    let full = base.join(sqlite_path(text));
    if !full.is_file() {
        return Err(Failure::new(
            Exit::Connection,
            Problem::new("SG-CLI-013", format!("there is no SQLite file at `{}`", full.display()))
                .safe("no file was made")
                .help("`systems.NAME.sqlite.path` is relative to the folder of segue.yaml"),
        ));
    }
    Ok(SqliteEngine::open(&full)?)
}
