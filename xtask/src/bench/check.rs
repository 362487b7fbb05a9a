//! `segue check` on large documents, beside the peers on the same ones.
//!
//! The documents are made by seeded generators of the size and reference structure of public ones. Each side is a whole
//! process: wall time, CPU time of it and its children, largest resident memory. Peers come from npm and PyPI into
//! `target/bench/peers`; one that cannot be installed is said to be missing, never left out silently.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::rows::Figures;
use super::{graphql_documents, openapi_documents, proto_documents};
use crate::shell::{self, Workshop};

const FOLDER: &str = "target/bench/check";
const PEERS: &str = "target/bench/peers";

/// Runs a program and tells its time and memory; the program's own exit code is of no interest: a difference is not 0.
const MEASURE: &str = "import json,os,resource,subprocess,sys,time\n\
b=time.perf_counter()\n\
p=subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.PIPE)\n\
w=time.perf_counter()-b\n\
r=resource.getrusage(resource.RUSAGE_CHILDREN)\n\
print(json.dumps({'wall_ms':w*1000,'cpu_ms':(r.ru_utime+r.ru_stime)*1000,'memory_mib':r.ru_maxrss/1024,'code':p.returncode}))\n";

pub(super) fn folder(workshop: &Workshop, name: &str) -> Result<PathBuf> {
    let folder = workshop.path(FOLDER).join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
    }
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    Ok(folder)
}

pub(super) fn binary(workshop: &Workshop) -> Result<()> {
    shell::must(&mut workshop.cargo(&["build", "--release", "--quiet", "--package", "segue"]))
}

/// Installs packages of npm beside the bench, once.
fn npm(workshop: &Workshop, packages: &[&str]) -> Result<()> {
    let peers = workshop.path(PEERS);
    fs::create_dir_all(&peers)?;
    // `graphql@16` is the package `graphql`; the first letter of `@bufbuild/buf` is a part of its name.
    let name = |package: &str| match package.rfind('@') {
        Some(at) if at > 0 => package[..at].to_owned(),
        _ => package.to_owned(),
    };
    let missing: Vec<&&str> = packages.iter().filter(|package| !peers.join("node_modules").join(name(package)).is_dir()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !shell::has_program("npm") {
        bail!("npm installs the peers, and it is not there");
    }
    let mut command = workshop.command("npm");
    command.current_dir(&peers).args(["install", "--silent", "--no-fund", "--no-audit"]).args(packages);
    shell::must(&mut command)
}

/// What one run of a whole process took, and how it ended: `wall_ms`, `cpu_ms`, `memory_mib`, `code`.
pub(super) fn process(workshop: &Workshop, folder: &Path, program: &str, arguments: &[&str]) -> Result<serde_json::Value> {
    let mut command = workshop.command("python3");
    command.current_dir(folder).args(["-c", MEASURE, program]).args(arguments);
    Ok(serde_json::from_str(shell::read(&mut command)?.trim())?)
}

/// One run of a whole process.
fn measured(workshop: &Workshop, folder: &Path, name: &str, program: &str, arguments: &[&str]) -> Result<Figures> {
    let value = process(workshop, folder, program, arguments)?;
    let figure = |key: &str| value[key].as_f64().with_context(|| format!("{program} told no {key}"));
    if !matches!(figure("code")? as i64, 0 | 1 | 3 | 100) {
        bail!("{program} ended with {}", value["code"]);
    }
    ["wall_ms", "cpu_ms", "memory_mib"].iter().map(|key| Ok((format!("{name}_{key}"), figure(key)?))).collect()
}

fn segue(workshop: &Workshop, folder: &Path, arguments: &[&str]) -> Result<Figures> {
    let binary = workshop.path("target/release/segue");
    let mut all = vec!["check"];
    all.extend(arguments);
    all.extend(["--format", "json", "-o", "check.json"]);
    let figures = measured(workshop, folder, "segue", &binary.display().to_string(), &all)?;
    let report: serde_json::Value = serde_json::from_str(&fs::read_to_string(folder.join("check.json"))?)?;
    let count = report["findings"].as_array().map_or(0, Vec::len);
    if count == 0 {
        bail!("the documents differ, and nothing was found");
    }
    let mut figures = figures;
    figures.insert("findings".to_owned(), count as f64);
    // The same command again: the bytes must be the same.
    let first = fs::read(folder.join("check.json"))?;
    let mut again = workshop.command(&binary);
    again.current_dir(folder).args(&all);
    let _ = again.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).status()?;
    figures.insert("differing_bytes".to_owned(), if fs::read(folder.join("check.json"))? == first { 0.0 } else { 1.0 });
    Ok(figures)
}

/// The 12 MB pair with shared components.
pub(crate) fn prepare_openapi(workshop: &Workshop) -> Result<()> {
    binary(workshop)?;
    let folder = folder(workshop, "openapi")?;
    fs::write(folder.join("old.json"), openapi_documents::catalogue(900, false))?;
    fs::write(folder.join("new.json"), openapi_documents::catalogue(900, true))?;
    Ok(())
}

/// One run.
pub(crate) fn openapi(workshop: &Workshop) -> Result<Figures> {
    segue(workshop, &workshop.path(FOLDER).join("openapi"), &["old.json", "new.json"])
}

