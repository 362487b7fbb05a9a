//! Every type with the values at its edges: what the server holds is what is read.

use mysql_async::prelude::Queryable as _;
use segue_engine::rows::{Class, Rows as _};
use segue_model::ident::TableName;

use crate::database::{Database, database};
use crate::reading::{canonical, column, described, shown, whole};

/// Makes a table of one column with these values, and reads it.
async fn read(db: &mut Database, data_type: &str, values: &[&str]) -> (Class, Vec<String>) {
    let mut sql = vec!["drop table if exists v".to_owned(), format!("create table v (id int primary key, v {data_type} null)")];
    sql.push("set sql_mode = ''".to_owned());
    sql.extend(values.iter().enumerate().map(|(at, value)| format!("insert into v values ({at}, {value})")));
    for sql in sql {
        db.client.query_drop(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    let table = described(&db.engine, "v").await;
    (table.columns[1].class.clone(), column(&db.engine, "v", "v").await)
}

#[tokio::test]
async fn numbers() {
    let Some(mut db) = database(&[]).await else { return };
    let db = &mut db;
    for (data_type, values, wanted) in [
        ("tinyint", &["-128", "127"][..], &["-128", "127"][..]),
        ("tinyint(1)", &["0", "1", "2"], &["0", "1", "2"]),
        ("tinyint unsigned", &["255"], &["255"]),
        ("smallint", &["-32768", "32767"], &["-32768", "32767"]),
        ("smallint unsigned", &["65535"], &["65535"]),
        ("mediumint", &["-8388608", "8388607"], &["-8388608", "8388607"]),
        ("mediumint unsigned", &["16777215"], &["16777215"]),
        ("int", &["-2147483648", "2147483647"], &["-2147483648", "2147483647"]),
        ("int unsigned", &["4294967295"], &["4294967295"]),
        ("int zerofill", &["7"], &["7"]),
        ("bigint", &["-9223372036854775808", "9223372036854775807"], &["-9223372036854775808", "9223372036854775807"]),
        ("bigint unsigned", &["0", "9223372036854775808", "18446744073709551615"], &["0", "9223372036854775808", "18446744073709551615"]),
        ("year", &["1901", "2155", "0", "null"], &["1901", "2155", "0", "NULL"]),
    ] {
        assert_eq!(read(db, data_type, values).await, (Class::Integer, wanted.iter().map(|s| (*s).to_owned()).collect()), "{data_type}");
    }
    let digits = format!("{}.{}", "9".repeat(35), "9".repeat(30));
    let (class, values) = read(db, "decimal(65,30)", &[&digits, &format!("-{digits}"), "0", "-0.0", "1.50", "1e-30", "1e34"]).await;
    let small = format!("0.{}1", "0".repeat(29));
    let large = format!("1{}", "0".repeat(34));
    assert_eq!(class, Class::Decimal);
    assert_eq!(values, [digits.clone(), format!("-{digits}"), "0".to_owned(), "0".to_owned(), "1.5".to_owned(), small, large]);
    let (class, values) = read(db, "double", &["-0e0", "0", "1.7976931348623157e308", "5e-324", "0.1"]).await;
    assert_eq!(class, Class::Float);
    assert_eq!(values, ["-0.0", "0.0", "1.7976931348623157e308", "5e-324", "0.1"]);
    // The float nearest to a tenth, exactly.
    assert_eq!(read(db, "float", &["0.1", "16777216"]).await.1, ["0.10000000149011612", "16777216.0"]);
    assert_eq!(read(db, "bit(1)", &["1", "0"]).await, (Class::Bits, vec!["1".to_owned(), "0".to_owned()]));
    assert_eq!(read(db, "bit(9)", &["b'100000001'"]).await.1, ["100000001"]);
    assert_eq!(read(db, "bit(64)", &["18446744073709551615", "1"]).await.1, ["1".repeat(64), format!("{}1", "0".repeat(63))]);
}

#[tokio::test]
async fn texts_and_bytes() {
    let Some(mut db) = database(&[]).await else { return };
    let db = &mut db;
    assert_eq!(read(db, "char(5)", &["'a  '", "''", "null"]).await, (Class::TextPadded, vec!["a".into(), String::new(), "NULL".into()]));
    let (class, values) = read(db, "varchar(9)", &["'a  '", "''", "null", "'😀\\'\\\\'", "char(0 using utf8mb4)"]).await;
    assert_eq!((class, values), (Class::Text, ["a  ", "", "NULL", "😀'\\", "\0"].map(str::to_owned).into()));
    for data_type in ["tinytext", "text", "mediumtext", "longtext"] {
        assert_eq!(read(db, data_type, &["'x'", "''"]).await, (Class::Text, vec!["x".into(), String::new()]), "{data_type}");
    }
    assert_eq!(read(db, "binary(4)", &["x'0100'", "x''"]).await, (Class::BytesPadded, vec!["0x01".into(), "0x".into()]));
    for data_type in ["varbinary(9)", "tinyblob", "blob", "mediumblob", "longblob"] {
        assert_eq!(read(db, data_type, &["x'00ff00'", "x''"]).await, (Class::Bytes, vec!["0x00ff00".into(), "0x".into()]), "{data_type}");
    }
    let (class, values) = read(db, "enum('a','B','','it''s')", &["'a'", "2", "''", "0", "'nonsense'", "4", "null"]).await;
    assert_eq!((class, values), (Class::Text, ["a", "B", "", "(no label)", "(no label)", "it's", "NULL"].map(str::to_owned).into()));
    let (class, values) = read(db, "enum('a','b')", &["'a'", "0", "'nonsense'"]).await;
    assert_eq!((class, values), (Class::Text, ["a", "", ""].map(str::to_owned).into()), "nothing else there is the empty text");
    for charset in ["latin1", "gbk", "utf16", "binary"] {
        let (class, values) = read(db, &format!("enum('a','') character set {charset}"), &["'a'", "''", "0", "null"]).await;
        assert_eq!((class, values), (Class::Text, ["a", "", "(no label)", "NULL"].map(str::to_owned).into()), "{charset}");
    }
    let labels: Vec<String> = (0..64).map(|n| format!("l{n:02}")).collect();
    let quoted: Vec<String> = labels.iter().map(|label| format!("'{label}'")).collect();
    let (class, values) = read(db, &format!("set({})", quoted.join(",")), &["18446744073709551615", "''", "'l63,l00'", "null"]).await;
    assert_eq!((class, values), (Class::Set, vec![labels.join(","), String::new(), "l00,l63".into(), "NULL".into()]));
}

#[tokio::test]
async fn character_sets_come_as_utf8_and_lose_nothing() {
    let Some(mut db) = database(&[]).await else { return };
    let db = &mut db;
    assert_eq!(read(db, "varchar(9) character set latin1", &["'ä€'", "x'81'"]).await.1, ["ä€", "\u{81}"]);
    assert_eq!(read(db, "varchar(9) character set gbk", &["'中文'", "'a'"]).await.1, ["中文", "a"]);
    assert_eq!(read(db, "varchar(9) character set utf16", &["'😀'", "''"]).await.1, ["😀", ""]);
    assert_eq!(read(db, "varchar(9) character set utf8mb3", &["'é'"]).await.1, ["é"]);
    // Bytes without a letter stay what they are: two of them are not one question mark.
    assert_eq!(read(db, "varchar(9) character set greek", &["x'ae'", "x'd2'", "'?'", "'α'"]).await.1, ["\u{fffd}", "\u{fffd}", "?", "α"]);
    let table = described(&db.engine, "v").await;
    let snapshot = db.engine.snapshot(1).await.expect("a moment");
    let rows = canonical(snapshot.as_ref(), &whole(&table).in_order()).await.expect("rows");
    assert!(rows[0].1.ends_with(&[0xae]) && rows[1].1.ends_with(&[0xd2]), "what a person sees of them is one, what is compared is not");
}

#[tokio::test]
async fn days_and_times() {
    let Some(mut db) = database(&[]).await else { return };
    let db = &mut db;
    let dates = ["'0000-00-00'", "'2026-00-10'", "'1000-01-01'", "'9999-12-31'", "'2024-02-29'", "null"];
    let wanted = ["0000-00-00", "2026-00-10", "1000-01-01", "9999-12-31", "2024-02-29", "NULL"];
    assert_eq!(read(db, "date", &dates).await, (Class::Date, wanted.map(str::to_owned).into()));
    let (class, values) = read(db, "datetime(6)", &["'0000-00-00'", "'9999-12-31 23:59:59.999999'", "'2026-11-21 01:02:03.000004'"]).await;
    let wanted = ["0000-00-00 00:00:00", "9999-12-31 23:59:59.999999", "2026-11-21 01:02:03.000004"];
    assert_eq!((class, values), (Class::Timestamp, wanted.map(str::to_owned).into()));
    db.client.query_drop("set time_zone = '+05:30'").await.expect("a zone");
    let (class, values) = read(db, "timestamp(3)", &["'2026-11-21 05:30:00.125'", "'0000-00-00 00:00:00'"]).await;
    assert_eq!((class, values), (Class::Instant, vec!["2026-11-21 00:00:00.125Z".into(), "0000-00-00 00:00:00Z".into()]));
    let times = ["'-838:59:59'", "'838:59:59'", "'-00:00:00.000001'", "'00:00:00'", "'12:30:15.5'"];
    let wanted = ["-838:59:59", "838:59:59", "-00:00:00.000001", "00:00:00", "12:30:15.5"];
    assert_eq!(read(db, "time(6)", &times).await, (Class::Time, wanted.map(str::to_owned).into()));
}

#[tokio::test]
async fn json_uuid_network_geometry() {
    let Some(mut db) = database(&[]).await else { return };
    let db = &mut db;
    let (class, values) = read(db, "json", &["'{\"a\": \"\\\\u0000\"}'", "'1.0'", "null"]).await;
    assert_eq!((class, values), (Class::Json, ["(JSON by value)", "(JSON by value)", "NULL"].map(str::to_owned).into()));
    let uuid = "123e4567-e89b-12d3-a456-426614174000";
    assert_eq!(read(db, "uuid", &[&format!("'{}'", uuid.to_uppercase())]).await, (Class::Uuid, vec![uuid.to_owned()]));
    assert_eq!(read(db, "inet4", &["'10.0.0.1'"]).await, (Class::Network, vec!["10.0.0.1/32".to_owned()]));
    assert_eq!(read(db, "inet6", &["'::ffff:10.0.0.1'", "'::1'"]).await.1, ["::ffff:10.0.0.1/128", "::1/128"]);
    let (class, values) = read(db, "geometry", &["st_geomfromtext('POINT(1 2)', 4326)", "null"]).await;
    assert_eq!(class, Class::Geometry);
    assert_eq!(values, ["SRID=4326;0x0101000000000000000000f03f0000000000000040", "NULL"]);
}

#[tokio::test]
async fn a_table_says_what_it_is() {
    let setup = [
        "create table `a``;-- ü中` (`k``;--` int not null, b varchar(9), c int as (`k``;--` + 1), d int as (`k``;--`) stored, primary key (`k``;--`))",
        "insert into `a``;-- ü中` (`k``;--`, b) values (1, 'x')",
        "create table keyed (a int, b int not null, c varchar(20) not null, unique (a), unique (c(5)), unique long_one (b, c), unique short_one (b))",
        "create table keyless (a int)",
        "create table aria (a int primary key) engine = Aria",
        "create table segue_control (a int)",
        "create view seen as select 1 as one",
        "create sequence counter",
    ];
    let Some(db) = database(&setup).await else { return };
    let names: Vec<String> = db.engine.tables().await.expect("tables").iter().map(|name| name.name.clone()).collect();
    assert_eq!(names, ["a`;-- ü中", "aria", "keyed", "keyless"]);
    let hostile = described(&db.engine, "a`;-- ü中").await;
    assert_eq!(hostile.key.as_deref(), Some(&["k`;--".to_owned()][..]));
    assert!(hostile.ranges_are_cheap);
    assert_eq!(hostile.columns.iter().map(|column| column.generated).collect::<Vec<_>>(), [false, false, true, true]);
    assert_eq!(hostile.columns.iter().map(|column| column.nullable).collect::<Vec<_>>(), [false, true, true, true]);
    assert_eq!(shown(&db.engine, &whole(&hostile)).await, [["1", "x", "2", "1"]]);
    let keyed = described(&db.engine, "keyed").await;
    assert_eq!((keyed.key, keyed.ranges_are_cheap), (Some(vec!["b".to_owned()]), false));
    assert_eq!(described(&db.engine, "keyless").await.key, None);
    assert!(!described(&db.engine, "aria").await.ranges_are_cheap);
    assert_eq!(described(&db.engine, "seen").await.columns.len(), 1);
    let error = db.engine.describe(&TableName::bare("KEYED")).await.expect_err("another name");
    assert_eq!((error.code, error.kind), ("SG-MY-013", segue_engine::ErrorKind::Object));
    let elsewhere = db.engine.describe(&TableName::new(db.name.clone(), "keyed")).await.expect("by its full name");
    assert_eq!(elsewhere.table, TableName::bare("keyed"));
    let facts = segue_engine::rows::Rows::facts(&db.engine).await.expect("facts");
    assert!(facts.warnings.iter().any(|warning| warning.contains("aria (Aria)")), "{:?}", facts.warnings);
}
