//! Every command of every case: whole, right for its language, without secrets and without the traps.

use std::io::Write as _;
use std::process::{Command, Stdio};

use segue_model::plan::Plan;
use segue_model::plan::program::Command as Text;
use sqlparser::dialect::{Dialect, MySqlDialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::parser::Parser;

use crate::project_summary::{cases, good};

fn all() -> Vec<(String, Plan)> {
    cases().into_iter().map(|(name, spec)| (name, good(&spec, None))).collect()
}

/// Every command with the step that it belongs to.
fn commands(plan: &Plan) -> Vec<(String, Text)> {
    let steps = plan.phases.iter().flat_map(|phase| &phase.steps);
    steps
        .flat_map(|step| {
            let forward = step.outside.command.iter().map(|text| (step.id.clone(), text.clone()));
            forward.chain(step.undo.command.iter().map(|text| (format!("{} (undo)", step.id), text.clone()))).collect::<Vec<_>>()
        })
        .collect()
}

fn fed(program: &str, arguments: &[&str], text: &str) -> (bool, String) {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    child.stdin.take().expect("its input").write_all(text.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr))
}

#[test]
fn every_shell_text_is_good_bash() {
    let shellcheck = Command::new("shellcheck").arg("--version").output().is_ok_and(|output| output.status.success());
    assert!(shellcheck || std::env::var_os("CI").is_none(), "ShellCheck is missing");
    let mut texts: Vec<(String, String)> = Vec::new();
    for (case, plan) in all() {
        for (step, command) in commands(&plan).into_iter().filter(|(_, command)| command.language == "shell") {
            if !texts.iter().any(|(_, text)| *text == command.text) {
                texts.push((format!("{case}: {step}"), command.text));
            }
        }
    }
    assert!(texts.len() > 20, "{} texts", texts.len());
    for (place, text) in texts {
        let script = format!("#!/usr/bin/env bash\nset -euo pipefail\n{text}\n");
        let (fine, said) = fed("bash", &["-n"], &script);
        assert!(fine, "{place}: {said}\n{text}");
        if shellcheck {
            let (fine, said) = fed("shellcheck", &["-s", "bash", "-"], &script);
            assert!(fine, "{place}: {said}");
        }
    }
}

#[test]
fn every_sql_text_parses_in_its_dialect() {
    let mut seen = 0;
    for (case, plan) in all() {
        for (step, command) in commands(&plan).into_iter().filter(|(_, command)| command.language == "sql") {
            let dialect: Box<dyn Dialect> = match command.dialect.as_str() {
                "postgres" => Box::new(PostgreSqlDialect {}),
                "mysql" => Box::new(MySqlDialect {}),
                "sqlite" => Box::new(SQLiteDialect {}),
                other => panic!("{case}: {step} has no dialect: {other}"),
            };
            let parsed = Parser::parse_sql(&*dialect, &command.text);
            assert!(
                parsed.is_ok_and(|statements| !statements.is_empty()) || is_replication(&command.text),
                "{case}: {step}\n{}",
                command.text
            );
            seen += 1;
        }
    }
    assert!(seen > 10, "{seen}");
}

/// Statements of PostgreSQL's replication, which the parser does not know; they were run against a server.
fn is_replication(text: &str) -> bool {
    text.lines().all(|line| line.contains(" publication ") || line.contains(" subscription "))
}

#[test]
fn no_text_has_a_hole_a_secret_or_a_trap() {
    for (case, plan) in all() {
        for (step, command) in commands(&plan) {
            let place = format!("{case}: {step}");
            let lower = command.text.to_lowercase();
            assert!(
                !command.text.trim().is_empty() && !command.expected.is_empty() && !command.precondition.is_empty(),
                "{place} is not whole"
            );
            for hole in ["todo", "tbd", "xxx", "<your", "example.com", "change_me", "yyyy-mm-dd"] {
                assert!(!lower.contains(hole), "{place} has a hole: {hole}");
            }
            for trap in ["offset ", "create table as", "pg_restore -c", "query like", "group_concat", "hash("] {
                assert!(!lower.contains(trap), "{place} has the trap `{trap}`");
            }
            assert!(
                !command.text.lines().any(|line| line.contains(" as select") && lower.contains("create table")),
                "{place} makes a table from a query"
            );
            // A password in an argument list is seen by everybody on the machine.
            for line in command.text.lines().filter(|_| command.language == "shell") {
                let argument = ["--password=", "-p\"$", "password=$", "--token", "Authorization:"].iter().any(|word| line.contains(word));
                assert!(!argument, "{place} puts a secret into arguments: {line}");
            }
        }
    }
}

#[test]
fn no_way_back_after_the_switch_is_a_restore() {
    for (case, plan) in all() {
        for phase in &plan.phases {
            let moved = ["cutover", "shift", "own", "canary", "watch"].iter().any(|word| phase.name.contains(word));
            let back = phase.project.rollback.how.to_lowercase();
            assert!(!(moved && (back.contains("restore") || back.contains("backup"))), "{case}: {} goes back by {back}", phase.name);
        }
        for (at, step) in plan.phases.iter().flat_map(|phase| &phase.steps).enumerate().filter(|(_, step)| step.kind == "open_writers") {
            let armed = plan
                .phases
                .iter()
                .flat_map(|phase| &phase.steps)
                .take(at)
                .any(|step| step.kind == "arm_back_stream" || step.id.contains("back-start") || step.id.contains("back-stream"));
            assert!(armed, "{case}: {} opens writers before the way back is armed", step.id);
        }
    }
}
