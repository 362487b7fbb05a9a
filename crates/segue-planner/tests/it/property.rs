//! Random sequences of changes over random tables: what is resolved is consistent in itself.
//!
//! A failing case prints its seed, which `.seed(…)` in the test repeats.

use std::collections::{BTreeMap, BTreeSet};

use arbtest::arbitrary::{Result, Unstructured};
use segue_model::catalog::Table;
use segue_model::finding::Severity;
use segue_model::reshape::{Assign, Role, TableChange, Value};
use segue_planner::{Observed, Resolved, resolve};
use serde_json::{Value as Json, json};

use crate::fixture::{observed, observed_sqlite, spec, table};

const NAMES: [&str; 7] = ["a", "b", "c", "d", "e", "tmp", "z"];

fn name(u: &mut Unstructured<'_>) -> Result<&'static str> {
    Ok(*u.choose(&NAMES)?)
}

fn change(u: &mut Unstructured<'_>) -> Result<Json> {
    let (one, other) = (name(u)?, name(u)?);
    Ok(match u.int_in_range(0..=8)? {
        0 => json!({"add_column": {"table": "t", "column": one, "type": "text", "up": other}}),
        1 => json!({"add_column": {"table": "t", "column": one, "type": "text"}}),
        2 => json!({"drop_column": {"table": "t", "column": one, "down": other}}),
        3 | 4 => json!({"rename_column": {"table": "t", "from": one, "to": other}}),
        5 => json!({"change_type": {"table": "t", "column": one, "to": "bigint", "up": format!("f({other}, {one})")}}),
        6 => json!({"set_not_null": {"table": "t", "column": one, "up": other}}),
        7 => json!({"set_not_null": {"table": "t", "column": one}}),
        _ => json!({"add_check": {"table": "t", "name": format!("c_{one}_{other}"), "check": format!("{other} > 0"), "up": {one: "1"}}}),
    })
}

fn case(u: &mut Unstructured<'_>) -> Result<(Vec<Json>, Table, bool)> {
    let columns: Vec<&str> = ["id int", "a int?", "b text?", "c text = 'x'", "d int?"][..u.int_in_range(2..=5)?].to_vec();
    let wanted = u.int_in_range(1..=7)?;
    let changes = (0..wanted).map(|_| change(u)).collect::<Result<_>>()?;
    Ok((changes, table("t", &columns), u.arbitrary()?))
}

/// Keeps those changes of a sequence that are not refused, one by one: most random ones name what is not there.
fn accepted(changes: Vec<Json>, observe: impl Fn(&segue_model::spec::Spec) -> Observed) -> (Vec<Json>, Resolved) {
    let (mut kept, mut last) = (Vec::new(), Resolved::default());
    for change in changes {
        let mut tried = kept.clone();
        tried.push(change);
        let spec = spec(&Json::Array(tried.clone()));
        let (resolved, findings) = resolve(&spec, &observe(&spec));
        if findings.iter().all(|finding| finding.severity < Severity::Critical) {
            (kept, last) = (tried, resolved);
        }
    }
    (kept, last)
}

fn columns(assigns: &[Assign]) -> Vec<String> {
    assigns.iter().map(|assign| assign.column.clone()).collect()
}

fn unique(names: impl IntoIterator<Item = String>) -> bool {
    let mut seen = BTreeSet::new();
    names.into_iter().all(|name| seen.insert(name))
}

fn refers_to(assigns: &[Assign], from: &[String]) -> bool {
    assigns.iter().all(|assign| match &assign.value {
        Value::Column(column) | Value::Cast { column, .. } | Value::Coalesce { column, .. } | Value::Unless { column, .. } => {
            from.contains(column)
        }
        Value::Sql(_) | Value::Null => true,
    })
}

fn consistent(change: &TableChange, table: &Table) {
    let old: Vec<String> = change.old.iter().map(|column| column.name.clone()).collect();
    let new: Vec<String> = change.new.iter().map(|column| column.name.clone()).collect();
    assert!(unique(old.clone()) && unique(new.clone()), "forms name a column twice");
    assert!(unique(change.new.iter().map(|column| column.physical.clone())), "two columns of the new form on one physical column");
    // Every stage names every column of the forms beside it.
    let mut form = old.clone();
    for stage in &change.stages {
        assert_eq!(columns(&stage.down), form, "down gives the form before");
        assert!(refers_to(&stage.up, &form), "up reads the form before");
        assert!(refers_to(&stage.down, &columns(&stage.up)), "down reads the form after");
        form = columns(&stage.up);
    }
    assert_eq!(form, new, "the stages end at the new form");
    // Physical columns.
    let there = |name: &str| table.column(name).is_some();
    let fresh: Vec<String> = change.up.iter().map(|derived| derived.physical.clone()).collect();
    assert!(unique(fresh.clone()) && fresh.iter().all(|name| !there(name) && name.len() <= 63), "twins clash: {fresh:?}");
    for derived in &change.up {
        assert!(new.contains(&derived.column));
        assert!(derived.reads.iter().all(|name| there(name)), "up reads old physical columns");
        if let Role::Renamed { original, name } | Role::Converted { original, name } = &derived.role {
            assert!(there(original) && *name == derived.column);
        }
    }
    for derived in &change.down {
        assert!(there(&derived.physical) && old.contains(&derived.column));
        assert!(derived.reads.iter().all(|name| there(name) || fresh.contains(name)), "down reads columns that are nowhere");
        assert_eq!(
            derived.role == Role::Dropped,
            !change.up.iter().any(
                |up| matches!(&up.role, Role::Renamed { original, .. } | Role::Converted { original, .. } if *original == derived.physical)
            )
        );
    }
    for column in &change.new {
        assert!(there(&column.physical) || fresh.contains(&column.physical), "{} stands nowhere", column.name);
    }
    // An old column is shared, or derived on the way down.
    for column in &change.old {
        let shared = change.new.iter().any(|new| new.physical == column.physical && new.name == column.name);
        assert!(shared || change.down.iter().any(|derived| derived.physical == column.physical), "{} is lost", column.name);
    }
    assert!(change.key.iter().all(|name| there(name)) && !change.key.is_empty());
}

/// What each column is made of, physically.
type Made = BTreeMap<String, BTreeSet<String>>;

/// One stage walked forward over sets of physical columns: the other way round than the planner does it.
fn walk(assigns: &[Assign], before: &Made) -> Made {
    let words =
        |sql: &str| sql.split(|c: char| !c.is_alphanumeric()).filter_map(|word| before.get(word)).flatten().cloned().collect::<Vec<_>>();
    let mut out = Made::new();
    for assign in assigns {
        let set = out.entry(assign.column.clone()).or_default();
        match &assign.value {
            Value::Column(column) | Value::Cast { column, .. } => set.extend(before[column].clone()),
            Value::Sql(sql) => set.extend(words(sql)),
            Value::Coalesce { column, sql } => {
                set.extend(before[column].clone());
                set.extend(words(sql));
            }
            Value::Unless { column, condition, sql } => {
                set.extend(before[column].clone());
                set.extend(words(condition));
                set.extend(words(sql));
            }
            Value::Null => {}
        }
    }
    out
}

/// `reads` never holds too few: an evaluation in the other direction finds nothing that is missing.
fn reads_enough(change: &TableChange) {
    let mut made: Made = change.old.iter().map(|c| (c.name.clone(), BTreeSet::from([c.physical.clone()]))).collect();
    for stage in &change.stages {
        made = walk(&stage.up, &made);
    }
    for derived in &change.up {
        assert!(made[&derived.column].iter().all(|name| derived.reads.contains(name)), "up {} reads too few", derived.column);
    }
    let twin = |name: &str| change.up.iter().find(|up| up.column == name).map(|up| up.physical.clone());
    let stands = |c: &segue_model::reshape::FormColumn| [Some(c.physical.clone()), twin(&c.name)].into_iter().flatten().collect();
    let mut made: Made = change.new.iter().map(|c| (c.name.clone(), stands(c))).collect();
    for stage in change.stages.iter().rev() {
        made = walk(&stage.down, &made);
    }
    for derived in &change.down {
        let enough = made[&derived.column].iter().all(|name| *name == derived.physical || derived.reads.contains(name));
        assert!(enough, "down {} reads too few", derived.column);
    }
}

#[test]
fn what_is_resolved_is_consistent() {
    let mut resolved_some = 0u32;
    arbtest::arbtest(|u| {
        let (changes, table, sqlite) = case(u)?;
        let observe = |spec: &segue_model::spec::Spec| {
            if sqlite { observed_sqlite(spec, vec![table.clone()]) } else { observed(spec, vec![table.clone()]) }
        };
        let (kept, resolved) = accepted(changes, observe);
        for change in &resolved.tables {
            consistent(change, &table);
            reads_enough(change);
            resolved_some += u32::from(kept.len() > 2);
        }
        let spec = spec(&Json::Array(kept));
        assert_eq!(resolve(&spec, &observe(&spec)).0.tables, resolved.tables, "same inputs, same change");
        Ok(())
    })
    .budget_ms(2_000);
    assert!(resolved_some > 8, "only {resolved_some} sequences of more than two changes were resolved");
}
