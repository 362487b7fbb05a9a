//! From machines to containers: one image a service, manifests, the same requests, and state stays where it is.
//!
//! Tests: `tests/it/project_recipes_infra.rs`.

use std::collections::BTreeMap;

use super::build::{self, PhaseDraft, Shell, StepDraft, none_of};
use super::draft::{Draft, pattern};
use super::ground::Ground;
use super::infra::Ends;
use super::{infra, infra_phase, reasons};

const CLUSTER: &str = "KUBECONFIG names the cluster, MANIFESTS is the folder of the manifests, NAMESPACE is the namespace that they name";

/// Waits for each deployment; the words before the name say what is asked of it.
fn each(ask: &str, more: &str) -> String {
    format!(
        "kubectl --namespace \"$NAMESPACE\" get deployments --output name | while read -r one; do kubectl --namespace \"$NAMESPACE\" {ask} \"$one\"{more} || exit 1; done"
    )
}

/// The part of a plan.
pub(crate) fn draft(ground: &Ground<'_>) -> Draft {
    let ends = infra::ends(ground, "machines", "kubernetes");
    let mut draft = Draft::new(
        "infra",
        pattern(
            "containers beside machines, then weights",
            format!("{} and {} stand behind one balancer, on the same data; requests go over in shares, and going back is a weight", ends.from, ends.to),
            &[
                reasons::big_bang(ground, &ends.to),
                reasons::rolling(ground, &format!("each machine of {}", ends.from)),
                ("databases into containers as well", "state needs storage, backups and a way back of its own; it is a migration of its own and would be a second change in this one".to_owned()),
            ],
        ),
    );
    infra::mapping(ground, &mut draft, &ends);
    draft.aspect("Data", "where it is", "where it is", "nothing: both sides use the same databases and files");
    let found = workloads(ground);
    if found.is_empty() {
        draft.need("which services run on the machines, one by one: name them under `dependencies` of a system, or assess the tree with their Dockerfiles", "systems", &["image", "manifest", "estimate"]);
    }
    let prepare =
        infra::prepare(ground, &mut draft, &ends, "what runs on each machine is known, also what nobody remembers").steps(look(ground));
    draft.phase(prepare);
    draft.phase(images(ground, &found));
    draft.phase(cluster(ground, &ends, &found));
    let prove = infra_phase::prove(ground, &mut draft, &ends, "cluster");
    draft.phase(prove);
    users(ground, &mut draft, &ends);
    draft
}

/// Services: what the spec names, and what has an image or a definition already.
fn workloads(ground: &Ground<'_>) -> Vec<String> {
    let named = ground
        .spec
        .program
        .about
        .values()
        .flat_map(|about| &about.dependencies)
        .filter(|one| matches!(one.kind.as_str(), "service" | "job" | "worker"))
        .map(|one| one.name.clone());
    let seen = ground.assessment.map_or(&[][..], |assessment| &assessment.objects);
    let workload = seen
        .iter()
        .filter(|object| matches!(object.kind.as_str(), "service" | "workload" | "unit" | "deployment"))
        .map(|object| object.name.clone());
    let mut all: Vec<String> = named.chain(workload).collect();
    all.sort();
    all.dedup();
    all
}

fn look(ground: &Ground<'_>) -> Vec<StepDraft> {
    let ops = ground.role("ops");
    vec![
        build::shell(
            "inventory",
            "list_services",
            "Lists what runs on a machine: units, listening ports, timers, users' crontabs, mounts",
            "what nobody remembers runs as well, and would be gone with the machine",
            Shell {
                text: "systemctl list-units --type=service --state=running --no-pager\nss --listening --tcp --udp --numeric --processes\nsystemctl list-timers --all --no-pager\ncut -d: -f1 /etc/passwd | while read -r name; do crontab -l -u \"$name\" 2>/dev/null | sed \"s/^/$name: /\" || true; done\nfindmnt --real --noheadings".to_owned(),
                before: "run as root on each machine of the group; it only reads",
                expected: "a list for each machine; each line has an owner and one of: image, job, stays, goes",
            },
        )
        .owner(ops)
        .reads()
        .people("review", 2),
        build::manual(
            "assumptions",
            "find_assumptions",
            "Finds what code assumes of a machine: files that outlive the process, host names, fixed addresses, local time zone, signals, one instance only, mail by the local host",
            "a container loses its disk, its name and its address at any moment, and there are several of it",
            "each is listed with the file that assumes it and what it becomes: a volume, a setting, a lock, a service",
        )
        .owner(ground.role("developer"))
        .reads()
        .people("review", 3),
    ]
}

