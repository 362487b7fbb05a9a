//! What a step locks, in words, for each engine. Sentences of a plan, checked by people: never more than is true.
//!
//! Tests: the golden plans of `tests/it/plan.rs`.

use segue_model::ident::TableName;
use segue_model::units::{Millis, counted};

use super::layout::Layout;

/// No lock that a client could wait for.
pub(super) fn none() -> String {
    "none: it only reads".to_owned()
}

fn by_engine(layout: &Layout<'_>, postgres: String, sqlite: String) -> String {
    match layout.observed.engine.as_str() {
        "postgres" => postgres,
        "sqlite" => sqlite,
        _ => "none: this engine runs one statement at a time".to_owned(),
    }
}

/// A change of the catalog alone.
pub(super) fn metadata(layout: &Layout<'_>, table: &TableName) -> String {
    let limit = Millis(layout.throttle.ddl_lock_timeout_ms);
    by_engine(
        layout,
        format!("ACCESS EXCLUSIVE on {table}, metadata only; each attempt waits and holds at most {limit}"),
        format!("the database's write lock, metadata only; waits at most {limit}"),
    )
}

/// Segue's own tables or new ones: nobody uses them yet.
pub(super) fn fresh(layout: &Layout<'_>) -> String {
    let limit = Millis(layout.throttle.ddl_lock_timeout_ms);
    by_engine(layout, "none on users' tables".to_owned(), format!("the database's write lock, metadata only; waits at most {limit}"))
}

/// A foreign key locks both of its tables.
pub(super) fn foreign_key(layout: &Layout<'_>, table: &TableName, target: &TableName) -> String {
    let limit = Millis(layout.throttle.ddl_lock_timeout_ms);
    by_engine(
        layout,
        format!("SHARE ROW EXCLUSIVE on {table} and {target}, without a scan; each attempt waits and holds at most {limit}"),
        "the database's write lock, metadata only".to_owned(),
    )
}

/// Batches of rows.
pub(super) fn batches(layout: &Layout<'_>) -> String {
    let batch = Millis(layout.throttle.batch_target_ms);
    by_engine(
        layout,
        format!("row locks of one batch, about {batch} at a time; it never waits for a row that a client holds"),
        format!("the database's write lock for one batch, about {batch} at a time"),
    )
}

/// An index.
pub(super) fn index(layout: &Layout<'_>, table: &TableName, rows: Option<u64>) -> String {
    let long = rows.map_or_else(
        || "as long as the build takes".to_owned(),
        |rows| format!("as long as the build over {} takes", counted(rows, "row")),
    );
    by_engine(
        layout,
        format!("SHARE UPDATE EXCLUSIVE on {table}: readers and writers go on"),
        format!("the database's write lock for {long}: SQLite builds no index concurrently"),
    )
}

/// An index that goes.
pub(super) fn drop_index(layout: &Layout<'_>, table: &TableName) -> String {
    let go_on = format!("SHARE UPDATE EXCLUSIVE on {table}: readers and writers go on");
    by_engine(layout, go_on, "the database's write lock, metadata only".to_owned())
}

/// A scan that checks a constraint.
pub(super) fn validate(layout: &Layout<'_>, table: &TableName) -> String {
    by_engine(
        layout,
        format!("SHARE UPDATE EXCLUSIVE on {table}: readers and writers go on"),
        "the database's write lock while it scans".to_owned(),
    )
}

/// The end of a form.
pub(super) fn contract(layout: &Layout<'_>, table: &TableName, pause_ms: u64) -> String {
    let limit = Millis(layout.throttle.ddl_lock_timeout_ms);
    let held = if pause_ms > 0 { format!("for about {pause_ms} ms: the table is rebuilt") } else { "metadata only".to_owned() };
    by_engine(
        layout,
        format!(
            "ACCESS EXCLUSIVE on the version views of {table}, then on {table}, metadata only; each attempt waits and holds at most {limit}"
        ),
        format!("the database's write lock, {held}"),
    )
}
