//! Conformance: what is read is what is there, whole, in ranges, in order, by key.

use std::collections::BTreeSet;

use segue_engine::rows::{Class, Datum, KeyRange, Read, Snapshot, key};

use super::Place;
use super::read::{all_rows, decoded, under, whole};

/// Rows of the table `many`.
pub(super) const MANY: i64 = 3_000;

/// Keys whose order under most collations is not that of their bytes.
const WORDS: &[&str] = &["_", "a", "B", "c", "é", "z", "😀", "ab", "a b", "ÿ", "10", "9"];

/// Makes the tables of the cases.
pub(super) async fn make(place: &Place) {
    let name = |table: &str| place.sql_name(table);
    place.execute(&format!("create table {} (id bigint primary key, word text, n bigint)", name("many"))).await;
    for chunk in (0..MANY).collect::<Vec<_>>().chunks(500) {
        let rows: Vec<String> = chunk
            .iter()
            .map(|at| format!("({}, 'word {at}', {})", id(*at), if at % 7 == 0 { "null".to_owned() } else { at.to_string() }))
            .collect();
        place.execute(&format!("insert into {} (id, word, n) values {}", name("many"), rows.join(", "))).await;
    }
    let word = match place.engine {
        "mariadb" => "varchar(50) character set utf8mb4 collate utf8mb4_unicode_ci",
        "sqlite" => "text collate nocase not null",
        "postgres" => "text collate \"und-x-icu\"",
        _ => "text",
    };
    place.execute(&format!("create table {} (word {word} primary key, n bigint)", name("words"))).await;
    let rows: Vec<String> = WORDS.iter().enumerate().map(|(at, word)| format!("('{word}', {at})")).collect();
    place.execute(&format!("insert into {} (word, n) values {}", name("words"), rows.join(", "))).await;
    place.execute(&format!("create table {} (a bigint, b text)", name("loose"))).await;
    place.execute(&format!("insert into {} (a, b) values (1, 'x'), (1, 'x'), (2, null), (null, null), (null, null)", name("loose"))).await;
    place.execute(&format!("create table {} (id bigint primary key, v text)", name("nothing"))).await;
    place
        .execute(&format!(
            "create table {} (id bigint primary key, v {})",
            name("wide"),
            if place.engine == "mariadb" { "longtext" } else { "text" }
        ))
        .await;
}

/// Keys with holes, below zero and above.
fn id(at: i64) -> i64 {
    (at - MANY / 3) * 3
}

pub(super) async fn snapshot(place: &Place) -> Box<dyn Snapshot> {
    place.rows().snapshot(2).await.unwrap_or_else(|error| panic!("{}: a snapshot: {error}", place.shown))
}

pub(super) async fn read_of(place: &Place, table: &str) -> Read {
    let described = place.rows().describe(&place.table(table)).await.unwrap_or_else(|error| panic!("{}: {table}: {error}", place.shown));
    whole(&described)
}

pub(super) async fn a_table_is_described(place: &Place) {
    let many = place.rows().describe(&place.table("many")).await.expect("described");
    assert_eq!(many.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>(), ["id", "word", "n"], "{}", place.shown);
    assert_eq!(many.columns.iter().map(|column| column.class.clone()).collect::<Vec<_>>(), [Class::Integer, Class::Text, Class::Integer]);
    assert_eq!(many.key.as_deref(), Some(&["id".to_owned()][..]));
    assert!(many.columns[2].nullable && many.columns.iter().all(|column| !column.generated && column.unreadable.is_none()));
    let loose = place.rows().describe(&place.table("loose")).await.expect("described");
    assert_eq!(loose.key, None, "{}: no key was declared", place.shown);
    let bare = segue_model::ident::TableName::bare("many");
    assert_eq!(place.rows().describe(&bare).await.expect("resolved").columns, many.columns, "{}: a name without its schema", place.shown);
    let tables = place.rows().tables().await.expect("tables");
    for table in ["many", "words", "loose", "nothing", "wide"] {
        assert!(tables.iter().any(|name| name.name == table), "{}: {table} is listed", place.shown);
    }
    assert!(tables.is_sorted(), "{}: sorted", place.shown);
}

pub(super) async fn everything_is_read(place: &Place) {
    let (snapshot, read) = (snapshot(place).await, read_of(place, "many").await);
    let rows = decoded(snapshot.as_ref(), &read).await.expect("rows");
    let seen: BTreeSet<Vec<String>> = rows.iter().cloned().collect();
    let expect =
        (0..MANY).map(|at| vec![id(at).to_string(), format!("word {at}"), if at % 7 == 0 { "NULL".to_owned() } else { at.to_string() }]);
    assert_eq!(rows.len() as i64, MANY, "{}: each row once", place.shown);
    assert!(seen == expect.collect::<BTreeSet<_>>(), "{}: every value", place.shown);
    assert_eq!(snapshot.count(&read).await.expect("a count") as i64, MANY, "{}", place.shown);
    assert!(!snapshot.moment().is_empty() && snapshot.readers() >= 1);
    let keys: Vec<Vec<Datum>> =
        all_rows(snapshot.as_ref(), &read).await.expect("rows").iter().map(|(bytes, _)| key::read(bytes).expect("a key")).collect();
    assert!(keys.contains(&vec![Datum::Integer(i128::from(id(0)))]), "{}: keys below zero", place.shown);
    snapshot.close().await.expect("closed");
}

