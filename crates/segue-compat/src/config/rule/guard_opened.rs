//! A guard seems to be switched off.
//!
//! # What it checks
//! Truth values whose key names a protection (`verify`, `tls`, `auth`, `csrf`, `encrypt`, …) that went from true to
//! false, keys that name its absence (`insecure`, `debug`, `privileged`, …) that went from false to true, `sslmode` to
//! a weaker one, and lists of origins or hosts that became `*`.
//!
//! # Why it breaks
//! What was refused before is let in.
//!
//! # Safe path
//! Keep the guard, and open it only where it must be open, in a file of that environment.
//!
//! # Example
//! ```text
//! old: {tls: {verify: true}}
//! new: {tls: {verify: false}}
//! `tls.verify` was true and is false
//! ```

use segue_model::check::Side;
use segue_model::finding::Severity;

use crate::config::context::Context;
use crate::config::entry::{Entry, Value};
use crate::draft::{Draft, Drafts};
use crate::likeness::words;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "config-guard-opened",
    title: "A guard seems to be switched off",
    why: "What was refused before is let in.",
    fix: "Keep the guard, and open it only where it must be open, in a file of that environment.",
    answers: &[],
};

/// Keys that protect while they are true.
const GUARDS: &[&str] = &[
    "verify",
    "verification",
    "tls",
    "ssl",
    "https",
    "auth",
    "authentication",
    "authorization",
    "csrf",
    "encrypt",
    "encrypted",
    "encryption",
    "secure",
    "validate",
    "sandbox",
    "firewall",
    "mtls",
    "hsts",
];
/// Keys that open while they are true.
const OPENINGS: &[&str] =
    &["insecure", "debug", "privileged", "anonymous", "unsafe", "public", "escalation", "skip", "bypass", "disable", "disabled"];
/// From weak to strong.
const MODES: &[&str] = &["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for (path, old, new) in context.pairs.iter().filter(|(path, old, new)| opens(path, old, new)) {
        let message = format!("`{path}` was {} and is {}: a guard seems to be switched off", old.shown(path), new.shown(path));
        out.push(Draft::new(&RULE, context.policy, Vec::new(), *path, message).severity(Severity::High).at(Side::New, new.at));
    }
}

/// The change seems to let in what was refused.
pub(in crate::config) fn opens(path: &str, old: &Entry, new: &Entry) -> bool {
    let mut keys = path.rsplit(['.', '[', ']', ' ']).filter(|key| !key.is_empty());
    let own = words(keys.next().unwrap_or_default());
    // `tls.enabled` is about its parent.
    let named = if own == ["enabled"] || own == ["enable"] || own == ["required"] { words(keys.next().unwrap_or_default()) } else { own };
    let has = |all: &[&str]| named.iter().any(|word| all.contains(&word.as_str()));
    match (&old.value, &new.value) {
        (Value::Bool(true), Value::Bool(false)) => has(GUARDS) && !has(OPENINGS),
        (Value::Bool(false), Value::Bool(true)) => has(OPENINGS),
        (Value::Text(before), Value::Text(after)) => {
            let mode = |text: &str| MODES.iter().position(|mode| *mode == text);
            let star = after == "*"
                && before != "*"
                && ["origin", "origins", "host", "hosts", "cidr"].iter().any(|word| named.contains(&(*word).to_owned()));
            star || named.concat().contains("sslmode") && matches!((mode(before), mode(after)), (Some(old), Some(new)) if new < old)
        }
        _ => false,
    }
}
