//! Phases, tasks and steps for a project tracker: JSON and CSV with stable ids `PHASE-X-XXX`, estimates, dependencies.
//!
//! No cell of the CSV can become a formula in a spreadsheet, whatever a name holds. Tests: `tests/it/tracker.rs`.

use segue_model::plan::{Phase, Plan};
use serde_json::{Value, json};

use crate::plan::{dates, say};
use crate::text::shown;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Item {
    id: String,
    parent: String,
    kind: &'static str,
    title: String,
    about: String,
    owner: String,
    minutes: Option<u64>,
    after: Vec<String>,
    days: Option<(u64, u64)>,
    risk: String,
    done_when: String,
}

/// The id of item `item` of the phase at `phase`, both from 0; item 0 is the phase itself. Phases count from 1.
pub(crate) fn id(phase: usize, item: usize) -> String {
    format!("PHASE-{}-{item:03}", phase + 1)
}

fn items(plan: &Plan) -> Vec<Item> {
    let mut all = Vec::new();
    for (at, phase) in plan.phases.iter().enumerate() {
        all.push(whole(plan, at, phase));
        let tasks = phase.project.tasks.iter().map(|task| Item {
            kind: if is_test(&task.what) { "test" } else { "task" },
            title: task.what.clone(),
            about: task.from.clone(),
            owner: task.owner.clone(),
            minutes: (task.minutes > 0).then_some(task.minutes),
            ..inside(at, phase)
        });
        let steps = phase.steps.iter().map(|step| Item {
            kind: match step.by.as_str() {
                "run" => "run",
                "command" => "script",
                _ => "manual",
            },
            title: step.what.clone(),
            about: format!("{}: {}", step.id, step.why),
            owner: if step.outside.owner.is_empty() { phase.project.owner.clone() } else { step.outside.owner.clone() },
            minutes: minutes_of(phase, &step.id),
            done_when: step.outside.how_to_tell.clone(),
            ..inside(at, phase)
        });
        let number = all.len();
        all.extend(tasks.chain(steps));
        for (item, within) in all[number..].iter_mut().zip(1..) {
            item.id = id(at, within);
        }
    }
    all
}

/// What an item of a phase has of it.
fn inside(at: usize, phase: &Phase) -> Item {
    Item {
        id: String::new(),
        parent: id(at, 0),
        kind: "task",
        title: String::new(),
        about: String::new(),
        owner: String::new(),
        minutes: None,
        after: Vec::new(),
        days: None,
        risk: phase.risk.clone(),
        done_when: String::new(),
    }
}

/// The phase itself.
fn whole(plan: &Plan, at: usize, phase: &Phase) -> Item {
    let place = |name: &String| plan.phases.iter().position(|other| other.name == *name).map(|place| id(place, 0));
    let mut after: Vec<String> = phase.project.after.iter().filter_map(place).collect();
    if after.is_empty() && at > 0 && plan.phases.iter().all(|other| other.project.after.is_empty()) {
        after.push(id(at - 1, 0));
    }
    let gates: Vec<String> = say::all_gates(phase).map(|(place, gate)| format!("{place}: {}", gate.what)).collect();
    Item {
        id: id(at, 0),
        parent: String::new(),
        kind: "phase",
        title: phase.name.clone(),
        about: phase.goal.clone(),
        owner: phase.project.owner.clone(),
        minutes: phase.project.work.as_ref().map(|work| work.p50_s.div_ceil(60)),
        after,
        days: phase.project.starts.zip(phase.project.ends).map(|(starts, ends)| (starts.p50_s, ends.p80_s.saturating_sub(1))),
        done_when: gates.join("; "),
        ..inside(at, phase)
    }
}

fn is_test(what: &str) -> bool {
    let what = what.to_ascii_lowercase();
    ["test", "verif", "rehears"].iter().any(|word| what.contains(word))
}

/// The middle of the time of a step's loads, where each was estimated.
fn minutes_of(phase: &Phase, step: &str) -> Option<u64> {
    let loads: Vec<_> = phase.project.loads.iter().filter(|load| load.of == step).collect();
    let seconds: Option<u64> = loads.iter().map(|load| load.time.as_ref().map(|time| time.p50_s)).sum();
    seconds.filter(|_| !loads.is_empty()).map(|seconds| seconds.div_ceil(60))
}

/// The day of a second of the schedule, where the plan has a start.
fn date(plan: &Plan, second: Option<u64>) -> Option<String> {
    Some(dates::iso_at(plan.program.start?, second?))
}

/// The items as a document. `start` and `due` are the middle start and the 80 % end of a phase.
pub fn json(plan: &Plan) -> Value {
    let all: Vec<Value> = items(plan)
        .into_iter()
        .map(|item| {
            json!({
                "id": item.id, "parent": (!item.parent.is_empty()).then_some(&item.parent), "type": item.kind, "title": item.title,
                "description": item.about, "owner": item.owner, "estimate_minutes": item.minutes, "depends_on": item.after,
                "start": date(plan, item.days.map(|days| days.0)), "due": date(plan, item.days.map(|days| days.1)),
                "start_day": item.days.map(|days| days.0 / dates::DAY_S + 1), "due_day": item.days.map(|days| days.1 / dates::DAY_S + 1),
                "risk": item.risk, "done_when": item.done_when,
            })
        })
        .collect();
    json!({"format_version": 1, "segue": plan.segue, "plan": plan.digest, "id": plan.id, "items": all})
}

/// The items as CSV (RFC 4180: line ends are CR LF, quotes are doubled).
pub fn csv(plan: &Plan) -> String {
    let mut out =
        String::from("id,parent,type,title,description,owner,estimate_minutes,depends_on,start,due,start_day,due_day,risk,done_when\r\n");
    for item in items(plan) {
        let minutes = item.minutes.map(|minutes| minutes.to_string()).unwrap_or_default();
        let after = item.after.join(" ");
        let (from, to) = (item.days.map(|days| days.0), item.days.map(|days| days.1));
        let (start, due) = (date(plan, from).unwrap_or_default(), date(plan, to).unwrap_or_default());
        let [start_day, due_day] =
            [from, to].map(|second| second.map(|second| (second / dates::DAY_S + 1).to_string()).unwrap_or_default());
        let cells = [
            &item.id,
            &item.parent,
            item.kind,
            &item.title,
            &item.about,
            &item.owner,
            &minutes,
            &after,
            &start,
            &due,
            &start_day,
            &due_day,
            &item.risk,
            &item.done_when,
        ];
        let line: Vec<String> = cells.iter().map(|cell| field(cell)).collect();
        out.push_str(&line.join(","));
        out.push_str("\r\n");
    }
    out
}

/// A cell. What a spreadsheet would take for a formula gets an apostrophe before it; what is invisible is made
/// visible first, so that no tab or line end can begin a formula either.
fn field(text: &str) -> String {
    let mut cell = shown(text);
    if cell.trim_start().starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']) {
        cell.insert(0, '\'');
    }
    if cell.contains([',', '"', '\'', ' ', ';']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn no_cell_becomes_a_formula() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-2", "'-2"),
            ("  +1", "\"'  +1\""),
            ("\t=1", "\\u{9}=1"),
            ("\r=1", "\\u{d}=1"),
            ("a \"b\", c", "\"a \"\"b\"\", c\""),
            ("plain", "plain"),
        ] {
            let quoted = if cell.starts_with('\'') { format!("\"{cell}\"") } else { cell.to_owned() };
            assert_eq!(field(text), quoted, "{text:?}");
        }
    }
}