fn images(ground: &Ground<'_>, found: &[String]) -> PhaseDraft {
    let ops = ground.role("ops");
    let mut phase = build::phase("image", "each service is an image that is built by CI, scanned, and starts with settings from outside")
        .after(&["prepare"])
        .owner(ops)
        .back(
            "do not deploy the images; nothing on the machines was changed",
            "none",
            "the machines' error rate and p95 are those of the baseline",
        )
        .deliver("an image a service, by digest, with a list of what is in it");
    if found.is_empty() {
        let what = "Write an image for each service that runs on the machines";
        phase = phase.uncounted(what, ground.role("developer"), "nobody named the services: see what is needed");
    }
    for name in found {
        phase = phase.step(
            build::manual(
                &format!("image-{name}"),
                "build_image",
                format!("Writes the image of {name}: pinned base, not root, no secret in a layer, health checks for started, ready and alive, ends on SIGTERM within its grace time"),
                "what starts by itself on a machine must be told to a cluster",
                "it starts with a file system that cannot be written, as a user that is not root, and a SIGTERM ends it without a failed request",
            )
            .owner(ground.role("developer"))
            .undo("delete the image from the registry; the machines do not use it", "0 rows", "the registry does not list it")
            .people("container", 1),
        );
    }
    phase.step(
        build::shell(
            "build",
            "build_image",
            "Builds an image from a clean tree and starts it without rights",
            "an image that only builds on one laptop cannot be built on the day",
            Shell {
                text: "docker build --pull --tag \"$IMAGE\" \"$SERVICE_FOLDER\"\ndocker run --rm --read-only --tmpfs /tmp --user 10001:10001 --cap-drop ALL --env-file \"$SERVICE_SETTINGS\" \"$IMAGE\"".to_owned(),
                before: "IMAGE is registry, name and tag; SERVICE_FOLDER holds the Dockerfile; SERVICE_SETTINGS is a file with settings of a test and no secret of production",
                expected: "the second command runs until it is stopped, and its health check answers; repeat for each service",
            },
        )
        .owner(ground.role("developer"))
        .undo("delete the local image", "0 rows", "`docker image ls` does not list it")
        .undo_shell(Shell { text: "docker image rm \"$IMAGE\"".to_owned(), before: "IMAGE is the image that was built", expected: "`Untagged`" }),
    )
}

fn cluster(ground: &Ground<'_>, ends: &Ends, found: &[String]) -> PhaseDraft {
    let ops = ground.role("ops");
    let mut phase = build::phase("cluster", &format!("each service runs on {}, ready, on the same data as the machines, and gets no request of users", ends.to))
        .after(&["image"])
        .owner(ops)
        .back("delete what the manifests made; the machines serve everybody", "none", "`kubectl get` lists none of it, and the machines' figures are those of the baseline")
        .deliver("manifests in version control: requests and limits, probes, disruption budgets, network rules, secrets by reference")
        .task("Logs, metrics and alerts of the cluster and of each service", ground.role("oncall"), "dashboard", 1)
        .steps(found.iter().map(|name| {
            build::manual(
                &format!("manifest-{name}"),
                "write_manifest",
                format!("Writes the manifests of {name}: at least two instances on different nodes, requests from what it used at the peak, a disruption budget, network rules; jobs run on one side only"),
                "a job that runs on machines and in the cluster does its work twice",
                "a node was drained while it was loaded, and no request failed; each job has one side that runs it",
            )
            .owner(ops)
            .undo("delete it from the cluster; the machines serve", "0 rows", "`kubectl get` does not list it")
            .people("manifest", 1)
        }));
    phase = phase
        .step(
            build::shell(
                "check",
                "check_manifests",
                "Asks the cluster what would change, and lets it check the manifests, without changing anything",
                "what a cluster refuses is better known before the day",
                Shell { text: "kubectl apply --dry-run=server --recursive --filename \"$MANIFESTS\"\nkubectl diff --recursive --filename \"$MANIFESTS\" || test \"$?\" -eq 1".to_owned(), before: CLUSTER, expected: "no refusal; the difference is what was reviewed" },
            )
            .owner(ops)
            .reads(),
        )
        .step(
            build::shell(
                "apply",
                "apply_manifests",
                "Makes it so and waits until each instance is ready",
                "requests may only come when all of it stands",
                Shell {
                    text: format!("kubectl apply --recursive --filename \"$MANIFESTS\"\n{}", each("rollout status", " --timeout=10m")),
                    before: CLUSTER,
                    expected: "each deployment ends with `successfully rolled out`",
                },
            )
            .owner(ops)
            .undo("delete what the manifests made; no user is served by it", "0 rows", "`kubectl get` lists none of it")
            .undo_shell(Shell { text: "kubectl delete --recursive --filename \"$MANIFESTS\" --ignore-not-found --wait".to_owned(), before: "no user is served by the cluster, and no manifest holds data", expected: "each line ends with `deleted`" })
            .machine("deploy", 1, BTreeMap::new(), "1 × model machine.deploy"),
        );
    phase.gate("healthy", "no health check fails", none_of("health_checks_failing"), "Segue's own")
}

/// Requests over, and the next release on both sides.
fn users(ground: &Ground<'_>, draft: &mut Draft, ends: &Ends) {
    let division = super::traffic::Division {
        what: "requests, by weights of the balancer before both",
        ladder: ground.profile.service,
        after: &["prove"],
        users: "none while both sides answer alike; a few requests may fail in the seconds before a share is taken back",
        back: "both sides use the same databases, files and queues, so nothing has to flow back",
    };
    super::traffic::shift(draft, ground, &division);
    if let Some(shift) = draft.phases.iter_mut().find(|phase| phase.name == "shift") {
        let release = build::manual(
            "release",
            "release_both",
            "Releases the next version on both sides, by the same commit",
            "machines that are a version behind are no way back",
            "both sides show the same commit in their health check, before each share and until the machines go",
        )
        .owner(ground.role("developer"))
        .undo("roll the cluster back to the build from before, and the machines too", "0 rows", "both sides show the commit from before")
        .undo_shell(Shell {
            text: format!("{}\n{}", each("rollout undo", ""), each("rollout status", " --timeout=10m")),
            before: CLUSTER,
            expected: "`successfully rolled out`, and the health check shows the commit from before",
        })
        .people("cutover", 1);
        *shift = PhaseDraft(std::mem::take(shift)).step(release).0;
        shift.steps.rotate_right(1);
    }
    infra_phase::finish(ground, draft, ends, &["shift"], false);
}
