//! Recipes of code, interfaces and sign-in: what the engineer who must act on them gets.

use segue_model::assessment::{Assessment, Edit, Incident};
use segue_model::finding::Severity;

use crate::recipe_case::{commands, component, date, good_shell, incident, phase, planned, spec, step, summary, try_plan};

fn express() -> Assessment {
    Assessment {
        components: vec![
            component("express", "npm", "4.19.2", "package.json:9"),
            component("node", "runtime", "18", ".nvmrc:1"),
            component("node", "image", "18-alpine", "Dockerfile:1"),
            component("mysql2", "npm", "3.9.1", "package.json:12"),
        ],
        incidents: vec![
            incident("js.express.route", "src/users.js", 12, "GET /users/:id", 3),
            incident("js.express.route", "src/users.js", 40, "POST /users", 3),
            incident("js.express.route", "src/orders.js", 8, "GET /orders", 3),
            incident("js.express.error-handler", "src/app.js", 70, "an error handler of four arguments", 5),
            incident("js.driver.mysql2", "src/db.js", 3, "createConnection", 5),
            incident("js.sql.placeholder", "src/db.js", 20, "a statement with `?`", 1),
            incident("js.sql.placeholder", "src/db.js", 31, "a statement with `?`", 1),
        ],
        ..Assessment::default()
    }
}

#[test]
fn a_framework_is_strangled_route_by_route() {
    let seen = express();
    let plan = planned("recipe-framework-switch", Some(&seen));
    assert_eq!(plan.pattern.name, "strangler");
    // One step a route that is known, none that is not.
    let ported: Vec<&str> =
        phase(&plan, "routes").steps.iter().filter(|step| step.kind == "port_route").map(|step| step.what.as_str()).collect();
    assert_eq!(
        ported,
        ["Ports GET /orders (src/orders.js:8)", "Ports GET /users/:id (src/users.js:12)", "Ports POST /users (src/users.js:40)"]
    );
    // What is no route is work as well, with its points.
    let error = phase(&plan, "routes").project.loads.iter().find(|load| load.of.contains("error-handler")).expect("a load");
    assert_eq!((error.key.as_str(), error.amount), ("people.incident_point", 5));
    // The old framework goes before the old side does, and only then.
    let retire: Vec<&str> = phase(&plan, "retire").steps.iter().map(|step| step.id.as_str()).collect();
    assert_eq!(retire, ["retire/archive", "retire/remove-express", "retire/decommission"]);
    assert!(
        step(&plan, "retire/remove-express")
            .outside
            .command
            .as_ref()
            .is_some_and(|command| command.text == "cd ./service && npm uninstall express && npm ci && npm test")
    );
    // The spec's ladder wins over the profile's.
    assert_eq!(plan.program.figures["ladder"].value, "1%, 10%, 50%, 100%");
    assert!(good_shell(&plan) >= 8);
    insta::assert_snapshot!(summary(&plan));
}

/// A use that brings in a package, with a draft of what it becomes.
fn used(rule: &str, of: &str, line: u32, to: &str) -> Incident {
    let edits = vec![Edit { to: to.to_owned(), before: format!("old {line}"), after: format!("new {line}") }];
    Incident { of: of.to_owned(), edits, ..incident(rule, "src/app.js", line, "a use", 3) }
}

fn drafts(plan: &segue_model::plan::Plan, id: &str) -> Vec<String> {
    step(plan, id).outside.drafts.iter().map(|draft| format!("{} {} {}", draft.at, draft.before, draft.after)).collect()
}

