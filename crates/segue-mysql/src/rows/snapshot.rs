//! One moment of a database, and what can be asked of it.
//!
//! Tables are described once for a moment. It must never open a session that is not of this moment to read rows.
//! Tests: `tests/it/stream.rs`, `tests/it/moment.rs`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use segue_engine::rows::{ChunkDigest, Datum, Read, RowStream, Snapshot};
use segue_engine::{EngineError, ErrorKind};
use segue_model::ident::TableName;

use super::describe::{Described, describe};
use super::reader::{Lease, Reader};
use super::stream::Stream;
use super::{digest, moment, select, splits};
use crate::target::Target;

/// How often it is looked whether a session is there that nobody reads.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// One moment.
pub(super) struct Moment {
    reader: Arc<Reader>,
    words: String,
    tables: Mutex<BTreeMap<String, Arc<Described>>>,
}

impl Moment {
    pub(super) async fn open(target: &Target) -> Result<Self, EngineError> {
        let (session, words) = moment::open(target).await?;
        Ok(Self { reader: Reader::new(target.clone(), session), words, tables: Mutex::default() })
    }

    /// The table of a read, described.
    async fn table(&self, lease: &mut Lease, table: &TableName) -> Result<Arc<Described>, EngineError> {
        let key = table.to_string();
        if let Some(known) = self.tables.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Arc::clone(known));
        }
        let found = describe(lease.session()?, table).await;
        let found = Arc::new(lease.judge(found)?);
        self.tables.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&found));
        Ok(found)
    }
}

#[async_trait]
impl Snapshot for Moment {
    fn readers(&self) -> usize {
        1
    }

    fn moment(&self) -> String {
        self.words.clone()
    }

    async fn stream(&self, read: &Read) -> Result<Box<dyn RowStream>, EngineError> {
        let mut lease = self.reader.lend().await?;
        let table = self.table(&mut lease, &read.table).await?;
        Ok(Box::new(Stream::open(lease, read, &table).await?))
    }

    async fn count(&self, read: &Read) -> Result<u64, EngineError> {
        let mut lease = self.reader.lend().await?;
        let table = self.table(&mut lease, &read.table).await?;
        let rows = lease.ask(select::count(read, &table)?).await?;
        rows.first()
            .and_then(|row| row.number(0))
            .ok_or_else(|| EngineError::new("SG-MY-017", ErrorKind::Other, "a count did not come as a number"))
    }

    async fn splits(&self, read: &Read, rows: u64) -> Result<Vec<Datum>, EngineError> {
        let mut lease = self.reader.lend().await?;
        let table = self.table(&mut lease, &read.table).await?;
        splits::find(&mut lease, read, &table, rows).await
    }

    async fn digest(&self, read: &Read) -> Result<Option<ChunkDigest>, EngineError> {
        let mut lease = self.reader.lend().await?;
        let table = self.table(&mut lease, &read.table).await?;
        digest::ask(&mut lease, read, &table).await
    }

    async fn lost(&self) -> EngineError {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            if let Err(error) = self.reader.look().await {
                return error;
            }
        }
    }

    async fn close(self: Box<Self>) -> Result<(), EngineError> {
        self.reader.close().await;
        Ok(())
    }
}