/// The pair with heavy cycles and `anyOf`.
pub(crate) fn prepare_payment(workshop: &Workshop) -> Result<()> {
    binary(workshop)?;
    let folder = folder(workshop, "payment")?;
    fs::write(folder.join("old.json"), openapi_documents::payments(900, false))?;
    fs::write(folder.join("new.json"), openapi_documents::payments(900, true))?;
    Ok(())
}

/// One run.
pub(crate) fn payment(workshop: &Workshop) -> Result<Figures> {
    segue(workshop, &workshop.path(FOLDER).join("payment"), &["old.json", "new.json"])
}

const GRAPHQL_JS: &str = "const {buildSchema,findBreakingChanges,findDangerousChanges}=require('graphql');const fs=require('fs');\
const [a,b]=['old.graphql','new.graphql'].map(f=>buildSchema(fs.readFileSync(f,'utf8'),{assumeValidSDL:true}));\
console.log(findBreakingChanges(a,b).length+findDangerousChanges(a,b).length)";

/// The large GraphQL pair.
pub(crate) fn prepare_graphql(workshop: &Workshop) -> Result<()> {
    binary(workshop)?;
    let pair = graphql_documents::write(&folder(workshop, "graphql")?, 1)?;
    if pair.changes == 0 {
        bail!("the generator made two documents that are the same");
    }
    npm(workshop, &["graphql@16", "@graphql-inspector/core@6"])
}

const INSPECTOR: &str = "const {buildSchema}=require('graphql');const {diff}=require('@graphql-inspector/core');const fs=require('fs');\
const [a,b]=['old.graphql','new.graphql'].map(f=>buildSchema(fs.readFileSync(f,'utf8'),{assumeValidSDL:true}));\
diff(a,b).then(c=>console.log(c.length))";

/// One run of each.
pub(crate) fn graphql(workshop: &Workshop) -> Result<Figures> {
    let folder = workshop.path(FOLDER).join("graphql");
    let modules = workshop.path(PEERS).join("node_modules").display().to_string();
    let run = |name: &str, script: &str| measured(workshop, &folder, name, "env", &[&format!("NODE_PATH={modules}"), "node", "-e", script]);
    let mut figures = segue(workshop, &folder, &["old.graphql", "new.graphql"])?;
    figures.extend(run("graphql_js", GRAPHQL_JS)?);
    figures.extend(run("inspector", INSPECTOR)?);
    Ok(figures)
}

/// Some 300 proto files.
pub(crate) fn prepare_proto(workshop: &Workshop) -> Result<()> {
    binary(workshop)?;
    let folder = folder(workshop, "proto")?;
    for (side, second) in [("old", false), ("new", true)] {
        for (name, text) in proto_documents::files(299, second) {
            let path = folder.join(side).join(name);
            fs::create_dir_all(path.parent().context("a file stands in a folder")?)?;
            fs::write(path, text)?;
        }
        fs::write(folder.join(side).join("buf.yaml"), "version: v2\nbreaking:\n  use: [FILE]\n")?;
    }
    npm(workshop, &["@bufbuild/buf"])
}

/// One run of each.
pub(crate) fn proto(workshop: &Workshop) -> Result<Figures> {
    let folder = workshop.path(FOLDER).join("proto");
    let buf = workshop.path(PEERS).join("node_modules/.bin/buf").display().to_string();
    let mut figures = segue(workshop, &folder, &["old", "new"])?;
    figures.extend(measured(workshop, &folder, "buf", &buf, &["breaking", "new", "--against", "old"])?);
    Ok(figures)
}

const SCHEMA: &str = "create table users (id bigserial primary key, email text not null, name varchar(80), credit numeric(10,2));\n\
create table orders (id bigserial primary key, user_id bigint not null references users, total numeric(10,2) not null, note text);\n";
const SCRIPT: &str = "alter table orders add column currency text not null;\n\
create index orders_total on orders (total);\n\
alter table users alter column name type varchar(120);\n\
alter table orders add constraint total_positive check (total > 0);\n";

/// One migration script with its schema.
pub(crate) fn prepare_sql(workshop: &Workshop) -> Result<()> {
    binary(workshop)?;
    let folder = folder(workshop, "sql")?;
    fs::write(folder.join("schema.sql"), SCHEMA)?;
    fs::write(folder.join("script.sql"), SCRIPT)?;
    let target = workshop.path(PEERS).join("python");
    if target.join("bin/squawk").is_file() {
        return Ok(());
    }
    let mut command = workshop.command("python3");
    command.args(["-m", "pip", "install", "--quiet", "--target"]).arg(&target).arg("squawk-cli");
    shell::must(&mut command)
}

/// One run of each.
pub(crate) fn sql(workshop: &Workshop) -> Result<Figures> {
    let folder = workshop.path(FOLDER).join("sql");
    let mut figures = segue(workshop, &folder, &["script.sql", "--against", "schema.sql"])?;
    let squawk = workshop.path(PEERS).join("python/bin/squawk").display().to_string();
    figures.extend(measured(workshop, &folder, "squawk", &squawk, &["script.sql"])?);
    Ok(figures)
}
