//! Trap 3: EXCEPT in one direction, or counts alone, as proof that two tables agree.
//!
//! Looks at text only. Tests: below.

use std::sync::LazyLock;

use segue_model::finding::Severity;

use crate::trap::Language::{JavaScript, Python, Shell, Sql};
use crate::trap::Trap;
use crate::trap::text::{Pattern, Text, pattern};

pub(super) const TRAP: Trap = Trap {
    code: "SG-TRAP-003",
    severity: Severity::High,
    message: "it proves too little: EXCEPT looks one way and folds duplicates, and equal counts hide a lost row beside an extra one",
    fix: "Compare both ways with duplicates (`except all` in each direction), or `segue verify`, which compares each row.",
    find,
};

static ONE_WAY: Pattern = LazyLock::new(|| pattern(r"\bselect\b[^;]*?\bexcept\s+(?:distinct\s+)?\(?\s*select\b"));
static BOTH: Pattern = LazyLock::new(|| pattern(r"\bexcept\s+(?:all\s+)?\(?\s*select\b.*\bexcept\s+(?:all\s+)?\(?\s*select\b"));
static COUNTS: Pattern = LazyLock::new(|| {
    pattern(
        r"\bselect\b[^;]{0,120}?\bcount\(\*\)[^;]{0,60}?\bfrom\s+[\w.]+\s+union\s+(?:all\s+)?select\b[^;]{0,120}?\bcount\(\*\)[^;]{0,60}?\bfrom\s+[\w.]+\s*(?:;|$|\n)",
    )
});

fn find(text: &Text<'_>) -> Vec<usize> {
    let (Some(one_way), Some(both), Some(counts)) = (ONE_WAY.as_ref(), BOTH.as_ref(), COUNTS.as_ref()) else { return Vec::new() };
    if !text.may_be(&[Sql, Shell, Python, JavaScript]) {
        return Vec::new();
    }
    let mut lines: Vec<usize> = counts.find_iter(&text.code).map(|found| text.line(found.start())).collect();
    for (at, statement) in text.statements() {
        if let Some(found) = one_way.find(statement)
            && !both.is_match(statement)
        {
            lines.push(text.line(at + found.start()));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use crate::trap::Language;
    use crate::trap::tests::check;

    #[test]
    fn it_is_found_and_the_right_form_is_not() {
        let wrong = [
            "SELECT CASE WHEN COUNT(*) = 0 THEN 'ok' ELSE 'bad' END
FROM (SELECT * FROM a.users EXCEPT SELECT * FROM b.users) d;",
            "SELECT COUNT(*) FROM a.users
UNION ALL
SELECT COUNT(*) FROM b.users;",
        ];
        let right = [
            "SELECT count(*) FROM (
  (SELECT * FROM a.users EXCEPT ALL SELECT * FROM b.users)
  UNION ALL
  (SELECT * FROM b.users EXCEPT ALL SELECT * FROM a.users)
) d;",
            "select * from a except all select * from b; select count(*) from a;",
        ];
        check("SG-TRAP-003", Language::Sql, &wrong, &right);
    }
}
