//! Cuts: ascending, distinct, about even where the server knows, cheap everywhere, and no row lost between them.

use segue_engine::rows::{Class, Datum, KeyRange, Read, Rows as _, Snapshot};
use segue_model::ident::TableName;

use super::{column, rows, whole};
use crate::database::databases;

/// The rows of each range between the cuts.
async fn parts(moment: &dyn Snapshot, read: &Read, cuts: &[Datum]) -> Vec<usize> {
    let mut out = Vec::new();
    for at in 0..=cuts.len() {
        let range = KeyRange { from: at.checked_sub(1).map(|before| cuts[before].clone()), below: cuts.get(at).cloned() };
        out.push(rows(moment, &read.within(range)).await.expect("a range").len());
    }
    out
}

#[tokio::test(flavor = "multi_thread")]
async fn cuts_part_a_table_into_ranges_of_about_so_many_rows() {
    let setup = "
        create table known (id int primary key); insert into known select g from generate_series(1, 20000) g; analyze known;
        create table skewed (id int8 primary key); insert into skewed select g::int8 * g * g from generate_series(1, 20000) g; analyze skewed;
        create table fresh (id int primary key); insert into fresh select g from generate_series(1, 20000) g;
        create table grown (id int primary key); insert into grown select g from generate_series(1, 10000) g; analyze grown;
        insert into grown select g from generate_series(10001, 20000) g;
        create table moments (id timestamptz primary key); insert into moments select '2026-01-01Z'::timestamptz + g * interval '1 minute' from generate_series(1, 19998) g;
        insert into moments values ('infinity'), ('-infinity'); analyze moments;
        create table days (id date primary key); insert into days select '0500-01-01'::date + g from generate_series(1, 20000) g; analyze days;
        create table big (id numeric(20,0) primary key); insert into big select g from generate_series(1, 20000) g; analyze big;
        create table part (id int primary key) partition by range (id); create table part1 partition of part for values from (0) to (10000);
        create table part2 partition of part for values from (10000) to (30000); insert into part select g from generate_series(1, 20000) g; analyze part";
    for db in databases(setup).await {
        db.client.batch_execute("alter table known set (autovacuum_enabled = off)").await.expect("set");
        for name in ["known", "skewed", "fresh", "grown", "moments", "days", "big", "part"] {
            let mut read = whole(&db.engine, name).await;
            if name == "big" {
                read.columns[0].class = Class::Integer;
            }
            let moment = db.engine.snapshot(1).await.expect("a moment");
            let cuts = moment.splits(&read, 2000).await.expect("cuts");
            assert!((5..=15).contains(&cuts.len()), "{name} on {}: {} cuts", db.major, cuts.len());
            let parts = parts(&*moment, &read, &cuts).await;
            assert_eq!(parts.iter().sum::<usize>(), 20_000, "{name}: {parts:?}");
            assert!(*parts.iter().max().expect("parts") < 6000, "{name}: {parts:?}");
            // Within a range there are only its own cuts.
            let half = read.within(KeyRange { from: Some(cuts[1].clone()), below: Some(cuts[4].clone()) });
            let inner = moment.splits(&half, 500).await.expect("cuts");
            assert!(inner.len() >= 3, "{name}: {}", inner.len());
            assert_eq!(parts_within(&*moment, &half, &inner).await, moment.count(&half).await.expect("counted"), "{name}");
            assert_eq!(moment.splits(&read, 100_000).await.expect("cuts"), [], "{name}");
        }
    }
}

/// The rows between the cuts of a range, all in all.
async fn parts_within(moment: &dyn Snapshot, half: &Read, cuts: &[Datum]) -> u64 {
    let range = half.range.clone().expect("a range");
    let ends: Vec<_> = [range.from].into_iter().chain(cuts.iter().cloned().map(Some)).chain([range.below]).collect();
    let mut sum = 0;
    for two in ends.windows(2) {
        let part = half.within(KeyRange { from: two[0].clone(), below: two[1].clone() });
        let count = moment.count(&part).await.expect("counted");
        assert!(count < moment.count(half).await.expect("counted"), "each cut is inside");
        sum += count;
    }
    sum
}

#[tokio::test]
async fn what_does_not_split_is_not_cut() {
    let setup = "create table t (k text primary key, v int); insert into t select g::text, g from generate_series(1, 5000) g; analyze t; \
                 create view looking as select v as k from t";
    for db in databases(setup).await {
        let moment = db.engine.snapshot(1).await.expect("a moment");
        let text = whole(&db.engine, "t").await;
        assert_eq!(moment.splits(&text, 100).await.expect("none"), []);
        let view = Read::new(TableName::new("public", "looking"), vec![column("k", Class::Integer)], vec![0]);
        assert_eq!(moment.splits(&view, 100).await.expect("none"), []);
        let keyless = Read::new(TableName::new("public", "t"), vec![column("v", Class::Integer)], vec![]);
        assert_eq!(moment.splits(&keyless, 100).await.expect("none"), []);
    }
}
