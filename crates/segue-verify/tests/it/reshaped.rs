//! The form that a spec gives the target of its move: a change counts once the target shows it.

use std::collections::BTreeSet;

use segue_engine::rows::{Class, ColumnRows, Conversion, TableRows};
use segue_model::change::{AddCheck, AddColumn, Change, ChangeType, CreateTable, DropColumn, DropTable, RenameColumn, SetNotNull};
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
    let declared = reshape(&mut mapping, &changes(), &source, (target, &BTreeSet::new())).expect("reshaped");
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

fn not_null(column: &str) -> Change {
    Change::SetNotNull(SetNotNull { table: "users".to_owned(), column: column.to_owned(), up: Some("'none'".to_owned()) })
}

fn check(column: &str) -> Change {
    let up = [(column.to_owned(), "0".to_owned())].into();
    Change::AddCheck(AddCheck { table: "users".to_owned(), name: "sound".to_owned(), check: "total >= 0".to_owned(), up })
}

/// What is to become of columns of a target that has this constraint, and of which these columns take no NULL.
fn then(changes: &[Change], not_null: &[&str], constraints: &[&str]) -> Result<Vec<(String, Conversion)>, String> {
    let mut target = source();
    for column in &mut target.columns {
        column.nullable = !not_null.contains(&column.name.as_str());
    }
    let renames = changes.iter().any(|change| matches!(change, Change::RenameColumn(_)));
    if renames {
        target.columns.iter_mut().filter(|column| column.name == "name").for_each(|column| "full_name".clone_into(&mut column.name));
    }
    let checks = constraints.iter().map(|name| (*name).to_owned()).collect();
    let mut mapping = Mapping::default();
    reshape(&mut mapping, changes, &source(), (&target, &checks)).map_err(|error| error.to_string())?;
    Ok(mapping.then)
}

#[test]
fn values_for_rows_that_had_none_count_once_the_target_takes_no_null() {
    let filled = |column: &str| (column.to_owned(), Conversion::Filled { of: None, by: "'none'".to_owned() });
    assert_eq!(then(&[not_null("name")], &["name"], &[]), Ok(vec![filled("name")]));
    assert_eq!(then(&[not_null("name")], &[], &[]), Ok(Vec::new()), "it takes NULL still");
    let rename = Change::RenameColumn(RenameColumn { table: "users".to_owned(), from: "name".to_owned(), to: "full_name".to_owned() });
    assert_eq!(then(&[not_null("name"), rename], &["name"], &[]), Ok(vec![filled("full_name")]));
}

#[test]
fn values_for_rows_that_fail_a_check_count_once_the_target_has_it() {
    let unless = Conversion::Unless { of: None, condition: "total >= 0".to_owned(), by: "0".to_owned() };
    assert_eq!(then(&[check("total")], &[], &["sound"]), Ok(vec![("total".to_owned(), unless)]));
    assert_eq!(then(&[check("total")], &[], &["other"]), Ok(Vec::new()), "the target has it not yet");
    // What a condition would see after other changes the source cannot say: that is refused, never guessed.
    let refused = then(&[not_null("total"), check("total")], &["total"], &["sound"]).expect_err("two values of one row");
    assert!(refused.contains("total of shop.users") && refused.contains("--ignore-columns"), "{refused}");
    let mut mapping = Mapping { ignored: vec!["total".to_owned()], ..Mapping::default() };
    let checks = BTreeSet::from(["sound".to_owned()]);
    let left_out = reshape(&mut mapping, &[not_null("total"), check("total")], &source(), (&source(), &checks));
    assert!(left_out.is_ok() && mapping.then.is_empty(), "the way out that is named is one");
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
