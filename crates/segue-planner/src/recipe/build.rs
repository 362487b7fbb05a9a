//! How a recipe writes phases and steps: short builders over the plan's own types, so that a recipe reads as the work
//! that it describes.
//!
//! A step is by `command` only with a whole command; what would need an unknown value is `manual`, and the unknown is
//! in `needed`. No text of these builders may hold a placeholder. Tests: `tests/it/project_cases.rs`.

use std::collections::BTreeMap;

use segue_model::action::Action;
use segue_model::plan::program::{CodeDraft, Command, Load, Outside, PhaseProject, PhaseRollback, Task};
use segue_model::plan::{Condition, Estimate, Gate, Phase, Step, Undo};
use segue_model::spec::program::{MetricCondition, MetricValue, Window};

use crate::estimate::UNCOUNTED;

/// A phase under construction.
pub(crate) struct PhaseDraft(pub(crate) Phase);

/// A step under construction.
pub(crate) struct StepDraft {
    step: Step,
    loads: Vec<Load>,
}

/// A phase that nothing is in yet.
pub(crate) fn phase(name: &str, goal: &str) -> PhaseDraft {
    let estimate = Estimate { seconds: 0, from: "the schedule".to_owned() };
    let project = PhaseProject {
        owner: "lead".to_owned(),
        rollback: PhaseRollback {
            possible: "yes".to_owned(),
            loses: "0 rows".to_owned(),
            user_impact: "none".to_owned(),
            ..PhaseRollback::default()
        },
        ..PhaseProject::default()
    };
    PhaseDraft(Phase {
        name: name.to_owned(),
        goal: goal.to_owned(),
        user_impact: "none".to_owned(),
        risk: "low".to_owned(),
        estimate,
        project,
        ..Phase::default()
    })
}

impl PhaseDraft {
    /// The phases that must be over before it.
    pub(crate) fn after(mut self, names: &[&str]) -> Self {
        self.0.project.after = names.iter().map(|name| (*name).to_owned()).collect();
        self
    }

    /// Who answers for it.
    pub(crate) fn owner(mut self, role: &str) -> Self {
        role.clone_into(&mut self.0.project.owner);
        self
    }

    /// What users notice.
    pub(crate) fn users(mut self, what: &str) -> Self {
        what.clone_into(&mut self.0.user_impact);
        self
    }

    /// What people do beside the steps: `amount` units of a key of the model.
    pub(crate) fn task(mut self, what: impl Into<String>, owner: &str, key: &str, amount: u64) -> Self {
        let what = what.into();
        let from = format!("{amount} × model people.{key}");
        self.0.project.loads.push(load(&what, owner, &format!("people.{key}"), amount, &from));
        self.0.project.tasks.push(Task { what, owner: owner.to_owned(), minutes: 0, from });
        self
    }

    /// A task whose minutes somebody stated or an assessment gave.
    pub(crate) fn task_of(mut self, what: impl Into<String>, owner: &str, minutes: u64, from: &str) -> Self {
        let what = what.into();
        let mut load = load(&what, owner, "people.review", 1, from);
        load.facts = BTreeMap::from([
            ("best_s".to_owned(), minutes * 30),
            ("likely_s".to_owned(), minutes * 60),
            ("worst_s".to_owned(), minutes * 180),
        ]);
        self.0.project.loads.push(load);
        self.0.project.tasks.push(Task { what, owner: owner.to_owned(), minutes, from: from.to_owned() });
        self
    }

    /// A task of which nobody can say yet how long it takes.
    pub(crate) fn task_without_time(mut self, what: impl Into<String>, owner: &str, from: &str) -> Self {
        self.0.project.tasks.push(Task { what: what.into(), owner: owner.to_owned(), minutes: 0, from: from.to_owned() });
        self
    }

    /// Work of which nobody can say how much it is, and without which the phase is not done: the phase has no time then.
    pub(crate) fn uncounted(mut self, what: &str, owner: &str, from: &str) -> Self {
        self.0.project.loads.push(load(what, owner, UNCOUNTED, 0, from));
        self.task_without_time(what, owner, from)
    }

    /// What is there when it is over.
    pub(crate) fn deliver(mut self, what: &str) -> Self {
        self.0.project.deliverables.push(what.to_owned());
        self
    }

    /// A step; its id gets the phase's name in front.
    pub(crate) fn step(mut self, draft: StepDraft) -> Self {
        let StepDraft { mut step, loads } = draft;
        step.id = format!("{}/{}", self.0.name, step.id);
        for mut load in loads {
            step.id.clone_into(&mut load.of);
            self.0.project.loads.push(load);
        }
        self.0.steps.push(step);
        self
    }

    /// Several steps.
    pub(crate) fn steps(self, drafts: impl IntoIterator<Item = StepDraft>) -> Self {
        drafts.into_iter().fold(self, Self::step)
    }

    /// What must hold before the next phase starts.
    pub(crate) fn gate(mut self, name: &str, what: &str, condition: Condition, from: &str) -> Self {
        let gate = Gate { id: format!("{}/{name}", self.0.name), what: what.to_owned(), condition, from: from.to_owned() };
        self.0.gates.push(gate);
        self
    }

