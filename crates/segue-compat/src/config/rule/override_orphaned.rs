//! An override stands alone.
//!
//! # What it checks
//! A file for one environment (`.env.production`, `application-prod.yaml`, `prod/app.yaml`) that sets a key which its
//! base file had on the old side and no longer has.
//!
//! # Why it breaks
//! The key was renamed or removed in the base, and this environment still sets the old one: nobody reads it, and the
//! new one keeps its default there.
//!
//! # Safe path
//! Change the key in every environment together.
//!
//! # Example
//! ```text
//! old: base.yaml: {pool: 5}, prod/base.yaml: {pool: 50}
//! new: base.yaml: {pool_size: 5}, prod/base.yaml: {pool: 50}
//! `pool` of prod/base.yaml overrides nothing any more
//! ```

use segue_model::check::Side;
use segue_model::finding::Severity;

use crate::config::context::Context;
use crate::draft::{Draft, Drafts};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "config-override-orphaned",
    title: "An override stands alone",
    why: "The key was renamed or removed in the base, and this environment still sets the old one: nobody reads it, and the new one keeps its default there.",
    fix: "Change the key in every environment together.",
    answers: &[],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for overlay in &context.new.files {
        for base in context.new.files.iter().filter(|base| is_overlay(overlay, base)) {
            let prefix = format!("{overlay}: ");
            for (path, entry) in context.new.entries.range(prefix.clone()..).take_while(|(path, _)| path.starts_with(&prefix)) {
                let under = format!("{base}: {}", &path[prefix.len()..]);
                let alone = !context.new.entries.contains_key(&under)
                    && context.old.entries.contains_key(&under)
                    && context.old.entries.contains_key(path);
                if alone && entry.is_scalar() {
                    let message = format!("`{path}` overrides nothing any more: `{base}` no longer has the key");
                    out.push(
                        Draft::new(&RULE, context.policy, Vec::new(), path.as_str(), message)
                            .severity(Severity::Medium)
                            .at(Side::New, entry.at),
                    );
                }
            }
        }
    }
}

/// The first is the second for one environment: `.env.prod` of `.env`, `app-prod.yaml` and `prod/app.yaml` of `app.yaml`.
fn is_overlay(overlay: &str, base: &str) -> bool {
    if overlay == base {
        return false;
    }
    let split =
        |path: &str| path.rsplit_once('/').map_or((String::new(), path.to_owned()), |(folder, name)| (folder.to_owned(), name.to_owned()));
    let ((folder, name), (base_folder, base_name)) = (split(overlay), split(base));
    if name == base_name {
        return folder.starts_with(&base_folder) && !matches!(folder.rsplit('/').next(), Some("base" | "default" | ""))
            || base_folder.ends_with("base")
            || base_folder.ends_with("default");
    }
    let parts = |name: &str| match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() => (stem.to_owned(), ending.to_owned()),
        _ => (name.to_owned(), String::new()),
    };
    let ((stem, ending), (base_stem, base_ending)) = (parts(&name), parts(&base_name));
    let env = base_name == ".env" && name.starts_with(".env.");
    folder == base_folder
        && (env || ending == base_ending && stem.starts_with(&base_stem) && stem[base_stem.len()..].starts_with(['-', '.', '_']))
}
