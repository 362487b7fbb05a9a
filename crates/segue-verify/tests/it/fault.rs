//! What a side cannot give to the end is neither equal nor different, whichever batch it is that fails.

use std::sync::atomic::Ordering;

use segue_engine::ErrorKind;
use segue_engine::rows::{Class, Datum};
use segue_verify::{EngineChoice, Options, Side, VerifyError, compare};

use crate::shelf::{Fast, Kept, Shelf, Values, runtime};

const COLUMNS: [(&str, Class); 2] = [("id", Class::Integer), ("a", Class::Integer)];

fn rows(count: i128, changed: impl Fn(i128) -> bool) -> Values {
    (0..count).map(|id| vec![Datum::Integer(id), Datum::Integer(id * 2 + i128::from(changed(id)))]).collect()
}

fn options(engine: EngineChoice) -> Options {
    Options { engine, range_rows: 60, ..Options::default() }
}

#[test]
fn a_stream_that_fails_at_any_batch_is_an_error_of_its_side() {
    let runtime = runtime();
    for engine in [EngineChoice::Sketch, EngineChoice::Merge, EngineChoice::Pushdown] {
        for changed in [0, 7, 1] {
            let differs = |id: i128| changed > 0 && id % changed == 0;
            for side in [Side::Source, Side::Target] {
                let whole = cut(&runtime, engine, differs, side, None).expect("nothing was cut");
                let mut struck = 0;
                for at in 0..whole {
                    match cut(&runtime, engine, differs, side, Some(at)) {
                        Err(VerifyError::Side { side: told, error }) => {
                            assert_eq!((told, error.kind), (side, ErrorKind::Connection));
                            struck += 1;
                        }
                        // Streams run at the same time: a run may need one batch less than the one before it.
                        other => assert_eq!(other.map_err(|error| error.to_string()), Ok(whole.min(at)), "{engine:?} {at} of {whole}"),
                    }
                }
                assert!(struck + 1 >= whole, "{engine:?}: {struck} of {whole} cuts were met");
            }
        }
    }
}

/// Compares with one batch cut; how many batches there were.
fn cut(
    runtime: &tokio::runtime::Runtime,
    engine: EngineChoice,
    differs: impl Fn(i128) -> bool,
    side: Side,
    at: Option<u64>,
) -> Result<u64, VerifyError> {
    let mut sides = [Shelf::new(&COLUMNS, &[0], rows(150, |_| false)), Shelf::new(&COLUMNS, &[0], rows(150, differs))];
    let broken = usize::from(side == Side::Target);
    sides[broken].cut_at = at;
    let pair = sides[0].pair(&sides[1]);
    let options = Options { readers: 1, ..options(engine) };
    let mut kept = Kept::default();
    runtime.block_on(compare(&sides[0], &sides[1], &pair, &options, &Fast::default(), &mut kept, None))?;
    Ok(sides[broken].batches.load(Ordering::SeqCst))
}

/// One side never answers. What ends the other one ends the comparison, whether somebody reads there or not.
#[test]
fn a_side_that_fails_is_heard_while_the_other_one_is_silent() {
    let runtime = runtime();
    for engine in [EngineChoice::Sketch, EngineChoice::Merge] {
        for sample in [None, Some(20)] {
            for (silent, told) in [(0, Side::Target), (1, Side::Source)] {
                for at in [None, Some(0), Some(3)] {
                    let mut sides = [0, 1].map(|_| Shelf::new(&COLUMNS, &[0], rows(500, |_| false)));
                    sides[silent].silent = true;
                    sides[1 - silent].cut_at = at;
                    sides[1 - silent].gone = at.is_none();
                    let pair = sides[0].pair(&sides[1]);
                    let options = Options { sample, ..options(engine) };
                    let mut kept = Kept::default();
                    let (pace, limit) = (Fast::default(), std::time::Duration::from_mins(1));
                    let compared = compare(&sides[0], &sides[1], &pair, &options, &pace, &mut kept, None);
                    let ended = runtime.block_on(async { tokio::time::timeout(limit, compared).await });
                    let ended = ended.unwrap_or_else(|_| panic!("{engine:?} {sample:?} {at:?}: it waits for the silent {silent}"));
                    let Err(VerifyError::Side { side, .. }) = ended else { panic!("{engine:?} {sample:?} {at:?}: {ended:?}") };
                    assert_eq!((side, kept.found.len()), (told, 0), "{engine:?} {sample:?} {at:?}");
                }
            }
        }
    }
}

