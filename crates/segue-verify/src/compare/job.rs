//! One range, compared by tasks of its own: a sketch of each side, or a merge of both.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use futures_util::future::try_join;
use segue_engine::rows::{Batch, hash};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::reader::Reader;
use crate::merge::{self, Merged};
use crate::sketch::{Element, Sketch, part};
use crate::{Difference, Side, VerifyError};

/// How a range is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    /// By sketches that decode so many elements, of one of so many parts of the rows.
    Sketch { elements: usize, part: (u64, u64) },
    /// In the order of the key.
    Merge,
}

/// What became of a range.
pub(super) enum Outcome {
    /// The sketches came out.
    Decoded { rows: [u64; 2], elements: Vec<Element>, bytes: usize, key_bytes: usize },
    /// More differ than the sketches can name: about so many elements.
    TooMany { rows: [u64; 2], estimate: u64, key_bytes: usize },
    /// A key of so many bytes is too long for the sketch.
    TooWide { key_bytes: usize },
    /// The merge came to an end; what it found last.
    Merged { rows: [u64; 2], found: Vec<Difference> },
    /// Rows did not come in the order of the key, or too many share one.
    Disorder { reason: String, handed_on: bool },
}

/// A stream, once it is open.
type Opened = Result<Reader, VerifyError>;
/// Rows of a side and its sketch; the length of the key that is too long, where one is.
type Sketched = (u64, Result<Sketch, usize>);

/// A task that ends when nobody waits for it any more.
pub(crate) struct Task<T>(JoinHandle<T>);

impl<T: Send + 'static> Task<T> {
    /// Starts it.
    pub(crate) fn start(work: impl Future<Output = T> + Send + 'static) -> Self {
        Self(tokio::spawn(work))
    }

    /// Waits for it. A task that panicked is an error, never an end.
    pub(crate) async fn wait(mut self) -> Result<T, VerifyError> {
        (&mut self.0).await.map_err(|_| VerifyError::Cannot("a task of the comparison broke".to_owned()))
    }
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The numbers of a sketch.
#[derive(Clone, Copy)]
pub(super) struct Size {
    pub(super) elements: usize,
    pub(super) key_bytes: usize,
    pub(super) seed: u64,
    pub(super) bytes_max: usize,
}

/// Compares a range by sketches. Each side is read by a task of its own as soon as its stream is open.
pub(super) async fn sketched(
    source: impl Future<Output = Opened>,
    target: impl Future<Output = Opened>,
    size: Size,
    of: (u64, u64),
) -> Result<Outcome, VerifyError> {
    let (one, other) = try_join(read(source, size, of), read(target, size, of)).await?;
    Task::start(async move { subtracted(one, other) }).wait().await
}

async fn read(opening: impl Future<Output = Opened>, size: Size, of: (u64, u64)) -> Result<Sketched, VerifyError> {
    Task::start(one_side(opening.await?, size, of)).wait().await?
}

/// What the sketches of both sides come to.
fn subtracted((rows, sketch): Sketched, (target_rows, less): Sketched) -> Outcome {
    let (mut sketch, less) = match (sketch, less) {
        (Ok(sketch), Ok(less)) => (sketch, less),
        (Err(key_bytes), _) | (_, Err(key_bytes)) => return Outcome::TooWide { key_bytes },
    };
    let (bytes, key_bytes) = (sketch.bytes() + less.bytes(), sketch.key_bytes().max(less.key_bytes()));
    if sketch.subtract(&less).is_err() {
        return Outcome::TooWide { key_bytes };
    }
    drop(less);
    let rows = [rows, target_rows];
    match sketch.decode() {
        Ok(elements) => Outcome::Decoded { rows, elements, bytes, key_bytes },
        Err(not) => Outcome::TooMany { rows, estimate: not.estimate, key_bytes },
    }
}

async fn one_side(mut reader: Reader, size: Size, (which, of): (u64, u64)) -> Result<Sketched, VerifyError> {
    let mut sketch = Sketch::new(size.elements, size.key_bytes, size.seed, size.bytes_max);
    let (mut batch, mut rows, mut more) = (Batch::default(), 0, true);
    while more {
        more = reader.next(&mut batch).await?;
        rows += batch.len() as u64;
        for (key, row) in batch.iter() {
            let hash = hash(row);
            if (of == 1 || in_part(key, hash, of) == which) && sketch.add(key, hash).is_err() {
                return Ok((rows, Err(key.len())));
            }
        }
    }
    Ok((rows, Ok(sketch)))
}

/// The part of a row: by its key, so that both forms of a changed row are in one; by its hash where it has none.
fn in_part(key: &[u8], of_row: u128, of: u64) -> u64 {
    part(if key.is_empty() { of_row } else { hash(key) }, of)
}

/// Compares a range in the order of the key.
pub(super) async fn merged(
    source: impl Future<Output = Opened>,
    target: impl Future<Output = Opened>,
    wanted: Arc<AtomicUsize>,
    hold_bytes: usize,
    range: usize,
    found: mpsc::Sender<(usize, Vec<Difference>)>,
) -> Result<Outcome, VerifyError> {
    let (source, target) = try_join(source, target).await?;
    debug_assert!(source.side() == Side::Source && target.side() == Side::Target, "the sides are not mixed up");
    let merged = Task::start(async move { merge::merge(source, target, &wanted, hold_bytes, (range, &found)).await });
    Ok(match merged.wait().await?? {
        Merged::Done { rows, found } => Outcome::Merged { rows, found },
        Merged::Disorder { reason, handed_on } => Outcome::Disorder { reason, handed_on },
    })
}
