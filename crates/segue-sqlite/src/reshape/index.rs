//! Indexes: one immediate transaction each. SQLite holds its write lock while it builds, so the plan says how long.
//! Tests: `tests/it/constraints.rs`.

use rusqlite::Connection;
use segue_engine::{EngineError, ErrorKind, PieceState, quote};
use segue_model::change::{IndexColumn, IndexPart, Nulls, Order};
use segue_model::reshape::{IndexBuild, IndexSource};
use segue_model::units::counted;

use super::witness;
use crate::error;
use crate::schema;
use crate::sql::token;

/// Builds it, if it is not there.
pub(crate) fn make(connection: &Connection, build: &IndexBuild) -> Result<(), EngineError> {
    if observe(connection, build)? == PieceState::Present {
        return Ok(());
    }
    match &build.source {
        IndexSource::Unique(columns) => unique(connection, &build.table.name, &build.name, columns),
        IndexSource::Carry(carry) => schema::run(connection, &carry.definition, &format!("building index {}", build.name)),
        IndexSource::Define { define, physical } => {
            let text = definition(build, define, physical)?;
            let built = schema::run(connection, &text, &format!("building index {}", build.name));
            built.map_err(|cause| if cause.kind == ErrorKind::Constraint { duplicates(&build.name, None).caused_by(cause) } else { cause })
        }
    }
}

/// It is there or not: a build that failed left nothing.
pub(crate) fn observe(connection: &Connection, build: &IndexBuild) -> Result<PieceState, EngineError> {
    let there = schema::objects(connection, "index", &build.table.name)?.iter().any(|index| index.name.eq_ignore_ascii_case(&build.name));
    Ok(if there { PieceState::Present } else { PieceState::Absent })
}

/// A unique index on columns, or how many rows stand in its way.
pub(crate) fn unique(connection: &Connection, of: &str, name: &str, columns: &[String]) -> Result<(), EngineError> {
    let list = quote::names(columns.iter().map(String::as_str));
    let (table, index) = (quote::name(of), quote::name(name));
    let built = schema::run(connection, &format!("CREATE UNIQUE INDEX {index} ON {table} ({list})"), &format!("building index {name}"));
    let Err(cause) = built else { return Ok(()) };
    if cause.kind != ErrorKind::Constraint {
        return Err(cause);
    }
    let present: Vec<String> = columns.iter().map(|column| format!("{} IS NOT NULL", quote::name(column))).collect();
    let sql = format!(
        "SELECT coalesce(sum(n), 0) FROM (SELECT count(*) AS n FROM {table} WHERE {} GROUP BY {list} HAVING count(*) > 1)",
        present.join(" AND ")
    );
    let rows = super::shift::count(connection, &sql)?;
    let doubled = format!("({list}) IN (SELECT {list} FROM {table} WHERE {} GROUP BY {list} HAVING count(*) > 1)", present.join(" AND "));
    let which = witness::named(connection, of, &doubled)?;
    let error = duplicates(name, Some(rows));
    let help = format!("{which}{}", error.help);
    Err(error.help(help).caused_by(cause))
}

fn duplicates(name: &str, rows: Option<u64>) -> EngineError {
    let text = match rows {
        Some(rows) => format!("index {name} cannot be unique: {} have a value that another row has too", counted(rows, "row")),
        None => format!("index {name} cannot be unique: some rows have a value that another row has too"),
    };
    EngineError::new(error::DUPLICATES, ErrorKind::Constraint, text).help("make the values differ, then run again")
}

fn definition(build: &IndexBuild, define: &segue_model::change::CreateIndex, physical: &[(String, String)]) -> Result<String, EngineError> {
    if define.method.as_deref().is_some_and(|method| !method.eq_ignore_ascii_case("btree"))
        || !define.include.is_empty()
        || !define.with.is_empty()
    {
        let text = format!("index {}: SQLite has no index methods, included columns or storage parameters", build.name);
        return Err(EngineError::new(error::UNSUPPORTED, ErrorKind::Unsupported, text));
    }
    let parts: Vec<String> = define.columns.iter().map(|column| part(column, physical)).collect();
    let mut text = format!(
        "CREATE {}INDEX {} ON {} ({})",
        if build.unique || define.unique { "UNIQUE " } else { "" },
        quote::name(&build.name),
        quote::name(&build.table.name),
        parts.join(", ")
    );
    if let Some(predicate) = &define.predicate {
        text.push_str(&format!(" WHERE {}", on_physical(predicate, physical)));
    }
    Ok(text)
}

fn part(column: &IndexColumn, physical: &[(String, String)]) -> String {
    let named = |name: &String| physical.iter().find(|(of, _)| of == name).map_or_else(|| quote::name(name), |(_, p)| quote::name(p));
    let part = match column {
        IndexColumn::Name(name) => return named(name),
        IndexColumn::Part(part) => part,
    };
    let IndexPart { column, expression, order, nulls, collation, .. } = part;
    let mut text = match (column, expression) {
        (Some(name), _) => named(name),
        (None, Some(expression)) => format!("({})", on_physical(expression, physical)),
        (None, None) => String::new(),
    };
    if let Some(collation) = collation {
        text.push_str(&format!(" COLLATE {}", quote::name(collation)));
    }
    match order {
        Some(Order::Desc) => text.push_str(" DESC"),
        Some(Order::Asc) => text.push_str(" ASC"),
        None => {}
    }
    match nulls {
        Some(Nulls::First) => text.push_str(" NULLS FIRST"),
        Some(Nulls::Last) => text.push_str(" NULLS LAST"),
        None => {}
    }
    text
}

/// An expression of an index, its names those of the columns that hold them now. An index cannot stand on a
/// derived table, so here names are replaced, token by token; texts and function names stay.
fn on_physical(expression: &str, physical: &[(String, String)]) -> String {
    let mut out = expression.to_owned();
    let tokens = token::tokens(expression);
    for (at, token) in tokens.iter().enumerate().rev() {
        let called = tokens.get(at + 1).is_some_and(|next| next.sign('('));
        if let Some((_, held)) = physical.iter().find(|(name, _)| token.names(name))
            && !called
        {
            out.replace_range(token.start..token.end, &quote::name(held));
        }
    }
    out
}
