//! Private throw-away servers, for tests, demos and rehearsals: real MariaDB, gone when dropped.
//!
//! A server listens on 127.0.0.1 and on a socket in a directory of its own, asks for a random password (other users of
//! the machine reach loopback, too), and starts from a copy of a data directory that was initialised once. As root we
//! run it as `mysql`, else as `nobody`. A watchdog process ends the server if this process is killed. It must never
//! touch a server or a directory that it did not make, nor read the machine's own configuration. The functions block;
//! they belong at the edges of a program. Tests: `tests/it/private.rs`.

mod cache;

use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use std::{fs, thread};

use nix::sys::signal::Signal;
use segue_engine::EngineError;
use segue_engine::private::{Account, Kind, Running};
use segue_model::secret::Secret;

/// How long a server may take to start, stop or die.
const WAIT_MAX: Duration = Duration::from_mins(1);
/// Between two looks.
const POLL: Duration = Duration::from_millis(5);

/// What is MariaDB's own among private servers. Nothing of one is kept: there is nothing to shut down in order.
static KIND: Kind = Kind {
    name: "MariaDB",
    user: "mysql",
    code: "SG-MY-026",
    help: "install MariaDB's server (Debian: `apt-get install mariadb-server-core`); it must be readable for the user `mysql` or `nobody` when Segue runs as root",
    last: r#"kill -KILL "$1""#,
};

/// The programs of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programs {
    /// `mariadbd`.
    pub server: PathBuf,
    /// The folder with the files of the system's tables.
    pub share: PathBuf,
    /// `10.11.14`.
    pub version: String,
}

/// MariaDB's programs: in the folder of `hint` (with `bin` or `sbin`, and `share`) when it is given, else where
/// distributions put them. `None` where there are none.
pub fn find_programs(hint: Option<&Path>) -> Option<Programs> {
    let homes = match hint {
        Some(home) => vec![home.to_owned()],
        None => vec![PathBuf::from("/usr"), PathBuf::from("/usr/local"), PathBuf::from("/usr/local/mysql")],
    };
    homes.iter().find_map(|home| {
        let server =
            ["sbin/mariadbd", "bin/mariadbd", "libexec/mariadbd"].map(|path| home.join(path)).into_iter().find(|path| path.is_file())?;
        let complete = |path: &PathBuf| path.join("mysql_system_tables.sql").is_file();
        let share = ["share/mysql", "share/mariadb", "share"].map(|path| home.join(path)).into_iter().find(complete)?;
        let done = Command::new(&server).args(["--no-defaults", "--version"]).env_clear().output().ok()?;
        let said = String::from_utf8(done.stdout).ok()?;
        let version = said.split("Ver ").nth(1)?.split(|c: char| !c.is_ascii_digit() && c != '.').next()?.to_owned();
        Some(Programs { server, share, version })
    })
}

/// A running server of MariaDB.
#[derive(Debug)]
pub struct PrivateServer {
    programs: Programs,
    account: Account,
    directory: PathBuf,
    password: Secret,
    settings: Vec<String>,
    port: u16,
    running: Option<Running>,
}

impl PrivateServer {
    /// Starts a server.
    pub fn start(programs: &Programs) -> Result<Self, EngineError> {
        Self::start_with(programs, &[], &[])
    }

