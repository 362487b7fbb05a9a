//! How fast tasks may read: each asks before a batch, and is let through once the pace allows it.
//!
//! Tasks outlive no borrow, so the pace is asked by the caller's own future, which runs beside the comparison. A pace
//! that says stop ends the whole. Tests: `tests/it/fault.rs`.

use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use segue_engine::rows::Batch;
use tokio::sync::{Notify, Semaphore, mpsc};

use crate::{Pace, Side, VerifyError};

/// Between two reports of progress.
const TICK: Duration = Duration::from_millis(200);

/// What tasks ask.
pub(crate) struct Gate {
    permits: Semaphore,
    passed: mpsc::UnboundedSender<()>,
    rows: [AtomicU64; 2],
    /// Bytes of which the pace does not know yet.
    bytes: AtomicU64,
    tick: Notify,
}

/// The other end, which asks the pace.
pub(crate) struct Paced {
    passed: mpsc::UnboundedReceiver<()>,
}

impl Gate {
    /// A gate through which so many batches may be on their way before the pace is asked.
    pub(crate) fn new(ahead: usize) -> (Self, Paced) {
        let (sender, passed) = mpsc::unbounded_channel();
        let rows = [AtomicU64::new(0), AtomicU64::new(0)];
        (Self { permits: Semaphore::new(ahead), passed: sender, rows, bytes: AtomicU64::new(0), tick: Notify::new() }, Paced { passed })
    }

    /// Waits until a batch may be read.
    pub(crate) async fn pass(&self) -> Result<(), VerifyError> {
        let permit = self.permits.acquire().await.map_err(|_| VerifyError::Interrupted)?;
        permit.forget();
        self.passed.send(()).map_err(|_| VerifyError::Interrupted)
    }

    /// Counts rows that were read.
    pub(crate) fn count(&self, side: Side, batch: &Batch) {
        self.rows[side as usize].fetch_add(batch.len() as u64, Ordering::Relaxed);
        self.bytes.fetch_add(batch.bytes() as u64, Ordering::Relaxed);
    }

    /// Comes back a few times a second while rows are read: when it is time to say how far it is.
    pub(crate) async fn ticked(&self) {
        self.tick.notified().await;
    }

    /// Rows read so far, of the source and of the target.
    pub(crate) fn rows(&self) -> [u64; 2] {
        [self.rows[0].load(Ordering::Relaxed), self.rows[1].load(Ordering::Relaxed)]
    }
}

impl Paced {
    /// Runs work whose tasks pass the gate, at the pace.
    pub(crate) async fn run<T>(
        mut self,
        gate: &Gate,
        pace: &dyn Pace,
        work: impl Future<Output = Result<T, VerifyError>>,
    ) -> Result<T, VerifyError> {
        // Small tables pass without being asked again: each begins with a question.
        pace.breathe().await?;
        let mut told = Instant::now();
        let asking = async {
            while self.passed.recv().await.is_some() {
                if told.elapsed() >= TICK {
                    told = Instant::now();
                    gate.tick.notify_one();
                }
                pace.read(gate.bytes.swap(0, Ordering::Relaxed));
                pace.breathe().await?;
                gate.permits.add_permits(1);
            }
            Err(VerifyError::Interrupted)
        };
        tokio::select! {
            done = work => done,
            stopped = asking => stopped,
            () = pace.stopped() => Err(VerifyError::Interrupted),
        }
    }
}
