//! A runtime in another version, or another language.
//!
//! A runtime: the code first runs on both versions, in every test, and only then does production change. A language:
//! module by module behind the proxy, as a framework is. Tests: `tests/it/project_recipes_code.rs`.

use super::build::{self, PhaseDraft, Shell, StepDraft};
use super::code::{self, Change};
use super::code_phase::{self, from, said, to};
use super::code_tool::{self, Tool};
use super::draft::{Draft, pattern};
use super::ground::Ground;
use super::reasons;
use super::shell::word;

/// The part of a plan.
pub(crate) fn draft(ground: &Ground<'_>) -> Draft {
    let changes = code::changes(ground, &["runtime", "language"]);
    if changes.iter().all(Change::is_upgrade) { runtime(ground, &changes) } else { language(ground, &changes) }
}

/// The same language in another version.
fn runtime(ground: &Ground<'_>, changes: &[Change]) -> Draft {
    let (old, new) = (said(changes, from), said(changes, to));
    let mut draft = Draft::new(
        "language",
        pattern(
            "canary",
            format!("one source tree runs on {old} and on {new}; a second build on {new} gets a share of the requests and gives it back with one change"),
            &[
                reasons::big_bang(ground, &format!("a build on {new}")),
                reasons::rolling(ground, &format!("each instance on {old}")),
                ("branch for the new version", "two branches drift apart until the change is over; code that runs on both has one truth and can be released on any day".to_owned()),
            ],
        ),
    );
    for change in changes {
        draft.aspect("Runtime", change.from.said(), change.to.said(), "dependencies, removed calls, changed defaults, images, CI");
    }
    let prepare = code::prepare(ground, &mut draft, changes, "today's behaviour is pinned, and what the new version removed is known", &[])
        .task(
            "Read the release notes of each version in between, and list what concerns this tree",
            ground.role("developer"),
            "review",
            changes.len() as u64,
        )
        .deliver("the list of removed and changed calls that this tree uses");
    draft.phase(prepare);
    draft.phase(both(ground, changes, &new));
    draft.phase(matrix(ground, changes));
    let prove = code_phase::prove(ground, &mut draft, changes, "matrix");
    draft.phase(prove);
    code_phase::shift_and_retire(ground, &mut draft, changes, "prove", "requests");
    draft
}

/// The tree runs on both versions.
fn both(ground: &Ground<'_>, changes: &[Change], new: &str) -> PhaseDraft {
    let mut phase = code_phase::work(ground, "both", &format!("one tree runs on the old version and on {new}"), "prepare")
        .deliver("a tree that builds on both, merged and released on the old version");
    for change in changes {
        phase = phase.steps(native(ground, change)).steps(code::rewrites(
            ground,
            change,
            &[],
            "the new version does not have it or does it otherwise",
        ));
        phase = phase.step(
            build::manual(
                &format!("adapt-{}", change.id()),
                "write_code",
                format!("Makes the tree run on {} and on {}: first what only warns, then what fails", change.from.said(), change.to.said()),
                "it goes out on the old version, so what it breaks is found without the new one",
                "the tests are green on both versions from the same commit, with warnings as errors on the new one",
            )
            .owner(ground.role("developer"))
            .undo("revert the commit; it is one commit a cause", "0 rows", "the tests are green on the old version")
            .people("runtime_upgrade", 1),
        );
    }
    phase
}

/// Dependencies of the runtime's own ecosystem whose version was seen: each must say that it supports the target.
fn native(ground: &Ground<'_>, change: &Change) -> Vec<StepDraft> {
    let Some(tool) = code_tool::tool(ground, &change.from) else { return Vec::new() };
    let all = ground.assessment.map_or(&[][..], |assessment| &assessment.components);
    let mut seen: Vec<_> = all.iter().filter(|seen| seen.ecosystem == tool.name && seen.runtime).collect();
    seen.sort();
    seen.dedup_by(|a, b| a.name == b.name);
    if seen.is_empty() {
        return Vec::new();
    }
    let shown: Vec<String> = seen.iter().take(12).map(|seen| format!("{} {}", seen.name, seen.version)).collect();
    let more = if seen.len() > 12 { format!(" and {} more of the assessment", seen.len() - 12) } else { String::new() };
    let step = build::manual(
        &format!("dependencies-{}", change.id()),
        "check_dependencies",
        format!("Asks each dependency that runs in production whether it supports {}: {}{more}", change.to.said(), shown.join(", ")),
        "one package without support for the target stops the whole change; better now than in the canary",
        "each is listed with the version that supports the target, and those without one with what replaces them",
    );
    vec![step.owner(ground.role("developer")).reads().people("dependency", seen.len() as u64)]
}

/// CI and images on both versions.
fn matrix(ground: &Ground<'_>, changes: &[Change]) -> PhaseDraft {
    let mut phase = code_phase::work(ground, "matrix", "every commit is tested on both versions, and images of both are built", "both")
        .deliver("images of both versions from one commit");
    for change in changes {
        let tool = code_tool::tool(ground, &change.from);
        if let Some(step) = tool.and_then(|tool| in_image(ground, change, tool)) {
            phase = phase.step(step);
        }
        for seen in places(ground, change) {
            phase = phase.step(
                build::manual(
                    &format!("pin-{}", build::id_part(&seen)),
                    "pin_version",
                    format!(
                        "Lets {seen} choose between {} and {} by a variable, a matrix or a second file, the old one by default",
                        change.from.said(),
                        change.to.said()
                    ),
                    "a place that is forgotten builds with the old version on the day when it is gone",
                    "CI shows a green job for each of the two versions",
                )
                .owner(ground.role("developer"))
                .undo("revert the commit", "0 rows", "CI is green on the old version")
                .people("dependency", 1),
            );
        }
    }
    phase
}

