//! A folder with a shop in it, and the binary run there as a child process.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rusqlite::Connection;

pub(crate) use crate::said::Said;

impl Said {
    /// Panics unless stderr holds a text.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(self.err.contains(text), "`{text}` is not in stderr:\n{}", self.err);
        self
    }
}

/// A throw-away folder.
pub(crate) struct Folder {
    dir: tempfile::TempDir,
    pub(crate) env: Vec<(String, String)>,
}

impl Folder {
    /// An empty one.
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().expect("a folder"), env: Vec::new() }
    }

    /// One with a small shop in `shop.db` and a spec for it.
    pub(crate) fn shop(rows: i64) -> Self {
        let folder = Self::new();
        let db = folder.db();
        db.execute_batch(
            "pragma journal_mode = wal;
             create table users (id integer primary key, name text not null, age integer);
             create index users_name on users (name);
             create table orders (id integer primary key, user_id integer references users (id), total integer not null);",
        )
        .expect("tables");
        db.execute_batch(&format!(
            "with recursive n(i) as (values (1) union all select i + 1 from n where i < {rows})
             insert into users select i, 'user ' || i, i % 90 from n;
             with recursive n(i) as (values (1) union all select i + 1 from n where i < {rows})
             insert into orders select i, i, i * 7 % 5000 from n;"
        ))
        .expect("rows");
        folder.write("segue.yaml", SPEC);
        folder
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.file(name), text).expect("written");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.file(name)).expect("read")
    }

    /// A connection as an application would open it.
    pub(crate) fn db(&self) -> Connection {
        let db = Connection::open(self.file("shop.db")).expect("opens");
        db.busy_timeout(Duration::from_secs(20)).expect("busy time-out");
        db
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_segue"));
        command
            .args(words)
            .current_dir(self.path())
            .stdin(Stdio::null())
            .env("COLUMNS", "80")
            .env("USER", "tester")
            .env("SEGUE_PATIENCE", "6s");
        command.env_remove("NO_COLOR").envs(self.env.iter().cloned());
        command
    }

    /// Runs a verb to its end.
    pub(crate) fn segue(&self, words: &[&str]) -> Said {
        Said::of(&self.command(words).output().expect("runs"))
    }

    /// Starts a verb.
    pub(crate) fn start(&self, words: &[&str]) -> Child {
        self.command(words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts")
    }

    /// Waits for a started verb.
    pub(crate) fn ends(&self, child: Child) -> Said {
        Said::of(&child.wait_with_output().expect("ends"))
    }

    /// Waits until a file holds a text, bounded; false when the child ended before.
    pub(crate) fn wait_for(&self, child: &mut Child, name: &str, text: &str) -> bool {
        let started = Instant::now();
        loop {
            if std::fs::read_to_string(self.file(name)).is_ok_and(|all| all.contains(text)) {
                return true;
            }
            if child.try_wait().expect("a child").is_some() {
                return std::fs::read_to_string(self.file(name)).is_ok_and(|all| all.contains(text));
            }
            assert!(started.elapsed() < Duration::from_secs(60), "`{text}` did not come into {name} within 60 s");
            std::thread::sleep(Duration::from_millis(3));
        }
    }
}

/// The spec of the shop: a rename and a new not-null column.
pub(crate) const SPEC: &str = "\
segue: 1
id: MIG-007
name: users get a full name
systems: {db: {sqlite: {path: shop.db}}}
limits: {downtime: 10s}
schema:
  in: db
  changes:
    - rename_column: {table: users, from: name, to: full_name}
    - add_column: {table: users, column: status, type: text, null: false, default: \"'new'\", up: \"'old'\"}
";
