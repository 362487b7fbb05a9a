//! `cargo xtask soak`: the long proof (L4), and the page that tells what it found.
//!
//! The same tests as ever, part by part, on every PostgreSQL major that this machine can get, with `SEGUE_SOAK=1`
//! (loops widen) and a new seed each round, until the minutes are over: `SEGUE_SOAK` or `SEGUE_SOAK_MINUTES`, 60 unless
//! said. Building is not counted. Each part of a round gets a fair share of what is left and is stopped when that is
//! over; the page says which parts were, so that a short soak never looks like a long one. Tests append JSON lines
//! `{"suite", "name", "value", "total"}` to `target/soak/*.jsonl` (the folder is in `SEGUE_SOAK_DIR`);
//! `RELIABILITY.md` is made of them, of what the test runner said, and of nothing else.

use std::fs;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::setup;
use crate::shell::Workshop;

mod page;
mod part;

use part::{PARTS, Part, Tally};

/// Every major that we support.
const MAJORS: &[u32] = &[14, 15, 16, 17, 18];
const MINUTES: u64 = 60;
const FOLDER: &str = "target/soak";
const PAGE: &str = "RELIABILITY.md";
/// The least that a part is started for: below, a runner only starts and stops.
const LEAST: Duration = Duration::from_secs(5);

/// Runs rounds of the named parts, or of all, until the time is over; fails if any test failed.
pub(crate) fn run(workshop: &Workshop, names: &[String]) -> Result<ExitCode> {
    let parts = choose(names)?;
    let minutes = minutes()?;
    let machine = setup::ensure(workshop, MAJORS)?;
    let folder = workshop.path(FOLDER);
    if folder.exists() {
        fs::remove_dir_all(&folder).context(FOLDER)?;
    }
    fs::create_dir_all(&folder).context(FOLDER)?;
    let mut tallies: Vec<Tally> = parts.iter().map(|part| part.build(workshop)).collect::<Result<_>>()?;
    let begun = Instant::now();
    let budget = Duration::from_secs(minutes * 60);
    let mut rounds = 0_u64;
    while rounds == 0 || budget.saturating_sub(begun.elapsed()) >= LEAST * u32::try_from(parts.len())? {
        rounds += 1;
        for (at, part) in parts.iter().enumerate() {
            let left = budget.saturating_sub(begun.elapsed());
            let share = left / u32::try_from(parts.len() - at)?;
            eprintln!("== round {rounds}, {}: {} s of {} s left", part.name, share.as_secs(), left.as_secs());
            if share >= LEAST {
                part.run(workshop, &machine, &folder, rounds, share, &mut tallies[at])?;
            }
        }
    }
    let figures = page::read(&folder)?;
    let failed = tallies.iter().any(Tally::failed);
    if names.is_empty() {
        let seconds = begun.elapsed().as_secs();
        let text = page::page(&figures, &parts, &tallies, &page::Frame { rounds, seconds, minutes, bins: &machine.postgres_bins });
        fs::write(workshop.path(PAGE), text).context(PAGE)?;
        println!("{rounds} rounds; wrote {PAGE}");
    } else {
        println!("{rounds} rounds of some parts; {PAGE} is written by a soak of all parts alone");
    }
    print!("{}", page::parts(&parts, &tallies));
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn choose(names: &[String]) -> Result<Vec<&'static Part>> {
    for name in names {
        if !PARTS.iter().any(|part| part.name == *name) {
            let known: Vec<&str> = PARTS.iter().map(|part| part.name).collect();
            bail!("there is no part `{name}`; there are {}", known.join(", "));
        }
    }
    Ok(PARTS.iter().filter(|part| names.is_empty() || names.iter().any(|name| name == part.name)).collect())
}

fn minutes() -> Result<u64> {
    for name in ["SEGUE_SOAK_MINUTES", "SEGUE_SOAK"] {
        if let Ok(text) = std::env::var(name) {
            let minutes = text.parse().with_context(|| format!("{name} is a number of minutes"))?;
            if minutes == 0 {
                bail!("{name} is at least 1");
            }
            return Ok(minutes);
        }
    }
    Ok(MINUTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_chosen_by_name() {
        assert_eq!(choose(&[]).expect("all").len(), PARTS.len());
        assert_eq!(choose(&["simulation".to_owned()]).expect("one").len(), 1);
        assert!(choose(&["nonsense".to_owned()]).is_err());
    }
}
