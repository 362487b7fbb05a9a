//! The sketch: what it decodes, what it refuses to guess, and the rule by which a stream of changes keeps it current.

use std::collections::BTreeMap;

use arbtest::arbtest;
use segue_engine::memory::{Client, MemoryEngine, Side};
use segue_engine::rows::{Batch, Read, ReadColumn, Rows, hash};
use segue_model::ident::TableName;
use segue_verify::Side as Of;
use segue_verify::sketch::{Current, Element, KEY_BYTES_MAX, Now, RowChange, Sketch, TooWide, part};

use crate::shelf::runtime;

const ROOM: usize = 8 << 20;

#[test]
fn what_one_side_has_more_often_is_decoded_with_its_count_and_its_key() {
    arbtest(|u| {
        let capacity = u.int_in_range(1..=400_usize)?;
        let mut sketch = Sketch::new(capacity, *u.choose(&[0, 1, 30])?, u.arbitrary()?, ROOM);
        let mut model: BTreeMap<(Vec<u8>, u128), i64> = BTreeMap::new();
        for _ in 0..u.int_in_range(0..=capacity)? {
            let mut key = vec![0; *u.choose(&[0, 1, 13, 14, 15, 31, 300, KEY_BYTES_MAX])?];
            key.fill(7);
            if let Some(last) = key.last_mut() {
                *last = u.arbitrary()?;
            }
            let hash = if u.ratio(1, 30)? { *u.choose(&[0, 1, u128::MAX])? } else { hash(&u.arbitrary::<u64>()?.to_le_bytes()) };
            for _ in 0..u.int_in_range(1..=3)? {
                let (sign, done) = if u.arbitrary()? { (1, sketch.add(&key, hash)) } else { (-1, sketch.remove(&key, hash)) };
                done.expect("it fits");
                *model.entry((key.clone(), hash)).or_default() += sign;
            }
        }
        model.retain(|_, count| *count != 0);
        let ours: BTreeMap<(Vec<u8>, u128), i64> =
            sketch.decode().expect("within its capacity").into_iter().map(|Element { key, hash, count }| ((key, hash), count)).collect();
        assert!(ours == model, "{} of {} elements", ours.len(), model.len());
        Ok(())
    })
    .budget_ms(1500);
}

#[test]
fn too_much_is_said_to_be_too_much_and_estimated() {
    for many in [2000_u64, 50_000, 400_000] {
        let mut sketch = Sketch::new(512, 8, 1, ROOM);
        for at in 0..many {
            // Changed rows: one element of each side.
            sketch.add(&at.to_le_bytes(), hash(&at.to_le_bytes())).expect("it fits");
            sketch.remove(&at.to_le_bytes(), hash(&(at + many).to_le_bytes())).expect("it fits");
        }
        let not = sketch.decode().expect_err("far too much");
        assert!(not.estimate.abs_diff(2 * many) < many / 4, "{} is estimated for {}", not.estimate, 2 * many);
    }
}

#[test]
fn very_many_copies_of_a_row_are_one_element() {
    let mut sketch = Sketch::new(16, 0, 1, ROOM);
    let (one, other) = (hash(b"one"), hash(b"other"));
    for _ in 0..300_000 {
        sketch.remove(&[], one).expect("it fits");
    }
    sketch.add(&[], other).expect("it fits");
    let mut wanted = [Element { key: Vec::new(), hash: one, count: -300_000 }, Element { key: Vec::new(), hash: other, count: 1 }];
    wanted.sort();
    assert_eq!(sketch.decode().expect("two elements"), wanted);
}

