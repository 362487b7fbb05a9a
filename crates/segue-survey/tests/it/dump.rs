//! Whole dumps: Sakila in two dialects, Chinook in three, what the verdicts are, and what never comes out.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use segue_model::assessment::{Assessment, Verdict};
use segue_survey::{Dialect, dump};

use crate::data;

/// Tables with their rows, counts by kind, and how often each rule said what.
fn summary(assessment: &Assessment, name: &str) -> String {
    let system = &assessment.systems[name];
    let mut out = format!("{} {:?}, {}\n", system.engine, system.version, system.how);
    for (kind, count) in &system.counts {
        writeln!(out, "  {kind}: {count}").expect("it is a string");
    }
    for table in &system.tables {
        let rows = table.rows.map_or("?".to_owned(), |rows| rows.to_string());
        writeln!(out, "table {}: {} columns, {} indexes, keyed {}, {rows} rows", table.name, table.columns, table.indexes, table.keyed)
            .expect("it is a string");
    }
    let mut rules: BTreeMap<(Verdict, &str), (usize, u64)> = BTreeMap::new();
    for object in &assessment.objects {
        let entry = rules.entry((object.verdict, &object.rule)).or_default();
        *entry = (entry.0 + 1, entry.1 + object.effort_min);
    }
    for ((verdict, rule), (count, minutes)) in rules {
        writeln!(out, "{verdict:?} {rule}: {count} ({minutes} min)").expect("it is a string");
    }
    for sentence in &assessment.not_checked {
        writeln!(out, "not checked: {sentence}").expect("it is a string");
    }
    out
}

fn golden(file: &str, dialect: Dialect, target: Dialect) {
    let Some(text) = data::read(file) else { return };
    let auto = dump(&text, file, Dialect::Auto, Some(target));
    let said = dump(&text, file, dialect, Some(target));
    assert_eq!(auto, said, "the dialect is not told from the text of {file}");
    insta::assert_snapshot!(file.replace(['/', '.'], "_"), summary(&said, file));
}

#[test]
fn sakila_of_mysql() {
    golden("sakila/mysql-schema.sql", Dialect::Mysql, Dialect::Postgres);
}

#[test]
fn sakila_of_postgres() {
    golden("sakila/postgres-schema.sql", Dialect::Postgres, Dialect::Mysql);
}

#[test]
fn chinook_of_mysql() {
    golden("chinook/mysql.sql", Dialect::Mysql, Dialect::Postgres);
}

#[test]
fn chinook_of_postgres() {
    golden("chinook/postgresql.sql", Dialect::Postgres, Dialect::Mysql);
}

#[test]
fn chinook_of_sqlite() {
    golden("chinook/sqlite.sql", Dialect::Sqlite, Dialect::Postgres);
}

/// Schema and data together give the rows of each table; the two dumps of Sakila hold the same data.
#[test]
fn rows_of_data_are_counted_the_same_in_both_dialects() {
    let (Some(a), Some(b)) = (data::read("sakila/mysql-schema.sql"), data::read("sakila/mysql-data.sql")) else { return };
    let (Some(c), Some(d)) = (data::read("sakila/postgres-schema.sql"), data::read("sakila/postgres-data.sql")) else { return };
    let rows = |text: String, dialect| -> BTreeMap<String, Option<u64>> {
        let assessment = dump(&text, "x", dialect, None);
        assessment.systems["x"].tables.iter().map(|t| (t.name.clone(), t.rows)).collect()
    };
    let (mysql, postgres) = (rows(a + &b, Dialect::Mysql), rows(c + &d, Dialect::Postgres));
    for (table, count) in
        [("actor", 200), ("film", 1_000), ("rental", 16_044), ("film_actor", 5_462), ("inventory", 4_581), ("customer", 599)]
    {
        assert_eq!(mysql[table], Some(count), "{table} of MySQL");
        assert_eq!(postgres[table], Some(count), "{table} of PostgreSQL");
    }
}

