//! Shift: the rows are what the new form demands, and from now on what it cannot hold is refused.
//! Tests: `tests/it/journey.rs`, `tests/it/constraints.rs`.

use rusqlite::Connection;
use segue_engine::{EngineError, ErrorKind, PieceState, quote};
use segue_model::reshape::{ConstraintWhat, Role, TableChange};
use segue_model::units::counted;

use super::layout::Layout;
use super::{constraint, expand, witness};
use crate::error::{self, Doing};
use crate::sql::table::{What, listed_names};
use crate::{control, schema};

/// Checks all rows and makes the triggers strict.
pub(crate) fn make(connection: &Connection, change: &TableChange) -> Result<(), EngineError> {
    let layout = Layout::read(connection, change)?;
    demand_ready(connection, &layout)?;
    demand_constraints(connection, &layout)?;
    make_indexes(connection, &layout)?;
    expand::drop_ours(connection, &layout)?;
    expand::create_ours(connection, &layout, true)?;
    control::save(connection, &change.tag, &mark(&layout.table), "")
}

/// Makes the triggers lenient again.
pub(crate) fn unmake(connection: &Connection, change: &TableChange) -> Result<(), EngineError> {
    let layout = Layout::read(connection, change)?;
    if super::saved_text(connection, change)?.is_none() || !is_strict(connection, &layout)? {
        return Ok(());
    }
    drop_indexes(connection, &layout)?;
    expand::drop_ours(connection, &layout)?;
    expand::create_ours(connection, &layout, false)?;
    control::forget(connection, &change.tag, &mark(&layout.table))
}

/// How far it is.
pub(crate) fn observe(connection: &Connection, change: &TableChange) -> Result<PieceState, EngineError> {
    if super::layout::table_sql(connection, &change.table.name)?.is_none() {
        return Ok(PieceState::Absent);
    }
    let layout = Layout::read(connection, change)?;
    if !is_strict(connection, &layout)? {
        return Ok(PieceState::Absent);
    }
    expand::observe(connection, change)
}

/// The table is shifted.
pub(crate) fn is_strict(connection: &Connection, layout: &Layout<'_>) -> Result<bool, EngineError> {
    Ok(control::saved(connection, &layout.change.tag, &mark(&layout.table))?.is_some())
}

/// A name that no table has: the mark of a shifted table among the saved texts.
pub(crate) fn mark(table: &str) -> String {
    format!("sqlite_ shifted: {table}")
}

/// No row is unconverted or kept aside.
pub(crate) fn demand_ready(connection: &Connection, layout: &Layout<'_>) -> Result<(), EngineError> {
    if !layout.has_helper() || !layout.tracked() {
        return Ok(());
    }
    let h = quote::name(&layout.helper);
    let unconverted = if layout.change.backfill { format!("count(*) FILTER (WHERE {h} = 0)") } else { "0".to_owned() };
    let sql = format!("SELECT {unconverted}, count(*) FILTER (WHERE {h} IN (3, 7)) FROM {}", layout.quoted());
    let (unconverted, rejected): (i64, i64) =
        connection.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?))).doing("counting rows")?;
    if unconverted + rejected == 0 {
        return Ok(());
    }
    let text = format!("table {}: rows not converted: {unconverted}, kept aside: {rejected}", layout.table);
    Err(EngineError::new(error::NOT_READY, ErrorKind::Constraint, text).help("run the backfill again; correct the rows kept aside"))
}

