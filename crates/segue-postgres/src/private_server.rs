//! Private throw-away servers, for tests, demos and rehearsals: real PostgreSQL, gone when dropped.
//!
//! A server listens on 127.0.0.1 and on a socket in a directory of its own, asks for a random password (other
//! users of the machine reach loopback, too), and starts from a copy of a data directory that was initialised
//! once. PostgreSQL refuses to run as root: then it runs as `postgres`, else as `nobody`. A watchdog process ends
//! the server if this process is killed. It must never touch a server or a directory that it did not make. The
//! functions block; they belong at the edges of a program. Tests: `tests/it/private.rs`.

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

pub use cache::major;

/// How long a server may take to start, stop or die.
const WAIT_MAX: Duration = Duration::from_mins(1);
/// Between two looks.
const POLL: Duration = Duration::from_millis(5);
/// A socket's path must fit into 107 bytes; the file's own name takes about 20.
const SOCKET_DIRECTORY_BYTES_MAX: usize = 85;

/// What is PostgreSQL's own among private servers.
static KIND: Kind = Kind {
    name: "PostgreSQL",
    user: "postgres",
    code: "SG-PG-026",
    help: "give the folder of PostgreSQL's programs; it must be readable for the user `postgres` or `nobody` when Segue runs as root",
    last: r#"kill -QUIT "$1"; n=0; while kill -0 "$1" 2>/dev/null && [ $n -lt 50 ]; do sleep 0.1; n=$((n+1)); done; kill -KILL "$1" 2>/dev/null"#,
};

/// Whether a crash of the machine may damage a server.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Durability {
    /// Nothing is synced: quick, and safe against `kill -9` of the server, not of the machine.
    #[default]
    Fast,
    /// As a server in production.
    Safe,
}

/// How a server is set up beyond the ordinary.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// Whether it syncs.
    pub durability: Durability,
    /// More settings: `("ssl", "on")`.
    pub settings: Vec<(String, String)>,
    /// Files to be put into the data directory, readable by the server's user alone: `("server.key", …)`.
    pub files: Vec<(String, String)>,
}

impl Setup {
    /// A hot standby that follows this server, of the same programs.
    ///
    /// It begins where the common first data directory ended and replays everything since: `source` was started a
    /// short while ago, and still has its log from the beginning.
    #[must_use]
    pub fn standby_of(source: &PrivateServer) -> Self {
        // In a file of the server's own, and not in an argument: others read the list of processes.
        let follows = format!("primary_conninfo = 'host=127.0.0.1 port={} user=postgres password={}'\n", source.port(), source.password());
        Self {
            // As many as the first data directory was made with: a standby with fewer does not replay its log.
            settings: vec![("max_connections".to_owned(), "100".to_owned())],
            files: vec![("standby.signal".to_owned(), String::new()), ("postgresql.auto.conf".to_owned(), follows)],
            ..Self::default()
        }
    }
}

/// A running server.
#[derive(Debug)]
pub struct PrivateServer {
    bins: PathBuf,
    account: Account,
    directory: PathBuf,
    password: Secret,
    setup: Setup,
    port: u16,
    running: Option<Running>,
}

impl PrivateServer {
    /// Starts a server with the programs of this folder (`…/bin` with `postgres` and `initdb`).
    pub fn start(bins: &Path) -> Result<Self, EngineError> {
        Self::start_with(bins, Setup::default())
    }

