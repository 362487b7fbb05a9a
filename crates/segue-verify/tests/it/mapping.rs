//! Pairing of columns: names, keys, gaps, notes, ranges.

use segue_engine::rows::{Class, ColumnRows, TableRows};
use segue_model::ident::TableName;
use segue_verify::mapping::{Mapping, pair};
use segue_verify::{TablePair, VerifyError};

fn column(name: &str, data_type: &str, class: Class) -> ColumnRows {
    ColumnRows { name: name.to_owned(), data_type: data_type.to_owned(), class, nullable: true, generated: false, unreadable: None }
}

fn table(name: &str, key: &[&str], columns: Vec<ColumnRows>) -> TableRows {
    TableRows {
        table: TableName::parse(name).expect("a name"),
        columns,
        key: (!key.is_empty()).then(|| key.iter().map(|name| (*name).to_owned()).collect()),
        rows: 10,
        bytes: 100,
        ranges_are_cheap: true,
    }
}

fn orders() -> (TableRows, TableRows) {
    let source = table(
        "shop.orders",
        &["id"],
        vec![
            column("id", "bigint(20)", Class::Integer),
            column("note", "varchar(9)", Class::Text),
            column("paid", "tinyint(1)", Class::Integer),
        ],
    );
    let target = table(
        "public.orders",
        &["id"],
        vec![column("paid", "boolean", Class::Boolean), column("id", "bigint", Class::Integer), column("note", "text", Class::Text)],
    );
    (source, target)
}

fn paired(source: &TableRows, target: &TableRows, mapping: &Mapping) -> TablePair {
    pair(source, "mariadb", target, "postgres", mapping).expect("a pair")
}

fn refused(source: &TableRows, target: &TableRows, mapping: &Mapping) -> String {
    match pair(source, "mariadb", target, "postgres", mapping) {
        Err(VerifyError::Cannot(why)) => why,
        other => panic!("{other:?}"),
    }
}

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn the_order_of_columns_does_not_matter() {
    let (source, target) = orders();
    let pair = paired(&source, &target, &Mapping::default());
    assert_eq!(pair.names, ["id", "note", "paid"]);
    let of_target: Vec<&str> = pair.target.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(of_target, ["id", "note", "paid"]);
    assert_eq!(pair.key_names(), ["id"]);
    assert_eq!(pair.source.columns[2].class, Class::Integer);
    assert_eq!(pair.target.columns[2].class, Class::Integer);
    assert!(pair.ranges && pair.not_compared.is_empty());
    assert_eq!(pair.notes.len(), 1, "{:?}", pair.notes);
    assert!(pair.notes[0].starts_with("paid: "), "{:?}", pair.notes);
}

#[test]
fn what_is_on_one_side_is_named() {
    let (mut source, mut target) = orders();
    source.columns.push(column("old", "int", Class::Integer));
    target.columns.push(column("new", "integer", Class::Integer));
    let pair = paired(&source, &target, &Mapping::default());
    assert_eq!((pair.only_in_source.clone(), pair.only_in_target.clone()), (names(&["old"]), names(&["new"])));
    let gaps: Vec<&str> = pair.not_compared.iter().map(|gap| gap.column.as_str()).collect();
    assert_eq!(gaps, ["old", "new"]);
}

#[test]
fn names_differ_in_case_only_where_that_is_unique() {
    let source = table("a", &["ID"], vec![column("ID", "int", Class::Integer), column("Total", "int", Class::Integer)]);
    let target = table("b", &["id"], vec![column("id", "integer", Class::Integer), column("total", "integer", Class::Integer)]);
    let pair = paired(&source, &target, &Mapping::default());
    assert_eq!(pair.key_names(), ["ID"]);
    assert_eq!(pair.target.columns[1].name, "total");
    assert!(pair.notes.iter().any(|note| note.contains("differ in case")));
    let twins = table("c", &[], vec![column("total", "integer", Class::Integer), column("TOTAL", "integer", Class::Integer)]);
    let other = table("d", &[], vec![column("Total", "integer", Class::Integer), column("total", "integer", Class::Integer)]);
    let pair = paired(&twins, &other, &Mapping::default());
    assert_eq!(pair.names, ["total", "TOTAL"], "the exact name first, then the one that is left");
    let other = table("e", &[], vec![column("Total", "integer", Class::Integer), column("n", "integer", Class::Integer)]);
    let mut twins = twins;
    twins.columns.push(column("n", "int", Class::Integer));
    let pair = paired(&twins, &other, &Mapping::default());
    assert_eq!((pair.only_in_source, pair.only_in_target), (names(&["total", "TOTAL"]), names(&["Total"])), "two fit: none is taken");
}

