//! Every type with its edges: two values have the same canonical bytes exactly when the server writes the same text.

use segue_engine::rows::{Class, Datum, Rows as _};

use super::{Row, read, shown, whole};
use crate::database::{Database, databases, table};

/// A type, its class as a person reads it, and values as SQL.
struct Kind {
    name: &'static str,
    class: &'static str,
    values: &'static [&'static str],
}

const fn kind(name: &'static str, class: &'static str, values: &'static [&'static str]) -> Kind {
    Kind { name, class, values }
}

const MAKE: &str = "
create extension hstore; create extension citext;
create type mood as enum ('sad', 'it''s \"ok\"', '😀'); create type pair as (a int, b text);
create domain price as numeric(10,2); create domain word as text check (value <> 'x'); create domain words as word[];
create type textrange as range (subtype = text); create type pricerange as range (subtype = price);";

const KINDS: &[Kind] = &[
    kind("bool", "boolean", &["true", "false"]),
    kind("int2", "whole number", &["-32768", "-1", "0", "1", "32767"]),
    kind("int4", "whole number", &["-2147483648", "-1", "0", "255", "256", "2147483647"]),
    kind("int8", "whole number", &["-9223372036854775808", "-1", "0", "65536", "9223372036854775807"]),
    kind("oid", "whole number", &["0", "2147483648", "4294967295"]),
    kind(
        "numeric",
        "decimal with its scale",
        &[
            "0",
            "0.0",
            "0.00",
            "1",
            "1.0",
            "-1.0",
            "1.50",
            "1.5",
            "10000",
            "9999",
            "0.0001",
            "0.00010",
            "0.00001",
            "-0.1",
            "'NaN'",
            "'Infinity'",
            "'-Infinity'",
            "123456789012345678901234567890.123456789",
            "1e131071",
            "1e-16383",
            "('9' || repeat('0', 131070) || '1')::numeric",
            "(repeat('7', 131072))::numeric",
            "(repeat('7', 131071) || '8')::numeric",
            "('0.' || repeat('0', 16382) || '3')::numeric",
        ],
    ),
    kind("numeric(10,2)", "decimal by value", &["0", "-0.01", "99999999.99", "-99999999.99", "1.5", "'NaN'"]),
    kind("numeric(5,-2)", "decimal by value", &["12300", "100", "0"]),
    kind("float4", "floating point", &["0", "'-0'", "'NaN'", "'Infinity'", "'-Infinity'", "1e-45", "3.4028235e38", "0.1", "1", "16777217"]),
    kind(
        "float8",
        "floating point",
        &["0", "'-0'", "'NaN'", "'Infinity'", "'-Infinity'", "5e-324", "1.7976931348623157e308", "0.1", "0.1::float4"],
    ),
    kind("money", "decimal by value", &["0", "12.34", "-0.01", "'92233720368547758.07'", "'-92233720368547758.08'"]),
    kind(
        "text",
        "text",
        &["''", "' '", "'a'", "'A'", "'a '", "'<null>'", "'NULL'", "'é'", "E'e\\u0301'", "'😀'", "repeat('x', 200000)", "E'\\n\\t\\\\'"],
    ),
    kind("varchar(5)", "text", &["''", "'a'", "'a '", "'ß'"]),
    kind("name", "text", &["'a'", "'A b'", "repeat('é', 31)"]),
    kind("\"char\"", "text", &["'a'", "''", "'b'"]),
    kind("citext", "text", &["'a'", "'A'", "''"]),
    kind("xml", "text", &["'<a/>'", "'<a></a>'", "'<?xml version=\"1.0\" encoding=\"UTF-8\"?><a>é</a>'", "'text'"]),
    kind("bpchar(4)", "text without trailing spaces", &["''", "'a'", "' a'", "'ab'", "'é'"]),
    kind("bytea", "bytes", &["''", "'\\x00'", "'\\x0000'", "'\\xff'", "'\\x5c'", "decode(repeat('ab', 100000), 'hex')"]),
    kind(
        "date",
        "date",
        &[
            "'1970-01-01'",
            "'2000-01-01'",
            "'infinity'",
            "'-infinity'",
            "'4714-11-24 BC'",
            "'5874897-12-31'",
            "'0001-01-01'",
            "'0001-12-31 BC'",
            "'2024-02-29'",
        ],
    ),
    kind("time", "time", &["'00:00'", "'24:00'", "'23:59:59.999999'", "'12:00:00.000001'"]),
    kind("timetz", "time with offset", &["'00:00+00'", "'24:00+15:59:59'", "'12:00-15:59:59'", "'12:00+01'", "'11:00+00'"]),
    kind(
        "timestamp",
        "date and time",
        &[
            "'1970-01-01'",
            "'infinity'",
            "'-infinity'",
            "'4714-11-24 00:00:00 BC'",
            "'294276-12-31 23:59:59.999999'",
            "'294276-12-31 23:59:59.999998'",
            "'294247-01-10 04:00:54.775807'",
            "'294247-01-10 04:00:54.775808'",
            "'0044-03-15 12:00 BC'",
            "'1999-12-31 23:59:59.999999'",
        ],
    ),
    kind(
        "timestamptz",
        "moment",
        &[
            "'1970-01-01 00:00+00'",
            "'1970-01-01 02:00+02'",
            "'infinity'",
            "'-infinity'",
            "'4714-11-24 00:00:00+00 BC'",
            "'294276-12-31 23:59:59.999999+00'",
            "'294276-12-31 23:59:59.999998+00'",
            "'2026-03-29 01:30+00'",
        ],
    ),
    kind(
        "interval",
        "interval",
        &[
            "'0'",
            "'1 month'",
            "'30 days'",
            "'720 hours'",
            "'1 day'",
            "'24 hours'",
            "'-1 month 1 day -0.000001 seconds'",
            "'178000000 years'",
            "'-178000000 years'",
        ],
    ),
    kind(
        "uuid",
        "uuid",
        &["'00000000-0000-0000-0000-000000000000'", "'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF'", "'a0eebc999c0b4ef8bb6d6bb9bd380a11'"],
    ),
    kind("json", "JSON by text", &["'{}'", "'{ }'", "'{\"a\":1,\"a\":2}'", "'null'", "'1.0'", "'1'"]),
    kind(
        "jsonb",
        "JSON by value",
        &["'{}'", "'{\"a\":1}'", "'{\"b\":1, \"a\":2}'", "'[]'", "'null'", "'\"null\"'", "'1e1000'", "'\"😀\\u0001\"'"],
    ),
    kind("bit(3)", "bits", &["'000'", "'111'", "'001'"]),
    kind("varbit", "bits", &["''", "'0'", "'00'", "'1'", "'00000000'", "'000000000'", "'111111111'"]),
    kind(
        "inet",
        "network address",
        &["'10.0.0.1'", "'10.0.0.1/24'", "'::1'", "'::ffff:10.0.0.1'", "'0.0.0.0/0'", "'::/0'", "'255.255.255.255'"],
    ),
    kind("cidr", "network address", &["'10.0.0.0/8'", "'10.0.0.0/24'", "'::/0'", "'2001:db8::/32'"]),
    kind("mood", "text", &["'sad'", "'it''s \"ok\"'", "'😀'"]),
    kind("price", "decimal by value", &["1", "1.25", "-1"]),
    kind("word", "text", &["''", "'y'"]),
    kind(
        "int4[]",
        "array of whole number",
        &[
            "'{}'",
            "'{1}'",
            "'{NULL}'",
            "'{1,NULL,3}'",
            "'{{1,2},{3,4}}'",
            "'{{1},{2},{3},{4}}'",
            "'{1,2,3,4}'",
            "'[0:1]={1,2}'",
            "'{1,2}'",
            "'[-3:-2][5:5]={{1},{2}}'",
        ],
    ),
    kind("numeric[]", "array of decimal with its scale", &["'{1.0,1.00}'", "'{1.00,1.0}'", "'{NaN,NULL,-Infinity}'", "'{0}'"]),
    kind("price[]", "array of decimal by value", &["'{1,2.5}'", "'{}'"]),
    kind(
        "text[]",
        "array of text",
        &["'{a,b}'", "'{\"a,b\"}'", "'{\"NULL\"}'", "'{NULL}'", "'{\"\"}'", "'{}'", "'{ab,\"\"}'", "'{a,\"b\"}'"],
    ),
    kind("money[]", "array of decimal by value", &["'{1,2}'", "'{1}'"]),
    kind("citext[]", "array of text", &["'{a}'", "'{A}'"]),
    kind("mood[]", "array of text", &["'{sad}'", "'{😀,sad}'"]),
    kind("words", "array of text", &["'{a}'", "'{}'"]),
    kind(
        "timestamptz[]",
        "array of moment",
        &["'{1970-01-01 00:00+00,infinity}'", "'{294276-12-31 23:59:59.999999+00}'", "'{294276-12-31 23:59:59.999998+00}'"],
    ),
    kind("jsonb[]", "array of JSON by value", &["array['{}'::jsonb]", "array['{\"a\": [1]}'::jsonb, null]"]),
    kind("int4range", "range of whole number", &["'empty'", "'(,)'", "'[1,5)'", "'[1,5]'", "'[,5)'", "'[1,)'"]),
    kind(
        "numrange",
        "range of decimal with its scale",
        &["'[1.0,2]'", "'[1.00,2]'", "'(1.0,2]'", "'[1.0,2)'", "'[NaN,)'", "'(,Infinity]'", "'(,)'"],
    ),
    kind(
        "tstzrange",
        "range of moment",
        &["'[1970-01-01 00:00+00,infinity]'", "'[1970-01-01 00:00+00,)'", "'[,294276-12-31 23:59:59.999999+00)'"],
    ),
    kind("daterange", "range of date", &["'[2024-01-01,2024-02-01)'", "'[-infinity,)'", "'(,)'"]),
    kind("textrange", "range of text", &["'[a,b)'", "'[a,\"b,\")'", "'(,)'", "'empty'"]),
    kind("pricerange", "range of decimal by value", &["'[1,2.50)'", "'[1,)'"]),
    kind("int4range[]", "int4range[]", &["'{\"[1,2)\",empty}'", "'{}'"]),
    kind("int4multirange", "int4multirange as its engine writes it", &["'{}'", "'{[1,2),[5,6)}'"]),
    kind("pair", "pair as its engine writes it", &["'(1,)'", "'(1,\"\")'", "'(,x)'"]),
    kind("hstore", "hstore as its engine writes it", &["''", "'a=>1,b=>NULL'", "'a=>1,b=>\"NULL\"'"]),
    kind("hstore[]", "hstore[] as its engine writes it", &["array['a=>1'::hstore]"]),
    kind("point", "point as its engine writes it", &["'(0,0)'", "'(-0,0)'", "'(0.1,NaN)'"]),
    kind("box", "box as its engine writes it", &["'(1,1),(0,0)'"]),
    kind("polygon", "polygon as its engine writes it", &["'((0,0),(1,1),(2,0))'"]),
    kind("tsvector", "tsvector as its engine writes it", &["'a:1 b:2'", "'a b'"]),
    kind("macaddr", "macaddr as its engine writes it", &["'08:00:2b:01:02:03'"]),
    kind("pg_lsn", "pg_lsn as its engine writes it", &["'0/0'", "'16/B374D848'"]),
    kind("oidvector", "array of whole number", &["'1 2'"]),
];

