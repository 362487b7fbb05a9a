//! Survey: what stands in the way, before anything is touched.
//!
//! Beyond its rules by name it rehearses: the whole journey runs on an empty copy of the schema in memory, so that
//! whatever SQLite would refuse later it refuses now. Tests: `tests/it/survey.rs`.

use std::path::Path;
use std::time::Instant;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use segue_engine::{EngineError, Guard, quote};
use segue_model::finding::{Finding, Severity};
use segue_model::plan::Throttle;
use segue_model::reshape::{ConstraintWhat, Role, Survey, TableChange, Value};

use super::layout::Layout;
use super::{backfill, compare, contract, expand, shift, triggers};
use crate::error::Doing;
use crate::sql::table::{What, listed_names};
use crate::sql::token::{Kind, mentions, tokens};
use crate::{affinity, catalog, compose, control, schema};

/// The sample whose copying is timed.
const SAMPLE_ROWS: u64 = 20_000;
/// How often it is timed; the least counts, for the others also measured what else the machine did.
const SAMPLE_RUNS: usize = 3;
/// A copy in memory writes no file and checks nothing: a rebuild with its checks takes this many times as long.
const REBUILD_FACTOR: f64 = 6.0;
/// The least that a rebuild is said to take for a row, and for a row of each index, in microseconds. Measured on two
/// cores with 200,000 rows of five columns: 205 ms without an index (1.0 a row), 520 ms with two (2.6 a row).
const ROW_US: f64 = 1.5;
const INDEX_ROW_US: f64 = 1.0;
/// A scan of all rows for new constraints.
const SCAN_ROW_US: f64 = 0.5;

/// Looks at everything.
pub(crate) fn survey(connection: &Connection, path: &Path, change: &TableChange, throttle: &Throttle) -> Result<Survey, EngineError> {
    let mut out = Survey::default();
    let layout = match Layout::read(connection, change) {
        Ok(layout) => layout,
        Err(error) => {
            out.findings.push(critical("SG-SQ-108", format!("table `{}`", change.table), error.message, "Segue leaves this table alone"));
            return Ok(out);
        }
    };
    keys(&layout, &mut out.findings);
    expressions(&layout, &mut out.findings);
    names_taken(connection, &layout, &mut out.findings)?;
    defaults(connection, &layout, &mut out.findings);
    dependents(connection, &layout, &mut out.findings)?;
    if out.findings.is_empty() {
        rehearse(connection, change, &mut out.findings)?;
    }
    out.rows = shift::count(connection, &format!("SELECT count(*) FROM {}", layout.quoted()))?;
    size(connection, path, &layout, &mut out)?;
    pause(&layout, throttle, &mut out);
    notes(&layout, &mut out.notes);
    Ok(out)
}

fn critical(code: &str, object: String, message: impl Into<String>, fix: &str) -> Finding {
    Finding { code: code.to_owned(), severity: Severity::Critical, object, message: message.into(), fix: fix.to_owned() }
}

/// Old columns that change their values or go, as the table names them.
fn leaving<'a>(layout: &Layout<'a>) -> Vec<&'a str> {
    let converted = layout.change.up.iter().filter_map(|d| match &d.role {
        Role::Converted { original, .. } => Some(original.as_str()),
        _ => None,
    });
    let dropped = layout.change.down.iter().filter(|d| d.role == Role::Dropped).map(|d| d.physical.as_str());
    converted.chain(dropped).collect()
}

