//! What the rules of the register ask about a plan: moments, loads, gates, steps, who measures what.
//!
//! Reads the plan, the spec and the assessment, and decides nothing. Tests: `tests/it/register_rules.rs`.

use segue_model::assessment::{Assessment, Object, TableSeen, Verdict};
use segue_model::plan::program::Sourced;
use segue_model::plan::{Gate, Phase, Plan, Step};
use segue_model::spec::program::Outside;
use segue_model::spec::{Spec, System};

/// Parts of kinds and ids of steps that compare or check.
const VERIFIES: &[&str] = &["verify", "compare", "reconcile", "check", "diff"];

/// A plan as the rules see it.
#[derive(Clone)]
pub(super) struct Facts<'a> {
    pub(super) plan: &'a Plan,
    pub(super) spec: &'a Spec,
    pub(super) assessment: Option<&'a Assessment>,
    /// Segue carries out every step by itself.
    pub(super) runs: bool,
    /// A metrics system is named.
    pub(super) metrics: bool,
    /// Only phases of this part of a hybrid are looked at; `None` for all.
    part: Option<&'a str>,
    /// The phases in which users are moved: one of each part.
    moved: Vec<String>,
}

impl<'a> Facts<'a> {
    pub(super) fn new(plan: &'a Plan, spec: &'a Spec, assessment: Option<&'a Assessment>) -> Self {
        let metrics = spec.program.outside.values().any(|outside| matches!(outside, Outside::Prometheus { .. }));
        let mut facts = Self { plan, spec, assessment, runs: plan.runs(), metrics, part: None, moved: Vec::new() };
        let parts: Vec<Plan> = facts.parts(&[]).into_iter().map(|part| facts.only(part).alone()).collect();
        let of = |plan: &Plan| plan.cutover().map(|phase| phase.name.clone());
        facts.moved = if parts.is_empty() { of(plan).into_iter().collect() } else { parts.iter().filter_map(of).collect() };
        facts
    }

    /// The phases of a part as a plan of their own: what it says of its moments holds for the part.
    fn alone(&self) -> Plan {
        let bare = |phase: &Phase| Phase { name: phase.name.clone(), user_impact: phase.user_impact.clone(), ..Phase::default() };
        Plan { phases: self.phases().filter(|phase| !phase.is_final()).map(bare).collect(), ..Plan::default() }
    }

