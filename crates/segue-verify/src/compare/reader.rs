//! One stream of one side, read at the pace: its failures carry the side's name.

use std::sync::Arc;

use segue_engine::EngineError;
use segue_engine::rows::{Batch, Read, RowStream, Snapshot};

use super::gate::Gate;
use crate::{Side, VerifyError};

/// A stream on its way.
pub(crate) struct Reader {
    stream: Box<dyn RowStream>,
    side: Side,
    gate: Arc<Gate>,
}

/// A failure of a side.
pub(crate) fn failed(side: Side) -> impl FnOnce(EngineError) -> VerifyError {
    move |error| VerifyError::Side { side, error }
}

impl Reader {
    /// Opens a stream: waits for one of the snapshot's readers.
    pub(crate) async fn open(snapshot: &dyn Snapshot, side: Side, read: &Read, gate: &Arc<Gate>) -> Result<Self, VerifyError> {
        let stream = snapshot.stream(read).await.map_err(failed(side))?;
        Ok(Self { stream, side, gate: Arc::clone(gate) })
    }

    /// Which side it reads.
    pub(crate) fn side(&self) -> Side {
        self.side
    }

    /// The next rows. `false`: these are the last, and the server said so.
    pub(crate) async fn next(&mut self, batch: &mut Batch) -> Result<bool, VerifyError> {
        self.gate.pass().await?;
        // Should an engine forget to, no row is seen twice.
        batch.clear();
        let more = self.stream.next(batch).await.map_err(failed(self.side))?;
        self.gate.count(self.side, batch);
        Ok(more)
    }
}
