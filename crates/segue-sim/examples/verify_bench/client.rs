//! The process that is measured: one comparison of one table, or both sides streamed and thrown away.

use std::collections::BTreeMap;

use async_trait::async_trait;
use segue_engine::rows::{Batch, RowStream, Rows};
use segue_model::ident::TableName;
use segue_verify::{Difference, EngineChoice, Options, Pace, Sink, VerifyError, compare, mapping};
use serde_json::json;

use super::Result;

struct Fast;

#[async_trait]
impl Pace for Fast {
    async fn breathe(&self) -> std::result::Result<(), VerifyError> {
        Ok(())
    }
}

struct Count(u64);

impl Sink for Count {
    fn differences(&mut self, found: &[Difference]) -> std::result::Result<(), VerifyError> {
        self.0 += found.len() as u64;
        Ok(())
    }
}

fn open(url: &str) -> Result<(Box<dyn Rows>, &'static str)> {
    let none = BTreeMap::new();
    Ok(if url.starts_with("mysql") {
        (Box::new(segue_mysql::MysqlEngine::new(segue_mysql::Target::parse(url, &none)?)), "mariadb")
    } else {
        (Box::new(segue_postgres::PostgresEngine::new(segue_postgres::Target::parse(url, &none)?)), "postgres")
    })
}

/// Runs it and prints what it used. `engine`: `None` throws the rows away.
pub(crate) fn run(source: &str, target: &str, engine: Option<&str>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let mut said = runtime.block_on(work(source, target, engine))?;
    let (_, _, ticks) = super::stat(std::process::id()).ok_or("no figures of this process")?;
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse::<f64>().ok());
    said["cpu_s"] = json!(ticks as f64 / 100.0);
    said["memory_mib"] = json!(peak.ok_or("no figures of this process")? / 1024.0);
    println!("{said}");
    Ok(())
}

async fn work(source: &str, target: &str, engine: Option<&str>) -> Result<serde_json::Value> {
    let ((source, source_engine), (target, target_engine)) = (open(source)?, open(target)?);
    let name = TableName::bare("items");
    let (here, there) = (source.describe(&name).await?, target.describe(&name).await?);
    let pair = mapping::pair(&here, source_engine, &there, target_engine, &mapping::Mapping::default())?;
    if !pair.not_compared.is_empty() {
        return Err(format!("{} columns are not compared", pair.not_compared.len()).into());
    }
    let options = Options {
        engine: match engine {
            Some("merge") => EngineChoice::Merge,
            Some("pushdown") => EngineChoice::Pushdown,
            _ => EngineChoice::Sketch,
        },
        ..Options::default()
    };
    let (from, to) = (source.snapshot(options.readers).await?, target.snapshot(options.readers).await?);
    if engine.is_none() {
        let (one, other) = (from.stream(&pair.source).await?, to.stream(&pair.target).await?);
        let (one, other) = (tokio::spawn(drain(one)), tokio::spawn(drain(other)));
        return Ok(json!({ "source_rows": one.await??, "target_rows": other.await?? }));
    }
    let mut sink = Count(0);
    let done = compare(&*from, &*to, &pair, &options, &Fast, &mut sink, None).await?;
    Ok(json!({
        "missing": done.missing, "extra": done.extra, "changed": done.changed, "handed_on": sink.0,
        "source_rows": done.source_rows, "target_rows": done.target_rows, "ranges": done.ranges.0, "merged": done.ranges.1,
    }))
}

async fn drain(mut stream: Box<dyn RowStream>) -> Result<u64> {
    let (mut batch, mut rows) = (Batch::default(), 0);
    while stream.next(&mut batch).await? {
        rows += batch.len() as u64;
    }
    Ok(rows)
}