#[test]
fn renamed_chosen_and_left_out() {
    let (mut source, target) = orders();
    source.columns[1].name = "remark".to_owned();
    let renamed = Mapping { renamed: [("remark".to_owned(), "note".to_owned())].into(), ..Mapping::default() };
    assert_eq!(paired(&source, &target, &renamed).names, ["id", "remark", "paid"]);
    let ignored = Mapping { ignored: names(&["note"]), ..renamed.clone() };
    let pair = paired(&source, &target, &ignored);
    assert_eq!(pair.names, ["id", "paid"]);
    assert_eq!(pair.not_compared[0].column, "remark");
    let only = Mapping { only: names(&["remark"]), ..renamed.clone() };
    let pair = paired(&source, &target, &only);
    assert_eq!(pair.names, ["id", "remark"], "the key comes along");
    assert_eq!(pair.not_compared.len(), 1);
    let wrong = Mapping { ignored: names(&["nota"]), ..renamed };
    assert!(refused(&source, &target, &wrong).contains("nota"));
    let wrong = Mapping { renamed: [("remark".to_owned(), "nota".to_owned())].into(), ..Mapping::default() };
    assert!(refused(&source, &target, &wrong).contains("nota"));
    // A column whose name was given away is not paired by its own name.
    let away = Mapping { renamed: [("paid".to_owned(), "note".to_owned())].into(), ..Mapping::default() };
    let pair = paired(&source, &target, &away);
    assert_eq!(pair.only_in_source, ["remark"]);
    assert_eq!(pair.only_in_target, ["paid"]);
}

#[test]
fn a_key_that_the_other_side_lacks() {
    let (source, mut target) = orders();
    target.key = None;
    let pair = paired(&source, &target, &Mapping::default());
    assert_eq!(pair.key_names(), ["id"]);
    assert!(!pair.ranges, "the target promises nothing of ranges of a column that is not its key");
    assert!(pair.notes.iter().any(|note| note.contains("unique")), "{:?}", pair.notes);
    target.columns.retain(|column| column.name != "id");
    let pair = paired(&source, &target, &Mapping::default());
    assert!(pair.key_names().is_empty() && pair.notes.iter().any(|note| note.contains("multiset")), "{:?}", pair.notes);
    assert_eq!(pair.only_in_source, ["id"]);
    let stated = Mapping { key: names(&["note"]), ..Mapping::default() };
    assert_eq!(paired(&source, &target, &stated).key_names(), ["note"]);
    let stated = Mapping { key: names(&["id"]), ..Mapping::default() };
    assert!(refused(&source, &target, &stated).contains("id"));
}

#[test]
fn a_key_that_is_not_compared_is_no_key() {
    let (mut source, target) = orders();
    source.columns[0].unreadable = Some("no right to read it".to_owned());
    let pair = paired(&source, &target, &Mapping::default());
    assert!(pair.key_names().is_empty());
    assert!(pair.notes.iter().any(|note| note.contains("no right to read it")), "{:?}", pair.notes);
    assert_eq!(pair.not_compared[0].column, "id");
    let stated = Mapping { key: names(&["id"]), ..Mapping::default() };
    assert!(refused(&source, &target, &stated).contains("not compared"));
}

#[test]
fn ranges_need_one_class_on_both_sides() {
    let (mut source, mut target) = orders();
    source.columns[0] = column("id", "datetime", Class::Timestamp);
    target.columns[1] = column("id", "timestamp with time zone", Class::Instant);
    assert!(!paired(&source, &target, &Mapping::default()).ranges);
    target.columns[1] = column("id", "timestamp", Class::Timestamp);
    assert!(paired(&source, &target, &Mapping::default()).ranges);
    source.ranges_are_cheap = false;
    assert!(!paired(&source, &target, &Mapping::default()).ranges);
    let (source, target) = orders();
    let up = Mapping { up: [("id".to_owned(), "id + 1".to_owned())].into(), ..Mapping::default() };
    assert!(!paired(&source, &target, &up).ranges, "an expression has no index");
}

#[test]
fn an_expression_gives_what_the_target_alone_has() {
    let (source, mut target) = orders();
    target.columns.push(column("total", "numeric", Class::DecimalScaled));
    let up = Mapping { up: [("total".to_owned(), "id / 100.0".to_owned())].into(), ..Mapping::default() };
    let pair = paired(&source, &target, &up);
    let at = pair.names.iter().position(|name| name == "total").expect("it is compared");
    assert_eq!(pair.source.columns[at].expression.as_deref(), Some("id / 100.0"));
    assert_eq!(pair.source.columns[at].class, Class::Decimal);
    assert!(pair.only_in_target.is_empty());
}

#[test]
fn only_the_padded_side_of_a_char_loses_its_spaces() {
    let source = table("a", &["id"], vec![column("id", "int", Class::Integer), column("c", "char(5)", Class::TextPadded)]);
    let target = table("b", &["id"], vec![column("id", "integer", Class::Integer), column("c", "text", Class::Text)]);
    let pair = paired(&source, &target, &Mapping::default());
    assert_eq!((&pair.source.columns[1].class, &pair.target.columns[1].class), (&Class::TextPadded, &Class::Text));
}

#[test]
fn nothing_in_common_is_refused() {
    let source = table("a", &[], vec![column("x", "int", Class::Integer)]);
    let target = table("b", &[], vec![column("y", "int", Class::Integer)]);
    assert!(refused(&source, &target, &Mapping::default()).contains("no column"));
}
