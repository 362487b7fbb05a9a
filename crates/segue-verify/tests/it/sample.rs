//! A sample says how much it read and how much could differ still; it never says equal of the whole.

use segue_engine::rows::{Class, Datum};
use segue_verify::{Compared, Options, compare};

use crate::shelf::{Fast, Kept, Shelf, Values, runtime};

const COLUMNS: [(&str, Class); 2] = [("id", Class::Integer), ("a", Class::Integer)];

fn rows(ids: std::ops::Range<i128>, step: i128) -> Values {
    ids.map(|id| vec![Datum::Integer(id), Datum::Integer(id / step)]).collect()
}

fn sampled(source: &Shelf, target: &Shelf, rows: u64, seed: u64) -> (Compared, Kept) {
    let options = Options { sample: Some(rows), seed, ..Options::default() };
    let mut kept = Kept::default();
    let pair = source.pair(target);
    let done = runtime().block_on(compare(source, target, &pair, &options, &Fast::default(), &mut kept, None));
    (done.expect("compared"), kept)
}

#[test]
fn a_sample_of_equal_sides_bounds_what_could_differ() {
    let (source, target) = (Shelf::new(&COLUMNS, &[0], rows(0..5000, 1)), Shelf::new(&COLUMNS, &[0], rows(0..5000, 1)));
    let (compared, _) = sampled(&source, &target, 1000, 1);
    assert_eq!((compared.engine, compared.source_rows, compared.different()), ("sample", 5000, 0));
    let said = compared.sample.expect("a statement");
    assert_eq!((said.rows, said.different, said.at_most_ppm), (1000, 0, 2992));
    insta::assert_snapshot!(said.sentence, @"1000 of 5000 rows, chosen at random, were compared, 0 of them differ: at most 0.2992% of all rows differ, with a confidence of 95%");
}

#[test]
fn both_sides_choose_the_same_rows_and_rows_of_one_side_have_their_chance() {
    let (source, target) = (Shelf::new(&COLUMNS, &[0], rows(0..1000, 1)), Shelf::new(&COLUMNS, &[0], rows(500..1500, 1)));
    let (compared, kept) = sampled(&source, &target, 300, 7);
    assert_eq!(compared.changed, 0);
    // A third of all keys is of the source alone, a third of the target alone: 100 of 300 each, give or take.
    assert!((70..130).contains(&compared.missing) && (70..130).contains(&compared.extra), "{compared:?}");
    let (again, more) = sampled(&source, &target, 300, 7);
    assert_eq!((again.missing, again.extra), (compared.missing, compared.extra));
    assert!(kept.found == more.found, "the same seed chooses the same rows");
    let (other, _) = sampled(&source, &target, 300, 8);
    assert!(other.sample.is_some());
}

#[test]
fn a_sample_of_everything_is_a_comparison_of_everything() {
    let (source, target) = (Shelf::new(&COLUMNS, &[0], rows(0..400, 1)), Shelf::new(&COLUMNS, &[0], rows(0..400, 2)));
    let (compared, kept) = sampled(&source, &target, 10_000, 3);
    assert_eq!((compared.changed, kept.found.len()), (399, 399), "0 / 2 is 0 still");
    assert_eq!(compared.sample.expect("a statement").sentence, "all 400 rows were compared, 399 of them differ");
    assert_eq!(kept.found.iter().filter(|found| found.columns == [1]).count(), 10, "as many as examples are wanted");
}
