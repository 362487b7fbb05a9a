//! Trap 6: batches by LIMIT and OFFSET.
//!
//! Looks at text only. Tests: below.

use std::sync::LazyLock;

use segue_model::finding::Severity;

use crate::trap::Language::{JavaScript, Python, Shell, Sql};
use crate::trap::Trap;
use crate::trap::text::{Pattern, Text, pattern};

pub(super) const TRAP: Trap = Trap {
    code: "SG-TRAP-006",
    severity: Severity::High,
    message: "rows that are deleted or inserted between two pages shift the rest: rows are left out or read twice, and each page reads all before it",
    fix: "Walk along the key: `where id > (the last one) order by id limit n`, and keep the last key as the checkpoint. Segue walks every table so.",
    find,
};

static PAGES: Pattern = LazyLock::new(|| pattern(r"\blimit\s+[^\s;]{1,40}\s+offset\s+(?:[1-9%{$:?@(]|[a-z_])"));

fn find(text: &Text<'_>) -> Vec<usize> {
    if text.may_be(&[Sql, Shell, Python, JavaScript]) { text.lines(&PAGES) } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use crate::trap::Language;
    use crate::trap::tests::check;

    #[test]
    fn it_is_found_and_the_right_form_is_not() {
        let wrong = [
            r#"while offset < total:
    cursor.execute(f"SELECT * FROM users LIMIT {size} OFFSET {offset}")
    offset += size"#,
            r#"rows = db.execute("SELECT * FROM users ORDER BY id LIMIT %s OFFSET %s", (n, at))"#,
        ];
        let right = [
            r#"cursor.execute("SELECT * FROM users WHERE id > %s ORDER BY id LIMIT %s", (last, size))"#,
            r#"cursor.execute("select 1 from t limit 1 offset 0")"#,
        ];
        check("SG-TRAP-006", Language::Python, &wrong, &right);
    }
}
