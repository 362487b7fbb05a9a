//! A private server's process and the shell that ends it when we are gone.

use std::path::Path;
use std::process::Child;
use std::thread;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::EngineError;

use super::Kind;

/// Between two looks at a process.
const POLL: Duration = Duration::from_millis(5);
/// How many looks a process has to end, about a minute; then it is killed.
const LOOKS_MAX: u32 = 12_000;

/// A running server.
#[derive(Debug)]
pub struct Running {
    server: Child,
    watchdog: Child,
}

impl Running {
    /// A server that was just started and is ready, from now on watched.
    pub fn watched(kind: &'static Kind, server: Child, directory: &Path) -> Result<Self, EngineError> {
        let watchdog = kind.watchdog(server.id(), directory)?;
        Ok(Self { server, watchdog })
    }

    /// The server's process.
    pub fn pid(&self) -> u32 {
        self.server.id()
    }

    /// Sends a signal and waits until the process is gone.
    pub fn end(mut self, kind: &'static Kind, signal: Signal) -> Result<(), EngineError> {
        // First the watchdog, so that it never signals a number that is somebody else's by then.
        let _ = self.watchdog.kill();
        let _ = self.watchdog.wait();
        let _ = kill(Pid::from_raw(self.server.id().cast_signed()), signal);
        let mut looks = 0;
        while self.server.try_wait().map_err(|e| kind.failed(kind.name, &e))?.is_none() {
            looks += 1;
            if looks >= LOOKS_MAX {
                let _ = self.server.kill();
            }
            thread::sleep(POLL);
        }
        Ok(())
    }
}
