//! Start-up as a person feels it: the whole process, from its start to its end.

use std::fs;
use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

use super::rows::Figures;
use crate::shell::{self, Workshop};

/// Where the little database and its spec stand.
const FOLDER: &str = "target/bench/startup";

const SPEC: &str = "\
segue: 1
id: BENCH-001
systems: {db: {sqlite: {path: shop.db}}}
schema:
  in: db
  changes:
    - add_column: {table: users, column: note, type: text}
";

/// Builds the release binary, and makes a small database with Python's SQLite, which is not ours.
pub(crate) fn prepare(workshop: &Workshop) -> Result<()> {
    shell::must(&mut workshop.cargo(&["build", "--release", "--quiet", "--package", "segue"]))?;
    let folder = workshop.path(FOLDER);
    if folder.exists() {
        fs::remove_dir_all(&folder).context(FOLDER)?;
    }
    fs::create_dir_all(&folder).context(FOLDER)?;
    fs::write(folder.join("segue.yaml"), SPEC)?;
    let script = "import sqlite3; c = sqlite3.connect('shop.db'); \
        c.execute('create table users (id integer primary key, name text)'); \
        c.executemany('insert into users (name) values (?)', [('a',)] * 1000); c.commit()";
    if !shell::has_program("python3") {
        bail!("python3 makes the database, and it is not installed");
    }
    let mut command = workshop.command("python3");
    shell::must(command.current_dir(&folder).args(["-c", script]))
}

/// How many starts one figure is the median of: one alone tells how busy the machine was that hundredth of a second.
const STARTS: usize = 9;

/// Each started some times.
pub(crate) fn measure(workshop: &Workshop) -> Result<Figures> {
    Ok(Figures::from([
        ("version_ms".to_owned(), milliseconds(workshop, &["--version"])?),
        ("plan_ms".to_owned(), milliseconds(workshop, &["plan"])?),
    ]))
}

fn milliseconds(workshop: &Workshop, arguments: &[&str]) -> Result<f64> {
    let mut all = Vec::with_capacity(STARTS);
    for _ in 0..STARTS {
        let mut command = workshop.command(workshop.path("target/release/segue"));
        command.current_dir(workshop.path(FOLDER)).args(arguments).stdout(Stdio::null());
        let begun = Instant::now();
        shell::must(&mut command)?;
        all.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    all.sort_by(f64::total_cmp);
    Ok(all[STARTS / 2])
}
