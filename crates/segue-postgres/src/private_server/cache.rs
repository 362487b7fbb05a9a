//! The data directory that every private server is a copy of: initialised once for each build of PostgreSQL.
//!
//! It lies in a folder of the server's user under the system's temporary one. Processes that need it at the same
//! time wait for the one that makes it; one that dies half-way leaves nothing that another would take for
//! complete. Tests: `tests/it/private.rs`.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use segue_engine::EngineError;

use super::account::Account;
use super::{failed, private};
use crate::control::digest_key;

/// What a server starts from.
#[derive(Debug)]
pub(super) struct Cached {
    /// The folder for everything that is private to this user.
    pub(super) base: PathBuf,
    /// The data directory to copy.
    pub(super) data: PathBuf,
    /// The superuser's password in it.
    pub(super) password: String,
}

/// The cached data directory for these programs; makes it if it is not there.
pub(super) fn ready(bins: &Path, account: &Account) -> Result<Cached, EngineError> {
    let version = version(bins).ok_or_else(|| private(format!("there is no PostgreSQL in {}", bins.display())))?;
    // Not TMPDIR: a library reads no environment, and all processes of a user must meet in one place.
    let base = Path::new("/tmp").join(format!("segue-private-{}", account.uid()));
    if !base.is_dir() {
        // Another process may have made it since: the check below decides.
        let _ = account.make_directory(&base);
    }
    if !account.owns(&base) {
        return Err(private(format!("{} is not ours alone: remove it", base.display())));
    }
    let key = digest_key(&format!("{version}\0{}", bins.display())) as u32;
    let name = format!("pg{}-{key:08x}", leading_number(&version).unwrap_or_default());
    let home = base.join(&name);
    let lock_path = base.join(format!("{name}.lock"));
    let lock = File::options().create(true).truncate(false).write(true).open(&lock_path).map_err(|e| failed(&lock_path, &e))?;
    lock.lock().map_err(|e| failed(&lock_path, &e))?;
    if !home.is_dir() {
        make(bins, account, &base, &home)?;
    }
    let password_path = home.join("password");
    let password = fs::read_to_string(&password_path).map_err(|e| failed(&password_path, &e))?;
    Ok(Cached { data: home.join("data"), base, password })
}

fn make(bins: &Path, account: &Account, base: &Path, home: &Path) -> Result<(), EngineError> {
    let half = base.join(format!("making-{}", std::process::id()));
    let _ = fs::remove_dir_all(&half);
    account.make_directory(&half)?;
    let password_path = half.join("password");
    account.write(&password_path, &random_password()?)?;
    let mut command: Command = account.command(&bins.join("initdb"));
    command.args(["--no-sync", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256"]);
    command.arg("--pwfile").arg(&password_path).arg("-D").arg(half.join("data"));
    account.run(&mut command, "initdb")?;
    // `password` spares a client the derivation of a key at each connection; nothing leaves the machine.
    let rules = "local all all password\nhost all all 127.0.0.1/32 password\nhost replication all 127.0.0.1/32 password\n";
    account.write(&half.join("data/pg_hba.conf"), rules)?;
    fs::rename(&half, home).map_err(|e| failed(home, &e))
}

fn random_password() -> Result<String, EngineError> {
    let mut bytes = [0_u8; 16];
    File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut bytes)).map_err(|e| failed("/dev/urandom", &e))?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}

/// What `postgres --version` says: `15.18 (Debian …)`.
fn version(bins: &Path) -> Option<String> {
    let account = Account::find().ok()?;
    let done = account.command(&bins.join("postgres")).arg("--version").output().ok()?;
    let text = String::from_utf8(done.stdout).ok()?;
    text.trim().rsplit_once("PostgreSQL) ").map(|(_, version)| version.to_owned())
}

fn leading_number(text: &str) -> Option<u32> {
    text.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// The major version of the programs in a folder.
pub fn major(bins: &Path) -> Option<u32> {
    leading_number(&version(bins)?)
}
