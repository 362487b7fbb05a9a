//! A value reads differently in YAML 1.1 and 1.2.
//!
//! # What it checks
//! Plain scalars of YAML that are new or written otherwise: `no`, `on`, `y` (truth values in 1.1), `0755` (octal in
//! 1.1, decimal or text in 1.2), `12:30:45` (a number of base 60 in 1.1), `1_000`, `0o17`, dates.
//!
//! # Why it breaks
//! Many readers still follow 1.1: a country code `NO` becomes false, a file mode becomes another number.
//!
//! # Safe path
//! Put the value into quotes, or write the truth value and the number plainly.
//!
//! # Example
//! ```text
//! new: country: no
//! `country` is a text in YAML 1.2 and false in YAML 1.1
//! ```

use segue_model::check::Side;
use segue_model::finding::Severity;

use crate::config::Format;
use crate::config::context::Context;
use crate::draft::{Draft, Drafts};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "config-yaml-ambiguous",
    title: "A value reads differently in YAML 1.1 and 1.2",
    why: "Many readers still follow 1.1: a country code `NO` becomes false, a file mode becomes another number.",
    fix: "Put the value into quotes, or write the truth value and the number plainly.",
    answers: &[],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for (path, entry) in context.new.entries.iter().filter(|(_, entry)| entry.format == Some(Format::Yaml)) {
        let Some(written) = &entry.written else { continue };
        let before = context.old.entries.get(path).and_then(|old| old.written.as_ref());
        if before == Some(written) {
            continue;
        }
        let Some((now, then)) = readings(written) else { continue };
        let message = format!("`{path}` is {now} in YAML 1.2 and {then} in YAML 1.1");
        out.push(Draft::new(&RULE, context.policy, Vec::new(), path.as_str(), message).severity(Severity::Medium).at(Side::New, entry.at));
    }
}

/// What a plain scalar is in 1.2 and in 1.1, where they differ.
fn readings(text: &str) -> Option<(&'static str, &'static str)> {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => return Some(("a text", "true")),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => return Some(("a text", "false")),
        _ => {}
    }
    let number = text.strip_prefix(['-', '+']).unwrap_or(text);
    if number.len() > 1 && number.starts_with('0') && digits(number) {
        let octal = number.bytes().all(|byte| byte < b'8');
        return Some(if octal { ("a decimal number", "an octal number") } else { ("a decimal number", "a text") });
    }
    if let Some(octal) = number.strip_prefix("0o")
        && digits(octal)
    {
        return Some(("an octal number", "a text"));
    }
    let sixties: Vec<&str> = number.split(':').collect();
    if sixties.len() > 1 && sixties.iter().all(|part| digits(part)) && sixties[1..].iter().all(|part| part.len() <= 2 && *part < "6") {
        return Some(("a text", "a number of base 60"));
    }
    if number.contains('_') && number.starts_with(|c: char| c.is_ascii_digit()) && digits(&number.replace('_', "")) {
        return Some(("a text", "a number"));
    }
    let date: Vec<&str> = text.split('-').collect();
    (date.len() == 3 && date[0].len() == 4 && date.iter().all(|part| digits(part))).then_some(("a text", "a date"))
}
