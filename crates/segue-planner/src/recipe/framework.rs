//! A framework in another version, or another framework.
//!
//! Another framework is a strangler fig: both stand side by side behind the proxy, and one route after the other
//! changes over. Another version of the same one cannot stand in one process: two builds, and a canary. Tests:
//! `tests/it/project_recipes_code.rs`.

use std::collections::BTreeMap;

use segue_model::assessment::Incident;
use segue_model::plan::program::CodeDraft;

use super::build::{self, PhaseDraft, StepDraft, none_of};
use super::code::{self, Change};
use super::code_phase::{self, from, said, to};
use super::code_tool;
use super::draft::{Draft, pattern};
use super::ground::Ground;
use super::reasons;

/// So many routes get a step each; more get one a file: handlers of a file share what stands around them.
const EACH: usize = 40;

const ALSO: [&str; 2] = ["route", "middleware"];

/// The part of a plan.
pub(crate) fn draft(ground: &Ground<'_>) -> Draft {
    let changes = code::changes(ground, &["framework"]);
    if changes.iter().all(Change::is_upgrade) { upgrade(ground, &changes) } else { switch(ground, &changes) }
}

fn overview(draft: &mut Draft, changes: &[Change]) {
    for change in changes {
        let what = if change.is_upgrade() {
            "what the new version changed: handlers, plugins, defaults"
        } else {
            "route handlers, middleware, start and stop, error handling"
        };
        draft.aspect("Framework", change.from.said(), change.to.said(), what);
    }
}

/// Another framework.
fn switch(ground: &Ground<'_>, changes: &[Change]) -> Draft {
    let (old, new) = (said(changes, from), said(changes, to));
    let mut draft = Draft::new(
        "framework",
        pattern(
            "strangler",
            format!("{old} and {new} can stand side by side behind one proxy, so each route goes over alone and comes back alone"),
            &[
                reasons::big_bang(ground, &format!("all routes on {new}")),
                reasons::blue_green(ground, &format!("every route of {old}")),
                reasons::parallel_run(
                    ground,
                    "answering each request twice would double every write; only recorded requests that read are compared",
                ),
            ],
        ),
    );
    overview(&mut draft, changes);
    let prepare = code::prepare(ground, &mut draft, changes, "what each route answers today is pinned by tests", &ALSO)
        .deliver("the list of routes with their owner and their state: old, ported, shifted")
        .task("No new route is built on the old framework from here on", ground.role("lead"), "communication", 1);
    draft.phase(prepare);
    draft.phase(beside(ground, changes, &new));
    let port = routes(ground, &mut draft, changes);
    draft.phase(port);
    let prove = code_phase::prove(ground, &mut draft, changes, "routes");
    draft.phase(prove);
    code_phase::shift_and_retire(
        ground,
        &mut draft,
        changes,
        "prove",
        "requests; a route that is in doubt keeps a `location` of its own to the old side",
    );
    draft
}

/// The new framework beside the old one, on no traffic.
fn beside(ground: &Ground<'_>, changes: &[Change], new: &str) -> PhaseDraft {
    let role = ground.role("developer");
    let mut phase =
        code_phase::work(ground, "beside", &format!("{new} runs in production beside the old one and serves nobody"), "prepare")
            .deliver("the new application, deployed, with a health check and no route of users");
    for change in changes.iter().filter(|change| !change.is_upgrade()) {
        if let Some(tool) = code_tool::tool(ground, &change.to) {
            phase = phase.step(tool.add(ground, change, "both frameworks are in the tree until the last route has moved"));
        }
    }
    let cross = [
        "sign-in and sessions",
        "body parsing and size limits",
        "error pages and status codes",
        "request ids and logs",
        "CORS and security headers",
        "time-outs and graceful stop",
    ];
    phase
        .step(
            build::manual(
                "shell",
                "write_code",
                format!("Writes the empty application on {new}: start, stop on SIGTERM, health check"),
                "it must stand before any route can move",
                "the health check answers 200, and a SIGTERM lets running requests end",
            )
            .owner(role)
            .undo("revert the commit", "0 rows", "the tests are green")
            .people("framework_route", 2),
        )
        .step(
            build::manual(
                "crosscut",
                "write_code",
                format!("Builds what every route needs on {new}: {}", cross.join("; ")),
                "a user who is on both sides in one session may not notice it",
                "one test for each of them is green against both applications: a session of the old one is known to the new one and back",
            )
            .owner(role)
            .undo("revert the commit", "0 rows", "the tests are green")
            .people("framework_route", cross.len() as u64),
        )
        .step(
            build::manual(
                "proxy",
                "configure_proxy",
                "Puts the proxy in front of both, with every route on the old side",
                "who serves a route is then one line of configuration and not a deployment",
                "all requests are still answered by the old side, and p95 is that of the baseline",
            )
            .owner(ground.role("oncall"))
            .undo("point the address back to the old side", "0 rows", "the old side's error rate and p95 are those of the baseline")
            .people("network", 1),
        )
        .gate("healthy", "no health check fails", none_of("health_checks_failing"), "Segue's own")
}

/// One step a route that is known.
fn routes(ground: &Ground<'_>, draft: &mut Draft, changes: &[Change]) -> PhaseDraft {
    let mut phase = code_phase::work(ground, "routes", "every route is ported and its tests are green on both sides", "beside")
        .deliver("the list of routes, each ported, with the commit that did it");
    let found = known_routes(ground);
    if found.is_empty() {
        draft.need("which routes there are: an assessment that reads the source tree", "code.path", &["routes", "estimate"]);
        let why = "nobody looked at the code: see what is needed";
        phase = phase.uncounted("List the routes and port them, one commit each", ground.role("developer"), why);
    } else {
        draft.figure("routes", found.len().to_string(), "assessment, uses of a rule about routes");
    }
    phase = phase.steps(port_steps(ground, &found, changes));
    for change in changes {
        phase =
            phase.steps(code::rewrites_but(ground, change, &[], "what is no route and still belongs to the old framework", code::is_route));
    }
    phase
}

