//! The two sides of a spec: what its `move` converts and its `schema` makes of the target, between real servers.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use segue_mysql::private_server::find_programs;
use segue_postgres::private_server::find_bins;
use segue_sim::rows::Place;
use serde_json::{Value, json};

use crate::room::{Room, table};

/// As the target is right after the move: names and types as they were, times and JSON converted.
const MOVED: &str = "
    create table users (id bigint primary key, name text, settings jsonb, seen timestamptz, cents bigint, fax text);
    insert into users values (1, 'Ana', '{\"a\": 1, \"b\": [true]}', '2026-11-21 09:00:00+00', 1050, 'x'),
        (2, 'Bob', null, '1970-01-01 00:00:00+00', 7, null), (3, 'Çelik', '[]', '2026-06-01 10:00:00+00', -725, null);
    create table leaving (id bigint primary key); insert into leaving values (1)";

/// The same after the change of form: a new name, a value by `up`, a column and a table more and less.
const RESHAPED: &str = "
    alter table users rename column name to full_name;
    alter table users rename column cents to total;
    alter table users alter column total type numeric(12,2) using total / 100.0;
    alter table users drop column fax;
    alter table users add column label text; update users set label = upper(full_name);
    alter table users add column plan text default 'free';
    drop table leaving;
    create table fresh (id bigint primary key)";

