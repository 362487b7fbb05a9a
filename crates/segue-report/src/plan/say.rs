//! A plan's parts in words that text, Markdown and HTML share: gates, ways back, times, work.
//!
//! Pure and unescaped: whoever prints a text escapes it at its own door. Tests: below and the golden documents.

use segue_model::plan::program::{CodeDraft, Quantiles, Spread};
use segue_model::plan::{Command, Condition, Gate, Phase, Plan, Step};
use segue_model::spec::program::{Money, Window};
use segue_model::units::Millis;

pub(crate) use segue_model::units::{counted as many, grouped as thousands};

use super::dates::{DAY_S, tenths};

/// A draft as the lines of a difference.
pub(crate) fn difference(draft: &CodeDraft) -> String {
    let marked =
        |mark: &'static str, text: &str| text.lines().map(|line| format!("{mark} {line}").trim_end().to_owned()).collect::<Vec<_>>();
    [marked("-", &draft.before), marked("+", &draft.after)].concat().join("\n")
}

/// The unit a time is said in, and its seconds.
fn unit(seconds: u64) -> (&'static str, u64) {
    match seconds {
        0..120 => ("s", 1),
        120..7_200 => ("min", 60),
        7_200..172_800 => ("h", 3_600),
        _ => ("d", DAY_S),
    }
}

/// `40 s`, `12 min`, `9 h`, `2.5 d`.
pub(crate) fn time(seconds: u64) -> String {
    let (name, unit) = unit(seconds);
    format!("{} {name}", tenths(seconds, unit))
}

/// People's work, which has no days of 24 hours: `45 min`, `80 h`.
pub(crate) fn work(minutes: u64) -> String {
    if minutes < 120 { format!("{minutes} min") } else { format!("{} h", tenths(minutes, 60)) }
}

/// A spread of work in the unit of its middle, never in days of 24 hours: `9 h (6–20)`.
pub(crate) fn spread(spread: &Spread) -> String {
    let (name, unit) = unit(spread.p50_s.min(7_200));
    let middle = format!("{} {name}", tenths(spread.p50_s, unit));
    if spread.p5_s == spread.p95_s { middle } else { format!("{middle} ({}–{})", tenths(spread.p5_s, unit), tenths(spread.p95_s, unit)) }
}

/// Hours of people's work: `28 h ± 9`, half of the distance from P5 to P95.
pub(crate) fn effort(effort: &Quantiles) -> String {
    let half = effort.p95_s.saturating_sub(effort.p5_s) / 2;
    format!("{} h ± {}", tenths(effort.p50_s, 3_600), tenths(half, 3_600))
}

/// `1,234.50 EUR`.
pub(crate) fn money(money: &Money) -> String {
    format!("{}.{:02} {}", thousands(money.hundredths / 100), money.hundredths % 100, money.currency)
}

/// Minutes from a moment that is called T: `T−2 h`, `T+30 min`, `T`.
pub(crate) fn offset(minutes: i64) -> String {
    match minutes {
        0 => "T".to_owned(),
        1.. => format!("T+{}", time(minutes.unsigned_abs() * 60)),
        _ => format!("T−{}", time(minutes.unsigned_abs() * 60)),
    }
}

/// What kinds of migration: `schema change`, `database move + service extraction`.
pub(crate) fn kinds(plan: &Plan) -> String {
    let names: Vec<String> = plan.kinds.iter().map(|kind| kind.replace(['_', '-'], " ")).collect();
    let said = names.iter().map(|name| match name.as_str() {
        "schema" => "schema change",
        "move" => "database move",
        "code" => "code change",
        "api" => "API change",
        "service" => "service extraction",
        "auth" => "authentication change",
        "infra" => "infrastructure move",
        other => other,
    });
    said.collect::<Vec<_>>().join(" + ")
}

/// A phase from which nothing goes back: one of its steps is final, or it says so itself.
pub(crate) fn is_final(phase: &Phase) -> bool {
    phase.project.rollback.possible == "no" || phase.steps.iter().any(|step| step.reversible == "no")
}

/// A phase from which going back costs something, or is not possible.
pub(crate) fn loses(phase: &Phase) -> bool {
    is_final(phase) || phase.project.rollback.possible == "with-loss"
}

/// Until where going back loses nothing: the name of the first phase where that ends.
pub(crate) fn loss_free_until(plan: &Plan) -> Option<&str> {
    plan.phases.iter().find(|phase| loses(phase)).map(|phase| phase.name.as_str())
}

