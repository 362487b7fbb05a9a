//! A system with a run's state directory, which can be copied whole; the binary runs there as a child process.

use std::collections::BTreeSet;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use crate::server::Server;
use crate::{postgres, sqlite};

/// The step kinds, as the plan names them.
const KINDS: [&str; 13] = [
    "install_control",
    "create_table",
    "expand_table",
    "add_constraint",
    "backfill_table",
    "build_index",
    "validate_constraint",
    "verify_table",
    "shift_table",
    "contract_table",
    "drop_index",
    "drop_table",
    "finish_run",
];

/// What a process said and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    /// The exit code; `None` when a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) signal: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    fn of(output: &Output) -> Self {
        Self {
            code: output.status.code(),
            signal: output.status.signal(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Panics with everything that was said unless the exit code is the expected one.
    #[track_caller]
    pub(crate) fn expect(self, code: i32, when: &str) -> Self {
        assert_eq!(self.code, Some(code), "{when}: signal {:?}\nstdout:\n{}\nstderr:\n{}", self.signal, self.out, self.err);
        self
    }
}

/// Where the rows are.
enum System {
    Sqlite,
    Postgres { server: Arc<Server>, database: String },
}

/// One copy of the world.
pub(crate) struct Ground {
    dir: tempfile::TempDir,
    system: System,
}

impl Ground {
    /// A SQLite file `shop.db` that nothing was done to yet.
    pub(crate) fn sqlite() -> Self {
        let ground = Self { dir: tempfile::tempdir().expect("a folder"), system: System::Sqlite };
        sqlite::fill(&ground.path().join("shop.db"));
        ground.write("segue.yaml", sqlite::SPEC);
        ground
    }

    /// A database of its own on the server.
    pub(crate) fn postgres(server: &Arc<Server>) -> Self {
        let system = System::Postgres { server: Arc::clone(server), database: server.create("template1") };
        let ground = Self { dir: tempfile::tempdir().expect("a folder"), system };
        ground.write("segue.yaml", postgres::SPEC);
        server.with(ground.database(), |client| client.run(postgres::SHOP));
        ground
    }

    /// Another one that is the same, of now: the database and the state directory.
    pub(crate) fn copy(&self) -> Self {
        let system = match &self.system {
            System::Sqlite => System::Sqlite,
            System::Postgres { server, database } => System::Postgres { server: Arc::clone(server), database: server.create(database) },
        };
        let copy = Self { dir: tempfile::tempdir().expect("a folder"), system };
        copy_folder(self.path(), copy.path());
        copy
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).expect("written");
    }

    fn database(&self) -> &str {
        match &self.system {
            System::Sqlite => "",
            System::Postgres { database, .. } => database,
        }
    }

    /// The binary, by way of another program (`strace`) or by itself.
    pub(crate) fn command(&self, before: &[&str], words: &[&str]) -> Command {
        let mut all: Vec<&str> = before.to_vec();
        all.push(env!("CARGO_BIN_EXE_segue"));
        all.extend(words);
        let mut command = Command::new(all[0]);
        command.args(&all[1..]).current_dir(self.path()).stdin(Stdio::null()).env("USER", "tester").env("SEGUE_PATIENCE", "20s");
        if let System::Postgres { server, database } = &self.system {
            command.env("DB_URL", server.url_of(database));
        }
        command
    }

    /// Runs a verb to its end.
    pub(crate) fn segue(&self, words: &[&str]) -> Said {
        Said::of(&self.command(&[], words).output().expect("runs"))
    }

    /// Runs a verb until its n-th crash point; false when it ended well before.
    #[track_caller]
    pub(crate) fn crash(&self, n: u64, words: &[&str]) -> bool {
        let said = Said::of(&self.command(&[], words).env("SEGUE_CRASH_AT", n.to_string()).output().expect("runs"));
        if said.signal == Some(9) {
            return true;
        }
        said.expect(0, &format!("{words:?} with crash point {n}"));
        false
    }

    /// Runs a verb to its end and gives the number of crash points that it passed.
    pub(crate) fn count_points(&self, words: &[&str]) -> u64 {
        let said = Said::of(&self.command(&[], words).env("SEGUE_CRASH_AT", "0").output().expect("runs")).expect(0, "counting");
        let counted = said.err.lines().find_map(|line| line.strip_prefix("crash points: ")?.parse().ok());
        counted.unwrap_or_else(|| panic!("a debug build says how many crash points there were: {}", said.err))
    }

    /// Runs a verb until its n-th crash point; false when it ended before, well or refused.
    pub(crate) fn dies(&self, n: u64, words: &[&str]) -> bool {
        let output = self.command(&[], words).env("SEGUE_CRASH_AT", n.to_string()).output().expect("runs");
        let said = Said::of(&output);
        assert!(said.signal == Some(9) || matches!(said.code, Some(0 | 7 | 64)), "{words:?} with crash point {n}: {said:?}");
        said.signal == Some(9)
    }

    /// The kinds of the run's events, oldest first; each with its step or phase. Reading verifies the whole chain.
    #[track_caller]
    pub(crate) fn events(&self) -> Vec<(String, String)> {
        let said = self.segue(&["log", "--format", "json"]).expect(0, "the journal replays");
        let log: serde_json::Value = serde_json::from_str(&said.out).expect("JSON");
        let text = |event: &serde_json::Value, key: &str| event[key].as_str().unwrap_or_default().to_owned();
        let events = log["events"].as_array().expect("events");
        events.iter().map(|event| (text(event, "type"), text(event, "step") + &text(event, "phase"))).collect()
    }

    /// The step kinds of the plan.
    pub(crate) fn kinds(&self) -> BTreeSet<String> {
        let said = self.segue(&["plan", "--format", "json"]).expect(0, "a plan");
        let plan: serde_json::Value = serde_json::from_str(&said.out).expect("JSON");
        let phases = plan["phases"].as_array().expect("phases").iter();
        let steps = phases.flat_map(|phase| phase["steps"].as_array().expect("steps"));
        steps.map(|step| step["kind"].as_str().expect("a kind").to_owned()).collect()
    }

    /// All step kinds that there are on this engine: SQLite adds no constraint apart from the table.
    pub(crate) fn all_kinds(&self) -> Vec<&'static str> {
        let only_postgres = ["add_constraint", "validate_constraint"];
        let sqlite = matches!(self.system, System::Sqlite);
        KINDS.into_iter().filter(|kind| !sqlite || !only_postgres.contains(kind)).collect()
    }

    /// Changes the database behind everybody's back.
    pub(crate) fn tamper(&self, sql: &str) {
        match &self.system {
            System::Sqlite => sqlite::run(&self.path().join("shop.db"), sql),
            System::Postgres { server, database } => server.with(database, |client| client.run(sql)),
        }
    }

    /// Everything that there is: the whole catalog and all rows in order, without what differs by chance.
    pub(crate) fn text(&self) -> String {
        let mut text = match &self.system {
            System::Sqlite => sqlite::text(&self.path().join("shop.db")),
            System::Postgres { server, database } => server.with(database, postgres::text),
        };
        text.push_str("files:\n");
        let mut names: Vec<PathBuf> = std::fs::read_dir(self.path()).expect("a folder").map(|entry| entry.expect("read").path()).collect();
        names.sort();
        for name in names.iter().filter_map(|path| path.file_name()?.to_str()) {
            // These come and go with connections and with the run itself.
            if !matches!(name, "shop.db-wal" | "shop.db-shm" | ".segue") {
                text.push_str(name);
                text.push('\n');
            }
        }
        text
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        if let System::Postgres { server, database } = &self.system
            && !std::thread::panicking()
        {
            server.remove(database);
        }
    }
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("read");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a kind").is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).expect("copied");
        }
    }
}
