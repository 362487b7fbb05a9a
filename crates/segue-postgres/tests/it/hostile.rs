//! Names that hurt, on every kind of object: what is read back is the name itself.

use segue_engine::{Engine as _, Fence as _, Piece, Reshape as _, quote};
use segue_model::ident::TableName;

use crate::database::{databases, guard, role};

/// Quotes, comments, line breaks, emoji, reserved words, names of settings, and one of exactly 63 bytes.
fn names() -> Vec<String> {
    let mut names: Vec<String> = [
        "it's",
        "a\"b",
        "x\"; drop table t;--",
        "😀 é\u{301}",
        "line\nbreak\ttab",
        "select",
        "search_path",
        "%I %s $1 {0} \\",
        "$$",
        " ",
        "(a)",
        "Table",
    ]
    .iter()
    .map(|name| (*name).to_owned())
    .collect();
    names.push(format!("{}é", "n".repeat(61)));
    names
}

fn script(name: &str) -> String {
    let q = quote::name(name);
    let role = quote::name(&format!("r {name}").chars().take(20).collect::<String>());
    format!(
        "create schema {q}; create type {q}.{kind} as enum ({text}); \
         create table {q}.{q} ({q} int primary key, settings {q}.{kind} default {text}, \"user\" int unique, \"tableoid2\" int generated always as ({q} + 1) stored); \
         create table {q}.\"other\" (id int constraint {q} references {q}.{q} ({q})); \
         create index {index} on {q}.{q} (({q} + 1)) where settings = {text}; \
         create function {q}.{q}() returns trigger language plpgsql as 'begin return new; end'; \
         create trigger {q} before insert on {q}.{q} for each row execute function {q}.{q}(); \
         create policy {q} on {q}.{q} to {role} using ({q} > 1); \
         create statistics {q}.{stat} on {q}, \"user\" from {q}.{q}; \
         create rule {q} as on delete to {q}.{q} do also select 1; \
         alter table {q}.{q} add constraint {check} check ({q} > 0); \
         create view {q}.{view} as select {q} as {q} from {q}.{q}; \
         create publication {q} for table {q}.{q}; \
         grant select on {q}.{q} to {role}; grant update ({q}) on {q}.{q} to {role}; \
         comment on table {q}.{q} is {text}; comment on column {q}.{q}.{q} is {text}",
        text = quote::text(name),
        index = suffixed(name, "i"),
        stat = suffixed(name, "s"),
        check = suffixed(name, "c"),
        view = suffixed(name, "v"),
        kind = suffixed(name, "t"),
    )
}

/// The name with its last character changed for another, so that it fits and is none of the others.
fn suffix(name: &str, letter: &str) -> String {
    let mut out: String = name.chars().take(name.chars().count().min(60)).collect();
    out.push_str(letter);
    out
}

fn suffixed(name: &str, letter: &str) -> String {
    quote::name(&suffix(name, letter))
}

#[tokio::test]
async fn hostile_names_are_read_as_they_are() {
    for db in databases("").await {
        let mut all = Vec::new();
        for name in names() {
            role(&db.client, &format!("r {name}").chars().take(20).collect::<String>()).await;
            db.client.batch_execute(&script(&name)).await.unwrap_or_else(|error| panic!("{name:?}: {error:?}"));
            let table = TableName::new(&name, &name);
            let catalog = db.engine.catalog(std::slice::from_ref(&table)).await.unwrap_or_else(|error| panic!("{name:?}: {error:?}"));
            let found = catalog.table(&table).unwrap_or_else(|| panic!("{name:?} is not there"));
            assert_eq!(found.columns[0].name, name);
            assert_eq!(found.primary_key(), [name.as_str()]);
            assert_eq!(found.columns[0].comment.as_deref(), Some(name.as_str()));
            assert_eq!(found.comment.as_deref(), Some(name.as_str()));
            assert!(found.indexes.iter().any(|i| i.name == suffix(&name, "i") && i.columns[0].starts_with('(') && i.partial_or_expression));
            assert_eq!((found.triggers[0].name.as_str(), found.policies[0].name.as_str()), (name.as_str(), name.as_str()));
            assert_eq!((found.rules[0].name.as_str(), found.publications[0].name.as_str()), (name.as_str(), name.as_str()));
            assert_eq!(found.statistics[0].name, suffix(&name, "s"));
            assert!(found.constraints.iter().any(|c| c.name == suffix(&name, "c")));
            assert_eq!(
                (found.referenced_by[0].constraint.as_str(), found.referenced_by[0].columns.as_slice()),
                (name.as_str(), &[name.clone()][..])
            );
            assert_eq!(catalog.views[0].name, TableName::new(&name, suffix(&name, "v")));
            assert_eq!(catalog.views[0].reads, [(table.clone(), vec![name.clone()])]);
            assert_eq!((found.grants.len(), found.columns[0].grants.len()), (1, 1));
            assert_eq!(db.engine.resolve(&table).await.expect("resolved"), table);
            assert_eq!(db.engine.index_table(&TableName::new(&name, suffix(&name, "i"))).await.expect("an index"), Some(table.clone()));
            assert_eq!(db.engine.blockers(&table).await.expect("nobody"), []);
            // What the server wrote can be run again: the door for names is the same on both sides.
            let policy = &found.policies[0].definition;
            db.client
                .batch_execute(&format!("drop policy {} on {}; {policy}", quote::name(&name), quote::table(&table)))
                .await
                .unwrap_or_else(|error| panic!("{policy}: {error:?}"));
            all.push(table);
        }
        let tables = db.engine.tables().await.expect("tables");
        assert!(all.iter().all(|table| tables.contains(table)));
    }
}

#[tokio::test]
async fn a_run_may_have_any_name() {
    for db in databases("").await {
        for name in names() {
            let guard = guard(&name, 1);
            db.engine.make(&guard, Piece::Control).await.unwrap_or_else(|error| panic!("{name:?}: {error:?}"));
            db.engine.take(&guard).await.unwrap_or_else(|error| panic!("{name:?}: {error:?}"));
            assert_eq!(db.engine.state().await.expect("state").active.expect("a run").0, name);
            db.engine.make(&guard, Piece::Finish).await.unwrap_or_else(|error| panic!("{name:?}: {error:?}"));
        }
        assert_eq!(db.engine.state().await.expect("state").applied.len(), names().len());
    }
}