/// How far one can go back: `automated, loss-free until `contract``.
pub(crate) fn rollback(plan: &Plan) -> String {
    match loss_free_until(plan) {
        Some(phase) if plan.rollback != "no" => format!("{}, loss-free until `{phase}`", plan.rollback),
        _ => plan.rollback.clone(),
    }
}

/// What a gate asks, in few words.
pub(crate) fn condition(condition: &Condition) -> String {
    match condition {
        Condition::Approval => "approval".to_owned(),
        Condition::RowsRejected { table } => format!("0 rows of {table} rejected"),
        Condition::Waited { since, at_least_ms } => format!("{} after `{since}`", Millis(*at_least_ms)),
        Condition::Check { name } => format!("check `{name}`"),
        Condition::Metric { condition } => condition.to_string(),
        Condition::Approvals { by, count } => format!("{count} yes of {}", by.join("/")),
        Condition::Checklist { list } => format!("checklist `{list}`"),
    }
}

/// Who or what decides a gate.
pub(crate) fn decided_by(condition: &Condition) -> &'static str {
    match condition {
        Condition::Approval | Condition::Approvals { .. } => "people say yes",
        Condition::RowsRejected { .. } | Condition::Waited { .. } | Condition::Check { .. } => "Segue measures",
        Condition::Metric { .. } => "a person confirms the measurement",
        Condition::Checklist { .. } => "a person confirms the list",
    }
}

/// A phase's gates with where they stand: those before it, then those after it.
pub(crate) fn all_gates(phase: &Phase) -> impl Iterator<Item = (&'static str, &Gate)> {
    phase.entry.iter().map(|gate| ("before", gate)).chain(phase.gates.iter().map(|gate| ("after", gate)))
}

/// Who does a step.
pub(crate) fn done_by(step: &Step) -> &'static str {
    match step.by.as_str() {
        "run" => "Segue runs it",
        "command" => "a command that a person runs",
        _ => "a person does it",
    }
}

/// The name of a command's language, for a fence or a label.
pub(crate) fn language(command: &Command) -> &str {
    match command.language.as_str() {
        "shell" => "sh",
        "sql" => "sql",
        "config" => "text",
        other => other,
    }
}

/// How a phase's steps are undone: in its own words, in those of its final step, else in those of a change of form.
pub(crate) fn way_back(phase: &Phase) -> String {
    let last = phase.steps.iter().find(|step| step.reversible == "no");
    let own = phase.project.rollback.how.as_str();
    let how = match phase.name.as_str() {
        // What Segue undoes by itself is said in words; the command stands with the steps.
        _ if !own.is_empty() && !own.starts_with("segue rollback") => own,
        _ if is_final(phase) => last.map_or("nothing brings it back", |step| step.undo.what.as_str()),
        "prepare" => "remove the control table",
        "expand" => "drop the new form",
        "backfill" => "what was filled goes with `expand`",
        "verify" => "it only reads",
        "shift" => "the old form still works",
        _ if !own.is_empty() => own,
        _ => "undo each step",
    };
    how.to_owned()
}

/// The seconds that going back from a phase takes: its own figure, else the sum of its steps' where each has one.
pub(crate) fn seconds_back(phase: &Phase) -> Option<u64> {
    let own = phase.project.rollback.time.as_ref().map(|time| time.seconds);
    // No step is no figure: a phase of people's work alone does not go back in no time.
    let summed = || phase.steps.iter().map(|step| step.undo.time.as_ref().map(|time| time.seconds)).sum::<Option<u64>>();
    own.or_else(|| summed().filter(|_| !phase.steps.is_empty()))
}

/// What going back from a phase loses.
pub(crate) fn lost(phase: &Phase) -> &str {
    if !phase.project.rollback.loses.is_empty() {
        return &phase.project.rollback.loses;
    }
    let last = phase.steps.iter().find(|step| step.reversible == "no");
    last.or(phase.steps.first()).map_or("0 rows", |step| step.undo.loses.as_str())
}

/// When a phase may run: `sat, sun 01:00–05:00 Europe/Berlin`.
pub(crate) fn window(window: &Window) -> String {
    let days = if window.days.is_empty() { "each day".to_owned() } else { window.days.join(", ") };
    let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    format!("{days} {}–{} {}", clock(window.from_min), clock(window.to_min), window.zone)
}

/// The longest pause of writers or of users: milliseconds, and where the figure comes from.
pub(crate) fn downtime(plan: &Plan) -> (Option<u64>, &str) {
    match &plan.program.downtime {
        Some(stated) => {
            let value = stated.value.trim();
            let ms = value.parse().ok().or_else(|| Millis::parse(value).ok().map(|millis| millis.0));
            (ms, &stated.from)
        }
        None => (Some(plan.pause_ms), "the plan's own steps"),
    }
}

