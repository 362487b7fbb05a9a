//! What makes an expression's value depend on more than the row: on chance, on the moment, on who asks.
//!
//! The triggers, the backfill and the verification each compute `up` and `down`, at other times and as other roles: the
//! same row must give them the same value. The server says whether that is so (`judge`); here the culprit gets its
//! name. Tests: `tests/reshape/judge.rs`.

use segue_engine::EngineError;
use segue_model::finding::{Finding, Severity};

use crate::reshape::survey::critical;
use crate::reshape::survey::judge::Judge;
use crate::reshape::survey::words::words;
use crate::session::db;

/// Words of the language, and stable functions of the server, that give the moment or the session.
const MOMENT: [&str; 12] = [
    "current_date",
    "current_time",
    "current_timestamp",
    "localtime",
    "localtimestamp",
    "now",
    "transaction_timestamp",
    "statement_timestamp",
    "txid_current",
    "pg_current_xact_id",
    "current_snapshot",
    "pg_current_snapshot",
];
const SESSION: [&str; 16] = [
    "current_catalog",
    "current_database",
    "current_query",
    "current_role",
    "current_schema",
    "current_schemas",
    "current_setting",
    "current_user",
    "inet_client_addr",
    "inet_client_port",
    "inet_server_addr",
    "pg_backend_pid",
    "session_user",
    "system_user",
    "user",
    "version",
];
/// Those of them that are called without parentheses.
const BARE: [&str; 11] = [
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "localtime",
    "localtimestamp",
    "session_user",
    "system_user",
];
/// Texts that the server turns into the moment at which it reads them.
const SPECIAL: [&str; 4] = ["now", "today", "tomorrow", "yesterday"];

/// A finding where an expression, as part of this select, is not a function of the row. A column's own `default` may
/// be of the moment: it fills rows that never had a value, and nothing compares it.
pub(crate) async fn look(
    judge: &Judge<'_>,
    object: &str,
    select: &str,
    written: &[&str],
    default: bool,
) -> Result<Option<Finding>, EngineError> {
    let why = match judge.volatile(select).await? {
        Err(message) => {
            return Ok(Some(critical(
                "SG-PG-117",
                object,
                format!("the server does not understand it: {message}"),
                "write an expression that can be computed",
            )));
        }
        Ok(Some(plan)) => {
            let function = named(judge, &[written, &[&plan]].concat(), "v").await?;
            let called = function.map_or_else(|| "it calls a function".to_owned(), |function| format!("it calls {function}"));
            format!("{called}, which is volatile: the same row would get another value each time")
        }
        Ok(None) if default => return Ok(None),
        Ok(None) => match of_the_moment(judge, select, written).await? {
            Some(why) => why,
            None => return own_stable(judge, object, written).await,
        },
    };
    Ok(Some(critical("SG-PG-116", object, why, "use a default for new rows, or an expression over the row's columns alone")))
}

/// A stable function's words, where it gives the moment or the session.
async fn of_the_moment(judge: &Judge<'_>, select: &str, written: &[&str]) -> Result<Option<String>, EngineError> {
    let plan = judge.plan(select).await?.unwrap_or_default();
    let (named, texts) = words(&plan);
    for word in named.iter().filter(|word| !word.quoted) {
        let bare = !word.called && BARE.contains(&word.name.as_str());
        if (word.called || bare) && MOMENT.contains(&word.name.as_str()) {
            return Ok(Some(format!("{} is the present moment: the same row would get another value each time", said(&word.name))));
        }
        if (word.called || bare) && SESSION.contains(&word.name.as_str()) {
            return Ok(Some(format!("{} depends on who asks: the same row would get another value each time", said(&word.name))));
        }
    }
    for text in written.iter().flat_map(|sql| words(sql).1) {
        let special = SPECIAL.contains(&text.trim().to_lowercase().as_str());
        if special && !texts.contains(&text) {
            return Ok(Some(format!("'{}' is read as the present moment: the same row would get another value each time", text.trim())));
        }
    }
    Ok(None)
}

fn said(name: &str) -> String {
    if BARE.contains(&name) { name.to_owned() } else { format!("{name}()") }
}

/// A stable function of the user's own may read what changes in the run: said, not refused.
async fn own_stable(judge: &Judge<'_>, object: &str, written: &[&str]) -> Result<Option<Finding>, EngineError> {
    Ok(named(judge, written, "s").await?.map(|function| Finding {
        code: "SG-PG-134".to_owned(),
        severity: Severity::Medium,
        object: object.to_owned(),
        message: format!("it calls {function}, which is stable: what it gives for a row may change during the run"),
        fix: "declare it immutable if it depends on its arguments alone; else see that what it reads stays as it is".to_owned(),
    }))
}

/// The first function with this volatility among the names in these texts; for `s` only those of users.
async fn named(judge: &Judge<'_>, texts: &[&str], volatility: &str) -> Result<Option<String>, EngineError> {
    let called: Vec<String> = texts.iter().flat_map(|text| words(text).0).filter(|word| word.called).map(|word| word.name).collect();
    let sql = "select p.oid::pg_catalog.regprocedure::text from pg_catalog.pg_proc p where p.proname = any ($1) and p.provolatile::text = $2 \
               and ($2 = 'v' or p.pronamespace <> 'pg_catalog'::pg_catalog.regnamespace) order by pg_catalog.array_position($1, p.proname::text), 1 limit 1";
    let row = judge.transaction.query_opt(sql, &[&called, &volatility]).await.map_err(db)?;
    Ok(row.map(|row| row.get(0)))
}