fn keys(layout: &Layout<'_>, findings: &mut Vec<Finding>) {
    let object = |column: &str| format!("column `{column}` of table `{}`", layout.table);
    for column in leaving(layout) {
        if layout.is_key(column) {
            findings.push(critical(
                "SG-SQ-101",
                object(column),
                "it is part of the primary key, by which rows are found",
                "keep the key as it is",
            ));
        }
    }
    for d in &layout.change.up {
        if let Role::Renamed { original, .. } = &d.role
            && (layout.is_rowid(original) || (layout.before.without_rowid && layout.is_key(original)))
        {
            let message = "it is the key that SQLite stores the row by, and cannot be left out of an INSERT that uses its new name";
            findings.push(critical("SG-SQ-101", object(original), message, "rename it in a window with ALTER TABLE … RENAME COLUMN"));
        }
    }
    for column in &layout.before.columns {
        let Some(generated) = column.constraint(What::Generated) else { continue };
        for gone in leaving(layout).into_iter().filter(|gone| mentions(layout.before.part(&generated.body), gone)) {
            findings.push(critical("SG-SQ-111", object(&column.name), format!("it is generated from column {gone}"), "drop it first"));
        }
        if layout.change.up.iter().any(|d| d.reads.iter().any(|name| name.eq_ignore_ascii_case(&column.name))) {
            let message = "an `up` reads it, but it is generated: no trigger sees it change";
            findings.push(critical("SG-SQ-111", object(&column.name), message, "write its expression into `up`"));
        }
    }
}

/// Expressions whose value is not that of the row alone.
fn expressions(layout: &Layout<'_>, findings: &mut Vec<Finding>) {
    for stage in &layout.change.stages {
        for assign in stage.up.iter().chain(&stage.down) {
            let texts: Vec<&str> = match &assign.value {
                Value::Sql(sql) | Value::Coalesce { sql, .. } => vec![sql],
                Value::Unless { condition, sql, .. } => vec![condition, sql],
                Value::Column(_) | Value::Cast { .. } | Value::Null => Vec::new(),
            };
            for why in texts.into_iter().filter_map(volatile) {
                let object = format!("expression of column `{}` of table `{}`", assign.column, layout.table);
                findings.push(critical("SG-SQ-104", object, why, "use an expression over the row's own columns"));
            }
        }
    }
}

fn volatile(sql: &str) -> Option<String> {
    const CALLS: [&str; 6] = ["random", "randomblob", "changes", "total_changes", "last_insert_rowid", "load_extension"];
    const DATES: [&str; 7] = ["date", "time", "datetime", "julianday", "unixepoch", "strftime", "timediff"];
    let tokens = tokens(sql);
    for (at, token) in tokens.iter().enumerate() {
        let called = tokens.get(at + 1).is_some_and(|next| next.sign('('));
        let word = token.text.to_ascii_lowercase();
        if token.kind == Kind::Word && (word.starts_with("current_date") || word.starts_with("current_time")) {
            return Some(format!("{word} is another value each time"));
        }
        if token.is("SELECT") {
            return Some("it reads other rows, whose changes no trigger here would see".to_owned());
        }
        if called && CALLS.contains(&word.as_str()) {
            return Some(format!("{word}() is another value each time"));
        }
        let empty = tokens.get(at + 2).is_some_and(|next| next.sign(')'));
        let now = tokens.iter().any(|token| token.kind == Kind::Text && token.text.eq_ignore_ascii_case("now"));
        if called && DATES.contains(&word.as_str()) && (empty || now) {
            return Some(format!("{word}() of the present moment is another value each time"));
        }
    }
    None
}

/// A converted column keeps its default. Where `up` of it is another value, a new row that leaves the column out would
/// hold a value of the old form in the new one.
fn defaults(connection: &Connection, layout: &Layout<'_>, findings: &mut Vec<Finding>) {
    for d in &layout.change.up {
        let Role::Converted { original, .. } = &d.role else { continue };
        let Some(old) = layout.change.old.iter().find(|column| column.physical == *original) else { continue };
        let form = layout.new_column(&d.column);
        let Some(default) = old.default.as_deref().filter(|default| form.default.as_deref() == Some(*default)) else { continue };
        let given = format!("({default}\n)");
        let leaves = layout.change.old.iter().map(|c| {
            let value = if c.physical == *original { given.clone() } else { "NULL".to_owned() };
            (value, c.name.as_str())
        });
        let computed = compose::up(layout.change, compose::select(leaves, &[], ""), &[]);
        let stored = |value: &str| affinity::assignment_cast(value, &form.data_type);
        let sql = format!(
            "SELECT {} FROM ({computed}) AS {}",
            triggers::same(&stored(&quote::name(&d.column)), &stored(&given)),
            quote::name(&layout.change.table.name)
        );
        let alone = d.reads.iter().all(|read| read == original);
        let keeps = alone && connection.query_row(&sql, [], |row| row.get::<_, bool>(0)).unwrap_or(false);
        if !keeps {
            findings.push(critical(
                "SG-SQ-114",
                format!("column `{original}` of table `{}`", layout.table),
                "its default stays as it is, and `up` makes another value of it: new rows without the column would hold a wrong one",
                "take the default off the column before the run, and set one of the new form after it",
            ));
        }
    }
}

