//! Backfill: the next rows of the walk get their new form, in one fenced immediate transaction.
//!
//! Only rows that nobody converted yet are touched, so a write of the new side is never overwritten. Users'
//! UPDATE triggers do not fire: they are dropped and made again inside the transaction, which no other connection
//! can see. Tests: `tests/it/journey.rs`, `tests/it/writers.rs`.

use rusqlite::Connection;
use segue_engine::{Batch, EngineError, Key, quote};
use segue_model::reshape::TableChange;

use super::layout::Layout;
use super::triggers::any;
use super::{constraint, walk};
use crate::compose::{self, Pass};
use crate::error::Doing;
use crate::schema;

/// Converts the next rows. The caller fenced the transaction.
pub(crate) fn batch(connection: &Connection, change: &TableChange, after: Option<&Key>, limit: u64) -> Result<Batch, EngineError> {
    let layout = Layout::read(connection, change)?;
    if !layout.tracked() || !change.backfill {
        return Ok(Batch { next: None, walked: 0, converted: 0, rejected: 0, skipped: 0 });
    }
    let range = walk::next(connection, &layout, after, limit)?;
    let h = quote::name(&layout.helper);
    let quiet = silence(connection, &layout)?;
    let doing = format!("converting rows of {}", layout.table);
    let aside = || -> Result<u64, EngineError> {
        let sql = format!("SELECT count(*) FROM {} WHERE {} AND {h} IN (3, 7)", layout.quoted(), range.condition);
        let mut statement = connection.prepare_cached(&sql).doing(&doing)?;
        let count: i64 = statement.query_row(rusqlite::params_from_iter(range.values.iter()), |row| row.get(0)).doing(&doing)?;
        Ok(count.cast_unsigned())
    };
    let aside_before = aside()?;
    let touched = connection
        .prepare_cached(&update(&layout, &range.condition))
        .and_then(|mut statement| statement.execute(rusqlite::params_from_iter(range.values.iter())))
        .doing(&doing)? as u64;
    for trigger in quiet {
        schema::run(connection, &trigger.sql, &format!("making trigger {} again", trigger.name))?;
    }
    let rejected = aside()?.saturating_sub(aside_before);
    let mut skipped = 0;
    if range.next.is_none() {
        // A row whose key moved behind the walk: a second pass must visit it.
        skipped = super::shift::count(connection, &format!("SELECT count(*) FROM {} WHERE {h} = 0", layout.quoted()))?;
    }
    Ok(Batch { next: range.next, walked: range.rows, converted: touched - rejected, rejected, skipped })
}

/// Users' triggers that our UPDATE would fire are dropped; they come back after it.
fn silence(connection: &Connection, layout: &Layout<'_>) -> Result<Vec<schema::Object>, EngineError> {
    let ours: Vec<String> = super::triggers::all(layout, false).into_iter().map(|(name, _)| name).collect();
    let mut out = Vec::new();
    for trigger in schema::objects(connection, "trigger", &layout.table)? {
        if !ours.contains(&trigger.name) && fires_on_update(&trigger.sql) {
            schema::drop(connection, "trigger", &trigger.name)?;
            out.push(trigger);
        }
    }
    Ok(out)
}

/// It is an UPDATE trigger. One with a column list may name a new column, so all are silenced.
fn fires_on_update(sql: &str) -> bool {
    let tokens = crate::sql::token::tokens(sql);
    let head = tokens.iter().take_while(|token| !token.is("ON") && !token.is("BEGIN"));
    head.into_iter().any(|token| token.is("UPDATE"))
}

