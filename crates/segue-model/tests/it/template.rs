//! What `segue init` writes.

use segue_model::secret::Reference;
use segue_model::spec::{self, System};

fn postgres(url: &str) -> System {
    System::Postgres { url: Reference::from(url.to_owned()) }
}

fn sqlite(path: &str) -> System {
    System::Sqlite { path: Reference::from(path.to_owned()) }
}

#[test]
fn it_reads_back() {
    for system in [
        System::Mysql { url: Reference::Env("DB_URL".into()) },
        postgres("env:DB_URL"),
        postgres("postgres://h/a?b=c"),
        sqlite("shop.db"),
        sqlite("a \"b\" \\ #: {c}\u{7}.db"),
        sqlite("env:SHOP"),
    ] {
        let text = spec::template(&system, "MIG-1");
        let spec = spec::read(&text, "segue.yaml").unwrap_or_else(|problems| panic!("{problems:#?}\n{text}"));
        assert_eq!((spec.id.as_str(), &spec.systems["db"]), ("MIG-1", &system));
        assert_eq!(spec.changes().len(), 1);
        assert_eq!(text.lines().next(), Some("# yaml-language-server: $schema=./segue.schema.json"));
    }
}

#[test]
fn what_it_shows_in_comments_is_right_too_and_is_the_default() {
    let text = spec::template(&sqlite("shop.db"), "MIG-1");
    let mut open = String::new();
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        let bare = line.trim_start().strip_prefix("# ").unwrap_or(line.trim_start());
        let key = bare.split([':', ' ']).next().unwrap_or_default();
        // Prose stays a comment; keys, list items and what stands below them is opened.
        let prose = line.trim_start().starts_with('#')
            && !bare.starts_with(['-', ' '])
            && (key.is_empty()
                || !key.chars().all(|c| c.is_ascii_lowercase() || c == '_')
                || bare.ends_with('.')
                || !bare.contains(": ") && !bare.ends_with(':'));
        open.push_str(&if prose { line.to_owned() } else { format!("{}{bare}", " ".repeat(indent)) });
        open.push('\n');
    }
    let open = open.replace("yaml-language-server", "# yaml-language-server").replace("# # ", "# ");
    let spec = spec::read(&open, "segue.yaml").unwrap_or_else(|problems| panic!("{problems:#?}\n{open}"));
    assert_eq!(spec.changes().len(), 13, "{open}");
    let plain = spec::read(&text, "segue.yaml").expect("reads");
    let defaults = segue_model::plan::Throttle::default();
    assert_eq!(spec.throttle.max_replication_lag.map(|lag| lag.0), Some(defaults.max_replication_lag_ms));
    assert_eq!(spec.throttle.batch_target.map(|target| target.0), Some(defaults.batch_target_ms));
    assert_eq!(spec.throttle.ddl_lock_timeout.map(|timeout| timeout.0), Some(defaults.ddl_lock_timeout_ms));
    assert_eq!(spec.throttle.max_wal.map(|size| size.0), Some(defaults.max_wal_bytes));
    assert_eq!(spec.limits.downtime.map_or(0, |time| time.0), defaults.downtime_ms);
    assert_eq!((spec.keep_old, spec.limits.rollback), (plain.keep_old, plain.limits.rollback));
    assert_eq!((spec.name, spec.why, spec.owners), (plain.name, plain.why, plain.owners));
    let program = spec.program;
    assert_eq!(program.data_loss, plain.program.data_loss);
    assert_eq!((program.team.people, program.team.hours_per_week), (Some(1), Some(20)), "the defaults");
    assert_eq!(program.moves.as_ref().map(|moves| (moves.from.as_str(), moves.to.as_str())), Some(("old", "db")));
    assert!(
        program.code.is_some() && program.api.is_some() && program.service.is_some() && program.auth.is_some() && program.infra.is_some()
    );
    assert_eq!((program.outside.len(), program.about["db"].has_facts, program.phases.len(), program.risks.len()), (3, true, 1, 1));
    assert_eq!((program.rollback_when.len(), program.comms.len(), program.windows.len()), (2, 2, 1));
    assert_eq!(program.rollout.map(|rollout| rollout.steps.len()), Some(5));
}

#[test]
fn every_key_of_the_file_stands_in_it() {
    let text = spec::template(&sqlite("shop.db"), "MIG-1");
    let schema = spec::schema();
    for key in schema["properties"].as_object().expect("keys").keys() {
        // What the plan chooses by itself is for those who know why.
        let found = ["kind", "profile"].contains(&key.as_str())
            || text.lines().any(|line| line.trim_start_matches("# ").starts_with(&format!("{key}:")));
        assert!(found, "{key}");
    }
}

#[test]
fn a_password_is_never_written() {
    let text = spec::template(&postgres("postgres://u:hunter2@h/db"), "MIG-1");
    assert!(!text.contains("hunter2"));
    assert!(spec::read(&text, "segue.yaml").is_ok());
}
