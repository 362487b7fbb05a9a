//! Plans of every kind and their documents, as a user of the command line meets them.

use std::path::{Path, PathBuf};

use segue_report::trap;

use crate::fixture::Folder;

/// A service taken out of a monolith: nothing that Segue runs by itself.
const SERVICE: &str = "\
segue: 1
id: SVC-1
name: orders leave the monolith
why: two teams wait for each other
owners: {lead: ana@shop.example, oncall: raj@shop.example, developer: li@shop.example}
start: 2027-01-11
team: {people: 3, hours_per_week: 30}
systems: {app: {http: {old: http://127.0.0.1:8080, new: http://127.0.0.1:8081}}}
service: {from: monolith, extract: {orders: {tables: [orders, order_items], routes: [\"/api/orders/*\"]}}}
rollout: {system: app, steps: [5%, 50%, 100%], hold: 1h, sticky: user_id}
rollback_when: [\"error_rate(new) > 1% for 2m\"]
comms: {exec: {every: daily}, users: {lead_time: 4w}}
";

pub(crate) fn service() -> Folder {
    let folder = Folder::new();
    // A metric of a spec needs something that can measure it.
    folder.write("segue.yaml", &SERVICE.replace("rollback_when", "# rollback_when"));
    folder
}

/// The planner's own cases: one spec for each recipe.
fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../segue-planner/tests/cases");
    let mut all: Vec<PathBuf> = std::fs::read_dir(folder).expect("cases").flatten().map(|entry| entry.path()).collect();
    all.retain(|path| path.extension().is_some_and(|ending| ending == "yaml"));
    all.sort();
    assert!(all.len() >= 14, "{} cases", all.len());
    all
}

#[test]
fn every_case_has_all_its_documents() {
    let folder = Folder::new();
    for case in cases() {
        let spec = case.display().to_string();
        let plan = |more: &[&str]| {
            let words: Vec<&str> =
                ["plan", "-f", &spec, "--offline", "--today", "2026-11-21", "--fail-on", "critical"].iter().chain(more).copied().collect();
            folder.segue(&words)
        };
        let said = plan(&["-o", "p.segue"]).expect(0);
        assert!(said.out.contains("P50") || said.out.contains("needed"), "{spec}:\n{}", said.out);
        for line in said.out.lines() {
            assert!(line.chars().count() <= 80, "{spec}: {line}");
        }
        let again = folder.read("p.segue");
        plan(&["-o", "p.segue"]).expect(0);
        assert_eq!(again, folder.read("p.segue"), "{spec}: same inputs, same bytes");
        let saved: serde_json::Value = serde_json::from_str(&again).expect("JSON");
        assert!(!saved["phases"].as_array().expect("phases").is_empty());
        for (words, start) in [
            (vec!["report", "--plan", "p.segue", "--format", "markdown"], "# "),
            (vec!["report", "--plan", "p.segue", "--format", "html"], "<!"),
            (vec!["report", "--plan", "p.segue", "--format", "csv"], ""),
            (vec!["report", "--plan", "p.segue", "--order", "doc001", "--format", "markdown"], "#"),
            (vec!["report", "--plan", "p.segue", "--order", "doc002", "--format", "markdown"], "#"),
            (vec!["report", "--plan", "p.segue", "--order", "doc003", "--format", "markdown"], "#"),
            (vec!["runbook", "--plan", "p.segue"], "# Runbook"),
            (vec!["runbook", "--plan", "p.segue", "--format", "sql"], ""),
            (vec!["notify", "--plan", "p.segue", "--audience", "exec"], "To: "),
        ] {
            let said = folder.segue(&words).expect(0);
            assert!(said.out.starts_with(start), "{words:?} of {spec}: {}", said.out.get(..80).unwrap_or_default());
            assert_eq!(placeholders(&said.out), Vec::<String>::new(), "{words:?} of {spec}");
        }
        folder.segue(&["runbook", "--plan", "p.segue", "--format", "shell", "-o", "run.sh"]).expect(0);
        // None of the sixteen traps is ever generated, in any command of any recipe.
        assert_eq!(trap::find(&folder.read("run.sh"), trap::Language::Shell, &spec), [], "{spec}");
        let blocks: serde_json::Value =
            serde_json::from_str(&folder.segue(&["runbook", "--plan", "p.segue", "--format", "json"]).expect(0).out).expect("JSON");
        let mut texts = Vec::new();
        commands(&blocks, &mut texts);
        assert!(!texts.is_empty(), "{spec}: no command at all");
        for (language, text) in texts {
            assert_eq!(trap::find(&text, trap::Language::named(&language), &spec), [], "{spec}: {text}");
        }
        let bash = std::process::Command::new("bash").arg("-n").arg(folder.file("run.sh")).status().expect("bash");
        assert!(bash.success(), "{spec}: the shell runbook does not parse");
    }
}

/// Each command of a runbook, with its language.
fn commands(value: &serde_json::Value, out: &mut Vec<(String, String)>) {
    match value {
        serde_json::Value::Object(map) => {
            if let (Some(language), Some(text)) =
                (map.get("language").and_then(|it| it.as_str()), map.get("text").and_then(|it| it.as_str()))
            {
                out.push((language.to_owned(), text.to_owned()));
            }
            map.values().for_each(|inner| commands(inner, out));
        }
        serde_json::Value::Array(items) => items.iter().for_each(|inner| commands(inner, out)),
        _ => {}
    }
}

/// What looks like something that somebody should have filled in.
fn placeholders(text: &str) -> Vec<String> {
    ["TODO", "TBD", "FIXME", "YOUR_", "<your", "{placeholder", "xxx"]
        .iter()
        .filter(|mark| text.contains(**mark))
        .map(|mark| (*mark).to_owned())
        .collect()
}

#[test]
fn a_plan_of_others_is_not_applied_and_says_where_to_look() {
    let folder = service();
    folder.segue(&["plan", "-o", "p.segue"]).expect(0);
    folder.segue(&["apply", "p.segue", "--yes"]).says("SG-CLI-078").expect(64);
    folder.segue(&["apply", "-f", "segue.yaml", "--yes"]).says("SG-CLI-078").expect(64);
    folder.segue(&["rehearse"]).says("SG-CLI-067").expect(64);
}

#[test]
fn two_plans_differ_in_words() {
    let folder = service();
    folder.segue(&["plan", "--today", "2026-11-21", "-o", "a.segue"]).expect(0);
    folder.segue(&["plan", "--today", "2026-11-21", "--profile", "doc002", "--start", "2027-02-01", "-o", "b.segue"]).expect(0);
    let said = folder.segue(&["plan", "diff", "a.segue", "b.segue"]).expect(0);
    assert!(said.out.contains("~ profile: segue → doc002") && said.out.contains("~ start: 2027-01-11 → 2027-02-01"), "{}", said.out);
    assert_eq!(folder.segue(&["plan", "diff", "a.segue", "a.segue"]).expect(0).out, "the two plans are the same\n");
    folder.segue(&["plan", "diff", "a.segue", "none.segue"]).says("SG-CLI-031").expect(64);
}

#[test]
fn wrong_words_are_refused_before_anything_is_looked_at() {
    let folder = service();
    folder.segue(&["plan", "--profile", "doc009"]).says("SG-CLI-073").expect(64);
    folder.segue(&["plan", "--assessment", "none.json"]).says("SG-CLI-071").expect(64);
    folder.write("bad.json", "{\"format_version\": 1}");
    folder.segue(&["plan", "--assessment", "bad.json"]).says("SG-CLI-072").expect(64);
    folder.write("model.json", "{\"people\": {\"tabel\": {}}}");
    let said = folder.segue(&["plan", "--model", "model.json"]).expect(64);
    assert!(said.err.contains("table"), "the nearest key is named: {}", said.err);
    folder.segue(&["status", "--format", "html"]).says("SG-CLI-070").expect(64);
    folder.segue(&["notify", "--audience", "everybody"]).says("SG-CLI-083").expect(64);
    folder.segue(&["notify", "--zone", "Mars/Olympus"]).says("SG-CLI-081").expect(64);
    folder.segue(&["report", "--retrospective"]).says("SG-CLI-080").expect(64);
    folder.segue(&["runbook", "run", "nothing/here", "--yes"]).says("SG-CLI-074").expect(64);
    folder.segue(&["explain", "RISK-999", "-f", "segue.yaml"]).expect(64);
    folder.segue(&["assess", "nothing.here"]).says("SG-CLI-079").expect(64);
}

#[test]
fn numbers_are_explained() {
    let folder = service();
    for (words, part) in [
        (vec!["explain", "R1", "-f", "segue.yaml"], "severity"),
        (vec!["explain", "RISK-001", "-f", "segue.yaml"], "severity"),
        (vec!["explain", "pattern", "-f", "segue.yaml"], "strangler"),
        (vec!["explain", "figure", "ladder", "-f", "segue.yaml"], "spec rollout"),
        (vec!["explain", "duration", "-f", "segue.yaml"], "needed"),
        (vec!["explain", "estimate", "shift", "-f", "segue.yaml"], "model"),
    ] {
        let said = folder.segue(&words).expect(0);
        assert!(said.out.to_lowercase().contains(&part.to_lowercase()), "{words:?}: {}", said.out);
    }
}

#[test]
fn a_block_is_run_once_somebody_said_yes_and_its_output_is_kept() {
    let folder = service();
    folder.segue(&["plan", "-o", "p.segue"]).expect(0);
    let plan: serde_json::Value = serde_json::from_str(&folder.read("p.segue")).expect("a plan");
    let steps = plan["phases"].as_array().into_iter().flatten().flat_map(|phase| phase["steps"].as_array().into_iter().flatten());
    let shell: Vec<&str> =
        steps.filter(|step| step["outside"]["command"]["language"] == "shell").filter_map(|step| step["id"].as_str()).collect();
    let step = shell.iter().find(|id| id.ends_with("/assess")).expect("every plan begins with an assessment");
    folder.segue(&["runbook", "run", step, "--plan", "p.segue"]).says("SG-CLI-076").expect(5);
    let path = format!(
        "{}:{}",
        Path::new(env!("CARGO_BIN_EXE_segue")).parent().expect("a folder").display(),
        std::env::var("PATH").unwrap_or_default()
    );
    let mut folder = folder;
    folder.env.push(("PATH".to_owned(), path));
    let said = folder.segue(&["runbook", "run", step, "--plan", "p.segue", "--yes"]).expect(0);
    assert!(said.err.contains("evidence: "), "{}", said.err);
    assert!(folder.file("assessment.json").is_file(), "the block really ran");
    let kept = said.err.lines().find_map(|line| line.strip_prefix("evidence: ")).expect("a file");
    let text = folder.read(kept);
    assert!(text.contains("ended ") && text.contains("with 0"), "{text}");
}

#[test]
fn the_old_planners_documents_are_read_by_its_own_flags() {
    let folder = Folder::new();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/claude-skills");
    if !data.exists() {
        assert!(std::env::var_os("CI").is_none(), "with CI set, the shared data must be there");
        return;
    }
    for name in ["sample_database_migration.json", "sample_service_migration.json"] {
        let file = data.join(name).display().to_string();
        for flag in ["--input", "-i", "--config"] {
            folder.segue(&["plan", flag, &file, "--validate"]).expect(0);
        }
        let said = folder.segue(&["plan", "--input", &file, "--format", "both"]).expect(0);
        let document: serde_json::Value = serde_json::from_str(&said.out).expect("JSON on stdout");
        assert!(document["phases"].as_array().is_some_and(|phases| phases.len() >= 4), "{name}");
        assert!(said.err.contains("Type "), "the text on stderr: {}", said.err);
        folder.segue(&["plan", "--input", &file, "--format", "both", "--output", "out"]).expect(0);
        assert!(folder.file("out.json").is_file() && folder.file("out.txt").is_file());
        let said = folder.segue(&["plan", "--input", &file, "--format", "json", "--emit", "claude-skills"]).expect(0);
        let old: serde_json::Value = serde_json::from_str(&said.out).expect("JSON");
        assert!(old["migration_id"].is_string() && old["phases"][0]["rollback_triggers"].is_array());
    }
    for (text, place) in [
        ("{\"type\": \"banana\", \"source\": \"a\", \"target\": \"b\"}", "type"),
        ("{\"type\": \"database\", \"source\": \"a\", \"target\": \"b\", \"constraints\": null}", "constraints"),
        (
            "{\"type\": \"database\", \"source\": \"a\", \"target\": \"b\", \"constraints\": {\"data_volume_gb\": \"2.5TB\"}}",
            "data_volume_gb",
        ),
        (
            "{\"type\": \"database\", \"source\": \"a\", \"target\": \"b\", \"constraints\": {\"max_downtime_minutes\": -5}}",
            "max_downtime_minutes",
        ),
    ] {
        folder.write("old.json", text);
        let said = folder.segue(&["plan", "--input", "old.json", "--validate"]).expect(64);
        assert!(said.err.contains(place), "{text}: {}", said.err);
    }
}

#[test]
fn a_template_of_the_users_own_says_where_it_is_wrong() {
    let folder = service();
    folder.write("mine.txt", "Subject: {{ plan.id }} soon\nFor {{ nobody_knows }}\n");
    folder.segue(&["notify", "--message", "user-notice", "--template", "mine.txt"]).says("SG-CLI-082").says("mine.txt:2").expect(64);
    folder.write("mine.txt", "Subject: {{ plan.id }} soon\nHello, {{ plan.name }}.\n");
    let said = folder.segue(&["notify", "--message", "user-notice", "--template", "mine.txt"]).expect(0);
    assert!(said.out.contains("Subject: SVC-1 soon") && said.out.contains("Hello, orders leave the monolith."), "{}", said.out);
}

#[test]
fn a_gate_of_the_spec_holds_whichever_way_the_plan_is_applied() {
    for saved in [true, false] {
        let folder = Folder::shop(20);
        let spec = folder.read("segue.yaml");
        folder.write("segue.yaml", &format!("{spec}phases: {{verify: {{gate: [{{approve: {{by: [lead, dba], count: 2}}}}]}}}}\n"));
        folder.segue(&["plan", "-o", "p.segue"]).expect(0);
        let words = if saved { ["apply", "p.segue", "--yes"] } else { ["apply", "-fsegue.yaml", "--yes"] };
        // A yes to the plan does not open it, and two people are two people.
        folder.segue(&words).says("verify/spec-1").expect(5);
        for by in ["ana", "ana"] {
            folder.segue(&["approve", "verify/spec-1", "--by", by]).expect(0);
            folder.segue(&["apply"]).says("1 approved").expect(5);
        }
        folder.segue(&["approve", "verify/spec-1", "--by", "raj"]).expect(0);
        folder.segue(&["apply"]).expect(0);
    }
}

#[test]
fn code_is_shown_as_it_would_be_and_stays_as_it_is() {
    let folder = Folder::new();
    std::fs::create_dir(folder.file("service")).expect("a folder");
    folder.write(
        "segue.yaml",
        "segue: 1\nid: C-1\nname: fastify\nstart: 2027-01-11\nowners: {lead: ana@shop.example}\ncode: {path: ./service, change: [{framework: {from: express@4, to: fastify@5}}, {library: {from: moment, to: date-fns}}, {driver: {from: mysql2, to: pg}}]}\n",
    );
    folder.write("service/package.json", "{\"dependencies\": {\"express\": \"^4.18.0\", \"moment\": \"^2.29.0\", \"mysql2\": \"^3.0.0\"}}");
    let code = "const express = require('express');\nconst mysql = require('mysql2');\nconst moment = require('moment');\nconst app = express();\n\
                const db = mysql.createPool({ host: 'db', password: 'hunter2' });\n\
                app.get('/users/:id', (req, res) => {\n  res.json({ at: moment().format('YYYY-MM-DD'), token: 'hunter2' });\n});\n\
                db.query('SELECT * FROM users WHERE email = ? LIMIT 1', ['a']);\n";
    folder.write("service/app.js", code);
    let said = folder.segue(&["plan", "--offline", "--today", "2026-11-21", "--detail", "full", "--fail-on", "never"]).expect(0);
    for line in [
        "- app.get('/users/:id', (req, res) => {",
        "+   reply.send({ at: moment().format('…'), token: '…' });",
        "+ const { Pool } = require('pg');",
        "+ SELECT * FROM users WHERE email = $1 LIMIT 1",
        "+ dateFns.format(new Date(), \"yyyy-MM-dd\")",
    ] {
        assert!(said.out.contains(line), "{line}:\n{}", said.out);
    }
    for words in [
        vec!["report", "--order", "doc001", "--format", "markdown"],
        vec!["runbook"],
        vec!["assess", "--format", "json"],
        vec!["plan", "--format", "html"],
    ] {
        let offline: &[&str] = if words[0] == "assess" { &[] } else { &["--offline"] };
        let words: Vec<&str> = words.iter().chain(offline).copied().chain(["--today", "2026-11-21"]).collect();
        let said = folder.segue(&words);
        assert!(!said.out.contains("hunter2"), "{words:?}: a text of the program");
    }
    assert!(!said.out.contains("hunter2"));
    assert_eq!(folder.read("service/app.js"), code, "shown, never applied");
}

#[test]
fn a_plan_with_a_high_finding_says_so_by_its_exit_code() {
    let folder = Folder::new();
    std::fs::create_dir(folder.file("service")).expect("a folder");
    folder.write(
        "segue.yaml",
        "segue: 1\nid: C-1\nname: pg\nowners: {lead: ana@shop.example}\ncode: {path: ./service, change: [{driver: {from: mysql2, to: pg}}]}\n",
    );
    let plan = |more: &[&str]| {
        let words: Vec<&str> = ["plan", "--offline", "--today", "2026-11-21"].iter().chain(more).copied().collect();
        folder.segue(&words)
    };
    assert!(plan(&["-o", "p.segue"]).expect(3).out.contains("SG-PLAN-055"));
    assert!(folder.read("p.segue").contains("SG-PLAN-055"), "the plan is written before the exit code is decided");
    plan(&["--fail-on", "critical"]).expect(0);
    plan(&["--fail-on", "never"]).expect(0);
}
