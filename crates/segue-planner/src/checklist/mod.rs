//! Checklists of documents 000, 001, 002 and 004 with state, tied to evidence where Segue can see it by itself.
//!
//! Only items that the plan's kinds ask for. An item is `done` only with evidence that stands in the spec, the plan or
//! the assessment: nothing is ticked on faith. A change of form that Segue runs gets short lists and no gate. Tests:
//! `tests/it/checklist_lists.rs`.

mod after;
mod before;
mod compliance;
mod cutover;
mod evidence;
mod facts;
mod later;

use segue_model::assessment::Assessment;
use segue_model::plan::program::{CheckItem, Checklist};
use segue_model::plan::{Condition, Gate, Plan};
use segue_model::spec::Spec;

use evidence::Evidence;
use facts::Facts;

/// One item as the documents have it.
struct Row {
    /// What follows `LIST/`.
    slug: &'static str,
    what: &'static str,
    owner: &'static str,
    must: bool,
    /// Minutes from the cut-over.
    at_min: Option<i64>,
    /// How a person can tell.
    how: &'static str,
    from: &'static str,
    /// Whether the plan asks for it.
    applies: fn(&Facts<'_>) -> bool,
    /// What Segue sees by itself.
    evidence: fn(&Facts<'_>) -> Evidence,
}

/// A list as the documents have it.
struct List {
    id: &'static str,
    title: &'static str,
    rows: &'static [Row],
}

/// Fills `program.checklists`, and lets the lists with items that must be done gate the first phase that users may
/// notice; never for a plan that Segue runs by itself. Called again, it looks at the evidence anew and adds nothing twice.
pub fn checklists(plan: &mut Plan, spec: &Spec, assessment: Option<&Assessment>) {
    let facts = Facts::new(plan, spec, assessment);
    let lists = [&before::PREREQUISITES, &before::BEFORE, &compliance::SECURITY];
    let mut out: Vec<Checklist> = lists.into_iter().map(|list| filled(list, &facts)).collect();
    out.extend(compliance::lists(&facts));
    let later = [&cutover::CUTOVER, &after::DURING, &after::AFTER, &later::WEEK_1, &later::MONTH_1, &later::MONTH_3];
    out.extend(later.into_iter().map(|list| filled(list, &facts)));
    out.retain(|list| !list.items.is_empty());
    let gates = if facts.runs { Vec::new() } else { out.iter().filter_map(gate).collect() };
    plan.program.checklists = out;
    put(plan, gates);
}

fn filled(list: &List, facts: &Facts<'_>) -> Checklist {
    let items = list.rows.iter().filter(|row| (row.applies)(facts)).map(|row| item(list.id, row, facts)).collect();
    Checklist { id: list.id.to_owned(), title: list.title.to_owned(), items }
}

fn item(list: &str, row: &Row, facts: &Facts<'_>) -> CheckItem {
    let (state, how_to_tell) = match (row.evidence)(facts) {
        Evidence::None => ("open", row.how.to_owned()),
        Evidence::Seen(what) => ("done", format!("evidence: {what}")),
        Evidence::Missing(what) if row.how.is_empty() => ("open", format!("evidence: {what}")),
        Evidence::Missing(what) => ("open", format!("{}; evidence: {what}", row.how)),
    };
    CheckItem {
        id: format!("{list}/{}", row.slug),
        what: row.what.to_owned(),
        at_min: row.at_min,
        owner: facts.owner(row.owner),
        must: row.must,
        how_to_tell,
        state: state.to_owned(),
        from: row.from.to_owned(),
    }
}

/// The gate of a list that holds the plan up before users may notice anything.
fn gate(list: &Checklist) -> Option<Gate> {
    let early = matches!(list.id.as_str(), "prerequisites" | "before" | "security" | "compliance");
    (early && list.items.iter().any(|item| item.must)).then(|| Gate {
        // The phase comes in front where it is put.
        id: format!("checklist.{}", list.id),
        what: list.title.clone(),
        condition: Condition::Checklist { list: list.id.clone() },
        from: list.items.iter().find(|item| item.must).map_or_else(String::new, |item| item.from.clone()),
    })
}

fn put(plan: &mut Plan, gates: Vec<Gate>) {
    let named = plan.first_noticed().or_else(|| plan.cutover()).map(|phase| phase.name.clone());
    let Some(phase) = plan.phases.iter_mut().find(|phase| Some(&phase.name) == named.as_ref()) else { return };
    for mut gate in gates {
        gate.id = format!("{}/{}", phase.name, gate.id);
        if !phase.entry.iter().any(|other| other.id == gate.id) {
            phase.entry.push(gate);
        }
    }
}
