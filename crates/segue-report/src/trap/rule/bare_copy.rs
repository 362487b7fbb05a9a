//! Trap 4: CREATE TABLE … AS SELECT to copy a structure.
//!
//! Looks at text only. Tests: below.

use std::sync::LazyLock;

use segue_model::finding::Severity;

use crate::trap::Language::{JavaScript, Python, Shell, Sql};
use crate::trap::Trap;
use crate::trap::text::{Pattern, Text, pattern};

pub(super) const TRAP: Trap = Trap {
    code: "SG-TRAP-004",
    severity: Severity::High,
    message: "a table made from a query has no primary key, unique, NOT NULL, default or foreign key",
    fix: "Make the table from its definition (`create table … (like … including all)` on PostgreSQL, `create table … like …` on MySQL; foreign keys and triggers by hand), then fill it. `segue plan` lists what each table carries.",
    find,
};

static COPY: Pattern = LazyLock::new(|| pattern(r#"create\s+table\s+(?:if\s+not\s+exists\s+)?[\w."`]+\s+as\s*\(?\s*select\s+\*"#));

fn find(text: &Text<'_>) -> Vec<usize> {
    if text.may_be(&[Sql, Shell, Python, JavaScript]) { text.lines(&COPY) } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use crate::trap::Language;
    use crate::trap::tests::check;

    #[test]
    fn it_is_found_and_the_right_form_is_not() {
        let wrong = ["CREATE TABLE fresh.users AS
SELECT * FROM stale.users;"];
        let right = [
            "create table fresh.users (like stale.users including all);",
            "create temp table t as select * from a;",
            "create table day_totals as select day, sum(x) from a group by day;",
        ];
        check("SG-TRAP-004", Language::Sql, &wrong, &right);
    }
}
