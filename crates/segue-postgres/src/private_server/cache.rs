//! The data directory that every private server is a copy of: initialised once for each build of PostgreSQL.
//!
//! Here is how PostgreSQL makes one; where it lies and who waits for whom is `segue_engine::private`'s. Tests:
//! `tests/it/private.rs`.

use std::path::Path;
use std::process::Command;

use segue_engine::EngineError;
use segue_engine::private::{Account, Cached, cached};

use super::KIND;
use crate::control::digest_key;

/// The cached data directory for these programs; makes it if it is not there.
pub(super) fn ready(bins: &Path, account: &Account) -> Result<Cached, EngineError> {
    let version = version(bins).ok_or_else(|| KIND.error(format!("there is no PostgreSQL in {}", bins.display())))?;
    let key = digest_key(&format!("{version}\0{}", bins.display())) as u32;
    let name = format!("pg{}-{key:08x}", leading_number(&version).unwrap_or_default());
    cached(&KIND, account, "segue-private", &name, |half, _| {
        let mut command: Command = account.command(&bins.join("initdb"));
        command.args(["--no-sync", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256"]);
        command.arg("--pwfile").arg(half.join("password")).arg("-D").arg(half.join("data"));
        account.run(&mut command, "initdb")?;
        // `password` spares a client the derivation of a key at each connection; nothing leaves the machine.
        let rules = "local all all password\nhost all all 127.0.0.1/32 password\nhost replication all 127.0.0.1/32 password\n";
        account.write(&half.join("data/pg_hba.conf"), rules)
    })
}

/// What `postgres --version` says: `15.18 (Debian …)`.
fn version(bins: &Path) -> Option<String> {
    let account = Account::find(&KIND).ok()?;
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
