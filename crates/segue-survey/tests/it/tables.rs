//! The 148 real tables: every one is read, and read as another parser reads it.

use segue_survey::{Dialect, dump};
use sqlparser::ast::{ColumnOption, Statement, TableConstraint};
use sqlparser::dialect::MySqlDialect;
use sqlparser::parser::Parser;

use crate::data;

#[test]
fn all_148_real_tables_are_read_as_another_parser_reads_them() {
    let Some(text) = data::read("mariadb-tables/show_create.jsonl") else { return };
    let (mut tables, mut compared) = (0, 0);
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let row: serde_json::Value = serde_json::from_str(line).expect("a row of JSON");
        let (sql, name) = (row["sql"].as_str().expect("sql"), row["table"].as_str().expect("table"));
        let assessment = dump(sql, "t.sql", Dialect::Mysql, Some(Dialect::Postgres));
        let seen = &assessment.systems["t.sql"].tables;
        assert_eq!(seen.len(), 1, "{sql}");
        assert_eq!(seen[0].name, name, "{sql}");
        let complaints: Vec<&String> = assessment.not_checked.iter().filter(|s| s.contains("line ")).collect();
        assert!(complaints.is_empty(), "{complaints:?}\n{sql}");
        assert!(!assessment.objects.is_empty(), "no verdict at all: {sql}");
        tables += 1;
        if let Ok(parsed) = Parser::parse_sql(&MySqlDialect {}, sql) {
            compare(&parsed, seen[0].columns as usize, seen[0].indexes as usize, sql);
            compared += 1;
        }
    }
    assert_eq!(tables, 148);
    assert!(compared >= 100, "the other parser read only {compared}");
}

fn compare(parsed: &[Statement], columns: usize, indexes: usize, sql: &str) {
    let [Statement::CreateTable(table)] = parsed else { panic!("no table: {sql}") };
    assert_eq!(table.columns.len(), columns, "columns of {sql}");
    let is_index = |c: &&TableConstraint| !matches!(c, TableConstraint::ForeignKey { .. } | TableConstraint::Check { .. });
    let inline = table
        .columns
        .iter()
        .flat_map(|c| &c.options)
        .filter(|o| matches!(o.option, ColumnOption::Unique { .. } | ColumnOption::PrimaryKey { .. }))
        .count();
    assert_eq!(table.constraints.iter().filter(is_index).count() + inline, indexes, "indexes of {sql}");
}
