//! Moments of a plan that everybody who writes about it needs: when users first notice, when they are moved, and after
//! which phase there is no way back.
//!
//! Reads the plan and decides nothing by itself: what a recipe said of a phase is what counts. Tests: below.

use super::{Phase, Plan};

/// Parts of phase names that mean that users are moved to the other side.
const MOVES: &[&str] = &["cutover", "cut-over", "cut_over", "shift", "switch", "traffic", "rollout", "canary"];

impl Phase {
    /// Whether users may notice something: its `user_impact` is more than "none".
    pub fn is_noticed(&self) -> bool {
        let impact = self.user_impact.trim().to_ascii_lowercase();
        let nothing = impact.strip_prefix("none").is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()));
        !impact.is_empty() && !nothing
    }

    /// Whether a step of it cannot be undone.
    pub fn is_final(&self) -> bool {
        self.steps.iter().any(|step| step.reversible == "no") || self.project.rollback.possible == "no"
    }
}

impl Plan {
    /// The first phase in which users may notice something.
    pub fn first_noticed(&self) -> Option<&Phase> {
        self.phases.iter().find(|phase| phase.is_noticed())
    }

    /// The phase in which users are moved to the other side: the one that is named so, else the first that they may
    /// notice, else the last one that can be undone.
    pub fn cutover(&self) -> Option<&Phase> {
        let named = |phase: &&Phase| MOVES.iter().any(|part| phase.name.to_ascii_lowercase().contains(part));
        self.phases.iter().find(named).or_else(|| self.first_noticed()).or_else(|| self.phases.iter().rev().find(|phase| !phase.is_final()))
    }

    /// The first phase after which there is no way back; `None` where each phase has one.
    pub fn point_of_no_return(&self) -> Option<&Phase> {
        self.phases.iter().find(|phase| phase.is_final())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Phase, Plan, Step};

    fn phase(name: &str, impact: &str, reversible: &str) -> Phase {
        let step = Step { id: format!("{name}/a"), reversible: reversible.to_owned(), ..Step::default() };
        Phase { name: name.to_owned(), user_impact: impact.to_owned(), steps: vec![step], ..Phase::default() }
    }

    fn name(phase: Option<&Phase>) -> &str {
        phase.map_or("", |phase| phase.name.as_str())
    }

    #[test]
    fn the_moments_are_found() {
        let phases = vec![
            phase("prepare", "none", "yes"),
            phase("copy", "None: readers go on", "yes"),
            phase("shift", "writes stop for 5 s", "yes"),
            phase("contract", "none", "no"),
        ];
        let mut plan = Plan { phases, ..Plan::default() };
        assert_eq!(name(plan.first_noticed()), "shift");
        assert_eq!(name(plan.cutover()), "shift");
        assert_eq!(name(plan.point_of_no_return()), "contract");
        "deploy".clone_into(&mut plan.phases[2].name);
        assert_eq!(name(plan.cutover()), "deploy", "the first that users may notice");
        "none".clone_into(&mut plan.phases[2].user_impact);
        assert_eq!(name(plan.first_noticed()), "");
        assert_eq!(name(plan.cutover()), "deploy", "the last with a way back");
        assert!(phase("a", "nonetheless slow", "yes").is_noticed());
        assert!(!phase("a", "", "yes").is_noticed());
    }
}
