//! Documents: the plan in the section orders of the requirement documents, as YAML, and what was observed.
//!
//! Pure functions. No document ever holds a placeholder: what is not known stands in *Needed before start* with the
//! key of the spec that answers it. Tests: `tests/it/document*.rs`.

mod assessment;
mod doc001;
mod doc002;
mod doc003;
mod markdown;
mod own;
mod part;
mod phase;
mod reading;
mod schema;
pub(crate) mod tally;
mod yaml;

use segue_model::plan::Plan;

use markdown::Markdown;

pub use assessment::{assessment_json, assessment_markdown, assessment_text};
pub use schema::{assess_schema, plan_schema};
pub use yaml::plan_yaml;

/// Whose order of sections a plan's Markdown has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Segue's own.
    Segue,
    /// Requirement document 001: a summary, states, phases, rollback, risks, tests, monitoring, afterwards.
    Doc001,
    /// Requirement document 002: an overview, analysis, strategy, phases, risks by level, rollback by phase.
    Doc002,
    /// Requirement document 003: breaking changes, deprecation, data, rollout, rollback, communication.
    Doc003,
}

/// The whole plan as Markdown.
pub fn plan_markdown(plan: &Plan, order: Order) -> String {
    let mut page = Markdown::default();
    match order {
        Order::Segue => own::write(&mut page, plan),
        Order::Doc001 => doc001::write(&mut page, plan),
        Order::Doc002 => doc002::write(&mut page, plan),
        Order::Doc003 => doc003::write(&mut page, plan),
    }
    page.finish()
}
