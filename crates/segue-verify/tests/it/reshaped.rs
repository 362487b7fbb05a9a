//! The form that a spec gives the target of its move: a change counts once the target shows it.

use segue_engine::rows::{Class, ColumnRows, TableRows};
use segue_model::change::{AddColumn, Change, ChangeType, CreateTable, DropColumn, DropTable, RenameColumn};
use segue_model::ident::TableName;
use segue_verify::TablePair;
use segue_verify::mapping::{Mapping, declare, declared_table, pair, reshape};

fn column(name: &str, data_type: &str, class: Class) -> ColumnRows {
    ColumnRows { name: name.to_owned(), data_type: data_type.to_owned(), class, nullable: true, generated: false, unreadable: None }
}

fn table(schema: &str, columns: Vec<ColumnRows>) -> TableRows {
    let table = TableName { schema: schema.to_owned(), name: "users".to_owned() };
    TableRows { table, columns, key: Some(vec!["id".to_owned()]), rows: 0, bytes: 0, ranges_are_cheap: false }
}

fn source() -> TableRows {
    let columns = vec![
        column("id", "int", Class::Integer),
        column("name", "text", Class::Text),
        column("total", "int", Class::Integer),
        column("fax", "text", Class::Text),
    ];
    table("shop", columns)
}

fn changes() -> Vec<Change> {
    let (users, text) = ("public.users".to_owned(), str::to_owned);
    vec![
        Change::RenameColumn(RenameColumn { table: users.clone(), from: text("name"), to: text("full_name") }),
        Change::ChangeType(ChangeType {
            table: users.clone(),
            column: text("total"),
            to: text("numeric(12,2)"),
            up: Some(text("total / 100.0")),
            down: None,
        }),
        Change::DropColumn(DropColumn { table: users.clone(), column: text("fax"), down: None }),
        Change::AddColumn(added(&users, "initial", Some("substr(name, 1, 1)"))),
        Change::AddColumn(added(&users, "plan", None)),
        // Of another table with the same columns.
        Change::RenameColumn(RenameColumn { table: text("public.people"), from: text("id"), to: text("nobody") }),
    ]
}

fn added(table: &str, column: &str, up: Option<&str>) -> AddColumn {
    AddColumn {
        table: table.to_owned(),
        column: column.to_owned(),
        data_type: "text".to_owned(),
        null: true,
        default: None,
        up: up.map(ToOwned::to_owned),
        check: None,
        unique: false,
        references: None,
        comment: None,
    }
}

fn paired(target: &TableRows) -> TablePair {
    let (source, mut mapping) = (source(), Mapping::default());
    let declared = reshape(&mut mapping, &changes(), &source, target);
    let mut pair = pair(&source, "mariadb", target, "postgres", &mapping).expect("a pair");
    declare(&mut pair, &declared);
    pair
}

#[test]
fn the_new_form_is_compared_with_what_up_says() {
    let target = table(
        "public",
        vec![
            column("id", "integer", Class::Integer),
            column("full_name", "text", Class::Text),
            column("total", "numeric(12,2)", Class::DecimalScaled),
            column("initial", "text", Class::Text),
            column("plan", "text", Class::Text),
        ],
    );
    let pair = paired(&target);
    let read: Vec<(&str, Option<&str>, &str)> = (pair.source.columns.iter().zip(&pair.target.columns))
        .map(|(here, there)| (here.name.as_str(), here.expression.as_deref(), there.name.as_str()))
        .collect();
    assert_eq!(
        read,
        [
            ("id", None, "id"),
            ("name", None, "full_name"),
            ("total", Some("total / 100.0"), "total"),
            ("initial", Some("substr(name, 1, 1)"), "initial")
        ]
    );
    assert!(pair.only_in_source.is_empty() && pair.only_in_target.is_empty() && pair.not_compared.is_empty(), "{pair:?}");
    let notes = pair.notes.join("\n");
    assert!(
        notes.contains("fax is not compared: the spec drops it") && notes.contains("plan is not compared: the spec adds it"),
        "{notes}"
    );
}

#[test]
fn a_target_that_was_not_changed_yet_is_compared_as_it_is() {
    let target = TableRows { table: table("public", Vec::new()).table, ..source() };
    let pair = paired(&target);
    assert!(pair.source.columns.iter().all(|column| column.expression.is_none()), "{pair:?}");
    assert_eq!(pair.names, ["id", "name", "total", "fax"]);
    assert!(pair.only_in_source.is_empty() && pair.only_in_target.is_empty());
}

#[test]
fn what_the_spec_does_not_say_is_a_difference_still() {
    let mut columns = source().columns;
    columns.retain(|column| column.name != "total");
    columns.push(column("surprise", "text", Class::Text));
    let pair = paired(&TableRows { columns, ..table("public", Vec::new()) });
    assert_eq!((pair.only_in_source, pair.only_in_target), (vec!["total".to_owned()], vec!["surprise".to_owned()]));
}

#[test]
fn tables_that_the_spec_makes_or_drops_are_declared() {
    let changes = [
        Change::DropTable(DropTable { table: "old".to_owned() }),
        Change::CreateTable(CreateTable {
            table: "public.fresh".to_owned(),
            columns: segue_model::change::Columns::default(),
            primary_key: Vec::new(),
            unique: Vec::new(),
            checks: std::collections::BTreeMap::new(),
            foreign_keys: Vec::new(),
            comment: None,
        }),
    ];
    let name = |text: &str| TableName::parse(text).expect("a name");
    assert!(declared_table(&changes, &name("shop.old"), true).is_some());
    assert!(declared_table(&changes, &name("public.fresh"), false).is_some());
    assert!(declared_table(&changes, &name("public.old"), false).is_none(), "it was to be dropped, and is there");
    assert!(declared_table(&changes, &name("shop.fresh"), true).is_none());
}
