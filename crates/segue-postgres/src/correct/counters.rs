//! Sequences behind the columns of a table: a row that comes brings its number along, and the next one that the server
//! gives out must be another.
//!
//! A sequence is moved forward and never back, also while others take numbers from it: small gaps by taking the numbers,
//! large ones by a jump far above what anybody could have reached meanwhile. Tests: `tests/it/repair_around.rs` of
//! `segue-sim`.

use segue_engine::rows::{Change, Outcome, Read, largest_that_came};
use segue_engine::{EngineError, quote};
use segue_model::ident::TableName;
use tokio_postgres::{GenericClient, Transaction};

use crate::error::db;

/// Numbers that are taken one by one. A jump is for more, which nobody takes between two looks.
const TAKEN_MOST: i64 = 1_000;

/// Sequences that a table's columns have for their own or take their default from: the column, the sequence, its step
/// and last number, whether the role may move it.
const SEQUENCES: &str = "
select a.attname::text, s.seqrelid::pg_catalog.regclass::text, s.seqincrement, s.seqmax,
    pg_catalog.has_sequence_privilege(s.seqrelid, 'UPDATE')
from pg_catalog.pg_sequence s
join (
    select d.objid as sequence, d.refobjsubid as at from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
        and d.refobjid = $1::text::pg_catalog.regclass and d.deptype in ('a', 'i')
    union
    select d.refobjid, f.adnum from pg_catalog.pg_attrdef f
    join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass and d.objid = f.oid
    where f.adrelid = $1::text::pg_catalog.regclass and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
) used on used.sequence = s.seqrelid
join pg_catalog.pg_attribute a on a.attrelid = $1::text::pg_catalog.regclass and a.attnum = used.at
order by 1, 2";

struct Sequence {
    column: String,
    /// Quoted.
    name: String,
    step: i64,
    most: i64,
    movable: bool,
}

async fn of_table(client: &impl GenericClient, table: &TableName) -> Result<Vec<Sequence>, EngineError> {
    let rows = client.query(SEQUENCES, &[&quote::table(table)]).await.map_err(db)?;
    let sequence = |row: &tokio_postgres::Row| Sequence {
        column: row.get(0),
        name: row.get(1),
        step: row.get(2),
        most: row.get(3),
        movable: row.get(4),
    };
    Ok(rows.iter().map(sequence).collect())
}

/// Moves the sequences of the table above the numbers of rows that came.
pub(super) async fn above(transaction: &Transaction<'_>, read: &Read, changes: &[Change], outcomes: &[Outcome]) -> Result<(), EngineError> {
    if !changes.iter().any(Change::comes) {
        return Ok(());
    }
    for sequence in of_table(transaction, &read.table).await?.iter().filter(|sequence| sequence.movable && sequence.step > 0) {
        // A number that the sequence never gives out is never met.
        if let Some(top) = largest_that_came(read, &sequence.column, sequence.most, changes, outcomes) {
            forward(transaction, sequence, top).await?;
        }
    }
    Ok(())
}

async fn forward(transaction: &Transaction<'_>, sequence: &Sequence, top: i64) -> Result<(), EngineError> {
    let look = format!("select last_value, is_called from {}", sequence.name);
    let row = transaction.query_one(&look, &[]).await.map_err(db)?;
    let (last, called): (i64, bool) = (row.get(0), row.get(1));
    let next = i128::from(last) + if called { i128::from(sequence.step) } else { 0 };
    if next > i128::from(top) {
        return Ok(());
    }
    let steps = (i128::from(top) - next) / i128::from(sequence.step) + 1;
    // On the sequence's own grid: its numbers may be every second one, because others have the rest.
    let reached = next + (steps - 1) * i128::from(sequence.step);
    let name = quote::text(&sequence.name);
    let sql = if steps <= i128::from(TAKEN_MOST) {
        format!("select pg_catalog.nextval({name}::pg_catalog.regclass) from pg_catalog.generate_series(1, {steps})")
    } else {
        format!("select pg_catalog.setval({name}::pg_catalog.regclass, {reached}) from {} where last_value < {reached}", sequence.name)
    };
    transaction.execute(&sql, &[]).await.map_err(db)?;
    Ok(())
}

/// The same for a script, from what the table holds at that moment.
pub(super) fn statement(table: &TableName, column: &str) -> String {
    let (name, of) = (quote::table(table), quote::name(column));
    let own = format!("pg_catalog.pg_get_serial_sequence({}, {})", quote::text(&name), quote::text(column));
    format!(
        "select pg_catalog.setval(s.seqrelid, s.seqstart + (m.top - s.seqstart) / s.seqincrement * s.seqincrement) \
         from pg_catalog.pg_sequence s, (select pg_catalog.max({of})::pg_catalog.int8 as top from {name}) m \
         where s.seqrelid = {own}::pg_catalog.regclass and s.seqincrement > 0 and m.top between s.seqstart and s.seqmax \
         and m.top > coalesce(pg_catalog.pg_sequence_last_value(s.seqrelid), s.seqstart - 1) \
         and pg_catalog.has_sequence_privilege(s.seqrelid, 'UPDATE');"
    )
}

/// Sequences that this role cannot move: who does it, and how.
pub(super) async fn warnings(client: &impl GenericClient, table: &TableName) -> Result<Vec<String>, EngineError> {
    let all = of_table(client, table).await?;
    let fixed = all.iter().filter(|sequence| !sequence.movable);
    let warning = |sequence: &Sequence| {
        let (name, column) = (quote::text(&sequence.name), quote::name(&sequence.column));
        format!(
            "the role may not move {}, which numbers {}.{column}: where rows come, run afterwards: \
             select setval({name}, greatest((select max({column}) from {}), (select last_value from {})))",
            sequence.name,
            table,
            quote::table(table),
            sequence.name
        )
    };
    Ok(fixed.map(warning).collect())
}
