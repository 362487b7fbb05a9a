//! What decides which items apply: the plan's kinds, who notices what, what was stated and seen.
//!
//! Reads only. Tests: `tests/it/checklist_lists.rs`.

use segue_model::assessment::Assessment;
use segue_model::plan::Plan;
use segue_model::spec::Spec;

use crate::trigger::has_traffic;

/// A plan as the rows ask about it.
pub(super) struct Facts<'a> {
    pub(super) plan: &'a Plan,
    pub(super) spec: &'a Spec,
    pub(super) assessment: Option<&'a Assessment>,
    /// Segue runs every step by itself.
    pub(super) runs: bool,
    /// Users may notice something.
    pub(super) noticed: bool,
    /// Requests go to another side than before.
    pub(super) traffic: bool,
    /// Rows are moved, converted or restored.
    pub(super) database: bool,
    /// There is an old side that goes away.
    pub(super) old_side: bool,
}

impl<'a> Facts<'a> {
    pub(super) fn new(plan: &'a Plan, spec: &'a Spec, assessment: Option<&'a Assessment>) -> Self {
        let program = &spec.program;
        let kind = |known: &[&str]| plan.kinds.iter().any(|kind| known.iter().any(|known| kind.contains(known)));
        let database = spec.schema.is_some()
            || program.moves.is_some()
            || kind(&["schema", "move", "data", "database", "version", "shard", "partition"]);
        let traffic = has_traffic(plan, spec);
        let runs = plan.runs();
        Self {
            plan,
            spec,
            assessment,
            runs,
            noticed: plan.first_noticed().is_some(),
            traffic,
            database,
            old_side: !runs && (traffic || database),
        }
    }

    /// The plan is of this kind, or of one that is named after it.
    pub(super) fn is(&self, kind: &str) -> bool {
        let program = &self.spec.program;
        let stated = match kind {
            "api" => program.api.is_some(),
            "auth" => program.auth.is_some(),
            "infra" => program.infra.is_some(),
            "code" => program.code.is_some(),
            "service" => program.service.is_some(),
            _ => false,
        };
        stated || self.plan.kinds.iter().any(|name| name.contains(kind))
    }

    /// The role, where the spec has it or one that stands in for it.
    pub(super) fn owner(&self, role: &str) -> String {
        let stand_in = match role {
            "oncall" | "support" | "security" | "compliance" | "developer" | "dba" => "lead",
            other => other,
        };
        let known = |role: &str| self.spec.owners.contains_key(role);
        if !known(role) && known(stand_in) { stand_in.to_owned() } else { role.to_owned() }
    }
}

/// Each plan.
pub(super) fn always(_: &Facts<'_>) -> bool {
    true
}

/// Plans that people carry out.
pub(super) fn by_people(facts: &Facts<'_>) -> bool {
    !facts.runs
}

/// Plans that people carry out and that users may notice.
pub(super) fn noticed(facts: &Facts<'_>) -> bool {
    !facts.runs && facts.noticed
}

/// Plans that touch rows.
pub(super) fn database(facts: &Facts<'_>) -> bool {
    facts.database
}

/// The same, carried out by people.
pub(super) fn database_by_people(facts: &Facts<'_>) -> bool {
    facts.database && !facts.runs
}

/// Plans that send requests elsewhere.
pub(super) fn traffic(facts: &Facts<'_>) -> bool {
    facts.traffic && !facts.runs
}

/// Plans with an old side that goes away.
pub(super) fn old_side(facts: &Facts<'_>) -> bool {
    facts.old_side
}
