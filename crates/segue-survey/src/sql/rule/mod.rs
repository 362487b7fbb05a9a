//! The rules: for each construct, what becomes of it on the other side.
//!
//! One family a file, one registry here. A rule looks at one thing (a column, an index, a view, …) and says yes or no;
//! what it says is the same for each hit, with the type in front where there is one. No rule shows a default, a
//! comment or a text of the schema. Tests: below (every rule fires in its case and in nothing clean), `tests/it/dump.rs`.

mod mysql_columns;
mod mysql_indexes;
mod mysql_keys;
mod mysql_numbers;
mod mysql_routines;
mod mysql_server;
mod mysql_special;
mod mysql_tables;
mod mysql_texts;
mod mysql_times;
mod mysql_views;
mod names;
mod postgres_columns;
mod postgres_indexes;
mod postgres_keys;
mod postgres_objects;
mod postgres_tables;
mod postgres_types;
mod scene;
mod sqlite;

use segue_model::assessment::{Object, Verdict};

use super::dialect::Dialect;
use super::schema::{Check, Column, ForeignKey, Index, Schema, Table, Thing};
pub(super) use scene::Scene;

/// What a rule looks at.
pub(super) enum On {
    Table(fn(&Table, &Scene<'_>) -> bool),
    Column(fn(&Column, &Table, &Scene<'_>) -> bool),
    Index(fn(&Index, &Table, &Scene<'_>) -> bool),
    ForeignKey(fn(&ForeignKey, &Table, &Scene<'_>) -> bool),
    Check(fn(&Check, &Table) -> bool),
    /// Things of these kinds.
    Thing(&'static [&'static str], fn(&Thing, &Scene<'_>) -> bool),
    /// Names of tables and columns: kind, name.
    Name(fn(&str, &str, &Scene<'_>) -> bool),
}

/// A rule.
pub(crate) struct Rule {
    /// `mysql.unsigned`: the dialect that it reads, and the construct.
    pub(crate) id: &'static str,
    pub(crate) verdict: Verdict,
    pub(crate) effort_min: u64,
    on: On,
    /// What becomes of it, and what is to be done.
    pub(crate) reason: &'static str,
}

const fn auto(id: &'static str, on: On, reason: &'static str) -> Rule {
    Rule { id, verdict: Verdict::Auto, effort_min: 0, on, reason }
}

const fn warn(id: &'static str, effort_min: u64, on: On, reason: &'static str) -> Rule {
    Rule { id, verdict: Verdict::AutoWithWarning, effort_min, on, reason }
}

const fn manual(id: &'static str, effort_min: u64, on: On, reason: &'static str) -> Rule {
    Rule { id, verdict: Verdict::Manual, effort_min, on, reason }
}

const fn blocked(id: &'static str, effort_min: u64, on: On, reason: &'static str) -> Rule {
    Rule { id, verdict: Verdict::Blocked, effort_min, on, reason }
}

const MYSQL: &[&[Rule]] = &[
    mysql_numbers::RULES,
    mysql_texts::RULES,
    mysql_times::RULES,
    mysql_special::RULES,
    mysql_columns::RULES,
    mysql_indexes::RULES,
    mysql_keys::RULES,
    mysql_tables::RULES,
    mysql_views::RULES,
    mysql_routines::RULES,
    mysql_server::RULES,
    names::MYSQL,
];

const POSTGRES: &[&[Rule]] = &[
    postgres_types::RULES,
    postgres_columns::RULES,
    postgres_indexes::RULES,
    postgres_keys::RULES,
    postgres_tables::RULES,
    postgres_objects::RULES,
    names::POSTGRES,
];

const SQLITE: &[&[Rule]] = &[sqlite::RULES];

/// The rules for one way; empty where there are none.
pub(crate) fn rules(source: Dialect, target: Dialect) -> impl Iterator<Item = &'static Rule> {
    let families = match (source, target) {
        (Dialect::Mysql, Dialect::Postgres) => MYSQL,
        (Dialect::Postgres, Dialect::Mysql) => POSTGRES,
        (Dialect::Sqlite, Dialect::Postgres | Dialect::Mysql) => SQLITE,
        _ => &[],
    };
    families.iter().flat_map(|family| family.iter())
}

/// Every rule on everything of a schema, in a fixed order.
pub(crate) fn judge(schema: &Schema, target: Dialect, system: &str) -> Vec<Object> {
    let scene = Scene::new(schema);
    let mut out = Out { objects: Vec::new(), system };
    for rule in rules(schema.dialect, target) {
        apply(rule, &scene, &mut out);
    }
    out.objects.sort();
    out.objects.dedup();
    out.objects
}

struct Out<'a> {
    objects: Vec<Object>,
    system: &'a str,
}

impl Out<'_> {
    fn hit(&mut self, rule: &Rule, kind: &str, name: String, line: u32, shown: &str, length: usize) {
        let reason = if shown.is_empty() { rule.reason.to_owned() } else { format!("`{shown}`: {}", rule.reason) };
        // A body takes longer by its length: ora2pg's one unit (5 minutes) a thousand characters.
        let longer = if matches!(rule.verdict, Verdict::Manual) { length as u64 / 1_000 * 5 } else { 0 };
        self.objects.push(Object {
            system: self.system.to_owned(),
            kind: kind.to_owned(),
            name,
            verdict: rule.verdict,
            rule: rule.id.to_owned(),
            reason,
            effort_min: rule.effort_min + longer,
            place: if line == 0 { String::new() } else { format!("{}:{line}", self.system) },
        });
    }
}

fn apply(rule: &Rule, scene: &Scene<'_>, out: &mut Out<'_>) {
    if let On::Thing(kinds, fires) = rule.on {
        for thing in scene.schema.things.iter().filter(|t| kinds.contains(&t.kind.as_str()) && fires(t, scene)) {
            let length = if rule.id.ends_with("routine") || rule.id.ends_with("trigger") { thing.length } else { 0 };
            out.hit(rule, &thing.kind, thing.name.clone(), thing.line, "", length);
        }
        return;
    }
    for table in &scene.schema.tables {
        on_table(rule, table, scene, out);
    }
}

fn on_table(rule: &Rule, table: &Table, scene: &Scene<'_>, out: &mut Out<'_>) {
    let title = table.title();
    let within = |name: &str| if name.is_empty() { title.clone() } else { format!("{title}.{name}") };
    match rule.on {
        On::Table(fires) if fires(table, scene) => out.hit(rule, "table", title.clone(), table.line, "", 0),
        On::Column(fires) => {
            for column in table.columns.iter().filter(|c| fires(c, table, scene)) {
                out.hit(rule, "column", within(&column.name), column.line, &column.shown(), 0);
            }
        }
        On::Index(fires) => {
            for index in table.indexes.iter().filter(|i| fires(i, table, scene)) {
                out.hit(rule, "index", within(&index.name), index.line, "", 0);
            }
        }
        On::ForeignKey(fires) => {
            for key in table.foreign_keys.iter().filter(|k| fires(k, table, scene)) {
                let name = if key.name.is_empty() { key.columns.join("_") } else { key.name.clone() };
                out.hit(rule, "foreign-key", within(&name), key.line, "", 0);
            }
        }
        On::Check(fires) => {
            for check in table.checks.iter().filter(|c| fires(c, table)) {
                out.hit(rule, "check", within(&check.name), check.line, "", 0);
            }
        }
        On::Name(fires) => {
            if fires("table", &table.name, scene) {
                out.hit(rule, "table", title.clone(), table.line, "", 0);
            }
            for column in table.columns.iter().filter(|c| fires("column", &c.name, scene)) {
                out.hit(rule, "column", within(&column.name), column.line, "", 0);
            }
        }
        On::Table(_) | On::Thing(..) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;
    use std::collections::BTreeSet;

    /// A script that uses nothing that a rule speaks of, but what everybody has.
    const CLEAN: &[(Dialect, &str)] = &[
        (
            Dialect::Mysql,
            "create table t (id bigint not null primary key, a varchar(10) collate utf8mb4_0900_as_cs) default charset=utf8mb4 collate=utf8mb4_0900_as_cs;",
        ),
        (Dialect::Postgres, "create table t (id bigint primary key, a varchar(10), n decimal(10,2), d date);"),
        (Dialect::Sqlite, "create table t (id text not null primary key, a clob);"),
    ];

    fn cases() -> Vec<(Dialect, &'static [(&'static str, &'static str)])> {
        use Dialect::{Mysql, Postgres, Sqlite};
        vec![
            (Mysql, mysql_numbers::CASES),
            (Mysql, mysql_texts::CASES),
            (Mysql, mysql_times::CASES),
            (Mysql, mysql_special::CASES),
            (Mysql, mysql_columns::CASES),
            (Mysql, mysql_indexes::CASES),
            (Mysql, mysql_keys::CASES),
            (Mysql, mysql_tables::CASES),
            (Mysql, mysql_views::CASES),
            (Mysql, mysql_routines::CASES),
            (Mysql, mysql_server::CASES),
            (Mysql, names::MYSQL_CASES),
            (Postgres, postgres_types::CASES),
            (Postgres, postgres_columns::CASES),
            (Postgres, postgres_indexes::CASES),
            (Postgres, postgres_keys::CASES),
            (Postgres, postgres_tables::CASES),
            (Postgres, postgres_objects::CASES),
            (Postgres, names::POSTGRES_CASES),
            (Sqlite, sqlite::CASES),
        ]
    }

    fn other(dialect: Dialect) -> Dialect {
        if dialect == Dialect::Postgres { Dialect::Mysql } else { Dialect::Postgres }
    }

    /// `(a int unsigned)` stands for a table with a key and that column.
    fn fired(dialect: Dialect, script: &str) -> BTreeSet<String> {
        let script = match script.strip_prefix('(') {
            Some(rest) => format!("create table t (id bigint not null primary key, {rest};"),
            None => script.to_owned(),
        };
        let schema = read::read(&script, dialect);
        assert!(schema.not_read.is_empty(), "{script}: {:?}", schema.not_read);
        judge(&schema, other(dialect), "x").into_iter().map(|o| o.rule).collect()
    }

    #[test]
    fn every_rule_fires_in_its_case_and_not_in_a_clean_one() {
        let mut proven = BTreeSet::new();
        let mut silent = Vec::new();
        for (dialect, family) in cases() {
            for (id, script) in family {
                if !fired(dialect, script).contains(*id) {
                    silent.push(format!("{id}: {script}: {:?}", fired(dialect, script)));
                }
                proven.insert((*id).to_owned());
            }
        }
        assert!(silent.is_empty(), "rules that do not fire in their case:\n{}", silent.join("\n"));
        for (dialect, script) in CLEAN {
            assert_eq!(fired(*dialect, script), BTreeSet::new(), "{script}");
        }
        let all: Vec<&str> =
            [Dialect::Mysql, Dialect::Postgres, Dialect::Sqlite].into_iter().flat_map(|d| rules(d, other(d))).map(|r| r.id).collect();
        let distinct: BTreeSet<String> = all.iter().map(|id| (*id).to_owned()).collect();
        assert_eq!(distinct.len(), all.len(), "an id stands twice");
        assert_eq!(distinct, proven, "a rule without a case, or a case without a rule");
    }

    #[test]
    fn there_are_more_than_sixty_kinds_each_way_and_each_says_what_to_do() {
        let count = |from, to| rules(from, to).count();
        assert!(count(Dialect::Mysql, Dialect::Postgres) >= 60, "{}", count(Dialect::Mysql, Dialect::Postgres));
        assert!(count(Dialect::Postgres, Dialect::Mysql) >= 60, "{}", count(Dialect::Postgres, Dialect::Mysql));
        for rule in rules(Dialect::Mysql, Dialect::Postgres).chain(rules(Dialect::Postgres, Dialect::Mysql)) {
            assert!(rule.reason.len() >= 8, "{}", rule.id);
            assert_eq!(rule.verdict == Verdict::Auto, rule.effort_min == 0, "{}: only what is automatic costs nobody anything", rule.id);
        }
    }
}
