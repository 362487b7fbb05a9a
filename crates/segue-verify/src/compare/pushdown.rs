//! Hashes of chunks by the servers: what is equal is not sent, what is not is cut in smaller pieces.
//!
//! For a slow network: it costs the servers several times more than reading does. Two servers agree on a chunk only if
//! its count and its hash do; what is left is streamed and compared as always.

use std::sync::Arc;

use futures_util::future::try_join;
use segue_engine::rows::{ChunkDigest, KeyRange, Snapshot};

use super::gate::Gate;
use super::range::cut;
use super::reader::failed;
use crate::{Options, Side, TablePair, VerifyError};

/// A chunk of so many rows is streamed.
const STREAMED_ROWS: u64 = 2048;
/// Into so many pieces a chunk is cut.
const PIECES: u64 = 16;

/// What the servers left over.
pub(super) struct Left {
    /// Ranges that differ, ascending.
    pub(super) ranges: Vec<KeyRange>,
    /// Rows of each side in ranges whose hashes are the same.
    pub(super) equal_rows: u64,
}

/// Narrows the table down to ranges that differ.
pub(super) async fn narrow(
    source: &dyn Snapshot,
    target: &dyn Snapshot,
    pair: &TablePair,
    options: &Options,
    gate: &Arc<Gate>,
) -> Result<Left, VerifyError> {
    let all = pair.source.range.clone().unwrap_or_default();
    let mut open = cut(source, pair, options.range_rows, &all, None).await?;
    open.reverse();
    let mut left = Left { ranges: Vec::new(), equal_rows: 0 };
    while let Some(range) = open.pop() {
        gate.pass().await?;
        let (one, other) = try_join(digest(source, Side::Source, pair, &range), digest(target, Side::Target, pair, &range)).await?;
        if one == other {
            left.equal_rows += one.rows;
            continue;
        }
        let rows = one.rows.max(other.rows);
        let pieces =
            if rows > STREAMED_ROWS { cut(source, pair, (rows / PIECES).max(STREAMED_ROWS), &range, None).await? } else { Vec::new() };
        if pieces.len() > 1 {
            open.extend(pieces.into_iter().rev());
        } else {
            left.ranges.push(range);
        }
    }
    Ok(left)
}

async fn digest(snapshot: &dyn Snapshot, side: Side, pair: &TablePair, range: &KeyRange) -> Result<ChunkDigest, VerifyError> {
    let mut read = if side == Side::Source { pair.source.clone() } else { pair.target.clone() };
    read.range = (*range != KeyRange::default()).then(|| range.clone());
    snapshot.digest(&read).await.map_err(failed(side))?.ok_or_else(|| {
        let side = if side == Side::Source { "source" } else { "target" };
        VerifyError::Cannot(format!("the {side}'s server cannot hash these columns; compare by sketch"))
    })
}
