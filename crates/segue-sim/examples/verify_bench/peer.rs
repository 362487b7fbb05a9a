//! The peers on the same two tables: whole processes, their CPU with that of the servers.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use serde_json::{Map, Value, json};

use super::Result;

const COLUMNS: &str = "abcdefghijk";

/// Runs the peers that are there.
pub(crate) fn run(out: &mut Map<String, Value>, servers_cpu_s: impl Fn() -> f64, source: &str, target: &str) -> Result<()> {
    let Some(folder) = std::env::var_os("SEGUE_BENCH_PEERS") else { return Ok(()) };
    for name in ["reladiff", "data-diff"] {
        let program = Path::new(&folder).join(name);
        if !program.is_file() {
            eprintln!("   {name} is not there");
            continue;
        }
        let mut command = Command::new(program);
        let url = |url: &str| url.replace("postgres://", "postgresql://");
        command.args([&url(source), "items", &url(target), "items", "-k", "id", "--stats"]);
        for column in COLUMNS.chars() {
            command.args(["-c", &column.to_string()]);
        }
        let (before, own, started) = (servers_cpu_s(), children_cpu_s(), Instant::now());
        let done = command.stdin(Stdio::null()).output()?;
        let wall = started.elapsed().as_secs_f64();
        let name = name.replace('-', "_");
        out.insert(format!("{name}_wall_s"), json!(wall));
        out.insert(format!("{name}_cpu_s"), json!(servers_cpu_s() - before + children_cpu_s() - own));
        eprintln!("   {name}: {wall:.1} s, exit {:?}, {}", done.status.code(), String::from_utf8_lossy(&done.stdout).replace('\n', "; "));
    }
    Ok(())
}

/// CPU seconds of children of this process that ended.
pub(crate) fn children_cpu_s() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let rest: Vec<&str> = text.rsplit_once(')').map_or(Vec::new(), |(_, rest)| rest.split_whitespace().collect());
    let number = |at: usize| rest.get(at).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    (number(13) + number(14)) / 100.0
}
