//! A throw-away copy of a database on a private server, for rehearsals: the whole schema by `pg_dump`, the rows of the
//! tables that matter by binary COPY in one snapshot.
//!
//! It must never write to the source (its session is read-only, and `pg_dump` only reads), never put a password into
//! an argument list, and never pass off a part of the rows as all of them. Tests: `tests/it/clone.rs`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use futures_util::{SinkExt as _, StreamExt as _, pin_mut};
use segue_engine::{EngineError, ErrorKind, quote};
use segue_model::ident::TableName;
use tokio_postgres::{Client, NoTls};

use crate::PostgresEngine;
use crate::private_server::PrivateServer;
use crate::session::{Session, db};
use crate::target::{Host, SslMode, Target};

/// What was copied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cloned {
    /// The tables with rows, each with how many, and whether there were more.
    pub tables: Vec<ClonedTable>,
    /// What the copy lacks, one sentence each.
    pub not_cloned: Vec<String>,
}

/// One table of a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClonedTable {
    /// The table.
    pub table: TableName,
    /// Rows copied.
    pub rows: u64,
    /// The source has more rows than were copied.
    pub cut: bool,
}

/// Copies the schema of `source` to the private server's own database, and of these tables and those that they refer
/// to at most `rows_max` rows each. `programs` are folders that may hold `pg_dump`.
pub async fn clone_into(
    source: &PostgresEngine,
    server: &PrivateServer,
    programs: &[PathBuf],
    tables: &[TableName],
    rows_max: u64,
) -> Result<Cloned, EngineError> {
    let mut session = source.read_session("rehearse").await?;
    let dump = dump(source.sessions.target(), &pg_dump(programs, session.version() / 10_000)?)?;
    let target = open(server).await?;
    roles(&session, &target).await?;
    target.batch_execute(&plain(&dump)).await.map_err(|error| {
        let cause = db(error);
        failed(format!("the private server did not take the schema: {}", cause.message))
            .help("a role, extension or library that the private server lacks is the usual reason")
    })?;
    let path = quote::text(session.search_path());
    let database = "postgres";
    let settings = format!(
        "do $do$ begin execute pg_catalog.format('alter database {database} set search_path = %s', {path}); end $do$; \
         set session_replication_role = replica"
    );
    target.batch_execute(&settings).await.map_err(db)?;
    let mut cloned = Cloned { not_cloned: vec!["owners and grants: the copy belongs to one user".to_owned()], tables: Vec::new() };
    let wanted = with_referenced(&session, tables).await?;
    let snapshot = session.client.build_transaction().read_only(true).isolation_level(tokio_postgres::IsolationLevel::RepeatableRead);
    let snapshot = snapshot.start().await.map_err(db)?;
    for table in wanted {
        let copied = copy(&snapshot, &target, &table, rows_max).await?;
        if copied.cut {
            cloned.not_cloned.push(format!("{table}: only its first {} rows; times of its steps are for those", copied.rows));
        }
        cloned.tables.push(copied);
    }
    snapshot.rollback().await.map_err(db)?;
    target.batch_execute("reset session_replication_role; analyze").await.map_err(db)?;
    cloned.not_cloned.push("rows of tables that the change neither touches nor refers to".to_owned());
    Ok(cloned)
}

async fn open(server: &PrivateServer) -> Result<Client, EngineError> {
    let (client, connection) = tokio_postgres::connect(&server.url(), NoTls).await.map_err(db)?;
    tokio::spawn(connection);
    Ok(client)
}

/// The first `pg_dump` that is not older than the server.
fn pg_dump(programs: &[PathBuf], major: i32) -> Result<PathBuf, EngineError> {
    let version = |path: &Path| -> Option<i32> {
        let output = Command::new(path).arg("--version").stdin(Stdio::null()).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        text.split_whitespace().nth(2)?.split('.').next()?.parse().ok()
    };
    let mut candidates: Vec<PathBuf> = programs.iter().map(|folder| folder.join("pg_dump")).collect();
    candidates.push(PathBuf::from("pg_dump"));
    candidates.into_iter().find(|path| version(path).is_some_and(|found| found >= major)).ok_or_else(|| {
        failed(format!("there is no `pg_dump` of version {major} or newer on this machine"))
            .help(format!("apt-get install postgresql-client-{major}, or put its folder into PATH"))
    })
}

/// The schema as SQL. The password goes through the environment of the child alone.
fn dump(target: &Target, program: &Path) -> Result<String, EngineError> {
    let mut command = Command::new(program);
    command.args(["--schema-only", "--no-owner", "--no-privileges", "--no-publications", "--no-subscriptions", "--no-password"]);
    // Segue's own control table would make the copy look like a database in the middle of a run.
    command.args(["--exclude-schema=segue", "--quote-all-identifiers"]);
    let host = match &target.host {
        Host::Unix(path) => path.display().to_string(),
        Host::Tcp(host, _) => host.clone(),
    };
    command.env("PGHOST", host).env("PGPORT", target.port.to_string()).env("PGUSER", &target.user).env("PGDATABASE", &target.database);
    command.env("PGCONNECT_TIMEOUT", target.connect_timeout.as_secs().to_string()).env("PGAPPNAME", "segue/-/rehearse");
    if let Some(password) = &target.password {
        command.env("PGPASSWORD", password.expose());
    }
    if let Some(mode) = target.ssl_mode {
        command.env("PGSSLMODE", ssl_word(mode));
    }
    if let Some(path) = &target.root_certificates {
        command.env("PGSSLROOTCERT", path);
    }
    if let Some((certificate, key)) = &target.client_certificate {
        command.env("PGSSLCERT", certificate).env("PGSSLKEY", key);
    }
    let output =
        command.stdin(Stdio::null()).output().map_err(|error| failed(format!("`pg_dump` could not be started: {}", error.kind())))?;
    if !output.status.success() {
        // What it says may quote an object's definition: only its end is told, and never to a log.
        return Err(failed(format!("`pg_dump` ended with {}", output.status))
            .help("run pg_dump --schema-only by hand with the same URL: it says why; the role must be able to read every table"));
    }
    String::from_utf8(output.stdout).map_err(|_| failed("the schema is not UTF-8 text".to_owned()))
}