    /// Starts a server with more settings (`log-bin`, `ssl-key=server.key`) and files in its data directory, readable
    /// by its user alone. `DIR` in a setting stands for that directory.
    pub fn start_with(programs: &Programs, settings: &[&str], files: &[(&str, &str)]) -> Result<Self, EngineError> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let account = Account::find(&KIND)?;
        let cached = cache::ready(programs, &account)?;
        let directory = cached.base.join(format!("run-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)));
        // Of an earlier process with our number, whose watchdog was killed, too.
        let _ = fs::remove_dir_all(&directory);
        account.make_directory(&directory)?;
        let data = directory.join("data");
        let settings = settings.iter().map(|setting| format!("--{}", setting.replace("DIR", &data.display().to_string()))).collect();
        let password = Secret::new(cached.password);
        let mut server = Self { programs: programs.clone(), account, directory, password, settings, port: 0, running: None };
        server.account.run(Command::new("cp").arg("-a").arg(&cached.data).arg(&data), "cp")?;
        for (name, content) in files {
            server.account.write(&data.join(name), content)?;
        }
        for attempt in 1.. {
            server.port = KIND.free_port()?;
            match server.launch() {
                Ok(()) => break,
                // Somebody else took the port between our look and the server's.
                Err(error) if attempt == 5 => return Err(error),
                Err(_) => {}
            }
        }
        Ok(server)
    }

    /// The URL of one of its databases, with the superuser and the password.
    pub fn url_of(&self, database: &str) -> String {
        self.url_as("root", self.password.expose(), database)
    }

    /// The URL of one of its databases for another user.
    pub fn url_as(&self, user: &str, password: &str, database: &str) -> String {
        format!("mysql://{}:{}@127.0.0.1:{}/{}", encode(user), encode(password), self.port, encode(database))
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The superuser's password.
    pub fn password(&self) -> &str {
        self.password.expose()
    }

    /// Its Unix socket (which asks for the same password).
    pub fn socket(&self) -> PathBuf {
        self.directory.join("sock")
    }

    /// The server's process, while it runs.
    pub fn pid(&self) -> Option<u32> {
        self.running.as_ref().map(Running::pid)
    }

    /// What it wrote to its log so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.directory.join("log")).unwrap_or_default()
    }

    /// Kills the server with SIGKILL, as a crash would, and waits until its process is gone.
    pub fn kill9(&mut self) -> Result<(), EngineError> {
        self.end(Signal::SIGKILL)
    }

    /// Stops the server.
    pub fn stop(&mut self) -> Result<(), EngineError> {
        self.end(Signal::SIGTERM)
    }

    /// Starts the server again on the same port, after it was stopped or killed (or stops it first).
    pub fn restart(&mut self) -> Result<(), EngineError> {
        self.stop()?;
        self.launch()
    }

    fn launch(&mut self) -> Result<(), EngineError> {
        let path = self.directory.join("log");
        let log = fs::OpenOptions::new().create(true).append(true).open(&path).map_err(|e| KIND.failed(&path, &e))?;
        let before = log.metadata().map_or(0, |found| found.len()) as usize;
        let mut command = self.account.command(&self.programs.server);
        let own = |name: &str, path: PathBuf| format!("--{name}={}", path.display());
        command.arg("--no-defaults").arg(own("datadir", self.directory.join("data"))).arg(own("socket", self.socket()));
        command.arg(own("pid-file", self.directory.join("pid"))).arg(own("tmpdir", self.directory.clone()));
        command.arg(own("lc-messages-dir", self.programs.share.clone())).arg(format!("--port={}", self.port));
        command.args(["--bind-address=127.0.0.1", "--skip-name-resolve", "--innodb-buffer-pool-size=64M", "--innodb-log-file-size=10M"]);
        // Quick, and safe against `kill -9` of the server, not of the machine.
        command.args(["--innodb-flush-log-at-trx-commit=2", "--innodb-fast-shutdown=2", "--innodb-use-native-aio=0"]);
        command.args(&self.settings);
        command.stdin(Stdio::null()).stdout(log.try_clone().map_err(|e| KIND.failed(&path, &e))?).stderr(log).process_group(0);
        let mut server = command.spawn().map_err(|e| KIND.failed("mariadbd", &e))?;
        if let Err(error) = self.wait_until_ready(&mut server, before) {
            let _ = server.kill();
            let _ = server.wait();
            return Err(error);
        }
        self.running = Some(Running::watched(&KIND, server, &self.directory)?);
        Ok(())
    }

    fn wait_until_ready(&self, server: &mut Child, before: usize) -> Result<(), EngineError> {
        let deadline = Instant::now() + WAIT_MAX;
        loop {
            let log = self.log();
            if log.get(before..).unwrap_or_default().contains("ready for connections") {
                return Ok(());
            }
            let exited = server.try_wait().map_err(|e| KIND.failed("mariadbd", &e))?.is_some();
            if exited || Instant::now() >= deadline {
                let last = log.lines().rev().take(3).collect::<Vec<_>>().join(" | ");
                return Err(KIND.error(format!("a private server did not start: {last}")));
            }
            thread::sleep(POLL);
        }
    }

    fn end(&mut self, signal: Signal) -> Result<(), EngineError> {
        self.running.take().map_or(Ok(()), |running| running.end(&KIND, signal))
    }
}

impl Drop for PrivateServer {
    fn drop(&mut self) {
        // Nothing of it is kept: there is nothing to shut down in order.
        let _ = self.end(Signal::SIGKILL);
        let _ = fs::remove_dir_all(&self.directory);
    }
}

fn encode(text: &str) -> String {
    text.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
