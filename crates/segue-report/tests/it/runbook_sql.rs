//! The SQL export: what a parser of each dialect makes of it, and what SQLite does with it.

use segue_report::runbook;
use sqlparser::dialect::{Dialect, MySqlDialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::parser::Parser;

use crate::runbook_fixture::{all, hostile, shop};

fn dialect(name: &str) -> Box<dyn Dialect> {
    match name {
        "postgres" => Box::new(PostgreSqlDialect {}),
        "mysql" => Box::new(MySqlDialect {}),
        "sqlite" => Box::new(SQLiteDialect {}),
        other => panic!("no dialect {other}"),
    }
}

#[test]
fn golden_sql() {
    insta::assert_snapshot!(runbook::sql(&shop()));
}

#[test]
fn every_block_parses_and_so_does_the_whole() {
    let mut seen = 0;
    for plan in all().into_iter().chain([hostile()]) {
        let blocks: Vec<_> = runbook::blocks(&plan).into_iter().filter(|block| block.language == "sql").collect();
        let forward: usize = blocks
            .iter()
            .filter(|block| !block.undo)
            .map(|block| Parser::parse_sql(&*dialect(&block.dialect), &block.text).expect("it parses").len())
            .sum();
        let whole = Parser::parse_sql(&PostgreSqlDialect {}, &runbook::sql(&plan)).expect("it parses");
        assert_eq!(whole.len(), forward, "ways back are comments, and no text became a statement");
        seen += blocks.len();
    }
    assert!(seen > 4, "{seen}");
}

/// A plan whose SQL is for SQLite, with two steps.
fn sqlite() -> segue_model::plan::Plan {
    let mut plan = shop();
    let steps = &mut plan.phases[0].steps;
    let texts = [
        ("create table audit (id integer primary key, note text not null default 'it''s; fine -- here')", "drop table audit"),
        ("insert into audit (id) values (1);\ninsert into audit (id) values (2) -- the second", "delete from audit where id in (1, 2)"),
    ];
    for (step, (forward, back)) in steps.iter_mut().zip(texts) {
        for (command, text) in [(step.outside.command.as_mut(), forward), (step.undo.command.as_mut(), back)] {
            let command = command.expect("a command");
            "sql".clone_into(&mut command.language);
            "sqlite".clone_into(&mut command.dialect);
            text.clone_into(&mut command.text);
        }
    }
    plan
}

#[test]
fn sqlite_runs_the_whole_section_and_then_each_way_back() {
    let plan = sqlite();
    let database = rusqlite::Connection::open_in_memory().expect("a database");
    database.execute_batch(&runbook::sql(&plan)).expect("it runs");
    let rows = || database.query_row("select count(*) from audit", [], |row| row.get::<_, i64>(0));
    assert_eq!(rows().expect("rows"), 2, "nothing was undone by running the whole");
    for block in runbook::blocks(&plan).into_iter().rev().filter(|block| block.undo && block.language == "sql") {
        database.execute_batch(&block.text).expect("the way back runs");
    }
    assert!(rows().is_err(), "the table is gone");
}

#[test]
fn hostile_texts_stay_comments() {
    let mut plan = sqlite();
    for phase in &mut plan.phases {
        for step in &mut phase.steps {
            step.id.push_str(crate::runbook_fixture::HOSTILE);
            step.what.push_str("\ndrop table audit;");
            if let Some(command) = &mut step.outside.command {
                command.expected.push_str("\r\ndrop table audit;\u{2028}drop table audit;");
                command.precondition.push_str("\ndrop table audit;");
            }
        }
    }
    let database = rusqlite::Connection::open_in_memory().expect("a database");
    database.execute_batch(&runbook::sql(&plan)).expect("it runs");
    assert_eq!(database.query_row("select count(*) from audit", [], |row| row.get::<_, i64>(0)).expect("the table is there"), 2);
}