fn ssl_word(mode: SslMode) -> &'static str {
    match mode {
        SslMode::Disable => "disable",
        SslMode::Allow => "allow",
        SslMode::Prefer => "prefer",
        SslMode::Require => "require",
        SslMode::VerifyCa => "verify-ca",
        SslMode::VerifyFull => "verify-full",
    }
}

/// The dump without what only `psql` understands, and without what is there already.
fn plain(dump: &str) -> String {
    let skipped = |line: &&str| {
        !(line.starts_with("\\restrict ")
            || line.starts_with("\\unrestrict ")
            || *line == "CREATE SCHEMA \"public\";"
            || *line == "SET transaction_timeout = 0;")
    };
    dump.lines().filter(skipped).fold(String::with_capacity(dump.len()), |mut text, line| {
        text.push_str(line);
        text.push('\n');
        text
    })
}

/// Roles that policies or functions of the dump may name, without any right.
async fn roles(source: &Session, target: &Client) -> Result<(), EngineError> {
    let named = "select rolname::pg_catalog.text from pg_catalog.pg_roles where rolname !~ '^pg_' order by 1";
    let there: Vec<String> = target.query(named, &[]).await.map_err(db)?.iter().map(|row| row.get(0)).collect();
    for row in source.query(named, &[]).await.map_err(db)? {
        let role: String = row.get(0);
        if !there.contains(&role) {
            target.batch_execute(&format!("create role {} nologin", quote::name(&role))).await.map_err(db)?;
        }
    }
    Ok(())
}

/// The tables and all that they refer to by foreign keys, in turn.
async fn with_referenced(session: &Session, tables: &[TableName]) -> Result<Vec<TableName>, EngineError> {
    let mut all: Vec<TableName> = Vec::new();
    let mut open: Vec<TableName> = tables.to_vec();
    while let Some(table) = open.pop() {
        if all.contains(&table) {
            continue;
        }
        let rows = session
            .query(
                "select n.nspname::pg_catalog.text, r.relname::pg_catalog.text from pg_catalog.pg_constraint c \
                 join pg_catalog.pg_class t on t.oid = c.conrelid join pg_catalog.pg_namespace s on s.oid = t.relnamespace \
                 join pg_catalog.pg_class r on r.oid = c.confrelid join pg_catalog.pg_namespace n on n.oid = r.relnamespace \
                 where c.contype = 'f' and s.nspname = $1 and t.relname = $2",
                &[&table.schema, &table.name],
            )
            .await
            .map_err(db)?;
        open.extend(rows.iter().map(|row| TableName::new(row.get::<_, String>(0), row.get::<_, String>(1))));
        all.push(table);
    }
    all.sort();
    Ok(all)
}

async fn copy(
    source: &tokio_postgres::Transaction<'_>,
    target: &Client,
    table: &TableName,
    rows_max: u64,
) -> Result<ClonedTable, EngineError> {
    let columns: Vec<String> = source
        .query(
            "select a.attname::pg_catalog.text from pg_catalog.pg_attribute a join pg_catalog.pg_class t on t.oid = a.attrelid \
             join pg_catalog.pg_namespace n on n.oid = t.relnamespace where n.nspname = $1 and t.relname = $2 and a.attnum > 0 \
             and not a.attisdropped and a.attgenerated = '' order by a.attnum",
            &[&table.schema, &table.name],
        )
        .await
        .map_err(db)?
        .iter()
        .map(|row| row.get(0))
        .collect();
    let (name, list) = (quote::table(table), quote::names(columns.iter().map(String::as_str)));
    if columns.is_empty() {
        return Ok(ClonedTable { table: table.clone(), rows: 0, cut: false });
    }
    // One row more than asked tells whether there are more; the copy keeps it.
    let limit = rows_max.saturating_add(1).min(i64::MAX as u64);
    let out = source.copy_out(&format!("copy (select {list} from {name} limit {limit}) to stdout (format binary)")).await.map_err(db)?;
    let sink = target.copy_in::<_, bytes::Bytes>(&format!("copy {name} ({list}) from stdin (format binary)")).await.map_err(db)?;
    pin_mut!(out, sink);
    while let Some(chunk) = out.next().await {
        sink.send(chunk.map_err(db)?).await.map_err(db)?;
    }
    let rows = sink.finish().await.map_err(db)?;
    Ok(ClonedTable { table: table.clone(), rows, cut: rows > rows_max })
}

fn failed(message: String) -> EngineError {
    EngineError::new("SG-PG-028", ErrorKind::Other, message)
}
