//! Ranges cut exactly, keys find their rows, orders are of bytes, names and paths may be hostile.

use std::collections::BTreeSet;

use segue_engine::rows::{Class, Conversion, Datum, Day, EpochUnit, KeyRange, Moment, Read, ReadColumn, Rows as _, key};
use segue_engine::{ErrorKind, quote};
use segue_model::ident::TableName;

use super::{column, read, rows, shown, whole};
use crate::database::{Database, databases, engine, role};

/// A key of each type with hostile values: what is there, one that is not.
const KEYS: &[(&str, &[&str], &str)] = &[
    ("int2", &["-32768", "0", "32767"], "1"),
    ("int8", &["-9223372036854775808", "0", "9223372036854775807"], "1"),
    ("numeric", &["0", "1.10", "-1e40", "'NaN'", "'Infinity'", "'-Infinity'"], "2"),
    ("numeric(20,0)", &["0", "18446744073709551615"], "2"),
    ("text", &["''", "'a'", "'A'", "'it''s'", "'\"; drop table t;--'", "E'a\\\\'", "'😀'", "'é'", "'z'", "' a'", "'a '"], "'b'"),
    ("varchar(3)", &["''", "'a'", "'a '"], "'b'"),
    ("bpchar(3)", &["''", "'a'", "'é'"], "'b'"),
    ("name", &["'a'", "'B'"], "'b'"),
    ("citext", &["'a'", "'B'"], "'c'"),
    ("mood", &["'sad'", "'ok'"], "'bad'"),
    ("\"char\"", &["'a'", "'b'"], "'c'"),
    ("bytea", &["''", "'\\x00'", "'\\x0000'", "'\\x00ff'", "'\\xff'"], "'\\x01'"),
    ("bool", &["false", "true"], "null::bool"),
    ("date", &["'4714-11-24 BC'", "'0044-03-15 BC'", "'2026-11-21'", "'5874897-12-31'", "'infinity'", "'-infinity'"], "'2000-01-01'"),
    (
        "timestamp",
        &["'4714-11-24 BC'", "'1969-12-31 23:59:59.999999'", "'2026-11-21 01:02:03'", "'infinity'", "'-infinity'"],
        "'2000-01-01'",
    ),
    ("timestamptz", &["'4714-11-24 00:00+00 BC'", "'2026-11-21 01:02:03.5+07'", "'infinity'", "'-infinity'"], "'2000-01-01'"),
    (
        "uuid",
        &["'00000000-0000-0000-0000-000000000000'", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'"],
        "'11111111-0000-0000-0000-000000000000'",
    ),
    ("float8", &["0", "-1.5", "'NaN'", "'Infinity'", "5e-324"], "2"),
    ("time", &["'00:00'", "'24:00'", "'12:00:00.000001'"], "'01:00'"),
    ("inet", &["'10.0.0.1'", "'::1'"], "'10.0.0.2'"),
    ("interval", &["'1 month'", "'1 day'"], "'1 hour'"),
];

async fn check(db: &Database, at: usize, (kind, values, absent): (&str, &[&str], &str)) {
    let name = format!("public.k{at}");
    let list: Vec<_> = values.iter().enumerate().map(|(id, value)| format!("(({value})::{kind}, {id})")).collect();
    let sql = format!("create table {name} (k {kind} primary key, id int); insert into {name} values {}", list.join(", "));
    db.client.batch_execute(&sql).await.unwrap_or_else(|error| panic!("{kind}: {error:?}"));
    let whole = whole(&db.engine, &name).await;
    let moment = db.engine.snapshot(1).await.expect("a moment");
    let all = rows(&*moment, &whole.in_order()).await.unwrap_or_else(|error| panic!("{kind}: {error}"));
    assert_eq!(all.len(), values.len(), "{kind}");
    if whole.columns[0].class.is_ordered() || matches!(whole.columns[0].class, Class::Text) {
        assert!(all.windows(2).all(|two| two[0].0 < two[1].0), "{kind} on {}: the order is that of the key's bytes", db.major);
    }
    // Each row alone by its key, then all at once with one that is not there.
    let keys: Vec<_> = all.iter().map(|(bytes, _)| key::read(bytes).expect("a key")).collect();
    for (row, datum) in all.iter().zip(&keys) {
        let found = rows(&*moment, &whole.of_keys(vec![datum.clone()])).await.unwrap_or_else(|error| panic!("{kind}: {error}"));
        assert!(found.contains(row), "{kind}: {}", datum[0].show());
    }
    db.client.batch_execute(&format!("create view {name}v as select ({absent})::{kind} as k, 0 as id")).await.expect("a view");
    let other = Read { table: TableName::new("public", format!("k{at}v")), ..whole.clone() };
    let absent = key::read(&read(&db.engine, &other).await[0].0).expect("a key");
    let mut both = keys;
    both.push(absent.clone());
    let found: BTreeSet<_> = rows(&*moment, &whole.of_keys(both)).await.expect("rows").into_iter().collect();
    assert_eq!(found, all.iter().cloned().collect(), "{kind}");
    rows(&*moment, &whole.of_keys(vec![absent])).await.unwrap_or_else(|error| panic!("{kind}: {error}"));
    moment.close().await.expect("closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_key_finds_its_row_in_the_order_of_its_bytes() {
    for db in databases("create type mood as enum ('sad', 'ok', 'bad'); create extension citext").await {
        for (at, kind) in KEYS.iter().enumerate() {
            check(&db, at, *kind).await;
        }
    }
}

#[tokio::test]
async fn values_that_no_row_can_hold_are_no_error() {
    let setup = "create table i (k int primary key); insert into i values (1); create table t (k text primary key); insert into t values ('a'); \
                 create table d (k timestamptz primary key); insert into d values ('2026-01-01Z'); create table u (k uuid primary key); \
                 insert into u values ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11')";
    for db in databases(setup).await {
        let moment = db.engine.snapshot(1).await.expect("a moment");
        let unreal = Moment::Unreal { year: 0, month: 0, day: 0, micros: 0 };
        let cases = [
            ("i", vec![Datum::Integer(i128::MAX), Datum::Integer(i128::MIN), Datum::Decimal("1.5".to_owned()), Datum::Text(b"x".to_vec())]),
            ("t", vec![Datum::Text(vec![0]), Datum::Text(vec![0xff, 0xfe]), Datum::Uuid([7; 16]), Datum::Integer(7)]),
            (
                "d",
                vec![
                    Datum::Instant(unreal),
                    Datum::Instant(Moment::Micros(i64::MAX)),
                    Datum::Instant(Moment::Micros(i64::MIN)),
                    Datum::Date(Day::Number(i32::MAX)),
                ],
            ),
            ("u", vec![Datum::Text(b"not one".to_vec()), Datum::Text(b"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12".to_vec())]),
        ];
        for (name, values) in cases {
            let whole = whole(&db.engine, name).await;
            for value in values {
                let found = rows(&*moment, &whole.of_keys(vec![vec![value.clone()]])).await;
                assert!(found.is_ok(), "{name}: {}: {found:?}", value.show());
            }
        }
        // A UUID in a text column, in any spelling of the text.
        db.client.batch_execute("insert into t values ('A0EEBC999C0B4EF8BB6D6BB9BD380A11')").await.expect("a spelling");
        let read = Read::new(TableName::new("public", "t"), vec![column("k", Class::Uuid)], vec![0]);
        let uuid = Datum::Uuid([0xa0, 0xee, 0xbc, 0x99, 0x9c, 0x0b, 0x4e, 0xf8, 0xbb, 0x6d, 0x6b, 0xb9, 0xbd, 0x38, 0x0a, 0x11]);
        assert_eq!(super::read(&db.engine, &read.of_keys(vec![vec![uuid.clone()]])).await.len(), 1);
        let read = Read::new(TableName::new("public", "u"), vec![column("k", Class::Text)], vec![0]);
        let text = Datum::Text(b"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11".to_vec());
        assert_eq!(super::read(&db.engine, &read.of_keys(vec![vec![text]])).await.len(), 1);
    }
}

#[tokio::test]
async fn ranges_hold_every_row_exactly_once() {
    let setup = "create table i (k int, v text); insert into i select g, g from generate_series(-50, 50) g; insert into i values (null, 'n'), (null, 'm'); \
                 create table d (k date); insert into d values (null), ('-infinity'), ('infinity'), ('4714-11-24 BC'), ('5874897-12-31'), ('2026-01-01'); \
                 create table z (k timestamptz); insert into z values (null), ('-infinity'), ('infinity'), ('4714-11-24 00:00+00 BC'), \
                 ('294276-12-31 23:59:59.999999+00'), ('2026-01-01Z'); \
                 create table n (k numeric(20,0)); insert into n values (null), ('NaN'), (0), (18446744073709551615), (-5)";
    let at = |number: i128| Datum::Integer(number);
    let instant = |micros| Datum::Instant(Moment::Micros(micros));
    for db in databases(setup).await {
        let moment = db.engine.snapshot(1).await.expect("a moment");
        let cases: Vec<(&str, Class, Vec<Datum>)> = vec![
            (
                "i",
                Class::Integer,
                vec![at(-(1 << 80)), at(i128::from(i64::MIN)), at(-7), at(0), at(1), at(49), at(50), at(51), at(1 << 40), at(1 << 100)],
            ),
            (
                "d",
                Class::Date,
                vec![
                    Datum::Date(Day::Early),
                    Datum::Date(Day::Unreal { year: 0, month: 0, day: 0 }),
                    Datum::Date(Day::Number(i32::MIN)),
                    Datum::Date(Day::Number(0)),
                    Datum::Date(Day::Number(i32::MAX)),
                    Datum::Date(Day::Late),
                ],
            ),
            (
                "z",
                Class::Instant,
                vec![Datum::Instant(Moment::Early), instant(i64::MIN), instant(0), instant(i64::MAX), Datum::Instant(Moment::Late)],
            ),
            ("n", Class::Integer, vec![at(-(1 << 100)), at(-5), at(0), at(1 << 63), at(1 << 64), at(1 << 120)]),
        ];
        for (name, class, cuts) in cases {
            let mut whole = whole(&db.engine, name).await;
            whole.columns[0].class = class;
            whole.key = vec![0];
            let mut all = rows(&*moment, &whole).await.expect("rows");
            all.sort();
            for (index, from) in cuts.iter().enumerate() {
                for below in &cuts[index..] {
                    let ranges = [(None, Some(from)), (Some(from), Some(below)), (Some(below), None)];
                    let mut parts = Vec::new();
                    for (from, below) in ranges {
                        let range = KeyRange { from: from.cloned(), below: below.cloned() };
                        parts.extend(rows(&*moment, &whole.within(range)).await.expect("a range"));
                    }
                    parts.sort();
                    assert!(parts == all, "{name}: {} to {}: {} of {}", from.show(), below.show(), parts.len(), all.len());
                }
            }
        }
    }
}

#[tokio::test]
async fn a_range_of_what_is_not_cut_is_refused() {
    for db in databases("create table t (k text primary key)").await {
        let read = whole(&db.engine, "t").await.within(KeyRange { from: Some(Datum::Integer(1)), below: None });
        let moment = db.engine.snapshot(1).await.expect("a moment");
        let error = moment.count(&read).await.expect_err("refused");
        assert_eq!((error.code, error.kind), ("SG-PG-154", ErrorKind::Unsupported));
    }
}

#[tokio::test]
async fn hostile_names_are_only_names() {
    let names =
        ["a\"b", "x\"; drop table t;--", "😀 é\u{301}", "line\nbreak", "select", "%I %s $1", "\\", " ", "(a)", "--", "/*", &"é".repeat(31)];
    for db in databases("").await {
        for name in names {
            let q = quote::name(name);
            let sql = format!(
                "create schema {q}; create table {q}.{q} ({q} int primary key, v text); insert into {q}.{q} values (1, 'x'), (2, null)"
            );
            db.client.batch_execute(&sql).await.expect("made");
            let table = TableName::new(name, name);
            let described = db.engine.describe(&table).await.expect("described");
            assert_eq!(described.key, Some(vec![name.to_owned()]));
            let mut read = Read::new(table, vec![column(name, Class::Integer), column("v", Class::Text)], vec![0]).in_order();
            read.range = Some(KeyRange { from: Some(Datum::Integer(2)), below: None });
            read.filter = Some(format!("{q} > 0"));
            assert_eq!(super::read(&db.engine, &read).await.iter().map(|(_, row)| shown(row)).collect::<Vec<_>>(), [["2", "NULL"]]);
            assert_eq!(super::read(&db.engine, &read.of_keys(vec![vec![Datum::Integer(1)]])).await.len(), 1);
        }
    }
}

#[tokio::test]
async fn what_the_role_and_its_path_say_changes_nothing() {
    let setup = "create schema evil; \
        create table public.t (k int primary key, d date, f float8, b bytea, z timestamptz, i interval, m money, c text); \
        insert into public.t values (1, '2026-11-21', 0.1, '\\x01', '2026-11-21 12:00Z', '1 month 1 day', 12.5, 'a'), (2, null, null, null, null, null, null, 'B'); \
        create view evil.t as select 666 as k; \
        create function evil.no(int, int) returns boolean language sql immutable as 'select false'; \
        create operator evil.>= (leftarg = int, rightarg = int, function = evil.no); \
        create operator evil.= (leftarg = int, rightarg = int, function = evil.no); \
        create function evil.up(int) returns int language sql immutable as 'select $1 + 1'; \
        create function evil.rtrim(text, text) returns text language sql immutable as $$select 'evil'$$";
    for db in databases(setup).await {
        let name = "hostile reader";
        role(&db.client, name).await;
        let q = quote::name(name);
        db.client
            .batch_execute(&format!(
                "grant usage on schema public, evil to {q}; grant select on all tables in schema public, evil to {q}; alter role {q} login password 'x'; \
                 alter role {q} set search_path = evil, public, pg_catalog; alter role {q} set datestyle = 'German, DMY'; \
                 alter role {q} set timezone = 'Asia/Kolkata'; alter role {q} set extra_float_digits = -15; alter role {q} set bytea_output = 'escape'; \
                 alter role {q} set intervalstyle = 'sql_standard'; alter role {q} set statement_timeout = '1ms'; \
                 alter role {q} set default_transaction_isolation = 'read committed'; alter role {q} set client_encoding = 'LATIN1'; \
                 alter role {q} set idle_in_transaction_session_timeout = '1ms'; alter role {q} set standard_conforming_strings = off"
            ))
            .await
            .expect("a hostile role");
        let url = format!("postgres://hostile%20reader:x@{}", db.url.split_once('@').expect("a login").1);
        let hostile = engine(&url);
        let whole = whole(&db.engine, "public.t").await.in_order();
        let expected = read(&db.engine, &whole).await;
        assert_eq!(read(&hostile, &whole).await, expected);
        let range = whole.within(KeyRange { from: Some(Datum::Integer(1)), below: Some(Datum::Integer(2)) });
        // An expression of the user is resolved by the user's path, and nothing of ours is.
        let mut with = range.clone();
        with.filter = Some("up(k) = up(k) or true".to_owned());
        with.columns[0].expression = None;
        with.columns[7] = ReadColumn { name: "c".to_owned(), expression: Some("up(k)".to_owned()), class: Class::Integer };
        let found = read(&hostile, &with).await;
        assert_eq!(found.len(), 1);
        assert_eq!(shown(&found[0].1)[7], "2");
        assert_eq!(read(&hostile, &with.of_keys(vec![vec![Datum::Integer(2)]])).await.len(), 1);
        // A name alone means what the user's path says.
        assert_eq!(hostile.describe(&TableName::new("", "t")).await.expect("described").table, TableName::new("evil", "t"));
        db.client.batch_execute(&format!("drop owned by {q}; drop role {q}")).await.expect("gone");
    }
}

#[tokio::test]
async fn expressions_stand_for_themselves() {
    for db in databases("create table t (k int primary key, v int); insert into t values (1, 10), (2, 20), (3, null)").await {
        let base =
            Read::new(TableName::new("public", "t"), vec![column("k", Class::Integer), column("v", Class::Integer)], vec![0]).in_order();
        let with = |expression: &str, filter: &str| {
            let mut read = base.clone();
            read.columns[1].expression = Some(expression.to_owned());
            read.filter = Some(filter.to_owned());
            read
        };
        let values = |found: Vec<super::Row>| found.iter().map(|(_, row)| shown(row)[1].clone()).collect::<Vec<_>>();
        assert_eq!(values(read(&db.engine, &with("v + 1 -- one more", "true -- all")).await), ["11", "21", "NULL"]);
        assert_eq!(values(read(&db.engine, &with("coalesce(t.v, 0)", "k = 1 or k = 3")).await), ["10", "0"]);
        let mut or = with("v", "k = 1 or k = 3");
        or.range = Some(KeyRange { from: Some(Datum::Integer(2)), below: None });
        assert_eq!(values(read(&db.engine, &or).await), ["NULL"], "the filter's `or` does not reach out of its parentheses");
        let moment = db.engine.snapshot(1).await.expect("a moment");
        for (expression, filter) in [("v) from t; drop table t; --", "true"), ("v", "true); drop table t; --"), ("v + ", "true")] {
            let error = rows(&*moment, &with(expression, filter)).await.expect_err("refused");
            assert_eq!(error.kind, ErrorKind::Syntax, "{expression} {filter}: {error}");
        }
        let error = rows(&*moment, &with("1 / (v - 10)", "true")).await.expect_err("a division by zero");
        assert_eq!(error.kind, ErrorKind::Value);
        // What failed cost the moment nothing.
        assert_eq!(rows(&*moment, &base).await.expect("rows").len(), 3);
    }
}

#[tokio::test]
async fn declared_conversions_are_exact() {
    let setup = "create table t (id int primary key, s int8, m int8, u int8, n numeric, z timestamp); insert into t values \
        (1, 1763728215, 1763728215123, 1763728215123456, 1763728215.123456, '2026-07-01 12:00'), (2, -1, -1, -1, -0.5, '2026-01-01 12:00'), \
        (3, 4102444799, 4102444799999, 253402300799999999, 0, null)";
    for db in databases(setup).await {
        let described = db.engine.describe(&TableName::new("public", "t")).await.expect("described");
        let of = |at: usize, conversion: &Conversion| {
            let expression = db.engine.converted(&described.columns[at], conversion);
            ReadColumn {
                name: described.columns[at].name.clone(),
                expression: Some(expression.expect("a conversion")),
                class: Class::Instant,
            }
        };
        let columns = vec![
            column("id", Class::Integer),
            of(1, &Conversion::Epoch(EpochUnit::Seconds)),
            of(2, &Conversion::Epoch(EpochUnit::Millis)),
            of(3, &Conversion::Epoch(EpochUnit::Micros)),
            of(4, &Conversion::Epoch(EpochUnit::Seconds)),
            of(5, &Conversion::Zone("Europe/Berlin".to_owned())),
        ];
        let found = read(&db.engine, &Read::new(TableName::new("public", "t"), columns, vec![0]).in_order()).await;
        let shown: Vec<_> = found.iter().map(|(_, row)| shown(row)).collect();
        assert_eq!(
            shown[0][1..],
            [
                "2025-11-21 12:30:15Z",
                "2025-11-21 12:30:15.123Z",
                "2025-11-21 12:30:15.123456Z",
                "2025-11-21 12:30:15.123456Z",
                "2026-07-01 10:00:00Z"
            ]
        );
        assert_eq!(
            shown[1][1..],
            [
                "1969-12-31 23:59:59Z",
                "1969-12-31 23:59:59.999Z",
                "1969-12-31 23:59:59.999999Z",
                "1969-12-31 23:59:59.5Z",
                "2026-01-01 11:00:00Z"
            ]
        );
        assert_eq!(
            shown[2][1..],
            ["2099-12-31 23:59:59Z", "2099-12-31 23:59:59.999Z", "9999-12-31 23:59:59.999999Z", "1970-01-01 00:00:00Z", "NULL"]
        );
    }
}
