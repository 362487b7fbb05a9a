//! The real clock of a run.

use async_trait::async_trait;
use segue_journal::Clock;

/// Wall-clock time and real waiting.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WallClock;

#[async_trait]
impl Clock for WallClock {
    fn now_ms(&self) -> i64 {
        crate::runs::now_ms()
    }

    async fn sleep(&self, ms: u64) {
        tokio::time::sleep(std::time::Duration::from_millis(ms)).await;
    }
}
