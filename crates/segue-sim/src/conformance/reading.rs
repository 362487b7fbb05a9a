//! What an engine says of a database: tables, names, digests, kinds of errors.

use segue_engine::{ErrorKind, Retry};
use segue_model::catalog::ConstraintKind;
use segue_model::ident::TableName;

use super::{Fixture, base, catalog, resolved};

pub(super) async fn a_table_is_read(fixture: &dyn Fixture) {
    base(fixture, "create table teams (id bigint primary key)").await;
    let sql = "create table people (id bigint primary key, name text not null default 'x', team bigint references teams (id), age bigint, constraint adult check (age >= 18), constraint one_name unique (name))";
    base(fixture, sql).await;
    base(fixture, "create index people_age on people (age)").await;
    base(fixture, "create unique index people_lower on people (lower(name)) where age > 20").await;
    let (people, teams) = (resolved(fixture, "people").await, resolved(fixture, "teams").await);
    let read = catalog(fixture, &[people.clone(), TableName::bare("no such table"), teams.clone()]).await;
    assert_eq!(read.tables.len(), 2, "the tables that exist");
    assert!(read.tables.windows(2).all(|pair| pair[0].name < pair[1].name), "sorted by name");
    let table = read.table(&people).expect("people");
    let columns: Vec<_> = table.columns.iter().map(|c| (c.name.as_str(), c.data_type.to_lowercase(), c.nullable)).collect();
    let expect = [("id", "bigint", false), ("name", "text", false), ("team", "bigint", true), ("age", "bigint", true)];
    for ((name, data_type, nullable), (expect_name, expect_type, expect_nullable)) in columns.iter().zip(expect) {
        assert_eq!((*name, data_type.as_str()), (expect_name, expect_type));
        // SQLite lets a key that is not INTEGER be NULL.
        assert!(*nullable == expect_nullable || *name == "id", "column {name} nullable: {nullable}");
    }
    assert_eq!(columns.len(), 4);
    assert!(table.column("name").and_then(|c| c.default.as_deref()).is_some_and(|text| text.contains("'x'")), "the default");
    assert_eq!(table.column("age").and_then(|c| c.default.clone()), None);
    assert_eq!(table.primary_key(), ["id"]);
    assert_eq!(table.walk_key(), Some(vec!["id".to_owned()]));
    let kind = |kind: ConstraintKind| table.constraints.iter().filter(|c| c.kind == kind).collect::<Vec<_>>();
    assert_eq!((kind(ConstraintKind::Check).len(), kind(ConstraintKind::Unique).len(), kind(ConstraintKind::ForeignKey).len()), (1, 1, 1));
    assert!(kind(ConstraintKind::Check)[0].definition.contains("18"));
    assert_eq!(kind(ConstraintKind::Unique)[0].columns, ["name"]);
    assert_eq!(kind(ConstraintKind::ForeignKey)[0].references, Some(teams.clone()));
    assert!(table.constraints.iter().all(|c| c.validated));
    let plain = table.indexes.iter().find(|index| index.name == "people_age").expect("the plain index");
    assert_eq!(
        (plain.columns.as_slice(), plain.unique, plain.valid, plain.partial_or_expression),
        (&["age".to_owned()][..], false, true, false)
    );
    let lower = table.indexes.iter().find(|index| index.name == "people_lower").expect("the partial index");
    assert!(lower.unique && lower.partial_or_expression && lower.definition.contains("20"), "{}", lower.definition);
    assert_eq!(read.table(&teams).expect("teams").referenced_by.len(), 1, "who refers to teams");
    assert!(read == catalog(fixture, &[teams, people]).await, "the same tables read again, in another order");
}

pub(super) async fn names_are_resolved(fixture: &dyn Fixture) {
    base(fixture, "create table b (id bigint primary key)").await;
    base(fixture, "create table a (id bigint primary key, v text)").await;
    base(fixture, "create index a_v on a (v)").await;
    let (a, b) = (resolved(fixture, "a").await, resolved(fixture, "b").await);
    assert_eq!(fixture.engine().tables().await.expect("tables"), [a.clone(), b], "sorted, and none of ours");
    let index = fixture.engine().resolve(&TableName::bare("a_v")).await.expect("an index's name resolves");
    assert_eq!(fixture.engine().index_table(&index).await.expect("looked"), Some(a.clone()));
    let missing = fixture.engine().resolve(&TableName::bare("no_such_index")).await.expect("resolves");
    assert_eq!(fixture.engine().index_table(&missing).await.expect("looked"), None);
    assert_eq!(fixture.engine().resolve(&a).await.expect("resolves"), a, "a full name stays");
    let facts = fixture.engine().facts().await.expect("facts");
    assert_eq!(facts.engine, fixture.engine().name());
    assert!(!facts.read_only && !facts.version.is_empty());
}

pub(super) async fn queries_are_digested(fixture: &dyn Fixture) {
    base(fixture, "create table t (id bigint primary key, v text)").await;
    base(fixture, "insert into t (id, v) values (1, 'a'), (2, null)").await;
    let digest = |sql: &'static str| async move { fixture.engine().query_digest(sql).await.expect(sql) };
    let (first, rows) = digest("select id, v from t order by id").await;
    assert_eq!(rows, 2);
    assert_eq!(digest("select id, v from t order by id").await.0, first, "the same rows");
    assert_ne!(digest("select id, v from t order by id desc").await.0, first, "another order");
    base(fixture, "update t set v = 'NULL' where id = 2").await;
    assert_ne!(digest("select id, v from t order by id").await.0, first, "NULL is not a text");
    let refused = fixture.engine().query_digest("delete from t").await;
    assert!(refused.is_err(), "a query that writes");
    assert_eq!(digest("select id, v from t order by id").await.1, 2, "nothing was deleted");
}

pub(super) async fn errors_have_kinds(fixture: &dyn Fixture) {
    let kind = |sql: &'static str| async move {
        let Err(error) = fixture.engine().query_digest(sql).await else { panic!("{sql} was accepted") };
        let area = error.code.rsplit_once('-').map(|(area, _)| area);
        assert!(area.is_some_and(|area| area.starts_with("SG-")), "{}", error.code);
        error.kind
    };
    assert_eq!(kind("select id from no_such_table").await, ErrorKind::Object);
    let syntax = kind("select from where").await;
    assert_eq!(syntax, ErrorKind::Syntax);
    assert_eq!(syntax.retry(), Retry::Never);
    assert_eq!(ErrorKind::LockTimeout.retry(), Retry::Soon);
    assert_eq!(ErrorKind::Connection.retry(), Retry::Reconnect);
    assert_eq!(ErrorKind::Fenced.retry(), Retry::Never);
}
