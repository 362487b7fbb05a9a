//! One side of a merge: a task that reads, hashes and checks the order, and the cursor over what it gives.
//!
//! The end of a stream is said in so many words: a task that is gone without a word is an error.

use segue_engine::rows::{Batch, hash};
use tokio::sync::mpsc;

use crate::compare::{Reader, Task};
use crate::{Side, VerifyError};

/// Chunks on their way.
const AHEAD: usize = 2;

/// What a task says.
enum Said {
    Rows(Chunk),
    Disorder,
    End,
}

/// Rows with their hashes.
#[derive(Default)]
struct Chunk {
    batch: Batch,
    hashes: Vec<u128>,
}

/// A row under the cursor.
pub(super) struct Row<'a> {
    pub(super) key: &'a [u8],
    pub(super) bytes: &'a [u8],
    pub(super) hash: u128,
}

/// Starts tasks.
pub(super) struct Feed;

/// Where one side is.
pub(super) struct Cursor {
    side: Side,
    said: mpsc::Receiver<Said>,
    used: mpsc::Sender<Chunk>,
    chunk: Chunk,
    at: usize,
    ended: bool,
    /// Rows that were passed.
    pub(super) rows: u64,
    _task: Task<()>,
}

impl Feed {
    /// Reads one side ahead. A failure goes to `fail`, past all that waits to be read.
    pub(super) fn start(reader: Reader, fail: mpsc::Sender<VerifyError>) -> Cursor {
        let (say, said) = mpsc::channel(AHEAD);
        let (used, again) = mpsc::channel(AHEAD + 2);
        let side = reader.side();
        let task = Task::start(feed(reader, say, again, fail));
        Cursor { side, said, used, chunk: Chunk::default(), at: 0, ended: false, rows: 0, _task: task }
    }
}

async fn feed(mut reader: Reader, say: mpsc::Sender<Said>, mut again: mpsc::Receiver<Chunk>, fail: mpsc::Sender<VerifyError>) {
    let mut last: Option<Vec<u8>> = None;
    let mut more = true;
    while more {
        let mut chunk = again.try_recv().unwrap_or_default();
        more = match reader.next(&mut chunk.batch).await {
            Ok(more) => more,
            Err(error) => {
                // Nobody listens any more: then nobody is told.
                let _ = fail.send(error).await;
                return;
            }
        };
        if chunk.batch.is_empty() {
            continue;
        }
        chunk.hashes.clear();
        chunk.hashes.extend(chunk.batch.iter().map(|(_, row)| hash(row)));
        let mut before = last.as_deref();
        for (key, _) in chunk.batch.iter() {
            if before.is_some_and(|before| before > key) {
                let _ = say.send(Said::Disorder).await;
                return;
            }
            before = Some(key);
        }
        last = before.map(<[u8]>::to_vec);
        if say.send(Said::Rows(chunk)).await.is_err() {
            return;
        }
    }
    // The stream goes before its end is said: who hears of it may open another.
    drop(reader);
    let _ = say.send(Said::End).await;
}

impl Cursor {
    /// Makes sure that a row is under the cursor, or that the side is at its end. The inner `Err`: out of order.
    pub(super) async fn fill(&mut self) -> Result<Result<(), String>, VerifyError> {
        while self.at == self.chunk.hashes.len() && !self.ended {
            match self.said.recv().await {
                Some(Said::Rows(chunk)) => {
                    let used = std::mem::replace(&mut self.chunk, chunk);
                    // A full channel means that there are enough of them.
                    let _ = self.used.try_send(used);
                    self.at = 0;
                }
                Some(Said::End) => self.ended = true,
                Some(Said::Disorder) => {
                    let side = if self.side == Side::Source { "source" } else { "target" };
                    return Ok(Err(format!("rows of the {side} did not come in the order of the key")));
                }
                None => return Err(VerifyError::Cannot("a task of the comparison broke".to_owned())),
            }
        }
        Ok(Ok(()))
    }

    /// The row under the cursor.
    pub(super) fn row(&self) -> Option<Row<'_>> {
        let hash = *self.chunk.hashes.get(self.at)?;
        let (key, bytes) = self.chunk.batch.row(self.at);
        Some(Row { key, bytes, hash })
    }

    /// Goes on by one row.
    pub(super) fn step(&mut self) {
        self.at += 1;
        self.rows += 1;
    }

    /// No row is under the cursor: the chunk is used up.
    pub(super) fn at_end(&self) -> bool {
        self.at == self.chunk.hashes.len()
    }

    /// No row will come any more.
    pub(super) fn finished(&self) -> bool {
        self.ended && self.at_end()
    }
}
