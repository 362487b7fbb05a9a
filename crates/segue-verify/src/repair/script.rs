//! A repair as a script that a person can read and run, and the script that undoes it.
//!
//! The engine writes the statements; each changes a row only if it still is what was compared, and the whole is one
//! transaction that may be run again. Tests: `tests/it/repair.rs` of `segue-sim`, on real servers.

use std::collections::{BTreeMap, BTreeSet};

use segue_engine::rows::canonical::Torn;
use segue_engine::rows::{Acting, Class, Correct, Datum, Read, differing};

use super::{Correction, Deed, Repair, RepairError, exchange};

/// Two scripts.
#[derive(Clone, PartialEq, Eq)]
pub struct Script {
    /// Makes the corrections.
    pub repair: String,
    /// Undoes them.
    pub undo: String,
}

impl std::fmt::Debug for Script {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Script({} and {} bytes)", self.repair.len(), self.undo.len())
    }
}

/// The scripts of a repair, in the SQL of the side that is put right. They hold values.
pub fn script(repair: &Repair, engine: &dyn Correct) -> Result<Script, RepairError> {
    Ok(Script { repair: one(repair, engine, "repairs")?, undo: one(&repair.inverse(), engine, "undoes a repair of")? })
}

fn one(repair: &Repair, engine: &dyn Correct, what: &str) -> Result<String, RepairError> {
    let (begin, end) = engine.script_frame();
    let mut out = format!("-- This script of Segue {what} rows. It holds their values: keep it as you keep the data.\n");
    for (table, deeds) in repair.deeds() {
        let counts = format!("{} rows come, {} change, {} go", deeds.inserts, deeds.updates, deeds.deletes);
        // A name may hold a line break: it must not end the comment.
        out.push_str(&format!("--   {}: {counts}\n", table.to_string().escape_debug()));
    }
    out.push_str("-- A row is changed only if it still is what was compared; running the script again changes nothing.\n");
    out.push_str("-- A row that rows of other tables would follow (on delete cascade and the like) stays as it is.\n");
    out.push_str("-- A server may round or cut what a column cannot hold: compare again afterwards with segue verify.\n");
    out.push_str(begin);
    let mut left_out: BTreeMap<String, u64> = BTreeMap::new();
    let spares = exchange::spares(repair).map_err(torn)?;
    let first = repair.corrections.iter().position(|correction| correction.deed() != Deed::Delete);
    for (at, correction) in repair.corrections.iter().enumerate() {
        if Some(at) == first {
            out.push_str(&with_spares(repair, &spares, engine)?);
        }
        let statement = statement(repair, correction, spares.get(&at).map(Vec::as_slice), engine)?;
        match guarded(repair, correction, engine, &statement)? {
            Some(statement) => out.push_str(&(statement + "\n")),
            None => *left_out.entry(repair.shapes[correction.shape].table.to_string()).or_default() += correction.rows(),
        }
    }
    for (table, rows) in left_out {
        let why = "left out: other tables refer to them, and their rows would go or change with them";
        out.push_str(&format!("-- {rows} rows of {}: {why}. segue verify --repair apply looks at each.\n", table.escape_debug()));
    }
    for statement in counters(repair, engine) {
        out.push_str(&(statement + "\n"));
    }
    out.push_str(end);
    Ok(out)
}

/// Rows that others take a unique value from get a spare one first; what shall be theirs comes in their own statement.
fn with_spares(repair: &Repair, spares: &BTreeMap<usize, Vec<Datum>>, engine: &dyn Correct) -> Result<String, RepairError> {
    let mut out = String::new();
    for (at, spare) in spares {
        let correction = &repair.corrections[*at];
        let old = correction.old.as_deref().map(Datum::row).transpose().map_err(torn)?;
        let statement = engine.statement(&repair.shapes[correction.shape], old.as_deref(), Some(spare)).map_err(RepairError::Statement)?;
        out.extend(guarded(repair, correction, engine, &statement)?.map(|statement| statement + "\n"));
    }
    Ok(out)
}

fn torn(_: Torn) -> RepairError {
    RepairError::File { name: "in memory".to_owned(), why: "a row is torn".to_owned() }
}

/// Rows that come bring their numbers along: the next one that the server gives out must be another.
fn counters(repair: &Repair, engine: &dyn Correct) -> BTreeSet<String> {
    let shapes: BTreeSet<usize> =
        repair.corrections.iter().filter(|correction| correction.deed() == Deed::Insert).map(|correction| correction.shape).collect();
    let reads = shapes.into_iter().map(|shape| &repair.shapes[shape]);
    reads
        .flat_map(|read| read.key.iter().map(move |at| (read, &read.columns[*at])))
        .filter(|(_, column)| column.class == Class::Integer)
        .filter_map(|(read, column)| engine.counter_statement(read, &column.name))
        .collect()
}

/// The statement with the condition that no row of another table goes or changes with this one: what nobody compared
/// must not be lost, and no undo would bring it back. `None` where the engine cannot say that.
fn guarded(repair: &Repair, correction: &Correction, engine: &dyn Correct, statement: &str) -> Result<Option<String>, RepairError> {
    let read = &repair.shapes[correction.shape];
    let acting = repair.acting.get(&read.table).map_or(&[][..], Vec::as_slice);
    let acts: Vec<&Acting> = match correction.deed() {
        Deed::Insert => Vec::new(),
        Deed::Delete => acting.iter().filter(|acting| acting.on_delete).collect(),
        Deed::Update => {
            let changed = changed(read, correction)?;
            let touches =
                |acting: &&Acting| acting.pairs.is_empty() || acting.pairs.iter().any(|(ours, _)| changed.contains(&ours.as_str()));
            acting.iter().filter(|acting| acting.on_update).filter(touches).collect()
        }
    };
    if acts.is_empty() {
        return Ok(Some(statement.to_owned()));
    }
    let conditions: Option<Vec<String>> = acts.iter().map(|acting| engine.unreferred(&read.table, acting)).collect();
    let (Some(conditions), None, Some(bare)) = (conditions, correction.copies, statement.strip_suffix(';')) else { return Ok(None) };
    Ok(Some(format!("{bare} AND {};", conditions.join(" AND "))))
}

/// The columns whose values a correction changes.
fn changed<'a>(read: &'a Read, correction: &Correction) -> Result<Vec<&'a str>, RepairError> {
    let (Some(old), Some(new)) = (&correction.old, &correction.new) else {
        return Ok(read.columns.iter().map(|column| column.name.as_str()).collect());
    };
    Ok(differing(old, new).map_err(torn)?.into_iter().map(|at| read.columns[at].name.as_str()).collect())
}

/// `instead`: what the row holds at that moment, where it is not the old row any more.
fn statement(repair: &Repair, correction: &Correction, instead: Option<&[Datum]>, engine: &dyn Correct) -> Result<String, RepairError> {
    let read = &repair.shapes[correction.shape];
    let old = correction.old.as_deref().map(Datum::row).transpose().map_err(torn)?;
    let new = correction.new.as_deref().map(Datum::row).transpose().map_err(torn)?;
    let written = match correction.copies {
        Some(copies) => engine.copies_statement(read, new.as_deref().unwrap_or_default(), copies),
        None => engine.statement(read, instead.or(old.as_deref()), new.as_deref()),
    };
    written.map_err(RepairError::Statement)
}