#[test]
fn drafts_of_the_code_stand_at_the_step_that_writes_it() {
    let mut seen = express();
    seen.incidents = vec![
        used("js.route", "", 12, "fastify"),
        used("js.framework.express", "express", 1, "fastify"),
        used("js.driver.mysql", "mysql2/promise", 2, "pg"),
        used("js.driver.mysql.connect", "", 5, "pg"),
        used("sql.placeholder.question", "", 13, "postgres"),
        used("js.old.library", "moment", 3, "date-fns"),
        used("js.old.library", "request", 4, "date-fns"),
    ];
    let plan = planned("recipe-framework-switch", Some(&seen));
    assert_eq!(drafts(&plan, "routes/port-1-src_app.js"), ["src/app.js:12 old 12 new 12"]);
    assert_eq!(drafts(&plan, "routes/rewrite-js.framework.express"), ["src/app.js:1 old 1 new 1"]);
    let plan = planned("recipe-library", Some(&seen));
    assert_eq!(drafts(&plan, "replace/placeholders-pg"), ["src/app.js:13 old 13 new 13"]);
    assert_eq!(drafts(&plan, "replace/pool-pg"), ["src/app.js:2 old 2 new 2", "src/app.js:5 old 5 new 5"]);
    // Only what brings in the library that goes: `request` is another one.
    assert_eq!(drafts(&plan, "replace/implement-date-fns"), ["src/app.js:3 old 3 new 3"]);
    // Behind the seam the old one still does the work: nothing of the new one is shown there.
    assert_eq!(drafts(&plan, "seam/rewrite-js.driver.mysql"), Vec::<String>::new());
    // The tree was read: nobody is asked to look where things are used.
    assert!(!plan.program.needed.iter().any(|needed| needed.what.contains("where what changes is used")), "{:?}", plan.program.needed);
    assert!(planned("recipe-library", None).program.needed.iter().any(|needed| needed.what.contains("where what changes is used")));
}

#[test]
fn a_newer_runtime_shows_what_its_language_lost() {
    let mut seen = express();
    seen.incidents =
        vec![used("js.old.buffer", "", 7, "newer"), Incident { language: "python".to_owned(), ..used("py.old.utcnow", "", 8, "newer") }];
    let plan = planned("recipe-runtime", Some(&seen));
    assert_eq!(drafts(&plan, "both/rewrite-js.old.buffer"), ["src/app.js:7 old 7 new 7"]);
    assert!(!phase(&plan, "both").steps.iter().any(|step| step.id.contains("py.old")), "python does not run on node");
}

#[test]
fn what_nobody_looked_at_is_needed_and_not_made_up() {
    let plan = planned("recipe-framework-switch", None);
    assert!(!phase(&plan, "routes").steps.iter().any(|step| step.kind == "port_route"));
    assert!(plan.program.needed.iter().any(|needed| needed.what.contains("which routes there are")), "{:?}", plan.program.needed);
}

#[test]
fn a_plan_whose_work_nobody_counted_has_no_end() {
    let bare = ["framework", "language", "library", "vm-to-containers", "service-extraction"];
    let specs = bare.map(|kind| format!("segue: 1\nid: bare\nkind: {kind}\n"));
    let code = "segue: 1\nid: bare\ncode: {path: nowhere, change: [{framework: {from: express@4, to: fastify@5}}]}\n".to_owned();
    for text in specs.into_iter().chain([code]) {
        let spec = segue_model::spec::read(&text, "segue.yaml").unwrap_or_else(|problems| panic!("{text}: {problems:#?}"));
        let plan = try_plan(&spec, None).unwrap_or_else(|found| panic!("{text}: {found:#?}"));
        assert_eq!(plan.program.duration, None, "{text} is promised to end");
        let asked: Vec<&str> =
            plan.findings.iter().filter(|found| found.code == "SG-PLAN-121").map(|found| found.object.as_str()).collect();
        assert!(!asked.is_empty(), "{text} does not say which phase has no time");
        for phase in plan.phases.iter().filter(|phase| asked.contains(&format!("phase {}", phase.name).as_str())) {
            let key = format!("phases.{}.estimate", phase.name);
            assert_eq!(phase.project.ends, None, "{text} {}", phase.name);
            assert!(plan.program.needed.iter().any(|row| row.spec_key == key), "{text} does not ask for {key}");
        }
    }
}

