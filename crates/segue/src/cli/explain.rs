//! `segue explain`: what a code, a step kind, a step, a gate or a number of the plan means.

use clap::Args;
use segue_model::plan::{Condition, Plan};
use segue_model::problem::Problem;

use super::{Format, Global};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::inputs::PlanInputs;
use crate::pages::{CODES, RULES, STEPS};
use crate::show::{Show, fold};

/// Arguments of `segue explain`.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// A code (`SG-SPEC-003`), a rule of `check`, a step kind (`expand_table`), a step (`backfill/users`), a gate (`shift/approval`),
    /// a phase (`backfill`), a risk (`R7`), a number (`estimate copy/orders`, `figure ladder`, `effort`, `duration`,
    /// `pause`, `risk`), or the `pattern`
    #[arg(required = true)]
    id: Vec<String>,
    #[command(flatten)]
    inputs: PlanInputs,
}

impl Explain {
    pub(crate) fn run(&self, global: &Global, show: &Show) -> Result<Exit, Failure> {
        let id = self.id.join(" ");
        let id = id.trim();
        let upper = id.to_ascii_uppercase();
        let page = CODES.iter().find(|(name, _)| *name == upper).or_else(|| STEPS.iter().find(|(name, _)| *name == id));
        if let Some((_, text)) = page {
            return tell(show, id, &reflowed(text), 0);
        }
        // A rule whose name is one word (`pattern`) may be something of the plan: the plan is asked first.
        if let Some(text) = rule(id).filter(|_| id.contains('-')) {
            return tell(show, id, &reflowed(&text), 0);
        }
        let asked = self.inputs.plan.is_some() || self.inputs.inputs.file.is_some();
        let (plan, why) = match self.inputs.find(global) {
            Ok(found) => (Some(found.plan), None),
            Err(failure) if asked => return Err(failure),
            // A code's page needs no plan; what is asked may be one of those, misspelt.
            Err(failure) => (None, Some(failure)),
        };
        let model = self.inputs.inputs.model()?;
        let explained = plan.as_ref().and_then(|plan| in_plan(plan, id).or_else(|| segue_planner::explain::explain(plan, &model, id)));
        match explained {
            Some(text) => tell(show, id, &text, 4),
            None if rule(id).is_some() => tell(show, id, &reflowed(&rule(id).unwrap_or_default()), 0),
            None => match PHASES.iter().find(|(name, _)| *name == id) {
                Some((name, meaning)) => tell(show, id, &format!("{name}\n  {meaning}\n"), 4),
                None => Err(why.filter(|why| is_of_a_plan(id) && !is_no_plan(why)).unwrap_or_else(|| unknown(id, plan.is_some()))),
            },
        }
    }
}

/// A step, a gate or a number of a plan; a code is none.
fn is_of_a_plan(id: &str) -> bool {
    !id.to_ascii_uppercase().starts_with("SG-")
}

/// There is no spec here, and no run: no plan that could not be read.
fn is_no_plan(why: &Failure) -> bool {
    why.problems.iter().all(|problem| problem.code == "SG-CLI-002")
}

/// The section of a rule of `check`; a difference of shapes has the position in front: `request-body-required`.
fn rule(id: &str) -> Option<String> {
    let section = |name: &str| {
        RULES.iter().find_map(|(_, page)| {
            let start = page.find(&format!("\n## {name}\n"))? + 1;
            let rest = &page[start..];
            let end = rest[3..].find("\n## ").map_or(rest.len(), |at| at + 4);
            Some(rest[1..end].trim_end().replace("\n### ", "\n## ") + "\n")
        })
    };
    let mut name = id;
    loop {
        if let Some(text) = section(name) {
            return Some(text);
        }
        name = name.split_once('-')?.1;
    }
}

/// What a phase is, where no plan is at hand.
const PHASES: [(&str, &str); 6] = [
    ("prepare", "after it, the control table with the fence is there"),
    ("expand", "after it, new columns, triggers and version views are there; both versions of the application may write"),
    ("backfill", "after it, every row has its new form; rows that `up` cannot convert are kept aside and close a gate"),
    ("verify", "after it, every row's two forms were compared by an independent read"),
    ("shift", "after it, the new form is strict, and announced as ready"),
    ("contract", "after it, the old form is gone; there is no way back"),
];

/// A page with each paragraph on one line, to be folded anew; headings, lists, tables and code stay.
fn reflowed(page: &str) -> String {
    let prose = |line: &str| line.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '`' | '"' | '(' | '*' | '~'));
    let (mut out, mut fenced, mut open) = (String::new(), false, false);
    for line in page.lines() {
        let fence = line.starts_with("```");
        if open && !fenced && !fence && prose(line) {
            out.push(' ');
        } else if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(line);
        fenced ^= fence;
        open = !fenced && !fence && (prose(line) || line.starts_with("- "));
    }
    out.push('\n');
    out
}

fn tell(show: &Show, id: &str, text: &str, hang: usize) -> Result<Exit, Failure> {
    if show.format == Format::Json {
        show.json(&serde_json::json!({"format_version": 1, "segue": crate::VERSION, "id": id, "text": text}))?;
    } else {
        show.result(&fold(text, show.width, hang))?;
    }
    Ok(Exit::Ok)
}

