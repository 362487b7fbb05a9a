//! MySQL → PostgreSQL: procedures, functions, triggers, events, sequences. Tests: `mod.rs` over `CASES`.

use super::{On, Rule, blocked, manual, warn};

const ROUTINES: &[&str] = &["function", "procedure"];
const BODIES: &[&str] = &["function", "procedure", "trigger", "event"];

pub(super) const RULES: &[Rule] = &[
    manual(
        "mysql.routine",
        30,
        On::Thing(ROUTINES, |t, _| !t.words.contains(" soname ")),
        "written anew in PL/pgSQL and tested; a CALL inside of a transaction and its results differ",
    ),
    blocked(
        "mysql.routine-native",
        240,
        On::Thing(ROUTINES, |t, _| t.words.contains(" soname ")),
        "code in a library of the server: it must be built anew for PostgreSQL, or go into the application",
    ),
    manual(
        "mysql.routine-handler",
        20,
        On::Thing(BODIES, |t, _| t.words.contains(" handler for ")),
        "DECLARE … HANDLER goes on behind the statement that failed; EXCEPTION blocks undo it: the flow is thought through anew",
    ),
    manual(
        "mysql.routine-dynamic",
        20,
        On::Thing(BODIES, |t, _| t.words.contains(" prepare ") || t.words.contains(" execute immediate ")),
        "builds SQL at run time: EXECUTE with format(), names quoted by %I",
    ),
    manual(
        "mysql.routine-variables",
        10,
        On::Thing(BODIES, |t, _| t.words.contains(" @")),
        "uses variables of the session: parameters, or settings with current_setting()",
    ),
    manual(
        "mysql.routine-result",
        20,
        On::Thing(&["procedure"], |t, _| {
            t.words.contains(" begin select ") || t.words.contains(" ; select ") || t.words.contains(") select ")
        }),
        "gives rows back by a bare SELECT: a function that returns a table, and callers that select from it",
    ),
    warn(
        "mysql.routine-out",
        5,
        On::Thing(&["procedure"], |t, _| t.words.contains("( out ") || t.words.contains(", out ") || t.words.contains(" inout ")),
        "OUT parameters come back as a row of CALL, not as variables of the session",
    ),
    warn(
        "mysql.routine-definer",
        3,
        On::Thing(BODIES, |t, _| t.words.contains(" definer =")),
        "runs with its definer's rights: SECURITY DEFINER with a fixed search_path, owned by a role with few rights",
    ),
    manual(
        "mysql.trigger",
        20,
        On::Thing(&["trigger"], |_, _| true),
        "a trigger function in PL/pgSQL; while both systems run, it must fire on one side only",
    ),
    manual(
        "mysql.trigger-order",
        5,
        On::Thing(&["trigger"], |t, _| t.words.contains(" follows ") || t.words.contains(" precedes ")),
        "several triggers of one event fire by name in PostgreSQL: names are given in that order",
    ),
    manual(
        "mysql.event",
        30,
        On::Thing(&["event"], |_, _| true),
        "PostgreSQL has no scheduler: pg_cron or a job outside; it must not run on both sides",
    ),
    warn(
        "mysql.sequence",
        2,
        On::Thing(&["sequence"], |_, _| true),
        "a sequence too; NEXT VALUE FOR becomes nextval(), and its value is carried over at cut-over",
    ),
    manual(
        "mysql.package",
        240,
        On::Thing(&["package"], |_, _| true),
        "packages of MariaDB's Oracle mode: a schema with functions, and state in tables",
    ),
    manual(
        "mysql.server",
        60,
        On::Thing(&["server"], |_, _| true),
        "an address of another server with its password: a foreign server and a user mapping, made by hand",
    ),
];

#[cfg(test)]
pub(super) const CASES: &[(&str, &str)] = &[
    ("mysql.routine", "create function f() returns int deterministic return 1"),
    ("mysql.routine-native", "create function f returns integer soname 'x.so'"),
    ("mysql.routine-handler", "create procedure p() begin declare exit handler for sqlexception rollback; set a = 1; end"),
    ("mysql.routine-dynamic", "create procedure p() begin prepare s from 'select 1'; execute s; end"),
    ("mysql.routine-variables", "create procedure p() begin set @a = 1; end"),
    ("mysql.routine-result", "create procedure p() begin select 1; end"),
    ("mysql.routine-out", "create procedure p(in a int, out b int) begin set b = a; end"),
    ("mysql.routine-definer", "create definer=`a`@`b` procedure p() begin set b = a; end"),
    ("mysql.trigger", "create trigger r before insert on t for each row set new.a = 1"),
    ("mysql.trigger-order", "create trigger r before insert on t for each row follows q set new.a = 1"),
    ("mysql.event", "create event e on schedule every 1 day do delete from t"),
    ("mysql.sequence", "create sequence s start with 1"),
    ("mysql.package", "create package p as function f() return int; end"),
    ("mysql.server", "create server s foreign data wrapper mysql options (user 'x', password 'y')"),
];