#[test]
fn a_key_that_is_too_long_is_refused_and_the_sketch_keeps_within_its_room() {
    let mut sketch = Sketch::new(64, 4, 1, 64 << 10);
    sketch.add(b"abcd", 5).expect("it fits");
    assert_eq!(sketch.add(&vec![1; KEY_BYTES_MAX + 1], 6), Err(TooWide));
    assert_eq!(sketch.add(&vec![1; KEY_BYTES_MAX], 6), Err(TooWide), "its cells would take more than they may");
    assert!(sketch.bytes() <= 64 << 10);
    assert_eq!(sketch.decode().expect("what was refused left no trace").len(), 1);
    for bytes in [1 << 10, 64 << 10, 1 << 20] {
        assert!(Sketch::new(usize::MAX / 4, 20, 1, bytes).bytes() <= bytes);
        let fits = Sketch::fits(bytes, 20);
        assert!(Sketch::new(fits, 20, 1, bytes).bytes() <= bytes);
    }
}

#[test]
fn a_narrow_and_a_wide_sketch_of_the_same_rows_are_nothing_together() {
    let (mut source, mut target) = (Sketch::new(50, 1, 9, ROOM), Sketch::new(50, 1, 9, ROOM));
    for at in 0..1000_u32 {
        source.add(&at.to_be_bytes(), u128::from(at)).expect("it fits");
    }
    target.add(&[9; 200], 77).expect("it fits");
    for at in (0..1000_u32).rev() {
        target.add(&at.to_be_bytes(), u128::from(at)).expect("it fits");
    }
    let mut turned = target.clone();
    turned.subtract(&source).expect("they fit");
    source.subtract(&target).expect("they fit");
    assert_eq!(source.decode().expect("one"), [Element { key: vec![9; 200], hash: 77, count: -1 }]);
    assert_eq!(turned.decode().expect("one"), [Element { key: vec![9; 200], hash: 77, count: 1 }]);
}

#[test]
fn parts_split_evenly_and_finer_parts_lie_within_coarser_ones() {
    let mut counts = [0_u32; 7];
    for at in 0..7000_u64 {
        let hash = hash(&at.to_le_bytes());
        counts[usize::try_from(part(hash, 7)).expect("few")] += 1;
        assert_eq!(part(hash, 21) / 3, part(hash, 7));
        assert_eq!(part(hash, 1), 0);
    }
    assert!(counts.iter().all(|count| (800..1200).contains(count)), "{counts:?}");
}

/// All rows of the table by key, read through the engine's own rows.
fn rows(runtime: &tokio::runtime::Runtime, engine: &MemoryEngine, read: &Read) -> BTreeMap<Vec<u8>, u128> {
    runtime.block_on(async {
        let snapshot = Rows::snapshot(engine, 1).await.expect("a snapshot");
        let mut stream = snapshot.stream(read).await.expect("a stream");
        let (mut batch, mut out) = (Batch::default(), BTreeMap::new());
        while stream.next(&mut batch).await.expect("rows") {
            out.extend(batch.iter().map(|(key, row)| (key.to_vec(), hash(row))));
        }
        out
    })
}

fn sketch_of(rows: &BTreeMap<Vec<u8>, u128>, seed: u64) -> Sketch {
    let mut sketch = Sketch::new(64, 1, seed, ROOM);
    for (key, hash) in rows {
        sketch.add(key, *hash).expect("it fits");
    }
    sketch
}

fn write(u: &mut arbtest::arbitrary::Unstructured<'_>, client: &Client) -> arbtest::arbitrary::Result<()> {
    let (id, other, word) = (u.int_in_range(1..=40)?, u.int_in_range(1..=40)?, u.int_in_range(0..=3)?);
    // Some of them break the key and change nothing, as with every application.
    let _ = match u.int_in_range(0..=4_u8)? {
        0 | 1 => client.execute(&format!("insert into t (id, a) values ({id}, 'w{word}'), ({}, null)", id + 100)),
        2 => client.execute(&format!("update t set a = 'u{word}' where id < {id}")),
        3 => client.execute(&format!("update t set id = {other} where id = {id}")),
        _ => client.execute(&format!("delete from t where id = {id}")),
    };
    Ok(())
}