#[test]
fn what_somebody_stated_of_uncounted_work_gives_the_end_back() {
    let text = "segue: 1\nid: bare\nkind: framework\nphases: {upgrade: {estimate: {best: 1w, likely: 2w, worst: 4w}}}\n";
    let spec = segue_model::spec::read(text, "segue.yaml").unwrap_or_else(|problems| panic!("{problems:#?}"));
    let plan = try_plan(&spec, None).unwrap_or_else(|found| panic!("{found:#?}"));
    assert!(plan.program.duration.is_some(), "{:?}", plan.findings);
    assert!(!plan.program.needed.iter().any(|row| row.spec_key == "phases.upgrade.estimate"), "{:?}", plan.program.needed);
}

#[test]
fn a_contract_that_is_not_there_leaves_the_end_open() {
    let spec = spec("recipe-api");
    let model = segue_planner::Model::builtin();
    let input = |missing: &[&str]| segue_planner::Input {
        spec: &spec,
        assessment: None,
        schema: None,
        model: &model,
        today: Some(date("2026-11-21")),
        version: "0.1.0",
        documents: segue_planner::Documents {
            missing: missing.iter().map(|path| (*path).to_owned()).collect(),
            ..segue_planner::Documents::default()
        },
        notes: Vec::new(),
        rehearsal: None,
    };
    let there = segue_planner::project(&input(&[])).unwrap_or_else(|found| panic!("{found:#?}"));
    assert!(there.program.duration.is_some());
    let gone = segue_planner::project(&input(&["openapi-v2.yaml"])).unwrap_or_else(|found| panic!("{found:#?}"));
    assert_eq!(gone.program.duration, None);
    assert!(gone.program.needed.iter().any(|row| row.spec_key == "api.new"), "{:?}", gone.program.needed);
    assert!(gone.not_checked.iter().any(|what| what.contains("openapi-v2.yaml is not there")), "{:?}", gone.not_checked);
}

#[test]
fn a_major_version_is_a_second_build() {
    let mut seen = Assessment::default();
    let mut target = component("django", "pypi", "5.2", "requirements.txt:1");
    target.end_of_life = Some(date("2028-04-30"));
    target.note = "support ends 2028-04-30".to_owned();
    seen.components = vec![
        component("django", "pypi", "4.2.16", "requirements.txt:1"),
        component("django-filter", "pypi", "23.2", "requirements.txt:2"),
        target,
    ];
    let plan = planned("recipe-framework-upgrade", Some(&seen));
    assert_eq!(plan.pattern.name, "canary");
    assert!(plan.pattern.not.iter().any(|not| not.name == "strangler"));
    // Plugins follow the framework's versions.
    assert!(step(&plan, "upgrade/plugin-django-filter").what.contains("django-filter (23.2, requirements.txt:2)"));
    // A manifest that people edit gets no command.
    assert_eq!(step(&plan, "upgrade/add-django").by, "manual");
    // The end of the target's support is known, and said.
    assert!(
        plan.findings.iter().any(|finding| finding.code == "SG-PLAN-041" && finding.message.contains("2028-04-30")),
        "{:?}",
        plan.findings
    );
    insta::assert_snapshot!(summary(&plan));
}

#[test]
fn a_runtime_runs_on_both_before_it_changes() {
    let mut seen = express();
    seen.components[1].end_of_life = Some(date("2025-04-30"));
    seen.components[1].note = "support ended 2025-04-30".to_owned();
    let plan = planned("recipe-runtime", Some(&seen));
    assert_eq!(phase(&plan, "matrix").project.after, ["both"]);
    // Each place that pins the version is a step.
    let pins: Vec<&str> =
        phase(&plan, "matrix").steps.iter().filter(|step| step.kind == "pin_version").map(|step| step.id.as_str()).collect();
    assert_eq!(pins, ["matrix/pin-.nvmrc_1", "matrix/pin-Dockerfile_1"]);
    assert!(step(&plan, "matrix/image-node").outside.command.as_ref().is_some_and(|command| command.text.contains("node:22 ")));
    // Two packages need node at run time.
    let asked = step(&plan, "both/dependencies-node");
    assert!(asked.what.ends_with("express 4.19.2, mysql2 3.9.1"), "{}", asked.what);
    assert!(good_shell(&plan) >= 5);
    insta::assert_snapshot!(summary(&plan));
}