fn names_taken(connection: &Connection, layout: &Layout<'_>, findings: &mut Vec<Finding>) -> Result<(), EngineError> {
    if super::saved_text(connection, layout.change)?.is_some() {
        return Ok(());
    }
    let columns = layout.change.up.iter().map(|d| &d.physical).chain([&layout.helper]);
    for column in columns.filter(|name| layout.before.column(name).is_some()) {
        let object = format!("column `{column}` of table `{}`", layout.table);
        findings.push(critical("SG-SQ-107", object, "the change needs this name, and it is taken", "choose another name or another id"));
    }
    if schema::taken(connection, &layout.view())? {
        let message = "the new form's view needs this name, and it is taken";
        findings.push(critical("SG-SQ-107", format!("`{}`", layout.view()), message, "choose another id for the spec"));
    }
    Ok(())
}

/// Views, triggers, indexes and foreign keys that stand on a column whose values change or that goes.
fn dependents(connection: &Connection, layout: &Layout<'_>, findings: &mut Vec<Finding>) -> Result<(), EngineError> {
    let leaving = leaving(layout);
    let former = contract::former_views(connection, &layout.table)?;
    for (_, view) in schema::all(connection, "view")? {
        if former.contains(&view.name) || view.name == layout.view() {
            continue;
        }
        let reads = catalog::reads_of(connection, &view.name)?;
        for column in &leaving {
            let touched = match &reads {
                Some(reads) => reads.iter().any(|(table, columns)| {
                    table.eq_ignore_ascii_case(&layout.table) && columns.iter().any(|read| read.eq_ignore_ascii_case(column))
                }),
                None => mentions(&view.sql, &layout.table) && mentions(&view.sql, column),
            };
            if touched {
                let message = format!("it reads column {column} of {}, which is another one after the change", layout.table);
                findings.push(critical(
                    "SG-SQ-102",
                    format!("view `{}`", view.name),
                    message,
                    "drop the view, and make it anew after the change",
                ));
            }
        }
    }
    for (table, trigger) in schema::all(connection, "trigger")? {
        trigger_findings(layout, &table, &trigger, &leaving, findings);
    }
    key_findings(connection, layout, &leaving, findings)
}

fn trigger_findings(layout: &Layout<'_>, table: &str, trigger: &schema::Object, leaving: &[&str], findings: &mut Vec<Finding>) {
    let about = table.eq_ignore_ascii_case(&layout.table) || mentions(&trigger.sql, &layout.table);
    if !about || trigger.name.starts_with(control::PREFIX) {
        return;
    }
    let object = format!("trigger `{}`", trigger.name);
    for column in leaving.iter().filter(|column| mentions(&trigger.sql, column)) {
        let message = format!("it names column {column} of {}, which is another one after the change", layout.table);
        findings.push(critical("SG-SQ-103", object.clone(), message, "drop the trigger, and make it anew after the change"));
    }
    let tokens = tokens(&trigger.sql);
    let blind = tokens.windows(3).any(|three| three[0].is("INTO") && three[1].names(&layout.table) && !three[2].sign('('));
    if blind && !(layout.change.up.is_empty() && layout.change.down.is_empty()) {
        let message = format!("it inserts into {} without naming columns, and the table gets new ones", layout.table);
        findings.push(critical("SG-SQ-112", object, message, "name the columns in the trigger's INSERT"));
    }
}

