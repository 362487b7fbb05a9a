//! What the recipes of source code share: what changes, where it is used, which tool installs and tests it.
//!
//! A command is rendered only for a tool whose manifest was seen or whose packages are known by name; nothing here
//! reads a file. Tests: below, `tests/it/project_recipes_code.rs`.

use std::collections::BTreeMap;

use segue_model::assessment::{Component, Incident};
use segue_model::finding::Severity;
use segue_model::plan::program::CodeDraft;

use super::build::{self, PhaseDraft, Shell, StepDraft};
use super::draft::Draft;
use super::ground::Ground;
use super::preparation;
use super::shell::word;
use crate::say;

/// `express@4`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    /// `express`.
    pub(crate) name: String,
    /// `4`.
    pub(crate) version: Option<String>,
}

impl Named {
    /// Reads `name`, `name@version`, `@scope/name@version`.
    pub(crate) fn read(text: &str) -> Self {
        match text.trim().rsplit_once('@') {
            Some((name, version)) if !name.is_empty() && !version.is_empty() => {
                Self { name: name.to_owned(), version: Some(version.to_owned()) }
            }
            _ => Self { name: text.trim().to_owned(), version: None },
        }
    }

    /// As people say it: `express 4`.
    pub(crate) fn said(&self) -> String {
        self.version.as_ref().map_or_else(|| self.name.clone(), |version| format!("{} {version}", self.name))
    }
}

/// One change of the spec.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    /// `framework`, `runtime`, …
    pub(crate) what: String,
    /// What is there.
    pub(crate) from: Named,
    /// What shall be.
    pub(crate) to: Named,
}

impl Change {
    /// The same thing in another version.
    pub(crate) fn is_upgrade(&self) -> bool {
        self.from.name.eq_ignore_ascii_case(&self.to.name)
    }

    /// A part of an id that names it.
    pub(crate) fn id(&self) -> String {
        build::id_part(&self.to.name.replace(['@', '/'], "-")).trim_matches('-').to_owned()
    }
}

/// The spec's changes of these sorts.
pub(crate) fn changes(ground: &Ground<'_>, what: &[&str]) -> Vec<Change> {
    let all = ground.spec.program.code.as_ref().map_or(&[][..], |code| &code.change);
    let wanted = all.iter().filter(|change| what.contains(&change.what.as_str()));
    wanted.map(|change| Change { what: change.what.clone(), from: Named::read(&change.from), to: Named::read(&change.to) }).collect()
}

/// The source tree.
pub(crate) fn path<'a>(ground: &Ground<'a>) -> &'a str {
    ground.spec.program.code.as_ref().map_or(".", |code| code.path.as_str())
}

/// What was seen of a package or runtime; what is needed to run wins.
pub(crate) fn component<'a>(ground: &Ground<'a>, name: &str) -> Option<&'a Component> {
    let all = ground.assessment.map_or(&[][..], |assessment| &assessment.components);
    all.iter().filter(|component| component.name.eq_ignore_ascii_case(name)).max_by_key(|component| (component.runtime, component.locked))
}

/// Uses of one rule.
#[derive(Debug, Clone, Default)]
pub(crate) struct Uses {
    /// `js.driver.mysql2.query`.
    pub(crate) rule: String,
    /// What it is, in words.
    pub(crate) what: String,
    /// How many.
    pub(crate) count: u64,
    /// Effort points of all.
    pub(crate) points: u64,
    /// Up to three places.
    pub(crate) places: Vec<String>,
    /// What the places become, where it is known, up to [`DRAFTS`].
    pub(crate) drafts: Vec<CodeDraft>,
}

/// A step shows so many drafts at most; the rest is like them.
pub(crate) const DRAFTS: usize = 12;

impl Uses {
    /// `1 use`, `9 uses`.
    fn counted(&self) -> String {
        if self.count == 1 { "1 use".to_owned() } else { format!("{} uses", self.count) }
    }

    /// `src/db.js:12, src/orders.js:4 and 7 more`.
    pub(crate) fn said(&self) -> String {
        let more = self.count.saturating_sub(self.places.len() as u64);
        let shown = self.places.join(", ");
        if more > 0 { format!("{shown} and {more} more") } else { shown }
    }
}

