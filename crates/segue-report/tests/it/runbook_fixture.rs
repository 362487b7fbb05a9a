//! Plans that the runbook and message tests stand on: a whole migration by hand, and a change of form that Segue runs.

use std::collections::BTreeMap;

use jiff::civil::date;
use segue_model::plan::program::{
    Aspect, CheckItem, Checklist, Communication, Load, Needed, PhaseRollback, Quantiles, Rehearsal, Risk, RollbackTrigger, Sourced, Spread,
    StepTimes, Task,
};
use segue_model::plan::{Command, Condition, Estimate, Gate, Outside, Pattern, Phase, PhaseProject, Plan, Program, Step, Undo};
use segue_model::spec::program::{Date, MetricCondition, MetricValue};

/// A change of form that Segue runs by itself.
pub(crate) fn schema() -> Plan {
    crate::plan::plan()
}

/// The same after a rehearsal.
pub(crate) fn rehearsed() -> Plan {
    let mut plan = schema();
    let times = |step: &Step| (step.id.clone(), StepTimes { perform_ms: 1_500, undo_ms: (step.reversible != "no").then_some(700) });
    let steps = plan.phases.iter().flat_map(|phase| &phase.steps).map(times).collect();
    plan.program.rehearsal = Some(Rehearsal {
        id: "R-7".to_owned(),
        at: "2027-01-04T10:00:00Z".to_owned(),
        spec_digest: plan.execution.spec_digest.clone(),
        rows: 91_000,
        whole: true,
        forward_ms: 21_000,
        back_ms: 9_000,
        again_ms: 30_000,
        steps,
        not_covered: Vec::new(),
    });
    plan
}

fn days(first: u64, last: u64) -> (Option<Quantiles>, Option<Quantiles>) {
    let at = |day: u64| Quantiles { p5_s: day * 82_000, p50_s: day * 86_400, p80_s: day * 95_000, p95_s: day * 105_000 };
    (Some(at(first)), Some(at(last)))
}

fn command(language: &str, dialect: &str, text: &str, expected: &str) -> Command {
    Command {
        language: language.to_owned(),
        dialect: dialect.to_owned(),
        text: text.to_owned(),
        precondition: "you are logged in as the migration's own role".to_owned(),
        expected: expected.to_owned(),
    }
}

fn step(id: &str, what: &str, forward: impl Into<Option<Command>>, back: impl Into<Option<Command>>) -> Step {
    let (forward, back) = (forward.into(), back.into());
    Step {
        id: id.to_owned(),
        kind: id.split('/').nth(1).unwrap_or_default().to_owned(),
        version: 1,
        by: if forward.is_some() { "command" } else { "manual" }.to_owned(),
        what: what.to_owned(),
        why: "the next phase needs it".to_owned(),
        lock: "none".to_owned(),
        reversible: "yes".to_owned(),
        undo: Undo {
            what: format!("take back what {id} did"),
            loses: "0 rows".to_owned(),
            command: back,
            time: Some(Estimate { seconds: 120, from: "model segue-1 people.runbook".to_owned() }),
            verify: "the old side answers".to_owned(),
        },
        outside: Outside {
            command: forward,
            how_to_tell: "its output says so".to_owned(),
            owner: "dba".to_owned(),
            because: "this version renders it".to_owned(),
            ..Outside::default()
        },
        ..Step::default()
    }
}

fn phase(name: &str, goal: &str, impact: &str, after: &[&str], when: (u64, u64), steps: Vec<Step>) -> Phase {
    let (starts, ends) = days(when.0, when.1);
    Phase {
        name: name.to_owned(),
        goal: goal.to_owned(),
        user_impact: impact.to_owned(),
        risk: if impact == "none" { "low" } else { "high" }.to_owned(),
        estimate: Estimate { seconds: (when.1 - when.0) * 86_400, from: "model segue-1".to_owned() },
        steps,
        project: PhaseProject {
            after: after.iter().map(|name| (*name).to_owned()).collect(),
            owner: "dba".to_owned(),
            starts,
            ends,
            rollback: PhaseRollback { possible: "yes".to_owned(), ..PhaseRollback::default() },
            ..PhaseProject::default()
        },
        ..Phase::default()
    }
}

