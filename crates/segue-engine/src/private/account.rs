//! As whom a private server runs: as ourselves, or, since a server of a database is not to be root, as its own user.
//!
//! It must never give a file to that user which it did not make. Tests: `tests/it/private.rs` of the engines.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::EngineError;
use nix::unistd::{User, geteuid};

use super::Kind;

/// A user and a group to change to; none when we are not root.
#[derive(Debug, Clone, Copy)]
pub struct Account {
    kind: &'static Kind,
    other: Option<(u32, u32)>,
}

impl Account {
    /// The user for a server of this kind that we start.
    pub fn find(kind: &'static Kind) -> Result<Self, EngineError> {
        if !geteuid().is_root() {
            return Ok(Self { kind, other: None });
        }
        for name in [kind.user, "nobody"] {
            if let Ok(Some(user)) = User::from_name(name) {
                return Ok(Self { kind, other: Some((user.uid.as_raw(), user.gid.as_raw())) });
            }
        }
        Err(kind.error(format!("{} is not run as root, and there is neither a user `{}` nor `nobody`", kind.name, kind.user)))
    }

    /// The number of the user.
    pub fn uid(&self) -> u32 {
        self.other.map_or_else(|| geteuid().as_raw(), |(uid, _)| uid)
    }

    /// A program to be run as that user, with an environment that holds nothing of ours.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        self.prepare(&mut command);
        // Builds that carry their libraries beside their programs.
        if let Some(libraries) = program.parent().and_then(Path::parent).map(|home| home.join("lib")).filter(|path| path.is_dir()) {
            command.env("LD_LIBRARY_PATH", libraries);
        }
        command
    }

    fn prepare(&self, command: &mut Command) {
        command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").env("LC_ALL", "C").env("TZ", "UTC").current_dir("/");
        if let Some((uid, gid)) = self.other {
            command.uid(uid).gid(gid);
        }
    }

    /// Runs a command as that user to its end.
    pub fn run(&self, command: &mut Command, what: &str) -> Result<(), EngineError> {
        if command.get_envs().next().is_none() {
            self.prepare(command);
        }
        let done = command.stdin(Stdio::null()).output().map_err(|e| self.kind.failed(what, &e))?;
        if done.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&done.stderr);
        Err(self.kind.error(format!("{what} failed: {}", said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default())))
    }

    /// Makes a directory of that user's, closed to others.
    pub fn make_directory(&self, path: &Path) -> Result<(), EngineError> {
        fs::DirBuilder::new().mode(0o700).create(path).map_err(|e| self.kind.failed(path, &e))?;
        self.give(path)
    }

    /// Whether a directory is that user's and closed to others: in a folder that everybody can write to, somebody
    /// else may have put one with our name there.
    pub fn owns(&self, path: &Path) -> bool {
        fs::symlink_metadata(path).is_ok_and(|found| found.is_dir() && found.uid() == self.uid() && found.mode().trailing_zeros() >= 6)
    }

    /// Writes a file of that user's, closed to others.
    pub fn write(&self, path: &Path, content: &str) -> Result<(), EngineError> {
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(path)
            .map_err(|e| self.kind.failed(path, &e))?;
        file.write_all(content.as_bytes()).map_err(|e| self.kind.failed(path, &e))?;
        self.give(path)
    }

    fn give(&self, path: &Path) -> Result<(), EngineError> {
        match self.other {
            Some((uid, gid)) => chown(path, Some(uid), Some(gid)).map_err(|e| self.kind.failed(path, &e)),
            None => Ok(()),
        }
    }
}
