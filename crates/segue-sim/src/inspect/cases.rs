//! What a look sees: tables, counts, keys, catalogs, hostile names.

use std::collections::BTreeSet;

use segue_engine::inspect::{Bound, Look};
use segue_model::assessment::TableSeen;

use super::Looked;
use crate::hostile;

/// The tables of the suite: `keyed` with 30 rows, `loose` without a key, `child` that refers to `keyed`, a view.
pub(super) async fn make(fixture: &dyn Looked) {
    let rows: Vec<_> = (1..=30).map(|n| format!("({n}, 'text {n}')")).collect();
    for sql in [
        "create table keyed (id integer not null primary key, a varchar(40) not null)",
        "create index keyed_a on keyed (a)",
        &format!("insert into keyed values {}", rows.join(", ")),
        "create table loose (a integer)",
        "insert into loose values (1), (1)",
        "create table child (id integer not null primary key, keyed_id integer not null, constraint child_fk foreign key (keyed_id) references keyed (id))",
        "create view seen as select a from keyed",
    ] {
        fixture.execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}

pub(super) async fn tables_are_seen(fixture: &dyn Looked) {
    let facts = fixture.inspect().facts().await.expect("facts");
    let seen = fixture.inspect().seen(Look::default()).await.expect("a look");
    assert_eq!((seen.system.engine.as_str(), seen.system.how.as_str()), (facts.engine, "live"));
    assert_eq!(seen.system.version, facts.version);
    let names: Vec<_> = seen.system.tables.iter().map(|table| table.name.clone()).collect();
    let expected = ["child", "keyed", "loose"].map(|name| fixture.table(name).to_string());
    assert_eq!(names, expected);
    let keyed = &seen.system.tables[1];
    let shape = |table: &TableSeen| (table.rows, table.rows_estimated, table.columns, table.keyed);
    assert_eq!(shape(keyed), (Some(30), false, 2, true));
    assert_eq!(shape(&seen.system.tables[2]), (Some(2), false, 1, false));
    assert!(keyed.bytes.is_some_and(|bytes| bytes > 0) && keyed.index_bytes.is_some(), "{keyed:?}");
    assert!((1..=2).contains(&keyed.indexes), "{keyed:?}");
    assert!(seen.system.bytes.is_some_and(|bytes| bytes >= keyed.bytes.unwrap_or_default()), "{:?}", seen.system.bytes);
    for (kind, count) in [("view", 1), ("trigger", 0), ("routine", 0), ("sequence", 0)] {
        assert_eq!(seen.system.counts.get(kind), Some(&count), "{kind}: {:?}", seen.system.counts);
    }
    assert!(seen.system.settings.len() >= 8, "{:?}", seen.system.settings);
    let loose: Vec<_> = seen.findings.iter().filter(|finding| finding.code == "SG-INS-003").map(|f| f.object.clone()).collect();
    assert_eq!(loose, [format!("table {}", fixture.table("loose"))]);
    assert!(!seen.not_checked.is_empty(), "something is unknown on every engine");
    for sentence in &seen.not_checked {
        assert!(!sentence.contains('\n') && sentence.len() < 300, "one sentence: {sentence}");
    }
}

pub(super) async fn a_look_is_bounded(fixture: &dyn Looked) {
    let look = Look { tables: 1, findings: 0, ..Look::default() };
    let seen = fixture.inspect().seen(look).await.expect("a look");
    assert_eq!((seen.system.tables.len(), seen.findings.len()), (1, 0));
    assert!(seen.not_checked.iter().any(|s| s == "2 of 3 tables are not listed: the smaller ones"), "{:?}", seen.not_checked);
    assert!(seen.not_checked.iter().any(|s| s.ends_with("of SG-INS-003 are not listed")), "{:?}", seen.not_checked);
}

pub(super) async fn catalogs_agree(fixture: &dyn Looked) {
    let all = fixture.inspect().catalog_all().await.expect("a catalog");
    assert_eq!(all, fixture.inspect().catalog_all().await.expect("again"), "two readings are the same");
    let names: Vec<_> = all.catalog.tables.iter().map(|table| table.name.clone()).collect();
    let named = fixture.inspect().catalog_of(&names).await.expect("the same");
    assert_eq!(all.catalog.tables, named.catalog.tables);
    let keyed = all.catalog.table(&fixture.table("keyed")).expect("keyed");
    assert_eq!(keyed.primary_key(), ["id"]);
    assert!(keyed.indexes.iter().any(|index| index.name == "keyed_a" && index.columns == ["a"] && !index.unique), "{:?}", keyed.indexes);
    assert_eq!(keyed.referenced_by.len(), 1, "{:?}", keyed.referenced_by);
    assert_eq!(
        (&keyed.referenced_by[0].table, keyed.referenced_by[0].columns.as_slice()),
        (&fixture.table("child"), ["id".to_owned()].as_slice())
    );
    let child = all.catalog.table(&fixture.table("child")).expect("child");
    let key = child.constraints.iter().find(|c| c.references.is_some()).expect("a foreign key");
    assert_eq!((key.name.as_str(), key.references.as_ref()), ("child_fk", Some(&fixture.table("keyed"))));
    assert_eq!(all.catalog.table(&fixture.table("loose")).expect("loose").walk_key(), None);
    let view = all.catalog.views.iter().find(|view| view.name == fixture.table("seen")).expect("the view");
    assert!(view.reads.iter().any(|(table, _)| *table == fixture.table("keyed")), "{view:?}");
    let none = fixture.inspect().catalog_of(&[fixture.table("not there")]).await.expect("nothing");
    assert!(none.catalog.tables.is_empty() && none.catalog.views.is_empty());
}

pub(super) async fn hostile_names_are_read(fixture: &dyn Looked) {
    let mut made = BTreeSet::new();
    let mut names = hostile::names();
    names.push("a`; drop table keyed; --".to_owned());
    names.push("m".repeat(64));
    for name in names {
        let quoted = fixture.quoted(&name);
        let sql = format!("create table {quoted} ({quoted} integer not null, constraint {quoted} check ({quoted} > 0))");
        // Every engine has names that it does not take, or does not tell from one that is there.
        if fixture.execute(&sql).await.is_ok() {
            fixture.execute(&format!("insert into {quoted} values (7)")).await.expect("a row");
            made.insert(name);
        }
    }
    assert!(made.len() >= 60, "only {} names were taken", made.len());
    let seen = fixture.inspect().seen(Look::default()).await.expect("a look");
    let all = fixture.inspect().catalog_all().await.expect("a catalog").catalog;
    // Where there are no schemas, our own table's name is ours.
    for name in made.iter().filter(|name| *name != "segue_control") {
        let table = fixture.table(&all_of(&all, name));
        let found = seen.system.tables.iter().find(|found| found.name == table.to_string());
        let found = found.unwrap_or_else(|| panic!("{name:?} was not seen as {table}"));
        assert_eq!((found.rows, found.columns), (Some(1), 1), "{name:?}");
        let described = all.table(&table).unwrap_or_else(|| panic!("{name:?} is not in the catalog"));
        assert_eq!(described.columns[0].name, table.name, "{name:?}");
        let taken = fixture.inspect().read_sample(&table, Bound::default()).await.unwrap_or_else(|error| panic!("{name:?}: {error}"));
        assert_eq!(taken.sample.rows, 1, "{name:?}");
    }
    let keyed = seen.system.tables.iter().find(|table| table.name == fixture.table("keyed").to_string());
    assert_eq!(keyed.and_then(|keyed| keyed.rows), Some(30), "nothing of it was run");
}

/// A server cuts a name that is too long for it: PostgreSQL at 63 bytes.
fn all_of(catalog: &segue_model::catalog::Catalog, name: &str) -> String {
    let whole = |wanted: &str| catalog.tables.iter().any(|table| table.name.name == wanted);
    if whole(name) { name.to_owned() } else { name.chars().take(63).collect() }
}
