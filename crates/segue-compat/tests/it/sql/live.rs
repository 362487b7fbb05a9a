//! Catalogs as live databases give them: no places, and what only they show.

use segue_compat::policy::DEFAULT;
use segue_compat::sql::{CatalogRead, Dialect, compare, postgres};
use segue_model::catalog::Named;
use segue_model::finding::Severity;

/// Rules whose cases stand here, because no text of ours shows them.
pub(crate) const SHOWN_THERE: &[&str] = &["sql-publication-changed"];

fn live() -> CatalogRead {
    let mut read = postgres::catalog("CREATE TABLE t (id int PRIMARY KEY, a int);");
    read.places.clear();
    read
}

fn found(old: &CatalogRead, new: &CatalogRead) -> Vec<(String, Severity)> {
    let outcome = compare::check(old, new, Dialect::Postgres, &DEFAULT);
    assert!(outcome.drafts.iter().all(|draft| draft.at.is_none()));
    outcome.drafts.into_iter().map(|draft| (draft.rule, draft.severity)).collect()
}

#[test]
fn rights_and_publications_are_compared() {
    let (mut old, mut new) = (live(), live());
    assert!(found(&old, &new).is_empty());
    old.catalog.tables[0].grants.push("SELECT to app".to_owned());
    new.catalog.tables[0].columns[1].grants.push("UPDATE to PUBLIC".to_owned());
    assert_eq!(found(&old, &new), [("sql-grant-added".to_owned(), Severity::Critical), ("sql-grant-removed".to_owned(), Severity::High)]);
    let (mut old, mut new) = (live(), live());
    old.catalog.tables[0].publications.push(Named { name: "p".to_owned(), definition: "table".to_owned() });
    assert_eq!(found(&old, &new), [("sql-publication-changed".to_owned(), Severity::High)]);
    new.catalog.tables[0].publications.push(Named { name: "p".to_owned(), definition: "table (id)".to_owned() });
    assert_eq!(found(&old, &new), [("sql-publication-changed".to_owned(), Severity::High)]);
}

#[test]
fn enums_are_related_by_their_labels() {
    let text = "CREATE TYPE mood AS ENUM ('ok', 'sad');CREATE TABLE t (id int PRIMARY KEY, m mood);";
    let (mut old, mut new) = (postgres::catalog(text), postgres::catalog(text));
    for (read, labels) in [(&mut old, ["ok", "sad"]), (&mut new, ["sad", "happy"])] {
        read.enums.insert("public.mood".to_owned(), labels.map(str::to_owned).to_vec());
    }
    let rules: Vec<String> = compare::check(&old, &new, Dialect::Postgres, &DEFAULT).drafts.into_iter().map(|draft| draft.rule).collect();
    assert_eq!(rules, ["sql-enum-label-added", "sql-enum-label-removed"]);
}

#[test]
fn what_a_live_side_does_not_show_is_not_called_gone() {
    let text = "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE DOMAIN d AS int CHECK (VALUE > 0); CREATE SEQUENCE s;";
    let file = postgres::catalog(&format!("{text} CREATE TABLE t (id int PRIMARY KEY, a int);"));
    let mut there = live();
    let gone: Vec<String> = found_in(&file, &there).into_iter().map(|(rule, _)| rule).collect();
    assert_eq!(gone, ["sql-object-removed"; 3], "a file that lacks them lost them");
    there.tables_alone = true;
    for (old, new, side) in [(&file, &there, "new"), (&there, &file, "old")] {
        let outcome = compare::check(old, new, Dialect::Postgres, &DEFAULT);
        assert!(outcome.drafts.is_empty(), "{:?}", outcome.drafts);
        assert!(outcome.not_checked.iter().any(|sentence| sentence.starts_with(&format!("{side} side: functions"))));
    }
}

fn found_in(old: &CatalogRead, new: &CatalogRead) -> Vec<(String, Severity)> {
    compare::check(old, new, Dialect::Postgres, &DEFAULT).drafts.into_iter().map(|draft| (draft.rule, draft.severity)).collect()
}
