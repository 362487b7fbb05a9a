//! A change of form as a part of something larger, or one that Segue could not look at: the same journey, with the steps
//! of the executable plan named where there is one.
//!
//! `apply` does not take a plan with steps of others; a person runs the part's own spec. Tests:
//! `tests/it/project_cases.rs`.

use segue_model::plan::Plan;

use super::build::{self, Shell, none_of};
use super::draft::{Draft, pattern};
use super::ground::Ground;
use super::{preparation, retire};

/// The part.
pub(crate) fn draft(ground: &Ground<'_>) -> Draft {
    let mut draft = Draft::new(
        "schema",
        pattern(
            "expand-contract",
            "both versions of the application must work while they are exchanged, and going back must lose nothing",
            &[
                ("big-bang", "one ALTER stops writers for as long as it rewrites and scans, and breaks the old version at once".to_owned()),
                ("blue-green", "a second database needs a stream both ways for a change that one database can hold".to_owned()),
            ],
        ),
    );
    "automated".clone_into(&mut draft.rollback);
    let system = ground.spec.schema.as_ref().map(|schema| schema.system.clone()).unwrap_or_default();
    let what = what(ground);
    draft.aspect("Form of the tables", format!("as it is in {system}"), what.clone(), "expand, backfill, verify, shift, contract");
    draft.phase(preparation::prepare(ground, "the change of form can be planned, and was rehearsed").step(rehearse(ground)));
    draft.phase(
        build::phase("expand", "both forms are there and true, and every row has its new form")
            .after(&["prepare"])
            .owner(ground.role("dba"))
            .step(apply(ground, "until-shift", "segue apply -f schema.yaml --until verify --yes", "Expands, backfills and verifies"))
            .gate("mismatches", "both forms agree on every row", none_of("mismatches"), "profile segue")
            .gate("rows-rejected", "no row was kept aside", none_of("rows_rejected"), "profile segue")
            .back(
                "segue rollback takes the new form away; the old one was kept true",
                "none",
                "segue verify, and the catalog is what it was",
            ),
    );
    draft.phase(
        build::phase("form-shift", "the new form is strict and announced as ready")
            .after(&["expand"])
            .owner(ground.role("dba"))
            .users("none: both versions of the application work")
            .step(apply(ground, "shift", "segue apply -f schema.yaml --until shift --yes", "Shifts to the new form"))
            .gate("mismatches", "both forms agree on every row", none_of("mismatches"), "profile segue")
            .back("segue rollback --to verify; the old form is still true", "none", "segue verify"),
    );
    let old = retire::Old {
        what: "the old form of the tables",
        after: &["form-shift"],
        owner: "dba",
        kept_true: "segue rollback: the old form is kept true",
        archive: "what the old form held and the new one does not",
    };
    retire::retire(&mut draft, ground, &old);
    if let Some(plan) = ground.schema {
        take_over(&mut draft, plan);
    } else {
        draft.not_checked.push(format!("the tables of `{system}` that change: no connection was made, so nobody looked at them"));
        draft.need("the sizes of the tables that change, and what hangs on them", format!("systems.{system}"), &["expand"]);
    }
    draft
}

/// What changes, in words.
fn what(ground: &Ground<'_>) -> String {
    let program = &ground.spec.program;
    match (ground.spec.changes().len(), &program.schema_sql, &program.schema_desired) {
        (0, Some(file), _) => format!("as {file} makes it"),
        (0, None, Some(file)) => format!("as {file} describes it"),
        (1, ..) => "1 change of the spec".to_owned(),
        (count, ..) => format!("{count} changes of the spec"),
    }
}

fn rehearse(ground: &Ground<'_>) -> build::StepDraft {
    build::shell(
        "rehearse",
        "rehearse",
        "Runs the change of form forward, back and forward again on a throw-away copy",
        "a way back that was never gone is a hope",
        Shell {
            text: "segue rehearse -f schema.yaml".to_owned(),
            before: "schema.yaml holds the `schema` part of this spec, with a system that is no production",
            expected: "`rehearsal … passed`, with the time of each way",
        },
    )
    .owner(ground.role("dba"))
    .reads()
    .people("rehearsal", 1)
}

fn apply(ground: &Ground<'_>, id: &str, command: &str, what: &str) -> build::StepDraft {
    build::shell(
        id,
        "apply",
        what,
        "Segue runs the form's own steps one by one, each with its own undo",
        Shell {
            text: command.to_owned(),
            before: "schema.yaml holds the `schema` part of this spec; the variables of its systems are set",
            expected: "the command ends with 0; `segue status` names the phase",
        },
    )
    .owner(ground.role("dba"))
    .until_contract()
    .undo("segue rollback goes back step by step and says first what it would lose", "0 rows", "segue verify")
    .undo_shell(Shell {
        text: "segue rollback --yes".to_owned(),
        before: "`segue status` shows the run",
        expected: "the command ends with 0, and says what it lost: 0 rows",
    })
    .people("cutover", 1)
}

/// What the executable plan knows better.
fn take_over(draft: &mut Draft, plan: &Plan) {
    draft.findings.extend(plan.findings.iter().cloned());
    draft.not_checked.extend(plan.not_checked.iter().cloned());
    if plan.pause_ms > 0 {
        draft.downtime = Some((plan.pause_ms, "the rebuild of a table at `contract`".to_owned()));
    }
    let seconds: u64 = plan.phases.iter().map(|phase| phase.estimate.seconds).sum();
    if let Some(phase) = draft.phases.iter_mut().find(|phase| phase.name == "expand")
        && let Some(load) = phase.project.loads.iter_mut().find(|load| load.key == "people.cutover")
    {
        let machine = segue_model::plan::program::Load {
            of: load.of.clone(),
            who: "machine".to_owned(),
            key: "machine.backfill".to_owned(),
            amount: 0,
            facts: [("best_s", seconds / 2), ("likely_s", seconds), ("worst_s", seconds * 3)]
                .map(|(key, value)| (key.to_owned(), value))
                .into(),
            from: "the executable plan of the form".to_owned(),
            time: None,
        };
        phase.project.loads.push(machine);
    }
}
