//! Compare: an independent read that evaluates `up` and `down` itself and believes neither triggers nor helper.
//!
//! Where a new column is linked to an old one, they agree when the new one is `up` of the row or the old one is
//! `down` of it: either side may have written last, and a conversion may lose what the other side cannot hold.
//! Tests: `tests/it/verify.rs`.

use rusqlite::Connection;
use segue_engine::{Comparison, EngineError, Key, quote};
use segue_model::reshape::TableChange;

use super::layout::Layout;
use super::triggers::{any, same};
use super::walk;
use crate::compose::{self, Pass};
use crate::error::Doing;

const EXAMPLES: usize = 10;

/// Compares the next rows.
pub(crate) fn range(connection: &Connection, change: &TableChange, after: Option<&Key>, limit: u64) -> Result<Comparison, EngineError> {
    let layout = Layout::read(connection, change)?;
    let range = walk::next(connection, &layout, after, limit)?;
    let mut out = Comparison { next: range.next, compared: range.rows, mismatches: 0, unconverted: 0, examples: Vec::new() };
    if !layout.tracked() || !layout.has_helper() {
        return Ok(out);
    }
    let doing = format!("comparing rows of {}", layout.table);
    let mut statement = connection.prepare_cached(&select(&layout, &range.condition)).doing(&doing)?;
    let mut rows = statement.query(rusqlite::params_from_iter(range.values.iter())).doing(&doing)?;
    let mut compared = 0;
    while let Some(row) = rows.next().doing(&doing)? {
        compared += 1;
        match row.get::<_, i64>(1).doing(&doing)? {
            0 if change.backfill => out.unconverted += 1,
            3 | 7 => {}
            _ if row.get::<_, bool>(2).doing(&doing)? => {
                out.mismatches += 1;
                if out.examples.len() < EXAMPLES {
                    out.examples.push(row.get(0).doing(&doing)?);
                }
            }
            _ => {}
        }
    }
    out.compared = compared;
    Ok(out)
}

fn select(layout: &Layout<'_>, condition: &str) -> String {
    let change = layout.change;
    let mut pass = vec![
        Pass { value: walk::shown_sql(layout), name: "segue_key".to_owned() },
        Pass { value: quote::name(&layout.helper), name: "segue_h".to_owned() },
    ];
    pass.extend(change.up.iter().enumerate().map(|(i, d)| Pass { value: quote::name(&d.physical), name: format!("segue_p{i}") }));
    pass.extend(change.down.iter().enumerate().map(|(j, d)| Pass { value: quote::name(&d.physical), name: format!("segue_q{j}") }));
    let mut names: Vec<String> = pass.iter().map(|p| p.name.clone()).collect();
    let from = format!("{} WHERE {condition}", layout.quoted());
    let computed = compose::up(change, compose::select(layout.old_form(""), &pass, &from), &names);
    let mut outer: Vec<Pass> = names.iter().map(|name| Pass { value: name.clone(), name: name.clone() }).collect();
    for (i, d) in change.up.iter().enumerate() {
        outer.push(Pass { value: quote::name(&d.column), name: format!("segue_u{i}") });
        names.push(format!("segue_u{i}"));
    }
    let form = change.new.iter().map(|column| {
        let at = change.up.iter().position(|d| d.column == column.name);
        (at.map_or_else(|| quote::name(&column.name), |i| format!("segue_p{i}")), column.name.as_str())
    });
    let table = quote::name(&change.table.name);
    let stored = compose::select(form, &outer, &format!("({computed}) AS {table}"));
    let back = compose::down(change, stored, &names);
    format!("SELECT segue_key, segue_h, {} FROM ({back}) AS {table}", disagree(layout))
}

/// A condition: the row's two forms do not agree.
fn disagree(layout: &Layout<'_>) -> String {
    let change = layout.change;
    let mut out = Vec::new();
    for (i, d) in change.up.iter().enumerate() {
        let form = layout.new_column(&d.column);
        if !form.nullable {
            out.push(format!("segue_p{i} IS NULL"));
        }
        if change.backfill && !layout.before.strict {
            out.push(format!("segue_p{i} IS {}", layout.untouched()));
        }
        for (j, old) in change.down.iter().enumerate() {
            if old.reads.contains(&d.physical) || d.reads.contains(&old.physical) {
                let up = same(&format!("segue_p{i}"), &format!("segue_u{i}"));
                let down = same(&format!("segue_q{j}"), &quote::name(&old.column));
                out.push(format!("NOT ({up} OR {down})"));
            }
        }
    }
    any(out)
}
