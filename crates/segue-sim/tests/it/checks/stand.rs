//! A database of a test with all the doors that checks go through.

use std::collections::BTreeMap;
use std::path::Path;

use segue_engine::inspect::{CatalogSeen, Inspect};
use segue_engine::rows::{Answer, Ask, Datum, Question, Rows};
use segue_engine::{EngineError, quote};
use segue_model::ident::TableName;
use segue_model::verify::CheckReport;
use segue_mysql::MysqlEngine;
use segue_postgres::PostgresEngine;
use segue_sim::rows::Place;
use segue_sqlite::SqliteEngine;
use segue_verify::TablePair;
use segue_verify::mapping::{Mapping, pair};

use crate::servers::{mariadb, postgres};

pub(crate) struct Stand {
    pub(crate) place: Place,
    pub(crate) ask: Box<dyn Ask>,
    pub(crate) inspect: Box<dyn Inspect>,
}

impl Stand {
    /// The oldest PostgreSQL that is there.
    pub(crate) async fn postgres() -> Self {
        Self::postgres_of(postgres().first().expect("some")).await
    }

    async fn postgres_of(bins: &Path) -> Self {
        let place = Place::postgres(bins).await;
        let engine = || PostgresEngine::new(segue_postgres::Target::parse(&place.url(), &BTreeMap::new()).expect("a URL"));
        let (ask, inspect) = (Box::new(engine()), Box::new(engine()));
        Self { place, ask, inspect }
    }

    pub(crate) async fn mariadb() -> Option<Self> {
        let place = Place::mariadb(&mariadb()?, &[]).await;
        let engine = || MysqlEngine::new(segue_mysql::Target::parse(&place.url(), &BTreeMap::new()).expect("a URL"));
        let (ask, inspect) = (Box::new(engine()), Box::new(engine()));
        Some(Self { place, ask, inspect })
    }

    pub(crate) fn sqlite() -> Self {
        let place = Place::sqlite();
        let engine = || SqliteEngine::open(place.url()).expect("the file opens");
        let (ask, inspect) = (Box::new(engine()), Box::new(engine()));
        Self { place, ask, inspect }
    }

    /// One of each engine and version that is there.
    pub(crate) async fn all() -> Vec<Self> {
        let mut all = vec![Self::sqlite()];
        for bins in postgres() {
            all.push(Self::postgres_of(&bins).await);
        }
        all.extend(Self::mariadb().await);
        all
    }

    /// Runs statements as the owner, one by one.
    pub(crate) async fn run(&self, statements: &[&str]) {
        for statement in statements {
            self.place.execute(statement).await;
        }
    }

    pub(crate) fn rows(&self) -> &dyn Rows {
        self.place.rows()
    }

    pub(crate) async fn answer(&self, sql: &str) -> Result<Answer, EngineError> {
        self.ask.ask(&Question::new(sql)).await
    }

    /// The one number that a query gives.
    pub(crate) async fn number(&self, sql: &str) -> String {
        let answer = self.answer(sql).await.unwrap_or_else(|error| panic!("{}: {sql}: {error}", self.place.shown));
        Datum::row(&answer.rows[0]).expect("canonical")[0].show()
    }

    pub(crate) fn table(&self, name: &str) -> TableName {
        self.place.table(name)
    }

    pub(crate) async fn catalog(&self) -> CatalogSeen {
        self.inspect.catalog_all().await.expect("a catalog")
    }

    pub(crate) fn quoted(&self, name: &str) -> String {
        if self.place.engine == "mariadb" { quote::backtick(name) } else { quote::name(name) }
    }
}

/// The pair of a table of the same name on both.
pub(crate) async fn pair_of(source: &Stand, target: &Stand, table: &str) -> TablePair {
    let left = source.rows().describe(&source.table(table)).await.expect("the source's table");
    let right = target.rows().describe(&target.table(table)).await.expect("the target's table");
    pair(&left, source.place.engine, &right, target.place.engine, &Mapping::default()).expect("a pair")
}

/// The evidence holds these words somewhere.
#[track_caller]
pub(crate) fn says(report: &CheckReport, words: &[&str]) {
    for word in words {
        let found = report.evidence.iter().chain(&report.not_compared).any(|line| line.contains(word));
        assert!(found, "{word}: {report:#?}");
    }
}
