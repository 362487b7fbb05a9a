//! One run over every hostile document, and what the slowest and the largest of them took.
//!
//! The texts are written, measured and removed one by one: together they are gigabytes.

#![allow(clippy::format_collect, reason = "a document is made in one expression here")]

use std::fs;

use anyhow::{Context as _, Result};

use super::{Case, families};
use crate::bench::check;
use crate::bench::rows::Figures;
use crate::shell::Workshop;

/// A program that answers nothing for so long is ended.
const SECONDS_MAX: &str = "60";

/// Builds the program.
pub(crate) fn prepare(workshop: &Workshop) -> Result<()> {
    check::binary(workshop)
}

/// One run of each. Figures of one case are told only where it is beyond half of what is allowed.
pub(crate) fn measure(workshop: &Workshop) -> Result<Figures> {
    let mut figures = Figures::from(
        ["slowest_wall_ms", "slowest_cpu_ms", "largest_memory_mib", "no_answer", "documents"].map(|name| (name.to_owned(), 0.0)),
    );
    for family in families() {
        for case in family() {
            let taken = one(workshop, &case)?;
            let figure = |key: &str| taken[key].as_f64().with_context(|| format!("{}: no {key}", case.name));
            for (name, key, half) in [
                ("slowest_wall_ms", "wall_ms", f64::MAX),
                ("slowest_cpu_ms", "cpu_ms", 1000.0),
                ("largest_memory_mib", "memory_mib", 128.0),
            ] {
                let value = figure(key)?;
                let most = figures.entry(name.to_owned()).or_default();
                *most = most.max(value);
                if value > half {
                    figures.insert(format!("{}_{key}", case.name), value);
                }
            }
            *figures.entry("documents".to_owned()).or_default() += 1.0;
            if !matches!(figure("code")? as i64, 0 | 3 | 64) {
                *figures.entry("no_answer".to_owned()).or_default() += 1.0;
                figures.insert(format!("{}_code", case.name), figure("code")?);
            }
        }
    }
    Ok(figures)
}

fn one(workshop: &Workshop, case: &Case) -> Result<serde_json::Value> {
    let folder = check::folder(workshop, "hostile")?;
    let (old, new) = (format!("old.{}", case.ending), format!("new.{}", case.ending));
    fs::write(folder.join(&old), &case.old)?;
    let program = workshop.path("target/release/segue").display().to_string();
    let mut arguments = vec![SECONDS_MAX, &program, "check", &old];
    if let Some(text) = &case.new {
        fs::write(folder.join(&new), text)?;
        arguments.push(&new);
    }
    arguments.extend(&case.flags);
    arguments.extend(["--format", "json", "-o", "check.json"]);
    let taken = check::process(workshop, &folder, "timeout", &arguments);
    fs::remove_dir_all(&folder)?;
    taken
}
