//! The ground that private throw-away servers of every engine stand on: as whom they run, a free port, a password, and what
//! ends them when we are gone.
//!
//! An engine starts its own programs; it must never do again what stands here. Nothing here touches a server or a folder
//! that it did not make. Tests: `tests/it/private.rs` of the engines.

mod account;
mod cached;
mod running;

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read as _};
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::{EngineError, ErrorKind};

pub use account::Account;
pub use cached::{Cached, cached};
pub use running::Running;

/// What differs from one kind of server to another.
#[derive(Debug)]
pub struct Kind {
    /// For people: `PostgreSQL`.
    pub name: &'static str,
    /// The user that its package makes.
    pub user: &'static str,
    /// The code of every failure to make one, with a page under `docs/codes/`.
    pub code: &'static str,
    /// What helps against them.
    pub help: &'static str,
    /// What the watchdog does with the server's process `$1` before it removes the folder `$2`: a line of `sh`.
    pub last: &'static str,
}

impl Kind {
    /// A server of this kind could not be made.
    pub fn error(&self, message: String) -> EngineError {
        EngineError::new(self.code, ErrorKind::Other, message).help(self.help)
    }

    /// The same, because of the system.
    pub fn failed(&self, what: impl AsRef<OsStr>, error: &io::Error) -> EngineError {
        self.error(format!("a private server could not be made: {}: {}", what.as_ref().display(), error.kind()))
    }

    /// A port of 127.0.0.1 that nobody had a moment ago.
    pub fn free_port(&self) -> Result<u16, EngineError> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(|e| self.failed("a free port", &e))?;
        Ok(listener.local_addr().map_err(|e| self.failed("a free port", &e))?.port())
    }

    /// A shell that reads from us, and so learns when we are gone; then it ends the server and removes its directory.
    fn watchdog(&self, server: u32, directory: &Path) -> Result<Child, EngineError> {
        let script = format!("read -r _; {}; rm -rf -- \"$2\"", self.last);
        let mut command = Command::new("sh");
        command.arg("-c").arg(script).arg("segue-watchdog").arg(server.to_string()).arg(directory);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).current_dir("/").process_group(0);
        command.spawn().map_err(|e| self.failed("sh", &e))
    }

    /// Sixteen random bytes in hexadecimal digits.
    fn random_password(&self) -> Result<String, EngineError> {
        let mut bytes = [0_u8; 16];
        File::open("/dev/urandom").and_then(|mut source| source.read_exact(&mut bytes)).map_err(|e| self.failed("/dev/urandom", &e))?;
        Ok(bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}")))
    }
}
