//! Rows are put right on real servers: by the executor and by script, and given back; hostile names and values, tables
//! without a key, foreign keys, rows that moved, values that a column cannot hold, triggers, killed processes.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use segue_engine::rows::Mendable;
use segue_journal::{CrashPoint, End, ExecError, Hooks, NoHooks};
use segue_mysql::MysqlEngine;
use segue_postgres::PostgresEngine;
use segue_sim::repair::{RepairRun, differences, equal, picture, repair};
use segue_sim::rows::Place;
use segue_sqlite::SqliteEngine;
use segue_verify::TablePair;
use segue_verify::mapping::{self, Mapping};
use segue_verify::repair::{Limits, Repair, script};

use crate::{servers, soak};

// Not all servers take an emoji in a name.
const TABLE: &str = "o\"r`d'e;r\\s é $1 %s";
const COLUMN: &str = "t\"e`x't \\ $1";
const LOOSE: &str = "loose";

pub(crate) fn mendable(place: &Place) -> Arc<dyn Mendable> {
    let none = BTreeMap::new();
    match place.engine {
        "postgres" => Arc::new(PostgresEngine::new(segue_postgres::Target::parse(&place.url(), &none).expect("a URL"))),
        "mariadb" => Arc::new(MysqlEngine::new(segue_mysql::Target::parse(&place.url(), &none).expect("a URL"))),
        _ => Arc::new(SqliteEngine::open(place.url()).expect("a file")),
    }
}

fn text(place: &Place, text: &str) -> String {
    let text = text.replace('\'', "''");
    if place.engine == "mariadb" { format!("'{}'", text.replace('\\', "\\\\")) } else { format!("'{text}'") }
}

fn bytes(place: &Place, hex: &str) -> String {
    if place.engine == "postgres" { format!("'\\x{hex}'") } else { format!("x'{hex}'") }
}

const HOSTILE: [&str; 9] = [
    "it's",
    "a\"b`c",
    "back\\slash\\",
    "new\nline\r\n\ttab",
    "😀 é",
    "$1 :a ? %s {}",
    "''; drop table loose; --",
    "",
    "$segue_row$ /* */ -- x",
];

/// Tables on a side, with hostile names, and rows: `other` makes the source's.
async fn make(place: &Place, other: bool) {
    let (table, column) = (place.sql_name(TABLE), place.quoted(COLUMN));
    let (words, blob, float, stamp) = match place.engine {
        "postgres" => ("text", "bytea", "double precision", "timestamp"),
        "mariadb" => ("varchar(200) character set utf8mb4", "varbinary(50)", "double", "datetime(6)"),
        _ => ("text", "blob", "double precision", "timestamp"),
    };
    let loose = place.sql_name(LOOSE);
    place
        .execute(&format!(
            "create table {table} (id bigint primary key, {column} {words}, b {blob}, f {float}, n numeric(12,2), at {stamp}, extra integer default 7)"
        ))
        .await;
    place.execute(&format!("create table {loose} (a integer, s {words})")).await;
    for (at, hostile) in HOSTILE.iter().enumerate() {
        // The source has each of them; the target lacks some, and has others with another text.
        if !other && at % 3 == 0 {
            continue;
        }
        let value = if !other && at % 3 == 1 { text(place, "old 'text' \\") } else { text(place, hostile) };
        let (blob, number) = (bytes(place, "00ff275c0a"), if other { "12.50" } else { "12.49" });
        place
            .execute(&format!("insert into {table} (id, {column}, b, f, n, at) values ({at}, {value}, {blob}, 0.1, {number}, '2026-11-21 12:30:15.123456')"))
            .await;
    }
    if other {
        place.execute(&format!("insert into {table} (id, {column}, extra) values (-5, null, 7)")).await;
        place.execute(&format!("insert into {loose} values (1, 'x'), (1, 'x'), (1, 'x'), (2, null), (3, 'y')")).await;
    } else {
        place
            .execute(&format!(
                "insert into {table} (id, {column}, b, extra) values (100, {}, {}, 99)",
                text(place, "it's to go"),
                bytes(place, "")
            ))
            .await;
        place.execute(&format!("insert into {loose} values (1, 'x'), (3, 'y'), (3, 'y'), (3, 'y'), (9, 'gone')")).await;
    }
}

