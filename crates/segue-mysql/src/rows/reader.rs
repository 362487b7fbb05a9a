//! The session of one moment: lent to one stream at a time, and given back.
//!
//! A stream that was dropped before its end leaves rows in the session: before it is lent again, the server is asked to
//! stop sending, and what is still under way is read and thrown away. A session that broke is never lent again: the
//! moment that it saw is gone with it. Tests: `tests/it/stream.rs`.

use std::sync::{Arc, Mutex, PoisonError};

use mysql_async::prelude::Queryable as _;
use mysql_async::{BinaryProtocol, Params, QueryResult, Row, Value as Wire};
use segue_engine::{EngineError, ErrorKind};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::condition::Piece;
use crate::error::{broken, db};
use crate::row::Fields;
use crate::session::{Purpose, Session};
use crate::target::Target;

/// The session of one moment.
pub(super) struct Reader {
    target: Target,
    free: Mutex<Option<Held>>,
    permit: Arc<Semaphore>,
}

/// A session, and whether an answer is still under way in it.
struct Held {
    session: Session,
    unread: bool,
}

/// A session that is lent.
pub(super) struct Lease {
    held: Option<Held>,
    reader: Arc<Reader>,
    _permit: OwnedSemaphorePermit,
}

impl Reader {
    pub(super) fn new(target: Target, session: Session) -> Arc<Self> {
        let free = Mutex::new(Some(Held { session, unread: false }));
        Arc::new(Self { target, free, permit: Arc::new(Semaphore::new(1)) })
    }

    /// Waits for the session. Fails when it broke.
    pub(super) async fn lend(self: &Arc<Self>) -> Result<Lease, EngineError> {
        let permit = Arc::clone(&self.permit).acquire_owned().await.map_err(|_| broken("this moment was let go"))?;
        let held = self.free.lock().unwrap_or_else(PoisonError::into_inner).take();
        let mut held = held.ok_or_else(|| broken("the session of this moment broke, and the moment is gone with it"))?;
        if held.unread {
            empty(&self.target, &mut held.session).await?;
            held.unread = false;
        }
        Ok(Lease { held: Some(held), reader: Arc::clone(self), _permit: permit })
    }

    /// Asks the session whether it is there, where nobody uses it. A task of its own does it: whoever stops waiting for it
    /// must not leave an answer behind.
    pub(super) async fn look(self: &Arc<Self>) -> Result<(), EngineError> {
        let Ok(permit) = Arc::clone(&self.permit).try_acquire_owned() else { return Ok(()) };
        let held = self.free.lock().unwrap_or_else(PoisonError::into_inner).take();
        let unread = held.as_ref().is_none_or(|held| held.unread);
        let mut lease = Lease { held, reader: Arc::clone(self), _permit: permit };
        if unread {
            // Whoever asks for it next hears what became of it.
            return Ok(());
        }
        let asked = tokio::spawn(async move {
            let pong = lease.session()?.conn.ping().await.map_err(db);
            lease.judge(pong)
        });
        asked.await.unwrap_or(Ok(()))
    }

    /// Ends the session where it is not lent.
    pub(super) async fn close(&self) {
        self.permit.close();
        let held = self.free.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(held) = held else { return };
        // With rows under way, saying good-bye would first read them all.
        if held.unread {
            let id = held.session.conn.id();
            if let Ok(mut other) = Session::open(&self.target, Purpose::Read).await {
                let _ = other.run(&format!("KILL CONNECTION {id}")).await;
                other.close().await;
            }
        } else {
            held.session.close().await;
        }
    }
}

impl Lease {
    /// The session. Fails after it broke.
    pub(super) fn session(&mut self) -> Result<&mut Session, EngineError> {
        self.held.as_mut().map(|held| &mut held.session).ok_or_else(|| broken("the session broke"))
    }

    /// An answer is under way, or is no more.
    pub(super) fn unread(&mut self, unread: bool) {
        if let Some(held) = &mut self.held {
            held.unread = unread;
        }
    }

    /// What the driver says is final for this session: it is not given back.
    pub(super) fn lost(&mut self) {
        self.held = None;
    }

    /// All rows of a short answer. It takes as long as it takes.
    pub(super) async fn ask(&mut self, piece: Piece) -> Result<Vec<Fields>, EngineError> {
        let session = self.session()?;
        let answer = ask(session, piece).await;
        self.judge(answer)
    }

    /// Keeps the session after an error only where its transaction is surely what it was.
    pub(super) fn judge<T>(&mut self, answer: Result<T, EngineError>) -> Result<T, EngineError> {
        use ErrorKind as K;
        answer.inspect_err(|error| {
            if !matches!(error.kind, K::Syntax | K::Object | K::Permission | K::Value | K::Unsupported) {
                self.held = None;
            }
        })
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(held) = self.held.take() {
            *self.reader.free.lock().unwrap_or_else(PoisonError::into_inner) = Some(held);
        }
    }
}

/// Prepares, executes, and closes again: the driver would keep a statement at the server for as long as the session.
async fn ask(session: &mut Session, piece: Piece) -> Result<Vec<Fields>, EngineError> {
    let statement = session.conn.prep(piece.sql).await.map_err(db)?;
    let rows: Vec<Row> = session.conn.exec(&statement, parameters(piece.parameters)).await.map_err(db)?;
    session.conn.close(statement).await.map_err(db)?;
    Ok(rows.into_iter().map(Fields::from).collect())
}

/// The parameters as the driver wants them.
pub(super) fn parameters(list: Vec<Wire>) -> Params {
    if list.is_empty() { Params::Empty } else { Params::Positional(list) }
}

/// Ends the answer that is under way.
async fn empty(target: &Target, session: &mut Session) -> Result<(), EngineError> {
    let mut other = Session::open(target, Purpose::Read).await?;
    // It may have ended meanwhile: then there is little left to read.
    let _ = other.run(&format!("KILL QUERY {}", session.conn.id())).await;
    other.close().await;
    match QueryResult::<BinaryProtocol>::new(&mut session.conn).drop_result().await {
        Ok(()) | Err(mysql_async::Error::Server(_)) => {}
        Err(error) => return Err(db(error)),
    }
    // An order to stop that came too late may hit the next statement: that shall be this one.
    match session.conn.query_drop("DO 0").await {
        Ok(()) | Err(mysql_async::Error::Server(_)) => Ok(()),
        Err(error) => Err(db(error)),
    }
}