pub(super) async fn ranges_are_a_partition(place: &Place) {
    let (snapshot, read) = (snapshot(place).await, read_of(place, "many").await);
    let whole: BTreeSet<_> = all_rows(snapshot.as_ref(), &read).await.expect("rows").into_iter().collect();
    let mut cuts = snapshot.splits(&read, 400).await.expect("splits");
    let number = |cut: &Datum| if let Datum::Integer(number) = cut { *number } else { panic!("{}: a cut of another kind", place.shown) };
    assert!(cuts.windows(2).all(|pair| number(&pair[0]) < number(&pair[1])), "{}: ascending and distinct", place.shown);
    // The conformance's own cuts too: within, at, between and beyond the keys.
    cuts.extend(
        [i128::from(i64::MIN), i128::from(id(0)), -1, 0, 1, i128::from(id(MANY - 1)), i128::from(i64::MAX), i128::from(u64::MAX)]
            .map(Datum::Integer),
    );
    cuts.sort_by_key(number);
    cuts.dedup();
    let (mut union, mut count, mut from) = (BTreeSet::new(), 0, None);
    for below in cuts.into_iter().map(Some).chain([None]) {
        let part = read.within(KeyRange { from: from.clone(), below: below.clone() });
        let rows = all_rows(snapshot.as_ref(), &part).await.unwrap_or_else(|error| panic!("{}: a range: {error}", place.shown));
        assert_eq!(snapshot.count(&part).await.expect("a count"), rows.len() as u64, "{}: a range counts what it reads", place.shown);
        count += rows.len();
        union.extend(rows);
        from = below;
    }
    assert!(union == whole && count == whole.len(), "{}: each row in one range", place.shown);
    snapshot.close().await.expect("closed");
}

pub(super) async fn order_is_that_of_the_bytes(place: &Place) {
    let snapshot = snapshot(place).await;
    for table in ["many", "words"] {
        let read = read_of(place, table).await;
        let rows = all_rows(snapshot.as_ref(), &read.in_order()).await.expect("rows");
        let inside = rows.windows(2).all(|pair| pair[0].0 < pair[1].0);
        assert!(inside, "{}: {table} in the order of its key's bytes", place.shown);
        let unordered: BTreeSet<_> = all_rows(snapshot.as_ref(), &read).await.expect("rows").into_iter().collect();
        assert!(unordered == rows.into_iter().collect(), "{}: {table}: the same rows", place.shown);
    }
    snapshot.close().await.expect("closed");
}

pub(super) async fn asked_keys_come(place: &Place) {
    let snapshot = snapshot(place).await;
    for table in ["many", "words"] {
        let read = read_of(place, table).await;
        let rows = all_rows(snapshot.as_ref(), &read).await.expect("rows");
        let asked: Vec<Vec<u8>> = rows.iter().step_by(rows.len().div_ceil(300)).map(|(key, _)| key.clone()).collect();
        let mut keys: Vec<Vec<Datum>> = asked.iter().map(|bytes| key::read(bytes).expect("a key")).collect();
        keys.push(vec![if table == "many" { Datum::Integer(1) } else { Datum::Text("nobody".into()) }]);
        let only = read.of_keys(keys);
        let came: BTreeSet<_> = all_rows(snapshot.as_ref(), &only)
            .await
            .unwrap_or_else(|error| panic!("{}: {table}: {error}", place.shown))
            .into_iter()
            .collect();
        let wanted = rows.iter().filter(|(key, _)| asked.contains(key));
        assert!(wanted.clone().all(|row| came.contains(row)), "{}: {table}: every asked row came", place.shown);
        assert!(came.iter().all(|row| rows.contains(row)), "{}: {table}: and no other than those of the table", place.shown);
        assert!(came.len() < rows.len() || table == "words", "{}: {table}: a key is worth asking for", place.shown);
        assert_eq!(snapshot.count(&only).await.expect("a count"), came.len() as u64, "{}: {table}: counted alike", place.shown);
    }
    let none = read_of(place, "many").await.of_keys(Vec::new());
    assert!(all_rows(snapshot.as_ref(), &none).await.expect("rows").is_empty(), "{}: no keys, no rows", place.shown);
    snapshot.close().await.expect("closed");
}

