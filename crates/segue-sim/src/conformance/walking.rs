//! The walk over keys of every kind, its checkpoints, and the comparison that trusts nobody.

use segue_engine::memory::Side;
use segue_engine::{Key, Piece};
use segue_model::reshape::TableChange;

use super::{Fixture, backfill, base, base_rows, compare, guard, key_change, make, reshape, resolved, see};

/// Columns by name and type.
type Columns<'a> = &'a [(&'a str, &'a str)];

async fn rows_of(fixture: &dyn Fixture, table: &str, columns: Columns<'_>, rows: &[&str]) -> TableChange {
    let list: Vec<_> = columns.iter().map(|(name, data_type)| format!("{name} {data_type} not null")).collect();
    let names: Vec<_> = columns.iter().map(|(name, _)| *name).collect();
    base(fixture, &format!("create table {table} ({}, v text, primary key ({}))", list.join(", "), names.join(", "))).await;
    for row in rows {
        base(fixture, &format!("insert into {table} ({}, v) values ({row}, 'x')", names.join(", "))).await;
    }
    let change = key_change(&resolved(fixture, table).await, columns, "v || '!'", "replace(v, '!', '')");
    make(fixture, Piece::Expand(&change)).await;
    change
}

pub(super) async fn every_kind_of_key_is_walked(fixture: &dyn Fixture) {
    make(fixture, Piece::Control).await;
    let edges = ["-9223372036854775807", "-1", "0", "1", "2", "10", "9223372036854775807"];
    let texts = ["''", "' '", "'''quoted'''", "'10'", "'2'", "'Z'", "'a'", "'é'", "'日本'", "'😀'"];
    let pairs = ["-1, 'b'", "-1, 'a'", "1, ''", "1, 'b'", "1, 'a'", "2, 'a'", "10, 'a'"];
    let cases: [(&str, Columns<'_>, &[&str]); 3] = [
        ("by_number", &[("k", "bigint")], &edges),
        ("by_text", &[("k", "text")], &texts),
        ("by_pair", &[("k", "bigint"), ("l", "text")], &pairs),
    ];
    for (name, columns, rows) in cases {
        for limit in [1, 3, 100] {
            let table = format!("{name}_{limit}");
            let change = rows_of(fixture, &table, columns, rows).await;
            let done = backfill(fixture, &change, limit).await;
            let all = rows.len() as u64;
            assert_eq!((done.walked, done.converted, done.rejected), (all, all, 0), "{table}: each row once");
            let twins = see(fixture, Side::Base, &change, &format!("select count(*) from {table} where v__proof = 'x!'")).await;
            assert_eq!(twins, [all.to_string()], "{table}");
            let seen = compare(fixture, &change, limit).await;
            assert_eq!((seen.compared, seen.mismatches, seen.unconverted), (all, 0, 0), "{table}");
            assert_eq!(backfill(fixture, &change, limit).await.converted, 0, "{table}: a second pass converts nothing");
        }
    }
}

pub(super) async fn a_walk_goes_on_from_its_key(fixture: &dyn Fixture) {
    make(fixture, Piece::Control).await;
    let change = rows_of(fixture, "t", &[("k", "bigint")], &["1", "2", "3", "4", "5"]).await;
    let first = reshape(fixture).backfill(&guard(1), &change, None, 2).await.expect("a batch");
    assert_eq!((first.walked, first.converted), (2, 2));
    // The checkpoint goes through the journal's JSON and may be a batch behind.
    let text = serde_json::to_string(&first.next).expect("a key is JSON");
    let key: Option<Key> = serde_json::from_str(&text).expect("a key reads back");
    assert_eq!(key, first.next);
    base(fixture, "delete from t where k = 2").await;
    base(fixture, "delete from t where k = 3").await;
    let second = reshape(fixture).backfill(&guard(1), &change, key.as_ref(), 2).await.expect("the row at the key is gone");
    assert_eq!((second.walked, second.converted), (2, 2));
    let again = reshape(fixture).backfill(&guard(1), &change, key.as_ref(), 2).await.expect("the same batch again");
    assert_eq!((again.walked, again.converted), (2, 0), "done again, nothing changes");
    assert_eq!(reshape(fixture).unconverted(&change).await.expect("counted"), 0);
}

pub(super) async fn a_comparison_sees_damage(fixture: &dyn Fixture) {
    make(fixture, Piece::Control).await;
    let change = rows_of(fixture, "t", &[("k", "bigint")], &["1", "2", "3"]).await;
    let seen = compare(fixture, &change, 2).await;
    assert_eq!((seen.mismatches, seen.unconverted), (0, 3), "nothing is converted yet");
    backfill(fixture, &change, 10).await;
    // What the triggers made is right; the change that the comparison is given is another one.
    let wrong = key_change(&change.table, &[("k", "bigint")], "v || '?'", "v || '?'");
    let seen = compare(fixture, &wrong, 2).await;
    assert_eq!((seen.compared, seen.mismatches), (3, 3), "a wrong conversion is seen by evaluating it");
    assert_eq!(seen.examples, ["k=1", "k=2", "k=3"]);
    assert_eq!(base_rows(fixture, "select k, v from t order by k").await, ["1|x", "2|x", "3|x"], "comparing changes nothing");
}
