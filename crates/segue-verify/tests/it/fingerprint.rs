//! A stored fingerprint finds what changed since, by range, and holds no value but the bounds of its ranges.

use segue_engine::rows::{Class, Datum};
use segue_verify::fingerprint::{Chosen, Drift, Fingerprint, RANGES_MAX, TableFingerprint, drift, take};
use segue_verify::{Options, VerifyError};

use crate::shelf::{Fast, Shelf, Values, runtime};

const COLUMNS: [(&str, Class); 2] = [("id", Class::Integer), ("a", Class::Text)];

fn rows(count: i128) -> Values {
    (0..count).map(|id| vec![Datum::Integer(id), Datum::Text(format!("canary-{id}").into_bytes())]).collect()
}

fn shelf(rows: Values) -> Shelf {
    Shelf::new(&COLUMNS, &[0], rows)
}

fn options(range_rows: u64) -> Options {
    Options { range_rows, ..Options::default() }
}

fn taken(shelf: &Shelf, range_rows: u64) -> TableFingerprint {
    runtime().block_on(take(shelf, &shelf.read(), true, &options(range_rows), &Fast::default())).expect("taken")
}

fn drifted(shelf: &Shelf, saved: &TableFingerprint) -> Drift {
    runtime().block_on(drift(shelf, &shelf.read(), saved, &options(100), &Fast::default())).expect("compared")
}

#[test]
fn each_kind_of_edit_drifts_in_its_range_alone() {
    let saved = taken(&shelf(rows(1000)), 100);
    assert_eq!((saved.rows, saved.ranges.len()), (1000, 10));
    assert!(drifted(&shelf(rows(1000)), &saved).is_none());
    let edits: [fn(&mut Values); 4] = [
        |rows| rows[250][1] = Datum::Text(b"other".to_vec()),
        |rows| drop(rows.remove(250)),
        |rows| rows.push(vec![Datum::Integer(250), Datum::Text(b"again".to_vec())]),
        |rows| {
            // Two rows of one range swap their values: the counts and the sums of the values stay.
            let value = rows[250][1].clone();
            rows[250][1] = rows[251][1].clone();
            rows[251][1] = value;
        },
    ];
    for edit in edits {
        let mut edited = rows(1000);
        edit(&mut edited);
        let found = drifted(&shelf(edited), &saved);
        assert_eq!(found.ranges.len(), 1);
        assert_eq!((found.ranges[0].from.as_deref(), found.ranges[0].below.as_deref()), (Some("200"), Some("300")));
    }
    let mut longer = rows(1000);
    longer.push(vec![Datum::Integer(5000), Datum::Null]);
    longer.push(vec![Datum::Null, Datum::Null]);
    let found = drifted(&shelf(longer), &saved);
    assert_eq!((found.rows_then, found.rows_now, found.ranges.len()), (1000, 1002, 2));
}

#[test]
fn the_file_reads_back_stays_small_and_holds_no_values() {
    let mut large = shelf(rows(1400));
    large.batch_rows = 1000;
    let all = Fingerprint::new(vec![taken(&large, 1)], "0.1.0");
    assert!(all.tables[0].ranges.len() <= RANGES_MAX);
    let text = all.to_json().expect("a text");
    assert!(!text.contains("canary"), "no value of a row stands in it");
    assert_eq!(Fingerprint::from_json(&text).expect("it reads back"), all);
    assert!(all.table(&all.tables[0].table).is_some());
    assert!(drifted(&large, &all.tables[0]).is_none());
    for wrong in ["", "{}", &text.replace("\"format_version\": 1", "\"format_version\": 2"), &text[..text.len() / 2]] {
        assert!(matches!(Fingerprint::from_json(wrong), Err(VerifyError::File(_))));
    }
}

#[test]
fn a_choice_of_rows_and_columns_is_a_part_of_it() {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let chosen = Chosen::new(&names(&["id", "a", "id"]), &[], Some("a = 'secret'"));
    assert_eq!(chosen, Chosen::new(&names(&["a", "id"]), &[], Some("a = 'secret'")), "their order does not count");
    assert_ne!(chosen, Chosen::new(&names(&["a", "id"]), &[], Some("a = 'other'")));
    let text = Fingerprint::new(Vec::new(), "0.1.0").of(chosen.clone()).to_json().expect("a text");
    assert!(!text.contains("secret"), "{text}");
    assert_eq!(Fingerprint::from_json(&text).expect("it reads back").chosen, chosen);
    let all = Fingerprint::new(Vec::new(), "0.1.0").to_json().expect("a text");
    assert!(!all.contains("chosen") && Fingerprint::from_json(&all).expect("one of before").chosen.is_all(), "{all}");
}

#[test]
fn columns_that_are_not_the_same_are_said_and_their_order_does_not_matter() {
    let saved = taken(&shelf(rows(50)), 100);
    let turned: Values = rows(50).into_iter().map(|row| row.into_iter().rev().collect()).collect();
    let turned = Shelf::new(&[("a", Class::Text), ("id", Class::Integer)], &[1], turned);
    assert!(drifted(&turned, &saved).is_none());
    let other = Shelf::new(&[("id", Class::Integer), ("b", Class::Text)], &[0], rows(50));
    let found = drifted(&other, &saved);
    assert_eq!(found.columns, ["column a is not there any more", "column b was not there"]);
    assert!(!found.is_none() && found.ranges.is_empty());
    let mut filtered = shelf(rows(50)).read();
    filtered.filter = Some("a = 'secret'".to_owned());
    let shelf = shelf(rows(50));
    let found = runtime().block_on(drift(&shelf, &filtered, &saved, &options(100), &Fast::default())).expect("compared");
    assert_eq!(found.columns, ["rows were chosen by another filter"]);
}

#[test]
fn what_was_cut_is_neither_a_fingerprint_nor_drift() {
    let whole = shelf(rows(200));
    let saved = taken(&whole, 50);
    for at in 0..8 {
        let mut cut = shelf(rows(200));
        cut.cut_at = Some(at);
        let taken = runtime().block_on(take(&cut, &cut.read(), true, &options(50), &Fast::default()));
        assert!(matches!(taken, Err(VerifyError::Side { .. })));
        let mut cut = shelf(rows(200));
        cut.cut_at = Some(at);
        let found = runtime().block_on(drift(&cut, &cut.read(), &saved, &options(50), &Fast::default()));
        assert!(matches!(found, Err(VerifyError::Side { .. })));
    }
    // A file that somebody shortened does not cover the table: no range of it may be left unread.
    let mut shortened = saved.clone();
    shortened.ranges.remove(1);
    let found = runtime().block_on(drift(&whole, &whole.read(), &shortened, &options(50), &Fast::default()));
    assert!(matches!(found, Err(VerifyError::File(_))));
}
