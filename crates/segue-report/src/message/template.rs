//! Templates of the users' own, in the language of Jinja: strict about names, with no way to files or the system.
//!
//! Every text of the plan is made visible before a template sees it, and an HTML template escapes by itself. A loop
//! that does not end runs out of fuel. Tests: `tests/it/message_template.rs`.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use segue_model::plan::Plan;
use serde_json::{Value, json};

use super::facts::Facts;
use super::{Kind, Message, RunView, draft};
use crate::plan::{dates, say};
use crate::text::shown;

/// How much a template may do.
const FUEL: u64 = 2_000_000;

/// How a template is rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As it stands.
    Text,
    /// Values are escaped.
    Html,
}

/// Why a template was not rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    /// The line, from 1; 0 where there is none.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl std::fmt::Display for TemplateError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for TemplateError {}

/// Renders a template. Its names: `plan`, `phases`, `cutover`, `run`, `risks`, `needed`, `checklists`, `comms`, `owners`,
/// `state`, `impact`, `not_affected`, `downtime`, `way_back`, `now`, and `message` with the draft that it replaces.
pub fn render(
    template: &str,
    form: Form,
    kind: Kind,
    plan: &Plan,
    run: Option<&RunView>,
    when: Timestamp,
    zone: &TimeZone,
) -> Result<String, TemplateError> {
    let facts = Facts::new(plan, run, when, zone);
    let environment = environment(form);
    let template = environment.template_from_named_str("template", template).map_err(|error| failed(&error))?;
    template.render(context(&facts, &draft(kind, plan, run, when, zone))).map_err(|error| failed(&error))
}

/// The message of that kind with a template of the user's own: its first line may be `Subject: …`.
pub fn message(
    template: &str,
    kind: Kind,
    plan: &Plan,
    run: Option<&RunView>,
    when: Timestamp,
    zone: &TimeZone,
) -> Result<Message, TemplateError> {
    let mut message = draft(kind, plan, run, when, zone);
    let (subject, text) = parted(&render(template, Form::Text, kind, plan, run, when, zone)?);
    let (_, html) = parted(&render(template, Form::Html, kind, plan, run, when, zone)?);
    if let Some(subject) = subject {
        message.subject = shown(subject.trim());
    }
    message.text = text;
    message.html = html;
    Ok(message)
}

fn parted(rendered: &str) -> (Option<String>, String) {
    let Some(rest) = rendered.strip_prefix("Subject:") else { return (None, rendered.to_owned()) };
    let (subject, body) = rest.split_once('\n').unwrap_or((rest, ""));
    (Some(subject.to_owned()), body.trim_start_matches('\n').to_owned())
}

/// No loader: a template reaches no other one, and no file.
fn environment(form: Form) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_auto_escape_callback(move |_| if form == Form::Html { AutoEscape::Html } else { AutoEscape::None });
    environment
}

fn failed(error: &minijinja::Error) -> TemplateError {
    let detail = error.detail().map_or_else(|| error.kind().to_string(), |detail| format!("{}: {detail}", error.kind()));
    TemplateError { line: error.line().unwrap_or(0), message: shown(&detail) }
}

fn context(facts: &Facts<'_>, message: &Message) -> Value {
    let plan = facts.plan;
    let phases: Vec<Value> = plan
        .phases
        .iter()
        .map(|phase| {
            json!({
                "name": phase.name, "goal": phase.goal, "impact": phase.user_impact, "risk": phase.risk, "owner": phase.project.owner,
                "starts": facts.starts(phase), "ends": facts.ends(phase), "steps": phase.steps.len(),
            })
        })
        .collect();
    let cutover = plan.cutover().map(|phase| json!({"name": phase.name, "day": facts.cutover_day(), "impact": phase.user_impact}));
    let run = facts.run.map(|run| {
        let (done, all) = run.progress();
        json!({
            "id": run.status.run, "state": run.status.state, "phase": run.status.phase, "steps_done": done, "steps": all,
            "started": run.started_ms.map(|ms| facts.at(ms)), "ended": run.ended_ms.map(|ms| facts.at(ms)), "issues": run.troubles.len(),
        })
    });
    let mut value = json!({
        "plan": {
            "id": plan.id, "name": plan.name, "why": plan.program.why, "digest": plan.digest, "kinds": plan.kinds, "risk": plan.risk,
            "pattern": plan.pattern.name, "title": facts.title(),
            "start": plan.program.start.map(|_| dates::starts(plan, 0)),
            "end": plan.program.duration.map(|duration| dates::finish(plan, duration.p80_s)),
            "effort": plan.program.effort.as_ref().map(say::effort),
        },
        "phases": phases, "cutover": cutover, "run": run, "risks": plan.program.risks, "needed": plan.program.needed,
        "checklists": plan.program.checklists, "comms": plan.program.comms, "owners": plan.program.owners,
        "state": facts.stage().word(), "impact": facts.impact_words(), "not_affected": facts.not_affected(),
        "downtime": facts.downtime(), "way_back": facts.way_back(), "now": facts.now(),
    });
    visible(&mut value);
    // Rendered already, line breaks and all.
    value["message"] = json!({"subject": message.subject, "text": message.text, "audience": message.audience});
    value
}

/// Every text of the value as it may be shown.
fn visible(value: &mut Value) {
    match value {
        Value::String(text) => *text = shown(text),
        Value::Array(items) => items.iter_mut().for_each(visible),
        Value::Object(map) => {
            let taken = std::mem::take(map);
            map.extend(taken.into_iter().map(|(name, mut value)| {
                visible(&mut value);
                (shown(&name), value)
            }));
        }
        _ => {}
    }
}
