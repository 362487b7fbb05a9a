//! What an old planner's document says that has no key of `segue.yaml`: none of it is dropped.
//!
//! Changes of form that it lists become steps by people, because it gives no `up` and `down` that Segue could run; facts
//! become tasks, gates or rows of *Needed before start*. Tests: `tests/it/project_planner_json.rs`.

use segue_model::spec::program::ImportedChange;

use super::build::{self, StepDraft, none_of};
use super::draft::{Draft, pattern};
use super::ground::Ground;
use super::{preparation, retire};

/// A change of form described by an old document: expand and contract, by people.
pub(crate) fn schema_change(ground: &Ground<'_>) -> Draft {
    let pattern = pattern(
        "expand-contract",
        "the document changes a form inside one system, and both versions of the application must work while they are exchanged",
        &[
            ("big-bang", "one ALTER stops writers for as long as it rewrites, and has no way back that keeps new writes".to_owned()),
            ("blue-green", "a second database for a change that one database can hold".to_owned()),
        ],
    );
    let mut draft = Draft::new("schema", pattern);
    let changes = changes(ground);
    draft.aspect(
        "Form of the tables",
        "as it is",
        segue_model::units::counted(changes.len() as u64, "change") + " of the document",
        "expand, backfill, shift, contract",
    );
    let prepare = preparation::prepare(ground, "what is there is known, and a backup restores");
    draft.phase(prepare.task(
        "Write each change as `schema.changes` with `up` and `down`, so that Segue can run it",
        ground.role("dba"),
        "column_conversion",
        count(changes.len()),
    ));
    let back = "drop what was added; the old form was never changed";
    draft.phase(
        build::phase("expand", "the new form is there beside the old one, and both versions of the application may write")
            .after(&["prepare"])
            .owner(ground.role("dba"))
            .steps(changes.iter().map(|change| step(ground, change)))
            .gate("mismatches", "both forms agree on every row", none_of("mismatches"), "profile segue")
            .back(back, "none", "the catalog is what it was before"),
    );
    draft.phase(
        build::phase("shift", "the new version of the application is the one that users meet")
            .after(&["expand"])
            .owner(ground.role("lead"))
            .users("none while both forms are kept true")
            .task("Deploy the version of the application that uses the new form", ground.role("developer"), "cutover", 1)
            .gate("mismatches", "both forms agree on every row", none_of("mismatches"), "profile segue")
            .back("deploy the old version again: the old form is still true", "none", "both forms agree on every row"),
    );
    let old = retire::Old {
        what: "the old form",
        after: &["shift"],
        owner: "dba",
        kept_true: "the old form is kept true",
        archive: "what the old form held and the new one does not",
    };
    retire::retire(&mut draft, ground, &old);
    draft.need("how each change is converted and converted back, so that Segue can run it", "schema.changes", &["expand"]);
    draft
}

fn count(number: usize) -> u64 {
    number.try_into().unwrap_or(u64::MAX)
}

/// The changes of the document.
pub(crate) fn changes<'a>(ground: &Ground<'a>) -> Vec<&'a ImportedChange> {
    ground.spec.program.imported.iter().flat_map(|imported| &imported.schema_changes).collect()
}

/// One change as a step by people.
pub(crate) fn step(ground: &Ground<'_>, change: &ImportedChange) -> StepDraft {
    let words = |key: &str| change.details.get(key).cloned().unwrap_or_default();
    let object = [words("column"), words("constraint_name"), words("name")].into_iter().find(|name| !name.is_empty()).unwrap_or_default();
    let details: Vec<String> = change.details.iter().map(|(key, value)| format!("{} {value}", key.replace('_', " "))).collect();
    let id = format!("{}.{}.{object}", change.table, change.kind);
    let lossy = change.kind.contains("drop") || change.kind.contains("modify");
    let draft = build::manual(
        &id,
        "change_form",
        format!("{} on {}: {}", change.kind.replace('_', " "), change.table, details.join(", ")),
        "the document lists it; written as `schema.changes` with `up` and `down`, Segue runs it without a pause",
        "the catalog of the target has it, and a check of every row of the table finds none that breaks it",
    );
    let undo = if lossy { "keep the old column until `retire`; go back by its values" } else { "drop what was added" };
    draft
        .owner(ground.role("dba"))
        .until_contract()
        .undo(undo, "0 rows", "the catalog of the table is what it was before")
        .people(if change.kind.contains("constraint") { "constraint" } else { "column_conversion" }, 1)
}