/// The same in words: `none`, `≤ 5 s`.
pub(crate) fn downtime_words(plan: &Plan) -> String {
    match downtime(plan) {
        (Some(0), _) => "none".to_owned(),
        // What Segue's own steps take is measured, and said as it was measured.
        (Some(ms), _) if ms < 1_000 || plan.program.downtime.is_none() || ms < 10_000 && !ms.is_multiple_of(1_000) => format!("≤ {ms} ms"),
        (Some(ms), _) => format!("≤ {}", time(ms.div_ceil(1_000))),
        (None, _) => plan.program.downtime.as_ref().map_or_else(|| "not known".to_owned(), |stated| stated.value.clone()),
    }
}

/// The word for an occurrence or a severity of 1 to 10 on a scale of five.
pub(crate) fn fifth(of_ten: u8) -> usize {
    usize::from(of_ten.clamp(1, 10) - 1) / 2
}

/// `low`, `medium`, `high` for a figure of 1 to 10, as managers' tables have it.
pub(crate) fn probability(of_ten: u8) -> &'static str {
    match of_ten {
        0..=3 => "low",
        4..=6 => "medium",
        _ => "high",
    }
}

/// `low` to `critical` for a severity of 1 to 10.
pub(crate) fn impact(of_ten: u8) -> &'static str {
    match of_ten {
        0..=3 => "low",
        4..=6 => "medium",
        7..=8 => "high",
        _ => "critical",
    }
}

/// Objects by verdict in the order of how much is left to do: `(61, "auto")`.
pub(crate) fn verdicts(plan: &Plan) -> Vec<(u64, &str)> {
    let order = ["auto", "auto-with-warning", "manual", "blocked"];
    let known = order.iter().filter_map(|name| plan.program.verdicts.get(*name).map(|count| (*count, *name)));
    let other = plan.program.verdicts.iter().filter(|(name, _)| !order.contains(&name.as_str()));
    known.chain(other.map(|(name, count)| (*count, name.as_str()))).collect()
}

/// How often something is repeated: `once`, `every day`.
pub(crate) fn every(seconds: u64) -> String {
    match seconds {
        0 => "once".to_owned(),
        86_400 => "every day".to_owned(),
        604_800 => "every week".to_owned(),
        other => format!("every {}", time(other)),
    }
}

/// A name as one word of a shell command, whatever it holds.
pub(crate) fn shell_word(name: &str) -> String {
    let name = crate::text::shown(name);
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    if !name.is_empty() && !name.starts_with('-') && name.chars().all(bare) { name } else { format!("'{}'", name.replace('\'', "'\\''")) }
}

/// A name of code as words: `api_consumers` is `api consumers`.
pub(crate) fn words(name: &str) -> String {
    name.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_well() {
        assert_eq!([time(40), time(720), time(32_400), time(216_000)], ["40 s", "12 min", "9 h", "2.5 d"]);
        let spread_of = |p5_s, p50_s, p95_s| spread(&Spread { p5_s, p50_s, p95_s, from: String::new(), confidence: String::new() });
        assert_eq!(spread_of(21_600, 32_400, 72_000), "9 h (6–20)");
        assert_eq!(spread_of(60, 60, 60), "60 s");
        assert_eq!(effort(&Quantiles { p5_s: 72_000, p50_s: 100_800, p80_s: 0, p95_s: 136_800 }), "28 h ± 9");
        assert_eq!((offset(-120), offset(0), offset(1_440)), ("T−2 h".to_owned(), "T".to_owned(), "T+24 h".to_owned()));
    }

    #[test]
    fn figures_are_grouped() {
        assert_eq!((thousands(0), thousands(999), thousands(1_234_567)), ("0".to_owned(), "999".to_owned(), "1,234,567".to_owned()));
        assert_eq!(money(&Money { hundredths: 123_450, currency: "EUR".to_owned() }), "1,234.50 EUR");
    }

    #[test]
    fn a_name_is_one_word_of_a_shell() {
        assert_eq!((shell_word("copy-2"), shell_word("a; rm -rf")), ("copy-2".to_owned(), "'a; rm -rf'".to_owned()));
        assert_eq!((shell_word("it's $HOME"), shell_word("--x")), ("'it'\\''s $HOME'".to_owned(), "'--x'".to_owned()));
    }

    #[test]
    fn five_by_five_has_five_rows() {
        let all: Vec<usize> = (0..=255).map(fifth).collect();
        assert_eq!(all[1..=10], [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
        assert!(all.iter().all(|row| *row < 5));
    }
}