#[test]
fn an_order_that_is_not_kept_is_not_trusted() {
    let runtime = runtime();
    let mut turned = rows(300, |id| id == 5);
    turned.reverse();
    let source = Shelf::new(&COLUMNS, &[0], rows(300, |_| false));
    let mut target = Shelf::new(&COLUMNS, &[0], turned);
    target.disorder = true;
    let pair = source.pair(&target);
    let mut kept = Kept::default();
    let compared = runtime
        .block_on(compare(&source, &target, &pair, &options(EngineChoice::Merge), &Fast::default(), &mut kept, None))
        .expect("compared");
    assert_eq!((compared.changed, compared.missing, compared.extra, kept.found.len()), (1, 0, 0, 1));
    assert_eq!(compared.engine, "sketch");
    assert!(compared.why.contains("rows of the target did not come in the order of the key"), "{}", compared.why);
}

#[test]
fn a_disorder_after_differences_were_handed_on_claims_nothing() {
    let runtime = runtime();
    // So little may be held back that differences are handed on before the disorder shows at the end.
    let mut disordered = rows(4000, |_| true);
    let last = disordered.remove(0);
    disordered.push(last);
    let source = Shelf::new(&COLUMNS, &[0], rows(4000, |_| false));
    let mut target = Shelf::new(&COLUMNS, &[0], disordered);
    target.disorder = true;
    let pair = source.pair(&target);
    let mut kept = Kept::default();
    let options = Options { range_rows: 100_000, memory: 64 << 10, ..options(EngineChoice::Merge) };
    let done = runtime.block_on(compare(&source, &target, &pair, &options, &Fast::default(), &mut kept, None));
    assert!(matches!(&done, Err(VerifyError::Cannot(reason)) if reason.contains("nothing is claimed")), "{done:?}");
}

#[test]
fn what_cannot_be_done_is_refused() {
    let runtime = runtime();
    let refused = |shelf: &Shelf, engine, sample| {
        let pair = shelf.pair(shelf);
        let options = Options { sample, ..options(engine) };
        let done = runtime.block_on(compare(shelf, shelf, &pair, &options, &Fast::default(), &mut Kept::default(), None));
        matches!(done, Err(VerifyError::Cannot(_)))
    };
    let keyless = Shelf::new(&COLUMNS, &[], rows(10, |_| false));
    let float = Shelf::new(&[("id", Class::Float)], &[0], vec![vec![Datum::Float(1.0)]]);
    let mut mute = Shelf::new(&COLUMNS, &[0], rows(10, |_| false));
    mute.no_digest = true;
    assert!(refused(&keyless, EngineChoice::Merge, None));
    assert!(refused(&keyless, EngineChoice::Auto, Some(5)));
    assert!(refused(&float, EngineChoice::Merge, None));
    assert!(refused(&mute, EngineChoice::Pushdown, None));
    assert!(!refused(&mute, EngineChoice::Auto, None));
}

#[test]
fn who_says_stop_is_obeyed() {
    let runtime = runtime();
    let shelf = Shelf::new(&COLUMNS, &[0], rows(5000, |_| false));
    for after in [0, 3, 40] {
        let pace = Fast { stop_after: Some(after), ..Fast::default() };
        let pair = shelf.pair(&shelf);
        let done = runtime.block_on(compare(&shelf, &shelf, &pair, &options(EngineChoice::Auto), &pace, &mut Kept::default(), None));
        assert!(matches!(done, Err(VerifyError::Interrupted)), "{done:?}");
    }
}