fn condition(metric: &str, side: Option<&str>, op: &str, value: MetricValue, for_ms: u64) -> MetricCondition {
    MetricCondition { metric: metric.to_owned(), side: side.map(str::to_owned), op: op.to_owned(), value, for_ms }
}

fn phases() -> Vec<Phase> {
    let setup = command(
        "shell",
        "",
        "set -o noclobber\npg_dump --schema-only --no-owner \"${NEW_URL:?set it first}\" > before.schema",
        "a file before.schema, and nothing on the screen",
    );
    let role = command("sql", "postgres", "create role mover login;\ncomment on role mover is 'moves the shop';", "CREATE ROLE");
    let unrole = command("sql", "postgres", "drop role mover", "DROP ROLE");
    let route = command("config", "", "upstream orders {\n  server 10.0.0.8:8080;\n}", "the proxy says that it has read it");
    let unroute = command("config", "", "upstream orders {\n  server 10.0.0.7:8080;\n}", "the proxy says that it has read it");
    let mut prepare = phase(
        "prepare",
        "the new side is there and empty",
        "none",
        &[],
        (0, 2),
        vec![
            step("prepare/schema", "keep the schema of the new side", setup, command("shell", "", "rm -f before.schema", "nothing")),
            step("prepare/role", "make a role for the move", role, unrole),
        ],
    );
    prepare.project.tasks.push(Task {
        what: "Agree on the window".to_owned(),
        owner: "lead".to_owned(),
        minutes: 60,
        from: "model segue-1 people.communication".to_owned(),
    });
    let mut copy = phase(
        "copy",
        "every row is on both sides",
        "none",
        &["prepare"],
        (2, 5),
        vec![step("copy/orders", "copy the table orders", None, None)],
    );
    copy.steps[0].undo.time = None;
    copy.project.loads.push(Load {
        of: "copy/orders".to_owned(),
        who: "machine".to_owned(),
        key: "machine.copy".to_owned(),
        amount: 5_000_000,
        facts: BTreeMap::new(),
        from: "facts.rows".to_owned(),
        time: Some(Spread { p5_s: 1_000, p50_s: 3_600, p95_s: 9_000, from: "rates.copy".to_owned(), confidence: "stated".to_owned() }),
    });
    copy.gates.push(Gate {
        id: "copy/mismatches".to_owned(),
        what: "both sides agree".to_owned(),
        condition: Condition::Metric { condition: condition("mismatches", None, "==", MetricValue::Milli(0), 0) },
        from: "profile segue".to_owned(),
    });
    let mut shift = phase(
        "shift",
        "all requests go to the new side",
        "orders cannot be placed for up to 5 s",
        &["copy"],
        (5, 8),
        vec![step("shift/route", "send the requests for orders to the new side", route, unroute)],
    );
    shift.entry.push(Gate {
        id: "shift/checklist.before".to_owned(),
        what: "what must be so before users notice".to_owned(),
        condition: Condition::Checklist { list: "before".to_owned() },
        from: "document 002, Prerequisites".to_owned(),
    });
    let mut retire = phase(
        "retire",
        "the old side is gone",
        "none",
        &["shift"],
        (38, 39),
        vec![step("retire/old", "switch the old database off", None, None)],
    );
    "no".clone_into(&mut retire.steps[0].reversible);
    "nothing: its last back-up is kept in the archive for a year".clone_into(&mut retire.steps[0].undo.what);
    "every write to the old side, of which there are none since shift".clone_into(&mut retire.steps[0].undo.loses);
    vec![prepare, copy, shift, retire]
}

