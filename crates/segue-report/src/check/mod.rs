//! What `segue check` found, in every form: for people, for pages, for CI systems, for scripts.
//!
//! Each form is a pure function of one [`CheckReport`]: the same report, the same bytes. Every text of a contract passes
//! the door of its form, so that no name becomes markup, a command or a line of its own. What is cut is counted.
//! Tests: `tests/it/check*.rs`.

mod doc000;
mod excerpt;
mod github;
mod gitlab;
mod html;
mod human;
pub(crate) mod junit;
mod markdown;
pub mod matrix;
mod place;
pub mod retirement;
mod sarif;
mod say;
mod schema;
mod script;

use segue_model::check::CheckReport;
use serde::Serialize;

pub use doc000::{doc000, doc000_text};
pub use github::github;
pub use gitlab::gitlab;
pub use html::html;
pub use human::human;
pub use junit::junit;
pub use markdown::{LIMIT as MARKDOWN_MAX, markdown};
pub use sarif::sarif;
pub use schema::schema;

/// How many findings a form for people shows; the rest is counted, and `--format json` has all.
pub const SHOWN_MAX: usize = 50;

/// The document of `formats.md`.
pub fn json(report: &CheckReport) -> String {
    pretty(report)
}

/// JSON with line breaks, ended by one. A value of ours always has one: its keys are texts.
fn pretty(value: &impl Serialize) -> String {
    let mut out = serde_json::to_string_pretty(value).unwrap_or_else(|error| format!("{{\"error\": \"{error}\"}}"));
    out.push('\n');
    out
}
