//! The findings of a look at a live system: one function each, so that every engine says the same thing in the same
//! words and by the same code. Pure; numbers and names only, never a value or a query's text. Tests: below.

use segue_model::finding::{Finding, Severity};

fn finding(code: &str, severity: Severity, object: String, message: String, fix: &str) -> Finding {
    Finding { code: code.to_owned(), severity, object, message, fix: fix.to_owned() }
}

/// A transaction has been open for long.
pub fn long_transaction(session: &str, user: &str, age_s: u64) -> Finding {
    finding(
        "SG-INS-001",
        if age_s >= 3600 { Severity::High } else { Severity::Medium },
        format!("session {session}"),
        format!(
            "a transaction of user {user} has been open for {age_s} s: a change of the schema waits for it, and all others wait behind"
        ),
        "find out what it does and end it before the run",
    )
}

/// A prepared transaction waits for its second phase.
pub fn prepared_transaction(name: &str, age_s: Option<u64>) -> Finding {
    let since = age_s.map_or_else(String::new, |age| format!(" {age} s ago"));
    finding(
        "SG-INS-002",
        Severity::High,
        format!("prepared transaction {name}"),
        format!("it was prepared{since} and holds its locks until somebody commits or rolls it back"),
        "commit it or roll it back",
    )
}

/// A table has no key by which its rows can be told apart.
pub fn no_key(table: &str) -> Finding {
    finding(
        "SG-INS-003",
        Severity::Medium,
        format!("table {table}"),
        "it has neither a primary key nor a unique key of not-null columns: rows cannot be walked, compared or repaired one by one"
            .to_owned(),
        "add a primary key before the migration",
    )
}

/// An index cannot be used.
pub fn invalid_index(index: &str, table: &str) -> Finding {
    finding(
        "SG-INS-004",
        Severity::Medium,
        format!("index {index} on {table}"),
        "it is not valid (a build that failed leaves such a one): it costs every write and serves no query".to_owned(),
        "drop it, or build it again",
    )
}

/// A constraint was never checked against the rows that were there.
pub fn unvalidated_constraint(constraint: &str, table: &str) -> Finding {
    finding(
        "SG-INS-005",
        Severity::Medium,
        format!("constraint {constraint} on {table}"),
        "it was never checked against all rows: rows that violate it may be there, and the target would refuse them".to_owned(),
        "validate it at the source, or clean the rows, before the copy",
    )
}

/// Indexes that no query has used since the statistics began.
pub fn unused_index(index: &str, table: &str, bytes: Option<u64>) -> Finding {
    let size = bytes.map(|bytes| format!(" ({bytes} bytes)")).unwrap_or_default();
    finding(
        "SG-INS-006",
        Severity::Info,
        format!("index {index} on {table}"),
        format!("no query has used it{size} since the statistics began"),
        "leave it behind if no replica and no yearly job needs it: each index makes the copy longer",
    )
}

/// A sequence or an automatic number is near its end.
pub fn near_maximum(object: &str, used_percent: u64) -> Finding {
    finding(
        "SG-INS-007",
        if used_percent >= 90 { Severity::High } else { Severity::Medium },
        object.to_owned(),
        format!("{used_percent}% of its numbers are used: inserts fail when the last is"),
        "widen its type with the migration",
    )
}

/// Many dead rows.
pub fn dead_rows(table: &str, dead: u64, live: u64) -> Finding {
    finding(
        "SG-INS-008",
        Severity::Low,
        format!("table {table}"),
        format!("{dead} dead rows beside {live} live ones: it is larger than its data, and scans of it are slower"),
        "vacuum it (or rebuild it) before rates are measured",
    )
}

/// A replication slot that nobody reads holds the log back.
pub fn idle_slot(slot: &str, held_bytes: Option<u64>) -> Finding {
    let held = held_bytes.map(|bytes| format!(" and holds back {bytes} bytes of the log")).unwrap_or_default();
    finding(
        "SG-INS-009",
        Severity::High,
        format!("replication slot {slot}"),
        format!("nobody reads it{held}: the disk fills until it is read or dropped"),
        "drop it if its reader is gone",
    )
}

/// A replica is behind.
pub fn replica_lag(replica: &str, behind: &str) -> Finding {
    finding(
        "SG-INS-010",
        Severity::Medium,
        format!("replica {replica}"),
        format!("it is behind by {behind}"),
        "find out why before more is written",
    )
}

