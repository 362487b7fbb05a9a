//! What a right spec reads as.

use segue_model::change::{self, Change, Columns, IndexColumn};
use segue_model::secret::Reference;
use segue_model::spec::{self, RollbackWish, Spec, System};
use segue_model::units::{Bytes, Millis};

use crate::{with_changes, with_end};

#[track_caller]
fn read(text: &str) -> Spec {
    spec::read(text, "segue.yaml").unwrap_or_else(|problems| panic!("{problems:#?}\n{text}"))
}

const FULL: &str = "\u{feff}segue: 1\r
id: MIG-007\r
name: Users\r
why: |\r
  one\r
  two\r
owners: {dba: dba@example.org}\r
systems:\r
  main: {postgres: {url: env:DB_URL}}\r
  other: {sqlite: {path: \"sqlite:shop.db\"}}\r
schema:\r
  in: main\r
  changes:\r
    - rename_column: {table: shop.users, from: name, to: full_name}\r
limits: {downtime: none, rollback: not-needed}\r
checks:\r
  a: select 1\r
  b: {sql: select 2}\r
throttle: {max_replication_lag: 1.5s, max_load: {threads_running: 40}, batch_target: 100ms, ddl_lock_timeout: null, max_wal: 1GiB}\r
keep_old: 2d\r
";

#[test]
fn every_key_is_taken_over() {
    let spec = read(FULL);
    assert_eq!((spec.segue, spec.id.as_str(), spec.name.as_str(), spec.why.as_str()), (1, "MIG-007", "Users", "one\ntwo\n"));
    assert_eq!(spec.owners["dba"], "dba@example.org");
    assert_eq!(spec.systems["main"], System::Postgres { url: Reference::Env("DB_URL".into()) });
    assert_eq!(spec.systems["other"], System::Sqlite { path: Reference::Plain("shop.db".into()) });
    assert_eq!(spec.schema.as_ref().map(|schema| schema.system.as_str()).unwrap_or_default(), "main");
    assert_eq!(
        spec.changes(),
        [Change::RenameColumn(change::RenameColumn { table: "shop.users".into(), from: "name".into(), to: "full_name".into() })]
    );
    assert_eq!((spec.limits.downtime, spec.limits.rollback), (Some(Millis(0)), RollbackWish::NotNeeded));
    assert_eq!((spec.checks["a"].sql.as_str(), spec.checks["b"].sql.as_str()), ("select 1", "select 2"));
    assert_eq!(spec.throttle.max_replication_lag, Some(Millis(1_500)));
    assert_eq!(spec.throttle.max_load["threads_running"], 40);
    assert_eq!((spec.throttle.batch_target, spec.throttle.ddl_lock_timeout), (Some(Millis(100)), None));
    assert_eq!((spec.throttle.max_wal, spec.keep_old), (Some(Bytes(1 << 30)), Millis(172_800_000)));
}

#[test]
fn what_is_left_out_or_null_has_its_default() {
    let nulls = with_end("name: ~\nwhy:\nowners: null\nlimits: {downtime: null, rollback:}\nchecks: Null\nthrottle:\nkeep_old: NULL\n");
    let (spec, bare) = (read(&nulls), read(&with_end("")));
    assert_eq!(spec, bare);
    assert_eq!(spec.schema.as_ref().map(|schema| schema.system.as_str()).unwrap_or_default(), "db", "the only system");
    assert_eq!((spec.limits.downtime, spec.limits.rollback, spec.keep_old), (None, RollbackWish::Required, Millis(0)));
}

#[test]
fn every_change_is_taken_over() {
    let spec = read(&with_changes(&[
        "create_table: {table: t, columns: {zeta: {type: bigint, primary_key: true, identity: by default}, alpha: {type: \"numeric(12,2)\", null: false, \
         default: 0, unique: true, references: {table: u, columns: [id], on_delete: set null}, check: alpha > 0, comment: c}}, primary_key: [zeta], \
         unique: [[zeta, alpha]], checks: {positive: alpha > 0}, foreign_keys: [{name: f, columns: [zeta], references: {table: u, columns: [id]}}], comment: t}",
        "drop_table: {table: t}",
        "add_column: {table: t, column: c, type: int, null: false, default: 0x10, up: true, check: c > 0, unique: true, references: {table: u, columns: [id]}, comment: x}",
        "drop_column: {table: t, column: c, down: 1}",
        "rename_column: {table: t, from: a, to: b}",
        "change_type: {table: t, column: c, to: bigint, up: c + 1, down: c - 1}",
        "set_not_null: {table: t, column: c, up: \"''\"}",
        "add_check: {table: t, name: n, check: c > 0, up: {c: 1}}",
        "add_foreign_key: {table: t, name: n, columns: [a, b], references: {table: u, columns: [c, d]}, on_delete: cascade, on_update: no action, deferrable: true}",
        "add_unique: {table: t, name: n, columns: [a]}",
        "create_index: {table: t, name: i, columns: [a, {column: b, order: desc, nulls: last, operator_class: o, collation: C}, {expression: true}], unique: true, \
         method: btree, where: a > 0, include: [c], with: {fillfactor: 70}}",
        "drop_index: {name: s.i}",
    ]));
    let names: Vec<String> = spec
        .changes()
        .iter()
        .map(|change| serde_json::to_value(change).expect("json").as_object().and_then(|map| map.keys().next().cloned()).expect("a tag"))
        .collect();
    assert_eq!(names, change::NAMES);
    let Change::CreateTable(table) = &spec.changes()[0] else { panic!("create_table") };
    let Columns(columns) = &table.columns;
    assert_eq!(columns.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["zeta", "alpha"], "in the order written");
    assert_eq!((columns[0].1.identity, columns[1].1.default.as_deref()), (Some(change::Identity::ByDefault), Some("0")));
    assert_eq!(columns[1].1.references.as_ref().and_then(|to| to.on_delete), Some(change::ReferenceAction::SetNull));
    let Change::AddColumn(column) = &spec.changes()[2] else { panic!("add_column") };
    assert_eq!((column.null, column.default.as_deref(), column.up.as_deref()), (false, Some("16"), Some("true")));
    let Change::CreateIndex(index) = &spec.changes()[10] else { panic!("create_index") };
    assert_eq!(index.columns[0], IndexColumn::Name("a".into()));
    let IndexColumn::Part(part) = &index.columns[2] else { panic!("an expression") };
    assert_eq!((part.expression.as_deref(), index.with["fillfactor"].as_str()), (Some("true"), "70"));
    assert!(index.unique && index.predicate.as_deref() == Some("a > 0"));
}

#[test]
fn hostile_names_come_through_as_they_are() {
    for name in [
        "a\"b",
        "a;drop table x;--",
        "😀",
        "a\nb",
        "null",
        "true",
        "1",
        "~",
        "-",
        "a: b",
        "#x",
        "it's",
        "{x}",
        "\\",
        "\u{202e}x",
        "\u{1}",
        "<<",
        " ",
    ] {
        let quoted = serde_json::to_string(name).expect("json");
        let spec = read(&with_changes(&[&format!("rename_column: {{table: t, from: {quoted}, to: {quoted}}}")]));
        let Change::RenameColumn(rename) = &spec.changes()[0] else { panic!("rename") };
        assert_eq!((rename.from.as_str(), rename.to.as_str()), (name, name));
    }
    // As keys too, where YAML's merge key is only one without quotes.
    let spec = read(&with_changes(&["create_table: {table: t, columns: {\"<<\": {type: int}, null: {type: int}, 1: {type: int}}}"]));
    let Change::CreateTable(table) = &spec.changes()[0] else { panic!("create_table") };
    assert_eq!(table.columns.0.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["<<", "null", "1"]);
}

#[test]
fn references_are_kept_unresolved() {
    for (text, expect) in [
        ("env:DB_URL", Reference::Env("DB_URL".into())),
        ("\"file:/run/secrets/db\"", Reference::File("/run/secrets/db".into())),
        ("\"cmd:vault read db\"", Reference::Cmd("vault read db".into())),
        ("postgres://u@h:5432/db", Reference::Plain("postgres://u@h:5432/db".into())),
    ] {
        let spec = read(&with_end("").replace("sqlite: {path: shop.db}", &format!("postgres: {{url: {text}}}")));
        assert_eq!(spec.systems["db"], System::Postgres { url: expect });
    }
}
