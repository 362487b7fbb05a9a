//! A dump as an assessment: what the system is, its tables with their rows, every object with a verdict.
//! Tests: `tests/it/dump.rs`.

use std::collections::{BTreeMap, BTreeSet};

use segue_model::assessment::{Assessment, Dependence, FORMAT_VERSION, Object, SystemSeen, TableSeen, Verdict};

use super::boundary;
use super::dialect::Dialect;
use super::read;
use super::rule;
use super::schema::{Schema, Table};

/// Assesses the text of an SQL dump.
///
/// `name` is the file's name as the user gave it; places are `name:line`. Data is counted and not kept. Without a
/// target, or for a pair without rules, objects get no verdict on their conversion, and `not_checked` says so. A file
/// that is not UTF-8 may be given with its bad bytes replaced.
pub fn dump(text: &str, name: &str, dialect: Dialect, target: Option<Dialect>) -> Assessment {
    let schema = read::read(text, dialect);
    assess(&schema, name, "dump", target)
}

/// The assessment of a schema, wherever it was read.
pub(super) fn assess(schema: &Schema, name: &str, how: &str, target: Option<Dialect>) -> Assessment {
    let mut assessment =
        Assessment { format_version: FORMAT_VERSION, segue: env!("CARGO_PKG_VERSION").to_owned(), ..Assessment::default() };
    assessment.not_checked.extend(schema.not_read.iter().map(|sentence| format!("{name}: {sentence}")));
    let target = target.filter(|t| *t != Dialect::Auto);
    match target {
        Some(target) if rule::rules(schema.dialect, target).next().is_none() => {
            assessment.not_checked.push(format!("{name}: there are no rules for {} to {}", schema.dialect.title(), target.title()));
        }
        Some(_) => {}
        None => assessment.not_checked.push(format!("{name}: no target was given, so nothing was said of what converting costs")),
    }
    assessment.objects = objects(schema, target, name);
    assessment.dependencies = dependencies(schema, name);
    assessment.findings = boundary::findings(schema, name);
    assessment.systems.insert(name.to_owned(), system(schema, how));
    if how == "dump" {
        assessment.not_checked.push(format!("{name}: a dump shows no load, no settings of the server and no users"));
    }
    assessment
}

/// What the rules say, and for each table of which none says anything, that it converts.
pub(super) fn objects(schema: &Schema, target: Option<Dialect>, name: &str) -> Vec<Object> {
    let Some(target) = target else { return Vec::new() };
    if rule::rules(schema.dialect, target).next().is_none() {
        return Vec::new();
    }
    let mut objects = rule::judge(schema, target, name);
    let spoken_of: BTreeSet<String> =
        objects.iter().flat_map(|o| [o.name.clone(), o.name.rsplit_once('.').map_or_else(String::new, |(t, _)| t.to_owned())]).collect();
    for table in schema.tables.iter().filter(|t| !spoken_of.contains(&t.title())) {
        objects.push(Object {
            system: name.to_owned(),
            kind: "table".to_owned(),
            name: table.title(),
            verdict: Verdict::Auto,
            rule: format!("{}.plain-table", schema.dialect.word()),
            reason: format!("its {} columns convert as they are", table.columns.len()),
            effort_min: 0,
            place: if table.line == 0 { String::new() } else { format!("{name}:{}", table.line) },
        });
    }
    objects.sort();
    objects
}

fn system(schema: &Schema, how: &str) -> SystemSeen {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for thing in schema.things.iter().filter(|t| !matches!(t.kind.as_str(), "setting" | "statement")) {
        *counts.entry(thing.kind.clone()).or_default() += 1;
    }
    counts.insert("table".to_owned(), schema.tables.len() as u64);
    counts.insert("index".to_owned(), schema.tables.iter().map(|t| t.indexes.len() as u64).sum());
    counts.insert("foreign-key".to_owned(), schema.tables.iter().map(|t| t.foreign_keys.len() as u64).sum());
    let engine = if schema.mariadb { "mariadb" } else { schema.dialect.word() };
    let mut tables: Vec<TableSeen> = schema.tables.iter().map(table_seen).collect();
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    SystemSeen {
        engine: engine.to_owned(),
        version: schema.version.clone(),
        how: how.to_owned(),
        tables,
        bytes: (schema.data_bytes > 0).then_some(schema.data_bytes),
        counts,
        ..SystemSeen::default()
    }
}

fn table_seen(table: &Table) -> TableSeen {
    TableSeen {
        name: table.title(),
        rows: table.rows,
        bytes: table.rows.map(|_| table.bytes),
        columns: u32::try_from(table.columns.len()).unwrap_or(u32::MAX),
        indexes: u32::try_from(table.indexes.len()).unwrap_or(u32::MAX),
        keyed: table.keyed(),
        ..TableSeen::default()
    }
}

/// Foreign keys, and the tables that views read.
fn dependencies(schema: &Schema, name: &str) -> Vec<Dependence> {
    let place = |line: u32| if line == 0 { String::new() } else { format!("{name}:{line}") };
    let mut found = BTreeSet::new();
    for table in &schema.tables {
        for key in table.foreign_keys.iter().filter(|k| k.table != table.name) {
            found.insert(Dependence {
                from: table.title(),
                on: key.table.clone(),
                kind: "foreign-key".to_owned(),
                blocking: true,
                why: "its rows need their parents first, so both move together or in this order".to_owned(),
                place: place(key.line),
            });
        }
    }
    let tables: BTreeMap<String, String> = schema.tables.iter().map(|t| (t.name.to_lowercase(), t.title())).collect();
    for view in schema.things.iter().filter(|t| t.kind.contains("view")) {
        for word in view.words.split(' ').collect::<BTreeSet<_>>() {
            if let Some(on) = tables.get(&word.to_lowercase()).filter(|on| **on != view.name) {
                found.insert(Dependence {
                    from: view.name.clone(),
                    on: on.clone(),
                    kind: "view".to_owned(),
                    blocking: false,
                    why: "it can be made after the data is there".to_owned(),
                    place: place(view.line),
                });
            }
        }
    }
    found.into_iter().collect()
}
