//! Trap 16: pg_restore on a dump that is plain text.
//!
//! Looks at text only. Tests: below.

use std::sync::LazyLock;

use segue_model::finding::Severity;

use crate::trap::Language::{JavaScript, Python, Shell, Sql};
use crate::trap::Trap;
use crate::trap::text::{Pattern, Text, pattern};

pub(super) const TRAP: Trap = Trap {
    code: "SG-TRAP-016",
    severity: Severity::High,
    message: "pg_restore does not take a plain text dump: `input file appears to be a text format dump. Please use psql.`",
    fix: "Read a plain dump with `psql -v ON_ERROR_STOP=1 -f`, or make it with `pg_dump -Fc` and restore that. A dump is no point in time: it is the moment it was made.",
    find,
};

static TEXT_DUMP: Pattern = LazyLock::new(|| pattern(r"\bpg_restore\b[^\n|;&]*\.sql\b"));

fn find(text: &Text<'_>) -> Vec<usize> {
    if text.may_be(&[Sql, Shell, Python, JavaScript]) { text.lines(&TEXT_DUMP) } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use crate::trap::Language;
    use crate::trap::tests::check;

    #[test]
    fn it_is_found_and_the_right_form_is_not() {
        let wrong = ["pg_restore -c /backups/before_the_change.sql"];
        let right = ["psql -v ON_ERROR_STOP=1 -f /backups/users.sql", "pg_restore -c -d shop /backups/users.dump"];
        check("SG-TRAP-016", Language::Shell, &wrong, &right);
    }
}
