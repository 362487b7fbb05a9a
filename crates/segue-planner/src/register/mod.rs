//! The risk register: computed from what the plan contains, joined with the team's own rows.
//!
//! One rule a row, by category in the files beside; the ids are the rules' numbers, so that `R7` means the same in each
//! plan. Levels are the model's (RPN). Sets the levels of the plan and of its phases, and never lowers one that a recipe
//! set. Must never hold a risk without evidence in this plan. Tests: `tests/it/register_*.rs`.

mod business;
mod compliance;
mod data;
mod facts;
mod operational;
mod own;
mod rollback;
mod rule;
mod security;
mod technical;

use std::collections::BTreeSet;

use segue_model::assessment::Assessment;
use segue_model::finding::Finding;
use segue_model::plan::Plan;
use segue_model::plan::program::Risk;
use segue_model::spec::Spec;

use crate::estimate::Model;
use facts::Facts;
use rule::Rule;

/// Fills `program.risks`, worst first, and the levels of the plan and its phases, with the builtin model's scales.
pub fn register(plan: &mut Plan, spec: &Spec, assessment: Option<&Assessment>) -> Vec<Finding> {
    register_with(plan, spec, assessment, &Model::builtin())
}

/// The same with the scales of a model.
pub fn register_with(plan: &mut Plan, spec: &Spec, assessment: Option<&Assessment>, model: &Model) -> Vec<Finding> {
    let facts = Facts::new(plan, spec, assessment);
    let (own, findings) = own::rows(&facts, model);
    let taken: BTreeSet<String> = own.iter().map(|risk| risk.id.to_ascii_uppercase()).collect();
    let name = |number: u16| {
        let plain = format!("R{number}");
        if taken.contains(&plain) { format!("segue-{plain}") } else { plain }
    };
    let computed = rules().filter_map(|rule| Some((rule.about)(&facts)?.row(&facts, model, name(rule.number), rule.category)));
    let mut risks: Vec<Risk> = computed.chain(own).collect();
    risks.sort_by(|a, b| b.rpn.cmp(&a.rpn).then_with(|| number(&a.id).cmp(&number(&b.id))).then_with(|| a.id.cmp(&b.id)));
    levels(plan, &risks);
    plan.program.risks = risks;
    findings
}

fn rules() -> impl Iterator<Item = &'static Rule> {
    [technical::RULES, data::RULES, rollback::RULES, business::RULES, operational::RULES, security::RULES, compliance::RULES]
        .into_iter()
        .flatten()
}

/// The number in an id, so that `R10` stands after `R9`.
fn number(id: &str) -> u64 {
    id.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or(u64::MAX)
}

/// The order of levels.
pub(crate) fn rank(level: &str) -> usize {
    ["low", "medium", "high", "critical"].iter().position(|word| *word == level).unwrap_or(0)
}

/// The worst risk decides, and what a recipe said stays at least.
fn levels(plan: &mut Plan, risks: &[Risk]) {
    plan.risk = worst(&plan.risk, risks.iter()).to_owned();
    for phase in &mut plan.phases {
        phase.risk = worst(&phase.risk, risks.iter().filter(|risk| risk.phases.contains(&phase.name))).to_owned();
    }
}

fn worst<'a>(own: &'a str, risks: impl Iterator<Item = &'a Risk>) -> &'a str {
    let own = if own.is_empty() { "low" } else { own };
    risks.map(|risk| risk.level.as_str()).chain([own]).max_by_key(|level| rank(level)).unwrap_or("low")
}

/// The cell of the 5 × 5 view: probability and impact, each 1 to 5, from occurrence and severity.
pub fn cell(risk: &Risk) -> (u8, u8) {
    (risk.occurrence.clamp(1, 10).div_ceil(2), risk.severity.clamp(1, 10).div_ceil(2))
}