/// What the plan itself says of an id.
fn in_plan(plan: &Plan, id: &str) -> Option<String> {
    if let Some(step) = plan.step(id) {
        return Some(format!(
            "{} ({} v{})\n  what    {}\n  why     {}\n  lock    {}\n  undo    {}\n  loses   {}\n",
            step.id, step.kind, step.version, step.what, step.why, step.lock, step.undo.what, step.undo.loses
        ));
    }
    for phase in &plan.phases {
        if phase.name == id {
            let mut text =
                format!("{}\n  goal      {}\n  users     {}\n  risk      {}\n", phase.name, phase.goal, phase.user_impact, phase.risk);
            match &phase.project.work {
                // What is simulated: three points and where they come from.
                Some(work) if !plan.runs() => {
                    let hours = |seconds: u64| format!("{}.{} h", seconds / 3_600, seconds % 3_600 / 360);
                    let (p5, p50, p95) = (hours(work.p5_s), hours(work.p50_s), hours(work.p95_s));
                    text.push_str(&format!("  estimate  P5 {p5}, P50 {p50}, P95 {p95}: {}\n", work.from));
                }
                _ => text.push_str(&format!("  estimate  {} s: {}\n", phase.estimate.seconds, phase.estimate.from)),
            }
            for step in &phase.steps {
                text.push_str(&format!("  step      {}: {}\n", step.id, step.what));
            }
            return Some(text);
        }
        if let Some(gate) = phase.entry.iter().chain(&phase.gates).find(|gate| gate.id == id) {
            let opens = match &gate.condition {
                Condition::Approval => format!("a person's yes: segue approve {}", gate.id),
                Condition::RowsRejected { table } => format!(
                    "no row of {table} is kept aside: `segue verify` names such rows with the reason; mend them through the old form, then segue apply"
                ),
                Condition::Waited { since, at_least_ms } => {
                    format!("{} have passed since {since}", segue_model::units::Millis(*at_least_ms))
                }
                Condition::Check { name } => format!("the business rule `{name}` gives what it gave before"),
                Condition::Metric { condition } => format!("{condition}, seen by a person: segue approve {}", gate.id),
                Condition::Approvals { by, count } => format!("{count} of {} say yes: segue approve {}", by.join(", "), gate.id),
                Condition::Checklist { list } => format!("every must of the checklist `{list}` is done: segue approve {}", gate.id),
            };
            return Some(format!("{}\n  asks   {}\n  opens  {opens}\n  from   {}\n", gate.id, gate.what, gate.from));
        }
    }
    number(plan, id)
}

/// Where a number of the plan comes from.
fn number(plan: &Plan, id: &str) -> Option<String> {
    let mut text = format!("{id}\n");
    match id {
        "estimate" => {
            for phase in &plan.phases {
                text.push_str(&format!("  {:<9} {:>6} s  {}\n", phase.name, phase.estimate.seconds, phase.estimate.from));
            }
        }
        "pause" if !plan.runs() => {
            let pause = plan.program.downtime.as_ref()?;
            text.push_str(&format!("  {}: {}\n", pause.value, pause.from));
        }
        "pause" => text.push_str(&format!(
            "  {} ms: the longest stop of writers that the plan expects\n  {} ms: the most that it would be allowed, the larger of throttle.ddl_lock_timeout ({} ms) and limits.downtime ({} ms)\n",
            plan.pause_ms,
            plan.execution.throttle.ddl_lock_timeout_ms.max(plan.execution.throttle.downtime_ms),
            plan.execution.throttle.ddl_lock_timeout_ms,
            plan.execution.throttle.downtime_ms
        )),
        "throttle" => {
            let t = &plan.execution.throttle;
            text.push_str(&format!(
                "  max_replication_lag {} ms, batch_target {} ms, ddl_lock_timeout {} ms, max_wal {}\n",
                t.max_replication_lag_ms, t.batch_target_ms, t.ddl_lock_timeout_ms, segue_model::units::Bytes(t.max_wal_bytes)
            ));
        }
        _ => return None,
    }
    Some(text)
}

fn unknown(id: &str, with_plan: bool) -> Failure {
    let rules = RULES.iter().flat_map(|(_, page)| page.lines().filter_map(|line| line.strip_prefix("## ")));
    let near: Vec<&str> = CODES
        .iter()
        .chain(STEPS)
        .map(|(name, _)| *name)
        .chain(rules)
        .filter(|name| name.to_ascii_lowercase().contains(&id.to_ascii_lowercase()))
        .take(5)
        .collect();
    let help = if near.is_empty() {
        "codes look like SG-SPEC-003, rules of check like openapi-operation-removed, step kinds like expand_table; steps, gates and phases as `segue plan --detail full` names them"
            .to_owned()
    } else {
        format!("did you mean {}?", near.join(", "))
    };
    let place = if with_plan {
        "no code, step kind, step, gate, phase or number"
    } else {
        "no code, step kind or phase (and there is no run to look in)"
    };
    Failure::new(Exit::Usage, Problem::new("SG-CLI-022", format!("`{id}` is {place}")).safe("nothing was touched").help(help))
}