/// Whether a use concerns a change: it brings in what goes, a part of the rule's name is the name of what goes or one of
/// `also`, or what goes is the language itself and the rule is about what newer versions of it lack.
fn concerns(incident: &Incident, change: &Change, also: &[&str]) -> bool {
    let name = change.from.name.to_ascii_lowercase();
    let own = name.rsplit('/').next().unwrap_or_default();
    let of = incident.of.to_ascii_lowercase();
    if of.strip_prefix(&name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '.', '\\'])) {
        return true;
    }
    // The module that is brought in decides, where it is known: `moment` is no use of `request`.
    let family = own.trim_end_matches(|c: char| c.is_ascii_digit());
    let named = |part: &str| part.eq_ignore_ascii_case(own) || (change.what == "driver" && part.eq_ignore_ascii_case(family));
    let is_language = matches!(change.what.as_str(), "runtime" | "language") && speaks_of(own, &incident.language);
    incident.rule.split('.').any(|part| (of.is_empty() && named(part)) || also.contains(&part) || (is_language && part == "old"))
}

/// Whether a runtime runs code of that language.
fn speaks_of(runtime: &str, language: &str) -> bool {
    match language {
        "javascript" | "typescript" => matches!(runtime, "node" | "nodejs" | "javascript" | "typescript"),
        "go" => matches!(runtime, "go" | "golang"),
        "java" => matches!(runtime, "java" | "jdk" | "openjdk"),
        other => runtime == other,
    }
}

/// What the place becomes for this change, where that is known.
pub(crate) fn draft_of(incident: &Incident, change: &Change) -> Option<CodeDraft> {
    let to = change.to.name.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let fits = |draft: &str| match draft {
        "newer" => change.is_upgrade(),
        "postgres" => super::library::speaks(&to) == Some("PostgreSQL"),
        other => other == to,
    };
    let edit = incident.edits.iter().find(|edit| fits(&edit.to))?;
    Some(CodeDraft { at: format!("{}:{}", incident.file, incident.line), before: edit.before.clone(), after: edit.after.clone() })
}

/// Drafts of the uses whose rule is meant.
pub(crate) fn drafts(ground: &Ground<'_>, change: &Change, also: &[&str], meant: fn(&str) -> bool) -> Vec<CodeDraft> {
    let meant = uses(ground, change, also).into_iter().filter(|uses| meant(&uses.rule));
    meant.flat_map(|uses| uses.drafts).take(DRAFTS).collect()
}

/// Uses of what goes, by rule, those with the most points first.
pub(crate) fn uses(ground: &Ground<'_>, change: &Change, also: &[&str]) -> Vec<Uses> {
    let mut by_rule: BTreeMap<&str, Uses> = BTreeMap::new();
    let incidents = ground.assessment.map_or(&[][..], |assessment| &assessment.incidents);
    for incident in incidents.iter().filter(|incident| concerns(incident, change, also)) {
        let entry = by_rule.entry(&incident.rule).or_insert_with(|| Uses {
            rule: incident.rule.clone(),
            what: incident.what.clone(),
            ..Uses::default()
        });
        entry.count += 1;
        entry.points += u64::from(incident.points);
        if entry.places.len() < 3 {
            entry.places.push(format!("{}:{}", incident.file, incident.line));
        }
        if entry.drafts.len() < DRAFTS {
            entry.drafts.extend(draft_of(incident, change));
        }
    }
    let mut all: Vec<Uses> = by_rule.into_values().collect();
    all.sort_by(|a, b| (b.points, &a.rule).cmp(&(a.points, &b.rule)));
    all
}

/// Whether a rule is about routes: uses of the routes of a framework: they are ported one by one where that is the plan.
pub(crate) fn is_route(rule: &str) -> bool {
    rule.split('.').any(|part| part == "route")
}

/// One step a rule: what uses of it become.
pub(crate) fn rewrites(ground: &Ground<'_>, change: &Change, also: &[&str], why: &str) -> Vec<StepDraft> {
    rewrites_but(ground, change, also, why, |_| false)
}

/// The same without the rules that have steps of their own.
pub(crate) fn rewrites_but(ground: &Ground<'_>, change: &Change, also: &[&str], why: &str, not: fn(&str) -> bool) -> Vec<StepDraft> {
    let step = |uses: Uses| {
        let what = format!("Rewrites {} ({} of `{}`: {}) for {}", uses.what, uses.counted(), uses.rule, uses.said(), change.to.said());
        build::manual(
            &format!("rewrite-{}", uses.rule),
            "rewrite_code",
            what,
            why,
            &format!("an assessment of this branch counts 0 uses of `{}`, and the tests are green", uses.rule),
        )
        .owner(ground.role("developer"))
        .undo("revert the commit of this step; it is one commit", "0 rows", "the tests of the old form are green")
        .drafts(uses.drafts)
        .people("incident_point", uses.points)
    };
    uses(ground, change, also).into_iter().filter(|uses| !not(&uses.rule)).map(step).collect()
}

