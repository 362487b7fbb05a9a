//! Pairing of tables.

use segue_model::ident::TableName;
use segue_verify::mapping::{Choice, tables};

fn list(names: &[&str]) -> Vec<TableName> {
    names.iter().map(|name| TableName::parse(name).expect("a name")).collect()
}

fn shown(pairs: &[(TableName, TableName)]) -> Vec<String> {
    pairs.iter().map(|(a, b)| format!("{}.{}={}.{}", a.schema, a.name, b.schema, b.name)).collect()
}

fn patterns(list: &[&str]) -> Vec<String> {
    list.iter().map(|pattern| (*pattern).to_owned()).collect()
}

#[test]
fn schemas_may_be_named_differently() {
    let found = tables(
        &list(&["shop.orders", "shop.Users", "shop.old"]),
        &list(&["public.orders", "public.users", "public.new"]),
        &Choice::default(),
    );
    let found = found.expect("paired");
    assert_eq!(shown(&found.pairs), ["shop.Users=public.users", "shop.orders=public.orders"]);
    assert_eq!((found.only_in_source, found.only_in_target), (list(&["shop.old"]), list(&["public.new"])));
    assert_eq!(found.notes.len(), 1, "{:?}", found.notes);
}

#[test]
fn the_whole_name_wins_and_doubt_is_not_resolved() {
    let found = tables(&list(&["a.t", "b.t"]), &list(&["b.t", "c.t"]), &Choice::default()).expect("paired");
    assert_eq!(shown(&found.pairs), ["a.t=c.t", "b.t=b.t"]);
    let found = tables(&list(&["a.t"]), &list(&["b.t", "c.t"]), &Choice::default()).expect("paired");
    assert!(found.pairs.is_empty(), "which of the two?");
    assert_eq!((found.only_in_source.len(), found.only_in_target.len()), (1, 2));
    let found = tables(&list(&["a.T", "a.t"]), &list(&["b.t"]), &Choice::default()).expect("paired");
    assert_eq!(shown(&found.pairs), ["a.t=b.t"]);
    assert_eq!(found.only_in_source, list(&["a.T"]));
}

#[test]
fn patterns_choose() {
    let (source, target) = (list(&["s.orders", "s.tmp_a", "s.users"]), list(&["p.orders", "p.tmp_a", "p.tmp_b", "p.users"]));
    let found = tables(&source, &target, &Choice { exclude: patterns(&["tmp_*"]), ..Choice::default() }).expect("paired");
    assert_eq!(shown(&found.pairs), ["s.orders=p.orders", "s.users=p.users"]);
    assert!(found.only_in_target.is_empty());
    let found = tables(&source, &target, &Choice { include: patterns(&["s.o*"]), ..Choice::default() }).expect("paired");
    assert_eq!(shown(&found.pairs), ["s.orders=p.orders"]);
    let wrong = tables(&source, &target, &Choice { include: patterns(&["oders"]), ..Choice::default() }).expect_err("misspelt");
    assert!(wrong.to_string().contains("oders"));
}

#[test]
fn renamed_tables() {
    let (source, target) = (list(&["s.users"]), list(&["p.people", "q.people"]));
    let to = |name: &str| Choice { renamed: [("users".to_owned(), name.to_owned())].into(), ..Choice::default() };
    let found = tables(&source, &target, &to("q.people")).expect("paired");
    assert_eq!(shown(&found.pairs), ["s.users=q.people"]);
    assert!(tables(&source, &target, &to("people")).expect_err("which").to_string().contains("schema"));
    assert!(tables(&source, &target, &to("folk")).expect_err("none").to_string().contains("folk"));
    // One schema on both sides: what is not renamed would be compared with itself.
    let both = list(&["s.people", "s.users", "s.orders"]);
    let found = tables(&both, &both, &Choice { only_renamed: true, ..to("people") }).expect("paired");
    assert_eq!(
        (shown(&found.pairs), found.only_in_source, found.only_in_target),
        (vec!["s.users=s.people".to_owned()], list(&[]), list(&[]))
    );
}
