//! What stands beside tables and views: routines and events, as statements that would make them again.
//!
//! All or nothing: `information_schema` leaves out without a word what the account may not see, and half of the routines
//! would look as if the others were gone. Tests: `tests/it/beside.rs`.

use std::collections::BTreeMap;

use segue_engine::inspect::Collect;
use segue_engine::{EngineError, quote};

use super::grants::Rights;
use super::triggers::definer;
use crate::session::Session;

const ROUTINES: &str = "
SELECT SPECIFIC_NAME, ROUTINE_TYPE, ROUTINE_NAME, DTD_IDENTIFIER, ROUTINE_DEFINITION, IS_DETERMINISTIC, SQL_DATA_ACCESS, SECURITY_TYPE, DEFINER
FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ? AND ROUTINE_TYPE IN ('FUNCTION', 'PROCEDURE') ORDER BY ROUTINE_TYPE, ROUTINE_NAME";

const PARAMETERS: &str = "
SELECT SPECIFIC_NAME, ROUTINE_TYPE, PARAMETER_MODE, PARAMETER_NAME, DTD_IDENTIFIER
FROM information_schema.PARAMETERS WHERE SPECIFIC_SCHEMA = ? AND ORDINAL_POSITION > 0 ORDER BY SPECIFIC_NAME, ROUTINE_TYPE, ORDINAL_POSITION";

const EVENTS: &str = "
SELECT EVENT_NAME, EVENT_TYPE, CAST(EXECUTE_AT AS CHAR), INTERVAL_VALUE, INTERVAL_FIELD, CAST(ENDS AS CHAR), ON_COMPLETION, STATUS,
  EVENT_DEFINITION, DEFINER, CAST(STARTS AS CHAR)
FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ? ORDER BY EVENT_NAME";

/// The statements, each behind its delimiter; `None` where the account may not see all of them.
pub(crate) async fn read(session: &mut Session) -> Result<Option<String>, EngineError> {
    let rights = Rights::read(session, &mut Collect::default()).await?;
    let sees = ["EXECUTE", "ALTER ROUTINE", "CREATE ROUTINE"].iter().any(|right| rights.has(right));
    if !sees || !rights.has("EVENT") {
        return Ok(None);
    }
    let (Some(mut all), Some(events)) = (routines(session).await?, events(session).await?) else { return Ok(None) };
    all.extend(events);
    let free = |sign: &&String| !all.iter().any(|statement| statement.contains(sign.as_str()));
    let Some(sign) = (0..1_000).map(|n| format!("//{n}//")).find(|sign| free(&sign)) else { return Ok(None) };
    let parts: Vec<String> = all.iter().map(|statement| format!("{statement}\n{sign}\n")).collect();
    Ok(Some(format!("DELIMITER {sign}\n{}", parts.concat())))
}

async fn routines(session: &mut Session) -> Result<Option<Vec<String>>, EngineError> {
    let database = session.database.clone();
    let mut parameters: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for row in session.rows(PARAMETERS, (database.clone(),)).await? {
        let mode = match row.text(2).as_str() {
            mode @ ("OUT" | "INOUT") => format!("{mode} "),
            _ => String::new(),
        };
        let parameter = format!("{mode}{} {}", quote::backtick(&row.text(3)), row.text(4));
        parameters.entry((row.text(0), row.text(1))).or_default().push(parameter);
    }
    let mut all = Vec::new();
    for row in session.rows(ROUTINES, (database,)).await? {
        let Some(body) = row.optional(4) else { return Ok(None) };
        let kind = row.text(1);
        let returns = if kind == "FUNCTION" { format!(" RETURNS {}", row.text(3)) } else { String::new() };
        let deterministic = if row.text(5) == "YES" { " DETERMINISTIC" } else { "" };
        let access = match row.text(6).as_str() {
            "" | "CONTAINS SQL" => String::new(),
            access => format!(" {access}"),
        };
        let security = if row.text(7) == "INVOKER" { " SQL SECURITY INVOKER" } else { "" };
        let of = parameters.remove(&(row.text(0), kind.clone())).unwrap_or_default().join(", ");
        let definer = definer(&row.text(8));
        let name = quote::backtick(&row.text(2));
        all.push(format!("CREATE DEFINER={definer} {kind} {name}({of}){returns}{deterministic}{access}{security} {body}"));
    }
    Ok(Some(all))
}

async fn events(session: &mut Session) -> Result<Option<Vec<String>>, EngineError> {
    let database = session.database.clone();
    let mut all = Vec::new();
    for row in session.rows(EVENTS, (database,)).await? {
        let Some(body) = row.optional(8) else { return Ok(None) };
        let text = |value: &str| format!("'{}'", value.replace('\'', "''"));
        let moment = |word: &str, at: usize| row.optional(at).map(|moment| format!(" {word} {}", text(&moment))).unwrap_or_default();
        let when = if row.text(1) == "RECURRING" {
            // Some intervals are a text: '1:30' HOUR_MINUTE.
            let value = row.text(3);
            let value = if value.bytes().all(|byte| byte.is_ascii_digit()) { value } else { text(value.trim_matches('\'')) };
            format!("EVERY {value} {}{}{}", row.text(4), moment("STARTS", 10), moment("ENDS", 5))
        } else {
            moment("AT", 2).trim_start().to_owned()
        };
        let keeps = if row.text(6) == "PRESERVE" { " ON COMPLETION PRESERVE" } else { "" };
        let state = match row.text(7).as_str() {
            "DISABLED" => " DISABLE",
            _ => "",
        };
        let (definer, name) = (definer(&row.text(9)), quote::backtick(&row.text(0)));
        all.push(format!("CREATE DEFINER={definer} EVENT {name} ON SCHEDULE {when}{keeps}{state} DO {body}"));
    }
    Ok(Some(all))
}
