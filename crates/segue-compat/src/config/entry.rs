//! A side of a comparison as a flat listing of keys: what stands where, and of which kind.
//!
//! Members of lists are named by what identifies them (`name`, `id`, a scalar itself by a digest), so that one put in front
//! moves no other. Values are kept for comparing and never printed but by [`Entry::shown`]. Tests: `tests/it/config/`.

use std::collections::BTreeMap;

use super::format::{self, Format};
use crate::draft::fingerprint;
use crate::secret::{looks_secret, may_show};
use crate::source::{File, Place, Refused, Source, Span};

/// The most keys of a side: an order of magnitude beyond what somebody configures.
pub(super) const ENTRIES_MAX: usize = 250_000;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    /// A date or a time of TOML.
    Moment(String),
    List(usize),
    Map,
}

impl Value {
    /// Of a format that knows only texts: what programs make of it.
    pub(super) fn of_text(text: &str) -> Self {
        let number =
            !text.is_empty() && text.parse::<f64>().is_ok_and(f64::is_finite) && text.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        match text.to_ascii_lowercase().as_str() {
            "true" => Self::Bool(true),
            "false" => Self::Bool(false),
            _ if number => Self::Number(text.to_owned()),
            _ => Self::Text(text.to_owned()),
        }
    }

    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::Moment(_) => "a date or time",
            Self::List(_) => "a list",
            Self::Map => "a map",
        }
    }
}

/// What stands under a key.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) value: Value,
    pub(super) at: Place,
    /// The scalar as it is written, in YAML and JSON.
    pub(super) written: Option<String>,
    pub(super) format: Option<Format>,
}

impl Entry {
    pub(super) fn new(value: Value, at: Place) -> Self {
        Self { value, at, written: None, format: None }
    }

    /// The value as it may be shown under its key.
    pub(super) fn shown(&self, path: &str) -> String {
        match &self.value {
            Value::Bool(is) => is.to_string(),
            Value::Number(text) if !secret_path(path) && text.len() <= 24 => text.clone(),
            Value::Text(text) if !secret_path(path) && is_common(text) => format!("`{text}`"),
            other => other.kind().to_owned(),
        }
    }

    pub(super) fn is_scalar(&self) -> bool {
        !matches!(self.value, Value::List(_) | Value::Map)
    }
}

/// A side.
#[derive(Debug, Clone, Default)]
pub(super) struct Listing {
    /// By path; of several files with the file's name before it: `prod/app.yaml: db.host`.
    pub(super) entries: BTreeMap<String, Entry>,
    /// Keys that stand twice.
    pub(super) twice: Vec<(String, Place)>,
    pub(super) files: Vec<String>,
    pub(super) not_checked: Vec<String>,
    /// More than one file, so that paths begin with names.
    pub(super) many: bool,
}

impl Listing {
    pub(super) fn put(&mut self, path: String, entry: Entry) {
        let at = entry.at;
        if self.entries.insert(path.clone(), entry).is_some() {
            self.twice.push((path, at));
        }
    }
}

/// The last key of a path, without the index of a list.
pub(super) fn last(path: &str) -> &str {
    let key = path.rsplit(": ").next().unwrap_or(path);
    let key = key.rsplit_once('.').map_or(key, |(_, last)| last);
    key.split('[').next().filter(|key| !key.is_empty()).unwrap_or(key)
}

/// A key on the way looks secret: `env[DB_PASSWORD].value`.
pub(super) fn secret_path(path: &str) -> bool {
    path.split(['.', '[', ']', ':', '/', '<', '>']).any(looks_secret)
}

/// Words that everybody writes as a value and nobody as a secret: switches, levels, environments, modes.
const COMMON: &[&str] = &[
    "all",
    "allow",
    "always",
    "auto",
    "debug",
    "default",
    "deny",
    "dev",
    "development",
    "disable",
    "disabled",
    "enable",
    "enabled",
    "error",
    "fast",
    "fatal",
    "full",
    "get",
    "http",
    "https",
    "info",
    "json",
    "local",
    "low",
    "high",
    "medium",
    "never",
    "no",
    "none",
    "off",
    "on",
    "optional",
    "patch",
    "post",
    "prefer",
    "prod",
    "production",
    "put",
    "required",
    "require",
    "slow",
    "staging",
    "strict",
    "tcp",
    "test",
    "text",
    "trace",
    "udp",
    "verbose",
    "verify-ca",
    "verify-full",
    "warn",
    "warning",
    "yes",
];