    /// What must hold before it starts.
    pub(crate) fn entry(mut self, name: &str, what: &str, condition: Condition, from: &str) -> Self {
        let gate = Gate { id: format!("{}/{name}", self.0.name), what: what.to_owned(), condition, from: from.to_owned() };
        self.0.entry.push(gate);
        self
    }

    /// How one goes back from it, what users notice then, and how to tell that one is back.
    pub(crate) fn back(mut self, how: &str, users: &str, verify: &str) -> Self {
        let rollback = &mut self.0.project.rollback;
        how.clone_into(&mut rollback.how);
        users.clone_into(&mut rollback.user_impact);
        verify.clone_into(&mut rollback.verify);
        self
    }

    /// How long going back may take before it is given up, and where that comes from.
    pub(crate) fn back_takes(mut self, seconds: u64, from: &str) -> Self {
        self.0.project.rollback.time = Some(Estimate { seconds, from: from.to_owned() });
        self
    }

    /// There is no way back from it; what is kept instead.
    pub(crate) fn last(mut self, kept: &str) -> Self {
        let rollback = &mut self.0.project.rollback;
        "no".clone_into(&mut rollback.possible);
        kept.clone_into(&mut rollback.how);
        "the old side is gone for its users".clone_into(&mut rollback.loses);
        "nothing: the archive restores a copy, not the service".clone_into(&mut rollback.verify);
        self
    }

    /// It may run in the spec's windows only: users may notice it.
    pub(crate) fn in_windows(mut self, windows: &[Window]) -> Self {
        self.0.project.windows = windows.to_vec();
        self
    }

    /// How long it is held after its work.
    pub(crate) fn hold(mut self, seconds: u64, from: &str) -> Self {
        if seconds > 0 {
            self.0.project.hold = Some(Estimate { seconds, from: from.to_owned() });
            let name = self.0.name.clone();
            self.0.project.loads.push(load(&name, "nobody", "wait.hold", seconds, from));
        }
        self
    }

    /// A wait that is no hold: a notice, a cache that must run out.
    pub(crate) fn wait(mut self, key: &str, seconds: u64, from: &str) -> Self {
        if seconds > 0 {
            let name = self.0.name.clone();
            self.0.project.loads.push(load(&name, "nobody", &format!("wait.{key}"), seconds, from));
        }
        self
    }
}

fn load(of: &str, who: &str, key: &str, amount: u64, from: &str) -> Load {
    Load { of: of.to_owned(), who: who.to_owned(), key: key.to_owned(), amount, facts: BTreeMap::new(), from: from.to_owned(), time: None }
}

fn step(id: &str, kind: &str, by: &str, what: impl Into<String>, why: &str) -> StepDraft {
    StepDraft {
        step: Step {
            id: id_part(id),
            kind: kind.to_owned(),
            version: 1,
            by: by.to_owned(),
            what: what.into(),
            why: why.to_owned(),
            lock: "none".to_owned(),
            reversible: "yes".to_owned(),
            undo: Undo { loses: "0 rows".to_owned(), ..Undo::default() },
            outside: Outside { owner: "lead".to_owned(), ..Outside::default() },
            action: Action::Outside,
        },
        loads: Vec::new(),
    }
}

/// A part of a step's id: no slash, no control character, nothing that a shell would read.
pub(crate) fn id_part(name: &str) -> String {
    let part: String = name.chars().map(|c| if c.is_alphanumeric() || matches!(c, '_' | '-' | '.') { c } else { '_' }).collect();
    if part.is_empty() { "_".to_owned() } else { part }
}

/// A step that a person does; `how_to_tell` says how to know that it is done.
pub(crate) fn manual(id: &str, kind: &str, what: impl Into<String>, why: &str, how_to_tell: &str) -> StepDraft {
    let mut draft = step(id, kind, "manual", what, why);
    how_to_tell.clone_into(&mut draft.step.outside.how_to_tell);
    "it needs a decision or access that this version does not have".clone_into(&mut draft.step.outside.because);
    draft
}

/// A step by a shell command that Segue renders: whole, with secrets by the name of a variable only.
pub(crate) fn shell(id: &str, kind: &str, what: impl Into<String>, why: &str, command: Shell<'_>) -> StepDraft {
    by_command(id, kind, what, why, "shell", "", command)
}

/// A step by SQL that Segue renders.
pub(crate) fn sql(id: &str, kind: &str, what: impl Into<String>, why: &str, dialect: &str, command: Shell<'_>) -> StepDraft {
    by_command(id, kind, what, why, "sql", dialect, command)
}

/// A step by a document of settings that Segue renders.
pub(crate) fn settings(id: &str, kind: &str, what: impl Into<String>, why: &str, command: Command) -> StepDraft {
    let mut draft = step(id, kind, "command", what, why);
    draft.step.outside.how_to_tell.clone_from(&command.expected);
    "this version renders the settings and does not apply them".clone_into(&mut draft.step.outside.because);
    draft.step.outside.command = Some(command);
    draft
}

