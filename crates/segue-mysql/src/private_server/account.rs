//! As whom a private server runs: as ourselves, or, since a database server should not be root, as `mysql`, else `nobody`.
//!
//! It must never give a file to that user which it did not make. Tests: `tests/it/private.rs`.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use nix::unistd::{User, geteuid};
use segue_engine::EngineError;

use super::{failed, private};

/// A user and a group to change to; none when we are not root.
#[derive(Debug, Clone, Copy)]
pub(super) struct Account {
    other: Option<(u32, u32)>,
}

impl Account {
    /// The user for a server that we start.
    pub(super) fn find() -> Result<Self, EngineError> {
        if !geteuid().is_root() {
            return Ok(Self { other: None });
        }
        for name in ["mysql", "nobody"] {
            if let Ok(Some(user)) = User::from_name(name) {
                return Ok(Self { other: Some((user.uid.as_raw(), user.gid.as_raw())) });
            }
        }
        Err(private("MariaDB is not run as root, and there is neither a user `mysql` nor `nobody`".to_owned()))
    }

    /// The number of the user.
    pub(super) fn uid(&self) -> u32 {
        self.other.map_or_else(|| geteuid().as_raw(), |(uid, _)| uid)
    }

    /// A program to be run as that user, with an environment that holds nothing of ours.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        self.prepare(&mut command);
        command
    }

    fn prepare(&self, command: &mut Command) {
        command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").env("LC_ALL", "C").env("TZ", "UTC").current_dir("/");
        if let Some((uid, gid)) = self.other {
            command.uid(uid).gid(gid);
        }
    }

    /// Runs a command as that user to its end.
    pub(super) fn run(&self, command: &mut Command, what: &str) -> Result<(), EngineError> {
        if command.get_envs().next().is_none() {
            self.prepare(command);
        }
        let done = command.stdin(Stdio::null()).output().map_err(|e| failed(what, &e))?;
        if done.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&done.stderr);
        Err(private(format!("{what} failed: {}", said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default())))
    }

    /// Makes a directory of that user's, closed to others.
    pub(super) fn make_directory(&self, path: &Path) -> Result<(), EngineError> {
        fs::DirBuilder::new().mode(0o700).create(path).map_err(|e| failed(path, &e))?;
        self.give(path)
    }

    /// Whether a directory is that user's and closed to others: in a folder that everybody can write to, somebody
    /// else may have put one with our name there.
    pub(super) fn owns(&self, path: &Path) -> bool {
        fs::symlink_metadata(path).is_ok_and(|found| found.is_dir() && found.uid() == self.uid() && found.mode().trailing_zeros() >= 6)
    }

    /// Writes a file of that user's, closed to others.
    pub(super) fn write(&self, path: &Path, content: &str) -> Result<(), EngineError> {
        let mut file =
            fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path).map_err(|e| failed(path, &e))?;
        file.write_all(content.as_bytes()).map_err(|e| failed(path, &e))?;
        self.give(path)
    }

    fn give(&self, path: &Path) -> Result<(), EngineError> {
        match self.other {
            Some((uid, gid)) => chown(path, Some(uid), Some(gid)).map_err(|e| failed(path, &e)),
            None => Ok(()),
        }
    }
}