/// The conversion of all unconverted rows of a range, in one statement.
fn update(layout: &Layout<'_>, condition: &str) -> String {
    let change = layout.change;
    let keys = layout.walk();
    let h = quote::name(&layout.helper);
    let mut pass: Vec<Pass> = keys.iter().enumerate().map(|(i, k)| Pass { value: k.clone(), name: format!("segue_k{i}") }).collect();
    let shared = constraint::shared_of_mixed(layout);
    pass.extend(shared.iter().enumerate().map(|(i, c)| Pass { value: quote::name(c), name: format!("segue_s{i}") }));
    let names: Vec<String> = pass.iter().map(|p| p.name.clone()).collect();
    let from = format!("{} WHERE {condition} AND {h} = 0", layout.quoted());
    let computed = compose::up(change, compose::select(layout.old_form(""), &pass, &from), &names);
    let mut list = names.clone();
    list.extend(change.up.iter().enumerate().map(|(i, d)| format!("{} AS segue_n{i}", quote::name(&d.column))));
    let table = quote::name(&change.table.name);
    let named = format!("SELECT {} FROM ({computed}) AS {table}", list.join(", "));
    let judged = format!("SELECT *, {} AS segue_bad FROM ({named})", bad(layout));
    let mut sets: Vec<String> = change
        .up
        .iter()
        .enumerate()
        .map(|(i, d)| format!("{0} = CASE WHEN segue_bad THEN NULL ELSE segue_n{i} END", quote::name(&d.physical)))
        .collect();
    sets.push(format!("{h} = CASE WHEN segue_bad THEN 3 ELSE 2 END"));
    let matched: Vec<String> = keys.iter().enumerate().map(|(i, k)| format!("{}.{k} = segue_rows.segue_k{i}", layout.quoted())).collect();
    format!("UPDATE {} SET {} FROM ({judged}) AS segue_rows WHERE {}", layout.quoted(), sets.join(", "), matched.join(" AND "))
}

/// A condition over `segue_n…` and `segue_s…`: the new form does not take the row.
pub(crate) fn bad(layout: &Layout<'_>) -> String {
    let unfit = layout.change.up.iter().enumerate().map(|(i, d)| layout.unfit(layout.new_column(&d.column), &format!("segue_n{i}")));
    let shared = constraint::shared_of_mixed(layout);
    let value = |physical: &str| match layout.change.up.iter().position(|d| d.physical == physical) {
        Some(i) => format!("segue_n{i}"),
        None => format!("segue_s{}", shared.iter().position(|name| name == physical).unwrap_or_default()),
    };
    let violated = constraint::mixed(layout).map(|add| constraint::violation(layout, add, &value)).collect::<Vec<_>>();
    any(unfit.chain(violated))
}

/// Rows kept aside: a select of the key and the reason, computed again from what the rows hold now.
pub(crate) fn reasons(layout: &Layout<'_>) -> String {
    let change = layout.change;
    let shared = constraint::shared_of_mixed(layout);
    let mut pass = vec![Pass { value: walk::shown_sql(layout), name: "segue_key".to_owned() }];
    pass.extend(shared.iter().enumerate().map(|(i, c)| Pass { value: quote::name(c), name: format!("segue_s{i}") }));
    let names: Vec<String> = pass.iter().map(|p| p.name.clone()).collect();
    let from = format!("{} WHERE {} IN (3, 7) LIMIT 10", layout.quoted(), quote::name(&layout.helper));
    let computed = compose::up(change, compose::select(layout.old_form(""), &pass, &from), &names);
    let mut cases = String::new();
    for d in &change.up {
        let form = layout.new_column(&d.column);
        let value = quote::name(&d.column);
        if !form.nullable {
            let why = quote::text(&format!("column {} takes no NULL", d.column));
            cases.push_str(&format!(" WHEN {value} IS NULL THEN {why}"));
        }
        let why = quote::text(&format!("the value does not fit {} of column {}", form.data_type, d.column));
        cases.push_str(&format!(" WHEN {} THEN {why}", layout.unfit(form, &value)));
    }
    let value = |physical: &str| match change.up.iter().find(|d| d.physical == physical) {
        Some(d) => quote::name(&d.column),
        None => format!("segue_s{}", shared.iter().position(|name| name == physical).unwrap_or_default()),
    };
    for add in constraint::mixed(layout) {
        let why = quote::text(&format!("constraint {} does not hold", add.name));
        cases.push_str(&format!(" WHEN {} THEN {why}", constraint::violation(layout, add, &value)));
    }
    let otherwise = quote::text("it was kept aside, and can be converted now: write it again");
    let why = if cases.is_empty() { otherwise } else { format!("CASE{cases} ELSE {otherwise} END") };
    format!("SELECT segue_key, {why} FROM ({computed}) AS {}", quote::name(&change.table.name))
}
