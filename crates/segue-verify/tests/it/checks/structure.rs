//! Catalogs as the comparison sees them, without a server.

use segue_model::catalog::{Catalog, Column, Constraint, ConstraintKind, Table, TableKind};
use segue_model::ident::TableName;
use segue_model::verify::Verdict;
use segue_verify::checks::catalog::{Names, Side, check};
use segue_verify::checks::drift::{Drifted, report};

fn column(name: &str, data_type: &str) -> Column {
    Column::new(name.to_owned(), data_type.to_owned())
}

fn table(name: &TableName, columns: Vec<Column>, constraints: Vec<Constraint>) -> Table {
    Table { columns, constraints, ..Table::new(name.clone(), TableKind::Ordinary) }
}

fn key(columns: &[&str]) -> Constraint {
    Constraint {
        name: "pk".to_owned(),
        kind: ConstraintKind::PrimaryKey,
        definition: String::new(),
        columns: columns.iter().map(|name| (*name).to_owned()).collect(),
        validated: true,
        references: None,
    }
}

#[test]
fn renamed_and_left_out_columns_are_what_they_are() {
    let (old, new) = (TableName::bare("users"), TableName::new("public", "people"));
    let left = Catalog {
        tables: vec![table(&old, vec![column("ID", "int"), column("name", "varchar(20)"), column("tmp", "int")], vec![key(&["ID"])])],
        ..Catalog::default()
    };
    let right = Catalog {
        tables: vec![table(&new, vec![column("id", "integer"), column("full_name", "character varying(20)")], vec![key(&["id"])])],
        ..Catalog::default()
    };
    let side = |dialect, catalog| Side { dialect, catalog, not_checked: &[] };
    let mut names = Names { tables: vec![(old.clone(), new.clone())], ..Names::default() };
    let run = |names: &Names| check(names, side("mysql", &left), side("postgres", &right));
    let found = run(&names);
    assert_eq!(found.verdict, Verdict::Different);
    let lost = |name: &str| found.evidence.iter().any(|line| line.contains(&format!("missing column `{name}`")));
    assert!(lost("name") && lost("tmp") && !lost("ID"), "{found:?}");
    names.columns.insert((old.clone(), "name".to_owned()), "full_name".to_owned());
    names.ignored.push((old, "tmp".to_owned()));
    let found = run(&names);
    assert_eq!(found.verdict, Verdict::Equal, "{found:?}");
    assert!(found.not_compared.iter().any(|line| line.contains("column `tmp` was left out")), "{found:?}");
}

#[test]
fn tables_find_each_other_by_name_and_never_by_chance() {
    let tables = |names: &[TableName]| Catalog {
        tables: names.iter().map(|name| table(name, Vec::new(), Vec::new())).collect(),
        ..Catalog::default()
    };
    let source = tables(&[TableName::bare("Orders"), TableName::bare("users")]);
    let one = Names::matching(&source, &tables(&[TableName::new("public", "orders"), TableName::new("public", "users")]));
    assert_eq!(one.tables.len(), 2);
    let two = Names::matching(&source, &tables(&[TableName::new("a", "users"), TableName::new("b", "users")]));
    assert_eq!(two.tables, []);
}

#[test]
fn what_could_not_be_read_stands_there() {
    let empty = Catalog::default();
    let not_checked = ["grants: the role may not read them".to_owned()];
    let side = Side { dialect: "postgres", catalog: &empty, not_checked: &not_checked };
    let found = check(&Names::default(), side, side);
    assert!(found.not_compared.contains(&"source: grants: the role may not read them".to_owned()), "{found:?}");
    let drift =
        report("the fingerprint", &[Drifted { table: "t".to_owned(), verdict: Verdict::Undecided, seen: "cut".to_owned() }], Vec::new());
    assert_eq!(drift.verdict, Verdict::Undecided);
}
