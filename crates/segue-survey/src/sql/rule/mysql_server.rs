//! MySQL → PostgreSQL: settings of the session and statements beside the schema. Tests: `mod.rs` over `CASES`.

use super::super::schema::Thing;
use super::{On, Rule, auto, manual, warn};

const SETTING: &[&str] = &["setting"];
const STATEMENT: &[&str] = &["statement"];

fn mode(thing: &Thing, words: &[&str]) -> bool {
    thing.words.contains("sql_mode") && words.iter().any(|word| thing.words.contains(word))
}

pub(super) const RULES: &[Rule] = &[
    manual(
        "mysql.sql-mode",
        30,
        On::Thing(SETTING, |t, _| {
            mode(t, &["traditional", "strict_", "allow_invalid_dates", "oracle", "no_unsigned_subtraction", "pad_char_to_full_length"])
        }),
        "rules on what the server takes were set here: PostgreSQL is always strict, so find which sessions of the application run without",
    ),
    manual(
        "mysql.sql-mode-syntax",
        20,
        On::Thing(SETTING, |t, _| mode(t, &["ansi", "pipes_as_concat", "no_backslash_escapes", "high_not_precedence", "ignore_space"])),
        "changes what the SQL itself means (quotes, ||, backslashes): statements of the application are read in this light",
    ),
    auto(
        "mysql.sql-mode-zero",
        On::Thing(SETTING, |t, _| mode(t, &["no_auto_value_on_zero"])),
        "lets a zero into a counting column; an identity takes it as it is",
    ),
    auto(
        "mysql.checks-off",
        On::Thing(SETTING, |t, _| matches!(t.name.as_str(), "foreign_key_checks" | "unique_checks") && t.words.ends_with("= 0 ")),
        "the dump was made to load without checks: keys are added after the data",
    ),
    warn(
        "mysql.charset-session",
        2,
        On::Thing(SETTING, |t, _| {
            matches!(t.name.as_str(), "names" | "character_set_client") && !t.words.contains("utf8") && !t.words.contains('@')
        }),
        "the session speaks another character set than UTF-8: read the file in that one",
    ),
    manual(
        "mysql.handler",
        30,
        On::Thing(STATEMENT, |t, _| t.name == "handler"),
        "HANDLER reads past the optimiser: a cursor or a keyset query",
    ),
    auto("mysql.lock-tables", On::Thing(STATEMENT, |t, _| matches!(t.name.as_str(), "lock" | "unlock")), "locks for loading; left out"),
    manual(
        "mysql.load-data",
        10,
        On::Thing(STATEMENT, |t, _| t.name == "load"),
        "LOAD DATA becomes COPY, with its own rules for NULL and escapes",
    ),
    manual(
        "mysql.xa",
        60,
        On::Thing(STATEMENT, |t, _| t.name == "xa"),
        "PREPARE TRANSACTION, with max_prepared_transactions above 0 and somebody who cleans up",
    ),
    warn(
        "mysql.grant",
        5,
        On::Thing(&["statement", "user", "role"], |t, _| {
            matches!(t.name.as_str(), "grant" | "revoke") || t.kind == "user" || t.kind == "role"
        }),
        "users and rights are made anew: a user has no host, the host is a line of pg_hba.conf, and passwords cannot be carried over",
    ),
];

#[cfg(test)]
pub(super) const CASES: &[(&str, &str)] = &[
    ("mysql.sql-mode", "SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='TRADITIONAL'"),
    ("mysql.sql-mode-syntax", "set session sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT'"),
    ("mysql.sql-mode-zero", "/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;"),
    ("mysql.checks-off", "SET FOREIGN_KEY_CHECKS=0"),
    ("mysql.charset-session", "set names latin1"),
    ("mysql.handler", "handler t open"),
    ("mysql.lock-tables", "lock tables `t` write"),
    ("mysql.load-data", "load data infile 'x' into table t"),
    ("mysql.xa", "xa start 'x'"),
    ("mysql.grant", "grant select on *.* to 'a'@'%'"),
];