fn key_findings(connection: &Connection, layout: &Layout<'_>, leaving: &[&str], findings: &mut Vec<Finding>) -> Result<(), EngineError> {
    let dropped = |name: &str| layout.change.down.iter().any(|d| d.role == Role::Dropped && d.physical.eq_ignore_ascii_case(name));
    let catalog = catalog::read(connection, std::slice::from_ref(&layout.change.table))?;
    for table in &catalog.tables {
        let foreign = table.constraints.iter().filter(|c| c.kind == segue_model::catalog::ConstraintKind::ForeignKey);
        for column in foreign.flat_map(|key| &key.columns).filter(|column| leaving.iter().any(|gone| gone.eq_ignore_ascii_case(column))) {
            let object = format!("foreign key on column `{column}` of table `{}`", layout.table);
            findings.push(critical("SG-SQ-109", object, "its column changes its values or goes", "drop the foreign key first"));
        }
        for reference in &table.referenced_by {
            if let Some(column) = reference.columns.iter().find(|column| leaving.iter().any(|gone| gone.eq_ignore_ascii_case(column))) {
                let object = format!("foreign key of table `{}`", reference.table);
                let message = format!("it refers to column {column}, which changes its values or goes");
                findings.push(critical("SG-SQ-109", object, message, "drop the foreign key first"));
            }
        }
        for check in table.constraints.iter().filter(|c| c.kind == segue_model::catalog::ConstraintKind::Check) {
            for column in check.columns.iter().filter(|column| dropped(column)) {
                let object = format!("check of table `{}`", layout.table);
                findings.push(critical("SG-SQ-113", object, format!("it reads column {column}, which goes"), "drop the check first"));
            }
        }
    }
    for index in schema::objects(connection, "index", &layout.table)? {
        for column in leaving.iter().filter(|column| mentions(&index.sql, column)) {
            let object = format!("index `{}`", index.name);
            let head: Vec<_> = tokens(&index.sql);
            let unique = head.get(1).is_some_and(|token| token.is("UNIQUE"));
            let open = head.iter().position(|token| token.sign('(')).unwrap_or_default();
            let plain = head[open..].iter().filter(|token| token.sign('(')).count() == 1 && !head.iter().any(|token| token.is("WHERE"));
            if dropped(column) {
                let message = format!("it stands on column {column}, which goes");
                findings.push(critical("SG-SQ-113", object, message, "add a `drop_index` to the spec, or drop it first"));
            } else if unique && !plain {
                let message = format!("it is unique over an expression or a part of the rows, and column {column} changes its values");
                findings.push(critical("SG-SQ-110", object, message, "drop the index, and make it anew after the change"));
            }
        }
    }
    for unique in layout.before.constraints.iter().filter(|c| c.what == What::Unique) {
        for column in listed_names(layout.before.part(&unique.body)).iter().filter(|column| dropped(column)) {
            let object = format!("unique constraint of table `{}`", layout.table);
            findings.push(critical("SG-SQ-113", object, format!("it stands on column {column}, which goes"), "drop the constraint first"));
        }
    }
    Ok(())
}

/// The whole journey on an empty copy of the schema.
fn rehearse(connection: &Connection, change: &TableChange, findings: &mut Vec<Finding>) -> Result<(), EngineError> {
    let memory = Connection::open_in_memory().doing("rehearsing in memory")?;
    memory.execute_batch("PRAGMA foreign_keys=OFF").doing("rehearsing in memory")?;
    let mut failed = |why: &EngineError| {
        // On an empty copy SQLite's own words hold names and no value.
        let said = std::error::Error::source(why).map(|cause| format!(": {cause}")).unwrap_or_default();
        let object = format!("table `{}`", change.table);
        findings.push(critical(
            "SG-SQ-106",
            object,
            format!("on an empty copy, {}{said}", why.message),
            "correct the expression or the object it names",
        ));
    };
    for kind in ["table", "index", "view", "trigger"] {
        for (table, object) in schema::all(connection, kind)? {
            let made = schema::run(&memory, &object.sql, &format!("{kind} {} cannot be made", object.name));
            if let (Err(why), true) = (made, table.eq_ignore_ascii_case(&change.table.name)) {
                failed(&why);
                return Ok(());
            }
        }
    }
    memory.execute_batch("DROP TABLE IF EXISTS segue_control").doing("rehearsing in memory")?;
    // The copy has no rows, so it does not know which journeys are over: contract would leave their views in the way.
    for view in contract::former_views(connection, &change.table.name)? {
        schema::drop(&memory, "view", &view)?;
    }
    if let Err(why) = journey(&memory, change) {
        failed(&why);
    }
    Ok(())
}

