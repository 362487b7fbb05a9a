//! Pieces that are not a table's transition: control, new tables, indexes, constraints, drops, the end of a run.

use segue_engine::{ErrorKind, Piece, PieceState};
use segue_model::change::{Columns, CreateIndex, CreateTable, IndexColumn, IndexPart, NewColumn};
use segue_model::ident::TableName;
use segue_model::reshape::{ConstraintAdd, ConstraintWhat, IndexBuild, IndexSource, NewTable};

use super::{Fixture, base, base_rows, catalog, comes, comes_and_goes, goes, guard, make, refused, reshape, resolved, same, state, unmake};

pub(super) async fn control_comes_and_goes(fixture: &dyn Fixture) {
    base(fixture, "create table t (id bigint primary key)").await;
    let before = fixture.engine().tables().await.expect("tables");
    comes(fixture, Piece::Control).await;
    let held = fixture.engine().fence().state().await.expect("state").active.expect("somebody holds it");
    assert_eq!(held, ("proof-1".to_owned(), "proof".to_owned(), 1));
    assert_eq!(fixture.engine().tables().await.expect("tables"), before, "our tables are not the users'");
    goes(fixture, Piece::Control).await;
    let state = fixture.engine().fence().state().await.expect("state");
    assert!(state.active.is_none() && state.applied.is_empty());
    assert_eq!(fixture.engine().tables().await.expect("tables"), before);
}

async fn reviews(fixture: &dyn Fixture) -> NewTable {
    let id = NewColumn { primary_key: true, ..NewColumn::new("bigint") };
    let stars =
        NewColumn { null: Some(false), default: Some("3".to_owned()), check: Some("stars > 0".to_owned()), ..NewColumn::new("bigint") };
    let text = NewColumn { unique: true, ..NewColumn::new("text") };
    let columns = [("id", id), ("stars", stars), ("words", text)].map(|(name, column)| (name.to_owned(), column));
    NewTable {
        table: resolved(fixture, "reviews").await,
        define: CreateTable {
            table: "reviews".to_owned(),
            columns: Columns(columns.to_vec()),
            primary_key: Vec::new(),
            unique: Vec::new(),
            checks: [("few".to_owned(), "stars < 6".to_owned())].into(),
            foreign_keys: Vec::new(),
            comment: fixture.has_comments().then(|| "what people say".to_owned()),
        },
    }
}

pub(super) async fn a_table_comes_and_goes(fixture: &dyn Fixture) {
    make(fixture, Piece::Control).await;
    let new = reviews(fixture).await;
    comes_and_goes(fixture, std::slice::from_ref(&new.table), Piece::Create(&new)).await;
    comes(fixture, Piece::Create(&new)).await;
    base(fixture, "insert into reviews (id, words) values (1, 'good')").await;
    for wrong in ["(2, 'good', 3)", "(1, 'x', 3)", "(3, 'y', 0)", "(3, 'y', 6)", "(3, 'y', null)"] {
        let sql = format!("insert into reviews (id, words, stars) values {wrong}");
        assert!(fixture.execute(segue_engine::memory::Side::Base, None, &sql).await.is_err(), "{sql} was accepted");
    }
    assert_eq!(base_rows(fixture, "select id, stars, words from reviews").await, ["1|3|good"]);
    let loss = reshape(fixture).loss(&guard(1), &[], std::slice::from_ref(&new)).await.expect("loss");
    assert_eq!((loss.rows, loss.what.len()), (1, 1), "what going back would lose is said");
    let read = catalog(fixture, std::slice::from_ref(&new.table)).await;
    let comment = read.table(&new.table).and_then(|table| table.comment.clone());
    assert_eq!(comment, new.define.comment);
    goes(fixture, Piece::Create(&new)).await;
}

