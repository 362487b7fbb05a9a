//! Declared equalities: conversions, zero dates, JSON, types.

use async_trait::async_trait;
use segue_engine::rows::{Applied, Class, ColumnRows, Conversion, EpochUnit, Mark, Rows, Snapshot, TableRows};
use segue_engine::{EngineError, Load, ServerFacts};
use segue_model::ident::TableName;
use segue_verify::VerifyError;
use segue_verify::mapping::{JsonAs, Mapping, ZeroDates, pair, spell};

/// An engine that spells one conversion and is asked for nothing else.
struct Speller;

#[async_trait]
impl Rows for Speller {
    async fn facts(&self) -> Result<ServerFacts, EngineError> {
        unreachable!("not asked")
    }
    async fn tables(&self) -> Result<Vec<TableName>, EngineError> {
        unreachable!("not asked")
    }
    async fn describe(&self, _table: &TableName) -> Result<TableRows, EngineError> {
        unreachable!("not asked")
    }
    async fn snapshot(&self, _readers: usize) -> Result<Box<dyn Snapshot>, EngineError> {
        unreachable!("not asked")
    }
    async fn load(&self) -> Result<Load, EngineError> {
        unreachable!("not asked")
    }
    async fn mark(&self) -> Result<Option<Mark>, EngineError> {
        unreachable!("not asked")
    }
    async fn applied(&self, _mark: &Mark) -> Result<Applied, EngineError> {
        unreachable!("not asked")
    }
    fn converted(&self, column: &ColumnRows, conversion: &Conversion) -> Option<String> {
        (!matches!(conversion, Conversion::Zone(_))).then(|| format!("{}: {conversion}", column.name))
    }
}

fn column(name: &str, data_type: &str, class: Class) -> ColumnRows {
    ColumnRows { name: name.to_owned(), data_type: data_type.to_owned(), class, nullable: true, generated: false, unreadable: None }
}

fn table(columns: Vec<ColumnRows>) -> TableRows {
    TableRows { table: TableName::bare("t"), columns, key: None, rows: 0, bytes: 0, ranges_are_cheap: false }
}

#[test]
fn an_epoch_becomes_a_moment() {
    let source = table(vec![column("at", "int(11)", Class::Integer)]);
    let target = table(vec![column("at", "timestamptz", Class::Instant)]);
    let mut mapping = Mapping { convert: [("at".to_owned(), Conversion::Epoch(EpochUnit::Seconds))].into(), ..Mapping::default() };
    let unspelt = pair(&source, "mariadb", &target, "postgres", &mapping).expect_err("a conversion must not pass unheard");
    assert!(matches!(unspelt, VerifyError::Cannot(_)), "{unspelt:?}");
    spell(&mut mapping, &source, &target, &Speller).expect("spelt");
    let pair = pair(&source, "mariadb", &target, "postgres", &mapping).expect("a pair");
    assert_eq!(pair.source.columns[0].expression.as_deref(), Some("at: seconds since 1970"));
    assert_eq!(pair.source.columns[0].class, Class::Instant);
    assert_eq!(pair.notes.len(), 2, "{:?}", pair.notes);
}

#[test]
fn what_the_engine_cannot_spell_is_refused() {
    let source = table(vec![column("at", "datetime", Class::Timestamp)]);
    let target = table(vec![column("at", "timestamptz", Class::Instant)]);
    let mut mapping = Mapping { convert: [("at".to_owned(), Conversion::Zone("Europe/Berlin".to_owned()))].into(), ..Mapping::default() };
    let error = spell(&mut mapping, &source, &target, &Speller).expect_err("no zones");
    assert!(error.to_string().contains("Europe/Berlin"), "{error}");
}

#[test]
fn zero_dates_are_declared_for_all_dates() {
    let source =
        table(vec![column("d", "date", Class::Date), column("at", "datetime", Class::Timestamp), column("n", "int", Class::Integer)]);
    let target =
        table(vec![column("d", "date", Class::Date), column("at", "timestamp", Class::Timestamp), column("n", "int", Class::Integer)]);
    let mut mapping = Mapping { zero_dates: Some(ZeroDates::Day(1970, 1, 1)), ..Mapping::default() };
    spell(&mut mapping, &source, &target, &Speller).expect("spelt");
    let pair = pair(&source, "mariadb", &target, "postgres", &mapping).expect("a pair");
    let spelt: Vec<Option<&str>> = pair.source.columns.iter().map(|column| column.expression.as_deref()).collect();
    assert_eq!(spelt, [Some("d: zero dates are 1970-01-01"), Some("at: zero dates are 1970-01-01"), None]);
}

#[test]
fn json_is_compared_as_declared() {
    let json = table(vec![column("v", "json", Class::JsonText)]);
    let text = table(vec![column("v", "longtext", Class::Text)]);
    let jsonb = table(vec![column("v", "jsonb", Class::Json)]);
    let class = |source: &TableRows, target: &TableRows, mapping: &Mapping| {
        pair(source, "postgres", target, "postgres", mapping).expect("a pair").source.columns[0].class.clone()
    };
    let as_value = Mapping { json: Some(JsonAs::Value), ..Mapping::default() };
    let as_text = Mapping { json: Some(JsonAs::Text), ..Mapping::default() };
    assert_eq!(class(&json, &json, &Mapping::default()), Class::JsonText);
    assert_eq!(class(&json, &json, &as_value), Class::Json);
    assert_eq!(class(&jsonb, &jsonb, &as_text), Class::JsonText);
    let from_text = Mapping { from_text: vec!["v".to_owned()], ..Mapping::default() };
    assert_eq!(class(&text, &jsonb, &from_text), Class::Json);
    assert_eq!(class(&text, &text, &from_text), Class::Json);
    assert_eq!(class(&text, &text, &Mapping::default()), Class::Text);
}

#[test]
fn a_type_that_is_not_the_declared_one_is_a_note() {
    let source = table(vec![column("paid", "tinyint(1)", Class::Integer)]);
    let target = table(vec![column("paid", "smallint", Class::Integer)]);
    let mapping = Mapping { types: [("tinyint(1)".to_owned(), "boolean".to_owned())].into(), ..Mapping::default() };
    let pair = pair(&source, "mariadb", &target, "postgres", &mapping).expect("a pair");
    assert!(pair.notes[0].contains("declared to become boolean"), "{:?}", pair.notes);
}