fn journey(memory: &Connection, change: &TableChange) -> Result<(), EngineError> {
    let run = "rehearsal".to_owned();
    let guard = Guard { run, tag: change.tag.clone(), step: String::new(), epoch: 1, lock_timeout_ms: 0, spec_digest: String::new() };
    control::make(memory, &guard)?;
    // A name in double quotes that is no column would pass as a text: not on this connection.
    for setting in [DbConfig::SQLITE_DBCONFIG_DQS_DML, DbConfig::SQLITE_DBCONFIG_DQS_DDL] {
        memory.set_db_config(setting, false).doing("rehearsing in memory")?;
    }
    {
        let layout = Layout::read(memory, change)?;
        let up = compose::up(change, compose::select(layout.old_form(""), &[], &layout.quoted()), &[]);
        memory.prepare(&up).doing("`up` is not understood")?;
    }
    expand::make(memory, change)?;
    let layout = Layout::read(memory, change)?;
    memory.prepare(&format!("SELECT * FROM {}", quote::name(&layout.view()))).doing("the new form's view is not understood")?;
    // Preparing a statement compiles the triggers that it would fire.
    for statement in probes(&layout) {
        memory.prepare(&statement).doing("the triggers that keep both forms are not understood")?;
    }
    backfill::batch(memory, change, None, 1)?;
    compare::range(memory, change, None, 1)?;
    shift::make(memory, change)?;
    contract::make(memory, change)
}

fn probes(layout: &Layout<'_>) -> Vec<String> {
    let view = quote::name(&layout.view());
    let mut out = vec![format!("INSERT INTO {} DEFAULT VALUES", layout.quoted()), format!("DELETE FROM {view}")];
    let shared = layout.shared_reads();
    let columns = layout.new_only().into_iter().chain(layout.old_only()).chain(shared);
    out.extend(columns.map(|column| format!("UPDATE {} SET {column} = NULL", layout.quoted(), column = quote::name(column))));
    if let Some(column) = layout.change.new.iter().find(|column| !column.generated) {
        let column = quote::name(&column.name);
        out.push(format!("INSERT INTO {view} ({column}) VALUES (NULL)"));
        out.push(format!("UPDATE {view} SET {column} = NULL"));
    }
    out
}

fn size(connection: &Connection, path: &Path, layout: &Layout<'_>, out: &mut Survey) -> Result<(), EngineError> {
    let doing = "measuring";
    let pages: (i64, i64) = connection
        .query_row("SELECT page_count, page_size FROM pragma_page_count, pragma_page_size", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .doing(doing)?;
    out.bytes = (pages.0 * pages.1).cast_unsigned();
    let rebuilds = layout.tracked();
    let scans = !layout.change.constraints.is_empty();
    if out.rows == 0 || !(rebuilds || scans) {
        return Ok(());
    }
    let memory = beside(path).doing(doing)?;
    let copy = format!("CREATE TABLE main.sample AS SELECT * FROM live.{} LIMIT {SAMPLE_ROWS}", layout.quoted());
    let mut copied_us = f64::MAX;
    for _ in 0..SAMPLE_RUNS {
        let begun = Instant::now();
        schema::run(&memory, &copy, doing)?;
        copied_us = copied_us.min(begun.elapsed().as_secs_f64() * 1e6);
        schema::run(&memory, "DROP TABLE main.sample", doing)?;
    }
    let copied_row_us = copied_us / out.rows.min(SAMPLE_ROWS) as f64;
    let indexes = shift::count(connection, &format!("SELECT count(*) FROM pragma_index_list({})", quote::text(&layout.table)))?;
    let row_us = if rebuilds {
        (copied_row_us * REBUILD_FACTOR).max(ROW_US) + INDEX_ROW_US * indexes as f64
    } else {
        SCAN_ROW_US.max(copied_row_us)
    };
    out.pause_ms = 10 + (row_us * out.rows as f64 / 1_000.0).ceil() as u64;
    Ok(())
}

/// A database in memory with the file beside it as `live`, which it cannot write.
fn beside(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let memory = Connection::open_with_flags(":memory:", flags)?;
    // Two slashes more: what follows them is a path, and never the name of a host.
    let mut live = String::from(if path.is_absolute() { "file://" } else { "file:" });
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => live.push(char::from(*byte)),
            _ => live.push_str(&format!("%{byte:02X}")),
        }
    }
    memory.execute("ATTACH ?1 AS live", [live + "?mode=ro"])?;
    Ok(memory)
}

