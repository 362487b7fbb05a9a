//! One suite that every engine's [`Inspect`] passes: what it sees, what it says it did not see, hostile names, few
//! rights, a connection that is cut at any byte, samples and rates.
//!
//! A [`Looked`] is a database with an owner who makes things. Must never know an engine by name where the fixture
//! can say what it lacks. Run by `tests/it/inspect_all.rs`.

mod broken;
mod cases;
mod mariadb;
mod postgres;
pub(crate) mod proxy;
mod rates;
mod script;
mod sqlite;

use std::any::Any;

use async_trait::async_trait;
use segue_engine::inspect::Inspect;
use segue_model::ident::TableName;

pub use mariadb::MariaDb;
pub use postgres::Postgres;
pub use rates::between;
pub use script::statements;
pub use sqlite::Sqlite;

/// A database with its owner, and ways to look at it.
#[async_trait]
pub trait Looked: Send + Sync {
    /// As the owner.
    fn inspect(&self) -> &dyn Inspect;

    /// Runs statements as the owner.
    async fn execute(&self, sql: &str) -> Result<(), String>;

    /// A name as this engine takes it.
    fn quoted(&self, name: &str) -> String;

    /// A table's name as a look gives it.
    fn table(&self, name: &str) -> TableName;

    /// Somebody who may read the table `keyed` and nothing else. `None`: this engine has no accounts.
    async fn stranger(&self) -> Option<Box<dyn Inspect>>;

    /// The same as the owner, with the wrong password. `None`: this engine has none.
    fn impostor(&self, password: &str) -> Option<Box<dyn Inspect>>;

    /// The same, over a connection that breaks after so many bytes of the server. `None`: there is no connection.
    async fn cut_after(&self, bytes: u64) -> Option<Box<dyn Inspect>>;

    /// A client has a transaction open, in which it ran a query with this text. `None`: nobody can see it.
    async fn transaction(&self, text: &str) -> Option<Box<dyn Any + Send>>;

    /// A client prepared a transaction of this name. `false`: this engine has no such thing.
    async fn prepare(&self, name: &str) -> bool;

    /// Ends what [`Looked::prepare`] made.
    async fn unprepare(&self, name: &str);
}

/// Runs every case; gives their number.
pub async fn conformance(fixture: &dyn Looked) -> usize {
    cases::make(fixture).await;
    cases::tables_are_seen(fixture).await;
    cases::a_look_is_bounded(fixture).await;
    cases::catalogs_agree(fixture).await;
    rates::a_sample_is_what_is_there(fixture).await;
    rates::a_probe_leaves_nothing(fixture).await;
    broken::few_rights_are_sentences(fixture).await;
    broken::a_cut_connection_is_an_error(fixture).await;
    broken::a_wrong_password_is_not_shown(fixture).await;
    broken::transactions_are_seen_without_their_text(fixture).await;
    cases::hostile_names_are_read(fixture).await;
    11
}