/// The branch on which the work is done.
pub(crate) fn branch(ground: &Ground<'_>, changes: &[Change]) -> StepDraft {
    let names: Vec<String> = changes.iter().map(Change::id).collect();
    let name = build::id_part(&format!("{}-{}", ground.spec.id, names.join("-")));
    let enter = format!("cd {}", word(path(ground)));
    build::shell(
        "branch",
        "branch",
        "Starts a branch for the change",
        "each step is one commit, so that each can be reverted alone",
        Shell {
            text: format!("{enter} && git switch --create {}", word(&name)),
            before: "the tree is clean (`git status --short` prints nothing)",
            expected: "`git branch --show-current` prints the new name",
        },
    )
    .owner(ground.role("developer"))
    .undo("leave the branch; what is deployed does not come from it", "0 rows", "`git branch --show-current` prints the name from before")
    .undo_shell(Shell {
        text: format!("{enter} && git switch -"),
        before: "the tree is clean",
        expected: "`git branch --show-current` prints the name from before",
    })
}

/// Preparation of any change of code.
pub(crate) fn prepare(ground: &Ground<'_>, draft: &mut Draft, changes: &[Change], goal: &str, also: &[&str]) -> PhaseDraft {
    let role = ground.role("developer");
    let mut phase = preparation::prepare(ground, goal)
        .task(
            "Tests that pin what users get today: status, headers and bodies of answers, with errors and empty results",
            role,
            "load_test",
            1,
        )
        .deliver("tests that are green on the old side and know nothing of how it is built")
        .step(branch(ground, changes));
    for (at, tool) in tools(ground, changes).into_iter().enumerate() {
        let id = if at == 0 { "baseline".to_owned() } else { format!("baseline-{}", tool.name) };
        phase = phase.step(tool.tests(
            ground,
            &id,
            "Runs the tests as they are",
            "a test that is red before the change proves nothing after it",
        ));
    }
    let read = ground.assessment.is_some_and(|seen| !seen.components.is_empty() || !seen.incidents.is_empty());
    for change in changes {
        support(ground, draft, change);
        if read && uses(ground, change, also).is_empty() {
            draft.not_checked.push(format!(
                "uses of {} in the source tree: no rule found one; what is loaded by a name that is made while it runs is not seen",
                change.from.said()
            ));
        }
    }
    if !read {
        draft.need("where what changes is used in the source tree: an assessment that reads it", "code.path", &["estimate"]);
    }
    if tools(ground, changes).is_empty() {
        draft.need("which tool builds and tests the source tree: an assessment that reads its manifest", "code.path", &["prepare"]);
    }
    phase
}

/// Support that has ended or will end before the work does.
fn support(ground: &Ground<'_>, draft: &mut Draft, change: &Change) {
    let program = &ground.spec.program;
    for (side, named) in [("source", &change.from), ("target", &change.to)] {
        let all = ground.assessment.map_or(&[][..], |assessment| &assessment.components);
        let fits = |seen: &&Component| {
            let version = named.version.as_deref().unwrap_or_default();
            let written = seen.version.trim_start_matches(['^', '~', '=', 'v', '>', ' ']);
            let same = written == version || written.strip_prefix(version).is_some_and(|rest| rest.starts_with(['.', '-']));
            seen.name.eq_ignore_ascii_case(&named.name) && (version.is_empty() || same)
        };
        let Some((seen, end)) = all.iter().filter(fits).find_map(|seen| seen.end_of_life.map(|end| (seen, end))) else { continue };
        draft.figure(&format!("support of {}", named.said()), end.0.to_string(), format!("{}: {}", seen.place, seen.note));
        let last = program.deadline.or(program.start);
        let soon = last.is_some_and(|last| end <= last);
        if side == "target" {
            let severity = if soon { Severity::High } else { Severity::Medium };
            let message = format!("support of the target ends on {}; the next migration is due then", end.0);
            draft.findings.push(say::finding(
                41,
                severity,
                named.said(),
                message,
                "Choose a version with longer support, or write in `why` that this is a stage.",
            ));
        } else if soon {
            let message = format!("support of what is there ends on {}, before this migration is over", end.0);
            draft.findings.push(say::finding(
                41,
                Severity::Medium,
                named.said(),
                message,
                "Plan how security fixes are had until then, or move the deadline before that day.",
            ));
        }
    }
}

pub(crate) use super::code_tool::tools;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_versions() {
        assert_eq!(Named::read("express@4").said(), "express 4");
        assert_eq!(Named::read("@nestjs/core@10"), Named { name: "@nestjs/core".to_owned(), version: Some("10".to_owned()) });
        assert_eq!(Named::read("@nestjs/core").version, None);
        assert_eq!(Named::read("moment"), Named { name: "moment".to_owned(), version: None });
    }
}
