//! The steps of every case: in a safe order, and as a spec that Segue reads.

use segue_compat::policy::DEFAULT;
use segue_compat::sql::{Dialect, compare, steps};

use super::compare::{cases, read};

#[test]
fn every_case_makes_a_spec_that_reads() {
    let mut read_back = 0;
    for case in cases() {
        let (old, new) = (read(&case.old, case.dialect), read(&case.new, case.dialect));
        let steps = compare::check(&old, &new, case.dialect, &DEFAULT).steps;
        let phases: Vec<&str> = steps.iter().map(|step| step.phase.as_str()).collect();
        let mut sorted = phases.clone();
        sorted.sort_by_key(|phase| ["expand", "shift", "contract"].iter().position(|known| known == phase));
        assert_eq!(phases, sorted, "{}", case.name);
        for step in &steps {
            assert_eq!(step.by == "run", step.change.is_some(), "{}", case.name);
        }
        let runs = steps.iter().filter(|step| step.change.is_some()).count();
        if runs > 0 {
            let (system, url) = if case.dialect == Dialect::Sqlite { ("sqlite", "shop \"x\".db") } else { ("postgres", "DB_URL") };
            let yaml = steps::spec_yaml(&steps, system, url);
            let spec =
                segue_model::spec::read(&yaml, "segue.yaml").unwrap_or_else(|problems| panic!("{}: {problems:#?}\n{yaml}", case.name));
            assert_eq!(spec.changes().len(), runs, "{}", case.name);
            for (step, change) in steps.iter().filter_map(|step| step.change.as_ref()).zip(spec.changes()) {
                assert_eq!(step, &serde_json::to_value(change).expect("json"), "{}", case.name);
            }
            read_back += 1;
        }
    }
    assert!(read_back >= 8, "{read_back}");
}

#[test]
fn one_whole_migration() {
    let old = "CREATE TABLE users (id bigint PRIMARY KEY, name text, nick text, age int);CREATE TABLE gone (a int, b int, c date, d date);";
    let new = "CREATE TABLE users (id bigint PRIMARY KEY, full_name text NOT NULL, age bigint, team_id bigint, \
               CONSTRAINT users_team_fk FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE, CONSTRAINT age_ok CHECK (age > 0));\
               CREATE TABLE teams (id bigint PRIMARY KEY, \"the name\" text NOT NULL DEFAULT 'x: y # z');CREATE INDEX users_age ON users (age);";
    let (old, new) = (read(old, Dialect::Postgres), read(new, Dialect::Postgres));
    let outcome = compare::check(&old, &new, Dialect::Postgres, &DEFAULT);
    let yaml = steps::spec_yaml(&outcome.steps, "postgres", "SHOP_URL");
    assert!(segue_model::spec::read(&yaml, "segue.yaml").is_ok(), "{yaml}");
    insta::assert_snapshot!(yaml);
}