    /// Starts a server that is set up in some way.
    pub fn start_with(bins: &Path, setup: Setup) -> Result<Self, EngineError> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let account = Account::find(&KIND)?;
        let cached = cache::ready(bins, &account)?;
        let name = format!("run-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let directory = cached.base.join(name);
        // Of an earlier process with our number, whose watchdog was killed, too.
        let _ = fs::remove_dir_all(&directory);
        let mut server =
            Self { bins: bins.to_owned(), account, directory, password: Secret::new(cached.password), setup, port: 0, running: None };
        server.account.make_directory(&server.directory)?;
        server.account.run(Command::new("cp").arg("-a").arg(&cached.data).arg(server.data()), "cp")?;
        for (name, content) in &server.setup.files {
            server.account.write(&server.data().join(name), content)?;
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

    /// The URL of its database `postgres`, with the superuser and the password.
    pub fn url(&self) -> String {
        self.url_of("postgres")
    }

    /// The URL of one of its databases.
    pub fn url_of(&self, database: &str) -> String {
        let name: String =
            database.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect();
        format!("postgres://postgres:{}@127.0.0.1:{}/{name}", self.password.expose(), self.port)
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The superuser's password.
    pub fn password(&self) -> &str {
        self.password.expose()
    }

    /// The directory of its Unix socket (which asks for the same password).
    pub fn socket_directory(&self) -> &Path {
        &self.directory
    }

    /// The folder of its programs: `psql`, `pgbench`.
    pub fn bins(&self) -> &Path {
        &self.bins
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

    /// Stops the server; open transactions are rolled back.
    pub fn stop(&mut self) -> Result<(), EngineError> {
        self.end(Signal::SIGINT)
    }

    /// Starts the server again on the same port, after it was stopped or killed (or stops it first).
    pub fn restart(&mut self) -> Result<(), EngineError> {
        self.stop()?;
        let deadline = Instant::now() + WAIT_MAX;
        loop {
            match self.launch() {
                // The children of a killed server hold its memory for a moment longer.
                Err(_) if Instant::now() < deadline => thread::sleep(POLL),
                done => return done,
            }
        }
    }

    fn data(&self) -> PathBuf {
        self.directory.join("data")
    }

    fn launch(&mut self) -> Result<(), EngineError> {
        let log =
            fs::OpenOptions::new().create(true).append(true).open(self.directory.join("log")).map_err(|e| KIND.failed("its log", &e))?;
        let mut command = self.account.command(&self.bins.join("postgres"));
        command.arg("-D").arg(self.data());
        for (name, value) in self.settings() {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        command.stdin(Stdio::null()).stdout(log.try_clone().map_err(|e| KIND.failed("its log", &e))?).stderr(log).process_group(0);
        let mut postmaster = command.spawn().map_err(|e| KIND.failed("postgres", &e))?;
        if let Err(error) = self.wait_until_ready(&mut postmaster) {
            let _ = postmaster.kill();
            let _ = postmaster.wait();
            return Err(error);
        }
        self.running = Some(Running::watched(&KIND, postmaster, &self.directory)?);
        Ok(())
    }

    fn settings(&self) -> Vec<(String, String)> {
        let sockets = self.directory.to_str().filter(|path| path.len() <= SOCKET_DIRECTORY_BYTES_MAX).unwrap_or_default();
        let port = self.port.to_string();
        let mut settings = vec![
            ("listen_addresses", "127.0.0.1"),
            ("port", &port),
            ("unix_socket_directories", sockets),
            ("max_connections", "60"),
            ("wal_level", "logical"),
            ("max_prepared_transactions", "10"),
            ("shared_buffers", "128MB"),
            ("logging_collector", "off"),
        ];
        if self.setup.durability == Durability::Fast {
            // Commits still wait for their log to be handed to the kernel: without that, `kill -9` of the server
            // would lose transactions that it acknowledged.
            settings.extend([("fsync", "off"), ("full_page_writes", "off")]);
        }
        let own = settings.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        own.chain(self.setup.settings.iter().cloned()).collect()
    }

    /// As `pg_ctl` does: the server writes its state into the eighth line of `postmaster.pid`.
    fn wait_until_ready(&self, postmaster: &mut Child) -> Result<(), EngineError> {
        let deadline = Instant::now() + WAIT_MAX;
        let pid = postmaster.id().to_string();
        loop {
            if let Ok(text) = fs::read_to_string(self.data().join("postmaster.pid")) {
                let mut lines = text.lines().map(str::trim);
                if lines.next() == Some(&pid) && lines.nth(6) == Some("ready") {
                    return Ok(());
                }
            }
            let exited = postmaster.try_wait().map_err(|e| KIND.failed("postgres", &e))?.is_some();
            if exited || Instant::now() >= deadline {
                let log = self.log();
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
        // SIGQUIT is the server's immediate end: it takes its children along.
        let _ = self.end(Signal::SIGQUIT);
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// Folders of PostgreSQL programs, by major version, one for each: those of `hint` (separated by colons) when it is
/// given, else those that Debian's packages put under `/usr/lib/postgresql`.
pub fn find_bins(hint: Option<&str>) -> Vec<PathBuf> {
    let candidates: Vec<PathBuf> = match hint {
        Some(hint) => hint.split(':').filter(|part| !part.is_empty()).map(PathBuf::from).collect(),
        None => fs::read_dir("/usr/lib/postgresql")
            .map(|entries| entries.flatten().map(|entry| entry.path().join("bin")).collect())
            .unwrap_or_default(),
    };
    let mut found: Vec<(u32, PathBuf)> = candidates
        .into_iter()
        .filter(|bins| bins.join("initdb").is_file())
        .filter_map(|bins| cache::major(&bins).map(|major| (major, bins)))
        .collect();
    found.sort();
    found.dedup_by_key(|(major, _)| *major);
    found.into_iter().map(|(_, bins)| bins).collect()
}
