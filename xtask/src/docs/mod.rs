//! `cargo xtask docs`: the pages that are generated, so that they cannot disagree with their source.
//!
//! | page | from |
//! |---|---|
//! | `docs/codes/README.md` | the first line of each code's page |
//! | `docs/steps/README.md` | the first sentence of each step's page |
//! | `docs/rules/` | the words in each rule's file |
//! | `docs/cli.md` | what the binary prints for `--help`, at 80 columns |
//!
//! `--check` writes nothing and fails where a page differs.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

use crate::shell::Workshop;

mod cli;
mod codes;
pub(crate) mod rules;
mod steps;

/// Each page below the root with what it should hold.
type Pages = BTreeMap<String, String>;

/// The verb.
pub(crate) fn run(workshop: &Workshop, arguments: &[String]) -> Result<ExitCode> {
    match arguments {
        [] => write(workshop)?,
        [flag] if flag == "--check" => check(workshop)?,
        _ => bail!("docs takes --check or nothing"),
    }
    Ok(ExitCode::SUCCESS)
}

/// Fails where any page differs; builds the binary to ask it for its help.
pub(crate) fn check(workshop: &Workshop) -> Result<()> {
    let differing = differing(&workshop.root, &all(workshop)?);
    for page in &differing {
        println!("{page}:0: generated: is not what `cargo xtask docs` writes; run it");
    }
    if !differing.is_empty() {
        bail!("{} generated pages are not current", differing.len());
    }
    Ok(())
}

/// The pages that differ, of those that need no built binary. This is what `tidy` looks at.
pub(crate) fn stale(root: &Path) -> Result<Vec<String>> {
    Ok(differing(root, &from_sources(root)?))
}

fn write(workshop: &Workshop) -> Result<()> {
    // First what needs no binary: a code's new page must get into the index even while the crates do not compile.
    write_pages(&workshop.root, &from_sources(&workshop.root)?)?;
    write_pages(&workshop.root, &all(workshop)?)
}

fn write_pages(root: &Path, pages: &Pages) -> Result<()> {
    for page in differing(root, pages) {
        let file = root.join(&page);
        let folder = file.parent().context("a page stands in a folder")?;
        fs::create_dir_all(folder)?;
        fs::write(&file, &pages[&page]).with_context(|| page.clone())?;
        println!("wrote {page}");
    }
    Ok(())
}

fn all(workshop: &Workshop) -> Result<Pages> {
    let mut pages = from_sources(&workshop.root)?;
    pages.insert("docs/cli.md".to_owned(), cli::page(workshop)?);
    Ok(pages)
}

fn from_sources(root: &Path) -> Result<Pages> {
    let mut pages = Pages::new();
    pages.insert("docs/codes/README.md".to_owned(), codes::index(root)?);
    pages.insert("docs/steps/README.md".to_owned(), steps::index(root)?);
    pages.extend(rules::pages(root)?);
    Ok(pages)
}

/// Pages whose file is missing or different.
fn differing(root: &Path, pages: &Pages) -> Vec<String> {
    pages
        .iter()
        .filter(|(page, text)| fs::read_to_string(root.join(page)).ok().as_ref() != Some(text))
        .map(|(page, _)| page.clone())
        .collect()
}
