//! The data directory that every private server of a build is a copy of: made once, under another name, and renamed.
//!
//! It lies in a folder that is ours alone. Processes that need it at the same time wait for the one that makes it; one that
//! dies half-way leaves nothing that another would take for complete. Tests: `tests/it/private.rs` of the engines.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::EngineError;

use super::{Account, Kind};

/// What a server starts from.
#[derive(Debug)]
pub struct Cached {
    /// The folder for everything that is private to this user.
    pub base: PathBuf,
    /// The data directory to copy.
    pub data: PathBuf,
    /// The superuser's password in it.
    pub password: String,
}

/// The cached data directory `name` in `/tmp/FOLDER-UID`. Where it is not there, `make` fills an empty folder with `data`,
/// for the password that stands in the file `password` beside it.
pub fn cached(
    kind: &'static Kind,
    account: &Account,
    folder: &str,
    name: &str,
    make: impl FnOnce(&Path, &str) -> Result<(), EngineError>,
) -> Result<Cached, EngineError> {
    // Not TMPDIR: a library reads no environment, and all processes of a user must meet in one place.
    let base = Path::new("/tmp").join(format!("{folder}-{}", account.uid()));
    if !base.is_dir() {
        // Another process may have made it since: the check below decides.
        let _ = account.make_directory(&base);
    }
    if !account.owns(&base) {
        return Err(kind.error(format!("{} is not ours alone: remove it", base.display())));
    }
    let home = base.join(name);
    let lock_path = base.join(format!("{name}.lock"));
    let lock = File::options().create(true).truncate(false).write(true).open(&lock_path).map_err(|e| kind.failed(&lock_path, &e))?;
    lock.lock().map_err(|e| kind.failed(&lock_path, &e))?;
    if !home.is_dir() {
        let half = base.join(format!("making-{}", std::process::id()));
        let _ = fs::remove_dir_all(&half);
        account.make_directory(&half)?;
        let password = kind.random_password()?;
        account.write(&half.join("password"), &password)?;
        make(&half, &password)?;
        fs::rename(&half, &home).map_err(|e| kind.failed(&home, &e))?;
    }
    let password_path = home.join("password");
    let password = fs::read_to_string(&password_path).map_err(|e| kind.failed(&password_path, &e))?;
    Ok(Cached { data: home.join("data"), base, password })
}