/// A table takes most of the writes.
pub fn hot_table(table: &str, share_percent: u64) -> Finding {
    finding(
        "SG-INS-011",
        Severity::Low,
        format!("table {table}"),
        format!("it takes {share_percent}% of all writes: its locks and its copy are felt first"),
        "give it a window and a pace of its own",
    )
}

/// A setting stands in the way of capturing changes.
pub fn no_change_capture(setting: &str, is: &str, needed: &str) -> Finding {
    finding(
        "SG-INS-012",
        Severity::Info,
        format!("setting {setting}"),
        format!("it is {is}; capturing changes from the log needs {needed}"),
        "set it before a migration that follows changes; it may need a restart",
    )
}

/// A table's storage has no transactions.
pub fn no_transactions(table: &str, storage: &str) -> Finding {
    finding(
        "SG-INS-013",
        Severity::Medium,
        format!("table {table}"),
        format!("its storage engine {storage} has no transactions: no consistent snapshot can be read of it while it is written"),
        "convert it to InnoDB, or stop its writers for the copy",
    )
}

/// Connections are near their maximum.
pub fn connections_near_maximum(used: u64, maximum: u64) -> Finding {
    finding(
        "SG-INS-014",
        Severity::Medium,
        "setting max_connections".to_owned(),
        format!("{used} of {maximum} connections are in use: a migration needs a few of its own"),
        "raise it or let some go",
    )
}

/// Those of a look's tables that take half of all writes or more, where there are enough writes to speak of.
pub fn hot_tables(writes: &[(String, u64)]) -> Vec<Finding> {
    let total: u128 = writes.iter().map(|(_, count)| u128::from(*count)).sum();
    if writes.len() < 2 || total < 1000 {
        return Vec::new();
    }
    let share = |count: u64| u64::try_from(u128::from(count) * 100 / total).unwrap_or(100);
    writes.iter().filter(|(_, count)| share(*count) >= 50).map(|(table, count)| hot_table(table, share(*count))).collect()
}

/// Sorted by code and object, at most `limit` of each code; what is left out is said in `not_shown`.
pub fn ordered(mut findings: Vec<Finding>, limit: usize, not_shown: &mut Vec<String>) -> Vec<Finding> {
    findings.sort_by(|a, b| (&a.code, &a.object, &a.message).cmp(&(&b.code, &b.object, &b.message)));
    let mut out: Vec<Finding> = Vec::new();
    let mut left: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for finding in findings {
        if out.iter().rev().take_while(|kept| kept.code == finding.code).count() < limit {
            out.push(finding);
        } else {
            *left.entry(finding.code).or_default() += 1;
        }
    }
    not_shown.extend(left.into_iter().map(|(code, count)| format!("{count} more findings of {code} are not listed")));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_are_sorted_and_what_is_left_out_is_said() {
        let given = vec![no_key("c"), hot_table("z", 80), no_key("a"), no_key("b")];
        let mut not_shown = Vec::new();
        let kept = ordered(given, 2, &mut not_shown);
        let shown: Vec<_> = kept.iter().map(|f| (f.code.as_str(), f.object.as_str())).collect();
        assert_eq!(shown, [("SG-INS-003", "table a"), ("SG-INS-003", "table b"), ("SG-INS-011", "table z")]);
        assert_eq!(not_shown, ["1 more findings of SG-INS-003 are not listed"]);
    }

    #[test]
    fn a_hot_table_takes_half_of_many_writes() {
        let writes = |a: u64, b: u64| [("a".to_owned(), a), ("b".to_owned(), b)];
        assert_eq!(hot_tables(&writes(9000, 1000)), [hot_table("a", 90)]);
        assert!(hot_tables(&writes(90, 10)).is_empty(), "too few");
        assert!(hot_tables(&writes(9000, 1000)[..1]).is_empty(), "the only one");
    }

    #[test]
    fn age_and_share_decide_the_severity() {
        assert_eq!(long_transaction("7", "app", 60).severity, Severity::Medium);
        assert_eq!(long_transaction("7", "app", 3600).severity, Severity::High);
        assert_eq!(near_maximum("sequence s", 90).severity, Severity::High);
        assert_eq!(near_maximum("sequence s", 89).severity, Severity::Medium);
    }
}