pub(super) async fn an_index_comes_and_goes(fixture: &dyn Fixture) {
    base(fixture, "create table t (id bigint primary key, name text, age bigint)").await;
    base(fixture, "insert into t (id, name, age) values (1, 'a', 1), (2, 'A', 2)").await;
    make(fixture, Piece::Control).await;
    let table = resolved(fixture, "t").await;
    let part = IndexPart { expression: Some("lower(name)".to_owned()), ..IndexPart::default() };
    let define = CreateIndex {
        table: "t".to_owned(),
        name: "t_mixed".to_owned(),
        columns: vec![IndexColumn::Name("years".to_owned()), IndexColumn::Part(part)],
        unique: false,
        method: None,
        predicate: Some("years > 0".to_owned()),
        include: Vec::new(),
        with: std::collections::BTreeMap::new(),
    };
    let build = IndexBuild {
        table: table.clone(),
        tag: "proof".to_owned(),
        name: "t_mixed".to_owned(),
        source: IndexSource::Define { define, physical: vec![("years".to_owned(), "age".to_owned())] },
        unique: false,
    };
    comes_and_goes(fixture, std::slice::from_ref(&table), Piece::Index(&build)).await;
    comes(fixture, Piece::Index(&build)).await;
    let read = catalog(fixture, std::slice::from_ref(&table)).await;
    let index = read.table(&table).and_then(|t| t.indexes.iter().find(|i| i.name == "t_mixed")).cloned().expect("the index");
    assert!(index.valid && index.partial_or_expression && index.columns[0] == "age", "{}", index.definition);
}

pub(super) async fn a_unique_index_refuses_duplicates(fixture: &dyn Fixture) {
    base(fixture, "create table t (id bigint primary key, name text)").await;
    base(fixture, "insert into t (id, name) values (1, 'a'), (2, 'a'), (3, null), (4, null)").await;
    make(fixture, Piece::Control).await;
    let table = resolved(fixture, "t").await;
    let build = unique_build(&table);
    let before = catalog(fixture, std::slice::from_ref(&table)).await;
    assert_eq!(refused(fixture, Piece::Index(&build)).await, ErrorKind::Constraint);
    assert_ne!(state(fixture, Piece::Index(&build)).await, PieceState::Present, "a failed build");
    assert_eq!(refused(fixture, Piece::Index(&build)).await, ErrorKind::Constraint, "tried again over what was left");
    unmake(fixture, Piece::Index(&build)).await;
    same(&before, &catalog(fixture, std::slice::from_ref(&table)).await, "a failed build was unmade");
    assert_eq!(refused(fixture, Piece::Index(&build)).await, ErrorKind::Constraint);
    base(fixture, "update t set name = 'b' where id = 2").await;
    make(fixture, Piece::Index(&build)).await;
    assert_eq!(state(fixture, Piece::Index(&build)).await, PieceState::Present, "NULL is no duplicate");
}

fn unique_build(table: &TableName) -> IndexBuild {
    IndexBuild {
        table: table.clone(),
        tag: "proof".to_owned(),
        name: "t_name_once".to_owned(),
        source: IndexSource::Unique(vec!["name".to_owned()]),
        unique: true,
    }
}

fn add(table: &TableName, name: &str, what: ConstraintWhat) -> ConstraintAdd {
    ConstraintAdd { table: table.clone(), tag: "proof".to_owned(), name: name.to_owned(), what }
}

pub(super) async fn constraints_come_and_go(fixture: &dyn Fixture) {
    if !fixture.engine().capabilities().online_constraints {
        return;
    }
    base(fixture, "create table teams (id bigint primary key)").await;
    base(fixture, "create table t (id bigint primary key, age bigint, team bigint)").await;
    base(fixture, "insert into t (id, age, team) values (1, -1, 9), (2, null, null)").await;
    make(fixture, Piece::Control).await;
    let (table, teams) = (resolved(fixture, "t").await, resolved(fixture, "teams").await);
    let check = ConstraintWhat::Check { check: "years >= 0".to_owned(), physical: vec![("years".to_owned(), "age".to_owned())] };
    let foreign = ConstraintWhat::ForeignKey {
        columns: vec!["team".to_owned()],
        target: teams,
        target_columns: vec!["id".to_owned()],
        on_delete: Some(segue_model::change::ReferenceAction::Cascade),
        on_update: None,
        deferrable: false,
    };
    let cases = [
        (add(&table, "t_age_check", check), "(7, -1, null)", "update t set age = 1 where id = 1"),
        (add(&table, "t_team_fk", foreign), "(7, 1, 8)", "insert into teams (id) values (9)"),
        (
            add(&table, "t_age_given", ConstraintWhat::NotNull { column: "age".to_owned() }),
            "(7, null, null)",
            "update t set age = 1 where id = 2",
        ),
    ];
    for (constraint, wrong, mend) in &cases {
        comes_and_goes(fixture, std::slice::from_ref(&table), Piece::Constraint(constraint)).await;
        comes(fixture, Piece::Constraint(constraint)).await;
        let sql = format!("insert into t (id, age, team) values {wrong}");
        assert!(fixture.execute(segue_engine::memory::Side::Base, None, &sql).await.is_err(), "{sql} was accepted");
        assert_eq!(state(fixture, Piece::Validate(constraint)).await, PieceState::Absent);
        assert_eq!(refused(fixture, Piece::Validate(constraint)).await, ErrorKind::Constraint, "an old row violates {}", constraint.name);
        base(fixture, mend).await;
        comes(fixture, Piece::Validate(constraint)).await;
        unmake(fixture, Piece::Validate(constraint)).await;
        assert_eq!(state(fixture, Piece::Constraint(constraint)).await, PieceState::Present, "validation alone is not unmade");
    }
    for (constraint, _, _) in cases.iter().rev() {
        goes(fixture, Piece::Constraint(constraint)).await;
    }
}