/// The text is one of the few words that are shown; every other text of a configuration is named by its kind.
fn is_common(text: &str) -> bool {
    COMMON.contains(&text.to_ascii_lowercase().as_str())
}

/// What identifies a member of a list: its name or id; a scalar itself; else its index. What may be a secret is a digest.
pub(super) fn identity(path: &str, index: usize, name: impl Fn(&str) -> Option<String>, scalar: Option<String>) -> String {
    const KEYS: &[&str] = &["name", "id", "containerPort", "port", "mountPath", "path", "host", "image"];
    if secret_path(path) {
        return index.to_string();
    }
    let named = KEYS.iter().find_map(|key| name(key));
    let is_name = named.is_some();
    let Some(text) = named.or(scalar) else { return index.to_string() };
    // A bare member is a value.
    if !is_name && is_common(&text) {
        return text;
    }
    let digest = || fingerprint("item", "", &text)[..8].to_owned();
    // A name like `DB_PASSWORD` says what a value is for; a word like `hunter2secret`, or a bare member of a list, may be the
    // secret itself. What is below keeps being secret, because its path says so.
    let mixed = text.bytes().any(|byte| byte.is_ascii_digit()) && text.bytes().any(|byte| byte.is_ascii_lowercase());
    match looks_secret(&text) {
        true if is_name && !mixed && text.len() <= 48 && may_show("item", &text) => text,
        true => format!("secret#{}", digest()),
        false if is_name && text.len() <= 48 && may_show("item", &text) => text,
        false => format!("#{}", digest()),
    }
}

/// The line of a byte, from 1. The line itself may hold a secret, so that refusals name it and never show it.
pub(super) fn line(bytes: &[u8], at: usize) -> usize {
    1 + bytes.iter().take(at).filter(|byte| **byte == b'\n').count()
}

/// A file is refused, without a place that would be drawn.
fn refuse(source: &Source, file: &File, code: &'static str, message: String, help: &str) -> Refused {
    Refused { code, side: source.side, file: file.name.clone(), span: None, message, help: help.to_owned() }
}

/// Reads all files of a side; what is no configuration is told.
pub(super) fn read(source: &Source, many: bool) -> Result<Listing, Vec<Refused>> {
    let mut listing = Listing { many, ..Listing::default() };
    let mut stops = Vec::new();
    for (index, file) in (0_u32..).zip(&source.files) {
        let refuse = |code, message, help| refuse(source, file, code, message, help);
        let text = match file.as_text() {
            Ok(text) => text,
            Err(at) => {
                stops.push(refuse(
                    "SG-CHK-083",
                    format!("line {}: it is not UTF-8 from here on", line(&file.bytes, at)),
                    "save the file as UTF-8",
                ));
                continue;
            }
        };
        let Some(format) = format::of(file) else {
            if source.files.len() == 1 {
                stops.push(refuse(
                    "SG-CHK-085",
                    "its name says no format of configuration".to_owned(),
                    "name it by `.json`, `.yaml`, `.toml`, `.env`, `.ini` or `.properties`",
                ));
            } else {
                listing.not_checked.push(format!("{}: its name says no format of configuration", file.name));
            }
            continue;
        };
        let mut one = Listing::default();
        if let Err((span, what)) = format::read(format, index, text, &mut one) {
            let message = format!("line {}: {what}", line(text.as_bytes(), span.start as usize));
            stops.push(refuse("SG-CHK-084", message, "mend the file at this place; it cannot be compared as it is"));
            continue;
        }
        let prefix = if listing.many { format!("{}: ", file.name) } else { String::new() };
        listing.files.push(file.name.clone());
        if listing.many {
            let whole = Entry { value: Value::Map, at: Place { file: index, span: Span::new(0, 0) }, written: None, format: Some(format) };
            listing.entries.insert(file.name.clone(), whole);
        }
        for (path, mut entry) in one.entries {
            entry.format = Some(format);
            listing.entries.insert(format!("{prefix}{path}"), entry);
        }
        listing.twice.extend(one.twice.into_iter().map(|(path, at)| (format!("{prefix}{path}"), at)));
    }
    if stops.is_empty() { Ok(listing) } else { Err(stops) }
}