    /// The parts of a hybrid to which phases of these names belong, all parts for no name; none for a plan of one part.
    pub(super) fn parts(&self, names: &[String]) -> Vec<&'a str> {
        let of = |phase: &&'a Phase| names.is_empty() || names.contains(&phase.name);
        let mut parts: Vec<&str> = self.plan.phases.iter().filter(of).map(|phase| phase.project.part.as_str()).collect();
        parts.sort_unstable();
        parts.dedup();
        if self.plan.kinds.len() < 2 { Vec::new() } else { parts }
    }

    /// The same plan as far as it is this part's.
    pub(super) fn only(&self, part: &'a str) -> Self {
        Self { part: Some(part), ..self.clone() }
    }

    fn phases(&self) -> impl Iterator<Item = &'a Phase> + use<'a> {
        let part = self.part;
        self.plan.phases.iter().filter(move |phase| part.is_none_or(|part| phase.project.part == part))
    }

    /// Whether the plan is of a kind whose name holds one of these words, or the spec has that part.
    pub(super) fn is(&self, words: &[&str]) -> bool {
        let program = &self.spec.program;
        let part = |word: &&str| match *word {
            "move" => program.moves.is_some(),
            "code" => program.code.is_some(),
            "api" => program.api.is_some(),
            "service" => program.service.is_some(),
            "auth" => program.auth.is_some(),
            "infra" => program.infra.is_some(),
            _ => false,
        };
        words.iter().any(part) || self.plan.kinds.iter().any(|kind| words.iter().any(|word| kind.contains(word)))
    }

    /// Names of the phases with a load of one of these keys.
    pub(super) fn phases_with(&self, keys: &[&str]) -> Vec<String> {
        let has = |phase: &&Phase| phase.project.loads.iter().any(|load| keys.contains(&load.key.as_str()));
        self.plan.phases.iter().filter(has).map(|phase| phase.name.clone()).collect()
    }

    /// Phases in which rows are written by the migration.
    pub(super) fn writing(&self) -> Vec<String> {
        let mut out = self.phases_with(&["machine.copy", "machine.backfill", "machine.restore", "machine.snapshot", "machine.user_import"]);
        let named = |phase: &&Phase| ["copy", "backfill", "load", "import"].iter().any(|word| phase.name.contains(word));
        out.extend(self.plan.phases.iter().filter(named).map(|phase| phase.name.clone()));
        out.sort();
        out.dedup();
        out
    }

    /// Whether rows are copied or converted.
    pub(super) fn moves_rows(&self) -> bool {
        !self.writing().is_empty()
    }

    /// Phases that users may notice.
    pub(super) fn noticed(&self) -> Vec<String> {
        self.plan.phases.iter().filter(|phase| phase.is_noticed()).map(|phase| phase.name.clone()).collect()
    }

    /// The phases in which users are moved, one of each part; empty for a plan without phases.
    pub(super) fn cutover(&self) -> Vec<String> {
        self.moved.clone()
    }

    /// How long the old side is kept; of a hybrid, what its first part says.
    pub(super) fn keep_old(&self) -> Option<&'a Sourced> {
        let figures = &self.plan.program.figures;
        figures.get("keep_old").or_else(|| figures.iter().find(|(name, _)| name.ends_with(".keep_old")).map(|(_, figure)| figure))
    }

    /// Phases that cannot be undone.
    pub(super) fn finals(&self) -> Vec<String> {
        self.plan.phases.iter().filter(|phase| phase.is_final()).map(|phase| phase.name.clone()).collect()
    }

    /// All gates, of entry and exit, with their phase.
    pub(super) fn gates(&self) -> impl Iterator<Item = (&'a Phase, &'a Gate)> {
        self.phases().flat_map(|phase| phase.entry.iter().chain(&phase.gates).map(move |gate| (phase, gate)))
    }

    pub(super) fn steps(&self) -> impl Iterator<Item = &'a Step> {
        self.phases().flat_map(|phase| &phase.steps)
    }

    /// The first step whose kind or id holds one of these words.
    pub(super) fn step(&self, words: &[&str]) -> Option<&'a Step> {
        self.steps().find(|step| words.iter().any(|word| step.kind.contains(word) || step.id.contains(word)))
    }

    /// The first step that compares or checks, a step of Segue or a command before one of a person.
    pub(super) fn verify_step(&self) -> Option<&'a Step> {
        let verifies = |step: &&Step| VERIFIES.iter().any(|word| step.kind.contains(word) || step.id.contains(word));
        let mut found: Vec<&Step> = self.steps().filter(verifies).collect();
        found.sort_by_key(|step| step.by == "manual");
        found.first().copied()
    }

    /// The first piece of people's work with one of these keys: `task "…" in phase`.
    pub(super) fn task(&self, keys: &[&str]) -> Option<String> {
        self.phases().find_map(|phase| {
            let load = phase.project.loads.iter().find(|load| keys.contains(&load.key.as_str()))?;
            let of = if load.of == phase.name { load.key.clone() } else { load.of.clone() };
            Some(if of.starts_with(&format!("{}/", phase.name)) {
                format!("step `{of}`")
            } else {
                format!("task `{of}` in phase `{}`", phase.name)
            })
        })
    }

    /// The rehearsal of these changes.
    pub(super) fn rehearsed(&self) -> Option<String> {
        let rehearsal = self.plan.program.rehearsal.as_ref()?;
        Some(format!("rehearsal {} went forward and back on {} rows", rehearsal.id, rehearsal.rows))
    }

    /// Objects with a verdict.
    pub(super) fn objects(&self, verdict: Verdict) -> Vec<&'a Object> {
        self.assessment.map_or(&[][..], |seen| &seen.objects).iter().filter(|object| object.verdict == verdict).collect()
    }

    /// Tables that were seen in the system that data leaves, or in all where none does.
    pub(super) fn tables(&self) -> Vec<&'a TableSeen> {
        let from = self.spec.program.moves.as_ref().map(|moves| moves.from.as_str());
        let systems = self.assessment.map(|seen| &seen.systems).into_iter().flatten();
        systems.filter(|(name, _)| from.is_none_or(|from| from == name.as_str())).flat_map(|(_, system)| &system.tables).collect()
    }

    /// Whether data goes from one engine to another.
    pub(super) fn crosses_engines(&self) -> bool {
        let engine = |name: &str| {
            self.spec.systems.get(name).map(|system| match system {
                System::Postgres { .. } => "postgres",
                System::Mysql { .. } => "mysql",
                System::Sqlite { .. } => "sqlite",
            })
        };
        self.spec.program.moves.as_ref().is_some_and(|moves| engine(&moves.from) != engine(&moves.to))
    }

    /// Whether a system of the spec is production.
    pub(super) fn production(&self) -> bool {
        self.spec.program.about.values().any(|about| about.facts.production == Some(true))
    }

    /// The highest stated peak of requests or transactions a second.
    pub(super) fn peak(&self) -> Option<u64> {
        self.spec.program.about.values().filter_map(|about| about.facts.peak_tps).max()
    }

    /// Whether the pattern or a step sends changes on while the old side lives.
    pub(super) fn streams(&self) -> bool {
        !self.phases_with(&["machine.replicate_catchup"]).is_empty()
            || ["cdc", "replic", "stream", "dual"].iter().any(|word| self.plan.pattern.name.contains(word))
    }

    /// Steps that a person does.
    pub(super) fn by_hand(&self) -> usize {
        self.steps().filter(|step| step.by == "manual").count()
    }

    /// A role that somebody has, else the lead.
    pub(super) fn role(&self, role: &str) -> String {
        let known = self.spec.owners.is_empty() || self.spec.owners.contains_key(role);
        if known { role.to_owned() } else { "lead".to_owned() }
    }
}

/// Up to three names and how many more.
pub(super) fn some<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let shown: Vec<String> = names.iter().take(3).map(|name| format!("`{name}`")).collect();
    if names.len() > 3 { format!("{} and {} more", shown.join(", "), names.len() - 3) } else { shown.join(", ") }
}