/// The canonical bytes of each value of the column beside the key.
fn values(rows: &[Row]) -> Vec<Vec<u8>> {
    rows.iter().map(|(_, row)| Datum::split(row).expect("a key").1.to_vec()).collect()
}

async fn check(db: &Database, at: usize, kind: &Kind) {
    let name = format!("public.t{at}");
    let list: Vec<_> = kind.values.iter().enumerate().map(|(id, value)| format!("({id}, ({value})::{})", kind.name)).collect();
    let count = kind.values.len();
    // Each value twice, and NULL twice.
    let sql = format!(
        "create table {name} (id int primary key, v {0}); insert into {name} values {1}; \
         insert into {name} select id + {count}, v from {name}; insert into {name} values ({2}, null), ({3}, null)",
        kind.name,
        list.join(", "),
        count * 2,
        count * 2 + 1,
    );
    db.client.batch_execute(&sql).await.unwrap_or_else(|error| panic!("{}: {error:?}", kind.name));
    let whole = whole(&db.engine, &name).await;
    let class = &whole.columns[1].class;
    assert!(class.to_string().starts_with(kind.class), "{}: {class}", kind.name);
    let found = values(&read(&db.engine, &whole.in_order()).await);
    assert_eq!(found.len(), count * 2 + 2, "{}", kind.name);
    assert!(found.iter().skip(count * 2).all(|bytes| bytes == &[0]), "{}: NULL", kind.name);
    let same = db
        .client
        .query(
            &format!(
                "select a.id, b.id from (select id, v, v::text collate \"C\" as w from {name}) a join (select id, v::text collate \"C\" as w from {name}) b \
                 on b.id > a.id and a.w is not distinct from b.w"
            ),
            &[],
        )
        .await
        .expect("an oracle");
    let same: std::collections::BTreeSet<(i32, i32)> = same.iter().map(|row| (row.get(0), row.get(1))).collect();
    assert!(same.len() > count, "{}: each value is there twice", kind.name);
    for a in 0..found.len() {
        for b in a + 1..found.len() {
            let expected = same.contains(&(a as i32, b as i32));
            assert_eq!(found[a] == found[b], expected, "{} on {}: {a} and {b}", kind.name, db.major);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn values_are_the_same_exactly_when_the_server_writes_the_same() {
    for db in databases(MAKE).await {
        // What a client's session thinks of dates and floats is not what ours thinks.
        db.client
            .batch_execute("set datestyle = 'ISO'; set timezone = 'UTC'; set extra_float_digits = 1; set intervalstyle = 'postgres'")
            .await
            .expect("set");
        // A scale below zero is of PostgreSQL 15 on.
        let makes = |kind: &Kind| db.major >= 15 || kind.name != "numeric(5,-2)";
        for (at, kind) in KINDS.iter().enumerate().filter(|(_, kind)| makes(kind)) {
            check(&db, at, kind).await;
        }
    }
}

#[tokio::test]
async fn values_are_what_they_are() {
    let make = "create table t (id int primary key, a numeric, b date, c timestamptz, d timetz, e interval, f inet, g bytea, h float4, i bool, j int8, k uuid, \
                l bpchar(5), m money, n varbit, o time, p int2[], q \"char\")";
    let fill = "insert into t values (1, -12345.6700, '2026-11-21', '2026-11-21 12:30:15.5+02', '12:30+02', '1 month 2 days 03:04:05', '10.0.0.1/8', \
                '\\x00ff', 1.5, true, -7, 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', 'ab', 12.34, B'101', '24:00', '{1,NULL,-3}', 'z')";
    for db in databases(&format!("{make}; {fill}")).await {
        let whole = whole(&db.engine, "t").await;
        let found = read(&db.engine, &whole).await;
        let expected = [
            "1",
            "-12345.6700",
            "2026-11-21",
            "2026-11-21 10:30:15.5Z",
            "12:30:00 -7200s west",
            "1 months 2 days 03:04:05",
            "10.0.0.1/8",
            "0x00ff",
            "1.5",
            "true",
            "-7",
            "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
            "ab",
            "12.34",
            "101",
            "24:00:00",
            "{1,NULL,-3}",
            "z",
        ];
        assert_eq!(shown(&found[0].1), expected);
    }
}

#[tokio::test]
async fn a_database_in_another_encoding_is_read_in_utf_8() {
    for db in databases("").await {
        let other = db.url.rsplit_once('/').expect("a path").0;
        db.client
            .batch_execute(&format!(
                "create database latin_{0} template template0 encoding 'LATIN1' lc_collate 'C' lc_ctype 'C'",
                std::process::id()
            ))
            .await
            .expect("a database");
        let url = format!("{other}/latin_{}", std::process::id());
        let client = crate::database::connect(&url).await;
        client
            .batch_execute("create table t (k text primary key, v char(5)); insert into t values ('é', 'ü'), ('z', 'z'), ('a', '')")
            .await
            .expect("made");
        let engine = crate::database::engine(&url);
        let whole = whole(&engine, "t").await;
        let found = read(&engine, &whole.in_order()).await;
        assert_eq!(found.iter().map(|(_, row)| shown(row)).collect::<Vec<_>>(), [["a", ""], ["z", "z"], ["é", "ü"]]);
        // A key that the server's encoding cannot hold is in no row, and no error.
        let keys = vec![vec![Datum::Text("é".into())], vec![Datum::Text("😀".into())]];
        assert_eq!(read(&engine, &whole.of_keys(keys)).await.len(), 1);
        let table = engine.describe(&table("t")).await.expect("described");
        assert_eq!(table.columns[1].class, Class::TextPadded);
    }
}
