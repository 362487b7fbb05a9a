//! Trap 5: a verification that one row satisfies.
//!
//! Looks at text only. Tests: below.

use std::sync::LazyLock;

use segue_model::finding::Severity;

use crate::trap::Language::{JavaScript, Python, Shell, Sql};
use crate::trap::Trap;
use crate::trap::text::{Pattern, Text, pattern};

pub(super) const TRAP: Trap = Trap {
    code: "SG-TRAP-005",
    severity: Severity::High,
    message: "it passes as soon as one row is there, whatever is missing beside it",
    fix: "Ask for what is missing: no row of the source without its row in the target (`not exists` with the key in `where`), and none that differs. `segue verify` looks at each row.",
    find,
};

static ANY_ROW: Pattern = LazyLock::new(|| {
    pattern(
        r"if\s+not\s+exists\s*\(\s*select\s+(?:1|\*)\s+from\s+[\w.]+\s*\)(?:\s+and\s+exists\s*\(\s*select[^()]*\))?\s*then\s+raise\s+exception",
    )
});

fn find(text: &Text<'_>) -> Vec<usize> {
    if text.may_be(&[Sql, Shell, Python, JavaScript]) { text.lines(&ANY_ROW) } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use crate::trap::Language;
    use crate::trap::tests::check;

    #[test]
    fn it_is_found_and_the_right_form_is_not() {
        let wrong = ["DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM settings) AND EXISTS (SELECT 1 FROM users) THEN
    RAISE EXCEPTION 'nothing was moved';
  END IF;
END $$;"];
        let right = ["DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM users u WHERE NOT EXISTS (SELECT 1 FROM settings s WHERE s.user_id = u.id)) THEN
    RAISE EXCEPTION 'rows are missing';
  END IF;
END $$;"];
        check("SG-TRAP-005", Language::Sql, &wrong, &right);
    }
}
