//! Sequences from which columns of a table take their default, which MariaDB has: a row that comes brings its number
//! along, and the next one that the server gives out must be another.
//!
//! A sequence is moved forward and never back: the server itself refuses the way back, also while others take numbers
//! from it. What `auto_increment` numbers moves by itself. Tests: `tests/it/repair_around.rs` of `segue-sim`.

use segue_engine::rows::{Change, Outcome, Read, largest_that_came};
use segue_engine::{EngineError, ErrorKind, quote};
use segue_model::ident::TableName;

use crate::row::Fields;
use crate::session::{Flavour, Session};

/// ``nextval(`shop`.`numbers`)``, the whole of a default.
const DEFAULTS: &str = "
SELECT COLUMN_NAME, COLUMN_DEFAULT FROM information_schema.COLUMNS
WHERE TABLE_SCHEMA = COALESCE(NULLIF(?, ''), DATABASE()) AND TABLE_NAME = ? AND COLUMN_DEFAULT LIKE 'nextval(%)' ORDER BY 1";

/// The server can only read: it does not say whether the account may.
const READ_ONLY: &str = "SG-MY-019";

struct Sequence {
    column: String,
    /// Quoted by the server.
    name: String,
}

async fn of_table(session: &mut Session, table: &TableName) -> Result<Vec<Sequence>, EngineError> {
    if session.flavour != Flavour::MariaDb {
        return Ok(Vec::new());
    }
    let rows = session.rows(DEFAULTS, (table.schema.clone(), table.name.clone())).await?;
    let sequence = |(column, default): (String, String)| {
        let name = default.strip_prefix("nextval(")?.strip_suffix(')')?.to_owned();
        Some(Sequence { column, name })
    };
    Ok(rows.iter().filter_map(|row| sequence((row.text(0), row.text(1)))).collect())
}

/// Moves the sequences of the table above the numbers of rows that came.
pub(super) async fn above(session: &mut Session, read: &Read, changes: &[Change], outcomes: &[Outcome]) -> Result<(), EngineError> {
    if !changes.iter().any(Change::comes) {
        return Ok(());
    }
    for sequence in of_table(session, &read.table).await? {
        let look = format!("SELECT start_value, increment, maximum_value FROM {}", sequence.name);
        let (start, step, most) = match session.rows(&look, ()).await {
            Ok(rows) => match rows.first().map(|row| (row.text(0).parse(), row.text(1).parse(), row.text(2).parse())) {
                Some((Ok(start), Ok(step), Ok(most))) => (start, step, most),
                _ => continue,
            },
            // It was named before.
            Err(error) if error.kind == ErrorKind::Permission => continue,
            Err(error) => return Err(error),
        };
        let Some(top) = largest_that_came(read, &sequence.column, most, changes, outcomes) else { continue };
        let Some(reached) = on_grid(start, step, top) else { continue };
        match session.rows(&format!("SELECT SETVAL({}, {reached})", sequence.name), ()).await {
            Ok(_) => {}
            Err(error) if error.kind == ErrorKind::Permission => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The last number up to `top` that the sequence gives out: its numbers may be every second one, because others have the
/// rest. `None`: it counts down, or begins above. A step of 0 is one that the server's settings give.
fn on_grid(start: i64, step: i64, top: i64) -> Option<i64> {
    let step = if step == 0 { 1 } else { step };
    (step > 0 && top >= start).then(|| start + (top - start) / step * step)
}

/// The same for a script, from what the table holds at that moment.
pub(super) fn statement(table: &TableName, column: &str) -> String {
    let (name, of) = (quote::backtick_table(table), quote::backtick(column));
    let text = quote::backslash_text;
    let schema = if table.schema.is_empty() { "DATABASE()".to_owned() } else { text(&table.schema) };
    // The sequence's name is known to the server alone, and it takes no parameter there.
    format!(
        "SET @segue_counter = (SELECT CONCAT('SELECT SETVAL(', SUBSTRING(COLUMN_DEFAULT, 9, CHAR_LENGTH(COLUMN_DEFAULT) - 9), ', ', \
         (SELECT MAX({of}) FROM {name}), ')') FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = {schema} AND TABLE_NAME = {} \
         AND COLUMN_NAME = {} AND COLUMN_DEFAULT LIKE 'nextval(%)'); SET @segue_counter = IFNULL(@segue_counter, 'DO 0'); \
         PREPARE segue_counter FROM @segue_counter; EXECUTE segue_counter; DEALLOCATE PREPARE segue_counter;",
        text(&table.name),
        text(column)
    )
}

/// Sequences that this account cannot move: who does it, and how.
pub(super) async fn warnings(session: &mut Session, table: &TableName) -> Result<Vec<String>, EngineError> {
    let mut out = Vec::new();
    for Sequence { column, name } in of_table(session, table).await? {
        if !movable(session, &name).await? {
            let (of, quoted) = (quote::backtick(&column), quote::backtick_table(table));
            out.push(format!(
                "the account may not move {name}, which numbers {table}.{of}: where rows come, run afterwards: \
                 SELECT SETVAL({name}, N) with N = (SELECT MAX({of}) FROM {quoted})"
            ));
        }
    }
    Ok(out)
}

/// The server tells nobody whether an account may: it is asked for a way back, which it never goes. A session that may not
/// write would hear of that first.
async fn movable(session: &mut Session, name: &str) -> Result<bool, EngineError> {
    let may = |asked: Result<Vec<Fields>, EngineError>| match asked {
        Ok(rows) => Ok(Some(rows)),
        Err(error) if error.code == READ_ONLY => Ok(Some(Vec::new())),
        Err(error) if error.kind == ErrorKind::Permission => Ok(None),
        Err(error) => Err(error),
    };
    let Some(found) = may(session.rows(&format!("SELECT increment FROM {name}"), ()).await)? else { return Ok(false) };
    // One that counts down is none of ours, and this would be its way forward.
    if found.first().is_none_or(|row| row.text(0).starts_with('-')) {
        return Ok(true);
    }
    session.run("SET SESSION TRANSACTION READ WRITE").await?;
    Ok(may(session.rows(&format!("SELECT SETVAL({name}, {})", i64::MIN + 1), ()).await)?.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sequence_keeps_to_its_own_numbers() {
        assert_eq!(on_grid(1, 1, 7), Some(7));
        assert_eq!(on_grid(2, 10, 25), Some(22));
        assert_eq!(on_grid(1, 0, 7), Some(7));
        assert_eq!((on_grid(10, 1, 9), on_grid(1, -1, 7)), (None, None));
    }
}