#[test]
fn another_language_goes_module_by_module() {
    let plan = planned("recipe-language", None);
    assert_eq!(plan.pattern.name, "strangler");
    assert!(plan.program.needed.iter().any(|needed| needed.spec_key == "phases.port.estimate"));
    assert!(step(&plan, "port/numbers").what.contains("rounding"));
    good_shell(&plan);
}

#[test]
fn a_library_and_a_driver_get_a_seam() {
    let seen = express();
    let plan = planned("recipe-library", Some(&seen));
    assert_eq!(plan.pattern.name, "branch by abstraction");
    // The path has a space: it is one word of the shell.
    let (_, add) = commands(&plan).into_iter().find(|(id, _)| id == "replace/add-pg").expect("a command");
    assert_eq!(add, "cd './my service' && npm install --save-exact pg@8");
    // What drivers disagree on is there, one by one, and only for the driver.
    for id in ["placeholders-pg", "keys-pg", "values-pg", "transactions-pg", "errors-pg", "pool-pg"] {
        let step = step(&plan, &format!("replace/{id}"));
        assert_eq!(step.by, "manual");
    }
    assert!(step(&plan, "replace/implement-date-fns").what.contains("daylight saving"));
    // Uses of SQL belong to the driver.
    assert!(step(&plan, "seam/rewrite-js.sql.placeholder").what.contains("2 uses"));
    // The driver of another database never gets a share of users: half of the writes would be on each side.
    assert!(phase(&plan, "ready").steps.iter().all(|step| step.kind != "set_share"));
    assert!(plan.findings.iter().any(|finding| finding.code == "SG-PLAN-055"), "nothing moves the data");
    assert!(plan.program.needed.iter().any(|needed| needed.spec_key == "move"));
    let watch = &phase(&plan, "watch").project.after;
    assert_eq!(*watch, ["shift", "ready"], "the end waits for both");
    assert!(good_shell(&plan) >= 8);
    insta::assert_snapshot!(summary(&plan));
}

#[test]
fn a_driver_of_the_same_database_moves_in_shares() {
    let mut spec = spec("recipe-library");
    let code = spec.program.code.as_mut().expect("code");
    code.change.truncate(2);
    code.change[1].to = "mysql@2".to_owned();
    let plan = crate::recipe_case::plan(&spec, None);
    assert!(!plan.phases.iter().any(|phase| phase.name == "ready"));
    assert!(!plan.findings.iter().any(|finding| finding.code == "SG-PLAN-055"));
}

