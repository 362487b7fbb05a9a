//! Rows on their way: `COPY … TO STDOUT` in the binary form, decoded where it lies.
//!
//! It must never say that there are no more rows before the trailer was seen and the server said that the copy is done.
//! Tests: `tests/it/rows/`.

use std::pin::Pin;

use async_trait::async_trait;
use futures_util::StreamExt as _;
use segue_engine::EngineError;
use segue_engine::rows::{BATCH_BYTES, Batch, Read, RowStream};
use tokio_postgres::CopyOutStream;

use super::copy::Decoder;
use super::snapshot::{Learnt, Lease};
use crate::error::db;

/// A running copy.
pub(super) struct CopyRows {
    /// `None` once the answer has ended.
    lease: Option<Lease>,
    answer: Pin<Box<CopyOutStream>>,
    decoder: Decoder,
}

impl CopyRows {
    pub(super) async fn begin(mut lease: Lease, read: &Read, learnt: Learnt, sql: &str) -> Result<Self, EngineError> {
        let columns = learnt.natives.into_iter().zip(&read.columns).map(|(native, column)| (native.wire, column.class.clone())).collect();
        let decoder = Decoder::new(columns, read.key.clone());
        lease.set_busy(true);
        let answer = lease.client().copy_out(&format!("copy ({sql}) to stdout (format binary)")).await.map_err(db);
        lease.set_busy(answer.is_ok());
        Ok(Self { lease: Some(lease), answer: Box::pin(answer?), decoder })
    }

    /// The server has nothing more to say: the reader is free.
    fn release(&mut self) {
        if let Some(mut lease) = self.lease.take() {
            lease.set_busy(false);
        }
    }
}

#[async_trait]
impl RowStream for CopyRows {
    async fn next(&mut self, batch: &mut Batch) -> Result<bool, EngineError> {
        batch.clear();
        while self.lease.is_some() {
            match self.answer.next().await {
                Some(Ok(piece)) => {
                    self.decoder.feed(&piece, batch)?;
                    if batch.bytes() >= BATCH_BYTES {
                        return Ok(true);
                    }
                }
                Some(Err(error)) => {
                    self.release();
                    return Err(db(error));
                }
                None => {
                    self.release();
                    self.decoder.end()?;
                }
            }
        }
        Ok(!batch.is_empty())
    }
}
