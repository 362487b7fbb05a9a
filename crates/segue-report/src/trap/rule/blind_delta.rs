//! Trap 2: a comparison by keys only, which never sees a changed row.
//!
//! Looks at text only. Tests: below.

use std::sync::LazyLock;

use segue_model::finding::Severity;

use crate::trap::Language::{JavaScript, Python, Shell, Sql};
use crate::trap::Trap;
use crate::trap::text::{Pattern, Text, pattern};

pub(super) const TRAP: Trap = Trap {
    code: "SG-TRAP-002",
    severity: Severity::High,
    message: "it compares keys only: a row that is on both sides with other values is not seen",
    fix: "Compare whole rows: a full outer join on the key with `is distinct from` on every other column, or `segue verify`, which does it for each row and names the columns.",
    find,
};

static BY_KEY: Pattern =
    LazyLock::new(|| pattern(r"not\s+exists\s*\(\s*select\s+\S+\s+from\s+\S+\s+(?:as\s+)?\w+\s+where\s+\w+\.\w+\s*=\s*\w+\.\w+\s*\)"));
static CONTENT: Pattern = LazyLock::new(|| pattern(r"is\s+distinct\s+from|<=>|<>|!=|\bexcept\b|md5|sha\d|checksum"));

fn find(text: &Text<'_>) -> Vec<usize> {
    let (Some(by_key), Some(content)) = (BY_KEY.as_ref(), CONTENT.as_ref()) else { return Vec::new() };
    if !text.may_be(&[Sql, Shell, Python, JavaScript]) {
        return Vec::new();
    }
    let both = |statement: &str| statement.to_lowercase().contains("union") && by_key.find_iter(statement).count() >= 2;
    let blind = text.statements().into_iter().filter(|(_, statement)| both(statement) && !content.is_match(statement));
    blind.map(|(at, statement)| text.line(at + by_key.find(statement).map_or(0, |found| found.start()))).collect()
}

#[cfg(test)]
mod tests {
    use crate::trap::Language;
    use crate::trap::tests::check;

    #[test]
    fn it_is_found_and_the_right_form_is_not() {
        let wrong = ["SELECT 'missing' AS issue, s.id FROM orders_source s
WHERE NOT EXISTS (SELECT 1 FROM orders_target t WHERE t.id = s.id)
UNION ALL
SELECT 'extra', t.id FROM orders_target t
WHERE NOT EXISTS (SELECT 1 FROM orders_source s WHERE s.id = t.id);"];
        let right = [
            "SELECT 'missing', s.id FROM orders_source s WHERE NOT EXISTS (SELECT 1 FROM orders_target t WHERE t.id = s.id)
UNION ALL
SELECT 'extra', t.id FROM orders_target t WHERE NOT EXISTS (SELECT 1 FROM orders_source s WHERE s.id = t.id)
UNION ALL
SELECT 'changed', s.id FROM orders_source s JOIN orders_target t USING (id) WHERE s IS DISTINCT FROM t;",
            "select id from a where not exists (select 1 from b x where x.id = a.id)",
        ];
        check("SG-TRAP-002", Language::Sql, &wrong, &right);
    }
}