fn known_routes<'a>(ground: &Ground<'a>) -> Vec<&'a Incident> {
    let all = ground.assessment.map_or(&[][..], |assessment| &assessment.incidents);
    all.iter().filter(|incident| code::is_route(&incident.rule)).collect()
}

fn port_steps(ground: &Ground<'_>, found: &[&Incident], changes: &[Change]) -> Vec<StepDraft> {
    let drafts = |of: &[&Incident]| -> Vec<CodeDraft> {
        of.iter().filter_map(|incident| changes.iter().find_map(|change| code::draft_of(incident, change))).take(code::DRAFTS).collect()
    };
    let mut by_file: BTreeMap<&str, Vec<&Incident>> = BTreeMap::new();
    for incident in found {
        by_file.entry(&incident.file).or_default().push(incident);
    }
    if found.len() > EACH {
        let step = |(file, incidents): (&str, Vec<&Incident>)| {
            port(ground, file, &format!("the {} routes of {file}", incidents.len()), incidents.len() as u64).drafts(drafts(&incidents))
        };
        return by_file.into_iter().map(step).collect();
    }
    // Two routes of one line are two steps.
    let step = |(at, incident): (usize, &&Incident)| {
        port(ground, &format!("{}-{}", at + 1, incident.file), &format!("{} ({}:{})", incident.what, incident.file, incident.line), 1)
            .drafts(drafts(&[*incident]))
    };
    by_file.values().flatten().enumerate().map(step).collect()
}

fn port(ground: &Ground<'_>, id: &str, what: &str, amount: u64) -> StepDraft {
    build::manual(
        &format!("port-{id}"),
        "port_route",
        format!("Ports {what}"),
        "one route a commit, so that one route comes back alone",
        "the tests of the route are green against both sides: status, headers, body, errors, empty results",
    )
    .owner(ground.role("developer"))
    .undo("the proxy sends the route to the old side; revert the commit", "0 rows", "the route's tests are green on the old side")
    .people("framework_route", amount)
}

/// The same framework in another version.
fn upgrade(ground: &Ground<'_>, changes: &[Change]) -> Draft {
    let (old, new) = (said(changes, from), said(changes, to));
    let mut draft = Draft::new(
        "framework",
        pattern(
            "canary",
            format!(
                "two versions cannot stand in one process, so {new} is a second build; it gets a share of the requests and gives it back with one change"
            ),
            &[
                reasons::big_bang(ground, new.as_str()),
                (
                    "strangler",
                    format!(
                        "{old} and {new} are one package: route by route would need two copies of the whole application for as long as it takes"
                    ),
                ),
                reasons::rolling(ground, &format!("each instance of {old}")),
            ],
        ),
    );
    overview(&mut draft, changes);
    let prepare =
        code::prepare(ground, &mut draft, changes, "today's behaviour is pinned by tests, and what the new version changed is read", &ALSO)
            .task(
                "Read the release notes and the guide of each version in between, and list what concerns this tree",
                ground.role("developer"),
                "review",
                changes.len() as u64,
            )
            .deliver("the list of breaking changes that concern this tree");
    draft.phase(prepare);
    let mut phase = code_phase::work(ground, "upgrade", &format!("the tree builds with {new} and its tests are green"), "prepare")
        .deliver("the branch, one commit for each breaking change");
    for (at, change) in changes.iter().enumerate() {
        if let Some(tool) = code_tool::tool(ground, &change.from) {
            phase = phase.step(tool.add(
                ground,
                change,
                "the version changes alone, before any code does: what breaks is then the version's doing",
            ));
        }
        let also: &[&str] = if at == 0 { &ALSO } else { &[] };
        let rewrites = code::rewrites(ground, change, also, "the new version does it otherwise");
        if rewrites.is_empty() {
            phase = phase.task(format!("Adapt what {} changed", change.to.said()), ground.role("developer"), "runtime_upgrade", 1);
        }
        phase = phase.steps(rewrites).steps(plugins(ground, change));
    }
    draft.phase(phase);
    let prove = code_phase::prove(ground, &mut draft, changes, "upgrade");
    draft.phase(prove);
    code_phase::shift_and_retire(ground, &mut draft, changes, "prove", "requests");
    draft
}

/// Packages that are named after the framework: they follow its versions.
fn plugins(ground: &Ground<'_>, change: &Change) -> Vec<StepDraft> {
    let own = change.from.name.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let all = ground.assessment.map_or(&[][..], |assessment| &assessment.components);
    let named = all.iter().filter(|seen| {
        let name = seen.name.to_ascii_lowercase();
        name != own && (name.starts_with(&format!("{own}-")) || name.starts_with(&format!("@{own}/")))
    });
    let step = |seen: &segue_model::assessment::Component| {
        build::manual(
            &format!("plugin-{}", build::id_part(&seen.name)),
            "add_dependency",
            format!("Brings {} ({}, {}) to a version that goes with {}", seen.name, seen.version, seen.place, change.to.said()),
            "plugins of a framework follow its versions",
            "the lock file names the version, no warning about peer versions is left, and the tests are green",
        )
        .owner(ground.role("developer"))
        .undo("revert the commit", "0 rows", "the tests are green")
        .people("dependency", 1)
    };
    named.map(step).collect()
}