/// Where the runtime's version is written: images, CI, version files.
fn places(ground: &Ground<'_>, change: &Change) -> Vec<String> {
    let all = ground.assessment.map_or(&[][..], |assessment| &assessment.components);
    let fits = |ecosystem: &str| matches!(ecosystem, "runtime" | "image" | "ci");
    let mut places: Vec<String> = all
        .iter()
        .filter(|seen| fits(&seen.ecosystem) && seen.name.eq_ignore_ascii_case(&change.from.name))
        .map(|seen| seen.place.clone())
        .collect();
    places.sort();
    places.dedup();
    places
}

/// The tests in the official image of the target.
fn in_image(ground: &Ground<'_>, change: &Change, tool: Tool) -> Option<StepDraft> {
    let version = change.to.version.as_deref()?;
    let image = match change.to.name.to_ascii_lowercase().as_str() {
        "node" | "nodejs" => "node",
        "python" => "python",
        "go" | "golang" => "golang",
        "ruby" => "ruby",
        "rust" => "rust",
        _ => return None,
    };
    let command = format!(
        "cd {} && docker run --rm --volume \"$PWD\":/tree:ro {} sh -c {}",
        word(code::path(ground)),
        word(&format!("{image}:{version}")),
        word(&format!("cp -r /tree /work && cd /work && {}", tool.fresh()))
    );
    let step = build::shell(
        &format!("image-{}", change.id()),
        "test_code",
        format!("Runs the tests on {} in its official image", change.to.said()),
        "the tree is copied into the container, so what is built for the old version stays as it is",
        Shell {
            text: command,
            before: "docker runs here and may read the public registry; the tests need no service, or their addresses are given in the same way as in CI",
            expected: "the command ends with 0",
        },
    );
    Some(step.owner(ground.role("developer")).reads())
}

/// Another language.
fn language(ground: &Ground<'_>, changes: &[Change]) -> Draft {
    let (old, new) = (said(changes, from), said(changes, to));
    let mut draft = Draft::new(
        "language",
        pattern(
            "strangler",
            format!("{old} and {new} cannot share a process, so one module after the other goes behind the proxy and comes back alone"),
            &[
                reasons::big_bang(ground, &format!("everything written again in {new}")),
                (
                    "automatic translation",
                    format!(
                        "what a translator makes of {old} keeps its habits and has no tests of its own; it may give a first draft of a module, never the release"
                    ),
                ),
                reasons::parallel_run(
                    ground,
                    "answering each request twice would double every write; only recorded requests that read are compared",
                ),
            ],
        ),
    );
    for change in changes {
        draft.aspect("Language", change.from.said(), change.to.said(), "every module, its build, its images, how the team works");
    }
    let prepare = code::prepare(
        ground,
        &mut draft,
        changes,
        "modules and their edges are known, and what each answers is pinned by tests",
        &["route"],
    )
    .task(
        "Name the modules, their callers and their data, and the order in which they move: leaves first",
        ground.role("developer"),
        "review",
        4,
    )
    .task(format!("Learn {new}: style, tests, errors, how it is run here"), ground.role("developer"), "training", 4)
    .deliver("the list of modules in the order in which they move");
    draft.phase(prepare);
    draft.phase(ported(ground, changes, &new));
    let prove = code_phase::prove(ground, &mut draft, changes, "port");
    draft.phase(prove);
    code_phase::shift_and_retire(ground, &mut draft, changes, "prove", "requests of the modules that are ported");
    draft.need("which modules there are, and the work for each", "phases.port.estimate", &["port", "estimate"]);
    draft
}

fn ported(ground: &Ground<'_>, changes: &[Change], new: &str) -> PhaseDraft {
    let mut phase = code_phase::work(ground, "port", &format!("each module has a form in {new} whose tests are green"), "prepare")
        .deliver("for each module: both forms, the same tests, the same edge")
        .uncounted("Port the modules, leaves first, one commit each", ground.role("developer"), "the list of modules says how many")
        .step(
            build::manual(
                "numbers",
                "compare_languages",
                format!("Lists where the same text means something else in {new}: whole numbers and their limits, rounding, money, time zones, sorting and case of text, empty and missing values, order of keys"),
                "these are the faults that no compiler shows and that only some users meet",
                "for each of them there is a test with an edge value that is green on both sides",
            )
            .owner(ground.role("developer"))
            .reads()
            .people("load_test", 1),
        )
        .step(
            build::manual(
                "edge",
                "write_code",
                "Puts the first module behind an edge that both languages speak: HTTP, a queue, or a file",
                "without an edge there is no place where one side can be exchanged",
                "the old side uses its own module over that edge, and p95 is that of the baseline",
            )
            .owner(ground.role("developer"))
            .undo("call the module directly again: revert the commit", "0 rows", "the tests are green")
            .people("route", 1),
        );
    for change in changes {
        phase = phase.steps(code::rewrites(ground, change, &["route"], "it needs a form in the new language"));
    }
    phase
}