fn program() -> Program {
    let trigger = |when, action: &str| RollbackTrigger {
        when,
        action: action.to_owned(),
        order: ["send all requests to the old side", "tell the people of `owners`", "open an incident"].map(str::to_owned).to_vec(),
        phases: Vec::new(),
        from: "profile segue".to_owned(),
        measured_by: "prometheus metrics: error_rate".to_owned(),
    };
    let item = |id: &str, what: &str, at_min, state: &str| CheckItem {
        id: id.to_owned(),
        what: what.to_owned(),
        at_min,
        owner: "lead".to_owned(),
        must: true,
        how_to_tell: "evidence: owners.oncall".to_owned(),
        state: state.to_owned(),
        from: "document 002, Prerequisites".to_owned(),
    };
    let told = |audience: &str, what: &str, offset_s| Communication {
        audience: audience.to_owned(),
        what: what.to_owned(),
        offset_s,
        phase: "shift".to_owned(),
        every_s: 0,
        channel: "email".to_owned(),
        to: "customers@shop.example".to_owned(),
        from: "profile segue".to_owned(),
    };
    Program {
        why: "MariaDB 10.11 leaves support in 2028".to_owned(),
        profile: "segue".to_owned(),
        model: "segue-1".to_owned(),
        start: Some(Date(date(2027, 1, 11))),
        owners: BTreeMap::from(
            [("lead", "ana@shop.example"), ("dba", "raj@shop.example"), ("support", "help@shop.example")]
                .map(|(role, address)| (role.to_owned(), address.to_owned())),
        ),
        overview: vec![Aspect {
            aspect: "Database".to_owned(),
            current: "MariaDB 10.11".to_owned(),
            target: "PostgreSQL 18".to_owned(),
            change: "types, collations, queries".to_owned(),
        }],
        duration: Some(Quantiles { p5_s: 3_000_000, p50_s: 3_369_600, p80_s: 3_600_000, p95_s: 4_000_000 }),
        effort: Some(Quantiles { p5_s: 60_000, p50_s: 90_000, p80_s: 120_000, p95_s: 160_000 }),
        downtime: Some(Sourced { value: "5 s".to_owned(), from: "spec limits.downtime".to_owned() }),
        risks: vec![Risk {
            id: "R1".to_owned(),
            category: "technical".to_owned(),
            what: "rows differ after the copy and nobody sees it".to_owned(),
            severity: 8,
            occurrence: 4,
            detection: 2,
            rpn: 64,
            residual_rpn: 32,
            level: "medium".to_owned(),
            mitigation: "each row is compared before shift".to_owned(),
            trigger: "mismatches > 0".to_owned(),
            rollback: "stay on the old side".to_owned(),
            owner: "dba".to_owned(),
            evidence: "5 million rows".to_owned(),
            reasons: Vec::new(),
            phases: vec!["copy".to_owned()],
        }],
        needed: vec![Needed {
            what: "the size of the old database".to_owned(),
            spec_key: "systems.old.facts.size".to_owned(),
            for_what: vec!["copy".to_owned()],
        }],
        checklists: vec![Checklist {
            id: "before".to_owned(),
            title: "Before the migration".to_owned(),
            items: vec![
                item("before/oncall", "Somebody is on call", Some(-120), "done"),
                item("before/backup", "A back-up is there and was restored once", None, "open"),
            ],
        }],
        triggers: vec![
            trigger(condition("error_rate", Some("new"), ">", MetricValue::PercentMilli(1_000), 120_000), "rollback"),
            trigger(
                condition(
                    "p95",
                    Some("new"),
                    ">",
                    MetricValue::Times { factor_milli: 2_000, metric: "p95".to_owned(), side: Some("old".to_owned()) },
                    300_000,
                ),
                "pause",
            ),
        ],
        comms: vec![
            told("users", "what changes, when, and what to do", -14 * 86_400),
            told("support", "what users may ask, and what to answer", -21 * 86_400),
        ],
        ..Program::default()
    }
}