fn pause(layout: &Layout<'_>, throttle: &Throttle, out: &mut Survey) {
    let allowed = throttle.downtime_ms.max(throttle.ddl_lock_timeout_ms);
    if out.pause_ms > allowed {
        let message = format!("contract would stop writers for about {} ms; {allowed} ms are allowed", out.pause_ms);
        out.findings.push(critical(
            "SG-SQ-105",
            format!("table `{}`", layout.table),
            message,
            "allow it with `limits.downtime`, or choose a quieter hour",
        ));
    }
}

fn notes(layout: &Layout<'_>, out: &mut Vec<String>) {
    out.push(format!(
        "the new side may use view `{}`: SQLite takes no ON CONFLICT … DO UPDATE there, RETURNING shows what the client gave, \
         and a column left out is seen as NULL, so its default is stored for NULL too",
        layout.view()
    ));
    if layout.tracked() {
        out.push(format!("while both forms live, SELECT * and INSERT without column names on {} see helper columns", layout.table));
        out.push(format!(
            "until every row is converted, new columns of {0} hold a placeholder in the table itself: read them through view `{1}`; \
             an UPDATE of the table that computes a new column from it is refused where that can be seen, but a whole number \
             made of it (`coalesce(x, 0) % 7`, `x | 1`) counts as written and takes the old value with it",
            layout.table,
            layout.view()
        ));
        out.push("OR IGNORE does not pass over a unique key of the other form: such a statement is refused".to_owned());
        out.push(format!("last_insert_rowid() and changes() say nothing of a write through view `{}`", layout.view()));
        out.push(format!("nobody may add, rename or drop columns of {} during the run: contract and rollback refuse then", layout.table));
        out.push(
            "RETURNING on the table shows values before the triggers; a user's UPDATE trigger fires once more for a write of one side"
                .to_owned(),
        );
        if layout.before.strict {
            out.push("in a STRICT table an INSERT into the table that gives NULL for a new column counts as not giving it".to_owned());
        }
        if layout.relaxed().iter().any(|_| true) {
            out.push("an old NOT NULL is demanded by triggers while both forms live: OR IGNORE does not pass over it".to_owned());
        }
    }
    if layout.change.constraints.iter().any(|add| !matches!(add.what, ConstraintWhat::Unique { .. })) {
        out.push("constraints are demanded by triggers from expand on, and stand in the table's definition after contract".to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_beside_the_sample_cannot_be_written_whatever_its_name() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["shop.db", "a?mode=rwc", "50%41#x y.db", "läden 😀.db"] {
            let path = folder.path().join(name);
            Connection::open(&path).expect("made").execute_batch("create table t (a); insert into t values (7)").expect("a row");
            let memory = beside(&path).expect("opened");
            assert_eq!(memory.query_row("select a from live.t", [], |row| row.get::<_, i64>(0)), Ok(7), "{name}");
            assert_eq!(memory.is_readonly(c"live"), Ok(true), "{name}");
            assert!(memory.execute_batch("insert into live.t values (8)").is_err(), "{name}");
        }
        let missing = folder.path().join("missing.db");
        assert!(beside(&missing).is_err() && !missing.exists(), "nothing is made");
    }
}
