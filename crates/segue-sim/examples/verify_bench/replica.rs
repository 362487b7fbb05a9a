//! A MariaDB server and its replica, beside `pt-table-checksum`, which compares nothing else.
//!
//! Both are filled alike before the replica begins to follow, so that no fill travels through the binary log. The peer
//! names chunks; Segue names rows.

use std::process::{Command, Stdio};
use std::time::Instant;

use mysql_async::prelude::Queryable as _;
use segue_mysql::private_server::PrivateServer;
use serde_json::{Map, Value, json};

use super::{Result, Servers, ours, peer, programs, table};

/// Rows that the replica has with another value, far from each other.
const PLANTED: u64 = 50;
/// What it exits with where it found differences and nothing else.
const DIFFERENCES: i32 = 16;

/// One run.
pub(crate) fn run(rows: u64) -> Result<()> {
    let programs = programs()?;
    let settings = |id: &'static str| ["innodb-buffer-pool-size=512M", "log-bin=bin", id];
    let source = PrivateServer::start_with(&programs, &settings("server-id=1"), &[])?;
    let target = PrivateServer::start_with(&programs, &settings("server-id=2"), &[])?;
    for server in [&source, &target] {
        table::fill_mariadb(server, rows)?;
    }
    follow(&source, &target, rows)?;
    let servers = Servers(vec![source.pid().ok_or("no server")?, target.pid().ok_or("no server")?]);
    let mut out = Map::from_iter([("rows".to_owned(), json!(rows))]);
    let (of, with) = (source.url_of("bench"), target.url_of("bench"));
    ours(&mut out, "segue", &servers, &["compare", &of, &with, "sketch"], Some([0, 0, PLANTED]))?;
    ours(&mut out, "limit", &servers, &["limit", &of, &with], None)?;
    checksum(&mut out, &servers, &source)?;
    println!("{}", Value::Object(out));
    Ok(())
}

/// Makes the target follow the source, tells the peer where it is, and plants what differs.
fn follow(source: &PrivateServer, target: &PrivateServer, rows: u64) -> Result<()> {
    let dsn = format!("h=127.0.0.1,P={},u=root,p={}", target.port(), target.password());
    table::on_mariadb(source, async |client| {
        client.query_drop("create database percona").await?;
        client.query_drop("create table percona.dsns (id int primary key, parent_id int, dsn varchar(255) not null)").await?;
        client.exec_drop("insert into percona.dsns values (1, null, ?)", (dsn,)).await?;
        Ok(())
    })?;
    let (file, at) = table::on_mariadb(source, async |client| {
        let row: Option<mysql_async::Row> = client.query_first("show master status").await?;
        let mut row = row.ok_or("no binary log")?;
        let at = (row.take::<String, _>(0).ok_or("no file")?, row.take::<u64, _>(1).ok_or("no position")?);
        Ok(at)
    })?;
    let begin = format!(
        "change master to master_host = '127.0.0.1', master_port = {}, master_user = 'root', master_password = '{}', master_log_file = '{file}',
         master_log_pos = {at}",
        source.port(),
        source.password()
    );
    let planted = format!("update bench.items set d = concat(d, 'x') where id % {} = 1", rows / PLANTED);
    table::on_mariadb(target, async |client| {
        for sql in [planted.as_str(), &begin, "start slave"] {
            client.query_drop(sql).await?;
        }
        Ok(())
    })
}

/// The peer; where it is not there, that is said.
fn checksum(out: &mut Map<String, Value>, servers: &Servers, source: &PrivateServer) -> Result<()> {
    let dsn = format!("h=127.0.0.1,P={},u=root,p={}", source.port(), source.password());
    let mut command = Command::new("pt-table-checksum");
    command.arg(dsn).args(["--databases", "bench", "--no-check-binlog-format", "--no-version-check"]);
    command.args(["--recursion-method", "dsn=D=percona,t=dsns"]).stdin(Stdio::null());
    let (before, own, started) = (servers.cpu_s(), peer::children_cpu_s(), Instant::now());
    let done = match command.output() {
        Ok(done) => done,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("   pt-table-checksum is not there");
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    let wall = started.elapsed().as_secs_f64();
    let said = String::from_utf8_lossy(&done.stdout).replace('\n', "; ");
    eprintln!("   pt-table-checksum: {wall:.1} s, exit {:?}, {said}", done.status.code());
    if done.status.code() != Some(DIFFERENCES) {
        return Err(format!("pt-table-checksum found no difference: {}", String::from_utf8_lossy(&done.stderr)).into());
    }
    out.insert("pt_table_checksum_wall_s".to_owned(), json!(wall));
    out.insert("pt_table_checksum_cpu_s".to_owned(), json!(servers.cpu_s() - before + peer::children_cpu_s() - own));
    Ok(())
}