pub(super) async fn a_unique_constraint_stands_on_its_index(fixture: &dyn Fixture) {
    if !fixture.engine().capabilities().online_constraints {
        return;
    }
    base(fixture, "create table t (id bigint primary key, name text)").await;
    base(fixture, "insert into t (id, name) values (1, 'a')").await;
    make(fixture, Piece::Control).await;
    let table = resolved(fixture, "t").await;
    let before = catalog(fixture, std::slice::from_ref(&table)).await;
    let build = unique_build(&table);
    let unique = ConstraintWhat::Unique { columns: vec!["name".to_owned()], index: build.name.clone() };
    let constraint = add(&table, "t_name_key", unique);
    comes(fixture, Piece::Index(&build)).await;
    comes(fixture, Piece::Constraint(&constraint)).await;
    let sql = "insert into t (id, name) values (2, 'a')";
    assert!(fixture.execute(segue_engine::memory::Side::Base, None, sql).await.is_err(), "a duplicate was accepted");
    goes(fixture, Piece::Constraint(&constraint)).await;
    unmake(fixture, Piece::Index(&build)).await;
    same(&before, &catalog(fixture, std::slice::from_ref(&table)).await, "index and constraint were unmade");
}

pub(super) async fn what_is_dropped_is_gone(fixture: &dyn Fixture) {
    base(fixture, "create table t (id bigint primary key, name text)").await;
    base(fixture, "create table u (id bigint primary key)").await;
    base(fixture, "create index t_name on t (name)").await;
    make(fixture, Piece::Control).await;
    let (t, u) = (resolved(fixture, "t").await, resolved(fixture, "u").await);
    comes(fixture, Piece::DropIndex(&t, "t_name")).await;
    assert!(catalog(fixture, std::slice::from_ref(&t)).await.table(&t).is_some_and(|t| t.indexes.iter().all(|i| i.name != "t_name")));
    comes(fixture, Piece::DropTable(&u)).await;
    assert_eq!(fixture.engine().tables().await.expect("tables"), [t]);
}

pub(super) async fn a_run_is_finished_once(fixture: &dyn Fixture) {
    make(fixture, Piece::Control).await;
    comes(fixture, Piece::Finish).await;
    let state = fixture.engine().fence().state().await.expect("state");
    assert!(state.active.is_none(), "the database is free");
    assert_eq!(state.applied, [("proof-1".to_owned(), "proof".to_owned(), "digest-of-proof".to_owned())]);
    let next = segue_engine::Guard { run: "next-1".to_owned(), tag: "next".to_owned(), ..guard(1) };
    reshape(fixture).make(&next, Piece::Control).await.expect("the next run may begin");
    assert_eq!(fixture.engine().fence().state().await.expect("state").applied.len(), 1, "the history stays");
    let Err(error) = reshape(fixture).make(&guard(2), Piece::Control).await else { panic!("two runs at once") };
    assert_eq!(error.kind, ErrorKind::Fenced);
    reshape(fixture).unmake(&next, Piece::Control).await.expect("the next run goes back");
    assert_eq!(fixture.engine().fence().state().await.expect("state").applied.len(), 1, "the history stays");
}