#[test]
fn an_api_ends_by_gates_on_a_day_that_was_known() {
    let plan = planned("recipe-api", None);
    let names: Vec<&str> = plan.phases.iter().map(|phase| phase.name.as_str()).collect();
    assert_eq!(names, ["prepare", "both", "soft", "canary", "shift", "hard", "watch", "retire"]);
    // Document 003: soft for 4 weeks, the layer for 8, hard for 4; removal begins in week 17.
    let week = 604_800;
    let waits = |name: &str| {
        phase(&plan, name).project.loads.iter().filter(|load| load.key == "wait.deprecation").map(|load| load.amount).sum::<u64>()
    };
    let held =
        |name: &str| phase(&plan, name).project.loads.iter().filter(|load| load.key == "wait.hold").map(|load| load.amount).sum::<u64>();
    assert_eq!((waits("soft"), held("canary") + held("shift"), waits("hard")), (4 * week, 8 * week, 4 * week));
    // Each consumer that the spec names has its step.
    assert!(step(&plan, "shift/client-mobile").what.contains("mobile@shop.example"));
    assert!(step(&plan, "shift/client-warehouse").why.contains("removal"));
    // The code goes after nobody has called it, and before the end.
    assert!(phase(&plan, "retire").entry.iter().any(|gate| gate.id == "retire/unused"));
    let retire: Vec<&str> = phase(&plan, "retire").steps.iter().map(|step| step.id.as_str()).collect();
    assert_eq!(retire, ["retire/archive", "retire/gone", "retire/delete-code", "retire/decommission"]);
    // No verb that this version does not have.
    assert!(!commands(&plan).iter().any(|(_, text)| text.contains("segue check")));
    good_shell(&plan);
    insta::assert_snapshot!(summary(&plan));
}

#[test]
fn a_notice_that_is_longer_than_the_time_is_said() {
    let mut spec = spec("recipe-api");
    spec.program.deadline = Some(date("2027-03-01"));
    let findings = match try_plan(&spec, None) {
        Ok(plan) => plan.findings,
        Err(findings) => findings,
    };
    let notice = findings.iter().find(|finding| finding.code == "SG-PLAN-050").expect("a finding");
    assert_eq!(notice.severity, Severity::High);
    assert!(notice.message.contains("49 days"), "{}", notice.message);
}

#[test]
fn a_provider_changes_with_both_accepted() {
    let plan = planned("recipe-auth-provider", None);
    // The number of users drives the import.
    let import = phase(&plan, "import").project.loads.iter().find(|load| load.key == "machine.user_import").expect("a load");
    assert_eq!((import.amount, import.facts["rows"]), (120_000, 120_000));
    assert!(import.time.is_some(), "estimated");
    // Passwords of that provider are a question of their own.
    assert!(plan.findings.iter().any(|finding| finding.code == "SG-PLAN-051" && finding.message.contains("bcrypt")));
    assert!(plan.findings.iter().any(|finding| finding.code == "SG-PLAN-052"));
    assert!(step(&plan, "import/at-sign-in").what.contains("auth0"));
    // The way back lets everybody in: both sides are written to until the end.
    assert_eq!(step(&plan, "import/write-both").reversible, "until_contract");
    let retire: Vec<&str> = phase(&plan, "retire").steps.iter().map(|step| step.id.as_str()).collect();
    assert_eq!(retire, ["retire/archive", "retire/one-issuer", "retire/write-one", "retire/decommission"]);
    for app in ["mobile", "storefront", "wiki"] {
        assert!(step(&plan, &format!("clients/app-{app}")).what.contains("PKCE"));
    }
    assert!(commands(&plan).iter().all(|(_, text)| !text.contains("password=")), "a secret in a command");
    good_shell(&plan);
    insta::assert_snapshot!(summary(&plan));
}

#[test]
fn hashes_that_never_leave_are_a_high_finding() {
    let mut spec = spec("recipe-auth-provider");
    let auth = spec.program.auth.as_mut().expect("auth");
    auth.from = Some("AWS Cognito".to_owned());
    let plan = crate::recipe_case::plan(&spec, None);
    let finding = plan.findings.iter().find(|finding| finding.code == "SG-PLAN-051").expect("a finding");
    assert_eq!(finding.severity, Severity::High);
}

#[test]
fn single_sign_on_makes_accounts_from_one_place() {
    let plan = planned("recipe-auth-sso", None);
    assert!(step(&plan, "provider/provisioning").what.contains("SCIM"));
    let needed: Vec<&str> = plan.program.needed.iter().map(|needed| needed.spec_key.as_str()).collect();
    assert!(needed.contains(&"auth.users") && needed.contains(&"systems"), "{needed:?}");
    good_shell(&plan);
}