#[test]
fn places_are_lines_and_one_verdict_is_readable() {
    let text = "-- MySQL dump 10.13  Distrib 8.0.33\n-- Server version\t8.0.33-log\n\nCREATE TABLE `orders` (\n  `id` bigint unsigned NOT NULL AUTO_INCREMENT,\n  PRIMARY KEY (`id`)\n) ENGINE=InnoDB;\n";
    let assessment = dump(text, "shop.sql", Dialect::Auto, Some(Dialect::Postgres));
    assert_eq!(assessment.systems["shop.sql"].version, "8.0.33-log");
    let object = assessment.objects.iter().find(|o| o.rule == "mysql.bigint-unsigned").expect("it is judged");
    assert_eq!((object.name.as_str(), object.place.as_str(), object.verdict), ("orders.id", "shop.sql:5", Verdict::AutoWithWarning));
    assert!(object.reason.starts_with("`bigint unsigned`: numbers above 9223372036854775807"), "{}", object.reason);
}

#[test]
fn nothing_secret_comes_out() {
    let text = "create table t (id int primary key default 7001, a varchar(9) default 'hunter2' comment 'hunter2', check (a <> 'hunter2')) comment='hunter2' connection='mysql://u:hunter2@h/d';
        insert into t values (1, 'hunter2'); set password = 'hunter2'; create user u identified by 'hunter2'; create server s foreign data wrapper mysql options (password 'hunter2');
        create view v as select 'hunter2' as x; create function f() returns text return 'hunter2';";
    for target in [None, Some(Dialect::Postgres)] {
        let json = serde_json::to_string(&dump(text, "x", Dialect::Mysql, target)).expect("it is JSON");
        assert!(!json.contains("hunter2") && !json.contains("7001"), "{json}");
    }
}

#[test]
fn pairs_without_rules_say_so() {
    let assessment = dump("create table t (id int)", "x", Dialect::Mysql, Some(Dialect::Sqlite));
    assert!(assessment.objects.is_empty());
    assert!(assessment.not_checked.iter().any(|s| s == "x: there are no rules for MySQL to SQLite"), "{:?}", assessment.not_checked);
    let assessment = dump("create table t (id int)", "x", Dialect::Mysql, None);
    assert!(assessment.not_checked.iter().any(|s| s.contains("no target was given")));
}

#[test]
fn what_is_torn_is_said() {
    let assessment = dump("create table a (id int);\ncreate table b (x varchar(9) default 'oops);\n", "x", Dialect::Mysql, None);
    assert!(
        assessment.not_checked.iter().any(|s| s == "x: line 2: a quote, comment or body that begins here does not end"),
        "{:?}",
        assessment.not_checked
    );
    assert_eq!(assessment.systems["x"].tables[0].name, "a");
}

#[test]
fn tables_that_hang_together_are_named() {
    let text = "create table a (id int primary key); create table b (id int primary key, a int references a (id)); create table c (id int primary key);
        create table d (id int primary key, c int references c); create table e (id int primary key, b int references b); create table f (id int primary key);";
    let findings = dump(text, "x", Dialect::Postgres, None).findings;
    let found: Vec<(&str, &str)> = findings.iter().map(|f| (f.object.as_str(), f.message.as_str())).collect();
    assert_eq!(
        found,
        [
            ("a (x)", "3 tables hang together by foreign keys and with no other: a, b, e"),
            ("c (x)", "2 tables hang together by foreign keys and with no other: c, d"),
        ]
    );
    let Some(sakila) = data::read("sakila/mysql-schema.sql") else { return };
    let findings = dump(&sakila, "x", Dialect::Mysql, None).findings;
    assert!(findings.iter().any(|f| f.message.starts_with("15 tables hang together")), "{findings:#?}");
    assert!(findings.iter().any(|f| f.object == "staff (x)" || f.object == "store (x)" || f.object == "film (x)"), "{findings:#?}");
}
