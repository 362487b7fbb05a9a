//! A database file, an engine on it, and a small builder of changes (the planner is another crate's).

use std::future::Future;

use rusqlite::Connection;
use segue_engine::{EngineError, Guard, Key, Piece, Reshape};
use segue_model::ident::TableName;
use segue_model::reshape::{Assign, ConstraintAdd, ConstraintWhat, Derived, FormColumn, Role, Stage, TableChange, Value};
use segue_sqlite::SqliteEngine;
use tempfile::TempDir;

pub(crate) struct Db {
    pub(crate) dir: TempDir,
    pub(crate) engine: SqliteEngine,
    pub(crate) guard: Guard,
}

pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().expect("runtime").block_on(future)
}

pub(crate) fn guard(epoch: u64) -> Guard {
    Guard { run: "run-1".into(), tag: "mig_7".into(), step: String::new(), epoch, lock_timeout_ms: 5_000, spec_digest: "digest".into() }
}

impl Db {
    pub(crate) fn new(sql: &str) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let connection = Connection::open(dir.path().join("t.db")).expect("opens");
        connection.execute_batch("PRAGMA journal_mode=WAL; PRAGMA foreign_keys=OFF").expect("wal");
        connection.execute_batch(sql).expect("the test's own schema");
        let engine = SqliteEngine::open(dir.path().join("t.db")).expect("opens");
        let db = Self { dir, engine, guard: guard(1) };
        db.make(Piece::Control).expect("control");
        db
    }

    pub(crate) fn client(&self) -> Connection {
        let connection = Connection::open(self.dir.path().join("t.db")).expect("opens");
        connection.busy_timeout(std::time::Duration::from_secs(20)).expect("time-out");
        connection.execute_batch("PRAGMA foreign_keys=ON").expect("keys");
        connection
    }

    pub(crate) fn make(&self, piece: Piece<'_>) -> Result<(), EngineError> {
        wait(self.engine.make(&self.guard, piece))
    }

    pub(crate) fn unmake(&self, piece: Piece<'_>) -> Result<(), EngineError> {
        wait(self.engine.unmake(&self.guard, piece))
    }

    pub(crate) fn observe(&self, piece: Piece<'_>) -> segue_engine::PieceState {
        wait(self.engine.observe(&self.guard, piece)).expect("observes")
    }

    pub(crate) fn expand(&self, change: &TableChange) {
        self.make(Piece::Expand(change)).unwrap_or_else(|error| panic!("expand: {error} {:?}", error.source));
    }

    pub(crate) fn backfill(&self, change: &TableChange, limit: u64) -> (u64, u64) {
        let (mut converted, mut rejected, mut after) = (0, 0, None::<Key>);
        loop {
            let batch = wait(self.engine.backfill(&self.guard, change, after.as_ref(), limit))
                .unwrap_or_else(|error| panic!("backfill: {error} {:?}", error.source));
            converted += batch.converted;
            rejected += batch.rejected;
            match batch.next {
                Some(next) => after = Some(next),
                None => return (converted, rejected),
            }
        }
    }

    /// `(compared, mismatches, unconverted)`.
    pub(crate) fn compare(&self, change: &TableChange) -> (u64, u64, u64) {
        let (mut sum, mut after) = ((0, 0, 0), None::<Key>);
        loop {
            let seen =
                wait(self.engine.compare(change, after.as_ref(), 3)).unwrap_or_else(|error| panic!("compare: {error} {:?}", error.source));
            sum = (sum.0 + seen.compared, sum.1 + seen.mismatches, sum.2 + seen.unconverted);
            match seen.next {
                Some(next) => after = Some(next),
                None => return sum,
            }
        }
    }

    pub(crate) fn shift(&self, change: &TableChange) {
        self.make(Piece::Shift(change)).unwrap_or_else(|error| panic!("shift: {error} {:?}", error.source));
    }

    pub(crate) fn contract(&self, change: &TableChange) {
        self.make(Piece::Contract(change)).unwrap_or_else(|error| panic!("contract: {error} {:?}", error.source));
    }

    /// Everything from expand to contract.
    pub(crate) fn apply(&self, change: &TableChange) {
        self.expand(change);
        self.backfill(change, 100);
        assert_eq!(self.compare(change).1, 0, "the forms agree");
        self.shift(change);
        self.contract(change);
    }

    /// The users' schema, each object's text.
    pub(crate) fn schema(&self) -> Vec<(String, String, String, Option<String>)> {
        let connection = self.client();
        let mut statement = connection
            .prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT IN ('segue_control','segue_applied','segue_saved') ORDER BY type, name")
            .expect("prepares");
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))).expect("queries");
        rows.map(|row| row.expect("a row")).collect()
    }

    pub(crate) fn table_sql(&self, table: &str) -> String {
        self.client()
            .query_row("SELECT sql FROM sqlite_schema WHERE type='table' AND name = ?1", [table], |row| row.get(0))
            .expect("a table")
    }

    pub(crate) fn run(&self, sql: &str) {
        self.client().execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// The statement is refused; its message.
    pub(crate) fn refused(&self, sql: &str) -> String {
        match self.client().execute_batch(sql) {
            Ok(()) => panic!("this was not refused: {sql}"),
            Err(error) => error.to_string(),
        }
    }

    /// All rows of a query, values with `|`, rows with `;`.
    pub(crate) fn rows(&self, sql: &str) -> String {
        let connection = self.client();
        let mut statement = connection.prepare(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        let width = statement.column_count();
        let mut rows = statement.query([]).expect("queries");
        let mut out = Vec::new();
        while let Some(row) = rows.next().expect("a row") {
            let values: Vec<String> = (0..width)
                .map(|at| match row.get_ref(at).expect("a value") {
                    rusqlite::types::ValueRef::Null => "NULL".to_owned(),
                    rusqlite::types::ValueRef::Integer(n) => n.to_string(),
                    rusqlite::types::ValueRef::Real(r) => format!("{r:?}"),
                    rusqlite::types::ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                    rusqlite::types::ValueRef::Blob(bytes) => format!("x{}", bytes.len()),
                })
                .collect();
            out.push(values.join("|"));
        }
        out.join(";")
    }
}

/// Builds a change; each operation is one stage.
pub(crate) struct Build {
    change: TableChange,
}

pub(crate) fn column(name: &str, data_type: &str, nullable: bool) -> FormColumn {
    FormColumn {
        name: name.into(),
        physical: name.into(),
        data_type: data_type.into(),
        nullable,
        default: None,
        generated: false,
        comment: None,
    }
}

impl Build {
    pub(crate) fn new(table: &str, columns: &[(&str, &str, bool)], key: &[&str]) -> Self {
        let old: Vec<FormColumn> = columns.iter().map(|(name, data_type, nullable)| column(name, data_type, *nullable)).collect();
        Self {
            change: TableChange {
                table: TableName::bare(table),
                tag: "mig_7".into(),
                new: old.clone(),
                old,
                stages: Vec::new(),
                up: Vec::new(),
                down: Vec::new(),
                key: key.iter().map(|k| (*k).to_owned()).collect(),
                backfill: true,
                constraints: Vec::new(),
                carries: Vec::new(),
            },
        }
    }

    fn same(form: &[FormColumn]) -> Vec<Assign> {
        form.iter().map(|c| Assign { column: c.name.clone(), value: Value::Column(c.name.clone()) }).collect()
    }

    fn stage(&mut self, up: Vec<Assign>, down: Vec<Assign>) {
        let change = self.change.stages.len();
        self.change.stages.push(Stage { change, up, down });
    }

    pub(crate) fn old_default(mut self, name: &str, default: &str) -> Self {
        for column in self.change.old.iter_mut().chain(&mut self.change.new).filter(|c| c.name == name) {
            column.default = Some(default.into());
        }
        self
    }

    pub(crate) fn rename(mut self, from: &str, to: &str) -> Self {
        let before = self.change.new.clone();
        let at = before.iter().position(|c| c.name == from).expect("a column");
        let original = before[at].physical.clone();
        self.change.new[at].name = to.into();
        let mut up = Self::same(&before);
        up[at].column = to.into();
        let mut down = Self::same(&before);
        down[at].value = Value::Column(to.into());
        self.stage(up, down);
        let role = Role::Renamed { original: original.clone(), name: to.into() };
        self.change.up.push(Derived { column: to.into(), physical: to.into(), reads: vec![original.clone()], role });
        self.change.down.push(Derived { column: from.into(), physical: original, reads: vec![to.into()], role: Role::Replaced });
        self
    }

    pub(crate) fn convert(mut self, name: &str, to: &str, nullable: bool, up: Value, down: Value) -> Self {
        let before = self.change.new.clone();
        let at = before.iter().position(|c| c.name == name).expect("a column");
        let twin = format!("{name}__mig_7");
        self.change.new[at].data_type = to.into();
        self.change.new[at].nullable = nullable;
        self.change.new[at].physical.clone_from(&twin);
        let (mut ups, mut downs) = (Self::same(&before), Self::same(&before));
        ups[at].value = up;
        downs[at].value = down;
        self.stage(ups, downs);
        let role = Role::Converted { original: name.into(), name: name.into() };
        self.change.up.push(Derived { column: name.into(), physical: twin.clone(), reads: vec![name.into()], role });
        self.change.down.push(Derived { column: name.into(), physical: name.into(), reads: vec![twin], role: Role::Replaced });
        self
    }

    pub(crate) fn add(mut self, added: FormColumn, up: Value, reads: &[&str]) -> Self {
        let before = self.change.new.clone();
        let name = added.name.clone();
        let mut ups = Self::same(&before);
        ups.push(Assign { column: name.clone(), value: up });
        self.stage(ups, Self::same(&before));
        self.change.new.push(added);
        let reads = reads.iter().map(|r| (*r).to_owned()).collect();
        self.change.up.push(Derived { column: name.clone(), physical: name, reads, role: Role::Added });
        self
    }

    pub(crate) fn drop(mut self, name: &str, down: Value, reads: &[&str]) -> Self {
        let before = self.change.new.clone();
        let at = before.iter().position(|c| c.name == name).expect("a column");
        self.change.new.remove(at);
        let mut downs = Self::same(&before);
        downs[at].value = down;
        self.stage(Self::same(&self.change.new), downs);
        let reads = reads.iter().map(|r| (*r).to_owned()).collect();
        self.change.down.push(Derived { column: name.into(), physical: name.into(), reads, role: Role::Dropped });
        self
    }

    pub(crate) fn constraint(mut self, name: &str, what: ConstraintWhat) -> Self {
        if let ConstraintWhat::NotNull { column } = &what {
            self.change.new.iter_mut().filter(|c| c.physical == *column).for_each(|c| c.nullable = false);
        }
        self.change.constraints.push(ConstraintAdd { table: self.change.table.clone(), tag: "mig_7".into(), name: name.into(), what });
        self
    }

    pub(crate) fn no_backfill(mut self) -> Self {
        self.change.backfill = false;
        self
    }

    pub(crate) fn done(self) -> TableChange {
        self.change
    }
}

pub(crate) fn sql(text: &str) -> Value {
    Value::Sql(text.into())
}

impl Db {
    /// `(mismatches, unconverted)`, in ranges as a run would take them.
    pub(crate) fn compare_fast(&self, change: &TableChange) -> (u64, u64) {
        let (mut sum, mut after) = ((0, 0), None::<Key>);
        loop {
            let seen = wait(self.engine.compare(change, after.as_ref(), 1_000)).unwrap_or_else(|error| panic!("compare: {error}"));
            sum = (sum.0 + seen.mismatches, sum.1 + seen.unconverted);
            match seen.next {
                Some(next) => after = Some(next),
                None => return sum,
            }
        }
    }
}
