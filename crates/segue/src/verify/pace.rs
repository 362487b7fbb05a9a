//! How fast a comparison may be: a bound of rows a second, what the databases carry, and a person who stops it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use segue_journal::{Stop, StopFlag};
use segue_verify::{Pace, VerifyError};

use crate::connect::Database;

/// How often the load of the databases is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How long one wait is while they carry too much.
const WAIT: Duration = Duration::from_millis(500);

/// The pace of a comparison.
pub(crate) struct Paced {
    sides: Vec<Arc<dyn Database>>,
    stop: Arc<StopFlag>,
    max_load: BTreeMap<String, u64>,
    max_lag: Option<Duration>,
    began: Instant,
    /// When the load was looked at, in milliseconds since `began`; -1 before the first time.
    looked: AtomicI64,
}

impl Paced {
    /// Of these sides. With no bound of load nobody is asked for it.
    pub(crate) fn new(
        sides: Vec<Arc<dyn Database>>,
        stop: Arc<StopFlag>,
        max_load: BTreeMap<String, u64>,
        max_lag: Option<Duration>,
    ) -> Self {
        Self { sides, stop, max_load, max_lag, began: Instant::now(), looked: AtomicI64::new(-1) }
    }

    async fn too_much(&self) -> Result<bool, VerifyError> {
        for (at, side) in self.sides.iter().enumerate() {
            let which = if at == 0 { segue_verify::Side::Source } else { segue_verify::Side::Target };
            let load = side.load().await.map_err(|error| VerifyError::Side { side: which, error })?;
            let over = |(name, most): (&String, &u64)| load.figures.get(name).is_some_and(|now| now > most);
            let behind = self.max_lag.is_some_and(|most| load.replication_lag_ms.is_some_and(|lag| u128::from(lag) > most.as_millis()));
            if behind || self.max_load.iter().any(over) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn is_time(&self) -> bool {
        let now = i64::try_from(self.began.elapsed().as_millis()).unwrap_or(i64::MAX);
        let last = self.looked.load(Ordering::Relaxed);
        let due = last < 0 || now - last >= i64::try_from(LOOK_EVERY.as_millis()).unwrap_or(i64::MAX);
        due && self.looked.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

#[async_trait]
impl Pace for Paced {
    async fn breathe(&self) -> Result<(), VerifyError> {
        if self.stop.get() != Stop::No {
            return Err(VerifyError::Interrupted);
        }
        if (self.max_load.is_empty() && self.max_lag.is_none()) || !self.is_time() {
            return Ok(());
        }
        while self.too_much().await? {
            tokio::time::sleep(WAIT).await;
            if self.stop.get() != Stop::No {
                return Err(VerifyError::Interrupted);
            }
        }
        Ok(())
    }
}
