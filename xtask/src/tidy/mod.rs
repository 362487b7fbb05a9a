//! `cargo xtask tidy`: the house rules that a machine can hold.
//!
//! Each rule is one file with one function over already read sources, and its own tests over small
//! fixtures, so that every rule is known to be able to fail. All violations are said at once, as
//! `path:line: rule: message`.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::metadata::Metadata;
use crate::shell::Workshop;
use crate::{docs, shell};

mod arrows;
mod codes;
mod features;
mod lexer;
mod module_docs;
mod names;
mod paths;
mod printing;
mod proofs;
mod purity;
mod rooms;
mod rules;
mod size;
mod source;
mod sql_text;
mod unfinished;

use source::Source;

/// One breach of a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Violation {
    /// Below the root.
    pub(crate) path: String,
    /// From one; zero where it is the whole file.
    pub(crate) line: usize,
    /// The rule's name: its file under `xtask/src/tidy/`.
    pub(crate) rule: &'static str,
    /// What is wrong and what to do instead.
    pub(crate) message: String,
}

impl std::fmt::Display for Violation {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { path, line, rule, message } = self;
        write!(out, "{path}:{line}: {rule}: {message}")
    }
}

/// The verb.
pub(crate) fn run(workshop: &Workshop, arguments: &[String]) -> Result<ExitCode> {
    let (mut write, mut admit) = (false, false);
    for argument in arguments {
        match argument.as_str() {
            "--write-ratchet" => write = true,
            "--admit" => admit = true,
            other => bail!("tidy takes --write-ratchet and --admit, not `{other}`"),
        }
    }
    if write || admit {
        let sources = source::read_all(&workshop.root)?;
        size::write_ratchet(&workshop.root, &sources, admit)?;
    }
    check(workshop)?;
    println!("tidy");
    Ok(ExitCode::SUCCESS)
}

/// Applies every rule and prints every violation.
pub(crate) fn check(workshop: &Workshop) -> Result<()> {
    let violations = violations(workshop)?;
    for violation in &violations {
        println!("{violation}");
    }
    if !violations.is_empty() {
        bail!("{} breaches of the house rules", violations.len());
    }
    Ok(())
}

fn violations(workshop: &Workshop) -> Result<Vec<Violation>> {
    let root: &Path = &workshop.root;
    let sources = source::read_all(root)?;
    let metadata = Metadata::workspace(workshop)?;
    let mut found = arrows::check(root, &metadata);
    for source in &sources {
        check_one(source, &mut found);
    }
    found.extend(sql_text::check_sql_files(root)?);
    found.extend(size::check(root, &sources)?);
    found.extend(codes::check(root, &sources)?);
    found.extend(proofs::check(root, &sources)?);
    found.extend(features::check(root)?);
    found.extend(rules::check(root)?);
    for page in docs::stale(root)? {
        found.push(Violation {
            path: page,
            line: 0,
            rule: "generated",
            message: "is not what `cargo xtask docs` writes; run it".to_owned(),
        });
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// The rules that look at one file.
fn check_one(source: &Source, found: &mut Vec<Violation>) {
    found.extend(purity::check(source));
    found.extend(rooms::check(source));
    found.extend(printing::check(source));
    found.extend(sql_text::check(source));
    found.extend(module_docs::check(source));
    found.extend(names::check(source));
    found.extend(unfinished::check(source));
}

/// Files that git knows or would take in, below the given folders, sorted.
pub(crate) fn tracked(root: &Path, below: &[&str]) -> Result<Vec<String>> {
    let workshop = Workshop { root: root.to_owned() };
    let mut command = workshop.command("git");
    command.args(["ls-files", "--cached", "--others", "--exclude-standard", "--"]).args(below);
    let text = shell::read(&mut command)?;
    // A file that is deleted but not yet committed is listed too.
    let mut files: Vec<String> = text.lines().filter(|file| root.join(file).is_file()).map(str::to_owned).collect();
    files.sort();
    files.dedup();
    Ok(files)
}
