//! A private server, a folder with a spec, and the binary run there as a child process.
//!
//! It must never wait without a bound of the binary's own, and never hide what a failed run said.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use futures_util::SinkExt as _;
use segue_postgres::private_server::{PrivateServer, find_bins};
use serde_json::Value;
use tokio_postgres::SimpleQueryMessage;

/// A folder of `../shared/data`; `None`, with a message, where it is not there on a person's machine.
#[expect(clippy::print_stdout, reason = "a skipped test must say so")]
pub(crate) fn data(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    if path.is_dir() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "CI is set and ../shared/data/{name} is not there");
    println!("skipped: ../shared/data/{name} is not there (with CI set this would fail)");
    None
}

/// What a process said and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    /// Panics with everything that was said unless the exit code is the expected one.
    #[track_caller]
    pub(crate) fn expect(self, code: i32, what: &str) -> Self {
        assert_eq!(self.code, code, "{what}\nstdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }
}

/// A server with one database, a folder, and a client of the application.
pub(crate) struct Ground {
    folder: tempfile::TempDir,
    runtime: tokio::runtime::Runtime,
    client: tokio_postgres::Client,
    server: PrivateServer,
}

impl Ground {
    /// A server of the newest major on this machine.
    pub(crate) fn new() -> Self {
        let hint = std::env::var("SEGUE_TEST_PG_BINS").ok();
        let bins = find_bins(hint.as_deref()).pop().expect("PostgreSQL server programs: cargo xtask test installs them");
        let server = PrivateServer::start(&bins).expect("a server starts");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let client = runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(&server.url(), tokio_postgres::NoTls).await.expect("connects");
            tokio::spawn(connection);
            client
        });
        Self { folder: tempfile::tempdir().expect("a folder"), runtime, client, server }
    }

    /// Runs SQL as the application or its operator.
    #[track_caller]
    pub(crate) fn run(&self, sql: &str) {
        self.runtime.block_on(self.client.batch_execute(sql)).unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    }

    /// The first column of each row.
    #[track_caller]
    pub(crate) fn column(&self, sql: &str) -> Vec<String> {
        let messages = self.runtime.block_on(self.client.simple_query(sql)).unwrap_or_else(|error| panic!("{sql}: {error:?}"));
        let rows = messages.iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or("NULL").to_owned()),
            _ => None,
        });
        rows.collect()
    }

    /// The first column of the one row.
    #[track_caller]
    pub(crate) fn one(&self, sql: &str) -> String {
        self.column(sql).into_iter().next().unwrap_or_else(|| panic!("no row: {sql}"))
    }

    /// `COPY … FROM stdin` with this text.
    pub(crate) fn copy(&self, sql: &str, rows: String) {
        self.runtime.block_on(async {
            let sink = self.client.copy_in(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
            let mut sink = std::pin::pin!(sink);
            sink.send(std::io::Cursor::new(rows.into_bytes())).await.expect("rows are sent");
            sink.close().await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
        });
    }

    /// Writes `segue.yaml` with these changes; JSON is YAML, too.
    pub(crate) fn spec(&self, id: &str, changes: &[Value]) {
        let mut text = format!("segue: 1\nid: {id}\nsystems: {{db: {{postgres: {{url: env:DB_URL}}}}}}\nschema:\n  in: db\n  changes:\n");
        for change in changes {
            text.push_str("  - ");
            write(change, &mut text);
            text.push('\n');
        }
        std::fs::write(self.folder.path().join("segue.yaml"), text).expect("the spec is written");
    }

    /// What the spec says now, for messages.
    pub(crate) fn text(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("segue.yaml")).expect("the spec is read")
    }

    /// Runs a verb to its end.
    pub(crate) fn segue(&self, words: &[&str]) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_segue"));
        command.args(words).current_dir(self.folder.path()).stdin(Stdio::null());
        command.env("DB_URL", self.server.url()).env("COLUMNS", "120").env("USER", "tester");
        let output = command.output().expect("runs");
        Said {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// `apply` to its end, or until a phase.
    #[track_caller]
    pub(crate) fn apply(&self, until: Option<&str>) -> Said {
        let mut words = vec!["apply", "-f", "segue.yaml", "--yes"];
        words.extend(until.iter().flat_map(|phase| ["--until", phase]));
        self.segue(&words).expect(0, &format!("{words:?} of {}", self.text()))
    }

    /// Forward until `shift`, and back to the beginning: the catalog is what it was, and so is the number of rows.
    #[track_caller]
    pub(crate) fn there_and_back(&self) {
        let (before, rows) = (self.catalog(), self.counts());
        self.apply(Some("shift"));
        let status = self.segue(&["status", "--format", "json"]).expect(0, "status");
        let status: Value = serde_json::from_str(&status.out).expect("JSON");
        let new = &status["versions"]["new"];
        assert!(new.is_null() || new["ready"] == true, "after `shift` the new side is ready: {status}");
        self.seen_by_both(&status["versions"]);
        self.segue(&["rollback", "--yes"]).expect(0, &format!("rollback of {}", self.text()));
        self.assert_same(&before, "going back leaves the catalog as it was");
        assert_eq!(self.counts(), rows, "going back loses no row: {}", self.text());
    }

    /// Each side of the application reads as many rows as there are, in every table.
    #[track_caller]
    fn seen_by_both(&self, versions: &Value) {
        for side in ["old", "new"] {
            let Some(path) = versions[side]["search_path"].as_str() else { continue };
            let schema = self.one(&format!("set search_path = {path}; select current_schema"));
            let views =
                self.column(&format!("select relname from pg_class where relkind = 'v' and relnamespace = '\"{schema}\"'::regnamespace"));
            assert!(!views.is_empty(), "{side} connects with {path}, where there is nothing: {}", self.text());
            for table in views {
                let (seen, there) =
                    (format!("select count(v::text) from \"{table}\" v"), format!("select count(*) from public.\"{table}\""));
                assert_eq!(self.one(&seen), self.one(&there), "{side} sees {table}: {}", self.text());
            }
            self.run("set search_path = public");
        }
    }

    /// A spec that must be refused with this in its message, and nothing touched.
    #[track_caller]
    pub(crate) fn refused(&self, named: &str) -> Said {
        let before = self.catalog();
        let said = self.segue(&["apply", "-f", "segue.yaml", "--yes"]).expect(3, &format!("refused: {}", self.text()));
        assert!(said.err.contains(named), "`{named}` is not named:\n{}\n{}", said.err, self.text());
        self.assert_same(&before, "a refusal touches nothing");
        said
    }

    #[track_caller]
    fn assert_same(&self, before: &[String], what: &str) {
        let now = self.catalog();
        let lost: Vec<_> = before.iter().filter(|line| !now.contains(line)).collect();
        let new: Vec<_> = now.iter().filter(|line| !before.contains(line)).collect();
        assert!(lost.is_empty() && new.is_empty(), "{what}\nlost: {lost:#?}\nnew: {new:#?}\n{}", self.text());
    }
}

/// JSON, where a list of pairs `[name, {…}]` is a mapping in the order written.
fn write(value: &Value, out: &mut String) {
    let pair = |item: &Value| item.as_array().is_some_and(|pair| pair.len() == 2 && pair[0].is_string() && pair[1].is_object());
    match value {
        Value::Object(map) => write_map(map.iter().map(|(key, value)| (key.as_str(), value)), out),
        Value::Array(items) if !items.is_empty() && items.iter().all(pair) => {
            write_map(items.iter().map(|item| (item[0].as_str().expect("a name"), &item[1])), out);
        }
        other => out.push_str(&other.to_string()),
    }
}

fn write_map<'a>(pairs: impl Iterator<Item = (&'a str, &'a Value)>, out: &mut String) {
    out.push('{');
    for (at, (key, value)) in pairs.enumerate() {
        out.push_str(if at == 0 { "" } else { ", " });
        out.push_str(&format!("{}: ", Value::from(key)));
        write(value, out);
    }
    out.push('}');
}
