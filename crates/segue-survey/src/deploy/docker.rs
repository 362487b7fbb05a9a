//! Dockerfiles: stages, ports, health checks. Tests: `tests/it/tree.rs`.

use std::collections::{BTreeMap, BTreeSet};

use segue_model::finding::Severity;

use super::image;
use crate::gather::{Gather, is_secret_name};
use crate::manifest::lines;

pub(super) fn read(text: &str, gather: &mut Gather) {
    let mut args: BTreeMap<String, String> = BTreeMap::new();
    let mut stages: BTreeSet<String> = BTreeSet::new();
    let mut froms: Vec<(String, u32)> = Vec::new();
    let (mut healthy, mut last) = (false, 1);
    for (line, instruction) in instructions(text) {
        last = line;
        let mut words = instruction.split_whitespace();
        let keyword = words.next().unwrap_or_default().to_ascii_uppercase();
        let rest: Vec<&str> = words.collect();
        match keyword.as_str() {
            "ARG" if froms.is_empty() => {
                if let Some((name, value)) = rest.first().and_then(|arg| arg.split_once('=')) {
                    args.insert(name.to_owned(), value.trim_matches('"').to_owned());
                }
            }
            "FROM" => {
                let parts: Vec<&str> = rest.iter().filter(|word| !word.starts_with("--")).copied().collect();
                let Some(base) = parts.first() else { continue };
                let base = substitute(base, &args);
                if !stages.contains(&base.to_lowercase()) {
                    froms.push((base, line));
                }
                if let [_, word, stage, ..] = parts.as_slice()
                    && word.eq_ignore_ascii_case("as")
                {
                    stages.insert(stage.to_lowercase());
                }
                healthy = false;
            }
            "HEALTHCHECK" => healthy = rest.first().is_some_and(|word| !word.eq_ignore_ascii_case("none")),
            "ENV" | "ARG" => secrets(&rest, line, gather),
            _ => {}
        }
    }
    let count = froms.len();
    for (n, (base, line)) in froms.into_iter().enumerate() {
        image::take(&base, n + 1 == count, line, gather);
    }
    if count > 0 && !healthy {
        let message = "the image has no HEALTHCHECK: whoever starts it must know otherwise when it is ready";
        gather.finding("SG-SUR-021", Severity::Info, "image", message, "a probe of the orchestrator does as well", last);
    }
}

/// Lines joined at `\`; a here-document's text is read as instructions that nobody knows.
fn instructions(text: &str) -> Vec<(u32, String)> {
    let mut found: Vec<(u32, String)> = Vec::new();
    let mut open = false;
    for (line, text) in lines(text) {
        let text = text.trim();
        if text.starts_with('#') || text.is_empty() {
            continue;
        }
        let (part, goes_on) = text.strip_suffix('\\').map_or((text, false), |part| (part, true));
        match found.last_mut().filter(|_| open) {
            Some((_, whole)) if whole.len() < 64 * 1024 => {
                whole.push(' ');
                whole.push_str(part);
            }
            Some(_) => {}
            None => found.push((line, part.to_owned())),
        }
        open = goes_on;
    }
    found
}

/// `${NAME}`, `$NAME` and `${NAME:-default}` by the arguments before the first stage.
fn substitute(text: &str, args: &BTreeMap<String, String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let (name, default, behind) = if let Some((inner, behind)) = after.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
            let (name, default) = inner.split_once(":-").unwrap_or((inner, ""));
            (name, default, behind)
        } else {
            let end = after.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(after.len());
            (&after[..end], "", &after[end..])
        };
        match args.get(name) {
            Some(value) => out.push_str(value),
            None if !default.is_empty() => out.push_str(default),
            None => return text.to_owned(),
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// The names of variables that hold a secret in the open.
fn secrets(words: &[&str], line: u32, gather: &mut Gather) {
    for word in words {
        let Some((name, value)) = word.split_once('=') else { continue };
        if is_secret_name(name) && !value.trim_matches('"').is_empty() && !value.contains('$') {
            open_secret(name, line, gather);
        }
    }
}

/// A finding with the variable's name and never its value.
pub(super) fn open_secret(name: &str, line: u32, gather: &mut Gather) {
    let message = "a secret stands in the file in the open, and so in its history";
    gather.finding(
        "SG-SUR-023",
        Severity::High,
        name,
        message,
        "change it, and take it from a secret store or a file that is not committed",
        line,
    );
}
