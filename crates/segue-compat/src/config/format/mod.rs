//! Formats of configuration: how each becomes a run of keys, values and places. Tests: below each.

mod env;
mod ini;
mod toml;
mod tree;

use super::entry::{Entry, Listing};
use crate::source::{File, Span};
pub(super) use toml::value as toml_value;

/// A format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON.
    Json,
    /// YAML, several documents too.
    Yaml,
    /// TOML.
    Toml,
    /// `NAME=value`, as `.env` and shells have it.
    Env,
    /// Sections in brackets, `name = value`; Java's properties are one without sections.
    Ini,
}

/// What went wrong: where, and a sentence without any text of the file.
pub(super) type Stop = (Span, String);

/// The format of a file, by its name, else by its text.
pub(super) fn of(file: &File) -> Option<Format> {
    let name = file.name.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if name == ".env" || name.starts_with(".env.") || ends(&[".env"]) {
        return Some(Format::Env);
    }
    if ends(&[".json", ".jsonc"]) {
        return Some(Format::Json);
    }
    if ends(&[".yaml", ".yml"]) {
        return Some(Format::Yaml);
    }
    if ends(&[".toml"]) {
        return Some(Format::Toml);
    }
    if ends(&[".ini", ".cfg", ".conf", ".properties"]) {
        return Some(Format::Ini);
    }
    None
}

/// Reads a file into the listing.
pub(super) fn read(format: Format, file: u32, text: &str, into: &mut Listing) -> Result<(), Stop> {
    match format {
        Format::Json => tree::json(file, text, into),
        Format::Yaml => tree::yaml(file, text, into),
        Format::Toml => toml::read(file, text, into),
        Format::Env => env::read(file, text, into),
        Format::Ini => ini::read(file, text, into),
    }
}

/// The key under its parent.
pub(super) fn join(parent: &str, key: &str) -> String {
    let key = if key.contains('.') { format!("\"{key}\"") } else { key.to_owned() };
    if parent.is_empty() { key } else { format!("{parent}.{key}") }
}

/// What is said of a side with too many keys.
const TOO_MANY: &str = "more keys than are read of one side";

/// Puts an entry unless there are too many.
pub(super) fn put(into: &mut Listing, path: String, entry: Entry) -> Result<(), Stop> {
    if into.entries.len() >= super::entry::ENTRIES_MAX {
        return Err((entry.at.span, TOO_MANY.to_owned()));
    }
    into.put(path, entry);
    Ok(())
}