fn spec(source: &str) -> String {
    format!(
        "segue: 1
id: MIG-7
name: shop
systems:
  old: {source}
  new: {{postgres: {{url: file:new.url}}}}
move:
  from: old
  to: new
  exclude: [tmp_*]
  convert:
    columns:
      users.settings: {{to: jsonb, from_text: json}}
      users.seen: {{to: timestamptz, from_epoch: seconds, zone: UTC}}
schema:
  in: new
  changes:
    - rename_column: {{table: users, from: name, to: full_name}}
    - rename_column: {{table: users, from: cents, to: total}}
    - change_type: {{table: users, column: total, to: \"numeric(12,2)\", up: cents / 100.0, down: round(total * 100)}}
    - drop_column: {{table: users, column: fax}}
    - add_column: {{table: users, column: label, type: text, up: upper(name)}}
    - add_column: {{table: users, column: plan, type: text}}
    - drop_table: {{table: leaving}}
    - create_table: {{table: fresh, columns: {{id: {{type: bigint, primary_key: true}}}}}}
throttle: {{max_replication_lag: 1h, max_bytes_per_s: 1GiB}}
"
    )
}

const ROWS: &str = "insert into users values (1, 'Ana', '{ \"b\": [true], \"a\": 1 }', 1795251600, 1050, 'x'),
    (2, 'Bob', null, 0, 7, null), (3, 'Çelik', '[]', 1780308000, -725, null);
    insert into leaving values (1); insert into tmp_x values (1)";

/// Runs the spec against a target, before and after its change of form.
async fn try_it(room: &Room, target: &Place) {
    room.write("new.url", &target.url());
    target.execute(MOVED).await;
    let run = |words: &[&str]| {
        let said = tokio::task::block_in_place(|| room.segue(&[&["verify", "-f", "segue.yaml", "--format", "json"], words].concat()));
        let document: Value = serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {said:?}"));
        (said.code, document)
    };
    let (code, document) = run(&[]);
    assert_eq!((code, document["tables"].as_array().map(Vec::len)), (0, Some(2)), "before the change of form: {document:#}");
    target.execute(RESHAPED).await;
    let (code, document) = run(&[]);
    assert_eq!(code, 0, "{document:#}");
    let notes = format!("{}{}", document["tables"], document["not_compared"]);
    for said in ["fax is not compared", "plan is not compared", "leaving is at the source alone", "fresh is at the target alone"] {
        assert!(notes.contains(said), "{said}: {notes}");
    }
    for (edit, back, column) in [
        ("total = total + 0.01", "total = total - 0.01", "cents"),
        ("full_name = 'Eva'", "full_name = 'Bob'", "name"),
        ("label = 'Bob'", "label = 'BOB'", "label"),
        ("settings = 'null'", "settings = null", "settings"),
        ("seen = seen + interval '1 second'", "seen = seen - interval '1 second'", "seen"),
    ] {
        target.execute(&format!("update users set {edit} where id = 2")).await;
        let (code, document) = run(&[]);
        let row = &table(&document, document["tables"][0]["source"].as_str().expect("a name"))["examples"][0];
        assert_eq!((code, &row["key"]["id"], &row["columns"]), (4, &json!(2), &json!([column])), "{edit}: {document:#}");
        // A condition of each side in its own words leaves the row away.
        let (code, _) = run(&["--where", "cents <> 7", "--where-target", "total <> 0.07 and total <> 0.08"]);
        assert_eq!(code, 0, "{edit}");
        target.execute(&format!("update users set {back} where id = 2")).await;
    }
    assert_eq!(run(&[]).0, 0, "all is as it was");
}

/// A source whose rows break what the spec wants of the target.
const BROKEN: &str = "create table people (id integer primary key, name text); create table bills (id integer primary key, cents integer);
    insert into people values (1, 'Ana'), (2, null); insert into bills values (1, 5), (2, -7), (3, null)";

fn filling(sql: &str) -> String {
    format!(
        "segue: 1
id: MIG-9
name: filled
systems: {{old: {{sqlite: {{path: old.db}}}}, new: {{postgres: {{url: file:new.url}}}}}}
move: {{from: old, to: new}}
schema:
  in: new
{sql}"
    )
}

const FILLED: &str = "  changes:
    - set_not_null: {table: people, column: name, up: \"'nobody'\"}
    - add_check: {table: bills, name: sound, check: cents >= 0, up: {cents: abs(cents)}}
";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn values_for_rows_that_break_what_the_spec_wants_are_compared() {
    let target = Place::postgres(&postgres()).await;
    let room = Room::twins("");
    room.run("old.db", BROKEN);
    room.write("new.url", &target.url());
    room.write("segue.yaml", &filling(FILLED));
    target.execute(BROKEN).await;
    let run = || {
        let said = tokio::task::block_in_place(|| room.segue(&["verify", "-f", "segue.yaml", "--format", "json"]));
        let document: Value = serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {said:?}"));
        (said.code, document)
    };
    assert_eq!(run().0, 0, "before the change of form the rows are as they were");
    target.execute("update people set name = 'nobody' where id = 2; update bills set cents = 7 where id = 2").await;
    let (code, document) = run();
    assert_eq!((code, &table(&document, "bills")["changed"]), (4, &json!(1)), "values of a form that is not there: {document:#}");
    target.execute("alter table people alter column name set not null").await;
    target.execute("alter table bills add constraint sound check (cents >= 0)").await;
    let (code, document) = run();
    assert_eq!(code, 0, "{document:#}");
    for (edit, back, column) in [
        ("people set name = 'other' where id = 2", "people set name = 'nobody' where id = 2", "name"),
        ("bills set cents = 8 where id = 2", "bills set cents = 7 where id = 2", "cents"),
        ("bills set cents = 0 where id = 3", "bills set cents = null where id = 3", "cents"),
    ] {
        target.execute(&format!("update {edit}")).await;
        let (code, document) = run();
        assert!(code == 4 && document["tables"].to_string().contains(&format!("[\"{column}\"]")), "{edit}: {document:#}");
        target.execute(&format!("update {back}")).await;
    }
    room.write("042.sql", "alter table people rename to persons;");
    room.write("segue.yaml", &filling("  sql: 042.sql\n"));
    let (_, document) = run();
    assert!(document["not_compared"].to_string().contains("schema.sql (042.sql) is not followed"), "{document:#}");
}

fn postgres() -> PathBuf {
    let bins = find_bins(std::env::var("SEGUE_TEST_PG_BINS").ok().as_deref());
    bins.into_iter().next_back().expect("PostgreSQL server programs: cargo xtask test installs them")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mariadb_and_the_new_form_on_postgres() {
    let home = std::env::var_os("SEGUE_TEST_MARIADB").map(PathBuf::from);
    let Some(programs) = find_programs(home.as_deref()) else {
        assert!(std::env::var_os("CI").is_none(), "no MariaDB: cargo xtask test installs it");
        return;
    };
    let (source, target) = (Place::mariadb(&programs, &[]).await, Place::postgres(&postgres()).await);
    source.execute("create table users (id bigint primary key, name varchar(40), settings text, seen int, cents bigint, fax text)").await;
    source.execute("create table leaving (id bigint primary key)").await;
    source.execute("create table tmp_x (id bigint primary key)").await;
    for statement in ROWS.split(';') {
        source.execute(statement).await;
    }
    let room = Room::shop();
    room.write("old.url", &source.url());
    room.write("segue.yaml", &spec("{mysql: {url: file:old.url}}"));
    try_it(&room, &target).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_and_the_new_form_on_postgres() {
    let target = Place::postgres(&postgres()).await;
    let room = Room::twins("select 1");
    let tables = "create table users (id integer primary key, name text, settings text, seen integer, cents integer, fax text);
        create table leaving (id integer primary key); create table tmp_x (id integer primary key);";
    room.run("old.db", &format!("{tables} {ROWS}"));
    room.write("segue.yaml", &spec("{sqlite: {path: old.db}}"));
    try_it(&room, &target).await;
}

/// Two servers that are busier than the spec allows: the readers wait, say so, and can be stopped.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_spec_bounds_what_its_sides_carry() {
    let (source, target) = (Place::postgres(&postgres()).await, Place::postgres(&postgres()).await);
    for place in [&source, &target] {
        place.execute("create table t (id bigint primary key); insert into t values (1)").await;
    }
    let room = Room::shop();
    room.write("old.url", &source.url());
    room.write("new.url", &target.url());
    let spec = |throttle: &str| {
        let systems = "{old: {postgres: {url: file:old.url}}, new: {postgres: {url: file:new.url}}}";
        format!("segue: 1\nid: MIG-8\nname: busy\nsystems: {systems}\nmove: {{from: old, to: new}}\nthrottle: {{max_load: {throttle}}}\n")
    };
    room.write("segue.yaml", &spec("{connections: 0}"));
    tokio::task::block_in_place(|| {
        let mut child = room.start(&["verify", "-f", "segue.yaml"]);
        let mut heard = BufReader::new(child.stderr.take().expect("stderr")).lines().map_while(Result::ok);
        let waits = heard.find(|line| line.contains("waiting for")).expect("it said why it waits");
        assert!(waits.contains("connections is"), "{waits}");
        let pid = Pid::from_raw(i32::try_from(child.id()).expect("a pid"));
        kill(pid, Signal::SIGINT).expect("sent");
        assert_eq!(child.wait().expect("ends").code(), Some(130));
        room.write("segue.yaml", &spec("{connections: 10000}"));
        room.segue(&["verify", "-f", "segue.yaml"]).expect(0);
        room.write("segue.yaml", &spec("{conections: 10000}"));
        let said = room.segue(&["verify", "-f", "segue.yaml"]).expect(64);
        assert!(said.err.contains("conections"), "{}", said.err);
    });
}

#[test]
fn a_spec_with_one_system_is_that_of_its_run_or_is_refused() {
    let room = Room::shop();
    let spec = |id: &str| {
        format!(
            "segue: 1\nid: {id}\nname: one\nsystems:\n  db: {{sqlite: {{path: a.db}}}}\nschema:\n  in: db\n  changes:\n    - change_type: {{table: orders, column: total, to: integer, up: total * 2, down: total / 2}}\n"
        )
    };
    room.write("one.yaml", &spec("MIG-1"));
    room.write("two.yaml", &spec("MIG-2"));
    let said = room.segue(&["verify", "-f", "one.yaml"]).expect(64);
    assert!(said.err.contains("no run with two forms"), "{}", said.err);
    room.segue(&["apply", "-f", "one.yaml", "--yes", "--until", "backfill"]);
    let said = room.segue(&["verify", "-f", "one.yaml"]).expect(0);
    assert!(said.out.contains("orders"), "{}", said.out);
    let said = room.segue(&["verify", "-f", "two.yaml"]).expect(64);
    assert!(said.err.contains("MIG-1") && said.err.contains("MIG-2"), "{}", said.err);
}
