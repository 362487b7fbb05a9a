//! The data directory that every private server starts from: initialised once a version and user, then copied.
//!
//! It lies in a folder that is ours alone, with the password of its superuser beside it. It is made under another
//! name and renamed, so that a process that ends half-way leaves nothing that another would take for complete. The
//! tables of the system are made as `mariadb-install-db` makes them, by the server itself from the files of its
//! package; that script is not needed. Tests: `tests/it/private.rs`.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use segue_engine::EngineError;

use super::account::Account;
use super::{Programs, failed, private};

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

/// The files of the system's tables, in the order of `mariadb-install-db`.
const SYSTEM: &[&str] = &[
    "mysql_system_tables.sql",
    "mysql_performance_tables.sql",
    "mysql_system_tables_data.sql",
    "maria_add_gis_sp_bootstrap.sql",
    "mysql_sys_schema.sql",
];

/// The cached data directory for these programs; makes it if it is not there.
pub(super) fn ready(programs: &Programs, account: &Account) -> Result<Cached, EngineError> {
    // Not TMPDIR: a library reads no environment, and all processes of a user must meet in one place.
    let base = Path::new("/tmp").join(format!("segue-private-my-{}", account.uid()));
    if !base.is_dir() {
        // Another process may have made it since: the check below decides.
        let _ = account.make_directory(&base);
    }
    if !account.owns(&base) {
        return Err(private(format!("{} is not ours alone: remove it", base.display())));
    }
    let name = format!("maria-{}", programs.version);
    let home = base.join(&name);
    let lock_path = base.join(format!("{name}.lock"));
    let lock = File::options().create(true).truncate(false).write(true).open(&lock_path).map_err(|e| failed(&lock_path, &e))?;
    lock.lock().map_err(|e| failed(&lock_path, &e))?;
    if !home.is_dir() {
        make(programs, account, &base, &home)?;
    }
    let password_path = home.join("password");
    let password = fs::read_to_string(&password_path).map_err(|e| failed(&password_path, &e))?;
    Ok(Cached { data: home.join("data"), base, password })
}

fn make(programs: &Programs, account: &Account, base: &Path, home: &Path) -> Result<(), EngineError> {
    let half = base.join(format!("making-{}", std::process::id()));
    let _ = fs::remove_dir_all(&half);
    account.make_directory(&half)?;
    account.make_directory(&half.join("data"))?;
    let password = random_password()?;
    account.write(&half.join("password"), &password)?;
    let mut command = account.command(&programs.server);
    command.args(["--no-defaults", "--bootstrap", "--innodb-log-file-size=10M", "--enforce-storage-engine=", "--log-warnings=0"]);
    command.arg(format!("--datadir={}", half.join("data").display())).arg(format!("--tmpdir={}", half.display()));
    command.arg(format!("--lc-messages-dir={}", programs.share.display()));
    let log = File::create(half.join("log")).map_err(|e| failed("a log", &e))?;
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(log).spawn().map_err(|e| failed("mariadbd", &e))?;
    let told =
        child.stdin.take().map(|mut input| input.write_all(script(programs, &password)?.as_bytes()).map_err(|e| failed("mariadbd", &e)));
    let ended = child.wait().map_err(|e| failed("mariadbd", &e))?;
    if !ended.success() {
        let said = fs::read_to_string(half.join("log")).unwrap_or_default();
        return Err(private(format!("the system's tables could not be made: {}", last_line(&said))));
    }
    told.unwrap_or(Ok(()))?;
    fs::rename(&half, home).map_err(|e| failed(home, &e))
}

/// One statement a line is all that this mode of the server reads, unless the file says otherwise.
fn script(programs: &Programs, password: &str) -> Result<String, EngineError> {
    let mut text = "create database mysql;\nuse mysql;\nset @auth_root_socket=NULL;\nset @skip_auth_anonymous=1;\n".to_owned();
    for name in SYSTEM {
        let path = programs.share.join(name);
        text.push_str(&fs::read_to_string(&path).map_err(|e| failed(&path, &e))?);
        text.push('\n');
    }
    // One superuser, from anywhere: the server listens on a loopback address and on a socket of its own.
    text.push_str("use mysql;\ndelete from mysql.global_priv where User in ('root', '');\n");
    text.push_str("insert into mysql.global_priv values ('%', 'root', json_object('access', 18446744073709551615, 'plugin', ");
    text.push_str(&format!("'mysql_native_password', 'authentication_string', password('{password}')));\n"));
    Ok(text)
}

fn last_line(text: &str) -> &str {
    text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default()
}

fn random_password() -> Result<String, EngineError> {
    let mut bytes = [0_u8; 16];
    File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut bytes)).map_err(|e| failed("/dev/urandom", &e))?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}
