//! `--emit sql`: validation scripts for both sides that run without Segue. Only forms are read, no row of any table.
//!
//! Nothing is compared, so the report never says *equal*; what the scripts leave out is named in it and in them.
//! Tests: `tests/verify/beside.rs`; the scripts themselves run on servers in `segue-sim/tests/it/checks/emit.rs`.

use std::path::Path;

use segue_model::verify::VerifyReport;
use segue_verify::TablePair;
use segue_verify::emit::{self, Writer};

use super::rows::{self, Alone, Wanted};
use super::sides::SideOpen;
use super::whole::Outcome;
use crate::failure::Failure;

/// Writes both scripts into a folder. `id`: a word for their names.
pub(crate) async fn scripts(id: &str, sides: (&SideOpen, &SideOpen), wanted: &Wanted, folder: &Path) -> Result<Outcome, Failure> {
    let paired = rows::pair(sides.0, sides.1, wanted).await?;
    let mut report = VerifyReport::written("scripts");
    let mut pairs: Vec<TablePair> = Vec::new();
    for (source, _, made) in paired.tables {
        match made {
            Ok(pair) => pairs.push(pair),
            Err(error) => report.not_compared.push(format!("{source} is in no script: {error}")),
        }
    }
    report.not_compared.extend(paired.alone.iter().map(|Alone { table, in_source, .. }| {
        let other = if *in_source { "target" } else { "source" };
        format!("{table} is in no script: the {other} has no such table")
    }));
    report.not_compared.extend(paired.notes);
    for path in write(id, sides, &pairs, folder).await? {
        report.moments.push(format!("`{path}` was written"));
    }
    Ok(Outcome { report, tables: Vec::new(), stopped: None })
}

async fn write(id: &str, sides: (&SideOpen, &SideOpen), pairs: &[TablePair], folder: &Path) -> Result<Vec<String>, Failure> {
    let (source, target) = (sides.0.database.as_ref(), sides.1.database.as_ref());
    let tables: Vec<_> = pairs.iter().map(|pair| pair.source.table.clone()).collect();
    let catalog = source.catalog_of(&tables).await?.catalog;
    let references = emit::references(pairs, &catalog);
    let scripts = emit::scripts(id, pairs, &references, &Writer { ask: source, rows: source }, &Writer { ask: target, rows: target });
    let mut written = Vec::new();
    for (name, text) in [(&scripts.source_name, &scripts.source), (&scripts.target_name, &scripts.target)] {
        let path = folder.join(name);
        crate::cli::check::write(&path, text)?;
        written.push(path.display().to_string());
    }
    Ok(written)
}
