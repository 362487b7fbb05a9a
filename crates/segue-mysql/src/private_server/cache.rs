//! The data directory that every private server starts from: initialised once a version and user, then copied.
//!
//! Where it lies and who waits for whom is `segue_engine::private`'s. The tables of the system are made as `mariadb-install-db` makes them, by the server itself from the files of its
//! package; that script is not needed. Tests: `tests/it/private.rs`.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use segue_engine::EngineError;
use segue_engine::private::{Account, Cached, cached};

use super::{KIND, Programs};

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
    let name = format!("maria-{}", programs.version);
    cached(&KIND, account, "segue-private-my", &name, |half, password| make(programs, account, half, password))
}

fn make(programs: &Programs, account: &Account, half: &Path, password: &str) -> Result<(), EngineError> {
    account.make_directory(&half.join("data"))?;
    let mut command = account.command(&programs.server);
    command.args(["--no-defaults", "--bootstrap", "--innodb-log-file-size=10M", "--enforce-storage-engine=", "--log-warnings=0"]);
    command.arg(format!("--datadir={}", half.join("data").display())).arg(format!("--tmpdir={}", half.display()));
    command.arg(format!("--lc-messages-dir={}", programs.share.display()));
    let log = File::create(half.join("log")).map_err(|e| KIND.failed("a log", &e))?;
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(log).spawn().map_err(|e| KIND.failed("mariadbd", &e))?;
    let told = child
        .stdin
        .take()
        .map(|mut input| input.write_all(script(programs, password)?.as_bytes()).map_err(|e| KIND.failed("mariadbd", &e)));
    let ended = child.wait().map_err(|e| KIND.failed("mariadbd", &e))?;
    if !ended.success() {
        let said = fs::read_to_string(half.join("log")).unwrap_or_default();
        return Err(KIND.error(format!("the system's tables could not be made: {}", last_line(&said))));
    }
    told.unwrap_or(Ok(()))
}

/// One statement a line is all that this mode of the server reads, unless the file says otherwise.
fn script(programs: &Programs, password: &str) -> Result<String, EngineError> {
    let mut text = "create database mysql;\nuse mysql;\nset @auth_root_socket=NULL;\nset @skip_auth_anonymous=1;\n".to_owned();
    for name in SYSTEM {
        let path = programs.share.join(name);
        text.push_str(&fs::read_to_string(&path).map_err(|e| KIND.failed(&path, &e))?);
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
