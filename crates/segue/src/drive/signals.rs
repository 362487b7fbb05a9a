//! Ctrl-C and SIGTERM: the first finishes the batch, the second stops hard. Both leave a run that can go on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use segue_journal::{Stop, StopFlag};
use tokio::signal::unix::{SignalKind, signal};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::show::Show;

/// The listener.
pub(crate) struct Signals {
    seen: Arc<AtomicU8>,
}

impl Signals {
    /// Listens from now on, on the current runtime.
    pub(crate) fn listen(stop: Arc<StopFlag>, show: Show) -> Result<Self, Failure> {
        let seen = Arc::new(AtomicU8::new(0));
        for (kind, exit) in [(SignalKind::interrupt(), Exit::Interrupted), (SignalKind::terminate(), Exit::Terminated)] {
            let mut stream = signal(kind)?;
            let (stop, seen, show) = (Arc::clone(&stop), Arc::clone(&seen), show.clone());
            tokio::spawn(async move {
                while stream.recv().await.is_some() {
                    seen.store(exit as u8, Ordering::SeqCst);
                    match stop.press() {
                        Stop::Now => show.say("stopping now; the run can be resumed"),
                        _ => show.say("stopping after the batch under way; once more stops at once"),
                    }
                }
            });
        }
        Ok(Self { seen })
    }

    /// The exit code of the last signal, if one came.
    pub(crate) fn last(&self) -> Option<Exit> {
        match self.seen.load(Ordering::SeqCst) {
            130 => Some(Exit::Interrupted),
            143 => Some(Exit::Terminated),
            _ => None,
        }
    }
}
