//! The table of twelve columns on both engines, with the same values, and what is planted in it.

use mysql_async::prelude::Queryable as _;
use segue_mysql::private_server::PrivateServer;

use super::Result;

const ROOT: &str = "root";

fn blocking<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}

async fn postgres(url: &str, statements: &[String]) -> Result<()> {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
    let driver = tokio::spawn(connection);
    for sql in statements {
        client.batch_execute(sql).await?;
    }
    drop(client);
    driver.await??;
    Ok(())
}

/// Makes and fills the table.
pub(crate) fn fill_postgres(url: &str, table: &str, rows: u64) -> Result<()> {
    blocking(postgres(
        url,
        &[
            format!(
                "create table {table} (id bigint primary key, a int, b bigint, c varchar(40), d varchar(80), e numeric(12,2),
                 f double precision, g timestamp(6), h date, i smallint, j varchar(8), k text)"
            ),
            format!(
                "insert into {table} select s, s % 1000, s * 7, 'name ' || s, md5(s::text), ((s % 1000000)::numeric) / 100, s / 4::float8,
                 timestamp '2026-01-01' + s * interval '1 second', date '2026-01-01' + (s % 300)::int, s % 2, left(md5(s::text), 8),
                 case when s % 9 = 0 then null else 'some longer text of row ' || s end from generate_series(1, {rows}::bigint) s"
            ),
            format!("vacuum analyze {table}"),
            "checkpoint".to_owned(),
        ],
    ))
}

/// Does something in a session of the superuser.
pub(crate) fn on_mariadb<T>(server: &PrivateServer, work: impl AsyncFnOnce(&mut mysql_async::Conn) -> Result<T>) -> Result<T> {
    blocking(async {
        let options = mysql_async::OptsBuilder::default().ip_or_hostname("127.0.0.1").tcp_port(server.port());
        let options = options.user(Some(ROOT)).pass(Some(server.password())).prefer_socket(false);
        let mut client = mysql_async::Conn::new(options).await?;
        let done = work(&mut client).await?;
        client.disconnect().await?;
        Ok(done)
    })
}

/// Makes and fills the table `items` in a new database `bench`.
pub(crate) fn fill_mariadb(server: &PrivateServer, rows: u64) -> Result<()> {
    on_mariadb(server, async |client| {
        for sql in [
            "create database bench character set utf8mb4".to_owned(),
            "use bench".to_owned(),
            "create table items (id bigint primary key, a int, b bigint, c varchar(40), d varchar(80), e decimal(12,2),
             f double, g datetime(6), h date, i smallint, j varchar(8), k text)"
                .to_owned(),
            format!(
                "insert into items select seq, seq % 1000, seq * 7, concat('name ', seq), md5(seq), (seq % 1000000) / 100, seq / 4e0,
                 timestamp '2026-01-01 00:00:00' + interval seq second, date '2026-01-01' + interval (seq % 300) day, seq % 2,
                 left(md5(seq), 8), if(seq % 9 = 0, null, concat('some longer text of row ', seq)) from seq_1_to_{rows}"
            ),
            "analyze table items".to_owned(),
        ] {
            client.query_drop(sql).await?;
        }
        Ok(())
    })
}

/// Plants a thousand differences: how many rows are missing, extra and changed then.
pub(crate) fn plant(url: &str, table: &str, rows: u64) -> Result<[u64; 3]> {
    let step = (rows / 1000).max(10);
    let every = |rest: u64| format!("id % {step} = {rest}");
    let count = |rest: u64| if rest == 0 { rows / step } else { (rows + step - rest) / step };
    blocking(postgres(
        url,
        &[
            // Of a thousand rows eight hundred are changed, a hundred are gone, and a hundred are new.
            format!("update {table} set d = d || 'x' where {} and id / {step} % 10 between 2 and 9", every(1)),
            format!("delete from {table} where {} and id / {step} % 10 = 1", every(1)),
            format!(
                "insert into {table} select id + {rows} * 2, a, b, c, d, e, f, g, h, i, j, k from {table} where {} and id / {step} % 10 = 0",
                every(1)
            ),
            format!("vacuum analyze {table}"),
        ],
    ))?;
    let (mut missing, mut extra, mut changed) = (0, 0, 0);
    for at in 0..count(1) {
        match at % 10 {
            0 => extra += 1,
            1 => missing += 1,
            _ => changed += 1,
        }
    }
    Ok([missing, extra, changed])
}

/// Changes every row.
pub(crate) fn change_all(url: &str, table: &str) -> Result<()> {
    blocking(postgres(
        url,
        &[format!("update {table} set a = a + 1"), format!("vacuum full {table}"), format!("analyze {table}"), "checkpoint".to_owned()],
    ))
}
