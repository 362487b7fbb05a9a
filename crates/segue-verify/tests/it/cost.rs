//! What a comparison reads and holds: rows are counted, not seconds.

use std::sync::atomic::Ordering;

use segue_engine::rows::{Class, Datum};
use segue_verify::{Compared, EngineChoice, Options, Progress, Resume, VerifyError, compare};

use crate::shelf::{Fast, Kept, Shelf, Values, runtime};

const COLUMNS: [(&str, Class); 2] = [("id", Class::Integer), ("a", Class::Integer)];
const ROWS: i128 = 20_000;

fn rows(changed: impl Fn(i128) -> bool) -> Values {
    (0..ROWS).map(|id| vec![Datum::Integer(id), Datum::Integer(id * 2 + i128::from(changed(id)))]).collect()
}

fn shelves(key: &[usize], changed: impl Fn(i128) -> bool) -> [Shelf; 2] {
    let mut sides = [Shelf::new(&COLUMNS, key, rows(|_| false)), Shelf::new(&COLUMNS, key, rows(changed))];
    for side in &mut sides {
        side.batch_rows = 200;
    }
    sides
}

fn run(sides: &[Shelf; 2], options: &Options) -> (Compared, Kept) {
    let (mut kept, pair) = (Kept::default(), sides[0].pair(&sides[1]));
    let done = runtime().block_on(compare(&sides[0], &sides[1], &pair, options, &Fast::default(), &mut kept, None));
    (done.expect("compared"), kept)
}

#[test]
fn what_is_equal_is_read_once_and_what_differs_wholly_at_most_twice() {
    for range_rows in [1000, 1_000_000] {
        let options = Options { range_rows, ..Options::default() };
        let equal = shelves(&[0], |_| false);
        let (compared, _) = run(&equal, &options);
        assert!(compared.is_equal());
        assert_eq!(equal.each_ref().map(|side| side.read.load(Ordering::SeqCst)), [ROWS as u64; 2]);
        let different = shelves(&[0], |_| true);
        let (compared, kept) = run(&different, &options);
        assert_eq!((compared.changed, kept.found.len()), (ROWS as u64, ROWS as usize));
        for side in &different {
            let read = side.read.load(Ordering::SeqCst);
            assert!(read <= 2 * ROWS as u64, "{read} rows were read: {compared:?}");
        }
        assert!(compared.ranges.1 > 0 && compared.why.contains("in the order of the key"), "{}", compared.why);
    }
}

#[test]
fn sketches_stay_within_the_memory_that_they_were_given() {
    // Without a key, and so without an order: several passes, each for a part of the rows.
    let options = Options { memory: 600 << 10, readers: 1, ..Options::default() };
    let sides = shelves(&[], |id| id % 2 == 0);
    let (compared, _) = run(&sides, &options);
    assert_eq!((compared.missing, compared.extra, compared.incomplete), (ROWS as u64 / 2, ROWS as u64 / 2, None));
    assert!(compared.memory_bytes <= options.memory && compared.memory_bytes > 0, "{} bytes", compared.memory_bytes);
    // A merge hands on what it finds as soon as it may hold no more.
    let options = Options { engine: EngineChoice::Merge, range_rows: 1_000_000, ..options };
    let (compared, kept) = run(&shelves(&[0], |_| true), &options);
    assert_eq!(compared.changed, ROWS as u64);
    assert!(kept.largest < 2000, "{} differences were held", kept.largest);
}

#[test]
fn what_cannot_be_named_in_this_memory_is_different_and_says_so() {
    let options = Options { memory: 20 << 10, readers: 1, ..Options::default() };
    let (compared, _) = run(&shelves(&[], |_| true), &options);
    assert!(compared.incomplete.is_some() && !compared.is_equal(), "{compared:?}");
}

#[test]
fn one_difference_in_many_rows_costs_one_range_again_and_no_more() {
    let options = Options { range_rows: 1000, engine: EngineChoice::Pushdown, ..Options::default() };
    let sides = shelves(&[0], |id| id == 12_345);
    let (compared, kept) = run(&sides, &options);
    assert_eq!((compared.changed, compared.source_rows, kept.found.len()), (1, ROWS as u64, 1));
    assert!(sides[0].read.load(Ordering::SeqCst) <= 2100, "only what differs was sent");
    assert_eq!(kept.found[0].columns, [1]);
}

#[test]
fn a_comparison_goes_on_where_it_was_interrupted() {
    let options = Options { range_rows: 1000, ..Options::default() };
    let changed = |id: i128| id % 1000 == 0;
    let sides = shelves(&[0], changed);
    let (whole, straight) = run(&sides, &options);
    let sides = shelves(&[0], changed);
    let pair = sides[0].pair(&sides[1]);
    let (mut first, pace) = (Kept::default(), Fast { stop_after: Some(80), ..Fast::default() });
    let stopped = runtime().block_on(compare(&sides[0], &sides[1], &pair, &options, &pace, &mut first, None));
    assert!(matches!(stopped, Err(VerifyError::Interrupted)), "{stopped:?}");
    let (below, done) = first.done.last().cloned().expect("a range was done before");
    let resume = Resume { below: below.expect("it was not the last"), done };
    assert!(resume.done.source >= 1000 && resume.done.different > 0);
    sides[0].read.store(0, Ordering::SeqCst);
    let mut second = Kept::default();
    let done = runtime().block_on(compare(&sides[0], &sides[1], &pair, &options, &Fast::default(), &mut second, Some(&resume)));
    let done = done.expect("compared");
    assert_eq!((done.source_rows, done.changed, done.different()), (whole.source_rows, whole.changed, whole.different()));
    assert!(sides[0].read.load(Ordering::SeqCst) <= ROWS as u64 - resume.done.source + 100, "what was done was not read again");
    // The rows of what was done before, and those of the rest: together what a straight comparison names.
    let keys = |kept: &Kept| kept.found.iter().map(|found| found.key.clone()).collect::<Vec<_>>();
    let mut both: Vec<Vec<u8>> = keys(&first).into_iter().filter(|key| *key < resume.below).chain(keys(&second)).collect();
    both.sort();
    let mut all = keys(&straight);
    all.sort();
    assert_eq!(both, all);
    let (last, end) = second.done.last().cloned().expect("it ended");
    assert_eq!((last, end.source, end.changed), (None, ROWS as u64, whole.changed));
    let total = Progress { source: whole.source_rows, target: whole.target_rows, ..end };
    assert_eq!(end, total);
    let wrong = Resume { below: b"nonsense".to_vec(), done: resume.done };
    let refused = runtime().block_on(compare(&sides[0], &sides[1], &pair, &options, &Fast::default(), &mut second, Some(&wrong)));
    assert!(matches!(refused, Err(VerifyError::Cannot(_))));
}
