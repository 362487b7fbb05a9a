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
const MOMENT: &[&str] = &[
    "current_date",
    "current_time",
    "current_timestamp",
    "localtime",
    "localtimestamp",
    "now",
    "pg_current_snapshot",
    "pg_current_xact_id",
    "pg_current_xact_id_if_assigned",
    "statement_timestamp",
    "transaction_timestamp",
    "txid_current",
    "txid_current_if_assigned",
    "txid_current_snapshot",
];
const SESSION: &[&str] = &[
    "current_catalog",
    "current_database",
    "current_query",
    "current_role",
    "current_schema",
    "current_schemas",
    "current_setting",
    "current_user",
    "get_current_ts_config",
    "getpgusername",
    "inet_client_addr",
    "inet_client_port",
    "inet_server_addr",
    "inet_server_port",
    "pg_backend_pid",
    "pg_client_encoding",
    "pg_conf_load_time",
    "pg_my_temp_schema",
    "pg_numa_available",
    "pg_postmaster_start_time",
    "pg_trigger_depth",
    "session_user",
    "system_user",
    "user",
    "version",
];
/// Beginnings of such functions: what the server counts, and what it tells a trigger of its own kind.
const COUNTERS: &[&str] = &["pg_event_trigger_", "pg_stat_"];
/// Those of them that are called without parentheses.
const BARE: &[&str] = &[
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
const SPECIAL: &[&str] = &["now", "today", "tomorrow", "yesterday"];

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
    // The server quotes a function whose name is a word of the language, and no such word where it is not a name.
    for word in named.iter().filter(|word| word.called || (!word.quoted && BARE.contains(&word.name.as_str()))) {
        if MOMENT.contains(&word.name.as_str()) {
            return Ok(Some(format!("{} is the present moment: the same row would get another value each time", said(&word.name))));
        }
        if SESSION.contains(&word.name.as_str()) || COUNTERS.iter().any(|begin| word.name.starts_with(begin)) {
            return Ok(Some(format!("{} depends on who asks: the same row would get another value each time", said(&word.name))));
        }
    }
    for text in written.iter().flat_map(|sql| words(sql).1) {
        // A word that stays a word is in the plan, perhaps in another text that this one became part of.
        let read = special(&text).any(|word| !texts.iter().any(|kept| special(kept).any(|kept| kept == word)));
        if read {
            return Ok(Some(format!("'{}' is read as the present moment: the same row would get another value each time", text.trim())));
        }
    }
    Ok(None)
}

/// The words of this kind in a text: alone (`today`), with a time (`tomorrow 04:05`), in a range (`[today,)`).
fn special(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase).filter(|word| SPECIAL.contains(&word.as_str()))
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
