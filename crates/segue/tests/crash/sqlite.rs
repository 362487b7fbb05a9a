//! The shop in a SQLite file: its spec with every step kind, and the text of everything in it.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

pub(crate) const SPEC: &str = "\
segue: 1
id: MIG-099
systems: {db: {sqlite: {path: shop.db}}}
limits: {downtime: 10s}
schema:
  in: db
  changes:
    - create_table: {table: audit, columns: {id: {type: integer, primary_key: true}, what: {type: text, null: false}}}
    - rename_column: {table: users, from: name, to: full_name}
    - add_column: {table: users, column: status, type: text, null: false, default: \"'new'\", up: \"'old'\"}
    - change_type: {table: orders, column: total, to: text, up: \"printf('%.2f', total / 100.0)\", down: \"cast(round(cast(total as real) * 100) as integer)\"}
    - set_not_null: {table: orders, column: note, up: \"'none'\"}
    - add_check: {table: users, name: age_sane, check: age >= 0}
    - add_unique: {table: users, name: users_email, columns: [email]}
    - add_foreign_key: {table: orders, name: orders_user, columns: [user_id], references: {table: users, columns: [id]}}
    - create_index: {table: users, name: users_status, columns: [status, full_name]}
    - drop_index: {name: orders_user_note}
    - drop_table: {table: legacy}
";

const SHOP: &str = "
    pragma journal_mode = wal;
    create table users (id integer primary key, name text not null, age integer, email text);
    create index users_age on users (age);
    create table orders (id integer primary key, user_id integer, total integer not null, note text);
    create index orders_total on orders (total) where total > 100;
    create index orders_user_note on orders (user_id, note);
    create table legacy (id integer primary key, what text);
    insert into legacy values (1, 'a'), (2, 'b');
    with recursive n(i) as (values (1) union all select i + 1 from n where i < 300)
      insert into users select i, 'user ' || i, i % 90, 'u' || i || '@example.org' from n;
    with recursive n(i) as (values (1) union all select i + 1 from n where i < 400)
      insert into orders select i, 1 + i % 300, i * 7 % 5000, case when i % 3 = 0 then null else 'note ' || i end from n;
";

/// Makes the shop.
pub(crate) fn fill(path: &Path) {
    run(path, SHOP);
}

/// Runs statements in a session of their own.
pub(crate) fn run(path: &Path, sql: &str) {
    Connection::open(path).and_then(|db| db.execute_batch(sql)).unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// The whole schema and every row.
pub(crate) fn text(path: &Path) -> String {
    let db = Connection::open(path).expect("opens");
    db.busy_timeout(Duration::from_secs(10)).expect("busy time-out");
    let mut text = String::new();
    for (what, sql) in [
        ("schema", "select type, name, tbl_name, sql from sqlite_schema order by type, name"),
        ("version", "pragma user_version"),
        ("journal", "pragma journal_mode"),
        ("integrity", "pragma integrity_check"),
        ("foreign keys", "pragma foreign_key_check"),
    ] {
        rows(&db, what, sql, &mut text);
    }
    let mut tables = db.prepare("select name from sqlite_schema where type = 'table' order by name").expect("reads");
    let tables: Vec<String> = tables.query_map([], |row| row.get(0)).and_then(Iterator::collect).expect("tables");
    for table in tables {
        // A run's id holds a mark that is made by chance.
        let columns = if table == "segue_applied" { "tag, spec_digest" } else { "*" };
        rows(&db, &table, &format!("select {columns} from \"{table}\""), &mut text);
    }
    text
}

fn rows(db: &Connection, what: &str, sql: &str, text: &mut String) {
    text.push_str(&format!("{what}:\n"));
    let mut query = db.prepare(sql).expect("reads");
    let width = query.column_count();
    let mut rows = query.query([]).expect("reads");
    let mut lines = Vec::new();
    while let Some(row) = rows.next().expect("reads") {
        let cells: Vec<String> = (0..width)
            .map(|at| match row.get_ref(at).expect("a value") {
                ValueRef::Null => "NULL".to_owned(),
                ValueRef::Integer(value) => value.to_string(),
                ValueRef::Real(value) => format!("{value:?} real"),
                ValueRef::Text(value) => format!("'{}'", String::from_utf8_lossy(value)),
                ValueRef::Blob(value) => format!("{value:?}"),
            })
            .collect();
        lines.push(format!("  {}\n", cells.join(" | ")));
    }
    lines.sort();
    text.extend(lines);
}