pub(super) async fn filters_and_expressions(place: &Place) {
    let (snapshot, mut read) = (snapshot(place).await, read_of(place, "many").await);
    read.filter = Some(if place.is_server() { "n is null or n = 3 -- a comment" } else { "n is null" }.to_owned());
    let expect = (0..MANY).filter(|at| at % 7 == 0 || (place.is_server() && *at == 3)).count();
    assert_eq!(all_rows(snapshot.as_ref(), &read).await.expect("rows").len(), expect, "{}: a filter with `or`", place.shown);
    assert_eq!(snapshot.count(&read).await.expect("a count"), expect as u64, "{}", place.shown);
    let low = read.within(KeyRange { from: None, below: Some(Datum::Integer(0)) });
    let both = (0..MANY).filter(|at| (at % 7 == 0 || (place.is_server() && *at == 3)) && id(*at) < 0).count();
    assert_eq!(all_rows(snapshot.as_ref(), &low).await.expect("rows").len(), both, "{}: a filter and a range", place.shown);
    if place.is_server() {
        let mut doubled = read_of(place, "many").await;
        doubled.columns[2].expression = Some("n * 2".to_owned());
        let rows = decoded(snapshot.as_ref(), &doubled).await.expect("rows");
        let row = rows.iter().find(|row| row[1] == "word 5").expect("the row");
        assert_eq!(row[2], "10", "{}: an expression instead of a column", place.shown);
    }
    snapshot.close().await.expect("closed");
}

pub(super) async fn rows_without_a_key(place: &Place) {
    let snapshot = snapshot(place).await;
    let described = place.rows().describe(&place.table("loose")).await.expect("described");
    let read = under(&described, &[("b", Class::Text), ("a", Class::Integer)], Vec::new());
    let mut rows = decoded(snapshot.as_ref(), &read).await.expect("rows");
    rows.sort();
    let expect = [["NULL", "2"], ["NULL", "NULL"], ["NULL", "NULL"], ["x", "1"], ["x", "1"]];
    assert_eq!(rows, expect.map(|row| row.map(str::to_owned).to_vec()), "{}: columns in the order of the read, twins twice", place.shown);
    let keys = all_rows(snapshot.as_ref(), &read).await.expect("rows");
    assert!(keys.iter().all(|(key, _)| key.is_empty()), "{}: no key, no key bytes", place.shown);
    snapshot.close().await.expect("closed");
}

pub(super) async fn nothing_is_an_end(place: &Place) {
    let (snapshot, read) = (snapshot(place).await, read_of(place, "nothing").await);
    assert!(all_rows(snapshot.as_ref(), &read).await.expect("an end").is_empty(), "{}", place.shown);
    assert!(all_rows(snapshot.as_ref(), &read.in_order()).await.expect("an end").is_empty(), "{}", place.shown);
    assert_eq!(snapshot.count(&read).await.expect("a count"), 0, "{}", place.shown);
    assert!(snapshot.splits(&read, 100).await.expect("no cuts").is_empty(), "{}", place.shown);
    snapshot.close().await.expect("closed");
}

pub(super) async fn wide_rows(place: &Place) {
    for at in 0..5 {
        let letter = char::from(b'a' + at);
        let value = if place.is_server() && place.engine != "sqlite" {
            format!("repeat('{letter}', 1000000)")
        } else {
            format!("'{}'", letter.to_string().repeat(1_000_000))
        };
        place.execute(&format!("insert into {} (id, v) values ({at}, {value})", place.sql_name("wide"))).await;
    }
    let (snapshot, read) = (snapshot(place).await, read_of(place, "wide").await);
    let rows = all_rows(snapshot.as_ref(), &read).await.expect("rows");
    assert_eq!(rows.len(), 5, "{}", place.shown);
    assert!(rows.iter().all(|(_, row)| row.len() > 1_000_000), "{}: rows wider than a batch", place.shown);
    snapshot.close().await.expect("closed");
}

pub(super) async fn hostile_names(place: &Place) {
    if !place.is_server() {
        return;
    }
    for (at, name) in crate::hostile::names().into_iter().enumerate() {
        // MariaDB stores no four-byte letter in a name, and no space at its end.
        let fits = !name.ends_with(' ') && !name.chars().any(|letter| u32::from(letter) > 0xffff) && name.chars().count() <= 60;
        if place.engine == "mariadb" && !fits {
            continue;
        }
        let (table, column) = (place.sql_name(&format!("h{at}")), place.quoted(&name));
        place.execute(&format!("create table {table} (id bigint primary key, {column} {})", "varchar(20)")).await;
        place.execute(&format!("insert into {table} values (1, 'x'), (2, null)")).await;
        let (snapshot, read) = (snapshot(place).await, read_of(place, &format!("h{at}")).await);
        assert_eq!(read.columns[1].name, name, "{}", place.shown);
        let rows = decoded(snapshot.as_ref(), &read.in_order()).await.unwrap_or_else(|error| panic!("{}: {name:?}: {error}", place.shown));
        assert_eq!(rows, [["1", "x"], ["2", "NULL"]].map(|row| row.map(str::to_owned).to_vec()), "{}: {name:?}", place.shown);
        snapshot.close().await.expect("closed");
    }
}