pub(crate) async fn pairs(source: &Place, target: &Place, tables: &[&str]) -> Vec<TablePair> {
    let mut out = Vec::new();
    for table in tables {
        let (left, right) = (source.rows().describe(&source.table(table)).await, target.rows().describe(&target.table(table)).await);
        let (left, right) = (left.expect("a table"), right.expect("a table"));
        out.push(mapping::pair(&left, source.engine, &right, target.engine, &Mapping::default()).expect("a pair"));
    }
    out
}

/// Dies at the n-th crash point that has this in its name.
struct DiesAt {
    left: AtomicU64,
}

impl Hooks for DiesAt {
    fn at(&self, point: CrashPoint<'_>) -> ControlFlow<()> {
        let inside = matches!(point, CrashPoint::InStep(..) | CrashPoint::Appended(_) | CrashPoint::AfterEffect(_));
        if inside && self.left.fetch_sub(1, Ordering::SeqCst) == 1 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// The repair by the executor, killed twice on its way; then given back, row for row. Then the same by script.
async fn there_and_back(source: &Place, target: &Place) {
    make(source, true).await;
    make(target, false).await;
    let what = format!("{} → {}", source.shown, target.shown);
    let (from, to) = (mendable(source), mendable(target));
    let pairs = pairs(source, target, &[TABLE, LOOSE]).await;
    let tables = [target.table(TABLE), target.table(LOOSE)];
    let before = picture(to.as_ref(), &tables).await;
    let fix = repair(from.as_ref(), to.as_ref(), &pairs).await;
    assert!(fix.left.is_empty() && fix.moved.is_empty(), "{what}: {fix:?}");
    assert!(fix.corrections.len() >= 10, "{what}: {fix:?}");

    let run = RepairRun::new(Arc::clone(&to), target.engine, &fix);
    for point in [2, 4] {
        let died = run.go(&DiesAt { left: AtomicU64::new(point) }, false).await;
        assert!(matches!(died, Err(ExecError::Crashed)), "{what}: {died:?}");
        run.store.crash(0);
    }
    let end = run.go(&NoHooks, false).await;
    assert!(matches!(end, Ok(End::Done)), "{what}: {end:?}");
    assert!(run.repaired().is_whole(), "{what}: {:?}", run.repaired());
    assert!(equal(from.as_ref(), to.as_ref(), &pairs).await, "{what}: they differ still");
    let journal = run.journal();
    for canary in ["it's", "drop table", "old 'text'", "to go", "6974277320"] {
        assert!(!journal.contains(canary), "{what}: a value is in the journal: {canary}");
    }
    assert!(journal.contains("key_hash"), "{what}: corrections are in the journal");

    let back = RepairRun::new(Arc::clone(&to), target.engine, &fix.inverse());
    let end = back.go(&NoHooks, false).await;
    assert!(matches!(end, Ok(End::Done)), "{what}: {end:?}");
    assert!(picture(to.as_ref(), &tables).await == before, "{what}: not the old rows");

    let again = RepairRun::new(Arc::clone(&to), target.engine, &fix);
    // The first batch is made, the checkpoint is in the journal, and then nobody lives to tell.
    let died = again.go(&DiesAt { left: AtomicU64::new(6) }, false).await;
    assert!(matches!(died, Err(ExecError::Crashed)), "{what}: {died:?}");
    again.store.crash(0);
    assert!(picture(to.as_ref(), &tables).await != before, "{what}: something was done");
    let end = again.go(&NoHooks, true).await;
    assert!(matches!(end, Ok(End::RolledBack { .. })), "{what}: {end:?}");
    assert!(picture(to.as_ref(), &tables).await == before, "{what}: the undo did not give the old rows back");
    by_script(source, target, &fix, &pairs).await;
}

async fn by_script(source: &Place, target: &Place, fix: &Repair, pairs: &[TablePair]) {
    let what = format!("{} → {} by script", source.shown, target.shown);
    let (from, to) = (mendable(source), mendable(target));
    let tables = [target.table(TABLE), target.table(LOOSE)];
    let before = picture(to.as_ref(), &tables).await;
    let scripts = script(fix, to.as_ref()).expect("scripts");
    for _ in 0..2 {
        target.load(&scripts.repair).await;
        assert!(equal(from.as_ref(), to.as_ref(), pairs).await, "{what}: they differ\n{}", scripts.repair);
    }
    for _ in 0..2 {
        target.load(&scripts.undo).await;
        assert!(picture(to.as_ref(), &tables).await == before, "{what}: not the old rows\n{}", scripts.undo);
    }
}

#[tokio::test]
async fn sqlite_there_and_back() {
    there_and_back(&Place::sqlite(), &Place::sqlite()).await;
}

#[tokio::test]
async fn postgres_there_and_back() {
    let bins = servers::postgres();
    let server = Place::postgres(bins.last().expect("some")).await;
    there_and_back(&Place::sqlite(), &server).await;
    server.execute("create schema a; create schema b").await;
    there_and_back(&server.in_schema("a"), &server.in_schema("b")).await;
}

#[tokio::test]
async fn mariadb_there_and_back() {
    let Some(programs) = servers::mariadb() else { return };
    let server = Place::mariadb(&programs, &[]).await;
    there_and_back(&Place::sqlite(), &server).await;
}

/// Two sides of a table, by statements of their own.
async fn sides(source: &Place, target: &Place, both: &[&str], only_source: &[&str], only_target: &[&str]) {
    for (place, own) in [(source, only_source), (target, only_target)] {
        for sql in both.iter().chain(own) {
            place.execute(sql).await;
        }
    }
}

/// Foreign keys, also to itself and acting ones; rows that moved; values that do not fit; all on one engine.
async fn hard_rows(source: &Place, target: &Place) {
    let what = target.shown.clone();
    let both = [
        "create table parent (id integer primary key, boss integer references parent (id), word varchar(20))",
        "create table child (id integer primary key, parent_id integer, note varchar(5), \
         constraint child_parent foreign key (parent_id) references parent (id) on delete cascade)",
    ];
    let both: Vec<&str> = both.to_vec();
    sides(
        source,
        target,
        &both,
        &[
            "insert into parent values (3, null, 'c'), (1, 3, 'a')",
            "insert into child values (10, 1, 'ok'), (11, 3, 'five5'), (12, 1, 'kept')",
        ],
        &[
            "insert into parent values (2, null, 'b'), (9, 2, 'i')",
            "insert into child values (11, 2, 'old'), (12, 2, 'mine'), (20, 2, 'x'), (21, 9, 'y')",
        ],
    )
    .await;
    let (from, to) = (mendable(source), mendable(target));
    let pairs = pairs(source, target, &["child", "parent"]).await;
    let tables = [target.table("child"), target.table("parent")];
    let before = picture(to.as_ref(), &tables).await;
    let fix = repair(from.as_ref(), to.as_ref(), &pairs).await;
    let run = RepairRun::new(Arc::clone(&to), target.engine, &fix);
    let end = run.go(&NoHooks, false).await;
    assert!(matches!(end, Ok(End::Done)), "{what}: {end:?}");
    assert!(run.repaired().is_whole(), "{what}: {:?}", run.repaired());
    assert!(equal(from.as_ref(), to.as_ref(), &pairs).await, "{what}: they differ");
    // A run that is done is not taken back: the undo file is a repair of its own.
    let back = RepairRun::new(Arc::clone(&to), target.engine, &fix.inverse());
    assert!(matches!(back.go(&NoHooks, false).await, Ok(End::Done)), "{what}");
    assert!(picture(to.as_ref(), &tables).await == before, "{what}: not the old rows");

    // Between the comparison and the repair somebody writes.
    target.execute("update child set note = 'hers' where id = 12").await;
    target.execute("insert into child values (10, 2, 'new')").await;
    target.execute("delete from child where id = 20").await;
    let run = RepairRun::new(Arc::clone(&to), target.engine, &fix);
    let end = run.go(&NoHooks, false).await;
    assert!(matches!(end, Ok(End::Done)), "{what}: {end:?}");
    let repaired = run.repaired();
    // The parents of what she wrote must stay, so that they cannot go either.
    assert_eq!(repaired.moved, 2, "{what}: {repaired:?}");
    assert!(!repaired.is_whole() && repaired.refused.values().sum::<u64>() >= 1, "{what}: {repaired:?}");
    let left = differences(from.as_ref(), to.as_ref(), &pairs[0]).await;
    assert_eq!(left.len(), 2, "{what}: her rows are hers");
}

#[tokio::test]
async fn hard_rows_on_sqlite() {
    hard_rows(&Place::sqlite(), &Place::sqlite()).await;
}

#[tokio::test]
async fn hard_rows_on_postgres() {
    let server = Place::postgres(servers::postgres().last().expect("some")).await;
    hard_rows(&Place::sqlite(), &server).await;
}

#[tokio::test]
async fn hard_rows_on_mariadb() {
    let Some(programs) = servers::mariadb() else { return };
    hard_rows(&Place::sqlite(), &Place::mariadb(&programs, &[]).await).await;
}

/// What a column cannot hold exactly is left aside with a code, and the rest is done.
async fn inexact(source: &Place, target: &Place) {
    source.execute("create table t (id integer primary key, n numeric(20,6), s varchar(50))").await;
    target.execute("create table t (id integer primary key, n numeric(10,2), s varchar(3))").await;
    source.execute("insert into t values (1, 1.005, 'a'), (2, 2.5, 'toolong'), (3, 3.25, 'abc')").await;
    let (from, to) = (mendable(source), mendable(target));
    let pairs = pairs(source, target, &["t"]).await;
    let fix = repair(from.as_ref(), to.as_ref(), &pairs).await;
    let run = RepairRun::new(Arc::clone(&to), target.engine, &fix);
    let end = run.go(&NoHooks, false).await;
    assert!(matches!(end, Ok(End::Done)), "{}: {end:?}", target.shown);
    let repaired = run.repaired();
    assert_eq!((repaired.right, repaired.moved, repaired.refused.values().sum::<u64>()), (1, 0, 2), "{}: {repaired:?}", target.shown);
    assert!(repaired.refused.contains_key("SG-FIX-010"), "{}: {repaired:?}", target.shown);
    let left = differences(from.as_ref(), to.as_ref(), &pairs[0]).await;
    assert_eq!(left.len(), 2, "{}: only what fits was written", target.shown);
}

#[tokio::test]
async fn what_does_not_fit_is_left_aside() {
    let server = Place::postgres(servers::postgres().last().expect("some")).await;
    inexact(&Place::sqlite(), &server).await;
    let Some(programs) = servers::mariadb() else { return };
    inexact(&Place::sqlite(), &Place::mariadb(&programs, &[]).await).await;
}

/// The users' triggers do not fire for a role that may say so, and foreign keys hold all the same.
#[tokio::test]
async fn triggers_of_users_do_not_fire() {
    let server = Place::postgres(servers::postgres().last().expect("some")).await;
    let (left, right) = (server.in_schema("l"), server.in_schema("r"));
    server.execute("create schema l; create schema r").await;
    for schema in ["l", "r"] {
        server.execute(&format!("create table {schema}.p (id int primary key); create table {schema}.c (id int generated always as identity primary key, p int references {schema}.p (id), twice int generated always as (p * 2) stored)")).await;
        server.execute(&format!("insert into {schema}.p values (1), (2)")).await;
    }
    server.execute("create table r.log (what text); create function r.noted() returns trigger language plpgsql as $$ begin insert into r.log values (tg_op); return new; end $$; create trigger noted before insert or update or delete on r.c for each row execute function r.noted()").await;
    server.execute("insert into l.p values (3); insert into l.c (p) values (1), (2), (3)").await;
    let (from, to) = (mendable(&left), mendable(&right));
    let pairs = pairs(&left, &right, &["c"]).await;
    let fix = repair(from.as_ref(), to.as_ref(), &pairs).await;
    assert_eq!(fix.warnings, Vec::<String>::new(), "a superuser may leave triggers out");
    let run = RepairRun::new(Arc::clone(&to), "postgres", &fix);
    assert!(matches!(run.go(&NoHooks, false).await, Ok(End::Done)));
    // The parent of the third is not there: as a replica the server would have taken it.
    let repaired = run.repaired();
    assert_eq!((repaired.right, repaired.refused.get("SG-PG-011").copied()), (2, Some(1)), "{repaired:?}");
    server.execute("do $$ begin if exists (select from r.log) then raise 'a trigger fired'; end if; end $$").await;
}

/// More rows than somebody said: refused, with the counts and no value.
#[tokio::test]
async fn too_many_rows_ask_what_happened() {
    let (source, target) = (Place::sqlite(), Place::sqlite());
    for place in [&source, &target] {
        place.execute("create table t (id integer primary key, s text)").await;
    }
    source.execute("insert into t values (1, 'canary'), (2, 'canary'), (3, 'canary')").await;
    let (from, to) = (mendable(&source), mendable(&target));
    let pairs = pairs(&source, &target, &["t"]).await;
    let found = differences(from.as_ref(), to.as_ref(), &pairs[0]).await;
    let mends = [segue_verify::repair::Mend { pair: &pairs[0], differences: &found }];
    let limits = Limits { max_rows: 2, ..Limits::default() };
    let refused =
        segue_verify::repair::gather(from.as_ref(), to.as_ref(), &mends, segue_verify::repair::Direction::default(), limits).await;
    let error = refused.expect_err("refused");
    assert_eq!(error.code(), "SG-FIX-001");
    let said = error.to_string();
    assert!(said.contains("3 of t") && !said.contains("canary"), "{said}");
    // The other way round the rows of the target would go.
    let back = segue_verify::repair::gather(
        from.as_ref(),
        to.as_ref(),
        &mends,
        segue_verify::repair::Direction::TargetToSource,
        Limits::default(),
    )
    .await;
    assert_eq!(back.expect("a repair").deeds().values().map(|deeds| deeds.deletes).sum::<u64>(), 3);
}

/// A deadlock with a client: the batch is tried again, and the rows are right.
#[tokio::test]
async fn a_deadlock_is_tried_again() {
    let server = Place::postgres(servers::postgres().last().expect("some")).await;
    let source = Place::sqlite();
    for place in [&source, &server] {
        place.execute("create table t (id integer primary key, n integer)").await;
    }
    source.execute("insert into t values (1, 10), (2, 20)").await;
    server.execute("insert into t values (1, 1), (2, 2)").await;
    let (from, to) = (mendable(&source), mendable(&server));
    let pairs = pairs(&source, &server, &["t"]).await;
    let fix = repair(from.as_ref(), to.as_ref(), &pairs).await;
    let run = RepairRun::new(Arc::clone(&to), "postgres", &fix);
    // Somebody holds the second row; the repair locks the first and waits.
    let (client, connection) = tokio_postgres::connect(&server.url(), tokio_postgres::NoTls).await.expect("a client");
    let driving = tokio::spawn(connection);
    client.batch_execute("begin; update t set n = 2 where id = 2").await.expect("held");
    let hooks = Lets { client: Some(client).into(), seen: AtomicU64::new(0) };
    let (end, ()) = tokio::join!(run.go(&hooks, false), async {
        // Until the repair waits for the row.
        loop {
            let (look, connection) = tokio_postgres::connect(&server.url(), tokio_postgres::NoTls).await.expect("a client");
            let looking = tokio::spawn(connection);
            let row = look.query_one("select exists (select from pg_locks where not granted)", &[]).await.expect("locks");
            drop(look);
            let _ended = looking.await;
            if row.get::<_, bool>(0) {
                break;
            }
            tokio::task::yield_now().await;
        }
        let held = hooks.client.lock().await.take().expect("a client");
        // Now each waits for the other: one of them is chosen to fail, and says so.
        let _victim = held.batch_execute("update t set n = n where id = 1").await;
        held.batch_execute("rollback").await.expect("let go");
    });
    assert!(matches!(end, Ok(End::Done)), "{end:?}");
    assert!(run.repaired().is_whole());
    let _ended = driving.await;
    assert!(hooks.seen.load(Ordering::SeqCst) > 0);
}

struct Lets {
    client: tokio::sync::Mutex<Option<tokio_postgres::Client>>,
    seen: AtomicU64,
}

impl Hooks for Lets {
    fn at(&self, _point: CrashPoint<'_>) -> ControlFlow<()> {
        self.seen.fetch_add(1, Ordering::SeqCst);
        ControlFlow::Continue(())
    }
}

/// Two schemas or databases of one kind with a value of each type: the repair gives exactly these, the script too, and
/// going back gives exactly the old ones.
async fn every_type(source: &Place, target: &Place, columns: &str, here: &str, there: &str) {
    for (place, rows) in [(source, here), (target, there)] {
        place.execute(&format!("create table {} ({columns})", place.sql_name("kinds"))).await;
        place.execute(&format!("insert into {} values {rows}", place.sql_name("kinds"))).await;
    }
    let what = &target.shown;
    let (from, to) = (mendable(source), mendable(target));
    let pairs = pairs(source, target, &["kinds"]).await;
    let tables = [target.table("kinds")];
    let before = picture(to.as_ref(), &tables).await;
    let shall = picture(from.as_ref(), &[source.table("kinds")]).await;
    let fix = repair(from.as_ref(), to.as_ref(), &pairs).await;
    assert!(fix.left.is_empty() && fix.corrections.len() == 3, "{what}: {fix:?}");
    let run = RepairRun::new(Arc::clone(&to), target.engine, &fix);
    let end = run.go(&NoHooks, false).await;
    assert!(matches!(end, Ok(End::Done)), "{what}: {end:?}");
    assert!(run.repaired().is_whole(), "{what}: {:?}", run.repaired());
    assert!(picture(to.as_ref(), &tables).await == shall, "{what}: not exactly the rows of the source");
    let back = RepairRun::new(Arc::clone(&to), target.engine, &fix.inverse());
    assert!(matches!(back.go(&NoHooks, false).await, Ok(End::Done)), "{what}");
    assert!(picture(to.as_ref(), &tables).await == before, "{what}: not exactly the old rows");
    let scripts = script(&fix, to.as_ref()).expect("scripts");
    target.load(&scripts.repair).await;
    assert!(picture(to.as_ref(), &tables).await == shall, "{what}: the script\n{}", scripts.repair);
    target.load(&scripts.undo).await;
    assert!(picture(to.as_ref(), &tables).await == before, "{what}: the script back\n{}", scripts.undo);
    let all = source.rows().describe(&source.table("kinds")).await.expect("described").columns.len();
    // Columns of one type each, but for the key.
    let came = pairs[0].names.len();
    soak::say("rows", &format!("value types round-tripped, {}", target.engine), came as u64 - 1, all as u64 - 1);
}

#[tokio::test]
async fn every_type_of_postgres() {
    let server = Place::postgres(servers::postgres().last().expect("some")).await;
    server.execute("create schema a; create schema b; create type public.mood as enum ('ok', 'it''s')").await;
    let columns = "id int primary key, j jsonb, k json, r int4range, tr tstzrange, a int[], ta text[], i inet, c cidr, v interval, z timestamptz, \
                   ts timestamp, d date, t time, tz timetz, b bytea, u uuid, bi bit(3), vb varbit, m public.mood, n numeric, n2 numeric(10,3), \
                   ch char(5), f4 float4, f8 float8, bo boolean, x xml, mo money, ra int4range[], p point";
    let one = "'{\"b\": 1.50, \"a\": [1, null, \"x\"]}', '{\"b\":1.50,  \"a\":1, \"a\":2}', '[1,5)', '[\"2026-01-01 00:00:00+00\",)', '[0:1]={7,NULL}', \
               '{\"a\\\"b\\\\\",NULL,\"null\",\"\"}', '10.1.2.3/8', '10.0.0.0/8', '1 mon -2 days 03:04:05.6', '2026-11-21 12:00:00.123456+02', \
               '0044-03-15 12:00:00 BC', 'infinity', '24:00:00', '12:30:00.5+05:30', '\\x00ff27', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '101', '1', \
               'it''s', 1.500, 2.500, 'ab', 0.1, 'NaN', true, '<a>&amp;</a>', 12.34, '{\"[1,2)\",empty}', '(1,2)'";
    let other = "'{\"a\": 1}', '{}', 'empty', '(,)', '{}', '{}', '::1', '::/0', '0', '-infinity', 'infinity', '0001-01-01', '00:00', '00:00+00', '', \
                 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12', '000', '', 'ok', 'NaN', -0.001, '', '-Infinity', 5e-324, false, '', 0, '{}', '(0,-1.5)'";
    let nulls = vec!["null"; 29].join(", ");
    let (a, b) = (server.in_schema("a"), server.in_schema("b"));
    let (here, there) = (format!("(1, {one}), (2, {one}), (4, {nulls})"), format!("(1, {other}), (3, {other}), (4, {nulls})"));
    every_type(&a, &b, columns, &here, &there).await;
}

#[tokio::test]
async fn every_type_of_mariadb() {
    let Some(programs) = servers::mariadb() else { return };
    let (a, b) = (Place::mariadb(&programs, &[]).await, Place::mariadb(&programs, &[]).await);
    let columns = "id int auto_increment primary key, j json, c char(5), v varchar(50) character set latin1, tx text character set utf8mb4, b varbinary(9), \
                   fb binary(4), d date, dt datetime(6), ts timestamp(3) null, t time(6), y year, n decimal(20,6), f float, db double, bi bit(9), \
                   ub bigint unsigned, e enum('x', 'it''s'), s set('a', 'b', 'c'), u uuid, i6 inet6, tn tinyint(1), g geometry";
    let one = "'{\"b\": 1.50, \"a\": 1}', 'ab', 'é\\\\', '😀\\n\\r''\"', x'00ff', x'0100', '0000-00-00', '2026-11-21 12:30:15.123456', '2026-11-21 10:00:00.5', \
               '-838:59:59.000000', 2026, 12.500000, 0.1, 1e300, b'100000001', 18446744073709551615, 'it''s', 'c,a', \
               'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '::ffff:10.0.0.1', 2, st_geomfromtext('POINT(1 2)', 4326)";
    let other = "'{}', '', '', '', '', x'00000000', '2026-00-10', '0001-01-01 00:00:00', null, '00:00:01', 1901, -0.000001, -1, 5e-320, b'0', 0, 'x', '', \
                 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12', '::', 0, st_geomfromtext('LINESTRING(0 0, 1 1)')";
    let nulls = vec!["null"; 22].join(", ");
    let (here, there) = (format!("(1, {one}), (2, {one}), (4, {nulls})"), format!("(1, {other}), (3, {other}), (4, {nulls})"));
    every_type(&a, &b, columns, &here, &there).await;
}
