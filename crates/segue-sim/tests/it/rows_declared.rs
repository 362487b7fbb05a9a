//! Equalities that a spec declares, with real servers: an epoch, a zone, zero dates, JSON in text.

use segue_engine::rows::{Conversion, EpochUnit};
use segue_sim::rows::{Place, all_rows};
use segue_verify::mapping::{JsonAs, Mapping, ZeroDates, pair, spell};

use crate::servers::{mariadb, postgres};

/// Whether the two tables `name` hold the same under a mapping.
async fn same(source: &Place, target: &Place, name: &str, mut mapping: Mapping) -> bool {
    let (a, b) = (
        source.rows().describe(&source.table(name)).await.expect("described"),
        target.rows().describe(&target.table(name)).await.expect("described"),
    );
    spell(&mut mapping, &a, &b, source.rows()).expect("spelt");
    let pair = pair(&a, source.engine, &b, target.engine, &mapping).expect("a pair");
    assert!(pair.not_compared.is_empty(), "{name}: {:?}", pair.not_compared);
    let (here, there) = (source.rows().snapshot(1).await.expect("a snapshot"), target.rows().snapshot(1).await.expect("a snapshot"));
    let left = all_rows(here.as_ref(), &pair.source.in_order()).await.unwrap_or_else(|error| panic!("{name}: {error}"));
    let right = all_rows(there.as_ref(), &pair.target.in_order()).await.unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(!left.is_empty() && left.len() == right.len(), "{name}");
    left == right
}

/// Makes the table `name` on both sides.
async fn make(source: &Place, target: &Place, name: &str, of: [&str; 2], rows: [&str; 2]) {
    for ((place, of), rows) in [source, target].into_iter().zip(of).zip(rows) {
        place.execute(&format!("create table {} (id int not null primary key, v {of})", place.sql_name(name))).await;
        place.execute(&format!("insert into {} values {rows}", place.sql_name(name))).await;
    }
}

fn converts(conversion: Conversion) -> Mapping {
    Mapping { convert: [("v".to_owned(), conversion)].into(), ..Mapping::default() }
}

#[tokio::test]
async fn a_spec_says_what_counts_as_equal() {
    let Some(programs) = mariadb() else { return };
    let source = Place::mariadb(&programs, &[]).await;
    let target = Place::postgres(postgres().last().expect("some")).await;
    let (from, to) = (&source, &target);

    let moments = "(1, '1970-01-01 00:00:01+00'), (2, '1969-12-31 23:59:59+00'), (3, null), (4, '2126-11-21 10:00:00+00')";
    make(from, to, "seconds", ["bigint", "timestamptz"], ["(1, 1), (2, -1), (3, null), (4, 4950928800)", moments]).await;
    assert!(same(from, to, "seconds", converts(Conversion::Epoch(EpochUnit::Seconds))).await);
    assert!(!same(from, to, "seconds", converts(Conversion::Epoch(EpochUnit::Millis))).await);
    make(
        from,
        to,
        "millis",
        ["bigint", "timestamptz"],
        ["(1, 1500), (2, -1)", "(1, '1970-01-01 00:00:01.5+00'), (2, '1969-12-31 23:59:59.999+00')"],
    )
    .await;
    assert!(same(from, to, "millis", converts(Conversion::Epoch(EpochUnit::Millis))).await);
    // A number that is no moment is not NULL.
    make(from, to, "beyond", ["bigint", "timestamptz"], ["(1, 999999999999)", "(1, null)"]).await;
    assert!(!same(from, to, "beyond", converts(Conversion::Epoch(EpochUnit::Seconds))).await);

    make(
        from,
        to,
        "clock",
        ["datetime", "timestamptz"],
        ["(1, '2026-07-01 12:00:00'), (2, null)", "(1, '2026-07-01 10:00:00+00'), (2, null)"],
    )
    .await;
    assert!(same(from, to, "clock", converts(Conversion::Zone("+02:00".to_owned()))).await);
    assert!(!same(from, to, "clock", Mapping::default()).await, "without a declaration it is taken for UTC");
    // This server has no zones by name: what it cannot convert is not NULL, and not equal.
    make(from, to, "zones", ["datetime", "timestamptz"], ["(1, '2026-07-01 12:00:00')", "(1, null)"]).await;
    assert!(!same(from, to, "zones", converts(Conversion::Zone("Europe/Berlin".to_owned()))).await);

    let zeros = "(1, '0000-00-00'), (2, '2026-11-21'), (3, null), (4, '2026-00-10')";
    make(from, to, "zeros", ["date", "date"], [zeros, "(1, null), (2, '2026-11-21'), (3, null), (4, null)"]).await;
    assert!(!same(from, to, "zeros", Mapping::default()).await);
    assert!(same(from, to, "zeros", Mapping { zero_dates: Some(ZeroDates::Null), ..Mapping::default() }).await);
    assert!(!same(from, to, "zeros", Mapping { zero_dates: Some(ZeroDates::Day(1970, 1, 1)), ..Mapping::default() }).await);
    make(from, to, "zero_times", ["datetime", "timestamp"], ["(1, '0000-00-00 00:00:00')", "(1, '1970-01-01 00:00:00')"]).await;
    assert!(same(from, to, "zero_times", Mapping { zero_dates: Some(ZeroDates::Day(1970, 1, 1)), ..Mapping::default() }).await);

    make(from, to, "json", ["json", "json"], ["(1, '{\"b\": 1, \"a\": 2}')", "(1, '{\"a\":2,\"b\":1}')"]).await;
    assert!(!same(from, to, "json", Mapping::default()).await, "both keep the text");
    assert!(same(from, to, "json", Mapping { json: Some(JsonAs::Value), ..Mapping::default() }).await);
    make(from, to, "texts", ["longtext", "text"], ["(1, '{\"b\": 1, \"a\": 2}')", "(1, '{\"a\":2,\"b\":1}')"]).await;
    assert!(!same(from, to, "texts", Mapping::default()).await);
    assert!(same(from, to, "texts", Mapping { from_text: vec!["v".to_owned()], ..Mapping::default() }).await);
}