#[test]
fn a_stream_of_changes_keeps_a_sketch_current() {
    let runtime = runtime();
    let mut changes_seen = 0;
    arbtest(|u| {
        let engine = MemoryEngine::default();
        let client = engine.client(Side::Base);
        client.execute("create table t (id bigint primary key, a text)").expect("a table");
        let name = TableName::bare("t");
        let table = runtime.block_on(Rows::describe(&engine, &name)).expect("the table");
        let columns = table.columns.iter();
        let columns = columns.map(|column| ReadColumn { name: column.name.clone(), expression: None, class: column.class.clone() });
        let read = Read::new(name, columns.collect(), vec![0]);
        let seed = u.arbitrary()?;
        let mut before = rows(&runtime, &engine, &read);
        let mut current = sketch_of(&before, seed);
        let at_first = current.clone();
        let first_rows = before.clone();
        for _ in 0..u.int_in_range(1..=12)? {
            write(u, &client)?;
            let after = rows(&runtime, &engine, &read);
            // What a stream of changes would bring: each key whose row is not the same.
            let mut keys: Vec<&Vec<u8>> = before.keys().chain(after.keys()).filter(|key| before.get(*key) != after.get(*key)).collect();
            keys.sort();
            keys.dedup();
            for key in keys {
                let side = |rows: &BTreeMap<Vec<u8>, u128>| rows.get(key).copied();
                let change =
                    RowChange { before: side(&before).map(|hash| (&key[..], hash)), after: side(&after).map(|hash| (&key[..], hash)) };
                current.apply(&change).expect("it fits");
                changes_seen += 1;
            }
            let mut against = sketch_of(&after, seed);
            against.subtract(&current).expect("they fit");
            assert!(against.is_zero(), "the sketch is that of the table as it is now");
            before = after;
        }
        // And the difference of two moments is what changed between them.
        current.subtract(&at_first).expect("they fit");
        if let Ok(elements) = current.decode() {
            let differing = before.iter().filter(|(key, hash)| first_rows.get(*key) != Some(hash)).count();
            assert_eq!(elements.iter().filter(|element| element.count > 0).count(), differing);
        }
        Ok(())
    })
    .budget_ms(1500);
    assert!(changes_seen > 50, "{changes_seen} changes");
}

#[test]
fn two_sides_that_change_are_the_same_whenever_they_are() {
    let mut current = Current::new(Sketch::new(16, 1, 3, 64 << 10));
    let (key, old, new) = (&b"key"[..], hash(b"old"), hash(b"new"));
    let insert = |hash| RowChange { before: None, after: Some((key, hash)) };
    let update = RowChange { before: Some((key, old)), after: Some((key, new)) };
    assert_eq!(current.now(), Now::Same);
    current.apply(Of::Source, &insert(old)).expect("it fits");
    assert_eq!(current.now(), Now::Different(vec![Element { key: key.to_vec(), hash: old, count: 1 }]));
    current.apply(Of::Target, &insert(old)).expect("it fits");
    assert_eq!(current.now(), Now::Same);
    current.apply(Of::Source, &update).expect("it fits");
    assert!(matches!(current.now(), Now::Different(elements) if elements.len() == 2));
    current.apply(Of::Target, &update).expect("it fits");
    assert_eq!(current.now(), Now::Same);
    for at in 0..10_000_u32 {
        let key = at.to_be_bytes();
        current.apply(Of::Target, &RowChange { before: None, after: Some((&key, hash(&key))) }).expect("it fits");
    }
    assert!(matches!(current.now(), Now::Many(about) if about.abs_diff(10_000) < 3000));
    // What was refused is not forgotten, even if the other side is refused the same.
    let long = vec![1; KEY_BYTES_MAX + 1];
    for side in [Of::Source, Of::Target] {
        current.apply(side, &RowChange { before: None, after: Some((&long, 1)) }).expect_err("too long");
    }
    assert_eq!(current.now(), Now::Unknown);
}
