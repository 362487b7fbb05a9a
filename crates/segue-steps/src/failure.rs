//! From an engine's error to a step's: the same code, the retry class, and who stands in the way of a lock.
//!
//! The engine's sentence holds no values; the driver's own error is kept as a cause and never printed.
//! Tests: below.

use segue_engine::{Blocker, Engine, EngineError, ErrorKind, Retry};
use segue_journal::{RetryClass, StepError, StepErrorKind};
use segue_model::ident::TableName;

/// How many blocking sessions a message names.
const NAMED: usize = 5;

/// A step's failure for an engine's.
pub fn failed(error: EngineError) -> StepError {
    let kind = match error.kind {
        ErrorKind::Fenced => StepErrorKind::Fenced,
        ErrorKind::Connection => StepErrorKind::Connection,
        _ => StepErrorKind::Other,
    };
    let retry = match error.kind.retry() {
        Retry::Soon => RetryClass::Soon,
        Retry::Reconnect => RetryClass::Reconnect,
        Retry::Never => RetryClass::Never,
    };
    StepError::new(error.code, error.message.clone()).help(error.help.clone()).kind(kind).retry(retry).caused_by(error)
}

/// The same, and for a lock that was not had, the sessions that hold one on these tables now.
pub async fn failed_on(engine: &dyn Engine, tables: &[&TableName], error: EngineError) -> StepError {
    let locked = matches!(error.kind, ErrorKind::LockTimeout | ErrorKind::Deadlock);
    let mut failure = failed(error);
    if !locked {
        return failure;
    }
    let mut named = Vec::new();
    for table in tables {
        // Who blocks is help, not the matter itself: when it cannot be had, the first error stands.
        if let Ok(blockers) = engine.blockers(table).await {
            named.extend(blockers.iter().map(|blocker| describe(table, blocker)));
        }
    }
    if !named.is_empty() {
        let more = named.len().saturating_sub(NAMED);
        named.truncate(NAMED);
        let rest = if more > 0 { format!(", and {more} more") } else { String::new() };
        failure.message = format!("{}; in the way: {}{rest}", failure.message, named.join("; "));
        "let these sessions finish (or end them), then run the same command again".clone_into(&mut failure.help);
    }
    failure
}

/// A session in words: who it is and what it does, never its query.
fn describe(table: &TableName, blocker: &Blocker) -> String {
    let application = if blocker.application.is_empty() { "no application name" } else { &blocker.application };
    let age_s = blocker.transaction_age_ms / 1_000;
    format!("session {} ({application}, user {}, {}, transaction {age_s} s old) on {table}", blocker.session, blocker.user, blocker.state)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_class_and_kind_follow_the_engine() {
        let lock = failed(EngineError::new("SG-MEM-001", ErrorKind::LockTimeout, "no lock"));
        assert_eq!((lock.code.as_str(), lock.retry, lock.kind), ("SG-MEM-001", RetryClass::Soon, StepErrorKind::Other));
        let lost = failed(EngineError::new("SG-MEM-002", ErrorKind::Connection, "gone"));
        assert_eq!((lost.retry, lost.kind), (RetryClass::Reconnect, StepErrorKind::Connection));
        let fenced = failed(EngineError::new("SG-MEM-003", ErrorKind::Fenced, "taken over"));
        assert_eq!((fenced.retry, fenced.kind), (RetryClass::Never, StepErrorKind::Fenced));
    }

    #[test]
    fn a_blocker_is_named_without_its_query() {
        let blocker = Blocker {
            session: "4711".to_owned(),
            application: "report".to_owned(),
            user: "app".to_owned(),
            state: "idle in transaction".to_owned(),
            transaction_age_ms: 61_500,
        };
        let text = describe(&TableName::new("public", "users"), &blocker);
        assert_eq!(text, "session 4711 (report, user app, idle in transaction, transaction 61 s old) on public.users");
    }
}