/// A whole migration that people carry out: nothing in it is run by Segue.
pub(crate) fn shop() -> Plan {
    let plan = Plan {
        format_version: 1,
        segue: "0.1.0".to_owned(),
        id: "MIG-042".to_owned(),
        name: "shop-mariadb-to-postgres".to_owned(),
        kinds: vec!["move".to_owned(), "service".to_owned()],
        pattern: Pattern { name: "cdc".to_owned(), why: "writes cannot stop for longer than 5 s".to_owned(), not: Vec::new() },
        risk: "high".to_owned(),
        rollback: "automated".to_owned(),
        phases: phases(),
        program: program(),
        ..Plan::default()
    };
    plan.sealed().expect("a digest")
}

/// The same with an API whose first version is retired.
pub(crate) fn api() -> Plan {
    let mut plan = shop();
    "MIG-050".clone_into(&mut plan.id);
    "orders-api-v2".clone_into(&mut plan.name);
    plan.kinds = vec!["api".to_owned()];
    plan.program.overview = vec![Aspect {
        aspect: "API".to_owned(),
        current: "v1".to_owned(),
        target: "v2".to_owned(),
        change: "`total` is a text with a currency".to_owned(),
    }];
    plan.program.needed.clear();
    let names = ["soft-deprecation", "compatibility", "hard-deprecation", "removal"];
    for (phase, name) in plan.phases.iter_mut().zip(names) {
        name.clone_into(&mut phase.name);
        for step in &mut phase.steps {
            step.id = format!("{name}/{}", step.kind);
        }
    }
    "requests to v1 get a warning header".clone_into(&mut plan.phases[2].user_impact);
    for phase in &mut plan.phases {
        phase.project.after.clear();
    }
    for communication in &mut plan.program.comms {
        "hard-deprecation".clone_into(&mut communication.phase);
        "api_consumers".clone_into(&mut communication.audience);
    }
    plan.sealed().expect("a digest")
}

/// Every sample.
pub(crate) fn all() -> Vec<Plan> {
    vec![schema(), rehearsed(), shop(), api()]
}

/// A name that tries to leave every place.
pub(crate) const HOSTILE: &str =
    "; x`'\"$(touch pwned);\n# <script>alert(1)</script>\r\nBcc: all@example.org\n-- */ drop | [a](b) \u{202e}\u{1b}[2J {not_a_hole} %0A";

/// A sample with that name everywhere that a user's text goes.
pub(crate) fn hostile() -> Plan {
    let mut plan = shop();
    let mut all = vec![&mut plan.name, &mut plan.risk, &mut plan.pattern.name, &mut plan.program.why];
    for phase in &mut plan.phases {
        all.extend([&mut phase.goal, &mut phase.user_impact, &mut phase.project.owner, &mut phase.name]);
        for step in &mut phase.steps {
            all.extend([
                &mut step.id,
                &mut step.what,
                &mut step.why,
                &mut step.lock,
                &mut step.undo.what,
                &mut step.undo.loses,
                &mut step.undo.verify,
            ]);
            all.extend([&mut step.outside.how_to_tell, &mut step.outside.owner, &mut step.outside.because]);
            if let Some(command) = &mut step.outside.command {
                all.extend([&mut command.precondition, &mut command.expected]);
            }
        }
    }
    for risk in &mut plan.program.risks {
        all.extend([&mut risk.what, &mut risk.mitigation]);
    }
    for needed in &mut plan.program.needed {
        all.extend([&mut needed.what, &mut needed.spec_key]);
    }
    for list in &mut plan.program.checklists {
        all.push(&mut list.title);
        all.extend(list.items.iter_mut().flat_map(|item| [&mut item.what, &mut item.how_to_tell]));
    }
    for communication in &mut plan.program.comms {
        all.extend([&mut communication.what, &mut communication.to, &mut communication.channel]);
    }
    for aspect in &mut plan.program.overview {
        all.extend([&mut aspect.aspect, &mut aspect.current, &mut aspect.target, &mut aspect.change]);
    }
    for text in all {
        text.push_str(HOSTILE);
    }
    for address in plan.program.owners.values_mut() {
        address.push_str(HOSTILE);
    }
    plan
}
