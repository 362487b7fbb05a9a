//! The two sides of a comparison: from a URL, or a system of the spec, to a database whose rows can be read.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use segue_model::secret::Reference;
use segue_model::spec::System;

use crate::check::database;
use crate::connect::{self, Database};
use crate::failure::Failure;

/// A side.
pub(crate) struct SideOpen {
    /// What it is called in messages: `source`, `target`.
    pub(crate) name: &'static str,
    /// The database.
    pub(crate) database: Arc<dyn Database>,
    /// `postgres`, `mariadb`, `mysql`, `sqlite`.
    pub(crate) engine: &'static str,
    /// What a person should know of it.
    pub(crate) warnings: Vec<String>,
    /// Which database it is, without user and password.
    pub(crate) identity: String,
    /// What opens it: the engine's word, where it is, and the folder that a relative path starts from.
    pub(crate) place: (&'static str, Reference, PathBuf),
}

/// Opens what a URL, a SQLite file or a reference to a URL names.
pub(crate) async fn of_url(name: &'static str, url: &str) -> Result<SideOpen, Failure> {
    let (system, _) = database::system(url)?;
    of_system(name, &system, Path::new(".")).await
}

/// Opens a system of a spec.
pub(crate) async fn of_system(name: &'static str, system: &System, base: &Path) -> Result<SideOpen, Failure> {
    let (database, identity) = connect::identified(system, base)?;
    let facts = segue_engine::rows::Rows::facts(database.as_ref()).await?;
    let (engine, location) = connect::place(system);
    let place = (engine, location.clone(), base.to_owned());
    Ok(SideOpen { name, database, engine: facts.engine, warnings: facts.warnings, identity, place })
}
