//! `--emit sql`: validation scripts for both sides that run without Segue.

use std::path::Path;

use segue_verify::TablePair;
use segue_verify::emit::{self, Writer};

use super::sides::SideOpen;
use crate::failure::Failure;
use crate::show::Show;

/// Writes both scripts into a folder.
pub(crate) async fn scripts(
    id: &str,
    sides: (&SideOpen, &SideOpen),
    pairs: &[TablePair],
    folder: &Path,
    show: &Show,
) -> Result<(), Failure> {
    let (source, target) = (sides.0.database.as_ref(), sides.1.database.as_ref());
    let tables: Vec<_> = pairs.iter().map(|pair| pair.source.table.clone()).collect();
    let catalog = source.catalog_of(&tables).await?.catalog;
    let references = emit::references(pairs, &catalog);
    let scripts = emit::scripts(id, pairs, &references, &Writer { ask: source, rows: source }, &Writer { ask: target, rows: target });
    for (name, text) in [(&scripts.source_name, &scripts.source), (&scripts.target_name, &scripts.target)] {
        crate::cli::check::write(&folder.join(name), text)?;
        show.say(&format!("{} was written", folder.join(name).display()));
    }
    Ok(())
}
