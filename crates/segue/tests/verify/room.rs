//! A folder with two SQLite files in it, and the binary run there.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rusqlite::Connection;
use serde_json::Value;

use crate::said::Said;

/// The folder.
pub(crate) struct Room {
    folder: tempfile::TempDir,
}

impl Room {
    /// With `a.db` and `b.db`, each made by the same statements.
    pub(crate) fn twins(sql: &str) -> Self {
        let room = Self { folder: tempfile::tempdir().expect("a folder") };
        room.run("a.db", sql);
        room.run("b.db", sql);
        room
    }

    /// Three tables of rows: `users`, `orders` and `log`, which has no key.
    pub(crate) fn shop() -> Self {
        Self::twins(
            "create table users (id integer primary key, name text not null, born date);
             create table orders (id integer primary key, user_id integer references users (id), total numeric, note text);
             create table log (message text);
             with recursive n(i) as (select 1 union all select i + 1 from n where i < 300)
               insert into users select i, 'user ' || i, date('1970-01-01', '+' || i || ' days') from n;
             with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000)
               insert into orders select i, i % 300 + 1, i * 1.5, case when i % 7 = 0 then null else 'note ' || i end from n;
             with recursive n(i) as (select 1 union all select i + 1 from n where i < 50) insert into log select 'm' || (i % 5) from n;",
        )
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.file(name), text).expect("written");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.file(name)).expect("read")
    }

    /// Runs statements on a file.
    #[track_caller]
    pub(crate) fn run(&self, name: &str, sql: &str) {
        let db = Connection::open(self.file(name)).expect("opens");
        db.execute_batch("pragma journal_mode = wal; pragma foreign_keys = off").expect("settings");
        db.execute_batch(sql).expect(sql);
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_segue"));
        command.args(words).current_dir(self.folder.path()).stdin(Stdio::null()).env("COLUMNS", "80").env("NO_COLOR", "1");
        command
    }

    /// The binary with these words.
    pub(crate) fn segue(&self, words: &[&str]) -> Said {
        Said::of(&self.command(words).output().expect("runs"))
    }

    /// The binary, under way.
    pub(crate) fn start(&self, words: &[&str]) -> Child {
        self.command(words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts")
    }

    /// `a.db` against `b.db`.
    pub(crate) fn verify(&self, words: &[&str]) -> Said {
        self.segue(&[&["verify", "--source", "a.db", "--target", "b.db"], words].concat())
    }

    /// The document of the same, with its exit code.
    pub(crate) fn document(&self, words: &[&str]) -> (i32, Value) {
        let said = self.verify(&[words, &["--format", "json"]].concat());
        (said.code, serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {}{}", said.out, said.err)))
    }
}

/// The table of that name in a document.
#[track_caller]
pub(crate) fn table<'a>(document: &'a Value, name: &str) -> &'a Value {
    let tables = document["tables"].as_array().expect("tables");
    tables.iter().find(|table| table["source"] == name).unwrap_or_else(|| panic!("no {name} in {document:#}"))
}

/// Waits until it has come to where something is true. It must get there by itself, and not end before.
#[track_caller]
pub(crate) fn reaches(child: &mut Child, mut there: impl FnMut() -> bool) {
    for _ in 0..24_000 {
        if there() {
            return;
        }
        assert!(child.try_wait().expect("asked").is_none(), "it ended before it was stopped");
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().expect("killed");
    panic!("it did not get there");
}
