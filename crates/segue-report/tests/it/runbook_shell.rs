//! The shell export under bash and ShellCheck, and what it does when it is run.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use segue_report::runbook;

use crate::runbook_fixture::{all, hostile, schema, shop};

fn fed(program: &str, arguments: &[&str], text: &str) -> Output {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    child.stdin.take().expect("its input").write_all(text.as_bytes()).expect("it reads");
    child.wait_with_output().expect("it ends")
}

fn good(output: &Output, text: &str) {
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\nin\n{text}");
}

/// Whether there is ShellCheck; where `CI` is set there must be.
fn has_shellcheck() -> bool {
    let there = Command::new("shellcheck").arg("--version").output().is_ok_and(|output| output.status.success());
    assert!(there || std::env::var_os("CI").is_none(), "ShellCheck is missing: `cargo xtask test` installs it");
    there
}

#[test]
fn every_script_is_good_bash() {
    for plan in all().into_iter().chain([hostile()]) {
        let script = runbook::shell(&plan);
        good(&fed("bash", &["-n"], &script), &script);
        if has_shellcheck() {
            good(&fed("shellcheck", &["-s", "bash", "-"], &script), &script);
        }
    }
}

#[test]
fn every_shell_block_is_good_bash_by_itself() {
    let mut seen = 0;
    for plan in all().into_iter().chain([hostile()]) {
        for block in runbook::blocks(&plan).into_iter().filter(|block| block.language == "shell") {
            let script = format!("#!/usr/bin/env bash\nset -euo pipefail\n{}\n", block.text);
            good(&fed("bash", &["-n"], &script), &script);
            if has_shellcheck() {
                good(&fed("shellcheck", &["-s", "bash", "-"], &script), &script);
            }
            seen += 1;
        }
    }
    assert!(seen > 10, "{seen}");
}

fn run(script: &str, arguments: &[&str], folder: &std::path::Path) -> Output {
    let file = folder.join("runbook.sh");
    std::fs::write(&file, script).expect("it is written");
    Command::new("bash")
        .arg(&file)
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").expect("PATH"))
        .output()
        .expect("it runs")
}

#[test]
fn it_refuses_to_run_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    for arguments in [&[][..], &["nothing"], &["undo", "nothing"], &["prepare/role", "copy/orders"], &["undo"]] {
        let output = run(&runbook::shell(&shop()), arguments, folder.path());
        assert_eq!(output.status.code(), Some(64), "{arguments:?}");
        assert!(output.stdout.is_empty());
        assert!(String::from_utf8_lossy(&output.stderr).contains("prepare/role  (command) make a role"));
    }
}

#[test]
fn one_step_is_run_and_only_that() {
    let folder = tempfile::tempdir().expect("a folder");
    let script = runbook::shell(&shop());
    let output = run(&script, &["prepare/role"], folder.path());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "create role mover login;\ncomment on role mover is 'moves the shop';\n");
    let output = run(&script, &["undo", "prepare/role"], folder.path());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "drop role mover\n");
    let output = run(&script, &["copy/orders"], folder.path());
    assert!(String::from_utf8_lossy(&output.stdout).contains("Done by a person (dba (raj@shop.example))."));
    std::fs::write(folder.path().join("before.schema"), "x").expect("written");
    assert!(run(&script, &["undo", "prepare/schema"], folder.path()).status.success());
    assert!(!folder.path().join("before.schema").exists(), "the shell step did its work");
    let output = run(&script, &["prepare/schema"], folder.path());
    assert!(!output.status.success(), "an unset variable stops it");
    assert!(String::from_utf8_lossy(&output.stderr).contains("set it first"));
}

#[test]
fn hostile_names_run_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let plan = hostile();
    let script = runbook::shell(&plan);
    assert!(run(&script, &[], folder.path()).status.code() == Some(64));
    let ids: Vec<String> = plan.phases.iter().flat_map(|phase| &phase.steps).map(|step| segue_report::shown(&step.id)).collect();
    for id in &ids {
        let output = run(&script, &[id], folder.path());
        assert_ne!(output.status.code(), Some(64), "{id} is known: {}", String::from_utf8_lossy(&output.stderr));
    }
    assert!(!folder.path().join("pwned").exists());
    let mut plan = schema();
    crate::runbook_fixture::HOSTILE.clone_into(&mut plan.phases[1].name);
    let block = runbook::block(&plan, "expand/users").expect("a block");
    // The command line that the words make, without running segue.
    let output = run(&format!("segue() {{ printf '%s|' \"$@\"; }}\n{}", block.text), &[], folder.path());
    assert_eq!(String::from_utf8_lossy(&output.stdout), format!("apply|--until|{}|", crate::runbook_fixture::HOSTILE));
    assert!(!folder.path().join("pwned").exists());
}