/// A command with what surrounds it.
pub(crate) struct Shell<'a> {
    /// The text.
    pub(crate) text: String,
    /// What must be so before; names the variables that it takes.
    pub(crate) before: &'a str,
    /// What it gives when it worked.
    pub(crate) expected: &'a str,
}

fn by_command(id: &str, kind: &str, what: impl Into<String>, why: &str, language: &str, dialect: &str, command: Shell<'_>) -> StepDraft {
    let mut draft = step(id, kind, "command", what, why);
    command.expected.clone_into(&mut draft.step.outside.how_to_tell);
    "this version renders the command and does not run it".clone_into(&mut draft.step.outside.because);
    draft.step.outside.command = Some(as_command(language, dialect, command));
    draft
}

fn as_command(language: &str, dialect: &str, command: Shell<'_>) -> Command {
    Command {
        language: language.to_owned(),
        dialect: dialect.to_owned(),
        text: command.text,
        precondition: command.before.to_owned(),
        expected: command.expected.to_owned(),
    }
}

impl StepDraft {
    /// Who does it.
    pub(crate) fn owner(mut self, role: &str) -> Self {
        role.clone_into(&mut self.step.outside.owner);
        self
    }

    /// What it locks or stops.
    pub(crate) fn lock(mut self, lock: &str) -> Self {
        lock.clone_into(&mut self.step.lock);
        self
    }

    /// How it is undone, what that loses, and how to tell.
    pub(crate) fn undo(mut self, what: &str, loses: &str, verify: &str) -> Self {
        what.clone_into(&mut self.step.undo.what);
        loses.clone_into(&mut self.step.undo.loses);
        verify.clone_into(&mut self.step.undo.verify);
        self
    }

    /// Drafts of what the code becomes, for the person who does it.
    pub(crate) fn drafts(mut self, drafts: Vec<CodeDraft>) -> Self {
        self.step.outside.drafts = drafts;
        self
    }

    /// It changes nothing, so there is nothing to undo.
    pub(crate) fn reads(self) -> Self {
        self.undo("nothing: it only reads", "0 rows", "nothing to verify")
    }

    /// The command that undoes it.
    pub(crate) fn undo_shell(mut self, command: Shell<'_>) -> Self {
        self.step.undo.command = Some(as_command("shell", "", command));
        self
    }

    /// The SQL that undoes it.
    pub(crate) fn undo_sql(mut self, dialect: &str, command: Shell<'_>) -> Self {
        self.step.undo.command = Some(as_command("sql", dialect, command));
        self
    }

    /// The settings that undo it.
    pub(crate) fn undo_settings(mut self, command: Command) -> Self {
        self.step.undo.command = Some(command);
        self
    }

    /// What a person looks at beside what the command gives.
    pub(crate) fn tell(mut self, more: &str) -> Self {
        let told = &mut self.step.outside.how_to_tell;
        if !told.is_empty() {
            told.push_str("; ");
        }
        told.push_str(more);
        self
    }

    /// It cannot be undone: what is kept, where, until when.
    pub(crate) fn last(mut self, kept: &str) -> Self {
        "no".clone_into(&mut self.step.reversible);
        kept.clone_into(&mut self.step.undo.what);
        "the old side as a running system".clone_into(&mut self.step.undo.loses);
        "the archive is readable: list it and restore one part of it elsewhere".clone_into(&mut self.step.undo.verify);
        self
    }

    /// It can be undone until the old side goes.
    pub(crate) fn until_contract(mut self) -> Self {
        "until_contract".clone_into(&mut self.step.reversible);
        self
    }

    /// Work of people: so many units of a key of the model.
    pub(crate) fn people(mut self, key: &str, amount: u64) -> Self {
        let who = self.step.outside.owner.clone();
        self.loads.push(load("", &who, &format!("people.{key}"), amount, &format!("{amount} × model people.{key}")));
        self
    }

    /// Work of machines.
    pub(crate) fn machine(mut self, key: &str, amount: u64, facts: BTreeMap<String, u64>, from: &str) -> Self {
        let mut work = load("", "machine", &format!("machine.{key}"), amount, from);
        work.facts = facts;
        self.loads.push(work);
        self
    }

    /// A wait.
    pub(crate) fn waits(mut self, key: &str, seconds: u64, from: &str) -> Self {
        if seconds > 0 {
            self.loads.push(load("", "nobody", &format!("wait.{key}"), seconds, from));
        }
        self
    }
}

/// `METRIC(SIDE) OP VALUE for …`.
pub(crate) fn metric(metric: &str, side: Option<&str>, op: &str, value: MetricValue, for_s: u64) -> Condition {
    Condition::Metric {
        condition: MetricCondition {
            metric: metric.to_owned(),
            side: side.map(str::to_owned),
            op: op.to_owned(),
            value,
            for_ms: for_s * 1_000,
        },
    }
}

/// Nothing of that metric.
pub(crate) fn none_of(name: &str) -> Condition {
    metric(name, None, "==", MetricValue::Milli(0), 0)
}

/// So many people of these roles.
pub(crate) fn people(by: &[&str], count: u32) -> Condition {
    Condition::Approvals { by: by.iter().map(|role| (*role).to_owned()).collect(), count }
}
