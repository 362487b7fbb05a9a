//! Random tables with planted edits: every engine finds exactly what a plain comparison of all rows finds.

use std::collections::BTreeMap;

use arbtest::arbitrary::{Result, Unstructured};
use arbtest::arbtest;
use segue_engine::rows::{Class, Datum, canonical, hash};
use segue_model::verify::DifferenceKind;
use segue_verify::{Compared, Difference, EngineChoice, Options, compare};

use crate::shelf::{Fast, Kept, Shelf, Values, runtime};

/// Shapes of tables: the classes of the columns, and the key.
fn shape(which: u8) -> (Vec<(&'static str, Class)>, Vec<usize>) {
    match which {
        0 => (vec![("id", Class::Integer), ("a", Class::Text), ("b", Class::Integer)], vec![0]),
        1 => (vec![("a", Class::Text), ("name", Class::Text), ("id", Class::Integer)], vec![1, 2]),
        2 => (vec![("id", Class::Float), ("a", Class::Text)], vec![0]),
        3 => (vec![("a", Class::Text), ("b", Class::Bytes)], vec![]),
        _ => (vec![("b", Class::Integer), ("id", Class::Decimal), ("a", Class::Text)], vec![1]),
    }
}

fn datum(u: &mut Unstructured<'_>, class: &Class, key: bool) -> Result<Datum> {
    if u.ratio(1, 12)? {
        return Ok(Datum::Null);
    }
    let small = i128::from(u.int_in_range(-60..=400)?);
    let texts: [&[u8]; 7] = [b"", b"\0", b"\0\xff", b"a", b"A", b"a ", b"\xff\xfe"];
    Ok(match class {
        Class::Integer => Datum::Integer(if u.ratio(1, 20)? { small << 70 } else { small }),
        Class::Decimal => Datum::Decimal(format!("{small}.{}", u.int_in_range(1..=3)?)),
        Class::Float => Datum::Float(if u.ratio(1, 20)? { -0.0 } else { small as f64 / 4.0 }),
        Class::Bytes => Datum::Bytes(u.choose(&texts)?.to_vec()),
        _ if key && u.ratio(1, 15)? => Datum::Text(vec![b'k'; u.int_in_range(1000..=1012)?]),
        _ if key => Datum::Text([*u.choose(&texts)?, small.to_string().as_bytes()].concat()),
        _ => Datum::Text(u.choose(&texts)?.to_vec()),
    })
}

fn row(u: &mut Unstructured<'_>, columns: &[(&str, Class)], key: &[usize]) -> Result<Vec<Datum>> {
    columns.iter().enumerate().map(|(at, (_, class))| datum(u, class, key.contains(&at))).collect()
}

/// One edit of the target.
fn edit(u: &mut Unstructured<'_>, columns: &[(&str, Class)], key: &[usize], rows: &mut Values) -> Result<()> {
    let at = if rows.is_empty() { 0 } else { u.choose_index(rows.len())? };
    let kind = u.int_in_range(0..=6_u8)?;
    if rows.is_empty() || kind == 0 {
        rows.push(row(u, columns, key)?);
        return Ok(());
    }
    let plain: Vec<usize> = (0..columns.len()).filter(|column| !key.contains(column)).collect();
    match kind {
        1 => drop(rows.swap_remove(at)),
        2 => {
            let column = *u.choose(&plain)?;
            rows[at][column] = datum(u, &columns[column].1, false)?;
        }
        3 => {
            // Two rows swap the values of a column.
            let (other, column) = (u.choose_index(rows.len())?, *u.choose(&plain)?);
            let value = rows[at][column].clone();
            rows[at][column] = rows[other][column].clone();
            rows[other][column] = value;
        }
        4 => rows.push(rows[at].clone()),
        5 => {
            // One bit in the last column.
            match rows[at].last_mut() {
                Some(Datum::Integer(number)) => *number ^= 1,
                Some(Datum::Text(bytes) | Datum::Bytes(bytes)) => match bytes.last_mut() {
                    Some(byte) => *byte ^= 1,
                    None => bytes.push(0),
                },
                _ => {}
            }
        }
        _ => {
            if let Some(column) = key.first() {
                rows[at][*column] = datum(u, &columns[*column].1, true)?;
            }
        }
    }
    Ok(())
}

/// A difference without what was looked up.
type Plain = (DifferenceKind, Vec<u8>, Option<u128>, Option<u128>, u64);

fn plain(found: &Difference) -> Plain {
    (found.kind, found.key.clone(), found.source, found.target, found.count)
}

/// What differs, found by comparing everything with everything.
fn expected(source: &Shelf, target: &Shelf) -> Vec<Plain> {
    let mut rows: BTreeMap<Vec<u8>, BTreeMap<u128, i64>> = BTreeMap::new();
    for (shelf, sign) in [(source, 1), (target, -1)] {
        for (key, row) in shelf.answer(&shelf.read()) {
            *rows.entry(key).or_default().entry(hash(&row)).or_default() += sign;
        }
    }
    let mut out = Vec::new();
    for (key, hashes) in rows {
        let left: Vec<(u128, i64)> = hashes.into_iter().filter(|(_, count)| *count != 0).collect();
        if let ([(a, one), (b, other)], false) = (&left[..], key.is_empty())
            && one.abs() == 1
            && one + other == 0
        {
            let (source, target) = if *one == 1 { (*a, *b) } else { (*b, *a) };
            out.push((DifferenceKind::Changed, key, Some(source), Some(target), 1));
            continue;
        }
        for (hash, count) in left {
            out.push(if count > 0 {
                (DifferenceKind::MissingInTarget, key.clone(), Some(hash), None, count.unsigned_abs())
            } else {
                (DifferenceKind::ExtraInTarget, key.clone(), None, Some(hash), count.unsigned_abs())
            });
        }
    }
    out.sort();
    out
}

fn check(found: &Kept, compared: &Compared, source: &Shelf, target: &Shelf, options: &Options) {
    let mut ours: Vec<Plain> = found.found.iter().map(plain).collect();
    ours.sort();
    let wanted = expected(source, target);
    assert!(compared.incomplete.is_none(), "{compared:?}");
    assert!(ours == wanted, "{options:?} found {} differences of {}: {compared:?}", ours.len(), wanted.len());
    assert_eq!((compared.source_rows, compared.target_rows), (source.rows.len() as u64, target.rows.len() as u64), "{options:?}");
    assert_eq!(compared.different(), wanted.iter().map(|found| found.4).sum::<u64>());
    assert_eq!(compared.is_equal(), wanted.is_empty());
    let with_rows = found.found.iter().filter(|found| found.source_row.is_some() || found.target_row.is_some()).count();
    assert!(with_rows >= found.found.len().min(if options.every_row { usize::MAX } else { options.examples }), "{options:?}");
    for found in found.found.iter().filter(|_| options.every_row) {
        assert_eq!(found.source_row.as_deref().map(hash), found.source, "{options:?}");
        assert_eq!(found.target_row.as_deref().map(hash), found.target, "{options:?}");
        if let (DifferenceKind::Changed, Some(source), Some(target)) = (found.kind, &found.source_row, &found.target_row) {
            let (source, target) = (canonical::columns(source).expect("a row"), canonical::columns(target).expect("a row"));
            let columns: Vec<usize> = (0..source.len()).filter(|at| source[*at] != target[*at]).collect();
            assert_eq!(found.columns, columns);
        }
    }
}

fn options(u: &mut Unstructured<'_>, mergeable: bool, splits: bool) -> Result<Options> {
    let mut engines = vec![EngineChoice::Auto, EngineChoice::Sketch];
    if mergeable {
        engines.push(EngineChoice::Merge);
    }
    if splits {
        engines.push(EngineChoice::Pushdown);
    }
    Ok(Options {
        engine: *u.choose(&engines)?,
        readers: u.int_in_range(1..=3)?,
        range_rows: *u.choose(&[3, 20, 100_000])?,
        examples: *u.choose(&[0, 1, 10])?,
        every_row: u.arbitrary()?,
        memory: *u.choose(&[40 << 10, 600 << 10, 32 << 20])?,
        sample: None,
        seed: u.arbitrary()?,
    })
}

#[test]
fn planted_edits_are_found_exactly_by_every_engine() {
    let runtime = runtime();
    let mut seen = [0_u32; 2];
    arbtest(|u| {
        let which = u.int_in_range(0..=4)?;
        let (columns, key) = shape(which);
        let rows = *u.choose(&[0_u32, 1, 30, 200])?;
        let mut source: Values = (0..rows).map(|_| row(u, &columns, &key)).collect::<Result<_>>()?;
        if !u.ratio(1, 3)? && !key.is_empty() {
            // A key that is one, most of the time.
            let mut known = std::collections::BTreeSet::new();
            source.retain(|row| known.insert(key.iter().map(|at| row[*at].show()).collect::<Vec<_>>()));
        }
        let mut target = source.clone();
        for _ in 0..*u.choose(&[0_u32, 1, 5, 150])? {
            edit(u, &columns, &key, &mut target)?;
        }
        target.reverse();
        let mut source = Shelf::new(&columns, &key, source).with_readers(u.int_in_range(1..=2)?);
        let target = Shelf::new(&columns, &key, target).with_readers(u.int_in_range(1..=2)?);
        source.batch_rows = *u.choose(&[1, 7, 500])?;
        let pair = source.pair(&target);
        let options = options(u, [0, 1, 4].contains(&which), which == 0)?;
        let mut kept = Kept::default();
        let pace = Fast::default();
        let compared = runtime.block_on(compare(&source, &target, &pair, &options, &pace, &mut kept, None)).expect("compared");
        check(&kept, &compared, &source, &target, &options);
        seen[usize::from(compared.is_equal())] += 1;
        Ok(())
    })
    .budget_ms(4000);
    assert!(seen[0] > 10 && seen[1] > 0, "both equal and different tables came up: {seen:?}");
}

#[test]
fn another_order_of_columns_and_rows_is_equal() {
    let runtime = runtime();
    arbtest(|u| {
        let (columns, key) = shape(1);
        let rows: Values = (0..60).map(|_| row(u, &columns, &key)).collect::<Result<_>>()?;
        let source = Shelf::new(&columns, &key, rows.clone());
        // The same table with its columns in another order, read in the order of the source.
        let turned: Vec<_> = columns.iter().rev().cloned().collect();
        let mut target = Shelf::new(&turned, &[], rows.iter().rev().map(|row| row.iter().rev().cloned().collect()).collect());
        target.batch_rows = 5;
        let mut pair = source.pair(&source);
        pair.target.table = segue_model::ident::TableName::bare("turned");
        let options = options(u, true, false)?;
        let mut kept = Kept::default();
        let pace = Fast::default();
        let compared = runtime.block_on(compare(&source, &target, &pair, &options, &pace, &mut kept, None)).expect("compared");
        assert!(compared.is_equal() && kept.found.is_empty(), "{options:?} {compared:?}");
        assert_eq!(compared.source_rows, 60);
        Ok(())
    })
    .budget_ms(1000);
}