/// No row violates a constraint that the change adds, or a NOT NULL of the new form.
pub(crate) fn demand_constraints(connection: &Connection, layout: &Layout<'_>) -> Result<(), EngineError> {
    let mut demands: Vec<(String, String)> = Vec::new();
    for add in layout.change.constraints.iter().chain(&layout.kept) {
        let violated = constraint::violation(layout, add, &|physical| format!("{}.{}", layout.quoted(), quote::name(physical)));
        if violated != "0" {
            demands.push((add.name.clone(), violated));
        }
    }
    for d in layout.change.up.iter().filter(|d| !layout.new_column(&d.column).nullable && layout.now.column(&d.physical).is_some()) {
        demands.push((format!("NOT NULL of {}", d.column), format!("{} IS NULL", quote::name(&d.physical))));
    }
    for (name, violated) in demands {
        let count = count(connection, &format!("SELECT count(*) FROM {} WHERE {violated}", layout.quoted()))?;
        if count > 0 {
            let violate = if count == 1 { "violates" } else { "violate" };
            let text = format!("table {}: {} {violate} {name}", layout.table, counted(count, "row"));
            let which = witness::named(connection, &layout.table, &violated)?;
            return Err(EngineError::new(error::VIOLATED, ErrorKind::Constraint, text)
                .help(format!("{which}Both forms still work: mend these, then run `segue apply` again")));
        }
    }
    Ok(())
}

/// Unique keys over converted columns, as the physical columns of the new form.
fn unique_keys(layout: &Layout<'_>, connection: &Connection) -> Result<Vec<Vec<String>>, EngineError> {
    let before = &layout.before;
    let mut lists: Vec<Vec<String>> = Vec::new();
    lists.extend(before.columns.iter().filter(|c| c.constraint(What::Unique).is_some()).map(|c| vec![c.name.clone()]));
    lists.extend(before.constraints.iter().filter(|c| c.what == What::Unique).map(|c| listed_names(before.part(&c.body))));
    for index in schema::objects(connection, "index", &layout.table)? {
        let tokens = crate::sql::token::tokens(&index.sql);
        let unique = tokens.get(1).is_some_and(|token| token.is("UNIQUE"));
        if let (true, Some(open)) = (unique, tokens.iter().position(|token| token.sign('(')))
            && let Some(close) = crate::sql::token::closing(&tokens, open)
        {
            lists.push(listed_names(&index.sql[tokens[open].end..tokens[close].start]));
        }
    }
    let twin = |name: &String| {
        let found =
            layout.change.up.iter().find(|d| matches!(&d.role, Role::Converted { original, .. } if original.eq_ignore_ascii_case(name)));
        found.map(|d| d.physical.clone())
    };
    let converted = lists.into_iter().filter(|list| list.iter().any(|name| twin(name).is_some()));
    Ok(converted.map(|list| list.iter().map(|name| twin(name).unwrap_or_else(|| name.clone())).collect()).collect())
}

fn index_name(layout: &Layout<'_>, n: usize) -> String {
    layout.trigger(&format!("unique{n}"))
}

/// What was unique stays unique in the new form: on the twins from now on.
fn make_indexes(connection: &Connection, layout: &Layout<'_>) -> Result<(), EngineError> {
    for (n, columns) in unique_keys(layout, connection)?.into_iter().enumerate() {
        let name = index_name(layout, n);
        if !schema::taken(connection, &name)? {
            super::index::unique(connection, &layout.table, &name, &columns)?;
        }
    }
    Ok(())
}

/// Drops them.
pub(crate) fn drop_indexes(connection: &Connection, layout: &Layout<'_>) -> Result<(), EngineError> {
    for n in 0..unique_keys(layout, connection)?.len() {
        schema::drop(connection, "index", &index_name(layout, n))?;
    }
    Ok(())
}

/// A constraint of the change that stands by a unique index needs the index.
pub(crate) fn demand_unique(connection: &Connection, layout: &Layout<'_>) -> Result<(), EngineError> {
    for add in &layout.change.constraints {
        if let ConstraintWhat::Unique { columns, index } = &add.what
            && !schema::taken(connection, index)?
            && !schema::taken(connection, &add.name)?
        {
            super::index::unique(connection, &layout.table, &add.name, columns)?;
        }
    }
    Ok(())
}

/// One number.
pub(crate) fn count(connection: &Connection, sql: &str) -> Result<u64, EngineError> {
    connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map(i64::cast_unsigned).doing("counting rows")
}
