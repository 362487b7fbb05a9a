//! Rows on their way out of SQLite: a thread reads, two batches go to and fro.
//!
//! The end is a message of its own: a thread that died is an error and never an end. Tests: `tests/it/rows.rs`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use rusqlite::{Connection, params_from_iter};
use segue_engine::rows::{BATCH_BYTES, Batch, Class, Read, RowStream};
use segue_engine::{EngineError, ErrorKind};
use tokio::sync::OwnedMutexGuard;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::decode;
use super::question::{self, Question};
use crate::error::{self, Doing};

const DOING: &str = "reading rows";

enum Message {
    Rows(Batch),
    End,
    Failed(EngineError),
}

/// A stream of one read.
pub(super) struct Stream {
    rows: Receiver<Message>,
    empty: Sender<Batch>,
    over: Arc<AtomicBool>,
}

impl Stream {
    /// Starts to read. The connection is held until the stream is over or dropped.
    pub(super) fn start(connection: OwnedMutexGuard<Connection>, read: &Read) -> Result<Self, EngineError> {
        let (rows_in, rows) = channel(1);
        let (empty, empties) = channel(2);
        let over = Arc::new(AtomicBool::new(false));
        let reader = Reader { question: question::rows(read)?, read: read.clone(), rows: rows_in, empties, over: Arc::clone(&over) };
        std::thread::Builder::new().name("sqlite-rows".to_owned()).spawn(move || reader.run(&connection)).map_err(|cause| {
            EngineError::new(error::RESOURCES, ErrorKind::Resources, "reading rows: the system gave no thread").caused_by(cause)
        })?;
        Ok(Self { rows, empty, over })
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

#[async_trait]
impl RowStream for Stream {
    async fn next(&mut self, batch: &mut Batch) -> Result<bool, EngineError> {
        batch.clear();
        match self.rows.recv().await {
            Some(Message::Rows(mut rows)) => {
                std::mem::swap(batch, &mut rows);
                // Nobody takes it any more once the last rows are on their way.
                let _sent = self.empty.try_send(rows);
                Ok(true)
            }
            Some(Message::End) => Ok(false),
            Some(Message::Failed(error)) => Err(error),
            None => Err(EngineError::new(error::STATEMENT, ErrorKind::Other, "reading rows: the reader ended without an answer")),
        }
    }
}

struct Reader {
    question: Question,
    read: Read,
    rows: Sender<Message>,
    empties: Receiver<Batch>,
    over: Arc<AtomicBool>,
}

impl Reader {
    fn run(mut self, connection: &Connection) {
        let over = Arc::clone(&self.over);
        let watched = connection.progress_handler(10_000, Some(move || over.load(Ordering::Relaxed))).doing(DOING);
        let done = watched.and_then(|()| self.send_all(connection));
        let unwatched = connection.progress_handler(0, None::<fn() -> bool>).doing(DOING);
        let last = match done.and_then(|whole| unwatched.map(|()| whole)) {
            Ok(true) => Message::End,
            // Nobody listens any more.
            Ok(false) => return,
            Err(error) => Message::Failed(error),
        };
        let _sent = self.rows.blocking_send(last);
    }

    /// Whether all rows were sent; `false`: nobody listens.
    fn send_all(&mut self, connection: &Connection) -> Result<bool, EngineError> {
        let mut statement = connection.prepare(&self.question.sql).doing(DOING)?;
        let classes: Vec<Class> = self.read.columns.iter().map(|column| column.class.clone()).collect();
        let (mut batch, mut room) = (Batch::default(), String::new());
        let mut rows = statement.query(params_from_iter(self.question.bound.iter())).doing(DOING)?;
        while let Some(row) = rows.next().doing(DOING)? {
            for (at, class) in classes.iter().enumerate() {
                let raw = row.get_ref(at).doing(DOING)?;
                batch.value(&decode::value(raw, class, &mut room), class);
            }
            batch.end_row(&self.read.key);
            if batch.bytes() >= BATCH_BYTES {
                let mut next = self.empties.try_recv().unwrap_or_default();
                next.clear();
                if self.rows.blocking_send(Message::Rows(std::mem::replace(&mut batch, next))).is_err() {
                    return Ok(false);
                }
            }
        }
        Ok(batch.is_empty() || self.rows.blocking_send(Message::Rows(batch)).is_ok())
    }
}
