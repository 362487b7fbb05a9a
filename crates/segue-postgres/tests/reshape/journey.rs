//! One change walked through its phases on one database.

use segue_engine::{Batch, Engine as _, Guard, Key, Piece, PieceState, Reshape};
use segue_model::plan::Throttle;
use segue_model::reshape::{CarryKind, ConstraintAdd, ConstraintWhat, IndexBuild, IndexSource, Survey, TableChange};

use crate::build::TAG;
use crate::database::{Database, guard};

pub(crate) struct Journey<'a> {
    pub(crate) database: &'a Database,
    pub(crate) guard: Guard,
    pub(crate) change: TableChange,
}

impl<'a> Journey<'a> {
    /// The control tables are there.
    pub(crate) async fn begin(database: &'a Database, change: TableChange) -> Self {
        let guard = Guard { tag: TAG.to_owned(), lock_timeout_ms: 1_000, ..guard("RUN-1", 1) };
        let journey = Self { database, guard, change };
        journey.make(Piece::Control).await;
        journey
    }

    pub(crate) fn reshape(&self) -> &dyn Reshape {
        self.database.engine.reshape()
    }

    pub(crate) async fn make(&self, piece: Piece<'_>) {
        self.reshape().make(&self.guard, piece).await.unwrap_or_else(|error| panic!("{}: {error:?}", self.database.major));
        assert_eq!(self.observe(piece).await, PieceState::Present, "{piece:?}");
    }

    pub(crate) async fn observe(&self, piece: Piece<'_>) -> PieceState {
        self.reshape().observe(&self.guard, piece).await.expect("an observation")
    }

    pub(crate) async fn expand(&self) {
        self.make(Piece::Expand(&self.change)).await;
    }

    /// Asks for the survey and takes over what it carries; nothing may stand in the way.
    pub(crate) async fn carry(&mut self) -> Survey {
        let survey = self.survey().await;
        let critical: Vec<_> = survey.findings.iter().filter(|f| f.severity == segue_model::finding::Severity::Critical).collect();
        assert!(critical.is_empty(), "{critical:#?}");
        self.change.carries.clone_from(&survey.carries);
        survey
    }

    pub(crate) async fn survey(&self) -> Survey {
        self.reshape().survey(&self.change, &Throttle::default()).await.expect("a survey")
    }

    /// To the end of the table; `limit` rows a batch.
    pub(crate) async fn backfill(&self, limit: u64) -> Batch {
        let mut total = Batch { next: None, walked: 0, converted: 0, rejected: 0, skipped: 0 };
        let mut after: Option<Key> = None;
        loop {
            let batch = self.reshape().backfill(&self.guard, &self.change, after.as_ref(), limit).await.expect("a batch");
            total.walked += batch.walked;
            total.converted += batch.converted;
            total.rejected += batch.rejected;
            total.skipped += batch.skipped;
            after = batch.next;
            if after.is_none() {
                return total;
            }
        }
    }

    /// Both forms of every row agree.
    pub(crate) async fn verify(&self) -> u64 {
        let (compared, mismatches, examples) = self.differences().await;
        assert_eq!(mismatches, 0, "rows that do not agree: {examples:?}");
        compared
    }

    pub(crate) async fn differences(&self) -> (u64, u64, Vec<String>) {
        let (mut compared, mut mismatches, mut examples) = (0, 0, Vec::new());
        let mut after = None;
        loop {
            let comparison = self.reshape().compare(&self.change, after.as_ref(), 7).await.expect("a comparison");
            compared += comparison.compared;
            mismatches += comparison.mismatches;
            examples.extend(comparison.examples);
            after = comparison.next;
            if after.is_none() {
                return (compared, mismatches, examples);
            }
        }
    }

    /// Indexes and constraints that the survey carries, after the backfill.
    pub(crate) async fn carried(&self) {
        for carry in &self.change.carries {
            let (table, tag) = (self.change.table.clone(), TAG.to_owned());
            match carry.kind {
                CarryKind::Index | CarryKind::Unique => {
                    let unique = carry.kind == CarryKind::Unique || carry.object.contains("unique");
                    let source = IndexSource::Carry(carry.clone());
                    self.make(Piece::Index(&IndexBuild { table, tag, name: carry.twin.clone(), source, unique })).await;
                }
                CarryKind::Constraint => {
                    let add = ConstraintAdd { table, tag, name: carry.twin.clone(), what: ConstraintWhat::Carry(carry.clone()) };
                    self.make(Piece::Constraint(&add)).await;
                    self.make(Piece::Validate(&add)).await;
                }
                CarryKind::Attribute => {}
            }
        }
    }

    /// Expand to contract.
    pub(crate) async fn all(&mut self) {
        self.carry().await;
        self.expand().await;
        self.backfill(100).await;
        self.carried().await;
        self.verify().await;
        self.make(Piece::Shift(&self.change)).await;
        self.make(Piece::Contract(&self.change)).await;
    }
}

/// A query's rows as text, columns with `|` between.
pub(crate) async fn rows(client: &tokio_postgres::Client, sql: &str) -> Vec<String> {
    let messages = client.simple_query(sql).await.unwrap_or_else(|error| panic!("{sql}: {:?}", error.as_db_error()));
    messages
        .iter()
        .filter_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => {
                Some((0..row.len()).map(|at| row.get(at).unwrap_or("∅")).collect::<Vec<_>>().join("|"))
            }
            _ => None,
        })
        .collect()
}

/// The SQLSTATE of a statement that must fail.
pub(crate) async fn refused(client: &tokio_postgres::Client, sql: &str) -> String {
    let error = client.batch_execute(sql).await.expect_err("the statement must be refused");
    error.code().expect("an error of the server").code().to_owned()
}
